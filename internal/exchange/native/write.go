package native

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// Losses is empty: the format holds everything a question has.
func Losses([]*exam.Question) []exchange.Loss { return nil }

// WriteZip writes a zip of YAML files in the folders of a bank, and the images
// that the questions show in the folder media. The same questions give the same
// bytes.
//
// Errors: those of bank.Encode, an image that media doesn't have, two questions
// of one id, and those of w.
func WriteZip(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	out := zip.NewWriter(w)
	written := map[string]bool{}
	write := func(name string, data []byte) error {
		if written[name] {
			return fmt.Errorf("native.WriteZip: %s is there twice; give each question its own id", name)
		}
		written[name] = true
		file, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("native.WriteZip(%s): %w", name, err)
		}
		if _, err := file.Write(data); err != nil {
			return fmt.Errorf("native.WriteZip(%s): %w", name, err)
		}
		return nil
	}
	for _, set := range bank.Sets(together(questions)) {
		data, err := bank.Encode(set...)
		if err != nil {
			return err
		}
		if err := write(fileName(set[0]), data); err != nil {
			return err
		}
	}
	for _, key := range mediaOf(questions) {
		image, ok := media[key]
		if !ok {
			return fmt.Errorf("native.WriteZip: the image %s isn't there", key)
		}
		if err := write(mediaFolder+key, image.Data); err != nil {
			return err
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("native.WriteZip: %w", err)
	}
	return nil
}

// fileName is where a question's file belongs in a bank's folders.
func fileName(q *exam.Question) string {
	folder, id := string(q.Skill), string(q.ID)
	if q.Stimulus != nil {
		folder, id = "cases", string(q.Stimulus.ID)
	}
	var parts []string
	for _, part := range []string{string(q.Platform), folder} {
		if part != "" && !strings.ContainsAny(part, `/\.:`) {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, id+".yaml"), "/")
}

// WriteJSON writes a list in JSON, images in the texts as data: addresses.
//
// Errors: those of bank.EncodeJSON, an image that media doesn't have.
func WriteJSON(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	var missing error
	written := make([]*exam.Question, len(questions))
	for i, q := range together(questions) {
		if len(exchange.MediaKeys(q)) == 0 {
			written[i] = q
			continue
		}
		written[i] = clone(q)
		for _, text := range exchange.Texts(written[i]) {
			*text = exchange.ReplaceImages(*text, func(alt, address string) string {
				if key, ours := strings.CutPrefix(address, exchange.MediaScheme); ours {
					image, ok := media[key]
					if !ok {
						missing = errors.Join(missing, fmt.Errorf("native.WriteJSON(%s): the image %s isn't there", q.ID, key))
					}
					address = exchange.DataAddress(image)
				}
				return "![" + alt + "](" + address + ")"
			})
		}
	}
	if missing != nil {
		return missing
	}
	return bank.EncodeJSON(w, together(written))
}

// mediaOf lists the keys of the images that questions show, sorted.
func mediaOf(questions []*exam.Question) []string {
	keys := map[string]bool{}
	for _, q := range questions {
		for _, key := range exchange.MediaKeys(q) {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// together gives questions whose case set is the same one Stimulus, which is what
// the format goes by. The questions given stay as they are.
func together(questions []*exam.Question) []*exam.Question {
	sets := map[exam.Stimulus]*exam.Stimulus{}
	result := slices.Clone(questions)
	for i, q := range questions {
		if q.Stimulus == nil {
			continue
		}
		set, known := sets[*q.Stimulus]
		if !known {
			set = q.Stimulus
			sets[*q.Stimulus] = set
		}
		if set != q.Stimulus {
			copied := *q
			copied.Stimulus = set
			result[i] = &copied
		}
	}
	return result
}

// clone copies everything that Texts points to.
func clone(q *exam.Question) *exam.Question {
	copied := *q
	copied.Options, copied.Prompts, copied.Statements = slices.Clone(q.Options), slices.Clone(q.Prompts), slices.Clone(q.Statements)
	if q.Stimulus != nil {
		set := *q.Stimulus
		copied.Stimulus = &set
	}
	return &copied
}
