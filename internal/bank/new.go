package bank

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Draft says what a new file is to hold.
type Draft struct {
	ID       string // of the question, or of the case set's shared text
	Case     bool
	Type     exam.Type // of a question
	Platform exam.Platform
	Skill    exam.SkillID // of a question, or of all questions of a case set; there it may be left open
	Month    string       // when facts were checked, as in 2026-11
}

// Name is where the file belongs in a bank's folder.
func (d Draft) Name() string {
	folder := string(d.Skill)
	if d.Case {
		folder = "cases"
	}
	return fmt.Sprintf("%s/%s/%s.yaml", d.Platform, folder, d.ID)
}

// Complete fills in what the id tells (platform, skill) or what the rest tells
// of the id: the next number that taken doesn't know.
//
// Errors, in words for the author: a part that is missing, unknown to the
// catalogue, or at odds with another; an id that can't be one.
func (d Draft) Complete(cat *catalogue.Catalogue, taken func(id string) bool) (Draft, error) {
	if d.Type == "" {
		d.Type = exam.Single
	}
	if err := d.fromID(cat); err != nil {
		return d, err
	}
	if !d.Platform.Valid() {
		return d, fmt.Errorf("the platform is missing; give --platform aws, azure, gcp or neutral, or an id that begins with one")
	}
	if _, known := cat.Skill(d.Skill); d.Skill != "" && !known {
		l := &linter{cat: cat}
		return d, fmt.Errorf("%q is not a skill of the catalogue%s", d.Skill, l.nearestSkill(d.Skill))
	}
	if d.Skill == "" && !d.Case {
		return d, fmt.Errorf("the skill is missing; give --skill, or an id such as %s-rag-grounding-07", d.Platform)
	}
	if d.ID == "" {
		d.ID = d.nextID(taken)
	}
	if !idPattern.MatchString(d.ID) {
		return d, fmt.Errorf("the id %q: %s", d.ID, idRemedy)
	}
	if taken(d.ID) {
		return d, fmt.Errorf("there is a question %s already; leave the id out to get the next free number", d.ID)
	}
	return d, nil
}

// fromID reads platform and skill off an id such as aws-rag-grounding-07.
func (d *Draft) fromID(cat *catalogue.Catalogue) error {
	platform, rest, _ := strings.Cut(d.ID, "-")
	if !exam.Platform(platform).Valid() {
		return nil
	}
	if d.Platform != "" && d.Platform != exam.Platform(platform) {
		return fmt.Errorf("the id %s begins with %s but --platform is %s; make the two agree", d.ID, platform, d.Platform)
	}
	d.Platform = exam.Platform(platform)
	if strings.HasPrefix(rest, "case-") {
		d.Case = true
	}
	if d.Case || d.Skill != "" {
		return nil
	}
	for _, s := range cat.Skills {
		if (rest == string(s.ID) || strings.HasPrefix(rest, string(s.ID)+"-")) && len(s.ID) > len(d.Skill) {
			d.Skill = s.ID
		}
	}
	return nil
}

// nextID numbers from one and keeps to two digits while they last.
func (d Draft) nextID(taken func(id string) bool) string {
	stem := fmt.Sprintf("%s-%s", d.Platform, d.Skill)
	if d.Case {
		stem = fmt.Sprintf("%s-case", d.Platform)
	}
	for n := 1; ; n++ {
		if id := fmt.Sprintf("%s-%02d", stem, n); !taken(id) {
			return id
		}
	}
}

var (
	templateID       = regexp.MustCompile(`(?m)^(id: )\S+`)
	templatePlatform = regexp.MustCompile(`(?m)^(platform: )\S+`)
	templateSkill    = regexp.MustCompile(`(?m)^( *skill: )\S+`)
	templateMonth    = regexp.MustCompile(`(?m)^(facts_as_of: )"[^"]*"`)
	templateDomains  = regexp.MustCompile(`(?m)^# domains: .*\n`)
	templateLevel    = regexp.MustCompile(`(?m)^difficulty_reason: .*\n`)
	templateStimulus = "azure-case-claims"
)

// Text is the file to start from, as the templates of the types have it, with
// the draft's own names. Where the skill lies in several domains of an exam,
// a commented line lists them. The draft must be complete.
func (d Draft) Text(cat *catalogue.Catalogue) string {
	text := Template(d.Type)
	if d.Case {
		text = strings.ReplaceAll(CaseSetTemplate(), templateStimulus, d.ID)
	}
	text = templateID.ReplaceAllString(text, "${1}"+d.ID)
	text = templatePlatform.ReplaceAllString(text, "${1}"+string(d.Platform))
	text = templateMonth.ReplaceAllString(text, "${1}"+strconv.Quote(d.Month))
	if d.Skill != "" {
		text = templateSkill.ReplaceAllString(text, "${1}"+string(d.Skill))
	}
	if d.Case {
		return text
	}
	text = templateDomains.ReplaceAllString(text, "")
	return templateLevel.ReplaceAllStringFunc(text, func(line string) string { return line + d.domains(cat) })
}

// domains lists the exams that examine the skill in several domains, for the
// author to choose: a commented line, or nothing.
func (d Draft) domains(cat *catalogue.Catalogue) string {
	open := cat.Unplaced(&exam.Question{Platform: d.Platform, Skill: d.Skill})
	if len(open) == 0 {
		return ""
	}
	var first, choices []string
	for _, code := range sortedKeys(open) {
		domains := slices.Clone(open[code])
		first = append(first, fmt.Sprintf("%s: %q", code, domains[0]))
		choices = append(choices, fmt.Sprintf("%s %s", code, joinIDs(domains)))
	}
	return fmt.Sprintf("# The skill lies in several domains (%s): name one for each exam, or the question is not served there.\n# domains: {%s}\n",
		strings.Join(choices, "; "), strings.Join(first, ", "))
}
