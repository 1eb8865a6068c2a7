package plan

import (
	"fmt"
	"math"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Glance is what a plan said on a day, as far as a later look compares with it.
type Glance struct {
	Day     Day                       `json:"day"`
	Exam    Day                       `json:"exam,omitzero"`    // the day of the exam; zero where none was found
	Chance  float64                   `json:"chance"`           // expected of passing on it, 0 to 1
	Domains map[exam.DomainID]float64 `json:"domains,omitzero"` // expected scores by the answers alone, 0 to 100
	Told    int                       `json:"told"`             // minutes told of so far
	Answers int                       `json:"answers"`          // that bear on the exam
}

// IsZero reports whether nothing was looked at.
func (g Glance) IsZero() bool { return g.Day.IsZero() }

// next is what was seen of a plan once it has been looked at again.
func (s Seen) next(now Glance) Seen {
	if s.Last.IsZero() {
		return Seen{Before: now, Last: now}
	}
	if s.Last.Day.Before(now.Day) {
		s.Before = s.Last
	}
	s.Last = now
	return s
}

// Smaller changes than these are no news: of a chance, and of a domain's expected
// score in percentage points.
const (
	chanceNews = .01
	domainNews = .5
)

// moved says in a sentence what changed between two looks at the plan of an open
// or a fixed date, and what it follows from. It is "" where nothing did.
func moved(cert *catalogue.Certification, fixed bool, before, now Glance) string {
	if before.IsZero() {
		return ""
	}
	words, better := shift(fixed, before, now)
	if words == "" {
		return ""
	}
	return words + cause(cert, better, before, now) + "."
}

// shift is the change in words, and whether it is for the better.
func shift(fixed bool, before, now Glance) (words string, better bool) {
	than := "when you made this plan"
	if before.Day.Before(now.Day) {
		than = "on " + before.Day.Format("2 January")
	}
	if fixed {
		gain := now.Chance - before.Chance
		if math.Abs(gain) < chanceNews {
			return "", false
		}
		way := map[bool]string{true: "higher", false: "lower"}[gain > 0]
		return fmt.Sprintf("The chance on the day is expected to be %s %s than %s", points(math.Abs(100*gain)), way, than), gain > 0
	}
	switch {
	case before.Exam.Equal(now.Exam):
		return "", false
	case before.Exam.IsZero():
		return fmt.Sprintf("There is a date now, which there was not %s", than), true
	case now.Exam.IsZero():
		return fmt.Sprintf("There is no date any more, as there was %s", than), false
	}
	days := int(math.Round(now.Exam.Sub(before.Exam).Hours() / 24)) // both at midnight UTC
	way := map[bool]string{true: "earlier", false: "later"}[days < 0]
	return fmt.Sprintf("%s %s than %s", count(max(days, -days), "day"), way, than), days < 0
}

// cause names what a change follows from.
func cause(cert *catalogue.Certification, better bool, before, now Glance) string {
	domain, most := "", 0.0
	for _, d := range cert.Domains {
		was, had := before.Domains[d.ID]
		is, has := now.Domains[d.ID]
		change := is - was
		if had && has && math.Abs(change) >= domainNews && (change > 0) == better && d.Weight*math.Abs(change) > most {
			domain, most = d.Name, d.Weight*math.Abs(change)
		}
	}
	told := now.Told - before.Told
	switch {
	case domain != "" && now.Answers != before.Answers:
		return fmt.Sprintf(", since “%s” %s by your newer answers", domain, map[bool]string{true: "rose", false: "fell"}[better])
	case told > 0 && better:
		return fmt.Sprintf(", since you told of %s", count(told, "minute"))
	case told < 0 && !better:
		return ", since you took back what you had told of"
	case now.Answers != before.Answers:
		return ", by what your newer answers say"
	case told > 0 && now.Day.After(before.Day):
		return ", since less shows so far than was planned"
	case told > 0:
		return ", since study that is told of counts for less until answers follow"
	case !better && now.Day.After(before.Day) && told == 0:
		return ", since nothing was answered here or told of in between"
	}
	return ""
}

// points are percentage points.
func points(n float64) string {
	return count(int(math.Max(1, math.Round(n))), "percentage point")
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// open are the plans that are followed still.
func open(plans []Kept) []Kept {
	return slices.DeleteFunc(slices.Clone(plans), func(k Kept) bool { return !k.Open() })
}

// sortByExam puts the nearest exam first; those without a date come last.
func sortByExam(list []Worked) {
	slices.SortStableFunc(list, func(a, b Worked) int {
		switch {
		case a.Exam.IsZero() != b.Exam.IsZero():
			if a.Exam.IsZero() {
				return 1
			}
			return -1
		default:
			return a.Exam.Compare(b.Exam)
		}
	})
}
