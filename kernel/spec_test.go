package kernel_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paracell/paracell/kernel"
)

// The reference shapes: what the content of each message holds, by the
// protocol's documentation. A field ending in "?" may be missing; a field that
// isn't listed is a mistake, and so is any null outside the history.
var shapes = map[string]map[string]string{
	"status":              {"execution_state": "state"},
	"execute_input":       {"code": "string", "execution_count": "count"},
	"stream":              {"name": "stream", "text": "string"},
	"display_data":        {"data": "bundle", "metadata": "object", "transient": "object"},
	"update_display_data": {"data": "bundle", "metadata": "object", "transient": "object"},
	"execute_result":      {"execution_count": "count", "data": "bundle", "metadata": "object"},
	"error":               {"ename": "string", "evalue": "string", "traceback": "strings"},
	"clear_output":        {"wait": "bool"},
	"comm_close":          {"comm_id": "string", "data": "object"},
	"input_request":       {"prompt": "string", "password": "bool"},
	"iopub_welcome":       {"subscription": "string"},

	"execute_reply":     {"status": "ok", "execution_count": "count", "payload": "objects", "user_expressions": "object"},
	"complete_reply":    {"status": "ok", "matches": "strings", "cursor_start": "count", "cursor_end": "count", "metadata": "object"},
	"inspect_reply":     {"status": "ok", "found": "bool", "data": "bundle", "metadata": "object"},
	"is_complete_reply": {"status": "completeness", "indent?": "string"},
	"history_reply":     {"status": "ok", "history": "history"},
	"comm_info_reply":   {"status": "ok", "comms": "object"},
	"interrupt_reply":   {"status": "ok"},
	"shutdown_reply":    {"status": "ok", "restart": "bool"},
	"usage_reply": {
		"hostname": "string", "pid": "count", "kernel_cpu": "number", "kernel_memory": "count",
		"cpu_count": "count", "host_virtual_memory": "object",
	},
	"kernel_info_reply": {
		"status": "ok", "protocol_version": "string", "implementation": "string",
		"implementation_version": "string", "language_info": "object", "banner": "string",
		"debugger": "bool", "help_links": "objects", "supported_features": "strings",
	},
}

// Any reply may be this one instead; an execute_reply keeps its other fields.
var failureShape = map[string]string{"status": "error", "ename": "string", "evalue": "string", "traceback": "strings"}

var kinds = map[string]func(any) bool{
	"string":  func(v any) bool { _, ok := v.(string); return ok },
	"bool":    func(v any) bool { _, ok := v.(bool); return ok },
	"object":  func(v any) bool { _, ok := v.(map[string]any); return ok },
	"count":   func(v any) bool { n, ok := v.(float64); return ok && n >= 0 && n == float64(int(n)) },
	"number":  func(v any) bool { _, ok := v.(float64); return ok },
	"strings": func(v any) bool { return listOf(v, func(v any) bool { _, ok := v.(string); return ok }) },
	"objects": func(v any) bool { return listOf(v, func(v any) bool { _, ok := v.(map[string]any); return ok }) },
	"ok":      func(v any) bool { return v == "ok" },
	"error":   func(v any) bool { return v == "error" },
	"state":   func(v any) bool { return v == "busy" || v == "idle" || v == "starting" },
	"stream":  func(v any) bool { return v == "stdout" || v == "stderr" },
	"completeness": func(v any) bool {
		return slices.Contains([]any{"complete", "incomplete", "invalid", "unknown"}, v)
	},
	"bundle": func(v any) bool {
		m, ok := v.(map[string]any)
		for mime := range m {
			if !strings.Contains(mime, "/") {
				return false
			}
		}
		return ok
	},
	"history": func(v any) bool {
		return listOf(v, func(v any) bool { l, ok := v.([]any); return ok && len(l) == 3 })
	},
}

func listOf(v any, item func(any) bool) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(v any) bool { return !item(v) })
}

func checkShape(t *testing.T, m received) {
	t.Helper()
	for _, problem := range shapeProblems(m) {
		t.Errorf("%s: %s", m, problem)
	}
}

func shapeProblems(m received) (problems []string) {
	shape, ok := shapes[m.Header.Type]
	if !ok {
		return []string{"no reference shape for this type"}
	}
	if m.content["status"] == "error" {
		expected := map[string]string{}
		for _, s := range []map[string]string{shape, failureShape} {
			for name, kind := range s {
				if s["ename"] != "" || m.Header.Type == "execute_reply" {
					expected[name] = kind
				}
			}
		}
		shape = expected
	}
	for name, kind := range shape {
		name, optional := strings.CutSuffix(name, "?")
		value, ok := m.content[name]
		switch {
		case !ok && !optional:
			problems = append(problems, name+" is missing")
		case ok && !kinds[kind](value):
			problems = append(problems, fmt.Sprintf("%s is %v, not a %s", name, value, kind))
		}
	}
	for name, value := range m.content {
		if shape[name] == "" && shape[name+"?"] == "" {
			problems = append(problems, name+" is not in the specification")
		}
		if name != "history" && holdsNull(value) {
			problems = append(problems, name+" holds a null")
		}
	}
	return append(problems, headerProblems(m)...)
}

func headerProblems(m received) (problems []string) {
	h := m.Header
	for name, value := range map[string]string{"msg_id": h.ID, "session": h.Session, "username": h.Username, "msg_type": h.Type} {
		if value == "" {
			problems = append(problems, name+" is empty")
		}
	}
	if h.Version != kernel.ProtocolVersion {
		problems = append(problems, "version is "+h.Version)
	}
	if _, err := time.Parse(time.RFC3339Nano, h.Date); err != nil {
		problems = append(problems, err.Error())
	}
	var parent, metadata map[string]any
	if json.Unmarshal(m.Parent, &parent) != nil || parent == nil {
		problems = append(problems, "parent_header is not an object")
	}
	if json.Unmarshal(m.Metadata, &metadata) != nil || metadata == nil || holdsNull(metadata) {
		problems = append(problems, "metadata is not an object without nulls")
	}
	if m.Header.Type == "execute_reply" {
		started, _ := metadata["started"].(string)
		if _, err := time.Parse(time.RFC3339Nano, started); err != nil {
			problems = append(problems, "metadata.started: "+err.Error())
		}
	}
	return problems
}

func holdsNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		for _, item := range v {
			if holdsNull(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsNull)
	}
	return false
}

// The checker itself: each of these is wrong in one way.
func TestShapeProblems(t *testing.T) {
	good := kernel.Header{ID: "i", Session: "s", Username: "u", Type: "stream", Date: "2026-01-01T00:00:00Z", Version: kernel.ProtocolVersion}
	none := json.RawMessage(`{}`)
	for _, bad := range []map[string]any{
		{"name": "stdout"},
		{"name": "stdout", "text": 3.0},
		{"name": "stdlog", "text": ""},
		{"name": "stdout", "text": nil},
		{"name": "stdout", "text": "", "extra": ""},
	} {
		m := received{Message: &kernel.Message{Header: good, Parent: none, Metadata: none}, content: bad}
		if len(shapeProblems(m)) == 0 {
			t.Errorf("%v was accepted", bad)
		}
	}
	m := received{Message: &kernel.Message{Header: good, Parent: none, Metadata: none}, content: map[string]any{"name": "stdout", "text": ""}}
	if p := shapeProblems(m); len(p) != 0 {
		t.Errorf("a good stream was refused: %v", p)
	}
}
