package recommend

import (
	"slices"
	"strings"

	"sextant/internal/exam"
)

// The factors that this package names.
const (
	currentCloud = "current_employer_cloud"
	targetCloud  = "target_employer_cloud"
	stack        = "employer_stack"
	role         = "target_role"
	industry     = "industry"
	background   = "background"
	goal         = "goal"
	depth        = "desired_depth"
	ready        = "prerequisites_ready"
	workStyle    = "work_style"
)

// firstCertification is the goal of somebody who holds none.
const firstCertification = "first_certification"

// clause is the machine-readable form of a remap's "when". It holds if any of
// the Any values was chosen and none of the Unless values.
type clause struct {
	any    map[string][]string
	unless map[string][]string
}

// technical is what rules out that somebody needs an entry exam for lack of a
// technical base.
var technical = map[string][]string{
	ready:      {"statistics_and_ml", "python_api_cloud"},
	background: {"data_science_statistics", "ml_experiments", "data_engineering", "custom_pipelines_mlops", "application_development", "solution_architecture"},
}

// entry holds for somebody who isn't ready for an associate exam, by their own
// words, or wants the business view.
var entry = []clause{
	{any: map[string][]string{ready: {"little_technical"}}, unless: map[string][]string{ready: technical[ready]}},
	{any: map[string][]string{background: {"non_ml", "business"}}, unless: technical},
	{any: map[string][]string{role: {"business_leader"}}, unless: map[string][]string{ready: technical[ready]}},
	{any: map[string][]string{goal: {firstCertification}}, unless: map[string][]string{
		ready: technical[ready], background: technical[background], role: builders,
		depth: {"deep_theory_and_custom_models", "applied_services"},
	}},
}

// builders are the roles in which one builds.
var builders = []string{
	"ml_engineer", "applied_scientist", "data_scientist", "data_engineer", "mlops_engineer", "data_platform_specialist",
	"cloud_analytics_engineer", "ai_engineer", "app_developer", "automation_specialist", "solution_architect",
}

// dataEngineering holds for people whose work is data pipelines. A background
// alone counts only where the wanted role doesn't lead elsewhere.
var dataEngineering = []clause{
	{any: map[string][]string{role: {"data_engineer", "data_platform_specialist", "cloud_analytics_engineer"}}},
	{
		any: map[string][]string{background: {"data_engineering"}},
		unless: map[string][]string{role: {
			"ml_engineer", "applied_scientist", "data_scientist", "mlops_engineer", "ai_engineer",
			"app_developer", "automation_specialist", "solution_architect", "business_leader",
		}},
	},
}

// mlRoles holds for people who build and run models themselves.
var mlRoles = []clause{{any: map[string][]string{
	role:  {"ml_engineer", "applied_scientist", "data_scientist", "mlops_engineer"},
	goal:  {"ml_specialisation", "research_grade_infrastructure"},
	depth: {"deep_theory_and_custom_models"},
}}}

// mlOperations holds for people who bring models into service. Azure has no
// other exam for machine learning roles since DP-100.
var mlOperations = []clause{
	{any: map[string][]string{role: {"mlops_engineer", "ml_engineer", "data_scientist", "applied_scientist"}}},
	{
		any: map[string][]string{background: {"custom_pipelines_mlops"}},
		unless: map[string][]string{role: {
			"data_engineer", "data_platform_specialist", "cloud_analytics_engineer", "ai_engineer",
			"app_developer", "automation_specialist", "solution_architect", "business_leader",
		}},
	},
}

// direction says when a remap's target is meant.
type direction struct {
	when []clause
	// entry directions exclude the others: who isn't ready for an associate exam
	// isn't sent to one.
	entry bool
	// languages in which the direction takes the default's place.
	languages []string
}

type remapKey struct{ from, to exam.Code }

// directions gives each remap target's "when" a machine-readable form, keyed by
// the exam the rules name and the exam that stands in. A default's own clauses
// let it share a rule with a conditional direction when the situation asks for
// both.
var directions = map[remapKey]direction{
	{"MLS-C01", "MLA-C02"}: {when: mlRoles},
	{"MLS-C01", "MLA-C01"}: {languages: []string{"ja", "ko", "zh"}},
	{"MLS-C01", "AIP-C01"}: {when: []clause{{
		any: map[string][]string{
			role: {"ai_engineer", "app_developer"},
			goal: {"fast_practical_ai", "bots_search_documents"},
		},
		unless: map[string][]string{role: {"ml_engineer", "applied_scientist", "data_scientist", "mlops_engineer", "data_engineer"}},
	}}},
	{"MLS-C01", "DEA-C01"}: {when: dataEngineering},
	{"MLS-C01", "AIF-C01"}: {when: entry, entry: true},

	{"AI-102", "AI-103"}: {when: []clause{{any: map[string][]string{
		role: {"ai_engineer", "app_developer", "automation_specialist", "solution_architect"},
		goal: {"bots_search_documents", "automation_support_knowledge", "fast_practical_ai", "enterprise_ai_implementation"},
	}}}},
	{"AI-102", "AI-901"}: {when: entry, entry: true},
	{"AI-102", "AI-300"}: {when: slices.Concat(mlOperations, dataEngineering)},
	{"AI-102", "AI-200"}: {when: []clause{{any: map[string][]string{role: {"app_developer"}}}}},

	{"PMLE", "PMLE"}: {when: mlRoles},
	{"PMLE", "PDE"}:  {when: dataEngineering},
	{"PMLE", "GAIL"}: {when: entry, entry: true},
	{"PMLE", "PAA"}: {when: []clause{{any: map[string][]string{
		role: {"ai_engineer"},
		goal: {"bots_search_documents"},
	}}}},

	{"PAA", "PMLE"}: {},
}

// topicOf returns what the exams for one kind of work are about; nil for the
// others. A rule that names such an exam beside the one it is written for counts
// only if it fired through the topic.
func topicOf(code exam.Code) (clauses []clause, name string) {
	switch code {
	case "DEA-C01", "PDE":
		return dataEngineering, "data pipelines"
	case "AI-300":
		return mlOperations, "bringing models into service"
	}
	return nil, ""
}

// subjectOf returns what must be said for an exam about one kind of work not to be
// off the subject. On Azure no exam on data pipelines is catalogued, and the one on
// operations stands nearest.
func subjectOf(code exam.Code) (clauses []clause, name string) {
	clauses, name = topicOf(code)
	if code == "AI-300" {
		clauses = slices.Concat(clauses, dataEngineering)
	}
	return clauses, name
}

// said is a situation's factors as sets.
type said map[string]map[string]bool

func newSaid(factors map[string][]string) said {
	s := make(said, len(factors))
	for factor, values := range factors {
		for _, v := range values {
			s.choose(factor, v)
		}
	}
	return s
}

func (s said) choose(factor, value string) {
	if s[factor] == nil {
		s[factor] = map[string]bool{}
	}
	s[factor][value] = true
}

// with returns a copy in which factor has exactly the values given.
func (s said) with(factor string, values ...string) said {
	c := make(said, len(s)+1)
	for f, set := range s {
		if f != factor {
			c[f] = set
		}
	}
	for _, v := range values {
		c.choose(factor, v)
	}
	return c
}

// without returns a copy in which a value isn't chosen.
func (s said) without(factor, value string) said {
	var kept []string
	for v, yes := range s[factor] {
		if yes && v != value {
			kept = append(kept, v)
		}
	}
	return s.with(factor, kept...)
}

// anyOf reports whether any of the values was chosen.
func (s said) anyOf(factors map[string][]string) bool {
	for factor, values := range factors {
		if slices.ContainsFunc(values, func(v string) bool { return s[factor][v] }) {
			return true
		}
	}
	return false
}

// has reports whether one of the values of a factor was chosen.
func (s said) has(factor string, values ...string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return s[factor][v] })
}

// holds reports whether any clause holds: its Any among the values in scope, its
// Unless nowhere in the whole situation.
func holds(clauses []clause, scope, whole said) bool {
	return slices.ContainsFunc(clauses, func(c clause) bool {
		return scope.anyOf(c.any) && !whole.anyOf(c.unless)
	})
}

// asksEntry reports whether the words ask for an exam of the first level.
func (s said) asksEntry() bool { return holds(entry, s, s) }

// asksBusiness reports whether the words ask for understanding, not building.
func (s said) asksBusiness() bool {
	if s.has(depth, "deep_theory_and_custom_models", "applied_services") {
		return false
	}
	return s.has(depth, "conceptual") || s.has(role, "business_leader")
}

// technicalBase reports whether the words name a technical background.
func (s said) technicalBase() bool { return s.anyOf(technical) }

// primaryTag is the language of a BCP 47 tag without script and region.
func primaryTag(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		return tag[:i]
	}
	return tag
}

// speaks reports whether the language is one of the direction's.
func (d direction) speaks(language string) bool {
	return slices.Contains(d.languages, primaryTag(language))
}
