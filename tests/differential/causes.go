package main

import "regexp"

// causes name what a failing program stumbled over, by what was said and by
// what its text uses; the first that fits counts.
var causes = []struct {
	name         string
	detail, text *regexp.Regexp
}{
	{"time", regexp.MustCompile(`^not over in time`), nil},
	{"type without a form in package reflect", regexp.MustCompile(`reflect\.(StructOf|FuncOf|MapOf|ArrayOf|SliceOf)|reflect\.Type is nil`), nil},
	{"unsupported: said so", regexp.MustCompile(`cannot run|not supported|does not support|has no lowered form`), nil},
	{"internal: the interpreter refuses", regexp.MustCompile(`InternalError`), nil},
	{"unsafe", nil, regexp.MustCompile(`"unsafe"`)},
	{"runtime introspection", nil, regexp.MustCompile(`runtime\.(Caller|Callers|FuncForPC|SetFinalizer|AddCleanup|ReadMemStats|Stack|GC|NumGoroutine)|debug\.(Stack|PrintStack|ReadBuildInfo)|AllocsPerRun`)},
	{"reflect", nil, regexp.MustCompile(`"reflect"`)},
	{"panic and recover", nil, regexp.MustCompile(`\brecover\(\)`)},
	{"user's types", nil, regexp.MustCompile(`(?m)^\s*(type\s+\w+|func \(\w*\s*\*?\w+(\[[^\]]*\])?\) )`)},
	{"channels and select", nil, regexp.MustCompile(`\bselect\b|\bchan\b`)},
	{"complex numbers", nil, regexp.MustCompile(`\bcomplex(64|128)?\b`)},
	{"generics", nil, regexp.MustCompile(`(?m)^func \w+\[`)},
	{"other", nil, nil},
}

func cause(r result, text string) string {
	for _, c := range causes {
		if (c.detail == nil || c.detail.MatchString(r.Detail)) && (c.text == nil || c.text.MatchString(text)) {
			return c.name
		}
	}
	return ""
}
