package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"sextant/internal/exchange/archive"
)

// pack makes a zip file of entries; prepare may spoil their headers.
func pack(t testing.TB, entries map[string]string, prepare func(*zip.FileHeader)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range entries {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		if prepare != nil {
			prepare(h)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFilesAreFoundWhateverTheLetterCase(t *testing.T) {
	a, err := archive.Open(pack(t, map[string]string{"Items/Q1.XML": "one", `images\a.png`: "two", "__MACOSX/x": "", "items/": "", "./top.xml": "three", ".DS_Store": ""}, nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(a.Names(), " "); got != "Items/Q1.XML images/a.png top.xml" {
		t.Errorf("names %s", got)
	}
	for name, want := range map[string]string{"items/q1.xml": "one", "Items/Q1.XML": "one", "images/../images/A.png": "two", "/top.xml": "three"} {
		if data, err := a.Read(name); err != nil || string(data) != want {
			t.Errorf("Read(%s) = %q, %v", name, data, err)
		}
	}
	if data, ok := a.Beside("items")("../images/a.png"); !ok || string(data) != "two" {
		t.Errorf("beside items: %q, %v", data, ok)
	}
	if _, ok := a.Beside("items")("../../../etc/passwd"); ok {
		t.Error("a name that leads out was found")
	}
	if _, err := a.Read("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if a.Size("top.xml") != 5 || a.Size("none") != 0 {
		t.Errorf("sizes %d, %d", a.Size("top.xml"), a.Size("none"))
	}
}

func TestNamesInTheOldCodePage(t *testing.T) {
	a, err := archive.Open(pack(t, map[string]string{"gr\x81\xe1e.xml": "x"}, func(h *zip.FileHeader) { h.NonUTF8 = true }))
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Names(); len(got) != 1 || got[0] != "grüße.xml" {
		t.Errorf("names %q", got)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	many := map[string]string{}
	for i := range archive.MaxEntries + 1 {
		many[fmt.Sprint(i)] = ""
	}
	bomb := pack(t, map[string]string{"bomb.xml": strings.Repeat("\x00", 32<<20)}, nil)
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"no zip", []byte("PK\x03\x04 but no more"), "damaged"},
		{"empty", nil, "damaged"},
		{"traversal", pack(t, map[string]string{"../x": ""}, nil), "leads out"},
		{"traversal within", pack(t, map[string]string{"a/../../x": ""}, nil), "leads out"},
		{"backslashes", pack(t, map[string]string{`..\x`: ""}, nil), "leads out"},
		{"absolute", pack(t, map[string]string{"/etc/passwd": ""}, nil), "leads out"},
		{"drive", pack(t, map[string]string{"C:/x": ""}, nil), "leads out"},
		{"control characters", pack(t, map[string]string{"a\nb": ""}, nil), "control characters"},
		{"link", pack(t, map[string]string{"a": "/etc/passwd"}, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), "link"},
		{"long name", pack(t, map[string]string{strings.Repeat("a", 600): ""}, nil), "name of 600 bytes"},
		{"too many", pack(t, many, nil), "20001 files"},
		{"bomb", bomb, "200 times"},
		{"encrypted", patch(pack(t, map[string]string{"a": "x"}, nil), func(central []byte) { central[8] |= 1 }), "encrypted"},
		{"huge by its own word", patch(pack(t, map[string]string{"a": "x"}, nil), func(central []byte) { binary.LittleEndian.PutUint32(central[24:], 65<<20) }), "65 MB"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if _, err := archive.Open(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// patch changes the first entry of a zip file's table of contents.
func patch(data []byte, change func(central []byte)) []byte {
	data = bytes.Clone(data)
	before, _, _ := bytes.Cut(data, []byte("PK\x01\x02"))
	change(data[len(before):])
	return data
}

func TestAFileThatLiesAboutItsSizeIsNotUnpacked(t *testing.T) {
	data := patch(pack(t, map[string]string{"a": strings.Repeat("x", 1000)}, nil), func(central []byte) { binary.LittleEndian.PutUint32(central[24:], 10) })
	a, err := archive.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.Read("a"); err == nil {
		t.Errorf("read %d bytes of a file that claims 10", len(got))
	}
}

func TestDamageIsSaid(t *testing.T) {
	data := pack(t, map[string]string{"a": strings.Repeat("words of a question ", 1000)}, nil)
	i := bytes.Index(data, []byte("PK\x01\x02"))
	data[i/2] ^= 0xff
	a, err := archive.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read("a"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("error %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(pack(f, map[string]string{"a.xml": "<a/>", "b/c.png": "x"}, nil))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(_ *testing.T, data []byte) {
		a, err := archive.Open(data)
		if err != nil {
			return
		}
		for _, name := range a.Names() {
			_, _ = a.Read(name)
		}
	})
}
