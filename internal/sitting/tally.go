package sitting

import (
	"context"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Tally is how the answers of an ended sitting came out.
type Tally struct {
	Right int
	// Of is how many count: of a mock exam the scored questions, and of any
	// sitting those that no open one of the same person's is asking.
	Of int
}

// Tallies says of each of a person's ended sittings how it came out. Sittings in
// which nothing counts have none.
func (s *Service) Tallies(ctx context.Context, person account.PersonID) (_ map[ID]Tally, err error) {
	defer fault.Op(&err, "sitting.Tallies")
	past, err := s.store.History(ctx, person)
	if err != nil || len(past) == 0 {
		return nil, err
	}
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return nil, err
	}
	return tally(sittings, past), nil
}

// tally is Tallies of a person's sittings and answers.
func tally(sittings []Sitting, past []Past) map[ID]Tally {
	asking := askedBy(sittings)
	open, practice := map[ID]bool{}, map[ID]bool{}
	for i := range sittings {
		open[sittings[i].ID], practice[sittings[i].ID] = sittings[i].State.Open(), sittings[i].Mode == Practice
	}
	tallies := map[ID]Tally{}
	for _, p := range past {
		if open[p.Sitting] || p.Pretest && !practice[p.Sitting] || asking[p.Question] {
			continue
		}
		t := tallies[p.Sitting]
		t.Of++
		if p.Outcome == exam.Right {
			t.Right++
		}
		tallies[p.Sitting] = t
	}
	return tallies
}
