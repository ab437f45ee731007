package headless

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// An output of a cell, in nbformat's words. Fields that its type doesn't have
// are zero.
type output struct {
	kind      string // stream, display_data, execute_result, error
	name      string // stream: "stdout" or "stderr"
	text      string // stream
	data      map[string]any
	metadata  map[string]any
	count     any // execute_result
	ename     string
	evalue    string
	traceback []any

	displayID string // not stored
}

// collector gathers the outputs of one cell as a front end does.
type collector struct {
	outputs []*output
	clear   bool // clear_output(wait) is due at the next output
}

func (c *collector) add(o *output) {
	if c.clear {
		c.outputs, c.clear = nil, false
	}
	if o.kind == "stream" && len(c.outputs) > 0 {
		if last := c.outputs[len(c.outputs)-1]; last.kind == "stream" && last.name == o.name {
			last.text += o.text
			return
		}
	}
	c.outputs = append(c.outputs, o)
}

func (c *collector) clearOutput(wait bool) {
	if c.clear = wait; !wait {
		c.outputs = nil
	}
}

// update replaces what was shown under a display_id.
func (c *collector) update(id string, data, metadata map[string]any) {
	for _, o := range c.outputs {
		if o.displayID == id {
			o.data, o.metadata = data, metadata
		}
	}
}

// stored is the outputs as a notebook holds them.
func (c *collector) stored() []any {
	list := []any{}
	for _, o := range c.outputs {
		list = append(list, o.stored())
	}
	return list
}

func (o *output) stored() map[string]any {
	m := map[string]any{"output_type": o.kind}
	switch o.kind {
	case "stream":
		m["name"] = o.name
		m["text"] = splitLines(overwrite(o.text))
	case "error":
		m["ename"], m["evalue"], m["traceback"] = o.ename, o.evalue, o.traceback
	default:
		data := maps.Clone(o.data)
		for mime, value := range data {
			if text, ok := value.(string); ok && splitMIME(mime) {
				data[mime] = splitLines(text)
			}
		}
		m["data"], m["metadata"] = data, o.metadata
		if o.kind == "execute_result" {
			m["execution_count"] = o.count
		}
	}
	return m
}

// splitMIME reports whether nbformat stores data of a type as lines.
func splitMIME(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "application/javascript" || mime == "image/svg+xml"
}

// overwrite applies what a terminal would do: \b takes back a character, and
// after \r a line is written again from its start.
func overwrite(text string) string {
	if !strings.ContainsAny(text, "\b\r") {
		return text
	}
	var done strings.Builder
	for line := range strings.Lines(text) {
		body, end := line, ""
		for _, e := range []string{"\r\n", "\n"} {
			if b, ok := strings.CutSuffix(body, e); ok {
				body, end = b, e
				break
			}
		}
		// A trailing \r waits for what will overwrite the line.
		body, waiting := strings.CutSuffix(body, "\r")
		if i := strings.LastIndexByte(body, '\r'); i >= 0 {
			body = body[i+1:]
		}
		done.WriteString(takeBack(body))
		if waiting {
			done.WriteByte('\r')
		}
		done.WriteString(end)
	}
	return done.String()
}

func takeBack(line string) string {
	if !strings.Contains(line, "\b") {
		return line
	}
	var kept []rune
	for _, r := range line {
		switch {
		case r != '\b':
			kept = append(kept, r)
		case len(kept) > 0:
			kept = kept[:len(kept)-1]
		}
	}
	return string(kept)
}

// storedOutputs reads the outputs of a cell in a file.
func storedOutputs(raw map[string]any) ([]*output, error) {
	if raw["outputs"] == nil {
		return nil, nil
	}
	list, ok := raw["outputs"].([]any)
	if !ok {
		return nil, errors.New("outputs is not a list")
	}
	var outputs []*output
	for i, item := range list {
		m, ok := item.(map[string]any)
		o := &output{}
		if o.kind, _ = m["output_type"].(string); !ok || o.kind == "" {
			return nil, fmt.Errorf("output %d has no output_type", i+1)
		}
		o.name, _ = m["name"].(string)
		o.text, _ = joinLines(m["text"])
		o.ename, _ = m["ename"].(string)
		o.evalue, _ = m["evalue"].(string)
		data, _ := m["data"].(map[string]any)
		o.data = maps.Clone(data)
		for mime, value := range o.data {
			if text, ok := joinLines(value); ok && !strings.HasSuffix(mime, "json") {
				o.data[mime] = text
			}
		}
		outputs = append(outputs, o)
	}
	return outputs, nil
}

// plain is an output as a terminal can show it.
func (o *output) plain() string {
	switch o.kind {
	case "stream":
		return overwrite(o.text)
	case "error":
		return o.ename + ": " + o.evalue + "\n"
	}
	if text, ok := o.data["text/plain"].(string); ok {
		return strings.TrimSuffix(text, "\n") + "\n"
	}
	if types := slices.Sorted(maps.Keys(o.data)); len(types) > 0 {
		return "<" + strings.Join(types, ", ") + ">\n"
	}
	return ""
}
