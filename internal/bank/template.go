package bank

import (
	"embed"
	"fmt"
	"slices"

	"sextant/internal/exam"
)

//go:embed templates/*.yaml
var templates embed.FS

// Template is a file to start a question of the type from: valid as it stands,
// with comments that say what goes where. It is "" for an unknown type.
func Template(t exam.Type) string {
	if !slices.Contains(exam.Types(), t) {
		return ""
	}
	return template(string(t))
}

// CaseSetTemplate is a file to start a case set from.
func CaseSetTemplate() string { return template("case_set") }

func template(name string) string {
	data, err := templates.ReadFile("templates/" + name + ".yaml")
	if err != nil {
		// The files are compiled in; a missing one is a broken build.
		panic(fmt.Sprintf("bank: template %s: %v", name, err))
	}
	return string(data)
}
