package web

import (
	"strings"

	"sextant/internal/page"
)

// The figure of an item's curve is 276 by 176 within its margins.
func curveX(percent float64) string { return place(36 + 2.76*percent) }
func curveY(percent float64) string { return place(184 - 1.76*percent) }

// curvePoints are the corners of a line: x by its scale, y upwards from the base.
func curvePoints(line []page.CurvePoint, scaleX, base, scaleY float64) string {
	corners := make([]string, len(line))
	for i, p := range line {
		corners[i] = place(scaleX*p.X) + "," + place(base-scaleY*p.Y)
	}
	return strings.Join(corners, " ")
}
