// Package futures runs functions in parallel, in goroutines or in processes,
// with the names and the meaning of Python's concurrent.futures.
//
//	func main() {
//		futures.FreezeSupport(gcd)
//
//		pool := futures.NewProcessPoolExecutor(2)
//		defer pool.Shutdown(true, false)
//		for divisor, err := range futures.Map(pool, gcd, numbers) {
//			fmt.Println(divisor, err)
//		}
//	}
//
// An [Executor] runs tasks: [Submit] hands it a function with its argument and
// returns a [Future], [Map] does so for many arguments and hands out the results
// in their order. [Wait] and [AsCompleted] wait for several futures.
//
// [ThreadPoolExecutor] runs tasks in goroutines. [ProcessPoolExecutor] runs them
// in worker processes, which are the program itself, started once more. Therefore
//
//   - main begins with [FreezeSupport], where a worker turns to its tasks. It is
//     Python's main guard; without it a worker would run main again, and stops as
//     soon as it is about to start a process;
//   - a task is a declared function, named in FreezeSupport; a function literal
//     has no name in another process;
//   - argument and result are copied, whole, with what they point to; [Shared]
//     memory is not copied at all. What can't cross (a channel, a function, what
//     only a package of the standard library understands, such as a list.List) is
//     a [PicklingError] that tells where it is. A type may have its own way, by
//     MarshalBinary and UnmarshalBinary;
//   - an interface may hold values of types without a name, and of those that
//     functions named in FreezeSupport take and return. Name a value of any other
//     type there, too.
//
// In a notebook the first two are the host's business: workers know the notebook's
// functions, methods and types, and have the values that its variables had when a task
// was submitted. What a task assigns to them stays in its worker.
//
// An error of a task in a worker process is a [RemoteError], for which errors.Is
// holds as for the original, and errors.As if its type is known in that way; a panic
// is a [PanicError]. Printed with %+v they show where in the worker they come from,
// and its stack. A worker that dies breaks its pool: every pending future fails with
// [BrokenProcessPool], unless [Restart] says to replace it. No worker outlives its
// parent.
//
// The context of a task in a worker process has the deadline that the submitter's
// has, and ends as that does, with its cause; it has no values.
//
// What Python can't: a task that runs is cancelled by [Future.CancelRunning] or,
// with [KillAfter], by the end of its context; a worker process that runs it is
// killed and replaced.
package futures
