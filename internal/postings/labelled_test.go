package postings_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/postings"
	"sextant/questions"
)

var (
	today  = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	loaded = sync.OnceValues(func() (*catalogue.Catalogue, error) { return catalogue.Load(questions.Catalogue()) })
)

func facts(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	cat, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

func reader(t testing.TB) *postings.Reader {
	t.Helper()
	return postings.NewReader(facts(t), today)
}

// labelled is a posting of ours with what it names.
type labelled struct {
	name, text string
	expected   map[string][]string // by heading: platforms, services, tools, skills, certificates, most, required, wished
}

func labelledSet(t testing.TB) []labelled {
	t.Helper()
	files, err := filepath.Glob("testdata/labelled/*.txt")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d labelled postings, error %v; want 30 or more", len(files), err)
	}
	var set []labelled
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, labels, ok := strings.Cut(string(data), "\n=== expected\n")
		if !ok {
			t.Fatalf("%s says nothing of what is expected", name)
		}
		one := labelled{name: strings.TrimSuffix(filepath.Base(name), ".txt"), text: text, expected: map[string][]string{}}
		for _, line := range strings.Split(strings.TrimSpace(labels), "\n") {
			heading, values, _ := strings.Cut(line, ":")
			one.expected[heading] = strings.Fields(values)
		}
		set = append(set, one)
	}
	return set
}

var headings = map[postings.Kind]string{postings.Service: "services", postings.Tool: "tools", postings.Skill: "skills", postings.Certificate: "certificates"}

// named is what a count found, under the headings of the labels.
func named(c *postings.Count) map[string][]string {
	found := map[string][]string{}
	for _, s := range c.Platforms {
		if s.Naming > 0 {
			found["platforms"] = append(found["platforms"], string(s.Platform))
		}
	}
	for _, t := range c.Tallies {
		if h := headings[t.Kind]; h != "" {
			found[h] = append(found[h], t.ID)
		}
	}
	return found
}

// The names found in our labelled postings, against the labels. A label stands
// for a name in a posting, however often it is there.
func TestLabelledPostings(t *testing.T) {
	r := reader(t)
	type score struct{ right, extra, missed int }
	total, byKind := score{}, map[string]*score{}
	for _, one := range labelledSet(t) {
		found := named(r.Count([]string{one.text}))
		for _, heading := range []string{"platforms", "services", "tools", "skills", "certificates"} {
			s := byKind[heading]
			if s == nil {
				s = &score{}
				byKind[heading] = s
			}
			for _, id := range found[heading] {
				if slices.Contains(one.expected[heading], id) {
					s.right++
				} else {
					s.extra++
					t.Logf("%s: finds %s %s, which isn't there", one.name, heading, id)
				}
			}
			for _, id := range one.expected[heading] {
				if !slices.Contains(found[heading], id) {
					s.missed++
					t.Logf("%s: misses %s %s", one.name, heading, id)
				}
			}
		}
	}
	for _, heading := range slices.Sorted(maps.Keys(byKind)) {
		s := byKind[heading]
		t.Logf("%-12s %s", heading, figures(s.right, s.extra, s.missed))
		total.right, total.extra, total.missed = total.right+s.right, total.extra+s.extra, total.missed+s.missed
	}
	t.Logf("%-12s %s", "all", figures(total.right, total.extra, total.missed))
	precision := float64(total.right) / float64(total.right+total.extra)
	recall := float64(total.right) / float64(total.right+total.missed)
	if precision < 0.97 || recall < 0.95 {
		t.Errorf("precision %.3f and recall %.3f; want 0.97 and 0.95 at least", precision, recall)
	}
}

func figures(right, extra, missed int) string {
	return fmt.Sprintf("%d right, %d extra, %d missed: precision %.3f, recall %.3f", right, extra, missed,
		float64(right)/float64(max(1, right+extra)), float64(right)/float64(max(1, right+missed)))
}

// Which platform a posting names most, and what it asks for or wishes.
func TestWhatLabelledPostingsMakeOfNames(t *testing.T) {
	r := reader(t)
	right, wrong, off := 0, 0, 0
	for _, one := range labelledSet(t) {
		c := r.Count([]string{one.text})
		most := exam.Platform("")
		if len(one.expected["most"]) > 0 {
			most = exam.Platform(one.expected["most"][0])
		}
		if c.Postings[0].Most != most {
			off++
			t.Logf("%s: names %q most, want %q", one.name, c.Postings[0].Most, most)
		}
		for _, tally := range c.Tallies {
			var want, got postings.Part
			switch {
			case slices.Contains(one.expected["required"], tally.ID):
				want = postings.Required
			case slices.Contains(one.expected["wished"], tally.ID):
				want = postings.Wished
			default:
				continue
			}
			switch {
			case tally.Required > 0:
				got = postings.Required
			case tally.Wished > 0:
				got = postings.Wished
			}
			if got == want {
				right++
				continue
			}
			wrong++
			t.Logf("%s: %s is taken for %v, want %v", one.name, tally.ID, got, want)
		}
	}
	if off > 1 {
		t.Errorf("of %d postings the platform named most is wrong; want 1 at most", off)
	}
	t.Logf("asked for or wished: %d of %d right", right, right+wrong)
	if share := float64(right) / float64(right+wrong); share < 0.9 {
		t.Errorf("%.3f of what is asked for or wished is told right; want 0.9", share)
	}
}
