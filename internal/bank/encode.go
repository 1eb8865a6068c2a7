package bank

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sextant/internal/exam"
)

// Encode writes one question, or the questions of one case set, as a file of
// the native format. Reading the file gives the questions back, with option
// ids A, B, C … in the order written.
//
// Errors: no question given, several that do not share one stimulus, or a
// matching whose key names no option.
func Encode(questions ...*exam.Question) ([]byte, error) {
	root, err := encodeSet(questions)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("bank.Encode(%s): %w", questions[0].ID, err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("bank.Encode(%s): %w", questions[0].ID, err)
	}
	return out.Bytes(), nil
}

// Sets divides questions into what a file of the native format holds each: a
// question, or those of one case set. Sets come in the order of their first
// question, and questions keep theirs.
func Sets(questions []*exam.Question) [][]*exam.Question {
	var sets [][]*exam.Question
	at := map[*exam.Stimulus]int{}
	for _, q := range questions {
		i, begun := at[q.Stimulus]
		if q.Stimulus == nil || !begun {
			at[q.Stimulus] = len(sets)
			sets = append(sets, []*exam.Question{q})
			continue
		}
		sets[i] = append(sets[i], q)
	}
	return sets
}

func encodeSet(questions []*exam.Question) (*yaml.Node, error) {
	if len(questions) == 0 {
		return nil, fmt.Errorf("bank.Encode: no question given")
	}
	for _, q := range questions[1:] {
		if q.Stimulus != questions[0].Stimulus {
			return nil, fmt.Errorf("bank.Encode(%s): not of the same case set as %s", q.ID, questions[0].ID)
		}
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	var list []*yaml.Node
	for _, q := range questions {
		node, err := encodeQuestion(q)
		if err != nil {
			return nil, fmt.Errorf("bank.Encode(%s): %w", q.ID, err)
		}
		list = append(list, node)
	}
	switch s := questions[0].Stimulus; {
	case s != nil:
		put(root, "stimulus", encodeStimulus(s))
		put(root, "questions", &yaml.Node{Kind: yaml.SequenceNode, Content: list})
	case len(list) > 1:
		return nil, fmt.Errorf("bank.Encode(%s): a file holds one question or one case set", questions[0].ID)
	default:
		root = list[0]
	}
	return root, nil
}

func encodeStimulus(s *exam.Stimulus) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	putText(n, "id", string(s.ID))
	putText(n, "title", s.Title)
	putText(n, "text", s.Text)
	putTrue(n, "no_return", s.NoReturn)
	return n
}

func encodeQuestion(q *exam.Question) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	putText(n, "id", string(q.ID))
	putText(n, "title", q.Title)
	putText(n, "platform", string(q.Platform))
	putText(n, "skill", string(q.Skill))
	putText(n, "type", string(q.Type))
	if q.Difficulty != 0 {
		put(n, "difficulty", number(q.Difficulty))
	}
	putText(n, "difficulty_reason", q.DifficultyReason)
	if len(q.Domains) > 0 {
		domains := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		for _, code := range sortedKeys(q.Domains) {
			put(domains, string(code), quoted(string(q.Domains[code])))
		}
		put(n, "domains", domains)
	}
	putText(n, "stem", q.Stem)
	putText(n, "ask", q.Ask)
	if q.Choose > 0 {
		put(n, "choose", number(q.Choose))
	}
	options := q.Options
	if q.Type == exam.Ordering {
		options = slices.Clone(q.Options)
		slices.SortStableFunc(options, func(a, b exam.Option) int { return a.Place - b.Place })
	}
	putList(n, "options", options, encodeOption)
	if err := encodePrompts(n, q); err != nil {
		return nil, err
	}
	putTrue(n, "one_to_one", q.OneToOne)
	putList(n, "statements", q.Statements, func(s exam.Statement) *yaml.Node {
		e := &yaml.Node{Kind: yaml.MappingNode}
		putText(e, "text", s.Text)
		put(e, "holds", boolean(s.Yes))
		putText(e, "rationale", s.Rationale)
		return e
	})
	putTrue(n, "fixed_order", q.FixedOrder)
	putText(n, "explanation", q.Explanation)
	if r := q.Replies; r != (exam.Replies{}) {
		e := &yaml.Node{Kind: yaml.MappingNode}
		putText(e, "right", r.Right)
		putText(e, "partly", r.Partly)
		putText(e, "wrong", r.Wrong)
		put(n, "replies", e)
	}
	putText(n, "remember", q.Remember)
	encodeNotes(n, q)
	encodeOrigin(n, q)
	return n, nil
}

func encodeOption(o exam.Option) *yaml.Node {
	e := &yaml.Node{Kind: yaml.MappingNode}
	putText(e, "text", o.Text)
	putTrue(e, "key", o.Key)
	putText(e, "rationale", o.Rationale)
	putDecimal(e, "weight", o.Weight)
	return e
}

func encodePrompts(n *yaml.Node, q *exam.Question) error {
	letters := map[exam.OptionID]exam.OptionID{}
	for i, o := range q.Options {
		letters[o.ID] = letter(i)
	}
	for _, p := range q.Prompts {
		if letters[p.Match] == "" {
			return fmt.Errorf("prompt %q matches option %q, which there is not", p.Text, p.Match)
		}
	}
	putList(n, "prompts", q.Prompts, func(p exam.Prompt) *yaml.Node {
		e := &yaml.Node{Kind: yaml.MappingNode}
		putText(e, "text", p.Text)
		putText(e, "match", string(letters[p.Match]))
		putText(e, "rationale", p.Rationale)
		return e
	})
	return nil
}

// encodeNotes writes what is for editors rather than learners.
func encodeNotes(n *yaml.Node, q *exam.Question) {
	putList(n, "references", q.References, func(r exam.Reference) *yaml.Node {
		e := &yaml.Node{Kind: yaml.MappingNode}
		putText(e, "title", r.Title)
		putText(e, "url", r.URL)
		return e
	})
	for _, list := range []struct {
		key   string
		texts []string
	}{{"services", q.Services}, {"enemies", q.Enemies}} {
		putList(n, list.key, list.texts, text)
		if len(list.texts) > 0 {
			n.Content[len(n.Content)-1].Style = yaml.FlowStyle
		}
	}
	if q.FactsAsOf != "" {
		put(n, "facts_as_of", quoted(q.FactsAsOf))
	}
	if q.Review == (exam.Review{}) {
		return
	}
	review := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	put(review, "solved", number(q.Review.Solved))
	put(review, "agreed", number(q.Review.Agreed))
	if q.Review.Date != "" {
		put(review, "date", quoted(q.Review.Date))
	}
	put(n, "review", review)
}

// encodeOrigin writes what a question was called where it came from.
func encodeOrigin(n *yaml.Node, q *exam.Question) {
	putList(n, "tags", q.Tags, text)
	putText(n, "category", q.Category)
	putText(n, "source_id", q.SourceID)
	putDecimal(n, "points", q.Points)
}

func put(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, text(key), value)
}

func putText(n *yaml.Node, key, value string) {
	if value != "" {
		put(n, key, text(value))
	}
}

func putTrue(n *yaml.Node, key string, value bool) {
	if value {
		put(n, key, boolean(true))
	}
}

func putList[T any](n *yaml.Node, key string, list []T, encode func(T) *yaml.Node) {
	if len(list) == 0 {
		return
	}
	sequence := &yaml.Node{Kind: yaml.SequenceNode}
	for _, entry := range list {
		sequence.Content = append(sequence.Content, encode(entry))
	}
	put(n, key, sequence)
}

func putDecimal(n *yaml.Node, key string, value float64) {
	if value == 0 {
		return
	}
	tag, written := "!!float", strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(written, ".") {
		tag = "!!int"
	}
	put(n, key, &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: written})
}

func number(i int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(i)}
}

func boolean(b bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(b)}
}

func quoted(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
}

// text writes several lines as a block where YAML keeps them exactly so, and
// in quotes where a blank at a line's edge or an odd character would be lost.
func text(s string) *yaml.Node {
	if !strings.Contains(s, "\n") {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	}
	if plainBlock(s) {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s + "\n", Style: yaml.LiteralStyle}
	}
	return quoted(s)
}

func plainBlock(s string) bool {
	if strings.HasPrefix(s, " ") || strings.HasPrefix(s, "\n") || strings.ContainsAny(s, "\t") {
		return false
	}
	for line := range strings.Lines(s) {
		if trimmed := strings.TrimSuffix(line, "\n"); strings.TrimRight(trimmed, " ") != trimmed {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0xFFFF || r == 0x85 || r == 0x2028 || r == 0x2029 })
}
