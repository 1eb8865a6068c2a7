package bank

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"sextant/internal/exam"
)

// Bounds on a list in JSON, so that an upload can't tire the reader.
const (
	MaxListQuestions = 100_000
	maxEntryNodes    = 50_000 // values in one entry; a case set of a hundred questions has about 30,000
	maxListErrors    = 1000   // of the file, after which the rest isn't read
)

// ParseJSON reads questions as JSON: a list whose entries are what a YAML file
// holds, a question or a case set, with the same keys. media reports whether
// there is an image with a key; nil where there are none.
func ParseJSON(f File, bankID exam.BankID, media func(key string) bool) (*Bank, []Remark) {
	r := &reading{file: f.Name, standard: uploaded, media: media, lines: map[string]int{}}
	var items []*item
	var remarks []Remark
	owners := newOwners()
	data, ok := r.decodeText(f.Data, false)
	if ok {
		p := &jsonReader{r: r, data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
		p.decoder.UseNumber()
		failed := 0
		p.list(func(entry *yaml.Node) error {
			one := &reading{file: f.Name, standard: inList, media: media, lines: map[string]int{}}
			one.root(entry)
			owners.settle(one)
			items = append(items, one.items...)
			remarks = append(remarks, one.remarks...)
			if HasErrors(one.remarks) {
				failed += len(one.remarks)
			}
			switch {
			case failed > maxListErrors:
				return fmt.Errorf("there are more than %d errors; mend these first", maxListErrors)
			case len(items) > MaxListQuestions:
				return fmt.Errorf("there are more than %d questions; divide the list", MaxListQuestions)
			}
			return nil
		})
	}
	remarks = append(remarks, r.remarks...)
	sortRemarks(remarks)
	return assemble(bankID, items), remarks
}

// jsonReader makes of JSON the nodes that a question is read from, each with its
// line.
type jsonReader struct {
	r       *reading
	data    []byte
	decoder *json.Decoder
	at      int // how far lines have been counted
	line    int
	nodes   int // of the entry being read
}

var (
	errTooDeep = errors.New("lists and objects are nested too deep; the format needs no such depth")
	errTooMuch = errors.New("a question has more parts than any needs")
)

// list calls visit for every entry of the list, up to the first that isn't JSON
// or for which visit returns an error.
func (p *jsonReader) list(visit func(entry *yaml.Node) error) {
	opens, err := p.decoder.Token()
	if errors.Is(err, io.EOF) {
		p.r.add(1, "", "json", "is empty; write a list of questions")
		return
	}
	if err == nil && opens != json.Delim('[') {
		p.r.add(p.here(), "", "json", "a JSON file of questions is a list; put the questions between [ and ]")
		return
	}
	for err == nil && p.decoder.More() {
		var entry *yaml.Node
		p.nodes = 0
		if entry, err = p.node(1); err == nil {
			err = visit(entry)
		}
	}
	if err == nil {
		_, err = p.decoder.Token() // the bracket that closes
	}
	if err == nil {
		if _, err = p.decoder.Token(); errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = errors.New("something follows the list; write one list")
		}
	}
	p.fault(err)
}

func (p *jsonReader) fault(err error) {
	message := strings.TrimPrefix(err.Error(), "json: ")
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		p.countTo(int(syntax.Offset))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		p.countTo(len(p.data))
		message = "the list doesn't end; is part of the file missing?"
	default:
		p.here()
	}
	p.r.add(p.line, "", "json", "not read further: %s", message)
}

// here is the line of the token read last.
func (p *jsonReader) here() int {
	p.countTo(int(p.decoder.InputOffset()))
	return p.line
}

func (p *jsonReader) countTo(offset int) {
	if offset = min(offset, len(p.data)); offset > p.at {
		p.line += bytes.Count(p.data[p.at:offset], []byte("\n"))
		p.at = offset
	}
}

func (p *jsonReader) node(depth int) (*yaml.Node, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	if depth > MaxDepth {
		return nil, errTooDeep
	}
	if p.nodes++; p.nodes > maxEntryNodes {
		return nil, errTooMuch
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: p.here()}
	switch value := token.(type) {
	case string:
		n.Tag, n.Value = "!!str", value
	case json.Number:
		n.Tag, n.Value = "!!int", value.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case bool:
		n.Tag, n.Value = "!!bool", fmt.Sprint(value)
	case nil:
		n.Tag, n.Value = "!!null", "null"
	case json.Delim:
		n.Kind = yaml.SequenceNode
		if value == '{' {
			n.Kind = yaml.MappingNode
		}
		for p.decoder.More() { // an object gives its keys and values in turn
			child, err := p.node(depth + 1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		if _, err := p.decoder.Token(); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// EncodeJSON writes questions as JSON, those of one case set together, so that
// ParseJSON gives them back.
//
// Errors: those of Encode, and of w.
func EncodeJSON(w io.Writer, questions []*exam.Question) error {
	out := bufio.NewWriter(w)
	opens := "[\n"
	for _, set := range Sets(questions) {
		root, err := encodeSet(set)
		if err != nil {
			return err
		}
		var entry bytes.Buffer
		if err := jsonNode(&entry, root); err != nil {
			return fmt.Errorf("bank.EncodeJSON(%s): %w", set[0].ID, err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, entry.Bytes(), "  ", "  "); err != nil {
			return fmt.Errorf("bank.EncodeJSON(%s): %w", set[0].ID, err)
		}
		_, _ = out.WriteString(opens + "  ") // a writer keeps its first error for Flush
		_, _ = indented.WriteTo(out)
		opens = ",\n"
	}
	if len(questions) == 0 {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("bank.EncodeJSON: %w", err)
	}
	return nil
}

func jsonNode(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := jsonText(b, n.Content[i].Value); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := jsonNode(b, n.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, entry := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := jsonNode(b, entry); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		if n.Tag != "!!str" {
			b.WriteString(n.Value)
			return nil
		}
		value := n.Value
		if n.Style == yaml.LiteralStyle { // the block's own line end
			value = strings.TrimSuffix(value, "\n")
		}
		return jsonText(b, value)
	}
	return nil
}

func jsonText(b *bytes.Buffer, s string) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line end that Encode adds
	return nil
}
