package qti

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/xmltree"
)

func pathUnescape(s string) (string, error) { return url.PathUnescape(s) }

func shuffled(n *xmltree.Node) bool { return strings.EqualFold(n.Attr("shuffle"), "true") }

func number(n *xmltree.Node, attribute string, otherwise int) int {
	if v, err := strconv.Atoi(strings.TrimSpace(n.Attr(attribute))); err == nil {
		return v
	}
	return otherwise
}

// choice reads one or several right ones among choices.
func (m *modern) choice(n *xmltree.Node, choices []*xmltree.Node) bool {
	if m.tooMany(len(choices)) {
		return false
	}
	var ids []string
	for _, c := range choices {
		m.option(c)
		ids = append(ids, c.Attr("identifier"))
	}
	response := n.Attr("responseIdentifier")
	most := number(n, "maxChoices", 1)
	d := m.rp.declarations[response]
	m.q.Type = exam.Single
	if most != 1 && n.Name != "inlineChoiceInteraction" || d != nil && d.cardinality == "multiple" && most != 1 {
		m.q.Type = exam.Multiple
	}
	key := only(m.rp.best(response, ids, m.q.Type == exam.Multiple), ids)
	if len(key) == 0 {
		m.fault("no option is marked as right", "Mark the right answer where the question comes from, and export it again.")
		return false
	}
	for i, id := range ids {
		m.q.Options[i].Key = slices.Contains(key, id)
	}
	m.weights(response, ids)
	m.severalRight()
	// One choice that keeps its place, as "none of these", keeps all in theirs.
	m.q.FixedOrder = !shuffled(n) || slices.ContainsFunc(choices, func(c *xmltree.Node) bool { return strings.EqualFold(c.Attr("fixed"), "true") })
	if m.q.Type == exam.Multiple && most == len(key) && number(n, "minChoices", 0) == most && most > 1 {
		m.q.Choose = most
	}
	for i, c := range choices {
		descend(c, func(f *xmltree.Node) bool {
			if f.Name == "feedbackInline" || f.Name == "feedbackBlock" {
				m.q.Options[i].Rationale = join(m.q.Options[i].Rationale, m.inner(f))
				return false
			}
			return true
		})
	}
	return true
}

// weights keeps what each option earns where the marks are mapped.
func (m *modern) weights(response string, ids []string) {
	d := m.rp.declarations[response]
	if d == nil || d.mapping == nil || !m.rp.maps {
		return
	}
	whole := 0.0
	for i, id := range ids {
		value := d.mapped(id)
		switch {
		case m.q.Type == exam.Single:
			whole = max(whole, value)
		case m.q.Options[i].Key && value > 0:
			whole += value
		}
	}
	if m.own && m.q.Points > 0 {
		whole = m.q.Points
	}
	if whole <= 0 {
		return
	}
	for i, id := range ids {
		m.q.Options[i].Weight = percent(d.mapped(id), whole)
	}
}

func (m *modern) ordering(n *xmltree.Node) bool {
	choices := n.All("simpleChoice")
	if m.tooMany(len(choices)) {
		return false
	}
	d := m.rp.declarations[n.Attr("responseIdentifier")]
	if d == nil || len(d.correct) == 0 {
		m.fault("the right order isn't given", "Give it where the question comes from, and export it again.")
		return false
	}
	m.q.Type = exam.Ordering
	for i, c := range choices {
		m.option(c)
		place := slices.Index(d.correct, c.Attr("identifier")) + 1
		if place == 0 {
			m.skip("an ordering that leaves some of its steps out (orderInteraction): Sextant orders all of them")
			return false
		}
		m.q.Options[i].Place = place
	}
	m.q.FixedOrder = !shuffled(n)
	return true
}

// matching reads two sets and the pairs between them. Each member of one set
// must have one partner; it may be either.
func (m *modern) matching(n *xmltree.Node) bool {
	sets := n.All("simpleMatchSet")
	if len(sets) != 2 {
		m.fault("a matching needs two sets of choices; this has "+strconv.Itoa(len(sets)), "Export the question again.")
		return false
	}
	left, right := sets[0].All("simpleAssociableChoice"), sets[1].All("simpleAssociableChoice")
	if m.tooMany(len(left)) || m.tooMany(len(right)) {
		return false
	}
	pairs := m.rp.pairs(n.Attr("responseIdentifier"))
	to, single := partners(pairs, 0)
	if !single {
		back, ok := partners(pairs, 1)
		if !ok {
			m.skip("a matching in which both sides have several partners (matchInteraction): divide it so that each row has one")
			return false
		}
		left, right, to = right, left, back
	}
	ids := map[string]exam.OptionID{}
	once := true
	for _, c := range right {
		ids[c.Attr("identifier")] = exchange.Letter(len(m.q.Options))
		m.option(c)
		once = once && number(c, "matchMax", 1) == 1
	}
	m.q.Type = exam.Matching
	m.rows(left, to, ids)
	m.q.OneToOne = once && distinct(m.q.Prompts)
	m.q.FixedOrder = !shuffled(n)
	return true
}

// partners are the partners of the members of one side of pairs; false when one
// has several.
func partners(pairs [][2]string, side int) (map[string]string, bool) {
	to := map[string]string{}
	for _, p := range pairs {
		if before, again := to[p[side]]; again && before != p[1-side] {
			return nil, false
		}
		to[p[side]] = p[1-side]
	}
	return to, true
}

// rows makes prompts of choices with a partner among the options.
func (m *modern) rows(choices []*xmltree.Node, to map[string]string, ids map[string]exam.OptionID) {
	left := 0
	for _, c := range choices {
		match, ok := ids[to[c.Attr("identifier")]]
		if !ok {
			left++
			continue
		}
		m.q.Prompts = append(m.q.Prompts, exam.Prompt{Text: m.part(m.shown(c)), Match: match})
	}
	if left > 0 {
		m.warn(strconv.Itoa(left)+" rows without a right partner were left out", "To keep them, add an option for what matches nothing.")
	}
}

func distinct(prompts []exam.Prompt) bool {
	seen := map[exam.OptionID]bool{}
	for _, p := range prompts {
		if seen[p.Match] {
			return false
		}
		seen[p.Match] = true
	}
	return true
}

// gaps reads words to be put into the gaps of a text.
func (m *modern) gaps(n *xmltree.Node) bool {
	var words []*xmltree.Node
	for _, c := range n.Elements() {
		if c.Name == "gapText" || c.Name == "gapImg" {
			words = append(words, c)
		}
	}
	if m.tooMany(len(words)) {
		return false
	}
	pairs := m.rp.pairs(n.Attr("responseIdentifier"))
	gaps := 0
	side := 1 // of the gaps; some files write the gap first
	descend(n, func(c *xmltree.Node) bool {
		if c.Name == "gap" {
			gaps++
			if slices.ContainsFunc(pairs, func(p [2]string) bool { return p[0] == c.Attr("identifier") }) {
				side = 0
			}
		}
		return true
	})
	if m.tooMany(gaps) {
		return false
	}
	to, single := partners(pairs, side)
	if !single {
		m.skip("a text with gaps that take several words each (gapMatchInteraction): ask for one word a gap")
		return false
	}
	ids := map[string]exam.OptionID{}
	once := true
	for _, c := range words {
		ids[c.Attr("identifier")] = exchange.Letter(len(m.q.Options))
		m.option(c)
		once = once && number(c, "matchMax", 1) == 1
	}
	m.q.Type = exam.Matching
	i := 0
	descend(n, func(c *xmltree.Node) bool {
		if c.Name == "gap" {
			i++
			m.q.Prompts = append(m.q.Prompts, exam.Prompt{Text: gapText(i), Match: ids[to[c.Attr("identifier")]]})
		}
		return true
	})
	m.q.OneToOne = once && distinct(m.q.Prompts)
	m.q.FixedOrder = !shuffled(n)
	return m.onlyGap()
}

// onlyGap makes a choice of a text with one gap.
func (m *modern) onlyGap() bool {
	if len(m.q.Prompts) != 1 {
		return true
	}
	match := m.q.Prompts[0].Match
	m.q.Type, m.q.Prompts, m.q.OneToOne = exam.Single, nil, false
	for i, o := range m.q.Options {
		m.q.Options[i].Key = o.ID == match
	}
	return true
}

// inline reads a text with a list of words at each gap.
func (m *modern) inline() bool {
	m.q.Type = exam.Matching
	if m.tooMany(len(m.found)) {
		return false
	}
	byText := map[string]exam.OptionID{}
	for i, n := range m.found {
		choices := n.All("inlineChoice")
		if m.tooMany(len(choices)) {
			return false
		}
		ids := map[string]exam.OptionID{}
		var names []string
		for _, c := range choices {
			text := m.inner(c)
			if _, known := byText[text]; !known {
				byText[text] = exchange.Letter(len(m.q.Options))
				m.option(c)
			}
			ids[c.Attr("identifier")] = byText[text]
			names = append(names, c.Attr("identifier"))
		}
		key := m.rp.best(n.Attr("responseIdentifier"), names, false)
		if len(key) == 0 {
			m.fault("gap "+strconv.Itoa(i+1)+" has no right answer", "Mark the right answer where the question comes from, and export it again.")
			return false
		}
		m.q.Prompts = append(m.q.Prompts, exam.Prompt{Text: gapText(i + 1), Match: ids[key[0]]})
	}
	m.warn("each gap had a list of its own; now every gap offers the words of all", "Look whether each gap still has one right answer.")
	m.q.FixedOrder = !shuffled(m.found[0])
	return true
}

// associate reads pairs within one set: of each pair the first is the prompt.
func (m *modern) associate(n *xmltree.Node) bool {
	var choices []*xmltree.Node
	descend(n, func(c *xmltree.Node) bool { // some systems put them into a set
		if c.Name == "simpleAssociableChoice" {
			choices = append(choices, c)
		}
		return c.Name == "simpleMatchSet"
	})
	if m.tooMany(len(choices)) {
		return false
	}
	pairs := m.rp.pairs(n.Attr("responseIdentifier"))
	to, single := partners(pairs, 0)
	used := map[string]bool{}
	for _, p := range pairs {
		single = single && !used[p[0]] && !used[p[1]] && p[0] != p[1]
		used[p[0]], used[p[1]] = true, true
	}
	if !single {
		m.skip("pairs in which one part has several partners (associateInteraction): make it a matching")
		return false
	}
	m.q.Type, m.q.OneToOne, m.q.FixedOrder = exam.Matching, true, !shuffled(n)
	ids := map[string]exam.OptionID{}
	var prompts []*xmltree.Node
	for _, c := range choices {
		if to[c.Attr("identifier")] != "" {
			prompts = append(prompts, c)
			continue
		}
		ids[c.Attr("identifier")] = exchange.Letter(len(m.q.Options))
		m.option(c)
	}
	m.rows(prompts, to, ids)
	return true
}

// feedback puts the item's comments into the question's fields.
func (m *modern) feedback() {
	if m.own {
		m.ownFeedback()
		return
	}
	var comments []comment
	for _, f := range m.root.All("modalFeedback") {
		if text := m.modalText(f); text != "" {
			comments = append(comments, comment{commentKey(f), text})
		}
	}
	descend(m.body, func(f *xmltree.Node) bool {
		if f.Name != "feedbackBlock" && f.Name != "feedbackInline" {
			return f.Name != "simpleChoice"
		}
		if text := m.inner(f); text != "" {
			comments = append(comments, comment{commentKey(f), text})
		}
		return false
	})
	if len(comments) == 0 {
		return
	}
	n := m.found[0]
	response := n.Attr("responseIdentifier")
	chosen := m.q.Type == exam.Single || m.q.Type == exam.Multiple
	if chosen && len(m.found) == 1 && n.Name != "gapMatchInteraction" {
		m.sortNamed(comments, response)
		return
	}
	right, wrong := answer{}, answer{}
	for id, d := range m.rp.declarations {
		right[id] = d.correct
		wrong[id] = slices.Clone(d.correct)
		slices.Reverse(wrong[id])
		if len(wrong[id]) == 1 || d.cardinality != "ordered" {
			wrong[id] = []string{"-"}
		}
	}
	sortWhole(m.q, m.renamed(comments), right, wrong, m.rp.run)
}

// modalText is a comment's text. Its title says more than right or wrong only
// now and then; it stands in front in bold.
func (m *modern) modalText(f *xmltree.Node) string {
	text := m.inner(f)
	if title := oneLine(f.Attr("title")); title != "" && text != "" {
		return "**" + plainMarkdown(title) + "**\n\n" + text
	}
	return text
}

// commentKey tells the comments of several outcomes apart.
func commentKey(f *xmltree.Node) string {
	return f.Attr("outcomeIdentifier") + "\x00" + f.Attr("identifier") + "\x00" + f.Attr("showHide")
}

// sortNamed sorts the comments on a choice.
func (m *modern) sortNamed(comments []comment, response string) {
	var ids []string
	descend(m.found[0], func(c *xmltree.Node) bool {
		if c.Name == "simpleChoice" || c.Name == "inlineChoice" || c.Name == "hottext" {
			ids = append(ids, c.Attr("identifier"))
		}
		return true
	})
	if len(ids) != len(m.q.Options) {
		return
	}
	sortChoice(m.q, m.renamed(comments), ids, response, m.rp.run)
}

// renamed gives comments whose names say it all, as "correct", that name alone.
func (m *modern) renamed(comments []comment) []comment {
	out := slices.Clone(comments)
	for i, c := range out {
		parts := strings.Split(c.id, "\x00")
		if len(parts) == 3 && (saysRight.MatchString(parts[1]) || saysWrong.MatchString(parts[1]) || saysPartly.MatchString(parts[1]) || saysAlways.MatchString(parts[1])) {
			out[i].id = parts[1]
		}
	}
	return out
}

// The outcomes and names of the comments that this package writes.
const (
	commentOutcome = "FEEDBACK" // on the options chosen
	replyOutcome   = "REPLY"    // on the answer as a whole
	idGeneral      = "GENERAL"
	idRemember     = "REMEMBER"
	idReferences   = "REFERENCES"
	idReason       = "REASON_" // and the name of the part that it is for
	idRight        = "RIGHT"
	idPartly       = "PARTLY"
	idWrong        = "WRONG"
)

// ownFeedback reads the comments of an item that this package wrote.
func (m *modern) ownFeedback() {
	if m.about != nil && slices.Contains(m.about.keywords, "sextant:type=yes_no") {
		yesNo(m.q) // reasons are for its statements
	}
	reasons := reasonsOf(m.q)
	for _, f := range m.root.All("modalFeedback") {
		id := f.Attr("identifier")
		if f.Attr("outcomeIdentifier") == commentOutcome {
			id = idReason + id
		}
		part, isReason := strings.CutPrefix(id, idReason)
		switch {
		case isReason && reasons[part] != nil:
			*reasons[part] = m.inner(f)
		case id == idGeneral:
			m.q.Explanation = m.inner(f)
		case id == idRemember:
			m.q.Remember = m.inner(f)
		case id == idReferences:
			m.references(f)
		case id == idRight:
			m.q.Replies.Right = m.inner(f)
		case id == idPartly:
			m.q.Replies.Partly = m.inner(f)
		case id == idWrong:
			m.q.Replies.Wrong = m.inner(f)
		}
	}
}

// reasonsOf are the reasons of a question by the names of their parts: an
// option's id, or P and the number of a prompt or statement.
func reasonsOf(q *exam.Question) map[string]*string {
	reasons := map[string]*string{}
	for i := range q.Options {
		reasons[string(q.Options[i].ID)] = &q.Options[i].Rationale
	}
	for i := range q.Prompts {
		reasons[rowID(i)] = &q.Prompts[i].Rationale
	}
	for i := range q.Statements {
		reasons[rowID(i)] = &q.Statements[i].Rationale
	}
	return reasons
}

func (m *modern) references(f *xmltree.Node) {
	descend(f, func(n *xmltree.Node) bool {
		if n.Name == "a" {
			m.q.References = append(m.q.References, exam.Reference{Title: n.Content(), URL: n.Attr("href")})
		}
		return true
	})
}
