package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"sextant/internal/exam"
)

// foldName makes codes and names comparable: letters and digits in lower case, and
// nothing else, so that "ai 102", "AI-102" and "Ai102" are one.
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Resolve finds an exam by its code, whatever the case and the dashes, or by a
// former code or name that leads to it.
func (c *Catalogue) Resolve(name string) (*Certification, bool) {
	key := foldName(name)
	if key == "" {
		return nil, false
	}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		if foldName(string(cert.Code)) == key {
			return cert, true
		}
	}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		if slices.ContainsFunc(cert.KnownAs, func(n string) bool { return foldName(n) == key }) {
			return cert, true
		}
	}
	return nil, false
}

// nearestEdits is how many edits apart a code may be to be offered for another.
const nearestEdits = 2

// Near lists exams whose code is at most two edits from text, the nearest first
// and in display order among equals.
func (c *Catalogue) Near(text string) []exam.Code {
	key := foldName(text)
	type candidate struct {
		code  exam.Code
		apart int
	}
	var found []candidate
	for i := range c.Certifications {
		code := c.Certifications[i].Code
		if apart := edits(key, foldName(string(code))); key != "" && apart <= nearestEdits {
			found = append(found, candidate{code: code, apart: apart})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.apart, b.apart) })
	codes := make([]exam.Code, len(found))
	for i, f := range found {
		codes[i] = f.code
	}
	return codes
}

// Basis says how an exam was found by words.
type Basis string

// The ways of finding an exam, the surest first.
const (
	ByCode     Basis = "code"     // its code or the beginning of it
	ByName     Basis = "name"     // its name, or the title of its exam
	ByKnownAs  Basis = "known_as" // a former code or name
	ByRelation Basis = "relation" // it takes over from, or gave way to, an exam found
	ByService  Basis = "service"  // it names a service
)

// Finding is one exam found, and on what it rests.
type Finding struct {
	Code  exam.Code
	Basis Basis
	// Through is what led there: the former name, the exam it is related to, or the
	// present name of the service. Empty for its own code and name.
	Through string
}

// Find looks exams up by words: a code, a name, a former one, or a service. An exam
// found brings its successor and its predecessor along, so that an old name leads to
// what can be taken now. Findings come the surest first, in display order among
// equals; each exam once.
func (c *Catalogue) Find(words string) []Finding {
	f := finder{seen: map[exam.Code]bool{}}
	if foldName(words) == "" {
		return nil
	}
	for _, look := range []struct {
		basis Basis
		by    func(*Certification, string) (string, bool)
		loose bool // only where nothing surer was found
	}{{ByCode, beginsCode, false}, {ByName, hasPhrase, false}, {ByKnownAs, isKnownAs, false}, {ByName, hasEveryWord, true}} {
		if look.loose && len(f.found) > 0 {
			continue
		}
		for i := range c.Certifications {
			cert := &c.Certifications[i]
			if through, ok := look.by(cert, words); ok {
				f.add(cert.Code, look.basis, through)
			}
		}
	}
	for _, direct := range slices.Clone(f.found) {
		for i := range c.Certifications {
			cert := &c.Certifications[i]
			if related(cert, direct.Code) {
				f.add(cert.Code, ByRelation, string(direct.Code))
			}
		}
	}
	if service, _, ok := c.ServiceByName(words); ok {
		for _, use := range service.Exams {
			f.add(use.Exam, ByService, service.Name)
		}
	}
	return f.found
}

type finder struct {
	seen  map[exam.Code]bool
	found []Finding
}

func (f *finder) add(code exam.Code, basis Basis, through string) {
	if !f.seen[code] {
		f.seen[code] = true
		f.found = append(f.found, Finding{Code: code, Basis: basis, Through: through})
	}
}

// fewestOfCode is how many letters and digits of a code are taken for one.
const fewestOfCode = 2

func beginsCode(c *Certification, words string) (string, bool) {
	key := foldName(words)
	return "", len(key) >= fewestOfCode && strings.HasPrefix(foldName(string(c.Code)), key)
}

// hasPhrase finds the words as they stand, at the beginning of a word of the name or
// title.
func hasPhrase(c *Certification, words string) (string, bool) {
	phrase := " " + strings.Join(splitWords(words), " ")
	for _, name := range []string{c.Name, c.ExamTitle} {
		if strings.Contains(" "+strings.Join(splitWords(name), " "), phrase) {
			return "", true
		}
	}
	return "", false
}

// hasEveryWord finds the words in any order, the vendor's name among them.
func hasEveryWord(c *Certification, words string) (string, bool) {
	return "", hasWords(c.Name+" "+c.ExamTitle+" "+c.Vendor.Label(), words)
}

func splitWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func isKnownAs(c *Certification, words string) (string, bool) {
	for _, name := range c.KnownAs {
		if foldName(name) == foldName(words) || hasWords(name, words) {
			return name, true
		}
	}
	return "", false
}

// hasWords reports whether every word of words begins one of text.
func hasWords(text, words string) bool {
	have := splitWords(text)
	for _, word := range splitWords(words) {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, word) }) {
			return false
		}
	}
	return true
}

// related reports whether one of the two exams took over from the other.
func related(c *Certification, other exam.Code) bool {
	return c.Replaces == other || c.Successor == other
}

// SkillShares is the share of the exam, 0 to 1, that rests on each skill it
// examines: the domains by their weights, within a domain as CellWeights has it.
func (c *Certification) SkillShares() map[exam.SkillID]float64 {
	shares := map[exam.SkillID]float64{}
	for _, d := range c.Domains {
		for _, cell := range c.CellWeights(d.ID) {
			shares[cell.Skill] += d.Weight * cell.Weight
		}
	}
	return shares
}

// Work is the share of the exam, 0 to 1, that lies in each group of skills, such
// as "data" or "operations".
func (c *Catalogue) Work(cert *Certification) map[string]float64 {
	work := map[string]float64{}
	shares := cert.SkillShares()
	for _, skill := range c.Skills { // in order, so that sums round alike every time
		if share := shares[skill.ID]; share > 0 {
			work[skill.Group] += share
		}
	}
	return work
}
