package postings

import (
	"regexp"
	"strings"
)

// MaxBytes bounds what is read at once.
const MaxBytes = 200 << 10

// MaxPostings bounds how many postings are counted at once.
const MaxPostings = 40

// rule is a line that parts two postings: three or more dashes, equals signs,
// asterisks, underscores, hashes or tildes, or a form feed.
var rule = regexp.MustCompile(`^\s*(?:(?:-\s?){3,}|(?:=\s?){3,}|(?:\*\s?){3,}|(?:_\s?){3,}|#{3,}|~{3,}|—{2,}|─{3,}|\f)\s*$`)

// parting is how many empty lines in a row part two postings.
const parting = 4

// minWords is how many words a posting has at least; less belongs to what
// follows, or to what stands before.
const minWords = 6

// Split parts a text into postings: at lines of three or more dashes (or =, *, _,
// #, ~), and at four or more empty lines in a row. A line of dashes right
// under a line of text is that line's underline and parts nothing; nor does
// one beside a scrap of fewer than six words. It returns no empty posting.
func Split(text string) []string {
	var pieces []string
	var piece []string
	empty := 0
	end := func() {
		pieces = append(pieces, strings.Join(piece, "\n"))
		piece = nil
	}
	for _, line := range strings.Split(Plain(text), "\n") {
		blank := strings.TrimSpace(line) == "" && !strings.Contains(line, "\f")
		underline := empty == 0 && len(piece) > 0 && !strings.Contains(line, "\f")
		switch {
		case !blank && rule.MatchString(line) && !underline:
			end()
			empty = 1
			continue
		case blank:
			empty++
		case empty >= parting:
			end()
			empty = 0
		default:
			empty = 0
		}
		piece = append(piece, line)
	}
	end()
	return gather(pieces)
}

// gather joins scraps to the piece after them, the last one to the piece before.
func gather(pieces []string) []string {
	var whole []string
	scrap := ""
	for _, p := range pieces {
		if strings.TrimSpace(p) == "" {
			continue
		}
		p = strings.Trim(scrap+p, "\n\r\f ")
		scrap = ""
		switch {
		case len(strings.Fields(p)) < minWords:
			scrap = p + "\n"
		default:
			whole = append(whole, p)
		}
	}
	scrap = strings.TrimSpace(scrap)
	switch {
	case scrap == "":
	case len(whole) == 0:
		whole = []string{scrap}
	default:
		whole[len(whole)-1] += "\n" + scrap
	}
	return whole
}
