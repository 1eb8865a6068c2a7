package store_test

import (
	"testing"

	"sextant/internal/account"
	"sextant/internal/testkit"
)

// A guest's settings go to an account that made none; a time zone, which may be
// the device's, is no sign that it did, and the account's own stays.
func TestMergingKeepsTheAccountsSettings(t *testing.T) {
	larger, slower := account.Settings{Size: "130"}, account.Settings{ExtraTime: 1.5}
	at := func(s account.Settings, zone string) account.Settings {
		s.Zone = zone
		return s
	}
	none := account.Settings{}
	for name, tt := range map[string]struct{ guest, own, want account.Settings }{
		"nothing set":              {none, none, none},
		"the guest's alone":        {slower, none, slower},
		"the account's alone":      {none, larger, larger},
		"both":                     {slower, larger, larger},
		"the account has a zone":   {slower, at(none, "Asia/Tokyo"), at(slower, "Asia/Tokyo")},
		"a zone and nothing else":  {none, at(none, "Asia/Tokyo"), at(none, "Asia/Tokyo")},
		"two zones":                {at(slower, "Europe/Berlin"), at(none, "Asia/Tokyo"), at(slower, "Asia/Tokyo")},
		"the guest's zone":         {at(none, "Europe/Berlin"), none, at(none, "Europe/Berlin")},
		"a zone beside its own":    {at(slower, "Europe/Berlin"), larger, larger},
		"its own with its zone":    {slower, at(larger, "Asia/Tokyo"), at(larger, "Asia/Tokyo")},
		"the guest's zone and all": {at(slower, "Europe/Berlin"), none, at(slower, "Europe/Berlin")},
	} {
		t.Run(name, func(t *testing.T) {
			db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
			own := learner("p1", "one@example.org")
			if err := db.CreatePerson(ctx, own); err != nil {
				t.Fatal(err)
			}
			g := guest(t, db, "g1")
			for id, settings := range map[account.PersonID]account.Settings{own.ID: tt.own, g.ID: tt.guest} {
				if settings == none {
					continue // as somebody has them who never made any
				}
				if err := db.SaveSettings(ctx, id, settings); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.MergeGuest(ctx, g.ID, own.ID); err != nil {
				t.Fatal(err)
			}
			p, err := db.Person(ctx, own.ID)
			if err != nil {
				t.Fatal(err)
			}
			if p.Settings != tt.want {
				t.Errorf("the account has %+v, want %+v", p.Settings, tt.want)
			}
		})
	}
}
