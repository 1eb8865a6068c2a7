package bank_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// repository is the catalogue that ships with the questions.
func repository(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	cat, err := catalogue.Load(os.DirFS("../../questions/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

const scenarioText = `A ferry line predicts which sailings will be full, so that it can open a second deck in time. It has four years of
bookings in one table, a forecast of the weather and the dates of the school holidays. The crew planner needs a
probability per sailing each morning before six and nobody on the staff writes code, but two people know SQL well.`

// sound is a single choice that no rule remarks on.
func sound() *exam.Question {
	return &exam.Question{
		ID: "aws-model-training-77", Type: exam.Single, Platform: exam.AWS, Skill: "model-training", Difficulty: 2, DifficultyReason: "one constraint decides",
		Stem: scenarioText, Ask: "Which approach suits the planner with the least effort?",
		Options: []exam.Option{
			{ID: "A", Text: "Gradient boosting in a notebook", Rationale: "r"},
			{ID: "B", Text: "Logistic regression in the warehouse", Key: true, Rationale: "r"},
			{ID: "C", Text: "A convolutional network on a cluster", Rationale: "r"},
			{ID: "D", Text: "Clustering in the reporting tool", Rationale: "r"},
		},
		Remember: "Stay where the data and the skills are.", References: []exam.Reference{{Title: "A page", URL: "https://example.com/a"}},
		FactsAsOf: "2026-11", Review: exam.Review{Solved: 1, Agreed: 1, Date: "2026-11-01"}, File: "q.yaml", Line: 1,
	}
}

func said(remarks []bank.Remark, rule string) []bank.Remark {
	return slices.DeleteFunc(slices.Clone(remarks), func(r bank.Remark) bool { return r.Rule != rule })
}

func TestASoundQuestionGetsNoRemark(t *testing.T) {
	if remarks := bank.LintQuestion(sound(), repository(t), bank.LintOptions{}); len(remarks) > 0 {
		t.Errorf("remarks:\n%s", report(remarks))
	}
}

func TestItemRules(t *testing.T) {
	cat := repository(t)
	multiple := func(q *exam.Question) {
		q.Type, q.Choose, q.Options[2].Key = exam.Multiple, 2, true
		q.Ask = "Which two approaches suit the planner? (Choose two.)"
	}
	cases := []struct {
		name     string
		change   func(q *exam.Question)
		rule     string
		severity bank.Severity
		message  string // the beginning
	}{
		{"invalid", func(q *exam.Question) { q.Difficulty = 9 }, "valid", bank.Error, "difficulty: use 1"},
		{"bad form", func(q *exam.Question) { q.References[0].URL = "http://example.com" }, "valid", bank.Error, "reference 1: url: give"},
		{"unknown skill", func(q *exam.Question) { q.Skill = "model-traning" }, "skill-unknown", bank.Error, `skill: "model-traning" is not a skill of the catalogue; did you mean "model-training"?`},
		{"unknown exam", func(q *exam.Question) { q.Domains = map[exam.Code]exam.DomainID{"XYZ-1": "1"} }, "domain", bank.Error, "domains.XYZ-1: "},
		{"domain without the skill", func(q *exam.Question) { q.Domains = map[exam.Code]exam.DomainID{"MLA-C02": "4"} }, "domain", bank.Error, "domains.MLA-C02: "},
		{"another vendor's exam", func(q *exam.Question) { q.Domains = map[exam.Code]exam.DomainID{"DP-100": "3"} }, "domain", bank.Error, "domains.DP-100: "},
		{"unplaced", func(q *exam.Question) { q.Skill = "genai-fundamentals" }, "unplaced", bank.Advice, "domains: the question is not served for AIF-C01 until it names one of domains 1, 2 there"},
		{"serves nothing", func(q *exam.Question) { q.Skill = "automl-low-code" }, "serves-none", bank.Advice, "skill: no exam on AWS examines automl-low-code"},
		{"short scenario", func(q *exam.Question) { q.Stem = "A ferry line predicts which sailings will be full." }, "stem-length", bank.Advice, "stem: the scenario has 9 words"},
		{"long scenario", func(q *exam.Question) { q.Stem = strings.Repeat(scenarioText+" ", 3) }, "stem-length", bank.Advice, "stem: has 1"},
		{"long stimulus", func(q *exam.Question) {
			q.Stimulus = &exam.Stimulus{ID: "case", Title: "t", Text: strings.Repeat(scenarioText+" ", 6)}
		}, "stem-length", bank.Advice, "stimulus: the shared text has 3"},
		{"no question mark", func(q *exam.Question) { q.Ask = "Choose the best approach." }, "ask-form", bank.Advice, "ask: does not end as a question"},
		{"number not stated", func(q *exam.Question) { multiple(q); q.Ask = "Which approaches suit the planner?" }, "ask-number", bank.Advice, "ask: does not state how many to choose; end it with “(Choose two.)”"},
		{"wrong number stated", func(q *exam.Question) { multiple(q); q.Ask = "Which approaches suit the planner? (Choose three.)" }, "ask-number", bank.Advice, "ask: does not state"},
		{"negative ask", func(q *exam.Question) { q.Ask = "Which approach does NOT suit the planner?" }, "ask-negative", bank.Advice, "ask: asks negatively (“NOT”)"},
		{"no reference", func(q *exam.Question) { q.References = nil }, "references", bank.Error, "references: none given"},
		{"no rule to remember", func(q *exam.Question) { q.Remember = "" }, "remember", bank.Advice, "remember: is missing"},
		{"no reason for the level", func(q *exam.Question) { q.DifficultyReason = "" }, "difficulty-reason", bank.Advice, "difficulty_reason: is missing; say in a few words why it is level 2"},
		{"facts without a date", func(q *exam.Question) { q.FactsAsOf = "" }, "facts-as-of", bank.Advice, "facts_as_of: is missing"},
		{"never reviewed", func(q *exam.Question) { q.Review = exam.Review{} }, "review", bank.Advice, "review: no blind review"},
		{"all of the above", func(q *exam.Question) { q.Options[3].Text = "All of the above" }, "catch-all", bank.Advice, "option D: “All of the above”"},
		{"A and C", func(q *exam.Question) { q.Options[3].Text = "Both A and C" }, "refers-to-option", bank.Advice, "option D: “Both A”"},
		{"numbers out of order", func(q *exam.Question) {
			for i, n := range []int{10, 40, 20, 30} {
				q.Options[i].Text = fmt.Sprintf("%d minutes", n)
			}
		}, "number-order", bank.Advice, "options: differ only in their numbers"},
		{"longest key", func(q *exam.Question) {
			q.Options[1].Text = "Logistic regression trained and run by scheduled statements inside the warehouse"
		}, "key-longest", bank.Advice, "option B: the key is the longest option by far (80 letters against 36)"},
		{"key echoes the stem", func(q *exam.Question) { q.Options[1].Text = "Sailings, bookings and holidays in SQL" }, "key-echoes-stem", bank.Advice, "option B: the key repeats 3 words of the scenario, no distractor more than 0"},
		{"key with most detail", func(q *exam.Question) { q.Options[1].Text = "Trees, 200 deep, in the warehouse" }, "key-detailed", bank.Advice, "option B: the key has 3 commas and numbers, no distractor more than 0"},
		{"absolute distractor", func(q *exam.Question) { q.Options[0].Text = "Gradient boosting that is always on" }, "absolute-word", bank.Advice, "option A: “always” marks a distractor"},
		{"unknown service", func(q *exam.Question) { q.Services = []string{"amazon-kendrra"} }, "service-unknown", bank.Error, `services[0]: "amazon-kendrra" is not a service of the catalogue; did you mean "amazon-kendra"?`},
		{"ended service as key", func(q *exam.Question) {
			q.Services, q.Options[1].Text = []string{"amazon-sagemaker-ground-truth-plus"}, "SageMaker Ground Truth Plus"
		}, "service-status", bank.Error, "services[0]: the key rests on SageMaker Ground Truth Plus, which is no longer offered since 2026-06-30"},
		{"closed service as key", func(q *exam.Question) {
			q.Services, q.Options[1].Text = []string{"amazon-forecast"}, "Amazon Forecast"
		}, "service-status", bank.Error, "services[0]: the key rests on Amazon Forecast, which is closed to new customers"},
		{"ended service as distractor", func(q *exam.Question) {
			q.Services, q.Options[0].Text = []string{"amazon-sagemaker-ground-truth-plus"}, "SageMaker Ground Truth Plus"
		}, "service-status", bank.Advice, "services[0]: the question names SageMaker Ground Truth Plus"},
		{"ended service in a key, unlisted", func(q *exam.Question) { q.Options[1].Text = "SageMaker Ground Truth Plus" }, "service-status", bank.Advice, "option B: the key names SageMaker Ground Truth Plus"},
		{"retiring service as key", func(q *exam.Question) {
			q.Platform, q.Services, q.Options[1].Text = exam.Azure, []string{"azure-custom-vision"}, "Azure Custom Vision"
		}, "service-status", bank.Advice, "services[0]: the key rests on Azure Custom Vision, which is to be retired on 2028-09-25"},
		{"former name", func(q *exam.Question) { q.Options[0].Text = "Kinesis Data Firehose" }, "former-name", bank.Advice, "stem: “Kinesis Data Firehose” is now Amazon Data Firehose"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := sound()
			c.change(q)
			remarks := bank.LintQuestion(q, cat, bank.LintOptions{On: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)})
			found := said(remarks, c.rule)
			if len(found) == 0 {
				t.Fatalf("rule %s is silent; all remarks:\n%s", c.rule, report(remarks))
			}
			if r := found[0]; r.Severity != c.severity || !strings.HasPrefix(r.Message, c.message) || r.File != "q.yaml" || r.Line != 1 || r.Question != q.ID {
				t.Errorf("got %s %s\nwant %s %s…", r.Severity, r, c.severity, c.message)
			}
		})
	}
}

func TestItemRulesLeaveGoodPracticeAlone(t *testing.T) {
	cat := repository(t)
	cases := []struct {
		name   string
		change func(q *exam.Question)
		rule   string
	}{
		{"table beside a short stem", func(q *exam.Question) { q.Stem = "Read the table.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |" }, "stem-length"},
		{"code does not count", func(q *exam.Question) { q.Stem += "\n\n```\n" + strings.Repeat("select one ", 200) + "\n```" }, "stem-length"},
		{"short stem under a stimulus", func(q *exam.Question) {
			q.Stem, q.Stimulus = "", &exam.Stimulus{ID: "case", Title: "t", Text: scenarioText}
		}, "stem-length"},
		{"a task that ends in a full stop", func(q *exam.Question) {
			q.Type, q.Options, q.Ask = exam.YesNo, nil, "Judge each statement."
			q.Statements = []exam.Statement{{Text: "a", Rationale: "r"}, {Text: "b", Rationale: "r"}}
		}, "ask-form"},
		{"least effort is no negative", func(q *exam.Question) { q.Ask = "Which approach needs the least effort?" }, "ask-negative"},
		{"numbers in falling order", func(q *exam.Question) {
			for i, n := range []int{40, 30, 20, 10} {
				q.Options[i].Text = fmt.Sprintf("%d minutes", n)
			}
		}, "number-order"},
		{"absolutes on both sides", func(q *exam.Question) {
			q.Options[0].Text, q.Options[1].Text = "Only boosting", "Only a regression"
		}, "absolute-word"},
		{"read-only is no absolute", func(q *exam.Question) { q.Options[0].Text = "A read-only replica" }, "absolute-word"},
		{"former name beside the present one", func(q *exam.Question) { q.Options[0].Text = "Amazon Data Firehose (formerly Kinesis Data Firehose)" }, "former-name"},
		{"the present name of the former name's kin", func(q *exam.Question) { q.Options[0].Text = "Amazon SageMaker AI" }, "former-name"},
		{"all of something named", func(q *exam.Question) { q.Options[3].Text = "Clustering all of these tables at once" }, "catch-all"},
		{"an article before a capital", func(q *exam.Question) { q.Options[3].Text = "A BigQuery view and A/B tests" }, "refers-to-option"},
		{"not yet ended on that day", func(q *exam.Question) {
			q.Services, q.Options[1].Text = []string{"amazon-sagemaker-ground-truth-plus"}, "SageMaker Ground Truth Plus"
		}, "service-status"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := sound()
			c.change(q)
			on := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			if found := said(bank.LintQuestion(q, cat, bank.LintOptions{On: on}), c.rule); len(found) > 0 {
				t.Errorf("rule %s speaks:\n%s", c.rule, report(found))
			}
		})
	}
}

// What the built-in bank must have is advice for a bank of somebody's own.
func TestAnUploadedBankMayLeaveMuchUndone(t *testing.T) {
	bare := &exam.Question{
		ID: "quiz-1", Type: exam.Single, Ask: "Is a cache a store?", FixedOrder: true,
		Options: []exam.Option{{ID: "A", Text: "Answer B is right"}, {ID: "B", Text: "No", Key: true}},
	}
	again := *bare
	again.ID = "quiz-2"
	cat := repository(t)
	for _, uploaded := range []bool{false, true} {
		remarks := bank.Lint(bank.New("x", []*exam.Question{bare, &again}), cat, bank.LintOptions{Uploaded: uploaded})
		if bank.HasErrors(remarks) == uploaded {
			t.Errorf("uploaded %v: remarks:\n%s", uploaded, report(remarks))
		}
		for _, rule := range []string{"gap", "references", "near-duplicate"} {
			if len(said(remarks, rule)) == 0 {
				t.Errorf("uploaded %v: no remark %s:\n%s", uploaded, rule, report(remarks))
			}
		}
		for _, rule := range []string{"refers-to-option", "difficulty-reason", "serves-none"} {
			if len(said(remarks, rule)) > 0 {
				t.Errorf("uploaded %v: a remark %s:\n%s", uploaded, rule, report(remarks))
			}
		}
	}
}

func TestLintPointsAtTheLineInTheFile(t *testing.T) {
	data := strings.Replace(string(goodFile(t, "neutral-bias-variance-90.yaml")), "Pooling the visits", "Always pooling the visits", 1)
	b, remarks := bank.ParseFiles([]bank.File{{Name: "neutral-bias-variance-90.yaml", Data: []byte(data)}}, "uploads")
	if len(remarks) > 0 {
		t.Fatal(report(remarks))
	}
	want := "remark neutral-bias-variance-90.yaml:27: option D: “always” marks a distractor to the testwise and no key has such a word; reword it\n"
	if got := report(bank.Lint(b, nil, bank.LintOptions{})); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestLintAlsoSpeaksAboutRefusedQuestions(t *testing.T) {
	data := strings.NewReplacer("Pooling the visits", "Always pooling the visits", "difficulty: 4", "difficulty: 9").Replace(string(goodFile(t, "neutral-bias-variance-90.yaml")))
	b, _ := bank.ParseFiles([]bank.File{{Name: "neutral-bias-variance-90.yaml", Data: []byte(data)}}, "uploads")
	remarks := bank.Lint(b, nil, bank.LintOptions{})
	if len(b.Questions) != 0 || len(said(remarks, "absolute-word")) != 1 || len(said(remarks, "valid")) != 0 {
		t.Errorf("%d kept, remarks:\n%s", len(b.Questions), report(remarks))
	}
}

// many makes a bank of sound questions that differ in every word that counts.
func many(n int, change func(i int, q *exam.Question)) *bank.Bank {
	var questions []*exam.Question
	for i := range n {
		q := sound()
		q.ID = exam.QuestionID(fmt.Sprintf("aws-model-training-%03d", i))
		q.Stem = ""
		for w := range 50 {
			q.Stem += fmt.Sprintf("w%dx%d ", i, w)
		}
		for o := range q.Options {
			q.Options[o].Text = fmt.Sprintf("%s%d", strings.Repeat("z", 10), 1000+10*i+o)
			q.Options[o].Key = o == i%4
		}
		if change != nil {
			change(i, q)
		}
		questions = append(questions, q)
	}
	return bank.New("uploads", questions)
}

func TestAnEvenBankGetsNoBankRemark(t *testing.T) {
	for _, r := range bank.Lint(many(80, nil), nil, bank.LintOptions{}) {
		if r.File == "" || r.Rule == "near-duplicate" {
			t.Errorf("%s %s", r.Rule, r)
		}
	}
}

func TestBankRules(t *testing.T) {
	cases := []struct {
		name     string
		b        *bank.Bank
		rule     string
		severity bank.Severity
		message  string
	}{
		{"longest pays", many(80, func(_ int, q *exam.Question) {
			key := slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key })
			q.Options[key].Text += "zz"
		}), "testwise", bank.Error, "choosing the longest option scores 100 % over the 80 choices of the bank, chance is 25 %"},
		{"longest pays a little", many(80, func(i int, q *exam.Question) {
			if i%8 == 0 {
				key := slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key })
				q.Options[key].Text += "zz"
			}
		}), "testwise", bank.Advice, "choosing the longest option scores 34 %"},
		{"key always second", many(80, func(_ int, q *exam.Question) {
			for o := range q.Options {
				q.Options[o].Key = o == 1
			}
		}), "key-position", bank.Advice, "the key is option A in 0 %"},
		{"reworded copy", many(2, func(_ int, q *exam.Question) {
			q.Stem = scenarioText
		}), "near-duplicate", bank.Error, "shares "},
		{"close kin", many(2, func(i int, q *exam.Question) {
			q.Stem = scenarioText + strings.Repeat(fmt.Sprintf(" own%d", i), 10)
		}), "near-duplicate", bank.Advice, "shares "},
		{"reviews", many(3, func(i int, q *exam.Question) {
			if i == 0 {
				q.Review = exam.Review{}
			}
		}), "review", bank.Advice, "1 of 3 questions record no blind review"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			remarks := bank.Lint(c.b, nil, bank.LintOptions{})
			found := said(remarks, c.rule)
			if len(found) == 0 || found[0].Severity != c.severity || !strings.HasPrefix(found[0].Message, c.message) {
				t.Errorf("want %s %s…; got\n%s", c.severity, c.message, report(remarks))
			}
		})
	}
}

func TestCoverageNamesThinDomainsAndSkills(t *testing.T) {
	cat := repository(t)
	b := many(110, nil)
	if found := said(bank.Lint(b, cat, bank.LintOptions{}), "coverage"); len(found) > 0 {
		t.Errorf("coverage was not asked for:\n%s", report(found))
	}
	remarks := bank.Lint(b, cat, bank.LintOptions{Coverage: true})
	text := report(remarks)
	for _, want := range []string{
		"MLA-C02 domain 1 has 0 questions; it takes 3 to be measured and 15 for two mock exams",
		"skill rag-grounding has 0 questions; aim at 6 at least",
		"difficulty 2 has 100 % of the questions; aim at about 25 %",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no remark says %q", want)
		}
	}
	for _, unwanted := range []string{"MLA-C02 domain 2 has", "skill model-training has"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("a remark says %q, which 110 questions cover", unwanted)
		}
	}
}

func TestTestwiseChanceAndScores(t *testing.T) {
	q := sound()
	q.Options[1].Text = strings.Repeat("long ", 12) // the key: longest, no absolutes, in the middle
	q.Options[0].Text = "Always on"
	scopes := bank.Testwise(bank.New("b", []*exam.Question{q}), nil)
	want := map[string]float64{"longest": 1, "echo": 0.25, "detail": 0.25, "specific": 0.25, "no-absolutes": 1. / 3, "central": 0, "middle": 0.5, "model": 0.25, "model-place": 0.25}
	if len(scopes) != 1 || len(scopes[0].Strategies) != len(want) {
		t.Fatalf("scopes: %+v", scopes)
	}
	for _, s := range scopes[0].Strategies {
		if math.Abs(s.Score-want[s.Name]) > 1e-9 || s.Chance != 0.25 || s.Items != 1 || s.Pays != (s.Score > 0.30) {
			t.Errorf("%s: %+v, want score %v", s.Name, s, want[s.Name])
		}
	}
}

func TestTestwiseCoversEveryCertification(t *testing.T) {
	cat := repository(t)
	scopes := bank.Testwise(many(8, nil), cat)
	if len(scopes) != 1+len(cat.Certifications) {
		t.Fatalf("%d scopes for %d certifications", len(scopes), len(cat.Certifications))
	}
	for _, scope := range scopes {
		want := 0
		if _, serves := cat.Serves(sound())[scope.Code]; serves || scope.Code == "" {
			want = 8
		}
		if got := scope.Strategies[0].Items; got != want {
			t.Errorf("%s: %d items, want %d", scope.Code, got, want)
		}
	}
}

// Reference points: Wilson (1927) as tabulated for 95 %, computed by hand from
// the formula with z = 1.96.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		p         float64
		n         int
		low, high float64
	}{{0.5, 10, 0.2366, 0.7634}, {0, 10, 0, 0.2775}, {1, 10, 0.7225, 1}, {0.25, 100, 0.1755, 0.3430}, {0, 0, 0, 1}} {
		low, high := bank.Wilson(c.p, c.n)
		if math.Abs(low-c.low) > 5e-4 || math.Abs(high-c.high) > 5e-4 {
			t.Errorf("%v of %d: %.4f to %.4f, want %.4f to %.4f", c.p, c.n, low, high, c.low, c.high)
		}
	}
}
