package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Taking answers whether an exam can be taken on a day in a language.
type Taking struct {
	Availability Availability
	// Reason is a sentence for people. It names the day of the evidence, since
	// an exam may change without the catalogue knowing.
	Reason string
	// Event is the stage of life the answer rests on; nil before the first.
	Event *Event
	// Until is the last day on which the exam can be taken, if one is known;
	// zero otherwise.
	Until time.Time
}

// Takeable says whether the exam can be taken on a day (a calendar day in on's
// own time zone) in a language (a BCP 47 tag; "" means in any). The last day
// itself still counts. A beta is Unconfirmed: whether it still takes bookings
// can't be known from the catalogue.
func (c *Certification) Takeable(on time.Time, language string) Taking {
	day := calendarDay(on)
	if language == "" {
		return c.takeableInAny(day)
	}
	offered, ok := c.language(language)
	if !ok {
		return c.notOffered(day, language)
	}
	return c.takeableIn(day, offered)
}

// calendarDay drops the time of day, so that dates compare as dates.
func calendarDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// language finds the offered language that serves a tag: the tag itself, or
// the one that differs by region only ("en-GB" is served by "en", "pt" by
// "pt-BR", "zh-CN" by "zh-Hans").
func (c *Certification) language(tag string) (Language, bool) {
	wanted := strings.ToLower(tag)
	switch wanted {
	case "zh", "zh-cn", "zh-sg":
		wanted = "zh-hans"
	}
	base, _, _ := strings.Cut(wanted, "-")
	for _, l := range c.Languages {
		have := strings.ToLower(l.Tag)
		if have == wanted {
			return l, true
		}
	}
	if base == "zh" {
		return Language{}, false // scripts differ, regions don't decide
	}
	for _, l := range c.Languages {
		have, _, _ := strings.Cut(strings.ToLower(l.Tag), "-")
		if have == base {
			return l, true
		}
	}
	return Language{}, false
}

func (c *Certification) takeableIn(day time.Time, l Language) Taking {
	event, next := c.stage(day, l.Tag)
	taking := c.judge(day, event, next)
	if taking.Availability == No {
		return taking
	}
	if !l.LastDay.IsZero() && day.After(l.LastDay) {
		return Taking{Availability: No, Event: event, Reason: fmt.Sprintf(
			"%s is no longer offered in %s; its last day was %s.", c.Code, LanguageName(l.Tag), longDate(l.LastDay))}
	}
	taking.Until = c.until(event, l.Tag)
	version := inLanguages(event)
	if !l.LastDay.IsZero() && (taking.Until.IsZero() || l.LastDay.Before(taking.Until)) {
		taking.Until, version = l.LastDay, " in "+LanguageName(l.Tag)
	}
	taking.Reason = c.sentence(event, version, taking.Until)
	return taking
}

// inLanguages is " in English" for a stage that concerns some languages only.
func inLanguages(e *Event) string {
	if len(e.Languages) == 0 {
		return ""
	}
	names := make([]string, len(e.Languages))
	for i, tag := range e.Languages {
		names[i] = LanguageName(tag)
	}
	return " in " + inWords(names)
}

// stage is the event in force for a language on a day, and the next one to
// come; either may be nil.
func (c *Certification) stage(day time.Time, tag string) (current, next *Event) {
	for i := range c.Events {
		e := &c.Events[i]
		if len(e.Languages) > 0 && !slices.Contains(e.Languages, tag) {
			continue
		}
		if e.From.After(day) {
			return current, e
		}
		current = e
	}
	return current, nil
}

func (c *Certification) judge(day time.Time, e, next *Event) Taking {
	if e == nil {
		return c.notYet(next)
	}
	if !e.LastDay.IsZero() && day.After(e.LastDay) {
		return c.between(e, next)
	}
	taking := Taking{Availability: No, Event: e}
	switch e.Status {
	case StatusActive, StatusRetiring:
		taking.Availability = Yes
	case StatusBeta:
		taking.Availability = Unconfirmed
	case StatusAnnounced:
		taking.Reason = fmt.Sprintf("%s has been announced but can't be taken yet%s.", c.Code, opening(next))
	case StatusBetaClosed:
		taking.Reason = fmt.Sprintf("The beta of %s is closed and no general release is confirmed%s.", c.Code, asOf(e.Provenance))
	default:
		taking.Reason = fmt.Sprintf("%s is retired%s; its last day was %s.", c.Code, inLanguages(e), longDate(e.From.AddDate(0, 0, -1)))
	}
	return taking
}

// until is the last day on which an exam that can be taken now can be taken
// without a break, zero if none is known.
func (c *Certification) until(from *Event, tag string) time.Time {
	last := from
	for {
		_, next := c.stage(last.From, tag)
		switch {
		case next == nil:
			return last.LastDay
		case !last.LastDay.IsZero() && next.From.After(last.LastDay.AddDate(0, 0, 1)):
			return last.LastDay
		case !next.open():
			return next.From.AddDate(0, 0, -1)
		}
		last = next
	}
}

// open says that the exam may be taken at this stage.
func (e *Event) open() bool {
	return e.Status == StatusActive || e.Status == StatusRetiring || e.Status == StatusBeta
}

func (c *Certification) sentence(e *Event, version string, until time.Time) string {
	switch {
	case e.Status == StatusBeta:
		return fmt.Sprintf("%s is in beta%s%s; whether it still takes bookings is not confirmed.", c.Code, version, asOf(e.Provenance))
	case !until.IsZero():
		return fmt.Sprintf("%s can be taken%s until %s, that day included%s.", c.Code, version, longDate(until), asOf(e.Provenance))
	case e.Status == StatusRetiring:
		return fmt.Sprintf("%s can still be taken%s, to be retired on a day not yet known%s.", c.Code, version, asOf(e.Provenance))
	default:
		return fmt.Sprintf("%s can be taken%s%s.", c.Code, version, asOf(e.Provenance))
	}
}

func (c *Certification) notYet(next *Event) Taking {
	return Taking{Availability: No, Reason: fmt.Sprintf("%s can't be taken yet%s.", c.Code, opening(next))}
}

func (c *Certification) between(e, next *Event) Taking {
	return Taking{Availability: No, Event: e, Reason: fmt.Sprintf(
		"%s can't be taken at present: its %s stage ended on %s%s.", c.Code, e.Status, longDate(e.LastDay), opening(next))}
}

// opening says when an exam that can't be taken opens, where that is known.
func opening(next *Event) string {
	if next == nil {
		return ""
	}
	switch next.Status {
	case StatusBeta:
		return "; its beta begins on " + longDate(next.From)
	case StatusActive, StatusRetiring:
		return "; it opens on " + longDate(next.From)
	default:
		return ""
	}
}

// notOffered answers for a language that is not on the list. An exam that is
// over is over in every language; otherwise an incomplete list leaves it open.
func (c *Certification) notOffered(day time.Time, tag string) Taking {
	if anyLanguage := c.takeableInAny(day); anyLanguage.Availability == No {
		return anyLanguage
	}
	if c.LanguagesOpen {
		return Taking{Availability: Unconfirmed, Reason: fmt.Sprintf(
			"Whether %s is offered in %s was not found; it is in %s%s.", c.Code, LanguageName(tag), c.languageNames(), asOf(c.LanguagesProvenance))}
	}
	return Taking{Availability: No, Reason: fmt.Sprintf(
		"%s is not offered in %s, only in %s%s.", c.Code, LanguageName(tag), c.languageNames(), asOf(c.LanguagesProvenance))}
}

// takeableInAny is the best answer across the languages offered, and of equal
// ones that which stays true for longest.
func (c *Certification) takeableInAny(day time.Time) Taking {
	var best Taking
	for _, l := range c.Languages {
		taking := c.takeableIn(day, l)
		switch {
		case best.Availability == "" || rank(taking.Availability) > rank(best.Availability):
			best = taking
		case taking.Availability == best.Availability:
			best = longer(best, taking)
		}
	}
	return best
}

// longer prefers the answer that stays true for longer.
func longer(a, b Taking) Taking {
	if !a.Until.IsZero() && (b.Until.IsZero() || b.Until.After(a.Until)) {
		return b
	}
	return a
}

func rank(a Availability) int {
	switch a {
	case Yes:
		return 2
	case Unconfirmed:
		return 1
	default:
		return 0
	}
}

func (c *Certification) languageNames() string {
	names := make([]string, len(c.Languages))
	for i, l := range c.Languages {
		names[i] = LanguageName(l.Tag)
	}
	return inWords(names)
}

// inWords joins names as a sentence does: "a, b and c".
func inWords(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

var languageNames = map[string]string{
	"ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
	"id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
	"pt": "Portuguese", "pt-br": "Brazilian Portuguese",
	"zh": "Chinese", "zh-hans": "Simplified Chinese", "zh-hant": "Traditional Chinese",
	"zh-cn": "Simplified Chinese", "zh-tw": "Traditional Chinese",
	"nl": "Dutch", "pl": "Polish", "ru": "Russian", "tr": "Turkish", "uk": "Ukrainian",
	"hi": "Hindi", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "nb": "Norwegian",
	"cs": "Czech", "el": "Greek", "he": "Hebrew", "th": "Thai", "vi": "Vietnamese",
}

// LanguageName is the English name of a language tag, or the tag itself where
// the name isn't known.
func LanguageName(tag string) string {
	lower := strings.ToLower(tag)
	if name, ok := languageNames[lower]; ok {
		return name
	}
	base, _, _ := strings.Cut(lower, "-")
	if name, ok := languageNames[base]; ok {
		return name
	}
	return tag
}

// asOf is " (as of 28 September 2026)", or "" where the evidence is undated.
func asOf(p Provenance) string {
	if p.AsOf == "" {
		return ""
	}
	return " (as of " + LongDate(p.AsOf) + ")"
}

func longDate(t time.Time) string { return t.Format("2 January 2006") }

// LongDate writes an ISO date, month or year as people read it:
// "28 September 2026", "September 2026", "2026". Other text comes back as it is.
func LongDate(iso string) string {
	for _, layout := range []struct{ iso, long string }{
		{time.DateOnly, "2 January 2006"}, {"2006-01", "January 2006"},
	} {
		if t, err := time.Parse(layout.iso, iso); err == nil {
			return t.Format(layout.long)
		}
	}
	return iso
}
