package web

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"sextant/internal/page"
	"sextant/internal/richtext"
)

func TestEveryPageRendersFilledAndEmpty(t *testing.T) {
	for name, component := range everyPage() {
		t.Run(name, func(t *testing.T) {
			markup := render(t, component)
			if n := strings.Count(markup, "<h1"); n != 1 {
				t.Errorf("%d first-level headings, want 1", n)
			}
			if !strings.Contains(markup, `<main id="main"`) {
				t.Error("no main landmark for the skip link")
			}
		})
	}
}

// The content security policy forbids inline styles and scripts: a page that
// has them would look right in a test and wrong in a browser.
func TestNoPageHasInlineStyleOrScript(t *testing.T) {
	inline := map[string]*regexp.Regexp{
		"a style attribute": regexp.MustCompile(`\sstyle\s*=`),
		"a style element":   regexp.MustCompile(`<style`),
		"an event handler":  regexp.MustCompile(`<[^>]*\son[a-z]+\s*=`),
		"an inline script":  regexp.MustCompile(`<script(?:[^>]*)>[^<]`),
		"a script address":  regexp.MustCompile(`(?:href|action)="javascript:`),
		"another host":      regexp.MustCompile(`<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//`),
	}
	for name, component := range everyPage() {
		t.Run(name, func(t *testing.T) {
			markup := render(t, component)
			for what, pattern := range inline {
				if found := pattern.FindString(markup); found != "" {
					t.Errorf("has %s: %q", what, found)
				}
			}
		})
	}
}

// Two elements with one id break labels and the links to them.
func TestNoPageRepeatsAnID(t *testing.T) {
	id := regexp.MustCompile(`\sid="([^"]*)"`)
	for name, component := range everyPage() {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, m := range id.FindAllStringSubmatch(render(t, component), -1) {
				if seen[m[1]] {
					t.Errorf("id %q twice", m[1])
				}
				seen[m[1]] = true
			}
		})
	}
}

func TestEveryInputHasAName(t *testing.T) {
	label := regexp.MustCompile(`(?s)<label[^>]*>.*?</label>`)
	control := regexp.MustCompile(`<(?:input|select|textarea)[^>]*>`)
	named := regexp.MustCompile(`aria-label=|type="hidden"|\shidden`)
	for name, component := range everyPage() {
		t.Run(name, func(t *testing.T) {
			unlabelled := label.ReplaceAllString(render(t, component), "")
			for _, found := range control.FindAllString(unlabelled, -1) {
				if !named.MatchString(found) {
					t.Errorf("no label for %s", found)
				}
			}
		})
	}
}

func TestTheFigureIsTextToo(t *testing.T) {
	markup := render(t, horizon(sampleFigure()))
	drawing := regexp.MustCompile(`(?s)<svg.*?</svg>`)
	text := drawing.ReplaceAllString(markup, "")
	for _, row := range sampleFigure().Rows {
		want := []string{row.Label, row.Text, row.SideText}
		if !row.Shown {
			want = []string{row.Label, row.Missing}
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("row %q says %q only in the drawing", row.Label, w)
			}
		}
	}
	for _, svg := range drawing.FindAllString(markup, -1) {
		if !strings.Contains(svg, `aria-hidden="true"`) {
			t.Errorf("a drawing is read out: %.80s", svg)
		}
	}
}

// In the figure over several exams every sighting keeps its distance from its
// own exam's pass mark, and its text.
func TestOverviewKeepsTheDistanceFromEachLine(t *testing.T) {
	exams := sampleFit().Exams
	figure := overview(exams)
	if len(figure.Rows) != len(exams) {
		t.Fatalf("%d rows for %d exams", len(figure.Rows), len(exams))
	}
	for i, row := range figure.Rows {
		own := exams[i].Figure
		if got, want := row.Estimate-figure.Cut, own.Rows[0].Estimate-own.Cut; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s stands %.1f points from the line, want %.1f", row.Label, got, want)
		}
		if row.Text != own.Rows[0].Text || row.Shown != own.Rows[0].Shown {
			t.Errorf("%s says %q (shown %t), want %q (%t)", row.Label, row.Text, row.Shown, own.Rows[0].Text, own.Rows[0].Shown)
		}
	}
	far := []page.Exam{{Code: "FAR", Figure: page.Figure{Cut: 40, Rows: []page.Bar{{Overall: true, Shown: true, Estimate: 80, Low: 60, High: 95}}}}}
	if row := overview(far).Rows[0]; row.High > 100 || row.Low < 0 {
		t.Errorf("a sighting leaves the drawing: %.0f to %.0f", row.Low, row.High)
	}
}

func TestAssetsAreServedUnderTheirChecksums(t *testing.T) {
	fontAddress := regexp.MustCompile(`url\("([^"]+)"\)`)
	sheet := get(t, Asset("app.css"))
	if got := sheet.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/css") {
		t.Errorf("stylesheet served as %q", got)
	}
	fonts := 0
	for _, m := range fontAddress.FindAllStringSubmatch(sheet.Body.String(), -1) {
		if strings.HasPrefix(m[1], "data:") {
			continue
		}
		fonts++
		if got := get(t, m[1]).Header().Get("Content-Type"); got != "font/woff2" {
			t.Errorf("%s served as %q", m[1], got)
		}
	}
	if fonts == 0 {
		t.Error("the stylesheet names no font")
	}
	if got := get(t, Asset("question.js")).Header().Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
		t.Errorf("script served as %q", got)
	}
	missing := httptest.NewRecorder()
	Static().ServeHTTP(missing, httptest.NewRequestWithContext(t.Context(), http.MethodGet, StaticPrefix+"app.css", nil))
	if missing.Code != http.StatusNotFound {
		t.Errorf("an address without a checksum gave %d", missing.Code)
	}
}

func get(t *testing.T, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	Static().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s gave %d", address, w.Code)
	}
	return w
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func everyPage() map[string]templ.Component {
	pages := map[string]templ.Component{
		"home empty":           Home(page.Home{}),
		"start empty":          Start(page.Start{}),
		"profile empty":        Profile(page.Profile{}),
		"question empty":       Question(page.Question{}),
		"report empty":         Report(page.Report{Empty: true}),
		"recommendation empty": Recommendation(page.Recommendation{}),
		"review empty":         Review(page.Review{}),
		"signup empty":         SignUp(page.Form{}),
		"signin empty":         SignIn(page.Form{}),
		"account empty":        Account(page.Account{}),
		"certifications empty": Certifications(page.Certifications{}),
		"certification empty":  Certification(page.Certification{}),
		"comparison empty":     Compare(page.Compare{}),
		"timeline empty":       ExamTimeline(page.ExamTimeline{}),
		"banks empty":          Banks(page.Banks{}),
		"bank-new empty":       BankNew(page.BankNew{}),
		"bank empty":           Bank(page.Bank{}),
		"measurement empty":    Measurement(page.Measurement{}),
		"help empty":           Help(page.Help{}),
		"failure empty":        Failure(page.Failure{}),
		"mock-start empty":     MockStart(page.MockStart{}),
		"mock empty":           Mock(page.Mock{}),
		"result empty":         Result(page.Result{}),
		"settings empty":       Settings(page.Settings{}),

		"home":           Home(page.Home{Frame: frame("Home"), Questions: 640, Exams: 7, Sample: sampleFigure()}),
		"home own":       Home(page.Home{Frame: frame("Where you stand"), Own: sampleHome()}),
		"home new":       Home(page.Home{Frame: frame("Where you stand"), Own: &page.OwnHome{Sentence: "Nothing is measured yet.", Step: &page.HomeStep{Text: "Twelve questions give a first bearing.", Label: "Take the diagnostic", Address: "/diagnostic"}}}),
		"start":          Start(sampleStart()),
		"profile":        Profile(page.Profile{Frame: frame("About you"), Factors: sampleFactors, Languages: sampleLanguages, Held: sampleExams, Next: "/account"}),
		"report":         Report(sampleReport()),
		"report-fit":     Report(sampleFit()),
		"recommendation": Recommendation(sampleRecommendation()),
		"what if":        WhatIf(sampleWhatIf()),
		"review":         Review(sampleReview()),
		"signup":         SignUp(page.Form{Frame: frame("Sign up"), Kind: "signup", Email: "reader@example.org", Guest: true, Next: "/readiness"}),
		"setup":          SignUp(page.Form{Frame: frame("Set up"), Kind: "setup", Token: "once", Problem: "This link has been used."}),
		"signin":         SignIn(page.Form{Frame: frame("Sign in"), Kind: "signin", Guest: true, Problem: "Email and password don't match."}),
		"account":        Account(page.Account{Frame: frame("Account"), Problem: "The current password is not right.", Kept: sampleKept}),
		"certifications": Certifications(sampleCertifications()),
		"certification":  Certification(sampleCertification()),
		"comparison": Compare(page.Compare{
			Frame: frame("Compare"), Problems: []string{"AI-999 is not here."}, Words: []string{"All cost the same."}, Choices: sampleChoice,
			Columns: []page.CompareColumn{{Code: "AI-103", Name: "Apps and agents", Link: "/certifications/AI-103", Remove: "/certifications/compare?codes="}},
			Rows:    []page.CompareRow{{Label: "Today", Same: true, Cells: []page.CompareCell{{Text: "can be taken", Class: "availability", Kind: "yes", Note: "as of May"}}}},
			Domains: []page.CompareDomains{{Common: "Retrieval", Cells: []page.CompareDomain{{Name: "Plan and manage", Weight: "25 to 30 %", Percent: 27}}}, {Cells: []page.CompareDomain{{}}}},
			Skills:  []page.CompareSkills{{Group: "Data", Rows: []page.CompareSkill{{Name: "Ingestion", Shares: []float64{0}, Texts: []string{"not examined"}}}}},
		}),
		"timeline": ExamTimeline(page.ExamTimeline{
			Frame: frame("Timeline"), Today: "22 November 2026", TodayAt: 60, Months: []page.AxisMonth{{At: 0, Label: "Jan 2026"}, {At: 5}},
			Lanes:   []page.ExamLane{{Code: "AI-103", Link: "/certifications/AI-103", Spans: []page.ExamSpan{{From: 10, Width: 20, Kind: "yes ahead"}}, Marks: []page.ExamMark{{At: 30, Kind: "end"}, {At: 40, Kind: "language"}}}},
			Ahead:   []page.ExamEvent{{When: "1 to 31 March 2027", Code: "AI-103", Link: "/certifications/AI-103", What: "Expected", Certainty: "expected", Kind: "expected"}},
			Past:    []page.ExamEvent{{When: "30 June 2026", Date: "2026-06-30", Code: "AI-102", Link: "/certifications/AI-102", What: "Last day", Certainty: "known", Kind: "known", Source: page.Provenance{Text: "as of July 2026", Refs: []int{1}}, Successor: &page.Link{Label: "AI-103", Address: "/certifications/AI-103"}}},
			Sources: []page.CitedSource{{Number: 1, Where: "learn.microsoft.com", What: "A page", Kind: "the vendor's own", AsOf: "as of July 2026"}},
		}),
		"banks":          Banks(sampleBanks()),
		"bank-new":       BankNew(page.BankNew{Frame: frame("Make a bank"), Problem: "There is a bank with this title.", BankTitle: "Platform team", Visibilities: sampleChoice, Existing: &page.Link{Label: "Bring it back", Address: "/banks/b1/settings"}}),
		"bank":           Bank(sampleBank(true)),
		"bank read":      Bank(sampleBank(false)),
		"bank settings":  BankSettings(page.BankSettings{Frame: frame("Settings"), ID: "b1", BankTitle: "Platform team", Title: "Platform team", Problem: "No such instructor.", Visibilities: sampleChoice, Owner: "R. Reader", Members: []page.BankMember{{ID: "p1", Name: "M. Member", Email: "m@example.org"}}, Measuring: "2 of 4 questions have all labels.", Missing: []string{"It is not for everyone."}}),
		"bank withdrawn": BankSettings(page.BankSettings{Frame: frame("Settings"), ID: "b1", BankTitle: "Platform team", Counts: true, MayCount: true, Withdrawn: true}),
		"bank export":    BankExport(page.BankExport{Frame: frame("Export"), ID: "b1", BankTitle: "Platform team", Questions: 4, Note: "1 question stays out.", Formats: sampleChoice, Format: "aiken", Label: "Aiken", File: "/banks/b1/export/aiken", Losses: []page.ExportLoss{{What: "reasons", Which: "2 questions: a, b"}, {What: "tags"}}}),
		"import-new":     ImportNew(page.ImportNew{Frame: frame("Bring questions in"), Problem: "Choose a file.", Banks: sampleChoice, Limit: "64 MB", Formats: []string{"Moodle GIFT", "CSV"}}),
		"import-reading": Import(page.Import{Frame: frame("Import"), BankTitle: "Platform team", Reading: &page.ImportReading{Sentence: "Checking: 5 of 10 questions.", Done: 5, Total: 10}}),
		"import-waiting": Import(page.Import{Frame: frame("Import"), BankTitle: "Platform team", Reading: &page.ImportReading{Sentence: "Reading the files."}}),
		"import-failed":  Import(page.Import{Frame: frame("Import"), BankTitle: "Platform team", Failure: "The server was stopped."}),
		"import-done":    Import(page.Import{Frame: frame("Import"), BankTitle: "Platform team", Finished: true, BankLink: "/banks/b1"}),
		"import":         Import(sampleImport()),
		"import-mend":    ImportMend(page.ImportMend{Frame: frame("Mend"), ID: "i1", N: 3, BankTitle: "Platform team", Where: "quiz.gift:5", Back: "/imports/i1", Problems: []string{"options: mark the right one"}, Next: "/imports/i1/items/4", Form: page.QuestionForm{Type: "single", Options: []page.OptionForm{{Letter: "A", Text: "Yes"}, {Letter: "B", Text: "No"}}}}),
		"measurement": Measurement(page.Measurement{
			Frame: frame("How right is it?"), Made: "Made here.", BinsOf: "MLA-C02", Fit: []string{"Fit."}, Random: []string{"Random."}, Published: []string{"Published."},
			Claims:  []page.MeasurementClaim{{Code: "MLA-C02", Command: "sextant simulate", Facts: []page.Sourced{{Label: "Coverage", Text: "90 %"}}, Domains: []page.CoverageRow{{Name: "Data", Text: "90 %", Share: 0.9}}}},
			Bins:    []page.ReliabilityBin{{Predicted: 50, Passed: 52, N: 10, Text: "52 %"}},
			Others:  []page.MeasurementRow{{What: "Slips", Coverage: "89 %", Error: "8", Calibration: "3", Command: "sextant simulate"}},
			Assumed: []page.Sourced{{Label: "Cut", Text: "70 %"}},
		}),
		"help":    Help(page.Help{Frame: frame("Help"), Body: "<h2>Estimates</h2><p>Text with <code>code</code>.</p>", Topics: []page.Link{{Label: "Readiness", Address: "/help"}, {Label: "Recommendation", Address: "/help/recommendation"}}}),
		"failure": Failure(page.Failure{Frame: frame("Not found"), Heading: "This page isn't here", Message: "The address may be mistyped, or the diagnostic belongs to another device. Nothing was lost.", Next: []page.Link{{Label: "Take the diagnostic", Address: "/diagnostic"}}}),
	}
	for _, kind := range []string{"single", "multiple", "ordering", "matching", "yes_no"} {
		pages["question "+kind] = Question(sampleQuestion(kind))
	}
	pages["mock-start"] = MockStart(sampleMockStart())
	maps.Copy(pages, editorPages())
	maps.Copy(pages, progressPages())
	pages["mock"] = Mock(sampleMock(false))
	pages["mock closing"] = Mock(sampleMock(true))
	pages["result"] = Result(sampleResult())
	pages["settings"] = Settings(sampleSettings())
	withCase := sampleQuestion("single")
	withCase.CaseTitle, withCase.Case = "Claims intake at a regional insurer", "<p>"+richtext.HTML(strings.Repeat("The insurer takes in forty thousand claims a month by post, email and app. ", 9))+"</p><ul><li>Adjusters are in three countries.</li></ul>"
	withCase.Problem, withCase.Pretest, withCase.KeepIt = "Choose one option, or say that you don't know.", "From Platform team, tried out: it does not count.", true
	pages["question case"] = Question(withCase)
	return pages
}

func frame(title string) page.Frame {
	return page.Frame{
		Title: title, Path: "/help", Section: "diagnostic", Theme: "dark", Notice: "Your theme is kept on this device.",
		Viewer: page.Viewer{SignedIn: true, Name: "R. Reader", Email: "reader@example.org", Role: "instructor", Instructor: true},
	}
}

func sampleFigure() page.Figure {
	bar := func(label, detail string, low, estimate, high float64, side, words string) page.Bar {
		return page.Bar{Label: label, Detail: detail, Shown: true, Estimate: estimate, Low: low, High: high, Side: side, SideText: words,
			Text: fmt.Sprintf("%.0f %% (%.0f to %.0f)", estimate, low, high)}
	}
	return page.Figure{
		Caption: "Readiness by domain, AI-103", Cut: 68, CutText: "The line is the exam's overall pass mark, assumed at 68 % expected score (±4). No mark is published per domain.",
		Rows: []page.Bar{
			{Label: "Whole exam", Detail: "weighted by the exam's own weights", Overall: true, Shown: true, Estimate: 70, Low: 61, High: 78, Text: "70 % (61 to 78)", Side: "straddles", SideText: "on both sides of the line: uncertain"},
			bar("Plan and manage an Azure AI solution", "weight 28 %", 74, 83, 90, "above", "beyond the line"),
			bar("Implement generative AI and agentic solutions", "weight 33 %", 55, 69, 81, "straddles", "across the line"),
			bar("Implement computer vision solutions", "weight 13 %", 31, 47, 62, "below", "short of the line"),
			{Label: "Implement text analysis solutions", Detail: "weight 13 %", Side: "straddles", Missing: "2 of 3 answers"},
			bar("Implement information extraction solutions", "weight 13 %", 50, 72, 88, "straddles", "across the line"),
		},
	}
}

var sampleKept = []page.SittingGroup{
	{ID: "kept-diagnostic", Heading: "Diagnostics", Rows: []page.Link{{Label: "How ready am I for AI-103?", Address: "/sittings/s1/report", Note: "20 November 2026, 24 answers"}}},
	{ID: "kept-mock", Heading: "Mock exams", Rows: []page.Link{{Label: "Mock exam AI-103", Address: "/exams/s4", Note: "22 November 2026, open: 48 min left"}}, Earlier: []page.Link{{Label: "Mock exam AI-103", Address: "/sittings/s3/result", Note: "1 November 2026"}}},
}

var sampleExams = []page.ExamChoice{
	{Code: "MLA-C02", Name: "AWS Certified Machine Learning Engineer – Associate", Offered: true, Chosen: true, Note: "96 questions"},
	{Code: "AI-103", Name: "Developing AI apps and agents on Azure", Offered: true, Note: "118 questions"},
	{Code: "PMLE", Name: "Professional Machine Learning Engineer", Offered: true, Note: "88 questions"},
	{Code: "AI-102", Name: "Designing and Implementing a Microsoft Azure AI Solution", Note: "retired on 30 June 2026"},
}

var sampleFactors = []page.Factor{
	{ID: "role", Label: "What do you do most of the time?", Values: []page.FactorValue{{ID: "dev", Label: "Build applications", Chosen: true}, {ID: "ml", Label: "Train and run models"}}},
	{ID: "clouds", Label: "Which clouds do you work with?", Multi: true, Values: []page.FactorValue{{ID: "aws", Label: "AWS", Chosen: true}, {ID: "azure", Label: "Azure"}, {ID: "gcp", Label: "Google Cloud"}}},
}

var sampleLanguages = []page.Option{{Value: "en", Label: "English", Chosen: true}, {Value: "de", Label: "German"}}

func sampleStart() page.Start {
	return page.Start{
		Frame: frame("Begin"), Problem: "Choose at least one certification.", Exams: sampleExams, Factors: sampleFactors, Languages: sampleLanguages, Held: sampleExams,
		Lengths: []page.Option{{Value: "12", Label: "12 questions, about 20 minutes", Chosen: true}, {Value: "25", Label: "25 questions, about 40 minutes"}, {Value: "40", Label: "40 questions, about an hour"}},
		Banks:   []page.BankChoice{{ID: "b1", Title: "Platform team", Questions: 24}},
	}
}

func sampleQuestion(kind string) page.Question {
	q := page.Question{
		Frame: frame("Question 4"), Sitting: "s2", Seq: 3, Number: 4, Of: 12, Type: kind, TypeLabel: "one answer", Saved: true, Instruction: "Choose one.",
		Stem: "<p>A retailer trains a demand model on two years of daily sales for 40,000 products. New products have no history, and the buyers want a forecast on the day a product is listed. The team keeps the model in <code>us-east-1</code> and retrains it every week; each run takes six hours and must not cost more than it does now.</p><p>Forecasts are read by a planning tool that calls an endpoint a few hundred times each morning and not at all for the rest of the day.</p>",
		Ask:  "Which approach meets these requirements with the least operational overhead?",
		Options: []page.QuestionOption{
			{Place: "1", Letter: "A", Text: "Host the model on a real-time endpoint with automatic scaling down to one instance.", Rank: "2"},
			{Place: "2", Letter: "B", Text: "Use a serverless endpoint and add item metadata, such as category and price, as features.", Chosen: true, Rank: "1"},
			{Place: "3", Letter: "C", Text: "Run a batch transform job each night and let the planning tool read its results from object storage with <code>GetObject</code>.", Rank: "3"},
			{Place: "4", Letter: "D", Text: "Train one model per product and place them behind a multi-model endpoint.", Rank: "4"},
		},
	}
	switch kind {
	case "multiple":
		q.Instruction, q.TypeLabel, q.Options[2].Chosen = "Choose 2.", "several answers", true
	case "ordering":
		q.Ask, q.Instruction = "In which order should the team take these steps?", "Give every step its place."
	case "matching":
		q.Ask, q.Instruction = "Match each need with the option that meets it.", "Each option is used at most once."
		q.Prompts = []page.QuestionPrompt{{Index: 0, Text: "A forecast for a product without history", Chosen: "2"}, {Index: 1, Text: "Low cost when nobody asks"}}
	case "yes_no":
		q.Ask, q.Instruction, q.Options = "For each statement, say whether it is true.", "Answer all of them.", nil
		q.Prompts = []page.QuestionPrompt{{Index: 0, Text: "A serverless endpoint can scale to zero.", Chosen: "yes"}, {Index: 1, Text: "A batch transform job keeps an endpoint running."}}
	}
	return q
}

func sampleHome() *page.OwnHome {
	return &page.OwnHome{
		Sentence: "You are likely to pass MLA-C02.", Evidence: "Rests on 24 answers.", Exams: sampleReport().Exams, KeepIt: true,
		Open: []page.Link{
			{Label: "Go on with your AI-103 mock exam", Address: "/exams/s3", Note: "40 min left."},
			{Label: "Go on with your practice", Address: "/sittings/s2", Note: "Practice for MLA-C02. 4 of 10 answered."},
		},
		Due:   page.DueReview{Count: 7, Text: "Due today: 7 questions.", Label: "Review 7 questions", Size: 20},
		Step:  &page.HomeStep{Text: "More answers would narrow it.", Label: "Practise 10 questions on it", Address: "/practice", Fields: []page.Field{{Name: "exam", Value: "MLA-C02"}}},
		Aside: "Beginning another practice ends the open one.",
		Done: []page.DoneGroup{
			{Heading: "Practice", Rows: []page.Link{{Label: "Practice for MLA-C02", Address: "/sittings/s1/practice", Note: "22 November 2026; 7 of 10 right"}}, All: &page.Link{Label: "All 9 practices", Address: "/practice?past=all"}},
		},
	}
}

func sampleReport() page.Report {
	exam := page.Exam{
		Code: "AI-103", Name: "Developing AI apps and agents on Azure", Link: "/certifications/AI-103", Measured: true, Verdict: "getting there", VerdictKind: "getting_there", PassText: "about 48 %", Answers: 12,
		Figure: sampleFigure(), Narrow: "Two more questions on text analysis would narrow this most.", Availability: "booking not confirmed", AvailabilityKind: "unconfirmed",
		Strongest: []page.Skill{{Name: "Responsible AI", Text: "84 % (70 to 92)"}}, Weakest: []page.Skill{{Name: "Computer vision", Text: "47 % (31 to 62)"}, {Name: "Document intelligence", Text: "52 % (33 to 70)"}},
	}
	early := exam
	early.Code, early.Verdict, early.VerdictKind, early.Measured, early.PassText = "PMLE", "too early to say", "too_early", false, ""
	others := []page.Exam{}
	for i, kind := range []string{"ready", "likely", "getting_there", "not_yet", "too_early"} {
		others = append(others, page.Exam{Code: fmt.Sprintf("EX-%d", i), Name: "An exam's name in full", Link: "/certifications/x", Verdict: strings.ReplaceAll(kind, "_", " "), VerdictKind: kind, PassText: "about 62 %", Answers: 9})
	}
	return page.Report{
		Frame: frame("Report"), Sitting: "s1", Heading: "You are close to passing AI-103", Sentence: "AI-103 is within reach: two domains stand across the line, and computer vision is short of it.",
		Evidence: "This rests on 12 answers, 11 of which bear on AI-103.", Why: "The diagnostic ended at the length you chose.", Banks: []string{"Questions: Sextant 2026-11."},
		Exams: []page.Exam{exam, early}, Others: others, Assumptions: []string{"The pass mark is assumed.", "Expected scores are model-based."}, Kept: sampleKept, KeepIt: true,
	}
}

// sampleFit is the report of "which fits me?": too many exams to show in full.
func sampleFit() page.Report {
	report := sampleReport()
	exam := report.Exams[0]
	report.Exams = nil
	for i, kind := range []string{"ready", "likely", "getting_there", "not_yet", "too_early"} {
		e := exam
		e.Code, e.VerdictKind, e.Verdict = fmt.Sprintf("FIT-%d", i), kind, strings.ReplaceAll(kind, "_", " ")
		e.Figure.Rows = slices.Clone(exam.Figure.Rows)
		e.Figure.Cut += float64(2 * i)
		e.Figure.Rows[0].Shown = kind != "too_early"
		e.Figure.Rows[0].Missing = "At least eight answers that bear on the exam are needed."
		report.Exams = append(report.Exams, e)
	}
	return report
}

func sampleRecommendation() page.Recommendation {
	choice := page.Choice{
		Rank: 1, Code: "AI-103", Name: "Developing AI apps and agents on Azure", Link: "/certifications/AI-103", Mode: "Prepare for", Availability: "can be taken", AvailabilityKind: "yes",
		Measured: true, Verdict: "likely", VerdictKind: "likely", PassText: "about 62 %", Situation: "+1.30", Evidence: "+1.80", Score: "+3.10",
		For:     []page.LedgerLine{{Source: "your answers", SourceKind: "your_answers", Text: "You would score about 71 % today", Weight: "+1.80"}},
		Against: &page.LedgerLine{Source: "the exam's status", SourceKind: "lifecycle", Text: "Not confirmed that it can be booked", Weight: "−0.50"},
		Hours:   page.Hours{Short: "60 (33 to 108)", Text: "About 60 hours of study bring a pass to 80 %: 33 to 108 for faster and slower learners."},
		Ledger: []page.LedgerLine{
			{Source: "your answers", SourceKind: "answers", Text: "You would score about 71 % today, close to the pass mark", Weight: "+1.8"},
			{Source: "what you told us", SourceKind: "profile", Text: "You build applications on Azure", Weight: "+1.5"},
			{Source: "the calendar", SourceKind: "catalogue", Text: "It asks for more preparation than the others", Weight: "−0.2"},
		},
		Changes: []string{"A score under 60 % in generative AI would put AI-901 first."},
		Study:   []page.Study{{Name: "Implement computer vision solutions", Reason: "short of the line, weight 13 %", Links: []page.Link{{Label: "Study guide", Address: "https://learn.microsoft.com/", External: true, Note: "official"}}}},
	}
	unmeasured := choice
	unmeasured.Code, unmeasured.Rank, unmeasured.Measured, unmeasured.AvailabilityKind = "PMLE", 2, false, "unconfirmed"
	beside := choice
	beside.Code, beside.AvailabilityKind = "MLA-C02", "no"
	return page.Recommendation{
		Frame: frame("Recommendation"), Sitting: "s1", Sentence: "Prepare for AI-103: it fits what you do, and you are about three weeks away.", Evidence: "From 12 answers and 2 things you told us.",
		Lead: &choice, Beside: &beside, Sequence: sampleSequence(), Plan: "/plan?exam=AI-103", WhatIf: "/recommendation/whatif", Target: "80 %",
		Compare: &page.Link{Label: "Compare with MLA-C02 and PMLE", Address: "/certifications/compare?codes=AI-103,MLA-C02,PMLE"},
		Rest:    []page.Choice{unmeasured}, Retired: []page.Retired{{Code: "AI-102", Text: "ended on 30 June 2026.", Caveat: "Its badge stays valid.", Instead: []page.Link{{Label: "AI-103", Address: "/certifications/AI-103"}}}},
		Conflicts: []string{"Financial services speaks for two clouds; the employer's cloud decides."},
		Notes:     []string{"Prices differ by country."}, Information: []string{"Beta exams are left out."}, Profile: []page.ProfileLine{{Question: "What do you do most of the time?", Answer: "Build applications"}}, KeepIt: true,
	}
}

func sampleSequence() *page.Sequence {
	return &page.Sequence{
		Hours: "6", Action: "/recommendation", Sentence: "AI-103 by 14 February 2027, then MLA-C02.", Note: "Days rest on a study model.", Undated: []string{"AI-901 does not expire."},
		Ticks: []page.SequenceTick{{At: 0, Label: "Dec 2026"}, {At: 50, Label: "Mar 2027"}},
		Events: []page.SequenceEvent{
			{Kind: "step", Label: "AI-103", Place: 1, Code: "AI-103", Name: "Developing AI apps and agents on Azure", Link: "/certifications/AI-103", When: "22 November 2026 to 14 February 2027", Range: "between 9 January and 3 May", Hours: "60 hours", Reason: "It comes first.", Transfer: "About 38 % is within reach.", Within: &page.Within{Today: 38, After: 38}, Availability: "can be taken then", AvailabilityKind: "yes", Why: "It can be taken.", End: 40, Late: 60},
			{Kind: "renewal", Label: "DP-100 ends", Code: "DP-100", When: "By 1 March 2027", Text: "DP-100 runs out.", Detail: "It can't be renewed.", Start: 30, End: 45},
			{Kind: "step", Label: "MLA-C02", Place: 2, Code: "MLA-C02", Name: "Machine Learning Engineer", Link: "/certifications/MLA-C02", When: "14 February to 30 April 2027", Reason: "The concepts carry over.", Transfer: "After AI-103, about 61 % is within reach (38 % today).", Within: &page.Within{Today: 38, After: 61}, Availability: "not confirmed for then", AvailabilityKind: "unconfirmed", Why: "It is in beta.", Expected: "General availability is expected.", Cautions: []string{"Its last day is near."}, Experience: "One year.", Start: 75, End: 90, Late: 100},
		},
	}
}

func sampleWhatIf() page.WhatIf {
	return page.WhatIf{
		Frame: frame("What if"), Factors: []page.Factor{{ID: "role", Label: "Which role?", Multi: true, Values: []page.FactorValue{{ID: "a", Label: "Engineer", Chosen: true}}}}, Languages: sampleChoice,
		Held: []page.ExamChoice{{Code: "AI-900", Name: "Azure AI Fundamentals", Chosen: true, Since: "2026-01-02"}}, Passes: sampleChoice, CanKeep: true,
		Masters: []page.MasterExam{{Code: "AI-103", Name: "Apps and agents", Open: true, Domains: []page.MasterDomain{{Value: "AI-103/1", Name: "Plan and manage", Weight: "28 %", Chosen: true}}}},
		Outcome: page.Supposition{
			Sentence: "PMLE would come first instead of AI-103.", Supposed: []string{"You had said: AWS."}, Hours: "About 20 hours of study.",
			Because: []page.LedgerLine{{Source: "New", SourceKind: "for", Text: "Your employer uses it", Weight: "+3.00"}},
			Rows:    []page.Move{{Code: "PMLE", Name: "Engineer", Link: "/certifications/PMLE", Before: 4, After: 1, ScoreBefore: "+1.00", Score: "+4.00", PassBefore: "about 20 %", Pass: "about 40 %", Kind: "up", Text: "4 → 1", Words: "from place 4 to place 1"}},
		},
	}
}

func sampleCertifications() page.Certifications {
	rows := []page.CertificationRow{}
	for i, kind := range []string{"yes", "unconfirmed", "no"} {
		rows = append(rows, page.CertificationRow{Code: fmt.Sprintf("EX-%d", i), Name: "An exam's name in full", Vendor: "Microsoft Azure", Level: "associate", Link: "/certifications/x", Availability: kind, AvailabilityKind: kind, Questions: 90 * i, Offered: i > 0})
	}
	return page.Certifications{Frame: frame("Certifications"), Today: "22 November 2026", AsOf: "Facts as of November 2026.", Groups: []page.CertificationGroup{{ID: "exams-now", Heading: "Can be taken now", Rows: rows}}, Filters: []page.CertificationFilter{{Name: "level", Label: "Level", Options: sampleChoice}}}
}

func sampleCertification() page.Certification {
	return page.Certification{
		Frame: frame("AI-103"), Code: "AI-103", Name: "Developing AI apps and agents on Azure", Availability: "can be taken", AvailabilityKind: "yes", Reason: "Booking is open.", Offered: true,
		Facts: []page.CertificationFacts{{ID: "format", Heading: "The exam itself", Facts: []page.Sourced{{Label: "Questions", Text: "40 to 60", Source: "learn.microsoft.com, 2026-11"}}}}, Events: []page.Sourced{{Label: "2026-06-30", Text: "AI-102 retired"}},
		Domains:    []page.DomainRow{{Name: "Plan and manage", Weight: "25–30 %", Questions: 30, Tasks: []string{"Choose a model"}, Links: []page.Link{{Label: "Study guide", Address: "https://learn.microsoft.com/", External: true}}}},
		Neighbours: []page.Neighbour{{Link: page.Link{Label: "AI-104", Address: "/certifications/AI-104", Note: "The next one"}, Text: "It differs.", Compare: "/certifications/compare?codes=AI-103,AI-104"}}, Links: []page.Sourced{{Label: "Exam page", Text: "https://learn.microsoft.com/"}},
	}
}

var sampleChoice = []page.Option{{Value: "a", Label: "The first", Chosen: true}, {Value: "b", Label: "The second"}}

func sampleBanks() page.Banks {
	return page.Banks{
		Frame: frame("Banks"), Imports: []page.ImportRow{{Address: "/imports/i1", Title: "Spring class", State: "waits for your decision", Begun: "today"}},
		Groups: []page.BankGroup{
			{ID: "mine", Heading: "Yours", None: "You have no bank yet."},
			{ID: "everyone", Heading: "For everyone", Rows: []page.BankRow{{ID: "builtin", Title: "Sextant", Description: "What comes with it.", Owner: "R. Reader", Seen: "everyone", Questions: 640, Others: "3 drafts", Readiness: "counts", Changed: "built in"}}},
		},
	}
}

func sampleBank(writes bool) page.Bank {
	rows := []page.QuestionRow{
		{ID: "azure-vision-01", Name: "azure-vision-01", Type: "Single choice", Skill: "Computer vision", Platform: "Azure", Difficulty: "3", Ask: "Which service reads the meters?", Serves: "serves AI-103 domain 3", Tags: []string{"spring", "week 1"}},
		{ID: "azure-vision-02", Name: "Steps", Type: "Multiple response", Ask: "Which two steps come first?", Gaps: "practice only: no skill", Note: "Week 2", State: "draft", StateLabel: "Draft", Address: "/questions/azure-vision-02/edit"},
	}
	search := page.BankSearch{Action: "/banks/b1", Words: "meters", States: sampleChoice, Types: sampleChoice, Platforms: sampleChoice, Skills: sampleChoice, Difficulties: sampleChoice, Tags: []string{"spring"}, Sort: "-text", Narrowed: true, Finer: true}
	return page.Bank{
		Frame: frame("Bank"), ID: "b1", BankTitle: "Platform team", Description: "For the team.", Facts: []string{"Everyone may be asked its questions."}, Problem: "Choose at least one question.",
		Writes: writes, Manages: writes, Statistics: writes, Exports: writes, Practised: true, Withdrawn: writes, Filter: search,
		Filters: []page.BankFilter{{Label: "All", Count: 2, Address: "/banks/b1", Current: true}, {Label: "Draft", Count: 1, Address: "/banks/b1?state=draft"}},
		List: page.QuestionTable{
			Columns: []page.SortColumn{{Label: "Question", Address: "/banks/b1?sort=text", Order: "descending"}, {Label: "Type", Address: "/banks/b1?sort=type"}},
			Rows:    rows, Sentence: "1 to 2 of 60 questions", Total: 60, Query: "sort=-text", Action: "/banks/b1/questions",
			Pages: []page.ReviewPart{{Label: "1", Address: "/banks/b1?page=1", Current: true}, {Label: "2", Address: "/banks/b1?page=2"}},
		},
	}
}

func sampleImport() page.Import {
	remark := []page.ImportRemark{{Where: "quiz.gift:5", Message: "No answer is marked.", Remedy: "Begin the right one with =."}}
	return page.Import{
		Frame: frame("Import"), ID: "i1", BankTitle: "Platform team", BankNote: "It is there already.", BankLink: "/banks/b1", Sentence: "1 question will be added.", Hint: "Mend the other.",
		Files:   []page.ImportFile{{Name: "quiz.gift", Format: "Moodle GIFT", Imported: 1, Broken: 1, Skipped: remark, Faults: remark, Warnings: remark, MoreFaults: 3}},
		Filters: []page.BankFilter{{Label: "To mend", Count: 1, Address: "/imports/i1?show=broken", Current: true}}, Shown: "show=broken",
		Rows: []page.ImportItem{
			{N: 1, Address: "/imports/i1/items/1", Effect: "broken", EffectLabel: "can't be asked", Where: "quiz.gift:5", ID: "q-1", Ask: "Which?", Labels: "Single choice", Problems: []string{"options: none is right"}, Mendable: true},
			{N: 2, Address: "/imports/i1/items/2", Effect: "change", EffectLabel: "will be changed", Where: "quiz.gift:9", ID: "q-2", Ask: "Which?", Differences: []page.FieldChange{{Field: "Ask", Before: []page.Words{{Text: "What?", Differs: true}}, After: []page.Words{{Text: "Which?", Differs: true}}}}, Whole: &page.ReviewItem{Stem: "<p>Meters.</p>", RowsHead: [3]string{"Step", "", "Right place"}, Rows: []page.ReviewRow{{Text: "Read", Right: "1"}}}},
			{N: 3, Address: "/imports/i1/items/3", Effect: "dropped", EffectLabel: "stays out", ID: "q-3", Ask: "Which?", Dropped: true},
		},
		Mapping: page.ImportMapping{Needed: true, Sentence: "3 questions come without labels.", More: 2, Suggesting: true, Rows: []page.MappingRow{
			{N: 0, Category: "Week 1", Label: "Week 1", Questions: "2 questions", Platforms: sampleChoice, Skills: []page.SkillGroup{{Name: "Generative", Skills: sampleChoice}}, Difficulties: sampleChoice, Suggestions: []page.Suggestion{{Label: "Platform: AWS", Reason: "2 of 2 name it"}}},
			{N: 1, Label: "Without a category", Questions: "1 question", Platforms: sampleChoice, NoSkill: true, Difficulties: sampleChoice},
		}},
		MayPublish: true, Publish: "Publish 1 question now", Drafts: "Bring 2 questions in as drafts", NoPublish: "The bank counts.", Nothing: "Nothing yet.",
	}
}
