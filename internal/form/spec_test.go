package form_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/form"
	"sextant/internal/testkit"
)

func weights(list ...float64) []form.Domain {
	var domains []form.Domain
	for i, w := range list {
		domains = append(domains, form.Domain{ID: exam.DomainID(rune('1' + i)), Weight: w})
	}
	return domains
}

func TestQuotasGoByLargestRemainder(t *testing.T) {
	cases := []struct {
		name    string
		domains []form.Domain
		n       int
		want    []int
	}{
		{"shares that come out even", weights(20, 24, 36, 20), 50, []int{10, 12, 18, 10}},
		{"shares of one that come out even", weights(.28, .24, .24, .24), 50, []int{14, 12, 12, 12}},
		{"AIP-C01: 20.15, 16.9, 13, 7.8, 7.15", weights(31, 26, 20, 12, 11), 65, []int{20, 17, 13, 8, 7}},
		{"PMLE: 7.08, 8.71, 11.44, 10.89, 9.80, 7.08", weights(13, 16, 21, 20, 18, 13), 55, []int{7, 9, 11, 11, 10, 7}},
		{"an equal remainder goes to the larger weight", weights(1, 3, 4), 4, []int{0, 2, 2}},
		{"equal remainders and weights go to the earlier", weights(1, 1, 1), 4, []int{2, 1, 1}},
		{"thirds are not upset by rounding", weights(1./3, 1./3, 1./3), 50, []int{17, 17, 16}},
		{"one domain", weights(7), 13, []int{13}},
		{"no questions", weights(1, 2), 0, []int{0, 0}},
	}
	for _, c := range cases {
		if got := form.Quotas(c.domains, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%s: quotas %v, want %v", c.name, got, c.want)
		}
	}
}

func TestQuotasSumUpAndStayWithinOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		list := rapid.SliceOfN(rapid.Float64Range(.001, 50), 1, 8).Draw(t, "weights")
		total, sum := 0.0, 0
		for _, w := range list {
			total += w
		}
		for i, q := range form.Quotas(weights(list...), n) {
			sum += q
			if exact := list[i] / total * float64(n); math.Abs(float64(q)-exact) > 1 {
				t.Fatalf("domain %d has %d of exactly %v", i, q, exact)
			}
		}
		if sum != n {
			t.Fatalf("quotas sum to %d, not %d", sum, n)
		}
	})
}

func TestSpecIsWhatTheVendorSays(t *testing.T) {
	cat := testkit.Catalogue(t)
	both := []exam.Type{exam.Single, exam.Multiple}
	cases := []struct {
		code       exam.Code
		length     form.Length
		types      []exam.Type
		cases      [2]int
		closes     bool
		difficulty [5]float64
	}{
		{"MLA-C02", form.Length{Scored: 50, Unscored: 15}, both, [2]int{0, 1}, false, [5]float64{.10, .25, .35, .20, .10}},
		{"MLS-C01", form.Length{Scored: 50, Unscored: 15}, both, [2]int{0, 1}, false, [5]float64{.05, .175, .30, .275, .20}},
		{"AIF-C01", form.Length{Scored: 50, Unscored: 15}, exam.Types()[:4], [2]int{0, 1}, false, [5]float64{.225, .30, .275, .15, .05}},
		{"AIP-C01", form.Length{Scored: 65, Unscored: 10}, both, [2]int{0, 1}, false, [5]float64{.05, .175, .30, .275, .20}},
		{"AI-103", form.Length{Scored: 50}, exam.Types(), [2]int{1, 2}, true, [5]float64{.10, .25, .35, .20, .10}},
		{"PMLE", form.Length{Scored: 55}, both, [2]int{0, 1}, false, [5]float64{.05, .175, .30, .275, .20}},
		{"GAIL", form.Length{Scored: 55}, []exam.Type{exam.Single}, [2]int{0, 1}, false, [5]float64{.225, .30, .275, .15, .05}},
		{"PDE", form.Length{Scored: 45}, both, [2]int{0, 1}, false, [5]float64{.05, .175, .30, .275, .20}},
	}
	for _, c := range cases {
		cert, ok := cat.Certification(c.code)
		if !ok {
			t.Fatalf("no %s", c.code)
		}
		spec, err := form.SpecFor(cert)
		if err != nil {
			t.Fatal(err)
		}
		if spec.Exam != c.code || spec.Length != c.length || spec.MinCases != c.cases[0] || spec.MaxCases != c.cases[1] || spec.Closes != c.closes {
			t.Errorf("%s: %+v", c.code, spec)
		}
		if !slices.Equal(spec.Types, c.types) {
			t.Errorf("%s: types %v, want %v", c.code, spec.Types, c.types)
		}
		for i, share := range spec.Difficulty {
			if math.Abs(share-c.difficulty[i]) > 1e-12 {
				t.Errorf("%s: difficulties %v, want %v", c.code, spec.Difficulty, c.difficulty)
				break
			}
		}
		if len(spec.Domains) != len(cert.Domains) || spec.Domains[0].ID != cert.Domains[0].ID || spec.Domains[0].Weight != cert.Domains[0].Weight {
			t.Errorf("%s: domains %v", c.code, spec.Domains)
		}
	}
}

func TestEveryCertificationHasASpec(t *testing.T) {
	cat := testkit.Catalogue(t)
	for i := range cat.Certifications {
		if _, err := form.SpecFor(&cat.Certifications[i]); err != nil {
			t.Error(err)
		}
	}
}

func TestSpecAssumesALengthWhereNoneIsPublished(t *testing.T) {
	cert := catalogue.Certification{Code: "X", Level: catalogue.Associate, Domains: []catalogue.Domain{{ID: "1", Weight: 1}}}
	spec, err := form.SpecFor(&cert)
	if err != nil || spec.Length != (form.Length{Scored: 50}) || spec.Types != nil {
		t.Errorf("spec %+v, %v", spec, err)
	}
	cert.Level = "wizard"
	if _, err := form.SpecFor(&cert); err == nil {
		t.Error("an unknown level has a spread of difficulties")
	}
}

func TestCandidatesAreTheQuestionsThatServe(t *testing.T) {
	cat, bank := testkit.Catalogue(t), testkit.Embedded(t)
	counts := func(exam.BankID) bool { return true }
	pool := form.Candidates(cat, "MLA-C02", bank.Questions, counts)
	at := 0
	for _, q := range bank.Questions {
		domain, ok := cat.Serves(q)["MLA-C02"]
		if !ok {
			continue
		}
		c := pool[at]
		at++
		if c.Question != q.ID || c.Revision != q.Revision || c.Domain != domain || c.Type != q.Type || c.Skill != q.Skill ||
			c.Difficulty != q.Difficulty || !c.Counts || (c.Stimulus != "") != (q.Stimulus != nil) || !slices.Equal(c.Enemies, q.Enemies) {
			t.Errorf("candidate %+v of question %s", c, q.ID)
		}
	}
	if at != len(pool) || at == 0 {
		t.Errorf("%d candidates, want %d", len(pool), at)
	}
	for _, c := range form.Candidates(cat, "MLA-C02", bank.Questions, func(exam.BankID) bool { return false }) {
		if c.Counts {
			t.Fatalf("%s counts though its bank doesn't", c.Question)
		}
	}
}
