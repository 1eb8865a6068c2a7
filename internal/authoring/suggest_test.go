package authoring_test

import (
	"fmt"
	"strings"
	"testing"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/testkit"
)

func TestLabelsAreSuggestedFromWordsWithTheReason(t *testing.T) {
	asked := func(texts ...string) []*exam.Question {
		var list []*exam.Question
		for _, text := range texts {
			list = append(list, &exam.Question{Ask: text})
		}
		return list
	}
	for name, c := range map[string]struct {
		category string
		asks     []string
		platform exam.Platform
		skill    exam.SkillID
		reason   string
	}{
		"by services": {
			asks: []string{"Which part of Amazon Bedrock?", "What does Amazon SageMaker AI do?", "Anything?"}, platform: exam.AWS, reason: "2 of 3 name",
		},
		"by the category's name": {
			category: "AWS/Retrieval augmented generation", asks: []string{"Which?"}, platform: exam.AWS, skill: "rag-grounding", reason: "the category's name says",
		},
		"by a skill's own words": {
			asks: []string{"How does prompt engineering help?", "Is reranking enough?", "Does reranking cost much?"}, skill: "rag-grounding", reason: "2 of 3 name “reranking”",
		},
		"divided between platforms": {asks: []string{"Amazon Bedrock?", "Azure Key Vault?"}},
		"nothing to go by":          {category: "Week 3", asks: []string{"Which is best?"}},
		"no questions":              {category: "AWS"},
	} {
		t.Run(name, func(t *testing.T) {
			got := authoring.NewSuggester(testkit.Catalogue(t)).For(c.category, asked(c.asks...))
			if got.Platform != c.platform || got.Skill != c.skill {
				t.Errorf("suggested %+v", got)
			}
			if (got.WhyPlatform == "") != (got.Platform == "") || (got.WhySkill == "") != (got.Skill == "") {
				t.Errorf("a label without a reason, or a reason without a label: %+v", got)
			}
			if !strings.Contains(got.WhyPlatform+got.WhySkill, c.reason) {
				t.Errorf("the reason is %q, %q", got.WhyPlatform, got.WhySkill)
			}
		})
	}
}

// 100 categories are read for one page: 25 ms.
func BenchmarkSuggest(b *testing.B) {
	suggest := authoring.NewSuggester(testkit.Catalogue(b))
	questions := testkit.Embedded(b).Questions
	for i := 0; b.Loop(); i++ {
		suggest.For(fmt.Sprint(i), questions)
	}
}
