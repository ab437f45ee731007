package magic

import (
	"fmt"
	"strings"
	"testing"
)

// outline writes segments the way the tables below expect them.
func outline(segments []Segment) string {
	var lines []string
	for _, s := range segments {
		switch s.Kind {
		case Go:
			lines = append(lines, fmt.Sprintf("%d go %q", s.Line, s.Text))
		case Line:
			lines = append(lines, fmt.Sprintf("%d %s(%s)@%d", s.Line, s.Name, s.Args, s.Column))
		case Cell:
			lines = append(lines, fmt.Sprintf("%d cell %s(%s) body %d %q", s.Line, s.Name, s.Args, s.BodyLine, s.Body))
		}
	}
	return strings.Join(lines, "; ")
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"", ""},
		{" \n\t\n", ""},
		{"x := 1\n", `1 go "x := 1\n"`},
		{"%pwd", `1 pwd()@5`},
		{"  %cd  a b \n", `1 cd(a b)@8`},
		{"x := 1\n%time f(x)\ny := 2", `1 go "x := 1\n"; 2 time(f(x))@7; 3 go "y := 2"`},
		{"\n\n!ls -l | wc\n", `3 !(ls -l | wc)@2`},
		{"!!ls", `1 !(ls)@3`},
		{"! ls `x", `1 !(ls ` + "`x" + `)@3`},
		{"%run a \\\n  b\nx", `1 run(a   b)@6; 3 go "x"`},
		{"%a\r\n%b c\r\nx\r\n", `1 a()@3; 2 b(c)@4; 3 go "x\r\n"`},

		// Help.
		{"x?", `1 ?(x)@1`},
		{"?x", `1 ?(x)@2`},
		{"fmt.Println??  \n", `1 ??(fmt.Println)@1`},
		{"??a.B", `1 ??(a.B)@3`},
		{"%time?", `1 ?(%time)@1`},
		{"?%time", `1 ?(%time)@2`},
		{"%%bash?", `1 ?(%%bash)@1`},
		{"!?", `1 ?(!)@1`},
		{"x := 1\nx?\n", `1 go "x := 1\n"; 2 ?(x)@1`},

		// Cell magics.
		{"%%bash", `1 cell bash() body 1 ""`},
		{"\n \n%%bash -x  y\necho %run\n\n!x\n", `3 cell bash(-x  y) body 4 "echo %run\n\n!x\n"`},
		{"%%writefile a \\\nb\nbody", `1 cell writefile(a b) body 3 "body"`},

		// Go, whatever it looks like.
		{"x := a %\n b", `1 go "x := a %\n b"`},
		{"x := a %\n%b", `1 go "x := a %\n%b"`},
		{"x := a %\n%time", `1 go "x := a %\n%time"`},
		{"s := `\n%run\n!ls\nx?\n`", "1 go \"s := `\\n%run\\n!ls\\nx?\\n`\""},
		{"/*\n!x\n%run y\n*/", `1 go "/*\n!x\n%run y\n*/"`},
		{"// %run\n", `1 go "// %run\n"`},
		{"f(\n!x,\n%y)", `1 go "f(\n!x,\n%y)"`},
		{"a := []bool{\n!x,\n!y,\n}", `1 go "a := []bool{\n!x,\n!y,\n}"`},
		{"ok := a &&\n!b", `1 go "ok := a &&\n!b"`},
		{"x :=\n!ok", `1 go "x :=\n!ok"`},
		{"/* c */ %time x", `1 go "/* c */ %time x"`},
		{"x := 1; %time y", `1 go "x := 1; %time y"`},
		{"% b", `1 go "% b"`},
		{"a\n%= b", `1 go "a\n%= b"`},
		{"!= x", `1 go "!= x"`},
		{"x? y", `1 go "x? y"`},
		{"s := `never closed\n%run", "1 go \"s := `never closed\\n%run\""},
		{"'\\''\n%pwd", `1 go "'\\''\n"; 2 pwd()@5`},

		// A magic may follow what ends a statement, even where brackets are wrong.
		{"if x {\n}\n%pwd", `1 go "if x {\n}\n"; 3 pwd()@5`},
		{"}\n%pwd", `1 go "}\n"; 2 pwd()@5`},
		{"x // c\n%pwd // d\n", `1 go "x // c\n"; 2 pwd(// d)@6`},
		{"%a\n%b\n\n%c", `1 a()@3; 2 b()@3; 4 c()@3`},
		{"!echo \"(\n%pwd", `1 !(echo "()@2; 2 pwd()@5`},
		{"%pwd\n// only a comment\n", `1 pwd()@5; 2 go "// only a comment\n"`},
		{"한 := 1\n한?", `1 go "한 := 1\n"; 2 ?(한)@1`},
		{"\"unfinished\n%pwd", `1 go "\"unfinished\n"; 2 pwd()@5`},
	} {
		got, err := Split(c.code)
		if err != nil {
			t.Errorf("%q: %v", c.code, err)
		} else if o := outline(got); o != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.code, o, c.want)
		}
	}
}

func TestSplitErrors(t *testing.T) {
	for code, want := range map[string]string{
		"for {\n\t%time f()\n}":             "line 2: %time is inside the block that begins on line 1; a magic stands on a line of its own, outside of any block",
		"x := 1\nif x {\ny()\n!ls\n}":       "line 4: ! is inside the block that begins on line 2; a magic stands on a line of its own, outside of any block",
		"func f() {\n\tx := 1\n\tx?\n}":     "line 3: x? is inside the block that begins on line 1; a magic stands on a line of its own, outside of any block",
		"x := 1\n%%bash\nls":                "line 2: %%bash must be on the first line of its cell",
		"// run this\n%%time\nf()":          "line 2: %%time must be on the first line of its cell",
		"%pwd\nfunc() {\n{\n}\n%pwd\n}()\n": "line 5: %pwd is inside the block that begins on line 2; a magic stands on a line of its own, outside of any block",
	} {
		got, err := Split(code)
		if err == nil || err.Name != "UsageError" || err.Value != want {
			t.Errorf("%q: %v %s", code, err, outline(got))
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, code := range []string{"x := 1\n%time f()\n", "%%bash\nls", "`\n%run\n`", "a?\n!b \\\n c", "{\n%x", "\\\n\\", "%\n!", "?\n??"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		segments, err := Split(code)
		if err != nil {
			return
		}
		line, lines := 0, strings.Count(code, "\n")+1
		for _, s := range segments {
			if s.Line <= line || s.Line > lines {
				t.Errorf("a segment at line %d after one at %d, of %d", s.Line, line, lines)
			}
			line = s.Line
			if !strings.Contains(code, s.Text) || !strings.HasSuffix(code, s.Body) {
				t.Errorf("%+v is not in the cell", s)
			}
			if s.Kind != Go && s.Name == "" {
				t.Errorf("%+v has no name", s)
			}
		}
	})
}
