package itemstats

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// logisticCurve is a curve of the three-parameter logistic form.
type logisticCurve struct{ a, b, c float64 }

func (l logisticCurve) P(theta float64) float64 {
	return l.c + (1-l.c)/(1+math.Exp(-l.a*(theta-l.b)))
}

func ruler(t testing.TB, sd float64, curves ...Curve) *Ruler {
	t.Helper()
	r, err := NewRuler(sd, curves)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An answer that is taken out leaves what the others say.
func TestPlacingWithoutAnAnswerIsPlacingByTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var curves []Curve
		for range rapid.IntRange(1, 12).Draw(t, "questions") {
			curves = append(curves, logisticCurve{1, rapid.Float64Range(-2, 2).Draw(t, "b"), rapid.Float64Range(0, 0.5).Draw(t, "c")})
		}
		r, err := NewRuler(0.9, curves)
		if err != nil {
			t.Fatal(err)
		}
		var all, others Record
		right := rapid.Bool().Draw(t, "right")
		r.Add(&all, 0, right)
		for i := 1; i < len(curves); i++ {
			x := rapid.Bool().Draw(t, "x")
			r.Add(&all, i, x)
			r.Add(&others, i, x)
		}
		got, want := r.Without(&all, 0, right), r.Before(&others, 0)
		if math.Abs(got.Mean-want.Mean) > 1e-9 || math.Abs(got.SD-want.SD) > 1e-9 || got.Others != want.Others {
			t.Errorf("without the answer %+v, by the others %+v", got, want)
		}
		r.Remove(&all, 0, right)
		if again := r.Before(&all, 0); math.Abs(again.Mean-want.Mean) > 1e-9 || again.Others != want.Others {
			t.Errorf("with the answer taken back %+v, by the others %+v", again, want)
		}
		if !(got.Chance > 0 && got.Chance < 1) {
			t.Errorf("chance %v", got.Chance)
		}
	})
}

// By the conjugate case that can be worked out: without answers the posterior is
// the prior, cut at ±4, and the chance at a symmetric curve one half.
func TestNobodysAnswersPlaceAtThePrior(t *testing.T) {
	r := ruler(t, 0.8, logisticCurve{1, 0, 0})
	var one Record
	r.Add(&one, 0, true)
	p := r.Without(&one, 0, true)
	if math.Abs(p.Mean) > 1e-9 || math.Abs(p.SD-0.8) > 1e-4 || math.Abs(p.Chance-0.5) > 1e-9 || p.Others != 0 {
		t.Errorf("placed at %+v", p)
	}
}

func TestRulerRefusesNonsense(t *testing.T) {
	if _, err := NewRuler(0, nil); err == nil {
		t.Error("a spread of 0 was taken")
	}
	if _, err := NewRuler(1, []Curve{logisticCurve{1, 0, 1}}); err == nil {
		t.Error("a curve that is always right was taken")
	}
}

// met makes a meeting from an ability, a chance and an answer.
func met(ability, chance float64, right bool) Meeting {
	return Meeting{Place: Place{Mean: ability, SD: 0.5, Chance: chance, Others: 10}, Right: right}
}

// Eight people, worked out by hand: 5 right; abilities −2, −1, −1, 0, 0, 1, 1, 2
// of which those right have −1, 0, 1, 1, 2. Their covariance with being right is
// Σ(x−5/8)θ/7 = 3/7, the variances 12/7 and (15/8)/7, so that r = 3/√(12 · 15/8).
func TestFiguresOfAHandMadeTable(t *testing.T) {
	people := []Meeting{
		met(-2, .2, false), met(-1, .4, false), met(-1, .4, true), met(0, .6, false),
		met(0, .6, true), met(1, .8, true), met(1, .8, true), met(2, .9, true),
	}
	for i := range people {
		people[i].Took = float64(10 * (i + 1))
	}
	s := StudyItem(people, .25)
	near(t, "facility", s.Facility.Stat, 5.0/8)
	near(t, "discrimination", s.Discrimination.Stat, 3/math.Sqrt(12*15.0/8))
	near(t, "expected", s.Expected, 4.7/8)
	// Σp(1−p) = .16+.24+.24+.24+.24+.16+.16+.09 and Σ(x−p)² = .04+.16+.36+.36+.16+.04+.04+.01.
	near(t, "infit", s.Infit, 1.17/1.53)
	near(t, "outfit", s.Outfit, (.04/.16+.16/.24+.36/.24+.36/.24+.16/.24+.04/.16+.04/.16+.01/.09)/8)
	near(t, "surprise", s.Surprise, (5-4.7)/math.Sqrt(1.53))
	near(t, "lower quartile", s.Times.Lower, 27.5)
	near(t, "median", s.Times.Median, 45)
	near(t, "upper quartile", s.Times.Upper, 62.5)
	// Wilson's interval of 5 of 8, as in R's prop.test(5, 8, correct = FALSE).
	if math.Abs(s.Facility.Low-.3057418) > 1e-6 || math.Abs(s.Facility.High-.8631557) > 1e-6 {
		t.Errorf("interval %v to %v", s.Facility.Low, s.Facility.High)
	}
	if len(s.Flags) > 0 || len(s.Bands) > 0 {
		t.Errorf("eight people were judged by: %v, %v", s.Flags, s.Bands)
	}
}

// Whoever gave few other answers takes part in the share right and the time alone.
func TestPeopleWithoutOtherAnswersAreNotPlaced(t *testing.T) {
	people := []Meeting{{Right: true, Took: 5}, {Place: Place{Others: MinOthers}, Right: false}}
	s := StudyItem(people, 0)
	if s.N != 2 || s.Placed != 1 || s.Right != 1 || s.Times.N != 1 {
		t.Errorf("%d people, %d placed, %d right, %d timed", s.N, s.Placed, s.Right, s.Times.N)
	}
}

// world draws people who each answer some of the questions, mostly those near the
// ability that their answers so far show, as in an adaptive test.
type world struct {
	ruler    *Ruler
	curves   []logisticCurve
	meetings [][]Meeting // by question; people placed by what they answered before
}

// newWorld lets the truth of each question differ from the curve it is judged by.
func newWorld(t testing.TB, seed uint64, people, questions, each int, truth func(question int, c logisticCurve, theta float64) float64) *world {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	w := &world{meetings: make([][]Meeting, questions)}
	var curves []Curve
	for i := range questions {
		c := logisticCurve{1, -1.6 + 3.2*float64(i)/float64(questions-1), .25}
		w.curves, curves = append(w.curves, c), append(curves, c)
	}
	w.ruler = ruler(t, .9, curves...)
	for range people {
		theta := .9 * random.NormFloat64()
		record := &Record{}
		left := random.Perm(questions)
		for range each {
			at, sighted := 0, w.ruler.Before(record, 0).Mean
			for i, q := range left {
				if math.Abs(w.curves[q].b-sighted) < math.Abs(w.curves[left[at]].b-sighted) && random.IntN(4) > 0 {
					at = i
				}
			}
			q := left[at]
			left = slices.Delete(left, at, at+1)
			right := random.Float64() < truth(q, w.curves[q], theta)
			w.meetings[q] = append(w.meetings[q], Meeting{Place: w.ruler.Before(record, q), Right: right})
			w.ruler.Add(record, q, right)
		}
	}
	return w
}

func asLabelled(_ int, c logisticCurve, theta float64) float64 { return c.P(theta) }

func (w *world) study(q int) Study { return StudyItem(w.meetings[q], w.curves[q].c) }

// Where answers come as the curves say, what is expected happens: fit is about 1,
// discrimination what is expected of just these people, and few questions of many
// are flagged, however the test chose its questions.
func TestQuestionsThatDoAsExpectedAreLeftAlone(t *testing.T) {
	w := newWorld(t, 7, 1500, 40, 15, asLabelled)
	flags, inside, bands, apart := 0, 0, 0, 0
	for q := range w.curves {
		s := w.study(q)
		flags += len(s.Flags)
		if math.Abs(s.Infit.Value-1) > .15 {
			t.Errorf("question %d: infit %v", q, s.Infit)
		}
		if e := s.ExpectedDiscrimination.Value; e < s.Discrimination.Low || e > s.Discrimination.High {
			apart++
		}
		for _, b := range s.Bands {
			bands++
			if b.Observed.Low <= b.Expected && b.Expected <= b.Observed.High {
				inside++
			}
		}
	}
	if apart > 5 {
		t.Errorf("the discrimination of %d of 40 questions is apart from what is expected", apart)
	}
	if flags > 1 {
		t.Errorf("%d flags on 40 good questions", flags)
	}
	if share := float64(inside) / float64(bands); share < .90 || share > .99 {
		t.Errorf("%.3f of the bands' intervals hold what is expected", share)
	}
}

// A planted wrong key, a question that is guessed and one that is much harder
// than its label are found; the others are not.
func TestPlantedFaultsAreFound(t *testing.T) {
	const wrongKey, guessed, harder = 10, 20, 30
	w := newWorld(t, 11, 1500, 40, 15, func(q int, c logisticCurve, theta float64) float64 {
		switch q {
		case wrongKey: // whoever knows better misses it
			return (1 - c.P(theta)) / 2
		case guessed:
			return c.c
		case harder:
			return logisticCurve{1, c.b + 2, c.c}.P(theta)
		}
		return c.P(theta)
	})
	has := func(q int, kind FlagKind) bool {
		return slices.ContainsFunc(w.study(q).Flags, func(f Flag) bool { return f.Kind == kind })
	}
	if key := func(f Flag) bool { return strings.Contains(f.Words, "check the key") }; !slices.ContainsFunc(w.study(wrongKey).Flags, key) {
		t.Errorf("nothing says to check the wrong key: %+v", w.study(wrongKey).Flags)
	}
	for q, kind := range map[int]FlagKind{guessed: LikeGuessing, harder: HarderThanExpected} {
		if !has(q, kind) {
			t.Errorf("question %d isn't flagged %q: %+v", q, kind, w.study(q).Flags)
		}
	}
	others := 0
	for q := range w.curves {
		if q != wrongKey && q != guessed && q != harder {
			others += len(w.study(q).Flags)
		}
	}
	if others > 2 {
		t.Errorf("%d flags on the good questions", others)
	}
}

func TestBandsHoldEverybodyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var people []Meeting
		for range rapid.IntRange(0, 200).Draw(t, "people") {
			people = append(people, met(float64(rapid.IntRange(-3, 3).Draw(t, "ability")), .5, rapid.Bool().Draw(t, "right")))
		}
		s := StudyItem(people, .2)
		n, right, last := 0, 0, math.Inf(-1)
		for _, b := range s.Bands {
			n, right = n+b.N, right+b.Right
			if b.Ability <= last {
				t.Errorf("bands out of order: %v after %v", b.Ability, last)
			}
			last = b.Ability
		}
		if len(s.Bands) > 0 && (n != s.Placed || right != s.Right) {
			t.Errorf("%d people and %d right in bands, %d and %d in all", n, right, s.Placed, s.Right)
		}
		if s.N > 0 && !(s.Facility.Low <= s.Facility.Value+1e-12 && s.Facility.Value <= s.Facility.High+1e-12) {
			t.Errorf("share right %+v", s.Facility)
		}
	})
}

// matched draws a reference group and a focal group of lower ability, for whom the
// question is harder by a number of logits.
func matched(seed uint64, harder float64) (right, focal []bool, ability []float64) {
	random := rand.New(rand.NewPCG(seed, 2))
	for i := range 4000 {
		member := i%2 == 0
		theta, b := random.NormFloat64(), 0.0
		if member {
			theta -= .5
			b = harder
		}
		right = append(right, random.Float64() < logisticCurve{1, b, .2}.P(theta))
		focal, ability = append(focal, member), append(ability, theta)
	}
	return right, focal, ability
}

func TestMatchedGroupsDifferOnlyWhereTheQuestionDoes(t *testing.T) {
	for harder, want := range map[float64]Class{0: Negligible, 1.2: Large} {
		d, err := MatchedDIF(matched(5, harder))
		if err != nil {
			t.Fatal(err)
		}
		if d.Class != want || d.Reference != 2000 || d.Focal != 2000 || harder > 0 && d.D.Value > 0 {
			t.Errorf("harder by %v: class %q, D = %v", harder, d.Class, d.D)
		}
	}
	if _, err := MatchedDIF([]bool{true}, nil, nil); err == nil {
		t.Error("lists of different lengths were taken")
	}
}

// The figure to beat: 1.5 µs to place somebody.
func BenchmarkPlacing(b *testing.B) {
	r := ruler(b, .9, logisticCurve{1, 0, .25})
	var record Record
	for i := range 40 {
		r.Add(&record, 0, i%2 == 0)
	}
	b.ResetTimer()
	for range b.N {
		r.Without(&record, 0, true)
	}
}
