package qti

import (
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// answer is what is given to an item: values by response.
type answer map[string][]string

// comment is a feedback of an item.
type comment struct{ id, text string }

// trial is an item that can be answered: what an answer scores, and which of its
// comments it brings up.
type trial func(answer) (score float64, shown map[string]bool)

// What the names of comments tell; QUE_1004_C, _IC and _ALL are Respondus's.
var (
	saysRight  = regexp.MustCompile(`(?i)^((general_)?(correct|right|richtig)(_?fb|_?feedback|_ans.*)?|que_\d+_c)$`)
	saysWrong  = regexp.MustCompile(`(?i)^((general_)?(incorrect|wrong|falsch)(_?fb|_?feedback|_ans.*)?|que_\d+_ic)$`)
	saysPartly = regexp.MustCompile(`(?i)^(general_)?(partly|partial|partially_correct|partlycorrect)(_?fb|_?feedback|_ans.*)?$`)
	saysAlways = regexp.MustCompile(`(?i)^((general|neutral|solution)(_?fb|_?feedback|_ans.*)?|que_\d+_all)$`)
)

// reply puts a comment into the field that its name tells; false when it doesn't.
func reply(q *exam.Question, c comment) bool {
	switch {
	case saysRight.MatchString(c.id):
		q.Replies.Right = join(q.Replies.Right, c.text)
	case saysPartly.MatchString(c.id):
		q.Replies.Partly = join(q.Replies.Partly, c.text)
	case saysWrong.MatchString(c.id):
		q.Replies.Wrong = join(q.Replies.Wrong, c.text)
	case saysAlways.MatchString(c.id):
		q.Explanation = join(q.Explanation, c.text)
	default:
		return false
	}
	return true
}

// sortChoice puts the comments on a choice into its fields: on one option its reason,
// on any answer the explanation, on right and wrong ones the replies. ids are the
// options' in the item.
func sortChoice(q *exam.Question, comments []comment, ids []string, response string, try trial) {
	var key []string
	for i, o := range q.Options {
		if o.Key {
			key = append(key, ids[i])
		}
	}
	_, withKey := try(answer{response: key})
	each := make([]map[string]bool, len(ids))
	for i, id := range ids {
		_, each[i] = try(answer{response: {id}})
	}
	for _, c := range comments {
		if strings.TrimSpace(c.text) == "" || reply(q, c) {
			continue
		}
		if i := slices.IndexFunc(ids, func(id string) bool { return about(c.id, id) }); i >= 0 {
			q.Options[i].Rationale = join(q.Options[i].Rationale, c.text)
			continue
		}
		sortOne(q, c, each, withKey[c.id])
	}
}

// brightspace is the name of a comment on the option that ends in A and the same
// number.
var brightspace = regexp.MustCompile(`^(.+)_IF(\d+)$`)

// about reports whether a comment's name says that it is on an option or a
// response: 4711_fb is on 4711 and on response_4711.
func about(comment, id string) bool {
	if comment == id || brightspace.MatchString(comment) && brightspace.ReplaceAllString(comment, "${1}_A$2") == id {
		return true
	}
	name, ok := strings.CutSuffix(comment, "_fb")
	if !ok {
		name, ok = strings.CutSuffix(comment, "_feedback")
	}
	return ok && name != "" && (name == id || "response_"+name == id)
}

func sortOne(q *exam.Question, c comment, each []map[string]bool, withKey bool) {
	var on []int
	wrong := 0
	for i, shown := range each {
		if shown[c.id] {
			on = append(on, i)
			if !q.Options[i].Key {
				wrong++
			}
		}
	}
	allWrong := wrong == len(q.Options)-q.KeyCount() && wrong > 1
	switch {
	case len(on) == len(each) && withKey, len(on) == 0 && !withKey:
		q.Explanation = join(q.Explanation, c.text)
	case len(on) == len(each): // none of several keys is right by itself
		q.Replies.Wrong = join(q.Replies.Wrong, c.text)
	case len(on) == 0, q.Type == exam.Multiple && withKey && len(on) > 1 && wrong == 0:
		q.Replies.Right = join(q.Replies.Right, c.text)
	case allWrong && !withKey && (q.Type == exam.Multiple || len(on) == wrong):
		q.Replies.Wrong = join(q.Replies.Wrong, c.text)
	default:
		for _, i := range on {
			q.Options[i].Rationale = join(q.Options[i].Rationale, c.text)
		}
	}
}

// sortWhole puts the comments on a matching or an ordering into its fields, by
// whether the right answer and a wrong one bring them up.
func sortWhole(q *exam.Question, comments []comment, right, wrong answer, try trial) {
	_, withRight := try(right)
	_, withWrong := try(wrong)
	for _, c := range comments {
		switch {
		case strings.TrimSpace(c.text) == "" || reply(q, c):
		case withRight[c.id] && !withWrong[c.id]:
			q.Replies.Right = join(q.Replies.Right, c.text)
		case withWrong[c.id] && !withRight[c.id]:
			q.Replies.Wrong = join(q.Replies.Wrong, c.text)
		default:
			q.Explanation = join(q.Explanation, c.text)
		}
	}
}

// percent rounds a share of the mark to the decimals that files give.
func percent(score, whole float64) float64 {
	p := max(-100, min(100, score/whole*100))
	return float64(int64(p*1e6+sign(p)*0.5)) / 1e6
}

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}
