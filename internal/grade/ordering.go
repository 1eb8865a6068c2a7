package grade

// The ordering rules take the given order as the right places (1 to n) of the
// elements from first to last: 3, 1, 2, 4 puts the third element first. An
// empty order scores 0; an order that is no permutation of 1…n must not be
// passed. An order of one element can't be wrong and scores 1.

// AbsolutePlaces is the fraction of elements that stand at their right place.
func AbsolutePlaces(given []int) float64 {
	right := 0
	for i, place := range given {
		if place == i+1 {
			right++
		}
	}
	return CorrectParts(right, len(given))
}

// NextPairs is the fraction of the n − 1 neighbouring pairs of the key that
// the given order keeps: the second directly after the first.
func NextPairs(given []int) float64 {
	if len(given) < 2 {
		return trivial(given)
	}
	kept := 0
	for i := range given[1:] {
		if given[i+1] == given[i]+1 {
			kept++
		}
	}
	return CorrectParts(kept, len(given)-1)
}

// ConcordantPairs is the fraction of all n(n−1)/2 pairs that stand in the
// right order; with Kendall's τ it is (τ + 1)/2.
func ConcordantPairs(given []int) float64 {
	n := len(given)
	if n < 2 {
		return trivial(given)
	}
	concordant := 0
	for i := range given {
		for _, later := range given[i+1:] {
			if given[i] < later {
				concordant++
			}
		}
	}
	return CorrectParts(concordant, n*(n-1)/2)
}

// LongestRun is the length of the longest increasing subsequence over n, and 0
// where that is a single element: any order holds a run of one.
func LongestRun(given []int) float64 {
	if len(given) < 2 {
		return trivial(given)
	}
	best := 0
	run := make([]int, len(given)) // the longest run ending at each element
	for i := range given {
		run[i] = 1
		for j := range i {
			if given[j] < given[i] {
				run[i] = max(run[i], run[j]+1)
			}
		}
		best = max(best, run[i])
	}
	if best == 1 {
		return 0
	}
	return CorrectParts(best, len(given))
}

// RelativePlaces gives each element n − 1 points less its distance from its
// right place, over n(n−1).
func RelativePlaces(given []int) float64 {
	n := len(given)
	if n < 2 {
		return trivial(given)
	}
	points := 0
	for i, place := range given {
		distance := place - (i + 1)
		points += max(0, n-1-max(distance, -distance))
	}
	return CorrectParts(points, n*(n-1))
}

func trivial(given []int) float64 { return float64(len(given)) }
