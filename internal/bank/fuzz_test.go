package bank_test

import (
	"testing"

	"sextant/internal/bank"
)

// FuzzParse holds the reader to its promises on any bytes: it returns, every
// remark has a place and a message, what it keeps is valid, and a file without
// an error is kept.
func FuzzParse(f *testing.F) {
	for _, dir := range []string{"good", "imported", "broken"} {
		for _, file := range sampleFiles(f, dir) {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, remarks := bank.ParseFiles([]bank.File{{Name: "fuzz.yaml", Data: data}}, "uploads")
		for _, r := range remarks {
			if r.File != "fuzz.yaml" || r.Line < 1 || r.Message == "" || r.Rule == "" || r.Severity != bank.Error && r.Severity != bank.Advice {
				t.Errorf("incomplete remark %+v", r)
			}
		}
		for _, q := range b.Questions {
			if problems := q.Validate(); len(problems) > 0 {
				t.Errorf("kept an invalid question: %v", problems)
			}
			if len(q.Revision) != 16 || q.Bank != "uploads" {
				t.Errorf("kept without revision or bank: %q %q", q.Revision, q.Bank)
			}
		}
		if len(b.Questions) == 0 && !bank.HasErrors(remarks) {
			t.Error("nothing was kept and no error says why")
		}
		bank.Lint(b, nil, bank.LintOptions{})
	})
}
