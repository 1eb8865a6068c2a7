// Package upload takes files of questions that people send, keeps them in a
// folder, and reads them in the background, one after the other, into imports
// that can be looked at.
package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"sextant/internal/authoring"
	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
	"sextant/internal/fault"
)

// Bounds on what is taken in.
const (
	// MaxWaiting is how many imports may wait to be read.
	MaxWaiting = 8
	// MaxOpen is how many imports one person may leave undecided.
	MaxOpen = 20
	// MaxFiles is the most files of one import.
	MaxFiles = 1000
)

// Store is where imports are kept.
type Store interface {
	authoring.ImportStore
	// InterruptedImports lists the imports of people that are said to be being read.
	InterruptedImports(ctx context.Context) ([]authoring.Import, error)
}

// Desk reads what is sent. It is safe for concurrent use.
type Desk struct {
	authors *authoring.Service
	store   Store
	folder  string
	logger  *slog.Logger

	ctx     context.Context // the life of the work in the background, which no request bounds
	stop    context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	waiting []job // the first of them is being read
	done    int   // bytes of the first that are read
	total   int
}

type job struct {
	begun *authoring.Import
	files *Files
}

// NewDesk returns a Desk that keeps files in a folder of its own until they are
// read. What lies in it is cleared away.
func NewDesk(authors *authoring.Service, store Store, folder string, logger *slog.Logger) *Desk {
	ctx, stop := context.WithCancel(context.Background())
	return &Desk{authors: authors, store: store, folder: folder, logger: logger, ctx: ctx, stop: stop}
}

// interrupted is what people read of an import whose reading was broken off.
const interrupted = "The server was stopped while the files were being read. Nothing was written. Please send the files again."

// Recover marks what an earlier process was reading as failed, and clears its
// files away. Call it once, before anything is taken in.
func (d *Desk) Recover(ctx context.Context) (err error) {
	defer fault.Op(&err, "upload.Recover")
	if err := os.RemoveAll(d.folder); err != nil {
		return err
	}
	left, err := d.store.InterruptedImports(ctx)
	if err != nil {
		return err
	}
	for i := range left {
		if err := d.authors.FailImport(ctx, d.store, &left[i], interrupted); err != nil {
			return err
		}
	}
	return nil
}

// Close breaks off what is being read, says so in the imports concerned, and waits
// until the store is left alone.
func (d *Desk) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.running.Wait()
}

// Wait returns when nothing waits to be read any more.
func (d *Desk) Wait() { d.running.Wait() }

// Files are those that somebody sends at once, in a folder of their own.
type Files struct {
	folder string
	names  []string
}

// Open begins a set of files. The caller discards it or hands it to Take.
func (d *Desk) Open() (_ *Files, err error) {
	defer fault.Op(&err, "upload.Open")
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(d.folder, "import-")
	return &Files{folder: folder}, err
}

// Len is how many files there are.
func (f *Files) Len() int { return len(f.names) }

// Add keeps one more file under the name it came with. A name that is there
// already gets a number. Errors of reading from r are returned as they are.
func (f *Files) Add(name string, r io.Reader) (err error) {
	if len(f.names) == MaxFiles {
		return fault.Invalid("Send at most %d files at a time, or one zip of them.", MaxFiles)
	}
	kept, err := os.OpenFile(f.path(len(f.names)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keeping an uploaded file: %w", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	if _, err := io.Copy(kept, r); err != nil {
		return err
	}
	f.names = append(f.names, f.unused(name))
	return nil
}

// path is where the i-th file lies: never under the name that a person gave it.
func (f *Files) path(i int) string { return filepath.Join(f.folder, fmt.Sprintf("%04d", i)) }

func (f *Files) unused(name string) string {
	taken := map[string]bool{}
	for _, n := range f.names {
		taken[n] = true
	}
	extension := filepath.Ext(name)
	stem := strings.TrimSuffix(name, extension)
	for again, i := name, 2; ; i++ {
		if !taken[again] {
			return again
		}
		again = fmt.Sprintf("%s (%d)%s", stem, i, extension)
	}
}

// Title is what a bank of these files would be called: the first file's name.
func (f *Files) Title() string {
	if len(f.names) == 0 {
		return ""
	}
	return strings.TrimSuffix(f.names[0], filepath.Ext(f.names[0]))
}

// Discard removes the files.
func (f *Files) Discard() error {
	if err := os.RemoveAll(f.folder); err != nil {
		return fmt.Errorf("clearing uploaded files away: %w", err)
	}
	return nil
}

func (f *Files) sources() ([]exchange.Source, error) {
	sources := make([]exchange.Source, len(f.names))
	for i, name := range f.names {
		data, err := os.ReadFile(f.path(i))
		if err != nil {
			return nil, fmt.Errorf("reading an uploaded file: %w", err)
		}
		sources[i] = exchange.Source{Name: name, Data: data}
	}
	return sources, nil
}

// Take begins an import for the bank with the title and has the files read in the
// background; they are the desk's from then on. Where it returns an error they
// remain the caller's: fault.KindTooMany when too much waits already.
func (d *Desk) Take(ctx context.Context, a authoring.Actor, title string, files *Files) (_ *authoring.Import, err error) {
	defer fault.Op(&err, "upload.Take")
	open, err := d.store.Imports(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	if len(open) >= MaxOpen {
		return nil, fault.Conflict("You have %d imports that wait for your decision. Publish some of them or throw them away first. Nothing was taken in.", len(open))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || len(d.waiting) > MaxWaiting {
		return nil, fault.TooMany("Other people's files are being read just now. Nothing was taken in; please send yours again in a minute.")
	}
	begun, err := d.authors.BeginImport(ctx, a, d.store, title)
	if err != nil {
		return nil, err
	}
	d.waiting = append(d.waiting, job{begun: begun, files: files})
	if len(d.waiting) == 1 {
		d.running.Add(1)
		go d.work() //nolint:contextcheck // what is read in the background outlives the request
	}
	handed := *begun
	return &handed, nil
}

// Progress is how far the reading of an import is.
type Progress struct {
	Before int // imports that are read first
	Done   int // bytes read, of Total; both 0 where that isn't known yet
	Total  int
}

// Progress tells about an import that waits or is being read; false for any other.
func (d *Desk) Progress(id authoring.ImportID) (Progress, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, j := range d.waiting {
		switch {
		case j.begun.ID != id:
		case i == 0:
			return Progress{Done: d.done, Total: d.total}, true
		default:
			return Progress{Before: i}, true
		}
	}
	return Progress{}, false
}

func (d *Desk) progress(done, total int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done, d.total = done, total
}

// work reads what waits, until nothing does.
func (d *Desk) work() {
	defer d.running.Done()
	for {
		d.mu.Lock()
		next := d.waiting[0]
		d.mu.Unlock()
		d.read(next)
		d.mu.Lock()
		d.waiting = d.waiting[1:]
		d.done, d.total = 0, 0
		rest := len(d.waiting)
		d.mu.Unlock()
		if rest == 0 {
			return
		}
	}
}

// broken is what people read where the fault is ours.
const broken = "Something broke on our side while the files were being read. Nothing was written. Please send them again; if it happens again, send them one by one to see which it is, and tell whoever runs this site."

// read reads one import to its end, which may be a failure.
func (d *Desk) read(j job) {
	why := ""
	if err := d.take(j); err != nil {
		why = broken
		if d.ctx.Err() != nil {
			why = interrupted
		} else {
			d.logger.Error("reading an import failed", "import", string(j.begun.ID), "error", err)
		}
	}
	// Said even where the desk is being closed: the store is there until it is.
	ctx := context.WithoutCancel(d.ctx)
	if why != "" {
		if err := d.authors.FailImport(ctx, d.store, j.begun, why); err != nil {
			d.logger.Error("marking an import as failed", "import", string(j.begun.ID), "error", err)
		}
	}
	if err := j.files.Discard(); err != nil {
		d.logger.Error("clearing an import's files away", "error", err)
	}
}

// take reads files into an import. A parser that panics is an error like another:
// one file must not end the site.
func (d *Desk) take(j job) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	sources, err := j.files.sources()
	if err != nil {
		return err
	}
	documents := intake.Read(d.ctx, sources, d.progress)
	if err := d.ctx.Err(); err != nil {
		return err
	}
	return d.authors.ReadImport(d.ctx, d.store, j.begun, documents, d.authors.AssignBeside(d.ctx, d.store))
}
