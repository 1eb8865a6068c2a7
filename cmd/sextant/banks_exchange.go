package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
)

type bankImport struct {
	dataFlag
	jsonFlag
	Title      string        `name:"bank" help:"Title of the bank to add to, by default the first file's name; one that doesn't exist is made." placeholder:"TITLE"`
	Owner      string        `help:"Email address of the instructor who does this; by default the operator does." placeholder:"EMAIL"`
	Skill      exam.SkillID  `help:"Skill of the questions that name none." placeholder:"SKILL"`
	Platform   exam.Platform `help:"Platform of the questions that name none: aws, azure, gcp or neutral." placeholder:"PLATFORM"`
	Difficulty int           `help:"Difficulty, 1 to 5, of the questions that name none." placeholder:"N"`
	Drafts     bool          `help:"Bring the questions in as drafts instead of publishing them."`
	DryRun     bool          `help:"Read the files and say what is in them; write nothing." short:"n"`
	Files      []string      `arg:"" help:"Files of any format, zips of them, or directories."`
}

// Run reads files of any format and adds their questions to a bank.
func (b *bankImport) Run(ctx context.Context, std streams) error {
	if err := b.check(); err != nil {
		return err
	}
	files, found, err := importFiles(b.Files)
	if err != nil {
		return err
	}
	bar := newProgress(std.err, "reading")
	documents := intake.Read(ctx, files, bar.set)
	bar.end()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("reading the files: %w; nothing was written", err)
	}
	report := reportOn(documents, found)
	if !b.DryRun {
		if report.Bank, err = b.write(ctx, documents); err != nil {
			return errors.Join(report.print(std.out, b.JSON), err)
		}
	}
	if err := report.print(std.out, b.JSON); err != nil {
		return err
	}
	if report.errors() > 0 {
		return errFound
	}
	return nil
}

func (b *bankImport) check() error {
	if b.Platform != "" && !b.Platform.Valid() {
		return usageError{fmt.Errorf("%q is not a platform; use aws, azure, gcp or neutral", b.Platform)}
	}
	if b.Difficulty < 0 || b.Difficulty > 5 {
		return usageError{fmt.Errorf("%d is no difficulty; use 1 to 5", b.Difficulty)}
	}
	return nil
}

// title is what the bank is called.
func (b *bankImport) title() string {
	if b.Title != "" {
		return b.Title
	}
	name := filepath.Base(filepath.Clean(b.Files[0]))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// write adds the questions to the bank: all of them or none.
func (b *bankImport) write(ctx context.Context, documents []*exchange.Document) (result *importedBank, err error) {
	err = withApp(ctx, b.Data, func(a *app) error {
		actor, err := b.actor(ctx, a)
		if err != nil {
			return err
		}
		begun, err := a.authors.BeginImport(ctx, actor, a.store, b.title())
		if err != nil {
			return err
		}
		result, err = b.writeBegun(ctx, a, actor, begun, documents)
		if err != nil {
			err = errors.Join(err, a.authors.Abandon(context.WithoutCancel(ctx), actor, a.store, begun.ID))
		}
		return err
	})
	return result, err
}

func (b *bankImport) writeBegun(ctx context.Context, a *app, actor authoring.Actor, begun *authoring.Import, documents []*exchange.Document) (*importedBank, error) {
	if err := a.authors.ReadImport(ctx, a.store, begun, documents, a.authors.AssignBeside(ctx, a.store)); err != nil {
		return nil, err
	}
	defaults := authoring.Labels{Platform: b.Platform, Skill: b.Skill, Difficulty: b.Difficulty}
	if err := a.authors.MapImport(ctx, actor, a.store, begun.ID, authoring.Mapping{All: defaults}); err != nil {
		return nil, err
	}
	proposal, err := a.authors.Propose(ctx, actor, a.store, begun.ID)
	if err != nil {
		return nil, err
	}
	tally := proposal.Tally
	result := &importedBank{
		ID: string(proposal.Bank.ID), Title: proposal.Bank.Title,
		Added: tally[authoring.Adds], Changed: tally[authoring.Changes], Same: tally[authoring.Same], Drafts: tally[authoring.IsBroken],
	}
	if result.Added+result.Changed+result.Drafts == 0 {
		return result, a.authors.Abandon(ctx, actor, a.store, begun.ID)
	}
	_, err = a.authors.WriteImport(ctx, actor, a.store, begun.ID, !b.Drafts)
	return result, err
}

// actor is who imports.
func (b *bankImport) actor(ctx context.Context, a *app) (authoring.Actor, error) {
	if b.Owner == "" {
		return authoring.Operator(), nil
	}
	people, err := a.accounts.People(ctx)
	if err != nil {
		return authoring.Actor{}, err
	}
	wanted, err := account.NormalizeEmail(b.Owner)
	if err != nil {
		return authoring.Actor{}, err
	}
	for _, p := range people {
		if p.Email == wanted {
			return authoring.Actor{ID: p.ID, Role: p.Role}, nil
		}
	}
	return authoring.Actor{}, fmt.Errorf("there is no account %s; sextant user list shows those there are", b.Owner)
}
