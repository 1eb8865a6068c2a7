package httpd_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var (
	card   = regexp.MustCompile(`(?s)<section class="choice-card.*?</section>`)
	inCard = regexp.MustCompile(`id="choice-([A-Z0-9-]+)"`)
	inRest = regexp.MustCompile(`class="rank number">\d+</span> <span class="what"><strong>([A-Z0-9-]+)</strong>`)
)

// recommended is what a page of recommendation says: the exam to go for first,
// with all that is said about it, and every exam that is offered, in order.
func recommended(t *testing.T, page testkit.Reply) (lead exam.Code, why string, offered []exam.Code) {
	t.Helper()
	if page.Status != http.StatusOK {
		t.Fatalf("status %d", page.Status)
	}
	if cards := card.FindAllString(page.Body, -1); len(cards) > 0 {
		why = cards[0]
	}
	for _, m := range slices.Concat(inCard.FindAllStringSubmatch(page.Body, -1), inRest.FindAllStringSubmatch(page.Body, -1)) {
		offered = append(offered, exam.Code(m[1]))
	}
	if len(offered) == 0 {
		t.Fatalf("no exam on the page:\n%s", page.Body)
	}
	if why != "" {
		lead = offered[0]
	}
	return lead, why, offered
}

// rightOn answers right on a platform, every other time on neutral questions,
// and wrong everywhere else.
func rightOn(p exam.Platform) func(*exam.Question) bool {
	neutral := 0
	return func(q *exam.Question) bool {
		if q.Platform == exam.Neutral {
			neutral++
			return neutral%2 == 1
		}
		return q.Platform == p
	}
}

// Whatever the day, no exam is recommended that can't be taken any more, and
// one can be up to and including its last day.
func TestNoRetiredExamIsRecommended(t *testing.T) {
	for _, c := range []struct {
		day       string
		can, cant []exam.Code
	}{
		{"2026-03-30", []exam.Code{"MLS-C01", "AI-102", "DP-100"}, []exam.Code{"AI-103"}},
		{"2026-03-31", []exam.Code{"MLS-C01"}, nil},
		{"2026-04-01", []exam.Code{"AI-102", "AI-103", "AIP-C01"}, []exam.Code{"MLS-C01"}},
		{"2026-06-30", []exam.Code{"AI-102", "AI-900"}, []exam.Code{"MLS-C01", "DP-100"}},
		{"2026-07-01", []exam.Code{"AI-103"}, []exam.Code{"AI-102", "AI-900", "MLS-C01", "DP-100"}},
		{"2026-11-22", []exam.Code{"AI-103", "AI-300", "AIP-C01", "MLA-C02", "PMLE"}, []exam.Code{"AI-102", "AI-900", "MLS-C01", "DP-100", "PAA"}},
		{"2027-06-15", []exam.Code{"AI-103", "PMLE"}, []exam.Code{"AI-102", "AI-900", "MLS-C01", "DP-100"}},
	} {
		t.Run(c.day, func(t *testing.T) {
			day, err := time.Parse(time.DateOnly, c.day)
			if err != nil {
				t.Fatal(err)
			}
			app := testkit.NewApp(t, testkit.Embedded(t))
			app.Clock.Set(day.Add(12 * time.Hour))
			p := app.Person(t, account.Guest, "")
			client := app.Client(t, p)
			s := app.Take(t, app.Start(t, p, sitting.Plan{Fit: true, Length: 12}), rightOn(exam.AWS))
			for _, path := range []string{"/recommendation", "/sittings/" + string(s.ID) + "/recommendation"} {
				_, _, offered := recommended(t, client.Get(t, path))
				for _, code := range offered {
					cert, ok := testkit.Catalogue(t).Certification(code)
					if !ok || cert.Takeable(app.Clock.Now(), "").Availability == catalogue.No {
						t.Errorf("%s: %s is recommended and can't be taken", path, code)
					}
				}
				for _, code := range c.can {
					if !slices.Contains(offered, code) {
						t.Errorf("%s: %s can be taken and isn't there: %v", path, code, offered)
					}
				}
				for _, code := range c.cant {
					if slices.Contains(offered, code) {
						t.Errorf("%s: %s can't be taken and is there: %v", path, code, offered)
					}
				}
			}
		})
	}
}

// An exam that goes on in some languages only is for people who take it in one.
func TestAnExamIsRecommendedInItsLanguages(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	for language, want := range map[string]bool{"en": false, "ja": true} {
		client := app.Client(t, app.Person(t, account.Guest, ""))
		if reply := client.Post(t, "/profile", url.Values{"language": {language}}); reply.Status != http.StatusSeeOther {
			t.Fatalf("saving the language: status %d", reply.Status)
		}
		_, _, offered := recommended(t, client.Get(t, "/recommendation"))
		if got := slices.Contains(offered, "MLA-C01"); got != want {
			t.Errorf("in %s MLA-C01 is offered: %t, want %t", language, got, want)
		}
	}
}

// Two people with the same situation and opposite answers are sent to
// different exams, and told that it is for their answers. The questions are drawn
// by lot: of diagnostics of 24, about one in twenty-five says too little of a
// platform to lead to its exams, of 120 of the longest length none did.
func TestAnswersDecideWhichExamFits(t *testing.T) {
	leads := map[exam.Platform]exam.Code{}
	for _, platform := range []exam.Platform{exam.AWS, exam.Azure} {
		app := testkit.NewApp(t, testkit.Embedded(t))
		p := app.Person(t, account.Guest, "")
		s := app.Take(t, app.Start(t, p, sitting.Plan{Fit: true, Length: 40}), rightOn(platform))
		lead, why, _ := recommended(t, app.Client(t, p).Get(t, "/sittings/"+string(s.ID)+"/recommendation"))
		cert, ok := testkit.Catalogue(t).Certification(lead)
		if !ok {
			t.Fatalf("right on %s: nothing is recommended first", platform)
		}
		if cert.Vendor != platform {
			t.Errorf("right on %s and wrong elsewhere leads to %s", platform, lead)
		}
		if !strings.Contains(why, `<span class="source your_answers">your answers</span>`) {
			t.Errorf("right on %s: nothing about %s comes from the answers:\n%s", platform, lead, why)
		}
		leads[platform] = lead
	}
	if leads[exam.AWS] == leads[exam.Azure] {
		t.Errorf("both are sent to %s", leads[exam.AWS])
	}
}
