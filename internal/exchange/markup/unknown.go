package markup

import (
	"regexp"
	"strings"
)

// unknownTags escapes what only looks like a tag: the brackets of List<String>,
// <your-bucket> or #include <stdio.h>, which their authors meant to be read. What
// HTML knows stays a tag, and so does what has a prefix as in <o:p>, an attribute,
// or an end tag: that is some program's markup.
func unknownTags(fragment string) string {
	if !tagLike.MatchString(fragment) {
		return fragment
	}
	var closed map[string]bool
	return tagLike.ReplaceAllStringFunc(fragment, func(tag string) string {
		name := strings.ToLower(tagLike.FindStringSubmatch(tag)[2])
		if elements[name] || strings.ContainsAny(tag, ":=") || strings.HasSuffix(tag, "/>") || strings.HasPrefix(tag, "<!") {
			return tag
		}
		if closed == nil {
			closed = endTags(fragment)
		}
		if closed[name] {
			return tag
		}
		return "&lt;" + tag[1:]
	})
}

// tagLike is a comment, or what may be a start tag with its name.
var tagLike = regexp.MustCompile(`(?s)<!--.*?-->|(<([A-Za-z][^\s<>/]{0,60})[^<>]{0,300}>)`)

var endTag = regexp.MustCompile(`</([A-Za-z][^\s<>/]{0,60})\s*>`)

func endTags(fragment string) map[string]bool {
	names := map[string]bool{}
	for _, found := range endTag.FindAllStringSubmatch(fragment, -1) {
		names[strings.ToLower(found[1])] = true
	}
	return names
}

// elements are those of HTML, today's and yesterday's.
var elements = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`
		a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button
		canvas caption center cite code col colgroup command data datalist dd del details dfn dialog dir div dl dt em embed fieldset
		figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins
		isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem meta meter nav nobr noembed noframes
		noscript object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search
		section select slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot
		th thead time title tr track tt u ul var video wbr xmp`) {
		set[name] = true
	}
	return set
}()
