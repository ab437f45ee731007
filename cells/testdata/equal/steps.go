package main

import "fmt"

type integer interface {
	int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | uintptr
}

type number interface{ integer | float32 | float64 }

func integers[T integer](name string, xs ...T) {
	for _, a := range xs {
		for _, b := range xs {
			c := a
			c &= b
			d := c
			d |= a
			d ^= b
			e := a &^ b
			e &^= 3
			fmt.Println(name, a, b, a&b, a|b, a^b, c, d, e)
			if b != 0 {
				q, r := a/b, a%b
				f := a
				f /= b
				g := a
				g %= b
				fmt.Println(q, r, f, g)
			}
			for s := 0; s < 70; s += 23 {
				x := a << s
				y := a >> uint8(s)
				x <<= s
				y >>= 1
				fmt.Println(x, y, a<<3, a>>2)
			}
		}
	}
	numbers(name, xs...)
}

func numbers[T number](name string, xs ...T) {
	for _, a := range xs {
		for _, b := range xs {
			c := a
			c += b
			d := a
			d -= b
			e := a
			e *= b
			f := a
			f++
			g := a
			g--
			fmt.Println(name, a+b, a-b, a*b, c, d, e, f, g, a+1, 2-a, 3*b)
			fmt.Println(a < b, a <= b, a > b, a >= b, a == b, a != b, a < 3, 3 < a)
			if a < b && b != 1 || !(a >= b) {
				fmt.Println("less")
			}
			fmt.Println(int(a), uint8(int(b)), float64(a), int64(b))
		}
	}
}

func strings() {
	words := []string{"", "a", "ab", "b", "한국"}
	for _, v := range words {
		for _, w := range words {
			less, same := v < w, v == w
			x := v
			x += w
			fmt.Println(less, same, v >= w, x, len(x), v != "a")
		}
		for i := 0; i < len(v); i++ {
			c := v[i]
			fmt.Print(c, v[i] > 'a', " ")
		}
		fmt.Println()
	}
}

// elements are variables of their list: what is read before they change stays.
func elements() {
	xs := []int{1, 2, 3, 4}
	first := xs[0]
	xs[0] = 10
	second := &xs[1]
	xs[1]++
	xs[2] += xs[0]
	xs[3], xs[0] = xs[0], xs[3]
	fmt.Println(first, *second, xs)
	i := 1
	i, xs[i] = 3, 7
	fmt.Println(i, xs)
	var grid [3][4]float64
	for r := range grid {
		for c := range grid[r] {
			grid[r][c] = float64(r*c) / 2
		}
	}
	old := grid
	grid[1][2] *= 8
	fmt.Println(old[1][2], grid[1][2], old != grid)
	flags := make([]bool, 5)
	for i := range flags {
		flags[i] = i%2 == 0
		if flags[i] {
			fmt.Print(i, " ")
		}
	}
	fmt.Println(flags)
	var list []string
	var lists [][]string
	for _, w := range []string{"x", "y", "z"} {
		list = append(list, w)
		lists = append(lists, append(list, "!"))
	}
	fmt.Println(list, lists, len(lists), cap(list) >= 3)
}

// variables of a loop's body are new each time, for what refers to them.
func variables() {
	var fs []func() int
	var ps []*int
	for i := 0; i < 3; i++ {
		x := i * i
		y, z := pair(i)
		var w int
		w += x
		fs = append(fs, func() int { x++; y += z; w++; return x + y + w })
		ps = append(ps, &x)
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	for _, p := range ps {
		fmt.Print(*p, " ")
	}
	fmt.Println()
	for i := 0; i < 3; i++ {
		v := i
		defer fmt.Print(v, " ")
		go func(int) {}(v)
	}
	total := 0
	for i := 0; i < 4; i++ {
		var sum int
		for j := 0; j <= i; j++ {
			k := j
			sum += k
		}
		total += sum
	}
	fmt.Println(total)
	kept = nil
	for i := 0; i < 3; i++ {
		var r int
		r = keep(i)
		r += 10
		fmt.Print(r, " ")
	}
	fmt.Println(len(kept))
}

func pair(n int) (int, int) { return n + 1, n + 2 }

var kept []func() int

func keep(n int) int {
	m := n * 2
	kept = append(kept, func() int { return m })
	return m
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°", float64(c)) }

type point struct {
	X, Y int
	name string
	next *point
}

func fields() {
	t := celsius(36.6)
	t += 0.5
	fmt.Println(t, t > 37, -t)
	p := point{1, 2, "p", nil}
	q := &p
	r := p
	q.X += 5
	q.Y = q.X * 2
	p.name += "!"
	p.next = &r
	p.next.Y--
	q.next.X, q.X = q.X, q.next.X
	fmt.Println(p.X, p.Y, p.name, r.X, r.Y, r.name, q.next.Y)
}

func lookups() {
	m := map[string]int{"x": 1}
	var none map[string]int
	m["a"]++
	m["x"] += m["a"]
	_, ok := none["a"]
	v, also := map[int]string{1: "one"}[1]
	w, missing := m["w"]
	fmt.Println(m, ok, v, also, w, missing, none["x"], len(m))
	for i := 0; i < 3; i++ {
		v, ok := m[fmt.Sprint("n", i)]
		m[fmt.Sprint("n", i+1)] = i + v
		fmt.Print(v, ok, " ")
	}
	fmt.Println()
}

func main() {
	integers[int]("int", -7, 0, 1, 9223372036854775807, -9223372036854775808)
	integers[int8]("int8", -128, -1, 5, 127)
	integers[int16]("int16", -32768, 3, 32767)
	integers[int32]("int32", -2147483648, -1, 77, 2147483647)
	integers[int64]("int64", -9223372036854775808, -1, 12345678901)
	integers[uint]("uint", 0, 3, 18446744073709551615)
	integers[uint8]("uint8", 0, 7, 200, 255)
	integers[uint16]("uint16", 1, 65535)
	integers[uint32]("uint32", 2, 4294967295)
	integers[uint64]("uint64", 3, 18446744073709551615)
	integers[uintptr]("uintptr", 3, 1<<40)
	numbers[float32]("float32", -1.5, 0.1, 3)
	numbers[float64]("float64", -1.5, 0.1, 1e10)
	strings()
	elements()
	variables()
	fields()
	lookups()
}
