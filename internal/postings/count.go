package postings

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Mention is one place where a posting names something.
type Mention struct {
	Name       *Name
	Start, End int    // bytes of the posting's text
	Former     string // the name as the catalogue writes it, if it is a former one
	Part       Part
	// From and To bound the sentence in which it stands, in bytes of the text.
	From, To int
}

// Posting is one posting that was read.
type Posting struct {
	Text     string // without tags
	Mentions []Mention
	// Most is the platform it names most; "" if it names none, or two alike.
	Most exam.Platform
}

// Place is where a name stands.
type Place struct {
	Posting int // index in Count.Postings
	Mention
}

// Tally is how often something is named.
type Tally struct {
	*Name
	Postings int // in how many it stands
	Required int // in how many it is asked for
	Wished   int // in how many it would be nice to have and isn't asked for
	Places   []Place
}

// Share is how many postings name a platform.
type Share struct {
	Platform exam.Platform
	Naming   int // postings that name it or one of its services
	Most     int // postings that name it most
}

// Count is what a number of postings name.
type Count struct {
	Postings  []Posting
	Platforms []Share // the three, most first
	Tallies   []Tally // by kind, then most postings first
	Mixed     int     // postings that name several platforms alike
	None      int     // postings that name none
}

// Count reads postings and counts what they name.
func (r *Reader) Count(texts []string) *Count {
	c := &Count{}
	for _, text := range texts {
		c.Postings = append(c.Postings, r.Read(text))
	}
	c.tally(r.order)
	c.share()
	return c
}

// Read finds what one posting names.
func (r *Reader) Read(text string) Posting {
	p := Posting{Text: Plain(text)}
	d := parse(p.Text)
	inSentence, marks := -1, []marker(nil)
	for _, c := range r.find(d) {
		first, last := d.tokens[c.from], d.tokens[c.to-1]
		s := &d.sentences[first.sentence]
		if first.sentence != inSentence {
			inSentence, marks = first.sentence, markers(p.Text[s.start:s.end], s.start)
		}
		p.Mentions = append(p.Mentions, Mention{
			Name: c.found.name, Start: first.start, End: last.end, Former: c.found.former,
			Part: partAt(marks, last.end, s.part), From: s.start, To: s.end,
		})
	}
	p.Most = most(p.Mentions)
	return p
}

// most is the platform with the most mentions: of those that aren't merely nice
// to have, and where two have as many, of all.
func most(mentions []Mention) exam.Platform {
	firm, all := map[exam.Platform]int{}, map[exam.Platform]int{}
	for _, m := range mentions {
		if !m.Name.speaks() {
			continue
		}
		all[m.Name.Platform]++
		if m.Part != Wished {
			firm[m.Name.Platform]++
		}
	}
	if p := single(firm); p != "" {
		return p
	}
	return single(all)
}

// single is the platform with more than any other, "" if there is none.
func single(counts map[exam.Platform]int) exam.Platform {
	best, alike := exam.Platform(""), false
	for _, p := range exam.Platforms() {
		switch n := counts[p]; {
		case n == 0:
		case best == "" || n > counts[best]:
			best, alike = p, false
		case n == counts[best]:
			alike = true
		}
	}
	if alike {
		return ""
	}
	return best
}

func (c *Count) tally(order map[*Name]int) {
	at := map[*Name]int{}
	for i := range c.Postings {
		parts := map[*Name]Part{}
		for _, m := range c.Postings[i].Mentions {
			k, known := at[m.Name]
			if !known {
				k = len(c.Tallies)
				at[m.Name] = k
				c.Tallies = append(c.Tallies, Tally{Name: m.Name})
			}
			c.Tallies[k].Places = append(c.Tallies[k].Places, Place{Posting: i, Mention: m})
			parts[m.Name] = stronger(parts, m)
		}
		for n, part := range parts {
			t := &c.Tallies[at[n]]
			t.Postings++
			switch part {
			case Required:
				t.Required++
			case Wished:
				t.Wished++
			case Unsaid:
			}
		}
	}
	slices.SortFunc(c.Tallies, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Postings, a.Postings), cmp.Compare(b.Required, a.Required), cmp.Compare(order[a.Name], order[b.Name]))
	})
}

// stronger is what a posting makes of a name that it mentions again: asked for
// once is asked for, and what is merely nice to have is so everywhere.
func stronger(parts map[*Name]Part, m Mention) Part {
	before, known := parts[m.Name]
	switch {
	case !known:
		return m.Part
	case before == Required || m.Part == Required:
		return Required
	case before == m.Part:
		return before
	}
	return Unsaid
}

func (c *Count) share() {
	for _, p := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
		s := Share{Platform: p}
		for i := range c.Postings {
			if slices.ContainsFunc(c.Postings[i].Mentions, func(m Mention) bool { return m.Name.speaks() && m.Name.Platform == p }) {
				s.Naming++
			}
			if c.Postings[i].Most == p {
				s.Most++
			}
		}
		c.Platforms = append(c.Platforms, s)
	}
	for i := range c.Postings {
		names := slices.ContainsFunc(c.Postings[i].Mentions, func(m Mention) bool { return m.Name.speaks() })
		switch {
		case !names:
			c.None++
		case c.Postings[i].Most == "":
			c.Mixed++
		}
	}
	slices.SortStableFunc(c.Platforms, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Most, a.Most), cmp.Compare(b.Naming, a.Naming))
	})
}

// Of returns the tallies of a kind.
func (c *Count) Of(kind Kind) []Tally {
	return slices.DeleteFunc(slices.Clone(c.Tallies), func(t Tally) bool { return t.Kind != kind })
}

// Leader is the platform that more postings name most than any other, with how
// many; "" if two lead or none is named.
func (c *Count) Leader() (exam.Platform, int) {
	if len(c.Platforms) < 2 || c.Platforms[0].Most == c.Platforms[1].Most {
		return "", 0
	}
	return c.Platforms[0].Platform, c.Platforms[0].Most
}

// z is the normal quantile of a two-sided 90 % interval.
const z = 1.6448536269514722

// Wilson is the 90 % interval for a share of which k of n were seen, as fractions
// of 1: the set of shares that wouldn't be rejected. It supposes that the n are a random
// draw. (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
// Journal of the American Statistical Association 22, 1927.)
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	count, p := float64(n), float64(k)/float64(n)
	middle := (p + z*z/(2*count)) / (1 + z*z/count)
	half := z / (1 + z*z/count) * math.Sqrt(p*(1-p)/count+z*z/(4*count*count))
	low, high = max(0, middle-half), min(1, middle+half)
	if k == 0 {
		low = 0 // not what rounding leaves of it
	}
	if k == n {
		high = 1
	}
	return low, high
}

// Coverage is how much of what postings name an exam examines.
type Coverage struct {
	Exam     exam.Code
	Examined []*Name // skills and services, those of more postings first
	Missing  []*Name
	// Share is the examined part of all pairs of a posting and a skill or service
	// that it names, 0 to 1.
	Share float64
}

// Coverage says for every certification how much of the skills and of the catalogue's
// services and tools that postings name it examines, by name: a skill if a task of one of its
// domains is tagged with it, a service if one of its domains names it. Best first.
func (c *Count) Coverage(cat *catalogue.Catalogue) []Coverage {
	var list []Coverage
	for i := range cat.Certifications {
		cert := &cat.Certifications[i]
		one, examined, all := Coverage{Exam: cert.Code}, 0, 0
		for _, t := range c.Tallies {
			if !t.Listed || t.Kind == Platform || t.Kind == Certificate {
				continue
			}
			all += t.Postings
			if Examines(cat, cert.Code, t.Name) {
				examined += t.Postings
				one.Examined = append(one.Examined, t.Name)
			} else {
				one.Missing = append(one.Missing, t.Name)
			}
		}
		if all > 0 {
			one.Share = float64(examined) / float64(all)
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Coverage) int { return cmp.Compare(b.Share, a.Share) })
	return list
}

// Examines says that an exam examines a skill, or a service or tool by name.
func Examines(cat *catalogue.Catalogue, code exam.Code, n *Name) bool {
	if n.Kind == Skill {
		return len(cat.DomainsOf(code, exam.SkillID(n.ID))) > 0
	}
	s, ok := cat.Service(n.ID)
	return ok && slices.ContainsFunc(s.Exams, func(u catalogue.ServiceUse) bool { return u.Exam == code })
}

// Title is the first line of a posting, shortened to at most 80 characters: what
// people know it by.
func (p *Posting) Title() string {
	for _, line := range strings.Split(p.Text, "\n") {
		line = strings.Trim(strings.TrimSpace(line), "#*•- ")
		if strings.IndexFunc(line, unicode.IsLetter) >= 0 {
			return shorten(line, titleLength)
		}
	}
	return ""
}

const (
	titleLength = 80
	aroundName  = 110
)

func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// Context is the sentence in which a name stands, in three parts: what is before
// it, the name as written, what is after it. Before and after are cut to about
// 110 characters each, at a word.
func (p *Posting) Context(m Mention) (before, name, after string) {
	m.From, m.To = p.near(m)
	before = strings.Join(strings.Fields(p.Text[m.From:m.Start]), " ")
	after = strings.Join(strings.Fields(p.Text[m.End:m.To]), " ")
	if m.Start > m.From && endsInSpace(p.Text[m.From:m.Start]) && before != "" {
		before += " "
	}
	if m.End < m.To && startsInSpace(p.Text[m.End:m.To]) && after != "" {
		after = " " + after
	}
	if r := []rune(before); len(r) > aroundName {
		cut := string(r[len(r)-aroundName:])
		before = "… " + strings.TrimLeft(cut[max(0, strings.IndexByte(cut, ' ')):], " ")
	}
	if r := []rune(after); len(r) > aroundName {
		cut := string(r[:aroundName])
		if at := strings.LastIndexByte(cut, ' '); at > 0 {
			cut = cut[:at]
		}
		after = cut + " …"
	}
	return strings.TrimLeft(before, "-–—•*·▪ "), strings.Join(strings.Fields(p.Text[m.Start:m.End]), " "), after
}

// near bounds a sentence to what Context may show of it, since a sentence may be
// as long as a posting.
func (p *Posting) near(m Mention) (from, to int) {
	const reach = 8 * aroundName // bytes: enough for as many characters and some space
	from, to = max(m.From, m.Start-reach), min(m.To, m.End+reach)
	for from > m.From && !utf8.RuneStart(p.Text[from]) {
		from--
	}
	for to < m.To && !utf8.RuneStart(p.Text[to]) {
		to++
	}
	return from, to
}

func endsInSpace(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(r)
}

func startsInSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}
