package main

import (
	"os"
	"strings"
	"text/template"
)

func main() {
	t := template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse(
		"Hello {{.Name | up}}!{{range $i, $x := .Items}} {{$i}}={{$x}}{{else}} none{{end}}{{if gt .N 3}} many{{end}}\n"))
	t.Execute(os.Stdout, map[string]any{"Name": "ann", "Items": []string{"a", "b"}, "N": 5})
	type data struct {
		Name  string
		Items []int
		N     int
	}
	t.Execute(os.Stdout, data{"bob", nil, 1})
}
