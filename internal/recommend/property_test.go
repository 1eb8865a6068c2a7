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

func drawReport(t *rapid.T, cat *catalogue.Catalogue) Evidence {
	var r readiness.Report
	for _, code := range rapid.SliceOfN(drawCode(cat), 0, 25).Draw(t, "exams") {
		p := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), -3})).Draw(t, "pass")
		e := readiness.ExamReport{
			Code: code, Offered: rapid.Bool().Draw(t, "offered"), Answers: rapid.IntRange(-1, 200).Draw(t, "answers"),
			Pass: p, PassRaw: p, CutPercent: 70, Start: rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 1, math.NaN()})).Draw(t, "start"),
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
	return Evidence{Report: r}
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
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("another order of rules gives another recommendation:\n%s", diff)
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

// leads is the code of the first choice.
func leads(cat *catalogue.Catalogue, in Situation, ev Evidence, on time.Time) exam.Code {
	return code(Recommend(cat, in, ev, on).Lead)
}

func TestPartsAddUpAndAreExplained(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		r := Recommend(cat, drawSituation(t, cat), drawReport(t, cat), drawDay(t))
		for _, c := range r.Ranking {
			if c.Situation+c.Evidence != c.Score {
				t.Fatalf("%s: %v and %v don't make %v", c.Code, c.Situation, c.Evidence, c.Score)
			}
			positive := 0
			for _, e := range c.Ledger {
				if e.Brief == "" || math.Mod(e.Weight, cat.Weights.Step) != 0 {
					t.Fatalf("%s: %+v has no short form or isn't a whole number of steps", c.Code, e)
				}
				if e.Weight > 0 {
					positive++
				}
			}
			if len(c.For) != min(2, positive) || c.Against == nil || c.Against.Text == "" || c.Against.Brief == "" || c.Explanation == "" {
				t.Fatalf("%s: for %v, against %v: %s", c.Code, c.For, c.Against, c.Explanation)
			}
			for _, e := range c.For {
				if slices.ContainsFunc(c.Ledger, func(l Entry) bool { return l.Weight > e.Weight && !slices.Contains(c.For, l) }) {
					t.Fatalf("%s: %+v isn't among the strongest", c.Code, e)
				}
			}
			for _, l := range c.Ledger {
				if l.Weight < min(c.Against.Weight, 0) {
					t.Fatalf("%s: %+v speaks against it more than %+v", c.Code, l, c.Against)
				}
			}
		}
	})
}

// Whatever is said and shown, on no day does an exam lead that has ended.
func TestARetiredExamIsNeverFirst(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, ev, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		lead := leads(cat, in, ev, on)
		if lead == "" {
			return
		}
		c, _ := cat.Certification(lead)
		s := newSubject(cat, in, ev.Report, on)
		if over, last := s.isRetired(c); over {
			t.Fatalf("%s leads on %s; its last day was %s", lead, on.Format(time.DateOnly), last.Format(time.DateOnly))
		}
	})
}

// A higher probability of passing one exam never lowers what the answers give it,
// whatever else is said and shown.
func TestMoreStrengthNeverLowersTheEvidence(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, ev, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		if len(ev.Report.Exams) == 0 {
			return
		}
		at := rapid.IntRange(0, len(ev.Report.Exams)-1).Draw(t, "exam")
		code := ev.Report.Exams[at].Code
		if slices.IndexFunc(ev.Report.Exams, func(e readiness.ExamReport) bool { return e.Code == code }) != at {
			return
		}
		low := rapid.Float64Range(0, 1).Draw(t, "low")
		high := rapid.Float64Range(low, 1).Draw(t, "high")
		part := func(p float64) float64 {
			other := Evidence{Report: readiness.Report{Exams: slices.Clone(ev.Report.Exams)}}
			e := &other.Report.Exams[at]
			e.PassRaw, e.Pass = p, p
			if e.Verdict != readiness.TooEarly {
				e.Verdict = verdictOf(p)
			}
			return ranked(Recommend(cat, in, other, on), code).Evidence
		}
		if a, b := part(low), part(high); b < a {
			t.Fatalf("%s: the answers give %v at %v and %v at %v", code, a, low, b, high)
		}
	})
}

// One more thing said that a rule rests on never lowers what the situation gives
// the exams that the rule counts for, unless a conflict that the catalogue
// declares sets something aside.
func TestSayingMoreNeverLowersWhatItSpeaksFor(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, on := drawSituation(t, cat), drawDay(t)
		f := rapid.SampledFrom(cat.Factors).Draw(t, "factor")
		v := rapid.SampledFrom(f.Values).Draw(t, "value").ID
		if slices.Contains(in.Factors[f.ID], v) {
			return
		}
		more := Situation{Language: in.Language, Held: in.Held, Targets: nil, Factors: map[string][]string{}}
		for id, values := range in.Factors {
			more.Factors[id] = values
		}
		in.Targets = nil // what a retired target means depends on all that is said
		more.Factors[f.ID] = append(slices.Clone(in.Factors[f.ID]), v)
		before, after := Recommend(cat, in, none, on), Recommend(cat, more, none, on)
		if !slices.Equal(before.Conflicts, after.Conflicts) {
			return
		}
		s := newSubject(cat, more, none.Report, on)
		fired, _ := s.firings()
		for _, one := range fired {
			if !slices.Contains(one.values, chosen{f.ID, v}) || one.rule.Weight == 0 {
				continue
			}
			for _, u := range s.supports(one) {
				if u.half {
					continue
				}
				if a, b := ranked(before, u.code), ranked(after, u.code); b.Situation < a.Situation {
					t.Fatalf("%s=%s fires %s for %s and takes it from %v to %v\n%+v\n%+v", f.ID, v, one.rule.ID, u.code, a.Situation, b.Situation, a.Ledger, b.Ledger)
				}
			}
		}
	})
}

// Among rules alone, one more value never lowers the sum of those that count.
func TestRulesOfOneExamOnlyAddUp(t *testing.T) {
	weights := embedded(t).Weights
	factors := []string{role, background, stack, goal}
	values := []string{"a", "b", "c"}
	rapid.Check(t, func(t *rapid.T) {
		cat := &catalogue.Catalogue{Weights: weights}
		for i := range rapid.IntRange(1, 7).Draw(t, "rules") {
			r := rule("R"+string(rune('0'+i)), float64(rapid.IntRange(1, 3).Draw(t, "weight")), rapid.SampledFrom([]catalogue.Match{catalogue.MatchAny, catalogue.MatchAll}).Draw(t, "match"), F{}, "X")
			for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(factors), 1, 3, rapid.ID).Draw(t, "factors") {
				r.Factors[f] = rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, "values")
			}
			cat.Rules = append(cat.Rules, r)
		}
		said := F{}
		sum := func() float64 {
			s := newSubject(cat, Situation{Factors: said}, none.Report, today)
			fired, _ := s.firings()
			var list []support
			for _, f := range fired {
				list = append(list, support{firing: f, code: "X", weight: f.rule.Weight})
			}
			total := 0.0
			for _, u := range s.strongest(list) {
				total += u.weight
			}
			return total
		}
		last := 0.0
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			f := rapid.SampledFrom(factors).Draw(t, "factor")
			said[f] = append(said[f], rapid.SampledFrom(values).Draw(t, "value"))
			now := sum()
			if now < last {
				t.Fatalf("%v: %v after %v", said, now, last)
			}
			last = now
		}
	})
}

// The smallest change, made, puts the exam first that it names.
func TestTheSmallestChangeAltersTheFirstChoice(t *testing.T) {
	cat := embedded(t)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		in, ev, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		r := Recommend(cat, in, ev, on)
		if r.Lead == nil {
			if r.Smallest != nil {
				t.Fatalf("nothing leads, and %q", r.Smallest.Text)
			}
			return
		}
		c := r.Smallest
		if c == nil {
			return
		}
		found++
		if r.Lead.Changes[0] != c.Text || c.First == r.Lead.Code {
			t.Fatalf("the first line is %q, the smallest change %q", r.Lead.Changes[0], c.Text)
		}
		if now := leads(cat, c.applied(in), c.shown(ev), on); now != c.First {
			t.Fatalf("%s: %q leads\n%+v", c.Text, now, c)
		}
	})
	if found == 0 {
		t.Error("no change was found for anybody")
	}
}

// applied is the situation with the change made.
func (c *Change) applied(in Situation) Situation {
	out := in
	out.Factors = map[string][]string{}
	for f, values := range in.Factors {
		out.Factors[f] = values
	}
	for f, values := range c.Factors {
		out.Factors[f] = values
	}
	return out
}

// shown is the evidence with the change made.
func (c *Change) shown(ev Evidence) Evidence {
	out := ev
	out.Report.Exams = slices.Clone(ev.Report.Exams)
	for i, e := range out.Report.Exams {
		if p, ok := c.Pass[e.Code]; ok {
			out.Report.Exams[i].PassRaw = p
		}
	}
	return out
}

// The order in which factors and their values stand in the catalogue changes
// neither ranking nor answer.
func TestTheCataloguesOrderOfFactorsDoesNotMatter(t *testing.T) {
	cat := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		in, ev, on := drawSituation(t, cat), drawReport(t, cat), drawDay(t)
		other := *cat
		other.Factors = rapid.Permutation(cat.Factors).Draw(t, "factors")
		for i := range other.Factors {
			other.Factors[i].Values = rapid.Permutation(other.Factors[i].Values).Draw(t, "values")
		}
		other.Rules = slices.Clone(cat.Rules)
		for i := range other.Rules {
			factors := F{}
			for f, values := range other.Rules[i].Factors {
				factors[f] = rapid.Permutation(values).Draw(t, "rule")
			}
			other.Rules[i].Factors = factors
		}
		a, b := Recommend(cat, in, ev, on), Recommend(&other, in, ev, on)
		if len(a.Ranking) != len(b.Ranking) || a.Sentence != b.Sentence {
			t.Fatalf("%s\n%s", a.Sentence, b.Sentence)
		}
		for i := range a.Ranking {
			x, y := a.Ranking[i], b.Ranking[i]
			if x.Code != y.Code || x.Situation != y.Situation || x.Evidence != y.Evidence || x.Explanation != y.Explanation {
				t.Fatalf("rank %d: %s\n%s", i, x.Explanation, y.Explanation)
			}
		}
	})
}

// Postings never add more than the cap, never less for more postings of the same
// kind, and nothing beside the cloud that was said itself.
func TestTheMarketIsBounded(t *testing.T) {
	cat := embedded(t)
	points := func(r Recommendation, code exam.Code) float64 {
		sum := 0.0
		for _, e := range ranked(r, code).Ledger {
			if e.Source == FromMarket {
				sum += e.Weight
			}
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "postings")
		k := rapid.IntRange(0, n).Draw(t, "azure")
		in := func(times int) Situation {
			return Situation{Language: "en", Market: &Market{Postings: n * times, Platforms: map[exam.Platform]int{exam.Azure: k * times, exam.AWS: (n - k) * times}}}
		}
		once, twice := points(Recommend(cat, in(1), none, today), "AI-103"), points(Recommend(cat, in(2), none, today), "AI-103")
		if once < 0 || twice < once || twice > cat.Weights.Market.Cap {
			t.Fatalf("%d of %d give %v, twice as many %v", k, n, once, twice)
		}
		said := in(1)
		said.Factors = F{targetCloud: {"azure_microsoft"}}
		if p := points(Recommend(cat, said, none, today), "AI-103"); p != 0 {
			t.Fatalf("the target cloud and the market count both: %v", p)
		}
	})
}
