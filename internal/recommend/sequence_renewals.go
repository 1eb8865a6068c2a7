package recommend

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Renewal is when a certification that is held runs out, and what keeps it.
type Renewal struct {
	Code exam.Code
	Name string
	// Earned is the day it was earned or last renewed, Ends the last day it holds;
	// both are zero where the learner told no day.
	Earned, Ends time.Time
	Opens        time.Time // the first day it can be renewed; zero where no window is known
	Past         bool      // Ends has gone by
	Over         bool      // it can't be renewed any more
	By           exam.Code // the step of the sequence that renews it; "" if none
	Text         string    // what to do and by when, in words
	How          catalogue.Fact
}

// Renewals lists what becomes of the certifications held that expire, those that
// end first at the head and those of which no day was told at the end.
func Renewals(cat *catalogue.Catalogue, in Situation, steps []Step, now time.Time) []Renewal {
	var out []Renewal
	if cat == nil {
		return nil
	}
	held := map[exam.Code]bool{}
	for _, code := range in.Held {
		held[code] = true
	}
	for _, code := range slices.Sorted(maps.Keys(held)) {
		c, ok := cat.Certification(code)
		if !ok || c.ValidityYears == 0 {
			continue
		}
		out = append(out, renewal(c, in.HeldSince[code], steps, calendarDay(now)))
	}
	slices.SortStableFunc(out, func(a, b Renewal) int {
		switch {
		case a.Ends.IsZero() && b.Ends.IsZero():
			return 0
		case a.Ends.IsZero():
			return 1
		case b.Ends.IsZero():
			return -1
		}
		return a.Ends.Compare(b.Ends)
	})
	return out
}

func renewal(c *catalogue.Certification, earned time.Time, steps []Step, today time.Time) Renewal {
	r := Renewal{Code: c.Code, Name: c.Name, Over: c.Renewing.Over, How: c.Renewal}
	if earned.IsZero() || calendarDay(earned).After(today) {
		r.Text = fmt.Sprintf("%s holds for %s. Tell when you earned it, and the day to renew it stands here.", c.Code, years(c.ValidityYears))
		return r
	}
	r.Earned = calendarDay(earned)
	r.Ends = r.Earned.AddDate(c.ValidityYears, 0, 0)
	r.Opens = c.Renewing.Opens(r.Ends)
	r.Past = r.Ends.Before(today)
	for _, s := range steps {
		if slices.Contains(c.Renewing.By, s.Code) && !s.To.After(r.Ends) && r.By == "" {
			r.By = s.Code
		}
	}
	r.Text = r.words(c, today)
	return r
}

func (r *Renewal) words(c *catalogue.Certification, today time.Time) string {
	ends := longDate(r.Ends)
	switch {
	case r.Past:
		return fmt.Sprintf("%s ran out on %s by the day you gave. If you renewed it since, give that day.", c.Code, ends)
	case r.Over:
		return fmt.Sprintf("%s runs out on %s and can't be renewed any more.", c.Code, ends)
	case r.By != "":
		return fmt.Sprintf("%s runs out on %s; %s renews it.", c.Code, ends, r.By)
	}
	var how []string
	if c.Renewing.Online {
		how = append(how, "free online assessment")
	}
	if !r.Opens.IsZero() {
		if r.Opens.After(today) {
			how = append(how, "open from "+longDate(r.Opens))
		} else {
			how = append(how, "open now")
		}
	}
	if len(how) > 0 {
		return fmt.Sprintf("Renew %s before %s (%s).", c.Code, ends, strings.Join(how, ", "))
	}
	return fmt.Sprintf("Renew %s before %s.", c.Code, ends)
}

func years(n int) string {
	if n == 1 {
		return "one year"
	}
	return fmt.Sprintf("%d years", n)
}
