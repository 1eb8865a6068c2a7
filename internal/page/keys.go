package page

import "strings"

// Key is something that the keyboard does while a test is taken, unless the person
// turned such keys off.
type Key struct {
	// Press is what to press, with each key in brackets: "[S], then a letter".
	Press string
	Does  string
	// Exam and Question tell where it works: in a mock exam, and in a question of
	// a diagnostic or of practice.
	Exam, Question bool
}

// Keys is the one list of them: the exam, the question, the settings and the help
// all show what it says.
func Keys() []Key {
	return []Key{
		{Press: "[A] to [E], or [1] to [9]", Does: "choose an option; where there are more of them, their letters and numbers too", Exam: true, Question: true},
		{Press: "[Enter]", Does: "go on to the next question", Exam: true},
		{Press: "[Enter]", Does: "send the answer, from an option that is chosen", Question: true},
		{Press: "[←] [→]", Does: "previous and next question; together with [Alt] where the focus is on an option or a list", Exam: true},
		{Press: "[F]", Does: "flag the question for review, or take the flag off; a sixth option is chosen with [6]", Exam: true},
		{Press: "[S], then a letter", Does: "strike an option out, or bring it back", Exam: true, Question: true},
		{Press: "[?]", Does: "show this list", Exam: true, Question: true},
	}
}

// ExamKeys are the keys of a mock exam.
func ExamKeys() []Key { return keysWhere(func(k Key) bool { return k.Exam }) }

// QuestionKeys are the keys of a question in a diagnostic or in practice.
func QuestionKeys() []Key { return keysWhere(func(k Key) bool { return k.Question }) }

func keysWhere(holds func(Key) bool) []Key {
	var list []Key
	for _, k := range Keys() {
		if holds(k) {
			list = append(list, k)
		}
	}
	return list
}

// KeyText is a piece of what a Key says: a key's own name, or words.
type KeyText struct {
	Text string
	Key  bool
}

// KeyTexts takes a text with keys in brackets apart, in order.
func KeyTexts(text string) []KeyText {
	var parts []KeyText
	for text != "" {
		words, rest, found := strings.Cut(text, "[")
		if words != "" {
			parts = append(parts, KeyText{Text: words})
		}
		if !found {
			return parts
		}
		name, after, _ := strings.Cut(rest, "]")
		parts = append(parts, KeyText{Text: name, Key: true})
		text = after
	}
	return parts
}
