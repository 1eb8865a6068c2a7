package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
)

// MaxMediaBytes is the largest image or attachment taken in.
const MaxMediaBytes = 5 << 20

// mediaType tells an image that can be shown to learners by its first bytes, with
// the extension its kind has. SVG isn't among them: it can carry script.
func mediaType(data []byte) (kind, extension string, ok bool) {
	switch s := string(data[:min(len(data), 12)]); {
	case strings.HasPrefix(s, "\x89PNG\r\n\x1a\n"):
		return "image/png", ".png", true
	case strings.HasPrefix(s, "\xff\xd8\xff"):
		return "image/jpeg", ".jpg", true
	case strings.HasPrefix(s, "GIF87a"), strings.HasPrefix(s, "GIF89a"):
		return "image/gif", ".gif", true
	case strings.HasPrefix(s, "RIFF") && strings.HasSuffix(s, "WEBP"):
		return "image/webp", ".webp", true
	}
	return "", "", false
}

// Beside finds a file that lies beside the one being read, by its path relative
// to that one; false when there is none.
type Beside func(name string) ([]byte, bool)

// AddMedia takes an attachment in and returns its key. Its type is told by its
// bytes, never by its name. It returns an error in words for people when it is
// too large or of no type that can be shown.
func (d *Document) AddMedia(name string, data []byte) (key string, err error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if len(data) > MaxMediaBytes {
		return "", fmt.Errorf("%s has %d kB; an image may have %d kB: make it smaller", name, len(data)>>10, MaxMediaBytes>>10)
	}
	kind, extension, ok := mediaType(data)
	if !ok {
		return "", fmt.Errorf("%s is no PNG, JPEG, GIF or WebP image, and nothing else is shown", name)
	}
	sum := sha256.Sum256(data)
	key = hex.EncodeToString(sum[:]) + extension
	if d.Media == nil {
		d.Media = map[string]Media{}
	}
	if _, held := d.Media[key]; !held {
		d.Media[key] = Media{Name: name, Type: kind, Data: data}
	}
	return key, nil
}
