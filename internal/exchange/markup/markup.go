// Package markup turns the HTML and plain text of other systems' questions into
// the Markdown of ours and back.
//
// The Markdown it writes is a normal form: the same text always comes out the
// same, and Normal brings any other spelling to it. TeX between \( \), \[ \] or
// $$ $$ passes through untouched in every direction.
package markup

import "sextant/internal/richtext"

// Images says where an image of the HTML is kept, by its src; false for one that
// isn't to be had: then its alternative text stays. A nil Images has none.
type Images func(src, alt string) (key string, ok bool)

// Sources says what src an image of a question, by its key, has in the HTML that
// is written; "" leaves the alternative text in its place. A nil Sources has none.
type Sources func(key string) string

// scheme begins the address of an image of ours, as the library keeps it.
const scheme = "media:"

// Normal is the normal form of a Markdown text: what FromHTML makes of the HTML
// that ToHTML makes of it. Normal(Normal(m)) == Normal(m).
func Normal(markdown string) string {
	html := ToHTML(markdown, func(key string) string { return scheme + key })
	normal, _ := FromHTML(html, func(src, _ string) (string, bool) {
		return src[len(scheme):], len(src) > len(scheme) && src[:len(scheme)] == scheme
	})
	return normal
}

// mathSpan is the length of the TeX that s begins with, 0 for none.
func mathSpan(s []byte) int { return richtext.MathSpan(s) }
