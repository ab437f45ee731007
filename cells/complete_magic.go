package cells

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"github.com/paracell/paracell/cells/imports"
	"github.com/paracell/paracell/cells/magic"
)

// completeMagic completes the name of a magic, percent signs included.
func completeMagic(code string, cursor int, r region) Completions {
	m := &matches{prefix: code[r.from:cursor]}
	for _, x := range magic.Table() {
		if x.Name[0] < 'a' {
			continue // ! and ? are no names
		}
		if x.Line && r.kind == inLineMagic {
			m.add("%"+x.Name, kindMagic, 0)
		}
		if x.Cell && (r.kind == inCellMagic || firstLine(code, r.from) && m.prefix == "%") {
			m.add("%%"+x.Name, kindMagic, 1)
		}
	}
	return m.completions(r.from, cursor)
}

// firstLine reports whether only blank lines stand above offset at.
func firstLine(code string, at int) bool { return strings.TrimSpace(code[:at]) == "" }

// completeArguments completes a word of a magic's arguments.
func (s *Session) completeArguments(code string, cursor int, r region) Completions {
	words, start := lastWord(code[r.from:cursor])
	start += r.from
	word := code[start:cursor]
	m := &matches{prefix: word}
	if strings.HasPrefix(word, "-") {
		if x, ok := magic.Lookup(r.magic); ok {
			m.words(true, x.Options()...)
		}
		return m.completions(start, cursor)
	}
	for _, w := range strings.Fields(code[r.from:start]) { // an option is no argument
		if strings.HasPrefix(w, "-") {
			words--
		}
	}
	switch r.magic {
	case "gil":
		m.words(words == 0, "on", "off")
	case "engine":
		m.words(words == 0, magic.EngineAuto, magic.EngineInterpreted, magic.EngineCompiled)
	case "native":
		s.plainFunctions(m)
	case "pool":
		if words == 0 {
			s.poolVariables(m)
		}
	case "start_method":
		m.words(words == 0, "spawn", "session")
		m.words(words == 1 && strings.HasPrefix(strings.TrimSpace(code[r.from:cursor]), "session"), "interpreted", "compiled")
	case "env", "unset_env":
		if words > 0 {
			break
		}
		for _, kv := range s.Env() {
			name, _, _ := strings.Cut(kv, "=")
			m.add(name, kindInstance, 0)
		}
	case "run", "load", "writefile", "!", "bash", "sh", "python":
		s.paths(m, func(e os.DirEntry) bool {
			return r.magic != "run" || words > 0 || filepath.Ext(e.Name()) == ".go" && !strings.HasSuffix(e.Name(), "_test.go") || filepath.Ext(e.Name()) == ".ipynb"
		})
	case "cd":
		s.paths(m, func(os.DirEntry) bool { return false })
	}
	return m.completions(start, cursor)
}

// plainFunctions adds the session's functions that are neither methods nor
// generic.
func (s *Session) plainFunctions(m *matches) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name, obj := range s.scope.objs {
		if f, ok := obj.(*types.Func); ok && f.Signature().TypeParams().Len() == 0 {
			m.add(name, kindFunction, 0)
		}
	}
}

// poolVariables adds the session's variables that hold a pool.
func (s *Session) poolVariables(m *matches) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name, v := range s.scope.vars {
		if v.lost {
			continue
		}
		if trace, _, _ := types.LookupFieldOrMethod(v.obj.Type(), true, nil, "Trace"); trace != nil && trace.Pkg() != nil && trace.Pkg().Path() == imports.Module+"/futures" {
			m.add(name, kindInstance, 0)
		}
	}
}

// words adds fixed words where they can stand.
func (m *matches) words(here bool, words ...string) {
	if !here {
		return
	}
	for _, w := range words {
		m.add(w, kindKeyword, 0)
	}
}

// lastWord returns how many words stand before the last one, and where that
// begins: at the end when the text ends in space. A backslash keeps a space in
// its word.
func lastWord(text string) (before, start int) {
	inWord := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == ' ' || text[i] == '\t':
			if inWord {
				before++
			}
			inWord = false
		case !inWord:
			inWord, start = true, i
		}
		if text[i] == '\\' {
			i++
		}
	}
	if !inWord {
		start = len(text)
	}
	return before, start
}

// paths adds the folders and the files that are wanted, in the folder that the
// prefix names, as words of a command line. Hidden ones must be asked for.
func (s *Session) paths(m *matches, wanted func(os.DirEntry) bool) {
	quote := strings.NewReplacer(" ", `\ `)
	typed := strings.ReplaceAll(m.prefix, `\ `, " ")
	dir, base := filepath.Split(typed)
	look := dir
	if rest, ok := strings.CutPrefix(dir, "~"); ok && rest != "" && os.IsPathSeparator(rest[0]) {
		if home, err := os.UserHomeDir(); err == nil {
			look = filepath.Join(home, rest)
		}
	}
	if !filepath.IsAbs(look) {
		look = filepath.Join(s.Dir(), look)
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(base, ".") {
			continue
		}
		name := quote.Replace(dir + e.Name())
		info, err := os.Stat(filepath.Join(look, e.Name())) // where a link leads
		switch {
		case err == nil && info.IsDir():
			m.add(name+"/", kindPath, 0)
		case wanted(e):
			m.add(name, kindPath, 0)
		}
	}
}
