package headless

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Notebook is an .ipynb file of nbformat 4. All that the format or other tools
// put into it is kept as it is; only what a run changes is changed.
type Notebook struct {
	raw   map[string]any
	cells []*cell
}

// cell is a cell of any type. raw is shared with the notebook.
type cell struct {
	raw    map[string]any
	kind   string // "code", "markdown", "raw"
	source string
	tags   []string
}

// NotebookError says in one sentence why a file can't be run as a notebook.
type NotebookError struct {
	Path   string
	Reason string
}

func (e *NotebookError) Error() string { return e.Path + ": " + e.Reason }

// Read reads and checks the notebook at path. Every error is a *NotebookError.
func Read(path string) (*Notebook, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		var n *Notebook
		if n, err = Parse(text); err == nil {
			return n, nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		err = errors.New("no permission to read it")
	default:
		err = plainCause(err)
	}
	return nil, &NotebookError{path, err.Error()}
}

// plainCause drops the operation and path that the sentence already names.
func plainCause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// Parse checks the text of a notebook.
func Parse(text []byte) (*Notebook, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	n := &Notebook{}
	if err := decodeJSON(text, &n.raw); err != nil || n.raw == nil {
		return nil, errors.New("not a notebook: it doesn't hold a JSON object")
	}
	format, ok := n.raw["nbformat"].(json.Number)
	switch {
	case !ok:
		return nil, errors.New("not a notebook: nbformat is missing")
	case format != "4":
		return nil, fmt.Errorf("a notebook of format %s; only format 4 can be run, and Jupyter converts older ones when it saves them", format)
	}
	if err := n.checkLanguage(); err != nil {
		return nil, err
	}
	list, ok := n.raw["cells"].([]any)
	if !ok {
		return nil, errors.New("not a notebook: cells is not a list")
	}
	for i, item := range list {
		c, err := parseCell(item)
		if err != nil {
			return nil, fmt.Errorf("cell %d from the top: %w", i+1, err)
		}
		n.cells = append(n.cells, c)
	}
	return n, nil
}

// decodeJSON keeps numbers as they are written and refuses text after the value.
func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("text after the end")
	}
	return nil
}

// checkLanguage refuses a notebook that says it is for another language. One
// that says nothing is taken for Go.
func (n *Notebook) checkLanguage() error {
	metadata, _ := n.raw["metadata"].(map[string]any)
	spec, _ := metadata["kernelspec"].(map[string]any)
	info, _ := metadata["language_info"].(map[string]any)
	language, _ := spec["language"].(string)
	if language == "" {
		language, _ = info["name"].(string)
	}
	if language == "" || strings.EqualFold(language, "go") {
		return nil
	}
	kernel, _ := spec["name"].(string)
	if kernel == "" {
		return fmt.Errorf("a notebook for %s; only Go notebooks can be run", language)
	}
	return fmt.Errorf("a notebook for %s (kernel %s); only Go notebooks can be run", language, kernel)
}

func parseCell(item any) (*cell, error) {
	raw, ok := item.(map[string]any)
	if !ok {
		return nil, errors.New("not a JSON object")
	}
	c := &cell{raw: raw}
	if c.kind, ok = raw["cell_type"].(string); !ok {
		return nil, errors.New("cell_type is missing")
	}
	if c.source, ok = joinLines(raw["source"]); !ok {
		return nil, errors.New("source is neither text nor a list of lines")
	}
	metadata, ok := raw["metadata"].(map[string]any)
	if raw["metadata"] != nil && !ok {
		return nil, errors.New("metadata is not a JSON object")
	}
	tags, _ := metadata["tags"].([]any)
	for _, tag := range tags {
		if tag, ok := tag.(string); ok {
			c.tags = append(c.tags, tag)
		}
	}
	if c.kind == "code" {
		if _, err := storedOutputs(raw); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *cell) tagged(tag string) bool { return slices.Contains(c.tags, tag) }

// runs reports whether the cell is one that a run executes.
func (c *cell) runs() bool {
	return c.kind == "code" && strings.TrimSpace(c.source) != "" && !c.tagged("skip-execution")
}

// joinLines undoes nbformat's splitting of text into lines.
func joinLines(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var text strings.Builder
		for _, line := range v {
			line, ok := line.(string)
			if !ok {
				return "", false
			}
			text.WriteString(line)
		}
		return text.String(), true
	}
	return "", false
}

// splitLines splits text as nbformat does, at all that Python takes for the end
// of a line, and keeps the ends.
func splitLines(text string) []any {
	lines := []any{}
	start := 0
	for i, r := range text {
		end := i + len(string(r))
		switch {
		case i < start: // the \n of a \r\n
			continue
		case r == '\r' && strings.HasPrefix(text[end:], "\n"):
			end++
		case !strings.ContainsRune("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029", r):
			continue
		}
		lines = append(lines, text[start:end])
		start = end
	}
	if start < len(text) {
		lines = append(lines, text[start:])
	}
	return lines
}

// Clone copies a notebook, so that a run can be compared with what it replaces.
func (n *Notebook) Clone() *Notebook {
	text, err := n.Marshal()
	if err == nil {
		var clone *Notebook
		if clone, err = Parse(text); err == nil {
			return clone
		}
	}
	panic(fmt.Sprintf("a notebook that was read can't be written: %v", err))
}

// Marshal writes a notebook as nbformat does, so that a rewrite changes the
// lines that a run changed and no others: keys sorted, indented by one space,
// nothing escaped that needn't be, a newline at the end.
func (n *Notebook) Marshal() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(n.raw); err != nil {
		return nil, err
	}
	return unescapeSeparators(b.Bytes()), nil
}

// unescapeSeparators writes U+2028 and U+2029 as themselves; encoding/json
// always escapes them, Python never does.
func unescapeSeparators(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u202`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, []byte(`\u2028`)):
			out = append(out, "\u2028"...)
			i += 5
		case bytes.HasPrefix(rest, []byte(`\u2029`)):
			out = append(out, "\u2029"...)
			i += 5
		default:
			out = append(out, rest[0], rest[1])
			i++
		}
	}
	return out
}

// Write writes the notebook to a new file beside path, which then takes path's
// place: whatever goes wrong, path is either the old notebook or the new one.
func (n *Notebook) Write(path string) error {
	text, err := n.Marshal()
	if err != nil {
		return &NotebookError{path, err.Error()}
	}
	if err := replaceFile(path, text); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func cannotWrite(path string, err error) error {
	return &NotebookError{path, fmt.Sprintf("the notebook could not be written: %v; -o names another file for it", plainCause(err))}
}

// CheckWritable tells whether Write could write there, before there is
// something to lose. It leaves no trace.
func CheckWritable(path string) error {
	f, _, err := temporary(path)
	if err != nil {
		return cannotWrite(path, err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// replaceFile puts a new file in the place of what is at path.
func replaceFile(path string, text []byte) (err error) {
	f, path, err := temporary(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(text); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// temporary makes a file that can be renamed to what path means, with the mode
// of the file that is there.
func temporary(path string) (f *os.File, target string, err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays a link
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return nil, "", errors.New("not a regular file")
		}
		// Who may not write the file may not replace it either.
		old, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, "", err
		}
		old.Close()
		mode = info.Mode().Perm()
	}
	f, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, "", err
	}
	if err := f.Chmod(mode); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.Close()
		os.Remove(f.Name())
		return nil, "", err
	}
	return f, path, nil
}
