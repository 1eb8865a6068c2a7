package progress

import (
	"math"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
	"sextant/internal/sitting"
	"sextant/internal/study"
)

// Weeks and Days are how far back practice is counted.
const (
	Weeks = 12
	Days  = 28
)

// longest is how much of the time in which a question was in view is counted: a page
// left open over lunch is no practice.
const longest = 10 * time.Minute

// Week is what was practised in one week, Monday to Sunday.
type Week struct {
	From    time.Time // its Monday, 00:00 UTC
	Answers map[sitting.Mode]int
	Spent   time.Duration // with questions in view, ten minutes each at most
}

// Total counts the week's answers.
func (w *Week) Total() int {
	n := 0
	for _, answers := range w.Answers {
		n += answers
	}
	return n
}

// Volume counts the last weeks, the present one last.
func Volume(answers []Answer, now time.Time, zone *time.Location) []Week {
	weeks := make([]Week, Weeks)
	last := monday(Day(now, zone))
	for i := range weeks {
		weeks[i] = Week{From: last.AddDate(0, 0, 7*(i-Weeks+1)), Answers: map[sitting.Mode]int{}}
	}
	for i := range answers {
		a := &answers[i]
		n := Weeks - 1 - days(monday(Day(a.At, zone)), last)/7
		if n < 0 || n >= Weeks {
			continue
		}
		weeks[n].Answers[a.Mode]++
		weeks[n].Spent += min(longest, max(0, a.At.Sub(a.Shown)))
	}
	return weeks
}

func monday(day time.Time) time.Time {
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// days counts the days from one calendar day to another.
func days(from, to time.Time) int { return int(math.Round(to.Sub(from).Hours() / 24)) }

// Studied counts the answers of each of the last days, today last.
func Studied(answers []Answer, now time.Time, zone *time.Location) [Days]int {
	var list [Days]int
	today := Day(now, zone)
	for i := range answers {
		if ago := days(Day(answers[i].At, zone), today); ago >= 0 && ago < Days {
			list[Days-1-ago]++
		}
	}
	return list
}

// Share is a share of right answers with Wilson's 90 % interval, all 0 to 1.
type Share struct {
	Right, Of           int
	Estimate, Low, High float64
}

// shareOf is a share with Wilson's 90 % interval. Of nothing, 0 to 1.
func shareOf(right, of int) Share {
	s := Share{Right: right, Of: of}
	s.Estimate, s.Low, s.High = measure.Wilson(right, of)
	return s
}

// Said is how often somebody was right when they said how sure they were.
type Said struct {
	Confidence study.Confidence
	Share
	// Chance is the mean chance that a blind guess is right on these questions; 0
	// where no question is known any more.
	Chance float64
}

// Confidences lists how sure somebody can say they are, the surest first.
func Confidences() []study.Confidence {
	return []study.Confidence{study.Sure, study.Unsure, study.Guess}
}

// OwnJudgement holds how sure somebody said they were against what they got right,
// the surest first. guess is the chance of a blind guess on a question, false where it
// isn't known.
func OwnJudgement(answers []Answer, guess func(exam.QuestionID) (float64, bool)) []Said {
	var list []Said
	for _, confidence := range Confidences() {
		said := Said{Confidence: confidence}
		right, of, known := 0, 0, 0
		for i := range answers {
			if answers[i].Confidence != confidence || answers[i].Outcome == exam.DontKnow {
				continue
			}
			of++
			if answers[i].Outcome == exam.Right {
				right++
			}
			if chance, ok := guess(answers[i].Question); ok {
				known++
				said.Chance += chance
			}
		}
		if known > 0 {
			said.Chance /= float64(known)
		}
		said.Share = shareOf(right, of)
		list = append(list, said)
	}
	return list
}
