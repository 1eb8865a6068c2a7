package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var (
	moved     = regexp.MustCompile(`(?s)<tr class="move-(\w+)"><th scope="row"><a href="/certifications/([A-Z0-9-]+)">.*?<span class="visually-hidden">([^,<][^<]*)</span></td>`)
	firstSaid = regexp.MustCompile(`(?s)<p class="sentence" data-sentence>(.*?)</p>`)
)

// supposed is what a page of suppositions says: its sentence, and how each exam moves.
func supposed(t testing.TB, page testkit.Reply) (sentence string, moves map[exam.Code]string) {
	t.Helper()
	if page.Status != http.StatusOK {
		t.Fatalf("status %d", page.Status)
	}
	moves = map[exam.Code]string{}
	for _, m := range moved.FindAllStringSubmatch(page.Body, -1) {
		moves[exam.Code(m[2])] = m[1] + ": " + m[3]
	}
	if m := firstSaid.FindStringSubmatch(page.Body); m != nil {
		sentence = m[1]
	}
	if len(moves) == 0 || sentence == "" {
		t.Fatalf("no ranking before and after on the page:\n%s", page.Body)
	}
	return sentence, moves
}

// someoneOnAWS is a person who said that they are on AWS, and answered.
func someoneOnAWS(t testing.TB, app *testkit.App, length int) *account.Person {
	t.Helper()
	p := app.Person(t, account.Guest, "")
	situation := recommend.Situation{Factors: map[string][]string{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "en"}
	if err := app.Store.SaveProfile(ctx, p.ID, situation); err != nil {
		t.Fatal(err)
	}
	if length > 0 {
		n := 0
		app.Take(t, app.Start(t, p, sitting.Plan{Fit: true, Length: length}), func(*exam.Question) bool { n++; return n%3 != 0 })
	}
	return p
}

func TestSupposingOtherAnswersMovesTheRanking(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	p := someoneOnAWS(t, app, 24)
	client := app.Client(t, p)

	sentence, moves := supposed(t, client.Get(t, "/recommendation/whatif"))
	if !strings.Contains(sentence, "as things are") {
		t.Errorf("nothing is supposed and it says %q", sentence)
	}
	for code, how := range moves {
		if !strings.HasPrefix(how, "same: ") {
			t.Errorf("nothing is supposed and %s moves: %s", code, how)
		}
	}

	sentence, moves = supposed(t, client.Get(t, "/recommendation/whatif?set=1&f.current_employer_cloud=google_cloud&f.target_role=ml_engineer&language=en"))
	// PMLE, or the step before it where the questions that were drawn put it out of
	// reach.
	first := exam.Code("PMLE")
	if strings.Contains(sentence, "GAIL would come first instead of") {
		first = "GAIL"
	}
	if !strings.Contains(sentence, string(first)+" would come first instead of") || !strings.HasPrefix(moves[first], "up: up from place") {
		t.Errorf("an employer on Google Cloud: %q, PMLE %s, GAIL %s", sentence, moves["PMLE"], moves["GAIL"])
	}

	kept, err := app.Store.Profile(ctx, p.ID)
	if err != nil || kept.Factors["current_employer_cloud"][0] != "aws" {
		t.Errorf("a supposition was kept: %+v, error %v", kept, err)
	}
}

// Mastering a domain never lowers the chance of passing its exam, an exam passed
// leaves the ranking, and what isn't an exam or a domain is nothing.
func TestSupposingAbility(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, someoneOnAWS(t, app, 24))
	_, moves := supposed(t, client.Get(t, "/recommendation/whatif?pass=MLA-C02"))
	if !strings.HasPrefix(moves["MLA-C02"], "out: ") {
		t.Errorf("MLA-C02 is supposed to be passed: %s", moves["MLA-C02"])
	}
	page := client.Get(t, "/recommendation/whatif?master=PMLE/1&master=PMLE/2&master=PMLE/3&master=PMLE/4&master=PMLE/5&master=PMLE/6")
	if _, moves = supposed(t, page); strings.HasPrefix(moves["PMLE"], "down: ") {
		t.Errorf("all of PMLE is mastered: %s", moves["PMLE"])
	}
	if !strings.Contains(page.Body, "PMLE, Architecting low-code AI solutions: mastered.") || !strings.Contains(page.Body, `value="PMLE/1" checked`) {
		t.Error("what is supposed isn't said, or the form forgot it")
	}
	for _, query := range []string{"pass=NO-SUCH", "pass=MLS-C01", "master=PMLE", "master=PMLE/99", "master=/", "set=1&f.no_such=1&f.current_employer_cloud=mars&held=NO-SUCH&language=xx&f.target_role=ml_engineer&f.current_employer_cloud=aws&language=en"} {
		sentence, _ := supposed(t, client.Get(t, "/recommendation/whatif?"+query))
		if !strings.Contains(sentence, "as things are") && !strings.Contains(sentence, "still come first") {
			t.Errorf("%s: %q", query, sentence)
		}
	}
}

// Whoever said and answered nothing can suppose things too, and is made no guest.
func TestNobodyInParticularMaySuppose(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	nothing := client.Get(t, "/recommendation/whatif").Body
	wantWords(t, "where nothing is known, the page", nothing, "Nothing tells the certifications apart yet")
	wantNoWords(t, "where nothing is known, the page", nothing, "The ranking before and after")
	sentence, _ := supposed(t, client.Get(t, "/recommendation/whatif?set=1&f.current_employer_cloud=azure_microsoft&part=1"))
	if !strings.Contains(sentence, "would come first, where nothing tells the certifications apart yet") {
		t.Errorf("an employer on Azure: %q", sentence)
	}
	if cookie := client.Cookie(t, httpx.CookieName); cookie != "" {
		t.Error("supposing made a guest")
	}
	empty := client.Get(t, "/recommendation")
	for _, want := range []string{"Tell about yourself", "Take the diagnostic", "/postings", "/recommendation/whatif"} {
		if !strings.Contains(empty.Body, want) {
			t.Errorf("the empty recommendation lacks %q", want)
		}
	}
	if strings.Contains(empty.Body, "The other exams, in order") {
		t.Error("an order is shown that rests on nothing")
	}
}

// The answers supposed are kept when that is asked for, and with them what the form
// doesn't hold.
func TestSuppositionsAreKeptOnRequest(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	p := someoneOnAWS(t, app, 0)
	situation, err := app.Store.Profile(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	situation.Market = &recommend.Market{Postings: 7, Platforms: map[exam.Platform]int{exam.GCP: 5}, Counted: app.Clock.Now()}
	if err := app.Store.SaveProfile(ctx, p.ID, situation); err != nil {
		t.Fatal(err)
	}
	client := app.Client(t, p)
	form := url.Values{
		"f.current_employer_cloud": {"google_cloud"}, "held": {"AI-103", "AI-901"}, "since.AI-103": {"2026-05-12"}, "since.AI-901": {"2026-05-12"},
		"master": {"PMLE/1"}, "pass": {"PMLE"}, "set": {"1"}, "next": {"/recommendation"},
	}
	if reply := client.Post(t, "/profile", form); reply.Status != http.StatusSeeOther || reply.Location() != "/recommendation?done=profile" {
		t.Fatalf("keeping: status %d to %s", reply.Status, reply.Location())
	}
	kept, err := app.Store.Profile(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.HeldSince; len(got) != 1 || !got["AI-103"].Equal(time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("held since %v: AI-901 never runs out, AI-103 since 12 May", got)
	}
	if kept.Market == nil || kept.Market.Postings != 7 {
		t.Errorf("what the postings said is lost: %+v", kept.Market)
	}
	if kept.Factors["current_employer_cloud"][0] != "google_cloud" || len(kept.Held) != 2 {
		t.Errorf("kept: %+v", kept)
	}
	page := client.Get(t, "/recommendation")
	for _, want := range []string{"Renew AI-103 before 12 May 2027 (free online assessment, open now).", "7, counted on 22 November 2026", "AI-103 (since 12 May 2026)"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the recommendation lacks %q", want)
		}
	}
	if form := client.Get(t, "/profile"); !strings.Contains(form.Body, `name="since.AI-103" value="2026-05-12"`) {
		t.Error("the profile's form forgot the day")
	}
}

func TestDaysThatCannotBeAreNotKept(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	for _, since := range []string{"2031-01-01", "1999-12-31", "12.05.2026", "2026-02-30", "0001-01-01"} {
		p := app.Person(t, account.Guest, "")
		if reply := app.Client(t, p).Post(t, "/profile", url.Values{"held": {"AI-103"}, "since.AI-103": {since}}); reply.Status != http.StatusSeeOther {
			t.Fatalf("%s: status %d", since, reply.Status)
		}
		kept, err := app.Store.Profile(ctx, p.ID)
		if err != nil || len(kept.Held) != 1 || len(kept.HeldSince) != 0 {
			t.Errorf("%s: kept %+v, error %v", since, kept, err)
		}
	}
}

// The page says first what fits, with situation and answers apart, the strongest
// reasons, the hours with their range, and the sequence on its days.
func TestTheRecommendationSaysWhatItRestsOn(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, someoneOnAWS(t, app, 24))
	page := client.Get(t, "/recommendation")
	lead, card, _ := recommended(t, page)
	for _, want := range []string{
		"Your situation", "Your answers", "Together", `<span class="sign">For</span>`, `<span class="sign">Against</span>`,
		"for faster and slower learners", "stated study model", "assumed and not measured", "The smallest change", "/plan?exam=" + string(lead),
	} {
		if !strings.Contains(card, want) {
			t.Errorf("the lead says nothing of %q:\n%s", want, card)
		}
	}
	for _, want := range []string{"First, second, third", "At 6 hours a week: " + string(lead), "within reach", "assumed, not measured"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	day := regexp.MustCompile(`At \d+ hours? a week: .*?\.`)
	slow, fast := day.FindString(client.Get(t, "/recommendation?hours=2").Body), day.FindString(client.Get(t, "/recommendation?hours=20").Body)
	if slow == fast || !strings.HasPrefix(slow, "At 2 hours a week") || !strings.HasPrefix(fast, "At 20 hours a week") {
		t.Errorf("the pace doesn't matter: %q, %q", slow, fast)
	}
	for _, hours := range []string{"", "x", "-4", "NaN", "1e99", "0"} {
		if reply := client.Get(t, "/recommendation?hours="+url.QueryEscape(hours)); reply.Status != http.StatusOK {
			t.Errorf("at %q hours a week: status %d", hours, reply.Status)
		}
	}
}

// With 24 answers, on this machine: the recommendation when nothing is kept of it
// yet and when it is, a new supposition of ability, and a change of an answer. The
// figures to beat are 100 ms for the first and 150 ms for the others.
func BenchmarkRecommendation(b *testing.B) {
	app := testkit.NewApp(b, testkit.Embedded(b))
	p := someoneOnAWS(b, app, 24)
	client := app.Client(b, p)
	ask := func(b *testing.B, path string) {
		b.Helper()
		if reply := client.Get(b, path); reply.Status != http.StatusOK {
			b.Fatalf("%s: status %d", path, reply.Status)
		}
	}
	ask(b, "/recommendation")
	b.Run("page, the first time on a day", func(b *testing.B) {
		for b.Loop() {
			app.Clock.Advance(24 * time.Hour)
			ask(b, "/recommendation")
		}
	})
	b.Run("page, again", func(b *testing.B) {
		for b.Loop() {
			ask(b, "/recommendation")
		}
	})
	b.Run("what if, a new ability", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if i%4 == 0 {
				app.Clock.Advance(24 * time.Hour)
				ask(b, "/recommendation")
			}
			ask(b, fmt.Sprintf("/recommendation/whatif?part=1&master=PMLE/%d", 1+i%4))
		}
	})
	b.Run("what if, another answer", func(b *testing.B) {
		clouds := []string{"aws", "google_cloud", "azure_microsoft"}
		for i := 0; b.Loop(); i++ {
			ask(b, "/recommendation/whatif?set=1&part=1&f.current_employer_cloud="+clouds[i%3])
		}
	})
}
