package recommend

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// fineStep is the ledger's step while weights are varied, so that a small change
// isn't lost in rounding.
const fineStep = 1.0 / 1024

// Sensitivity says how firm the first choices of the personas are against the
// weights: each weight by itself, and all at once.
type Sensitivity struct {
	Personas []string    `json:"personas"` // by name, in the table's order
	Factors  []float64   `json:"factors"`  // what each weight is multiplied by, one at a time
	Weights  []WeightRow `json:"weights"`
	Rules    []WeightRow `json:"rules"` // likewise for the weight of each rule that weighs anything
	// Rounding lists the personas whose first choice differs where the ledger isn't
	// rounded to its step.
	Rounding []Moved `json:"rounding"`
	Joint    Joint   `json:"joint"`
}

// WeightRow is what becomes of first choices when one weight is varied.
type WeightRow struct {
	Name  string     `json:"name"`
	Value float64    `json:"value"`
	At    []WeightAt `json:"at"` // by factor
}

// Most is the greatest number of first choices that any factor alters.
func (r WeightRow) Most() int {
	most := 0
	for _, at := range r.At {
		most = max(most, len(at.Moved))
	}
	return most
}

// WeightAt is one weight at one multiple of itself.
type WeightAt struct {
	Factor float64 `json:"factor"`
	Moved  []Moved `json:"moved"` // the personas whose first choice changes
	Wrong  int     `json:"wrong"` // of them, those for whom the new one isn't acceptable
}

// Moved is a persona whose first choice changes; "" stands for nothing.
type Moved struct {
	Persona string    `json:"persona"`
	From    exam.Code `json:"from"`
	To      exam.Code `json:"to"`
}

// Joint is what becomes of first choices when all weights are drawn at once.
type Joint struct {
	Draws int     `json:"draws"`
	Width float64 `json:"width"` // each weight is multiplied by a factor from 1 − Width to 1 + Width
	Seed  uint64  `json:"seed"`
	// Kept and Fine are the mean shares of personas whose first choice stays, and is
	// acceptable; Least the smallest share that stays in any draw.
	Kept  float64 `json:"kept"`
	Fine  float64 `json:"fine"`
	Least float64 `json:"least"`
	Shaky []Shaky `json:"shaky"` // personas whose first choice moves in a twentieth of the draws or more, the shakiest first
}

// Shaky is a persona whose first choice hangs on the weights.
type Shaky struct {
	Persona string    `json:"persona"`
	From    exam.Code `json:"from"`
	Moves   float64   `json:"moves"` // share of the draws
	To      exam.Code `json:"to"`
}

// shakyFrom is the share of draws from which a persona is named.
const shakyFrom = 0.05

// SensitivityOptions say how weights are varied.
type SensitivityOptions struct {
	Factors []float64
	Draws   int
	Width   float64
	Seed    uint64
}

// UsualSensitivity is what the help page shows.
var UsualSensitivity = SensitivityOptions{Factors: []float64{0.5, 0.8, 1.25, 2}, Draws: 500, Width: 0.25, Seed: 1}

// Sensitive ranks the personas under other weights. The same options give the
// same result.
func Sensitive(cat *catalogue.Catalogue, personas []Persona, o SensitivityOptions) Sensitivity {
	t := newTrial(cat, personas)
	out := Sensitivity{Factors: o.Factors}
	for _, p := range personas {
		out.Personas = append(out.Personas, p.Name)
	}
	out.Rounding = t.moved(t.firsts(cat))
	for i, w := range cat.Weights.All() {
		out.Weights = append(out.Weights, t.row(w.Name, *w.Value, o.Factors, func(c *catalogue.Catalogue, factor float64) {
			scale(c.Weights.All()[i], factor)
		}))
	}
	for i, r := range cat.Rules {
		if r.Weight == 0 {
			continue
		}
		out.Rules = append(out.Rules, t.row(r.ID, r.Weight, o.Factors, func(c *catalogue.Catalogue, factor float64) {
			c.Rules[i].Weight *= factor
		}))
	}
	out.Joint = t.jointly(o)
	return out
}

// scale multiplies a weight within what it may be.
func scale(w catalogue.Weight, factor float64) {
	*w.Value = min(max(*w.Value*factor, w.Low), w.High)
}

// trial holds what doesn't change from one set of weights to the next.
type trial struct {
	cat      *catalogue.Catalogue // with fine steps
	personas []Persona
	evidence []Evidence
	base     []exam.Code // first choices by the catalogue's weights, with fine steps
}

func newTrial(cat *catalogue.Catalogue, personas []Persona) *trial {
	t := &trial{cat: copied(cat), personas: personas}
	t.cat.Weights.Step = fineStep
	for _, p := range personas {
		t.evidence = append(t.evidence, p.Evidence(cat))
	}
	t.base = t.firsts(t.cat)
	return t
}

// copied is the catalogue with weights and rules of its own.
func copied(cat *catalogue.Catalogue) *catalogue.Catalogue {
	c := *cat
	c.Rules = slices.Clone(cat.Rules)
	return &c
}

// firsts is the first choice of each persona.
func (t *trial) firsts(cat *catalogue.Catalogue) []exam.Code {
	out := make([]exam.Code, len(t.personas))
	for i, p := range t.personas {
		s := newSubject(cat, p.Situation, t.evidence[i].Report, p.On())
		s.quiet = true
		out[i] = s.first()
	}
	return out
}

func (t *trial) moved(firsts []exam.Code) []Moved {
	var out []Moved
	for i, code := range firsts {
		if code != t.base[i] {
			out = append(out, Moved{Persona: t.personas[i].Name, From: t.base[i], To: code})
		}
	}
	return out
}

// fits reports whether a first choice is one the table accepts.
func (p Persona) fits(code exam.Code) bool {
	if code == "" {
		return len(p.First) == 0
	}
	return slices.Contains(p.First, code)
}

func (t *trial) row(name string, value float64, factors []float64, vary func(*catalogue.Catalogue, float64)) WeightRow {
	row := WeightRow{Name: name, Value: value}
	for _, factor := range factors {
		cat := copied(t.cat)
		vary(cat, factor)
		firsts := t.firsts(cat)
		at := WeightAt{Factor: factor, Moved: t.moved(firsts)}
		for i, p := range t.personas {
			if firsts[i] != t.base[i] && !p.fits(firsts[i]) {
				at.Wrong++
			}
		}
		row.At = append(row.At, at)
	}
	return row
}

// jointly draws all weights at once, again and again.
func (t *trial) jointly(o SensitivityOptions) Joint {
	j := Joint{Draws: o.Draws, Width: o.Width, Seed: o.Seed, Least: 1}
	if o.Draws < 1 || len(t.personas) == 0 {
		return j
	}
	lots := rand.New(rand.NewPCG(o.Seed, 0))
	moves := make([]map[exam.Code]int, len(t.personas))
	for i := range moves {
		moves[i] = map[exam.Code]int{}
	}
	all := float64(len(t.personas))
	for range o.Draws {
		firsts := t.firsts(t.drawn(lots, o.Width))
		kept, fine := 0.0, 0.0
		for i, p := range t.personas {
			if firsts[i] == t.base[i] {
				kept++
			} else {
				moves[i][firsts[i]]++
			}
			if p.fits(firsts[i]) {
				fine++
			}
		}
		j.Kept += kept / all / float64(o.Draws)
		j.Fine += fine / all / float64(o.Draws)
		j.Least = min(j.Least, kept/all)
	}
	for i, to := range moves {
		total, best := 0, exam.Code("")
		for _, code := range sortedKeys(to) {
			total += to[code]
			if to[code] > to[best] {
				best = code
			}
		}
		if share := float64(total) / float64(o.Draws); share >= shakyFrom {
			j.Shaky = append(j.Shaky, Shaky{Persona: t.personas[i].Name, From: t.base[i], Moves: share, To: best})
		}
	}
	slices.SortStableFunc(j.Shaky, func(a, b Shaky) int { return cmp.Compare(b.Moves, a.Moves) })
	return j
}

// drawn is the catalogue with every weight multiplied by a lot.
func (t *trial) drawn(lots *rand.Rand, width float64) *catalogue.Catalogue {
	cat := copied(t.cat)
	lot := func() float64 { return 1 + width*(2*lots.Float64()-1) }
	for _, w := range cat.Weights.All() {
		scale(w, lot())
	}
	for i := range cat.Rules {
		cat.Rules[i].Weight *= lot()
	}
	return cat
}

func sortedKeys(counts map[exam.Code]int) []exam.Code {
	set := make(map[exam.Code]bool, len(counts))
	for code := range counts {
		set[code] = true
	}
	return sortedCodes(set)
}
