package calibrate

import "slices"

// patterns are the distinct rows of a table in lexical order, so that neither
// the order of persons nor their number changes a bit of what follows.
type patterns struct {
	items    int
	scores   []Score   // pattern after pattern
	weight   []float64 // how many persons gave each
	of       []int     // the pattern of each row of the table
	persons  float64
	right    []float64 // per item, persons right
	wrong    []float64
	complete bool // nothing is missing
}

func (p *patterns) count() int { return len(p.weight) }

func (p *patterns) row(k int) []Score { return p.scores[k*p.items : (k+1)*p.items] }

func collapse(t *Table) *patterns {
	n := t.Rows()
	order := make([]int, n)
	for r := range order {
		order[r] = r
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(t.Row(a), t.Row(b)) })
	p := &patterns{
		items: len(t.Items), of: make([]int, n), complete: true,
		right: make([]float64, len(t.Items)), wrong: make([]float64, len(t.Items)),
	}
	for _, r := range order {
		row := t.Row(r)
		if k := p.count(); k == 0 || !slices.Equal(p.row(k-1), row) {
			p.scores = append(p.scores, row...)
			p.weight = append(p.weight, 0)
		}
		last := p.count() - 1
		p.of[r] = last
		p.weight[last] += t.freq(r)
	}
	for k, w := range p.weight {
		p.persons += w
		for i, s := range p.row(k) {
			switch s {
			case Right:
				p.right[i] += w
			case Wrong:
				p.wrong[i] += w
			case Missing:
				p.complete = false
			}
		}
	}
	return p
}

// bundles group neighbouring items so that the log-likelihood of all answers to
// a bundle is one row of a table ("four Russians"): with six items a bundle, a
// person's likelihood takes a sixth of the additions, and so does spreading the
// person's posterior over the items.
type bundles struct {
	base  int // codes per item: wrong, right; or missing, wrong, right
	size  int // items per bundle
	first []int32
	// first[g] is the table row of bundle g's first code; the last entry is the
	// number of rows.

	rowOf  []int32 // bundle after bundle, the table row of each pattern, or −1
	rows   []int32 // pattern after pattern, the rows it needs
	starts []int   // where a pattern's rows begin
}

func (b *bundles) count() int { return len(b.first) - 1 }

// digit is a score's place value in a bundle's code.
func (b *bundles) digit(s Score) int {
	if b.base == 2 {
		return int(s)
	}
	return int(s) + 1
}

const maxBundle = 8

func newBundles(p *patterns) *bundles {
	b := &bundles{base: 3}
	if p.complete {
		b.base = 2
	}
	b.size = b.bestSize(p)
	b.first = []int32{0}
	for at := 0; at < p.items; at += b.size {
		codes := int32(1)
		for range min(b.size, p.items-at) {
			codes *= int32(b.base)
		}
		b.first = append(b.first, b.first[b.count()]+codes)
	}
	n := p.count()
	b.rowOf = make([]int32, b.count()*n)
	b.starts = make([]int, 1, n+1)
	b.rows = make([]int32, 0, b.count()*n)
	for k := range n {
		row := p.row(k)
		for g := range b.count() {
			code, blank := b.code(row[g*b.size : min(p.items, (g+1)*b.size)])
			b.rowOf[g*n+k] = -1
			if !blank {
				b.rowOf[g*n+k] = b.first[g] + int32(code)
				b.rows = append(b.rows, b.first[g]+int32(code))
			}
		}
		b.starts = append(b.starts, len(b.rows))
	}
	return b
}

// code numbers the answers to one bundle; blank says that there are none.
func (b *bundles) code(scores []Score) (code int, blank bool) {
	blank = true
	for i := len(scores) - 1; i >= 0; i-- {
		code = code*b.base + b.digit(scores[i])
		blank = blank && scores[i] == Missing
	}
	return code, blank
}

// bestSize balances the cost of the tables against that of the patterns, on a
// sample of patterns.
func (b *bundles) bestSize(p *patterns) int {
	const sample, tableCost = 256, 3.0 // building, clearing and folding one row
	step := max(1, p.count()/sample)
	best, lowest := 1, 0.0
	codes := 1.0
	for size := 1; size <= maxBundle; size++ {
		codes *= float64(b.base)
		groups := float64((p.items + size - 1) / size)
		used, looked := 0, 0
		for k := 0; k < p.count(); k += step {
			row := p.row(k)
			looked++
			for at := 0; at < p.items; at += size {
				if _, blank := b.code(row[at:min(p.items, at+size)]); !blank {
					used++
				}
			}
		}
		cost := groups*codes*tableCost + float64(used)/float64(looked)*float64(p.count())
		if size == 1 || cost < lowest {
			best, lowest = size, cost
		}
	}
	return best
}
