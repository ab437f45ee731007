package cells

import (
	"regexp"
	"strings"
	"testing"
)

// TestEndlessRecursion shows where functions call each other for ever. An
// interpreted one takes nothing along; of a compiled one the runtime ends the
// evaluator, and the reply says what was lost.
func TestEndlessRecursion(t *testing.T) {
	const functions = "func down(n int) int {\n\treturn up(n + 1)\n}\nfunc up(n int) int {\n\treturn down(n) + 1\n}\nfunc call() int {\n\treturn down(0)\n}"
	for _, tt := range []struct{ engine, head, tail, kept string }{
		{"interpreted", "fatal error: stack overflow\nruntime: goroutine stack exceeds 262144000-byte limit\n", "", "=> 7"},
		{"compiled", "EvaluatorDied: fatal error: stack overflow\nruntime: goroutine stack exceeds 1000000000-byte limit\n",
			"\nA new evaluator is ready with every definition. Lost variables: kept.", "!! CompileError: Cell[4]:1:1: undefined: kept (its value was lost when the evaluator was replaced: run Cell[1] again)"},
	} {
		t.Run(tt.engine, func(t *testing.T) {
			nb := open(t)
			nb.run("kept := 7")
			nb.run("%engine " + tt.engine + "\n" + functions)
			got := nb.traceback("call()")
			middle, ok := strings.CutPrefix(got, tt.head)
			middle, end := strings.CutSuffix(middle, tt.tail)
			if !ok || !end {
				t.Errorf("got\n%s", got)
			}
			calls := regexp.MustCompile(`(?m)^Cell\[\d+\]:\d+(:\d+)?( in \w+)?$|^… more calls …$`).FindAllString(middle, -1)
			const place = `Cell\[2\]:\d+(:\d+)? in `
			want := regexp.MustCompile(`^(` + place + `(up|down)\n){4,}… more calls …\n(` + place + `(up|down)\n){4,}` + place + `call\nCell\[3\]:1(:1)?$`)
			if text := strings.Join(calls, "\n"); !want.MatchString(text) {
				t.Errorf("calls are\n%s\nof\n%s", text, got)
			}
			if got := nb.run("kept"); got != tt.kept {
				t.Errorf("then %q", got)
			}
			if got := nb.run("func up(n int) int { return n }\ncall()"); got != "=> 1" {
				t.Errorf("mended: %q", got)
			}
		})
	}
}

// TestDeepRecursion goes as deep as programs do.
func TestDeepRecursion(t *testing.T) {
	nb := open(t)
	if got := nb.run("func depth(n int) int { if n == 0 { return 0 }; return depth(n-1) + 1 }\ndepth(200_000)"); got != "=> 200000" {
		t.Errorf("got %q", got)
	}
}
