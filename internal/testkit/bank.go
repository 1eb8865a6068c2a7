package testkit

import (
	"fmt"
	"slices"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/grade"
	"sextant/internal/sitting"
)

// What a learner must not see before a sitting ends begins with a word that no
// page has of its own, followed by the question's id in brackets.
const (
	RationaleWord = "zqrationale"
	RememberWord  = "zqremember"
	ReferenceHost = "zqreference.example"
)

// Secrets are the words that only the review of a finished sitting may hold.
func Secrets() []string { return []string{RationaleWord, RememberWord, ReferenceHost} }

func secret(word string, id exam.QuestionID) string { return word + "(" + string(id) + ")" }

type cell struct {
	skill    exam.SkillID
	platform exam.Platform
}

// Synthetic is a bank in which every exam of the catalogue can be measured: it
// has perCell questions for every skill that an exam examines, on its vendor's
// platform and as a neutral concept. Types and difficulties take turns. Every
// text names its question, so that a page's text tells where it comes from.
func Synthetic(t testing.TB, perCell int) *bank.Bank {
	t.Helper()
	cat := Catalogue(t)
	var questions []*exam.Question
	have := map[exam.Code]map[exam.DomainID]int{}
	for i, c := range cells(cat) {
		for n := range perCell {
			id := exam.QuestionID(fmt.Sprintf("syn-%s-%s-%d", c.platform, c.skill, n+1))
			types := exam.Types()
			q := Question(id, types[(i+n)%len(types)], c.platform, c.skill)
			q.Difficulty = 1 + (i+n)%5
			place(cat, q, have)
			Revise(q)
			questions = append(questions, q)
		}
	}
	return bank.New(exam.BuiltIn, questions)
}

func cells(cat *catalogue.Catalogue) []cell {
	var found []cell
	seen := map[cell]bool{}
	for i := range cat.Certifications {
		cert := &cat.Certifications[i]
		for _, d := range cert.Domains {
			for _, s := range d.Skills() {
				for _, p := range []exam.Platform{cert.Vendor, exam.Neutral} {
					if c := (cell{s, p}); !seen[c] {
						seen[c] = true
						found = append(found, c)
					}
				}
			}
		}
	}
	return found
}

// place names, for every exam that has the question's skill in several domains,
// the one with the fewest questions so far.
func place(cat *catalogue.Catalogue, q *exam.Question, have map[exam.Code]map[exam.DomainID]int) {
	q.Domains = map[exam.Code]exam.DomainID{}
	for code, domains := range cat.Unplaced(q) {
		q.Domains[code] = slices.MinFunc(domains, func(a, b exam.DomainID) int {
			return have[code][a] - have[code][b]
		})
	}
	for code, domain := range cat.Serves(q) {
		if have[code] == nil {
			have[code] = map[exam.DomainID]int{}
		}
		have[code][domain]++
	}
}

// Question makes a valid question of a type, with four parts.
func Question(id exam.QuestionID, t exam.Type, p exam.Platform, skill exam.SkillID) *exam.Question {
	q := &exam.Question{
		ID: id, Bank: exam.BuiltIn, Type: t, Platform: p, Skill: skill, Difficulty: 3,
		Stem: fmt.Sprintf("A team works on the case [%s].", id), Ask: fmt.Sprintf("What holds for [%s]?", id),
		Remember:   secret(RememberWord, id),
		References: []exam.Reference{{Title: "Page on " + string(id), URL: "https://" + ReferenceHost + "/" + string(id)}},
		FactsAsOf:  "2026-11",
	}
	const parts = 4
	for i := range parts {
		letter := string(rune('A' + i))
		because := secret(RationaleWord, id) + " " + letter
		if t == exam.YesNo {
			q.Statements = append(q.Statements, exam.Statement{Text: fmt.Sprintf("Statement %s of [%s]", letter, id), Yes: i%2 == 0, Rationale: because})
			continue
		}
		o := exam.Option{ID: exam.OptionID(letter), Text: fmt.Sprintf("Choice %s of [%s]", letter, id), Rationale: because}
		switch t {
		case exam.Single:
			o.Key = i == 0
		case exam.Multiple:
			o.Key, q.Choose = i < 2, 2
		case exam.Ordering:
			o.Place = i + 1
		case exam.Matching:
			q.Prompts = append(q.Prompts, exam.Prompt{Text: fmt.Sprintf("Line %d of [%s]", i+1, id), Match: o.ID, Rationale: because})
			o.Rationale = ""
		case exam.YesNo: // has statements instead
		}
		q.Options = append(q.Options, o)
	}
	Revise(q)
	return q
}

// Revise gives a question that was changed its revision.
func Revise(q *exam.Question) { q.Revision = bank.Revision(q) }

// Pick is a right or a wrong choice for a question as it is shown.
func Pick(asked sitting.Asked, right bool) sitting.Choice {
	choice := ChoiceFor(asked.Question, asked.Order, grade.Key(asked.Question))
	if !right {
		spoil(asked.Question, &choice)
	}
	return choice
}

// ChoiceFor says an answer in the places of a page that shows the options in
// the given order.
func ChoiceFor(q *exam.Question, order []exam.OptionID, a exam.Answer) sitting.Choice {
	placeOf := func(id exam.OptionID) string { return fmt.Sprint(slices.Index(order, id) + 1) }
	var c sitting.Choice
	for _, id := range a.Selected {
		c.Selected = append(c.Selected, placeOf(id))
	}
	for _, id := range a.Matches {
		c.Matches = append(c.Matches, placeOf(id))
	}
	if q.Type == exam.Ordering {
		for _, id := range order {
			c.Order = append(c.Order, fmt.Sprint(slices.Index(a.Order, id)+1))
		}
	}
	c.Verdicts = slices.Clone(a.Verdicts)
	return c
}

// spoil makes a right choice wrong, and leaves it complete.
func spoil(q *exam.Question, c *sitting.Choice) {
	switch q.Type {
	case exam.Single, exam.Multiple:
		for n := 1; n <= len(q.Options); n++ {
			if other := fmt.Sprint(n); !slices.Contains(c.Selected, other) {
				c.Selected[0] = other
				return
			}
		}
		c.Selected = c.Selected[:1] // every option was a key
	case exam.Ordering:
		c.Order[0], c.Order[1] = c.Order[1], c.Order[0]
	case exam.Matching:
		for i, m := range c.Matches {
			if m != c.Matches[0] {
				c.Matches[0], c.Matches[i] = m, c.Matches[0]
				return
			}
		}
		// Every line has the same match: give the first another.
		if c.Matches[0] == "1" {
			c.Matches[0] = "2"
		} else {
			c.Matches[0] = "1"
		}
	case exam.YesNo:
		c.Verdicts[0] = map[string]string{grade.Yes: grade.No, grade.No: grade.Yes}[c.Verdicts[0]]
	}
}
