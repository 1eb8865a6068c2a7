package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/simulate"
)

func TestFormsSayWhatSimulatedPeoplesExamsHaveInCommon(t *testing.T) {
	std, out, errs := testStreams("")
	if err := run(t.Context(), []string{"forms", "--exam", "MLA-C02", "--exam", "AI-103", "--people", "10", "--forms", "2"}, std); err != nil {
		t.Fatal(err, errs)
	}
	for _, want := range []string{"Simulated: 10 people with 2 mock exams each", "MLA-C02  50 + 15", "AI-103   50 + 0", "again from the form before"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it doesn't say %q:\n%s", want, out)
		}
	}
}

func TestFormsOfOneSeedAreTheSame(t *testing.T) {
	type result struct {
		Simulated bool               `json:"simulated"`
		Exams     []simulate.FormUse `json:"exams"`
	}
	draw := func(seed string) (text string, got result) {
		t.Helper()
		std, out, _ := testStreams("")
		if err := run(t.Context(), []string{"forms", "--json", "--exam", "MLA-C02", "--people", "20", "--forms", "3", "--seed", seed}, std); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Fatal(err)
		}
		return out.String(), got
	}
	text, got := draw("1")
	if again, _ := draw("1"); again != text {
		t.Error("the same seed gives other forms")
	}
	if other, _ := draw("2"); other == text {
		t.Error("another seed gives the same forms")
	}
	if !got.Simulated || len(got.Exams) != 1 {
		t.Fatalf("got %+v", got)
	}
	u := got.Exams[0]
	if u.Exam != exam.Code("MLA-C02") || u.Form != u.Full || u.Used == 0 || u.Used > u.Pool || u.Most <= 0 || u.Most > 1 || u.Strangers <= 0 || u.Strangers >= 1 {
		t.Errorf("got %+v", u)
	}
	if len(u.Successive) != 2 || len(u.Repeated) != 2 || u.Successive[0] != u.Repeated[0] || u.Successive[1] > u.Repeated[1] {
		t.Errorf("repeats are %v and %v", u.Successive, u.Repeated)
	}
}

func TestFormsRefuseNonsense(t *testing.T) {
	for _, args := range [][]string{
		{"--people", "0"}, {"--forms", "0"}, {"--people", "-1"}, {"--people", "1000000", "--forms", "2"}, {"--exam", "XX-000"},
	} {
		std, _, errs := testStreams("")
		err := run(t.Context(), append([]string{"forms"}, args...), std)
		if !errors.As(err, new(usageError)) || errs.String() == "" {
			t.Errorf("%v: %v, %q", args, err, errs)
		}
	}
}
