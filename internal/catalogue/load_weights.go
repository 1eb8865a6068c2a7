package catalogue

import (
	"math"
	"slices"
	"strings"
)

const weightsFile = "weights.yaml"

// Weights are the figures of the recommendation's score. weights.yaml says of
// each what it does and why it has its size. Points are those of the ledger;
// where a term takes points away, its weight is negative.
type Weights struct {
	// Step is the least a line of a ledger can weigh, a power of two, so that
	// sums of lines are exact.
	Step      float64
	Rules     RuleWeights
	Aims      AimWeights
	Depth     DepthWeights
	Market    MarketWeights
	Evidence  EvidenceWeights
	Reach     ReachWeights
	Status    StatusWeights
	Judgement JudgementWeights
}

// RuleWeights say how rules of rules.yaml spread.
type RuleWeights struct {
	Sibling      float64 // share of a rule about a cloud that its other exams get, 0 to 1
	NotReady     float64 // pass probability below which its entry exam gets it in full
	NotReadyFrom float64 // answers from which that is said
}

// AimWeights are points for what somebody aims at.
type AimWeights struct {
	Named       float64 // an exam they have in mind
	SecondCloud float64 // a second cloud, for those who want two
	HeldCloud   float64 // a cloud they hold something on, for the same
	Wanted      float64 // the cloud aimed at, where the present one differs
}

// DepthWeights are points for how an exam's level meets what was said of depth
// and base.
type DepthWeights struct {
	EntryFirst       float64 // an entry exam for a first certification
	EntryUnderstand  float64 // an entry exam for those who want to understand
	EntryBelow       float64 // an entry exam below the base or depth named
	AssociateEarly   float64 // an associate exam without a technical base
	TopEarly         float64 // a higher exam without a technical base
	TopUnderstand    float64 // a higher exam for those who want to understand
	TopFirst         float64 // a higher exam for a first certification
	TopUnprepared    float64 // a higher exam, with nothing that shows they are near
	PrerequisiteOpen float64 // an exam whose prerequisite isn't held
}

// MarketWeights bound what job postings add.
type MarketWeights struct {
	Cap  float64 // points at most
	Half float64 // postings at which half of it is reached
}

// EvidenceWeights shape the term of the answers.
type EvidenceWeights struct {
	Cap    float64 // points at most, either way
	From   float64 // answers from which they count
	Start  float64 // pass probability before any answer, where a report doesn't give it
	Bounds float64 // pass probabilities count from this to one minus this
}

// ReachWeights take back what the answers put out of reach or beneath a learner.
type ReachWeights struct {
	TopNone     float64 // pass probability up to which a higher exam is out of reach
	TopFull     float64 // and from which it isn't
	TopPoints   float64 // points lost out of reach, besides what spoke for it
	StepBefore  float64 // share of what spoke for it that its cloud's entry exam gets, if nothing lies between
	EntryNone   float64 // pass probability of a higher level up to which entry exams stay
	EntryFull   float64 // and from which they are beneath the learner
	EntryPoints float64 // points lost beneath, besides what the answers gave
}

// StatusWeights are points for what the calendar says.
type StatusWeights struct {
	Open        float64 // can be taken on the day
	Unconfirmed float64 // isn't confirmed
	Ending      float64 // few days left
	EndingDays  float64 // how many are few
	Ends        float64 // hardly any days left
	EndsDays    float64 // how many those are
	Replaced    float64 // its successor can be taken as well
}

// JudgementWeights are points that are ours.
type JudgementWeights struct {
	NextStep   float64 // the next step of a usual order after a held exam
	Takes      float64 // it takes the place of a held exam that has ended
	SameHeld   float64 // a credential that is held already
	OffSubject float64 // an exam for one kind of work, where nothing points at it
}

// Weight is one of the figures, under its name in weights.yaml.
type Weight struct {
	Name      string // e.g. "evidence.cap"
	Value     *float64
	Low, High float64 // what it may be
}

// All lists the figures that shape the score, in the file's order; the step
// isn't one of them. The pointers lead into w.
func (w *Weights) All() []Weight {
	points := func(name string, v *float64) Weight { return Weight{name, v, 0, 6} }
	loss := func(name string, v *float64) Weight { return Weight{name, v, -6, 0} }
	share := func(name string, v *float64) Weight { return Weight{name, v, 0, 1} }
	count := func(name string, v *float64) Weight { return Weight{name, v, 1, 400} }
	return []Weight{
		share("rules.sibling", &w.Rules.Sibling),
		share("rules.not_ready", &w.Rules.NotReady),
		count("rules.not_ready_from", &w.Rules.NotReadyFrom),
		points("aims.named", &w.Aims.Named),
		points("aims.second_cloud", &w.Aims.SecondCloud),
		loss("aims.held_cloud", &w.Aims.HeldCloud),
		points("aims.wanted", &w.Aims.Wanted),
		points("depth.entry_first", &w.Depth.EntryFirst),
		points("depth.entry_understand", &w.Depth.EntryUnderstand),
		loss("depth.entry_below", &w.Depth.EntryBelow),
		loss("depth.associate_early", &w.Depth.AssociateEarly),
		loss("depth.top_early", &w.Depth.TopEarly),
		loss("depth.top_understand", &w.Depth.TopUnderstand),
		loss("depth.top_first", &w.Depth.TopFirst),
		loss("depth.top_unprepared", &w.Depth.TopUnprepared),
		loss("depth.prerequisite_open", &w.Depth.PrerequisiteOpen),
		{"market.cap", &w.Market.Cap, 0, 2.5},
		count("market.half", &w.Market.Half),
		points("evidence.cap", &w.Evidence.Cap),
		count("evidence.from", &w.Evidence.From),
		{"evidence.start", &w.Evidence.Start, 0.01, 0.99},
		{"evidence.bounds", &w.Evidence.Bounds, 0.001, 0.2},
		share("reach.top_none", &w.Reach.TopNone),
		share("reach.top_full", &w.Reach.TopFull),
		loss("reach.top_points", &w.Reach.TopPoints),
		share("reach.step_before", &w.Reach.StepBefore),
		share("reach.entry_none", &w.Reach.EntryNone),
		share("reach.entry_full", &w.Reach.EntryFull),
		loss("reach.entry_points", &w.Reach.EntryPoints),
		points("status.open", &w.Status.Open),
		loss("status.unconfirmed", &w.Status.Unconfirmed),
		loss("status.ending", &w.Status.Ending),
		count("status.ending_days", &w.Status.EndingDays),
		loss("status.ends", &w.Status.Ends),
		count("status.ends_days", &w.Status.EndsDays),
		loss("status.replaced", &w.Status.Replaced),
		points("judgement.next_step", &w.Judgement.NextStep),
		points("judgement.takes", &w.Judgement.Takes),
		loss("judgement.same_held", &w.Judgement.SameHeld),
		loss("judgement.off_subject", &w.Judgement.OffSubject),
	}
}

// readWeights reads weights.yaml: sections of figures, each of which must be
// there.
func (r *reader) readWeights(c *Catalogue, v value) {
	all := c.Weights.All()
	sections := []string{"step"}
	keys := map[string][]string{}
	for _, one := range all {
		section, key, _ := strings.Cut(one.Name, ".")
		if !slices.Contains(sections, section) {
			sections = append(sections, section)
		}
		keys[section] = append(keys[section], key)
	}
	o := v.object(sections...)
	step := o.need("step", "the least a line of the ledger can weigh, e.g. 0.25")
	c.Weights.Step = step.number(1.0/1024, 1)
	if c.Weights.Step > 0 && !powerOfTwo(c.Weights.Step) {
		step.problem("%g is no power of two; write 1, 0.5, 0.25, 0.125 …, so that sums are exact", c.Weights.Step)
	}
	read := map[string]object{}
	for _, section := range sections[1:] {
		read[section] = o.need(section, "the figures of this part of the score").object(keys[section]...)
	}
	for _, one := range all {
		section, key, _ := strings.Cut(one.Name, ".")
		*one.Value = read[section].need(key, "give the figure; the README says what each file holds").number(one.Low, one.High)
	}
	checkRamps(read["reach"], c.Weights.Reach)
}

// powerOfTwo reports whether x is 2 to some whole power.
func powerOfTwo(x float64) bool {
	fraction, _ := math.Frexp(x)
	return fraction == 0.5
}

// checkRamps refuses a ramp that doesn't rise.
func checkRamps(o object, w ReachWeights) {
	for _, ramp := range []struct {
		low, high float64
		at        string
	}{{w.TopNone, w.TopFull, "top_full"}, {w.EntryNone, w.EntryFull, "entry_full"}} {
		if at := o.get(ramp.at); at.present() && ramp.high <= ramp.low {
			at.problem("%g is not above %g, where the term begins to fade", ramp.high, ramp.low)
		}
	}
}
