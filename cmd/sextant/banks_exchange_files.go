package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
)

// Bounds on what one command reads.
const (
	maxImportBytes = 512 << 20
	maxBeside      = 2000 // images beside the files named
)

// importFiles reads the files that are named and those in directories, and with
// a file the images in its folder and one below. found tells the files that nobody
// named: those of a directory.
func importFiles(names []string) (files []exchange.Source, found map[string]bool, err error) {
	r := importReader{found: map[string]bool{}, read: map[string]bool{}}
	for _, name := range names {
		if err := r.named(name); err != nil {
			return nil, nil, err
		}
	}
	if len(r.files) == 0 {
		return nil, nil, usageError{fmt.Errorf("there are no files in %s", strings.Join(names, ", "))}
	}
	return r.files, r.found, nil
}

type importReader struct {
	files []exchange.Source
	found map[string]bool
	read  map[string]bool
	bytes int
}

func (r *importReader) named(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("there is no file %s", name)}
	}
	if err != nil {
		return fmt.Errorf("reading files: %w", err)
	}
	if info.IsDir() {
		return r.directory(name)
	}
	if err := r.file(name); err != nil {
		return err
	}
	return r.imagesBeside(filepath.Dir(name))
}

func (r *importReader) file(name string) error {
	key := filepath.Clean(name)
	if r.read[key] {
		return nil
	}
	r.read[key] = true
	data, err := readBounded(name)
	if err != nil {
		return fmt.Errorf("reading files: %w", err)
	}
	if r.bytes += len(data); r.bytes > maxImportBytes {
		return usageError{fmt.Errorf("the files have more than %d MB together; name fewer at a time", maxImportBytes>>20)}
	}
	r.files = append(r.files, exchange.Source{Name: filepath.ToSlash(name), Data: data})
	return nil
}

// readBounded reads no more of a file than shows that it is too large.
func readBounded(name string) (data []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, intake.MaxBytes+1))
}

func hidden(name string) bool {
	return strings.HasPrefix(filepath.Base(name), ".") && len(filepath.Base(name)) > 2
}

// directory reads every ordinary file below a directory that isn't hidden.
func (r *importReader) directory(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("reading files: %w", err)
		case name != root && hidden(name) && d.IsDir():
			return fs.SkipDir
		case !d.Type().IsRegular() || hidden(name):
			return nil
		}
		r.found[filepath.ToSlash(name)] = true
		return r.file(name)
	})
}

var imageExtensions = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}

// imagesBeside reads the images of a folder and of those in it: texts name them
// by their path from the file. What can't be read is missed by whoever needs it.
func (r *importReader) imagesBeside(folder string) error {
	var names []string
	for _, pattern := range []string{"*", filepath.Join("*", "*")} {
		matches, err := filepath.Glob(filepath.Join(escapeGlob(folder), pattern))
		if err != nil {
			return fmt.Errorf("looking for images: %w", err)
		}
		names = append(names, matches...)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		info, err := os.Stat(name)
		return !slices.Contains(imageExtensions, strings.ToLower(filepath.Ext(name))) || err != nil || !info.Mode().IsRegular() || info.Size() > exchange.MaxMediaBytes
	})
	for _, name := range names[:min(len(names), maxBeside)] {
		if err := r.file(name); err != nil {
			return err
		}
	}
	return nil
}

// escapeGlob keeps a folder's own name from being a pattern.
func escapeGlob(folder string) string {
	return strings.NewReplacer(`[`, `[[]`, `*`, `[*]`, `?`, `[?]`).Replace(folder)
}
