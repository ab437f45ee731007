package kernel_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/cells"
	"github.com/paracell/paracell/kernel"
)

func names(messages []received) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.String())
	}
	return list
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestStartingOnce(t *testing.T) {
	c := newClient(t)
	equal(t, names(c.all()), []string{"iopub status starting"})
}

// Each request of shell and control: busy, what it shows, the reply, idle.
func TestOrder(t *testing.T) {
	for _, test := range []struct {
		kind    string
		content map[string]any
		want    []string
	}{
		{"execute_request", map[string]any{"code": "print a\nshow b\nprint c\nwarn d\nresult"}, []string{
			"iopub status busy", "iopub execute_input", "iopub stream", "iopub display_data",
			"iopub stream", "iopub stream", "iopub execute_result", "shell execute_reply", "iopub status idle"}},
		{"execute_request", map[string]any{"code": "print a\nfail Boom b"}, []string{
			"iopub status busy", "iopub execute_input", "iopub stream", "iopub error", "shell execute_reply", "iopub status idle"}},
		{"execute_request", map[string]any{"code": "print a", "silent": true}, []string{
			"iopub status busy", "shell execute_reply", "iopub status idle"}},
		{"complete_request", map[string]any{"code": "a", "cursor_pos": 1}, quick("complete_reply")},
		{"inspect_request", map[string]any{"code": "a", "cursor_pos": 1, "detail_level": 0}, quick("inspect_reply")},
		{"is_complete_request", map[string]any{"code": "a"}, quick("is_complete_reply")},
		{"history_request", map[string]any{"hist_access_type": "tail", "n": 3}, quick("history_reply")},
		{"kernel_info_request", map[string]any{}, quick("kernel_info_reply")},
		{"comm_info_request", map[string]any{}, quick("comm_info_reply")},
		{"interrupt_request", map[string]any{}, quick("interrupt_reply")},
		{"shutdown_request", map[string]any{"restart": true}, quick("shutdown_reply")},
		{"comm_open", map[string]any{"comm_id": "c", "target_name": "t", "data": map[string]any{}}, []string{
			"iopub status busy", "iopub comm_close", "iopub status idle"}},
		{"comm_msg", map[string]any{"comm_id": "c"}, []string{"iopub status busy", "iopub status idle"}},
		{"comm_close", map[string]any{"comm_id": "c"}, []string{"iopub status busy", "iopub status idle"}},
		{"usage_request", map[string]any{}, []string{"iopub status busy", "iopub status idle"}},
		{"no_such_request", map[string]any{}, []string{"iopub status busy", "iopub status idle"}},
	} {
		for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
			c := newClient(t)
			id := c.send(ch, test.kind, test.content)
			want := strings.ReplaceAll(strings.Join(test.want, "\n"), "shell", string(ch))
			equal(t, strings.Join(names(c.of(id)), "\n"), want)
			for _, m := range c.of(id) {
				if m.channel == ch && string(m.Identities[0]) != "client" {
					t.Errorf("%s went to %q", m, m.Identities)
				}
			}
		}
	}
}

func quick(reply string) []string {
	return []string{"iopub status busy", "shell " + reply, "iopub status idle"}
}

func TestReplyEchoesHeader(t *testing.T) {
	c := newClient(t)
	_, frames := c.encode("kernel_info_request", map[string]any{}, nil)
	header := strings.Replace(string(frames[3]), "{", `{"future_field":[1],`, 1)
	c.kernel.Handle(kernel.Shell, resign(t, frames, header))
	reply := c.reply("request-1")
	if !strings.Contains(string(reply.Parent), `"future_field":[1]`) {
		t.Errorf("parent_header lost a field: %s", reply.Parent)
	}
}

func TestCounts(t *testing.T) {
	c := newClient(t)
	count := func(more map[string]any, code string) float64 {
		t.Helper()
		reply, _ := c.execute(code, more)
		return reply.content["execution_count"].(float64)
	}
	equal(t, count(nil, "a"), 1.0)
	equal(t, count(map[string]any{"silent": true}, "a"), 1.0)
	equal(t, count(map[string]any{"silent": true, "store_history": true}, "a"), 1.0)
	equal(t, count(map[string]any{"store_history": false}, "a"), 1.0)
	equal(t, count(nil, "fail Boom x"), 2.0)
	_, caused := c.execute("result")
	for _, m := range caused {
		if n, ok := m.content["execution_count"]; ok {
			equal(t, n, 3.0)
		}
	}
	bad := c.ask(kernel.Shell, "execute_request", map[string]any{"code": 5})
	equal(t, bad.content["execution_count"], 3.0)
}

func TestStreamsMerge(t *testing.T) {
	c := newClient(t)
	_, caused := c.execute("flood 100000")
	var text strings.Builder
	streams := 0
	for _, m := range caused {
		if m.Header.Type == "stream" {
			streams++
			text.WriteString(m.content["text"].(string))
		}
	}
	var want strings.Builder
	for l := range 100000 {
		fmt.Fprintf(&want, "line %d\n", l)
	}
	if text.String() != want.String() {
		t.Errorf("100,000 lines did not arrive as they were printed")
	}
	if streams > 20 {
		t.Errorf("%d stream messages", streams)
	}
}

// Text is cut between characters, not within one.
func TestLongStream(t *testing.T) {
	c := newClient(t)
	long := strings.Repeat("한국어", 100_000)
	_, caused := c.execute("write x" + long)
	var text string
	for _, m := range caused {
		if m.Header.Type == "stream" {
			text += m.content["text"].(string)
		}
	}
	if text != "x"+long {
		t.Error("a long text did not arrive whole")
	}
}

// What waits for more of its kind is sent at last, without another event.
func TestStreamWindow(t *testing.T) {
	c := newServed(t, func(cfg *kernel.Config) { cfg.StreamWindow = time.Millisecond })
	id := c.send(kernel.Shell, "execute_request", map[string]any{"code": "print hello\ngate g"})
	m := c.wait("stream", func(m received) bool { return m.Header.Type == "stream" })
	equal(t, m.content["text"], "hello\n")
	c.echo.Open("g")
	c.idle(id)
}

func TestBackground(t *testing.T) {
	c := newClient(t)
	c.echo.Later(cells.Display{Data: cells.MIMEBundle{"text/plain": "early"}})
	equal(t, c.all()[1].parent, "")
	c.execute("a")
	_, caused := c.execute("b")
	c.execute("c", map[string]any{"silent": true})
	c.echo.Later(cells.Display{Data: cells.MIMEBundle{"text/plain": "late"}})
	all := c.all()
	equal(t, all[len(all)-1].parent, caused[0].parent)
}

func TestUserExpressions(t *testing.T) {
	c := newClient(t)
	reply, _ := c.execute("a", map[string]any{"user_expressions": map[string]string{"x": "1+1"}})
	x := reply.content["user_expressions"].(map[string]any)["x"].(map[string]any)
	equal(t, x["data"], map[string]any{"text/plain": "1+1"})
}

func TestPayload(t *testing.T) {
	c := newClient(t)
	reply, _ := c.execute("page help")
	equal(t, reply.content["payload"].([]any)[0].(map[string]any)["source"], "page")
}

// An interpreter that panics or shows what JSON cannot hold is reported; the
// kernel goes on.
func TestInterpreterBugs(t *testing.T) {
	c := newClient(t)
	reply, _ := c.execute("bug")
	equal(t, reply.content["ename"], "InternalError")
	_, caused := c.execute("nan")
	if text := fmt.Sprint(names(caused)); !strings.Contains(text, "stream") {
		t.Errorf("nothing said that the display was lost: %s", text)
	}
	reply, _ = c.execute("nanpage")
	equal(t, reply.content["ename"], "InternalError")
	equal(t, reply.content["execution_count"], 3.0)
	reply, _ = c.execute("fine")
	equal(t, reply.content["status"], "ok")
}

// Content of the wrong type gets an answer that names the field.
func TestWrongContent(t *testing.T) {
	c := newClient(t)
	for kind, content := range map[string]map[string]any{
		"execute_request":     {"code": []int{1}},
		"complete_request":    {"code": 3},
		"inspect_request":     {"code": map[string]any{}},
		"is_complete_request": {"code": true},
		"history_request":     {"hist_access_type": 7},
		"shutdown_request":    {"restart": "yes"},
	} {
		reply := c.ask(kernel.Shell, kind, content)
		equal(t, reply.content["ename"], "MessageError")
		for field := range content {
			if !strings.Contains(reply.content["evalue"].(string), field) {
				t.Errorf("%s: %v doesn't name %s", kind, reply.content["evalue"], field)
			}
		}
	}
	reply := c.ask(kernel.Shell, "execute_request", map[string]any{})
	equal(t, reply.content["ename"], "MessageError")
	reply = c.ask(kernel.Shell, "history_request", map[string]any{"hist_access_type": "all"})
	equal(t, reply.content["ename"], "MessageError")
}

func TestCompleteCountsCharacters(t *testing.T) {
	c := newClient(t)
	// 𝔘 is one character, four bytes in UTF-8 and two units in UTF-16.
	reply := c.ask(kernel.Shell, "complete_request", map[string]any{"code": "𝔘𝔘 가나 z", "cursor_pos": 5})
	equal(t, reply.content["matches"], []any{"가나", "가나가나"})
	equal(t, reply.content["cursor_start"], 3.0)
	equal(t, reply.content["cursor_end"], 5.0)
	types := reply.content["metadata"].(map[string]any)["_jupyter_types_experimental"].([]any)
	equal(t, types[1], map[string]any{"text": "가나가나", "type": "words", "start": 3.0, "end": 5.0})

	for _, cursor := range []any{-5, 100, nil} {
		reply := c.ask(kernel.Shell, "complete_request", map[string]any{"code": "𝔘 ab", "cursor_pos": cursor})
		want := []any{"ab", "abab"}
		if cursor == -5 {
			want = []any{}
		}
		equal(t, reply.content["matches"], want)
	}
	reply = c.ask(kernel.Shell, "complete_request", map[string]any{"code": "𝔘 "})
	equal(t, reply.content["cursor_start"], 2.0)
}

func TestInspect(t *testing.T) {
	c := newClient(t)
	reply := c.ask(kernel.Shell, "inspect_request", map[string]any{"code": "print 𝔘!", "cursor_pos": 7, "detail_level": 1})
	equal(t, reply.content["data"], map[string]any{"text/plain": "byte 10 detail 1"})
	equal(t, reply.content["found"], true)
	reply = c.ask(kernel.Shell, "inspect_request", map[string]any{"code": "x", "cursor_pos": 0})
	equal(t, reply.content["found"], false)
	equal(t, reply.content["data"], map[string]any{})
}

func TestIsComplete(t *testing.T) {
	c := newClient(t)
	for code, want := range map[string]map[string]any{
		"a": {"status": "complete"},
		"{": {"status": "incomplete", "indent": "\t"},
		"}": {"status": "invalid"},
	} {
		equal(t, c.ask(kernel.Shell, "is_complete_request", map[string]any{"code": code}).content, want)
	}
}

func TestKernelInfo(t *testing.T) {
	c := newClient(t, func(cfg *kernel.Config) { cfg.Version, cfg.GoVersion = "1.2.3", "1.26.8" })
	info := c.ask(kernel.Control, "kernel_info_request", map[string]any{}).content
	equal(t, info["implementation"], "paracell")
	equal(t, info["implementation_version"], "1.2.3")
	language := info["language_info"].(map[string]any)
	equal(t, language["name"], "go")
	equal(t, language["version"], "1.26.8")
	equal(t, language["file_extension"], ".go")
}

func TestUsage(t *testing.T) {
	c := newClient(t, func(cfg *kernel.Config) {
		cfg.Usage = func() kernel.Usage { return kernel.Usage{PID: 7} }
	})
	equal(t, c.ask(kernel.Control, "usage_request", map[string]any{}).content["pid"], 7.0)
}

func TestCommOpenUnknownTarget(t *testing.T) {
	c := newClient(t)
	id := c.send(kernel.Shell, "comm_open", map[string]any{"comm_id": "w1", "target_name": "jupyter.widget", "data": map[string]any{}})
	equal(t, c.of(id)[1].content["comm_id"], "w1")
	c.send(kernel.Shell, "comm_open", map[string]any{"comm_id": 3})
}

func TestWelcome(t *testing.T) {
	c := newClient(t)
	c.receive(kernel.IOPub, c.kernel.Welcome([]byte("kernel.")))
	all := c.all()
	welcome := all[len(all)-1]
	equal(t, welcome.Header.Type, "iopub_welcome")
	equal(t, welcome.content["subscription"], "kernel.")
	equal(t, welcome.parent, "")
	equal(t, string(welcome.Identities[0]), "kernel.")
	if c.kernel.Welcome([]byte{0xff}) != nil {
		t.Error("a topic that is not UTF-8 was welcomed")
	}
}
