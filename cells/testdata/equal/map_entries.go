package main

// Entries of maps whose keys and elements lie in memory in many ways.

import (
	"fmt"
	"math"
	"sort"
)

type place struct{ X, Y int }

type (
	id    int64
	count uint8
)

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	m := map[string]int{}
	m["a"] = 1
	m["b"]++
	m["a"] += 5
	m["c"] -= 2
	fmt.Println(m, len(m))
	delete(m, "a")
	delete(m, "zz")
	v, ok := m["a"]
	fmt.Println(v, ok)
	v = 7
	v, ok = m["zz"]
	fmt.Println(v, ok)
	_, ok = m["b"]
	fmt.Println(ok)
	v, _ = m["b"]
	fmt.Println(v)

	f := map[float64]int{}
	f[math.NaN()] = 1
	f[math.NaN()]++
	f[0]++
	f[math.Copysign(0, -1)]++
	fmt.Println(len(f), f[0], f[math.NaN()])

	visited := map[place]bool{}
	visited[place{1, 2}] = true
	for _, p := range []place{{1, 2}, {2, 1}} {
		if visited[p] {
			fmt.Println(p, "visited")
		}
		if !visited[p] {
			fmt.Println(p, "not visited")
		}
	}
	at := map[[2]int]string{{1, 2}: "x"}
	at[[2]int{3, 4}] = "y"
	fmt.Println(at, len(at))

	lists := map[int][]string{}
	lists[1] = append(lists[1], "x")
	lists[1] = append(lists[1], "y")
	fmt.Println(lists)

	a, b := &place{1, 1}, &place{2, 2}
	copies := map[*place]place{a: *a}
	copies[b] = *b
	fmt.Println(len(copies), copies[a])
	times := map[*place]int{}
	times[a]++
	times[b] += 3
	times[a]++
	sum := 0
	for p, n := range times {
		sum += n
		p.X++
	}
	fmt.Println(times[a], times[b], sum, *a, *b)

	set := map[rune]struct{}{}
	set['x'] = struct{}{}
	_, ok = set['x']
	fmt.Println(ok, len(set))

	errs := map[string]error{"n": nil}
	errs["k"] = fmt.Errorf("bad")
	fmt.Println(errs["k"], errs["n"], errs["zz"], len(errs))

	anything := map[string]any{"a": 1, "b": "two"}
	anything["c"] = 3.5
	anything["d"] = anything["a"]
	fmt.Println(anything, anything["d"])
	var keys []string
	for k := range anything {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)
	mixed := map[any]int{1: 1, "1": 2}
	mixed[int64(1)]++
	fmt.Println(len(mixed), mixed[1], mixed["1"], mixed[int64(1)])

	letters := map[byte]uint8{}
	for _, c := range []byte("hello") {
		letters[c] += 200
	}
	fmt.Println(letters)
	named := map[id]count{1: 255}
	named[1]++
	named[2] |= 6
	named[2] <<= 6
	fmt.Println(named)
	texts := map[string]string{}
	texts["a"] += "x"
	texts["a"] += "y"
	fmt.Println(texts)
	floats := map[int]float64{}
	floats[1] += 2.5
	floats[1] *= 2
	floats[1] /= 0
	fmt.Println(floats)
	small := map[int16]int32{3: 4}
	small[3] ^= 2
	small[-3]--
	fmt.Println(small, small[5])

	functions := map[string]func(int) int{"double": func(x int) int { return 2 * x }}
	functions["next"] = func(x int) int { return x + 1 }
	fmt.Println(functions["double"](4), functions["next"](4), functions["none"] == nil)
	nested := map[string]map[string]int{}
	for _, w := range []string{"ab", "ac", "bc"} {
		if nested[w[:1]] == nil {
			nested[w[:1]] = map[string]int{}
		}
		nested[w[:1]][w]++
	}
	fmt.Println(nested)
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))

	try("set", func() {
		var m map[string]int
		m["a"] = 1
	})
	try("update", func() {
		var m map[string]int
		m["a"]++
	})
	try("read", func() {
		var m map[string]int
		fmt.Println(m["a"], len(m))
		delete(m, "a")
		for range m {
		}
	})
	divisor := 0
	try("divide", func() { named[1] /= count(divisor) })
	try("unhashable", func() { mixed[[]int{}]++ })
	fmt.Println(len(mixed), len(named))
}
