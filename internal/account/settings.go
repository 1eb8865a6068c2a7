package account

import (
	"slices"
	"time"

	"sextant/internal/fault"
)

// Settings are how a person wants tests and pages to be. The zero value is the
// vendor's time, a clock in sight, single-key shortcuts, and pages as they come.
type Settings struct {
	ExtraTime float64 `json:"extra_time,omitempty"` // multiple of the vendor's time; 0 is 1
	Untimed   bool    `json:"untimed,omitempty"`    // exams without a clock
	HideClock bool    `json:"hide_clock,omitempty"`
	NoKeys    bool    `json:"no_keys,omitempty"` // no single-key shortcuts
	Still     bool    `json:"still,omitempty"`   // no motion
	Size      string  `json:"size,omitempty"`    // of text: one of Sizes, "" as it comes
	// Zone is the name of a time zone in the IANA database, such as Europe/Berlin,
	// by which days begin and are named; "" is UTC.
	Zone string `json:"zone,omitempty"`
	// Retention is the share of the questions in spaced review that should still
	// be known when they come back, in percent: one of Retentions; 0 is
	// UsualRetention.
	Retention int `json:"retention,omitempty"`
	// HideDays keeps the days on which somebody studied from being shown.
	HideDays bool `json:"hide_days,omitempty"`
}

// Sizes are the sizes of text besides the usual one, in percent.
func Sizes() []string { return []string{"115", "130"} }

// Retentions are the shares to remember, in percent, to choose from: a higher one
// brings questions back sooner.
func Retentions() []int { return []int{85, UsualRetention, 95} }

// UsualRetention is the share to remember of whoever chose none, in percent.
const UsualRetention = 90

// Remembered is the share to remember, in percent.
func (s Settings) Remembered() int {
	if s.Retention == 0 {
		return UsualRetention
	}
	return s.Retention
}

// maxZone is longer than any time zone's name, in bytes.
const maxZone = 64

// ParseZone returns the time zone of an IANA name, UTC for "". It returns
// fault.Invalid where there is none of that name; the machine's own zone has none.
func ParseZone(name string) (*time.Location, error) {
	if len(name) > maxZone || name == "Local" {
		return nil, unknownZone(name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, unknownZone(name)
	}
	return zone, nil
}

func unknownZone(name string) error {
	if len(name) > maxZone {
		name = name[:maxZone] + "…"
	}
	return fault.Invalid("There is no time zone %q. Use a name such as Europe/Berlin, Asia/Kolkata or UTC.", name)
}

// Location is the time zone by which days are named: UTC where none is set, or
// where this machine doesn't know the one that is.
func (s Settings) Location() *time.Location {
	zone, err := ParseZone(s.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Multiples are the extra times to choose from.
func Multiples() []float64 { return []float64{1.25, 1.5, 2} }

// Multiplier is what to multiply the vendor's time with; 0 for no clock.
func (s Settings) Multiplier() float64 {
	switch {
	case s.Untimed:
		return 0
	case s.ExtraTime == 0:
		return 1
	}
	return s.ExtraTime
}

// Check reports settings that can't be.
func (s Settings) Check() error {
	if s.ExtraTime != 0 && !slices.Contains(Multiples(), s.ExtraTime) {
		return fault.Invalid("Choose 1.25, 1.5 or 2 times the usual time, or no extra time.")
	}
	if s.Size != "" && !slices.Contains(Sizes(), s.Size) {
		return fault.Invalid("Choose one of the sizes of text.")
	}
	if s.Retention != 0 && !slices.Contains(Retentions(), s.Retention) {
		return fault.Invalid("Choose one of the shares to remember.")
	}
	_, err := ParseZone(s.Zone)
	return err
}
