// Command sextant is a practice-exam and readiness assessor for cloud AI and
// machine-learning certifications.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // people choose their time zone, also where the system has none

	"github.com/alecthomas/kong"

	"sextant/internal/fault"
)

// Exit codes.
const (
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(exitCode(err))
}

// streams are where a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// usageError is a command line that can't be understood.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// errFound says that a check found something wrong; it has been printed.
var errFound = errors.New("problems found")

func exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return exitUsage
	}
	return exitFailure
}

// cli is the command line. Flags can also be given as SEXTANT_… variables.
type cli struct {
	Serve     serveCommand      `cmd:"" help:"Serve the application."`
	Bank      bankCommands      `cmd:"" help:"Look at, check and add question banks."`
	Catalogue catalogueCommand  `cmd:"" help:"Check the catalogue of certifications."`
	Calibrate calibrateCommand  `cmd:"" help:"Estimate item parameters from responses."`
	User      userCommands      `cmd:"" help:"Manage accounts."`
	Simulate  simulateCommand   `cmd:"" help:"Check the measurement on simulated learners."`
	Recommend recommendCommands `cmd:"" help:"Look into how recommendations are made."`
	Forms     formsCommand      `cmd:"" help:"Show what the mock exams of simulated people have in common."`
	Assess    assessCommand     `cmd:"" help:"Report on answers given elsewhere to questions of the built-in bank."`
	Health    healthCommand     `cmd:"" help:"Ask a running server whether it is well."`
	Version   versionCommand    `cmd:"" help:"Print the version."`
}

// exited carries kong's wish to exit (after --help) back to run.
type exited int

// run parses args and runs one command. It prints every error itself.
func run(ctx context.Context, args []string, std streams) (err error) {
	defer func() {
		if code, ok := recover().(exited); ok {
			err = nil
			if code != 0 {
				err = usageError{errors.New("usage")}
			}
		}
	}()
	var commands cli
	parser, err := kong.New(&commands,
		kong.Name("sextant"),
		kong.Description("A practice-exam and readiness assessor for cloud AI and machine-learning certifications."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
		kong.Vars{"exports": exportFormats()},
	)
	if err != nil {
		return fmt.Errorf("setting up the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(std.err, "sextant: %v\n%sTry 'sextant %s--help'.\n", err, choices(err), commandPath(err))
		return usageError{err}
	}
	err = parsed.Run()
	if err != nil && !errors.Is(err, errFound) {
		_, _ = fmt.Fprintf(std.err, "sextant: %s\n", forPeople(err))
		if errors.As(err, new(usageError)) {
			_, _ = fmt.Fprintf(std.err, "Try 'sextant %s--help'.\n", commandsOf(parsed.Path))
		}
	}
	return err
}

// forPeople is an error's sentence where it has one, and all of it otherwise.
func forPeople(err error) string {
	if message := fault.Message(err); message != "" {
		return message
	}
	return err.Error()
}

// choices lists the commands that would be right where an unknown one was given.
func choices(err error) string {
	var parse *kong.ParseError
	if !errors.As(err, &parse) || parse.Context == nil {
		return ""
	}
	node := parse.Context.Model.Node
	for _, part := range parse.Context.Path {
		if part.Command != nil {
			node = part.Command
		}
	}
	var names []string
	for _, child := range node.Children {
		if child.Type == kong.CommandNode {
			names = append(names, child.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "The commands are " + strings.Join(names, ", ") + ".\n"
}

// commandPath is the command whose help would help.
func commandPath(err error) string {
	var parse *kong.ParseError
	if !errors.As(err, &parse) || parse.Context == nil {
		return ""
	}
	return commandsOf(parse.Context.Path)
}

func commandsOf(path []*kong.Path) string {
	words := ""
	for _, part := range path {
		if part.Command != nil {
			words += part.Command.Name + " "
		}
	}
	return words
}
