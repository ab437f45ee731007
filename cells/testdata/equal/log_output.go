package main

import (
	"fmt"
	"log"
	"log/slog"
	"os"
	"text/tabwriter"
)

func main() {
	l := log.New(os.Stdout, "app: ", 0)
	l.Println("hello", 1)
	l.Printf("%03d", 7)
	log.SetOutput(os.Stdout)
	log.SetFlags(0)
	log.Print("default")
	h := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(g []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	h.Info("msg", "k", 1, "s", "a b")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "a\tbb\tc")
	fmt.Fprintln(w, "aaa\tb\tc")
	w.Flush()
	fmt.Fprintln(os.Stdout, "end")
}
