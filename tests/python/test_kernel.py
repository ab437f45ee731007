"""Jupyter's own conformance suite, with every attribute filled in: nothing skips."""

import jupyter_kernel_test as jkt


class TestKernel(jkt.KernelTests):
    kernel_name = "paracell"
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "oops")'

    completion_samples = [
        {"text": 'import "strings"\nstrings.ToUpp', "matches": {"ToUpper", "ToUpperSpecial"}},
        {"text": "fallth", "matches": {"fallthrough"}},
        {"text": "type pair struct{ left, lower int }\nvar p pair\np.l", "matches": {"left", "lower"}},
    ]

    complete_code_samples = [
        "x := 1",
        "1 + 2",
        'import "fmt"\nfmt.Println("hi")',
        "func f(n int) int { return 2 * n }",
        "type T struct{ a int }\nfunc (t T) A() int { return t.a }",
        "s := `two\nlines`",
        "%time 1 + 2",
    ]
    incomplete_code_samples = [
        "func f(n int) int {",
        "fmt.Println(",
        "xs := []int{1,",
        "1 +",
        "if x > 1 {\n",
        "s := `two",
        "/* a comment",
    ]
    invalid_code_samples = [
        "x := )",
        "func 1() {}",
        "}",
        "if if {}",
    ]

    code_page_something = 'import "fmt"\nfmt.Println?'
    code_generate_error = 'panic("so it goes")'

    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "7.0 / 2", "result": "3.5"},
        {"code": 'len("gopher")', "result": "6"},
    ]
    code_history_pattern = "6?7"
    supported_history_operations = ("tail", "range", "search")

    code_display_data = [
        {"code": 'import "github.com/paracell/paracell/display"\ndisplay.Show(display.HTML("<b>hi</b>"))', "mime": "text/html"},
        {"code": 'import "github.com/paracell/paracell/display"\ndisplay.Show(display.SVG("<svg/>"))', "mime": "image/svg+xml"},
        {"code": 'import "github.com/paracell/paracell/display"\ndisplay.Show(display.Markdown("*hi*"))', "mime": "text/markdown"},
    ]
    code_clear_output = 'import "github.com/paracell/paracell/display"\ndisplay.Clear(false)'
    code_inspect_sample = "len"


class TestIopubWelcome(jkt.IopubWelcomeTests):
    kernel_name = "paracell"
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite would wait for ever for a kernel that says nothing.
        get = cls.kc.get_iopub_msg
        cls.kc.get_iopub_msg = lambda: get(timeout=60)


# The imported names would be collected and run against python3.
del jkt
