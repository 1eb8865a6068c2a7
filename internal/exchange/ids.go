package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"sextant/internal/exam"
)

// Bounds on ids. A question's has 80 characters at most.
const (
	maxID     = 80
	maxPrefix = 32
	hashSize  = 10 // hexadecimal digits
)

var validID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,79}$`)

// AssignIDs gives the questions of one import the ids they are to have in a bank,
// and their case sets too. A question keeps a valid id that it brings along,
// unless taken says that another bank has it; any other gets the bank's id in
// front of what the question was called where it came from, of its title, or of
// a hash of its text, the first that there is. Where several questions of the
// import would have the same id they are told apart by their texts, so that
// neither the order of a file nor what is added to it changes an id, and the same
// files give the same ids again. taken may be nil.
//
// Questions that share a case set share its Stimulus afterwards.
func AssignIDs(bank exam.BankID, questions []*exam.Question, taken func(exam.QuestionID) bool) {
	ids := newNames(string(bank))
	wanted := make([]string, len(questions))
	claims := map[string]int{}
	for i, q := range questions {
		wanted[i] = ids.wanted(q, taken)
		claims[wanted[i]]++
	}
	used := map[string]bool{}
	occupied := func(id string) bool { return used[id] || taken != nil && taken(exam.QuestionID(id)) }
	brought := map[string]bool{} // by a question that was given it before, and keeps it
	for i, q := range questions {
		if own := string(q.ID) == wanted[i]; own && !brought[wanted[i]] {
			brought[wanted[i]], used[wanted[i]] = true, true
		}
	}
	first := map[string]bool{}
	for i, q := range questions {
		id := wanted[i]
		switch keeps := string(q.ID) == id && !first[id]; {
		case keeps:
			first[id] = true
		case claims[id] > 1 || occupied(id):
			id = ids.free(id, content(q), occupied)
		}
		used[id] = true
		q.ID = exam.QuestionID(id)
	}
	ids.cases(questions)
}

// names makes ids that begin with a bank's.
type names struct{ prefix string }

func newNames(bank string) names {
	prefix := slug(bank)
	if prefix == "" {
		prefix = "bank"
	}
	return names{shortened(prefix, maxPrefix)}
}

// wanted is the id that a question has or would have by itself.
func (n names) wanted(q *exam.Question, taken func(exam.QuestionID) bool) string {
	if validID.MatchString(string(q.ID)) && (taken == nil || !taken(q.ID)) {
		return string(q.ID)
	}
	for _, name := range []string{string(q.ID), q.SourceID, q.Title} {
		if s := slug(name); s != "" {
			return n.with(s)
		}
		if name != "" {
			return n.with("x" + hash(name))
		}
	}
	return n.with("q" + hash(content(q)))
}

// with puts the bank's id in front, once.
func (n names) with(name string) string {
	if strings.HasPrefix(name, n.prefix+"-") {
		return shortened(name, maxID)
	}
	return n.prefix + "-" + shortened(name, maxID-len(n.prefix)-1)
}

// free tells an id that others want too apart by a hash, and by a number where
// even that is the same.
func (n names) free(id, content string, used func(id string) bool) string {
	id = shortened(id, maxID-hashSize-6) + "-" + hash(content)
	for again, i := id, 2; ; i++ {
		if !used(again) {
			return again
		}
		again = fmt.Sprintf("%s-%d", id, i)
	}
}

// cases brings case sets that are the same together under one valid id each.
func (n names) cases(questions []*exam.Question) {
	sets := map[exam.Stimulus]*exam.Stimulus{}
	used := map[exam.StimulusID]bool{}
	for _, q := range questions {
		if q.Stimulus == nil {
			continue
		}
		as := *q.Stimulus
		set, known := sets[as]
		if !known {
			set = q.Stimulus
			sets[as] = set
			set.ID = n.caseID(as, used)
			used[set.ID] = true
		}
		q.Stimulus = set
	}
}

func (n names) caseID(s exam.Stimulus, used map[exam.StimulusID]bool) exam.StimulusID {
	if validID.MatchString(string(s.ID)) && !used[s.ID] {
		return s.ID
	}
	name := slug(string(s.ID))
	if name == "" {
		name = "case"
	}
	taken := func(id string) bool { return used[exam.StimulusID(id)] }
	return exam.StimulusID(n.free(n.with(name), s.Title+"\x00"+s.Text, taken))
}

// slug is a name in the letters of an id: lower case, other characters as dashes.
func slug(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 4*maxID {
			break
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// shortened keeps an id within n characters and apart from others that begin alike.
func shortened(id string, n int) string {
	if len(id) <= n {
		return id
	}
	return strings.TrimRight(id[:n-hashSize-1], "-._") + "-" + hash(id)
}

// content is what makes a question the same one: what it asks, not how it is keyed
// or explained, so that a corrected key leaves it the question it was.
func content(q *exam.Question) string {
	parts := []string{q.Category, q.Title, q.SourceID, FullText(q)}
	for _, o := range q.Options {
		parts = append(parts, o.Text)
	}
	for _, p := range q.Prompts {
		parts = append(parts, p.Text)
	}
	for _, s := range q.Statements {
		parts = append(parts, s.Text)
	}
	return strings.Join(parts, "\x00")
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:hashSize]
}
