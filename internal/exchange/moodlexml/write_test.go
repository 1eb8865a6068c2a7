package moodlexml_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/moodlexml"
)

// onePixel returns a document that holds two images of that name.
func twoImages(t *testing.T) (media map[string]exchange.Media, keys [2]string) {
	t.Helper()
	d := &exchange.Document{}
	for i, encoded := range []string{
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
		"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
	} {
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if keys[i], err = d.AddMedia("the dot.png", data); err != nil {
			t.Fatal(err)
		}
	}
	return d.Media, keys
}

func image(key string) string { return "![a dot](" + exchange.MediaScheme + key + ")" }

// oneOfEach is a question of every type, two of them in a case set.
func oneOfEach(keys [2]string) []*exam.Question {
	set := &exam.Stimulus{ID: "aws-harbour", Title: "The harbour", Text: "Ships come.\n\nShips go."}
	return []*exam.Question{
		{
			ID: "aws-single-01", Type: exam.Single, Platform: exam.AWS, Skill: "rag-grounding", Difficulty: 2, DifficultyReason: "a < b",
			Stem: "A scenario with `code` & more.", Ask: "Which one?", Title: "Single", SourceID: "x&y", Points: 2,
			Options: []exam.Option{
				{ID: "A", Text: image(keys[0]) + " and " + image(keys[1]), Key: true, Rationale: "Because."}, {ID: "B", Text: "Two", Weight: -25}, {ID: "C", Text: "**Three** ]]> four", Weight: 50},
			},
			Explanation: "In general.\n\n**Hint:** Look again.", Remember: "Look twice.", References: []exam.Reference{{Title: "Docs", URL: "https://example.com/docs"}},
			Replies: exam.Replies{Right: "Well done.", Wrong: "Try again."}, Tags: []string{"own tag"},
		},
		{
			ID: "aws-multiple-01", Type: exam.Multiple, Choose: 2, Category: "Cloud/Storage", FixedOrder: true, Ask: "Which two?",
			Options: []exam.Option{{ID: "A", Text: "One", Key: true}, {ID: "B", Text: "Two", Key: true}, {ID: "C", Text: "Three"}},
		},
		{
			ID: "aws-truth-01", Type: exam.Single, FixedOrder: true, Category: "Cloud/Storage", Ask: "Is it so?",
			Options: []exam.Option{{ID: "A", Text: "True", Rationale: "Yes."}, {ID: "B", Text: "False", Key: true, Rationale: "No."}},
		},
		{
			ID: "aws-ordering-01", Type: exam.Ordering, Stimulus: set, Ask: "In which order?",
			Options: []exam.Option{{ID: "A", Text: "Last", Place: 3, Rationale: "It ends."}, {ID: "B", Text: "First", Place: 1}, {ID: "C", Text: "Second", Place: 2}},
		},
		{
			ID: "aws-matching-01", Type: exam.Matching, Stimulus: set, Stem: "It rains.", Ask: "Which belongs where?", OneToOne: true,
			Options: []exam.Option{{ID: "A", Text: "Never"}, {ID: "B", Text: "List<int>"}, {ID: "C", Text: "`code`"}},
			Prompts: []exam.Prompt{{Text: "The generic", Match: "B", Rationale: "It has brackets."}, {Text: "The formatted", Match: "C"}},
		},
		{
			ID: "aws-yes-no-01", Type: exam.YesNo, Ask: "Which hold?",
			Statements: []exam.Statement{{Text: "This one.", Yes: true, Rationale: "It says so."}, {Text: "That one.", Yes: true}},
		},
	}
}

func TestWrite(t *testing.T) {
	media, keys := twoImages(t)
	questions := oneOfEach(keys)
	golden(t, "written.golden.xml", string(written(t, questions, media)))
	back := thereAndBack(t, questions, media)
	for key, m := range media {
		if !bytes.Equal(back.Media[key].Data, m.Data) {
			t.Errorf("the image %s came back as %v", key, back.Media[key])
		}
	}
}

func TestAnImageThatIsNotThereLeavesItsDescription(t *testing.T) {
	_, keys := twoImages(t)
	file := string(written(t, oneOfEach(keys)[:1], nil))
	if !strings.Contains(file, "<text>a dot and a dot</text>") || strings.Contains(file, "media:") {
		t.Errorf("the images were written as\n%s", file)
	}
}

func TestLossesSayWhatMoodleHasNoPlaceFor(t *testing.T) {
	var b strings.Builder
	questions := oneOfEach([2]string{})
	long := strings.Repeat("long ", 60)
	questions = append(questions,
		&exam.Question{ID: "long-names", Type: exam.Matching, Title: long, SourceID: long, Ask: "a\x01b", Tags: []string{"<b>"}, Options: []exam.Option{{ID: "A", Text: long}, {ID: "B", Text: "b", Weight: 10}}, Prompts: []exam.Prompt{{Text: "p", Match: "A"}, {Text: "q", Match: "B"}}},
		&exam.Question{ID: "odd-weights", Type: exam.Multiple, Ask: "?", Options: []exam.Option{{ID: "A", Text: "a", Key: true, Weight: -10}, {ID: "B", Text: "b", Key: true, Weight: 43}, {ID: "C", Text: "c", Weight: 20}}},
		&exam.Question{ID: "fixed-ordering", Type: exam.Ordering, Ask: "?", FixedOrder: true, Options: []exam.Option{{ID: "A", Text: "a", Place: 1}, {ID: "B", Text: "b", Place: 2}}},
	)
	for _, l := range moodlexml.Losses(questions) {
		fmt.Fprintf(&b, "%s: %s\n", l.Question, l.What)
	}
	golden(t, "losses.golden", b.String())
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("the pipe is broken") }

func TestWriteReturnsTheErrorOfWhereItWrites(t *testing.T) {
	if err := moodlexml.Write(brokenPipe{}, oneOfEach([2]string{}), nil); err == nil {
		t.Error("a file that could not be written was reported as written")
	}
}
