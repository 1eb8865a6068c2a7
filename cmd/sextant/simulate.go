package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/simulate"
)

type simulateCommand struct {
	jsonFlag
	Exam     []string `help:"Codes of exams, or fit for the question which of all exams fits best." required:"" xor:"what" placeholder:"CODE|fit"`
	Items    int      `help:"Questions in a sitting at most." default:"24"`
	Report   string   `help:"Instead, run every simulation of the page /measurement and write the results to measurement.json in this directory." required:"" xor:"what" placeholder:"DIR" type:"existingdir"`
	Whole    bool     `help:"Ask all of them, even where the adaptive choice would stop early."`
	Learners int      `help:"How many learners to simulate." default:"1000"`
	Seed     uint64   `help:"Start of the random numbers: the same seed gives the same result." default:"1"`
	Selector string   `help:"Who chooses the questions: ${enum}." enum:"adaptive,random,blueprint" default:"adaptive"`
	Spread   int      `help:"First re-estimate the spread of abilities from the answers of so many other learners of the same kind." name:"reestimate" placeholder:"N"`
	On       string   `help:"The day on which fit takes the exams that can be sat, by default the catalogue's." placeholder:"2026-11-22"`
	Truth    []string `help:"How learners and questions really are: model, independent or one-trait; spread=1.4, slips=0.05, difficulty-error=0.5, abstain=0.5, learning=0.1, shift=0.8; several may be combined." default:"model"`
}

// Run plays simulated learners through the built-in bank.
func (s *simulateCommand) Run(ctx context.Context, std streams) error {
	if s.Report != "" {
		return s.writeReport(ctx, std)
	}
	result, err := s.simulate(ctx, std, "")
	if err != nil {
		return err
	}
	if s.JSON {
		return printJSON(std.out, result)
	}
	return printSimulation(std.out, result)
}

// simulate runs one simulation; label names it in the line of progress.
func (s *simulateCommand) simulate(ctx context.Context, std streams, label string) (*simulate.Result, error) {
	truth, err := simulate.ParseTruth(s.Truth)
	if err != nil {
		return nil, err
	}
	built, model, err := builtInModel()
	if err != nil {
		return nil, err
	}
	opts := simulate.Options{
		Items: s.Items, Whole: s.Whole, Learners: s.Learners, Seed: s.Seed,
		Selector: simulate.Selector(s.Selector), Truth: truth,
	}
	if opts.Exams, opts.Fit, err = s.exams(built.catalogue, model); err != nil {
		return nil, err
	}
	if s.Spread > 0 {
		if model, err = s.reestimated(ctx, built, model, opts); err != nil {
			return nil, err
		}
	}
	began := time.Now()
	opts.Elapsed = func() time.Duration { return time.Since(began) }
	if terminal(std.err) {
		opts.Progress = func(done int) {
			_, _ = fmt.Fprintf(std.err, "\r\x1b[K%s%d of %d learners", label, done, s.Learners) // only for the eye
		}
		defer func() { _, _ = fmt.Fprint(std.err, "\r\x1b[K") }()
	}
	return simulate.Run(ctx, model, opts)
}

// reestimated is the model with the spread of abilities that other learners of
// the same kind show.
func (s *simulateCommand) reestimated(ctx context.Context, built content, model *readiness.Model, opts simulate.Options) (*readiness.Model, error) {
	opts.Learners = s.Spread
	opts.Seed += otherLearners
	sd, err := simulate.Reestimate(ctx, model, opts)
	if err != nil {
		return nil, err
	}
	return readiness.NewModelWith(built.catalogue, built.bank.Questions, readiness.Parameters{Components: sd})
}

// otherLearners sets the seed of those the spread is estimated from apart.
const otherLearners = 1 << 32

// exams reads the codes. As in the app, fit without codes is about every exam
// that is offered and can be taken on the day.
func (s *simulateCommand) exams(cat *catalogue.Catalogue, model *readiness.Model) (codes []exam.Code, fit bool, err error) {
	for _, code := range s.Exam {
		if code == "fit" {
			fit = true
		} else {
			codes = append(codes, exam.Code(code))
		}
	}
	if !fit || len(codes) > 0 {
		return codes, fit, nil
	}
	day := cat.AsOf
	if s.On != "" {
		if day, err = time.Parse(time.DateOnly, s.On); err != nil {
			return nil, false, fmt.Errorf("--on %q: give a day such as 2026-11-22", s.On)
		}
	}
	for i := range cat.Certifications {
		cert := &cat.Certifications[i]
		if model.Offered(cert.Code) && cert.Takeable(day, "").Availability != catalogue.No {
			codes = append(codes, cert.Code)
		}
	}
	return codes, true, nil
}

// builtInModel is the measurement model on the bank that ships with the program.
func builtInModel() (content, *readiness.Model, error) {
	built, err := loadContent()
	if err != nil {
		return content{}, nil, err
	}
	model, err := readiness.NewModel(built.catalogue, built.bank.Questions)
	return built, model, err
}

// terminal reports whether somebody is watching.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func printSimulation(w io.Writer, r *simulate.Result) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: %d learners (%s), %s choice of at most %d questions (%.1f asked), seed %d\n\n",
		r.Exam, r.Learners, r.Truth, r.Selector, r.Items, r.MeanItems, r.Seed)
	table := tabwriter.NewWriter(&out, 0, 4, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "\t90 % cover\tRMSE\tbias\tSD\tRMSE %\tbias %\tcorrelation\tshown\tquestions\t") // a Builder doesn't fail
	row := func(m simulate.Measured, shown string) {
		_, _ = fmt.Fprintf(table, "%s\t%.1f\t%.3f\t%+.3f\t%.3f\t%.1f\t%+.1f\t%.3f\t%s\t\n",
			m.ID, 100*m.Coverage90, m.RMSELogit, m.Bias, m.MeanSD, m.RMSEPercent, m.BiasPercent, m.Correlation, shown)
	}
	for _, m := range r.Domains {
		row(m, fmt.Sprintf("%.0f %%\t%d", 100*m.Shown, m.Eligible))
	}
	for _, m := range r.Exams {
		row(m, "\t")
	}
	_ = table.Flush()
	c := r.Components
	fmt.Fprintf(&out, "\nAssumed spread: general %.2f, skill %.2f, platform %.2f, cell %.2f\n", c.General, c.Skill, c.Platform, c.Cell)
	fmt.Fprintf(&out, "Domains: %.1f %% of 90 %% intervals cover, RMSE %.3f logits and %.1f percent, bias %+.3f\n",
		100*r.Coverage90, r.RMSELogit, r.RMSEPercent, r.Bias)
	fmt.Fprintf(&out, "Passing: Brier %.3f, calibration error %.3f, AUC %.3f, %.1f %% passed\n", r.Brier, r.ECE, r.AUC, 100*r.PassRate)
	for _, b := range slices.DeleteFunc(slices.Clone(r.Reliability), func(b simulate.Bin) bool { return b.N == 0 }) {
		fmt.Fprintf(&out, "  said %3.0f–%3.0f %%: %6d, on average %5.1f %%, passed %5.1f %%\n", 100*b.From, 100*b.To, b.N, 100*b.Predicted, 100*b.Passed)
	}
	fmt.Fprintf(&out, "Exposure: at most %.3f (%+.3f against the bound), overlap %.3f, %d of %d questions used\n", r.MaxExposure, r.ExposureExcess, r.Overlap, r.Eligible-r.NeverServed, r.Eligible)
	fmt.Fprintf(&out, "Times (99th percentile): %.0f µs to choose, %.0f µs to update\n", r.SelectP99, r.UpdateP99)
	if r.Fit != nil {
		fmt.Fprintf(&out, "Strongest of %d exams named: %.1f %% (random order %.1f %%, always the same %.1f %%); among the first three %.1f %%\n",
			r.Fit.Exams, 100*r.Fit.FirstChoice, 100*r.Fit.RandomOrder, 100*r.Fit.BestConstant, 100*r.Fit.TopThree)
		for _, l := range r.Fit.WithinLevel {
			fmt.Fprintf(&out, "  among the %d at %+.1f logits: %.1f %% (random order %.1f %%)\n", len(l.Codes), l.Location, 100*l.FirstChoice, 100*l.RandomOrder)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
