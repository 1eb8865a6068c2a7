package catalogue

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/questions"
)

// embedded is the catalogue that ships with the program.
func embedded(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(questions.Catalogue())
	if err != nil {
		t.Fatalf("the embedded catalogue does not load:\n%v", err)
	}
	return c
}

func certification(t testing.TB, c *Catalogue, code exam.Code) *Certification {
	t.Helper()
	cert, ok := c.Certification(code)
	if !ok {
		t.Fatalf("no certification %s", code)
	}
	return cert
}

func TestEmbeddedCatalogueIsComplete(t *testing.T) {
	c := embedded(t)
	for _, count := range []struct {
		what      string
		got, want int
	}{
		{"certifications", len(c.Certifications), 19},
		{"skills", len(c.Skills), 40},
		{"vendors", len(c.Vendors), 3},
		{"factors", len(c.Factors), 10},
		{"rules", len(c.Rules), 78},
		{"remaps", len(c.Remaps), 4},
		{"equivalents", len(c.Equivalents), 31},
		{"sources", len(c.Sources), 51},
		{"study links", len(allLinks(c)), 259},
	} {
		if count.got != count.want {
			t.Errorf("%d %s, want %d", count.got, count.what, count.want)
		}
	}
}

func allLinks(c *Catalogue) []StudyLink {
	var links []StudyLink
	for _, cert := range c.Certifications {
		for _, d := range cert.Domains {
			links = append(links, c.StudyLinks(cert.Code, d.ID)...)
		}
	}
	return links
}

func TestEveryDomainHasOfficialPagesToStudy(t *testing.T) {
	c := embedded(t)
	for _, cert := range c.Certifications {
		for _, d := range cert.Domains {
			if len(c.StudyLinks(cert.Code, d.ID)) == 0 {
				t.Errorf("%s domain %s has no study links", cert.Code, d.ID)
			}
		}
	}
	hosts := []string{"docs.aws.amazon.com", "aws.amazon.com", "d1.awsstatic.com", "aws.github.io", "learn.microsoft.com", "cloud.google.com"}
	for _, link := range allLinks(c) {
		u, err := url.Parse(link.URL)
		if err != nil || u.Scheme != "https" {
			t.Errorf("%s domain %s: %q is not an https address", link.Exam, link.Domain, link.URL)
			continue
		}
		if !slices.ContainsFunc(hosts, func(h string) bool { return u.Host == h || strings.HasSuffix(u.Host, "."+h) }) {
			t.Logf("%s domain %s: host %s", link.Exam, link.Domain, u.Host)
		}
		if link.Mark == "landing" && link.Confidence == Sourced {
			t.Errorf("%s: a landing page was not seen in a source", link.URL)
		}
	}
}

func TestEveryFactSaysWhereItComesFrom(t *testing.T) {
	c := embedded(t)
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		for _, f := range cert.facts() {
			if f.name == "changes" && len(cert.Changes) == 0 || f.name == "services" {
				continue
			}
			if f.Confidence == "" {
				t.Errorf("%s %s: no provenance", cert.Code, f.name)
			}
			if f.Confidence == Sourced && len(f.Sources) == 0 {
				t.Errorf("%s %s: sourced without a source", cert.Code, f.name)
			}
		}
	}
	for _, s := range c.Services {
		if s.Confidence == "" {
			t.Errorf("service %s: no provenance", s.ID)
		}
	}
}

func TestEveryRuleLeadsToAnExam(t *testing.T) {
	c := embedded(t)
	for _, r := range c.Rules {
		for _, code := range slices.Concat(r.Supports, r.AlsoSupports) {
			cert := certification(t, c, code)
			if cert.Takeable(c.AsOf, "").Availability != No {
				continue
			}
			remap, ok := c.Remap(code)
			if !ok {
				t.Errorf("rule %s supports %s, which can't be taken and has no remap", r.ID, code)
				continue
			}
			if certification(t, c, remap.To[0].Code).Takeable(c.AsOf, "").Availability == No {
				t.Errorf("the default stand-in %s for %s can't be taken either", remap.To[0].Code, code)
			}
		}
	}
}

func TestFinancialServicesSpeaksForNobody(t *testing.T) {
	c := embedded(t)
	for _, conflict := range c.Conflicts {
		if conflict.Factor == "industry=financial_services" {
			if !conflict.Void || !slices.Equal(conflict.Rules, []string{"R1-AWS-03", "R1-AZ-02"}) {
				t.Errorf("conflict is %+v, want the two rules void", conflict)
			}
			return
		}
	}
	t.Error("the conflict over financial services is gone")
}

func TestCutsFollowTheLevel(t *testing.T) {
	c := embedded(t)
	want := map[Level]float64{
		Foundational: 68, Fundamentals: 68, Business: 68, Associate: 70, Professional: 72, Specialty: 72, Expert: 72,
	}
	for _, cert := range c.Certifications {
		if cert.Cut.Percent != want[cert.Level] || cert.Cut.SD != 5 || cert.Cut.Confidence != Assumed {
			t.Errorf("%s (%s): cut %+v, want %g with SD 5, assumed", cert.Code, cert.Level, cert.Cut, want[cert.Level])
		}
	}
}

func TestWeights(t *testing.T) {
	c := embedded(t)
	for i := range c.Certifications {
		checkWeights(t, &c.Certifications[i])
	}
	for _, tt := range []struct {
		code   exam.Code
		domain exam.DomainID
		want   float64
	}{
		{"MLA-C02", "1", 0.28},
		{"PMLE", "3", 21.0 / 101},                           // the printed figures add up to 101
		{"AI-103", "2", 32.5 / (27.5 + 32.5 + 3*12.5)},      // midpoints over their sum
		{"AI-901", "1", 42.5 / 100},                         // 40–45 and 55–60
		{"AI-102", "3", 7.5 / (22.5 + 17.5*3 + 7.5 + 12.5)}, // a narrow and low range
	} {
		d, ok := certification(t, c, tt.code).Domain(tt.domain)
		if !ok || math.Abs(d.Weight-tt.want) > 1e-12 {
			t.Errorf("%s domain %s weighs %v, want %v", tt.code, tt.domain, d.Weight, tt.want)
		}
	}
}

// checkWeights holds for any certification that loads.
func checkWeights(t testing.TB, cert *Certification) {
	t.Helper()
	sum := 0.0
	for _, d := range cert.Domains {
		sum += d.Weight
		cells := 0.0
		for _, cell := range cert.CellWeights(d.ID) {
			if cell.Weight <= 0 {
				t.Errorf("%s domain %s: cell %s/%s weighs %v", cert.Code, d.ID, cell.Skill, cell.Platform, cell.Weight)
			}
			cells += cell.Weight
		}
		if math.Abs(cells-1) > 1e-9 {
			t.Errorf("%s domain %s: cell weights sum to %v", cert.Code, d.ID, cells)
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("%s: domain weights sum to %v", cert.Code, sum)
	}
}

func TestServicesAreOneRecordEach(t *testing.T) {
	c := embedded(t)
	for _, s := range c.Services {
		if strings.ContainsAny(s.Name, "()[];,") {
			t.Errorf("%s: name %q carries a remark", s.ID, s.Name)
		}
		if strings.Contains(s.Name, "/") && s.Name != "Pub/Sub" {
			t.Errorf("%s: name %q lumps names together", s.ID, s.Name)
		}
	}
	for _, tt := range []struct {
		id     string
		status ServiceStatus
		since  string
	}{
		{"amazon-kendra", ServiceClosed, "2026-07-30"},
		{"amazon-q-business", ServiceClosed, "2026-07-30"},
		{"amazon-augmented-ai", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-clarify", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-debugger", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-geospatial", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-ground-truth", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-ground-truth-plus", ServiceEnded, "2026-06-30"},
		{"amazon-sagemaker-model-monitor", ServiceClosed, "2026-07-30"},
		{"amazon-sagemaker-profiler", ServiceClosed, "2026-07-30"},
		{"amazon-lookout-for-vision", ServiceClosed, ""},
		{"aws-app-runner", ServiceMaintain, "2026-04-30"},
		{"prompt-flow", ServiceRetiring, "2027-04-20"},
		{"azure-ml-sdk-v1", ServiceEnded, "2026-06-30"},
		{"azure-ml-cli-v1", ServiceEnded, "2025-09-30"},
		{"azure-custom-commands", ServiceEnded, "2026-04-30"},
		{"azure-speaker-recognition", ServiceEnded, "2025-09-30"},
		{"azure-content-understanding-pro-mode", ServiceEnded, "2026-06-01"},
		{"vertex-explainable-ai", ServiceRetiring, "2027-03-16"},
		{"agent-platform-prebuilt-training-containers", ServiceEnded, "2026-07"},
		{"agent-platform-model-monitoring-v2", ServicePreview, ""},
		{"agent-platform-model-monitoring", ServiceActive, ""},
	} {
		s, ok := c.Service(tt.id)
		if !ok {
			t.Errorf("no service %s", tt.id)
			continue
		}
		if s.Status != tt.status || s.Since != tt.since {
			t.Errorf("%s is %s since %q, want %s since %q", tt.id, s.Status, s.Since, tt.status, tt.since)
		}
	}
}

func TestServiceStatusMovesWithTheDay(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		id, on string
		want   ServiceStatus
	}{
		{"vertex-explainable-ai", "2027-03-15", ServiceRetiring},
		{"vertex-explainable-ai", "2027-03-16", ServiceEnded},
		{"amazon-kendra", "2026-07-29", ServiceActive},
		{"amazon-kendra", "2026-07-30", ServiceClosed},
		{"amazon-lookout-for-vision", "2020-01-01", ServiceClosed}, // undated: as it stands
	} {
		s, ok := c.Service(tt.id)
		if !ok {
			t.Fatalf("no service %s", tt.id)
		}
		if got := s.StatusOn(date(t, tt.on)); got != tt.want {
			t.Errorf("%s on %s is %s, want %s", tt.id, tt.on, got, tt.want)
		}
	}
}

func TestServiceByName(t *testing.T) {
	c := embedded(t)
	for _, tt := range []struct {
		name, id string
		former   bool
	}{
		{"Amazon Data Firehose", "amazon-data-firehose", false},
		{"kinesis data firehose", "amazon-data-firehose", true},
		{"Vertex AI", "gemini-enterprise-agent-platform", true},
		{"Azure Cognitive Services", "foundry-tools", true},
		{"Form Recognizer", "azure-document-intelligence", true},
		{"Dataproc", "managed-service-for-apache-spark", true},
		{" S3 ", "amazon-s3", false},
	} {
		s, former, ok := c.ServiceByName(tt.name)
		if !ok || s.ID != tt.id || former != tt.former {
			t.Errorf("%q: got %v former %v ok %v, want %s former %v", tt.name, s, former, ok, tt.id, tt.former)
		}
	}
	if _, _, ok := c.ServiceByName("Deep Thought"); ok {
		t.Error("found a service that does not exist")
	}
}

func TestServicesKnowTheExamsThatNameThem(t *testing.T) {
	s, ok := embedded(t).Service("amazon-sagemaker-clarify")
	if !ok {
		t.Fatal("no Clarify")
	}
	for _, want := range []ServiceUse{{"MLA-C01", "1"}, {"MLA-C01", "2"}, {"MLA-C02", "2"}, {"AIF-C01", "4"}} {
		if !slices.Contains(s.Exams, want) {
			t.Errorf("Clarify is not linked to %v; got %v", want, s.Exams)
		}
	}
}

func date(t testing.TB, iso string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		t.Fatal(err)
	}
	return day
}
