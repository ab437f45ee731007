package futures_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/paracell/paracell/futures"
)

func started2(b *testing.B) *futures.ProcessPoolExecutor {
	b.Helper()
	pool := futures.NewProcessPoolExecutor(2)
	if err := pool.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { pool.Shutdown(true, true) })
	return pool
}

func BenchmarkThreadRoundTrip(b *testing.B) {
	pool := futures.NewThreadPoolExecutor(2)
	defer pool.Shutdown(true, false)
	for b.Loop() {
		futures.Submit(pool, square, 3).Result()
	}
}

func BenchmarkThreadSubmit(b *testing.B) {
	pool := futures.NewThreadPoolExecutor(2)
	for b.Loop() {
		futures.Submit(pool, square, 3)
	}
	pool.Shutdown(true, false)
}

func BenchmarkProcessStart(b *testing.B) {
	for b.Loop() {
		pool := futures.NewProcessPoolExecutor(2)
		pool.Start(context.Background())
		b.StopTimer()
		pool.Shutdown(true, false)
		b.StartTimer()
	}
}

func BenchmarkProcessRoundTrip(b *testing.B) {
	pool := started2(b)
	for b.Loop() {
		futures.Submit(pool, square, 3).Result()
	}
}

func BenchmarkProcessMap(b *testing.B) {
	pool := started2(b)
	args := make([]int, b.N)
	b.ResetTimer()
	for range futures.Map(pool, square, args) {
	}
}

func BenchmarkProcessBytes64MB(b *testing.B) {
	pool := started2(b)
	arg := make([]byte, 64<<20)
	b.SetBytes(int64(len(arg)))
	for b.Loop() {
		if n, err := futures.Submit(pool, length, arg).Result(); n != len(arg) {
			b.Fatal(err)
		}
	}
}

func BenchmarkProcessKill(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		pool := futures.NewProcessPoolExecutor(1)
		pool.Start(context.Background())
		f := futures.Submit(pool, untilFile, filepath.Join(b.TempDir(), "never"))
		b.StartTimer()
		kill(pool.PIDs()[0])
		f.Exception()
		b.StopTimer()
		pool.Shutdown(true, false)
		b.StartTimer()
	}
}

func length(b []byte) int { return len(b) }
func init()               { futures.Register(length) }

// BenchmarkRecording is a Map of 100,000 trivial tasks with and without a record
// of it, and with its progress told.
func BenchmarkRecording(b *testing.B) {
	args := make([]int, 100_000)
	for name, opts := range map[string][]futures.Option{"off": nil, "on": {futures.Recorded()}} {
		b.Run("processes/"+name, func(b *testing.B) {
			pool := futures.NewProcessPoolExecutor(2, opts...)
			pool.Start(b.Context())
			defer pool.Shutdown(true, false)
			for b.Loop() {
				for range futures.Map(pool, square, args) {
				}
			}
		})
		b.Run("threads/"+name, func(b *testing.B) {
			pool := futures.NewThreadPoolExecutor(2, opts...)
			defer pool.Shutdown(true, false)
			for b.Loop() {
				for range futures.Map(pool, square, args) {
				}
			}
		})
	}
	b.Run("processes/progress", func(b *testing.B) {
		pool := started2(b)
		for b.Loop() {
			for range futures.Map(pool, square, args, futures.OnProgress(func(futures.Progress) {})) {
			}
		}
	})
}

// BenchmarkThreadMany is one of 100,000 tasks that are submitted at once, and its
// result.
func BenchmarkThreadMany(b *testing.B) {
	fs := make([]*futures.Future[int], 100_000)
	b.ReportAllocs()
	for b.Loop() {
		pool := futures.NewThreadPoolExecutor(2)
		for i := range fs {
			fs[i] = futures.Submit(pool, square, i)
		}
		for i, f := range fs {
			if v, err := f.Result(); v != i*i || err != nil {
				b.Fatal(v, err)
			}
		}
		pool.Shutdown(true, false)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(len(fs)), "ns/task")
}
