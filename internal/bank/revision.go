package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"sextant/internal/exam"
)

// revisionDigits is the length of a revision in hexadecimal digits: 64 bits,
// enough to tell the revisions of one question apart for ever.
const revisionDigits = 16

// Revision is a short hash of everything about a question that a learner or
// the score sees: its texts and figures, key, type, skill, domains and
// difficulty. Editors' notes (difficulty reason, tags, services, dates, reviews)
// and the place of the file leave it unchanged.
func Revision(q *exam.Question) string {
	seen := struct {
		Type       exam.Type
		Platform   exam.Platform
		Skill      exam.SkillID
		Domains    map[exam.Code]exam.DomainID
		Difficulty int
		Stimulus   *exam.Stimulus
		Stem, Ask  string
		Options    []exam.Option
		Choose     int
		Prompts    []exam.Prompt
		OneToOne   bool
		Statements []exam.Statement
		Remember   string
		References []exam.Reference

		FixedOrder  bool         `json:",omitempty"`
		Explanation string       `json:",omitempty"`
		Replies     exam.Replies `json:",omitzero"`
		Points      float64      `json:",omitempty"`
	}{
		q.Type, q.Platform, q.Skill, q.Domains, q.Difficulty, q.Stimulus, q.Stem, q.Ask, q.Options, q.Choose,
		q.Prompts, q.OneToOne, q.Statements, q.Remember, q.References, q.FixedOrder, q.Explanation, q.Replies, q.Points,
	}
	// encoding/json is canonical here: fixed field order, sorted map keys.
	data, err := json.Marshal(seen)
	if err != nil {
		// Strings, integers and booleans always encode.
		panic(fmt.Sprintf("bank.Revision(%s): %v", q.ID, err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:revisionDigits]
}
