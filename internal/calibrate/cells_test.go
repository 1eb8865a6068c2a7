package calibrate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/measure"
)

// cellWorld simulates learners in cells who answer items drawn at random.
type cellWorld struct {
	in   CellsInput
	a, b []float64 // true
}

func newCellWorld(seed uint64, truth measure.Components, learners, items, each int) *cellWorld {
	random := rand.New(rand.NewPCG(seed, 2))
	w := &cellWorld{}
	const skills, platforms = 6, 3
	for s := range skills {
		for p := range platforms {
			w.in.Cells = append(w.in.Cells, measure.Cell{Skill: s, Platform: p})
		}
		w.in.Cells = append(w.in.Cells, measure.Cell{Skill: s, Neutral: true})
	}
	for i := range items {
		label := -1.6 + 0.8*float64(random.IntN(5))
		w.a = append(w.a, math.Exp(measure.ColdSDLogA*random.NormFloat64()))
		w.b = append(w.b, label+measure.ColdSDB*random.NormFloat64())
		w.in.Items = append(w.in.Items, CellItem{
			ID: fmt.Sprintf("q%03d", i), Cell: random.IntN(len(w.in.Cells)), C: 0.25,
			Difficulty: Normal{label, measure.ColdSDB}, LogSlope: Normal{0, measure.ColdSDLogA},
		})
	}
	for l := range learners {
		theta := w.abilities(truth, random)
		for _, i := range random.Perm(items)[:each] {
			it := w.in.Items[i]
			p := it.C + (1-it.C)/(1+math.Exp(-w.a[i]*(theta[it.Cell]-w.b[i])))
			w.in.Responses = append(w.in.Responses, Response{
				Learner: fmt.Sprintf("l%04d", l), Item: it.ID, Right: random.Float64() < p,
				At: time.Date(2026, 1, 1, 0, 0, len(w.in.Responses), 0, time.UTC),
			})
		}
	}
	return w
}

func (w *cellWorld) abilities(c measure.Components, random *rand.Rand) []float64 {
	g := c.General * random.NormFloat64()
	skills, platforms := map[int]float64{}, map[int]float64{}
	theta := make([]float64, len(w.in.Cells))
	for k, cell := range w.in.Cells {
		if _, ok := skills[cell.Skill]; !ok {
			skills[cell.Skill] = c.Skill * random.NormFloat64()
		}
		theta[k] = g + skills[cell.Skill]
		if cell.Neutral {
			continue
		}
		if _, ok := platforms[cell.Platform]; !ok {
			platforms[cell.Platform] = c.Platform * random.NormFloat64()
		}
		theta[k] += platforms[cell.Platform] + c.Cell*random.NormFloat64()
	}
	return theta
}

func calibrateCells(tb testing.TB, in CellsInput) *CellsResult {
	tb.Helper()
	r, err := Cells(tb.Context(), in)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestCellsRecoverItems(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	w := newCellWorld(1, measure.DefaultComponents, 600, 60, 24)
	r := calibrateCells(t, w.in)
	var before, after, inside, slopes, slopesBefore float64
	for i, it := range r.Items {
		before += square(w.in.Items[i].Difficulty.Mean - w.b[i])
		after += square(it.B - w.b[i])
		slopes += square(math.Log(it.A / w.a[i]))
		slopesBefore += square(math.Log(w.a[i]))
		if math.Abs(it.B-w.b[i]) < 1.645*it.SDB {
			inside++
		}
	}
	n := float64(len(r.Items))
	t.Logf("%d iterations, converged %v; RMSE of b %.3f, of labels %.3f; of log a %.3f, of 1 %.3f; 90 %% intervals of b cover %.1f %%; %+v",
		r.Iterations, r.Converged, math.Sqrt(after/n), math.Sqrt(before/n), math.Sqrt(slopes/n), math.Sqrt(slopesBefore/n), 100*inside/n, r.Components)
	if !r.Converged {
		t.Error("did not converge")
	}
	if math.Sqrt(after/n) > 0.32 {
		t.Errorf("RMSE of b %.3f, want at most .32", math.Sqrt(after/n))
	}
	if slopes > 0.9*slopesBefore {
		t.Errorf("slopes are hardly better (%.3f) than the prior (%.3f)", slopes, slopesBefore)
	}
	if inside/n < 0.84 {
		t.Errorf("90 %% intervals of b cover %.3f", inside/n)
	}
}

func square(v float64) float64 { return v * v }

// Learners who weren't calibrated with are predicted better after than before.
func TestCellsPredictOtherLearners(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	w := newCellWorld(6, measure.DefaultComponents, 400, 40, 20)
	h, err := HoldOut(t.Context(), w.in, InUse{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", h)
	if h.Learners != 80 || h.Answers != 1600 {
		t.Errorf("held out %d learners and %d answers, want a fifth", h.Learners, h.Answers)
	}
	if !(h.After < h.Before-0.005 && h.After > 0.3) {
		t.Errorf("log-loss %.4f before, %.4f after", h.Before, h.After)
	}
}

// With items known and without the pull towards where they started the
// components are recovered; with it they lie between, by the numbers of learners
// and pseudo-learners, but that skills and cells keep more where the shared part
// would rise.
func TestCellsRecoverTheSpread(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	truth := measure.Components{General: 0.9, Skill: 0.35, Platform: 0.8, Cell: 0.5}
	w := newCellWorld(2, truth, 400, 120, 40)
	for i := range w.in.Items {
		w.in.Items[i].Difficulty, w.in.Items[i].LogSlope = Normal{w.b[i], 1e-3}, Normal{math.Log(w.a[i]), 1e-3}
	}
	w.in.MinDifficulty = len(w.in.Responses)
	pulled := calibrateCells(t, w.in)
	w.in.PseudoLearners = -1
	alone := calibrateCells(t, w.in)
	t.Logf("%d iterations: %+v, pulled in %d %+v", alone.Iterations, alone.Components, pulled.Iterations, pulled.Components)
	free, pull, start, want := variances(alone.Components), variances(pulled.Components), variances(measure.DefaultComponents), variances(truth)
	for k := range want {
		within(t, fmt.Sprintf("component %d", k), math.Sqrt(free[k]), math.Sqrt(want[k]), 0.2)
		pooled := (400*free[k] + DefaultPseudoLearners*start[k]) / (400 + DefaultPseudoLearners)
		if k == general || k == platform {
			within(t, fmt.Sprintf("pulled component %d", k), pull[k], pooled, 0.01)
		} else if pull[k] < pooled {
			t.Errorf("pulled component %d has variance %.3f, below %.3f", k, pull[k], pooled)
		}
	}
	low, high := sharedPart(measure.DefaultComponents), sharedPart(alone.Components)
	if got := sharedPart(pulled.Components); got < low || got > high {
		t.Errorf("shared part %.3f, want between %.3f of the start and %.3f of the answers", got, low, high)
	}
}

// The shared part rises above the start no further than the
// lower end of its interval, and at the cost of certainty about skills and cells.
func TestUnderstatingWhatIsShared(t *testing.T) {
	start := measure.DefaultComponents
	more := measure.Components{General: 0.9, Skill: 0.5, Platform: 0.7, Cell: 0.4}
	less := measure.Components{General: 0.4, Skill: 0.7, Platform: 0.4, Cell: 0.7}
	for _, c := range []struct {
		name         string
		from         measure.Components
		sharedError  float64
		want, margin float64
	}{
		{"surely more", more, 0, sharedPart(more), 1e-12},
		{"more", more, 0.05, sharedPart(more) - 0.05*measure.IntervalZ, 1e-9},
		{"perhaps more", more, 0.2, sharedPart(start), 1e-9},
		{"nobody knows", more, math.Inf(1), sharedPart(start), 1e-9},
		{"less", less, 0.2, sharedPart(less), 1e-12},
	} {
		got := understated(c.from, start, c.sharedError)
		within(t, c.name, sharedPart(got), c.want, c.margin)
		if got.General != c.from.General || got.Platform != c.from.Platform || got.Skill < c.from.Skill || got.Cell < c.from.Cell {
			t.Errorf("%s: %+v became %+v", c.name, c.from, got)
		}
	}
}

// Where learners' skills have little in common, the estimate of what they share is
// on average no more than .05 too high, for all that it started from: of the
// samples of 400 learners here three are within .01, one .03 and one .10 above.
func TestCellsBelieveLearnersWhoShareLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	truth := measure.Components{General: 0.1, Skill: 0.9, Platform: 0.1, Cell: 0.7}
	const samples = 5
	mean := 0.0
	for seed := range uint64(samples) {
		w := newCellWorld(1+seed, truth, 400, 120, 30)
		w.in.MinDifficulty = len(w.in.Responses)
		part := sharedPart(calibrateCells(t, w.in).Components)
		t.Logf("shared part %.3f, in truth %.3f", part, sharedPart(truth))
		mean += part / samples
	}
	if mean > sharedPart(truth)+0.05 {
		t.Errorf("mean shared part %.3f, in truth %.3f", mean, sharedPart(truth))
	}
}

func TestSharingAtMostKeepsTheSpreadOfACell(t *testing.T) {
	from := measure.DefaultComponents
	got := sharingAtMost(from, 0.2)
	within(t, "shared part", sharedPart(got), 0.2, 1e-12)
	total := func(c measure.Components) float64 {
		v := variances(c)
		return v[general] + v[skill] + v[platform] + v[cellEffect]
	}
	within(t, "variance", total(got), total(from), 1e-12)
	if sharingAtMost(from, 0.9) != from {
		t.Error("what shares less already was changed")
	}
}

func TestCellsLeaveOutWhatDoesNotMeasure(t *testing.T) {
	w := newCellWorld(3, measure.DefaultComponents, 100, 20, 10)
	clean := calibrateCells(t, w.in)
	later := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	dirty := w.in
	for _, r := range w.in.Responses[:50] {
		r.At, r.Right = later, true
		dirty.Responses = append(dirty.Responses, r)
	}
	dirty.Responses = append(dirty.Responses,
		Response{Learner: "x", Item: "q000", Took: time.Second, At: later},
		Response{Learner: "x", Item: "q000", Took: time.Minute, At: later.Add(time.Hour)},
		Response{Learner: "x", Item: "unheard of", At: later})
	// A question that was only met before, its key shown, has no first answer left.
	met := dirty.Responses[0]
	dirty.Responses = append(dirty.Responses, Response{Learner: "y", Item: met.Item, Exposure: true, At: later},
		Response{Learner: "y", Item: met.Item, Right: true, At: later.Add(time.Hour)})
	got := calibrateCells(t, dirty)
	if want := (Excluded{Repeats: 52, Rapid: 1, Unknown: 1}); got.Excluded != want {
		t.Errorf("left out %+v, want %+v", got.Excluded, want)
	}
	got.Excluded = clean.Excluded
	if diff := cmp.Diff(clean, got); diff != "" {
		t.Errorf("they changed the result:\n%s", diff)
	}
}

func TestCellsWithFewAnswersKeepThePrior(t *testing.T) {
	w := newCellWorld(4, measure.DefaultComponents, 40, 40, 20)
	r := calibrateCells(t, w.in)
	some := false
	for i, it := range r.Items {
		prior := w.in.Items[i]
		if it.NewDifficulty != (it.N >= MinDifficultyResponses) || it.NewSlope {
			t.Errorf("item of %d responses: new difficulty %v, new slope %v", it.N, it.NewDifficulty, it.NewSlope)
		}
		if it.NewDifficulty {
			continue
		}
		some = true
		if it.B != prior.Difficulty.Mean || it.SDB != prior.Difficulty.SD || it.A != 1 || it.SDLogA != prior.LogSlope.SD {
			t.Errorf("item of %d responses moved: %+v", it.N, it)
		}
	}
	if !some {
		t.Error("every item had enough responses")
	}
}

func TestCellsRefuseNonsense(t *testing.T) {
	ok := newCellWorld(5, measure.DefaultComponents, 3, 4, 3).in
	for want, change := range map[string]func(in *CellsInput){
		"occurs twice":      func(in *CellsInput) { in.Items = append(in.Items, in.Items[0]) },
		"cell 99 of 24":     func(in *CellsInput) { in.Items = []CellItem{{ID: "x", Cell: 99}} },
		"lower asymptote 1": func(in *CellsInput) { in.Items = []CellItem{{ID: "x", C: 1}} },
		"need positive SDs": func(in *CellsInput) { in.Items = []CellItem{{ID: "x"}} },
		"no answers":        func(in *CellsInput) { in.Responses = nil },
	} {
		in := ok
		change(&in)
		if _, err := Cells(t.Context(), in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// TestRecalibration is the level to beat: 2,000 learners × 30 items of a bank of
// 600 with labels .6 logits off. The prototype's RMSE of b was .20 at 100
// responses or more and .40 at 25 to 99, the goal .21 and .41. Here it is .255
// and .371: the first depends on which answers are collected, for with these
// answers even known abilities give no better than .247 and .376.
func TestRecalibration(t *testing.T) {
	dir := filepath.Join(acceptance(t), "sim")
	bank := records(t, filepath.Join(dir, "s8_bank600_7skill.csv"))
	table := openTable(t, filepath.Join(dir, "s8_resp_2000x600.csv.gz"))
	in := CellsInput{Prior: sigmaOfS8(), MinDifficulty: 25}
	var truth []float64
	for _, row := range bank {
		truth = append(truth, number(t, row["b"]))
		in.Items = append(in.Items, CellItem{
			ID: "i" + row["item"], Cell: int(number(t, row["skill"])) - 1, C: number(t, row["c"]),
			Difficulty: Normal{number(t, row["label_b"]), 0.6}, LogSlope: Normal{0, 0.3},
		})
	}
	in.Responses = adaptiveSittings(t, in, table, 30)
	r := calibrateCells(t, in)
	var many, few struct{ n, label, error, inside float64 }
	for i, it := range r.Items {
		group := &few
		switch {
		case it.N >= 100:
			group = &many
		case it.N < 25:
			continue
		}
		group.n++
		group.error += square(it.B - truth[i])
		group.label += square(in.Items[i].Difficulty.Mean - truth[i])
		if math.Abs(it.B-truth[i]) < 1.645*it.SDB {
			group.inside++
		}
	}
	t.Logf("%d iterations; ≥100: %v items, RMSE %.3f (labels %.3f), covers %.3f; 25–99: %v items, RMSE %.3f (labels %.3f), covers %.3f", r.Iterations,
		many.n, math.Sqrt(many.error/many.n), math.Sqrt(many.label/many.n), many.inside/many.n,
		few.n, math.Sqrt(few.error/few.n), math.Sqrt(few.label/few.n), few.inside/few.n)
	for _, it := range r.Items {
		if it.N < 25 {
			t.Errorf("item %s was asked %d times", it.ID, it.N)
		}
	}
	if rmse := math.Sqrt(many.error / many.n); rmse > 0.26 {
		t.Errorf("RMSE of b %.3f at 100 responses or more, want at most .26", rmse)
	}
	if rmse := math.Sqrt(few.error / few.n); rmse > 0.41 {
		t.Errorf("RMSE of b %.3f at 25 to 99 responses, want at most .41", rmse)
	}
}

// adaptiveSittings asks every learner of a complete table as the product does on
// a cold bank: at random among the questions that gain at least .8 of the best,
// and every fifth time the one asked least.
func adaptiveSittings(t *testing.T, in CellsInput, table *Table, each int) []Response {
	t.Helper()
	random := rand.New(rand.NewPCG(8, 8))
	shape, err := measure.NewShape(1, measure.ColdSDLogA, measure.ColdSDB)
	if err != nil {
		t.Fatal(err)
	}
	questions := make([]measure.Question, len(in.Items))
	for i, it := range in.Items {
		questions[i] = measure.Question{Cell: it.Cell, Curve: measure.Curve{Shape: shape, B: it.Difficulty.Mean, C: it.C}}
	}
	cells := in.Prior.Dim()
	pool, err := measure.NewPool(cells, questions)
	if err != nil {
		t.Fatal(err)
	}
	scratch := pool.NewScratch()
	served := make([]int, len(questions))
	var responses []Response
	for l := range table.Rows() {
		var answers []measure.Answer
		asked := map[int]bool{}
		for k := range each {
			posterior, err := measure.Posterior(in.Prior, answers)
			if err != nil {
				t.Fatal(err)
			}
			value, covariances := make([]float64, cells), make([]float64, cells)
			for _, exam := range examsOfS8 {
				posterior.Covariances(exam, covariances)
				measure.AddValue(value, 1, covariances)
			}
			i := nextQuestion(random, pool.Gains(posterior, value, scratch), asked, served, k%5 == 4)
			asked[i] = true
			served[i]++
			right := table.Row(l)[i] == Right
			answers = append(answers, measure.Answer{Cell: questions[i].Cell, Curve: questions[i].Curve, Right: right, Weight: 1})
			responses = append(responses, Response{Learner: fmt.Sprintf("%04d", l), Item: in.Items[i].ID, Right: right})
		}
	}
	return responses
}

// examsOfS8 are what the three exams of s8 weigh the skills by.
var examsOfS8 = []measure.Composite{
	{Cells: []int{0, 1, 2, 3, 4}, Weights: []float64{0.2, 0.24, 0.2, 0.16, 0.2}},
	{Cells: []int{0, 1, 2, 3, 5}, Weights: []float64{0.16, 0.2, 0.2, 0.2, 0.24}},
	{Cells: []int{0, 1, 2, 3, 6}, Weights: []float64{0.1, 0.2, 0.15, 0.15, 0.4}},
}

func nextQuestion(random *rand.Rand, gains []float64, asked map[int]bool, served []int, least bool) int {
	best := 0.0
	fewest := math.MaxInt
	for i, g := range gains {
		if !asked[i] {
			best, fewest = max(best, g), min(fewest, served[i])
		}
	}
	var among []int
	for i, g := range gains {
		if !asked[i] && (least && served[i] == fewest || !least && g >= 0.8*best) {
			among = append(among, i)
		}
	}
	return among[random.IntN(len(among))]
}

// sigmaOfS8 is the prior of the simulated data s8: four concepts and three
// platforms.
func sigmaOfS8() *measure.Normal {
	const concepts, skills = 4, 7
	prior := &measure.Normal{Mean: make([]float64, skills), Cov: make([]float64, skills*skills)}
	for i := range skills {
		for j := range skills {
			v := 0.4
			switch {
			case i == j:
				v = 1
			case i < concepts && j < concepts:
				v = 0.6
			case i >= concepts && j >= concepts:
				v = 0.5
			}
			prior.Cov[i*skills+j] = v
		}
	}
	return prior
}
