package bank_test

import (
	"strings"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

func TestTextOfEveryType(t *testing.T) {
	cat := &catalogue.Catalogue{}
	for name, opts := range map[string]bank.TextOptions{"preview.golden.txt": {Width: 80}, "preview-no-key.golden.txt": {Width: 80, NoKey: true}} {
		var out strings.Builder
		for _, q := range goodBank(t).Questions {
			out.WriteString(bank.Text(q, cat, opts) + "\n")
		}
		golden(t, name, out.String())
	}
}

// Whatever the key is, the text without it is the same: apart from the place
// of single options, which stand as written, it can't tell.
func TestTextWithoutTheKeyDoesNotTellIt(t *testing.T) {
	b := goodBank(t)
	for _, q := range b.Questions {
		hidden := bank.Text(q, &catalogue.Catalogue{}, bank.TextOptions{Width: 80, NoKey: true})
		for _, secret := range []string{"✓", "→", "Remember", "https://"} {
			if strings.Contains(hidden, secret) {
				t.Errorf("%s: %q is shown", q.ID, secret)
			}
		}
		for _, o := range q.Options {
			if o.Rationale != "" && strings.Contains(strings.Join(strings.Fields(hidden), " "), o.Rationale) {
				t.Errorf("%s: the reason of %s is shown", q.ID, o.ID)
			}
		}
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	q := sound()
	for _, width := range []int{40, 60, 100} {
		for line := range strings.Lines(bank.Text(q, repository(t), bank.TextOptions{Width: width})) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > width && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%d letters in a width of %d: %s", n, width, line)
			}
		}
	}
}

func TestANewFileIsValidForEveryType(t *testing.T) {
	cat := repository(t)
	free := func(string) bool { return false }
	for _, typ := range append(exam.Types(), "case_set") {
		for _, platform := range exam.Platforms() {
			d, err := bank.Draft{Case: typ == "case_set", Type: typ, Platform: platform, Skill: "rag-grounding", Month: "2026-12"}.Complete(cat, free)
			if err != nil {
				t.Fatal(err)
			}
			name := d.Name()
			b, remarks := bank.ParseFiles([]bank.File{{Name: name[strings.LastIndex(name, "/")+1:], Data: []byte(d.Text(cat))}}, "files")
			if len(remarks) > 0 || len(b.Questions) == 0 {
				t.Errorf("%s on %s: %s", typ, platform, report(remarks))
			}
			for _, q := range b.Questions {
				if q.Platform != platform || q.Skill != "rag-grounding" || q.FactsAsOf != "2026-12" || !d.Case && (string(q.ID) != d.ID || q.Type != typ) || d.Case && string(q.Stimulus.ID) != d.ID {
					t.Errorf("%s on %s: %s %s %s %s", typ, platform, q.ID, q.Platform, q.Skill, q.FactsAsOf)
				}
			}
		}
	}
}

func TestADraftIsCompletedFromItsParts(t *testing.T) {
	cat := repository(t)
	taken := func(id string) bool {
		return id == "aws-rag-grounding-01" || id == "aws-rag-grounding-02" || id == "gcp-case-01"
	}
	for _, c := range []struct {
		name  string
		draft bank.Draft
		file  string
		err   string
	}{
		{"by id", bank.Draft{ID: "aws-rag-grounding-07"}, "aws/rag-grounding/aws-rag-grounding-07.yaml", ""},
		{"by platform and skill", bank.Draft{Platform: exam.AWS, Skill: "rag-grounding"}, "aws/rag-grounding/aws-rag-grounding-03.yaml", ""},
		{"a case set by id", bank.Draft{ID: "azure-case-claims"}, "azure/cases/azure-case-claims.yaml", ""},
		{"a case set by platform", bank.Draft{Case: true, Platform: exam.GCP}, "gcp/cases/gcp-case-02.yaml", ""},
		{"an id of one's own", bank.Draft{ID: "spring-class-1", Platform: exam.AWS, Skill: "rag-grounding"}, "aws/rag-grounding/spring-class-1.yaml", ""},
		{"nothing", bank.Draft{}, "", "the platform is missing"},
		{"no skill", bank.Draft{Platform: exam.AWS}, "", "the skill is missing"},
		{"a slip in the skill", bank.Draft{Platform: exam.AWS, Skill: "rag-groundng"}, "", `did you mean "rag-grounding"`},
		{"two platforms", bank.Draft{ID: "aws-rag-grounding-07", Platform: exam.GCP}, "", "make the two agree"},
		{"taken", bank.Draft{ID: "aws-rag-grounding-02"}, "", "there is a question aws-rag-grounding-02 already"},
		{"no id", bank.Draft{ID: "aws-RAG", Skill: "rag-grounding"}, "", `the id "aws-RAG": `},
	} {
		d, err := c.draft.Complete(cat, taken)
		switch {
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: %v, want %q", c.name, err, c.err)
		case c.err == "" && (err != nil || d.Name() != c.file):
			t.Errorf("%s: %s %v, want %s", c.name, d.Name(), err, c.file)
		}
	}
}

func TestANewFileNamesTheDomainsToChooseFrom(t *testing.T) {
	cat := repository(t)
	d, err := bank.Draft{Platform: exam.AWS, Skill: "genai-fundamentals"}.Complete(cat, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	text := d.Text(cat)
	if !strings.Contains(text, "(AIF-C01 1, 2)") || !strings.Contains(text, `# domains: {AIF-C01: "1"}`) {
		t.Errorf("the domains are missing:\n%s", text)
	}
}
