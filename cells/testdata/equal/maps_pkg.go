package main

import (
	"fmt"
	"maps"
	"slices"
)

func main() {
	m := map[string]int{"b": 2, "a": 1, "c": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)))
	n := maps.Clone(m)
	n["d"] = 4
	fmt.Println(maps.Equal(m, n), len(m), len(n))
	maps.DeleteFunc(n, func(k string, v int) bool { return v%2 == 0 })
	fmt.Println(n)
	maps.Copy(m, map[string]int{"z": 26})
	fmt.Println(m)
	o := maps.Collect(maps.All(map[int]bool{1: true}))
	fmt.Println(o)
	var nilmap map[string]int
	v, ok := nilmap["x"]
	fmt.Println(v, ok, len(nilmap))
	delete(nilmap, "x")
	for k := range nilmap {
		fmt.Println(k)
	}
	m["new"]++
	m["a"] += 5
	fmt.Println(m)
	mm := map[string][]int{}
	mm["x"] = append(mm["x"], 1, 2)
	fmt.Println(mm, len(mm["none"]))
	type key struct{ a, b int }
	ks := map[key]string{{1, 2}: "x", {3, 4}: "y"}
	fmt.Println(ks[key{1, 2}], ks[key{3, 4}] == "y", len(ks))
	deep := map[string]map[string]int{"a": {"b": 1}}
	deep["a"]["c"] = 2
	fmt.Println(deep)
	_, has := deep["q"]["r"]
	fmt.Println(has)
}
