package catalogue

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
)

func TestTakeable(t *testing.T) {
	c := embedded(t)
	tests := []struct {
		code     exam.Code
		on       string
		language string
		want     Availability
		until    string // "" = open
		reason   string // part of the sentence
	}{
		// Retired for everybody: the last day still counts.
		{"MLS-C01", "2026-03-31", "en", Yes, "2026-03-31", "until 31 March 2026"},
		{"MLS-C01", "2026-04-01", "en", No, "", "its last day was 31 March 2026"},
		{"AI-102", "2026-06-30", "en", Yes, "2026-06-30", "until 30 June 2026"},
		{"AI-102", "2026-07-01", "en", No, "", "retired"},
		{"AI-900", "2026-06-30", "en", Yes, "2026-06-30", ""},
		{"AI-900", "2026-07-01", "", No, "", "retired"},
		{"AI-900", "2026-07-01", "sv", No, "", "retired"},
		{"DP-100", "2026-06-01", "en", Yes, "2026-06-01", ""},
		{"DP-100", "2026-06-02", "en", No, "", "its last day was 1 June 2026"},

		// Retired in one language only.
		{"MLA-C01", "2024-10-07", "en", No, "", "it opens on 8 October 2024"},
		{"MLA-C01", "2026-08-15", "en", Yes, "2026-09-28", "until 28 September 2026"},
		{"MLA-C01", "2026-09-28", "en", Yes, "2026-09-28", "in English until 28 September 2026"},
		{"MLA-C01", "2026-09-29", "en", No, "", "retired in English"},
		{"MLA-C01", "2026-11-22", "en-GB", No, "", "retired in English"},
		{"MLA-C01", "2026-09-29", "ja", Yes, "", "on a day not yet known"},
		{"MLA-C01", "2026-11-22", "ko", Yes, "", "as of 28 September 2026"},
		{"MLA-C01", "2026-11-22", "zh-Hans", Yes, "", ""},
		{"MLA-C01", "2026-11-22", "zh-CN", Yes, "", ""},
		{"MLA-C01", "2026-11-22", "zh-Hant", No, "", "not offered in Traditional Chinese"},
		{"MLA-C01", "2026-11-22", "", Yes, "", "in Japanese, Korean and Simplified Chinese"},
		{"MLA-C01", "2026-11-22", "fr", No, "", "not offered in French"},

		// Beta: can't be confirmed, and only in its own language.
		{"MLA-C02", "2026-08-31", "en", No, "", "can't be taken yet"},
		{"MLA-C02", "2026-09-01", "en", No, "", "its beta begins on 29 September 2026"},
		{"MLA-C02", "2026-09-28", "en", No, "", "announced"},
		{"MLA-C02", "2026-09-29", "en", Unconfirmed, "", "in beta"},
		{"MLA-C02", "2026-11-22", "", Unconfirmed, "", "as of 29 September 2026"},
		{"MLA-C02", "2026-11-22", "ja", No, "", "only in English"},
		{"MLA-C02", "2027-06-01", "en", Unconfirmed, "", "in beta"},
		{"AIB-C01", "2026-11-22", "ja", Unconfirmed, "", "in beta"},
		{"AIB-C01", "2026-09-28", "ja", No, "", "announced"},
		{"AI-500", "2026-11-22", "en", Unconfirmed, "", "in beta"},
		{"AI-500", "2026-11-22", "ja", No, "", "not offered in Japanese"},

		// A beta that closed.
		{"PAA", "2026-09-07", "en", No, "", "its beta begins on 8 September 2026"},
		{"PAA", "2026-09-30", "en", Unconfirmed, "2026-09-30", "in beta"},
		{"PAA", "2026-10-01", "en", No, "", "beta of PAA is closed"},
		{"PAA", "2026-11-22", "", No, "", "no general release is confirmed"},

		// From beta to general availability.
		{"AIP-C01", "2026-03-31", "en", Unconfirmed, "", "in beta"},
		{"AIP-C01", "2026-04-01", "en", Yes, "", "as of 28 September 2026"},
		{"AI-103", "2026-03-31", "en", No, "", "its beta begins"},
		{"AI-103", "2026-07-11", "en", Unconfirmed, "", "as of 11 July 2026"},
		{"AI-103", "2026-08-31", "en", Yes, "", "as of 27 September 2026"},
		{"AI-103", "2026-11-22", "ja", Unconfirmed, "", "was not found"},
		{"AI-901", "2026-11-22", "en", Yes, "", "as of 31 August 2026"},

		// A language that ends while the exam goes on.
		{"AIF-C01", "2026-10-15", "de", Yes, "2026-10-15", "in German until 15 October 2026"},
		{"AIF-C01", "2026-10-16", "de", No, "", "no longer offered in German"},
		{"AIF-C01", "2026-10-15", "it", Yes, "2026-10-15", ""},
		{"AIF-C01", "2026-10-16", "it", No, "", "no longer offered in Italian"},
		{"AIF-C01", "2026-10-16", "", Yes, "", ""},
		{"AIF-C01", "2026-11-22", "pt", Yes, "", ""},

		// Old evidence stays a yes, and says how old it is.
		{"DEA-C01", "2028-01-01", "en", Yes, "", "as of 1 September 2026"},
		{"PMLE", "2026-11-22", "ja", Yes, "", "as of 29 September 2026"},
	}
	for _, tt := range tests {
		got := certification(t, c, tt.code).Takeable(date(t, tt.on), tt.language)
		if got.Availability != tt.want {
			t.Errorf("%s on %s in %q: %s (%s), want %s", tt.code, tt.on, tt.language, got.Availability, got.Reason, tt.want)
			continue
		}
		if !strings.Contains(got.Reason, tt.reason) {
			t.Errorf("%s on %s in %q: reason %q lacks %q", tt.code, tt.on, tt.language, got.Reason, tt.reason)
		}
		if until := isoDay(got.Until); until != tt.until {
			t.Errorf("%s on %s in %q: until %q, want %q", tt.code, tt.on, tt.language, until, tt.until)
		}
	}
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func TestTheLastDayLastsUntilMidnightWhereverOneIs(t *testing.T) {
	cert := certification(t, embedded(t), "AI-102")
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("west", -11*3600), time.FixedZone("east", 13*3600)} {
		last := time.Date(2026, 6, 30, 23, 59, 59, 0, zone)
		if got := cert.Takeable(last, "en"); got.Availability != Yes {
			t.Errorf("%s: %s, want yes", last, got.Reason)
		}
		if got := cert.Takeable(last.Add(time.Second), "en"); got.Availability != No {
			t.Errorf("%s: %s, want no", last.Add(time.Second), got.Reason)
		}
	}
}

func TestAPlannedRetirementTakesEffectOnItsDay(t *testing.T) {
	files := small(t) // XYZ-C01 is active with a last day of 2026-12-31
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	cert := certification(t, c, "XYZ-C01")
	if got := cert.Takeable(date(t, "2026-12-31"), "ja"); got.Availability != Yes || got.Event.Status != StatusActive {
		t.Errorf("on the last day: %+v, want yes", got)
	}
	if got := cert.Takeable(date(t, "2027-01-01"), "ja"); got.Availability != No || got.Event.Status != StatusRetired {
		t.Errorf("the day after: %+v, want no for the event retired", got)
	}
}

func TestAGapBetweenBetaAndRelease(t *testing.T) {
	files := small(t)
	name := "certifications/xyz-c01.yaml"
	files[name].Data = []byte(strings.Replace(string(files[name].Data),
		"  - status: active\n    from: 2026-01-01\n    last_day: 2026-12-31\n",
		"  - {status: beta, from: 2026-01-01, last_day: 2026-02-28, sources: [S-GUIDE]}\n  - status: active\n    from: 2026-04-01\n", 1))
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	cert := certification(t, c, "XYZ-C01")
	if got := cert.Takeable(date(t, "2026-02-28"), "en"); got.Availability != Unconfirmed || isoDay(got.Until) != "2026-02-28" {
		t.Errorf("last day of the beta: %+v", got)
	}
	if got := cert.Takeable(date(t, "2026-03-01"), "en"); got.Availability != No || !strings.Contains(got.Reason, "it opens on 1 April 2026") {
		t.Errorf("in the gap: %+v", got)
	}
	if got := cert.Takeable(date(t, "2026-04-01"), "en"); got.Availability != Yes {
		t.Errorf("after the release: %+v", got)
	}
}

// On any day and in any language: there is a sentence, an answer of yes never
// outlives its own last day, and "any language" is as good as the best one.
func TestTakeableProperties(t *testing.T) {
	c := embedded(t)
	rapid.Check(t, func(rt *rapid.T) {
		cert := &c.Certifications[rapid.IntRange(0, len(c.Certifications)-1).Draw(rt, "exam")]
		day := date(t, "2024-01-01").AddDate(0, 0, rapid.IntRange(0, 1500).Draw(rt, "day"))
		best := 0
		for _, l := range cert.Languages {
			taking := cert.Takeable(day, l.Tag)
			best = max(best, rank(taking.Availability))
			checkTaking(rt, cert, day, l.Tag, taking)
			if taking.Availability != No && !taking.Until.IsZero() {
				after := cert.Takeable(taking.Until.AddDate(0, 0, 1), l.Tag)
				if after.Availability != No {
					rt.Fatalf("%s in %s: until %s, but the day after it is %s", cert.Code, l.Tag, isoDay(taking.Until), after.Availability)
				}
			}
		}
		anywhere := cert.Takeable(day, "")
		checkTaking(rt, cert, day, "", anywhere)
		if rank(anywhere.Availability) != best {
			rt.Fatalf("%s on %s: %s in any language, but the best one has rank %d", cert.Code, isoDay(day), anywhere.Availability, best)
		}
	})
}

func checkTaking(rt *rapid.T, cert *Certification, day time.Time, language string, taking Taking) {
	if !strings.HasPrefix(taking.Reason, string(cert.Code)) && !strings.Contains(taking.Reason, string(cert.Code)) || !strings.HasSuffix(taking.Reason, ".") {
		rt.Fatalf("%s on %s in %q: %q is no sentence about it", cert.Code, isoDay(day), language, taking.Reason)
	}
	if taking.Availability != No && taking.Event == nil {
		rt.Fatalf("%s on %s in %q: %s without an event", cert.Code, isoDay(day), language, taking.Availability)
	}
	if !taking.Until.IsZero() && day.After(taking.Until) {
		rt.Fatalf("%s on %s in %q: until %s is past", cert.Code, isoDay(day), language, isoDay(taking.Until))
	}
}

func TestSuccessorsPointForward(t *testing.T) {
	c := embedded(t)
	for _, cert := range c.Certifications {
		if cert.Successor == "" {
			continue
		}
		if next := certification(t, c, cert.Successor); next.Replaces != cert.Code {
			t.Errorf("%s is succeeded by %s, which replaces %q", cert.Code, next.Code, next.Replaces)
		}
	}
	mls := certification(t, c, "MLS-C01")
	if mls.Successor != "" || !slices.Contains(mls.Directions, "AIP-C01") {
		t.Errorf("MLS-C01 has successor %q and directions %v, want none and the directions named", mls.Successor, mls.Directions)
	}
}

func TestLongDate(t *testing.T) {
	for iso, want := range map[string]string{
		"2026-09-28": "28 September 2026", "2026-09": "September 2026", "2026": "2026", "": "",
	} {
		if got := LongDate(iso); got != want {
			t.Errorf("%q: %q, want %q", iso, got, want)
		}
	}
}

func TestLanguagesKnowTheirLastDay(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		code      exam.Code
		tag, want string
	}{
		{"MLA-C01", "en", "2026-09-28"}, // from the lifecycle
		{"MLA-C01", "ja", ""},
		{"AIF-C01", "de", "2026-10-15"}, // stated with the language
		{"AIF-C01", "en", ""},
		{"AI-102", "fr", "2026-06-30"},
	} {
		cert := certification(t, c, tt.code)
		i := slices.IndexFunc(cert.Languages, func(l Language) bool { return l.Tag == tt.tag })
		if i < 0 || isoDay(cert.Languages[i].LastDay) != tt.want {
			t.Errorf("%s in %s: languages %v, want last day %q", tt.code, tt.tag, cert.Languages, tt.want)
		}
	}
}
