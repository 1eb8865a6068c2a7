package postings

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Part says what a posting makes of what it names.
type Part int

// The parts.
const (
	Unsaid   Part = iota // neither, or nothing says which
	Required             // under a heading or in a phrase that asks for it
	Wished               // nice to have
)

// Headings of sections, in the languages that our learners' postings come in. A
// line is a heading if it is short; any other heading ends a section.
var (
	wishedHead = regexp.MustCompile(`(?i)^\W*(?:(?:it'?s |it is |would be )?(?:nice|good|great)[ -]to[ -]haves?|preferred|bonus|pluses|extra points|brownie points|desir(?:able|ed)|desirables?|optional|what would be nice|ideally|even better|additional (?:qualifications|skills)|stands? you out|(?:a )?plus(?:es)?\b|von vorteil|wünschenswert|idealerweise|pluspunkte|nice-to-have|(?:les? )?(?:plus|atouts)\b|deseable|se valora|valorable|gewenst|pré\b|diferenciais|desejável|è gradit|歓迎|尚可|加分)`)
	wishedEnd  = regexp.MustCompile(`(?i)\b(?:(?:qualifications?|skills|experience|requirements)\s*\(?(?:preferred|desired|desirable|optional|nice to have)|preferred|desirable|nice to have|von vorteil|a plus|bonus|un plus|deseables?)\W*$`)
	mustHead   = regexp.MustCompile(`(?i)^\W*(?:(?:minimum |basic |key |core |mandatory |essential |job |role |technical |required |candidate )*(?:requirements?|qualifications?|must[ -]haves?|essentials?|skills(?: and experience| & experience| required)?|competenc(?:ies|es)|experience required|prerequisites)|required|must|mandatory|essential|(?:what )?you(?:(?:'|’)ll| will)? (?:bring|need|have)|what we(?:'re| are)? (?:look(?:ing)? for|expect|need)|you are|what matters to us|your (?:profile|skills|background|experience)|who you are|about you|we (?:expect|require)|tech(?:nology|nical)? (?:stack|skills)|anforderungen|(?:ihr|dein) profil|das bringst du mit|das bringen sie mit|qualifikationen?|profil recherché|compétences|votre profil|requisitos|perfil|wat (?:wij|we) vragen|jouw profiel|requisiti|必須|応募資格|要求|要件)`)
	otherHead  = regexp.MustCompile(`(?i)^\W*(?:(?:key |main |your |the |day-to-day )*(?:responsibilit(?:y|ies)|duties|tasks?|role|mission|team|position|job|project|benefits?|perks|offer|impact|location|salary|compensation)\b|about (?:us|the)|who we are|what (?:you(?:'ll| will)|we|to expect|the job)|why\b|how (?:to apply|we)|we offer|our (?:stack|offer|benefits|team|culture)|contact|apply|aufgaben|(?:ihre|deine) aufgaben|wir bieten|das bieten wir|über uns|missions?|vos missions|nous offrons|avantages|funciones|ofrecemos|responsabilidades|sobre nosotros|wij bieden|仕事内容|待遇|福利厚生|职责)`)
)

// headWords is how many words a heading has at most.
const headWords = 7

// heading says which part begins with a line, and false if it begins none.
func heading(line string, words int) (Part, bool) {
	name, rest, colon := strings.Cut(strings.Trim(line, "*_#= \t"), ":")
	if colon && strings.TrimSpace(strings.Trim(rest, "*_")) != "" {
		return Unsaid, false // a phrase that goes on in its line
	}
	if words > headWords || !colon && strings.ContainsAny(name, ".,;") {
		return Unsaid, false
	}
	switch {
	case wishedHead.MatchString(name), wishedEnd.MatchString(name):
		return Wished, true
	case otherHead.MatchString(name) && !mustHead.MatchString(name):
		return Unsaid, true
	case mustHead.MatchString(name):
		return Required, true
	}
	return Unsaid, false
}

// aside are words of a paragraph about equal opportunity, privacy or the way an
// application takes: what is named there isn't what the work needs. In small letters.
var aside = []string{
	"equal opportunit", "equal-opportunit", "without regard to", "regardless of race", "regardless of age", "regardless of gender", "regardless of origin", "regardless of sex",
	"reasonable accommodation", "protected veteran", "protected status", "protected characteristic", "gender identity", "sexual orientation", "affirmative action", "e-verify",
	"privacy policy", "privacy notice", "privacy statement", "data protection notice", "cookies", "applicant tracking",
	"recruitment software", "recruiting software", "recruitment system", "recruiting system", "recruitment platform", "recruitment agenc", "recruiting agenc",
	"our careers site", "our career site", "our careers page", "our career page", "our careers portal", "our career portal", "this career site", "our recruitment site", "application portal",
	"hiring process", "recruitment process", "recruiting process", "application process", "interview process",
	"schwerbehinder", "gleichstellung", "datenschutzhinweis", "datenschutzerklärung", "bewerbungsprozess", "égalité des chances", "igualdad de oportunidades", "voucher", "gift card",
}

func setAside(line string) bool {
	line = strings.ToLower(line)
	for _, words := range aside {
		if strings.Contains(line, words) {
			return true
		}
	}
	return false
}

// marker is a phrase within a sentence that says how much something is wanted.
type marker struct {
	start, end int
	part       Part
	ahead      bool // it speaks of what follows; otherwise of what stands before it
	inside     int  // where the brackets open in which it stands, beyond which it says nothing; 0 for none
}

var (
	wishedAhead = regexp.MustCompile(`(?i)\b(?:ideally|preferably|bonus(?: points)?(?: for| if)?|nice[ -]to[ -]haves?\s*:|good[ -]to[ -]haves?\s*:|plus(?:es)?\s*:|(?:preferred|desired|desirable|wünschenswert|deseable)\b[^:.;\n]{0,25}:|pré\s*:|optionally\b|idealerweise|gerne|idéalement|idealmente|we(?:'d| would) (?:love|like) (?:it )?if)`)
	wishedAfter = regexp.MustCompile(`(?i)\b(?:(?:is|are|would be|will be|as|ist|sind) (?:a |an |considered |also |of |highly |strongly |seen as |strong |big |huge |definite |great |welcome )*(?:plus|bonus|advantage(?:ous)?|asset|preferred|desirable|desired|beneficial|welcome|nice[ -]to[ -]have|optional|von vorteil|wünschenswert)|a (?:big |strong |huge )?(?:plus|bonus|advantage)|(?:strongly |highly )?preferred|desirable|nice[ -]to[ -]have|von vorteil|wünschenswert|un plus|un atout|serait un plus|es un plus|se valora(?:rá)?|not (?:strictly )?(?:required|necessary|essential))\b`)
	mustAfter   = regexp.MustCompile(`(?i)\b(?:(?:is|are) (?:a must|required|essential|mandatory|needed|necessary|expected|indispensable)|required|needed|a must|mandatory|essential|erforderlich|zwingend|requis(?:e|es)?|imprescindible|obligatorio)\b`)
	mustAhead   = regexp.MustCompile(`(?i)\b(?:(?:must[ -]haves?|required|requirements?|essentials?|mandatory|erforderlich)\b[^:.;\n]{0,25}:|must (?:have|know)|you must|we require|requires|required to)`)
)

// markers finds the phrases of a sentence, in order; where two overlap the
// wish wins, since "is not required" says no more than that.
func markers(text string, offset int) []marker {
	if len(text) > maxSentence {
		cut := maxSentence
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	var list []marker
	for _, p := range []struct {
		words *regexp.Regexp
		part  Part
		ahead bool
	}{{wishedAhead, Wished, true}, {wishedAfter, Wished, false}, {mustAhead, Required, true}, {mustAfter, Required, false}} {
		for _, at := range p.words.FindAllStringIndex(text, -1) {
			m := marker{start: offset + at[0], end: offset + at[1], part: p.part, ahead: p.ahead}
			if open := strings.LastIndexByte(text[:at[0]], '('); open > strings.LastIndexByte(text[:at[0]], ')') {
				m.inside = offset + open
			}
			list = insert(list, m)
		}
	}
	return list
}

// maxSentence is how much of a sentence is searched for phrases, in bytes.
const maxSentence = 4000

func insert(list []marker, m marker) []marker {
	at := 0
	for i, other := range list {
		if m.start < other.end && other.start < m.end {
			return list
		}
		if other.start < m.start {
			at = i + 1
		}
	}
	list = append(list, marker{})
	copy(list[at+1:], list[at:])
	list[at] = m
	return list
}

// partAt is what a sentence says of the name at start, or otherwise its section:
// the next phrase that speaks of what stands before it, else the last one that
// speaks of what follows.
func partAt(list []marker, start int, section Part) Part {
	part := section
	for _, m := range list {
		if m.end <= start && m.ahead {
			part = m.part
		}
		if m.end <= start && !m.ahead {
			part = section
		}
		if m.start >= start {
			if m.inside > start {
				continue
			}
			if !m.ahead {
				return m.part
			}
			break
		}
	}
	return part
}
