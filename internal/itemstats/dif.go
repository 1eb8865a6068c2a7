package itemstats

import (
	"fmt"
	"math"
)

// Class is the size of differential item functioning in the categories of
// Educational Testing Service; the zero value is not classified.
type Class string

// The categories, as the National Assessment of Educational Progress words them
// (nces.ed.gov, "Categorization of Items According to DIF Criteria", after
// Petersen 1988; see also Zieky 1993, and Zwick 2012, ETS RR-12-08):
//
//	A  D does not differ significantly from 0 at the .05 level (chi-square with
//	   continuity correction), or |D| < 1.0
//	C  |D| ≥ 1.5 and |D| is significantly greater than 1.0: (|D| − 1)/SE > 1.645
//	B  every other item
const (
	Negligible Class = "A"
	Moderate   Class = "B"
	Large      Class = "C"
)

const (
	deltaPerLogit = -2.35 // from ln α to the delta scale (Holland & Thayer 1985)
	smallDelta    = 1.0
	largeDelta    = 1.5
	significant   = 0.05
	oneSided95    = 1.6448536269514722
)

// DIF compares the chances of a reference and a focal group with the same total
// on one item of marks 0 and 1 (Mantel & Haenszel 1959; Holland & Thayer 1988).
// People are matched on the total, the studied item included.
type DIF struct {
	Reference, Focal int // persons with every item presented
	Strata           int // totals that occur

	// Chi2 has one degree of freedom and no continuity correction; Chi2Corrected
	// takes ½ from the absolute difference where that is at least ½. P and
	// PCorrected are their upper tails. Undefined where no stratum has both
	// groups and both answers.
	Chi2, P                   Stat
	Chi2Corrected, PCorrected Stat
	// Alpha is the common odds ratio, the odds of a right answer in the
	// reference group over those in the focal group: above 1 the item favours
	// the reference group. Undefined at 0 and ∞.
	Alpha Stat
	// SELogAlpha is the standard error of ln Alpha (Robins, Breslow & Greenland 1986).
	SELogAlpha Stat
	// D is MH D-DIF = −2.35·ln Alpha: negative where the item is harder for the
	// focal group. SE is its standard error.
	D, SE Stat
	Class Class
}

// MantelHaenszel studies every item of a table of marks 0 and 1; focal tells
// for each person whether they belong to the focal group. People with an item
// that was not presented are left out, since their totals don't compare. It
// fails on other marks and on a group list of another length.
func (t *Table) MantelHaenszel(focal []bool) ([]DIF, error) {
	if len(focal) != t.Persons() {
		return nil, fmt.Errorf("groups of %d persons for marks of %d", len(focal), t.Persons())
	}
	persons := t.complete()
	for _, i := range persons {
		for j := range t.items {
			if mark := t.items[j][i]; mark != 0 && mark != 1 {
				return nil, fmt.Errorf("person %d, item %d: mark %v: only 0 and 1 can be compared", i+1, j+1, mark)
			}
		}
	}
	studies := make([]DIF, t.Len())
	for j := range studies {
		studies[j] = study(t.strata(j, persons, focal))
	}
	return studies, nil
}

// stratum counts the answers of people with one total.
type stratum struct {
	refRight, refWrong, focalRight, focalWrong float64
}

// strata returns the counts by total, from 0 to the number of items.
func (t *Table) strata(item int, persons []int, focal []bool) []stratum {
	strata := make([]stratum, t.Len()+1)
	for _, i := range persons {
		s := &strata[int(t.totals[i])]
		right := t.items[item][i] == 1
		switch {
		case focal[i] && right:
			s.focalRight++
		case focal[i]:
			s.focalWrong++
		case right:
			s.refRight++
		default:
			s.refWrong++
		}
	}
	return strata
}

// study sums the strata up.
func study(strata []stratum) DIF {
	var d DIF
	var excess, spread float64 // reference group's right answers beyond expectation, and their variance
	var same, cross float64    // Σ R = Σ ad/n and Σ S = Σ bc/n: Alpha is their ratio
	var pr, mixed, qs float64  // Σ PR, Σ (PS + QR), Σ QS of Robins, Breslow & Greenland
	for _, s := range strata {
		ref, focal := s.refRight+s.refWrong, s.focalRight+s.focalWrong
		right, wrong := s.refRight+s.focalRight, s.refWrong+s.focalWrong
		n := ref + focal
		if n == 0 {
			continue
		}
		d.Strata++
		d.Reference += int(ref)
		d.Focal += int(focal)
		if n < 2 {
			continue
		}
		excess += s.refRight - ref*right/n
		spread += ref * focal * right * wrong / (n * n * (n - 1))
		r, c := s.refRight*s.focalWrong/n, s.refWrong*s.focalRight/n
		p, q := (s.refRight+s.focalWrong)/n, (s.refWrong+s.focalRight)/n
		same, cross = same+r, cross+c
		pr, mixed, qs = pr+p*r, mixed+p*c+q*r, qs+q*c
	}
	d.test(excess, spread)
	if same > 0 && cross > 0 {
		d.size(same/cross, math.Sqrt(pr/(2*same*same)+mixed/(2*same*cross)+qs/(2*cross*cross)))
	}
	return d
}

func (d *DIF) test(excess, spread float64) {
	if spread == 0 {
		return
	}
	gap := math.Abs(excess)
	d.Chi2 = defined(gap * gap / spread)
	if gap >= 0.5-1e-9 { // a gap of exactly ½ must not depend on rounding
		gap = max(gap-0.5, 0)
	}
	d.Chi2Corrected = defined(gap * gap / spread)
	d.P = defined(upperTail(d.Chi2.Value))
	d.PCorrected = defined(upperTail(d.Chi2Corrected.Value))
}

func (d *DIF) size(ratio, seLog float64) {
	d.Alpha = defined(ratio)
	d.SELogAlpha = defined(seLog)
	d.D = defined(deltaPerLogit * math.Log(ratio))
	d.SE = defined(-deltaPerLogit * seLog)
	d.Class = classify(math.Abs(d.D.Value), d.SE.Value, d.PCorrected)
}

func classify(delta, se float64, p Stat) Class {
	switch {
	case !p.OK:
		return ""
	case p.Value >= significant || delta < smallDelta:
		return Negligible
	case delta >= largeDelta && delta-smallDelta > oneSided95*se:
		return Large
	}
	return Moderate
}

// upperTail is P(χ² with one degree of freedom > x).
func upperTail(x float64) float64 { return math.Erfc(math.Sqrt(x / 2)) }
