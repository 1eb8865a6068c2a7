package calibrate

import "math"

// engine evaluates the marginal likelihood and, for every item and node, the
// expected numbers of right and wrong answers: the E-step of Bock & Aitkin
// (1981). From these follow the exact gradient (Fisher's identity) and the
// information of the complete data.
type engine struct {
	data    *patterns
	bundles *bundles
	c       []float64
	nodes   []float64
	logW    []float64 // log prior weights, which sum to 1

	slope, intercept []float64 // per item, where the tables stand
	logRight         []float64 // item after item, log P at the nodes
	logWrong         []float64
	know             []float64 // logistic(a·θ + d)

	table []float64 // row after row of a bundle's log-likelihood at the nodes
	sums  []float64 // the same rows' posterior mass

	block  []float64 // posteriors of the patterns at hand
	lo, hi []int     // the nodes that matter to each of these
	logLik []float64 // per pattern

	right, wrong []float64 // item after item, expected counts at the nodes
}

const (
	blockSize = 2048 // patterns at a time: their posteriors stay in the cache
	taskSize  = 64   // patterns per task
	// negligible is how far below the highest log density a node no longer
	// counts: exp(−40) is 4e-18.
	negligible = 40.0
)

func newEngine(data *patterns, o Options) *engine {
	k, items := o.Nodes, data.items
	b := newBundles(data)
	rows := int(b.first[b.count()])
	block := min(blockSize, data.count())
	e := &engine{
		data: data, bundles: b, c: o.C,
		nodes: make([]float64, k), logW: make([]float64, k),
		slope: make([]float64, items), intercept: make([]float64, items),
		logRight: make([]float64, items*k), logWrong: make([]float64, items*k), know: make([]float64, items*k),
		table: make([]float64, rows*k), sums: make([]float64, rows*k),
		block: make([]float64, block*k), lo: make([]int, block), hi: make([]int, block),
		logLik: make([]float64, data.count()),
		right:  make([]float64, items*k), wrong: make([]float64, items*k),
	}
	total := 0.0
	for q := range e.nodes {
		// Written so that the nodes are symmetric to the last bit.
		x := o.Limit * float64(2*q-(k-1)) / float64(k-1)
		e.nodes[q] = x
		total += math.Exp(-x * x / 2)
	}
	for q, x := range e.nodes {
		e.logW[q] = -x*x/2 - math.Log(total)
	}
	return e
}

// of cuts the part of item i out of an item-after-item table.
func (e *engine) of(table []float64, i int) []float64 {
	k := len(e.nodes)
	return table[i*k : (i+1)*k : (i+1)*k]
}

// evaluate runs the E-step at the slopes and intercepts set and returns the log
// marginal likelihood.
func (e *engine) evaluate() float64 {
	e.setTables()
	clear(e.sums)
	for start := 0; start < e.data.count(); start += blockSize {
		n := min(blockSize, e.data.count()-start)
		e.posteriors(start, n)
		parallel(e.bundles.count(), func(g int) { e.gather(g, start, n) })
	}
	parallel(e.bundles.count(), e.fold)
	total := 0.0
	for p, w := range e.data.weight {
		total += w * e.logLik[p]
	}
	return total
}

// setTables computes the curves at the nodes and the bundles' log-likelihoods.
func (e *engine) setTables() {
	parallel(e.bundles.count(), func(g int) {
		first, last := e.itemsOf(g)
		for i := first; i < last; i++ {
			e.curve(i)
		}
		e.bundle(g)
	})
}

func (e *engine) itemsOf(g int) (first, last int) {
	return g * e.bundles.size, min(e.data.items, (g+1)*e.bundles.size)
}

// curve tabulates one item.
func (e *engine) curve(i int) {
	a, d, c := e.slope[i], e.intercept[i], e.c[i]
	right, wrong, know := e.of(e.logRight, i), e.of(e.logWrong, i), e.of(e.know, i)
	logRest := math.Log1p(-c)
	for q, x := range e.nodes {
		z := a*x + d
		// log(1 + exp(−|z|)) is the safe half of both logarithms.
		small := math.Exp(-math.Abs(z))
		tail := math.Log1p(small)
		l := 1 / (1 + small)
		logL, logM := -tail, -tail
		if z < 0 {
			l = small / (1 + small)
			logL += z
		} else {
			logM -= z
		}
		know[q] = l
		right[q], wrong[q] = logL, logM+logRest
		if c > 0 {
			right[q] = math.Log(c + (1-c)*l)
		}
	}
}

// bundle fills the table rows of one bundle, item by item: the rows for the
// first j items, copied once per score of the next.
func (e *engine) bundle(g int) {
	k := len(e.nodes)
	from, to := int(e.bundles.first[g]), int(e.bundles.first[g+1])
	table := e.table[from*k : to*k]
	clear(table[:k])
	first, last := e.itemsOf(g)
	stride := 1
	for i := first; i < last; i++ {
		right, wrong := e.of(e.logRight, i), e.of(e.logWrong, i)
		r, w := e.bundles.digit(Right)*stride, e.bundles.digit(Wrong)*stride
		for code := range stride {
			base := table[code*k : (code+1)*k]
			sum(table[(code+r)*k:(code+r+1)*k], base, right)
			sum(table[(code+w)*k:(code+w+1)*k], base, wrong) // last: without missing scores it is base itself
		}
		stride *= e.bundles.base
	}
}

// posteriors computes those of patterns start … start+n−1, times their weights.
func (e *engine) posteriors(start, n int) {
	k := len(e.nodes)
	parallel((n+taskSize-1)/taskSize, func(task int) {
		for j := task * taskSize; j < min(n, (task+1)*taskSize); j++ {
			post := e.block[j*k : (j+1)*k]
			e.lo[j], e.hi[j], e.logLik[start+j] = e.posterior(start+j, post)
			w := e.data.weight[start+j]
			if w == 1 {
				continue
			}
			for q := e.lo[j]; q < e.hi[j]; q++ {
				post[q] *= w
			}
		}
	})
}

// posterior writes the distribution over the nodes of one pattern into post and
// returns the range of nodes that matter, outside of which post is not set, and
// the log marginal likelihood of the pattern.
func (e *engine) posterior(pattern int, post []float64) (lo, hi int, logLik float64) {
	copy(post, e.logW)
	e.addRows(post, e.bundles.rows[e.bundles.starts[pattern]:e.bundles.starts[pattern+1]])
	highest := post[0]
	for _, v := range post {
		highest = max(highest, v)
	}
	lo, hi = 0, len(post)
	for post[lo] < highest-negligible {
		lo++
	}
	for post[hi-1] < highest-negligible {
		hi--
	}
	mass := 0.0
	window := post[lo:hi]
	for q, v := range window {
		window[q] = math.Exp(v - highest)
		mass += window[q]
	}
	scale := 1 / mass
	for q := range window {
		window[q] *= scale
	}
	return lo, hi, highest + math.Log(mass)
}

// addRows adds table rows to dst, four at a time because loading and storing dst
// costs as much as adding.
func (e *engine) addRows(dst []float64, rows []int32) {
	k := len(dst)
	for len(rows) >= 4 {
		a := e.table[int(rows[0])*k:][:k]
		b := e.table[int(rows[1])*k:][:k]
		c := e.table[int(rows[2])*k:][:k]
		d := e.table[int(rows[3])*k:][:k]
		for q := range dst {
			dst[q] += (a[q] + b[q]) + (c[q] + d[q])
		}
		rows = rows[4:]
	}
	for _, r := range rows {
		add(dst, e.table[int(r)*k:])
	}
}

// gather adds the posteriors of the block to the rows of one bundle.
func (e *engine) gather(g, start, n int) {
	k := len(e.nodes)
	rows := e.bundles.rowOf[g*e.data.count()+start:][:n]
	for j, row := range rows {
		if row < 0 {
			continue
		}
		lo, hi := e.lo[j], e.hi[j]
		add(e.sums[int(row)*k+lo:int(row)*k+hi], e.block[j*k+lo:])
	}
}

// fold turns the rows of one bundle into expected counts per item: from the last
// item to the first, it sums the rows with that item right and wrong, then merges
// them over the item.
func (e *engine) fold(g int) {
	k := len(e.nodes)
	from, to := int(e.bundles.first[g]), int(e.bundles.first[g+1])
	rows := e.sums[from*k : to*k]
	first, last := e.itemsOf(g)
	stride := to - from
	for i := last - 1; i >= first; i-- {
		stride /= e.bundles.base
		right, wrong := e.of(e.right, i), e.of(e.wrong, i)
		clear(right)
		clear(wrong)
		r, w := e.bundles.digit(Right)*stride, e.bundles.digit(Wrong)*stride
		for code := range stride {
			add(right, rows[(code+r)*k:])
			add(wrong, rows[(code+w)*k:])
		}
		for code := range stride {
			base := rows[code*k : (code+1)*k]
			for v := 1; v < e.bundles.base; v++ {
				add(base, rows[(code+v*stride)*k:])
			}
		}
	}
}

// add adds src to dst; src is at least as long.
func add(dst, src []float64) {
	src = src[:len(dst)]
	for len(dst) >= 4 && len(src) >= 4 {
		dst[0] += src[0]
		dst[1] += src[1]
		dst[2] += src[2]
		dst[3] += src[3]
		dst, src = dst[4:], src[4:]
	}
	for q := range dst {
		dst[q] += src[q]
	}
}

// sum writes a + b into dst.
func sum(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for q := range dst {
		dst[q] = a[q] + b[q]
	}
}

// derivatives returns, at one node of an item, the first and the negative second
// derivative with respect to the logit of log P (an answer right) and of
// log(1 − P) (an answer wrong).
func (e *engine) derivatives(i, q int) (right, wrong, right2, wrong2 float64) {
	c, l := e.c[i], e.know[i*len(e.nodes)+q]
	spread := l * (1 - l)
	if c == 0 {
		return 1 - l, -l, spread, spread
	}
	p := c + (1-c)*l
	rise := (1 - c) * spread
	return rise / p, -l, rise * (rise - (1-2*l)*p) / (p * p), spread
}

// gradient returns the derivative of the log marginal likelihood with respect to
// an item's slope and intercept.
func (e *engine) gradient(i int) (a, d float64) {
	right, wrong := e.of(e.right, i), e.of(e.wrong, i)
	for q, x := range e.nodes {
		r, w, _, _ := e.derivatives(i, q)
		u := right[q]*r + wrong[q]*w
		a += u * x
		d += u
	}
	return a, d
}

// block2 is a symmetric 2 × 2 matrix over (slope, intercept).
type block2 struct{ aa, ad, dd float64 }

func (b block2) plus(c block2) block2 { return block2{b.aa + c.aa, b.ad + c.ad, b.dd + c.dd} }

// completeInformation is Fisher's information of an item if abilities were
// known: what EM steps by. It is never negative, also with guessing.
func (e *engine) completeInformation(i int) block2 {
	var b block2
	c := e.c[i]
	right, wrong := e.of(e.right, i), e.of(e.wrong, i)
	for q, x := range e.nodes {
		l := e.know[i*len(e.nodes)+q]
		v := l * (1 - l)
		if c > 0 {
			v *= (1 - c) * l / (c + (1-c)*l)
		}
		v *= right[q] + wrong[q]
		b.aa += v * x * x
		b.ad += v * x
		b.dd += v
	}
	return b
}

// completeHessian is minus the expected second derivative of the complete-data
// log-likelihood.
func (e *engine) completeHessian(i int) block2 {
	var b block2
	right, wrong := e.of(e.right, i), e.of(e.wrong, i)
	for q, x := range e.nodes {
		_, _, r, w := e.derivatives(i, q)
		v := right[q]*r + wrong[q]*w
		b.aa += v * x * x
		b.ad += v * x
		b.dd += v
	}
	return b
}
