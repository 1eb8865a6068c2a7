package exam

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a question: the field it concerns
// and a sentence that says what to write instead.
type Problem struct {
	Field   string // e.g. "options[2].rationale", "choose"
	Message string
}

// String names the part of the question in the words of people rather than of files:
// "option C: add its text".
func (p Problem) String() string {
	m := partField.FindStringSubmatch(p.Field)
	if m == nil {
		part, ok := partNames[p.Field]
		if !ok {
			part = p.Field
		}
		return part + ": " + p.Message
	}
	part := strings.TrimSuffix(m[1], "s") + " " + m[2]
	if n, err := strconv.Atoi(m[2]); err == nil {
		part = strings.TrimSuffix(m[1], "s") + " " + strconv.Itoa(n+1)
		if m[1] == "options" && n < MaxOptions {
			part = "option " + string(rune('A'+n))
		}
	}
	if strings.HasPrefix(p.Message, part+":") { // it names its part itself
		return p.Message
	}
	return part + ": " + itsText.Replace(p.Message)
}

var (
	partField = regexp.MustCompile(`^(options|prompts|statements)\[(\d+)\]`)
	partNames = map[string]string{
		"ask": "the question", "stem": "the scenario", "choose": "how many to choose", "one_to_one": "one to one",
	}
	itsText = strings.NewReplacer("the option's text", "its text", "the prompt's text", "its text", "the statement's text", "its text")
)

// idPattern keeps ids readable in an address and a file name.
var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,79}$`)

// Bounds on the shape of a question: options have the letters A to Z.
const (
	MinOptions = 2
	MaxOptions = 26
	MinPairs   = 2
	MaxPairs   = 26
)

// GuessChance is the probability that a blind guess scores the question right:
// the fixed lower asymptote c of its answer curve, above 0 and at most 1/2 for
// a question that Validates. It is 0 where the parts it counts are missing.
func (q *Question) GuessChance() float64 {
	n := len(q.Options)
	switch q.Type {
	case Single:
		return inverse(float64(n))
	case Multiple:
		if q.Choose > 0 {
			return inverse(binomial(n, q.Choose))
		}
		return inverse(pow(2, n) - 1)
	case Ordering:
		return inverse(factorial(n))
	case Matching:
		m := len(q.Prompts)
		if q.OneToOne {
			if m > n {
				return 0
			}
			return inverse(factorial(n) / factorial(n-m))
		}
		return inverse(pow(float64(n), m))
	case YesNo:
		return inverse(pow(2, len(q.Statements)))
	}
	return 0
}

// KeyCount is how many options are keys.
func (q *Question) KeyCount() int {
	count := 0
	for _, o := range q.Options {
		if o.Key {
			count++
		}
	}
	return count
}

// Option returns the option with the id, and false when there is none.
func (q *Question) Option(id OptionID) (Option, bool) {
	for _, o := range q.Options {
		if o.ID == id {
			return o, true
		}
	}
	return Option{}, false
}

// Validate checks what a question needs to be asked at all and that can be
// judged without the catalogue: that its type's parts are there, agree with
// each other and leave exactly one right answer. It returns every problem, in
// field order. What it needs beyond that to measure and to teach, Gaps tells.
func (q *Question) Validate() []Problem {
	v := &validation{}
	v.check(idPattern.MatchString(string(q.ID)), "id", "use 3 to 80 lower-case letters, digits, dots, dashes or underscores, e.g. aws-rag-grounding-01")
	v.check(q.Platform == "" || q.Platform.Valid(), "platform", fmt.Sprintf("%q is not a platform; use aws, azure, gcp or neutral", q.Platform))
	v.check(q.Difficulty >= 0 && q.Difficulty <= 5, "difficulty", difficultyRemedy)
	v.check(q.Ask != "", "ask", "add the one question the scenario closes on")
	switch q.Type {
	case Single:
		v.options(q)
		v.check(q.KeyCount() == 1, "options", fmt.Sprintf("mark exactly one option as right; this has %d", q.KeyCount()))
		v.absent(q.Choose == 0, "choose", q.Type)
	case Multiple:
		v.options(q)
		v.multiple(q)
	case Ordering:
		v.options(q)
		v.places(q)
	case Matching:
		v.options(q)
		v.matching(q)
	case YesNo:
		v.yesNo(q)
	default:
		v.add("type", fmt.Sprintf("%q is not an item type; use single, multiple, ordering, matching or yes_no", q.Type))
		return v.problems // what belongs to an unknown type can't be said
	}
	if q.Type != Single && q.Type != Multiple {
		v.absent(q.Choose == 0, "choose", q.Type)
		for i, o := range q.Options {
			v.absent(!o.Key, fmt.Sprintf("options[%d].key", i), q.Type)
		}
	}
	if q.Type != Matching {
		v.absent(len(q.Prompts) == 0, "prompts", q.Type)
		v.absent(!q.OneToOne, "one_to_one", q.Type)
	}
	if q.Type != YesNo {
		v.absent(len(q.Statements) == 0, "statements", q.Type)
	}
	return v.problems
}

const difficultyRemedy = "use 1 (recall of purpose) to 5 (design with several trade-offs)"

// Measures reports whether a question carries what an answer to it needs to tell
// about readiness: its platform, skill and difficulty. One that doesn't serves
// practice only.
func (q *Question) Measures() bool {
	return q.Platform.Valid() && q.Skill != "" && q.Difficulty >= 1 && q.Difficulty <= 5
}

// Gaps lists what a question that can be asked still lacks to measure and to
// teach: its platform, skill and difficulty, and a reason for every option,
// prompt and statement, in field order.
func (q *Question) Gaps() []Problem {
	v := &validation{}
	v.check(q.Platform != "", "platform", "name the platform: aws, azure, gcp or neutral")
	v.check(q.Skill != "", "skill", "name the one primary skill, e.g. rag-grounding")
	v.check(q.Difficulty != 0, "difficulty", difficultyRemedy)
	if q.Type == Single || q.Type == Multiple {
		for i, o := range q.Options {
			v.check(o.Rationale != "", fmt.Sprintf("options[%d].rationale", i), rationaleRemedy(o))
		}
	}
	for i, p := range q.Prompts {
		v.check(p.Rationale != "", fmt.Sprintf("prompts[%d].rationale", i), "say why this option belongs to the prompt")
	}
	for i, s := range q.Statements {
		v.check(s.Rationale != "", fmt.Sprintf("statements[%d].rationale", i), "say why the statement is true or false here")
	}
	return v.problems
}

type validation struct{ problems []Problem }

func (v *validation) add(field, message string) {
	v.problems = append(v.problems, Problem{Field: field, Message: message})
}

func (v *validation) check(ok bool, field, message string) {
	if !ok {
		v.add(field, message)
	}
}

func (v *validation) absent(ok bool, field string, t Type) {
	v.check(ok, field, fmt.Sprintf("does not belong to type %s; remove it or change the type", t))
}

func (v *validation) options(q *Question) {
	n := len(q.Options)
	v.check(n >= MinOptions && n <= MaxOptions, "options", fmt.Sprintf("give %d to %d options; this has %d", MinOptions, MaxOptions, n))
	seen := map[string]bool{}
	ids := map[OptionID]bool{}
	for i, o := range q.Options {
		field := fmt.Sprintf("options[%d]", i)
		v.check(o.ID != "" && !ids[o.ID], field+".id", "give each option its own id: A, B, C and so on")
		ids[o.ID] = true
		v.check(o.Place == 0 || q.Type == Ordering, field+".place", fmt.Sprintf("does not belong to type %s; remove it or change the type", q.Type))
		v.check(o.Text != "", field+".text", "add the option's text")
		v.check(o.Text == "" || !seen[o.Text], field+".text", "repeats an earlier option; make it different or remove it")
		seen[o.Text] = true
	}
}

// places checks that the options of an ordering hold the places 1 to n once each.
func (v *validation) places(q *Question) {
	taken := map[int]bool{}
	for i, o := range q.Options {
		ok := o.Place >= 1 && o.Place <= len(q.Options) && !taken[o.Place]
		v.check(ok, fmt.Sprintf("options[%d].place", i), fmt.Sprintf("is %d; give the options the places 1 to %d, each once", o.Place, len(q.Options)))
		taken[o.Place] = true
	}
}

func rationaleRemedy(o Option) string {
	if o.Key {
		return fmt.Sprintf("option %s: no rationale; say why it meets the deciding constraint", o.ID)
	}
	return fmt.Sprintf("option %s: no rationale; say which stated constraint rules it out", o.ID)
}

func (v *validation) multiple(q *Question) {
	keys := q.KeyCount()
	v.check(q.Choose >= 0, "choose", "give the number of options to choose, or 0 for all that apply")
	v.check(keys > 0, "options", "mark the right options; none is marked")
	if q.Choose > 0 {
		v.check(keys == q.Choose, "choose", fmt.Sprintf("asks for %d but %d options are marked as right; make the two agree", q.Choose, keys))
		v.check(q.Choose >= 2, "choose", "a multiple response asks for at least 2; make it a single choice to ask for one")
		v.check(q.Choose < len(q.Options), "choose", "leave at least one option that is not to be chosen")
	}
}

func (v *validation) matching(q *Question) {
	n := len(q.Prompts)
	v.check(n >= MinPairs && n <= MaxPairs, "prompts", fmt.Sprintf("give %d to %d prompts; this has %d", MinPairs, MaxPairs, n))
	used := map[OptionID]bool{}
	for i, p := range q.Prompts {
		field := fmt.Sprintf("prompts[%d]", i)
		v.check(p.Text != "", field+".text", "add the prompt's text")
		_, ok := q.Option(p.Match)
		v.check(ok, field+".match", fmt.Sprintf("%q is none of this question's options", p.Match))
		v.check(!q.OneToOne || !used[p.Match], field+".match", fmt.Sprintf("option %s is matched twice; let options be used more than once, or match another", p.Match))
		used[p.Match] = true
	}
	v.check(!q.OneToOne || n <= len(q.Options), "options", "a one-to-one matching needs at least as many options as prompts")
}

func (v *validation) yesNo(q *Question) {
	n := len(q.Statements)
	v.check(n >= MinPairs && n <= MaxPairs, "statements", fmt.Sprintf("give %d to %d statements; this has %d", MinPairs, MaxPairs, n))
	v.absent(len(q.Options) == 0, "options", YesNo)
	for i, s := range q.Statements {
		field := fmt.Sprintf("statements[%d]", i)
		v.check(s.Text != "", field+".text", "add the statement's text")
	}
}

func inverse(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return 1 / x
}

func pow(base float64, n int) float64 {
	product := 1.0
	for range n {
		product *= base
	}
	return product
}

func factorial(n int) float64 {
	product := 1.0
	for i := 2; i <= n; i++ {
		product *= float64(i)
	}
	return product
}

func binomial(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	result := 1.0
	for i := 1; i <= k; i++ {
		result = result * float64(n-k+i) / float64(i)
	}
	return result
}
