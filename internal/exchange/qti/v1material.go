package qti

import (
	"cmp"
	"strings"

	"sextant/internal/exchange/xmltree"
)

// Bounds on what items of QTI 1.2 refer to.
const (
	maxMaterials = 20_000 // labelled in one file
	maxInserted  = 200    // put into one item
)

// labelled are the materials of a file that have a label, by which items refer to
// them with matref and material_ref.
func labelled(text string) map[string]*xmltree.Node {
	found := map[string]*xmltree.Node{}
	elements(text, func(name string) bool { return name == "material" }, func(e element) bool {
		if e.name != "material" || e.ended || !strings.Contains(e.text, "label") && !strings.Contains(e.text, "ident") {
			return true
		}
		n, _, err := xmltree.Parse(e.text, e.line)
		if err != nil {
			return true
		}
		for _, k := range append([]*xmltree.Node{n}, n.Elements()...) {
			if label := cmp.Or(k.Attr("label"), k.Attr("ident")); label != "" && found[label] == nil {
				found[label] = k
			}
		}
		return len(found) < maxMaterials
	})
	return found
}

// insert puts the materials that an item refers to in the place of the
// references. It returns the name of one that isn't there, or "".
func (b *bankReader) insert(item *xmltree.Node) (missing string) {
	if b.materials == nil {
		return ""
	}
	left := maxInserted
	var within func(n *xmltree.Node, depth int)
	within = func(n *xmltree.Node, depth int) {
		for i, k := range n.Children {
			if k.Name == "matref" || k.Name == "material_ref" {
				to := k.Attr("linkrefid")
				if b.materials[to] == nil {
					missing = cmp.Or(missing, to, "?")
				} else if left--; left >= 0 {
					n.Children[i] = &xmltree.Node{Name: "material", Line: k.Line, Children: []*xmltree.Node{b.materials[to]}}
				}
				continue // what is put in isn't searched again: references may go in circles
			}
			if depth < 50 {
				within(k, depth+1)
			}
		}
	}
	within(item, 0)
	return missing
}
