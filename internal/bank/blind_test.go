package bank_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

// goodBank has a question of every type and a case set.
func goodBank(t testing.TB) *bank.Bank {
	t.Helper()
	b, remarks := bank.ParseFiles(sampleFiles(t, "good"), "files")
	if bank.HasErrors(remarks) || len(b.Questions) < 6 {
		t.Fatalf("%d questions:\n%s", len(b.Questions), report(remarks))
	}
	return b
}

// golden compares with a file under testdata, or renews it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func form(t testing.TB, b *bank.Bank, seed uint64) (*bank.BlindForm, string) {
	t.Helper()
	f := bank.DrawBlind(b, nil, bank.BlindOptions{N: 1000, Seed: seed})
	text, err := f.Markdown("sextant bank blind --grade form.md")
	if err != nil {
		t.Fatal(err)
	}
	return f, text
}

// fill writes answers into a form, by question.
func fill(t testing.TB, text string, answers map[exam.QuestionID]string) string {
	t.Helper()
	return regexp.MustCompile(`(?m)^question: (\S+) (.*)\nanswer:`).ReplaceAllStringFunc(text, func(block string) string {
		id := strings.Fields(block)[1]
		return block + " " + answers[exam.QuestionID(id)]
	})
}

// grade parses and grades a filled form that must be in order.
func grade(t testing.TB, b *bank.Bank, texts ...string) *bank.BlindReport {
	t.Helper()
	var entries []bank.SheetEntry
	for _, text := range texts {
		found, remarks := bank.ParseSheet("form.md", []byte(text))
		if len(remarks) > 0 {
			t.Fatal(report(remarks))
		}
		entries = append(entries, found...)
	}
	r, remarks := bank.GradeBlind(b, entries, "2026-11-22")
	if len(remarks) > 0 {
		t.Fatal(report(remarks))
	}
	return r
}

func keys(r *bank.BlindReport) map[exam.QuestionID]string {
	found := map[exam.QuestionID]string{}
	for _, q := range r.Questions {
		found[q.ID] = q.Answers[0].Key
	}
	return found
}

func TestBlindForm(t *testing.T) {
	f, text := form(t, goodBank(t), 3)
	golden(t, "blind-form.golden.md", text)
	sheet, err := f.Sheet("sextant bank blind --grade sheet.md")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "blind-sheet.golden.md", sheet)
}

// rekeyed has the same questions for a learner and quite another key: other
// options right, steps written in another order, other reasons.
func rekeyed(b *bank.Bank) *bank.Bank {
	var questions []*exam.Question
	for _, q := range b.Questions {
		other := *q
		other.Options, other.Prompts, other.Statements = slices.Clone(q.Options), slices.Clone(q.Prompts), slices.Clone(q.Statements)
		slices.Reverse(other.Options)
		n := len(other.Options)
		for i := range other.Options {
			o := &other.Options[i]
			o.ID, o.Rationale = exam.OptionID(rune('A'+i)), "another reason"
			o.Key = q.Options[i].Key
			if q.Type == exam.Ordering {
				o.Place = i + 1
			}
		}
		for i := range other.Prompts {
			other.Prompts[i].Match, other.Prompts[i].Rationale = other.Options[(i+1)%n].ID, "another reason"
		}
		for i := range other.Statements {
			other.Statements[i].Yes, other.Statements[i].Rationale = !q.Statements[i].Yes, "another reason"
		}
		other.Remember, other.References, other.Review = "another rule", nil, exam.Review{Solved: 1, Date: "2026-01-01"}
		questions = append(questions, &other)
	}
	return bank.New("files", questions)
}

// A form of the same texts is the same to the byte whatever the key is, so
// nothing in it can tell the key.
func TestNothingInAFormDependsOnTheKey(t *testing.T) {
	builtIn, _ := bank.Load(os.DirFS("../../questions"), exam.BuiltIn)
	for _, b := range []*bank.Bank{goodBank(t), builtIn} {
		_, one := form(t, b, 11)
		_, other := form(t, rekeyed(b), 11)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Errorf("another key makes another form:\n%s", diff)
		}
	}
}

func TestWhoAnswersByTheKeyAgreesAndElseNot(t *testing.T) {
	builtIn, _ := bank.Load(os.DirFS("../../questions"), exam.BuiltIn)
	_, text := form(t, builtIn, 5)
	key := keys(grade(t, builtIn, text))
	r := grade(t, builtIn, fill(t, text, key))
	if n := len(builtIn.Questions); r.Asked != n || r.Answered != n || r.Agreed != n || r.Share != 1 || r.High < 0.999 || r.Low < 0.9 {
		t.Errorf("answered by the key: %d asked, %d answered, %d agreed, %.2f (%.2f to %.2f), want all %d", r.Asked, r.Answered, r.Agreed, r.Share, r.Low, r.High, n)
	}
	other := keys(grade(t, rekeyed(builtIn), text))
	r = grade(t, builtIn, fill(t, text, other))
	for _, q := range r.Questions {
		if a := q.Answers[0]; a.Agrees != (key[q.ID] == other[q.ID]) {
			t.Errorf("%s: %q agrees %t with %q", q.ID, a.Given, a.Agrees, a.Key)
		}
	}
	if r.Agreed > len(builtIn.Questions)/3 {
		t.Errorf("%d of %d agree with another key", r.Agreed, len(builtIn.Questions))
	}
}

func TestTheSeedAloneDecidesTheDrawAndTheLetters(t *testing.T) {
	b := many(60, nil)
	rapid.Check(t, func(t *rapid.T) {
		opts := bank.BlindOptions{N: rapid.IntRange(1, 70).Draw(t, "n"), Seed: rapid.Uint64().Draw(t, "seed")}
		f, again := bank.DrawBlind(b, nil, opts), bank.DrawBlind(b, nil, opts)
		if !slices.Equal(f.Questions, again.Questions) || len(f.Questions) != min(opts.N, 60) {
			t.Fatalf("%d questions drawn, then %d", len(f.Questions), len(again.Questions))
		}
		for _, q := range f.Questions {
			order := bank.Shuffled(q, opts.Seed)
			seen := slices.Clone(order)
			slices.Sort(seen)
			if !slices.Equal(seen, []int{0, 1, 2, 3}) {
				t.Fatalf("order %v", order)
			}
		}
	})
	// Over many seeds the key stands in every place about as often.
	at := make([]int, 4)
	for seed := range uint64(400) {
		at[slices.Index(bank.Shuffled(b.Questions[0], seed), 0)]++
	}
	for place, n := range at { // 100 expected, standard deviation 8.7
		if n < 65 || n > 135 {
			t.Errorf("the first option is shown in place %d for %d of 400 seeds", place+1, n)
		}
	}
}

func TestOptionsInAFixedOrderStandAsWritten(t *testing.T) {
	moved := 0
	for seed := range uint64(20) {
		q := sound()
		q.FixedOrder = true
		if got := bank.Shuffled(q, seed); !slices.Equal(got, []int{0, 1, 2, 3}) {
			t.Errorf("seed %d: %v", seed, got)
		}
		q.Type = exam.Ordering // whose order is its key
		if !slices.Equal(bank.Shuffled(q, seed), []int{0, 1, 2, 3}) {
			moved++
		}
	}
	if moved == 0 {
		t.Error("the steps of an ordering were never shuffled")
	}
}

// Letters on a form stand for places; where these follow the author's order, a
// form that was made from another order must not be graded.
func TestTheFingerprintFollowsAFixedOrder(t *testing.T) {
	free, fixed := sound(), sound()
	fixed.FixedOrder = true
	if bank.Fingerprint(free) == bank.Fingerprint(fixed) {
		t.Error("fixing the order leaves the fingerprint")
	}
	for _, q := range []*exam.Question{free, fixed} {
		before := bank.Fingerprint(q)
		slices.Reverse(q.Options)
		if got := bank.Fingerprint(q) != before; got != q.FixedOrder {
			t.Errorf("fixed order %v: another order changes the fingerprint: %v", q.FixedOrder, got)
		}
	}
}

func TestDrawingKeepsToWhatIsAskedFor(t *testing.T) {
	cat := repository(t)
	b := many(30, func(i int, q *exam.Question) {
		if i%3 == 0 {
			q.Review = exam.Review{}
		}
		if i%2 == 0 {
			q.Platform, q.Skill = exam.GCP, "mlops-pipelines"
		}
	})
	for _, q := range bank.DrawBlind(b, cat, bank.BlindOptions{N: 99, Seed: 1, Exams: []exam.Code{"PMLE"}, Unreviewed: true}).Questions {
		if _, serves := cat.Serves(q)["PMLE"]; !serves || q.Review.Solved > 0 {
			t.Errorf("%s on %s, solved by %d", q.ID, q.Platform, q.Review.Solved)
		}
	}
	if n := len(bank.DrawBlind(b, cat, bank.BlindOptions{N: 99, Seed: 1, Unreviewed: true}).Questions); n != 10 {
		t.Errorf("%d of 10 questions without a review are drawn", n)
	}
	shared := &exam.Stimulus{ID: "case", Title: "t", Text: "s"}
	sets := many(30, func(i int, q *exam.Question) {
		if i%10 == 4 {
			q.Stimulus = shared
		}
	})
	for seed := range uint64(20) {
		var places []int
		for i, q := range bank.DrawBlind(sets, nil, bank.BlindOptions{N: 30, Seed: seed}).Questions {
			if q.Stimulus != nil {
				places = append(places, i)
			}
		}
		if len(places) != 3 || places[2]-places[0] != 2 {
			t.Errorf("seed %d: the case set's questions stand at %v", seed, places)
		}
	}
}

func TestAFormCanBeFilledInFreely(t *testing.T) {
	b := goodBank(t)
	_, text := form(t, b, 3)
	key := keys(grade(t, b, text))
	for id, k := range key {
		q, _ := b.Question(id)
		loose := []string{strings.ToLower(k), "  " + strings.ReplaceAll(k, ", ", " ") + " ", strings.ReplaceAll(k, ", ", " and ")}
		if q.Type != exam.YesNo {
			loose = append(loose, strings.NewReplacer(" ", "", ",", " ").Replace(k))
		}
		switch q.Type {
		case exam.Multiple, exam.Ordering:
			loose = append(loose, strings.ReplaceAll(k, ", ", ""))
		case exam.Matching:
			loose = append(loose, regexp.MustCompile(`\d+ `).ReplaceAllString(k, ""), strings.ReplaceAll(k, " ", "-"), strings.ReplaceAll(k, " ", ": "))
		case exam.YesNo:
			loose = append(loose, regexp.MustCompile(`\d+ `).ReplaceAllString(k, ""), strings.NewReplacer("yes", "Y", "no", "N").Replace(k))
		case exam.Single:
			loose = append(loose, k+".", "("+k+")")
		}
		for _, answer := range loose {
			entries, _ := bank.ParseSheet("form.md", []byte(fill(t, text, map[exam.QuestionID]string{id: answer})))
			r, remarks := bank.GradeBlind(b, entries, "2026-11-22")
			if len(remarks) > 0 || r.Agreed != 1 || r.Answered != 1 {
				t.Errorf("%s: %q is not read as the key %q: %s", id, answer, k, report(remarks))
			}
		}
	}
}

func TestAnswersThatDontFitAreNamedByLine(t *testing.T) {
	b := goodBank(t)
	_, text := form(t, b, 3)
	for _, c := range []struct {
		id      exam.QuestionID
		answer  string
		problem string
	}{
		{"neutral-case-orchard-1", "D", `"D" is none of the options A to C`},
		{"neutral-case-orchard-1", "A, B", "has 2 letters; give one"},
		{"neutral-case-orchard-1", "because", `"because" is none of the options A to C`},
		{"neutral-case-orchard-2", "yes", "2 has no answer; give yes or no for each of 1 to 2"},
		{"neutral-case-orchard-2", "yes maybe", `"maybe" is neither yes nor no`},
		{"neutral-case-orchard-2", "1 yes 1 no", "answers 1 twice"},
		{"neutral-case-orchard-2", "1 2 yes", "1 has no answer; give yes or no"},
		{"neutral-case-orchard-2", "3 yes", "3 is none of the numbers 1 to 2"},
		{"neutral-case-orchard-2", "yes no yes", "has more than 2 answers"},
	} {
		filled := fill(t, text, map[exam.QuestionID]string{c.id: c.answer})
		entries, remarks := bank.ParseSheet("form.md", []byte(filled))
		r, faults := bank.GradeBlind(b, entries, "2026-11-22")
		if len(remarks) > 0 || r != nil || len(faults) != 1 || !strings.HasSuffix(faults[0].Message, c.problem) || !strings.HasPrefix(faults[0].Message, string(c.id)+": answer") {
			t.Errorf("%s %q: %s; want %q", c.id, c.answer, report(faults), c.problem)
			continue
		}
		if line := strings.Split(filled, "\n")[faults[0].Line-1]; !strings.HasPrefix(line, "answer: ") || !strings.Contains(line, c.answer) {
			t.Errorf("%s %q: line %d is %q", c.id, c.answer, faults[0].Line, line)
		}
	}
	for id, wrong := range map[exam.Type]string{exam.Multiple: "A", exam.Ordering: "A, B", exam.Matching: "A"} {
		i := slices.IndexFunc(b.Questions, func(q *exam.Question) bool { return q.Type == id })
		entries, _ := bank.ParseSheet("form.md", []byte(fill(t, text, map[exam.QuestionID]string{b.Questions[i].ID: wrong})))
		if _, faults := bank.GradeBlind(b, entries, "2026-11-22"); len(faults) != 1 {
			t.Errorf("%s: %q is taken", id, wrong)
		}
	}
}

func TestAChangedQuestionIsRefusedAndAChangedKeyIsNot(t *testing.T) {
	q := sound()
	b := bank.New("b", []*exam.Question{q})
	_, text := form(t, b, 1)
	filled := fill(t, text, keys(grade(t, b, text)))
	entries, _ := bank.ParseSheet("form.md", []byte(filled))
	for name, change := range map[string]func(q *exam.Question){
		"stem":      func(q *exam.Question) { q.Stem += " And more." },
		"ask":       func(q *exam.Question) { q.Ask = "Which one?" },
		"an option": func(q *exam.Question) { q.Options[2].Text += "s" },
		"stimulus":  func(q *exam.Question) { q.Stimulus = &exam.Stimulus{ID: "c", Title: "t", Text: "x"} },
		"id":        func(q *exam.Question) { q.ID = "another-one" },
	} {
		other := sound()
		change(other)
		r, faults := bank.GradeBlind(bank.New("b", []*exam.Question{other}), entries, "2026-11-22")
		if r != nil || len(faults) != 1 || faults[0].Line != entries[0].Line || !strings.Contains(faults[0].Message, string(q.ID)) {
			t.Errorf("%s changed: %v %s", name, r, report(faults))
		}
	}
	other := sound()
	other.Options[1].Key, other.Options[0].Key, other.Options[1].Rationale = false, true, "another"
	if r := grade(t, bank.New("b", []*exam.Question{other}), filled); r.Agreed != 0 || r.Answered != 1 {
		t.Errorf("another key: %+v", r)
	}
}

func TestAReportSaysWhatToLookAtAndWhatToRecord(t *testing.T) {
	b := many(4, func(_ int, q *exam.Question) { q.Review = exam.Review{Solved: 2, Agreed: 1, Date: "2026-01-01"} })
	_, text := form(t, b, 1)
	_, second := form(t, b, 2)
	key, key2 := keys(grade(t, b, text)), keys(grade(t, b, second))
	id := func(i int) exam.QuestionID { return b.Questions[i].ID }
	key[id(1)] = "?"
	delete(key, id(2))
	filled := fill(t, text, key)
	at := strings.Index(filled, string(id(3)))
	filled = filled[:at] + strings.Replace(strings.Replace(filled[at:], "confidence:", "confidence: 40 %", 1), "remark:", "remark: is B wrong?\nanswer: B could be right, too", 1)
	r := grade(t, b, filled, fill(t, second, key2))
	if r.Asked != 8 || r.Answered != 7 || r.Agreed != 6 {
		t.Errorf("%d asked, %d answered, %d agreed", r.Asked, r.Answered, r.Agreed)
	}
	if low, high := bank.Wilson(6./7, 7); r.Low != low || r.High != high {
		t.Errorf("interval %v to %v", r.Low, r.High)
	}
	if r.ConfidenceAgreed == nil || *r.ConfidenceAgreed != 40 || r.ConfidenceDisagreed != nil {
		t.Errorf("confidence %v and %v", r.ConfidenceAgreed, r.ConfidenceDisagreed)
	}
	for _, q := range r.Questions {
		want := map[exam.QuestionID]struct {
			review string
			doubt  bool
		}{
			id(0): {`review: {solved: 4, agreed: 3, date: "2026-11-22"}`, false},
			id(1): {"", true},
			id(2): {`review: {solved: 3, agreed: 2, date: "2026-11-22"}`, false},
			id(3): {`review: {solved: 4, agreed: 3, date: "2026-11-22"}`, true},
		}[q.ID]
		if q.Review != want.review || q.Doubt != want.doubt {
			t.Errorf("%s: %q, doubt %t; want %q, %t", q.ID, q.Review, q.Doubt, want.review, want.doubt)
		}
		if q.ID == id(3) && q.Answers[0].Remark != "is B wrong?\nanswer: B could be right, too" {
			t.Errorf("remark %q", q.Answers[0].Remark)
		}
	}
}

func TestParseSheetNamesEveryFault(t *testing.T) {
	const q = "question: aws-x-01 (seed 1, text 0123456789ab)\n"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "# notes\n", "s.md:1: has no answer block; is it a form made by sextant bank blind?"},
		{"not UTF-8", "```answer\xff", "s.md:1: is not UTF-8 text; save it as UTF-8"},
		{"no end", "```answer\n" + q + "answer: B\n", "s.md:1: this answer block doesn't end; close it with a line ```"},
		{"no end before the next", "```answer\n" + q + "```answer\n" + q + "```\n", "s.md:1: this answer block doesn't end before the next begins; close it with a line ```"},
		{"no question", "\n```answer\nanswer: B\n```\n", "s.md:2: this answer block has no line with its question; take it over from the form"},
		{"a cut question", "```answer\nquestion: aws-x-01\n```\n", "s.md:2: \"aws-x-01\" does not read as a question of a form, “id (seed …, text …)”; take the line over from the form unchanged"},
		{"a huge seed", "```answer\nquestion: aws-x-01 (seed 99999999999999999999, text 0123456789ab)\n```\n", "s.md:2: seed 99999999999999999999 is no seed of a form; take the line over from the form unchanged"},
		{"twice", "```answer\n" + q + "```\n```answer\n" + q + "```\n", "s.md:5: aws-x-01 is answered already on line 2; keep one"},
		{"two answers", "```answer\n" + q + "answer: B\nanswer: C\n```\n", "s.md:4: answer is given twice (first on line 3); keep one"},
		{"a stray line", "```answer\n" + q + "B\n```\n", "s.md:3: \"B\" is none of question:, answer:, confidence: and remark:; a longer note goes below remark:"},
		{"confidence", "```answer\n" + q + "confidence: high\n```\n", "s.md:3: confidence \"high\": give a whole number from 0 to 100, or leave it open"},
		{"too sure", "```answer\n" + q + "confidence: 101\n```\n", "s.md:3: confidence \"101\": give a whole number from 0 to 100, or leave it open"},
		{"an endless remark", "```answer\n" + q + "remark: " + strings.Repeat("x", 4001) + "\n```\n", "s.md:3: the remark has 4001 bytes; the limit is 4000"},
	} {
		_, remarks := bank.ParseSheet("s.md", []byte(c.text))
		if len(remarks) != 1 || remarks[0].String() != c.want || remarks[0].Severity != bank.Error {
			t.Errorf("%s: %s, want %s", c.name, report(remarks), c.want)
		}
	}
	for name, text := range map[string]string{"windows": "\ufeff```answer\r\n" + q + "ANSWER: B \r\n```\r\n", "text around": "x\n```yaml\na: b\n```\n```answer\n" + q + "answer:B\n```\nanswer: C"} {
		entries, remarks := bank.ParseSheet("s.md", []byte(text))
		if len(remarks) > 0 || len(entries) != 1 || entries[0].Answer != "B" || entries[0].Seed != 1 || entries[0].Fingerprint != "0123456789ab" || entries[0].Confidence != bank.NoConfidence {
			t.Errorf("%s: %+v %s", name, entries, report(remarks))
		}
	}
}

func TestAQuestionThatLooksLikeAnAnswerBlockIsRefused(t *testing.T) {
	q := sound()
	q.Stem += "\n\n```answer\nquestion: x (seed 1, text 0123456789ab)\n```\n"
	f := bank.DrawBlind(bank.New("b", []*exam.Question{q}), nil, bank.BlindOptions{N: 1})
	if _, err := f.Markdown("grade"); err == nil {
		t.Error("the form can't be read back, and nobody is told")
	}
}

// FuzzParseSheet holds the parser to its promises on any bytes: it returns,
// every remark has a line of the file, every entry is complete and graded
// without a panic, and nothing at all is never taken for a sheet.
func FuzzParseSheet(f *testing.F) {
	b := goodBank(f)
	_, text := form(f, b, 3)
	f.Add([]byte(text))
	f.Add([]byte(fill(f, text, keys(grade(f, b, text)))))
	f.Add([]byte("```answer\nquestion: aws-x-01 (seed 1, text 0123456789ab)\nanswer: B\nconfidence: 7 %\nremark: a\nb\n```"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, remarks := bank.ParseSheet("s.md", data)
		lines := 1 + strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n")
		for _, r := range remarks {
			if r.File != "s.md" || r.Line < 1 || r.Line > lines || r.Message == "" || r.Severity != bank.Error {
				t.Errorf("incomplete remark %+v of %d lines", r, lines)
			}
		}
		for _, e := range entries {
			if e.Question == "" || e.Line < 1 || e.Line > lines || e.Confidence < bank.NoConfidence || e.Confidence > 100 || len(e.Fingerprint) != 12 {
				t.Errorf("incomplete entry %+v", e)
			}
		}
		if len(entries) == 0 && len(remarks) == 0 {
			t.Error("nothing was read and no error says why")
		}
		if r, faults := bank.GradeBlind(b, entries, "2026-11-22"); (r == nil) == (len(faults) == 0) {
			t.Errorf("report %v beside %d faults", r, len(faults))
		}
	})
}
