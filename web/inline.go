package web

import (
	"encoding/base64"
	"fmt"
	"path"
	"regexp"
	"sync"
)

var fontAddress = regexp.MustCompile(`url\("(fonts/[^"]+)"\)`)

// inlineStylesheet is app.css with its fonts inside, for a page that is kept as
// one file.
var inlineStylesheet = sync.OnceValue(func() string {
	sheet := mustRead("app.css")
	return fontAddress.ReplaceAllStringFunc(sheet, func(found string) string {
		name := fontAddress.FindStringSubmatch(found)[1]
		data := base64.StdEncoding.EncodeToString([]byte(mustRead(name)))
		return fmt.Sprintf(`url("data:font/%s;base64,%s")`, path.Ext(name)[1:], data)
	})
})

// mustRead reads an embedded file; a missing one is a broken build.
func mustRead(name string) string {
	data, err := static.ReadFile("static/" + name)
	if err != nil {
		panic(fmt.Sprintf("reading embedded static files: %v", err))
	}
	return string(data)
}
