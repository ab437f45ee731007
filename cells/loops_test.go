package cells

import (
	"bufio"
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// BenchmarkLoops runs loops as interpreted cells and with nothing but yaegi, in
// turns, and reports how long a cell's takes in terms of the other's: the median
// of the rounds' ratios, and the ratio of the best times, which says more on a busy
// machine. Each has a process of its own and measures the loop alone.
func BenchmarkLoops(b *testing.B) {
	for _, loop := range loops {
		b.Run(loop.name, func(b *testing.B) {
			nb := open(b)
			nb.run("%engine " + cmp.Or(loop.engine, "interpreted"))
			if out := nb.run("import \"fmt\"\nimport \"time\"\nimport \"strings\"\n" + loop.code); out != "" {
				b.Fatal(out)
			}
			alone := startAlone(b, "package main\nimport \"strings\"\nvar _ = strings.ToUpper\n"+loop.code)
			both := []func() string{
				func() string {
					return nb.run("began, result := time.Now(), work()\ntook := time.Since(began)\nfmt.Print(result, \" \", took.Nanoseconds())")
				},
				alone,
			}
			var ratios []float64
			best := [2]float64{math.Inf(1), math.Inf(1)}
			for round := 0; b.Loop(); round++ {
				var ns [2]float64
				var results [2]string
				for i := range both {
					i = (i + round) % 2
					result, took, _ := strings.Cut(both[i](), " ")
					n, err := strconv.ParseFloat(took, 64)
					if err != nil {
						b.Fatal(result, took)
					}
					results[i], ns[i] = result, n
					best[i] = min(best[i], n)
				}
				if results[0] != results[1] {
					b.Fatalf("a cell has %s, yaegi %s", results[0], results[1])
				}
				ratios = append(ratios, ns[0]/ns[1])
			}
			b.ReportMetric(median(ratios), "of-yaegi's-time")
			b.ReportMetric(best[0]/best[1], "by-the-best")
			b.ReportMetric(best[1]/1e6, "yaegi-ms")
		})
	}
}

// startAlone starts a process with nothing but yaegi in it. What it returns calls
// work of the program, and returns the result and how many nanoseconds it took.
func startAlone(b *testing.B, program string) func() string {
	file := filepath.Join(b.TempDir(), "program.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, "yaegi", file)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error("yaegi alone:", err)
		}
	})
	lines := bufio.NewReader(out)
	return func() string {
		fmt.Fprintln(in)
		line, _ := lines.ReadString('\n')
		return strings.TrimSpace(line)
	}
}

// runAlone is that process.
func runAlone(file string) error {
	program, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	in := interp.New(interp.Options{})
	if err := in.Use(stdlib.Symbols); err != nil {
		return err
	}
	if _, err := in.Eval(string(program)); err != nil {
		return err
	}
	v, err := in.Eval("work")
	if err != nil {
		return err
	}
	work := v.Interface().(func() int)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		began := time.Now()
		n := work()
		fmt.Println(n, time.Since(began).Nanoseconds())
	}
	return nil
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

var loops = []struct{ name, engine, code string }{
	{name: "counting", code: `
func work() int {
	n := 0
	for i := 0; i < 400000; i++ {
		n++
	}
	return n
}`},
	{name: "gcd", code: `
func gcd(a, b int) int {
	for i := a; i > 0; i-- {
		if a%i == 0 && b%i == 0 {
			return i
		}
	}
	return 1
}
func work() int { return gcd(200003, 300007) }`},
	{name: "euclid", code: `
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
func work() int {
	n := 0
	for i := 1; i < 3000; i++ {
		n += gcd(i*7919, 1000003)
	}
	return n
}`},
	{name: "indexing", code: `
func work() int {
	xs := make([]int, 1000)
	for i := 0; i < len(xs); i++ {
		xs[i] = i * 3
	}
	n := 0
	for k := 0; k < 100; k++ {
		for i := 0; i < len(xs); i++ {
			n += xs[i]
		}
	}
	return n
}`},
	{name: "sieve", code: `
func work() int {
	composite := make([]bool, 60000)
	n := 0
	for i := 2; i < len(composite); i++ {
		if composite[i] {
			continue
		}
		n++
		for j := 2 * i; j < len(composite); j += i {
			composite[j] = true
		}
	}
	return n
}`},
	{name: "ranging", code: `
func work() int {
	xs := make([]int, 1000)
	n := 0
	for k := 0; k < 100; k++ {
		for i, x := range xs {
			n += i + x
		}
	}
	return n
}`},
	{name: "shifts", code: `
func work() int {
	x := uint32(2463534242)
	n := 0
	for i := 0; i < 50000; i++ {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		n += int(x >> uint(i&7))
		n ^= 1 << (uint(i) & 15)
	}
	return n
}`},
	{name: "shifts by variables", code: `
func work() int {
	n := 0
	for i := 0; i < 20000; i++ {
		for s := 0; s < 8; s++ {
			n += i >> s
			n ^= i << s
		}
	}
	return n
}`},
	{name: "nested", code: `
func work() int {
	n := 0
	for i := 0; i < 60; i++ {
		for j := 0; j < 60; j++ {
			for k := 0; k < 60; k++ {
				if i*i+j*j == k*k {
					n++
				}
			}
		}
	}
	return n
}`},
	{name: "matrix", code: `
func work() int {
	const n = 40
	a, b, c := make([][]float64, n), make([][]float64, n), make([][]float64, n)
	for i := range a {
		a[i], b[i], c[i] = make([]float64, n), make([]float64, n), make([]float64, n)
		for j := range a[i] {
			a[i][j], b[i][j] = float64(i+j), float64(i-j)
		}
	}
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			s := 0.0
			for k := 0; k < n; k++ {
				s += a[i][k] * b[k][j]
			}
			c[i][j] = s
		}
	}
	return int(c[3][4])
}`},
	{name: "floats", code: `
func work() int {
	x, s := 0.5, 0.0
	for i := 1; i < 100000; i++ {
		x = 3.9 * x * (1 - x)
		s += x / float64(i)
	}
	return int(s * 1e6)
}`},
	{name: "fibonacci", code: `
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}
func work() int { return fib(21) }`},
	{name: "swapping", code: `
func work() int {
	a, b := 0, 1
	for i := 0; i < 100000; i++ {
		a, b = b, (a+b)&0xffff
	}
	return a
}`},
	{name: "bubble sort", code: `
func work() int {
	xs := make([]int, 200)
	for i := range xs {
		xs[i] = i * 7919 % 1009
	}
	for i := 0; i < len(xs); i++ {
		for j := 0; j+1 < len(xs)-i; j++ {
			if xs[j] > xs[j+1] {
				xs[j], xs[j+1] = xs[j+1], xs[j]
			}
		}
	}
	return xs[7]
}`},
	{name: "appending", code: `
func work() int {
	var xs []int
	for i := 0; i < 100000; i++ {
		xs = append(xs, i)
	}
	return len(xs)
}`},
	{name: "maps", code: `
func work() int {
	m := map[int]int{}
	for i := 0; i < 30000; i++ {
		m[i%1000] += i
		if _, ok := m[i]; ok {
			m[i]--
		}
	}
	return m[7]
}`},
	{name: "words", code: `
func work() int {
	m := map[string]int{}
	words := strings.Fields(strings.Repeat("the quick brown fox jumps over the lazy dog ", 500))
	for _, w := range words {
		m[strings.ToUpper(w)]++
	}
	return m["THE"]
}`},
	{name: "strings", code: `
func work() int {
	n := 0
	for i := 0; i < 500; i++ {
		s := ""
		for j := 0; j < 50; j++ {
			s += "x"
		}
		n += len(s)
	}
	return n
}`},
	{name: "builder", code: `
func work() int {
	var b strings.Builder
	for i := 0; i < 30000; i++ {
		b.WriteByte(byte('a' + i%26))
	}
	return b.Len()
}`},
	{name: "methods", engine: "auto", code: `
type point struct{ x, y int }
func (p *point) move(dx, dy int) { p.x += dx; p.y += dy }
func (p point) sum() int { return p.x + p.y }
func work() int {
	p := &point{1, 2}
	n := 0
	for i := 0; i < 20000; i++ {
		p.move(i, 1)
		n += p.sum() & 3
	}
	return n
}`},
	{name: "fields", engine: "auto", code: `
type point struct{ X, Y int }
func work() int {
	p := point{1, 2}
	for i := 0; i < 50000; i++ {
		p.X += i
		p.Y = p.X - i
	}
	return p.Y
}`},
	{name: "closures", code: `
func work() int {
	n := 0
	add := func(d int) { n += d }
	for i := 0; i < 50000; i++ {
		add(i & 7)
	}
	return n
}`},
	{name: "switch", code: `
func work() int {
	n := 0
	for i := 0; i < 60000; i++ {
		switch i % 4 {
		case 0:
			n++
		case 1, 2:
			n += 2
		default:
			n--
		}
	}
	return n
}`},
	{name: "bytes", code: `
func work() int {
	s := strings.Repeat("hello, world ", 3000)
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == 'o' {
			n++
		}
	}
	return n
}`},
	{name: "several results", code: `
func divmod(a, b int) (int, int) { return a / b, a % b }
func work() int {
	n := 0
	for i := 1; i < 20000; i++ {
		q, r := divmod(1000003, i)
		n += q ^ r
	}
	return n
}`},
}
