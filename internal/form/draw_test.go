package form_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// small is a specification with two domains, 3 to 2.
func small(scored, unscored int) form.Spec {
	return form.Spec{
		Exam: "X-1", Length: form.Length{Scored: scored, Unscored: unscored}, MaxCases: 1,
		Domains:    []form.Domain{{ID: "1", Name: "Building", Weight: 3}, {ID: "2", Name: "Running", Weight: 2}},
		Difficulty: [5]float64{.10, .25, .35, .20, .10},
	}
}

// stock makes n scorable questions for a domain; types and difficulties take
// turns, most of them single choice.
func stock(domain exam.DomainID, n int) []form.Candidate {
	types := []exam.Type{exam.Single, exam.Multiple, exam.Single, exam.Ordering, exam.Single, exam.Matching, exam.Single}
	var pool []form.Candidate
	for i := range n {
		pool = append(pool, form.Candidate{
			Question: exam.QuestionID(fmt.Sprintf("q%s-%02d", domain, i)), Revision: fmt.Sprintf("r%d", i), Domain: domain,
			Type: types[i%len(types)], Difficulty: 1 + i%5, Skill: exam.SkillID(fmt.Sprintf("skill-%d", i%3)), Counts: true,
		})
	}
	return pool
}

// inCase makes the candidates a case set.
func inCase(id exam.StimulusID, pool []form.Candidate) []form.Candidate {
	for i := range pool {
		pool[i].Stimulus = id
		pool[i].Question = exam.QuestionID(id) + "-" + pool[i].Question
	}
	return pool
}

func draw(t *testing.T, spec form.Spec, pool []form.Candidate, history form.History, seed uint64) *form.Form {
	t.Helper()
	f, err := form.Draw(spec, pool, history, seeded(seed))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults(spec, pool, history, f) {
		t.Error(fault)
	}
	return f
}

func has(f *form.Form, id exam.QuestionID) bool {
	return slices.ContainsFunc(f.Places, func(p form.Place) bool { return p.Question == id })
}

func TestTheSameSeedGivesTheSameForm(t *testing.T) {
	spec := small(25, 5)
	pool := slices.Concat(stock("1", 60), stock("2", 40), inCase("case", stock("2", 4)))
	for seed := range uint64(20) {
		a, b := draw(t, spec, pool, nil, seed), draw(t, spec, pool, nil, seed)
		if d := cmp.Diff(a, b); d != "" {
			t.Fatalf("seed %d gives two forms:\n%s", seed, d)
		}
		if other := draw(t, spec, pool, nil, seed+1000); cmp.Equal(a, other) {
			t.Fatalf("seeds %d and %d give one form", seed, seed+1000)
		}
	}
}

// What is stored has to be readable for good, and the same seed has to give the
// same form in the next version.
func TestAFormIsStoredAsItAlwaysWas(t *testing.T) {
	spec := small(20, 4)
	spec.MinCases, spec.Closes = 1, true
	cases := inCase("case", slices.Concat(stock("1", 2), stock("2", 1)))
	for i := range cases {
		cases[i].NoReturn = true
	}
	trial := stock("2", 2)
	for i := range trial {
		trial[i].Question, trial[i].Counts = "trial-"+trial[i].Question, false
	}
	f := draw(t, spec, slices.Concat(stock("1", 24), stock("2", 16), cases, trial), nil, 1)
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, '\n')
	golden := filepath.Join("testdata", "form.golden.json")
	if *update {
		if err := os.WriteFile(golden, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(data)); d != "" {
		t.Errorf("the encoding changed (-want +got):\n%s", d)
	}
	var back form.Form
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(f, &back); d != "" {
		t.Errorf("reading back changed the form:\n%s", d)
	}
}

func TestUnseenComesFirstThenSeenLongestAgo(t *testing.T) {
	spec := small(20, 0) // 12 and 8
	pool := slices.Concat(stock("1", 30), stock("2", 30))
	history := form.History{}
	for i, c := range pool[:24] { // 6 of domain 1 are new
		day := noon.AddDate(0, 0, -1-i/8) // eight a day: the last eight three days ago
		history[c.Question] = form.Seen{Times: 1, Last: day}
	}
	for seed := range uint64(50) {
		f := draw(t, spec, pool, history, seed)
		for i, c := range pool[:30] {
			switch taken := has(f, c.Question); {
			case i >= 24 && !taken:
				t.Errorf("seed %d: %s is new and left out", seed, c.Question)
			case i < 16 && taken:
				t.Errorf("seed %d: %s was seen lately and is in", seed, c.Question)
			}
		}
	}
}

func TestOfThoseSeenOneDayTheLessOftenSeenComesFirst(t *testing.T) {
	spec := small(20, 0)
	pool := slices.Concat(stock("1", 20), stock("2", 20))
	history := form.History{}
	for i, c := range pool {
		history[c.Question] = form.Seen{Times: 1 + i%20/12, Last: noon.Add(time.Duration(i) * time.Minute)}
	}
	f := draw(t, spec, pool, history, 3)
	for _, c := range pool[:12] {
		if !has(f, c.Question) {
			t.Errorf("%s was seen once and is left out", c.Question)
		}
	}
}

func TestASeenCaseComesOnlyWhereRepeatsAreDueAnyway(t *testing.T) {
	spec := small(20, 0)
	spec.MinCases = 1
	set := inCase("case", stock("2", 3))
	pool := slices.Concat(stock("1", 30), stock("2", 8), set)
	if f := draw(t, spec, pool, nil, 1); !has(f, set[0].Question) {
		t.Error("the new case is left out")
	}
	history := form.History{}
	for _, c := range set {
		history[c.Question] = form.Seen{Times: 1, Last: noon}
	}
	if f := draw(t, spec, pool, history, 1); has(f, set[0].Question) {
		t.Error("the seen case comes though 8 new questions fill the domain")
	}
	for _, c := range pool[30:38] {
		history[c.Question] = form.Seen{Times: 1, Last: noon}
	}
	if f := draw(t, spec, pool, history, 1); !has(f, set[0].Question) {
		t.Error("the case is left out though all of the domain was seen")
	}
}

func TestCasesComeWithinTheirBounds(t *testing.T) {
	pool := slices.Concat(stock("1", 40), stock("2", 40))
	for i := range 5 {
		pool = append(pool, inCase(exam.StimulusID(fmt.Sprintf("case-%d", i)), slices.Concat(stock("1", 2), stock("2", 2)))...)
	}
	for _, bounds := range [][2]int{{0, 0}, {0, 1}, {1, 2}, {3, 3}} {
		spec := small(25, 0)
		spec.MinCases, spec.MaxCases = bounds[0], bounds[1]
		met := map[int]int{}
		for seed := range uint64(200) {
			met[len(draw(t, spec, pool, nil, seed).Sections)-1]++
		}
		for n := bounds[0]; n <= bounds[1]; n++ {
			if met[n] < 200/(bounds[1]-bounds[0]+1)/2 {
				t.Errorf("bounds %v: %v forms by number of cases", bounds, met)
			}
			delete(met, n)
		}
		if len(met) > 0 {
			t.Errorf("bounds %v: also %v", bounds, met)
		}
	}
}

// A case of which one question serves the exam is no case; one with enemies in
// it, one that doesn't fit a quota and one that doesn't count never come.
func TestSomeCasesAreNone(t *testing.T) {
	spec := small(20, 4)
	spec.MinCases = 1
	base := slices.Concat(stock("1", 40), stock("2", 40))
	single := inCase("single", stock("1", 1))
	closed := inCase("closed", stock("1", 1))
	closed[0].NoReturn = true
	feud := inCase("feud", stock("1", 3))
	feud[0].Enemies, feud[2].Enemies = []string{"x"}, []string{"x"}
	large := inCase("large", stock("2", 9)) // the quota is 8
	trial := inCase("trial", stock("1", 3))
	for i := range trial {
		trial[i].Counts = false
	}
	met := map[exam.StimulusID]int{}
	pool := slices.Concat(base, single, closed, feud, large, trial)
	stimulus := map[exam.QuestionID]exam.StimulusID{}
	for _, c := range pool {
		stimulus[c.Question] = c.Stimulus
	}
	for seed := range uint64(200) {
		for _, p := range draw(t, spec, pool, nil, seed).Places {
			met[stimulus[p.Question]]++
		}
	}
	delete(met, "")
	if met["single"] == 0 || len(met) != 1 {
		t.Errorf("places by case set: %v", met)
	}
}

func TestUnscoredPlacesAreForTrialsThenForWhatCanBeSpared(t *testing.T) {
	trial := stock("1", 6)
	for i := range trial {
		trial[i].Question, trial[i].Counts = "trial-"+trial[i].Question, false
	}
	cases := []struct {
		name             string
		pool             []form.Candidate
		trials, unscored int
	}{
		{"enough trials", slices.Concat(stock("1", 40), stock("2", 40), trial), 4, 4},
		{"some trials", slices.Concat(stock("1", 40), stock("2", 40), trial[:3]), 3, 4},
		{"none", slices.Concat(stock("1", 40), stock("2", 40)), 0, 4},
		{"two to spare", slices.Concat(stock("1", 25), stock("2", 17)), 0, 2}, // the quotas are 12 and 8
		{"nothing to spare", slices.Concat(stock("1", 24), stock("2", 16)), 0, 0},
		{"trials and nothing to spare", slices.Concat(stock("1", 12), stock("2", 8), trial), 4, 4},
	}
	for _, c := range cases {
		for seed := range uint64(20) {
			f := draw(t, small(20, 4), c.pool, nil, seed)
			trials := 0
			for _, p := range f.Places {
				if strings.HasPrefix(string(p.Question), "trial-") {
					trials++
				}
			}
			if trials != c.trials || f.Length().Unscored != c.unscored {
				t.Fatalf("%s: %d trials among %d unscored", c.name, trials, f.Length().Unscored)
			}
		}
	}
}

func TestUnscoredPlacesAreSpread(t *testing.T) {
	spec := small(20, 5)
	pool := slices.Concat(stock("1", 60), stock("2", 60))
	at := make([]int, spec.Total())
	for seed := range uint64(2000) {
		f := draw(t, spec, pool, nil, seed)
		base := 0
		if len(f.Sections) > 1 {
			t.Fatal("this pool has no case")
		}
		for stretch := range 5 {
			n := 0
			for k := range 5 {
				if !f.Places[base+k].Scored {
					at[base+k]++
					n++
				}
			}
			if n != 1 {
				t.Fatalf("seed %d: stretch %d has %d unscored", seed, stretch, n)
			}
			base += 5
		}
	}
	for i, n := range at { // 400 expected, SD 18
		if n < 310 || n > 490 {
			t.Errorf("place %d is unscored in %d of 2000 forms", i+1, n)
		}
	}
}

func TestTypesAndDifficultiesComeCloseToTheirTargets(t *testing.T) {
	spec := small(50, 0)
	spec.Difficulty = [5]float64{.10, .20, .30, .25, .15}
	pool := slices.Concat(stock("1", 140), stock("2", 140)) // 4/7 single, 1/7 of three others
	even := stock("1", 140)
	for i := range even {
		even[i].Type = exam.Types()[i/5%5]
	}
	even = append(even, stock("2", 140)...)
	cases := []struct {
		name  string
		pool  []form.Candidate
		types []exam.Type
		mix   map[exam.Type]float64
		want  map[exam.Type]float64
	}{
		{"the pool's", pool, nil, nil, map[exam.Type]float64{exam.Single: 4. / 7, exam.Multiple: 1. / 7, exam.Ordering: 1. / 7, exam.Matching: 1. / 7}},
		{"at least half single", even, nil, nil, map[exam.Type]float64{exam.Single: .5}},
		{"the vendor's types, too few", pool, []exam.Type{exam.Multiple, exam.Ordering}, nil, map[exam.Type]float64{exam.Single: 4. / 7, exam.Matching: 1. / 7}},
		{"the vendor's types", pool, []exam.Type{exam.Single, exam.Multiple}, nil, map[exam.Type]float64{exam.Single: .8, exam.Multiple: .2}},
		{"as asked", pool, nil, map[exam.Type]float64{exam.Single: 3, exam.Ordering: 1}, map[exam.Type]float64{exam.Single: .75, exam.Ordering: .25}},
	}
	for _, c := range cases {
		spec.Types, spec.Mix = c.types, c.mix
		byID := map[exam.QuestionID]form.Candidate{}
		for _, q := range c.pool {
			byID[q.Question] = q
		}
		for seed := range uint64(50) {
			types, hard := map[exam.Type]float64{}, [5]float64{}
			for _, p := range draw(t, spec, c.pool, nil, seed).Places {
				types[byID[p.Question].Type]++
				hard[byID[p.Question].Difficulty-1]++
			}
			for kind, share := range c.want {
				if math.Abs(types[kind]-50*share) > 1.5 {
					t.Errorf("%s, seed %d: %v of 50 %s, want %v", c.name, seed, types[kind], kind, 50*share)
				}
			}
			for i, share := range spec.Difficulty {
				if math.Abs(hard[i]-50*share) > 1.5 {
					t.Errorf("%s, seed %d: %v of 50 of difficulty %d, want %v", c.name, seed, hard[i], i+1, 50*share)
				}
			}
		}
	}
}

// A bank with few hard questions shares them out over a person's forms.
func TestAScarceDifficultyIsNotUsedUp(t *testing.T) {
	spec := small(50, 0)
	spec.Difficulty = [5]float64{.05, .175, .30, .275, .20}
	pool := slices.Concat(stock("1", 120), stock("2", 80))
	scarce := map[exam.QuestionID]bool{}
	for i := range pool {
		if pool[i].Difficulty == 5 {
			if i%20 == 4 {
				scarce[pool[i].Question] = true
				continue
			}
			pool[i].Difficulty = 1 + i/5%4
		}
	}
	if len(scarce) != 10 { // of 200: 2.5 of 50, and half as much again is 3.75
		t.Fatalf("the pool has %d", len(scarce))
	}
	total := 0
	for seed := range uint64(100) {
		n := 0
		for _, p := range draw(t, spec, pool, nil, seed).Places {
			if scarce[p.Question] {
				n++
			}
		}
		if n > 5 {
			t.Errorf("seed %d: %d of the 10 hardest", seed, n)
		}
		total += n
	}
	if total < 325 || total > 425 {
		t.Errorf("%d hardest in 100 forms, want about 375", total)
	}
}

func TestASmallPoolGivesTheLongestFormInProportion(t *testing.T) {
	spec := small(50, 10) // 30 and 20
	f := draw(t, spec, slices.Concat(stock("1", 60), stock("2", 14)), nil, 1)
	if got := f.Length(); got.Scored != 36 { // 21.6 and 14.4; with 37 domain 2 has 14.8
		t.Errorf("%d scored, want 36", got.Scored)
	}
	want := form.Shortfall{Scored: 14, Unscored: 3, Domains: []form.Missing{{Domain: "2", Name: "Running", Have: 14, Need: 20}}}
	if d := cmp.Diff(want, f.Shortfall); d != "" {
		t.Errorf("shortfall (-want +got):\n%s", d)
	}
	const statement = "This form has 43 questions; the real one has 60. The bank can't fill more in the exam's own proportions: Running has 14 of 20. It lacks 3 unscored questions, which would not count anyway."
	if f.Statement() != statement {
		t.Errorf("statement %q", f.Statement())
	}
	if got := f.Minutes(90); got != 65 { // 64.5
		t.Errorf("%d minutes of 90 for 43 of 60 questions", got)
	}
}

func TestAFullFormHasTheFullTime(t *testing.T) {
	f := draw(t, small(20, 0), slices.Concat(stock("1", 12), stock("2", 8)), nil, 1)
	if !f.Shortfall.None() || f.Statement() != "" || f.Minutes(130) != 130 {
		t.Errorf("shortfall %v, %q, %d minutes", f.Shortfall, f.Statement(), f.Minutes(130))
	}
}

func TestTooSmallAPoolIsSaidPlainly(t *testing.T) {
	_, err := form.Draw(small(50, 0), slices.Concat(stock("1", 60), stock("2", 3)), nil, seeded(1))
	const want = "The bank has too few questions for a mock exam of X-1: Running has 3 of 20."
	if fault.KindOf(err) != fault.KindInvalid || fault.Message(err) != want {
		t.Errorf("error %v", err)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	good := slices.Concat(stock("1", 30), stock("2", 30))
	change := func(alter func(s *form.Spec, pool []form.Candidate)) (form.Spec, []form.Candidate) {
		s, pool := small(20, 0), slices.Clone(good)
		alter(&s, pool)
		return s, pool
	}
	cases := map[string]func(s *form.Spec, pool []form.Candidate){
		"no domains":         func(s *form.Spec, _ []form.Candidate) { s.Domains = nil },
		"domain twice":       func(s *form.Spec, _ []form.Candidate) { s.Domains = append(s.Domains, s.Domains[0]) },
		"weight zero":        func(s *form.Spec, _ []form.Candidate) { s.Domains[0].Weight = 0 },
		"weight not finite":  func(s *form.Spec, _ []form.Candidate) { s.Domains[0].Weight = math.NaN() },
		"nothing scored":     func(s *form.Spec, _ []form.Candidate) { s.Scored = 0 },
		"fewer than none":    func(s *form.Spec, _ []form.Candidate) { s.Unscored = -1 },
		"cases upside down":  func(s *form.Spec, _ []form.Candidate) { s.MinCases, s.MaxCases = 2, 1 },
		"difficulties":       func(s *form.Spec, _ []form.Candidate) { s.Difficulty[0] = .5 },
		"share below zero":   func(s *form.Spec, _ []form.Candidate) { s.Difficulty[0], s.Difficulty[1] = -.1, .45 },
		"mix of essays":      func(s *form.Spec, _ []form.Candidate) { s.Mix = map[exam.Type]float64{"essay": 1} },
		"question twice":     func(_ *form.Spec, pool []form.Candidate) { pool[1] = pool[0] },
		"unknown domain":     func(_ *form.Spec, pool []form.Candidate) { pool[0].Domain = "9" },
		"unknown type":       func(_ *form.Spec, pool []form.Candidate) { pool[0].Type = "essay" },
		"unknown difficulty": func(_ *form.Spec, pool []form.Candidate) { pool[0].Difficulty = 6 },
	}
	for name, alter := range cases {
		spec, pool := change(alter)
		if f, err := form.Draw(spec, pool, nil, seeded(1)); err == nil || f != nil || fault.Message(err) != "" {
			t.Errorf("%s: form %v, error %v", name, f, err)
		}
	}
	if _, err := form.Draw(small(20, 0), good, nil, nil); err == nil {
		t.Error("drawn without a source of randomness")
	}
}

// Only one choice of the eight in domain 2 keeps clear of the enemies.
func TestTheWayRoundEnemiesIsFound(t *testing.T) {
	pool := slices.Concat(stock("1", 18), stock("2", 16))
	for i := range 8 {
		tag := fmt.Sprintf("pair-%d", i)
		pool[18+2*i].Enemies, pool[19+2*i].Enemies = []string{tag}, []string{tag}
	}
	for i := range 6 { // half of domain 1 is at war with the first of a pair
		pool[i].Enemies = []string{fmt.Sprintf("war-%d", i)}
		pool[18+2*i].Enemies = append(pool[18+2*i].Enemies, fmt.Sprintf("war-%d", i))
	}
	for seed := range uint64(50) {
		if f := draw(t, small(20, 0), pool, nil, seed); f.Length().Scored != 20 {
			t.Fatalf("seed %d: only %d scored: %s", seed, f.Length().Scored, f.Statement())
		}
	}
	for i := range 4 { // now domain 2 can bring seven, and eight with a new one
		pool[18+i].Enemies = append(pool[18+i].Enemies, "feud")
	}
	pool = slices.Concat(pool, stock("1", 30)[18:], stock("2", 30)[29:])
	f := draw(t, small(25, 0), pool, nil, 1)
	if f.Length().Scored != 21 || len(f.Shortfall.Domains) != 0 || !strings.Contains(f.Statement(), "must not be asked together") {
		t.Errorf("%q, %+v", f.Statement(), f.Shortfall)
	}
}

// Whatever the pool, no rule is broken, and without enemies no longer form
// would have kept the rules.
func TestEveryFormKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec, pool, history := arbitrary(t)
		f, err := form.Draw(spec, pool, history, seeded(rapid.Uint64().Draw(t, "seed")))
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Fatal(err)
		}
		longest := 0
		if err == nil {
			if broken := faults(spec, pool, history, f); len(broken) > 0 {
				t.Fatalf("%v", broken)
			}
			longest = f.Length().Scored
		}
		if slices.ContainsFunc(pool, func(c form.Candidate) bool { return len(c.Enemies) > 0 }) {
			return
		}
		for n := max(longest+1, min(spec.Scored, form.MinScored)); n <= spec.Scored; n++ {
			if possible(spec, pool, n) {
				t.Fatalf("%d scored drawn, %d possible", longest, n)
			}
		}
	})
}

func arbitrary(t *rapid.T) (form.Spec, []form.Candidate, form.History) {
	spec := form.Spec{Exam: "X-1", Difficulty: [5]float64{.2, .2, .2, .2, .2}, Closes: rapid.Bool().Draw(t, "closes")}
	spec.Length = form.Length{Scored: rapid.IntRange(1, 40).Draw(t, "scored"), Unscored: rapid.IntRange(0, 8).Draw(t, "unscored")}
	spec.MinCases = rapid.IntRange(0, 1).Draw(t, "min cases")
	spec.MaxCases = spec.MinCases + rapid.IntRange(0, 2).Draw(t, "more cases")
	spec.Domains = weights(rapid.SliceOfN(rapid.Float64Range(5, 40), 1, 5).Draw(t, "weights")...)
	hostile := rapid.Bool().Draw(t, "hostile")
	var pool []form.Candidate
	history := form.History{}
	for i := range rapid.IntRange(20, 120).Draw(t, "pool") {
		c := form.Candidate{
			Question: exam.QuestionID(fmt.Sprint("q", i)), Revision: fmt.Sprint(i), Counts: rapid.IntRange(0, 9).Draw(t, "bank") > 0,
			Domain: spec.Domains[rapid.IntRange(0, len(spec.Domains)-1).Draw(t, "domain")].ID, Type: rapid.SampledFrom(exam.Types()).Draw(t, "type"),
			Difficulty: rapid.IntRange(1, 5).Draw(t, "difficulty"), Skill: rapid.SampledFrom([]exam.SkillID{"a", "b", "c"}).Draw(t, "skill"),
		}
		if set := rapid.IntRange(0, 29).Draw(t, "set"); set < 4 {
			c.Stimulus, c.NoReturn = exam.StimulusID(fmt.Sprint("set", set)), set == 0
		}
		if tag := rapid.IntRange(0, 19).Draw(t, "tag"); hostile && tag < 6 {
			c.Enemies = []string{fmt.Sprint("tag", tag)}
		}
		if times := rapid.IntRange(0, 2).Draw(t, "times"); times > 0 {
			history[c.Question] = form.Seen{Times: times, Last: noon.AddDate(0, 0, -rapid.IntRange(0, 5).Draw(t, "days"))}
		}
		pool = append(pool, c)
	}
	return spec, pool, history
}

// possible reports whether n scored questions can be had without enemies, by
// trying every choice of case sets.
func possible(spec form.Spec, pool []form.Candidate, n int) bool {
	sets := map[exam.StimulusID][]form.Candidate{}
	have := map[exam.DomainID]int{}
	for _, c := range pool {
		if c.Stimulus != "" {
			sets[c.Stimulus] = append(sets[c.Stimulus], c)
		} else if c.Counts {
			have[c.Domain]++
		}
	}
	var whole [][]form.Candidate
	for _, set := range sets {
		if len(set) == 1 && !set[0].NoReturn && set[0].Counts {
			have[set[0].Domain]++
		}
		if len(set) > 1 && !slices.ContainsFunc(set, func(c form.Candidate) bool { return !c.Counts }) {
			whole = append(whole, set)
		}
	}
	quotas := form.Quotas(spec.Domains, n)
	for choice := range 1 << len(whole) {
		used, taken := 0, map[exam.DomainID]int{}
		for i, set := range whole {
			if choice>>i&1 == 0 {
				continue
			}
			used++
			for _, c := range set {
				taken[c.Domain]++
			}
		}
		fits := used <= spec.MaxCases
		for d, domain := range spec.Domains {
			fits = fits && taken[domain.ID] <= quotas[d] && quotas[d]-taken[domain.ID] <= have[domain.ID]
		}
		if fits {
			return true
		}
	}
	return false
}
