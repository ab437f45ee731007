package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

var ErrGone = errors.New("gone")

func open(n int) error {
	switch n {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("open %d: %w", n, ErrGone)
	case 2:
		return fmt.Errorf("open: %w", io.EOF)
	}
	return errors.Join(ErrGone, io.ErrUnexpectedEOF)
}

func main() {
	for i := range 4 {
		err := open(i)
		fmt.Println(err, errors.Is(err, ErrGone), errors.Is(err, io.EOF), err == nil, errors.Is(err, io.ErrUnexpectedEOF))
	}
	_, err := strconv.Atoi("12x")
	var ne *strconv.NumError
	fmt.Println(err, errors.As(err, &ne), ne.Func, ne.Num, ne.Err == strconv.ErrSyntax)
	_, err = strconv.ParseInt("999", 10, 8)
	fmt.Println(err, errors.Is(err, strconv.ErrRange))
	_, err = os.Open("/no/such/file")
	var pe *fs.PathError
	fmt.Println(errors.As(err, &pe), pe.Op, pe.Path, errors.Is(err, fs.ErrNotExist))
	fmt.Println(errors.Unwrap(fmt.Errorf("a: %w", ErrGone)) == ErrGone)
	_, err = strconv.ParseBool("maybe")
	fmt.Println(err)
	_, err = strconv.ParseFloat("1e999", 64)
	fmt.Println(err)
}
