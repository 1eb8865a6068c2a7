package bank

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"

	"sextant/internal/exam"
)

// The surface model is what somebody could learn who reads many keyed questions
// for their looks alone. Each option gets a value β·x from its features x
// (surfaceFeatures), centred within the question and divided by their standard
// deviation over the questions learned from. The chance that a key is chosen
// from itself and the distractors is the conditional logit
//
//	exp(β·x of the key) / Σ exp(β·x of the key and of each distractor)
//
// (McFadden 1974). A question with several keys is as many such choices, each of
// weight one over their number. β maximises the log likelihood less a ridge
// penalty ½·surfaceRidge·|β|² (Hoerl & Kennard 1970; a normal prior with
// standard deviation ½ on the effect of one standard deviation).
//
// Its score is cross-validated: the questions are dealt into surfaceFolds
// folds, the questions of a case set together, and each fold is answered with
// the β of the others, by choosing as many options as there are keys. Which
// fold a question falls into depends on the ids in the bank alone.
const (
	surfaceRidge = 4.0
	surfaceFolds = 10

	maxNewtonSteps = 50
	newtonDone     = 1e-9 // largest change of an effect, in logits, that still counts as one
	minCue         = 0.10 // effects below, in logits per standard deviation, go unnamed
	maxCues        = 3
)

// task is one question as the model sees it.
type task struct {
	group   string      // questions of one group are never in different folds
	x       [][]float64 // a row per option, centred within the question
	keys    []int
	others  []int
	options []exam.Option // in the order of the rows
}

func taskOf(q *exam.Question, s *surface, features []feature) task {
	t := task{group: string(q.ID), options: s.options}
	if q.Stimulus != nil {
		t.group = "case " + string(q.Stimulus.ID)
	}
	for i, o := range s.options {
		row := make([]float64, len(features))
		for f := range features {
			row[f] = features[f].value(s, i)
		}
		t.x = append(t.x, row)
		if o.Key {
			t.keys = append(t.keys, i)
		} else {
			t.others = append(t.others, i)
		}
	}
	for f := range features {
		mean := 0.0
		for i := range t.x {
			mean += t.x[i][f] / float64(len(t.x))
		}
		for i := range t.x {
			t.x[i][f] -= mean
		}
	}
	return t
}

// crossValidate gives each task the value of its options as judged by a model
// that has not seen it. With fewer than two groups there is nothing to learn
// from and every value is zero.
func crossValidate(tasks []task) [][]float64 {
	folds := deal(tasks)
	values := make([][]float64, len(tasks))
	for i, t := range tasks {
		values[i] = make([]float64, len(t.x))
	}
	for fold := range surfaceFolds {
		var seen []task
		for i, t := range tasks {
			if folds[i] != fold {
				seen = append(seen, t)
			}
		}
		if len(seen) == 0 || len(seen) == len(tasks) {
			continue
		}
		m := fitSurface(seen)
		for i, t := range tasks {
			if folds[i] == fold {
				values[i] = m.values(t)
			}
		}
	}
	return values
}

// deal gives each task its fold: the groups, in the order of a hash of their
// names, are dealt out like cards.
func deal(tasks []task) []int {
	hash := func(name string) uint64 {
		h := fnv.New64a()
		h.Write([]byte(name)) // a hash never fails to write
		return h.Sum64()
	}
	var groups []string
	for _, t := range tasks {
		groups = append(groups, t.group)
	}
	slices.SortFunc(groups, func(a, b string) int { return cmp.Or(cmp.Compare(hash(a), hash(b)), cmp.Compare(a, b)) })
	foldOf := map[string]int{}
	for i, g := range slices.Compact(groups) {
		foldOf[g] = i % surfaceFolds
	}
	folds := make([]int, len(tasks))
	for i, t := range tasks {
		folds[i] = foldOf[t.group]
	}
	return folds
}

// surfaceModel is a fitted model: one effect per feature, in logits per
// standard deviation; 0 for a feature that never varies.
type surfaceModel struct {
	effects []float64
	scales  []float64
}

func (m surfaceModel) values(t task) []float64 {
	values := make([]float64, len(t.x))
	for i, row := range t.x {
		for f, v := range row {
			values[i] += m.effects[f] * v / m.scales[f]
		}
	}
	return values
}

// cues names the strongest features, strongest first.
func (m surfaceModel) cues(features []feature) []string {
	order := make([]int, len(m.effects))
	for f := range order {
		order[f] = f
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(m.effects[b]), math.Abs(m.effects[a])) })
	var cues []string
	for _, f := range order[:min(maxCues, len(order))] {
		switch {
		case m.effects[f] >= minCue:
			cues = append(cues, features[f].more)
		case m.effects[f] <= -minCue:
			cues = append(cues, features[f].less)
		}
	}
	return cues
}

// fitSurface maximises the penalised likelihood by Newton's method, steps
// halved until they gain. The function is strictly concave, so there is one
// maximum and the way to it doesn't matter.
func fitSurface(tasks []task) surfaceModel {
	if len(tasks) == 0 {
		return surfaceModel{}
	}
	p := len(tasks[0].x[0])
	m := surfaceModel{effects: make([]float64, p), scales: scalesOf(tasks, p)}
	at := m.likelihood(tasks)
	for range maxNewtonSteps {
		step := solve(at.curvature, at.gradient)
		next, reached := at, m
		for share := 1.0; share > 1e-6; share /= 2 {
			trial := surfaceModel{effects: make([]float64, p), scales: m.scales}
			for f := range step {
				trial.effects[f] = m.effects[f] + share*step[f]
			}
			if there := trial.likelihood(tasks); there.value >= at.value {
				next, reached = there, trial
				break
			}
		}
		moved := 0.0
		for f := range step {
			moved = max(moved, math.Abs(reached.effects[f]-m.effects[f]))
		}
		m, at = reached, next
		if moved < newtonDone {
			break
		}
	}
	return m
}

// scalesOf are the features' standard deviations within questions, 1 for one
// that never varies.
func scalesOf(tasks []task, p int) []float64 {
	scales := make([]float64, p)
	n := 0.0
	for _, t := range tasks {
		for _, row := range t.x {
			n++
			for f, v := range row {
				scales[f] += v * v
			}
		}
	}
	for f := range scales {
		scales[f] = math.Sqrt(scales[f] / n)
		if scales[f] < 1e-9 {
			scales[f] = 1
		}
	}
	return scales
}

// likelihood is the penalised log likelihood at a point, with its gradient and
// the negative of its second derivatives.
type likelihood struct {
	value     float64
	gradient  []float64
	curvature [][]float64
}

func (m surfaceModel) likelihood(tasks []task) likelihood {
	p := len(m.effects)
	l := likelihood{gradient: make([]float64, p), curvature: make([][]float64, p)}
	for f, effect := range m.effects {
		l.value -= surfaceRidge / 2 * effect * effect
		l.gradient[f] = -surfaceRidge * effect
		l.curvature[f] = make([]float64, p)
		l.curvature[f][f] = surfaceRidge
	}
	for _, t := range tasks {
		values := m.values(t)
		for _, key := range t.keys {
			l.add(t, values, m.scales, key)
		}
	}
	return l
}

// add counts one choice: key against the distractors.
func (l *likelihood) add(t task, values, scales []float64, key int) {
	weight := 1 / float64(len(t.keys))
	rows := append([]int{key}, t.others...)
	top := values[key]
	for _, i := range rows {
		top = max(top, values[i])
	}
	chances, total := make([]float64, len(rows)), 0.0
	for r, i := range rows {
		chances[r] = math.Exp(values[i] - top)
		total += chances[r]
	}
	mean := make([]float64, len(scales))
	for r, i := range rows {
		chances[r] /= total
		for f := range mean {
			mean[f] += chances[r] * t.x[i][f] / scales[f]
		}
	}
	l.value += weight * (values[key] - top - math.Log(total))
	for f := range mean {
		l.gradient[f] += weight * (t.x[key][f]/scales[f] - mean[f])
	}
	for r, i := range rows {
		for f := range mean {
			off := weight * chances[r] * (t.x[i][f]/scales[f] - mean[f])
			for g := range f + 1 {
				l.curvature[f][g] += off * (t.x[i][g]/scales[g] - mean[g])
			}
		}
	}
}

// solve finds z with Az = b for a symmetric positive definite A, of which the
// lower triangle is read, by Cholesky's decomposition. The ridge keeps A away
// from singular.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	lower := make([][]float64, n)
	for i := range n {
		lower[i] = make([]float64, i+1)
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= lower[i][k] * lower[j][k]
			}
			if i == j {
				lower[i][i] = math.Sqrt(sum)
			} else {
				lower[i][j] = sum / lower[j][j]
			}
		}
	}
	z := slices.Clone(b)
	for i := range n {
		for k := range i {
			z[i] -= lower[i][k] * z[k]
		}
		z[i] /= lower[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			z[i] -= lower[k][i] * z[k]
		}
		z[i] /= lower[i][i]
	}
	return z
}
