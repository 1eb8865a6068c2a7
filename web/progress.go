package web

import "sextant/internal/page"

// finalJudge begins the page for sceptics, up to the learners who are simulated.
func finalJudge(o page.MeasuredOutcomes) string {
	if len(o.Score) == 0 {
		return "Real exam results are the final judge, and there are not enough of them yet. Until then we do what can be done honestly: let"
	}
	return "Real exam results are the final judge; what they say so far comes first. They are few, and told by whoever wants to, so beside them stands what can be checked in full: we let"
}

// toldWhen is what was told of a real exam besides its outcome.
func toldWhen(r page.ToldResult) string {
	text := r.Day
	if r.Name != "" {
		text = r.Name + ", " + text
	}
	if r.Score != "" {
		text += "; score " + r.Score
	}
	return text
}

func dotSize(last bool) string {
	if last {
		return "5"
	}
	return "2.5"
}

func passedWord(passed bool) string {
	if passed {
		return "Passed"
	}
	return "Not passed"
}
