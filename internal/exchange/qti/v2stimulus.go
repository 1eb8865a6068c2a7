package qti

import (
	"errors"
	"path"
	"regexp"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/xmltree"
)

// maxStimuli bounds the texts of their own files that one item refers to.
const maxStimuli = 20

// stimuli reads the texts of their own files that an item refers to: as a
// stimulus, or as an object in its body. Questions that refer to the same become
// a case set.
func (m *modern) stimuli() {
	var found []*passage
	var keys []string
	take := func(href string, read func(name, href string, data []byte) *passage) bool {
		if len(found) == maxStimuli {
			return false
		}
		href = unescaped(href)
		key := m.r.canonical(path.Join(path.Dir(m.r.src), href))
		p := m.r.passages[key]
		if p == nil {
			if p = m.textOf(href, read); p == nil {
				return false
			}
			m.r.passages[key] = p
		}
		p.used = true
		found, keys = append(found, p), append(keys, key)
		return true
	}
	for _, ref := range m.root.All("assessmentStimulusRef") {
		take(ref.Attr("href"), func(_, href string, data []byte) *passage { return m.stimulusPassage(ref, href, data) })
	}
	descend(m.body, func(n *xmltree.Node) bool {
		if hidden(n) || strings.HasSuffix(n.Name, "Interaction") {
			return false
		}
		if n.Name == "object" && textTypes[strings.ToLower(n.Attr("type"))] {
			m.besideTexts[n] = take(n.Attr("data"), m.documentPassage)
			return false
		}
		return true
	})
	m.q.Stimulus = m.r.together(found, keys)
}

// together is one stimulus of several texts, the same for the same texts.
func (r *reader) together(found []*passage, keys []string) *exam.Stimulus {
	switch len(found) {
	case 0:
		return nil
	case 1:
		return &found[0].stimulus
	}
	key := "together\x00" + strings.Join(keys, "\x00")
	if p := r.passages[key]; p != nil {
		return &p.stimulus
	}
	all := found[0].stimulus
	for _, p := range found[1:] {
		all.ID += "-" + p.stimulus.ID
		all.Text = join(all.Text, p.stimulus.Text)
	}
	p := &passage{used: true, stimulus: all}
	r.passages[key] = p
	return &p.stimulus
}

// textOf reads a text of its own file; nil when it isn't to be had.
func (m *modern) textOf(href string, read func(name, href string, data []byte) *passage) *passage {
	var data []byte
	ok := false
	if m.r.beside != nil && href != "" {
		data, ok = m.r.nearby(href)
	}
	if !ok {
		m.warn("the text that the question refers to ("+exchange.Shorten(href, 80)+") isn't beside it", "Import the whole package, or put the text into the question.")
		return nil
	}
	was, wasBeside := m.r.src, m.r.beside
	m.r.src, m.r.beside = path.Join(path.Dir(was), href), folderBeside(wasBeside, path.Dir(href))
	defer func() { m.r.src, m.r.beside = was, wasBeside }()
	return read(m.r.src, href, data)
}

func (m *modern) stimulusPassage(ref *xmltree.Node, href string, data []byte) *passage {
	text, ok := m.r.decode(data)
	if !ok {
		return nil
	}
	n := m.r.tree(text, 1, href)
	if n == nil {
		return nil
	}
	p := m.passageOf(n)
	p.used = true
	if p.stimulus.Title == "" {
		p.stimulus.Title = oneLine(ref.Attr("title"))
	}
	if id := ref.Attr("identifier"); id != "" {
		p.stimulus.ID = exam.StimulusID(id)
	}
	return p
}

// passageOf is the passage that a file of a stimulus holds.
func (m *modern) passageOf(n *xmltree.Node) *passage {
	normalise(n, 0)
	body := n.Child("stimulusBody")
	if body == nil {
		body = n
	}
	return &passage{stimulus: exam.Stimulus{ID: exam.StimulusID(n.Attr("identifier")), Title: oneLine(n.Attr("title")), Text: m.inner(body)}}
}

// textTypes are the media types of objects that are texts.
var textTypes = map[string]bool{"text/html": true, "application/xhtml+xml": true, "text/plain": true}

var (
	pageBody  = regexp.MustCompile(`(?is)<body[^>]*>(.*)(</body>|$)`)
	pageTitle = regexp.MustCompile(`(?is)<title[^>]*>([^<]*)</title>`)
)

// documentPassage is a passage that is a web page or a plain text.
func (m *modern) documentPassage(name, href string, data []byte) *passage {
	text, _, err := exchange.Text(data)
	if err == nil && len(data) > xmltree.MaxBytes {
		err = errors.New("it is too large")
	}
	if err != nil {
		m.warn("the text that the question refers to ("+exchange.Shorten(href, 80)+") can't be read: "+err.Error(), "Save it as UTF-8, or put it into the question.")
		return nil
	}
	p := &passage{used: true, stimulus: exam.Stimulus{ID: exam.StimulusID(notName.ReplaceAllString(strings.TrimSuffix(name, path.Ext(name)), "-"))}}
	if strings.EqualFold(path.Ext(href), ".txt") || !exchange.HasHTML(text) {
		p.stimulus.Text = exchange.CleanText(plainMarkdown(text))
		return p
	}
	if title := pageTitle.FindStringSubmatch(text); title != nil {
		p.stimulus.Title = oneLine(bare(title[1]))
	}
	if body := pageBody.FindStringSubmatch(text); body != nil {
		text = body[1]
	}
	p.stimulus.Text = m.markdown(text)
	return p
}

// stimulusFile reads a file that is nothing but a text for questions. In a
// package they refer to it; by itself it is of no use.
func (r *reader) stimulusFile(text string) {
	where := exchange.Place{File: r.src}
	if !r.packed {
		r.doc.Fault(where, "this is a text that questions refer to, without questions", "Import the package that it lies in.")
		return
	}
	key := r.canonical(r.src)
	if r.passages[key] != nil {
		return
	}
	n := r.tree(text, 1, path.Base(r.src))
	if n == nil {
		return
	}
	m := &modern{item: r.newItem(n.Line, n.Attr("identifier"), oneLine(n.Attr("title"))), root: n, html: wrappedHTML.MatchString(text)}
	p := m.passageOf(n)
	p.where = m.where
	r.passages[key] = p
	r.order = append(r.order, p)
}
