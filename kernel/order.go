package kernel

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/paracell/paracell/cells"
)

// A handler answers one type of request: it works, showing things on iopub as
// it goes, and returns the content of the reply. Without a reply type, or with
// nil content, nothing is replied.
type handler struct {
	reply  string
	answer func(*Kernel, *request) any
}

var handlers = map[string]handler{
	"execute_request":     {"execute_reply", (*Kernel).execute},
	"complete_request":    {"complete_reply", (*Kernel).complete},
	"inspect_request":     {"inspect_reply", (*Kernel).inspect},
	"is_complete_request": {"is_complete_reply", (*Kernel).isComplete},
	"history_request":     {"history_reply", (*Kernel).history},
	"kernel_info_request": {"kernel_info_reply", (*Kernel).kernelInfo},
	"comm_info_request":   {"comm_info_reply", (*Kernel).commInfo},
	"comm_open":           {"", (*Kernel).commOpen},
	"comm_msg":            {"", (*Kernel).commMsg},
	"comm_close":          {"", (*Kernel).commClose},
	"interrupt_request":   {"interrupt_reply", (*Kernel).interrupt},
	"shutdown_request":    {"shutdown_reply", (*Kernel).shutdown},
	"usage_request":       {"usage_reply", (*Kernel).usage},
}

// answer keeps the order that clients rely on, for every request of shell and
// control: busy, what the work shows, the reply, idle. Text printed before the
// reply is out before the reply.
func (k *Kernel) answer(r *request) { k.inOrder(r, k.work) }

// abort answers a cell that was queued behind one that failed. Its count is 0,
// which front ends show as a cell that wasn't run.
func (k *Kernel) abort(r *request) {
	k.inOrder(r, func(r *request) any {
		reply := k.executeError(r, aborted)
		reply.Count = 0
		return reply
	})
}

func (k *Kernel) inOrder(r *request, work func(*request) any) {
	if r.Header.Type == "execute_request" {
		k.cell.Lock()
		defer k.cell.Unlock()
	}
	k.iopub.busy(r)
	content := work(r)
	if content != nil {
		k.iopub.flush()
		k.reply(r, handlers[r.Header.Type].reply, content)
	}
	k.iopub.idle(r)
	if r.after != nil {
		r.after()
	}
}

// work runs the request's handler. A panic in it is our bug or the
// interpreter's; the client hears of it and the kernel lives.
func (k *Kernel) work(r *request) (content any) {
	h, ok := handlers[r.Header.Type]
	if !ok {
		k.log.drop(r.channel, fmt.Errorf("unknown message type %q", r.Header.Type))
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			k.cfg.Log(fmt.Sprintf("panic while answering %s: %v\n%s", r.Header.Type, p, debug.Stack()))
			content = k.internalFailure(r, p)
		}
		if h.reply == "" {
			content = nil
		}
	}()
	return h.answer(k, r)
}

func (k *Kernel) reply(r *request, kind string, content any) {
	err := k.send(r.channel, r.Identities, r.RawHeader, kind, content, r.metadata)
	if err == nil {
		return
	}
	// The interpreter put something into the reply that JSON can't hold.
	k.cfg.Log(fmt.Sprintf("%s: %v", kind, err))
	r.metadata = nil
	content = k.internalFailure(r, err)
	if err := k.send(r.channel, r.Identities, r.RawHeader, kind, content, r.metadata); err != nil {
		k.cfg.Log(fmt.Sprintf("%s: %v", kind, err))
	}
}

// ok is the part that all successful replies share.
type ok struct {
	Status string `json:"status"`
}

var isOK = ok{"ok"}

// failure is a reply that says what went wrong.
type failure struct {
	Status    string   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func fail(name, value string) failure {
	return failure{"error", name, value, []string{name + ": " + value}}
}

func internalError(cause any) failure {
	return fail("InternalError", fmt.Sprintf("%v; this is a bug of the kernel, please report it", cause))
}

// internalFailure is the reply when there is no better one.
func (k *Kernel) internalFailure(r *request, cause any) any {
	f := internalError(cause)
	if r.Header.Type == "execute_request" {
		return k.executeError(r, &cells.Error{Name: f.Name, Value: f.Value, Traceback: f.Traceback})
	}
	return f
}

// decode parses the request's content; the failure is for the reply.
func decode[T any](r *request) (T, *failure) {
	var content T
	if err := json.Unmarshal(r.Content, &content); err != nil {
		f := fail("MessageError", fmt.Sprintf("%s: %s", r.Header.Type, plainJSONError(err)))
		return content, &f
	}
	return content, nil
}

func plainJSONError(err error) string {
	if t, ok := err.(*json.UnmarshalTypeError); ok {
		return fmt.Sprintf("%s must not be a JSON %s", t.Field, t.Value)
	}
	return err.Error()
}
