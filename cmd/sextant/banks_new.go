package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

type bankNew struct {
	ID       string `arg:"" optional:"" help:"Id of the question, such as aws-rag-grounding-07, or of the case set, such as azure-case-claims. Left out, it is the next free number."`
	Type     string `help:"${enum}." enum:"single,multiple,ordering,matching,yes_no,case_set" default:"single"`
	Platform string `help:"aws, azure, gcp or neutral, where the id doesn't say it."`
	Skill    string `help:"The one primary skill, where the id doesn't say it."`
	Dir      string `help:"Write the file where it belongs below this folder of a bank; without, it is printed." type:"path" placeholder:"DIR" xor:"where"`
	Out      string `help:"Write this file." type:"path" placeholder:"FILE" xor:"where"`
}

// Run writes or prints a file to start from. It never overwrites one.
func (b *bankNew) Run(std streams) error {
	built, err := loadContent()
	if err != nil {
		return err
	}
	draft := bank.Draft{
		ID: b.ID, Case: b.Type == "case_set", Type: exam.Type(b.Type), Platform: exam.Platform(b.Platform), Skill: exam.SkillID(b.Skill),
		Month: time.Now().Format("2006-01"),
	}
	draft, err = draft.Complete(built.catalogue, b.taken(built.bank))
	if err != nil {
		return usageError{err}
	}
	text := draft.Text(built.catalogue)
	name := b.Out
	if b.Dir != "" {
		name = filepath.Join(b.Dir, filepath.FromSlash(draft.Name()))
	}
	if name == "" {
		_, err := io.WriteString(std.out, text)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("starting a question: %w", err)
	}
	if err := createFile(name, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "wrote %s\nnext: write it, then\n  sextant bank lint %s\n  sextant bank preview %s\n", name, name, name)
	return err
}

// taken reports whether an id is in use in the built-in bank or the folder.
func (b *bankNew) taken(builtIn *bank.Bank) func(string) bool {
	ids := map[string]bool{}
	for _, q := range builtIn.Questions {
		ids[string(q.ID)] = true
		if q.Stimulus != nil {
			ids[string(q.Stimulus.ID)] = true
		}
	}
	if b.Dir == "" {
		return func(id string) bool { return ids[id] }
	}
	// A file is named after its id. What can't be walked is met again on writing.
	_ = filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".yaml" {
			base := filepath.Base(path)
			ids[base[:len(base)-len(".yaml")]] = true
		}
		return nil
	})
	return func(id string) bool { return ids[id] }
}

// createFile writes a file that must not be there yet.
func createFile(name, text string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already and is left as it is; name another file", name)
	}
	if err != nil {
		return fmt.Errorf("writing a new file: %w", err)
	}
	defer func() { err = firstError(err, f.Close()) }()
	_, err = io.WriteString(f, text)
	return err
}
