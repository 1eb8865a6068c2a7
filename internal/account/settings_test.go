package account_test

import (
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/fault"
)

func TestZonesAreThoseOfTheDatabase(t *testing.T) {
	for _, name := range []string{"", "UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires"} {
		if err := (account.Settings{Zone: name}).Check(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	// The machine's own zone would change with the machine; the others aren't names.
	for _, name := range []string{"Local", "local time", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe/Berlin\n", strings.Repeat("Europe/", 99)} {
		err := account.Settings{Zone: name}.Check()
		if fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q is taken for a time zone: %v", name, err)
			continue
		}
		if len(fault.Message(err)) > 200 {
			t.Errorf("%d bytes of message for a name of %d", len(fault.Message(err)), len(name))
		}
		if got := (account.Settings{Zone: name}).Location(); got != time.UTC {
			t.Errorf("%q stands for %v", name, got)
		}
	}
}

func TestTheShareToRememberIsOneOfThree(t *testing.T) {
	if got := (account.Settings{}).Remembered(); got != account.UsualRetention {
		t.Errorf("whoever chose nothing should remember %d %%", got)
	}
	for _, share := range account.Retentions() {
		s := account.Settings{Retention: share}
		if err := s.Check(); err != nil || s.Remembered() != share {
			t.Errorf("%d %%: remembers %d, error %v", share, s.Remembered(), err)
		}
	}
	for _, share := range []int{-90, 1, 84, 96, 100} {
		if err := (account.Settings{Retention: share}).Check(); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%d %% is accepted: %v", share, err)
		}
	}
}
