package main

import (
	"fmt"
	"math"
)

func all(yield func(int) bool) {
	for i := range 3 {
		yield(i)
	}
}

func catching(yield func(int) bool) {
	defer func() { fmt.Println("caught", recover()) }()
	yield(1)
}

var kept func(int) bool

func keeping(yield func(int) bool) {
	kept = yield
	yield(1)
}

func again(yield func(int) bool) {
	func() {
		defer func() { recover() }()
		yield(1)
	}()
	yield(2)
}

func try(name string, f func()) {
	defer func() {
		r := recover()
		_, ok := r.(error)
		fmt.Println(name, r, ok)
	}()
	f()
}

func broken() {
	for i := range all {
		if i == 1 {
			break
		}
	}
}

func returned() int {
	for i := range all {
		return i
	}
	return -1
}

func caught() {
	for i := range catching {
		panic(fmt.Sprint("body ", i))
	}
}

func exhausted() {
	for range keeping {
	}
	kept(3)
}

func panicked() {
	for i := range again {
		panic(i)
	}
}

func left() {
outer:
	for i := range 2 {
		for j := range all {
			if j == i {
				continue
			}
			continue outer
		}
	}
}

func fine() {
	for i := range all {
		if i == 1 {
			continue
		}
		for j := range all {
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
}

func main() {
	try("broken", broken)
	try("returned", func() { fmt.Println(returned()) })
	try("caught", caught)
	try("exhausted", exhausted)
	try("panicked", panicked)
	try("left", left)
	try("fine", fine)
	zero := math.Copysign(0, -1)
	fmt.Println(min(0.0, zero), max(zero, 0), min(zero, 0), max(0, zero), min(1, math.NaN()))
	for i := range all {
		fmt.Println("last", i)
		break
	}
}
