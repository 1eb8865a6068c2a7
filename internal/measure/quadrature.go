package measure

import "math"

// gaussHermite returns n nodes and weights that integrate against the standard
// normal density: E f(Z) ≈ Σ w f(x). Roots by Newton's method on the normalised
// Hermite functions (Press et al., Numerical Recipes, §4.6).
func gaussHermite(n int) (nodes, weights []float64) {
	nodes = make([]float64, n)
	weights = make([]float64, n)
	if n == 1 {
		weights[0] = 1
		return nodes, weights
	}
	for i := range (n + 1) / 2 {
		z := hermiteGuess(n, i, nodes)
		var slope float64
		for range 100 {
			value, below := hermite(n, z)
			slope = math.Sqrt(2*float64(n)) * below
			step := value / slope
			z -= step
			if math.Abs(step) < 1e-15*(1+math.Abs(z)) {
				break
			}
		}
		nodes[i], nodes[n-1-i] = z, -z
		w := 2 / (slope * slope)
		weights[i], weights[n-1-i] = w, w
	}
	total := 0.0
	for i := range nodes {
		nodes[i] *= math.Sqrt2
		total += weights[i]
	}
	for i := range weights {
		weights[i] /= total
	}
	return nodes, weights
}

// hermiteGuess starts the search for the i-th largest root from those before it.
func hermiteGuess(n, i int, found []float64) float64 {
	m := float64(n)
	switch i {
	case 0:
		return math.Sqrt(2*m+1) - 1.85575*math.Pow(2*m+1, -1.0/6)
	case 1:
		return found[0] - 1.14*math.Pow(m, 0.426)/found[0]
	case 2:
		return 1.86*found[1] - 0.86*found[0]
	case 3:
		return 1.91*found[2] - 0.91*found[1]
	}
	return 2*found[i-1] - found[i-2]
}

// hermite returns the orthonormal Hermite polynomials of degree n and n−1 at z.
func hermite(n int, z float64) (value, below float64) {
	value = math.Pow(math.Pi, -0.25)
	for j := range n {
		before := below
		below = value
		value = z*math.Sqrt(2/float64(j+1))*below - math.Sqrt(float64(j)/float64(j+1))*before
	}
	return value, below
}

// logistic is 1/(1+e^−x).
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// phi is the standard normal distribution function.
func phi(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// normalQuantile is the inverse of phi for p in (0, 1).
func normalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }
