package bank

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"sextant/internal/exam"
)

// An answer block is a fenced block that is marked as one.
const (
	blockOpens  = "```answer"
	blockCloses = "```"
)

// maxRemark bounds a solver's remark in bytes.
const maxRemark = 4000

// SheetEntry is one filled answer block, as written.
type SheetEntry struct {
	File        string
	Line        int // of the line with the question's id
	Question    exam.QuestionID
	Seed        uint64
	Fingerprint string
	Answer      string // "" when left open
	AnswerLine  int
	Confidence  int // 0 to 100; NoConfidence when left open
	Remark      string
}

// NoConfidence stands for a confidence that was not given.
const NoConfidence = -1

var sheetQuestion = regexp.MustCompile(`^(\S+) \(seed (\d{1,20}), text ([0-9a-f]{12})\)$`)

// ParseSheet reads the answer blocks of a form or sheet; whatever stands
// between them is passed over. The remarks are errors, each with its line.
func ParseSheet(name string, data []byte) ([]SheetEntry, []Remark) {
	p := &sheetParser{file: name, seen: map[exam.QuestionID]int{}}
	if !utf8.Valid(data) {
		p.fault(1, "is not UTF-8 text; save it as UTF-8")
		return nil, p.remarks
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for line := range strings.SplitSeq(text, "\n") {
		p.line++
		p.read(strings.TrimRight(line, " \t"))
	}
	if p.block != nil {
		p.fault(p.opened, "this answer block doesn't end; close it with a line %s", blockCloses)
	}
	if len(p.entries) == 0 && len(p.remarks) == 0 {
		p.fault(1, "has no answer block; is it a form made by sextant bank blind?")
	}
	return p.entries, p.remarks
}

type sheetParser struct {
	file    string
	line    int
	block   *SheetEntry // the one being read, nil outside
	opened  int
	fields  map[string]int // field → line where the block gives it
	entries []SheetEntry
	seen    map[exam.QuestionID]int
	remarks []Remark
}

func (p *sheetParser) fault(line int, format string, args ...any) {
	r := Remark{File: p.file, Line: line, Severity: Error, Rule: "sheet", Message: fmt.Sprintf(format, args...)}
	if p.block != nil {
		r.Question = p.block.Question
	}
	p.remarks = append(p.remarks, r)
}

func (p *sheetParser) read(line string) {
	switch {
	case line == blockOpens && p.block == nil:
		p.block = &SheetEntry{File: p.file, Confidence: NoConfidence}
		p.opened, p.fields = p.line, map[string]int{}
	case line == blockOpens:
		p.fault(p.opened, "this answer block doesn't end before the next begins; close it with a line %s", blockCloses)
		p.block = &SheetEntry{File: p.file, Confidence: NoConfidence}
		p.opened, p.fields = p.line, map[string]int{}
	case p.block == nil:
	case line == blockCloses:
		p.close()
	default:
		p.field(line)
	}
}

func (p *sheetParser) close() {
	if _, named := p.fields["question"]; !named {
		p.fault(p.opened, "this answer block has no line with its question; take it over from the form")
		p.block = nil
		return
	}
	p.block.Remark = strings.TrimSpace(p.block.Remark)
	if len(p.block.Remark) > maxRemark {
		p.fault(p.fields["remark"], "the remark has %d bytes; the limit is %d", len(p.block.Remark), maxRemark)
	}
	if id := p.block.Question; id != "" {
		if first, twice := p.seen[id]; twice {
			p.fault(p.block.Line, "%s is answered already on line %d; keep one", id, first)
		} else {
			p.seen[id] = p.block.Line
			p.entries = append(p.entries, *p.block)
		}
	}
	p.block = nil
}

var sheetFields = []string{"question", "answer", "confidence", "remark"}

// field reads one line of a block. After the remark has begun, a line that is
// no other field continues it.
func (p *sheetParser) field(line string) {
	for _, name := range sheetFields {
		value, found := cutPrefixFold(line, name+":")
		if !found {
			continue
		}
		if first, twice := p.fields[name]; twice {
			if _, remarking := p.fields["remark"]; remarking {
				break // a remark may well speak of "answer: B"
			}
			p.fault(p.line, "%s is given twice (first on line %d); keep one", name, first)
			return
		}
		p.fields[name] = p.line
		p.set(name, strings.TrimSpace(value))
		return
	}
	if _, remarking := p.fields["remark"]; remarking {
		p.block.Remark += "\n" + line
		return
	}
	if strings.TrimSpace(line) != "" {
		p.fault(p.line, "%q is none of question:, answer:, confidence: and remark:; a longer note goes below remark:", shorten(line, 40))
	}
}

func cutPrefixFold(s, prefix string) (rest string, found bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func (p *sheetParser) set(name, value string) {
	switch name {
	case "question":
		p.setQuestion(value)
	case "answer":
		p.block.Answer, p.block.AnswerLine = value, p.line
	case "confidence":
		p.setConfidence(value)
	case "remark":
		p.block.Remark = value
	}
}

func (p *sheetParser) setQuestion(value string) {
	m := sheetQuestion.FindStringSubmatch(value)
	if m == nil {
		p.fault(p.line, "%q does not read as a question of a form, “id (seed …, text …)”; take the line over from the form unchanged", shorten(value, 60))
		return
	}
	seed, err := strconv.ParseUint(m[2], 10, 64)
	if err != nil {
		p.fault(p.line, "seed %s is no seed of a form; take the line over from the form unchanged", m[2])
		return
	}
	p.block.Line, p.block.Question, p.block.Seed, p.block.Fingerprint = p.line, exam.QuestionID(m[1]), seed, m[3]
}

func (p *sheetParser) setConfidence(value string) {
	if value == "" {
		return
	}
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(value, "%")))
	if err != nil || n < 0 || n > 100 {
		p.fault(p.line, "confidence %q: give a whole number from 0 to 100, or leave it open", shorten(value, 20))
		return
	}
	p.block.Confidence = n
}

// Undecided is the answer of a solver who found that the text doesn't settle
// the question.
const Undecided = "?"

// readAnswer brings a filled-in answer to the form that keyAnswer gives, with
// the letters of the solver's form, or says what is wrong with it.
func readAnswer(q *exam.Question, written string) (answer, problem string) {
	if strings.Trim(written, "? .") == "" {
		return Undecided, ""
	}
	switch q.Type {
	case exam.Single, exam.Multiple, exam.Ordering:
		return readLetters(q, written)
	case exam.Matching:
		return readPairs(written, len(q.Prompts), "a letter", func(s string) (string, string) { return optionLetterOf(q, s) })
	case exam.YesNo:
		return readPairs(written, len(q.Statements), "yes or no", readVerdict)
	}
	return "", "questions of this type can't be answered on a form"
}

var (
	lettersTogether = regexp.MustCompile(`^[A-Z]+$`)
	sheetToken      = regexp.MustCompile(`[\p{L}\p{N}]+`)
	numberedToken   = regexp.MustCompile(`^(\d+)([\p{L}]+)$`)
	onlyDigits      = regexp.MustCompile(`^\d+$`)
)

// tokensOf takes an answer apart at everything that is no letter or digit, and
// at "and".
func tokensOf(written string) []string {
	var tokens []string
	for _, t := range sheetToken.FindAllString(written, -1) {
		if !strings.EqualFold(t, "and") {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

func readLetters(q *exam.Question, written string) (answer, problem string) {
	tokens := tokensOf(written)
	if len(tokens) == 1 && len(tokens[0]) > 1 && lettersTogether.MatchString(tokens[0]) {
		tokens = strings.Split(tokens[0], "") // "BD" for "B, D"
	}
	seen := map[string]bool{}
	var letters []string
	for _, t := range tokens {
		l, problem := optionLetterOf(q, t)
		if problem != "" {
			return "", problem
		}
		if seen[l] {
			return "", fmt.Sprintf("%s stands there twice", l)
		}
		seen[l] = true
		letters = append(letters, l)
	}
	switch n := len(letters); {
	case q.Type == exam.Single && n != 1:
		return "", fmt.Sprintf("has %d letters; give one", n)
	case q.Type == exam.Multiple && q.Choose > 0 && n != q.Choose:
		return "", fmt.Sprintf("has %d letters; the question asks for %d", n, q.Choose)
	case q.Type == exam.Multiple && n == 0:
		return "", "has no letters; give those of the options that apply"
	case q.Type == exam.Ordering && n != len(q.Options):
		return "", fmt.Sprintf("has %d letters; give all %d, first to last", n, len(q.Options))
	}
	if q.Type == exam.Multiple {
		return inOrder(letters), ""
	}
	return strings.Join(letters, ", "), ""
}

func optionLetterOf(q *exam.Question, token string) (letterThere, problem string) {
	for i := range q.Options {
		if l := string(letter(i)); strings.EqualFold(l, token) {
			return l, ""
		}
	}
	return "", fmt.Sprintf("%q is none of the options A to %s", shorten(token, 20), letter(len(q.Options)-1))
}

// readPairs reads "1 B, 2 A", "1B 2A", or the values alone in their order.
func readPairs(written string, n int, what string, value func(string) (string, string)) (answer, problem string) {
	values := make([]string, n)
	next, numbered := 0, -1
	put := func(token string) string {
		v, problem := value(token)
		if problem != "" {
			return problem
		}
		at := next
		if numbered >= 0 {
			at = numbered
		}
		if at >= n {
			return fmt.Sprintf("has more than %d answers", n)
		}
		if values[at] != "" {
			return fmt.Sprintf("answers %d twice", at+1)
		}
		values[at] = v
		next, numbered = at+1, -1
		return ""
	}
	for _, t := range tokensOf(written) {
		m := numberedToken.FindStringSubmatch(t)
		number := t
		if m != nil {
			number, t = m[1], m[2]
		}
		if m != nil || onlyDigits.MatchString(t) {
			i, err := strconv.Atoi(number)
			if err != nil || i < 1 || i > n {
				return "", fmt.Sprintf("%s is none of the numbers 1 to %d", shorten(number, 20), n)
			}
			if numbered >= 0 {
				return "", fmt.Sprintf("%d has no answer; give %s", numbered+1, what)
			}
			numbered = i - 1
		}
		if m == nil && onlyDigits.MatchString(t) {
			continue
		}
		if problem := put(t); problem != "" {
			return "", problem
		}
	}
	for i, v := range values {
		if v == "" {
			return "", fmt.Sprintf("%d has no answer; give %s for each of 1 to %d", i+1, what, n)
		}
		values[i] = fmt.Sprintf("%d %s", i+1, v)
	}
	return strings.Join(values, ", "), ""
}

func readVerdict(token string) (verdict, problem string) {
	switch strings.ToLower(token) {
	case "yes", "y", "true":
		return "yes", ""
	case "no", "n", "false":
		return "no", ""
	}
	return "", fmt.Sprintf("%q is neither yes nor no", shorten(token, 20))
}
