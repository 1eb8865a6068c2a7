package catalogue

import (
	"slices"
	"time"

	"sextant/internal/exam"
)

// How much a page that helps to choose should say: enough to tell two exams apart,
// and no more than is read.
const (
	fewestFits, mostFits             = 2, 4
	fewestUnfit, mostUnfit           = 1, 2
	fewestNeighbours, mostNeighbours = 1, 4
)

// readGuidance reads what helps a person to choose: whom the exam fits, how it
// differs from its neighbours, and what is expected of it.
func (r *reader) readGuidance(c *Certification, o object) {
	fits := o.need("fits", "say whom the exam fits and whom it doesn't").fact("whom", "whom_not")
	c.Fits = Fits{
		Whom:       fits.need("whom", "list two to four kinds of people").between(fewestFits, mostFits),
		WhomNot:    fits.need("whom_not", "list one or two who are better served elsewhere").between(fewestUnfit, mostUnfit),
		Provenance: fits.provenance(),
	}
	c.Neighbours = readNeighbours(c.Code, o.need("neighbours", "list two to four exams it could be confused with, each with the difference"))
	c.Expected = readExpected(o.get("expected"))
	r.readKnownAs(c, o.get("known_as"))
}

// between reads a list of texts and reports one that is too short or too long.
func (v value) between(fewest, most int) []string {
	texts := v.texts()
	if v.present() && v.node != nil && (len(texts) < fewest || len(texts) > most) {
		v.problem("has %d entries; give %d to %d", len(texts), fewest, most)
	}
	return texts
}

func readNeighbours(own exam.Code, v value) []Neighbour {
	var neighbours []Neighbour
	seen := map[exam.Code]bool{}
	for _, item := range v.list() {
		o := item.fact("code", "text")
		n := Neighbour{Code: o.need("code", "name the neighbour by its code").code()}
		n.Text = o.need("text", "say in a sentence how the two differ").text()
		n.Provenance = o.provenance()
		if n.Code != "" && n.Code == own {
			o.get("code").problem("%s is the exam itself; name another", own)
			continue
		}
		if unique(seen, o.get("code"), n.Code) {
			neighbours = append(neighbours, n)
		}
	}
	if v.present() && (len(v.list()) < fewestNeighbours || len(v.list()) > mostNeighbours) {
		v.problem("has %d entries; give %d to %d", len(v.list()), fewestNeighbours, mostNeighbours)
	}
	return neighbours
}

func readExpected(v value) []Expectation {
	var expected []Expectation
	for _, item := range v.list() {
		o := item.fact("status", "from", "to", "text")
		e := Expectation{
			Status: oneOf(o.need("status", "say what is expected: active, beta or retired"), StatusActive, StatusBeta, StatusRetired),
			From:   o.need("from", "give the first day it is expected on").day(),
			To:     o.get("to").day(),
		}
		e.Text = o.need("text", "say who expects it, and how firmly").text()
		e.Provenance = o.provenance()
		if e.To.IsZero() {
			e.To = e.From
		}
		if e.To.Before(e.From) {
			o.get("to").problem("%s lies before from %s", e.To.Format(time.DateOnly), e.From.Format(time.DateOnly))
			continue
		}
		expected = append(expected, e)
	}
	slices.SortStableFunc(expected, func(a, b Expectation) int { return a.From.Compare(b.From) })
	return expected
}

// otherName is another code or a former name of an exam, and where it stands.
type otherName struct {
	code exam.Code
	name string
	at   value
}

func (r *reader) readKnownAs(c *Certification, v value) {
	for _, item := range v.list() {
		name := item.text()
		if name == "" {
			item.problem("empty; write a former code or name, or remove the entry")
			continue
		}
		c.KnownAs = append(c.KnownAs, name)
		r.otherNames = append(r.otherNames, otherName{code: c.Code, name: name, at: item})
	}
}

// checkKnownAs reports a name under which two exams would be found, once all are
// read: a former code leads to one page.
func (r *reader) checkKnownAs(c *Catalogue) {
	owner := map[string]exam.Code{}
	for i := range c.Certifications {
		owner[foldName(string(c.Certifications[i].Code))] = c.Certifications[i].Code
	}
	for _, n := range r.otherNames {
		key := foldName(n.name)
		if other, taken := owner[key]; taken {
			n.at.problem("%q leads to %s already; a former code or name leads to one exam", n.name, other)
			continue
		}
		owner[key] = n.code
	}
}
