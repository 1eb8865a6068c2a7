package exchange

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

var image = regexp.MustCompile(`!\[((?:\\.|[^\[\]\\])*)\]\([ \t]*<?([^\s()<>]+)>?(?:[ \t]+"[^"\n]*")?[ \t]*\)`)

// ReplaceImages puts what with returns in the place of each image of a Markdown
// text; alt is Markdown as it stands there.
func ReplaceImages(markdown string, with func(alt, address string) string) string {
	if !strings.Contains(markdown, "![") {
		return markdown
	}
	return image.ReplaceAllStringFunc(markdown, func(found string) string {
		parts := image.FindStringSubmatch(found)
		return with(parts[1], parts[2])
	})
}

// pluginFile begins the address of a file that Moodle keeps with a question.
const pluginFile = "@@PLUGINFILE@@/"

// Attach takes in the image that an address in a file names: one written into
// the address itself (data:), or one that lies beside the file. Images on other
// sites aren't fetched. It returns an error in words for people.
func (d *Document) Attach(address string, beside Beside) (key string, err error) {
	if encoded, ok := strings.CutPrefix(address, "data:"); ok {
		return d.attachData(encoded)
	}
	if strings.HasPrefix(address, "//") || strings.Contains(address, "://") {
		return "", fmt.Errorf("the image %s is on another site and isn't fetched: put it beside the file and name it there", Shorten(address, 80))
	}
	name := strings.TrimPrefix(address, pluginFile)
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	name, _, _ = strings.Cut(name, "?")
	name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
	if beside != nil && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../") {
		if data, ok := beside(name); ok {
			return d.AddMedia(name, data)
		}
	}
	return "", fmt.Errorf("the image %s isn't beside the file", Shorten(name, 80))
}

func (d *Document) attachData(encoded string) (key string, err error) {
	head, payload, ok := strings.Cut(encoded, ",")
	if !ok || !strings.HasSuffix(head, ";base64") {
		return "", errors.New("an image written into the text isn't base64")
	}
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return "", errors.New("an image written into the text is damaged")
	}
	return d.AddMedia("image", data)
}

// DataAddress is a media's address with its bytes in it.
func DataAddress(m Media) string {
	return "data:" + m.Type + ";base64," + base64.StdEncoding.EncodeToString(m.Data)
}

// Shorten cuts a text to about n characters for a remark: at a space where there
// is one, on one line, with an ellipsis.
func Shorten(text string, n int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text[:min(len(text), 8*n)], "")), " ")
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n])
	if at := strings.LastIndexByte(cut, ' '); at > n/2 {
		cut = cut[:at]
	}
	return cut + " …"
}
