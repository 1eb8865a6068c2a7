package page

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Taking a text apart into keys and words loses nothing of it.
func TestKeyTextsKeepTheWholeText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []KeyText
		for i, text := range rapid.SliceOf(rapid.StringMatching(`[a-z ,←?]{1,6}`)).Draw(t, "texts") {
			want = append(want, KeyText{Text: text, Key: i%2 == 1})
		}
		var b strings.Builder
		for _, part := range want {
			if part.Key {
				b.WriteString("[" + part.Text + "]")
			} else {
				b.WriteString(part.Text)
			}
		}
		got := KeyTexts(b.String())
		if len(got) != len(want) {
			t.Fatalf("%q came apart as %v", b.String(), got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%q came apart as %v", b.String(), got)
			}
		}
	})
}

func TestEveryKeyIsOfSomeUseAndNamesAKey(t *testing.T) {
	for _, k := range Keys() {
		if !k.Exam && !k.Question {
			t.Errorf("%s works nowhere", k.Press)
		}
		named := false
		for _, part := range KeyTexts(k.Press) {
			named = named || part.Key
		}
		if !named || k.Does == "" {
			t.Errorf("%q: %q names no key, or nothing that it does", k.Press, k.Does)
		}
	}
}
