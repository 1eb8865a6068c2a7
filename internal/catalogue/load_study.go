package catalogue

const studyFile = "study.yaml"

// Study is what the study model assumes; see study.yaml for the reasons.
type Study struct {
	Target  float64           // probability of passing at which study ends, 0 to 1
	Ceiling float64           // logits above the middle of an exam's questions
	Hours   map[Level]float64 // by level: the time constant of an exam, in hours
	Spread  float64           // nine in ten learners need Hours/Spread to Hours·Spread
	Told    float64           // share of an hour told of that counts, 0 to 1
}

// levels are all levels an exam may have.
var levels = []Level{Foundational, Fundamentals, Business, Associate, Professional, Specialty, Expert}

func (r *reader) readStudy(c *Catalogue, v value) {
	o := v.object("target", "ceiling", "hours", "spread", "told")
	c.Study = Study{
		Target:  o.need("target", "the probability of passing at which study ends").number(0.05, 0.95),
		Ceiling: o.need("ceiling", "the ability that full study brings, in logits").number(0.5, 6),
		Spread:  o.need("spread", "the factor between learners").number(1, 10),
		Told:    o.need("told", "the share of an hour told of that counts").number(0, 1),
		Hours:   map[Level]float64{},
	}
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = string(l)
	}
	hours := o.need("hours", "the hours of study by level").object(names...)
	for _, l := range levels {
		c.Study.Hours[l] = hours.need(string(l), "the hours of study for exams of this level").number(1, 2000)
	}
}
