package recommend

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

func drawSituation(t *rapid.T, cat *catalogue.Catalogue) Situation {
	in := Situation{
		Factors:  map[string][]string{},
		Language: rapid.SampledFrom([]string{"", "en", "ja", "ko", "zh-Hans", "pt", "de", "sv", "??"}).Draw(t, "language"),
	}
	for _, f := range cat.Factors {
		var ids []string
		for _, v := range f.Values {
			ids = append(ids, v.ID)
		}
		in.Factors[f.ID] = rapid.SliceOfN(rapid.SampledFrom(append(ids, "no_such_value")), 0, 3).Draw(t, f.ID)
	}
	in.Held = rapid.SliceOfN(drawCode(cat), 0, 4).Draw(t, "held")
	in.Targets = rapid.SliceOfN(drawCode(cat), 0, 2).Draw(t, "targets")
	return in
}

func drawCode(cat *catalogue.Catalogue) *rapid.Generator[exam.Code] {
	codes := []exam.Code{"NO-SUCH", ""}
	for _, c := range cat.Certifications {
		codes = append(codes, c.Code)
	}
	return rapid.SampledFrom(codes)
}

func drawReport(t *rapid.T, cat *catalogue.Catalogue) readiness.Report {
	var r readiness.Report
	for _, code := range rapid.SliceOfN(drawCode(cat), 0, 25).Draw(t, "exams") {
		p := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), -3})).Draw(t, "pass")
		e := readiness.ExamReport{
			Code: code, Offered: rapid.Bool().Draw(t, "offered"), Answers: rapid.IntRange(-1, 200).Draw(t, "answers"),
			Pass: p, PassRaw: p, CutPercent: 70,
			Verdict: rapid.SampledFrom([]readiness.Verdict{readiness.TooEarly, readiness.NotYet, readiness.GettingThere, readiness.Likely, readiness.Ready, ""}).Draw(t, "verdict"),
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "domains") {
			e.Domains = append(e.Domains, readiness.DomainReport{
				ID: exam.DomainID(rune('1' + i)), Shown: rapid.Bool().Draw(t, "shown"), Weight: 0.3,
				Interval: readiness.Interval{Estimate: p * 100, Low: p * 80, High: 100},
			})
		}
		r.Exams = append(r.Exams, e)
	}
	return r
}

func drawDay(t *rapid.T) time.Time {
	return day(2025, 6, 1).AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "day"))
}

func TestNobodyIsSentToAnExamThatIsClosedOrHeld(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, report, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		r := Recommend(cat, in, report, on)
		ok := func(where string, code exam.Code) {
			c, known := cat.Certification(code)
			if !known {
				t.Fatalf("%s: %q isn't catalogued", where, code)
			}
			if a := c.Takeable(on, in.Language).Availability; a != catalogue.Yes && a != catalogue.Unconfirmed {
				t.Fatalf("%s: %s can't be taken on %s in %q", where, code, on.Format(time.DateOnly), in.Language)
			}
			if slices.Contains(in.Held, code) {
				t.Fatalf("%s: %s is held", where, code)
			}
		}
		for _, c := range r.Ranking {
			ok("ranking", c.Code)
		}
		if r.Lead != nil {
			ok("lead", r.Lead.Code)
			if r.Lead.Availability == catalogue.Yes && r.Beside != nil {
				t.Fatalf("%s stands beside a lead that can be taken", r.Beside.Code)
			}
		}
		if r.Beside != nil {
			ok("beside", r.Beside.Code)
			if r.Beside.Availability != catalogue.Yes {
				t.Fatalf("beside: %s isn't confirmed", r.Beside.Code)
			}
		}
		if r.Then != nil {
			ok("then", r.Then.Code)
			if r.Then.Code == r.Lead.Code {
				t.Fatalf("%s follows itself", r.Then.Code)
			}
		}
		if r.Sentence == "" {
			t.Fatal("no sentence")
		}
	})
}

func TestLedgersAddUpAndRankingIsSorted(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		r := Recommend(cat, drawSituation(t, cat), drawReport(t, cat), drawDay(t))
		for i, c := range r.Ranking {
			sum := 0.0
			for _, e := range c.Ledger {
				sum += e.Weight
				if e.Text == "" || e.Source == "" {
					t.Fatalf("%s: an entry without text or source: %+v", c.Code, e)
				}
			}
			if sum != c.Score {
				t.Fatalf("%s: the ledger sums to %v, the score is %v", c.Code, sum, c.Score)
			}
			if i > 0 && c.Score > r.Ranking[i-1].Score {
				t.Fatalf("%s (%v) ranks after %s (%v)", c.Code, c.Score, r.Ranking[i-1].Code, r.Ranking[i-1].Score)
			}
			if len(c.Changes) == 0 {
				t.Fatalf("%s: nothing would change its place", c.Code)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, report, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		first := Recommend(cat, in, report, on)

		shuffled := Situation{Language: in.Language, Factors: map[string][]string{}}
		for factor, values := range in.Factors {
			shuffled.Factors[factor] = append(rapid.Permutation(values).Draw(t, factor), values...)
		}
		shuffled.Held = rapid.Permutation(in.Held).Draw(t, "held")
		shuffled.Targets = rapid.Permutation(in.Targets).Draw(t, "targets")
		if diff := cmp.Diff(first, Recommend(cat, shuffled, report, on)); diff != "" {
			t.Fatalf("another order gives another answer:\n%s", diff)
		}
	})
}

func TestWordOfTheRulesOrderDoesNotMatter(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, report, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		other := *cat
		other.Rules = rapid.Permutation(cat.Rules).Draw(t, "rules")
		a, b := Recommend(cat, in, report, on), Recommend(&other, in, report, on)
		if diff := cmp.Diff(a.Ranking, b.Ranking); diff != "" {
			t.Fatalf("another order of rules gives another ranking:\n%s", diff)
		}
	})
}

// More right answers on one exam, all else equal, never make its score worse.
func TestHigherPassProbabilityNeverHurts(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in := Situation{Language: "en", Factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}}
		code := rapid.SampledFrom([]exam.Code{"MLA-C02", "AI-103", "PMLE", "AIP-C01", "DEA-C01"}).Draw(t, "exam")
		base := rapid.Float64Range(0.05, 0.95).Draw(t, "base")
		low := rapid.Float64Range(0, 1).Draw(t, "low")
		high := rapid.Float64Range(low, 1).Draw(t, "high")
		score := func(p float64) float64 {
			r := Recommend(cat, in, reportOf(cat, func(c *catalogue.Certification) float64 {
				if c.Code == code {
					return p
				}
				return base
			}), today)
			return ranked(r, code).Score
		}
		if a, b := score(low), score(high); b < a {
			t.Fatalf("%s scores %v at %v and %v at %v", code, a, low, b, high)
		}
	})
}
