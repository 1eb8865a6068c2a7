package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"sextant/internal/calibrate"
)

type calibrateCommand struct {
	jsonFlag
	dataFlag
	Model         string  `help:"Response model: ${enum}. In 1pl all items share one slope; rasch is the same with slope 1 and a free variance; 3pl has lower asymptotes fixed by --c; cells is Sextant's own, for answers to questions of its banks: those in the database, or a file of learner,item,score." enum:"1pl,2pl,3pl,rasch,cells" default:"2pl"`
	C             string  `help:"Lower asymptote for 3pl: one number for all items, or a CSV file with the columns item and c." placeholder:"NUMBER|FILE"`
	Nodes         int     `help:"Equally spaced quadrature nodes." default:"61"`
	Limit         float64 `help:"The nodes cover this many logits either side of 0." default:"6"`
	Priors        bool    `help:"Use weak priors: log a ~ N(0, 0.3²), b ~ N(0, 2²). Items that everybody answered alike then have estimates too."`
	PriorSDLogA   float64 `help:"SD of the prior of log a." name:"prior-sd-log-a" default:"0.3"`
	PriorSDB      float64 `help:"SD of the prior of b, in logits." name:"prior-sd-b" default:"2"`
	DropConstant  bool    `help:"Leave out items with no right or no wrong answers instead of failing."`
	Errors        bool    `help:"Compute standard errors." default:"true" negatable:""`
	Fit           bool    `help:"Compute item fit: S-X², infit, outfit." default:"true" negatable:""`
	Scores        string  `help:"Write every person's EAP score and its SD to this CSV file." placeholder:"FILE" type:"path"`
	MaxIterations int     `help:"Give up after this many evaluations of the likelihood." default:"1000"`
	Apply         bool    `help:"With --model=cells: put the result to use as a new version of the questions' parameters, if learners held out are predicted no worse with it. Without it nothing is written."`
	Cuts          bool    `help:"Show what results of real exams say of the pass marks, and nothing else; with --apply put that to use as a new version."`
	Undo          bool    `help:"Go back to the parameters in use before the latest version."`
	Versions      bool    `help:"List the versions of the questions' parameters."`
	File          string  `arg:"" optional:"" help:"Responses as CSV, or - for standard input; a name ending in .gz is unpacked. Wide: item names, then a row of 0, 1 or blank per person, with an optional first column person and last column freq. Long: person,item,score." type:"path"`
}

// Run calibrates the items of a file.
func (c *calibrateCommand) Run(ctx context.Context, std streams) error {
	switch {
	case c.Undo && (c.Apply || c.Versions || c.Cuts), c.Versions && (c.Apply || c.Cuts):
		return usageError{errors.New("--apply, --cuts, --undo and --versions don't go together, but for --cuts --apply")}
	case c.Cuts && c.File != "":
		return usageError{errors.New("--cuts goes by the results in the database and takes no file")}
	case c.Undo:
		return c.undo(ctx, std)
	case c.Versions:
		return c.versions(ctx, std)
	case c.Cuts:
		return c.refineCuts(ctx, std)
	case c.Model == cellsModel:
		return c.calibrateCells(ctx, std)
	case c.Apply:
		return usageError{errors.New("--apply goes with --model=cells: that is the model the site measures with")}
	case c.File == "":
		return usageError{errors.New("name a file of responses, or choose --model=cells to calibrate from the answers in the database")}
	}
	table, err := readInput(c.File, std.in, calibrate.ReadCSV)
	if err != nil {
		return err
	}
	var excluded []string
	result, err := c.estimate(ctx, table, std.err)
	var constant *calibrate.ConstantError
	if errors.As(err, &constant) && c.DropConstant {
		excluded = constant.Items
		table = table.Without(excluded)
		result, err = c.estimate(ctx, table, std.err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if c.Scores != "" {
		if err := writeScores(c.Scores, table, result); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(std.out, c.report(result, excluded))
	}
	return c.print(std, result, excluded)
}

// estimate runs the calibration and shows its progress on a terminal.
func (c *calibrateCommand) estimate(ctx context.Context, table *calibrate.Table, progress io.Writer) (*calibrate.Result, error) {
	options := calibrate.Options{
		Model: calibrate.Model(c.Model), Nodes: c.Nodes, Limit: c.Limit, MaxIter: c.MaxIterations,
		NoErrors: !c.Errors, Fit: c.Fit, Scores: c.Scores != "",
	}
	if c.Nodes <= 0 || c.Limit <= 0 || c.MaxIterations <= 0 {
		return nil, usageError{errors.New("--nodes, --limit and --max-iterations must be above 0")}
	}
	var err error
	if options.C, err = c.asymptotes(table.Items); err != nil {
		return nil, err
	}
	if c.Priors {
		options.Priors = &calibrate.Priors{
			LogSlope:   calibrate.Normal{SD: c.PriorSDLogA},
			Difficulty: calibrate.Normal{SD: c.PriorSDB},
		}
	}
	if !terminal(progress) {
		return calibrate.Estimate(ctx, table, options)
	}
	const clearLine = "\r\x1b[K"
	options.Progress = func(iteration int, loglik float64) {
		_, _ = fmt.Fprintf(progress, "%siteration %d, log-likelihood %.4f", clearLine, iteration, loglik) // only for the eye
	}
	defer func() { _, _ = io.WriteString(progress, clearLine) }()
	return calibrate.Estimate(ctx, table, options)
}

// asymptotes reads --c.
func (c *calibrateCommand) asymptotes(items []string) ([]float64, error) {
	if c.Model != string(calibrate.ThreePL) {
		if c.C != "" {
			return nil, usageError{errors.New("--c goes with --model=3pl")}
		}
		return nil, nil
	}
	if c.C == "" {
		return nil, usageError{errors.New("--model=3pl needs --c: a number for all items, or a CSV file with the columns item and c")}
	}
	if value, err := strconv.ParseFloat(c.C, 64); err == nil {
		list := make([]float64, len(items))
		for i := range list {
			list[i] = value
		}
		return list, nil
	}
	file, err := os.Open(c.C)
	if err != nil {
		return nil, fmt.Errorf("reading lower asymptotes: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	list, err := calibrate.ReadAsymptotes(file, items)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.C, err)
	}
	return list, nil
}

// readInput reads a CSV file, packed if its name ends in .gz, or in for "-".
func readInput[T any](name string, in io.Reader, read func(io.Reader) (T, error)) (content T, err error) {
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return content, fmt.Errorf("reading responses: %w", err)
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			return content, fmt.Errorf("%s: %w", name, err)
		}
	}
	if content, err = read(in); err != nil {
		return content, fmt.Errorf("%s: %w", name, err)
	}
	return content, nil
}

// figure is a number in JSON; one that can't be had is null.
type figure float64

// MarshalJSON implements json.Marshaler.
func (f figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// The order of fields is part of the shape that is kept stable.
type calibrationReport struct {
	Model      calibrate.Model `json:"model"`
	Persons    figure          `json:"persons"`
	LogLik     figure          `json:"loglik"`
	Iterations int             `json:"iterations"`
	Items      []itemReport    `json:"items"`
	Converged  bool            `json:"converged"`
	Patterns   int             `json:"patterns"`
	Parameters int             `json:"parameters"`
	AIC        figure          `json:"aic"`
	BIC        figure          `json:"bic"`
	Variance   figure          `json:"variance"`
	Nodes      int             `json:"nodes"`
	Limit      float64         `json:"limit"`
	Priors     bool            `json:"priors"`
	Excluded   []string        `json:"excluded"`
	Warnings   []string        `json:"warnings"`
}

type itemReport struct {
	Item string     `json:"item"`
	A    figure     `json:"a"`
	B    figure     `json:"b"`
	C    figure     `json:"c"`
	D    figure     `json:"d"`
	SEA  figure     `json:"se_a"`
	SEB  figure     `json:"se_b"`
	N    figure     `json:"n"`
	SED  figure     `json:"se_d"`
	Fit  *fitReport `json:"fit,omitempty"`
}

type fitReport struct {
	Infit  figure `json:"infit"`
	Outfit figure `json:"outfit"`
	SX2    figure `json:"s_x2"`
	DF     int    `json:"df"`
	P      figure `json:"p"`
}

func (c *calibrateCommand) report(r *calibrate.Result, excluded []string) calibrationReport {
	parameters := float64(r.Parameters())
	report := calibrationReport{
		Model: r.Model, Persons: figure(r.Persons), LogLik: figure(r.LogLik), Iterations: r.Iterations,
		Items: []itemReport{}, Converged: r.Converged, Patterns: r.Patterns, Parameters: r.Parameters(),
		AIC:      figure(2*parameters - 2*r.LogLik),
		BIC:      figure(math.Log(r.Persons)*parameters - 2*r.LogLik),
		Variance: figure(r.Variance), Nodes: c.Nodes, Limit: c.Limit, Priors: c.Priors,
		Excluded: append([]string{}, excluded...), Warnings: append([]string{}, r.Warnings...),
	}
	for _, it := range r.Items {
		line := itemReport{
			Item: it.Name, A: figure(it.A), B: figure(it.B), C: figure(it.C), D: figure(it.D),
			SEA: figure(it.SEA), SEB: figure(it.SEB), N: figure(it.N), SED: figure(it.SED),
		}
		if c.Fit {
			line.Fit = &fitReport{figure(it.Fit.Infit), figure(it.Fit.Outfit), figure(it.Fit.SX2), it.Fit.DF, figure(it.Fit.P)}
		}
		report.Items = append(report.Items, line)
	}
	return report
}

// print shows a calibration to people.
func (c *calibrateCommand) print(std streams, r *calibrate.Result, excluded []string) error {
	var head strings.Builder
	fmt.Fprintf(&head, "%s: %d items, %s persons, log-likelihood %.4f after %d iterations\n",
		strings.ToUpper(string(r.Model)), len(r.Items), plain(r.Persons), r.LogLik, r.Iterations)
	if r.Model == calibrate.Rasch {
		fmt.Fprintf(&head, "variance of the trait %.4f\n", r.Variance)
	}
	if len(excluded) > 0 {
		fmt.Fprintf(&head, "left out, answered alike by everybody: %s\n", strings.Join(excluded, ", "))
	}
	if _, err := io.WriteString(std.out, head.String()); err != nil {
		return err
	}
	table := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	columns := "item\tn\ta\tse\tb\tse\td\tc\t"
	if c.Fit {
		columns += "infit\toutfit\tS-X²\tdf\tp\t"
	}
	_, _ = fmt.Fprintln(table, columns) // errors show at Flush
	for _, it := range r.Items {
		cells := []string{it.Name, plain(it.N), short(it.A), short(it.SEA), short(it.B), short(it.SEB), short(it.D), short(it.C)}
		if c.Fit {
			cells = append(cells, short(it.Fit.Infit), short(it.Fit.Outfit), short(it.Fit.SX2), strconv.Itoa(it.Fit.DF), short(it.Fit.P))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t")+"\t")
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, w := range r.Warnings {
		if _, err := fmt.Fprintf(std.err, "sextant: %s\n", w); err != nil {
			return err
		}
	}
	return nil
}

// plain writes a count without needless digits.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// short writes a figure for a table; one that can't be had is a dash.
func short(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// writeScores writes person,theta,sd,n; rows without a name have their number.
func writeScores(name string, table *calibrate.Table, r *calibrate.Result) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("writing scores: %w", err)
	}
	defer func() {
		if closing := file.Close(); err == nil && closing != nil {
			err = fmt.Errorf("writing scores: %w", closing)
		}
	}()
	out := csv.NewWriter(file)
	_ = out.Write([]string{"person", "theta", "sd", "n"}) // errors show at Flush
	for row, s := range r.Scores {
		person := strconv.Itoa(row + 1)
		if table.Persons != nil {
			person = table.Persons[row]
		}
		_ = out.Write([]string{person, strconv.FormatFloat(s.Theta, 'f', 6, 64), strconv.FormatFloat(s.SD, 'f', 6, 64), strconv.Itoa(s.N)})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing scores: %w", err)
	}
	return nil
}
