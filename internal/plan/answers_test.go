package plan

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// spring is a day on which today's Azure exams were about to replace the older ones.
var spring = day("2026-03-02")

func TestWishesThatCannotBeMet(t *testing.T) {
	w := load(t)
	middling := w.learner(t, 3, 60, exam.Azure, .7)
	away := []Span{{From: today, To: day("2028-01-01")}}
	for _, tt := range []struct {
		name    string
		wish    Wish
		today   Day
		says    []string // in the sentence or a problem
		nearest string   // "" for none
		weekly  bool
		instead exam.Code
		weeks   bool
	}{
		{
			name: "too early", wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2026-12-10")},
			says:    []string{"On 10 December 2026 your chance", "Until 10 December 2026 you have about", "hours of study, and a chance of 80 % takes about", "The nearest day at your pace is", "hours", "a week"},
			nearest: "2027-01", weekly: true, weeks: true,
		},
		{
			name: "tomorrow", wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2026-11-23")},
			says: []string{"Until 23 November 2026 there is no time for study left."}, nearest: "2027-01", weeks: true,
		},
		{
			name: "today", wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: today},
			says: []string{"Until 22 November 2026 there is no time for study left."}, nearest: "2027-01", weeks: true,
		},
		{
			name: "over", wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2026-11-21")},
			says: []string{"can't be planned for 21 November 2026", "21 November 2026 is over. Choose a day that is still to come."}, nearest: "2027-01",
		},
		{
			name: "after the last day", wish: Wish{Exam: "AI-102", Minutes: sixHours, Date: day("2026-08-01")}, today: spring,
			says: []string{"AI-102 can be taken until 30 June 2026, and not on 1 August 2026.", "On that last day your chance", "AI-103 takes its place."}, nearest: "2026-06-30", instead: "AI-103",
		},
		{
			name: "over before it is likely", wish: Wish{Exam: "AI-102", Minutes: [7]int{1: 120}}, today: spring,
			says:    []string{"There is no day on which you could take AI-102", "At your pace you would be ready by", "AI-102 can be taken until 30 June 2026", "hours a week you would be ready by then", "AI-103 takes its place."},
			nearest: "2026-06-30", weekly: true, instead: "AI-103",
		},
		{
			name: "over, and more study than a year has room for", wish: Wish{Exam: "MLS-C01", Minutes: [7]int{1: 30}},
			says: []string{"MLS-C01 can't be taken, so there is no plan for it."}, instead: "MLA-C02",
		},
		{
			name: "later doesn't help", wish: Wish{Exam: "AI-102", Minutes: [7]int{1: 60}, Date: day("2026-06-20")}, today: spring,
			says: []string{"Later days don't help: AI-102 can be taken until 30 June 2026", "AI-103 takes its place."}, weekly: true, instead: "AI-103", weeks: true,
		},
		{
			name: "not opened yet", wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2026-03-20")}, today: spring,
			says: []string{"AI-103 can't be taken yet; its beta begins on 1 April 2026."}, nearest: "2026-05",
		},
		{
			name: "retired", wish: Wish{Exam: "DP-100", Minutes: sixHours},
			says: []string{"DP-100 can't be taken, so there is no plan for it.", "DP-100 is retired; its last day was 1 June 2026. AI-300 takes its place."}, instead: "AI-300",
		},
		{
			name: "a beta that is closed", wish: Wish{Exam: "PAA", Minutes: sixHours},
			says: []string{"The beta of PAA is closed and no general release is confirmed"},
		},
		{
			name: "no hours", wish: Wish{Exam: "AI-103"},
			says: []string{"No day of your week has any time for study. Say how many hours a week you have."}, weekly: true,
		},
		{
			name: "no hours before a day", wish: Wish{Exam: "AI-103", Date: day("2027-03-01")},
			says: []string{"No day of your week has any time for study."}, weekly: true, weeks: true,
		},
		{
			name: "scraps", wish: Wish{Exam: "AI-103", Minutes: [7]int{10, 14, 10, 10, 10, 10, 10}},
			says: []string{"No day of your week has the 15 minutes that the shortest block of study takes."},
		},
		{
			name: "all days off", wish: Wish{Exam: "AI-103", Minutes: sixHours, Off: away},
			says: []string{"There is no day for study for 52 weeks: all of them are off"}, nearest: "2028-0",
		},
		{
			name: "all days off before a day", wish: Wish{Exam: "AI-103", Minutes: sixHours, Off: away, Date: day("2027-03-01")},
			says: []string{"There is no day for study until 1 March 2027"}, nearest: "2028-0", weeks: true,
		},
		{
			name: "too slow for a year", wish: Wish{Exam: "AI-103", Minutes: [7]int{1: 30}},
			says: []string{"At 30 minutes a week a chance of 80 % isn't expected within 52 weeks", "more than there is room for", "At your pace the first day would be"}, nearest: "2028", weekly: true, weeks: true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.today.IsZero() {
				tt.today = today
			}
			p := w.make(t, middling, Input{Wish: tt.wish, Today: tt.today})
			if len(p.Problems) != 1 {
				t.Fatalf("%d problems: %+v", len(p.Problems), p.Problems)
			}
			problem := p.Problems[0]
			for _, want := range tt.says {
				if text := p.Sentence + "\n" + problem.Text; !strings.Contains(text, want) {
					t.Errorf("%q isn't said in\n%s", want, text)
				}
			}
			nearest := ""
			if !problem.Nearest.IsZero() {
				nearest = problem.Nearest.Format(time.DateOnly)
			}
			if !strings.HasPrefix(nearest, tt.nearest) || tt.nearest == "" && nearest != "" {
				t.Errorf("nearest %q, want %q", nearest, tt.nearest)
			}
			if (problem.Weekly > 0) != tt.weekly || problem.Instead != tt.instead {
				t.Errorf("%d minutes a week, %q instead; want %v and %q", problem.Weekly, problem.Instead, tt.weekly, tt.instead)
			}
			if (len(p.Weeks) > 0) != tt.weeks {
				t.Errorf("%d weeks", len(p.Weeks))
			}
		})
	}
}

func TestWishesThatNobodyCanHave(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	for _, tt := range []struct {
		wish Wish
		kind fault.Kind
	}{
		{Wish{Exam: "NO-SUCH"}, fault.KindNotFound},
		{Wish{Exam: "AI-103", Target: 1}, fault.KindInvalid},
		{Wish{Exam: "AI-103", Target: -.1}, fault.KindInvalid},
		{Wish{Exam: "AI-103", Minutes: [7]int{3: -5}}, fault.KindInvalid},
		{Wish{Exam: "AI-103", Minutes: [7]int{3: 1441}}, fault.KindInvalid},
		{Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2031-01-01")}, fault.KindInvalid},
	} {
		_, err := Make(w.cat, l, Input{Wish: tt.wish, Today: today})
		if fault.KindOf(err) != tt.kind {
			t.Errorf("%+v: %v, want %s", tt.wish, err, tt.kind)
		}
	}
}

func TestWhoIsReadyIsToldSo(t *testing.T) {
	w := load(t)
	p := w.make(t, w.learner(t, 4, 120, exam.AWS, .95), Input{Wish: Wish{Exam: "AIF-C01", Minutes: sixHours}, Today: today})
	if want := "You are likely to pass AIF-C01 now"; !strings.HasPrefix(p.Sentence, want) {
		t.Errorf("%q, want %q", p.Sentence, want)
	}
	if !p.Exam.Equal(day("2026-11-23")) || len(p.Problems) > 0 {
		t.Errorf("on %v, %+v", p.Exam, p.Problems)
	}
}

func TestWhatStudyCannotReachIsSaid(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	p := w.make(t, l, Input{Wish: Wish{Exam: "MLA-C02", Minutes: sixHours, Target: .999}, Today: today})
	if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Text, "Study alone isn't expected to bring your chance at MLA-C02 to 100 %") {
		t.Errorf("%+v", p.Problems)
	}
	if !strings.Contains(p.Sentence, "about as far as study brings it") || p.Exam.IsZero() {
		t.Errorf("%q on %v", p.Sentence, p.Exam)
	}
}

func TestWhatWasToldMovesThePlanLessThanAnswersDo(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .6)
	plain := Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours}, Today: today}
	before := w.make(t, l, plain)
	topic := before.Topics[0].Skill
	told := plain
	told.Done = []Work{{Day: day("2026-11-20"), Kind: KindStudy, Skill: topic, Minutes: 600, Told: true}}
	after := w.make(t, l, told)
	whole, err := Make(w.cat, l.Study("AI-103", map[exam.SkillID]float64{topic: 10}), plain)
	if err != nil {
		t.Fatal(err)
	}
	if !(before.Now.Expected < after.Now.Expected && after.Now.Expected < whole.Now.Expected) {
		t.Errorf("%v before, %v after ten hours told of, %v had they been measured", before.Now.Expected, after.Now.Expected, whole.Now.Expected)
	}
	if after.Exam.After(before.Exam) || minutesFor(&after, topic) >= minutesFor(&before, topic) {
		t.Errorf("on %v with %d minutes for the topic, before on %v with %d", after.Exam, minutesFor(&after, topic), before.Exam, minutesFor(&before, topic))
	}
	if !slices.ContainsFunc(after.Notes, func(n string) bool { return strings.Contains(n, "10 hours that you told of") }) {
		t.Errorf("no note says what was told of: %q", after.Notes)
	}
	// An answer on the topic, later or on the same day, shows by itself what it brought.
	for _, answered := range []string{"2026-11-20", "2026-11-21"} {
		told.Done = append(told.Done[:1:1], Work{Day: day(answered), Kind: KindPractice, Skill: topic, Minutes: 10})
		if got := w.make(t, l, told); got.Now != before.Now {
			t.Errorf("answered on %s: %v, want %v", answered, got.Now, before.Now)
		}
	}
	told.Done = append(told.Done[:1:1], Work{Day: day("2026-11-19"), Kind: KindPractice, Skill: topic, Minutes: 10})
	if got := w.make(t, l, told); got.Now != after.Now {
		t.Errorf("answered the day before: %v, want %v", got.Now, after.Now)
	}
}

func minutesFor(p *Plan, skill exam.SkillID) int {
	for _, t := range p.Topics {
		if t.Skill == skill {
			return t.Minutes
		}
	}
	return 0
}

func TestWhatIsDoneTodayIsNotAskedForAgain(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .6)
	monday := day("2026-11-23")
	in := Input{Wish: Wish{Exam: "AI-103", Minutes: [7]int{1: 120, 3: 120}}, Today: monday}
	for _, tt := range []struct{ done, left int }{{0, 120}, {30, 90}, {105, 15}, {110, 0}, {300, 0}} {
		in.Done = nil
		if tt.done > 0 {
			in.Done = []Work{{Day: monday, Kind: KindReview, Minutes: tt.done}}
		}
		p := w.make(t, l, in)
		left := 0
		for _, d := range p.Weeks[0].Dates {
			if d.Day.Equal(monday) {
				for _, b := range d.Blocks {
					left += b.Minutes
				}
			}
		}
		if left != tt.left {
			t.Errorf("after %d minutes %d are left, want %d", tt.done, left, tt.left)
		}
	}
}

func TestHowFarOneIsIsSaidWithoutNagging(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .6)
	wish := Wish{Exam: "AI-103", Minutes: sixHours, Off: []Span{{From: day("2026-11-09"), To: day("2026-11-15")}}}
	for _, tt := range []struct {
		name  string
		begun string
		done  int
		want  string
	}{
		{"the first day", "2026-11-22", 0, ""},
		{"nothing yet", "2026-11-16", 0, "Since 16 November 2026 nothing was told of or answered here. The weeks below begin where you are; nothing has to be caught up."},
		{"half", "2026-11-16", 180, "Since 16 November 2026 you have studied 3 hours of the 6 hours planned. The weeks below begin where you are; nothing has to be caught up."},
		{"as planned", "2026-11-16", 355, "Since 16 November 2026 you have studied 5 hours 55 minutes, as planned."},
		{"more", "2026-11-16", 480, "Since 16 November 2026 you have studied 8 hours, more than the 6 hours planned. The weeks below count with it."},
		{"holidays don't count", "2026-11-09", 360, "Since 9 November 2026 you have studied 6 hours, as planned."},
		{"a week off", "2026-11-22", 90, ""},
	} {
		in := Input{Wish: wish, Today: today, Begun: day(tt.begun)}
		if tt.done > 0 {
			in.Done = []Work{{Day: day("2026-11-18"), Kind: KindStudy, Minutes: tt.done, Told: true}}
		}
		if p := w.make(t, l, in); p.SoFar != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, p.SoFar, tt.want)
		}
	}
}

func TestASmallProjectComesFirstAndOnce(t *testing.T) {
	w := load(t)
	in := Input{Wish: Wish{Exam: "MLA-C02", Minutes: sixHours}, Today: today}
	l := w.learner(t, 1, 0, exam.AWS, 0)
	p := w.make(t, l, in)
	var kinds []Kind
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				kinds = append(kinds, b.Kind)
			}
		}
	}
	if kinds[0] != KindProject {
		t.Errorf("the plan begins with %v", kinds[:4])
	}
	for _, k := range []Kind{KindStudy, KindLab, KindPractice, KindMock, KindExam} {
		if !slices.Contains(kinds, k) {
			t.Errorf("no block of %s", k)
		}
	}
	in.Done = []Work{{Day: day("2026-11-20"), Kind: KindProject, Minutes: 60, Told: true}}
	p = w.make(t, l, in)
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				if b.Kind == KindProject {
					t.Fatalf("%v asks for a project again", d.Day)
				}
			}
		}
	}
}

func TestBlocksLeadSomewhere(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	for _, code := range []exam.Code{"MLA-C02", "AI-103", "PMLE", "AIF-C01"} {
		p := w.make(t, l, Input{Wish: Wish{Exam: code, Minutes: sixHours}, Today: today})
		for _, week := range p.Weeks {
			for _, d := range week.Dates {
				for _, b := range d.Blocks {
					switch {
					case b.Kind == KindStudy && len(b.Links) == 0:
						t.Errorf("%s: %s leads nowhere", code, b.Title)
					case b.Kind == KindPractice && b.Questions != 5 && b.Questions != 10 && b.Questions != 20:
						t.Errorf("%s: a practice of %d questions", code, b.Questions)
					case b.Skill != "" && b.Domain == "":
						t.Errorf("%s: %s lies in no domain", code, b.Title)
					}
				}
			}
		}
	}
}

func TestLeapDaysAndClockChangesAreDaysLikeOthers(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	everyDay := [7]int{60, 60, 60, 60, 60, 60, 60}
	for _, tt := range []struct {
		today, exam string
		days        int // with study, the light one before the exam included
	}{
		{"2028-02-25", "2028-03-05", 9}, // over 29 February
		{"2027-02-25", "2027-03-05", 8},
		{"2027-12-28", "2028-01-04", 7},
		{"2027-03-25", "2027-04-01", 7}, // clocks change in Europe
	} {
		p := w.make(t, l, Input{Wish: Wish{Exam: "PMLE", Minutes: everyDay, Date: day(tt.exam)}, Today: day(tt.today)})
		var days []string
		for _, week := range p.Weeks {
			for _, d := range week.Dates {
				if !d.Day.Equal(p.Exam) {
					days = append(days, d.Day.Format(time.DateOnly))
				}
				if d.Day.Hour() != 0 || d.Day.Location() != time.UTC {
					t.Errorf("a day of %v", d.Day)
				}
			}
		}
		if len(slices.Compact(days)) != tt.days {
			t.Errorf("from %s to %s: %v", tt.today, tt.exam, days)
		}
		if tt.today == "2028-02-25" && !slices.Contains(days, "2028-02-29") {
			t.Errorf("no study on 29 February: %v", days)
		}
	}
}

func TestShortAndLongLearnersGetBreaks(t *testing.T) {
	for minutes := shortest; minutes <= 24*60; minutes++ {
		sum := 0
		for _, b := range inBlocks(minutes) {
			if b > longest || b < shortest {
				t.Fatalf("%d minutes give a block of %d", minutes, b)
			}
			sum += b
		}
		if sum != minutes {
			t.Fatalf("%d minutes become %d", minutes, sum)
		}
	}
}

func TestReviewTakesItsShareAndNoMore(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .6)
	for _, tt := range []struct {
		review   []float64
		low, top int // minutes of review in the first whole week
	}{
		{nil, 0, 0},
		{[]float64{60}, 45, 75},
		{[]float64{60, 120}, 90, 135},
		{[]float64{5000}, 150, 180}, // half of six hours
	} {
		p := w.make(t, l, Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours, Date: day("2027-04-01")}, Today: today, Review: tt.review})
		got := 0
		for _, d := range p.Weeks[2].Dates {
			for _, b := range d.Blocks {
				if b.Kind == KindReview {
					got += b.Minutes
				}
			}
		}
		if got < tt.low || got > tt.top {
			t.Errorf("%v minutes due: %d planned, want %d to %d", tt.review, got, tt.low, tt.top)
		}
	}
}

// What the catalogue has on a topic comes first, then study links of the exam that
// name it. The vendor's guide is there where nothing else is: it says what is
// examined. AI-102 has topics that no current exam on Azure examines.
func TestPagesAreAboutTheirTopic(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	for _, tt := range []struct {
		exam  exam.Code
		today Day
		skill exam.SkillID
		want  []string
	}{
		{"MLA-C02", today, "data-ingestion-streaming", []string{"Amazon Kinesis Data Streams, an introduction", "What Amazon Managed Service for Apache Flink is", "What AWS DataSync is"}},
		{"MLA-C02", today, "data-quality-labelling", []string{"AWS Glue Data Quality, an overview", "Labelling training data with SageMaker Ground Truth", "Glue Data Quality"}},
		{"MLA-C02", today, "agents-tools", []string{"What Amazon Bedrock AgentCore offers", "AgentCore beside other agent frameworks", "Tool use with models in Amazon Bedrock"}},
		{"AI-103", today, "cost-optimisation", []string{"Planning and managing costs in Microsoft Foundry", "What provisioned throughput costs"}},
		{"AI-103", today, "deployment-strategies", []string{"Deployment options for Foundry Models", "Online endpoints for real-time inference", "Safe rollout of new deployments", "Deploy Foundry models"}},
		{"PMLE", today, "monitoring-drift-observability", []string{"Model Monitoring, an overview", "Model monitoring in BigQuery ML, an overview", "Cloud Monitoring, an overview"}},
		{"AI-102", spring, "evaluation-metrics", []string{"Official guide to AI-102"}},
		{"AI-102", spring, "model-training", []string{"Custom Vision overview"}},
		{"AI-102", spring, "data-privacy-governance", []string{"Official guide to AI-102"}},
	} {
		m, err := newMaker(w.cat, l, Input{Wish: Wish{Exam: tt.exam, Minutes: sixHours}, Today: tt.today})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, link := range m.linksOf(m.topics[tt.skill]) {
			got = append(got, link.Title)
			if !strings.HasPrefix(link.URL, "https://") {
				t.Errorf("%s leads to %q", link.Title, link.URL)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s of %s: %q, want %q", tt.skill, tt.exam, got, tt.want)
		}
	}
}

func TestNoTopicOfAnExamThatCanBeTakenEndsWithTheGuideAlone(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	for i := range w.cat.Certifications {
		code := w.cat.Certifications[i].Code
		if w.cat.Certifications[i].Takeable(today, "").Availability == catalogue.No {
			continue
		}
		m, err := newMaker(w.cat, l, Input{Wish: Wish{Exam: code, Minutes: sixHours}, Today: today})
		if err != nil {
			t.Fatal(err)
		}
		for _, topic := range m.topics {
			links := m.linksOf(topic)
			if len(links) == 0 || len(links) > linksShown {
				t.Errorf("%s of %s: %d pages", topic.Skill, code, len(links))
			}
			for j, link := range links {
				if isGuide(link.Title) || slices.ContainsFunc(links[:j], func(l catalogue.Link) bool { return page(l) == page(link) }) {
					t.Errorf("%s of %s: %q, %s", topic.Skill, code, link.Title, link.URL)
				}
			}
		}
	}
}

// Somebody who names no language takes English for granted.
func TestAnExamThatIsNotInEnglishAnyMoreSaysSo(t *testing.T) {
	w := load(t)
	l := w.learner(t, 1, 0, exam.AWS, 0)
	const want = "MLA-C01 is retired in English; its last day was 28 September 2026. This plan is for its other languages. In English MLA-C02 takes its place."
	for _, tt := range []struct {
		exam     exam.Code
		language string
		says     bool
	}{{"MLA-C01", "", true}, {"MLA-C01", "ja", false}, {"MLA-C02", "", false}} {
		p := w.make(t, l, Input{Wish: Wish{Exam: tt.exam, Language: tt.language, Minutes: sixHours}, Today: today})
		if slices.Contains(p.Notes, want) != tt.says {
			t.Errorf("%s in %q: %q", tt.exam, tt.language, p.Notes)
		}
	}
}

// A day that we reckoned is one to aim at; a day that the learner named is theirs.
func TestADayThatIsReckonedIsNotABooking(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .7)
	for _, date := range []string{"", "2027-04-01"} {
		in := Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours}, Today: today}
		if date != "" {
			in.Wish.Date = day(date)
		}
		p := w.make(t, l, in)
		week := p.Weeks[len(p.Weeks)-1]
		last := week.Dates[len(week.Dates)-1].Blocks[0]
		if says := strings.Contains(last.Text, "not a booking"); last.Kind != KindExam || says != (date == "") {
			t.Errorf("the exam on %q: %+v", date, last)
		}
		transparency, _ := byUID(t, written(t, calendarOf(&p, time.UTC)))["p1-exam@sextant"].Props.Text("TRANSP")
		if (transparency == "TRANSPARENT") != (date == "") {
			t.Errorf("the exam on %q is %s", date, transparency)
		}
	}
}

func TestTheChanceHasItsRangeInTheSentence(t *testing.T) {
	w := load(t)
	p := w.make(t, w.learner(t, 3, 60, exam.Azure, .7), Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours}, Today: today})
	if want := "the chance is then expected to be " + inRange(p.OnTheDay); !strings.Contains(p.Sentence, want) || !strings.Contains(want, " to ") {
		t.Errorf("%q, want %q", p.Sentence, want)
	}
}

func TestRangesOfDaysSayNothingTwice(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"2026-12-05", "2026-12-30", "5 and 30 December 2026"},
		{"2026-11-30", "2026-12-17", "30 November and 17 December 2026"},
		{"2026-12-30", "2027-01-02", "30 December 2026 and 2 January 2027"},
		{"2026-12-05", "2027-12-30", "5 December 2026 and 30 December 2027"},
	} {
		if got := daysApart(day(tt.from), day(tt.to)); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestTopicsAreDescribedInSentences(t *testing.T) {
	w := load(t)
	l := w.learner(t, 4, 120, exam.AWS, .95)
	for _, code := range codes {
		p := w.make(t, l, Input{Wish: Wish{Exam: code, Minutes: sixHours, Date: day("2027-06-05")}, Today: today})
		for _, topic := range p.Topics {
			for _, bad := range []string{"?.", "!.", "..", "about under", "NaN"} {
				if strings.Contains(topic.Lab+" "+topic.Why, bad) {
					t.Errorf("%s: %q, %q", code, topic.Why, topic.Lab)
				}
			}
		}
	}
}

// Nobody keeps what they read for a week on end: a long topic gives way to the
// others after a while and comes again, without its lab.
func TestLongTopicsComeInPasses(t *testing.T) {
	w := load(t)
	p := w.make(t, w.learner(t, 1, 0, exam.AWS, 0), Input{Wish: Wish{Exam: "AIP-C01", Minutes: [7]int{240, 150, 150, 150, 150, 120, 240}}, Today: today})
	inOneGo, goes, labs := 0, map[exam.SkillID]int{}, map[exam.SkillID]int{}
	var now exam.SkillID
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				if b.Skill == "" {
					continue
				}
				if b.Skill != now {
					now, inOneGo = b.Skill, 0
					goes[now]++
				}
				if inOneGo += b.Minutes; inOneGo > pass+least+2*shortest {
					t.Errorf("%s takes %d minutes in one go", now, inOneGo)
				}
				if b.Kind == KindLab && goes[now] > 1 {
					t.Errorf("%s has a lab when it comes again", now)
				}
				if b.Kind == KindLab || b.Kind == KindProject {
					labs[now] += b.Minutes
				}
				if again := strings.HasPrefix(b.Text, "Begin by saying"); b.Kind == KindStudy && goes[now] > 1 && !again {
					t.Errorf("%s is read on %v as if for the first time", now, d.Day)
				}
			}
		}
	}
	for _, topic := range p.Topics {
		if want := int(float64(topic.Minutes-least) / (pass + least)); goes[topic.Skill] < want {
			t.Errorf("%d minutes of %s in %d goes", topic.Minutes, topic.Skill, goes[topic.Skill])
		}
	}
	if len(labs) < 10 {
		t.Errorf("only %d topics have a lab", len(labs))
	}
}
