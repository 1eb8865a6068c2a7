package recommend

import (
	"fmt"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// clouds names each platform's value of the factors about an employer's cloud.
var clouds = map[exam.Platform]string{
	exam.AWS:   "aws",
	exam.Azure: "azure_microsoft",
	exam.GCP:   "google_cloud",
}

// vendors names the platforms inside a sentence.
var vendors = map[exam.Platform]string{
	exam.AWS:   "AWS",
	exam.Azure: "Azure",
	exam.GCP:   "Google Cloud",
}

// cloudOf is the platform that a value of those factors names; "" if none.
func cloudOf(value string) exam.Platform {
	for platform, v := range clouds {
		if v == value {
			return platform
		}
	}
	return ""
}

// namedMost is the platform that most postings name most, with their number; ""
// where none is ahead. A market of impossible counts says nothing.
func (m *Market) namedMost() (exam.Platform, int) {
	if m == nil || m.Postings <= 0 {
		return "", 0
	}
	var best exam.Platform
	most, total, tied := 0, 0, false
	for _, p := range exam.Platforms() {
		n := m.Platforms[p]
		if n < 0 {
			return "", 0
		}
		total += n
		if clouds[p] == "" {
			continue
		}
		switch {
		case n > most:
			best, most, tied = p, n, false
		case n == most:
			tied = true
		}
	}
	if most == 0 || tied || total > m.Postings {
		return "", 0
	}
	return best, most
}

// marketFiring is what the postings add: a rule about the cloud that they name
// most, as if it were the one aimed at, with the weight
//
//	cap · share · n / (n + half)
//
// for n postings. It leads where the catalogue's own rule about that cloud leads.
func (s *subject) marketFiring() (firing, bool) {
	platform, most := s.market.namedMost()
	if platform == "" {
		return firing{}, false
	}
	n := float64(s.market.Postings)
	weight := s.round(s.w.Market.Cap * float64(most) / n * n / (n + s.w.Market.Half))
	named := s.cloudRule(clouds[platform])
	if weight <= 0 || named == nil {
		return firing{}, false
	}
	rule := &catalogue.Rule{
		Supports: named.Supports, Weight: weight,
		Factors: map[string][]string{targetCloud: {clouds[platform]}},
		Text:    fmt.Sprintf("%d of the %s you read name %s most.", most, postings(s.market.Postings), vendors[platform]),
	}
	return firing{rule: rule, values: []chosen{{targetCloud, clouds[platform]}}, market: true}, true
}

// cloudRule is the rule about a cloud as a whole: of several the strongest, then
// by id.
func (s *subject) cloudRule(value string) *catalogue.Rule {
	var best *catalogue.Rule
	for i := range s.cat.Rules {
		r := &s.cat.Rules[i]
		if !cloudWide(r) || !slices.Contains(r.Factors[targetCloud], value) {
			continue
		}
		if best == nil || r.Weight > best.Weight || r.Weight == best.Weight && r.ID < best.ID {
			best = r
		}
	}
	return best
}

func postings(n int) string {
	if n == 1 {
		return "1 posting"
	}
	return fmt.Sprintf("%d postings", n)
}
