package futures_test

import (
	"context"
	"fmt"

	"github.com/paracell/paracell/futures"
)

func ExampleSubmit() {
	pool := futures.NewThreadPoolExecutor(4)
	defer pool.Shutdown(true, false)

	future := futures.Submit(pool, square, 12)
	fmt.Println(future.Result())
	// Output: 144 <nil>
}

func ExampleMap() {
	// The program's main begins with futures.FreezeSupport(gcd).
	pool := futures.NewProcessPoolExecutor(2)
	defer pool.Shutdown(true, false)

	pairs := [][2]int{{12, 18}, {35, 49}, {17, 4}}
	for divisor, err := range futures.Map(pool, gcd, pairs) {
		fmt.Println(divisor, err)
	}
	// Output:
	// 6 <nil>
	// 7 <nil>
	// 1 <nil>
}

func ExampleAsCompleted() {
	pool := futures.NewThreadPoolExecutor(1)
	defer pool.Shutdown(true, false)

	var all []*futures.Future[int]
	for n := range 3 {
		all = append(all, futures.Submit(pool, square, n))
	}
	for future, err := range futures.AsCompleted(context.Background(), all) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(future.Result())
	}
	// Output:
	// 0 <nil>
	// 1 <nil>
	// 4 <nil>
}
