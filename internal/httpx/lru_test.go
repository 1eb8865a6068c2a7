package httpx

import (
	"strconv"
	"testing"

	"golang.org/x/time/rate"
)

// However many addresses try, memory is bounded, and whoever tried last is
// remembered longest.
func TestTheOldestAddressIsForgotten(t *testing.T) {
	made := 0
	create := func() *rate.Limiter { made++; return rate.NewLimiter(1, 1) }
	l := newLRU(3)
	first := l.get("first", create)
	for i := range 100 {
		l.get(strconv.Itoa(i), create)
		if again := l.get("first", create); again != first {
			t.Fatalf("after %d other addresses the one that keeps trying is forgotten", i+1)
		}
	}
	if l.order.Len() != 3 || len(l.entries) != 3 {
		t.Errorf("%d and %d addresses are kept, want 3", l.order.Len(), len(l.entries))
	}
	if made != 101 {
		t.Errorf("%d limiters were made, want 101", made)
	}
	if l.get("0", create); made != 102 {
		t.Error("an address that was forgotten is still there")
	}
}
