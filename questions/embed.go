// Package questions holds what ships inside the program: the built-in question
// bank and the catalogue of certifications.
package questions

import (
	"embed"
	"io/fs"
)

// Each platform folder has a README.md, so that the pattern matches before the
// first question is written.
//
//go:embed aws azure gcp neutral
var bank embed.FS

//go:embed catalogue
var catalogue embed.FS

// Bank is the built-in bank: one folder per platform, one folder per skill in
// it (and "cases" for case sets), one YAML file per question or case set.
func Bank() fs.FS { return bank }

// Catalogue is the catalogue of certifications, rooted at its own folder.
func Catalogue() fs.FS {
	sub, err := fs.Sub(catalogue, "catalogue")
	if err != nil {
		panic(err) // only for an invalid path, and this one is constant
	}
	return sub
}
