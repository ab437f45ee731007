package main

// Calls of compiled functions and methods with values of all kinds, while garbage is
// collected.

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

type big struct {
	A, B, C, D int
	S          string
}

func (b big) Sum(x int) (int, string) { return b.A + b.B + b.C + b.D + x, b.S }
func (b *big) Inc()                   { b.A++ }

type node struct {
	L, R *node
	V    int8
}

func (n *node) Depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.L.Depth(), n.R.Depth())
}

type vec struct{ X, Y float32 }

func (v vec) Dot(w vec) float32 { return v.X*w.X + v.Y*w.Y }

type one [1]string

func (o one) Get() string { return o[0] }

type two [2]string

func (t two) Get() string { return t[0] + t[1] }

type text string

func (t text) Get() string { return string(t) }

type counter struct{ n int }

func (c *counter) Get() string { c.n++; return strconv.Itoa(c.n) }

type wide [3]int

func (w wide) At(i int) int { return w[i] }

type function func(int) int

func (f function) Call(x int) int { return f(x) }

type getter interface{ Get() string }

type mixed struct {
	A bool
	B uint16
	C float64
	D []byte
	E error
	F complex128
	G struct{}
}

func (m mixed) All() (bool, uint16, float64, []byte, error, struct{}) {
	return m.A, m.B, m.C, m.D, m.E, m.G
}
func (m mixed) Small(i int8, j uint8, k int16, l int32, b bool) (int8, uint8, int16, int32, bool) {
	return -i, ^j, -k, -l, !b
}
func (m mixed) Many(a, b, c, d, e, f, g, h, i, j, k int) int {
	return a - b + c - d + e - f + g - h + i - j + k
}

func work() (n int) {
	getters := []getter{one{"1"}, two{"2", "3"}, text("4"), &counter{}}
	for i := 0; i < 2000; i++ {
		s := strings.Repeat("ab", i%7) + strconv.Itoa(i)
		u := strings.ToUpper(s)
		parts := strings.Split(u+","+s, ",")
		if parts[0] != u || parts[1] != s {
			panic(fmt.Sprint(parts))
		}
		x, err := strconv.Atoi(strings.TrimLeft(s, "ab"))
		if err != nil || x != i {
			panic(err)
		}
		_, err = strconv.Atoi(u + "x")
		var ne *strconv.NumError
		if !errors.As(err, &ne) {
			panic("no NumError")
		}
		n += len(err.Error())
		b := big{i, 1, 2, 3, s}
		b.Inc()
		k, t := b.Sum(5)
		if t != s {
			panic(t)
		}
		n += k
		n += int(math.Floor(math.Pow(2, float64(i%5))))
		if bytes.Equal([]byte(s), []byte(u)) != (i%7 == 0) {
			panic("equal")
		}
		r, size := utf8.DecodeRuneInString("é")
		n += int(r) + size
		i8, _ := strconv.ParseInt("-5", 10, 8)
		n += int(i8) + int(vec{1, 2}.Dot(vec{3, 4}))
		n += wide{1, 2, 3}.At(i%3) + function(func(x int) int { return x * 2 }).Call(4)
		n += len(getters[i%4].Get())
	}
	return n
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	fmt.Println(work())
	var root *node
	for i := 0; i < 3000; i++ {
		root = &node{root, nil, int8(i)}
	}
	fmt.Println(root.Depth(), time.Duration(1500)*time.Millisecond)
	m := mixed{true, 65535, -0.0, []byte("d"), nil, 1i, struct{}{}}
	fmt.Println(m.All())
	fmt.Println(m.Small(-128, 0, 5, 1<<31-1, true))
	fmt.Println(m.Many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
	words := strings.FieldsFunc("a,b;c", func(r rune) bool { return r == ',' || r == ';' })
	sort.Slice(words, func(i, j int) bool { return words[i] > words[j] })
	fmt.Println(words, strings.Map(func(r rune) rune { return r + 1 }, "abc"))
	fmt.Println(sort.Search(100, func(i int) bool { return i*i >= 50 }))
	var once sync.Once
	once.Do(func() { fmt.Println("once") })
	once.Do(func() { fmt.Println("twice") })
	d, err := time.ParseDuration("1h")
	fmt.Println(d.Hours(), d, err)
	fmt.Println(time.Unix(0, 0).UTC().Format(time.RFC3339), time.Unix(1, 2).UTC().Add(d).Sub(time.Unix(0, 0)))
	if strings.HasPrefix("abc", "ab") && !strings.Contains("abc", "x") {
		fmt.Println(strings.Count("cheese", "e"), strings.Index("chicken", "ken"))
	}
	var none getter
	try(func() { none.Get() })
	var nobody *counter
	try(func() { nobody.Get() })
	try(func() { strings.Repeat("x", -1) })
	get := getter(text("kept")).Get
	fmt.Println(get(), fmt.Sprint(math.Inf(1), math.IsNaN(math.NaN())))
	fmt.Println(strconv.Quote(errors.New("e").Error()), strconv.FormatFloat(float64(float32(0.1)), 'g', -1, 32))
}
