// Package readiness joins the measurement model to the catalogue: which cells
// an exam's domains rest on, where a learner stands in each with what
// uncertainty, how likely a pass is, and which question to ask next.
package readiness

import (
	"sextant/internal/exam"
)

// Interval is an estimate with its 90 % interval, all in expected percent
// correct at the exam's difficulty (0 to 100).
type Interval struct {
	Estimate, Low, High float64
}

// Verdict is the pass probability in words.
type Verdict string

// The verdicts, with the range of pass probability each stands for.
const (
	TooEarly     Verdict = "too_early"     // under 8 answers bearing on the exam
	NotYet       Verdict = "not_yet"       // below 20 %
	GettingThere Verdict = "getting_there" // 20 to 50 %
	Likely       Verdict = "likely"        // 50 to 80 %
	Ready        Verdict = "ready"         // above 80 %
)

// Label is the verdict as people read it.
func (v Verdict) Label() string {
	switch v {
	case TooEarly:
		return "too early to say"
	case NotYet:
		return "not yet"
	case GettingThere:
		return "getting there"
	case Likely:
		return "likely"
	case Ready:
		return "ready"
	}
	return string(v)
}

// DomainReport is where a learner stands in one domain of an exam.
type DomainReport struct {
	ID       exam.DomainID
	Name     string
	Weight   float64 // fraction of the exam
	Shown    bool    // enough evidence to show the interval
	Interval Interval
	Answers  int    // answers that lie in the domain's cells
	Eligible int    // questions in the bank that serve the domain
	Missing  string // when not Shown: what would change that, in words
}

// SkillReport is where a learner stands in one skill, seen from one exam.
type SkillReport struct {
	Skill    exam.SkillID
	Name     string
	Interval Interval
	Answers  int
}

// ExamReport is where a learner stands with one exam.
type ExamReport struct {
	Code    exam.Code
	Offered bool // every domain has enough questions to be measured
	Answers int  // answers that lie in any of the exam's cells
	// Pass is the probability of passing today, capped to 0.05–0.95 for display;
	// PassRaw is not capped.
	Pass, PassRaw float64
	// Start is the probability of passing that was assumed before any answer, not
	// capped.
	Start   float64
	Verdict Verdict
	Overall Interval // blueprint-weighted
	// CutPercent is the raw cut in expected percent with the SD, in points, of what
	// is not known of cut, form and day. CutResults is how many results of real exams
	// it was refined from; 0 while it is assumed.
	CutPercent, CutSD float64
	CutResults        int
	// ThetaMean and ThetaSD describe the blueprint-weighted ability, in logits.
	ThetaMean, ThetaSD float64
	Domains            []DomainReport // in the exam's order
	Strongest, Weakest []SkillReport  // only skills with answers; best or worst first
	// Narrow is the domain where further answers would narrow the pass
	// probability most; "" when none would.
	Narrow exam.DomainID
}

// Report is everything that a set of answers says.
type Report struct {
	Answers int
	Exams   []ExamReport        // in catalogue order
	Banks   map[exam.BankID]int // answers that count, by bank
	Ignored map[string]int      // reason → answers that don't count
	// Version is that of the parameters it was measured with, and Calibrated how
	// many of the answers are to questions with estimates of their own.
	Version, Calibrated int
}

// Exam returns the report on one exam, and false if there is none.
func (r *Report) Exam(code exam.Code) (ExamReport, bool) {
	for _, e := range r.Exams {
		if e.Code == code {
			return e, true
		}
	}
	return ExamReport{}, false
}
