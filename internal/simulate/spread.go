package simulate

import (
	"context"
	"math"
	"strconv"
	"time"

	"sextant/internal/calibrate"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
	"sextant/internal/readiness"
)

// Reestimate simulates the learners of the options and estimates the spread of
// abilities from their answers by empirical Bayes, as calibration does from real
// ones. The questions keep their labels: only what is known of the learners'
// spread changes.
func Reestimate(ctx context.Context, m *readiness.Model, opts Options) (sd measure.Components, err error) {
	defer fault.Op(&err, "re-estimating the spread of abilities")
	opts.Elapsed, opts.Progress = nil, nil
	w, sittings, err := playEverybody(ctx, m, opts)
	if err != nil {
		return sd, err
	}
	fit, err := calibrate.Cells(ctx, calibrate.CellsInput{
		Items: w.calibrationItems(), Responses: w.calibrationResponses(sittings), Cells: w.calibrationCells(),
		Components: m.Components(), MinDifficulty: math.MaxInt, MinSlope: math.MaxInt,
	})
	if err != nil {
		return sd, err
	}
	return fit.Components, nil
}

func (w *world) calibrationItems() []calibrate.CellItem {
	items := make([]calibrate.CellItem, len(w.items))
	for i, it := range w.items {
		items[i] = calibrate.CellItem{
			ID: string(it.ID), Cell: it.Cell, C: it.Curve.C,
			Difficulty: calibrate.Normal{Mean: it.Curve.B, SD: measure.ColdSDB},
			LogSlope:   calibrate.Normal{Mean: 0, SD: measure.ColdSDLogA},
		}
	}
	return items
}

func (w *world) calibrationCells() []measure.Cell {
	cells := make([]measure.Cell, len(w.places))
	skills, platforms := map[exam.SkillID]int{}, map[exam.Platform]int{}
	for i, p := range w.places {
		if _, ok := skills[p.Skill]; !ok {
			skills[p.Skill] = len(skills)
		}
		if _, ok := platforms[p.Platform]; !ok {
			platforms[p.Platform] = len(platforms)
		}
		cells[i] = measure.Cell{Skill: skills[p.Skill], Platform: platforms[p.Platform], Neutral: p.Platform == exam.Neutral}
	}
	return cells
}

func (w *world) calibrationResponses(sittings []sitting) []calibrate.Response {
	var responses []calibrate.Response
	for i := range sittings {
		for k, at := range sittings[i].asked {
			responses = append(responses, calibrate.Response{
				Learner: strconv.Itoa(i), Item: string(w.items[at].ID), Right: sittings[i].right[k],
				At: start.Add(time.Duration(k) * pace),
			})
		}
	}
	return responses
}
