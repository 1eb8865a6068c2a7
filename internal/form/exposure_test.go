package form_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
	"sextant/internal/form"
)

// of makes a form of questions named by letters.
func of(letters string) *form.Form {
	f := &form.Form{}
	for _, r := range letters {
		f.Places = append(f.Places, form.Place{Question: exam.QuestionID(r)})
	}
	return f
}

func TestExposureCountsWhatFormsHaveInCommon(t *testing.T) {
	for _, c := range []struct {
		name   string
		people [][]*form.Form
		want   form.Exposure
	}{
		{"nobody", nil, form.Exposure{}},
		{"one form", [][]*form.Form{{of("abcd")}}, form.Exposure{Forms: 1, Used: 4, Most: 1}},
		{"strangers who share a quarter", [][]*form.Form{{of("abcd")}, {of("defg")}}, form.Exposure{Forms: 2, Used: 7, Most: 1, Strangers: .25}},
		{"strangers meet within a round only", [][]*form.Form{{of("ab"), of("cd")}, {of("cd"), of("ab")}}, form.Exposure{
			Forms: 4, Used: 4, Most: .5, Successive: []float64{0}, Repeated: []float64{0},
		}},
		{"the third form has one of the second and one of the first", [][]*form.Form{{of("abcd"), of("efgh"), of("ahxy")}}, form.Exposure{
			Forms: 3, Used: 10, Most: 2. / 3, Successive: []float64{0, .25}, Repeated: []float64{0, .5},
		}},
		{"a question of both forms before counts as of the one before", [][]*form.Form{{of("ab"), of("ac"), of("ad")}}, form.Exposure{
			Forms: 3, Used: 4, Most: 1, Successive: []float64{.5, .5}, Repeated: []float64{.5, .5},
		}},
		{"somebody who sat once", [][]*form.Form{{of("ab"), of("bc")}, {of("ad")}}, form.Exposure{
			Forms: 3, Used: 4, Most: 2. / 3, Strangers: .5, Successive: []float64{.5}, Repeated: []float64{.5},
		}},
	} {
		if d := cmp.Diff(c.want, form.ExposureOf(c.people)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// Of questions that could fill an unscored place, those come first of which the
// statistics know least: a doubling of answers is a step, and within it lot decides.
func TestUnscoredPlacesGoToWhatWasAnsweredLeast(t *testing.T) {
	spec := small(20, 4)
	pool := append(stock("1", 80), stock("2", 80)...)
	answers := map[exam.QuestionID]int{}
	for i, c := range pool {
		answers[c.Question] = 100
		if i%4 == 0 {
			answers[c.Question] = 40 + i%8 // 40 and 44 are one step
		}
	}
	counted := form.WithAnswers(pool, answers)
	if pool[0].Answers != 0 || counted[0].Answers != 40 {
		t.Fatalf("the pool itself says %d answers, its copy %d", pool[0].Answers, counted[0].Answers)
	}
	met := map[int]int{}
	for seed := range uint64(200) {
		f := draw(t, spec, counted, nil, seed)
		if f.Length().Unscored != 4 {
			t.Fatalf("seed %d: %d unscored questions", seed, f.Length().Unscored)
		}
		for _, p := range f.Places {
			if !p.Scored {
				met[answers[p.Question]]++
			}
		}
	}
	if met[100] > 0 {
		t.Errorf("%d unscored places went to questions with many answers while others were free", met[100])
	}
	if met[40] < 200 || met[44] < 200 {
		t.Errorf("among 800 places, 40 answers came %d times and 44 came %d times; lot should hardly tell them apart", met[40], met[44])
	}
}

// Trials with the fewest answers come first, and all trials before other questions.
func TestTrialsComeBeforeWhatWasAnsweredLess(t *testing.T) {
	trial := stock("1", 6)
	answers := map[exam.QuestionID]int{}
	for i := range trial {
		trial[i].Question, trial[i].Counts = "trial-"+trial[i].Question, false
		answers[trial[i].Question] = 1 << (i + 3)
	}
	pool := append(append(stock("1", 80), stock("2", 80)...), trial...)
	for seed := range uint64(50) {
		f := draw(t, small(20, 4), form.WithAnswers(pool, answers), nil, seed)
		for _, p := range f.Places {
			if !p.Scored && (!strings.HasPrefix(string(p.Question), "trial-") || answers[p.Question] > 1<<6) {
				t.Fatalf("seed %d: %s (%d answers) fills an unscored place", seed, p.Question, answers[p.Question])
			}
		}
	}
}
