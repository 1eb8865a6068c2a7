// Package archtest holds the directions in which rooms may import each other.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "sextant"

// rooms says which rooms of this module each room may import. A new room must
// be listed; a new import must be wanted.
var rooms = map[string][]string{
	"questions":                   {},
	"internal/fault":              {},
	"internal/exam":               {},
	"internal/richtext":           {},
	"internal/measure":            {},
	"internal/catalogue":          {"internal/exam"},
	"internal/grade":              {"internal/exam", "internal/fault"},
	"internal/bank":               {"internal/exam", "internal/catalogue"},
	"internal/exchange":           {"internal/exam"},
	"internal/exchange/markup":    {"internal/richtext"},
	"internal/exchange/archive":   {},
	"internal/exchange/xmltree":   {"internal/exchange"},
	"internal/exchange/samples":   {"internal/exam", "internal/exchange"},
	"internal/exchange/gift":      {"internal/exam", "internal/exchange", "internal/exchange/markup"},
	"internal/exchange/aiken":     {"internal/exam", "internal/exchange", "internal/exchange/markup"},
	"internal/exchange/moodlexml": {"internal/exam", "internal/exchange", "internal/exchange/markup", "internal/exchange/xmltree"},
	"internal/exchange/sheet":     {"internal/exam", "internal/exchange", "internal/exchange/markup"},
	"internal/exchange/qti":       {"internal/exam", "internal/exchange", "internal/exchange/markup", "internal/exchange/archive", "internal/exchange/xmltree"},
	"internal/exchange/olx":       {"internal/exam", "internal/exchange", "internal/exchange/markup", "internal/exchange/archive", "internal/exchange/xmltree"},
	"internal/exchange/native":    {"internal/bank", "internal/exam", "internal/exchange", "internal/exchange/archive"},
	"internal/exchange/intake": {
		"internal/exam", "internal/exchange", "internal/exchange/aiken", "internal/exchange/archive", "internal/exchange/gift", "internal/exchange/moodlexml",
		"internal/exchange/native", "internal/exchange/olx", "internal/exchange/qti", "internal/exchange/sheet",
	},
	"internal/exchange/outlet": {
		"internal/exam", "internal/exchange", "internal/exchange/aiken", "internal/exchange/gift", "internal/exchange/moodlexml",
		"internal/exchange/native", "internal/exchange/qti", "internal/exchange/sheet",
	},
	"internal/itemstats": {"internal/exam", "internal/fault"},
	"internal/calibrate": {"internal/exam", "internal/fault", "internal/measure"},
	"internal/readiness": {"internal/exam", "internal/fault", "internal/catalogue", "internal/measure"},
	"internal/effort":    {"internal/exam", "internal/fault", "internal/catalogue", "internal/measure", "internal/readiness"},
	"internal/recommend": {"internal/exam", "internal/catalogue", "internal/effort", "internal/readiness"},
	"internal/postings":  {"internal/exam", "internal/catalogue"},
	"internal/outcome":   {"internal/exam", "internal/fault", "internal/measure"},
	"internal/form":      {"internal/exam", "internal/catalogue", "internal/fault"},
	"internal/study":     {"internal/exam", "internal/fault"},
	"internal/simulate": {
		"internal/bank", "internal/calibrate", "internal/catalogue", "internal/exam", "internal/fault", "internal/form", "internal/grade", "internal/measure",
		"internal/readiness", "internal/recommend", "questions",
	},
	"internal/account":   {"internal/fault"},
	"internal/sitting":   {"internal/account", "internal/exam", "internal/fault", "internal/form", "internal/grade", "internal/readiness", "internal/study"},
	"internal/authoring": {"internal/account", "internal/bank", "internal/catalogue", "internal/exam", "internal/exchange", "internal/fault", "internal/grade"},
	"internal/plan": {
		"internal/account", "internal/catalogue", "internal/effort", "internal/exam", "internal/fault", "internal/readiness", "internal/sitting", "internal/study",
	},
	"internal/progress": {
		"internal/account", "internal/catalogue", "internal/exam", "internal/fault", "internal/measure", "internal/outcome", "internal/readiness", "internal/sitting", "internal/study",
	},
	"internal/classroom": {"internal/account", "internal/exam", "internal/fault", "internal/form", "internal/readiness", "internal/sitting"},
	"internal/library":   {"internal/authoring", "internal/bank", "internal/calibrate", "internal/catalogue", "internal/classroom", "internal/exam", "internal/fault", "internal/form", "internal/measure", "internal/outcome", "internal/readiness", "internal/sitting"},
	"internal/statistics": {
		"internal/account", "internal/authoring", "internal/exam", "internal/fault", "internal/grade", "internal/itemstats", "internal/library", "internal/measure",
	},
	"internal/upload": {"internal/authoring", "internal/exchange", "internal/exchange/intake", "internal/fault"},
	"internal/page":   {"internal/richtext"},
	"web":             {"internal/page", "internal/richtext"},
	"internal/store":  {"internal/account", "internal/authoring", "internal/bank", "internal/classroom", "internal/outcome", "internal/plan", "internal/progress", "internal/exam", "internal/fault", "internal/library", "internal/recommend", "internal/sitting", "internal/statistics", "internal/study"},
	"internal/httpx":  {"internal/account", "internal/fault"},
	"internal/httpd": {
		"internal/account", "internal/authoring", "internal/bank", "internal/calibrate", "internal/catalogue", "internal/classroom", "internal/effort", "internal/exam", "internal/exchange", "internal/exchange/outlet", "internal/exchange/sheet",
		"internal/outcome", "internal/plan", "internal/postings", "internal/progress", "internal/fault", "internal/grade", "internal/httpx",
		"internal/library", "internal/measure", "internal/page", "internal/readiness", "internal/recommend", "internal/richtext", "internal/simulate", "internal/sitting", "internal/statistics", "internal/itemstats", "internal/study", "internal/upload", "web",
	},
	"internal/testkit": {
		"internal/account", "internal/authoring", "internal/bank", "internal/catalogue", "internal/classroom", "internal/exam", "internal/exchange", "internal/form", "internal/grade", "internal/httpd", "internal/httpx", "internal/plan", "internal/progress",
		"internal/library", "internal/richtext", "internal/sitting", "internal/statistics", "internal/store", "internal/upload", "questions",
	},
	"cmd/sextant": {
		"internal/account", "internal/authoring", "internal/bank", "internal/calibrate", "internal/catalogue", "internal/classroom", "internal/exam", "internal/exchange",
		"internal/effort", "internal/exchange/intake", "internal/exchange/outlet", "internal/fault", "internal/httpd", "internal/itemstats", "internal/outcome", "internal/plan", "internal/progress",
		"internal/library", "internal/measure", "internal/readiness", "internal/recommend", "internal/richtext", "internal/simulate", "internal/sitting",
		"internal/statistics", "internal/store", "internal/upload", "questions",
	},
}

// pure are the rooms whose results depend on their arguments alone.
var pure = []string{
	"internal/fault", "internal/exam", "internal/catalogue", "internal/bank", "internal/grade", "internal/measure",
	"internal/readiness", "internal/form", "internal/effort", "internal/recommend", "internal/postings", "internal/outcome", "internal/study", "internal/itemstats", "internal/calibrate", "internal/simulate", "internal/richtext", "internal/page", "questions",
}

// outside says which rooms alone may import a package from outside the module
// (or a package below it).
var outside = map[string][]string{
	"github.com/arran4/golang-ical":     {"internal/plan"},
	"gorm.io":                           {"internal/store"},
	"github.com/pressly/goose":          {"internal/store"},
	"github.com/mattn/go-sqlite3":       {"internal/store"},
	"database/sql":                      {"internal/store"},
	"github.com/gin-gonic/gin":          {"internal/httpx", "internal/httpd"},
	"net/http":                          {"internal/httpx", "internal/httpd", "web", "cmd/sextant", "internal/testkit"},
	"github.com/a-h/templ":              {"web", "internal/httpd"},
	"github.com/golang-jwt":             {"internal/account"},
	"golang.org/x/crypto":               {"internal/account"},
	"github.com/alecthomas/kong":        {"cmd/sextant"},
	"go.yaml.in/yaml":                   {"internal/catalogue", "internal/bank"},
	"github.com/yuin/goldmark":          {"internal/richtext", "internal/exchange/markup"},
	"github.com/microcosm-cc":           {"internal/richtext"},
	"github.com/open-spaced-repetition": {"internal/study"},
	"math/rand":                         {"internal/calibrate", "internal/form", "internal/measure", "internal/readiness", "internal/recommend", "internal/simulate", "internal/sitting", "internal/study"},
	"os":                                {"internal/store", "internal/upload", "cmd/sextant"},
	"os/exec":                           {},
	"testing":                           {"internal/testkit"},
	"unsafe":                            {},
}

type file struct {
	room, name string
	syntax     *ast.File
	places     *token.FileSet
}

func (f file) at(n ast.Node) string {
	return f.name + ":" + strconv.Itoa(f.places.Position(n.Pos()).Line)
}

// sources reads every file of the program; tests may import what they like.
func sources(t *testing.T) []file {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	var files []file
	places := token.NewFileSet()
	err = filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		syntax, err := parser.ParseFile(places, full, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room := "."
		if at := strings.LastIndex(name, "/"); at >= 0 {
			room = name[:at]
		}
		files = append(files, file{room: room, name: name, syntax: syntax, places: places})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d files were found: this test looks in the wrong place", len(files))
	}
	return files
}

// imports lists what a file imports, by the name it has there.
func imports(t *testing.T, f file) map[string]*ast.ImportSpec {
	t.Helper()
	found := map[string]*ast.ImportSpec{}
	for _, spec := range f.syntax.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		found[path] = spec
	}
	return found
}

func TestRoomsImportInOneDirection(t *testing.T) {
	present := map[string]bool{}
	for _, f := range sources(t) {
		allowed, listed := rooms[f.room]
		if !listed {
			t.Errorf("%s: the room %s is not in the table; list it with the rooms it may import", f.name, f.room)
			continue
		}
		present[f.room] = true
		for path, spec := range imports(t, f) {
			room, ours := strings.CutPrefix(path, module+"/")
			if ours && !slices.Contains(allowed, room) {
				t.Errorf("%s: %s may not import %s", f.at(spec), f.room, room)
			}
		}
	}
	for room := range rooms {
		if !present[room] {
			t.Errorf("there is no room %s any more; take it out of the table", room)
		}
	}
}

// The table itself must have no way round.
func TestTheTableHasNoCircle(t *testing.T) {
	var visit func(room string, path []string)
	visit = func(room string, path []string) {
		if slices.Contains(path, room) {
			t.Fatalf("a circle: %s", strings.Join(append(path, room), " → "))
		}
		for _, next := range rooms[room] {
			visit(next, append(slices.Clone(path), room))
		}
	}
	for room := range rooms {
		visit(room, nil)
	}
}

func TestPackagesFromOutsideStayInTheirRooms(t *testing.T) {
	for _, f := range sources(t) {
		for path, spec := range imports(t, f) {
			for prefix, allowed := range outside {
				if path != prefix && !strings.HasPrefix(path, prefix+"/") || prefix == "os" && path != "os" {
					continue
				}
				if !slices.Contains(allowed, f.room) {
					t.Errorf("%s: %s may not import %s; only %s may", f.at(spec), f.room, path, orNone(allowed))
				}
			}
		}
	}
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "no room"
	}
	return strings.Join(list, ", ")
}

// clockCalls and randomCalls read what differs from run to run; a generator
// that is handed in is fine, and so is making one from a seed.
var (
	clockCalls = []string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc", "Sleep"}
	randomMade = []string{"New", "NewPCG", "NewChaCha8", "NewSource", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}
)

func TestPureRoomsReadNoClockAndDrawNoLots(t *testing.T) {
	for _, f := range sources(t) {
		if !slices.Contains(pure, f.room) {
			continue
		}
		for path, spec := range imports(t, f) {
			switch path {
			case "crypto/rand", "log", "log/slog", "net":
				t.Errorf("%s: %s is pure and may not import %s", f.at(spec), f.room, path)
			}
		}
		names := packageNames(t, f)
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := call.X.(*ast.Ident)
			if !ok {
				return true
			}
			switch names[pkg.Name] {
			case "time":
				if slices.Contains(clockCalls, call.Sel.Name) {
					t.Errorf("%s: %s is pure and reads the clock by time.%s; take the time as a parameter", f.at(n), f.room, call.Sel.Name)
				}
			case "math/rand", "math/rand/v2":
				if !slices.Contains(randomMade, call.Sel.Name) {
					t.Errorf("%s: %s is pure and draws from the global generator by rand.%s; take a *rand.Rand", f.at(n), f.room, call.Sel.Name)
				}
			}
			return true
		})
	}
}

// Rooms that are not pure still take their clock from outside, so that tests
// can move it. Only the program itself, and what measures how long a request
// took, reads the real one.
func TestTheClockIsHandedIn(t *testing.T) {
	for _, f := range sources(t) {
		if f.room == "cmd/sextant" || f.room == "internal/httpx" || slices.Contains(pure, f.room) {
			continue
		}
		names := packageNames(t, f)
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := call.X.(*ast.Ident); ok && names[pkg.Name] == "time" && slices.Contains(clockCalls, call.Sel.Name) {
					t.Errorf("%s: %s reads the clock by time.%s; use the clock that is handed in", f.at(n), f.room, call.Sel.Name)
				}
			}
			return true
		})
	}
}

// packageNames maps the names by which a file knows its imports to their paths.
func packageNames(t *testing.T, f file) map[string]string {
	t.Helper()
	names := map[string]string{}
	for path, spec := range imports(t, f) {
		name := path[strings.LastIndex(path, "/")+1:]
		if path == "math/rand/v2" {
			name = "rand"
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}
