package postings

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sextant/internal/exam"
)

// candidate is a stretch of tokens that may be a name.
type candidate struct {
	from, to int // tokens; from may move back over the vendor's name
	entries  []*entry
	found    *entry // what it counts as; nil so far
}

// find returns the names of a document, in order.
func (r *Reader) find(d *document) []candidate {
	list := r.scan(d, 0, len(d.tokens), 0)
	list = r.settle(d, list)
	var found []candidate
	for _, c := range list {
		if c.found != nil && c.found.name != nil && !d.denied(c.from) {
			found = append(found, c)
		}
	}
	return absorb(d, found)
}

// denials are words right before a name that say it isn't wanted or isn't used.
var denials = map[string]bool{"no": true, "without": true, "not": true, "never": true, "non": true, "kein": true, "keine": true, "ohne": true, "sans": true, "sin": true, "geen": true}

// turned are pairs of words that do.
var turned = map[string]bool{"away from": true, "instead of": true, "rather than": true, "t use": true, "not use": true, "leaving behind": true}

// denied says that the words right before the token at i set aside what it
// names: "no AWS", "away from our AWS accounts".
func (d *document) denied(i int) bool {
	before := func(k int) string {
		if k < 0 || d.tokens[k].sentence != d.tokens[i].sentence || strings.ContainsAny(d.text[d.tokens[k].end:d.tokens[k+1].start], ",;:()/") {
			return ""
		}
		return d.tokens[k].norm
	}
	at := i - 1
	switch before(at) {
	case "our", "the", "any", "your":
		at--
	}
	last := before(at)
	return denials[last] || last != "" && turned[before(at-1)+" "+last]
}

// settle decides on the candidates. What a rejected one covered is looked at once
// more for shorter names, which may vouch for others in turn.
func (r *Reader) settle(d *document, list []candidate) []candidate {
	for range rounds {
		j := &judge{d: d, list: list}
		j.decide()
		var again []candidate
		shorter := false
		for _, c := range list {
			if c.found != nil {
				again = append(again, c)
				continue
			}
			inner := r.scan(d, c.from, c.to, c.to-c.from)
			if len(inner) == 0 {
				inner = []candidate{c} // it may count yet
			} else {
				shorter = true
			}
			again = append(again, inner...)
		}
		list = again
		if !shorter {
			break
		}
	}
	return list
}

// rounds bounds the passes over what was found. Each takes a word at least off a
// rejected name, and few names have more words than this.
const rounds = 6

// scan walks the tokens between from and to; names of below words or more don't
// count if below isn't 0.
func (r *Reader) scan(d *document, from, to, below int) []candidate {
	var list []candidate
	for i := from; i < to; {
		c, ok := r.at(d, i, to, below)
		if !ok {
			i++
			continue
		}
		list = append(list, c)
		i = c.to
	}
	return list
}

// at returns the longest name that begins with the token at i.
func (r *Reader) at(d *document, i, to, below int) (candidate, bool) {
	best := candidate{}
	at := &r.root
	for k := i; k < to; k++ {
		t := &d.tokens[k]
		if t.off || k > i && !joins(d, k) {
			break
		}
		if at = at.next[t.norm]; at == nil {
			break
		}
		if below > 0 && k+1-i >= below {
			break
		}
		if entries := d.eligible(at.entries, i); len(entries) > 0 && (k == i || !r.codeAt(d, k, to)) {
			best = candidate{from: i, to: k + 1, entries: entries}
		}
	}
	return best, best.to > 0
}

// codeAt says that an exam's code begins with the token at k: "Azure AI-900" is the
// exam, not the cloud "Azure AI" and a number.
func (r *Reader) codeAt(d *document, k, to int) bool {
	if k+1 >= to || !joins(d, k+1) || d.text[d.tokens[k].end:d.tokens[k+1].start] != "-" {
		return false
	}
	first := r.root.next[d.tokens[k].norm]
	if first == nil || first.next[d.tokens[k+1].norm] == nil {
		return false
	}
	return slices.ContainsFunc(first.next[d.tokens[k+1].norm].entries, func(e *entry) bool {
		return e.name != nil && e.name.Kind == Certificate
	})
}

// joins says that the token at k may belong to a name with the one before it.
func joins(d *document, k int) bool {
	return d.tokens[k].sentence == d.tokens[k-1].sentence && d.tokens[k].start-d.tokens[k-1].end <= maxGap
}

// maxGap bounds what may stand between two words of a name, in bytes.
const maxGap = 8

// eligible are the entries whose capitals and gaps fit the tokens.
func (d *document) eligible(entries []*entry, from int) []*entry {
	var fit []*entry
	for _, e := range entries {
		if d.gapsFit(e, from) && (!e.cased || d.capitalsFit(e, from) || d.smallWithVendor(e, from)) {
			fit = append(fit, e)
		}
	}
	return fit
}

func (d *document) gapsFit(e *entry, from int) bool {
	for i, want := range e.gaps {
		gap := strings.TrimSpace(d.text[d.tokens[from+i].end:d.tokens[from+i+1].start])
		switch {
		case gap == want, gap == "":
		case gap == "-", gap == "‑", gap == "‐", gap == "_":
		case e.name != nil && e.name.Kind == Certificate && strings.Trim(gap, "-–—:(, ®™") == "":
		case strings.Trim(gap, "®™ ") == "":
		default:
			return false
		}
	}
	return true
}

// capitalsFit says that the words have the capitals of the name: an abbreviation
// all of them, another word its first.
func (d *document) capitalsFit(e *entry, from int) bool {
	for i, w := range e.words {
		t := d.tokens[from+i]
		text := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(d.text[t.start:t.end], "'s"), "’s"), "s")
		want, _ := utf8.DecodeRuneInString(w)
		got, _ := utf8.DecodeRuneInString(text)
		if unicode.IsUpper(want) && !unicode.IsUpper(got) {
			return false
		}
		if w == strings.ToUpper(w) && text != strings.ToUpper(text) && w != d.text[t.start:t.end] {
			return false
		}
	}
	return true
}

// smallWithVendor lets a name in small letters stand after its vendor's, as in
// "aws ecs"; an ordinary word needs the vendor's in small letters too.
func (d *document) smallWithVendor(e *entry, from int) bool {
	if e.name == nil || e.name.Kind != Service {
		return false
	}
	if e.level == sure { // "aws config": a full name with an ordinary word
		first := d.text[d.tokens[from].start:d.tokens[from].end]
		return first == strings.ToLower(first)
	}
	v := d.vendorBefore(from, e.name.Platform)
	if v < 0 {
		return false
	}
	before := d.text[d.tokens[v].start:d.tokens[v].end]
	return e.level != beside || before == strings.ToLower(before)
}

// vendorBefore is the token at which the vendor's name right before from begins,
// -1 if it doesn't stand there.
func (d *document) vendorBefore(from int, p exam.Platform) int {
	for i := from - 1; i >= max(0, from-2); i-- {
		if d.tokens[i].off || d.tokens[i].sentence != d.tokens[from].sentence || strings.TrimSpace(d.text[d.tokens[i].end:d.tokens[i+1].start]) != "" {
			return -1
		}
		name := d.tokens[i].norm
		if i < from-1 {
			name += " " + d.tokens[i+1].norm
		}
		if slices.Contains(vendors[p].before, name) {
			if i == from-1 && name == "cloud" {
				continue
			}
			return i
		}
	}
	return -1
}

// judge decides which candidates of a document count.
type judge struct {
	d       *document
	list    []candidate
	told    map[exam.Platform]bool
	near    map[int]map[exam.Platform]bool // by scope
	runs    [][2]int                       // enumerations: candidates from, to
	changed bool
}

// decide settles what it can, again and again as long as what counts grows: a
// name that counts may vouch for its neighbours.
func (j *judge) decide() {
	j.told, j.near = map[exam.Platform]bool{}, map[int]map[exam.Platform]bool{}
	for i := range j.list {
		if c := &j.list[i]; c.found != nil {
			j.vouch(c)
		}
	}
	j.enumerate()
	for range rounds {
		j.changed = false
		for i := range j.list {
			if j.list[i].found == nil {
				j.try(i)
			}
		}
		j.vouchForEachOther()
		if !j.changed {
			break
		}
	}
	for i := range j.list {
		if c := &j.list[i]; c.found == nil {
			for _, e := range c.entries {
				if e.name == nil || e.name.Kind == Skill && j.stands(c, e) {
					c.found = e
				}
			}
		}
	}
}

// try lets a candidate count if one of its entries has what it needs; where
// entries of two platforms have, the nearer platform's.
func (j *judge) try(i int) {
	c := &j.list[i]
	var fit []*entry
	for _, e := range c.entries {
		// A skill gives way to a service of the same name, and waits for it.
		if e.name != nil && (e.name.Kind != Skill || len(c.entries) == 1) && j.enough(i, e) {
			fit = append(fit, e)
		}
	}
	if len(fit) == 0 {
		return
	}
	best := fit[0]
	for _, e := range fit[1:] {
		if e.name.Platform != best.name.Platform && j.away(i, e.name.Platform) < j.away(i, best.name.Platform) {
			best = e
		}
	}
	j.accept(c, best)
}

func (j *judge) accept(c *candidate, e *entry) {
	c.found = e
	j.changed = true
	j.vouch(c)
}

// vouch notes the platform that a name speaks for.
func (j *judge) vouch(c *candidate) {
	n := c.found.name
	if n == nil || !n.speaks() {
		return
	}
	scope := j.d.sentences[j.d.tokens[c.from].sentence].scope
	if !j.told[n.Platform] || !j.near[scope][n.Platform] {
		j.changed = true
	}
	j.told[n.Platform] = true
	if j.near[scope] == nil {
		j.near[scope] = map[exam.Platform]bool{}
	}
	j.near[scope][n.Platform] = true
}

// speaks says that naming it tells of a platform.
func (n *Name) speaks() bool {
	return n.Kind != Tool && n.Kind != Skill && n.Platform != exam.Neutral && !silent[n.ID]
}

// enough says that an entry has beside it what its level asks for.
func (j *judge) enough(i int, e *entry) bool {
	c := &j.list[i]
	if !j.stands(c, e) {
		return false
	}
	if e.level == sure {
		return true
	}
	s := &j.d.sentences[j.d.tokens[c.from].sentence]
	if e.name.Platform == exam.Neutral {
		return j.neutral(c, e, s)
	}
	need := e.level
	if need == written {
		switch {
		case s.flat:
			need = near
		case ordinary(e) && j.d.tokens[c.from].first && !j.listed(c):
			need = told
		default:
			return true
		}
	}
	if j.d.vendorBefore(c.from, e.name.Platform) >= 0 {
		return true
	}
	if len(e.words) == 1 && (s.flat || j.d.tokens[c.from].first) && !abbreviation(e) {
		need = stricter[need]
	}
	switch need {
	case told:
		return j.told[e.name.Platform]
	case near, loose:
		return j.near[s.scope][e.name.Platform] || s.head >= 0 && j.near[s.head][e.name.Platform] || j.neighbour(i, e.name.Platform)
	default:
		return j.neighbour(i, e.name.Platform)
	}
}

// neutral says so for a name that belongs to no platform: its capitals are
// enough where they tell something, or with one of its cues.
func (j *judge) neutral(c *candidate, e *entry, s *sentence) bool {
	if len(cues[e.short]) > 0 {
		return true
	}
	plain := ordinary(e) && (s.flat || j.d.tokens[c.from].first)
	return !plain || j.listed(c)
}

// listed says that a name stands alone on its line, or is followed by a comma:
// the beginning of an enumeration, not of a sentence.
func (j *judge) listed(c *candidate) bool {
	s := &j.d.sentences[j.d.tokens[c.from].sentence]
	if c.to >= s.to {
		return true
	}
	gap := j.d.text[j.d.tokens[c.to-1].end:j.d.tokens[c.to].start]
	return strings.ContainsAny(gap, ",/(:;|&·") || j.d.tokens[c.to].norm == "and" || j.d.tokens[c.to].norm == "or"
}

// stricter is what a single word needs where its capital says nothing.
var stricter = map[level]level{told: near, near: beside, loose: loose, beside: beside}

// ordinary says that a name is one word and no abbreviation or coinage.
func ordinary(e *entry) bool {
	return len(e.words) == 1 && !abbreviation(e) && !coined(e.words[0])
}

func abbreviation(e *entry) bool {
	return len(e.words) == 1 && e.words[0] == strings.ToUpper(e.words[0])
}

// stands says that no word around a name takes it for something else, and that
// one of those it asks for is there.
func (j *judge) stands(c *candidate, e *entry) bool {
	want, alien := cues[e.short], foreign[e.short]
	if len(want) == 0 && len(alien) == 0 {
		if e.short == "azure" || e.short == "aws" || e.short == "gcp" {
			return e.short != "azure" || j.azure(c)
		}
		return true
	}
	s := &j.d.sentences[j.d.tokens[c.from].sentence]
	from, to := max(s.from, c.from-window), min(s.to, c.to+window)
	cue := false
	for i := from; i < to; i++ {
		if i >= c.from && i < c.to {
			continue
		}
		w := j.d.tokens[i].norm
		if slices.Contains(alien, w) {
			return false
		}
		cue = cue || slices.Contains(want, w)
	}
	return cue || len(want) == 0
}

// window is how many words away a cue may stand.
const window = 30

// azure tells the cloud from the colour: in small letters it needs another cloud
// or a name of its own in the posting.
func (j *judge) azure(c *candidate) bool {
	t := j.d.tokens[c.from]
	return j.d.text[t.start] == 'A' || j.told[exam.AWS] || j.told[exam.GCP] || j.told[exam.Azure]
}

// away is how many candidates away the nearest name is that counts and speaks
// for the platform; far beyond them if it isn't among those around.
func (j *judge) away(i int, p exam.Platform) int {
	for n := 1; n <= around; n++ {
		for _, k := range []int{i - n, i + n} {
			if k < 0 || k >= len(j.list) {
				continue
			}
			if f := j.list[k].found; f != nil && f.name != nil && f.name.speaks() && f.name.Platform == p {
				return n
			}
		}
	}
	return around + 1
}

// around bounds the search for the nearer of two platforms.
const around = 50

// separators are what stands between the members of an enumeration.
var separators = regexp.MustCompile(`(?i)^(?:[\s,;/&+|•·()\[\]:]|\b(?:and|or|und|oder|et|ou|y|o|e|services?|such as|like|including|incl\.?|e\.g\.?|eg|namely|tools|products|especially|as well as|plus|with)\b)*$`)

// maxBetween bounds the text between two members of an enumeration, in bytes.
const maxBetween = 40

// enumerate finds the runs of candidates with nothing but separators between
// them.
func (j *judge) enumerate() {
	j.runs = nil
	for i := 0; i < len(j.list); {
		k := i + 1
		for k < len(j.list) && j.adjoin(k-1, k) {
			k++
		}
		if k > i+1 {
			j.runs = append(j.runs, [2]int{i, k})
		}
		i = k
	}
}

func (j *judge) adjoin(a, b int) bool {
	x, y := &j.list[a], &j.list[b]
	end, start := j.d.tokens[x.to-1].end, j.d.tokens[y.from].start
	sx, sy := &j.d.sentences[j.d.tokens[x.from].sentence], &j.d.sentences[j.d.tokens[y.from].sentence]
	if start-end > maxBetween || sx.scope != sy.scope {
		return false
	}
	gap := j.d.text[end:start]
	return strings.Trim(gap, " \t\u00a0") != "" && separators.MatchString(gap)
}

// neighbour says that the candidate next to the one at i counts and speaks for
// the platform, with nothing but separators between them.
func (j *judge) neighbour(i int, p exam.Platform) bool {
	for _, k := range []int{i - 1, i + 1} {
		if k < 0 || k >= len(j.list) || !j.adjoin(min(i, k), max(i, k)) {
			continue
		}
		if f := j.list[k].found; f != nil && f.name != nil && f.name.speaks() && f.name.Platform == p {
			return true
		}
	}
	return false
}

// vouchForEachOther lets two different names of one platform in one enumeration
// count.
func (j *judge) vouchForEachOther() {
	for _, run := range j.runs {
		for _, p := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
			j.vouchIn(run, p)
		}
	}
}

func (j *judge) vouchIn(run [2]int, p exam.Platform) {
	var waiting []int
	different := map[*Name]bool{}
	for i := run[0]; i < run[1]; i++ {
		c := &j.list[i]
		if c.found != nil {
			continue
		}
		if e := j.modest(c, p); e != nil {
			waiting = append(waiting, i)
			different[e.name] = true
		}
	}
	if len(different) < 2 {
		return
	}
	for _, i := range waiting {
		j.accept(&j.list[i], j.modest(&j.list[i], p))
	}
}

// modest is the entry of a candidate that another name in its enumeration may
// vouch for: of the platform, and of no other that would do as well.
func (j *judge) modest(c *candidate, p exam.Platform) *entry {
	var found *entry
	for _, e := range c.entries {
		if e.name == nil || e.name.Kind != Service || e.level != told && e.level != near || !j.stands(c, e) || silent[e.name.ID] {
			continue
		}
		if j.d.sentences[j.d.tokens[c.from].sentence].flat {
			continue
		}
		if e.name.Platform == p {
			found = e
		} else if !j.told[p] {
			return nil
		}
	}
	return found
}

// absorb joins a service's name with its vendor's right before it, and the code of
// an exam with the name before it that two exams share: "AWS" and "SageMaker" are
// one mention, and "AWS Certified Machine Learning Engineer (MLA-C01)" is that exam
// and not its successor of the same name.
func absorb(d *document, list []candidate) []candidate {
	var out []candidate
	for _, c := range list {
		n := c.found.name
		if n.Kind == Service {
			if v := d.vendorBefore(c.from, n.Platform); v >= 0 {
				if last := len(out) - 1; last >= 0 && out[last].to > v {
					if out[last].found.name.Kind == Platform {
						out = out[:last]
						c.from = min(v, c.from)
					}
				} else {
					c.from = v
				}
			}
		}
		if last := len(out) - 1; last >= 0 && d.specifies(&out[last], &c) {
			c.from = out[last].from
			out = out[:last]
		}
		out = append(out, c)
	}
	return out
}

// specifies says that b, right after a, tells which of two exams of one name a is.
func (d *document) specifies(a, b *candidate) bool {
	x, y := a.found.name, b.found.name
	if x.Kind != Certificate || y.Kind != Certificate || x == y || x.Name != y.Name {
		return false
	}
	return strings.Trim(d.text[d.tokens[a.to-1].end:d.tokens[b.from].start], " (–-:") == ""
}
