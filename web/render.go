// Package web has the pages and their components, and the static files they use.
package web

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"sextant/internal/page"
	"sextant/internal/richtext"
)

func pct(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }

// tick is where the i-th mark of the graduated scale begins: every second one
// is longer.
func tick(i int) string {
	if i%2 == 0 {
		return "28"
	}
	return "32"
}

func pressed(on bool) string { return strconv.FormatBool(on) }

func pathQuery(path string) string { return url.QueryEscape(path) }

// rich shows markup that richtext has made safe.
func rich(html richtext.HTML) templ.Component { return templ.Raw(string(html)) }

func firstHead(f page.Figure) string {
	if f.Small {
		return "Exam"
	}
	return "Domain"
}
