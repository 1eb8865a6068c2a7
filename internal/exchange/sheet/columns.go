package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"sextant/internal/exchange"
)

// field is what a column holds.
type field string

// The fields. Those of fieldOption to fieldPartReason come numbered.
const (
	fieldNone        field = "" // a column whose name isn't known
	fieldIgnored     field = "ignored"
	fieldTimeLimit   field = "time limit" // seconds for an answer, which Sextant has no place for
	fieldNumber      field = "number"     // of the row, in Kahoot's workbook
	fieldID          field = "id"
	fieldType        field = "type"
	fieldTitle       field = "title"
	fieldCategory    field = "category"
	fieldTags        field = "tags"
	fieldText        field = "text" // the whole question; the stem and the ask are its parts
	fieldStem        field = "stem"
	fieldAsk         field = "ask"
	fieldOption      field = "option"
	fieldReason      field = "reason"
	fieldWeight      field = "weight"
	fieldPrompt      field = "prompt"
	fieldPartReason  field = "reason " // of a prompt or a statement
	fieldKey         field = "key"
	fieldKeyPart     field = "key part" // one of the keys, in Moodle's CSV
	fieldChoose      field = "choose"
	fieldFixedOrder  field = "fixed order"
	fieldOneToOne    field = "one to one"
	fieldExplanation field = "explanation"
	fieldRemember    field = "remember"
	fieldReferences  field = "references"
	fieldRight       field = "reply right"
	fieldPartly      field = "reply partly"
	fieldWrong       field = "reply wrong"
	fieldPoints      field = "points"
	fieldPlatform    field = "platform"
	fieldSkill       field = "skill"
	fieldDifficulty  field = "difficulty"
	fieldDiffReason  field = "difficulty reason"
	fieldDomains     field = "domains"
	fieldServices    field = "services"
	fieldEnemies     field = "enemies"
	fieldFactsAsOf   field = "facts as of"
	fieldReview      field = "review"
	fieldSourceID    field = "source id"
	fieldCase        field = "case"
	fieldCaseTitle   field = "case title"
	fieldCaseText    field = "case text"
	fieldNoReturn    field = "case no return"
)

// aliases are the names under which sheets have a field, beside its own.
var aliases = map[string]field{
	"question type": fieldType, "questiontype": fieldType,
	"name": fieldTitle, "questionname": fieldTitle, "question name": fieldTitle, "question title": fieldTitle,
	"domain": fieldCategory, "knowledge area": fieldCategory, "topic": fieldCategory, "subject": fieldCategory, "section": fieldCategory,
	"tag": fieldTags, "keywords": fieldTags, "labels": fieldTags,
	"question": fieldText, "questiontext": fieldText, "question text": fieldText, "full question": fieldText,
	"scenario": fieldStem,
	"answer":   fieldKey, "answers": fieldKey, "correct": fieldKey, "correct answer": fieldKey, "correct answers": fieldKey, "correct response": fieldKey,
	"correct responses": fieldKey, "correct option": fieldKey, "correct options": fieldKey, "right answer": fieldKey, "solution": fieldKey,
	"overall explanation": fieldExplanation, "answer explanation": fieldExplanation, "general feedback": fieldExplanation, "feedback": fieldExplanation, "generalfeedback": fieldExplanation,
	"reference": fieldReferences, "source": fieldReferences, "link": fieldReferences,
	"correctfeedback": fieldRight, "partiallycorrectfeedback": fieldPartly, "incorrectfeedback": fieldWrong,
	"defaultmark": fieldPoints, "marks": fieldPoints, "score": fieldPoints,
	"question #": fieldNumber, "#": fieldNumber, "no": fieldNumber, "no.": fieldNumber, "nr": fieldNumber, "number": fieldNumber, "question number": fieldNumber,
	"answernumbering": fieldIgnored, "": fieldIgnored,
}

func init() {
	for _, c := range columns {
		if !c.numbered {
			aliases[string(c.field)] = c.field
		}
	}
	aliases[string(fieldTimeLimit)] = fieldTimeLimit
}

var (
	optionName = regexp.MustCompile(`^(?:(?:answer )?option|choice|alternative|distractor) ?([a-z]|\d{1,2})$`)
	answerName = regexp.MustCompile(`^(?:answer|response) ?(\d{1,2}|[a-z])$`)
	letterName = regexp.MustCompile(`^[a-z]$`)
	reasonName = regexp.MustCompile(`^(?:reason|explanation|feedback|rationale)(?: for)?(?: option| answer)? ?([a-z]|\d{1,2})$`)
	weightName = regexp.MustCompile(`^weight(?: option)? ?([a-z]|\d{1,2})$`)
	promptName = regexp.MustCompile(`^(?:prompt|statement) ?(\d{1,2})$`)
	headerTail = regexp.MustCompile(`\s*(?:\(| - | – | — |\[).*$|[:*?]+$`)
	headerGaps = regexp.MustCompile(`[\s_]+`)
)

// heading is a column's name as it is compared: without case, underscores and
// what stands in brackets or behind a dash.
func heading(name string) string {
	name = headerGaps.ReplaceAllString(strings.ToLower(strings.TrimSpace(name)), " ")
	return strings.TrimSpace(headerTail.ReplaceAllString(name, ""))
}

// column is what one column of a sheet holds: its field and, from 0, which of
// the numbered ones it is.
type column struct {
	field field
	index int
}

// position is the index, from 0, that a letter or a number names.
func position(mark string) int {
	if n, err := strconv.Atoi(mark); err == nil {
		return n - 1
	}
	return int(mark[0] - 'a')
}

// recognise tells the columns by their names. One that stands there twice counts
// the first time only.
func recognise(names []string) []column {
	headings := make([]string, len(names))
	letters, prompts := 0, false
	for i, name := range names {
		headings[i] = heading(name)
		if letterName.MatchString(headings[i]) {
			letters++
		}
		prompts = prompts || promptName.MatchString(headings[i])
	}
	found := make([]column, len(names))
	seen := map[column]bool{}
	for i, h := range headings {
		c := columnOf(h, letters >= 2, prompts)
		if repeated := c.field != fieldIgnored && c.field != fieldNone && seen[c]; repeated || c.index < 0 {
			c = column{field: fieldNone}
		}
		seen[c] = true
		found[i] = c
	}
	return found
}

// columnOf tells a column by its heading. Where columns A, B, C hold the options,
// "answer 1" names a key; and where there are prompts, "reason 1" belongs to one.
func columnOf(h string, lettered, prompts bool) column {
	if f, ok := aliases[h]; ok {
		return column{field: f}
	}
	match := func(pattern *regexp.Regexp) (string, bool) {
		if found := pattern.FindStringSubmatch(h); found != nil {
			return found[1], true
		}
		return "", false
	}
	if mark, ok := match(optionName); ok {
		return column{fieldOption, position(mark)}
	}
	if lettered && letterName.MatchString(h) {
		return column{fieldOption, position(h)}
	}
	if mark, ok := match(answerName); ok {
		if lettered {
			return column{fieldKeyPart, position(mark)}
		}
		return column{fieldOption, position(mark)}
	}
	if mark, ok := match(weightName); ok {
		return column{fieldWeight, position(mark)}
	}
	if mark, ok := match(promptName); ok {
		return column{fieldPrompt, position(mark)}
	}
	if mark, ok := match(reasonName); ok {
		if prompts && mark[0] <= '9' {
			return column{fieldPartReason, position(mark)}
		}
		return column{fieldReason, position(mark)}
	}
	return column{field: fieldNone}
}

// described is a column of our own sheets. Numbered ones stand for all of their
// kind: "option A" for "option A" to "option Z".
type described struct {
	field    field
	numbered bool
	name     string
	about    string
}

// columns are our own in the order in which they are written; columns.md says
// the same at more length.
var columns = []described{
	{fieldID, false, "id", "Names the question for ever: 3 to 80 small letters, digits, dots, dashes or underscores. Left empty, the question gets one."},
	{fieldType, false, "type", "single, multiple, ordering, matching, yes_no or true_false. Left empty, it follows from the other columns."},
	{fieldTitle, false, "title", "A short name for editors; learners don't see it."},
	{fieldCategory, false, "category", "A path, its parts joined with /."},
	{fieldTags, false, "tags", "Several with semicolons between them."},
	{fieldText, false, "text", "The whole question in one cell, instead of stem and ask: its last paragraph is the ask."},
	{fieldStem, false, "stem", "The scenario, in Markdown."},
	{fieldAsk, false, "ask", "The one question it closes on, in Markdown."},
	{fieldOption, true, "option A", "An option, in Markdown; option A to option Z."},
	{fieldReason, true, "reason A", "Why the option is right or wrong."},
	{fieldWeight, true, "weight A", "The percentage of the mark, -100 to 100, that the option earns elsewhere; empty where it follows from the key."},
	{fieldPrompt, true, "prompt 1", "A matching's left-hand side or a yes/no series' statement; prompt 1 to prompt 26."},
	{fieldPartReason, true, "reason 1", "Why this is the prompt's option or the statement's answer."},
	{fieldKey, false, "key", "The right answer: B for one option; A, C for several; C, A, B for an order, first to last; B, A for prompts 1 and 2; yes, no for statements 1 and 2."},
	{fieldChoose, false, "choose", "multiple only: how many to choose; empty for all that apply."},
	{fieldFixedOrder, false, "fixed order", "yes keeps the options in this order."},
	{fieldOneToOne, false, "one to one", "matching only: yes when each option belongs to one prompt at most."},
	{fieldExplanation, false, "explanation", "What is said about the question as a whole once it is answered."},
	{fieldRemember, false, "remember", "The line to remember."},
	{fieldReferences, false, "references", "The pages that settle it, one a line: [title](https://address)."},
	{fieldRight, false, "reply right", "What another system says to a right answer."},
	{fieldPartly, false, "reply partly", "What another system says to a partly right answer."},
	{fieldWrong, false, "reply wrong", "What another system says to a wrong answer."},
	{fieldPoints, false, "points", "What it is worth elsewhere; empty for 1."},
	{fieldPlatform, false, "platform", "aws, azure, gcp or neutral."},
	{fieldSkill, false, "skill", "The one primary skill, e.g. rag-grounding."},
	{fieldDifficulty, false, "difficulty", "1 (recall of purpose) to 5 (design with several trade-offs)."},
	{fieldDiffReason, false, "difficulty reason", "Why it is that difficult."},
	{fieldDomains, false, "domains", "The domain by exam where the skill lies in several: MLA-C02=1; AIP-C01=2."},
	{fieldServices, false, "services", "Services the question turns on, with semicolons between them."},
	{fieldEnemies, false, "enemies", "Tags; two questions that share one never meet in a sitting."},
	{fieldFactsAsOf, false, "facts as of", "Year and month the facts were checked: 2026-11."},
	{fieldReview, false, "review", "A blind review: people who solved it / those who agreed / date, e.g. 3/2/2026-11-20."},
	{fieldSourceID, false, "source id", "What the question is called in the system it came from."},
	{fieldCase, false, "case", "Names the case set it belongs to."},
	{fieldCaseTitle, false, "case title", "The set's title, on one of its rows."},
	{fieldCaseText, false, "case text", "The text that the set's questions share, on one of its rows."},
	{fieldNoReturn, false, "case no return", "yes when the set's questions can't be revisited once left."},
}

// title is a numbered column's name: "option B", "prompt 2".
func (d described) title(index int) string {
	switch d.field {
	case fieldPrompt, fieldPartReason:
		return strings.TrimSpace(string(d.field)) + " " + strconv.Itoa(index+1)
	case fieldOption, fieldReason, fieldWeight:
		return string(d.field) + " " + string(exchange.Letter(index))
	default:
		return d.name
	}
}
