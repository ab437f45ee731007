package headless

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// canonical is what nbformat writes: reading and writing it changes nothing.
const canonical = `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "intro",
   "metadata": {
    "slideshow": {
     "slide_type": "slide"
    }
   },
   "source": [
    "# <b>Title</b> & \"quotes\"\n",
    "한국어 ` + "\u2028" + ` \\u2028 \u001b \b"
   ]
  },
  {
   "attachments": {},
   "cell_type": "code",
   "execution_count": null,
   "id": "a1",
   "metadata": {},
   "outputs": [],
   "source": "one"
  }
 ],
 "metadata": {
  "a_big_number": 12345678901234567890.10,
  "kernelspec": {
   "display_name": "Go",
   "language": "go",
   "name": "paracell"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5,
 "unknown": [
  1.50,
  {}
 ]
}
`

func parse(t *testing.T, text string) *Notebook {
	t.Helper()
	n, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRewriteChangesNothing(t *testing.T) {
	got, err := parse(t, canonical).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != canonical {
		t.Errorf("got\n%s", got)
	}
	got, _ = parse(t, "\ufeff"+canonical).Clone().Marshal()
	if string(got) != canonical {
		t.Errorf("got\n%s", got)
	}
}

func TestBadNotebooks(t *testing.T) {
	cell := func(fields string) string { return `{"nbformat":4,"cells":[` + fields + `]}` }
	for text, want := range map[string]string{
		``:                        "not a notebook",
		`package main`:            "not a notebook",
		`[]`:                      "not a notebook",
		`null`:                    "not a notebook",
		`{}`:                      "nbformat is missing",
		`{"nbformat":4}{}`:        "not a notebook",
		`{"nbformat":"4"}`:        "nbformat is missing",
		`{"nbformat":3}`:          "format 3",
		`{"nbformat":4}`:          "cells is not a list",
		cell(`5`):                 "cell 1 from the top: not a JSON object",
		cell(`{}`):                "cell 1 from the top: cell_type is missing",
		cell(`{"cell_type":"x"}`): "source is neither",
		cell(`{"cell_type":"code","source":["a",1]}`):                                  "source is neither",
		cell(`{"cell_type":"code","source":"","metadata":[]}`):                         "metadata is not",
		cell(`{"cell_type":"code","source":"","outputs":{}}`):                          "outputs is not a list",
		cell(`{"cell_type":"code","source":"","outputs":[{}]}`):                        "output 1 has no output_type",
		`{"nbformat":4,"metadata":{"kernelspec":{"language":"R","name":"ir"}}}`:        "for R (kernel ir)",
		`{"nbformat":4,"metadata":{"language_info":{"name":"python"}}}`:                "for python",
		`{"nbformat":4,"metadata":{"kernelspec":{"language":"python"}},"cells":[]}`:    "for python",
		`{"nbformat":4,"cells":[],"metadata":{"language_info":{"name":"typescript"}}}`: "for typescript",
	} {
		path := filepath.Join(t.TempDir(), "x.ipynb")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		var bad *NotebookError
		if !errors.As(err, &bad) || bad.Path != path || !strings.Contains(bad.Reason, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "missing.ipynb")
	if _, err := Read(missing); err == nil || err.Error() != missing+": there is no such file" {
		t.Errorf("a missing file: %v", err)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.ipynb")
	n := parse(t, canonical)
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := n.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != canonical {
		t.Errorf("%v\n%s", err, got)
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode became %v", info.Mode())
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("something was left behind: %v", files)
	}

	err = n.Write(filepath.Join(dir, "no", "such", "folder.ipynb"))
	if err == nil || !strings.Contains(err.Error(), "could not be written") {
		t.Errorf("a missing folder: %v", err)
	}
	if err := n.Write(dir); err == nil {
		t.Error("a folder was replaced by a notebook")
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("something was left behind: %v", files)
	}
}

func TestWriteKeepsLinks(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.ipynb"), filepath.Join(dir, "link.ipynb")
	if err := os.WriteFile(real, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := parse(t, canonical).Write(link); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Lstat(link); info.Mode().IsRegular() {
		t.Error("the link became a file")
	}
	if got, _ := os.ReadFile(real); string(got) != canonical {
		t.Errorf("the file behind the link holds %q", got)
	}
}

func TestSplitLines(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, "a\n": 1, "a\nb": 2, "a\r\nb\r\n": 2, "a\rb": 2, "a\n\nb": 3, "가\u2028나\fb\v": 3, "\r\r\n\n": 3,
	} {
		lines := splitLines(text)
		joined, _ := joinLines(lines)
		if len(lines) != want || joined != text {
			t.Errorf("%q: %q", text, lines)
		}
	}
}

// Whatever is read can be written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(canonical))
	f.Add([]byte(`{"nbformat":4,"cells":[{"cell_type":"code","source":["a"],"outputs":[{"output_type":"stream","text":"\r\b"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Parse(text)
		if err != nil {
			return
		}
		if differences := Compare(n, n.Clone()); len(differences) != 0 {
			t.Errorf("a copy differs: %v", differences)
		}
	})
}
