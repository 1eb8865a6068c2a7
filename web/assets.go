package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed static
var static embed.FS

// StaticPrefix is where static files are served.
const StaticPrefix = "/static/"

type asset struct {
	name, contentType string
	body              []byte
}

var (
	assetPaths = map[string]string{} // name → address with checksum
	assets     = map[string]asset{}  // address with checksum → file
)

const checksumBytes = 8

// The table of static files is built once, when the program starts: their
// addresses carry a checksum, so they can be cached for ever.
func init() {
	files := map[string][]byte{}
	err := fs.WalkDir(static, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[strings.TrimPrefix(file, "static/")], err = static.ReadFile(file)
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("reading embedded static files: %v", err))
	}
	for name := range files {
		addAsset(files, name)
	}
}

// reference is how one static file names another: a font in a stylesheet, a
// module in a script.
var reference = regexp.MustCompile(`(url\("|from "\./)([\w./-]+)"`)

// addAsset gives a file its address, and those that it names theirs before it:
// they become part of its text, and so of its checksum. No two files name each
// other.
func addAsset(files map[string][]byte, name string) (address string) {
	if address, ok := assetPaths[name]; ok {
		return address
	}
	body, ext := files[name], path.Ext(name)
	if ext == ".css" || ext == ".js" {
		body = reference.ReplaceAllFunc(body, func(found []byte) []byte {
			m := reference.FindSubmatch(found)
			before, named := strings.TrimSuffix(string(m[1]), "./"), string(m[2])
			if _, ok := files[named]; !ok {
				return found
			}
			return []byte(before + addAsset(files, named) + `"`)
		})
	}
	sum := sha256.Sum256(body)
	address = StaticPrefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:checksumBytes]) + ext
	assetPaths[name] = address
	assets[address] = asset{name: name, contentType: contentType(ext), body: body}
	return address
}

func contentType(ext string) string {
	switch ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(ext)
}

// Asset returns the address of a static file. An unknown name is a mistake in
// a template and panics when the page is first rendered; a test renders all.
func Asset(name string) string {
	address, ok := assetPaths[name]
	if !ok {
		panic("no static file " + name)
	}
	return address
}

// Static serves the static files.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", a.contentType)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(a.body) // the reader went away: nothing to do
	})
}
