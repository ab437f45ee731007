package headless

import (
	"regexp"
	"strings"

	"github.com/paracell/paracell/cells/pattern"
)

// The rule by which Compare takes two texts for equal. What differs from run to
// run although nothing is wrong is replaced by its kind, in this order:
//
//	colours and other terminal escapes   removed
//	2026-01-31, 2026-01-31T10:20:30Z     <date>
//	10:20:30, 10:20:30.123               <clock>
//	0xc000012345 (six digits or more)    <address>
//	pid 123, PID=123, process 123        <pid>
//	goroutine 12                         goroutine <n>
//	127.0.0.1:43210, localhost:43210     <host>
//	a file or folder for temporary files <tmp>
//	0.410 seconds, 12ms, 1m2.5s, 3 µs    <time>
//	3.65/s, 120 /s                       <rate>
//	1.87x, 1.87 times (with decimals)    <ratio>
//	the same with Korean 초 and 배       <time>, <ratio>
//	runs of blanks, - and ─              one of them: columns move with figures
//
// A cell tagged "timings" has every number replaced, for tables of figures
// whose unit stands in the heading. A cell tagged "volatile" is compared by the
// kinds of its outputs alone. Images are compared by their type alone, errors
// by name and text, without traceback.
var rules = []struct {
	find    func() *regexp.Regexp
	replace string
}{
	{pattern.New(`\x1b\[[0-9;?]*[A-Za-z]`), ``},
	{pattern.New(`\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?)?`), `<date>`},
	{pattern.New(`\b\d\d:\d\d:\d\d([.,]\d+)?`), `<clock>`},
	{pattern.New(`\b0x[0-9a-fA-F]{6,}\b`), `<address>`},
	{pattern.New(`\b(pid|PID|process|Process)([ =:#]+)\d+\b`), `$1$2<pid>`},
	{pattern.New(`\bgoroutine \d+\b`), `goroutine <n>`},
	{pattern.New(`\b(127\.0\.0\.1|localhost):\d+\b`), `<host>`},
	{pattern.New(`(/tmp|/var/folders|/var/tmp)/[^\s"':,;)]+`), `<tmp>`},
	{pattern.New(`(\b\d+(\.\d+)? ?(ns|us|µs|μs|ms|seconds?|secs?|minutes?|mins?|hours?)\b)|(\b(\d+h)?(\d+m)?\d+(\.\d+)? ?s\b)|(\b\d+(\.\d+)? ?초)`), `<time>`},
	{pattern.New(`\b\d+(\.\d+)?(e\+\d+)? ?/s\b`), `<rate>`},
	{pattern.New(`\b\d+\.\d+ ?(x\b|×|times\b|배)`), `<ratio>`},
	{pattern.New(`[ \t]+`), ` `},
	{pattern.New(`-{2,}`), `-`},
	{pattern.New(`─{2,}`), `─`},
}

var (
	number        = pattern.New(`\d+([.,]\d+)*(e[+-]?\d+)?`)
	trailingBlank = pattern.New(`(?m) +$`)
)

// normalize applies the rule to a text; timings is the tag of that name.
func normalize(text string, timings bool) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, r := range rules {
		text = r.find().ReplaceAllString(text, r.replace)
	}
	if timings {
		text = number().ReplaceAllString(text, "<n>")
		// A figure may be a time in one run and outgrow its unit in the next.
		text = strings.NewReplacer("<time>", "<n>", "<ratio>", "<n>").Replace(text)
	}
	return trailingBlank().ReplaceAllString(text, "")
}
