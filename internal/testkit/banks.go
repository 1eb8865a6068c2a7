package testkit

import (
	"context"
	"testing"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// Publish brings questions into the bank with the title, which everybody sees, and
// publishes them. It is made if it isn't there; questions that it has are changed.
func (a *App) Publish(t testing.TB, title string, questions ...*exam.Question) exam.BankID {
	t.Helper()
	ctx, operator := context.Background(), authoring.Operator()
	begun, err := a.Authoring.BeginImport(ctx, operator, a.Store, title)
	if err != nil {
		t.Fatal(err)
	}
	document := &exchange.Document{Name: "test.yaml", Format: exchange.Native}
	for _, q := range questions {
		own := *q
		document.Questions = append(document.Questions, &own)
	}
	if err := a.Authoring.ReadImport(ctx, a.Store, begun, []*exchange.Document{document}, a.Authoring.AssignBeside(ctx, a.Store)); err != nil {
		t.Fatal(err)
	}
	b, err := a.Authoring.WriteImport(ctx, operator, a.Store, begun.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	a.Manage(t, b.ID, func(b *authoring.Bank) { b.Visibility = authoring.Everyone })
	return b.ID
}

// Manage changes a bank as an admin can.
func (a *App) Manage(t testing.TB, id exam.BankID, change func(b *authoring.Bank)) {
	t.Helper()
	_, err := a.Authoring.ManageBank(context.Background(), authoring.Operator(), id, "test", func(b *authoring.Bank) error {
		change(b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// SetCounts says whether a bank counts towards readiness.
func (a *App) SetCounts(t testing.TB, id exam.BankID, counts bool) {
	t.Helper()
	a.Manage(t, id, func(b *authoring.Bank) { b.Counts = counts })
}

// Withdraw takes a bank out of use.
func (a *App) Withdraw(t testing.TB, id exam.BankID) {
	t.Helper()
	a.Manage(t, id, func(b *authoring.Bank) { b.Withdrawn = a.Clock.Now() })
}
