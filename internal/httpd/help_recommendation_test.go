package httpd_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/recommend"
	"sextant/internal/testkit"
)

// The page on how firm recommendations are speaks of today's learners and
// weights. Its digits may be older: "make sensitivity" renews them.
func TestSensitivityIsOfTheseWeightsAndLearners(t *testing.T) {
	data, err := os.ReadFile("sensitivity.json")
	if err != nil {
		t.Fatal(err)
	}
	var got recommend.Sensitivity
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	cat := testkit.Catalogue(t)
	var learners []string
	for _, p := range recommend.Personas() {
		learners = append(learners, p.Name)
	}
	if diff := cmp.Diff(learners, got.Personas); diff != "" {
		t.Errorf("learners (-now +page), run make sensitivity:\n%s", diff)
	}
	type weight struct {
		Name  string
		Value float64
	}
	var now, page []weight
	for _, w := range cat.Weights.All() {
		now = append(now, weight{w.Name, *w.Value})
	}
	for _, r := range cat.Rules {
		if r.Weight > 0 {
			now = append(now, weight{r.ID, r.Weight})
		}
	}
	for _, rows := range [][]recommend.WeightRow{got.Weights, got.Rules} {
		for _, row := range rows {
			page = append(page, weight{row.Name, row.Value})
			if len(row.At) != len(recommend.UsualSensitivity.Factors) {
				t.Errorf("%s was varied %d times", row.Name, len(row.At))
			}
		}
	}
	if diff := cmp.Diff(now, page); diff != "" {
		t.Errorf("weights (-now +page), run make sensitivity:\n%s", diff)
	}
	if got.Joint.Draws != recommend.UsualSensitivity.Draws || got.Joint.Width != recommend.UsualSensitivity.Width {
		t.Errorf("drawn %d times within %v", got.Joint.Draws, got.Joint.Width)
	}
}

func TestHelpShowsTheWeights(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	for path, wants := range map[string][]string{
		"/help/recommendation": {"+0.25; −0.25; −0.75 or −1.5; −2", "2 · tanh", "/help/sensitivity", "the market"},
		"/help/sensitivity":    {"keep their first choice", "evidence.cap", "ML engineer anywhere"},
	} {
		reply := client.Get(t, path)
		if reply.Status != http.StatusOK {
			t.Fatalf("%s: status %d", path, reply.Status)
		}
		for _, want := range wants {
			if !strings.Contains(strings.ToLower(reply.Body), strings.ToLower(want)) {
				t.Errorf("%s doesn't say %q", path, want)
			}
		}
		if strings.Contains(reply.Body, "{{") {
			t.Errorf("%s: a figure wasn't filled in", path)
		}
	}
}
