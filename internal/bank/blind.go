package bank

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// BlindForm is a set of questions to be solved by somebody who has not seen
// their keys. Its options are shuffled; the seed alone, with the id and the
// texts, decides how, so that a filled sheet can be read back.
type BlindForm struct {
	Seed      uint64
	Questions []*exam.Question
}

// BlindOptions say which questions a form draws from.
type BlindOptions struct {
	N          int // how many; all there are if fewer
	Seed       uint64
	Exams      []exam.Code // only questions that serve one of these; none for all questions
	Unreviewed bool        // only questions without a recorded blind review
}

// DrawBlind draws the questions of a form, the same for the same bank, options
// and seed. Questions of one case set stand together. A catalogue is needed if
// exams are named.
func DrawBlind(b *Bank, cat *catalogue.Catalogue, opts BlindOptions) *BlindForm {
	var pool []*exam.Question
	for _, q := range b.Questions {
		if (!opts.Unreviewed || q.Review.Solved == 0) && servesAny(cat, q, opts.Exams) {
			pool = append(pool, q)
		}
	}
	slices.SortStableFunc(pool, func(x, y *exam.Question) int {
		return cmp.Compare(lot(opts.Seed, "question", string(x.ID)), lot(opts.Seed, "question", string(y.ID)))
	})
	pool = pool[:max(0, min(opts.N, len(pool)))]
	first := map[string]int{} // where each case set comes up first
	for i, q := range pool {
		if _, seen := first[caseOf(q)]; !seen {
			first[caseOf(q)] = i
		}
	}
	slices.SortStableFunc(pool, func(x, y *exam.Question) int {
		return cmp.Or(cmp.Compare(first[caseOf(x)], first[caseOf(y)]), cmp.Compare(x.Line, y.Line), cmp.Compare(x.ID, y.ID))
	})
	return &BlindForm{Seed: opts.Seed, Questions: pool}
}

func servesAny(cat *catalogue.Catalogue, q *exam.Question, codes []exam.Code) bool {
	if len(codes) == 0 {
		return true
	}
	served := cat.Serves(q)
	return slices.ContainsFunc(codes, func(code exam.Code) bool { _, ok := served[code]; return ok })
}

// caseOf names what must stand together: a case set, or a question by itself.
func caseOf(q *exam.Question) string {
	if q.Stimulus != nil {
		return "case " + string(q.Stimulus.ID)
	}
	return string(q.ID)
}

// lot is a number drawn for a name: as good as random, and the same for ever.
func lot(seed uint64, parts ...string) string {
	sum := sha256.Sum256([]byte(strconv.FormatUint(seed, 10) + "\x00" + strings.Join(parts, "\x00")))
	return string(sum[:])
}

// Shuffled lists the places of the question's options, from 0, in the order
// that a form with this seed shows them. It rests on the texts and not on how
// they are written down, which for an ordering is the key itself; only options
// whose author fixed their order stand as written.
func Shuffled(q *exam.Question, seed uint64) []int {
	order := make([]int, len(q.Options))
	for i := range order {
		order[i] = i
	}
	if keepsOrder(q) {
		return order
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(lot(seed, "option", string(q.ID), q.Options[a].Text), lot(seed, "option", string(q.ID), q.Options[b].Text))
	})
	return order
}

// keepsOrder reports whether options are shown as they are written. An ordering's
// never are.
func keepsOrder(q *exam.Question) bool { return q.FixedOrder && q.Type != exam.Ordering }

// fingerprintDigits is the length of a fingerprint in hexadecimal digits.
const fingerprintDigits = 12

// Fingerprint is a short hash of what a question shows before it is answered.
// Keys have no part in it, nor has the order in which options are written: it
// stands in a form where whoever tried every order could find the right one.
func Fingerprint(q *exam.Question) string {
	shown := struct {
		Type                  exam.Type
		CaseTitle, Case       string
		NoReturn              bool
		Stem, Ask             string
		Choose                int
		OneToOne              bool
		Options, Prompts, Yes []string
		FixedOrder            bool `json:",omitempty"`
	}{Type: q.Type, Stem: q.Stem, Ask: q.Ask, Choose: q.Choose, OneToOne: q.OneToOne}
	if q.Stimulus != nil {
		shown.CaseTitle, shown.Case, shown.NoReturn = q.Stimulus.Title, q.Stimulus.Text, q.Stimulus.NoReturn
	}
	for _, o := range q.Options {
		shown.Options = append(shown.Options, o.Text)
	}
	if shown.FixedOrder = keepsOrder(q); !shown.FixedOrder {
		slices.Sort(shown.Options)
	}
	for _, p := range q.Prompts {
		shown.Prompts = append(shown.Prompts, p.Text)
	}
	for _, s := range q.Statements {
		shown.Yes = append(shown.Yes, s.Text)
	}
	data, err := json.Marshal(shown)
	if err != nil {
		// Strings, integers and booleans always encode.
		panic(fmt.Sprintf("bank.Fingerprint(%s): %v", q.ID, err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:fingerprintDigits]
}

// Markdown is the form with an answer block under every question. gradeWith is
// the command that grades it, for whoever gets it back.
//
// Errors: a question whose own text holds an answer block, which could not be
// told from the form's.
func (f *BlindForm) Markdown(gradeWith string) (string, error) {
	var b strings.Builder
	f.head(&b, gradeWith)
	shown := exam.StimulusID("")
	for i, q := range f.Questions {
		fmt.Fprintf(&b, "\n## %d. %s\n\n", i+1, q.Type.Label())
		if q.Stimulus != nil {
			if q.Stimulus.ID == shown {
				fmt.Fprintf(&b, "*On the case “%s” above.*\n\n", q.Stimulus.Title)
			} else {
				fmt.Fprintf(&b, "**Case: %s**\n\n%s\n\n", q.Stimulus.Title, q.Stimulus.Text)
				shown = q.Stimulus.ID
			}
		}
		f.question(&b, q)
		f.block(&b, q)
	}
	return f.checked(b.String())
}

// Sheet is the answer blocks alone, for a form that is read on paper or solved
// by several people.
func (f *BlindForm) Sheet(gradeWith string) (string, error) {
	var b strings.Builder
	f.head(&b, gradeWith)
	for i, q := range f.Questions {
		fmt.Fprintf(&b, "\n## %d. %s\n\n%s\n\n", i+1, q.Type.Label(), instruction(q))
		f.block(&b, q)
	}
	return f.checked(b.String())
}

// checked makes sure that the form reads back as it was meant.
func (f *BlindForm) checked(form string) (string, error) {
	entries, remarks := ParseSheet("form", []byte(form))
	same := len(remarks) == 0 && len(entries) == len(f.Questions)
	for i := 0; same && i < len(entries); i++ {
		same = entries[i].Question == f.Questions[i].ID
	}
	if !same {
		return "", fmt.Errorf("bank.BlindForm: a question's text has a line %q, which marks the place for an answer; word it differently", blockOpens)
	}
	return form, nil
}

func (f *BlindForm) head(b *strings.Builder, gradeWith string) {
	fmt.Fprintf(b, `# Blind review, %d questions, seed %d

Solve each question from what stands here alone, as in an exam, and fill in the block below it:

- **answer**: as the line above the block says; ? if the text doesn't settle it. Left empty, the question is skipped.
- **confidence**: 0 to 100, how sure you are that this is the one defensible answer.
- **remark**: a second answer that can be defended, a fact that is missing or out of date, a slip in the wording.
  It may run over several lines.

Leave the lines that begin with "question:" as they are. Then grade it:

    %s
`, len(f.Questions), f.Seed, gradeWith)
}

func (f *BlindForm) question(b *strings.Builder, q *exam.Question) {
	if q.Stem != "" {
		b.WriteString(q.Stem + "\n\n")
	}
	fmt.Fprintf(b, "**%s**\n\n", strings.TrimSpace(q.Ask))
	for i, p := range q.Prompts {
		b.WriteString(hanging(strconv.Itoa(i+1)+". ", p.Text))
	}
	for i, s := range q.Statements {
		b.WriteString(hanging(strconv.Itoa(i+1)+". ", s.Text))
	}
	if len(q.Prompts)+len(q.Statements) > 0 {
		b.WriteString("\n")
	}
	for place, i := range Shuffled(q, f.Seed) {
		b.WriteString(hanging(fmt.Sprintf("- **%s.** ", letter(place)), q.Options[i].Text))
	}
	if len(q.Options) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(instruction(q) + "\n\n")
}

// hanging is a list entry with its further lines indented below its first.
func hanging(mark, text string) string {
	indent := strings.Repeat(" ", min(len(mark), 3)-min(1, strings.Count(mark, "-")))
	return mark + strings.ReplaceAll(text, "\n", "\n"+indent) + "\n"
}

// instruction says what form an answer has.
func instruction(q *exam.Question) string {
	switch q.Type {
	case exam.Single:
		return "*One letter, such as* B"
	case exam.Multiple:
		if q.Choose > 0 && q.Choose < len(numberWords) {
			return fmt.Sprintf("*%s letters, such as* A, B", capitalised(numberWords[q.Choose]))
		}
		return "*The letters of all that apply, such as* A, B"
	case exam.Ordering:
		return "*Every letter once, first to last, such as* B, A, …"
	case exam.Matching:
		if q.OneToOne {
			return "*A letter for every number, such as* 1 B, 2 A, … *each letter once at most*"
		}
		return "*A letter for every number, such as* 1 B, 2 A, … *a letter may come again*"
	case exam.YesNo:
		return "*Yes or no for every number, such as* 1 yes, 2 no, …"
	}
	return ""
}

func capitalised(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

func (f *BlindForm) block(b *strings.Builder, q *exam.Question) {
	fmt.Fprintf(b, "%s\nquestion: %s (seed %d, text %s)\nanswer:\nconfidence:\nremark:\n%s\n", blockOpens, q.ID, f.Seed, Fingerprint(q), blockCloses)
}
