package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	os.Args = []string{"prog", "-n", "5", "-v", "rest"}
	fmt.Println(len(os.Args), os.Args[1:])
	n := flag.Int("n", 1, "number")
	v := flag.Bool("v", false, "verbose")
	flag.Parse()
	fmt.Println(*n, *v, flag.Args())
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	name := fs.String("name", "none", "a name")
	fmt.Println(fs.Parse([]string{"-name", "me"}), *name)
	os.Setenv("EQUAL_TEST", "yes")
	fmt.Println(os.Getenv("EQUAL_TEST"), os.Getenv("EQUAL_NONE") == "")
	dir, _ := os.MkdirTemp("", "equal")
	defer os.RemoveAll(dir)
	p := filepath.Join(dir, "f.txt")
	fmt.Println(os.WriteFile(p, []byte("content"), 0o644))
	b, err := os.ReadFile(p)
	fmt.Println(string(b), err, filepath.Base(p), filepath.Ext(p))
}
