package main

import (
	"os"
	"text/template"
)

type User struct{ First, Last string }

func (u User) Full() string { return u.First + " " + u.Last }

func main() {
	t := template.Must(template.New("t").Parse("{{.Full}}\n"))
	if err := t.Execute(os.Stdout, User{"A", "B"}); err != nil {
		os.Stdout.WriteString("failed\n")
	}
}
