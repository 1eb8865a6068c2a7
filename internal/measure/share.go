package measure

import "math"

// Wilson is the share k of n with its 90 % interval, as fractions of 1: the shares
// that wouldn't be rejected, if the n are drawn at random (E. B. Wilson, "Probable
// inference, the law of succession, and statistical inference", Journal of the
// American Statistical Association 22, 1927). Of nothing it is 0, between 0 and 1.
func Wilson(k, n int) (share, low, high float64) {
	if n <= 0 {
		return 0, 0, 1
	}
	const z2 = IntervalZ * IntervalZ
	count, p := float64(n), float64(k)/float64(n)
	middle := (p + z2/(2*count)) / (1 + z2/count)
	half := IntervalZ / (1 + z2/count) * math.Sqrt(p*(1-p)/count+z2/(4*count*count))
	// At the ends rounding may leave the share outside its own interval.
	return p, max(0, min(p, middle-half)), min(1, max(p, middle+half))
}
