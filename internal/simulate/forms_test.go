package simulate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/simulate"
	"sextant/internal/testkit"
)

func TestFormsOfSimulatedPeopleRepeatOnlyWhatTheyMust(t *testing.T) {
	cat, questions := testkit.Catalogue(t), testkit.Embedded(t).Questions
	o := simulate.FormOptions{Exam: "MLA-C02", People: 20, Forms: 3, Seed: 1}
	use, err := simulate.Forms(cat, questions, o)
	if err != nil {
		t.Fatal(err)
	}
	if use.Form != use.Full || use.Used == 0 || use.Used > use.Pool || use.Most <= 0 || use.Most > 1 || use.Strangers <= 0 || use.Strangers >= 1 {
		t.Errorf("got %+v", use)
	}
	// 236 questions are three forms of 65 and some more.
	if d := cmp.Diff([]float64{0, 0}, use.Successive); d != "" {
		t.Errorf("forms in succession share questions though new ones are left (-want +got):\n%s", d)
	}
	again, err := simulate.Forms(cat, questions, o)
	if d := cmp.Diff(use, again); d != "" || err != nil {
		t.Errorf("the same seed gives something else (%v):\n%s", err, d)
	}
}

func TestFormsSayWhyThereAreNone(t *testing.T) {
	cat := testkit.Catalogue(t)
	use, err := simulate.Forms(cat, nil, simulate.FormOptions{Exam: "MLA-C02", People: 1, Forms: 1})
	if err != nil || use.None == "" || use.Used != 0 {
		t.Errorf("without questions: %+v, %v", use, err)
	}
	for _, o := range []simulate.FormOptions{{Exam: exam.Code("XX-000"), People: 1, Forms: 1}, {Exam: "MLA-C02", Forms: 1}, {Exam: "MLA-C02", People: 1}} {
		if _, err := simulate.Forms(cat, nil, o); err == nil || fault.Message(err) == "" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
