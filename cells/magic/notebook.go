package magic

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

var notebookMagics = []Magic{
	{Name: "writefile", Usage: "%%writefile [-a] FILE", Cell: true, run: runWritefile,
		Help: "write the cell to a file; -a appends"},
	{Name: "load", Usage: "%load FILE", Line: true, run: runLoad,
		Help: "put a file's text in place of this cell"},
}

func runWritefile(_ context.Context, c *call) *Error {
	opts, rest, bad := c.options(c.Args, "a")
	if bad != nil {
		return bad
	}
	words, bad := c.split(rest)
	if bad != nil {
		return bad
	}
	if len(words) != 1 {
		return c.usage("%%writefile needs one file; quote a name with spaces")
	}
	name, path := words[0], absolute(c.Dir(), words[0])
	body := c.Body
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n" // a cell's last line has none; a file's should
	}
	_, err := os.Stat(path)
	verb := "Overwriting"
	_, add := opts['a']
	switch {
	case add:
		verb, err = "Appending to", appendFile(path, body)
	case errors.Is(err, fs.ErrNotExist):
		verb, err = "Writing", replaceFile(path, body)
	default:
		err = replaceFile(path, body)
	}
	if err != nil {
		return fileError(err)
	}
	c.print(verb + " " + name + "\n")
	return nil
}

func appendFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// replaceFile writes a new file and puts it in path's place, so that a full
// disk leaves the old one whole.
func replaceFile(path, text string) error {
	mode := fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil {
		if mode = info.Mode().Perm(); !info.Mode().IsRegular() || mode&0o200 == 0 {
			return os.WriteFile(path, []byte(text), mode) // a device, or an error to report
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".writefile-*")
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			at.Path = path // not the name that nobody has heard of
		}
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// maxLoad is the most text that is put into a cell.
const maxLoad = 1 << 20

func runLoad(_ context.Context, c *call) *Error {
	words, bad := c.words()
	if bad != nil {
		return bad
	}
	if len(words) != 1 {
		return c.usage("%load needs one file; quote a name with spaces")
	}
	path := absolute(c.Dir(), words[0])
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && filepath.Ext(path) == "" {
		path += ".go"
	}
	data, err := os.ReadFile(path)
	switch {
	case err != nil:
		return fileError(err)
	case len(data) > maxLoad || !utf8.Valid(data):
		return &Error{Name: "ValueError", Value: fmt.Sprintf("%s is not text for a cell: it is larger than 1 MiB or not UTF-8", words[0])}
	}
	c.SetNextInput("// %load "+c.Args+"\n"+string(data), true)
	return nil
}

// fileError is a file's error in one sentence.
func fileError(err error) *Error {
	name := "OSError"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		name = "FileNotFoundError"
	case errors.Is(err, fs.ErrPermission):
		name = "PermissionError"
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return &Error{Name: name, Value: fmt.Sprintf("%s: %v", at.Path, at.Err)}
	}
	return &Error{Name: name, Value: err.Error()}
}
