package calibrate

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadCSV(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       *Table
	}{
		{"wide", "a,b\n1,0\n,1\n", &Table{Items: []string{"a", "b"}, Scores: []Score{1, 0, -1, 1}}},
		{"byte order mark, quotes, blanks and NA", "\xef\xbb\xbf\"a\", b \r\n\"1\",NA\r\n 0 ,1\r\n", &Table{Items: []string{"a", "b"}, Scores: []Score{1, -1, 0, 1}}},
		{"persons", "person,a,b\np,1,0\nq,0,0\n", &Table{Items: []string{"a", "b"}, Persons: []string{"p", "q"}, Scores: []Score{1, 0, 0, 0}}},
		{"row names", "\"\",a\nx,1\n", &Table{Items: []string{"a"}, Persons: []string{"x"}, Scores: []Score{1}}},
		{"frequencies", "a,b,Freq\n1,0,12\n0,0,0\n", &Table{Items: []string{"a", "b"}, Scores: []Score{1, 0, 0, 0}, Freq: []float64{12, 0}}},
		{"long", "item,Person,score\ny,p,1\nx,q,0\nx,p,\n", &Table{Items: []string{"y", "x"}, Persons: []string{"p", "q"}, Scores: []Score{1, -1, -1, 0}}},
		{"long with more columns", "at,learner,item,score\n2026-01-01,p,x,1\n", &Table{Items: []string{"x"}, Persons: []string{"p"}, Scores: []Score{1}}},
	} {
		got, err := ReadCSV(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestReadCSVSaysWhereAndWhat(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "line 1, column 1: the file is empty; it needs a header of item names",
		"a,b\n1,0\n1,2\n":                   `line 3, column 3: score "2" is not 0, 1 or blank`,
		"a,b\n1,x\n":                        `line 2, column 3: score "x" is not 0, 1 or blank`,
		"a,b\n1\n":                          "line 2, column 1: 1 fields where the header has 2",
		"a,\"b\n1,0\n":                      `line 2, column 5: extraneous or missing " in quoted-field`,
		"0,1\n1,0\n":                        `line 1, column 1: the header has the item name "0": the first line must name the items`,
		"a,a\n":                             `line 1, column 3: item "a" is in the header twice`,
		"a,,b\n":                            "line 1, column 3: the header has an item without a name",
		"person,freq\n":                     "line 1, column 1: the header names no items",
		"person,a\np,1\np,0\n":              `line 3, column 1: person "p" has a row already`,
		"a,freq\n1,-2\n":                    `line 2, column 3: frequency "-2" is not a number of 0 or more`,
		"a,freq\n1,NaN\n":                   `line 2, column 3: frequency "NaN" is not a number of 0 or more`,
		"person,item,score\n":               "line 1, column 1: the file has a header but no answers",
		"person,item,score\np,,1\n":         "line 2, column 3: an answer without an item",
		"person,item,score\np,x,1\np,x,0\n": `line 3, column 3: person "p" has an answer to item "x" already`,
		"person,item,score\np,x,right\n":    `line 2, column 5: score "right" is not 0, 1 or blank`,
	} {
		_, err := ReadCSV(strings.NewReader(text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestReadAsymptotes(t *testing.T) {
	got, err := ReadAsymptotes(strings.NewReader("item,a,c\ny,1,.25\nx,2,0\n"), []string{"x", "y"})
	if err != nil || !cmp.Equal(got, []float64{0, 0.25}) {
		t.Errorf("got %v, %v", got, err)
	}
	for text, want := range map[string]string{
		"item,a\n":           "must have the columns item and c",
		"":                   "must have the columns item and c",
		"item,c\nx,0\n":      `no lower asymptote for item "y"`,
		"item,c\nx,1\ny,0\n": `line 2, column 3: lower asymptote "1"`,
	} {
		if _, err := ReadAsymptotes(strings.NewReader(text), []string{"x", "y"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

func TestReadResponses(t *testing.T) {
	got, err := ReadResponses(strings.NewReader("item,learner,score,seconds,at\nx,p,1,2.5,2026-11-22\ny,p,,1,\nx,q,0,,2026-11-22T09:30:00Z\n"))
	want := []Response{
		{Learner: "p", Item: "x", Right: true, Took: 2500 * time.Millisecond, At: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)},
		{Learner: "q", Item: "x", At: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	for text, want := range map[string]string{
		"":                                       "must have the columns learner, item and score",
		"a,b\n1,0\n":                             "must have the columns learner, item and score",
		"learner,item,score\np,x,2\n":            `line 2, column 5: score "2"`,
		"learner,item,score,at\np,x,1,monday\n":  `line 2, column 7: time "monday"`,
		"learner,item,score,seconds\np,x,1,-1\n": `line 2, column 7: "-1" is not a number of seconds`,
	} {
		if _, err := ReadResponses(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

func TestWithout(t *testing.T) {
	table := &Table{Items: []string{"a", "b", "c"}, Persons: []string{"p", "q"}, Scores: []Score{0, 1, 0, 1, 0, -1}}
	want := &Table{Items: []string{"a", "c"}, Persons: []string{"p", "q"}, Scores: []Score{0, 0, 1, -1}}
	if diff := cmp.Diff(want, table.Without([]string{"b"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzReadCSV: whatever is read is a sound table that says the same when
// written out; whatever isn't names its place.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,0\n,1\n", "person,a,freq\np,1,3\n", "person,item,score\np,x,1\nq,y,\n", "\"\",a\nx,1\n", "a\n2\n", "0\n", "a,b\n\"1\n\",0\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadCSV(strings.NewReader(text))
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		if err := table.check(); err != nil {
			t.Fatalf("read an unsound table: %v", err)
		}
		var out strings.Builder
		for i := range table.Items {
			fmt.Fprintf(&out, "item%d,", i)
		}
		out.WriteString("freq\n")
		for r := range table.Rows() {
			for _, s := range table.Row(r) {
				out.WriteString([]string{",", "0,", "1,"}[s+1])
			}
			fmt.Fprintf(&out, "%v\n", table.freq(r))
		}
		again, err := ReadCSV(strings.NewReader(out.String()))
		if err != nil {
			t.Fatalf("written out as %q: %v", out.String(), err)
		}
		if !cmp.Equal(table.Scores, again.Scores) {
			t.Fatalf("read back %v, wrote %v", again.Scores, table.Scores)
		}
	})
}
