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

// effectSums are one learner's part in the estimation of the variances of the
// effects: the gradient of the log-likelihood with respect to each and Fisher's
// information.
type effectSums struct {
	gradient    [effectKinds]float64
	information [effectKinds][effectKinds]float64
}

func variances(c measure.Components) [effectKinds]float64 {
	return [effectKinds]float64{c.General * c.General, c.Skill * c.Skill, c.Platform * c.Platform, c.Cell * c.Cell}
}

// sumEffects finds a learner's part from the posterior N(m, V) of the learner's
// abilities θ ~ N(0, Σ). What the answers say of θ is, to expectation
// propagation, one observation of covariance C with Ω = (Σ + C)⁻¹ equal to
// Σ⁻¹ − Σ⁻¹VΣ⁻¹; for effects j and k, with z marking the cells that share them,
//
//	gradient_j = ½·((zⱼᵀΣ⁻¹m)² − zⱼᵀΩzⱼ),   information_jk = ½·(zⱼᵀΩzₖ)²
//
// (Searle, Casella & McCulloch 1992, on variance components).
func (c *cellsFit) sumEffects(cells []int, prior, posterior *measure.Normal) effectSums {
	var sums effectSums
	n := len(cells)
	sigma := newSymmetric(n)
	copy(sigma.values, prior.Cov)
	inverse, ok := sigma.choleskyInverse()
	if !ok {
		return sums
	}
	precision := inverse.dense()
	effects := c.effectsOf(cells)
	explained := make([][]float64, len(effects)) // Σ⁻¹z
	for j, effect := range effects {
		explained[j] = make([]float64, n)
		for _, place := range effect.places {
			axpy(explained[j], 1, precision[place*n:(place+1)*n])
		}
	}
	left := make([]float64, n) // VΣ⁻¹z
	for j, effect := range effects {
		for r := range n {
			left[r] = dot(posterior.Cov[r*n:(r+1)*n], explained[j])
		}
		moved := dot(explained[j], posterior.Mean)
		sums.gradient[effect.kind] += moved * moved / 2
		for k, other := range effects {
			omega := -dot(left, explained[k])
			for _, place := range other.places {
				omega += explained[j][place]
			}
			sums.information[effect.kind][other.kind] += omega * omega / 2
			if j == k {
				sums.gradient[effect.kind] -= omega / 2
			}
		}
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

// dense spells the inverse out, row by row.
func (f *factor) dense() []float64 {
	n := len(f.columns)
	all := make([]float64, n*n)
	for r := range n {
		for c := range r + 1 {
			all[r*n+c] = f.product(r, c)
			all[c*n+r] = all[r*n+c]
		}
	}
	return all
}

// spread takes one step of Fisher's scoring towards the components that the
// learners' answers alone make likeliest, pools these with where the components
// started, and returns how far the outcome moved.
//
// The pull is that of n₀ pseudo-learners who differ as the start says and whose
// answers tell as much of it as those of the N learners do. Near its top the
// log-likelihood of either group is a parabola whose curvature is its number times
// the information I of one, so the two together are likeliest where
// N·I·(v − v̂) + n₀·I·(v − v₀) = 0: at the mean of the variances by heads,
//
//	v = (N·v̂ + n₀·v₀) / (N + n₀).
//
// That is also how an inverse-Wishart prior counts its degrees of freedom. Were the
// abilities of pseudo-learners known exactly, these would outweigh real learners,
// and the more so the less answers tell of a component: the skills and cells would
// never move, and learners who differ more in all respects would seem to share more.
func (c *cellsFit) spread() float64 {
	if c.in.Prior != nil {
		return 0
	}
	c.free = c.damped(c.scored())
	before := c.components
	start, alone := variances(c.in.Components), variances(c.free)
	n := float64(len(c.learners))
	pull := max(0, c.in.PseudoLearners) / (n + max(0, c.in.PseudoLearners))
	var pooled [effectKinds]float64
	for j := range pooled {
		pooled[j] = alone[j] + pull*(start[j]-alone[j])
	}
	c.components = components(pooled)
	if c.in.PseudoLearners > 0 {
		c.components = understated(c.components, c.in.Components, c.sharedError(pooled, pull))
		c.components = sharingAtMost(c.components, sharedPart(c.free))
	}
	move := 0.0
	was, is := variances(before), variances(c.components)
	for j := range is {
		move = max(move, math.Abs(math.Sqrt(is[j])-math.Sqrt(was[j])))
	}
	return move
}

// slowing is how much shorter each step has to be than the last.
const slowing = 0.9

// damped takes a share of the way to next. Where the curvature of the likelihood
// is less than Fisher's information, steps overshoot and the components go to and
// fro for ever: each time a step is hardly shorter than the last, half as much of
// it is taken. The point at which steps vanish stays the same.
func (c *cellsFit) damped(next measure.Components) measure.Components {
	now, to := variances(c.free), variances(next)
	step := 0.0
	for j := range to {
		step = max(step, math.Abs(math.Sqrt(to[j])-math.Sqrt(now[j])))
	}
	switch {
	case c.damping == 0:
		c.damping = 1
	case step > slowing*c.lastStep:
		c.damping /= 2
	}
	c.lastStep = step
	for j := range to {
		to[j] = now[j] + c.damping*(to[j]-now[j])
	}
	return components(to)
}

// scored is one step of Fisher's scoring from the components that the answers
// alone have led to so far.
func (c *cellsFit) scored() measure.Components {
	var total effectSums
	for _, s := range c.effects {
		for j := range effectKinds {
			total.gradient[j] += s.gradient[j]
			for k := range effectKinds {
				total.information[j][k] += s.information[j][k]
			}
		}
	}
	now := variances(c.free)
	start := variances(c.in.Components)
	information := newSymmetric(effectKinds)
	for j := range effectKinds {
		// What no answer tells of stays where it started.
		total.gradient[j] += nobody / 2 * (start[j] - now[j]) / (now[j] * now[j])
		total.information[j][j] += nobody / 2 / (now[j] * now[j])
		copy(information.row(j), total.information[j][:])
	}
	inverse, ok := information.choleskyInverse()
	if !ok {
		return c.free
	}
	var next [effectKinds]float64
	covariance := inverse.dense()
	for j := range effectKinds {
		step := dot(covariance[j*effectKinds:(j+1)*effectKinds], total.gradient[:])
		next[j] = max(minVariance, min(max(now[j]+step, now[j]/2), now[j]*2))
	}
	return components(next)
}

// sharedError is the standard error of the shared part at the given variances
// after a pull of that strength; infinite where the answers leave it open. The
// information is the cross product of the learners' gradients: what Fisher's
// scoring takes for it holds for observations that are normal, and of the skills
// and cells, in each of which there are few answers, it would promise about three
// times too much.
func (c *cellsFit) sharedError(v [effectKinds]float64, pull float64) float64 {
	information := newSymmetric(effectKinds)
	for _, s := range c.effects {
		for j := range effectKinds {
			axpy(information.row(j), s.gradient[j], s.gradient[:])
		}
	}
	inverse, ok := information.choleskyInverse()
	if !ok {
		return math.Inf(1)
	}
	total := v[general] + v[skill] + v[platform] + v[cellEffect]
	shared := (v[general] + v[platform]) / total
	var slope [effectKinds]float64
	slope[general], slope[platform] = (1-shared)/total, (1-shared)/total
	slope[skill], slope[cellEffect] = -shared/total, -shared/total
	covariance := inverse.dense()
	variance := 0.0
	for j := range effectKinds {
		variance += slope[j] * dot(covariance[j*effectKinds:(j+1)*effectKinds], slope[:])
	}
	return math.Sqrt((1 - pull) * variance)
}

// understated keeps the shared part, which is the correlation of two skills on one
// platform, from rising above that of the start further than the answers compel:
// to the lower end of its 90 % interval. The error to fear is one-sided, for cells
// that share less than assumed get intervals too short. What is taken off goes to
// skills and cells, of which answers tell least.
func understated(c, start measure.Components, sharedError float64) measure.Components {
	limit := max(sharedPart(start), sharedPart(c)-measure.IntervalZ*sharedError)
	if sharedPart(c) <= limit {
		return c
	}
	common := c.General*c.General + c.Platform*c.Platform
	stretch := math.Sqrt(common * (1/limit - 1) / (c.Skill*c.Skill + c.Cell*c.Cell))
	c.Skill, c.Cell = c.Skill*stretch, c.Cell*stretch
	return c
}

// sharingAtMost keeps the pull from holding the shared part above what the answers
// alone say: where they say less, they are believed at once. The spread of a cell
// stays as it is.
func sharingAtMost(c measure.Components, most float64) measure.Components {
	shared := sharedPart(c)
	if shared <= most {
		return c
	}
	common, own := math.Sqrt(most/shared), math.Sqrt((1-most)/(1-shared))
	return measure.Components{
		General: c.General * common, Platform: c.Platform * common,
		Skill: c.Skill * own, Cell: c.Cell * own,
	}
}

// sharedPart is the correlation of two skills on one platform.
func sharedPart(c measure.Components) float64 {
	common := c.General*c.General + c.Platform*c.Platform
	return common / (common + c.Skill*c.Skill + c.Cell*c.Cell)
}

func components(v [effectKinds]float64) measure.Components {
	return measure.Components{
		General: math.Sqrt(v[general]), Skill: math.Sqrt(v[skill]),
		Platform: math.Sqrt(v[platform]), Cell: math.Sqrt(v[cellEffect]),
	}
}

// minVariance keeps every component alive: a prior needs its cells to differ.
const minVariance = 1e-3

// nobody is a number of learners too small to matter.
const nobody = 1e-3
