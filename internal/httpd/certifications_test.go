package httpd_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// words is the text of a page with single spaces.
func words(body string) string {
	text := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "\u00a0", " ").Replace(tags.ReplaceAllString(body, " "))
	return strings.Join(strings.Fields(text), " ")
}

// says checks that a page holds some words and lacks others.
func says(t *testing.T, page string, want, lacks []string) {
	t.Helper()
	text := words(page)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the page doesn't say %q:\n%.2500s", w, text)
		}
	}
	for _, w := range lacks {
		if strings.Contains(text, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

func noon(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

// What a certification's page says first depends on the day, and on the language.
func TestACertificationsPageOnSeveralDays(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	for _, test := range []struct {
		name, path  string
		on          time.Time
		want, lacks []string
	}{
		{"AI-102 before its last day", "/certifications/AI-102", noon(2026, 6, 30), []string{"can be taken until 30 June 2026"}, []string{"This exam has ended", "is retired"}},
		{
			"AI-102 the day after", "/certifications/AI-102", noon(2026, 7, 1),
			[]string{"This exam has ended AI-102 is retired; its last day was 30 June 2026.", "Instead AI-103", "What changed with AI-103 Six domains became five", "a held certification runs out on its date", "How ready am I?", "For holders and the curious"},
			[]string{"Plan my study"},
		},
		{
			"MLS-C01, which has no successor of its own", "/certifications/MLS-C01", noon(2026, 11, 22),
			[]string{"its last day was 31 March 2026", "Instead MLA-C02", "AIF-C01 AWS Certified AI Practitioner", "AIP-C01"},
			[]string{"What changed with"},
		},
		{"DP-100 today", "/certifications/DP-100", noon(2026, 11, 22), []string{"its last day was 1 June 2026", "Instead AI-300"}, nil},
		{"DP-100 in May", "/certifications/DP-100", noon(2026, 5, 1), []string{"can be taken until 1 June 2026"}, []string{"This exam has ended"}},
		{
			"MLA-C01 in English", "/certifications/MLA-C01?language=en", noon(2026, 11, 22),
			[]string{"can still be taken in Japanese, Korean and Simplified Chinese", "In English: MLA-C01 is retired in English; its last day was 28 September 2026.", "English no longer offered; the last day was 28 September 2026"},
			[]string{"This exam has ended"},
		},
		{
			"MLA-C01 in Japanese", "/certifications/MLA-C01?language=ja", noon(2026, 11, 22),
			[]string{"can still be taken in Japanese, Korean and Simplified Chinese", "Japanese can be taken the language you would take it in"},
			[]string{"This exam has ended", "In Japanese: MLA-C01 is retired"},
		},
		{
			"MLA-C02 in beta", "/certifications/MLA-C02", noon(2026, 11, 22),
			[]string{"beta, booking not confirmed", "What is known, and what isn't", "General availability early in 2027 according to AWS", "within about 90 days", "Not known here: whether it still takes bookings and the day of general availability.", "check the exam's page and the exam guide", "Results of a settled exam"},
			[]string{"This exam has ended", "whether it came is not known"},
		},
		{
			"PAA after the day it was expected", "/certifications/PAA", noon(2026, 11, 22),
			[]string{"The beta of PAA is closed", "That time has passed; whether it came is not known here.", "how it is renewed"},
			nil,
		},
		{"PAA before that day", "/certifications/PAA", noon(2026, 11, 1), []string{"General availability was projected"}, []string{"That time has passed"}},
		{"AI-900 leads to the exam of the same certification", "/certifications/AI-900", noon(2026, 11, 22), []string{"This exam has ended", "Instead AI-901", "do not expire"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			app.Clock.Set(test.on)
			reply := client.Get(t, test.path)
			if reply.Status != http.StatusOK {
				t.Fatalf("status %d", reply.Status)
			}
			says(t, reply.Body, test.want, test.lacks)
		})
	}
}

// Every certification's page tells all that is asked of it, with a source for each
// fact, and its list of sources is what its numbers lead to.
func TestEveryCertificationsPageIsWhole(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	ref := regexp.MustCompile(`href="#source-(\d+)"`)
	for _, cert := range app.Deps.Catalogue.Certifications {
		reply := client.Get(t, "/certifications/"+string(cert.Code))
		if reply.Status != http.StatusOK {
			t.Errorf("%s: status %d", cert.Code, reply.Status)
			continue
		}
		says(t, reply.Body, []string{
			cert.Name, "What it proves", "Whom it fits", "What it examines", "How it differs from its neighbours", "Before you sit it",
			"The exam itself", "Cost and renewal", "Languages", "Life of the exam", "Read it at the source", "Services it names",
		}, []string{"S-CTLIB", "S-MSTRACK"})
		for _, d := range cert.Domains {
			if !strings.Contains(words(reply.Body), d.Name) {
				t.Errorf("%s: the domain %q is missing", cert.Code, d.Name)
			}
		}
		for _, found := range ref.FindAllStringSubmatch(reply.Body, -1) {
			if !strings.Contains(reply.Body, `id="source-`+found[1]+`"`) {
				t.Errorf("%s: source %s is cited and not listed", cert.Code, found[1])
				break
			}
		}
	}
}

// A retired exam that the bank serves is still measured and practised from its page.
func TestARetiredExamCanStillBeStarted(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	body := client.Get(t, "/certifications/AI-102").Body
	for _, address := range []string{"/diagnostic?exam=AI-102", "/practice?exam=AI-102", "/mock?exam=AI-102"} {
		if !strings.Contains(body, `href="`+address+`"`) {
			t.Errorf("the page of AI-102 doesn't lead to %s", address)
		}
	}
	form := client.Get(t, "/diagnostic?exam=AI-102").Body
	if !strings.Contains(form, `<details class="over-exams" open>`) || !strings.Contains(form, `value="AI-102" checked`) {
		t.Error("the form to begin hides the retired exam that was chosen")
	}
}

func TestTheStartFormListsWhatCanBeTakenFirst(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	form := app.Client(t, nil).Get(t, "/diagnostic").Body
	at := func(code string) int { return strings.Index(form, `name="exam" value="`+code+`"`) }
	folded := strings.Index(form, `class="over-exams"`)
	if folded < 0 || strings.Contains(form, `<details class="over-exams" open>`) {
		t.Fatal("the exams that have ended are not folded away")
	}
	if at("PMLE") > at("MLA-C02") || at("MLA-C02") > folded {
		t.Error("exams that can be taken don't come before those to come")
	}
	for _, code := range []string{"MLS-C01", "AI-102", "AI-900", "DP-100"} {
		if at(code) < folded {
			t.Errorf("%s has ended and stands among those that can be taken", code)
		}
	}
}

func TestOtherSpellingsAndFormerCodesLeadToThePage(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	for asked, want := range map[string]string{
		"ai-102": "/certifications/AI-102", "mlac02": "/certifications/MLA-C02", "ME1-C02": "/certifications/MLA-C02?from=ME1-C02",
		"me1-c02": "/certifications/MLA-C02?from=ME1-C02", "AZ-204": "/certifications/AI-200?from=AZ-204",
	} {
		if reply := client.Get(t, "/certifications/"+asked); reply.Status != http.StatusSeeOther || reply.Location() != want {
			t.Errorf("%s: status %d, to %s, want %s", asked, reply.Status, reply.Location(), want)
		}
	}
	says(t, client.Get(t, "/certifications/AI-200?from=AZ-204").Body, []string{"You asked for AZ-204, Azure Developer Associate.", "replaced by AI-200"}, nil)
	says(t, client.Get(t, "/certifications/AI-200?from=%3Cb%3Ehello").Body, nil, []string{"hello"})

	missing := client.Get(t, "/certifications/AI-104")
	if missing.Status != http.StatusNotFound {
		t.Errorf("AI-104: status %d, want 404", missing.Status)
	}
	says(t, missing.Body, []string{`no certification with the code "AI-104"`, "AI-102", "AI-103"}, nil)
	says(t, client.Get(t, "/certifications/DP-700").Body, []string{"Fabric Data Engineer", "is not in this catalogue"}, nil)
	if reply := client.Get(t, "/certifications/"+strings.Repeat("x", 5000)); reply.Status != http.StatusNotFound {
		t.Errorf("a long code: status %d", reply.Status)
	}
}

// listed are the codes of the list in its order.
func listed(body string) []string {
	var codes []string
	for _, found := range regexp.MustCompile(`name="codes" value="([A-Z0-9-]+)"`).FindAllStringSubmatch(body, -1) {
		codes = append(codes, found[1])
	}
	return codes
}

func TestTheListIsNarrowedByTheAddress(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"q=DP-100", []string{"AI-300", "DP-100"}},
		{"q=azure+ai+engineer", []string{"AI-103", "AI-102"}},
		{"status=retired", []string{"MLS-C01", "AI-102", "AI-900", "DP-100"}},
		{"status=coming", []string{"MLA-C02", "AIB-C01", "AI-500", "PAA"}},
		{"platform=gcp&status=now", []string{"PMLE", "GAIL", "PDE"}},
		{"platform=gcp&status=now&sort=price", []string{"GAIL", "PMLE", "PDE"}},
		{"work=data&status=now", []string{"PDE", "DEA-C01", "MLA-C01", "PMLE"}},
		{"level=expert", []string{"AI-500"}},
		{"q=AZ-204", []string{"AI-200"}},
		{"q=no+such+thing", nil},
		{"status=now&sort=time&platform=azure", []string{"AI-901", "AI-103", "AI-300", "AI-200"}},
	} {
		reply := client.Get(t, "/certifications?"+test.query)
		if got := listed(reply.Body); !slices.Equal(got, test.want) {
			t.Errorf("%s lists %v, want %v", test.query, got, test.want)
		}
	}
	says(t, client.Get(t, "/certifications?q=DP-100").Body, []string{"took over from DP-100", "2 of 19 certifications."}, nil)
	says(t, client.Get(t, "/certifications?q=no+such+thing").Body, []string{"No certification is like that."}, nil)
	says(t, client.Get(t, "/certifications?q=Fabric").Body, []string{"we know the name", "DP-700 Fabric Data Engineer Associate"}, nil)
	if got := listed(client.Get(t, "/certifications?platform=nowhere&level=x&status=y&work=z&sort=w&language=q").Body); len(got) != 19 {
		t.Errorf("filters that don't exist leave %d of 19", len(got))
	}
}

// The state of an exam in the list is that of the language chosen.
func TestTheListInALanguage(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	english := words(client.Get(t, "/certifications?language=en").Body)
	elsewhere, ended := strings.Index(english, "Not in English"), strings.Index(english, "Retired 4")
	at := strings.Index(english, "MLA-C01 AWS Certified")
	if elsewhere < 0 || at < elsewhere || at > ended {
		t.Errorf("MLA-C01 is not among those that are not in English any more:\n%.1500s", english)
	}
	japanese := words(client.Get(t, "/certifications?language=ja").Body)
	if now, at := strings.Index(japanese, "Can be taken now"), strings.Index(japanese, "MLA-C01 AWS Certified"); now < 0 || at < now || at > strings.Index(japanese, "Compare those ticked") {
		t.Errorf("MLA-C01 is not among those that can be taken in Japanese:\n%.1500s", japanese)
	}
}

func TestCompare(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	for _, test := range []struct {
		name, query string
		want, lacks []string
	}{
		{"three", "codes=MLA-C02,AI-300,PMLE", []string{"MLA-C02, AI-300 and PMLE compared", "Of these only AI-300 and PMLE are known to be open today.", "Cheapest: MLA-C02 (USD 150). Dearest: PMLE (USD 200).", "skills in common", "Only MLA-C02 examines"}, []string{"Add a certification"}},
		{"as a form sends them", "codes=AIF-C01&codes=GAIL&codes=", []string{"AIF-C01 and GAIL compared", "All of them can be taken today"}, nil},
		{"one that asks for the other", "codes=AI-500,AI-103", []string{"AI-500 asks for the certification of AI-103 first."}, nil},
		{"one that took over", "codes=AI-103,AI-102", []string{"AI-103 took over from AI-102."}, nil},
		{"the same facts", "codes=PMLE,PDE", []string{"All cost the same, USD 200.", "All last the same, 120 minutes.", "Price the same"}, nil},
		{"one", "codes=PMLE", []string{"Add one more to compare it with."}, []string{"The differences in short"}},
		{"none", "", []string{"Choose two or three certifications"}, []string{"Side by side"}},
		{"too many", "codes=PMLE,PDE,GAIL,PAA", []string{"PAA is left out: three fit side by side."}, nil},
		{"twice", "codes=PMLE,pmle,PDE", []string{"PMLE was chosen twice; it is shown once.", "PMLE and PDE compared"}, nil},
		{"unknown", "codes=PMLE,AI-104", []string{`There is no certification "AI-104" here. Did you mean AI-102 or AI-103`}, nil},
		{"retired and current", "codes=DP-100,AI-300", []string{"AI-300 took over from DP-100.", "retired"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			reply := client.Get(t, "/certifications/compare?"+test.query)
			if reply.Status != http.StatusOK {
				t.Fatalf("status %d", reply.Status)
			}
			says(t, reply.Body, test.want, test.lacks)
		})
	}
	long := client.Get(t, "/certifications/compare?codes="+strings.Repeat("x,", 3000))
	if long.Status != http.StatusOK || strings.Count(long.Body, `role="alert"`) > 5 {
		t.Errorf("many unknown codes: status %d, %d problems told", long.Status, strings.Count(long.Body, `role="alert"`))
	}
}

// The same event is ahead before its day and past after it.
func TestTheTimelineMovesWithTheDay(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, nil)
	for _, test := range []struct {
		on          time.Time
		ahead, past []string
	}{
		{noon(2026, 6, 15), []string{"30 June 2026 AI-102 Last day followed by AI-103"}, []string{"1 June 2026 DP-100 Last day followed by AI-300"}},
		{noon(2026, 10, 1), []string{"15 October 2026 AIF-C01 Last day in German and Italian"}, []string{"28 September 2026 MLA-C01 Last day in English", "30 June 2026 AI-102 Last day"}},
		{noon(2026, 11, 22), []string{"1 January to 31 March 2027 MLA-C02"}, []string{"15 October 2026 AIF-C01 Last day in German and Italian", "11 to 20 November 2026 PAA", "about April 2026 AI-103 Beta begins"}},
		{noon(2027, 5, 1), nil, []string{"1 January to 31 March 2027 MLA-C02"}},
	} {
		app.Clock.Set(test.on)
		reply := client.Get(t, "/certifications/timeline")
		if reply.Status != http.StatusOK {
			t.Fatalf("status %d", reply.Status)
		}
		text := words(reply.Body)
		ahead, past, _ := strings.Cut(text[strings.LastIndex(text, " Ahead "):], "Past, the latest first")
		for _, w := range test.ahead {
			if !strings.Contains(ahead, w) {
				t.Errorf("on %s %q is not ahead:\n%.600s", test.on.Format(time.DateOnly), w, ahead)
			}
		}
		for _, w := range test.past {
			if !strings.Contains(past, w) {
				t.Errorf("on %s %q is not past:\n%.600s", test.on.Format(time.DateOnly), w, past)
			}
		}
	}
}

// Whoever has answers finds where they stand on the page and in the comparison.
func TestTheOwnStandingOnACertificationsPage(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	says(t, client.Get(t, "/certifications/PMLE").Body, nil, []string{"Where you stand"})
	app.Take(t, app.Start(t, p, sitting.Plan{Targets: []exam.Code{"PMLE"}, Length: 24}), testkit.Always(false))
	says(t, client.Get(t, "/certifications/PMLE").Body,
		[]string{"Where you stand", "Your chance of passing today is", "hours (", "figures are assumed, not measured", "Every domain, and what it rests on"}, nil)
	says(t, client.Get(t, "/certifications/compare?codes=PMLE,MLA-C02").Body, []string{"You, today", "to pass; expected score", "hours ("}, nil)
	says(t, app.Client(t, nil).Get(t, "/certifications/PMLE").Body, nil, []string{"Where you stand"})
}
