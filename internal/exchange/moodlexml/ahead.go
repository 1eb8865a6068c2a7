package moodlexml

import "strings"

// ahead looks for marks in a text. It looks at each byte once for every mark,
// however often it is asked, so that no text takes longer than its length.
type ahead struct {
	text  string
	found map[string]place // by mark
}

// place is where a mark was found, looked for from another place on.
type place struct{ from, at int }

// find is where the mark stands next, from a place on that doesn't lie before the
// last one asked for; −1 for nowhere.
func (a *ahead) find(mark string, from int) int {
	if p, ok := a.found[mark]; ok && from >= p.from && (p.at < 0 || p.at >= from) {
		return p.at
	}
	at := strings.Index(a.text[from:], mark)
	if at >= 0 {
		at += from
	}
	if a.found == nil {
		a.found = map[string]place{}
	}
	a.found[mark] = place{from, at}
	return at
}
