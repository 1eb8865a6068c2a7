package calibrate

import (
	"math"

	"sextant/internal/measure"
)

// The kinds of effect whose variances make the prior over cells.
const (
	general = iota
	skill
	platform
	cellEffect
	effectKinds
)

// effectSums are one learner's part in the estimation of the variances of the
// effects: the gradient of the log-likelihood with respect to each, Fisher's
// information, and how many effects of each kind the learner's cells share in.
type effectSums struct {
	gradient    [effectKinds]float64
	information [effectKinds][effectKinds]float64
	count       [effectKinds]float64
}

func variances(c measure.Components) [effectKinds]float64 {
	return [effectKinds]float64{c.General * c.General, c.Skill * c.Skill, c.Platform * c.Platform, c.Cell * c.Cell}
}

// sumEffects finds a learner's part from the posterior N(m, V) of the learner's
// abilities θ ~ N(0, Σ). What the answers say of θ is, to expectation
// propagation, one observation of covariance C with Ω = (Σ + C)⁻¹ equal to
// Σ⁻¹ − Σ⁻¹VΣ⁻¹; for effects j and k, with z marking the cells that share them,
//
//	gradient_j = ½·((zⱼᵀΣ⁻¹m)² − zⱼᵀΩzⱼ),   information_jk = ½·(zⱼᵀΩzₖ)²
//
// (Searle, Casella & McCulloch 1992, on variance components).
func (c *cellsFit) sumEffects(cells []int, prior, posterior *measure.Normal) effectSums {
	var sums effectSums
	n := len(cells)
	sigma := newSymmetric(n)
	copy(sigma.values, prior.Cov)
	inverse, ok := sigma.choleskyInverse()
	if !ok {
		return sums
	}
	precision := inverse.dense()
	effects := c.effectsOf(cells)
	explained := make([][]float64, len(effects)) // Σ⁻¹z
	for j, effect := range effects {
		explained[j] = make([]float64, n)
		for _, place := range effect.places {
			axpy(explained[j], 1, precision[place*n:(place+1)*n])
		}
	}
	left := make([]float64, n) // VΣ⁻¹z
	for j, effect := range effects {
		for r := range n {
			left[r] = dot(posterior.Cov[r*n:(r+1)*n], explained[j])
		}
		moved := dot(explained[j], posterior.Mean)
		sums.gradient[effect.kind] += moved * moved / 2
		sums.count[effect.kind]++
		for k, other := range effects {
			omega := -dot(left, explained[k])
			for _, place := range other.places {
				omega += explained[j][place]
			}
			sums.information[effect.kind][other.kind] += omega * omega / 2
			if j == k {
				sums.gradient[effect.kind] -= omega / 2
			}
		}
	}
	return sums
}

// effect is one random effect and the places of the cells that share it.
type effect struct {
	kind   int
	places []int
}

// effectsOf lists the effects of a learner's cells in a fixed order.
func (c *cellsFit) effectsOf(cells []int) []effect {
	list := []effect{{kind: general}}
	type key struct{ kind, level int }
	at := map[key]int{}
	join := func(k key, place int) {
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, effect{kind: k.kind})
		}
		list[i].places = append(list[i].places, place)
	}
	for place, cell := range cells {
		where := c.in.Cells[cell]
		list[0].places = append(list[0].places, place)
		join(key{skill, where.Skill}, place)
		if !where.Neutral {
			join(key{platform, where.Platform}, place)
			join(key{cellEffect, cell}, place)
		}
	}
	return list
}

// dense spells the inverse out, row by row.
func (f *factor) dense() []float64 {
	n := len(f.columns)
	all := make([]float64, n*n)
	for r := range n {
		for c := range r + 1 {
			all[r*n+c] = f.product(r, c)
			all[c*n+r] = all[r*n+c]
		}
	}
	return all
}

// spread takes one step of Fisher's scoring towards the components by empirical
// Bayes, and returns how far they moved. They are pulled towards where they
// started by pseudo-learners whose abilities are known.
func (c *cellsFit) spread() float64 {
	if c.in.Prior != nil {
		return 0
	}
	var total effectSums
	for _, s := range c.effects {
		for j := range effectKinds {
			total.gradient[j] += s.gradient[j]
			total.count[j] += s.count[j]
			for k := range effectKinds {
				total.information[j][k] += s.information[j][k]
			}
		}
	}
	start, now := variances(c.in.Components), variances(c.components)
	information := newSymmetric(effectKinds)
	for j := range effectKinds {
		known := max(1e-3, c.in.PseudoLearners*total.count[j]/float64(len(c.learners)))
		total.gradient[j] += known / 2 * (start[j] - now[j]) / (now[j] * now[j])
		total.information[j][j] += known / 2 / (now[j] * now[j])
		copy(information.row(j), total.information[j][:])
	}
	inverse, ok := information.choleskyInverse()
	if !ok {
		return 0
	}
	var next [effectKinds]float64
	move := 0.0
	covariance := inverse.dense()
	for j := range effectKinds {
		step := dot(covariance[j*effectKinds:(j+1)*effectKinds], total.gradient[:])
		v := max(minVariance, min(max(now[j]+step, now[j]/2), now[j]*2))
		next[j] = math.Sqrt(v)
		move = max(move, math.Abs(next[j]-math.Sqrt(now[j])))
	}
	c.components = measure.Components{General: next[general], Skill: next[skill], Platform: next[platform], Cell: next[cellEffect]}
	return move
}

// minVariance keeps every component alive: a prior needs its cells to differ.
const minVariance = 1e-3
