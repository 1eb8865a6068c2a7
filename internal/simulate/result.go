package simulate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"sextant/internal/exam"
)

// Result is what a simulation found. Logits refer to the abilities' scale,
// percent to expected percent right on questions at the exam's difficulty;
// everything else is a share of 1 where the name doesn't say.
type Result struct {
	Exam     string `json:"exam"` // codes with commas between them, or "fit"
	Items    int    `json:"items"`
	Learners int    `json:"learners"`

	Selector string `json:"selector"`
	Truth    string `json:"truth"`
	Seed     uint64 `json:"seed"`
	Whole    bool   `json:"whole"` // no early stop
	// Components are the standard deviations, in logits, of the parts of ability
	// that the model under test assumed.
	Components Components `json:"components"`

	// Over every domain of every learner.
	Coverage90        float64 `json:"coverage90"`
	RMSELogit         float64 `json:"rmse_logit"`
	RMSEPercent       float64 `json:"rmse_percent"`
	Bias              float64 `json:"bias"` // estimate − truth, logits
	BiasPercent       float64 `json:"bias_percent"`
	Coverage90Percent float64 `json:"coverage90_percent"` // of the interval as shown
	Correlation       float64 `json:"correlation"`

	// Of the pass probability against a hidden real exam.
	Brier       float64 `json:"brier"`
	ECE         float64 `json:"ece"` // ten bins of equal width
	AUC         float64 `json:"auc"` // 0 where everybody or nobody passed
	PassRate    float64 `json:"pass_rate"`
	Reliability []Bin   `json:"reliability"`

	// Of the questions that serve the exam.
	MaxExposure float64 `json:"max_exposure"` // share of learners who met the commonest question
	// ExposureExcess is the most by which a question's share of learners is above
	// the bound for it, negative where all keep within.
	ExposureExcess float64 `json:"exposure_excess"`
	Overlap        float64 `json:"overlap"`   // mean share of a sitting that two learners have in common
	BankUsed       float64 `json:"bank_used"` // share served to anybody
	NeverServed    int     `json:"never_served"`
	Eligible       int     `json:"eligible"`
	MeanItems      float64 `json:"mean_items"` // questions asked

	SelectP99 float64 `json:"select_us_p99"`
	UpdateP99 float64 `json:"update_us_p99"`

	Domains []Measured `json:"domains"`
	Exams   []Measured `json:"exams"` // the blueprint-weighted abilities
	Fit     *Fit       `json:"fit,omitempty"`
}

// Components are those of measure.Components.
type Components struct {
	General  float64 `json:"general"`
	Skill    float64 `json:"skill"`
	Platform float64 `json:"platform"`
	Cell     float64 `json:"cell"`
}

// Measured is how one domain's or exam's estimates compare with the truth.
type Measured struct {
	ID                string  `json:"id"` // a domain's id, behind "CODE/" where there are several exams
	Coverage90        float64 `json:"coverage90"`
	RMSELogit         float64 `json:"rmse_logit"`
	RMSEPercent       float64 `json:"rmse_percent"`
	Bias              float64 `json:"bias"`
	BiasPercent       float64 `json:"bias_percent"`
	Coverage90Percent float64 `json:"coverage90_percent"`
	Correlation       float64 `json:"correlation"`
	MeanSD            float64 `json:"mean_sd"`         // as claimed, logits
	Shown             float64 `json:"shown,omitempty"` // share of learners with enough answers to be shown the interval
	Eligible          int     `json:"eligible,omitempty"`
}

// Bin is one row of the reliability table.
type Bin struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	N         int     `json:"n"`
	Predicted float64 `json:"predicted"` // mean pass probability
	Passed    float64 `json:"passed"`    // share who passed
}

// Fit is how well "which fits me?" names the learner's truly strongest exam: the
// one with the highest probability of a pass at the true abilities.
type Fit struct {
	Exams       int     `json:"exams"`
	FirstChoice float64 `json:"first_choice"` // share of learners whose highest estimate is the truly strongest
	RandomOrder float64 `json:"random_order"` // the same for exams in random order
	// BestConstant is the share of learners whose strongest exam is the commonest
	// strongest one: what is reached without asking anything.
	BestConstant float64   `json:"best_constant"`
	TopThree     float64   `json:"top_three"` // share whose truly strongest is among the three highest
	WithinLevel  []OfLevel `json:"within_level"`
}

// OfLevel is first choice among the exams whose questions lie at one location.
type OfLevel struct {
	Location    float64     `json:"location"` // logits
	Codes       []exam.Code `json:"codes"`
	FirstChoice float64     `json:"first_choice"`
	RandomOrder float64     `json:"random_order"`
}

// bins is the number of rows of the reliability table.
const bins = 10

func (w *world) summarise(opts Options, sittings []sitting, bounds []float64) *Result {
	r := &Result{
		Exam: "fit", Items: opts.Items, Learners: len(sittings),
		Selector: string(opts.Selector), Truth: opts.Truth.String(), Seed: opts.Seed,
		Whole: opts.Whole, Components: Components(w.model.Components()),
	}
	if !opts.Fit {
		r.Exam = joinCodes(opts.Exams)
	}
	w.measured(r, sittings)
	w.passes(r, sittings)
	w.exposure(r, sittings, bounds)
	times(r, sittings)
	if opts.Fit {
		r.Fit = w.fit(sittings)
	}
	return r
}

func joinCodes(codes []exam.Code) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = string(c)
	}
	return strings.Join(words, ",")
}

func (w *world) measured(r *Result, sittings []sitting) {
	var all []*estimate
	at := 0
	for e := range w.exams {
		scale := &w.exams[e].scale
		for d := range scale.Domains {
			var own []*estimate
			for i := range sittings {
				own = append(own, &sittings[i].domains[at])
			}
			id := string(scale.Domains[d].ID)
			if len(w.exams) > 1 {
				id = string(scale.Code) + "/" + id
			}
			m := compare(id, own)
			m.Eligible = len(scale.Domains[d].Items)
			r.Domains = append(r.Domains, m)
			all = append(all, own...)
			at++
		}
		var own []*estimate
		for i := range sittings {
			own = append(own, &sittings[i].exams[e].estimate)
		}
		r.Exams = append(r.Exams, compare(string(scale.Code), own))
	}
	m := compare("", all)
	r.Coverage90, r.RMSELogit, r.RMSEPercent, r.Bias = m.Coverage90, m.RMSELogit, m.RMSEPercent, m.Bias
	r.BiasPercent, r.Coverage90Percent, r.Correlation = m.BiasPercent, m.Coverage90Percent, m.Correlation
}

func compare(id string, estimates []*estimate) Measured {
	m := Measured{ID: id}
	n := float64(len(estimates))
	var claimed, truth []float64
	for _, e := range estimates {
		m.Coverage90 += count(e.covered()) / n
		m.Coverage90Percent += count(e.low <= e.expected && e.expected <= e.high) / n
		m.RMSELogit += square(e.mean-e.truth) / n
		m.RMSEPercent += square(e.percent-e.expected) / n
		m.Bias += (e.mean - e.truth) / n
		m.BiasPercent += (e.percent - e.expected) / n
		m.MeanSD += e.sd / n
		m.Shown += count(e.shown) / n
		claimed, truth = append(claimed, e.mean), append(truth, e.truth)
	}
	m.RMSELogit, m.RMSEPercent = sqrt(m.RMSELogit), sqrt(m.RMSEPercent)
	m.Correlation = correlation(claimed, truth)
	return m
}

func (w *world) passes(r *Result, sittings []sitting) {
	var forecasts []forecast
	for i := range sittings {
		for _, v := range sittings[i].exams {
			forecasts = append(forecasts, forecast{v.pass, v.passed})
		}
	}
	n := float64(len(forecasts))
	for _, f := range forecasts {
		r.Brier += square(f.p-count(f.passed)) / n
		r.PassRate += count(f.passed) / n
	}
	r.Reliability, r.ECE = reliability(forecasts)
	r.AUC = auc(forecasts)
}

func (w *world) exposure(r *Result, sittings []sitting, bounds []float64) {
	served := make([]int, len(w.items))
	total := 0
	for i := range sittings {
		for _, at := range sittings[i].asked {
			served[at]++
			total++
		}
	}
	n := float64(len(sittings))
	r.MeanItems = float64(total) / n
	r.ExposureExcess = math.Inf(-1)
	common := 0.0
	for i, times := range served {
		eligible := slices.ContainsFunc(w.exams, func(e examWorld) bool { return e.domainOf[i] >= 0 })
		if !eligible {
			continue
		}
		r.Eligible++
		if times == 0 {
			r.NeverServed++
		}
		r.MaxExposure = math.Max(r.MaxExposure, float64(times)/n)
		r.ExposureExcess = math.Max(r.ExposureExcess, float64(times)/n-bounds[i])
		common += float64(times) * float64(times-1)
	}
	if n > 1 && total > 0 {
		r.Overlap = common / (n * (n - 1)) / r.MeanItems
	}
	r.BankUsed = 1 - float64(r.NeverServed)/float64(r.Eligible)
}

func times(r *Result, sittings []sitting) {
	var choose, update []time.Duration
	for i := range sittings {
		choose = append(choose, sittings[i].choose...)
		update = append(update, sittings[i].update...)
	}
	r.SelectP99, r.UpdateP99 = p99(choose), p99(update)
}

// p99 is the 99th percentile in microseconds, 0 of nothing.
func p99(d []time.Duration) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[(len(d)-1)*99/100].Nanoseconds()) / 1000
}

func (w *world) fit(sittings []sitting) *Fit {
	all := make([]int, len(w.exams))
	for e := range all {
		all[e] = e
	}
	f := &Fit{Exams: len(all), FirstChoice: firstChoice(sittings, all), RandomOrder: 1 / float64(len(all))}
	strongest := make([]float64, len(all))
	n := float64(len(sittings))
	for i := range sittings {
		best := sittings[i].strongest(all)
		strongest[best] += 1 / n
		above := 0
		for _, v := range sittings[i].exams {
			if v.pass > sittings[i].exams[best].pass {
				above++
			}
		}
		f.TopThree += count(above < 3) / n
	}
	f.BestConstant = slices.Max(strongest)
	f.WithinLevel = w.withinLevels(sittings)
	return f
}

func (w *world) withinLevels(sittings []sitting) []OfLevel {
	levels := map[float64][]int{}
	for e := range w.exams {
		b := w.exams[e].scale.Form.Curve.B
		levels[b] = append(levels[b], e)
	}
	var out []OfLevel
	for b, exams := range levels {
		if len(exams) < 2 {
			continue
		}
		l := OfLevel{Location: b, FirstChoice: firstChoice(sittings, exams), RandomOrder: 1 / float64(len(exams))}
		for _, e := range exams {
			l.Codes = append(l.Codes, w.exams[e].scale.Code)
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b OfLevel) int { return cmp.Compare(a.Location, b.Location) })
	return out
}

func firstChoice(sittings []sitting, exams []int) float64 {
	right := 0.0
	for i := range sittings {
		best := exams[0]
		for _, e := range exams[1:] {
			if sittings[i].exams[e].pass > sittings[i].exams[best].pass {
				best = e
			}
		}
		right += count(best == sittings[i].strongest(exams))
	}
	return right / float64(len(sittings))
}

// strongest is the exam with the highest true probability of a pass.
func (s *sitting) strongest(exams []int) int {
	best := exams[0]
	for _, e := range exams[1:] {
		if s.exams[e].margin > s.exams[best].margin {
			best = e
		}
	}
	return best
}
