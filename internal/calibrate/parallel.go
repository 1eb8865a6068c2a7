package calibrate

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel runs work(0) … work(tasks−1) on all cores. Tasks write to places of
// their own, so that the number of cores can't change a result.
func parallel(tasks int, work func(task int)) {
	workers := min(runtime.GOMAXPROCS(0), tasks)
	if workers <= 1 {
		for task := range tasks {
			work(task)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for task := next.Add(1) - 1; task < int64(tasks); task = next.Add(1) - 1 {
				work(int(task))
			}
		})
	}
	group.Wait()
}
