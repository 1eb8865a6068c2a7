package recommend

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
)

// reasonsFor is how many reasons for an exam an explanation names.
const reasonsFor = 2

// explain fills in the strongest reasons for and against, and says them.
func (s *subject) explain(c *Choice) {
	c.For = strongestFor(c.Ledger)
	against := s.strongestAgainst(c)
	c.Against = &against
	c.Explanation = explanation(c)
}

func strongestFor(ledger []Entry) []Entry {
	var out []Entry
	for _, e := range ledger {
		if e.Weight > 0 {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return cmp.Compare(b.Weight, a.Weight) })
	return out[:min(reasonsFor, len(out))]
}

// strongestAgainst is the line that takes most, or else the honest next thing.
func (s *subject) strongestAgainst(c *Choice) Entry {
	var worst *Entry
	for i := range c.Ledger {
		if e := &c.Ledger[i]; e.Weight < 0 && (worst == nil || e.Weight < worst.Weight) {
			worst = e
		}
	}
	if worst != nil {
		return *worst
	}
	if !c.Measured {
		return Entry{Source: OurJudgement, Text: s.unmeasuredText(c.Code), Brief: "that how near you are isn't measured yet"}
	}
	if c.Need != nil && !c.Need.Reached {
		return needed(c)
	}
	return s.price(s.certs[c.Code])
}

// needed says what study a pass would take, by the study model.
func needed(c *Choice) Entry {
	n := c.Need
	hours := fmt.Sprintf("%s hours (%s to %s for nine in ten learners)", whole(n.Hours), whole(n.Low), whole(n.High))
	if n.Beyond {
		return Entry{
			Source: YourAnswers, Brief: "how far study alone would bring you",
			Text: fmt.Sprintf("By a study model that is assumed, no amount of study brings %.0f\u00a0%%; %s bring about %.0f\u00a0%%.", 100*n.Target, hours, 100*n.Best),
		}
	}
	return Entry{
		Source: YourAnswers, Brief: fmt.Sprintf("about %s hours of study to a chance of %.0f\u00a0%%", whole(n.Hours), 100*n.Target),
		Text: fmt.Sprintf("%s of study to a chance of %.0f\u00a0%%, by a study model that is assumed.", upperFirst(hours), 100*n.Target),
	}
}

// whole writes hours no more precisely than they are known, and as other pages do:
// to the hour up to twenty, and to five hours above.
func whole(hours float64) string {
	const precise, step = 20, 5
	if hours > precise {
		hours = step * math.Round(hours/step)
	}
	return strconv.FormatFloat(math.Max(1, math.Round(hours)), 'f', -1, 64)
}

// price says what an exam costs and how long it lasts.
func (s *subject) price(c *catalogue.Certification) Entry {
	var parts []string
	if c.PriceUSD > 0 {
		parts = append(parts, fmt.Sprintf("it costs USD %d", c.PriceUSD))
	}
	switch {
	case c.ValidityYears == 1:
		parts = append(parts, "it runs out after a year unless it is renewed")
	case c.ValidityYears > 1:
		parts = append(parts, fmt.Sprintf("it runs out after %d years unless it is renewed", c.ValidityYears))
	}
	if len(parts) == 0 {
		return Entry{Source: Lifecycle, Brief: "that its price and term aren't known here", Text: "Its price and how long it lasts aren't known here."}
	}
	text := inWords(parts)
	return Entry{Source: Lifecycle, Brief: "that " + text, Text: upperFirst(text) + "."}
}

// explanation says the strongest reasons in one or two sentences.
func explanation(c *Choice) string {
	var b strings.Builder
	switch len(c.For) {
	case 0:
		fmt.Fprintf(&b, "Nothing speaks for %s yet.", c.Code)
	case 1:
		fmt.Fprintf(&b, "One thing speaks for %s: %s.", c.Code, weighed(c.For[0]))
	default:
		fmt.Fprintf(&b, "What speaks most for %s: %s, and %s.", c.Code, weighed(c.For[0]), weighed(c.For[1]))
	}
	if c.Against.Weight < 0 {
		fmt.Fprintf(&b, " Most against it: %s.", weighed(*c.Against))
	} else {
		fmt.Fprintf(&b, " No line of the score speaks against it; to be considered: %s.", c.Against.Brief)
	}
	return b.String()
}

// weighed is a reason in a few words with its points.
func weighed(e Entry) string {
	return fmt.Sprintf("%s (%s)", e.Brief, strings.Replace(fmt.Sprintf("%+g", e.Weight), "-", "−", 1))
}
