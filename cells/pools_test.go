package cells

import (
	"context"
	"strings"
	"testing"
)

const gcdCell = `import "github.com/paracell/paracell/futures"

func gcd(pair [2]int) int {
	for i := min(pair[0], pair[1]); i > 0; i-- {
		if pair[0]%i == 0 && pair[1]%i == 0 {
			return i
		}
	}
	panic("not reachable")
}

numbers := [][2]int{{12, 18}, {100, 75}, {7, 5}}
`

const mapCell = `func all(e futures.Executor) (out []int) {
	for r, err := range futures.Map(e, gcd, numbers) {
		if err != nil {
			fmt.Println(err)
			return nil
		}
		out = append(out, r)
	}
	return out
}
`

func TestThreadPool(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run(mapCell)
	if got := nb.run("pool := futures.NewThreadPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)"); got != "=> [6 25 1]" {
		t.Errorf("got %q", got)
	}
	if got := nb.run("pool2 := futures.NewThreadPoolExecutor(2)\nf := futures.Submit(pool2, gcd, [2]int{9, 6})\nf.Result()"); got != "=> 3 <nil>" {
		t.Errorf("got %q", got)
	}
}

func TestThreadPoolErrors(t *testing.T) {
	nb := open(t)
	nb.run("func half(n int) (int, error) {\n\tif n%2 == 1 {\n\t\treturn 0, errors.New(\"odd\")\n\t}\n\treturn n / 2, nil\n}")
	if got := nb.run("pool := futures.NewThreadPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nfor n, err := range futures.MapErr(pool, half, []int{4, 5}) {\n\tfmt.Println(n, err)\n}\nfutures.SubmitErr(pool, half, 7).Exception()"); !strings.HasSuffix(got, "2 <nil>\n0 odd\n=> odd") {
		t.Errorf("got %q", got)
	}
}

func TestSpawnedWorkersKnowNothing(t *testing.T) {
	nb := open(t)
	nb.run(gcdCell)
	nb.run(mapCell)
	nb.run("%start_method spawn")
	got := nb.run("pool := futures.NewProcessPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)")
	for _, want := range []string{"Can't get attribute 'gcd'", "A process in the process pool was terminated abruptly"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestSessionWorkers(t *testing.T) {
	for _, kind := range []string{"compiled", "interpreted"} {
		t.Run(kind, func(t *testing.T) {
			nb := open(t)
			nb.run(gcdCell)
			nb.run(mapCell)
			nb.run("%start_method session " + kind)
			if got := nb.run("pool := futures.NewProcessPoolExecutor(2)\ndefer pool.Shutdown(true, false)\nall(pool)"); got != "=> [6 25 1]" {
				t.Errorf("got %q", got)
			}
			nb.run("limit := 10\nfunc limited(n int) int { return min(n, limit) }\npool2 := futures.NewProcessPoolExecutor(1)")
			// A worker knows what the very cell defines that starts it.
			if got := nb.run("func gcd(pair [2]int) int { return 42 }\nthird := futures.NewProcessPoolExecutor(1)\ndefer third.Shutdown(true, false)\nfutures.Submit(third, gcd, [2]int{1, 1}).Result()"); got != "=> 42 <nil>" {
				t.Errorf("got %q", got)
			}
			nb.run(gcdCell)
			for code, want := range map[string]string{
				"futures.Submit(pool2, limited, 30).Result()":                      "uses the notebook's variable limit",
				"futures.Submit(pool2, func(n int) int { return n }, 30).Result()": "Can't pickle function literal",
				"futures.Submit(pool2, gcd, [2]int{4, 6}).Result()":                "=> 2 <nil>",
				"for r := range futures.AsCompleted(context.Background(), []*futures.Future[int]{futures.Submit(pool2, gcd, [2]int{9, 6})}) { fmt.Print(r.Result()) }": "3 <nil>",
			} {
				if got := nb.run(code); !strings.Contains(got, want) {
					t.Errorf("%s: got %q, want %q", code, got, want)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			nb.runContext(ctx, "fmt.Println(0)\nfor {}", func(Event) { cancel() })
			if got := nb.run("futures.Submit(pool2, gcd, [2]int{4, 6}).Result()"); got != "=> 2 <nil>" {
				t.Errorf("after an interrupt: got %q", got)
			}
		})
	}
}
