package exchange_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

func idsOf(questions []*exam.Question) []string {
	var ids []string
	for _, q := range questions {
		ids = append(ids, string(q.ID))
	}
	return ids
}

func TestIdsFollowWhatAQuestionWasCalled(t *testing.T) {
	long := strings.Repeat("a very long name ", 12)
	takenElsewhere := func(id exam.QuestionID) bool { return id == "aws-rag-01" }
	cases := []struct {
		name string
		q    exam.Question
		want string
	}{
		{"its own", exam.Question{ID: "spring-q1"}, "spring-q1"},
		{"its own without the bank's", exam.Question{ID: "aws-rag-02", SourceID: "7"}, "aws-rag-02"},
		{"another bank's", exam.Question{ID: "aws-rag-01"}, "spring-aws-rag-01"},
		{"no valid one", exam.Question{ID: "Q 1"}, "spring-q-1"},
		{"the source's", exam.Question{SourceID: "4711", Title: "Caching"}, "spring-4711"},
		{"the source's with the bank's in front", exam.Question{SourceID: "spring-4711"}, "spring-4711"},
		{"the title", exam.Question{Title: "Caching: what & why?"}, "spring-caching-what-why"},
		{"a title in other letters", exam.Question{Title: "漢字"}, "spring-xc6d2977135"},
		{"a long title", exam.Question{Title: long}, "spring-" + strings.TrimSuffix(strings.ReplaceAll(long, " ", "-")[:62], "-") + "-c6f62e73e1"},
		{"the text", exam.Question{Ask: "Is it?"}, "spring-q1743251f47"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := c.q
			exchange.AssignIDs("spring", []*exam.Question{&q}, takenElsewhere)
			if string(q.ID) != c.want || len(q.ID) > 80 {
				t.Errorf("got %s (%d characters), want %s", q.ID, len(q.ID), c.want)
			}
		})
	}
}

func TestQuestionsOfOneNameAreToldApartByTheirTexts(t *testing.T) {
	questions := func() []*exam.Question {
		return []*exam.Question{
			{Title: "Question 1", Ask: "Is it?"}, {Title: "question-1", Ask: "Was it?"}, {Title: "Question 2", Ask: "Is it?"}, {Title: "Question 1", Ask: "Is it?"},
		}
	}
	forward, backward := questions(), questions()
	exchange.AssignIDs("b", forward, nil)
	slices.Reverse(backward)
	exchange.AssignIDs("b", backward, nil)
	slices.Reverse(backward)
	if forward[0].ID == forward[1].ID || forward[2].ID != "b-question-2" || forward[3].ID != forward[0].ID+"-2" {
		t.Errorf("ids %v", idsOf(forward))
	}
	if forward[1].ID != backward[1].ID {
		t.Errorf("the order of the file changes an id: %v, %v", idsOf(forward), idsOf(backward))
	}
	more := append(questions(), &exam.Question{Title: "Question 3"})
	exchange.AssignIDs("b", more, nil)
	if diff := cmp.Diff(idsOf(forward), idsOf(more)[:4]); diff != "" {
		t.Errorf("another question in the file changes ids (-before +after):\n%s", diff)
	}
}

func TestACorrectedKeyLeavesTheId(t *testing.T) {
	q := func(key bool) *exam.Question {
		return &exam.Question{Ask: "Is it?", Options: []exam.Option{{Text: "Yes", Key: key}, {Text: "No", Key: !key, Rationale: "No."}}}
	}
	before, after := q(true), q(false)
	exchange.AssignIDs("b", []*exam.Question{before}, nil)
	exchange.AssignIDs("b", []*exam.Question{after}, nil)
	if before.ID != after.ID {
		t.Errorf("%s became %s", before.ID, after.ID)
	}
}

func TestCaseSetsOfOneTextAreOne(t *testing.T) {
	set := func(id exam.StimulusID, text string) *exam.Question {
		return &exam.Question{Title: string(id) + text, Stimulus: &exam.Stimulus{ID: id, Title: "Orchard", Text: text}}
	}
	questions := []*exam.Question{set("orchard", "Apples."), set("orchard", "Apples."), set("orchard", "Pears."), set("", "Plums."), {Title: "alone"}}
	exchange.AssignIDs("b", questions, nil)
	if questions[0].Stimulus != questions[1].Stimulus || questions[0].Stimulus.ID != "orchard" {
		t.Errorf("the same set twice: %+v, %+v", questions[0].Stimulus, questions[1].Stimulus)
	}
	if id := questions[2].Stimulus.ID; !strings.HasPrefix(string(id), "b-orchard-") {
		t.Errorf("another set of the same id became %q", id)
	}
	if id := questions[3].Stimulus.ID; !strings.HasPrefix(string(id), "b-case-") {
		t.Errorf("a set without an id became %q", id)
	}
}

func TestIdsAreValidAndEachOnlyOnce(t *testing.T) {
	valid := regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,79}$`)
	word := rapid.OneOf(rapid.SampledFrom([]string{"", "a", "A", "a-2", "b-a", "漢", strings.Repeat("long ", 40)}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		bank := exam.BankID(word.Draw(t, "bank"))
		var questions []*exam.Question
		for range rapid.IntRange(1, 12).Draw(t, "questions") {
			questions = append(questions, &exam.Question{
				ID:       exam.QuestionID(rapid.OneOf(rapid.Just(""), rapid.Just("aws-1"), word).Draw(t, "id")),
				SourceID: word.Draw(t, "source"), Title: word.Draw(t, "title"), Ask: word.Draw(t, "ask"),
			})
		}
		exchange.AssignIDs(bank, questions, func(id exam.QuestionID) bool { return id == "aws-1" })
		ids := idsOf(questions)
		for i, id := range ids {
			if !valid.MatchString(id) || id == "aws-1" || slices.Contains(ids[:i], id) {
				t.Fatalf("%q among %q", id, ids)
			}
		}
		exchange.AssignIDs(bank, questions, func(id exam.QuestionID) bool { return id == "aws-1" })
		if diff := cmp.Diff(ids, idsOf(questions)); diff != "" {
			t.Fatalf("ids that were given are given anew:\n%s", diff)
		}
	})
}
