package qti

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exchange/xmltree"
)

// processing is the response processing of an item of QTI 1.2.
type processing struct {
	conditions []condition
	responses  map[string]*response
	met        bool // a condition that scores has held for the answer that is being run
}

// maxConditions bounds the conditions of one item that are looked at.
const maxConditions = 2000

type condition struct {
	test      *xmltree.Node
	sets      []setting
	shows     []string
	continues bool
}

type setting struct {
	action string // "set", "add", "subtract", …
	value  float64
}

func newProcessing(item *xmltree.Node, responses []*response) *processing {
	p := &processing{responses: map[string]*response{}}
	for _, r := range responses {
		p.responses[r.ident] = r
	}
	for _, block := range item.All("resprocessing") {
		for _, n := range block.All("respcondition") {
			if len(p.conditions) < maxConditions {
				p.conditions = append(p.conditions, newCondition(n))
			}
		}
	}
	return p
}

func newCondition(n *xmltree.Node) condition {
	c := condition{test: n.Child("conditionvar"), continues: strings.EqualFold(n.Attr("continue"), "yes")}
	for _, s := range n.All("setvar") {
		text := strings.TrimSpace(s.Content())
		value, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil && strings.HasSuffix(text, ".max"): // as Blackboard writes the whole mark
			value = 100
		case err != nil, s.Attr("varname") == "D2L_Incorrect": // it counts mistakes
			continue
		}
		action := strings.ToLower(s.Attr("action"))
		if action == "" {
			action = "set"
		}
		c.sets = append(c.sets, setting{action, value})
	}
	for _, f := range n.All("displayfeedback") {
		c.shows = append(c.shows, f.Attr("linkrefid"))
	}
	return c
}

// run answers the item. A condition that sets the score ends the processing
// unless it says otherwise; those that add go on, as matchings need it, whatever
// they say.
func (p *processing) run(given answer) (score float64, shown map[string]bool) {
	shown = map[string]bool{}
	p.met = false
	for _, c := range p.conditions {
		if !p.holds(c.test, given, 0) {
			continue
		}
		p.met = p.met || len(c.sets) > 0
		ends := !c.continues && len(c.sets) > 0
		for _, s := range c.sets {
			switch s.action {
			case "add":
				score += s.value
				ends = false
			case "subtract":
				score -= s.value
				ends = false
			case "multiply":
				score *= s.value
			case "divide":
				if s.value != 0 {
					score /= s.value
				}
			default:
				score = s.value
			}
		}
		for _, id := range c.shows {
			shown[id] = true
		}
		if ends {
			break
		}
	}
	return score, shown
}

// holds tests a condition. Tests beside each other must all hold, except those
// on a response that takes one value only: of these one is enough.
func (p *processing) holds(n *xmltree.Node, given answer, depth int) bool {
	if n == nil || depth > 30 {
		return false
	}
	tests := n.Elements()
	if n.Name == "or" {
		return slices.ContainsFunc(tests, func(t *xmltree.Node) bool { return p.test(t, given, depth) })
	}
	met := map[string]bool{}
	for _, t := range tests {
		ok := p.test(t, given, depth)
		if ident := t.Attr("respident"); t.Name == "varequal" && p.alternative(ident) {
			met[ident] = met[ident] || ok
			continue
		}
		if !ok {
			return false
		}
	}
	for _, ok := range met {
		if !ok {
			return false
		}
	}
	return true
}

func (p *processing) alternative(ident string) bool {
	r := p.responses[ident]
	return r != nil && r.cardinality != "multiple" && r.cardinality != "ordered"
}

func (p *processing) test(n *xmltree.Node, given answer, depth int) bool {
	switch n.Name {
	case "and", "or":
		return p.holds(n, given, depth+1)
	case "not":
		return !p.holds(n, given, depth+1)
	case "other": // than those before it
		return !p.met
	case "unanswered":
		return len(given[n.Attr("respident")]) == 0
	case "varequal":
		return p.equal(n, given[n.Attr("respident")])
	case "varsubset":
		want := strings.FieldsFunc(n.Content(), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
		return len(want) > 0 && !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(given[n.Attr("respident")], w) })
	}
	return false
}

func (p *processing) equal(n *xmltree.Node, given []string) bool {
	want := strings.TrimSpace(n.Content())
	if i, err := strconv.Atoi(n.Attr("index")); err == nil && i >= 1 {
		return i <= len(given) && given[i-1] == want
	}
	return slices.Contains(given, want)
}

// wanted are the values that a condition wants of a response, in their order;
// those that it wants not to be there are left out.
func wanted(n *xmltree.Node, ident string, depth int) []string {
	var found []string
	for _, t := range n.Elements() {
		switch {
		case t.Name == "varequal" && t.Attr("respident") == ident:
			found = append(found, strings.TrimSpace(t.Content()))
		case (t.Name == "and" || t.Name == "or") && depth < 30:
			found = append(found, wanted(t, ident, depth+1)...)
		}
	}
	return found
}

// bestChoice is the answer to one response that scores most: an option by itself
// for a response that takes one, else what a condition wants, or all that score
// by themselves.
func (p *processing) bestChoice(r *response, ids []string) (key []string, score float64) {
	try := func(values []string) {
		if len(values) == 0 {
			return
		}
		if s, _ := p.run(answer{r.ident: values}); s > score {
			key, score = values, s
		}
	}
	for _, id := range ids {
		try([]string{id})
	}
	if r.cardinality != "multiple" {
		if len(key) == 0 {
			key = p.saidRight(r.ident, ids)
		}
		return key, score
	}
	nothing, _ := p.run(answer{})
	var gains []string
	for _, id := range ids {
		if s, _ := p.run(answer{r.ident: {id}}); s > nothing {
			gains = append(gains, id)
		}
	}
	try(gains)
	tried := map[string]bool{}
	for _, c := range p.conditions {
		if len(c.sets) == 0 {
			continue
		}
		values := only(wanted(c.test, r.ident, 0), ids)
		if name := strings.Join(values, "\x00"); !tried[name] && len(tried) < maxParts {
			tried[name] = true
			try(values)
		}
	}
	if len(key) == 0 {
		key = p.saidRight(r.ident, ids)
	}
	return key, score
}

var commentsRight = regexp.MustCompile(`(?i)^correct|_A?C$`) //nolint:misspell // the latter as Respondus, a program, names them

// saidRight is the answer that brings up a comment on right answers, for items
// that are worth nothing or whose scores are kept elsewhere.
func (p *processing) saidRight(ident string, ids []string) []string {
	for _, c := range p.conditions {
		if slices.ContainsFunc(c.shows, commentsRight.MatchString) {
			if values := only(wanted(c.test, ident, 0), ids); len(values) > 0 {
				return values
			}
		}
	}
	return nil
}

// unknown are the values that score and that a response doesn't offer.
func (p *processing) unknown(r *response) []string {
	ids := idents(r)
	return slices.DeleteFunc(p.positives(r.ident), func(v string) bool { return slices.Contains(ids, v) })
}

// places are steps in their right order where each has a place of its own that
// scores, as Brightspace writes it.
func (p *processing) places(ids []string) []string {
	at := make([]string, len(ids))
	for _, id := range ids {
		values := p.positives(id)
		if len(values) != 1 {
			return nil
		}
		place, err := strconv.Atoi(values[0])
		if err != nil || place < 1 || place > len(at) || at[place-1] != "" {
			return nil
		}
		at[place-1] = id
	}
	return at
}

func only(values, ids []string) []string {
	var kept []string
	for _, id := range ids {
		if slices.Contains(values, id) {
			kept = append(kept, id)
		}
	}
	return kept
}

// positives are the values of a response that earn something.
func (p *processing) positives(ident string) []string {
	var found []string
	for _, c := range p.conditions {
		if len(c.sets) > 0 && c.sets[0].value > 0 {
			found = append(found, wanted(c.test, ident, 0)...)
		}
	}
	return found
}

// sequence is the order of a response that scores.
func (p *processing) sequence(ident string) []string {
	for _, c := range p.conditions {
		if values := wanted(c.test, ident, 0); len(values) > 1 && (len(c.sets) == 0 || c.sets[0].value > 0) {
			return values
		}
	}
	var pieces []string // a condition for each place
	for _, c := range p.conditions {
		if len(c.sets) > 0 && c.sets[0].value > 0 {
			pieces = append(pieces, wanted(c.test, ident, 0)...)
		}
	}
	return pieces
}

// subsets are the pairs of a drag and drop that score: where each label goes. A
// label that goes to several places goes to "".
func (p *processing) subsets(ident string) map[string]string {
	found := map[string]string{}
	for _, c := range p.conditions {
		if len(c.sets) == 0 || c.sets[0].value <= 0 {
			continue
		}
		for _, t := range c.test.Elements() {
			a, b, ok := strings.Cut(strings.TrimSpace(t.Content()), ",")
			if t.Name != "varsubset" || t.Attr("respident") != ident || !ok {
				continue
			}
			a, b = strings.TrimSpace(a), strings.TrimSpace(b)
			if before, again := found[a]; again && before != b {
				b = ""
			}
			found[a] = b
		}
	}
	return found
}
