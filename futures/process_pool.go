package futures

import (
	"context"
)

// ProcessPoolExecutor runs tasks in worker processes, at most maxWorkers of
// them, started on demand.
type ProcessPoolExecutor struct{}

// NewProcessPoolExecutor makes a pool; 0 workers stands for CPUCount.
func NewProcessPoolExecutor(maxWorkers int, opts ...Option) *ProcessPoolExecutor {
	return &ProcessPoolExecutor{}
}

// SubmitTask implements Executor.
func (p *ProcessPoolExecutor) SubmitTask(ctx context.Context, task Task, arg any) *AnyFuture {
	return failed(&RuntimeError{"process pools are not there yet"})
}

// Shutdown implements Executor.
func (p *ProcessPoolExecutor) Shutdown(wait, cancelFutures bool) {}
