package postings

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Kind is what a name is the name of.
type Kind int

// The kinds, in the order in which people want to see them.
const (
	Platform Kind = iota
	Service
	Tool
	Skill
	Certificate
)

// Name is one thing that postings may name.
type Name struct {
	Kind     Kind
	ID       string        // the catalogue's for a service, skill or exam; unique within its kind
	Name     string        // what it is called today
	Platform exam.Platform // neutral for tools and skills
	// Skill is the shared skill that a tool or a service outside the catalogue
	// belongs to; "" if none.
	Skill exam.SkillID
	// Listed says that the catalogue knows it under the ID.
	Listed bool
}

// entry is one way to write a name.
type entry struct {
	name   *Name
	words  []string // as written, for their capitals
	gaps   []string // what stands between them, without spaces
	level  level
	former string // the name as written, if it is a former one
	cased  bool   // counts with its capitals only
	short  string // the name without its vendor, in small letters: the key of cues
}

// node is a word of a name, after those before it.
type node struct {
	next    map[string]*node
	entries []*entry
}

// Reader finds names in postings. It may be used by several goroutines.
type Reader struct {
	root  node
	order map[*Name]int // in order of the catalogue
	names map[key]*Name
}

type key struct {
	kind Kind
	id   string
}

// NewReader returns a Reader of the catalogue's names and our own. now decides
// which of two exams with one name is meant: the one that can be taken.
func NewReader(cat *catalogue.Catalogue, now time.Time) *Reader {
	r := &Reader{order: map[*Name]int{}, names: map[key]*Name{}}
	r.addPlatforms()
	r.addServices(cat)
	r.addFurther()
	r.addTools()
	r.addSkills(cat)
	r.addCertificates(cat, now)
	for _, text := range stops {
		r.add(nil, text, sure, "")
	}
	return r
}

// name returns the name with kind and id, which it makes if there is none.
func (r *Reader) name(n Name) *Name {
	k := key{n.Kind, n.ID}
	if known, ok := r.names[k]; ok {
		return known
	}
	r.names[k] = &n
	r.order[&n] = len(r.order)
	return &n
}

// Name returns what has the kind and id, and false if there is none.
func (r *Reader) Name(kind Kind, id string) (*Name, bool) {
	n, ok := r.names[key{kind, id}]
	return n, ok
}

func (r *Reader) addPlatforms() {
	for _, p := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
		n := r.name(Name{Kind: Platform, ID: string(p), Name: p.Label(), Platform: p, Listed: true})
		for _, text := range vendors[p].names {
			r.add(n, text, sure, "")
		}
	}
}

func (r *Reader) addServices(cat *catalogue.Catalogue) {
	for i := range cat.Services {
		s := &cat.Services[i]
		kind := Service
		if s.Platform == exam.Neutral {
			kind = Tool
		}
		n := r.name(Name{Kind: kind, ID: s.ID, Name: s.Name, Platform: s.Platform, Listed: true})
		for _, text := range append([]string{s.Name}, s.Also...) {
			r.add(n, text, levelOf(text, s.Platform), "")
		}
		for _, text := range s.Former {
			r.add(n, text, levelOf(text, s.Platform), text)
		}
	}
	for _, a := range also {
		if s, ok := cat.Service(a.id); ok {
			kind := Service
			if s.Platform == exam.Neutral {
				kind = Tool
			}
			n, _ := r.Name(kind, a.id)
			for _, text := range a.names {
				r.add(n, text, a.level, formerOf(s, text))
			}
		}
	}
}

// formerOf returns text if it writes a former name of the service, or a shorter
// form of one, in its own way.
func formerOf(s *catalogue.Service, text string) string {
	for _, f := range s.Former {
		if spelled(f) == spelled(text) || strings.HasPrefix(spelled(f), spelled(text)) || strings.HasSuffix(spelled(f), spelled(text)) {
			return text
		}
	}
	return ""
}

// spelled is a name in small letters and nothing but letters and digits.
func spelled(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
}

func (r *Reader) addFurther() {
	for _, f := range further {
		n := r.name(Name{Kind: Service, ID: "more:" + f.id, Name: f.name, Platform: f.platform, Skill: f.skill})
		for _, text := range append([]string{f.name}, f.also...) {
			l := f.level
			if vendored(text, f.platform) {
				l = sure
			}
			r.add(n, text, l, "")
		}
	}
}

func (r *Reader) addTools() {
	for _, t := range tools {
		n := r.name(Name{Kind: Tool, ID: "tool:" + t.id, Name: t.name, Platform: exam.Neutral, Skill: t.skill})
		for _, text := range append([]string{t.name}, t.also...) {
			if t.level == sure && text == "Go" {
				continue
			}
			r.add(n, text, t.level, "")
		}
	}
}

// tooPlain are aliases that are ordinary words, whatever the catalogue calls short.
var tooPlain = []string{"vision", "agents", "search/RAG", "security/IAM/governance"}

func (r *Reader) addSkills(cat *catalogue.Catalogue) {
	for i := range cat.Skills {
		s := &cat.Skills[i]
		n := r.name(Name{Kind: Skill, ID: string(s.ID), Name: s.Name, Platform: exam.Neutral, Skill: s.ID, Listed: true})
		texts := slices.DeleteFunc(slices.Clone(s.Aliases), func(a string) bool { return slices.Contains(tooPlain, a) })
		for _, text := range append(texts, phrases[s.ID]...) {
			l := sure
			if len(text) <= 4 && text == strings.ToUpper(text) || text == "LoRA" { // "rag", "lora" and "pii" are words
				l = written
			}
			r.add(n, text, l, "")
		}
	}
}

func (r *Reader) addCertificates(cat *catalogue.Catalogue, now time.Time) {
	byName := map[string]*catalogue.Certification{}
	for i := range cat.Certifications {
		c := &cat.Certifications[i]
		r.add(r.certificate(c), string(c.Code), coded(c.Code), "")
		if known := byName[c.Name]; known == nil || later(c, known, now) {
			byName[c.Name] = c
		}
	}
	for i := range cat.Certifications {
		c := byName[cat.Certifications[i].Name]
		title := strings.TrimPrefix(strings.TrimPrefix(c.Name, "Microsoft Certified: "), "Google Cloud Certified ")
		l := sure
		if c.Vendor == exam.GCP {
			l = near
		}
		r.add(r.certificate(c), c.Name, sure, "")
		r.add(r.certificate(c), title, l, "")
	}
	for _, related := range cat.Related {
		if related.Code != "" {
			n := r.name(Name{Kind: Certificate, ID: string(related.Code), Name: related.Name, Platform: related.Vendor})
			r.add(n, string(related.Code), sure, "")
		}
	}
	for _, c := range certificates {
		n := r.outside(cat, c.code, c.name)
		if listed, ok := cat.Certification(c.code); ok {
			n = r.certificate(byName[listed.Name])
		}
		for _, text := range c.names {
			r.add(n, text, sure, "")
		}
	}
}

func (r *Reader) certificate(c *catalogue.Certification) *Name {
	return r.name(Name{Kind: Certificate, ID: string(c.Code), Name: c.Name, Platform: c.Vendor, Listed: true})
}

// outside returns the certificate with the code; one that the catalogue has no
// exam for is given the name, and found by its code too.
func (r *Reader) outside(cat *catalogue.Catalogue, code exam.Code, name string) *Name {
	if c, ok := cat.Certification(code); ok {
		return r.certificate(c)
	}
	p := exam.Neutral
	switch {
	case strings.HasPrefix(name, "AWS"):
		p = exam.AWS
	case strings.HasPrefix(name, "Google"):
		p = exam.GCP
	case strings.Contains(string(code), "-"):
		p = exam.Azure
	}
	n := r.name(Name{Kind: Certificate, ID: string(code), Name: name, Platform: p})
	if strings.Contains(string(code), "-") || code == "CKA" {
		r.add(n, string(code), coded(code), "")
	}
	return n
}

// coded is how sure an exam's code is: those without a number are our own short
// names or abbreviations, which mean other things.
func coded(code exam.Code) level {
	switch {
	case strings.Contains(string(code), "-"):
		return sure
	case code == "PMLE" || code == "CKA":
		return written
	}
	return never
}

// later says that a is meant by a name it shares with b: the one that can be taken
// in English, since a version that lives on in other languages alone is seldom what
// a posting of today asks for; or that can be taken at all, or comes after the
// other.
func later(a, b *catalogue.Certification, now time.Time) bool {
	for _, language := range []string{"en", ""} {
		x, y := chances[a.Takeable(now, language).Availability], chances[b.Takeable(now, language).Availability]
		if x != y {
			return x > y
		}
	}
	return a.Replaces == b.Code
}

// chances ranks how likely it is that an exam can be taken.
var chances = map[catalogue.Availability]int{catalogue.Yes: 2, catalogue.Unconfirmed: 1}

// vendored says that a name begins with its vendor's.
func vendored(text string, p exam.Platform) bool {
	return unvendored(text, p) != strings.ToLower(text)
}

// unvendored is the name without its vendor's, in small letters.
func unvendored(text string, p exam.Platform) string {
	low := strings.ToLower(text)
	for _, v := range []string{"google cloud", "amazon", "aws", "microsoft", "azure", "google", "gcp", "ms"} {
		if rest, ok := strings.CutPrefix(low, v+" "); ok && slices.Contains(vendors[p].before, v) {
			return rest
		}
	}
	return low
}

// levelOf is how much a name of the catalogue's needs beside it.
func levelOf(text string, p exam.Platform) level {
	low := words(text)
	plain := strings.ToLower(strings.Join(low, " "))
	for l, list := range levels {
		if slices.Contains(list, plain) {
			return l
		}
	}
	if vendored(text, p) {
		return sure
	}
	for _, w := range low {
		if coined(w) {
			return sure
		}
	}
	if len(low) > 1 && capitalised(low) {
		return told
	}
	return near
}

// coined says that a word has a capital after a small letter, as no ordinary word has.
func coined(word string) bool {
	small := false
	for _, r := range word {
		if unicode.IsUpper(r) && small {
			return true
		}
		small = small || unicode.IsLower(r)
	}
	return false
}

func capitalised(list []string) bool {
	for _, w := range list {
		if r := []rune(w)[0]; unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// words are the runs of letters and digits of a name.
func words(text string) []string {
	d := &document{text: text}
	d.tokenise(0, len(text))
	list := make([]string, len(d.tokens))
	for i, t := range d.tokens {
		list[i] = text[t.start:t.end]
	}
	return list
}

// add puts one way to write a name into the trie, with the ways to write it as
// one word or, for a coinage, as two. A nil name is a stop.
func (r *Reader) add(n *Name, text string, l level, former string) {
	if l == never {
		return
	}
	d := &document{text: text}
	d.tokenise(0, len(text))
	if len(d.tokens) == 0 {
		return
	}
	e := &entry{name: n, level: l, former: former, short: strings.ToLower(text)}
	var keys []string
	for i, t := range d.tokens {
		e.words = append(e.words, text[t.start:t.end])
		keys = append(keys, t.norm)
		if i > 0 {
			e.gaps = append(e.gaps, strings.TrimSpace(text[d.tokens[i-1].end:t.start]))
		}
	}
	e.cased = l != sure && l != loose
	if n != nil && l == sure && n.Kind == Service {
		rest := unvendored(text, n.Platform)
		e.cased = rest != e.short && slices.Contains(levels[beside], rest)
		e.short = rest
	}
	r.insert(e, keys)
	if n == nil || n.Kind == Skill && l == written {
		return
	}
	r.insertJoined(e, keys)
}

// code is an exam's code of letters and a number.
var code = regexp.MustCompile(`^[a-z]{2}-[0-9]{3}$`)

// minJoined is how long a name must be to be found written as one word, in bytes.
const minJoined = 6

func (r *Reader) insertJoined(e *entry, keys []string) {
	joined := strings.Join(keys, "")
	if len(keys) > 1 && len(keys) < 4 && len(joined) >= minJoined && e.name.Kind != Certificate && e.name.Kind != Skill {
		one := *e
		one.words, one.gaps, one.cased = []string{strings.Join(e.words, "")}, nil, false
		r.insert(&one, []string{norm(joined)})
	}
	if len(keys) == 2 && code.MatchString(e.short) { // "AZ900"
		one := *e
		one.words, one.gaps, one.cased = []string{strings.Join(e.words, "")}, nil, true
		r.insert(&one, []string{norm(joined)})
	}
	if parts := humps(e.words[0]); len(keys) == 1 && len(parts) == 2 {
		two := *e
		two.words, two.gaps, two.level, two.cased = parts, []string{""}, max(e.level, told), true
		r.insert(&two, []string{norm(parts[0]), norm(parts[1])})
	}
}

// humps splits a coinage at its capitals: "BigQuery" is "Big" and "Query".
func humps(word string) []string {
	at := -1
	for i, r := range word {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(word[i-1])) {
			if at >= 0 {
				return nil
			}
			at = i
		}
	}
	if at < 2 || len(word)-at < 3 {
		return nil
	}
	return []string{word[:at], word[at:]}
}

func (r *Reader) insert(e *entry, keys []string) {
	at := &r.root
	for _, k := range keys {
		next := at.next[k]
		if next == nil {
			next = &node{}
			if at.next == nil {
				at.next = map[string]*node{}
			}
			at.next[k] = next
		}
		at = next
	}
	for i, other := range at.entries {
		if other.name == e.name && slices.Equal(other.gaps, e.gaps) {
			if e.level < other.level || e.level == other.level && !e.cased && other.cased {
				at.entries[i] = e
			}
			return
		}
	}
	at.entries = append(at.entries, e)
}
