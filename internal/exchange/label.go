package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
)

// labelPrefix begins the tags in which a question's own labels travel through
// formats that have tags: "sextant:skill=rag-grounding".
const labelPrefix = "sextant:"

// Labels are what Sextant knows of a question and other formats have no place
// for, as tags, followed by the question's own tags. TakeLabels is the inverse.
// Texts (remember, references) are left to formats that have a place for them.
func Labels(q *exam.Question) []string {
	var tags []string
	put := func(key, value string) {
		if value != "" {
			tags = append(tags, labelPrefix+key+"="+value)
		}
	}
	put("id", string(q.ID))
	put("platform", string(q.Platform))
	put("skill", string(q.Skill))
	if q.Difficulty > 0 {
		put("difficulty", strconv.Itoa(q.Difficulty))
	}
	put("difficulty-reason", q.DifficultyReason)
	for _, code := range slices.Sorted(maps.Keys(q.Domains)) {
		put("domain."+string(code), string(q.Domains[code]))
	}
	if q.Type == exam.Multiple && q.Choose > 0 {
		put("choose", strconv.Itoa(q.Choose))
	}
	put("type", typeLabel(q))
	for _, s := range q.Services {
		put("service", s)
	}
	for _, e := range q.Enemies {
		put("enemy", e)
	}
	put("facts-as-of", q.FactsAsOf)
	if r := q.Review; r != (exam.Review{}) {
		put("review", fmt.Sprintf("%d/%d/%s", r.Solved, r.Agreed, r.Date))
	}
	if s := q.Stimulus; s != nil {
		put("case", string(s.ID))
		put("case-title", s.Title)
		if s.NoReturn {
			put("case-no-return", "true")
		}
	}
	return append(tags, q.Tags...)
}

// typeLabel marks the types that other formats spell as another one.
func typeLabel(q *exam.Question) string {
	switch {
	case q.Type == exam.YesNo:
		return string(exam.YesNo)
	case q.Type == exam.Matching && q.OneToOne:
		return "one-to-one"
	}
	return ""
}

// Labelled is what TakeLabels found beside the question's fields.
type Labelled struct {
	Case  *exam.Stimulus // its id, title and rule of return; nil for none. The text is the format's to find
	YesNo bool           // a matching with the options yes and no stands for a yes/no series
	// OneToOne is set when a matching takes each option once at most.
	OneToOne bool
}

// TakeLabels puts tags that Labels wrote back into the question's fields; what
// else there is stays in q.Tags. Labels that make no sense stay there too.
func TakeLabels(q *exam.Question, tags []string) Labelled {
	var found Labelled
	for _, tag := range tags {
		key, value, ok := strings.Cut(strings.TrimPrefix(tag, labelPrefix), "=")
		if !ok || !strings.HasPrefix(tag, labelPrefix) || !takeLabel(q, &found, key, value) {
			q.Tags = append(q.Tags, tag)
		}
	}
	return found
}

func takeLabel(q *exam.Question, found *Labelled, key, value string) bool {
	if code, ok := strings.CutPrefix(key, "domain."); ok {
		if q.Domains == nil {
			q.Domains = map[exam.Code]exam.DomainID{}
		}
		q.Domains[exam.Code(code)] = exam.DomainID(value)
		return true
	}
	switch key {
	case "id":
		q.ID = exam.QuestionID(value)
	case "platform":
		if !exam.Platform(value).Valid() {
			return false
		}
		q.Platform = exam.Platform(value)
	case "skill":
		q.Skill = exam.SkillID(value)
	case "difficulty":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 5 {
			return false
		}
		q.Difficulty = n
	case "difficulty-reason":
		q.DifficultyReason = value
	case "choose":
		n, err := strconv.Atoi(value)
		if err != nil || n < 2 {
			return false
		}
		q.Choose = n
	case "service":
		q.Services = append(q.Services, value)
	case "enemy":
		q.Enemies = append(q.Enemies, value)
	case "facts-as-of":
		q.FactsAsOf = value
	case "review":
		return takeReview(q, value)
	default:
		return takeShape(found, key, value)
	}
	return true
}

func takeShape(found *Labelled, key, value string) bool {
	stimulus := func() *exam.Stimulus {
		if found.Case == nil {
			found.Case = &exam.Stimulus{}
		}
		return found.Case
	}
	switch {
	case key == "type" && value == string(exam.YesNo):
		found.YesNo = true
	case key == "type" && value == "one-to-one":
		found.OneToOne = true
	case key == "case":
		stimulus().ID = exam.StimulusID(value)
	case key == "case-title":
		stimulus().Title = value
	case key == "case-no-return":
		stimulus().NoReturn = value == "true"
	default:
		return false
	}
	return true
}

func takeReview(q *exam.Question, value string) bool {
	parts := strings.Split(value, "/")
	if len(parts) != 3 {
		return false
	}
	solved, err := strconv.Atoi(parts[0])
	agreed, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil || agreed < 0 || agreed > solved {
		return false
	}
	q.Review = exam.Review{Solved: solved, Agreed: agreed, Date: parts[2]}
	return true
}
