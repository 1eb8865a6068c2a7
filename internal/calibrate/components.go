package calibrate

import (
	"math"

	"sextant/internal/measure"
)

// The kinds of effect whose variances make the prior over cells.
const (
	general = iota
	skill
	platform
	cellEffect
	effectKinds
)

// effectSums are, for one learner and per kind of effect, the sum of posterior
// second moments over the effects that the learner's cells share in, and their
// number.
type effectSums struct{ square, count [effectKinds]float64 }

func variances(c measure.Components) [effectKinds]float64 {
	return [effectKinds]float64{c.General * c.General, c.Skill * c.Skill, c.Platform * c.Platform, c.Cell * c.Cell}
}

// sumEffects finds the second moments of a learner's effects u ~ N(0, D) from the
// posterior N(m, V) of the abilities θ = Zu: with A = D Zᵀ Σ⁻¹,
//
//	E(u uᵀ) = A (m mᵀ + V) Aᵀ + D − A Z D.
func (c *cellsFit) sumEffects(cells []int, prior, posterior *measure.Normal) effectSums {
	n := len(cells)
	sigma := newSymmetric(n)
	copy(sigma.values, prior.Cov)
	inverse, ok := sigma.choleskyInverse()
	if !ok {
		return effectSums{}
	}
	v := variances(c.components)
	var sums effectSums
	z, a, moved := make([]float64, n), make([]float64, n), make([]float64, n)
	for _, effect := range c.effectsOf(cells) {
		d := v[effect.kind]
		clear(z)
		for _, k := range effect.places {
			z[k] = 1
		}
		inverse.times(z, a)
		explained, mean := 0.0, 0.0
		for k := range a {
			a[k] *= d
			explained += a[k] * z[k] * d
			mean += a[k] * posterior.Mean[k]
		}
		square := 0.0
		for r := range n {
			moved[r] = dot(posterior.Cov[r*n:(r+1)*n], a)
			square += moved[r] * a[r]
		}
		sums.square[effect.kind] += square + mean*mean + d - explained
		sums.count[effect.kind]++
	}
	return sums
}

// effect is one random effect and the places of the cells that share it.
type effect struct {
	kind   int
	places []int
}

// effectsOf lists the effects of a learner's cells in a fixed order.
func (c *cellsFit) effectsOf(cells []int) []effect {
	list := []effect{{kind: general}}
	type key struct{ kind, level int }
	at := map[key]int{}
	join := func(k key, place int) {
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, effect{kind: k.kind})
		}
		list[i].places = append(list[i].places, place)
	}
	for place, cell := range cells {
		where := c.in.Cells[cell]
		list[0].places = append(list[0].places, place)
		join(key{skill, where.Skill}, place)
		if !where.Neutral {
			join(key{platform, where.Platform}, place)
			join(key{cellEffect, cell}, place)
		}
	}
	return list
}

// times writes the inverse times z into dst.
func (f *factor) times(z, dst []float64) {
	for r := range dst {
		dst[r] = 0
		for c, v := range z {
			if v != 0 {
				dst[r] += f.product(r, c) * v
			}
		}
	}
}

// spread re-estimates the components by empirical Bayes, pulled towards where
// they started by pseudo-learners, and returns how far they moved.
func (c *cellsFit) spread() float64 {
	if c.in.Prior != nil {
		return 0
	}
	var total effectSums
	for _, s := range c.effects {
		for kind := range effectKinds {
			total.square[kind] += s.square[kind]
			total.count[kind] += s.count[kind]
		}
	}
	start := variances(c.in.Components)
	now := variances(c.components)
	learners := float64(len(c.learners))
	var next [effectKinds]float64
	move := 0.0
	for kind := range effectKinds {
		found := now[kind]
		if total.count[kind] > 0 {
			found = total.square[kind] / total.count[kind]
		}
		next[kind] = math.Sqrt((learners*found + pseudoLearners*start[kind]) / (learners + pseudoLearners))
		move = max(move, math.Abs(next[kind]-math.Sqrt(now[kind])))
	}
	c.components = measure.Components{General: next[general], Skill: next[skill], Platform: next[platform], Cell: next[cellEffect]}
	return move
}
