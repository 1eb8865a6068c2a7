package bank

// KnownKeys are the keys the reader knows, by the part of the format.
func KnownKeys() map[string][]string {
	return map[string][]string{
		"question": questionKeys, "case_set": caseKeys, "stimulus": stimulusKeys, "option": optionKeys,
		"prompts": promptKeys, "statements": statementKeys, "references": referenceKeys, "review": reviewKeys, "replies": replyKeys,
	}
}

// Wilson is the interval that the bank's statistics use.
func Wilson(p float64, n int) (low, high float64) { return wilson(p, n) }

// Deal gives the fold of each group's name.
func Deal(groups []string) []int {
	tasks := make([]task, len(groups))
	for i, g := range groups {
		tasks[i].group = g
	}
	return deal(tasks)
}

// Solve solves a symmetric positive definite system by its lower triangle.
func Solve(a [][]float64, b []float64) []float64 { return solve(a, b) }

// FitOneFeature is the effect fitted to n questions whose key has one feature
// and whose only distractor lacks it.
func FitOneFeature(n int) float64 {
	tasks := make([]task, n)
	for i := range tasks {
		tasks[i] = task{x: [][]float64{{0.5}, {-0.5}}, keys: []int{0}, others: []int{1}}
	}
	return fitSurface(tasks).effects[0]
}

// Specifics is how specific an option sounds.
func Specifics(option string) int { return specifics(option) }
