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
	err := fs.WalkDir(static, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(file, "static/")
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		address := StaticPrefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:checksumBytes]) + ext
		assetPaths[name] = address
		assets[address] = asset{name: name, contentType: contentType(ext), body: body}
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("reading embedded static files: %v", err))
	}
	rewriteStylesheet()
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

// rewriteStylesheet gives the fonts named in app.css their addresses. It must
// come before the stylesheet's own checksum counts, so the sheet is re-hashed.
func rewriteStylesheet() {
	const sheet = "app.css"
	old, ok := assetPaths[sheet]
	if !ok {
		return
	}
	a := assets[old]
	text := string(a.body)
	for name, address := range assetPaths {
		text = strings.ReplaceAll(text, `url("`+name+`")`, `url("`+address+`")`)
	}
	a.body = []byte(text)
	sum := sha256.Sum256(a.body)
	address := StaticPrefix + "app." + hex.EncodeToString(sum[:checksumBytes]) + ".css"
	delete(assets, old)
	assetPaths[sheet], assets[address] = address, a
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
