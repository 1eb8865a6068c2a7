// Package measure is the measurement model as pure numbers: answer curves with
// a fixed guessing asymptote, a Gaussian prior over skill × platform cells, the
// posterior by expectation propagation, composites and their expected scores,
// the probability of a pass, and the value of asking each question next.
//
// Abilities are in logits throughout. The package knows nothing of exams,
// catalogues or clocks: callers give it indexes and numbers.
package measure

// Components are the standard deviations, in logits, of the independent parts
// of an ability: general, skill, platform, and skill × platform.
type Components struct {
	General, Skill, Platform, Cell float64
}

// DefaultComponents is the prior in use until there is data to re-estimate it:
// two cells of one platform correlate .54, one skill on two platforms .59, cells
// that share neither .32. The shared part is understated on purpose: assuming a
// correlation of .5 where .7 is true still covers 91.9 %, assuming .9 covers
// only 78.6 %. The structure is that of crossed random effects (Van den
// Noortgate, De Boeck & Meulders 2003; De Boeck & Wilson 2004).
var DefaultComponents = Components{General: 0.65, Skill: 0.60, Platform: 0.55, Cell: 0.50}

// What is not known of an item that nobody has calibrated yet.
const (
	ColdSDB    = 0.6 // logits: true difficulty around the author's label
	ColdSDLogA = 0.3 // true log slope around 0 (slope 1)
)

// difficultyB are the locations, in logits, of the author's difficulties 1 to 5.
var difficultyB = [5]float64{-1.6, -0.8, 0, 0.8, 1.6}

// DifficultyB returns the location in logits that stands for an author's
// difficulty of 1 to 5, and false for any other number.
func DifficultyB(difficulty int) (float64, bool) {
	if difficulty < 1 || difficulty > len(difficultyB) {
		return 0, false
	}
	return difficultyB[difficulty-1], true
}

// FadingDays is the time constant, in days, with which an answer's evidence
// fades: after FadingDays it counts 1/e. People learn and forget; the value is
// an assumption that simulation sweeps.
const FadingDays = 90.0

// IntervalZ is the standard normal quantile that bounds a central 90 % interval.
const IntervalZ = 1.6448536269514722
