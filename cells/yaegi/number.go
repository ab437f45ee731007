package yaegi

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"unsafe"
)

// goroutine returns the calling goroutine's number.
func goroutine() int {
	if numberAt == 0 {
		return goroutineOnStack()
	}
	return int(*(*uint64)(unsafe.Add(currentGoroutine(), numberAt)))
}

// goroutineOnStack reads it from the goroutine's stack, which is slow.
func goroutineOnStack() int {
	var buf [64]byte
	b := buf[:runtime.Stack(buf[:], false)]
	b = bytes.TrimPrefix(b, []byte("goroutine "))
	digits, _, _ := bytes.Cut(b, []byte(" "))
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		panic(fmt.Sprintf("runtime.Stack begins with %q", b))
	}
	return n
}

// numberAt is where the runtime keeps a goroutine's number, found by looking at a
// few of them; 0 when it is not known.
var numberAt = func() uintptr {
	const words, goroutines = 40, 8
	places := make([]int, words) // how often the number was there
	look := func() {
		g := currentGoroutine()
		if g == nil {
			return
		}
		n := uint64(goroutineOnStack())
		for i := range places {
			if *(*uint64)(unsafe.Add(g, 8*i)) == n {
				places[i]++
			}
		}
	}
	for range goroutines {
		done := make(chan struct{})
		go func() {
			defer close(done)
			look()
		}()
		<-done
	}
	found := 0
	for i, times := range places {
		if times == goroutines && found == 0 {
			found = i
		} else if times == goroutines {
			return 0
		}
	}
	return uintptr(8 * found)
}()
