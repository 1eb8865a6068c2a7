package library

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"sextant/internal/calibrate"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
	"sextant/internal/readiness"
)

// Answer is one graded answer of anybody, as a calibration sees it.
type Answer struct {
	Learner  string
	Question exam.QuestionID
	Revision string // of the question, "" for its present wording
	Outcome  exam.Outcome
	At       time.Time     // zero when not known
	Took     time.Duration // 0 when not known
	Exposure bool          // only a meeting: left blank in an exam, or of a sitting still open
}

// ParameterVersion is one calibration that was put to use. Versions are never
// changed or removed: sittings refer to the one they were scored with.
type ParameterVersion struct {
	Number   int
	Previous int // what was in use before; undoing goes back to it
	Made     time.Time
	Actor    string
	Evidence CalibrationEvidence
	readiness.Parameters
}

// CalibrationEvidence says what a calibration rests on.
type CalibrationEvidence struct {
	Learners int     `json:"learners"`
	Answers  int     `json:"answers"`
	Items    int     `json:"items"`    // questions with estimates of their own
	HeldOut  int     `json:"held_out"` // learners it was checked on
	Before   float64 `json:"log_loss_before"`
	After    float64 `json:"log_loss_after"`
	Results  int     `json:"results,omitempty"` // of real exams behind refined cuts
}

// Calibration is what the answers so far would change. Nothing is written to
// make one.
type Calibration struct {
	Input    calibrate.CellsInput
	Result   *calibrate.CellsResult
	Held     *calibrate.HeldOut // nil when there are too few learners for the check
	Reworded int                // answers left out because the question was changed since
	Drifted  []Drifted
	Against  ParameterVersion // in use now; Number 0 is labels alone
	Fresh    bool             // checked on learners whom the version in use has not seen
	Cuts     []Cut            // of the exams with results of real exams

	revisions map[exam.QuestionID]string
}

// Drifted is a question whose difficulty moved apart from the others' since the
// version in use.
type Drifted struct {
	ID            exam.QuestionID
	Before, After float64 // logits
	Z             float64 // robust
}

// Calibrate estimates the parameters of every question that counts from answers,
// and checks them on learners held out. onProgress may be nil.
func (l *Library) Calibrate(ctx context.Context, answers []Answer, onProgress func(iteration int, move float64)) (_ *Calibration, err error) {
	defer fault.Op(&err, "library.Calibrate")
	snapshot, err := l.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	labels, err := snapshot.ModelAt(ctx, 0)
	if err != nil {
		return nil, err
	}
	c := &Calibration{Input: CellsInput(labels), Against: snapshot.parameters, revisions: map[exam.QuestionID]string{}}
	c.Input.Progress = onProgress
	for _, it := range labels.Items() {
		if q, ok := snapshot.Question(it.ID); ok {
			c.revisions[it.ID] = q.Revision
		}
	}
	c.take(answers)
	if c.Result, err = calibrate.Cells(ctx, c.Input); err != nil {
		return nil, err
	}
	held, err := calibrate.HoldOut(ctx, c.Input, c.inUse(snapshot.Model()))
	switch {
	case errors.Is(err, calibrate.ErrTooFew):
	case err != nil:
		return nil, err
	default:
		c.Held = &held
	}
	c.Fresh = c.Against.Number > 0
	c.compare()
	c.Cuts, err = l.cuts(ctx, snapshot)
	return c, err
}

// take turns answers into the calibration's responses. "Don't know" is wrong, as
// it is when it measures.
func (c *Calibration) take(answers []Answer) {
	for _, a := range answers {
		if now, known := c.revisions[a.Question]; known && a.Revision != "" && a.Revision != now {
			c.Reworded++
			continue
		}
		c.Input.Responses = append(c.Input.Responses, calibrate.Response{
			Learner: a.Learner, Item: string(a.Question), Right: a.Outcome == exam.Right, At: a.At, Took: a.Took, Exposure: a.Exposure,
		})
	}
}

// inUse is what the calibration has to beat, on learners who are new to it.
func (c *Calibration) inUse(live *readiness.Model) calibrate.InUse {
	use := calibrate.InUse{Components: live.Components()}
	for _, it := range live.Items() {
		use.Curves = append(use.Curves, it.Curve)
	}
	if c.Against.Number == 0 {
		return use
	}
	first := map[string]time.Time{}
	for _, r := range c.Input.Responses {
		if at, ok := first[r.Learner]; !ok || r.At.Before(at) {
			first[r.Learner] = r.At
		}
	}
	use.Tested = func(learner string) bool { return first[learner].After(c.Against.Made) }
	return use
}

// compare looks for questions that moved apart since the version in use.
func (c *Calibration) compare() {
	var moved []Drifted
	var moves []float64
	for _, it := range c.Result.Items {
		id := exam.QuestionID(it.ID)
		old, ok := c.Against.Items[id]
		if !ok || !it.NewDifficulty || old.Revision != c.revisions[id] {
			continue
		}
		moved = append(moved, Drifted{ID: id, Before: old.B, After: it.B})
		moves = append(moves, it.B-old.B)
	}
	for i, z := range calibrate.Drift(moves) {
		if moved[i].Z = z; z > calibrate.DriftFlag || z < -calibrate.DriftFlag {
			c.Drifted = append(c.Drifted, moved[i])
		}
	}
	slices.SortFunc(c.Drifted, func(a, b Drifted) int { return cmp.Compare(a.ID, b.ID) })
}

// Refusal says why the calibration may not be put to use; nil when it may.
func (c *Calibration) Refusal() error {
	switch {
	case c.estimated() == 0:
		return fault.Conflict("No question has %d answers yet, so there is nothing to put to use. Nothing was changed.", calibrate.MinDifficultyResponses)
	case c.Held == nil && c.Against.Number > 0:
		return fault.Conflict("Fewer than %d learners who could be held out began after version %d was made, so it can't be told whether this would be better. Nothing was changed.", calibrate.MinHeldOut, c.Against.Number)
	case c.Held == nil:
		return fault.Conflict("There are too few learners to hold %d of them out, so it can't be told whether this would be better. Nothing was changed.", calibrate.MinHeldOut)
	case c.Held.After > c.Held.Before:
		return fault.Conflict("Learners held out are predicted worse with it (log-loss %.4f) than with what is in use (%.4f). Nothing was changed.", c.Held.After, c.Held.Before)
	}
	return nil
}

func (c *Calibration) estimated() int {
	n := 0
	for _, it := range c.Result.Items {
		if it.NewDifficulty {
			n++
		}
	}
	return n
}

// version is the calibration as it would be kept.
func (c *Calibration) version(now time.Time, actor string) ParameterVersion {
	v := ParameterVersion{
		Previous: c.Against.Number, Made: now, Actor: actor,
		Parameters: readiness.Parameters{Components: c.Result.Components, Items: map[exam.QuestionID]readiness.ItemParameters{}},
		Evidence: CalibrationEvidence{
			Learners: c.Result.Learners, Answers: c.Result.Responses, Items: c.estimated(),
			HeldOut: c.Held.Learners, Before: c.Held.Before, After: c.Held.After,
		},
	}
	v.Cuts, v.Evidence.Results = refined(c.Cuts)
	for _, it := range c.Result.Items {
		if !it.NewDifficulty {
			continue
		}
		id := exam.QuestionID(it.ID)
		v.Items[id] = readiness.ItemParameters{Revision: c.revisions[id], A: it.A, SDLogA: it.SDLogA, B: it.B, SDB: it.SDB, N: it.N}
	}
	return v
}

// Apply puts a calibration to use as a new version. Sittings begun before keep
// theirs. It changes nothing when the calibration may not be put to use, or when
// another version came into use since it was made.
func (l *Library) Apply(ctx context.Context, c *Calibration, actor string) (number int, err error) {
	defer fault.Op(&err, "library.Apply")
	if err := c.Refusal(); err != nil {
		return 0, err
	}
	number, err = l.store.SaveParameters(ctx, c.version(l.now(), actor))
	if err != nil {
		return 0, err
	}
	l.Renew()
	return number, nil
}

// UndoCalibration goes back to what was in use before the version in use, and
// returns its number. The version itself is kept, with the sittings scored with it.
func (l *Library) UndoCalibration(ctx context.Context, actor string) (number int, err error) {
	defer fault.Op(&err, "library.UndoCalibration")
	number, err = l.store.UndoParameters(ctx, actor)
	if err != nil {
		return 0, err
	}
	l.Renew()
	return number, nil
}

// CellsInput is a model's questions as a calibration takes them: its curves'
// locations as the labels, and no answers.
func CellsInput(labels *readiness.Model) calibrate.CellsInput {
	var in calibrate.CellsInput
	skills, platforms := map[exam.SkillID]int{}, map[exam.Platform]int{}
	for _, p := range labels.Places() {
		if _, ok := skills[p.Skill]; !ok {
			skills[p.Skill] = len(skills)
		}
		if _, ok := platforms[p.Platform]; !ok {
			platforms[p.Platform] = len(platforms)
		}
		in.Cells = append(in.Cells, measure.Cell{
			Skill: skills[p.Skill], Platform: platforms[p.Platform], Neutral: p.Platform == exam.Neutral,
		})
	}
	for _, it := range labels.Items() {
		in.Items = append(in.Items, calibrate.CellItem{
			ID: string(it.ID), Cell: it.Cell, C: it.Curve.C,
			Difficulty: calibrate.Normal{Mean: it.Curve.B, SD: measure.ColdSDB},
			LogSlope:   calibrate.Normal{SD: measure.ColdSDLogA},
		})
	}
	return in
}
