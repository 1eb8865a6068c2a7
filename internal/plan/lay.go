package plan

import (
	"cmp"
	"fmt"
	"slices"

	"sextant/internal/exam"
)

// parts is how a day's minutes are divided.
type parts struct {
	day                 int
	review, mock, study int
	light               bool // the day before the exam
}

// lay fills the plan's days up to the exam on day n, or up to day n where no exam
// is in sight.
func (m *maker) lay(p *Plan, n int, sits bool) error {
	days := m.divide(n, sits)
	length := 0
	for _, d := range days {
		length += d.study
	}
	total, until := m.h.openStudy(n), m.h.openStudy
	if sits {
		total, until = m.h.study(n), func(to int) float64 { return m.h.before(to, n) }
	}
	portions := m.learner.Allocate(m.cert.Code, total/60)
	l := m.layLine(portions, length)
	m.fill(p, l, days, n, sits)
	p.Topics = m.sum(p.Weeks, l)
	for i := range p.Weeks {
		p.Weeks[i].Topics = m.sum(p.Weeks[i:i+1], l)
	}
	return m.chances(p, l, portions, total, until)
}

// divide says what every day with minutes is for, up to and without day n.
func (m *maker) divide(n int, sits bool) []parts {
	end, first, second := n, -1, -1
	if sits {
		end = max(0, n-1)
		first, second = m.h.mocks(n)
		second = m.h.roomier(second, max(0, n-firstMock+1))
		first = m.h.roomier(first, 0)
	}
	var days []parts
	owed := 0.0 // minutes of review that are due and had no block yet
	for d := range end {
		minutes := m.h.cap[d]
		if minutes == 0 {
			continue
		}
		k := m.h.week(d)
		from, to := m.h.begins(k), min(m.h.begins(k+1), end)
		owed += m.h.keep(from, to) * float64(minutes) / float64(m.h.until[to]-m.h.until[from])
		part := parts{day: d}
		if d == first || d == second {
			part.mock = min(minutes, m.h.mock)
			minutes -= part.mock
		}
		if minutes >= shortest && owed >= shortest {
			part.review = reviewOf(minutes, int(owed))
			owed -= float64(part.review)
			minutes -= part.review
		}
		if minutes >= shortest {
			part.study = minutes
		}
		days = append(days, part)
	}
	if sits && n >= 1 {
		if light := step * (min(m.h.cap[n-1]/2, lastDay) / step); light >= shortest {
			days = append(days, parts{day: n - 1, review: light, light: true})
		}
	}
	return days
}

// reviewOf is how long a day reviews of what is owed: half of it at most, and all
// of it where what remains would be too short for a block.
func reviewOf(minutes, owed int) int {
	review := max(shortest, step*(min(owed, minutes/2, longest)/step))
	if minutes-review < shortest && minutes <= longest {
		return minutes
	}
	return review
}

// fill cuts the line into the days and puts them into weeks.
func (m *maker) fill(p *Plan, l *line, days []parts, n int, sits bool) {
	seen := map[stretch]bool{} // purposes begun, by kind and topic
	at, next := 0, 0
	last := n
	if !sits {
		last = n - 1
	}
	for k := 0; m.h.begins(k) <= last; k++ {
		w := Week{From: m.h.day(m.h.begins(k)), To: m.h.day(min(m.h.begins(k+1)-1, last))}
		for ; next < len(days) && m.h.week(days[next].day) == k; next++ {
			d := days[next]
			date := Date{Day: m.h.day(d.day), Minutes: m.h.cap[d.day]}
			if d.mock > 0 {
				date.Blocks = append(date.Blocks, m.mockBlock(d.mock, n-d.day))
			}
			if d.review > 0 {
				date.Blocks = append(date.Blocks, m.reviewBlock(d.review, d.light))
			}
			date.Blocks = append(date.Blocks, m.cut(l, at, at+d.study, seen)...)
			at += d.study
			w.add(date)
		}
		if sits && m.h.week(n) == k {
			w.add(Date{Day: m.h.day(n), Minutes: m.h.cap[n], Blocks: []Block{m.examBlock()}})
		}
		p.Weeks = append(p.Weeks, w)
	}
}

// add puts a day into a week.
func (w *Week) add(d Date) {
	for _, b := range d.Blocks {
		w.Minutes += b.Minutes
	}
	w.Dates = append(w.Dates, d)
}

// cut is the blocks of one day's study: its part of the line, without scraps.
func (m *maker) cut(l *line, from, to int, seen map[stretch]bool) []Block {
	var pieces []stretch
	for _, s := range l.stretches {
		a, b := max(from, s.from), min(to, s.to)
		if a < b {
			pieces = append(pieces, stretch{s.kind, s.run, a, b})
		}
	}
	var blocks []Block
	for _, piece := range withoutScraps(pieces) {
		key := stretch{kind: piece.kind, run: piece.run}
		if piece.run >= 0 {
			key.run = l.runs[piece.run].first
		}
		for _, minutes := range inBlocks(piece.to - piece.from) {
			blocks = append(blocks, m.block(l, piece, minutes, seen[key]))
			seen[key] = true
		}
	}
	return blocks
}

// withoutScraps gives pieces that are too short for a block to a neighbour, one of
// the same topic first, else the longer.
func withoutScraps(pieces []stretch) []stretch {
	for len(pieces) > 1 {
		short := slices.MinFunc(pieces, func(a, b stretch) int { return cmp.Compare(a.to-a.from, b.to-b.from) })
		if short.to-short.from >= shortest {
			break
		}
		i := slices.Index(pieces, short)
		if takesNext(pieces, i) {
			pieces[i+1].from = short.from
		} else {
			pieces[i-1].to = short.to
		}
		pieces = slices.Delete(pieces, i, i+1)
	}
	return pieces
}

// takesNext reports whether the piece after i gets it, and not the one before.
func takesNext(pieces []stretch, i int) bool {
	switch {
	case i == 0:
		return true
	case i == len(pieces)-1:
		return false
	}
	before, after := pieces[i-1], pieces[i+1]
	if same := before.run == pieces[i].run; same != (after.run == pieces[i].run) {
		return !same
	}
	return after.to-after.from > before.to-before.from
}

// inBlocks divides a length into blocks with a break between them.
func inBlocks(minutes int) []int {
	n := (minutes + longest - 1) / longest
	blocks := make([]int, 0, n)
	at := 0
	for i := 1; i < n; i++ {
		to := step * ((minutes*i + n*step - 1) / (n * step)) // up, so that the last isn't the longest
		blocks = append(blocks, to-at)
		at = to
	}
	return append(blocks, minutes-at)
}

// sum is the time of every topic in the blocks of some weeks, most first.
func (m *maker) sum(weeks []Week, l *line) []TopicTime {
	minutes := map[exam.SkillID]int{}
	for _, w := range weeks {
		for _, d := range w.Dates {
			for _, b := range d.Blocks {
				minutes[b.Skill] += b.Minutes
			}
		}
	}
	var times []TopicTime
	for i := range l.runs {
		r := &l.runs[i]
		if n := minutes[r.topic.Skill]; n > 0 && r.first == i {
			times = append(times, TopicTime{
				Skill: r.topic.Skill, Name: r.topic.Name, Domain: m.domainOf(r.topic.Domains), Minutes: n, Why: l.why(r), Lab: ideaOf(r),
			})
		}
	}
	slices.SortStableFunc(times, func(a, b TopicTime) int { return cmp.Compare(b.Minutes, a.Minutes) })
	return times
}

func (m *maker) domainOf(domains []exam.DomainID) exam.DomainID {
	if len(domains) == 0 {
		return ""
	}
	return domains[0]
}

// block is a block of a topic's study. again says that one with the same purpose
// went before.
func (m *maker) block(l *line, s stretch, minutes int, again bool) Block {
	if s.run < 0 {
		n := questionsIn(minutes)
		return Block{Kind: KindPractice, Minutes: minutes, Questions: n, Title: "Practise: all domains",
			Text: fmt.Sprintf("%d questions from the whole exam. Read for each why the other options are wrong.", n)}
	}
	r := &l.runs[s.run]
	b := Block{Kind: s.kind, Minutes: minutes, Skill: r.topic.Skill, Domain: m.domainOf(r.topic.Domains)}
	switch s.kind {
	case KindStudy:
		m.reading(&b, r, again)
	case KindPractice:
		b.Questions = questionsIn(minutes)
		b.Title = "Practise: " + r.topic.Name
		b.Text = fmt.Sprintf("%d questions on it. Read for each why the other options are wrong, whether or not you were right.", b.Questions)
		if again {
			b.Text = fmt.Sprintf("%d questions on it, also some that you have met: give the reason before you choose.", b.Questions)
		}
	default:
		m.building(&b, r, again)
	}
	return b
}

func (m *maker) reading(b *Block, r *run, again bool) {
	b.Title, b.Links = "Read: "+r.topic.Name, m.linksOf(r.topic)
	covers := ""
	if skill, ok := m.cat.Skill(r.topic.Skill); ok {
		covers = skill.Covers
	}
	if again {
		b.Text = "Begin by saying in your own words what you read last time; then read on."
		return
	}
	b.Text = fmt.Sprintf("Look for these: %s. Note in your own words what is new to you.", covers)
}

func (m *maker) building(b *Block, r *run, again bool) {
	b.Cost = r.setting.Cost
	name := map[Kind]string{KindProject: "A small project first: ", KindLab: "Build: "}[b.Kind]
	b.Title = name + r.lab.Title
	if again {
		b.Title += ", continued"
		b.Text = "Go on where you stopped. " + r.lab.Look
		return
	}
	b.Text = r.lab.Build + " " + r.setting.With + " " + r.lab.Look
	if b.Kind == KindProject {
		b.Links = m.linksOf(r.topic)
	}
}

// questionsIn is how many questions fit: two and a half minutes each, with reading
// why.
func questionsIn(minutes int) int {
	switch {
	case minutes < 25:
		return 5
	case minutes < 50:
		return 10
	}
	return 20
}

func (m *maker) reviewBlock(minutes int, light bool) Block {
	if light {
		return Block{Kind: KindReview, Minutes: minutes, Title: "Light review, then rest",
			Text: "Go through what is due and your own notes, nothing new. Look up where and when the exam is, and what you have to bring."}
	}
	return Block{Kind: KindReview, Minutes: minutes, Title: "Review what is due",
		Text: "Questions that you have answered before and that are due again."}
}

func (m *maker) mockBlock(minutes, before int) Block {
	b := Block{Kind: KindMock, Minutes: minutes, Title: fmt.Sprintf("Mock exam: %s", m.cert.Code)}
	b.Text = fmt.Sprintf("A whole exam with its clock, %s before the real one. Look through the result on another day.", count(before, "day"))
	if minutes < m.h.mock {
		b.Text = fmt.Sprintf("A whole exam with its clock, %s before the real one. It takes %s without a pause, longer than this day has: begin early, or move it to a day that is free.",
			count(before, "day"), timeWords(m.h.mock))
	}
	return b
}

func (m *maker) examBlock() Block {
	b := Block{Kind: KindExam, Title: fmt.Sprintf("Exam: %s", m.cert.Code), Text: m.cert.Name}
	if m.in.Wish.Date.IsZero() {
		b.Text += ". A day to aim at, not a booking: it moves with what you learn."
	}
	return b
}
