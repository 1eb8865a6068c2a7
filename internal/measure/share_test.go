package measure

import (
	"math"
	"testing"
)

// The bounds are the roots x of (p − x)² = z²·x·(1 − x)/n, worked out apart.
func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		k, n             int
		share, low, high float64
	}{
		{0, 0, 0, 0, 1},
		{0, 10, 0, 0, 0.2129420},
		{10, 10, 1, 0.7870580, 1},
		{7, 10, .7, 0.4416998, 0.8731234},
		{50, 100, .5, 0.4188478, 0.5811522},
	} {
		share, low, high := Wilson(tt.k, tt.n)
		if math.Abs(share-tt.share) > 1e-6 || math.Abs(low-tt.low) > 1e-6 || math.Abs(high-tt.high) > 1e-6 {
			t.Errorf("%d of %d: %v between %v and %v, want %v between %v and %v", tt.k, tt.n, share, low, high, tt.share, tt.low, tt.high)
		}
		if tt.n > 0 && !(0 <= low && low <= share && share <= high && high <= 1) {
			t.Errorf("%d of %d: %v isn't between %v and %v", tt.k, tt.n, share, low, high)
		}
	}
}
