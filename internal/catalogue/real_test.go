package catalogue

import (
	"testing"

	"sextant/questions"
)

// embedded is the catalogue that ships with the program.
func embedded(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(questions.Catalogue())
	if err != nil {
		t.Fatalf("the embedded catalogue does not load:\n%v", err)
	}
	return c
}

func TestEmbeddedCatalogueLoads(t *testing.T) {
	c := embedded(t)
	if got := len(c.Certifications); got != 19 {
		t.Errorf("%d certifications, want 19", got)
	}
	if got := len(c.Skills); got != 40 {
		t.Errorf("%d skills, want 40", got)
	}
}
