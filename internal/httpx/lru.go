package httpx

import (
	"container/list"
	"sync"

	"golang.org/x/time/rate"
)

// lru keeps the limiters of the addresses seen most recently.
type lru struct {
	mu      sync.Mutex
	size    int
	order   *list.List // of lruEntry, most recent first
	entries map[string]*list.Element
}

type lruEntry struct {
	key     string
	limiter *rate.Limiter
}

func newLRU(size int) *lru {
	return &lru{size: size, order: list.New(), entries: map[string]*list.Element{}}
}

func (l *lru) get(key string, create func() *rate.Limiter) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.entries[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(lruEntry).limiter
	}
	if l.order.Len() >= l.size {
		oldest := l.order.Back()
		l.order.Remove(oldest)
		delete(l.entries, oldest.Value.(lruEntry).key)
	}
	entry := lruEntry{key: key, limiter: create()}
	l.entries[key] = l.order.PushFront(entry)
	return entry.limiter
}
