package grade

import (
	"fmt"
	"math"

	"sextant/internal/exam"
)

// Points are what answers earned of what there was to earn, over one question or
// several. The zero value is no question.
type Points struct {
	Earned, Of int
	squares    int // the sum of the squares of the questions' points
}

// Points is what an answer earns in whole points, as a vendor counts them: under
// all or nothing a question is worth one point, under one point per correct part
// as many as it has parts. What is left open earns nothing, and what doesn't fit
// the question earns nothing either.
//
// The other rules give fractions: they are an error.
func (r Rule) Points(q *exam.Question, a exam.Answer) (Points, error) {
	switch r {
	case RuleCorrectParts:
		right, of := Parts(q, a)
		return question(right, of), nil
	case RuleAllOrNothing:
		if outcome, err := Grade(q, a); err == nil && outcome == exam.Right {
			return question(1, 1), nil
		}
		return question(0, 1), nil
	default:
		return Points{}, fmt.Errorf("grade: rule %q counts no whole points", r)
	}
}

func question(earned, of int) Points { return Points{Earned: earned, Of: of, squares: of * of} }

// Plus is the points of two sets of questions together.
func (p Points) Plus(o Points) Points {
	return Points{Earned: p.Earned + o.Earned, Of: p.Of + o.Of, squares: p.squares + o.squares}
}

// Share is the part of the points that was earned, 0 to 1; 0 of no question.
func (p Points) Share() float64 {
	if p.Of == 0 {
		return 0
	}
	return float64(p.Earned) / float64(p.Of)
}

// Questions is how many questions of equal weight would say as much as these: all
// of them where each has as many points as the next, fewer where a few have most
// of the points (Kish's effective sample size, (Σw)²/Σw²). The points of one
// question stand and fall together and are never taken as so many questions.
func (p Points) Questions() float64 {
	if p.squares == 0 {
		return 0
	}
	return float64(p.Of) * float64(p.Of) / float64(p.squares)
}

// StandardError is the standard error of the share, 0 to .5. A question that
// gives part of its points varies less than one that gives all or none, so that
// with partial credit this is an upper bound.
func (p Points) StandardError() float64 {
	n := p.Questions()
	if n == 0 {
		return 0
	}
	share := p.Share()
	return math.Sqrt(share * (1 - share) / n)
}

// Interval is the interval for the share at z standard errors (Wilson 1927),
// within 0 to 1; all of that for no question.
func (p Points) Interval(z float64) (low, high float64) {
	n := p.Questions()
	if n == 0 {
		return 0, 1
	}
	share := p.Share()
	centre := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max(0, centre-half), min(1, centre+half)
}
