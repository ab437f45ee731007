package imports

import (
	"errors"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cache is shared by the tests of this module: making the archive takes seconds.
func cache(t testing.TB) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	return filepath.Join(dir, "paracell")
}

func TestImport(t *testing.T) {
	im := New(token.NewFileSet(), Config{CacheDir: cache(t)})
	pkg, err := im.Import("net/http")
	if err != nil {
		t.Fatal(err)
	}
	handler := pkg.Scope().Lookup("Handler")
	if handler == nil {
		t.Fatal("net/http has no Handler")
	}
	io, err := im.Import("io")
	if err != nil {
		t.Fatal(err)
	}
	// One package, whichever way it was reached: a type is identical to itself.
	body, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("Request").Type(), true, pkg, "Body")
	if want := io.Scope().Lookup("ReadCloser").Type(); !types.Identical(body.Type(), want) {
		t.Errorf("http.Request.Body is %v, want %v", body.Type(), want)
	}
}

func TestImportOfNothing(t *testing.T) {
	im := New(token.NewFileSet(), Config{CacheDir: cache(t)})
	for _, path := range []string{"nosuch", "example.com/nosuch", "internal/abi"} {
		_, err := im.Import(path)
		var missing *NotFoundError
		if !errors.As(err, &missing) || missing.Path != path {
			t.Errorf("Import(%q): %v, want a NotFoundError", path, err)
		}
	}
}

// Without a go command the error says so, also of Paracell's own packages, and
// of sources.
func TestNoGo(t *testing.T) {
	im := New(token.NewFileSet(), Config{CacheDir: t.TempDir(), GoCommand: "no-such-go", Library: os.DirFS("../..")})
	for _, path := range []string{"strings", Module + "/futures"} {
		if _, err := im.Import(path); err == nil || !strings.Contains(err.Error(), `"no-such-go" was not found: install Go`) {
			t.Errorf("Import(%q): %v", path, err)
		}
	}
	if _, err := im.Source("slices"); err == nil || !strings.Contains(err.Error(), `"no-such-go" was not found: install Go`) {
		t.Errorf("Source: %v", err)
	}
}

func TestSource(t *testing.T) {
	im := New(token.NewFileSet(), Config{CacheDir: cache(t)})
	src, err := im.Source("slices")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"SortFunc", "pdqsortCmpFunc", "Collect"} {
		obj := src.Pkg.Scope().Lookup(name)
		if obj == nil || src.Decls[obj] == nil {
			t.Errorf("slices.%s has no declaration", name)
		}
	}
}

func BenchmarkImportFmt(b *testing.B) {
	for b.Loop() {
		im := New(token.NewFileSet(), Config{CacheDir: cache(b)})
		if _, err := im.Import("fmt"); err != nil {
			b.Fatal(err)
		}
	}
}
