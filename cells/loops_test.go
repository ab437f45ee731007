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
			if out := nb.run(loopImports + "import \"time\"\n" + loop.code); out != "" {
				b.Fatal(out)
			}
			alone := startAlone(b, "package main\n"+loopImports+loop.code)
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
					if err != nil && i == 1 {
						b.Skip("yaegi alone has failed: ", result, took) // it has faults of its own
					} else if err != nil {
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
			b.Log("yaegi alone: ", err)
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

const loopImports = "import (\n\"errors\"\n\"fmt\"\n\"math\"\n\"sort\"\n\"strconv\"\n\"strings\"\n\"sync\"\n)\n"

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
	{name: "interface calls", engine: "auto", code: `
type shape interface{ Area() int }
type square struct{ S int }
type rect struct{ W, H int }
func (s square) Area() int { return s.S * s.S }
func (r rect) Area() int { return r.W * r.H }
func work() int {
	shapes := []shape{square{2}, rect{2, 3}, square{4}}
	n := 0
	for i := 0; i < 6000; i++ {
		for _, s := range shapes {
			n += s.Area()
		}
	}
	return n
}`},
	{name: "slices of structs", engine: "auto", code: `
type body struct{ X, Y, VX, VY float64 }
func work() int {
	bodies := make([]body, 50)
	for i := range bodies {
		bodies[i] = body{float64(i), float64(-i), 1, 0.5}
	}
	for k := 0; k < 200; k++ {
		for i := range bodies {
			b := &bodies[i]
			b.X += b.VX * 0.1
			b.Y += b.VY * 0.1
			bodies[i].VX *= 0.99
		}
	}
	return int(bodies[7].X * 1000)
}`},
	{name: "linked list", engine: "auto", code: `
type link struct {
	Value int
	Next  *link
}
func work() int {
	var head *link
	for i := 0; i < 2000; i++ {
		head = &link{i, head}
	}
	n := 0
	for k := 0; k < 10; k++ {
		for l := head; l != nil; l = l.Next {
			n += l.Value
		}
	}
	return n
}`},
	{name: "generics", code: `
func sum[T int | float64](xs []T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}
func work() int {
	xs := make([]int, 100)
	for i := range xs {
		xs[i] = i
	}
	n := 0
	for k := 0; k < 500; k++ {
		n += sum[int](xs)
	}
	return n
}`},
	{name: "functions as values", code: `
func apply(f func(int) int, xs []int) []int {
	out := make([]int, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
func double(x int) int { return 2 * x }
func work() int {
	xs := make([]int, 100)
	for i := range xs {
		xs[i] = i
	}
	n := 0
	for k := 0; k < 100; k++ {
		n += apply(double, xs)[k%100]
		n += apply(func(x int) int { return x + k }, xs)[3]
	}
	return n
}`},
	{name: "ping-pong", code: `
func work() int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for x := range ping {
			pong <- x + 1
		}
		close(pong)
	}()
	n := 0
	for i := 0; i < 3000; i++ {
		ping <- i
		n += <-pong
	}
	close(ping)
	return n
}`},
	{name: "channels", code: `
func work() int {
	c := make(chan int, 100)
	go func() {
		for i := 0; i < 10000; i++ {
			c <- i
		}
		close(c)
	}()
	n := 0
	for x := range c {
		n += x
	}
	return n
}`},
	{name: "select", code: `
func work() int {
	a, b := make(chan int, 1), make(chan int, 1)
	n := 0
	for i := 0; i < 5000; i++ {
		if i%3 == 0 {
			a <- i
		} else {
			b <- i
		}
		select {
		case x := <-a:
			n += x
		case x := <-b:
			n -= x
		}
	}
	return n
}`},
	{name: "defer", code: `
func guarded(n *int) {
	defer func() { *n++ }()
	*n++
}
func work() int {
	n := 0
	for i := 0; i < 3000; i++ {
		guarded(&n)
	}
	return n
}`},
	{name: "recover", code: `
func try(i int) (s int) {
	defer func() {
		if recover() != nil {
			s = -1
		}
	}()
	if i%50 == 0 {
		panic("fifty")
	}
	return 1
}
func work() int {
	n := 0
	for i := 0; i < 2000; i++ {
		n += try(i)
	}
	return n
}`},
	{name: "sort.Slice", code: `
func work() int {
	xs := make([]int, 2000)
	x := 1
	for i := range xs {
		x = x * 1103515245 % 2147483647
		xs[i] = x
	}
	sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })
	return xs[7]
}`},
	{name: "quicksort", code: `
func quicksort(xs []int) {
	if len(xs) < 2 {
		return
	}
	p, i := xs[len(xs)/2], 0
	xs[len(xs)/2], xs[len(xs)-1] = xs[len(xs)-1], xs[len(xs)/2]
	for j := 0; j < len(xs)-1; j++ {
		if xs[j] < p {
			xs[i], xs[j] = xs[j], xs[i]
			i++
		}
	}
	xs[i], xs[len(xs)-1] = xs[len(xs)-1], xs[i]
	quicksort(xs[:i])
	quicksort(xs[i+1:])
}
func work() int {
	xs := make([]int, 2000)
	x := 1
	for i := range xs {
		x = x * 1103515245 % 2147483647
		xs[i] = x
	}
	quicksort(xs)
	return xs[7]
}`},
	{name: "queens", code: `
func place(row, n int, columns, up, down []bool) int {
	if row == n {
		return 1
	}
	count := 0
	for c := 0; c < n; c++ {
		if columns[c] || up[row+c] || down[row-c+n] {
			continue
		}
		columns[c], up[row+c], down[row-c+n] = true, true, true
		count += place(row+1, n, columns, up, down)
		columns[c], up[row+c], down[row-c+n] = false, false, false
	}
	return count
}
func work() int { return place(0, 6, make([]bool, 6), make([]bool, 12), make([]bool, 13)) }`},
	{name: "permutations", code: `
func permute(xs []int, k int, count *int) {
	if k == len(xs) {
		*count += xs[0]
		return
	}
	for i := k; i < len(xs); i++ {
		xs[k], xs[i] = xs[i], xs[k]
		permute(xs, k+1, count)
		xs[k], xs[i] = xs[i], xs[k]
	}
}
func work() int {
	n := 0
	permute([]int{1, 2, 3, 4, 5, 6}, 0, &n)
	return n
}`},
	{name: "grouping", code: `
func work() int {
	groups := map[string][]string{}
	words := strings.Fields(strings.Repeat("the quick brown fox jumps over the lazy dog ", 300))
	for _, w := range words {
		k := w[:1]
		groups[k] = append(groups[k], w)
	}
	n := 0
	for k, g := range groups {
		n += len(k) * len(g)
	}
	return n
}`},
	{name: "grid", engine: "auto", code: `
type cell struct{ X, Y int }
func work() int {
	seen := map[cell]bool{}
	queue := []cell{{0, 0}}
	seen[queue[0]] = true
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		for _, d := range []cell{{1, 0}, {0, 1}} {
			n := cell{c.X + d.X, c.Y + d.Y}
			if n.X < 40 && n.Y < 40 && !seen[n] {
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
	return len(seen)
}`},
	{name: "square roots", code: `
func work() int {
	s := 0.0
	for i := 0; i < 20000; i++ {
		s += math.Sqrt(float64(i)) * math.Abs(-0.5)
	}
	return int(s)
}`},
	{name: "numbers to text", code: `
func work() int {
	n := 0
	for i := 0; i < 5000; i++ {
		s := strconv.Itoa(i)
		x, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		n += x + len(s)
	}
	return n
}`},
	{name: "formatting", code: `
func work() int {
	n := 0
	for i := 0; i < 2000; i++ {
		n += len(fmt.Sprintf("%d: %s %.2f", i, "text", float64(i)))
	}
	return n
}`},
	{name: "runes", code: `
func work() int {
	s := strings.Repeat("héllo wörld ", 500)
	n := 0
	for i, r := range s {
		if r > 127 {
			n += i
		}
	}
	return n
}`},
	{name: "letters", code: `
func work() int {
	b := []byte(strings.Repeat("hello, world ", 500))
	var counts [256]int
	for _, c := range b {
		counts[c]++
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	out := ""
	for i := 0; i < 300; i++ {
		out += string(b[i])
	}
	return counts['o'] + len(out)
}`},
	{name: "collatz", code: `
func work() int {
	best := 0
	for i := 1; i < 600; i++ {
		n, steps := i, 0
		for n != 1 {
			if n%2 == 0 {
				n /= 2
			} else {
				n = 3*n + 1
			}
			steps++
		}
		if steps > best {
			best = steps
		}
	}
	return best
}`},
	{name: "subsequence", code: `
func work() int {
	a, b := strings.Repeat("ACGTTGCA", 12), strings.Repeat("GTCATGCC", 12)
	t := make([][]int, len(a)+1)
	for i := range t {
		t[i] = make([]int, len(b)+1)
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			if a[i-1] == b[j-1] {
				t[i][j] = t[i-1][j-1] + 1
			} else if t[i-1][j] > t[i][j-1] {
				t[i][j] = t[i-1][j]
			} else {
				t[i][j] = t[i][j-1]
			}
		}
	}
	return t[len(a)][len(b)]
}`},
	{name: "type switch", code: `
func work() int {
	xs := []interface{}{1, "two", 3.0, nil, true}
	n := 0
	for i := 0; i < 3000; i++ {
		switch x := xs[i%5].(type) {
		case int:
			n += x
		case string:
			n += len(x)
		case float64:
			n += int(x)
		case nil:
			n--
		}
	}
	return n
}`},
	{name: "words by switch", code: `
func work() int {
	words := strings.Fields(strings.Repeat("push pop add dup ", 1500))
	n := 0
	for _, w := range words {
		switch w {
		case "push":
			n++
		case "pop":
			n--
		case "add":
			n += 2
		default:
			n ^= 1
		}
	}
	return n
}`},
	{name: "errors", code: `
var bad = errors.New("bad")
func check(i int) error {
	if i%10 == 0 {
		return bad
	}
	return nil
}
func work() int {
	n := 0
	for i := 0; i < 10000; i++ {
		if err := check(i); err != nil {
			n++
		}
	}
	return n
}`},
	{name: "variadic", code: `
func total(xs ...int) int {
	s := 0
	for _, x := range xs {
		s += x
	}
	return s
}
func work() int {
	n := 0
	for i := 0; i < 5000; i++ {
		n += total(i, 1, 2)
	}
	return n
}`},
	{name: "global", code: `
var state = 1
func next() int {
	state = state * 1103515245 % 2147483647
	return state
}
func work() int {
	state = 1
	n := 0
	for i := 0; i < 10000; i++ {
		n += next() & 7
	}
	return n
}`},
	{name: "arrays", code: `
func work() int {
	var ring [16]int
	n := 0
	for i := 0; i < 30000; i++ {
		ring[i%16] = i
		n += ring[(i+5)%16]
	}
	return n
}`},
	{name: "mutex", code: `
func work() int {
	var mu sync.Mutex
	n := 0
	for i := 0; i < 10000; i++ {
		mu.Lock()
		n++
		mu.Unlock()
	}
	return n
}`},
	{name: "goroutines", code: `
func work() int {
	var wg sync.WaitGroup
	out := make([]int, 1000)
	for i := 0; i < 1000; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			out[i] = i * i
		}(i)
	}
	wg.Wait()
	n := 0
	for _, x := range out {
		n += x
	}
	return n
}`},
	{name: "two-dimensional", code: `
func work() int {
	const n = 60
	grid := make([][]bool, n)
	for i := range grid {
		grid[i] = make([]bool, n)
		for j := range grid[i] {
			grid[i][j] = (i*7+j*13)%5 == 0
		}
	}
	alive := 0
	for i := 1; i < n-1; i++ {
		for j := 1; j < n-1; j++ {
			k := 0
			for di := -1; di <= 1; di++ {
				for dj := -1; dj <= 1; dj++ {
					if (di != 0 || dj != 0) && grid[i+di][j+dj] {
						k++
					}
				}
			}
			if k == 3 || k == 2 && grid[i][j] {
				alive++
			}
		}
	}
	return alive
}`},
}
