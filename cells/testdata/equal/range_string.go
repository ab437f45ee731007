package main

import "fmt"

type name string

func main() {
	for i := range "日本x" {
		fmt.Print(i, " ")
	}
	for i, r := range "é\xff\xc3z" {
		fmt.Print(i, ":", r, " ")
	}
	for range "日本" {
		fmt.Print("- ")
	}
	s := "abc"
	for i, r := range s {
		s += string(r)
		fmt.Print(i, s, " ")
	}
	var at int
	var r rune
	for at, r = range "o日p" {
		if r == '日' {
			break
		}
	}
	fmt.Println(at, r)
	var fs []func()
outer:
	for i, r := range name("xy日z") {
		fs = append(fs, func() { fmt.Print(i, string(r), " ") })
		for range "12" {
			if r == 'y' {
				continue outer
			}
		}
		if r == '日' {
			break outer
		}
		i, r = 9, 'w'
	}
	for _, f := range fs {
		f()
	}
	for _, r := range "" {
		fmt.Print(r)
	}
	fmt.Println()
}
