package exchange

import "regexp"

var markedUp = regexp.MustCompile(`(?i)</?(?:p|br|hr|b|i|u|s|em|strong|code|pre|kbd|tt|sub|sup|span|div|font|center|a|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|h[1-6]|blockquote|script|style|iframe|object|embed|svg|math)` +
	`(?:\s+[a-z:-]+\s*=\s*["'][^>]*|\s*/?)>|&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8});`)

// HasHTML reports whether a text that may be plain or HTML has a tag or an
// entity of HTML in it. A pair of angle brackets alone, as in a < b or List<T>,
// is none.
func HasHTML(text string) bool { return markedUp.MatchString(text) }
