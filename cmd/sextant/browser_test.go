package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// site is the real program serving on a port of its own, on a fresh data directory.
type site struct {
	base string
	data string
}

// startSite runs the serve command with the given clock until the test ends.
func startSite(t *testing.T, now func() time.Time) site {
	t.Helper()
	s := site{data: t.TempDir()}
	ctx, stop := context.WithCancel(t.Context())
	listening := make(chan net.Addr, 1)
	stopped := make(chan error, 1)
	command := &serveCommand{dataFlag: dataFlag{Data: s.data}, Addr: "127.0.0.1:0"}
	go func() {
		stopped <- command.serve(ctx, streams{out: io.Discard, err: io.Discard}, now, func(a net.Addr) { listening <- a })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	select {
	case addr := <-listening:
		s.base = "http://" + addr.String()
	case err := <-stopped:
		stopped <- nil
		t.Fatalf("the server did not start: %v", err)
	}
	return s
}

// chromium finds the browser; in CI its absence is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no Chromium: 'make test' installs one, or set CHROME")
	}
	t.Skip("no Chromium on this machine: 'make test' installs one, or set CHROME")
	return ""
}

// profile is a browser with cookies of its own.
type profile struct {
	t    *testing.T
	ctx  context.Context
	base string
}

const (
	browserTimeout = 3 * time.Minute
	stepTimeout    = 20 * time.Second
)

// newProfile starts a browser with an empty profile.
func newProfile(t *testing.T, base string) *profile {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), browserTimeout)
	t.Cleanup(cancel)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1100, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true),
	)
	t.Cleanup(cancelAllocator)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	p := &profile{t: t, ctx: ctx, base: base}
	p.do(chromedp.Navigate("about:blank"))
	return p
}

func (p *profile) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("in the browser: %v\nat %s\n%s", err, p.location(), p.text())
	}
}

func (p *profile) open(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
}

func (p *profile) location() string {
	location, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(location, p.base)
}

// text is what the page says.
func (p *profile) text() string {
	text, err := chromedp.Run(p.ctx, chromedp.TextContent("main"))
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text), " ")
}

func (p *profile) mustSay(words string) {
	p.t.Helper()
	if text := p.text(); !strings.Contains(text, words) {
		p.t.Fatalf("%s does not say %q:\n%s", p.location(), words, text)
	}
}

// withoutJavaScript turns scripts off, as a person may.
func (p *profile) withoutJavaScript() {
	p.t.Helper()
	params := emulation.SetScriptExecutionDisabledParams{Value: true}
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, params); err != nil {
		p.t.Fatalf("turning scripts off: %v", err)
	}
}

// press sends keys to whatever has the focus.
func (p *profile) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// leave does something that loads another page and waits for it.
func (p *profile) leave(step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepTimeout)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, step); err != nil {
		p.t.Fatalf("waiting for the next page: %v\nat %s\n%s", err, p.location(), p.text())
	}
}

// evaluate runs a script in the page, for tests to look at it.
func evaluate[T any](p *profile, script string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluating %.60q: %v", script, err)
	}
	return value
}

// tabTo presses Tab until the element that matches has the focus. maxTabs
// bounds it: beyond, the element can't be reached by keyboard.
func (p *profile) tabTo(selector string) {
	p.t.Helper()
	const maxTabs = 120
	script := fmt.Sprintf("!!document.activeElement && document.activeElement.matches(%q)", selector)
	for range maxTabs {
		if evaluate[bool](p, script) {
			return
		}
		p.press("\t")
	}
	p.t.Fatalf("%s can't be reached with Tab on %s", selector, p.location())
}

// axe runs axe-core on the page and fails the test on any violation.
func (p *profile) axe() {
	p.t.Helper()
	source, err := os.ReadFile("testdata/axe-core-4.14.1/axe.min.js")
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](string(source)+"\n;true"))
		return err
	}))
	report := evaluate[string](p, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
		r.violations.map(v => v.id + ": " + v.help + " [" + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.failureSummary || "")).join(" | ") + "]").join("\n"))`)
	if report != "" {
		p.t.Errorf("axe on %s:\n%s", p.location(), report)
	}
}
