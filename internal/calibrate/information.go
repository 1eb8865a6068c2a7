package calibrate

import "math"

// Standard errors come from the observed information (Louis 1982):
//
//	I = E(complete-data curvature) − Σ_persons Cov(complete-data score | answers)
//
// Given a person's answers the score depends on ability alone, so its covariance
// is a sum of squares over the polynomials in θ that are orthonormal under the
// person's posterior. With 60 items about five of them tell all but a millionth: the
// cost is that of a few cross-products instead of one per node.
const (
	maxModes   = 24
	modeShare  = 1e-6 // of the variance found, below which two modes in a row end it
	infoBlock  = 128  // patterns at a time
	itemsABand = 4    // rows of the matrix per task, in items
)

// modes are the coefficients of one pattern's score: for every answered item and
// its slope and intercept, `stride` numbers.
type modes struct {
	items  []int32
	stride int // a multiple of 4, the rest zeros
	coef   []float64
}

// covariance returns, per item, the covariance of slope and intercept: NaN when
// not asked for, when the likelihood doesn't curve, or at a bound.
func (m *maximiser) covariance() []block2 {
	blocks := make([]block2, m.e.data.items)
	for i := range blocks {
		blocks[i] = block2{math.NaN(), math.NaN(), math.NaN()}
	}
	if m.o.NoErrors {
		return blocks
	}
	h := m.observed()
	var used []int // parameters not at a bound
	place := make([]int, h.n)
	for j := range place {
		place[j] = -1
		if !m.atBound(j) {
			place[j] = len(used)
			used = append(used, j)
		}
	}
	inverse, ok := h.sub(used).choleskyInverse()
	if !ok {
		return blocks
	}
	for i := range blocks {
		a, d := m.at(i)
		a, d = place[a], place[d]
		if a < 0 || d < 0 {
			continue
		}
		blocks[i] = block2{inverse.product(a, a), inverse.product(a, d), inverse.product(d, d)}
	}
	return blocks
}

// observed is the observed information of the parameters.
func (m *maximiser) observed() *symmetric {
	e := m.e
	h := newSymmetric(2 * e.data.items)
	for i := range e.data.items {
		b := e.completeHessian(i)
		if p := m.o.Priors; p != nil {
			_, _, _, c := difficultyPrior(p.Difficulty, e.slope[i], e.intercept[i])
			b = b.plus(c)
			if !m.o.Model.commonSlope() || i == 0 {
				_, _, s := slopePrior(p.LogSlope, e.slope[i])
				b.aa += s
			}
		}
		h.add(2*i, 2*i, b.aa)
		h.add(2*i+1, 2*i, b.ad)
		h.add(2*i+1, 2*i+1, b.dd)
	}
	m.subtractMissing(h)
	if !m.o.Model.commonSlope() {
		return h
	}
	common := newSymmetric(e.data.items + 1)
	for r := range h.n {
		for c := range r + 1 {
			i, j := merged(r), merged(c)
			v := h.row(r)[c]
			if i == 0 && j == 0 && r != c {
				v *= 2 // both triangles fall on the diagonal
			}
			common.add(max(i, j), min(i, j), v)
		}
	}
	return common
}

// merged maps a row over (slope, intercept) of every item to the parameters of
// the models of one slope.
func merged(row int) int {
	if row%2 == 0 {
		return 0
	}
	return 1 + row/2
}

// subtractMissing takes Σ Cov(score | answers) off h.
func (m *maximiser) subtractMissing(h *symmetric) {
	e := m.e
	k := len(e.nodes)
	scores := newScoreTables(e)
	n := e.data.count()
	slots := make([]modes, min(infoBlock, n))
	posts := make([]float64, len(slots)*k)
	bands := (e.data.items + itemsABand - 1) / itemsABand
	for start := 0; start < n; start += infoBlock {
		count := min(infoBlock, n-start)
		parallel((count+7)/8, func(task int) {
			for s := task * 8; s < min(count, task*8+8); s++ {
				slots[s].fill(e, scores, start+s, posts[s*k:(s+1)*k])
			}
		})
		parallel(bands, func(band int) {
			for s := range count {
				slots[s].subtract(h, band*itemsABand, (band+1)*itemsABand)
			}
		})
	}
}

// scoreTables hold the derivative of the log-likelihood of an answer with
// respect to its logit, item after item at the nodes.
type scoreTables struct{ right, wrong []float64 }

func newScoreTables(e *engine) scoreTables {
	t := scoreTables{make([]float64, len(e.know)), make([]float64, len(e.know))}
	for i := range e.data.items {
		for q := range e.nodes {
			at := i*len(e.nodes) + q
			t.right[at], t.wrong[at], _, _ = e.derivatives(i, q)
		}
	}
	return t
}

// fill finds a pattern's coefficients.
func (s *modes) fill(e *engine, scores scoreTables, pattern int, post []float64) {
	lo, hi, _ := e.posterior(pattern, post)
	row := e.data.row(pattern)
	s.items = s.items[:0]
	for i, v := range row {
		if v != Missing {
			s.items = append(s.items, int32(i))
		}
	}
	nodes, post := e.nodes[lo:hi], post[lo:hi]
	n := len(nodes)
	buffer := make([]float64, 4*n)
	poly, before, v, vx := buffer[:n], buffer[n:2*n], buffer[2*n:3*n], buffer[3*n:]
	for q := range poly {
		poly[q] = 1
	}
	var found [maxModes][]float64
	count, total, small, norm := 0, 0.0, 0, 0.0
	weight := math.Sqrt(e.data.weight[pattern])
	for count < min(maxModes, n-1) && small < 2 {
		if norm = nextPolynomial(nodes, post, poly, before, norm); norm == 0 {
			break
		}
		poly, before = before, poly
		for q := range v {
			v[q] = weight * post[q] * poly[q]
			vx[q] = v[q] * nodes[q]
		}
		mode := make([]float64, 2*len(s.items))
		size := 0.0
		for j, i := range s.items {
			table := scores.wrong
			if row[i] == Right {
				table = scores.right
			}
			a, d := dot2(e.of(table, int(i))[lo:hi], vx, v)
			mode[2*j], mode[2*j+1] = a, d
			size += a*a + d*d
		}
		found[count] = mode
		count++
		total += size
		small++
		if size > modeShare*total {
			small = 0
		}
	}
	s.pack(found[:count-small]) // what ended it adds nothing
}

// nextPolynomial overwrites `before` with the next of the polynomials orthonormal
// under post, by the three-term recurrence (Stieltjes): poly is the last one and
// norm its length before scaling. It returns the new length, 0 when there is no
// further one.
func nextPolynomial(nodes, post, poly, before []float64, norm float64) float64 {
	mean := 0.0
	for q, x := range nodes {
		mean += post[q] * x * poly[q] * poly[q]
	}
	square := 0.0
	for q, x := range nodes {
		before[q] = (x-mean)*poly[q] - norm*before[q]
		square += post[q] * before[q] * before[q]
	}
	next := math.Sqrt(square)
	if !(next > 1e-9) {
		return 0
	}
	for q := range before {
		before[q] /= next
	}
	return next
}

// dot2 returns the products of u with x and with v.
func dot2(u, x, v []float64) (ux, uv float64) {
	x, v = x[:len(u)], v[:len(u)]
	for q, w := range u {
		ux += w * x[q]
		uv += w * v[q]
	}
	return ux, uv
}

// pack lays the coefficients of one parameter side by side.
func (s *modes) pack(found [][]float64) {
	s.stride = (len(found) + 3) / 4 * 4
	s.coef = append(s.coef[:0], make([]float64, 2*len(s.items)*s.stride)...)
	for m, mode := range found {
		for j, v := range mode {
			s.coef[j*s.stride+m] = v
		}
	}
}

// subtract takes the pattern's covariance off the rows of items first … last−1.
func (s *modes) subtract(h *symmetric, first, last int) {
	k := s.stride
	for p, i := range s.items {
		if int(i) < first {
			continue
		}
		if int(i) >= last {
			return
		}
		slope, intercept := s.coef[2*p*k:(2*p+1)*k], s.coef[(2*p+1)*k:(2*p+2)*k]
		rowA, rowD := h.row(int(2*i)), h.row(int(2*i+1))
		for t, j := range s.items[:p+1] {
			a, d := s.coef[2*t*k:(2*t+1)*k], s.coef[(2*t+1)*k:(2*t+2)*k]
			aa, ad, da, dd := products(slope, intercept, a, d)
			rowA[2*j] -= aa
			rowD[2*j] -= da
			rowD[2*j+1] -= dd
			if t < p { // on the diagonal block this lies above it
				rowA[2*j+1] -= ad
			}
		}
	}
}

// products returns s·a, s·d, t·a and t·d.
func products(s, t, a, d []float64) (sa, sd, ta, td float64) {
	t, a, d = t[:len(s)], a[:len(s)], d[:len(s)]
	for m, v := range s {
		w, x, y := t[m], a[m], d[m]
		sa += v * x
		sd += v * y
		ta += w * x
		td += w * y
	}
	return sa, sd, ta, td
}

// symmetric is a symmetric matrix of which the lower triangle is kept.
type symmetric struct {
	n      int
	values []float64 // n × n, row by row
}

func newSymmetric(n int) *symmetric { return &symmetric{n, make([]float64, n*n)} }

func (s *symmetric) row(r int) []float64 { return s.values[r*s.n : (r+1)*s.n] }

func (s *symmetric) add(r, c int, v float64) { s.values[r*s.n+c] += v }

// sub is the matrix over some of the rows, in rising order.
func (s *symmetric) sub(rows []int) *symmetric {
	t := newSymmetric(len(rows))
	for r, from := range rows {
		for c, column := range rows[:r+1] {
			t.values[r*t.n+c] = s.row(from)[column]
		}
	}
	return t
}

// factor is the inverse of a lower Cholesky factor, column by column: the
// inverse of the matrix is the product of its columns.
type factor struct{ columns [][]float64 } // column c starts at row c

// product is an element of the inverse.
func (f *factor) product(r, c int) float64 {
	if r < c {
		r, c = c, r
	}
	return dot(f.columns[r], f.columns[c][r-c:])
}

// choleskyInverse overwrites s with its factor; false if s isn't positive
// definite.
func (s *symmetric) choleskyInverse() (*factor, bool) {
	for r := range s.n {
		row := s.row(r)
		for c := range r + 1 {
			v := row[c] - dot(row[:c], s.row(c)[:c])
			if c < r {
				row[c] = v / s.row(c)[c]
				continue
			}
			// Anything smaller is what rounding left of nothing.
			if !(v > 1e-11*math.Abs(row[r])) {
				return nil, false
			}
			row[r] = math.Sqrt(v)
		}
	}
	f := &factor{make([][]float64, s.n)}
	const columnsATask = 32
	parallel((s.n+columnsATask-1)/columnsATask, func(task int) {
		for c := task * columnsATask; c < min(s.n, (task+1)*columnsATask); c++ {
			column := make([]float64, s.n-c)
			column[0] = 1 / s.row(c)[c]
			for r := c + 1; r < s.n; r++ {
				row := s.row(r)
				column[r-c] = -dot(row[c:r], column[:r-c]) / row[r]
			}
			f.columns[c] = column
		}
	})
	return f, true
}
