package qti

import (
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

func plainMarkdown(s string) string { return markup.FromPlain(s) }

// responses is the response processing of an item of QTI 2 or 3.
type responses struct {
	declarations map[string]*declaration
	template     string // "match_correct", "map_response" … where a template is named
	rules        *xmltree.Node
	comments     []*xmltree.Node
	defaults     map[string][]string // of the outcomes
	maps         bool                // marks are mapped, not given for the whole right answer only
}

// declaration says what a response takes and what is right.
type declaration struct {
	cardinality string
	correct     []string
	mapping     map[string]float64 // nil for none
	otherwise   float64
	folded      map[string]float64 // keys that match whatever the letter case
}

func (d *declaration) mapped(value string) float64 {
	if v, ok := d.mapping[value]; ok {
		return v
	}
	if v, ok := d.folded[strings.ToLower(value)]; ok {
		return v
	}
	return d.otherwise
}

func newResponses(item *xmltree.Node) *responses {
	p := &responses{declarations: map[string]*declaration{}, defaults: map[string][]string{}}
	for _, n := range item.All("responseDeclaration") {
		p.declarations[n.Attr("identifier")] = newDeclaration(n)
	}
	for _, n := range item.All("outcomeDeclaration") {
		p.defaults[n.Attr("identifier")] = values(n.Child("defaultValue"))
	}
	p.rules = item.Child("responseProcessing")
	if p.rules != nil && p.rules.Attr("template") == "" && len(p.rules.Elements()) == 0 {
		p.rules = nil // as if there were none
	}
	p.template = p.rules.Attr("template")
	if i := strings.LastIndexByte(p.template, '/'); i >= 0 {
		p.template = p.template[i+1:]
	}
	p.template = strings.ToLower(strings.TrimSuffix(p.template, ".xml"))
	p.maps = p.rules == nil || p.template == "map_response" || p.template == "cc2_map_response"
	descend(p.rules, func(n *xmltree.Node) bool {
		p.maps = p.maps || n.Name == "mapResponse"
		return true
	})
	item2 := item.All("modalFeedback")
	p.comments = append(p.comments, item2...)
	descend(item.Child("itemBody"), func(n *xmltree.Node) bool {
		if n.Name == "feedbackBlock" || n.Name == "feedbackInline" {
			p.comments = append(p.comments, n)
		}
		return true
	})
	return p
}

func newDeclaration(n *xmltree.Node) *declaration {
	d := &declaration{cardinality: n.Attr("cardinality"), correct: values(n.Child("correctResponse"))}
	mapping := n.Child("mapping")
	if mapping == nil {
		return d
	}
	d.mapping, d.folded = map[string]float64{}, map[string]float64{}
	d.otherwise, _ = strconv.ParseFloat(mapping.Attr("defaultValue"), 64)
	for _, e := range mapping.All("mapEntry") {
		value, err := strconv.ParseFloat(e.Attr("mappedValue"), 64)
		if err != nil {
			continue
		}
		key := oneLine(e.Attr("mapKey"))
		d.mapping[key] = value
		if e.Attr("caseSensitive") == "false" {
			d.folded[strings.ToLower(key)] = value
		}
	}
	return d
}

func values(n *xmltree.Node) []string {
	var found []string
	for _, v := range n.All("value") {
		found = append(found, oneLine(v.Content()))
	}
	return found
}

// pairs are the right pairs of a response.
func (p *responses) pairs(response string) [][2]string {
	d := p.declarations[response]
	if d == nil {
		return nil
	}
	right := d.correct
	if len(right) == 0 {
		for key, value := range d.mapping {
			if value > 0 {
				right = append(right, key)
			}
		}
		slices.Sort(right)
	}
	var found [][2]string
	for _, v := range right {
		if a, b, ok := strings.Cut(v, " "); ok {
			found = append(found, [2]string{a, b})
		}
	}
	return found
}

// best is the right answer to a choice: what is declared, else what the mapping
// or the processing gives most for.
func (p *responses) best(response string, ids []string, several bool) []string {
	d := p.declarations[response]
	if d != nil && len(d.correct) > 0 {
		return d.correct
	}
	var key []string
	most := 0.0
	var gains []string
	for _, id := range ids {
		score, _ := p.run(answer{response: {id}})
		if p.rules == nil && d != nil && d.mapping != nil {
			score = d.mapped(id)
		}
		if score > most {
			key, most = []string{id}, score
		}
		if score > 0 {
			gains = append(gains, id)
		}
	}
	if several {
		return gains
	}
	return key
}

// run answers the item.
func (p *responses) run(given answer) (score float64, shown map[string]bool) {
	e := &evaluation{p: p, given: given, outcomes: map[string][]string{}, steps: maxSteps}
	for id, v := range p.defaults {
		e.outcomes[id] = v
	}
	switch {
	case p.rules == nil || p.template == "match_correct":
		e.matchCorrect()
	case p.template == "map_response":
		sum := 0.0
		for id, d := range p.declarations {
			sum += e.total(d, given[id])
		}
		e.outcomes["SCORE"] = []string{format(sum)}
	}
	if p.rules != nil {
		e.do(p.rules, 0)
	}
	score, _ = strconv.ParseFloat(one(e.outcomes["SCORE"]), 64)
	shown = map[string]bool{}
	for _, c := range p.comments {
		there := slices.Contains(e.outcomes[c.Attr("outcomeIdentifier")], c.Attr("identifier"))
		if there == (c.Attr("showHide") != "hide") {
			shown[commentKey(c)] = true
		}
	}
	return score, shown
}

// maxSteps bounds the processing of one answer.
const maxSteps = 20_000

// evaluation runs response processing for one answer.
type evaluation struct {
	p        *responses
	given    answer
	outcomes map[string][]string
	steps    int
	done     bool
}

func (e *evaluation) matchCorrect() {
	e.outcomes["SCORE"] = []string{"0"}
	if len(e.p.declarations) > 0 {
		e.outcomes["SCORE"] = []string{"1"}
	}
	for id, d := range e.p.declarations {
		if !same(e.given[id], d.correct, d.cardinality == "ordered") {
			e.outcomes["SCORE"] = []string{"0"}
		}
	}
}

func same(a, b []string, ordered bool) bool {
	if !ordered {
		a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	}
	return len(a) > 0 && slices.Equal(a, b)
}

// do carries out rules.
func (e *evaluation) do(n *xmltree.Node, depth int) {
	for _, c := range n.Elements() {
		if e.steps--; e.steps < 0 || e.done || depth > 50 {
			return
		}
		switch c.Name {
		case "responseCondition":
			e.condition(c, depth)
		case "setOutcomeValue":
			for _, expression := range c.Elements() {
				e.outcomes[c.Attr("identifier")] = e.value(expression, depth+1)
			}
		case "responseProcessingFragment":
			e.do(c, depth+1)
		case "exitResponse":
			e.done = true
		}
	}
}

func (e *evaluation) condition(n *xmltree.Node, depth int) {
	for _, branch := range n.Elements() {
		parts := branch.Elements()
		if branch.Name == "responseElse" {
			e.do(branch, depth+1)
			return
		}
		if len(parts) == 0 || one(e.value(parts[0], depth+1)) != "true" {
			continue
		}
		e.do(&xmltree.Node{Name: branch.Name, Children: parts[1:]}, depth+1)
		return
	}
}

func (e *evaluation) value(n *xmltree.Node, depth int) []string {
	if e.steps--; e.steps < 0 || depth > 50 {
		return nil
	}
	switch n.Name {
	case "baseValue":
		return []string{oneLine(n.Content())}
	case "variable":
		id := n.Attr("identifier")
		v, ok := e.given[id]
		if !ok && e.p.declarations[id] == nil {
			v = e.outcomes[id]
		}
		e.steps -= len(v) / 8 // long values take longer
		return v
	case "correct":
		if d := e.p.declarations[n.Attr("identifier")]; d != nil {
			return d.correct
		}
		return nil
	case "mapResponse":
		id := n.Attr("identifier")
		return []string{format(e.total(e.p.declarations[id], e.given[id]))}
	}
	var args [][]string
	for _, c := range n.Elements() {
		args = append(args, e.value(c, depth+1))
	}
	return e.apply(n, args)
}

// total is the sum of what values are mapped to.
func (e *evaluation) total(d *declaration, given []string) float64 {
	if d == nil {
		return 0
	}
	sum := 0.0
	for _, v := range slices.Compact(slices.Sorted(slices.Values(given))) {
		sum += d.mapped(v)
	}
	return sum
}

func (e *evaluation) apply(n *xmltree.Node, args [][]string) []string {
	arg := func(i int) []string {
		if i < len(args) {
			return args[i]
		}
		return nil
	}
	switch n.Name {
	case "isNull":
		return truth(len(arg(0)) == 0)
	case "null":
		return nil
	case "not":
		return truth(one(arg(0)) != "true")
	case "and":
		return truth(!slices.ContainsFunc(args, func(a []string) bool { return one(a) != "true" }))
	case "or":
		return truth(slices.ContainsFunc(args, func(a []string) bool { return one(a) == "true" }))
	case "match":
		return truth(same(arg(0), arg(1), e.ordered(n)) || numbersEqual(arg(0), arg(1)))
	case "equal", "equalRounded":
		return truth(numbersEqual(arg(0), arg(1)))
	case "stringMatch":
		return truth(strings.EqualFold(one(arg(0)), one(arg(1))))
	case "member":
		return truth(len(arg(0)) > 0 && slices.Contains(arg(1), one(arg(0))))
	case "contains":
		return truth(len(arg(1)) > 0 && !slices.ContainsFunc(arg(1), func(v string) bool { return !slices.Contains(arg(0), v) }))
	case "multiple", "ordered":
		return slices.Concat(args...)
	case "containerSize":
		return []string{strconv.Itoa(len(arg(0)))}
	}
	return arithmetic(n.Name, args)
}

// ordered reports whether a comparison is of a response whose order matters.
func (e *evaluation) ordered(n *xmltree.Node) bool {
	for _, c := range n.Elements() {
		if d := e.p.declarations[c.Attr("identifier")]; d != nil && d.cardinality == "ordered" {
			return true
		}
	}
	return false
}

func arithmetic(name string, args [][]string) []string {
	var x []float64
	for _, v := range slices.Concat(args...) {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil
		}
		x = append(x, f)
	}
	if len(x) == 0 {
		return nil
	}
	result := x[0]
	for _, y := range x[1:] {
		switch name {
		case "sum":
			result += y
		case "product":
			result *= y
		case "subtract":
			result -= y
		case "divide":
			if y == 0 {
				return nil
			}
			result /= y
		case "min":
			result = min(result, y)
		case "max":
			result = max(result, y)
		case "gt":
			return truth(result > y)
		case "gte":
			return truth(result >= y)
		case "lt":
			return truth(result < y)
		case "lte":
			return truth(result <= y)
		default:
			return nil
		}
	}
	return []string{format(result)}
}

func truth(b bool) []string { return []string{strconv.FormatBool(b)} }

func one(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

func numbersEqual(a, b []string) bool {
	x, err := strconv.ParseFloat(one(a), 64)
	y, err2 := strconv.ParseFloat(one(b), 64)
	return err == nil && err2 == nil && len(a) == 1 && len(b) == 1 && x == y
}

func format(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
