package authoring

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Suggested is labels that the texts of a category's questions speak for, each
// with the reason in words. Nobody's questions get them unasked. Difficulty is
// never suggested: words don't tell it.
type Suggested struct {
	Platform    exam.Platform
	WhyPlatform string
	Skill       exam.SkillID
	WhySkill    string
}

// Suggester finds labels by the names of services and skills that texts use.
type Suggester struct {
	phrases map[string][]phrase // by their first word
}

// phrase is a name that speaks for a platform or a skill.
type phrase struct {
	words    []string
	text     string // as people write it
	platform exam.Platform
	skill    exam.SkillID
}

// vendorNames are the names of the platforms themselves.
var vendorNames = map[exam.Platform][]string{
	exam.AWS:   {"AWS", "Amazon Web Services"},
	exam.Azure: {"Azure", "Microsoft"},
	exam.GCP:   {"Google Cloud", "GCP"},
}

// NewSuggester indexes the catalogue's names.
func NewSuggester(cat *catalogue.Catalogue) *Suggester {
	s := &Suggester{phrases: map[string][]phrase{}}
	for p, names := range vendorNames {
		for _, name := range names {
			s.add(phrase{text: name, platform: p})
		}
	}
	for i := range cat.Services {
		service := &cat.Services[i]
		if service.Platform == exam.Neutral {
			continue
		}
		for _, name := range slices.Concat([]string{service.Name}, service.Also, service.Former) {
			s.add(phrase{text: name, platform: service.Platform})
		}
	}
	for i := range cat.Skills {
		skill := &cat.Skills[i]
		for _, name := range namesOf(skill) {
			s.add(phrase{text: name, skill: skill.ID})
		}
	}
	return s
}

// minWord is the least that a name of one word has in letters, unless it is
// written in capitals: shorter ones are words of every language.
const minWord = 7

// namesOf are the words by which a text may speak of a skill: its name and
// aliases, the parts they join, and what the skill covers.
func namesOf(skill *catalogue.Skill) []string {
	names := append([]string{skill.Name, skill.Covers}, skill.Aliases...)
	var found []string
	for _, name := range names {
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(",;/()", r) }) {
			for _, one := range append(strings.Split(part, " and "), part) {
				one = strings.TrimSpace(one)
				if telling := strings.Contains(one, " ") || len(one) >= minWord || one == strings.ToUpper(one); telling && !slices.Contains(found, one) {
					found = append(found, one)
				}
			}
		}
	}
	return found
}

// minPhrase is the least a name has in letters: shorter ones are words of every
// language.
const minPhrase = 3

func (s *Suggester) add(p phrase) {
	p.words = wordsOf(p.text)
	if len(p.words) == 0 || len(strings.Join(p.words, "")) < minPhrase {
		return
	}
	s.phrases[p.words[0]] = append(s.phrases[p.words[0]], p)
}

// wordsOf splits a text into lower-case words of letters and digits.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// found calls take with every phrase that a text has. Of phrases that begin at the
// same word the longest count, and nothing within them counts again.
func (s *Suggester) found(text string, take func(p *phrase)) {
	words := wordsOf(text)
	for i := 0; i < len(words); {
		longest := 0
		list := s.phrases[words[i]]
		for k := range list {
			if end := i + len(list[k].words); end <= len(words) && slices.Equal(words[i:end], list[k].words) {
				longest = max(longest, len(list[k].words))
			}
		}
		for k := range list {
			if len(list[k].words) == longest && slices.Equal(words[i:i+longest], list[k].words) {
				take(&list[k])
			}
		}
		i += max(longest, 1)
	}
}

// Shares from which a label is suggested: of the questions that name any platform,
// those that name this one; and of all questions, those that name the skill.
const (
	platformShare = 0.7
	skillShare    = 0.25
)

// maxRead is how many questions of a category are read for a suggestion.
const maxRead = 60

// votes counts the questions that speak for a label, with the names that did.
type votes[T comparable] struct {
	by    map[T]int
	names map[T][]string
}

func newVotes[T comparable]() votes[T] { return votes[T]{map[T]int{}, map[T][]string{}} }

// count takes in what one question named.
func (v votes[T]) count(named map[T]string) {
	for label, name := range named {
		v.by[label]++
		if !slices.Contains(v.names[label], name) {
			v.names[label] = append(v.names[label], name)
		}
	}
}

// winner is the label with the most votes; false where two have as many.
func (v votes[T]) winner() (best T, alone bool) {
	for label, n := range v.by {
		switch {
		case n > v.by[best]:
			best, alone = label, true
		case n == v.by[best] && label != best:
			alone = false
		}
	}
	return best, alone
}

// For suggests labels for the questions of a category, from its name and their
// texts.
func (s *Suggester) For(category string, questions []*exam.Question) Suggested {
	questions = questions[:min(len(questions), maxRead)]
	if len(questions) == 0 {
		return Suggested{}
	}
	suggested := s.byName(category)
	platforms, skills := newVotes[exam.Platform](), newVotes[exam.SkillID]()
	naming := 0 // questions that name any platform
	for _, q := range questions {
		onPlatform, onSkill := map[exam.Platform]string{}, map[exam.SkillID]string{}
		s.found(SearchText(q), func(p *phrase) {
			if p.platform != "" {
				keepLongest(onPlatform, p.platform, p.text)
			} else {
				keepLongest(onSkill, p.skill, p.text)
			}
		})
		if len(onPlatform) > 0 {
			naming++
		}
		platforms.count(onPlatform)
		skills.count(onSkill)
	}
	if p, alone := platforms.winner(); suggested.Platform == "" && alone && float64(platforms.by[p]) >= platformShare*float64(naming) {
		suggested.Platform, suggested.WhyPlatform = p, because(platforms.by[p], len(questions), platforms.names[p])
	}
	if skill, alone := skills.winner(); suggested.Skill == "" && alone && float64(skills.by[skill]) >= skillShare*float64(len(questions)) {
		suggested.Skill, suggested.WhySkill = skill, because(skills.by[skill], len(questions), skills.names[skill])
	}
	return suggested
}

func keepLongest[T comparable](named map[T]string, label T, name string) {
	if len(name) > len(named[label]) {
		named[label] = name
	}
}

// byName is what a category's own name says.
func (s *Suggester) byName(category string) Suggested {
	var suggested Suggested
	platforms, skills := map[exam.Platform]string{}, map[exam.SkillID]string{}
	s.found(category, func(p *phrase) {
		if p.platform != "" {
			keepLongest(platforms, p.platform, p.text)
		} else {
			keepLongest(skills, p.skill, p.text)
		}
	})
	if p, name := longestName(platforms); name != "" {
		suggested.Platform, suggested.WhyPlatform = p, fmt.Sprintf("the category's name says “%s”", name)
	}
	if skill, name := longestName(skills); name != "" {
		suggested.Skill, suggested.WhySkill = skill, fmt.Sprintf("the category's name says “%s”", name)
	}
	return suggested
}

// longestName is the label with the longest name; "" where two are as long.
func longestName[T comparable](named map[T]string) (label T, name string) {
	tie := false
	for l, n := range named {
		switch {
		case len(n) > len(name):
			label, name, tie = l, n, false
		case len(n) == len(name):
			tie = true
		}
	}
	if tie {
		name = ""
	}
	return label, name
}

// maxNamed is how many names a reason gives.
const maxNamed = 3

func because(n, of int, names []string) string {
	slices.Sort(names)
	quoted := make([]string, 0, maxNamed)
	for _, name := range names[:min(len(names), maxNamed)] {
		quoted = append(quoted, "“"+name+"”")
	}
	return fmt.Sprintf("%d of %d name %s", n, of, strings.Join(quoted, ", "))
}
