package exchange

import "strings"

// hintOpening begins the paragraph of a hint behind an explanation.
const hintOpening = "**Hint:** "

// AddHints puts what other systems show learners before they answer, or between
// two tries, behind the explanation: a paragraph "**Hint:** …" each. CutHints is
// the inverse. Empty hints are left out.
func AddHints(explanation string, hints []string) string {
	var paragraphs []string
	if explanation != "" {
		paragraphs = append(paragraphs, explanation)
	}
	for _, h := range hints {
		if h != "" {
			paragraphs = append(paragraphs, hintOpening+h)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// CutHints divides an explanation into itself and the hints behind it. It finds
// none where AddHints wouldn't give the same text again.
func CutHints(explanation string) (rest string, hints []string) {
	parts := strings.Split("\n\n"+explanation, "\n\n"+hintOpening)
	rest, hints = strings.TrimPrefix(parts[0], "\n\n"), parts[1:]
	for _, h := range hints {
		if strings.TrimSpace(h) != h {
			return explanation, nil
		}
	}
	if strings.TrimSpace(rest) != rest || AddHints(rest, hints) != explanation {
		return explanation, nil
	}
	return rest, hints
}
