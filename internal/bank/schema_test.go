package bank_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

const schemaFile = "../../questions/schema.json"

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("question-file.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("question-file.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// plainValue is the YAML value as JSON knows it. Dates are text there.
func plainValue(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plainValue(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plainValue(t, c))
		}
		return list
	default:
	}
	if n.ShortTag() == "!!timestamp" {
		return n.Value
	}
	var value any
	if err := n.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// Faults below the level of keys and values: a schema never gets to see them.
var yamlRules = []string{"yaml", "encoding", "file", "duplicate-key"}

// Faults that span several values: the schema language can't state them.
var beyondSchema = []string{
	"case-question-id-twice", "choose-disagrees", "choose-everything", "match-twice", "match-unknown", "review-impossible", "review-no-such-day", "same-option-twice",
}

func TestSchemaAndReaderAcceptTheSameFiles(t *testing.T) {
	schema := compileSchema(t)
	files := slices.Concat(sampleFiles(t, "good"), sampleFiles(t, "imported"), sampleFiles(t, "broken"))
	for _, typ := range exam.Types() {
		files = append(files, bank.File{Name: "template-" + string(typ) + ".yaml", Data: []byte(bank.Template(typ))})
	}
	files = append(files, bank.File{Name: "template-case-set.yaml", Data: []byte(bank.CaseSetTemplate())})
	accepted, refused := 0, 0
	for _, f := range files {
		name := strings.TrimSuffix(f.Name, ".yaml")
		_, remarks := bank.ParseFiles([]bank.File{f}, "uploads")
		if slices.ContainsFunc(remarks, func(r bank.Remark) bool {
			return r.Severity == bank.Error && slices.Contains(yamlRules, r.Rule)
		}) {
			continue
		}
		var document yaml.Node
		if err := yaml.Unmarshal(f.Data, &document); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err := schema.Validate(plainValue(t, document.Content[0]))
		wantValid := !bank.HasErrors(remarks) || slices.Contains(beyondSchema, name)
		if (err == nil) != wantValid {
			t.Errorf("%s: schema says %v, the reader says\n%s", name, err, report(remarks))
		}
		if wantValid {
			accepted++
		} else {
			refused++
		}
	}
	if accepted < 10 || refused < 25 {
		t.Errorf("only %d accepted and %d refused samples were compared", accepted, refused)
	}
}

func TestSchemaAcceptsTheBank(t *testing.T) {
	schema := compileSchema(t)
	paths, err := filepath.Glob("../../questions/*/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, p := range paths {
		if strings.Contains(filepath.ToSlash(p), "/catalogue/") {
			continue
		}
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var document yaml.Node
		if err := yaml.Unmarshal(data, &document); err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		if err := schema.Validate(plainValue(t, document.Content[0])); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		checked++
	}
	if checked == 0 {
		t.Error("no question files were found")
	}
}

func TestSchemaHasTheReadersKeys(t *testing.T) {
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]json.RawMessage `json:"properties"`
		Items      *object                    `json:"items"`
	}
	var schema struct {
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	for part, known := range bank.KnownKeys() {
		def := schema.Defs[part]
		if def.Items != nil {
			def = *def.Items
		}
		var stated []string
		for key := range def.Properties {
			stated = append(stated, key)
		}
		want := slices.Clone(known)
		slices.Sort(stated)
		slices.Sort(want)
		if diff := cmp.Diff(want, stated); diff != "" {
			t.Errorf("%s: keys differ (-reader +schema):\n%s", part, diff)
		}
	}
}
