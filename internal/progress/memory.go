package progress

import (
	"container/list"
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"

	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// remembered bounds how many points are kept; each takes about 1 KB.
const remembered = 8192

// memory keeps points of the past, so that a page that is looked at again is quick.
// A point follows from the model, the exam, the moment and the answers, and these are
// its key: nothing kept can become wrong. It keeps points of one model at a time, and
// may be used by several goroutines; a nil memory keeps nothing.
type memory struct {
	seed maphash.Seed

	mu    sync.Mutex
	model *readiness.Model
	order *list.List // of entry, the latest used first
	at    map[key]*list.Element
}

type key struct {
	model *readiness.Model
	code  exam.Code
	at    int64  // Unix milliseconds
	known uint64 // digest of the answers
}

type entry struct {
	key    key
	report readiness.ExamReport
}

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed(), order: list.New(), at: map[key]*list.Element{}}
}

// keys are those of the points at some moments, in order of time.
func (m *memory) keys(model *readiness.Model, code exam.Code, responses []exam.Response, moments []moment) []key {
	if m == nil {
		return nil
	}
	var h maphash.Hash
	h.SetSeed(m.seed)
	keys := make([]key, len(moments))
	done := 0
	for i, one := range moments {
		for _, r := range responses[done:one.known] {
			digest(&h, r)
		}
		done = one.known
		keys[i] = key{model, code, one.at.UnixMilli(), h.Sum64()}
	}
	return keys
}

// digest adds all of a response that measurement looks at. Writing to a hash never
// fails.
func digest(h *maphash.Hash, r exam.Response) {
	_, _ = h.WriteString(string(r.Question))
	_ = h.WriteByte(0)
	_, _ = h.WriteString(string(r.Outcome))
	var rest [9]byte
	binary.LittleEndian.PutUint64(rest[:], uint64(r.At.UnixNano()/int64(time.Microsecond)))
	if r.Pretest {
		rest[8] = 1
	}
	_, _ = h.Write(rest[:])
}

func (m *memory) get(keys []key, i int) (readiness.ExamReport, bool) {
	if m == nil {
		return readiness.ExamReport{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.at[keys[i]]
	if !ok {
		return readiness.ExamReport{}, false
	}
	m.order.MoveToFront(e)
	return e.Value.(entry).report, true
}

func (m *memory) put(keys []key, i int, report readiness.ExamReport) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.model != keys[i].model {
		m.model = keys[i].model
		m.order.Init()
		clear(m.at)
	}
	if _, ok := m.at[keys[i]]; ok {
		return
	}
	if m.order.Len() >= remembered {
		oldest := m.order.Back()
		delete(m.at, oldest.Value.(entry).key)
		m.order.Remove(oldest)
	}
	m.at[keys[i]] = m.order.PushFront(entry{keys[i], report})
}
