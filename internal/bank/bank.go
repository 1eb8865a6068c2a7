// Package bank reads, checks and writes question banks in the native format:
// one YAML file per question or case set. Reading lists every problem of every
// file at once, each with the line to go to; Lint adds the mechanical rules of
// item writing, and Summarise counts what the bank holds.
package bank

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// Bank is a set of valid questions, sorted by id.
type Bank struct {
	ID        exam.BankID
	Questions []*exam.Question

	// rejected are questions that could be read but break a rule: Lint still
	// speaks about them, so that an author sees everything at once.
	rejected []*exam.Question
	sources  map[*exam.Question]source
}

// New makes a bank of questions that were not read from files, sorted by id.
func New(id exam.BankID, questions []*exam.Question) *Bank {
	sorted := slices.Clone(questions)
	sortQuestions(sorted)
	return &Bank{ID: id, Questions: sorted}
}

// Question returns the question with the id, and false when there is none.
func (b *Bank) Question(id exam.QuestionID) (*exam.Question, bool) {
	i, found := slices.BinarySearchFunc(b.Questions, id, func(q *exam.Question, id exam.QuestionID) int {
		return strings.Compare(string(q.ID), string(id))
	})
	if !found {
		return nil, false
	}
	return b.Questions[i], true
}

// Rejected lists the questions that could be read but have an error, in the order
// of their ids: whoever shows them to be mended has the remarks tell what is wrong.
func (b *Bank) Rejected() []*exam.Question { return slices.Clone(b.rejected) }

func sortQuestions(questions []*exam.Question) {
	slices.SortStableFunc(questions, func(a, b *exam.Question) int {
		return strings.Compare(string(a.ID), string(b.ID))
	})
}

// File is one file of a bank.
type File struct {
	Name string // as remarks name it, with forward slashes
	Data []byte
}

// Load reads every question file under the four platform folders of fsys:
// <platform>/<skill>/<id>.yaml and, for case sets, <platform>/cases/<id>.yaml.
// The bank holds the questions without errors; the remarks list every problem
// of every file, in file and line order.
func Load(fsys fs.FS, bankID exam.BankID) (*Bank, []Remark) {
	files, remarks := collect(fsys)
	items, found := readFiles(files, builtIn, nil)
	for _, it := range items {
		misplaced := it.misplaced()
		it.broken = it.broken || HasErrors(misplaced)
		found = append(found, misplaced...)
	}
	remarks = append(remarks, found...)
	sortRemarks(remarks)
	return assemble(bankID, items), remarks
}

// ParseFiles reads an uploaded bank. Where the files lie says nothing, and a
// file whose name is not its id earns a remark, not an error; so does whatever a
// question lacks to measure and to teach (exam.Question.Gaps).
func ParseFiles(files []File, bankID exam.BankID) (*Bank, []Remark) {
	return ParseFilesWith(files, bankID, nil)
}

// ParseFilesWith reads an uploaded bank whose questions may show images: media
// reports whether there is one with the key that ![alt](media:KEY) names.
func ParseFilesWith(files []File, bankID exam.BankID, media func(key string) bool) (*Bank, []Remark) {
	items, remarks := readFiles(files, uploaded, media)
	sortRemarks(remarks)
	return assemble(bankID, items), remarks
}

// assemble makes the bank of what was read.
func assemble(id exam.BankID, items []*item) *Bank {
	b := &Bank{ID: id, sources: map[*exam.Question]source{}}
	for _, it := range items {
		it.question.Bank = id
		b.sources[it.question] = it.source
		if it.broken {
			b.rejected = append(b.rejected, it.question)
		} else {
			b.Questions = append(b.Questions, it.question)
		}
	}
	sortQuestions(b.Questions)
	sortQuestions(b.rejected)
	return b
}

func collect(fsys fs.FS) ([]File, []Remark) {
	var files []File
	var remarks []Remark
	unreadable := func(name string, err error) {
		remarks = append(remarks, Remark{File: name, Line: 1, Severity: Error, Rule: "file", Message: fmt.Sprintf("can't be read: %v", err)})
	}
	for _, platform := range exam.Platforms() {
		root := string(platform)
		if _, err := fs.Stat(fsys, root); err != nil {
			continue // a bank need not have questions on every platform
		}
		err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				unreadable(name, err)
				return nil
			}
			if entry.IsDir() {
				return nil
			}
			switch path.Ext(name) {
			case ".yaml":
				data, err := fs.ReadFile(fsys, name)
				if err != nil {
					unreadable(name, err)
					return nil
				}
				files = append(files, File{Name: name, Data: data})
			case ".yml":
				remarks = append(remarks, Remark{File: name, Line: 1, Severity: Error, Rule: "file", Message: "is not read; rename it to end in .yaml"})
			}
			return nil
		})
		if err != nil {
			unreadable(root, err)
		}
	}
	return files, remarks
}

// readFiles reads every file and settles who owns an id that is used twice.
func readFiles(files []File, s standard, media func(key string) bool) ([]*item, []Remark) {
	var items []*item
	var remarks []Remark
	owners := newOwners()
	for _, f := range files {
		r := readFile(f, s, media)
		owners.settle(r)
		items = append(items, r.items...)
		remarks = append(remarks, r.remarks...)
	}
	return items, remarks
}

// owners are the first users of every id.
type owners struct {
	questions map[exam.QuestionID]source
	stimuli   map[exam.StimulusID]source
}

func newOwners() *owners {
	return &owners{questions: map[exam.QuestionID]source{}, stimuli: map[exam.StimulusID]source{}}
}

// settle breaks what uses an id that is used already, with a remark.
func (o *owners) settle(r *reading) {
	if r.stimulus != nil {
		taken := claim(o.stimuli, r.stimulus.ID, r.stimulusSource, "stimulus.id")
		r.remarks = append(r.remarks, taken...)
		for _, it := range r.items {
			it.broken = it.broken || len(taken) > 0
		}
	}
	for _, it := range r.items {
		taken := claim(o.questions, it.question.ID, it.source, "id")
		it.broken = it.broken || len(taken) > 0
		for _, remark := range taken {
			remark.Question = it.question.ID
			r.remarks = append(r.remarks, remark)
		}
	}
}

// claim records who uses an id first and reports any later user of it.
func claim[ID ~string](taken map[ID]source, id ID, by source, field string) []Remark {
	if id == "" {
		return nil
	}
	first, used := taken[id]
	if !used {
		taken[id] = by
		return nil
	}
	return []Remark{{
		File: by.file, Line: by.at(field), Field: field, Severity: Error, Rule: "duplicate-id",
		Message: fmt.Sprintf("%s: %s is already used at %s:%d; give each its own", field, id, first.file, first.at(field)),
	}}
}

// misplaced compares a question with the folder it lies in.
func (it *item) misplaced() []Remark {
	q, src := it.question, it.source
	parts := strings.Split(src.file, "/")
	if len(parts) < 2 {
		return nil
	}
	remark := func(field, format string, args ...any) Remark {
		return Remark{
			File: src.file, Line: src.at(field), Question: q.ID, Field: field, Severity: Error, Rule: "folder",
			Message: placed(field, fmt.Sprintf(format, args...)),
		}
	}
	if q.Stimulus != nil {
		if len(parts) != 3 || parts[1] != "cases" {
			return []Remark{remark("id", "a case set belongs in %s/cases/%s.yaml", q.Platform, q.Stimulus.ID)}
		}
		return nil
	}
	var remarks []Remark
	if q.Platform.Valid() && string(q.Platform) != parts[0] {
		remarks = append(remarks, remark("platform", "is %s but the file lies under %s/; move the file or correct the platform", q.Platform, parts[0]))
	}
	if len(parts) != 3 {
		remarks = append(remarks, remark("id", "the file belongs in %s/%s/%s.yaml", q.Platform, q.Skill, q.ID))
	} else if q.Skill != "" && string(q.Skill) != parts[1] {
		remarks = append(remarks, remark("skill", "is %s but the file lies in %s/; move the file or correct the skill", q.Skill, parts[1]))
	}
	return remarks
}
