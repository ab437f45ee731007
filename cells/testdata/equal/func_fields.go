package main

import "fmt"

type Handler func(string) string

func (h Handler) Serve(s string) string { return "[" + h(s) + "]" }

type Server interface{ Serve(string) string }

type Middleware func(Handler) Handler

type Button struct {
	Label   string
	OnClick func(n int) string
	hooks   []func()
}

func chain(h Handler, ms ...Middleware) Handler {
	for _, m := range ms {
		h = m(h)
	}
	return h
}

type Option func(*Config)
type Config struct {
	size int
	name string
}

func WithSize(n int) Option    { return func(c *Config) { c.size = n } }
func WithName(s string) Option { return func(c *Config) { c.name = s } }
func New(opts ...Option) *Config {
	c := &Config{size: 1}
	for _, o := range opts {
		o(c)
	}
	return c
}

func main() {
	echo := Handler(func(s string) string { return s })
	excited := func(h Handler) Handler { return func(s string) string { return h(s) + "!" } }
	h := chain(echo, excited, excited)
	fmt.Println(h("hi"), h.Serve("yo"))
	var srv Server = h
	fmt.Println(srv.Serve("iface"))
	clicks := 0
	b := Button{Label: "ok", OnClick: func(n int) string { clicks += n; return fmt.Sprint("clicked ", clicks) }}
	fmt.Println(b.OnClick(2), b.OnClick(3))
	b.hooks = append(b.hooks, func() { fmt.Println("hook 1") }, func() { fmt.Println("hook 2", b.Label) })
	b.Label = "changed"
	for _, f := range b.hooks {
		f()
	}
	bs := []*Button{&b, {Label: "two", OnClick: func(int) string { return "2" }}}
	for _, x := range bs {
		fmt.Println(x.Label, x.OnClick(0))
	}
	c := New(WithSize(5), WithName("n"))
	fmt.Println(c.size, c.name, *New())
	if b.OnClick != nil && bs[1].hooks == nil {
		fmt.Println("set")
	}
	compose := func(fs ...func(int) int) func(int) int {
		return func(x int) int {
			for _, f := range fs {
				x = f(x)
			}
			return x
		}
	}
	fmt.Println(compose(func(x int) int { return x + 1 }, func(x int) int { return x * x })(4))
}
