package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
)

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func main() {
	var b bytes.Buffer
	b.WriteString("hello ")
	fmt.Fprintf(&b, "%d", 42)
	fmt.Println(b.String(), b.Len())
	p := make([]byte, 3)
	n, err := b.Read(p)
	fmt.Println(n, err, string(p), b.String())
	fmt.Println(bytes.Contains([]byte("abc"), []byte("b")), bytes.Equal(p, []byte("hel")), bytes.ToUpper(p))
	c := &counter{}
	io.Copy(c, strings.NewReader("12345"))
	w := io.MultiWriter(c, &b)
	fmt.Fprint(w, "abc")
	fmt.Println(c.n, b.String())
	fmt.Println(base64.StdEncoding.EncodeToString([]byte("data")), hex.EncodeToString([]byte{1, 255}))
	fmt.Printf("%x\n", sha256.Sum256([]byte("x")))
	buf := make([]byte, 8)
	binary.BigEndian.PutUint32(buf, 0xdeadbeef)
	fmt.Println(buf, binary.LittleEndian.Uint16(buf))
	r := io.LimitReader(strings.NewReader("abcdef"), 3)
	all, _ := io.ReadAll(r)
	fmt.Println(string(all))
	pr, pw := io.Pipe()
	go func() { fmt.Fprint(pw, "piped"); pw.Close() }()
	all, _ = io.ReadAll(pr)
	fmt.Println(string(all))
	io.WriteString(os.Stdout, "direct\n")
	os.Stdout.Write([]byte("bytes\n"))
}
