package bank

// KnownKeys are the keys the reader knows, by the part of the format.
func KnownKeys() map[string][]string {
	return map[string][]string{
		"question": questionKeys, "case_set": caseKeys, "stimulus": stimulusKeys, "option": optionKeys,
		"prompts": promptKeys, "statements": statementKeys, "references": referenceKeys, "review": reviewKeys,
	}
}

// Wilson is the interval that the bank's statistics use.
func Wilson(p float64, n int) (low, high float64) { return wilson(p, n) }
