package itemstats

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var abcd = []Option{{"A", true}, {"B", false}, {"C", false}, {"D", false}}

// classOf builds single choices: by third, how many chose each option in turn,
// the last count leaving it blank. Rest scores rise from third to third.
func classOf(thirds [3][5]int) (chosen [][]int, rest []float64) {
	for third, counts := range thirds {
		for option, n := range counts {
			for range n {
				rest = append(rest, float64(third))
				if option == 4 {
					chosen = append(chosen, nil)
				} else {
					chosen = append(chosen, []int{option})
				}
			}
		}
	}
	return chosen, rest
}

func TestDistractorCounts(t *testing.T) {
	chosen, rest := classOf([3][5]int{{3, 4, 2, 0, 1}, {6, 2, 2, 0, 0}, {9, 1, 0, 0, 0}})
	d, err := TabulateDistractors(abcd, chosen, rest)
	if err != nil {
		t.Fatal(err)
	}
	if d.N != 30 || d.Thirds != [3]int{10, 10, 10} {
		t.Fatalf("%d persons in thirds of %v", d.N, d.Thirds)
	}
	key := d.Options[0]
	if key.Chosen != 18 || key.Thirds != [3]int{3, 6, 9} {
		t.Errorf("key: %+v", key)
	}
	near(t, "share of the key", key.Share, .6)
	near(t, "among the strong", key.ThirdShares[Strong], .9)
	near(t, "mean rest score of those who knew", key.MeanRest, 24./18)
	near(t, "discrimination of the key", key.Discrimination, .5) // cov 6/29, variances 20/29 and 7.2/29
	if b := d.Blank; b.Chosen != 1 || b.Thirds != [3]int{1, 0, 0} {
		t.Errorf("blank: %+v", b)
	}
	undefined(t, "mean of nobody", d.Options[3].MeanRest)
	undefined(t, "discrimination of nobody", d.Options[3].Discrimination)
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		name   string
		thirds [3][5]int
		want   []string
	}{
		{"sound", [3][5]int{{6, 5, 5, 4, 0}, {10, 4, 3, 3, 0}, {14, 2, 2, 2, 0}}, nil},
		{"wrong key", [3][5]int{{8, 4, 4, 4, 0}, {4, 10, 3, 3, 0}, {1, 17, 1, 1, 0}}, []string{
			"weak learners choose the key A more often than strong ones: check the key", "strong learners choose B: check the key",
		}},
		{"common misconception", [3][5]int{{2, 14, 2, 2, 0}, {3, 14, 2, 1, 0}, {4, 14, 1, 1, 0}}, []string{"strong learners choose B: check the key"}},
		{"idle", [3][5]int{{8, 10, 2, 0, 0}, {12, 8, 0, 0, 0}, {16, 4, 0, 0, 0}}, []string{
			"hardly anyone chooses C (2 of 60): replace it or drop it", "nobody chooses D: replace it or drop it",
		}},
		{"often blank", [3][5]int{{4, 3, 3, 2, 8}, {8, 3, 2, 2, 5}, {14, 2, 1, 1, 2}}, []string{"15 of 60 leave it unanswered: unclear, or out of time"}},
		{"too few to say", [3][5]int{{8, 0, 0, 0, 0}, {4, 4, 0, 0, 0}, {0, 8, 0, 0, 0}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			chosen, rest := classOf(c.thirds)
			d, err := TabulateDistractors(abcd, chosen, rest)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range d.Flags {
				got = append(got, f.Words)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("flags %q, want %q", got, c.want)
			}
		})
	}
}

func TestSeveralRightOptions(t *testing.T) {
	options := []Option{{"A", true}, {"B", true}, {"C", false}}
	d, err := TabulateDistractors(options, [][]int{{0, 1}, {0, 2}, {}, {1}}, []float64{.9, .5, .1, nan})
	if err != nil {
		t.Fatal(err)
	}
	if d.N != 3 || d.Thirds != [3]int{1, 1, 1} {
		t.Errorf("%d persons in thirds of %v", d.N, d.Thirds)
	}
	for k, want := range []int{2, 1, 1} {
		if d.Options[k].Chosen != want {
			t.Errorf("option %d chosen by %d, want %d", k, d.Options[k].Chosen, want)
		}
	}
}

func TestTiedPeopleShareAThird(t *testing.T) {
	for _, c := range []struct {
		scores []float64
		want   []int
	}{
		{[]float64{1, 2, 3}, []int{Weak, Middle, Strong}},
		{[]float64{5, 5, 5, 5}, []int{Middle, Middle, Middle, Middle}},
		{[]float64{3, 1, 1, 1, 1, 3}, []int{Strong, Middle, Middle, Middle, Middle, Strong}}, // the middle one of ranks 1 to 4 lies on the cut
		{[]float64{3, 1, 1, 1, 3, 3}, []int{Strong, Weak, Weak, Weak, Strong, Strong}},
		{[]float64{7}, []int{Middle}},
		{nil, []int{}},
	} {
		if got := thirdsOf(c.scores); !slices.Equal(got, c.want) {
			t.Errorf("%v: thirds %v, want %v", c.scores, got, c.want)
		}
	}
}

func TestChoicesThatCannotBe(t *testing.T) {
	for want, chosen := range map[string][][]int{
		"person 2: option 4 of 4":         {{0}, {4}},
		"person 1: option -1 of 4":        {{-1}, nil},
		"person 2: option 1 chosen twice": {nil, {1, 1}},
		"choices of 1 persons":            {{0}},
	} {
		_, err := TabulateDistractors(abcd, chosen, []float64{0, 1})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", chosen, err, want)
		}
	}
}

func ExampleTabulateDistractors() {
	chosen, rest := classOf([3][5]int{{8, 4, 4, 4, 0}, {4, 10, 3, 3, 0}, {1, 17, 1, 1, 0}})
	d, _ := TabulateDistractors(abcd, chosen, rest)
	for _, u := range d.Options {
		fmt.Println(u.Label, u.Thirds, u.MeanRest)
	}
	for _, f := range d.Flags {
		fmt.Println(f.Words)
	}
	// Output:
	// A [8 4 1] 0.4615
	// B [4 10 17] 1.419
	// C [4 3 1] 0.625
	// D [4 3 1] 0.625
	// weak learners choose the key A more often than strong ones: check the key
	// strong learners choose B: check the key
}
