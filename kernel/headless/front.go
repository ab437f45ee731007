package headless

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/paracell/paracell/kernel"
)

// front is a front end in memory.
type front struct {
	kernel *kernel.Kernel
	wire   *kernel.Wire

	mu   sync.Mutex
	runs map[string]*execution // by the msg_id of the execute_request
	info map[string]any        // content of kernel_info_reply
}

// execution is one run of a cell and what came of it.
type execution struct {
	collector
	timing map[string]any // as JupyterLab stores it
	reply  executeReply
	count  any
}

type executeReply struct {
	Status    string   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func newFront(in kernel.Interpreter, opts Options) (*front, error) {
	unsigned := func() *kernel.Wire {
		w, err := kernel.NewWire("hmac-sha256", "")
		if err != nil {
			panic(err) // the scheme is a known one
		}
		return w
	}
	f := &front{wire: unsigned(), runs: map[string]*execution{}}
	f.kernel = kernel.New(kernel.Config{
		Interpreter: in,
		Wire:        unsigned(),
		Send:        f.receive,
		Log:         opts.Log,
		Now:         opts.Now,
		Version:     opts.Version,
		GoVersion:   opts.GoVersion,
	})
	return f, f.request("kernel_info_request", "info", map[string]any{})
}

func (f *front) request(kind, id string, content any) error {
	body, err := json.Marshal(content)
	if err != nil {
		return err
	}
	frames, err := f.wire.Encode(&kernel.Message{
		Header:  kernel.Header{ID: id, Session: "headless", Username: "headless", Type: kind, Version: kernel.ProtocolVersion},
		Content: body,
	})
	if err != nil {
		return err
	}
	f.kernel.Handle(kernel.Shell, frames)
	return nil
}

// execute runs a cell to its end. What the cell shows later, from a goroutine
// that goes on, is still added until the kernel is closed.
func (f *front) execute(code string) (*execution, error) {
	f.mu.Lock()
	id := fmt.Sprintf("cell-%d", len(f.runs)+1)
	e := &execution{timing: map[string]any{}}
	f.runs[id] = e
	f.mu.Unlock()
	return e, f.request("execute_request", id, map[string]any{
		"code": code, "silent": false, "store_history": true, "allow_stdin": false, "stop_on_error": true,
		"user_expressions": map[string]string{},
	})
}

// receive is the kernel's Send.
func (f *front) receive(_ kernel.Channel, frames [][]byte) {
	m, err := f.wire.Decode(frames)
	if err != nil {
		return // not from our kernel
	}
	var content map[string]any
	var parent kernel.Header
	if decodeJSON(m.Content, &content) != nil || json.Unmarshal(m.Parent, &parent) != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if m.Header.Type == "kernel_info_reply" {
		f.info = content
		return
	}
	e := f.runs[parent.ID]
	if e == nil {
		return
	}
	f.take(e, m, content)
}

func (f *front) take(e *execution, m *kernel.Message, content map[string]any) {
	object := func(name string) map[string]any {
		v, _ := content[name].(map[string]any)
		if v == nil {
			v = map[string]any{}
		}
		return v
	}
	text := func(name string) string { v, _ := content[name].(string); return v }
	id, _ := object("transient")["display_id"].(string)

	switch kind := m.Header.Type; kind {
	case "status":
		e.timing["iopub.status."+text("execution_state")] = m.Header.Date
	case "execute_input":
		e.timing["iopub.execute_input"] = m.Header.Date
		e.count = content["execution_count"]
	case "execute_reply":
		e.timing["shell.execute_reply"] = m.Header.Date
		var metadata struct {
			Started string `json:"started"`
		}
		if json.Unmarshal(m.Metadata, &metadata) == nil && metadata.Started != "" {
			e.timing["shell.execute_reply.started"] = metadata.Started
		}
		if err := json.Unmarshal(m.Content, &e.reply); err != nil {
			e.reply = executeReply{Status: "error", Name: "MessageError", Value: err.Error()}
		}
	case "stream":
		e.add(&output{kind: kind, name: text("name"), text: text("text")})
	case "error":
		traceback, _ := content["traceback"].([]any)
		e.add(&output{kind: kind, ename: text("ename"), evalue: text("evalue"), traceback: traceback})
	case "clear_output":
		wait, _ := content["wait"].(bool)
		e.clearOutput(wait)
	case "display_data", "update_display_data", "execute_result":
		if id != "" {
			for _, other := range f.runs {
				other.update(id, object("data"), object("metadata"))
			}
		}
		if kind != "update_display_data" {
			e.add(&output{kind: kind, data: object("data"), metadata: object("metadata"), count: content["execution_count"], displayID: id})
		}
	}
}
