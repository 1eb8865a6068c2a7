package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
)

// run is the study of one topic in one go, a stretch of the line of all study
// minutes.
type run struct {
	topic    effort.Topic
	first    int     // index of the topic's first run, which may be this one
	hours    float64 // that it has of the allocation
	gain     float64 // logits of the exam's ability, by all runs of the topic; told by the first
	from, to int     // minutes of the line
	lab      catalogue.Lab
	setting  catalogue.LabSetting
	hasLab   bool
}

// stretch is a part of the line with one purpose.
type stretch struct {
	kind     Kind
	run      int // index into line.runs; −1 for a mixture of all
	from, to int
}

// line is the study of a plan, topic after topic, as one line of minutes that the
// days are cut from.
type line struct {
	runs      []run
	stretches []stretch
	length    int
}

// least is the shortest time, in minutes, that a topic is taken up for.
const least = 45

// pass is the most time that a topic has in one go, in minutes, before all others
// have had theirs: its first hours buy most, and what is met again after a while is
// kept better than what is learnt at once. It has room for the longest lab.
const pass = 4 * 60

// projectFrom is how many minutes of study a plan has at least for a small project
// to come first.
const projectFrom = 8 * 60

// layLine spreads so many minutes over topics as the portions say.
func (m *maker) layLine(portions []effort.Portion, minutes int) *line {
	l := &line{length: minutes}
	portions, sum := worthwhile(portions, minutes)
	spent := 0.0
	ordered, project := m.projectFirst(m.inOrder(portions), float64(minutes)/sum)
	first := map[exam.SkillID]int{}
	for i, p := range inPasses(ordered, float64(minutes)/sum) {
		r := run{topic: m.topics[p.Skill], first: i, hours: p.Hours, gain: p.Gain, from: rounded(spent / sum * float64(minutes))}
		spent += p.Hours
		r.to = rounded(spent / sum * float64(minutes))
		if before, again := first[p.Skill]; again {
			r.first = before
		} else {
			first[p.Skill] = i
			r.lab, r.setting, r.hasLab = m.cat.Lab(p.Skill, r.topic.Platform)
		}
		l.runs = append(l.runs, r)
	}
	if n := len(l.runs); n > 0 {
		l.runs[n-1].to = minutes
	}
	m.purposes(l, project)
	return l
}

// inPasses divides long portions, so that a topic comes again once all others were
// there. Of a portion's parts the first has its gain, and none but the last is
// shorter than a pass; a rest too short to be taken up for stays with the part before.
func inPasses(ordered []effort.Portion, each float64) []effort.Portion {
	var parts []effort.Portion
	left := slices.Clone(ordered)
	for len(left) > 0 {
		var next []effort.Portion
		for _, p := range left {
			part := p
			if p.Hours*each >= pass+least {
				part.Hours = pass / each
				next = append(next, effort.Portion{Skill: p.Skill, Hours: p.Hours - part.Hours})
			}
			parts = append(parts, part)
		}
		left = next
	}
	return parts
}

// worthwhile leaves out the smallest portions until every one has the least time of
// so many minutes. sum is the hours of those that are left.
func worthwhile(portions []effort.Portion, minutes int) (kept []effort.Portion, sum float64) {
	kept = slices.Clone(portions)
	for _, p := range kept {
		sum += p.Hours
	}
	for len(kept) > 1 {
		small := len(kept) - 1 // of equal ones the last, whose first hour buys least
		for i := small; i >= 0; i-- {
			if kept[i].Hours < kept[small].Hours {
				small = i
			}
		}
		if kept[small].Hours*float64(minutes) >= least*sum {
			break
		}
		sum -= kept[small].Hours
		kept = slices.Delete(kept, small, small+1)
	}
	return kept, sum
}

// projectFirst brings the first topic to the front whose lab makes a small project
// to begin with: one that builds on no other topic of the plan, and has the time.
// It reports whether there is such a topic. each is the minutes of the line for an
// hour of a portion.
func (m *maker) projectFirst(ordered []effort.Portion, each float64) ([]effort.Portion, bool) {
	sum := 0.0
	for _, p := range ordered {
		sum += p.Hours * each
	}
	if m.begun || sum < projectFrom {
		return ordered, false
	}
	for i, p := range ordered {
		lab, _, ok := m.cat.Lab(p.Skill, m.cert.Vendor)
		if !ok || m.built[p.Skill] || p.Hours*each < float64(lab.Minutes+besideLab+step) {
			continue
		}
		if slices.ContainsFunc(m.cat.Bases(p.Skill), func(base exam.SkillID) bool {
			return slices.ContainsFunc(ordered, func(p effort.Portion) bool { return p.Skill == base })
		}) {
			continue
		}
		return slices.Insert(slices.Delete(slices.Clone(ordered), i, i+1), 0, p), true
	}
	return ordered, false
}

// besideLab is how many minutes of reading and questions a topic has at least for
// a lab on it to be worth while.
const besideLab = 3 * shortest

// rounded is a place on the line, to five minutes.
func rounded(minutes float64) int { return step * int(math.Round(minutes/step)) }

// inOrder puts what buys most first, and before every topic those of the plan
// that it builds on.
func (m *maker) inOrder(portions []effort.Portion) []effort.Portion {
	at := map[exam.SkillID]int{}
	for i, p := range portions {
		at[p.Skill] = i
	}
	placed := make([]bool, len(portions))
	ordered := make([]effort.Portion, 0, len(portions))
	place := func(i int) {
		if !placed[i] {
			placed[i] = true
			ordered = append(ordered, portions[i])
		}
	}
	for i, p := range portions {
		for _, base := range m.cat.Bases(p.Skill) {
			if b, ok := at[base]; ok {
				place(b)
			}
		}
		place(i)
	}
	return ordered
}

// purposes divides every topic's time: reading, building where there is time for
// it, and questions for the rest. With project, the lab of the first topic comes
// before everything else.
func (m *maker) purposes(l *line, project bool) {
	if len(l.runs) == 0 {
		if l.length > 0 {
			l.stretches = []stretch{{KindPractice, -1, 0, l.length}}
		}
		return
	}
	for i := range l.runs {
		r := &l.runs[i]
		at := r.from
		add := func(kind Kind, minutes int) {
			if minutes > 0 {
				l.stretches = append(l.stretches, stretch{kind, i, at, at + minutes})
				at += minutes
			}
		}
		left := r.to - r.from
		lab := 0
		if r.hasLab && !m.built[r.topic.Skill] && left >= r.lab.Minutes+besideLab {
			lab = r.lab.Minutes
			left -= lab
		}
		if i == 0 && lab > 0 && project {
			add(KindProject, lab)
			lab = 0
		}
		for n, cycle := range inBlocks(left) {
			practice := practiceOf(cycle)
			add(KindStudy, cycle-practice)
			add(KindPractice, practice)
			if n == 0 {
				add(KindLab, lab)
			}
		}
	}
}

// practiceOf is how much of a cycle of reading and questions goes to questions: a
// quarter. To recall what was read just now fixes it better than to read on, and
// the questions on one topic are few.
func practiceOf(cycle int) int {
	if cycle < 2*shortest {
		return 0
	}
	return max(shortest, rounded(float64(cycle)/4))
}

// studied is how many hours every topic has had when so large a share of the line
// is done, 0 to 1. At the end it is the allocation itself.
func (l *line) studied(portions []effort.Portion, share float64) map[exam.SkillID]float64 {
	hours := make(map[exam.SkillID]float64, len(portions))
	for _, p := range portions {
		hours[p.Skill] = share * p.Hours // of topics that have no stretch of their own
	}
	if share >= 1 {
		return hours
	}
	at := share * float64(l.length)
	for i, r := range l.runs {
		if r.first == i {
			hours[r.topic.Skill] = 0
		}
		done := 1.0
		if r.to > r.from {
			done = min(1, max(0, (at-float64(r.from))/float64(r.to-r.from)))
		}
		hours[r.topic.Skill] += done * r.hours
	}
	return hours
}

// linksShown is how many pages a block leads to.
const linksShown = 4

// linksOf are the official pages on a topic: those that the catalogue has for it,
// then those of the exam's study links whose titles name what it is about, those
// that name most of it first. Where there is neither, it is the vendor's guide,
// which says what is examined of it; other pages of its domains would only lead
// astray.
func (m *maker) linksOf(t effort.Topic) []catalogue.Link {
	if links, ok := m.links[t.Skill]; ok {
		return links
	}
	links := m.cat.Reading(t.Skill, t.Platform)
	for _, link := range m.naming(t) {
		if !slices.ContainsFunc(links, func(l catalogue.Link) bool { return page(l) == page(link) }) {
			links = append(links, link)
		}
	}
	if len(links) == 0 {
		links = m.guide(m.domainOf(t.Domains))
	}
	links = links[:min(len(links), linksShown)]
	m.links[t.Skill] = links
	return links
}

// page is the address of a link without the choice of a version.
func page(l catalogue.Link) string {
	address, _, _ := strings.Cut(l.URL, "?")
	return strings.TrimSuffix(address, "/")
}

// naming are the study links of a topic's domains whose titles name what it is
// about, those that name most of it first.
func (m *maker) naming(t effort.Topic) []catalogue.Link {
	var about []string
	if skill, ok := m.cat.Skill(t.Skill); ok {
		about = wordsOf(skill.Name + " " + skill.Covers + " " + strings.Join(skill.Aliases, " "))
	}
	var links []catalogue.Link
	hits := map[string]int{}
	for _, domain := range t.Domains {
		for _, link := range m.cat.StudyLinks(m.cert.Code, domain) {
			if _, twice := hits[link.URL]; twice || isGuide(link.Title) {
				continue
			}
			hits[link.URL] = shared(link.Title, about)
			if hits[link.URL] > 0 {
				links = append(links, link.Link)
			}
		}
	}
	slices.SortStableFunc(links, func(a, b catalogue.Link) int { return cmp.Compare(hits[b.URL], hits[a.URL]) })
	return links
}

// guide is the vendor's guide to a domain, or else to the exam; none if no address
// is known.
func (m *maker) guide(domain exam.DomainID) []catalogue.Link {
	for _, link := range m.cat.StudyLinks(m.cert.Code, domain) {
		if isGuide(link.Title) {
			return []catalogue.Link{link.Link}
		}
	}
	guide := m.cert.ExamGuide
	if guide.URL == "" {
		guide = m.cert.OfficialPage
	}
	if guide.URL == "" {
		return nil
	}
	if guide.Title == "" {
		guide.Title = fmt.Sprintf("Official guide to %s", m.cert.Code)
	}
	return []catalogue.Link{guide}
}

// isGuide says that a page is the vendor's own list of what is examined.
func isGuide(title string) bool { return strings.HasPrefix(title, "Official guide") }

// shared counts the words of a title that are among those of a topic, or have
// their root, or begin with one ("AgentCore").
func shared(title string, about []string) int {
	n := 0
	for _, word := range wordsOf(title) {
		if slices.ContainsFunc(about, func(a string) bool {
			return word == a || len(a) >= root-1 && strings.HasPrefix(word, a) || len(a) >= root && len(word) >= root && a[:root] == word[:root]
		}) {
			n++
		}
	}
	return n
}

// root is how many letters two words share that are forms of one: "deploy" and
// "deployment", but not "translate" and "transparency".
const root = 6

// wordsOf are the words of a text that carry meaning, in lower case and without
// the ending of a plural.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 4 && w != "rag" && w != "iam" || slices.Contains(empty, w) })
	for i := range words {
		words[i] = strings.TrimSuffix(words[i], "s")
	}
	return words
}

// empty are words that titles of pages have in common, whatever they are about.
var empty = []string{"amazon", "azure", "google", "cloud", "microsoft", "guide", "overview", "with", "your", "from", "what", "model", "models", "data", "learn", "documentation", "choosing", "managed", "application", "bedrock", "sagemaker", "foundry", "vertex", "service", "services"}

// why says in words what a topic weighs and what its time buys, of all that the
// plan buys.
func (l *line) why(r *run) string {
	all := 0.0
	for _, other := range l.runs {
		all += other.gain
	}
	weight := percent(r.topic.Weight) + " of the exam"
	if all <= 0 {
		return weight // nothing is left to gain
	}
	gained := percent(r.gain / all)
	if !strings.HasPrefix(gained, "under") {
		gained = "about " + gained
	}
	return fmt.Sprintf("%s; %s of what this plan gains", weight, gained)
}

// ideaOf is the lab of a topic in a sentence or two.
func ideaOf(r *run) string {
	if !r.hasLab {
		return ""
	}
	title := r.lab.Title
	if !strings.HasSuffix(title, "?") {
		title += "."
	}
	return title + " " + r.lab.Build + " " + r.setting.With
}
