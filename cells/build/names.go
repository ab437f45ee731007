package build

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"fmt"
	"os"

	"github.com/paracell/paracell/cells/pattern"
)

// pluginPath begins the import path of every plugin.
const pluginPath = "cell/"

var ofPlugin = pattern.New(pluginPath + `[0-9a-f]{32}\.`)

// nameFunctions has the functions of plugins call themselves as those of package main,
// in stack traces and for package runtime: the import path that keeps plugins
// apart means nothing to the user. Clean takes more out of a name. Only names in
// the table of functions are changed, in place; they end at a zero byte.
func nameFunctions(file string, clean func(name string) string) error {
	offset, size, err := functionTable(file)
	if err != nil {
		return err
	}
	if size == 0 {
		return nil
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	table := make([]byte, size)
	if _, err := f.ReadAt(table, offset); err != nil {
		return fmt.Errorf("reading the function table: %w", err)
	}
	for at := 0; ; {
		found := ofPlugin().FindIndex(table[at:])
		if found == nil {
			break
		}
		start := bytes.LastIndexByte(table[:at+found[0]], 0) + 1
		length := bytes.IndexByte(table[start:], 0)
		if length < 0 {
			break
		}
		at = start + length
		name := clean(ofPlugin().ReplaceAllString(string(table[start:at]), "main."))
		if len(name) <= length {
			clear(table[start+copy(table[start:at], name) : at])
		}
	}
	if _, err := f.WriteAt(table, offset); err != nil {
		return fmt.Errorf("writing the function table: %w", err)
	}
	return f.Close()
}

// functionTable finds the runtime's table of functions in a plugin.
func functionTable(file string) (offset, size int64, err error) {
	if e, err := elf.Open(file); err == nil {
		defer e.Close()
		for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
			if s := e.Section(name); s != nil {
				return int64(s.Offset), int64(s.Size), nil
			}
		}
		return 0, 0, nil
	}
	m, err := macho.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer m.Close()
	if s := m.Section("__gopclntab"); s != nil {
		return int64(s.Offset), int64(s.Size), nil
	}
	return 0, 0, nil
}
