package httpd

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/page"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/web"
)

// whatIf shows the ranking as it is beside the ranking as it would be. All that is
// supposed stands in the address. With part=1 it answers with what changes only.
func (h *Handler) whatIf(c *gin.Context) error {
	p := asking(c)
	kept, err := h.aiming(c.Request.Context(), p)
	if err != nil {
		return err
	}
	base, grounds, err := h.fitOf(c.Request.Context(), p.ID, nil)
	if err != nil {
		return err
	}
	query := c.Request.URL.Query()
	said := kept
	if query.Get("set") != "" { // else nothing is supposed of what was said yet
		said = h.situationOf(query)
		said.Market, said.Targets = kept.Market, kept.Targets
	}
	s := h.readSupposing(query, said)
	after, err := h.supposed(base, grounds, s)
	if err != nil {
		return err
	}
	w := supposition{before: kept, said: said, after: said, supposing: s, fitBefore: base, fitAfter: after}
	if s.pass != "" {
		w.after.Held = append(slices.Clone(said.Held), s.pass)
	}
	view := page.WhatIf{
		Frame:   h.frame(c, "What if", "readiness"),
		Factors: h.factors(said), Languages: h.languages(said), Held: h.held(said),
		Passes: h.passes(said, s), CanKeep: !sameSaid(kept, said),
	}
	was, is := h.rankings(w)
	view.Outcome = h.outcomeOf(w, was, is)
	view.Masters = h.masters(was, base, said, s)
	if query.Get("part") != "" {
		return render(c, http.StatusOK, web.WhatIfPart(view))
	}
	return render(c, http.StatusOK, web.WhatIf(view))
}

// masteredAtMost bounds how many domains may be supposed at once: more than there
// are in all exams that can be taken.
const masteredAtMost = 120

// readSupposing takes what is supposed of an ability from an address, keeping only
// what exists.
func (h *Handler) readSupposing(query url.Values, said recommend.Situation) supposing {
	var s supposing
	for _, text := range query["master"] {
		code, domain, _ := strings.Cut(text, "/")
		m := mastered{exam.Code(code), exam.DomainID(domain)}
		if _, ok := h.domain(m); ok && !slices.Contains(s.master, m) && len(s.master) < masteredAtMost {
			s.master = append(s.master, m)
		}
	}
	slices.SortFunc(s.master, func(a, b mastered) int { return strings.Compare(a.String(), b.String()) })
	if code := exam.Code(query.Get("pass")); slices.Contains(h.passable(said), code) {
		s.pass = code
	}
	return s
}

func (h *Handler) domain(m mastered) (*catalogue.Domain, bool) {
	cert, ok := h.Catalogue.Certification(m.code)
	if !ok {
		return nil, false
	}
	i := slices.IndexFunc(cert.Domains, func(d catalogue.Domain) bool { return d.ID == m.domain })
	if i < 0 {
		return nil, false
	}
	return &cert.Domains[i], true
}

// passable lists the exams that can or may be taken today and aren't held.
func (h *Handler) passable(said recommend.Situation) []exam.Code {
	var codes []exam.Code
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		if cert.Takeable(h.Now(), said.Language).Availability != catalogue.No && !slices.Contains(said.Held, cert.Code) {
			codes = append(codes, cert.Code)
		}
	}
	return codes
}

func (h *Handler) passes(said recommend.Situation, s supposing) []page.Option {
	var options []page.Option
	for _, code := range h.passable(said) {
		cert, _ := h.Catalogue.Certification(code)
		options = append(options, page.Option{Value: string(code), Label: string(code) + ": " + cert.Name, Chosen: code == s.pass})
	}
	return options
}

// masters lists the exams that can be measured and taken, with their domains, in
// the order of the ranking as it is.
func (h *Handler) masters(was recommend.Recommendation, base *fit, said recommend.Situation, s supposing) []page.MasterExam {
	var list []page.MasterExam
	for _, e := range base.report.Exams {
		cert, ok := h.Catalogue.Certification(e.Code)
		if !ok || !e.Offered || cert.Takeable(h.Now(), said.Language).Availability == catalogue.No {
			continue
		}
		one := page.MasterExam{Code: string(cert.Code), Name: cert.Name}
		for _, d := range cert.Domains {
			m := mastered{cert.Code, d.ID}
			chosen := slices.Contains(s.master, m)
			one.Open = one.Open || chosen
			one.Domains = append(one.Domains, page.MasterDomain{Value: m.String(), Name: d.Name, Weight: percentOf(d.Weight), Chosen: chosen})
		}
		list = append(list, one)
	}
	place := func(m page.MasterExam) int {
		if rank := rankOf(was.Ranking, exam.Code(m.Code)); rank > 0 {
			return rank
		}
		return len(was.Ranking) + 1
	}
	slices.SortStableFunc(list, func(a, b page.MasterExam) int { return place(a) - place(b) })
	return list
}

// sameSaid reports whether two people said the same.
func sameSaid(a, b recommend.Situation) bool {
	sorted := func(list []string) []string { list = slices.Clone(list); slices.Sort(list); return list }
	held := func(s recommend.Situation) []string {
		list := make([]string, len(s.Held))
		for i, code := range s.Held {
			list[i] = string(code) + s.HeldSince[code].UTC().String()
		}
		return sorted(list)
	}
	factors := func(s recommend.Situation) map[string][]string {
		said := map[string][]string{}
		for id, values := range s.Factors {
			if len(values) > 0 {
				said[id] = sorted(values)
			}
		}
		return said
	}
	return a.Language == b.Language && slices.Equal(held(a), held(b)) && maps.EqualFunc(factors(a), factors(b), slices.Equal)
}

// supposition is a comparison of what is with what is supposed.
type supposition struct {
	before, said, after recommend.Situation // after is said with what is supposed to be passed
	supposing
	fitBefore, fitAfter *fit
}

// rankings are the exams before and after.
func (h *Handler) rankings(w supposition) (was, is recommend.Recommendation) {
	was = recommend.Recommend(h.Catalogue, w.before, w.fitBefore.evidence(), h.Now())
	if w.none() && sameSaid(w.before, w.said) {
		return was, was
	}
	return was, recommend.Recommend(h.Catalogue, w.after, w.fitAfter.evidence(), h.Now())
}

// outcomeOf says what moved and why.
func (h *Handler) outcomeOf(w supposition, was, is recommend.Recommendation) page.Supposition {
	out := page.Supposition{Supposed: h.supposedWords(w), Rows: moves(was, is)}
	out.Sentence = movesSentence(was, is, out)
	out.Because = because(was, is)
	if was.Lead == nil && is.Lead == nil { // an order that rests on nothing isn't shown as one
		out.Rows = nil
	}
	if w.pass != "" {
		if need, ok := w.fitBefore.need[w.pass]; ok && !need.Reached {
			out.Hours = fmt.Sprintf("Before %s there are about %s hours of study (%s to %s), which are supposed to be done.",
				w.pass, hoursNumber(need.Hours), hoursNumber(need.Low), hoursNumber(need.High))
		}
	}
	return out
}

// supposedWords says what is supposed, a line each.
func (h *Handler) supposedWords(w supposition) []string {
	var lines []string
	if w.pass != "" {
		lines = append(lines, fmt.Sprintf("%s is passed, after study up to a chance of %s.", w.pass, percentOf(h.Catalogue.Study.Target)))
	}
	for _, m := range w.master {
		if d, ok := h.domain(m); ok {
			lines = append(lines, fmt.Sprintf("%s, %s: mastered.", m.code, d.Name))
		}
	}
	for _, f := range h.Catalogue.Factors {
		was, is := labelsOf(f, w.before.Factors[f.ID]), labelsOf(f, w.said.Factors[f.ID])
		if !slices.Equal(was, is) {
			lines = append(lines, fmt.Sprintf("%s %s, instead of %s.", f.Label, quoted(is), quoted(was)))
		}
	}
	if w.before.Language != w.said.Language {
		lines = append(lines, fmt.Sprintf("Exam language %s, instead of %s.", languageWord(w.said.Language), languageWord(w.before.Language)))
	}
	if was, is := codesText(w.before.Held), codesText(w.said.Held); was != is {
		lines = append(lines, fmt.Sprintf("Certifications held: %s, instead of %s.", is, was))
	}
	return lines
}

func quoted(labels []string) string {
	if len(labels) == 0 {
		return "no answer"
	}
	return "“" + strings.Join(labels, "”, “") + "”"
}

func languageWord(tag string) string {
	if tag == "" {
		return "any"
	}
	return catalogue.LanguageName(tag)
}

func codesText(codes []exam.Code) string {
	if len(codes) == 0 {
		return "none"
	}
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = string(code)
	}
	slices.Sort(names)
	return inWords(names)
}

// moves lists every exam of either ranking, in the order of the second.
func moves(was, is recommend.Recommendation) []page.Move {
	var list []page.Move
	seen := map[exam.Code]bool{}
	for _, c := range slices.Concat(is.Ranking, was.Ranking) {
		if seen[c.Code] {
			continue
		}
		seen[c.Code] = true
		m := page.Move{
			Code: string(c.Code), Name: c.Name, Link: "/certifications/" + string(c.Code),
			Before: rankOf(was.Ranking, c.Code), After: rankOf(is.Ranking, c.Code),
		}
		if m.Before > 0 {
			before := was.Ranking[m.Before-1]
			m.ScoreBefore, m.PassBefore = signed(before.Score), chanceOf(before)
		}
		if m.After > 0 {
			after := is.Ranking[m.After-1]
			m.Score, m.Pass = signed(after.Score), chanceOf(after)
		}
		m.Kind, m.Text, m.Words = moveWords(m.Before, m.After)
		list = append(list, m)
	}
	slices.SortStableFunc(list, byRank)
	return list
}

func chanceOf(c recommend.Choice) string {
	if !c.Measured || c.Verdict == readiness.TooEarly {
		return ""
	}
	return percentText(c.Pass)
}

func moveWords(before, after int) (kind, text, words string) {
	switch {
	case after == 0:
		return "out", fmt.Sprintf("%d → –", before), fmt.Sprintf("from place %d out of the ranking", before)
	case before == 0:
		return "in", fmt.Sprintf("– → %d", after), fmt.Sprintf("new, at place %d", after)
	case before == after:
		return "same", fmt.Sprint(after), fmt.Sprintf("place %d, as before", after)
	case after < before:
		return "up", fmt.Sprintf("%d → %d", before, after), fmt.Sprintf("up from place %d to place %d", before, after)
	}
	return "down", fmt.Sprintf("%d → %d", before, after), fmt.Sprintf("down from place %d to place %d", before, after)
}

// movesSentence says what became of the first choice.
func movesSentence(was, is recommend.Recommendation, out page.Supposition) string {
	moved := 0
	for _, m := range out.Rows {
		if m.Kind != "same" {
			moved++
		}
	}
	rest := "nothing else moves"
	if moved > 0 {
		rest = plural(moved, "exam") + " would stand elsewhere"
	}
	switch {
	case is.Lead == nil && was.Lead == nil:
		return "Nothing tells the certifications apart yet: suppose something."
	case is.Lead == nil:
		return fmt.Sprintf("Nothing would tell the certifications apart any more; %s comes first as things are.", was.Lead.Code)
	case was.Lead == nil:
		return fmt.Sprintf("%s would come first, where nothing tells the certifications apart yet.", is.Lead.Code)
	case len(out.Supposed) == 0:
		return fmt.Sprintf("%s comes first as things are. Change something, and what moves stands here.", was.Lead.Code)
	case is.Lead.Code == was.Lead.Code:
		return fmt.Sprintf("%s would still come first; %s.", is.Lead.Code, rest)
	}
	return fmt.Sprintf("%s would come first instead of %s; %s.", is.Lead.Code, was.Lead.Code, plural(moved, "exam")+" would stand elsewhere")
}

// becauseAtMost is how many reasons are named for a change of the first choice.
const becauseAtMost = 4

// because names what the first choice after the supposition gained by it, and what
// the one before lost, the weightiest first.
func because(was, is recommend.Recommendation) []page.LedgerLine {
	if was.Lead == nil || is.Lead == nil || was.Lead.Code == is.Lead.Code {
		return nil
	}
	type change struct {
		line page.LedgerLine
		by   float64
	}
	var changes []change
	add := func(code exam.Code, sign, kind string, wanted float64) {
		before, after := choiceOf(was, code), choiceOf(is, code)
		for _, d := range ledgerChanges(before, after) {
			if d.Weight*wanted > 0 {
				changes = append(changes, change{page.LedgerLine{Source: string(code) + " " + sign, SourceKind: kind, Text: changeText(before, after, d), Weight: signed(d.Weight)}, d.Weight * wanted})
			}
		}
	}
	add(is.Lead.Code, "gains", "for", 1)
	add(was.Lead.Code, "loses", "against", -1)
	slices.SortStableFunc(changes, func(a, b change) int {
		switch {
		case a.by > b.by:
			return -1
		case a.by < b.by:
			return 1
		}
		return 0
	})
	var lines []page.LedgerLine
	for _, c := range changes[:min(becauseAtMost, len(changes))] {
		lines = append(lines, c.line)
	}
	return lines
}

// changeText is the reason for a change. One against an exam that came or went says
// so, or its words would stand for the opposite of what they mean.
func changeText(before, after recommend.Choice, d recommend.Entry) string {
	against := func(c recommend.Choice) bool {
		return slices.ContainsFunc(c.Ledger, func(e recommend.Entry) bool {
			return e.Text == d.Text && e.Weight < 0 && e.Source != recommend.YourAnswers
		})
	}
	switch was, is := against(before), against(after); {
	case was && !is && d.Weight > 0:
		return "No longer against it: “" + strings.ReplaceAll(d.Text, `"`, "'") + "”"
	case is && !was && d.Weight < 0:
		return "Now against it: “" + strings.ReplaceAll(d.Text, `"`, "'") + "”"
	}
	return d.Text
}

// choiceOf is an exam's place in a ranking, empty where it has none.
func choiceOf(r recommend.Recommendation, code exam.Code) recommend.Choice {
	if i := rankOf(r.Ranking, code); i > 0 {
		return r.Ranking[i-1]
	}
	return recommend.Choice{}
}

// ledgerChanges are the lines of two ledgers that differ, each with what it adds or
// takes. Lines of a rule are known by it, others by their source and text; where
// the answers are what changed, their lines are set against each other.
func ledgerChanges(before, after recommend.Choice) []recommend.Entry {
	name := func(e recommend.Entry) string {
		switch {
		case e.RuleID != "":
			return e.RuleID
		case e.Source == recommend.YourAnswers:
			return string(e.Source)
		}
		return string(e.Source) + e.Text
	}
	sums := map[string]recommend.Entry{}
	var order []string
	add := func(list []recommend.Entry, sign float64) {
		for _, e := range list {
			key := name(e)
			sum, ok := sums[key]
			if !ok {
				order = append(order, key)
			}
			if !ok || sign > 0 {
				sum.Text = e.Text
			}
			sum.Weight += sign * e.Weight
			sums[key] = sum
		}
	}
	add(before.Ledger, -1)
	add(after.Ledger, 1)
	var out []recommend.Entry
	for _, key := range order {
		if sums[key].Weight != 0 {
			out = append(out, sums[key])
		}
	}
	return out
}
