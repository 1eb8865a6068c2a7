package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// key reads the right answer into the question, and settles its type where the
// sheet doesn't say it.
func (e *entry) key(q *exam.Question, truth bool) error {
	given := e.keyText()
	if truth || q.Type == "" && len(q.Options) == 0 && len(q.Prompts) == 0 {
		return e.trueFalse(q, given)
	}
	if q.Type == "" && len(q.Prompts) > 0 {
		q.Type = exam.Matching
		if _, err := verdicts(given); err == nil && len(q.Options) == 0 {
			q.Type = exam.YesNo
		}
	}
	switch q.Type {
	case exam.YesNo:
		return e.yesNo(q, given)
	case exam.Matching:
		return e.matching(q, given)
	case exam.Ordering:
		return e.ordering(q, given)
	default:
		return e.choice(q, given)
	}
}

// trueFalse makes the options True and False, unless the sheet has them.
func (e *entry) trueFalse(q *exam.Question, given string) error {
	answer := strings.ToLower(given)
	if len(q.Options) == 2 && answer != "true" && answer != "false" {
		q.FixedOrder = true
		return e.choice(q, given)
	}
	verdict, err := verdicts(answer)
	if err != nil || len(verdict) != 1 {
		return errors.New("the row has no options, and its key is neither true nor false")
	}
	q.Type, q.FixedOrder = exam.Single, true
	options := []exam.Option{{Text: "True", Key: verdict[0]}, {Text: "False", Key: !verdict[0]}}
	for i := range options {
		options[i].ID, options[i].Rationale = exchange.Letter(i), e.markdown(e.cells[column{fieldReason, i}])
	}
	q.Options = options
	return nil
}

// choice marks the keys among the options.
func (e *entry) choice(q *exam.Question, given string) error {
	if given == "" {
		return errors.New("the row names no right answer")
	}
	keys, err := e.named(q, given)
	if err != nil {
		return err
	}
	if slices.Sort(keys); len(slices.Compact(slices.Clone(keys))) != len(keys) {
		return fmt.Errorf("the key %q names an option twice", exchange.Shorten(given, 40))
	}
	for _, i := range keys {
		q.Options[i].Key = true
	}
	switch {
	case q.Type == exam.Single && len(keys) > 1:
		q.Type = exam.Multiple
		e.lose(fmt.Sprintf("the row says one answer is right and names %d; it came in as a multiple response", len(keys)))
	case q.Type == "" && len(keys) > 1:
		q.Type = exam.Multiple
	case q.Type == "":
		q.Type = exam.Single
	}
	return nil
}

// ordering reads the options' order, first to last; without one it is that of
// the columns.
func (e *entry) ordering(q *exam.Question, given string) error {
	order := make([]int, len(q.Options))
	for i := range order {
		order[i] = i
	}
	if given != "" {
		named, err := e.named(q, given)
		if err != nil {
			return err
		}
		if len(named) != len(order) {
			return fmt.Errorf("the key %q names %d options; the order has to name each of the %d once", exchange.Shorten(given, 40), len(named), len(order))
		}
		order = named
	}
	for place, i := range order {
		q.Options[i].Place = place + 1
	}
	return nil
}

func (e *entry) matching(q *exam.Question, given string) error {
	named, err := e.named(q, given)
	if err != nil {
		return err
	}
	if len(named) != len(q.Prompts) {
		return fmt.Errorf("the key %q names %d options for %d prompts; name one for each, first to last", exchange.Shorten(given, 40), len(named), len(q.Prompts))
	}
	for i, at := range named {
		q.Prompts[i].Match = q.Options[at].ID
	}
	return nil
}

func (e *entry) yesNo(q *exam.Question, given string) error {
	answers, err := verdicts(given)
	if err != nil {
		return err
	}
	if len(answers) != len(q.Prompts) {
		return fmt.Errorf("the key %q has %d answers for %d statements; give one for each, first to last", exchange.Shorten(given, 40), len(answers), len(q.Prompts))
	}
	for i, p := range q.Prompts {
		q.Statements = append(q.Statements, exam.Statement{Text: p.Text, Rationale: p.Rationale, Yes: answers[i]})
	}
	q.Prompts = nil
	return nil
}

var separators = regexp.MustCompile(`\s*(?:[,;/|&\n]|\band\b)\s*|\s+`)

func tokens(given string) []string {
	return slices.DeleteFunc(separators.Split(strings.TrimSpace(given), -1), func(s string) bool { return s == "" })
}

func verdicts(given string) ([]bool, error) {
	var answers []bool
	for _, token := range tokens(given) {
		switch strings.ToLower(token) {
		case "yes", "y", "true", "t", "1":
			answers = append(answers, true)
		case "no", "n", "false", "f", "0":
			answers = append(answers, false)
		default:
			return nil, fmt.Errorf("%q is neither yes nor no", exchange.Shorten(token, 40))
		}
	}
	if len(answers) == 0 {
		return nil, errors.New("the row names no right answer")
	}
	return answers, nil
}

var (
	decimal = regexp.MustCompile(`^\d(?:\.\d)+$`) // "1,3" as a spreadsheet keeps it that takes it for a number
	letters = regexp.MustCompile(`^[A-Z]{2,}$`)   // "AC"
	mark    = regexp.MustCompile(`^(?:(?i:option|answer)\s*)?([A-Za-z]|\d{1,2})[.)]?$`)
)

// named is the options that a key names by letter, by number from 1 or by their
// text, as indices of q.Options, in the order given.
func (e *entry) named(q *exam.Question, given string) ([]int, error) {
	if at := e.at(given, q); at >= 0 {
		return []int{at}, nil
	}
	if at := optionWith(q, e.markdown(given)); at >= 0 {
		return []int{at}, nil
	}
	parts := tokens(given)
	if len(parts) == 1 && decimal.MatchString(given) {
		parts = strings.Split(given, ".")
	}
	if len(parts) == 1 && letters.MatchString(given) {
		parts = strings.Split(given, "")
	}
	indices := make([]int, 0, len(parts))
	for _, part := range parts {
		at := e.at(part, q)
		if at < 0 {
			at = optionWith(q, e.markdown(part))
		}
		if at < 0 {
			return nil, fmt.Errorf("the key %q names no option of the row", exchange.Shorten(part, 40))
		}
		indices = append(indices, at)
	}
	return indices, nil
}

func optionWith(q *exam.Question, text string) int {
	if text == "" {
		return -1
	}
	return slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Text == text })
}

// at is the index of the option that a letter or number names, −1 for none.
func (e *entry) at(token string, q *exam.Question) int {
	found := mark.FindStringSubmatch(token)
	if found == nil {
		return -1
	}
	id := exam.OptionID(strconv.Itoa(position(strings.ToLower(found[1]))))
	return slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.ID == id })
}
