package form

import "sextant/internal/exam"

// Exposure is how people's forms of one exam use its questions. Shares are from
// 0 to 1.
type Exposure struct {
	Forms int // looked at
	Used  int // questions in one of them at least
	// Most is the share of the forms that the most used question is in.
	Most float64
	// Strangers is the share of its questions that a form has, on average, in
	// common with another person's form of the same round; 0 for a single person.
	Strangers float64
	// Successive is by round, from the second, the share of its questions that a
	// form has, on average, in common with the same person's form before it;
	// Repeated is the same for all forms before it.
	Successive []float64
	Repeated   []float64
}

// ExposureOf sums up forms by person and round: people[p][r] is the form that
// person p drew as their r-th. A person may have drawn fewer than another.
func ExposureOf(people [][]*Form) Exposure {
	var e Exposure
	used := map[exam.QuestionID]int{}
	rounds := 0
	for _, forms := range people {
		rounds = max(rounds, len(forms))
		e.Forms += len(forms)
		for _, f := range forms {
			for _, p := range f.Places {
				used[p.Question]++
			}
		}
	}
	e.Used = len(used)
	for _, n := range used {
		e.Most = max(e.Most, ratio(n, e.Forms))
	}
	pairs, common := 0, 0
	for r := range rounds {
		c, p := strangers(people, r)
		common, pairs = common+c, pairs+p
		if r > 0 {
			before, ever := repeated(people, r)
			e.Successive, e.Repeated = append(e.Successive, before), append(e.Repeated, ever)
		}
	}
	e.Strangers = ratio(common, pairs)
	return e
}

// strangers counts, over every ordered pair of people in a round, the questions
// that the first one's form has in common with the other's, and the first one's.
func strangers(people [][]*Form, round int) (common, of int) {
	used, drawn, places := map[exam.QuestionID]int{}, 0, 0
	for _, forms := range people {
		if round >= len(forms) {
			continue
		}
		drawn++
		places += len(forms[round].Places)
		for _, p := range forms[round].Places {
			used[p.Question]++
		}
	}
	for _, n := range used {
		common += n * (n - 1)
	}
	return common, places * (drawn - 1)
}

// repeated is the share of a round's questions that the same person's form
// before had, and that any of their forms before had.
func repeated(people [][]*Form, round int) (before, ever float64) {
	last, all, of := 0, 0, 0
	for _, forms := range people {
		if round >= len(forms) {
			continue
		}
		latest := map[exam.QuestionID]int{} // the round it was in last
		for r, f := range forms[:round] {
			for _, p := range f.Places {
				latest[p.Question] = r
			}
		}
		for _, p := range forms[round].Places {
			of++
			r, met := latest[p.Question]
			if !met {
				continue
			}
			all++
			if r == round-1 {
				last++
			}
		}
	}
	return ratio(last, of), ratio(all, of)
}

// ratio is n of total, and 0 of nothing.
func ratio(n, total int) float64 {
	if total <= 0 {
		return 0
	}
	return float64(n) / float64(total)
}
