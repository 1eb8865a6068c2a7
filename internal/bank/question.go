package bank

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sextant/internal/exam"
)

// The keys of the format, in the order an author meets them.
var (
	sharedKeys = []string{
		"platform", "skill", "domains", "difficulty", "difficulty_reason", "references", "services", "enemies", "facts_as_of", "review",
		"tags", "category",
	}
	questionKeys = []string{
		"id", "title", "platform", "skill", "type", "difficulty", "difficulty_reason", "domains", "stem", "ask", "options", "choose",
		"prompts", "one_to_one", "statements", "fixed_order", "explanation", "replies", "remember", "references", "services", "enemies",
		"facts_as_of", "review", "tags", "category", "source_id", "points",
	}
	caseKeys      = append([]string{"stimulus", "questions"}, sharedKeys...)
	stimulusKeys  = []string{"id", "title", "text", "no_return"}
	optionKeys    = []string{"text", "key", "rationale", "weight"}
	promptKeys    = []string{"text", "match", "rationale"}
	statementKeys = []string{"text", "holds", "rationale"}
	referenceKeys = []string{"title", "url"}
	reviewKeys    = []string{"solved", "agreed", "date"}
	replyKeys     = []string{"right", "partly", "wrong"}
)

// root reads the file's one document: a question, or a case set if it has a
// stimulus or a list of questions.
func (r *reading) root(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.add(n.Line, "", "type", "a question file is made of keys and values (id, platform, skill, …); this is %s", kindName(n))
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key == "stimulus" || key == "questions" {
			r.caseSet(n)
			return
		}
	}
	r.readQuestion(n, nil, nil)
	it := r.items[0]
	r.named(string(it.question.ID), it.source.at("id"), "id")
	it.broken = HasErrors(r.remarks)
}

// named compares an id with the file's name.
func (r *reading) named(id string, line int, field string) {
	base := strings.TrimSuffix(path.Base(strings.ReplaceAll(r.file, `\`, "/")), ".yaml")
	if id != "" && id != base && r.standard.naming != "" {
		r.remark(r.standard.naming, line, field, "file-name", "is %s but the file is named %s; make the two agree", id, path.Base(r.file))
	}
}

func (r *reading) caseSet(n *yaml.Node) {
	m, _ := r.mapping(n, "", caseKeys)
	stimulus := r.readStimulus(m)
	if stimulus != nil {
		r.stimulus = stimulus
		r.stimulusSource = source{file: r.file, line: m.line, lines: r.lines}
		r.named(string(stimulus.ID), r.stimulusSource.at("stimulus.id"), "stimulus.id")
	}
	defaults := map[string]*yaml.Node{}
	for _, key := range sharedKeys {
		if m.has(key) {
			defaults[key] = m.values[key]
		}
	}
	nodes := m.list("questions", MaxCaseQuestions)
	if len(nodes) == 0 && (!m.has("questions") || m.values["questions"].Kind == yaml.SequenceNode && len(m.values["questions"].Content) == 0) {
		r.add(m.line, "questions", "missing", "add the questions that share the stimulus, three to five as a rule")
	}
	shared := HasErrors(r.remarks)
	for _, node := range nodes {
		r.readQuestion(node, defaults, stimulus)
	}
	if shared { // the stimulus or the set itself is at fault: no question stands without it
		for _, it := range r.items {
			it.broken = true
		}
	}
}

func (r *reading) readStimulus(m mapping) *exam.Stimulus {
	if !m.has("stimulus") {
		r.add(m.line, "stimulus", "missing", "add the text the questions share (id, title, text)")
		return nil
	}
	s, ok := r.mapping(m.values["stimulus"], "stimulus", stimulusKeys)
	if !ok {
		return nil
	}
	stimulus := &exam.Stimulus{
		ID:       exam.StimulusID(s.required("id", "name the case set; the id equals the file name")),
		Title:    s.required("title", "give the case set a title, e.g. Claims intake at a regional insurer"),
		Text:     s.required("text", "write the scenario the questions share"),
		NoReturn: s.boolean("no_return"),
	}
	if stimulus.ID != "" && !idPattern.MatchString(string(stimulus.ID)) {
		r.add(s.values["id"].Line, "stimulus.id", "form", "%s", idRemedy)
	}
	for _, key := range []string{"title", "text"} {
		if n := s.values[key]; n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && cleanText(n.Value) == "" {
			r.add(n.Line, "stimulus."+key, "missing", "is empty; write the text the questions share")
		}
	}
	return stimulus
}

// readQuestion reads one question, checks it, and keeps it whatever its state.
func (r *reading) readQuestion(n *yaml.Node, defaults map[string]*yaml.Node, stimulus *exam.Stimulus) {
	outer := r.lines
	r.lines = map[string]int{}
	defer func() { r.lines, r.question = outer, "" }()

	before := len(r.remarks)
	m, ok := r.mapping(n, "", questionKeys)
	for key, node := range defaults {
		if !m.has(key) {
			m.values[key] = node
			r.lines[key] = outer[key]
		}
	}
	q := &exam.Question{File: r.file, Line: n.Line, Stimulus: stimulus}
	q.ID = exam.QuestionID(m.text("id"))
	r.question = q.ID
	for i := before; i < len(r.remarks); i++ {
		r.remarks[i].Question = q.ID
	}
	r.fields(m, q)
	src := source{file: r.file, line: n.Line, lines: r.lines}
	if ok {
		r.check(q, src, before)
	}
	q.Revision = Revision(q)
	r.items = append(r.items, &item{question: q, source: src, broken: HasErrors(r.remarks[before:])})
}

// check adds what is wrong with the question as a whole, leaving out what
// follows from earlier remarks: "is not a number" need not also be "out of
// range", nor an unreadable key a missing one.
func (r *reading) check(q *exam.Question, src source, before int) {
	earlier := r.remarks[before:]
	add := func(severity Severity, rule string, p exam.Problem) {
		follows := slices.ContainsFunc(earlier, func(remark Remark) bool {
			return remark.Field == p.Field ||
				remark.Rule == "type" && strings.HasPrefix(p.Field, remark.Field+".") ||
				p.Field == "options" && strings.HasSuffix(remark.Field, ".key")
		})
		if !follows {
			r.remark(severity, src.at(p.Field), p.Field, rule, "%s", p.Message)
		}
	}
	for _, p := range slices.Concat(q.Validate(), r.standard.beyond(q), FormProblems(q)) {
		add(Error, "valid", p)
	}
	for _, p := range q.Gaps() {
		if r.standard.gaps != Error {
			p = practiceOnly(p)
		}
		add(r.standard.gaps, "gap", p)
	}
	for _, p := range missingMedia(q, r.media) {
		add(r.standard.gaps, "media", p)
	}
}

// measuring are the fields without which an answer tells nothing of readiness.
var measuring = []string{"platform", "skill", "difficulty"}

// practiceOnly adds what a gap means to one who may leave it open.
func practiceOnly(gap exam.Problem) exam.Problem {
	if slices.Contains(measuring, gap.Field) {
		gap.Message += "; until then the question serves practice only"
	}
	return gap
}

func (r *reading) fields(m mapping, q *exam.Question) {
	q.Title = m.text("title")
	q.Platform = exam.Platform(m.text("platform"))
	q.Skill = exam.SkillID(m.text("skill"))
	q.Type = exam.Type(m.text("type"))
	q.Difficulty = m.integer("difficulty")
	if m.has("difficulty") && q.Difficulty == 0 && !r.spokeOf("difficulty") {
		r.add(m.values["difficulty"].Line, "difficulty", "form", "use 1 (recall of purpose) to 5 (design with several trade-offs)")
	}
	q.DifficultyReason = m.text("difficulty_reason")
	q.Domains = r.domains(m)
	q.Stem = m.text("stem")
	q.Ask = m.text("ask")
	q.Options = r.options(m, q.Type)
	q.Choose = m.integer("choose")
	if m.has("choose") && q.Choose < 1 && !r.spokeOf("choose") {
		r.add(m.values["choose"].Line, "choose", "form", "give the number of options to choose; leave the key out for “select all that apply”")
	}
	q.Prompts = r.prompts(m)
	q.OneToOne = m.boolean("one_to_one")
	q.Statements = r.statements(m)
	q.FixedOrder = m.boolean("fixed_order")
	q.Explanation = m.text("explanation")
	q.Replies = r.replies(m)
	q.Remember = m.text("remember")
	q.References = r.references(m)
	q.Services = m.texts("services")
	q.Enemies = m.texts("enemies")
	q.FactsAsOf = m.text("facts_as_of")
	q.Review = r.review(m)
	q.Tags = m.texts("tags")
	q.Category = m.text("category")
	q.SourceID = m.text("source_id")
	q.Points = m.decimal("points")
	if m.has("points") && q.Points == 0 && !r.spokeOf("points") {
		r.add(m.values["points"].Line, "points", "form", "give a number above 0, or leave the key out for 1")
	}
}

func (r *reading) replies(m mapping) exam.Replies {
	n := m.values["replies"]
	if n == nil {
		return exam.Replies{}
	}
	e, _ := r.mapping(n, "replies", replyKeys)
	return exam.Replies{Right: e.text("right"), Partly: e.text("partly"), Wrong: e.text("wrong")}
}

// spokeOf reports whether a field of the question has a remark already.
func (r *reading) spokeOf(field string) bool {
	return slices.ContainsFunc(r.remarks, func(remark Remark) bool {
		return remark.Field == field && remark.Question == r.question
	})
}

func (r *reading) domains(m mapping) map[exam.Code]exam.DomainID {
	n := m.values["domains"]
	if n == nil {
		return nil
	}
	d, ok := r.mapping(n, "domains", nil)
	if !ok {
		return nil
	}
	domains := map[exam.Code]exam.DomainID{}
	for code, value := range d.values {
		if value.Kind == yaml.ScalarNode && value.ShortTag() == "!!int" {
			domains[exam.Code(code)] = exam.DomainID(value.Value) // 1 and "1" name the same domain
			continue
		}
		domains[exam.Code(code)] = exam.DomainID(r.text(value, "domains."+code))
	}
	return domains
}

// each calls read for every mapping of a list.
func (r *reading) each(m mapping, key string, keys []string, read func(i int, entry mapping)) {
	for i, n := range m.list(key, MaxListItems) {
		field := fmt.Sprintf("%s[%d]", key, i)
		r.lines[field] = n.Line
		entry, _ := r.mapping(n, field, keys)
		read(i, entry)
	}
}

func (r *reading) options(m mapping, t exam.Type) []exam.Option {
	var options []exam.Option
	r.each(m, "options", optionKeys, func(i int, o mapping) {
		option := exam.Option{ID: letter(i), Text: o.text("text"), Key: o.boolean("key"), Rationale: o.text("rationale"), Weight: o.decimal("weight")}
		if t == exam.Ordering {
			option.Place = i + 1
		}
		options = append(options, option)
	})
	return options
}

func (r *reading) prompts(m mapping) []exam.Prompt {
	var prompts []exam.Prompt
	r.each(m, "prompts", promptKeys, func(_ int, p mapping) {
		prompts = append(prompts, exam.Prompt{Text: p.text("text"), Match: exam.OptionID(p.text("match")), Rationale: p.text("rationale")})
	})
	return prompts
}

func (r *reading) statements(m mapping) []exam.Statement {
	var statements []exam.Statement
	r.each(m, "statements", statementKeys, func(_ int, s mapping) {
		if !s.has("holds") && s.has("text") && !r.spokeOf(s.path("holds")) {
			r.add(s.line, s.path("holds"), "missing", "say whether the statement holds, with holds: true or holds: false")
		}
		statements = append(statements, exam.Statement{Text: s.text("text"), Yes: s.boolean("holds"), Rationale: s.text("rationale")})
	})
	return statements
}

func (r *reading) references(m mapping) []exam.Reference {
	var references []exam.Reference
	r.each(m, "references", referenceKeys, func(_ int, e mapping) {
		references = append(references, exam.Reference{Title: e.text("title"), URL: e.text("url")})
	})
	return references
}

func (r *reading) review(m mapping) exam.Review {
	n := m.values["review"]
	if n == nil {
		return exam.Review{}
	}
	e, _ := r.mapping(n, "review", reviewKeys)
	return exam.Review{Solved: e.integer("solved"), Agreed: e.integer("agreed"), Date: e.text("date")}
}

var (
	idPattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,79}$`)
	tagPattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)
	codePattern  = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,39}$`)
	monthPattern = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)
)

const idRemedy = "use 3 to 80 lower-case letters, digits, dots, dashes or underscores, e.g. aws-rag-grounding-01"

// FormProblems checks what the file format asks for beyond exam.Validate: the
// form of references, tags, dates and review records, and that numbers are in
// their range.
func FormProblems(q *exam.Question) []exam.Problem {
	var problems []exam.Problem
	check := func(ok bool, field, message string) {
		if !ok {
			problems = append(problems, exam.Problem{Field: field, Message: message})
		}
	}
	for code, domain := range q.Domains {
		field := "domains." + string(code)
		check(codePattern.MatchString(string(code)), field, "is not an exam code; write it as the vendor does, e.g. MLA-C02")
		check(domain != "", field, "name one of the exam's domains, e.g. \"2\"")
	}
	for i, ref := range q.References {
		field := fmt.Sprintf("references[%d]", i)
		check(ref.Title != "", field+".title", "give the page's title")
		check(secureURL(ref.URL), field+".url", "give the page's full address, starting with https://")
	}
	for i, s := range q.Services {
		check(tagPattern.MatchString(s), fmt.Sprintf("services[%d]", i), "is not a service id; write it as in the catalogue, e.g. amazon-sagemaker-ai")
	}
	for i, s := range q.Enemies {
		check(tagPattern.MatchString(s), fmt.Sprintf("enemies[%d]", i), "is not a tag; use lower-case letters, digits, dots, dashes or underscores")
	}
	for i, o := range q.Options {
		check(o.Weight >= -100 && o.Weight <= 100, fmt.Sprintf("options[%d].weight", i), "is a percentage of the mark; use -100 to 100")
	}
	check(q.Points >= 0 && q.Points <= MaxPoints, "points", fmt.Sprintf("use a number above 0, and at most %d", MaxPoints))
	check(q.FactsAsOf == "" || monthPattern.MatchString(q.FactsAsOf), "facts_as_of", "write year and month, e.g. \"2026-11\"")
	return append(problems, reviewProblems(q.Review)...)
}

func reviewProblems(review exam.Review) []exam.Problem {
	var problems []exam.Problem
	if review.Solved < 0 || review.Agreed < 0 || review.Agreed > review.Solved {
		problems = append(problems, exam.Problem{Field: "review.agreed", Message: "can't exceed solved, and neither is negative"})
	}
	_, err := time.Parse(time.DateOnly, review.Date)
	if review.Date != "" && err != nil {
		problems = append(problems, exam.Problem{Field: "review.date", Message: "write the day of the last review, e.g. \"2026-11-22\""})
	}
	if review.Solved > 0 && review.Date == "" {
		problems = append(problems, exam.Problem{Field: "review.date", Message: "give the day of the last review, e.g. \"2026-11-22\""})
	}
	return problems
}

func secureURL(address string) bool {
	if strings.ContainsAny(address, " \n\t<>\"") {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != ""
}
