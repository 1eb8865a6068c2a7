package web

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// WCAG 2.2 contrast ratios: 1.4.3 for text, 1.4.6 for what must be read under
// strain, 1.4.11 for the borders and marks that carry meaning.
const (
	contrastMark     = 3.0
	contrastText     = 4.5
	contrastEnhanced = 7.0
)

func TestColoursHaveEnoughContrast(t *testing.T) {
	tests := []struct {
		fore string
		on   []string
		want float64
	}{
		{"ink", []string{"paper", "raised", "tint", "sky"}, contrastEnhanced}, // question text
		{"soft", []string{"paper", "raised", "tint"}, contrastText},
		{"brass", []string{"paper", "raised", "tint", "sky"}, contrastText},
		{"green", []string{"paper", "raised", "sky"}, contrastText},
		{"red", []string{"paper", "raised", "sky"}, contrastText},
		{"on-ink", []string{"action", "action-over"}, contrastEnhanced},
		{"edge", []string{"paper", "raised"}, contrastMark},
		{"action", []string{"paper", "raised", "tint"}, contrastMark}, // the chosen option's border
	}
	for theme, colours := range themes(t) {
		for _, tt := range tests {
			for _, on := range tt.on {
				if got := contrast(t, colours[tt.fore], colours[on]); got < tt.want {
					t.Errorf("%s theme: %s on %s has %.2f:1, want %.1f:1", theme, tt.fore, on, got, tt.want)
				}
			}
		}
	}
}

func TestContrastAgainstKnownValues(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 0.001 {
		t.Errorf("black on white = %.3f, want 21", got)
	}
	if got := contrast(t, "#777777", "#ffffff"); math.Abs(got-4.478) > 0.001 {
		t.Errorf("#777777 on white = %.3f, want 4.478", got)
	}
}

// themes reads the colours of the stylesheet: theme → property → colour.
func themes(t *testing.T) map[string]map[string]string {
	t.Helper()
	sheet, err := static.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	property := regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)
	light, dark := map[string]string{}, map[string]string{}
	for _, m := range property.FindAllStringSubmatch(string(sheet), -1) {
		light[m[1]], dark[m[1]] = m[2], m[3]
	}
	return map[string]map[string]string{"light": light, "dark": dark}
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2 of a colour written #rrggbb.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != len("#rrggbb") {
		t.Fatalf("no colour: %q", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
