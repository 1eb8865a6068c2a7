package study_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/study"
)

func onOffer(id string, difficulty int, seen int, tags ...string) study.Sibling {
	o := study.Sibling{Question: exam.QuestionID(id), Skill: "rag-grounding", Platform: exam.AWS, Difficulty: difficulty, Enemies: tags}
	if seen > 0 {
		o.LastSeen = evening.AddDate(0, 0, -seen)
	}
	return o
}

func TestSubstitutePrefersOtherWords(t *testing.T) {
	card := study.Card{Question: "own", Skill: "rag-grounding", Platform: exam.AWS, LastReview: evening.AddDate(0, 0, -5)}
	own := onOffer("own", 3, 5, "chunking")
	elsewhere := onOffer("azure", 3, 0)
	elsewhere.Platform = exam.Azure
	other := onOffer("other-skill", 3, 0)
	other.Skill = "evaluation"
	for name, c := range map[string]struct {
		offer []study.Sibling
		want  exam.QuestionID
	}{
		"nothing else":                     {[]study.Sibling{own}, "own"},
		"another skill or platform":        {[]study.Sibling{elsewhere, other, own}, "own"},
		"an unseen sibling":                {[]study.Sibling{own, onOffer("s1", 3, 0)}, "s1"},
		"an unseen variant":                {[]study.Sibling{own, onOffer("s1", 3, 0), onOffer("v", 1, 0, "x", "chunking")}, "v"},
		"unseen before a seen variant":     {[]study.Sibling{own, onOffer("s1", 1, 0), onOffer("v", 3, 90, "chunking")}, "s1"},
		"nearest in difficulty":            {[]study.Sibling{own, onOffer("s1", 1, 0), onOffer("s2", 4, 0)}, "s2"},
		"the one seen longest ago":         {[]study.Sibling{own, onOffer("s1", 3, 9), onOffer("s2", 3, 20)}, "s2"},
		"own when all were seen since":     {[]study.Sibling{onOffer("s1", 3, 1), own, onOffer("s2", 3, 2)}, "own"},
		"other words when seen with it":    {[]study.Sibling{own, onOffer("s1", 3, 5)}, "s1"},
		"the first by id when all is even": {[]study.Sibling{own, onOffer("s2", 3, 0), onOffer("s1", 3, 0)}, "s1"},
		"own was withdrawn":                {[]study.Sibling{onOffer("s1", 3, 1)}, "s1"},
		"own, though marked as unseen":     {[]study.Sibling{onOffer("own", 3, 0), onOffer("s1", 3, 9)}, "s1"},
	} {
		if got, ok := study.Substitute(card, c.offer); !ok || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, ok, c.want)
		}
	}
	for _, offer := range [][]study.Sibling{nil, {elsewhere}, {other}} {
		if got, ok := study.Substitute(card, offer); ok {
			t.Errorf("%v serves the card with %s", offer, got)
		}
	}
}

func TestSiblingOfTakesWhatMatters(t *testing.T) {
	q := &exam.Question{ID: "q", Skill: "s", Platform: exam.GCP, Difficulty: 4, Enemies: []string{"t"}}
	got := study.SiblingOf(q, evening)
	if got.Question != "q" || got.Skill != "s" || got.Platform != exam.GCP || got.Difficulty != 4 || len(got.Enemies) != 1 || !got.LastSeen.Equal(evening) {
		t.Errorf("%+v", got)
	}
}

func TestSessionLeavesEnemiesForAnotherDay(t *testing.T) {
	due := []study.Card{
		{Question: "a", Skill: "rag-grounding", Platform: exam.AWS, LastReview: evening},
		{Question: "b", Skill: "rag-grounding", Platform: exam.AWS, LastReview: evening},
		{Question: "c", Skill: "rag-grounding", Platform: exam.AWS, LastReview: evening},
	}
	offer := []study.Sibling{onOffer("a", 3, 1, "twins"), onOffer("b", 3, 1, "twins"), onOffer("c", 3, 1)}
	asks := study.Session(due, offer, 2, nil, seeded(1))
	if len(asks) != 2 || asks[0].Question == "b" || asks[1].Question == "b" {
		t.Errorf("%+v", asks)
	}
}

func TestASessionKeepsItsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var offer []study.Sibling
		var due []study.Card
		for i := range rapid.IntRange(0, 30).Draw(t, "questions") {
			o := onOffer(fmt.Sprint("q", i), rapid.IntRange(1, 5).Draw(t, "difficulty"), rapid.IntRange(0, 9).Draw(t, "seen"))
			o.Skill = exam.SkillID(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "skill"))
			o.Platform = rapid.SampledFrom([]exam.Platform{exam.AWS, exam.Azure}).Draw(t, "platform")
			if rapid.Bool().Draw(t, "tagged") {
				o.Enemies = []string{rapid.StringMatching("[xyz]").Draw(t, "tag")}
			}
			if rapid.IntRange(0, 2).Draw(t, "due") == 0 {
				due = append(due, study.Card{Question: o.Question, Skill: o.Skill, Platform: o.Platform, LastReview: evening.Add(time.Duration(i) * time.Minute)})
			}
			if rapid.IntRange(0, 9).Draw(t, "withdrawn") > 0 {
				offer = append(offer, o)
			}
		}
		limit := rapid.IntRange(0, 12).Draw(t, "limit")
		asks := study.Session(due, offer, limit, nil, seeded(rapid.Uint64().Draw(t, "seed")))
		if limit > 0 && len(asks) > limit || len(asks) > len(due) {
			t.Fatalf("%d asked, limit %d, %d due", len(asks), limit, len(due))
		}
		known, own := map[exam.QuestionID]study.Sibling{}, map[exam.QuestionID]bool{}
		for _, o := range offer {
			known[o.Question] = o
		}
		for _, c := range due {
			own[c.Question] = true
		}
		asked, tags := map[exam.QuestionID]bool{}, map[string]bool{}
		for _, a := range asks {
			o, ok := known[a.Question]
			if !ok || o.Skill != a.Card.Skill || o.Platform != a.Card.Platform {
				t.Errorf("%+v is asked with %+v", a.Card, o)
			}
			if asked[a.Question] {
				t.Errorf("%s is asked twice", a.Question)
			}
			if own[a.Question] && a.Question != a.Card.Question {
				t.Errorf("%s stands in for %s while its own card is due", a.Question, a.Card.Question)
			}
			asked[a.Question] = true
			for _, tag := range o.Enemies {
				if tags[tag] {
					t.Errorf("two questions of tag %s meet", tag)
				}
				tags[tag] = true
			}
		}
	})
}

// With no limit and no enemies every due card that the bank can serve is asked.
func TestASessionServesAllItCan(t *testing.T) {
	var offer []study.Sibling
	var due []study.Card
	for i := range 40 {
		o := onOffer(fmt.Sprintf("q%02d", i), 3, 3)
		offer = append(offer, o)
		if i%2 == 0 {
			due = append(due, study.Card{Question: o.Question, Skill: o.Skill, Platform: o.Platform, LastReview: evening})
		}
	}
	asks := study.Session(due, offer, 0, nil, seeded(3))
	if len(asks) != 20 {
		t.Fatalf("%d of 20 were asked", len(asks))
	}
	for _, a := range asks {
		if a.Question == a.Card.Question {
			t.Errorf("%s is asked in its own words though 20 siblings were seen no later", a.Question)
		}
	}
}
