// Package archive unpacks the zip files of other systems within bounds: whatever
// a file claims, memory and time stay limited, and no name leads out of it.
package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The bounds. Real packages of ten thousand questions stay far below them.
const (
	MaxEntries = 20_000    // files and folders in one archive
	MaxFile    = 64 << 20  // bytes of one file, unpacked
	MaxTotal   = 512 << 20 // bytes of all files, unpacked
	MaxRatio   = 200       // unpacked to packed bytes, for files beyond ratioFrom
	ratioFrom  = 1 << 20
	maxName    = 512
)

// Archive is an opened zip file. Its files are unpacked one at a time, when they
// are read. It isn't safe for concurrent use.
type Archive struct {
	files  map[string]*zip.File // by name
	folded map[string]string    // lower-case name → name
	names  []string
	read   int64 // bytes unpacked so far
}

// IsZip reports whether data begins as a zip file does.
func IsZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

// Open reads the table of contents of a zip file. It returns an error in words
// for people when the file is damaged or beyond the bounds, or when a name in it
// leads elsewhere.
func Open(data []byte) (*Archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, errors.New("the zip file is damaged or incomplete; download or export it again")
	}
	if len(z.File) > MaxEntries {
		return nil, fmt.Errorf("the zip file holds %d files; at most %d are unpacked: divide it", len(z.File), MaxEntries)
	}
	a := &Archive{files: map[string]*zip.File{}, folded: map[string]string{}}
	var total uint64
	for _, f := range z.File {
		name, err := nameOf(f)
		if err != nil {
			return nil, err
		}
		if name == "" || ofTheSystem(name) {
			continue
		}
		if err := bounded(f, name); err != nil {
			return nil, err
		}
		if total += f.UncompressedSize64; total > MaxTotal {
			return nil, fmt.Errorf("unpacked, the zip file would have over %d MB: divide it", MaxTotal>>20)
		}
		if a.files[name] != nil {
			return nil, fmt.Errorf("the zip file holds %s twice; pack it again", name)
		}
		a.files[name] = f
		a.names = append(a.names, name)
		if _, taken := a.folded[strings.ToLower(name)]; !taken {
			a.folded[strings.ToLower(name)] = name
		}
	}
	slices.Sort(a.names)
	return a, nil
}

// nameOf is a file's name as text with forward slashes; "" for a folder. Names
// that would lead out of a folder, and links, are refused.
func nameOf(f *zip.File) (string, error) {
	name := f.Name
	if f.NonUTF8 || !utf8.ValidString(name) {
		if decoded, err := charmap.CodePage437.NewDecoder().String(name); err == nil && !utf8.ValidString(name) {
			name = decoded
		}
	}
	name = strings.ReplaceAll(name, `\`, "/")
	if len(name) > maxName {
		return "", fmt.Errorf("the zip file holds a name of %d bytes (%s…); at most %d are taken", len(name), name[:40], maxName)
	}
	for strings.HasPrefix(name, "./") {
		name = name[2:]
	}
	if f.FileInfo().IsDir() || strings.HasSuffix(name, "/") {
		return "", nil
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("the zip file holds the name %q with control characters; pack it again", name)
	}
	drive := len(name) > 1 && name[1] == ':'
	if name == "" || drive || !fs.ValidPath(path.Clean(name)) || slices.Contains(strings.Split(name, "/"), "..") {
		return "", fmt.Errorf("the zip file holds %q, which leads out of it; such files are refused", name)
	}
	if f.Mode()&(fs.ModeType&^fs.ModeDir) != 0 {
		return "", fmt.Errorf("%s in the zip file is a link or a device; pack the files themselves", name)
	}
	return path.Clean(name), nil
}

// ofTheSystem reports whether a file was added by the system that packed.
func ofTheSystem(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db" || base == "desktop.ini"
}

func bounded(f *zip.File, name string) error {
	if f.Flags&1 != 0 {
		return fmt.Errorf("%s in the zip file is encrypted; pack it without a password", name)
	}
	if f.UncompressedSize64 > MaxFile {
		return fmt.Errorf("%s in the zip file has %d MB unpacked; at most %d are read", name, f.UncompressedSize64>>20, MaxFile>>20)
	}
	if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/MaxRatio > f.CompressedSize64 {
		return fmt.Errorf("%s in the zip file is packed more than %d times over, as no question file is; it isn't unpacked", name, MaxRatio)
	}
	return nil
}

// Names are the files, sorted by their path.
func (a *Archive) Names() []string { return slices.Clone(a.names) }

// Find is the name in the archive that a name means: itself, the same in other
// letter case, or with its %-escapes undone by the caller; false for none.
func (a *Archive) Find(name string) (string, bool) {
	name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	if a.files[name] != nil {
		return name, true
	}
	found, ok := a.folded[strings.ToLower(name)]
	return found, ok
}

// Size is the size that a file claims to have unpacked, in bytes; 0 for no file.
func (a *Archive) Size(name string) int64 {
	found, ok := a.Find(name)
	if !ok {
		return 0
	}
	return int64(a.files[found].UncompressedSize64)
}

// Read unpacks one file. It returns fs.ErrNotExist for a name that isn't there,
// and an error in words for people when its bytes are damaged or more than it
// claimed.
func (a *Archive) Read(name string) ([]byte, error) {
	found, ok := a.Find(name)
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	f := a.files[found]
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s in the zip file is packed in a way that can't be read; pack it with an ordinary zip program", found)
	}
	defer func() { _ = r.Close() }()
	// One byte beyond the claim shows that more would come.
	data, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	a.read += int64(len(data))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s in the zip file is damaged; export it again", found)
	case uint64(len(data)) > f.UncompressedSize64:
		return nil, fmt.Errorf("%s in the zip file has more bytes than it claims; it isn't unpacked", found)
	case a.read > 4*MaxTotal:
		return nil, fmt.Errorf("too much of the zip file was unpacked over and over; divide it")
	}
	return data, nil
}

// Beside finds files relative to a folder of the archive, as an image is found
// beside the question that shows it. Names that lead out find nothing.
func (a *Archive) Beside(folder string) func(name string) ([]byte, bool) {
	return func(name string) ([]byte, bool) {
		name = strings.ReplaceAll(name, `\`, "/")
		data, err := a.Read(path.Join("/", folder, name))
		return data, err == nil
	}
}
