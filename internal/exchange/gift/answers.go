package gift

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

// verdict is "True" or "False" for the answers of a true/false question.
func verdict(answers string) string {
	word, _, _ := strings.Cut(answers, "#")
	switch strings.TrimSpace(word) {
	case "T", "TRUE":
		return "True"
	case "F", "FALSE":
		return "False"
	}
	return ""
}

// trueFalse reads {TRUE#said to the wrong answer#said to the right one}.
func (r *reader) trueFalse(it *item) {
	q, _ := r.begin(it, exam.Single)
	q.FixedOrder = true
	key := verdict(it.answers)
	parts := strings.SplitN(it.answers, "#", 3)
	said := func(i int) string {
		if i >= len(parts) {
			return ""
		}
		text := it.texts.markdown(parts[i], it.format)
		return text
	}
	wrong, right := said(1), said(2)
	for _, word := range []string{"True", "False"} {
		o := exam.Option{Text: word, Key: word == key, Rationale: wrong}
		if o.Key {
			o.Rationale = right
		}
		q.Options = append(q.Options, o)
	}
	r.finish(it, q)
}

var weight = regexp.MustCompile(`^%(-?\d{1,3}(?:[.,]\d*)?)%`)

// choice reads options behind = and ~. Without = among them the learner may
// choose several: those that earn something are the keys.
func (r *reader) choice(it *item) {
	marked := 0
	q, _ := r.begin(it, exam.Single)
	answers := splitAnswers(it.answers)
	if r.tooMany(it, len(answers)) {
		return
	}
	for _, answer := range answers {
		if answer == "~" {
			r.doc.Warn(it.place, "an option without a text was left out", "Take the ~ out, or write the option's text behind it.")
			continue
		}
		o, equals, err := r.option(it, answer)
		if err != nil {
			r.doc.Fault(it.place, err.Error(), "Write the weight as a percentage from -100 to 100, e.g. ~%50%half right.")
			return
		}
		if equals {
			marked++
		}
		q.Options = append(q.Options, o)
	}
	if marked == 0 {
		asMultiple(q, it.marks.has("all-or-nothing"))
	} else {
		marked += fullMarks(q)
	}
	if marked > 1 {
		q.Type = exam.Multiple
		r.doc.Warn(it.place, fmt.Sprintf("%d options are marked = as the one right answer; all of them are to be chosen here", marked),
			"Give each a share of 100, e.g. ~%50%, or escape an equals sign that belongs to a text: \\=.")
	}
	r.finish(it, q)
}

// asMultiple makes a question whose options have weights a multiple response.
// Where nothing but the whole key earns a mark, the weights follow from it.
func asMultiple(q *exam.Question, allOrNothing bool) {
	q.Type = exam.Multiple
	for i := range q.Options {
		o := &q.Options[i]
		o.Key = o.Weight > 0
		if allOrNothing && !o.Key {
			o.Weight = 0
		}
	}
}

// fullMarks makes keys of the options beside the one marked = that earn the full
// mark too, and counts them.
func fullMarks(q *exam.Question) int {
	count := 0
	for i := range q.Options {
		if o := &q.Options[i]; o.Weight >= 100 {
			o.Key, o.Weight = true, 0
			count++
		}
	}
	return count
}

// maxAnswers is far above the options that a question may have: what has more
// isn't looked at one by one.
const maxAnswers = 10 * exam.MaxOptions

func (r *reader) tooMany(it *item, n int) bool {
	if n <= maxAnswers {
		return false
	}
	r.doc.Fault(it.place, fmt.Sprintf("the question has %d answers; at most %d are possible", n, exam.MaxOptions), "See whether an equals sign or a tilde that belongs to a text lacks its backslash.")
	return true
}

// splitAnswers divides answers before each = and ~, of which ~= is one: a tilde
// that somebody wrote before every option.
func splitAnswers(answers string) []string {
	var parts []string
	start := 0
	cut := func(end int) {
		if part := strings.TrimSpace(answers[start:end]); part != "" {
			parts = append(parts, part)
		}
		start = end
	}
	for i := range len(answers) {
		if answers[i] == '~' || answers[i] == '=' && (i == 0 || answers[i-1] != '~') {
			cut(i)
		}
	}
	cut(len(answers))
	return parts
}

// option reads one answer with its weight and feedback; equals says that it is
// marked as the right one.
func (r *reader) option(it *item, answer string) (o exam.Option, equals bool, err error) {
	equals = strings.HasPrefix(answer, "=") || strings.HasPrefix(answer, "~=")
	answer = strings.TrimSpace(strings.TrimLeft(answer, "=~"))
	if found := weight.FindStringSubmatch(answer); found != nil {
		share, err := strconv.ParseFloat(strings.Replace(found[1], ",", ".", 1), 64)
		if err != nil || share < -100 || share > 100 {
			return o, false, fmt.Errorf("an option's weight is %s%%", found[1])
		}
		answer, o.Weight = answer[len(found[0]):], share
		equals = equals && share >= 100
	}
	text, feedback, _ := strings.Cut(answer, "#")
	o.Text = it.texts.markdown(text, it.format)
	o.Rationale = it.texts.markdown(feedback, it.format)
	if equals {
		o.Key, o.Weight = true, 0
	}
	return o, equals, nil
}

// matching reads pairs, =prompt -> option. An option that several prompts share
// is one; a pair without a prompt is an option that belongs to none.
func (r *reader) matching(it *item) {
	q, labelled := r.begin(it, exam.Matching)
	ids := map[string]exam.OptionID{} // by text
	pairs := strings.Split(it.answers, "=")
	if r.tooMany(it, len(pairs)-1) {
		return
	}
	for i, pair := range pairs {
		if pair = strings.TrimSpace(pair); pair == "" && i == 0 {
			continue
		}
		left, right, ok := strings.Cut(pair, "->")
		if !ok {
			r.doc.Fault(it.place, fmt.Sprintf("the pair %q has no -> in it", exchange.Shorten(reveal.Replace(pair), 60)),
				"Write every pair as =prompt -> option, and \\= for an equals sign that belongs to a text.")
			return
		}
		text := r.choiceText(it, right)
		if ids[text] == "" {
			ids[text] = exchange.Letter(len(q.Options))
			q.Options = append(q.Options, exam.Option{ID: ids[text], Text: text})
		}
		prompt := it.texts.markdown(left, it.format)
		if it.marks.has("arrows") {
			prompt = arrows.Replace(prompt)
		}
		if prompt != "" {
			q.Prompts = append(q.Prompts, exam.Prompt{Text: prompt, Match: ids[text]})
		}
	}
	if labelled.YesNo {
		asYesNo(q)
	}
	q.OneToOne = labelled.OneToOne && q.Type == exam.Matching
	restoreOrder(q, it.marks.order("option-order", len(q.Options)))
	r.finish(it, q)
}

// choiceText is the right-hand side of a pair: plain text, for Moodle offers it
// in a menu, unless our own writer marked it as Markdown.
func (r *reader) choiceText(it *item, right string) string {
	if it.marks.has("markdown-options") {
		return it.texts.images(trim(reveal.Replace(strings.TrimSpace(right))))
	}
	return markup.FromPlain(plain(right))
}

// asYesNo turns the matching that stands for a yes/no series back into one; one
// that has other options than yes and no stays what it is.
func asYesNo(q *exam.Question) {
	verdicts := map[exam.OptionID]bool{}
	for _, o := range q.Options {
		if o.Text != "Yes" && o.Text != "No" {
			return
		}
		verdicts[o.ID] = o.Text == "Yes"
	}
	q.Type = exam.YesNo
	for _, p := range q.Prompts {
		q.Statements = append(q.Statements, exam.Statement{Text: p.Text, Yes: verdicts[p.Match]})
	}
	q.Prompts, q.Options = nil, nil
}

// restoreOrder brings options into the author's order: places[i] says where the
// i-th of the file stood, from 0.
func restoreOrder(q *exam.Question, places []int) {
	if places == nil {
		return
	}
	options := make([]exam.Option, len(q.Options))
	for i, place := range places {
		options[place] = q.Options[i]
	}
	q.Options = options
}

// The words that may follow {> and the number of items in Moodle's ordering
// question, in this order, each of them optional.
var orderingWords = [][]string{
	{"ALL", "EXACT", "RANDOM", "REL", "CONTIGUOUS", "CONTIG"},
	{"HORIZONTAL", "HORI", "H", "1", "VERTICAL", "VERT", "V", "0"},
	{
		"ALL_OR_NOTHING", "ABSOLUTE_POSITION", "ABSOLUTE", "ABS", "RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE_NEXT_INCLUDE_LAST",
		"RELATIVE_ONE_PREVIOUS_AND_NEXT", "RELATIVE_ALL_PREVIOUS_AND_NEXT", "RELATIVE_TO_CORRECT", "RELATIVE", "REL",
		"LONGEST_ORDERED_SUBSET", "LONGEST_CONTIGUOUS_SUBSET",
	},
	{"SHOW", "HIDE"},
	{"NONE", "123", "ABC", "ABCD", "III", "IIII", "NUM"},
}

// ordering reads {>3 ALL VERTICAL ABSOLUTE and the items in their right order,
// one a line.
func (r *reader) ordering(it *item) {
	q, _ := r.begin(it, exam.Ordering)
	items := orderingItems(it.answers)
	if r.tooMany(it, strings.Count(items, "\n")) {
		return
	}
	for line := range strings.Lines(items) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		text := it.texts.markdown(line, it.format)
		q.Options = append(q.Options, exam.Option{ID: exchange.Letter(len(q.Options)), Text: text, Place: len(q.Options) + 1})
	}
	restoreOrder(q, it.marks.order("option-order", len(q.Options)))
	r.finish(it, q)
}

// orderingItems takes the settings off that stand before the first item.
func orderingItems(answers string) string {
	head, rest, _ := strings.Cut(strings.TrimPrefix(answers, ">"), "\n")
	words := strings.Fields(head)
	used := 0
	if len(words) > 0 {
		if strings.Trim(words[0], "0123456789") == "" {
			used = 1
		}
	}
	for _, known := range orderingWords {
		if used < len(words) && slices.Contains(known, strings.ToUpper(words[used])) {
			used++
		}
	}
	return strings.Join(words[used:], " ") + "\n" + rest
}
