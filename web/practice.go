package web

import (
	"fmt"

	"sextant/internal/page"
)

// sendLabel says what sending the answer does.
func sendLabel(p page.Question) string {
	if p.Practice != nil {
		return "Check the answer"
	}
	return "Save and go on"
}

func feedbackAddress(p page.Feedback) string {
	return fmt.Sprintf("/sittings/%s/feedback/%d", p.Sitting, p.Seq)
}
