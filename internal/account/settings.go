package account

import (
	"slices"

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
}

// Sizes are the sizes of text besides the usual one, in percent.
func Sizes() []string { return []string{"115", "130"} }

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
	return nil
}
