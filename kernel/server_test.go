package kernel_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/paracell/paracell/kernel"
)

func cell(code string) map[string]any { return map[string]any{"code": code} }

// start sends a cell and returns when it runs.
func (c *client) start(code string) string {
	c.t.Helper()
	id := c.send(kernel.Shell, "execute_request", cell(code))
	c.wait("execute_input", func(m received) bool { return m.parent == id && m.Header.Type == "execute_input" })
	return id
}

func TestQuestionsWhileACellRuns(t *testing.T) {
	c := newServed(t)
	id := c.start("gate g\nresult")
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
		for kind, content := range map[string]map[string]any{
			"complete_request":    {"code": "a", "cursor_pos": 1},
			"inspect_request":     {"code": "a", "cursor_pos": 1},
			"is_complete_request": {"code": "a"},
			"history_request":     {"hist_access_type": "tail", "n": 1},
			"kernel_info_request": {},
			"comm_info_request":   {},
		} {
			c.ask(ch, kind, content)
		}
	}
	equal(t, names(c.of(id))[:2], []string{"iopub status busy", "iopub execute_input"})
	c.echo.Open("g")
	c.idle(id)
	all := c.of(id)
	equal(t, names(all[len(all)-2:]), []string{"shell execute_reply", "iopub status idle"})
}

// A front end shows the latest status; beside a running cell that must be busy.
func TestBusyAgainBesideACell(t *testing.T) {
	c := newServed(t)
	id := c.start("gate g")
	question := c.send(kernel.Shell, "complete_request", map[string]any{"code": "a"})
	c.idle(question)
	answered := false
	c.wait("second busy", func(m received) bool {
		answered = answered || m.parent == question && m.content["execution_state"] == "idle"
		return answered && m.parent == id && m.content["execution_state"] == "busy"
	})
	c.echo.Open("g")
	c.idle(id)
}

func TestInterrupt(t *testing.T) {
	for _, code := range []string{"wait", "ask name"} {
		for _, ch := range []kernel.Channel{kernel.Control, kernel.Shell} {
			c := newServed(t)
			id := c.start(code)
			if code != "wait" {
				c.wait("input_request", func(m received) bool { return m.channel == kernel.Stdin })
			}
			equal(t, c.ask(ch, "interrupt_request", map[string]any{}).content["status"], "ok")
			equal(t, c.reply(id).content["ename"], "KeyboardInterrupt")
			reply, _ := c.execute("fine")
			equal(t, reply.content["status"], "ok")
		}
	}
}

// An interrupt stops a cell whose output nobody takes, too.
func TestInterruptOfAFlood(t *testing.T) {
	release := make(chan struct{})
	c := newServed(t, func(cfg *kernel.Config) {
		receive := cfg.Send
		cfg.Send = func(ch kernel.Channel, frames [][]byte) {
			if strings.HasSuffix(string(frames[0]), ".stream") {
				<-release
			}
			receive(ch, frames)
		}
	})
	interrupted := make(chan struct{})
	c.echo.OnInterrupt = sync.OnceFunc(func() { close(interrupted) })
	id := c.start("show started\nprint x\nshow y\nwait")
	c.wait("display", func(m received) bool { return m.Header.Type == "display_data" })
	c.send(kernel.Control, "interrupt_request", map[string]any{})
	<-interrupted
	close(release)
	equal(t, c.reply(id).content["ename"], "KeyboardInterrupt")
}

func TestInterruptWithNothingRunning(t *testing.T) {
	c := newServed(t)
	c.server.Interrupt()
	equal(t, c.ask(kernel.Control, "interrupt_request", map[string]any{}).content["status"], "ok")
	reply, _ := c.execute("fine")
	equal(t, reply.content["status"], "ok")
}

// A failed cell aborts the cells that wait behind it, and nothing else.
func TestStopOnError(t *testing.T) {
	c := newServed(t)
	first := c.start("gate g\nfail Boom x")
	second := c.send(kernel.Shell, "execute_request", cell("print two"))
	comm := c.send(kernel.Shell, "comm_open", map[string]any{"comm_id": "w", "target_name": "t"})
	third := c.send(kernel.Shell, "execute_request", cell("print three"))
	c.echo.Open("g")
	for _, id := range []string{second, third} {
		c.idle(id)
		reply := c.reply(id)
		equal(t, reply.content["status"], "error")
		equal(t, reply.content["ename"], "Aborted")
		equal(t, reply.content["execution_count"], 0.0)
		equal(t, names(c.of(id)), quick("execute_reply"))
	}
	c.idle(comm)
	c.idle(first)
	reply, _ := c.execute("later")
	equal(t, reply.content["status"], "ok")
	equal(t, reply.content["execution_count"], 2.0)
}

func TestStopOnErrorOff(t *testing.T) {
	c := newServed(t)
	c.send(kernel.Shell, "execute_request", map[string]any{"code": "gate g\nfail Boom x", "stop_on_error": false})
	second := c.send(kernel.Shell, "execute_request", cell("print two"))
	c.echo.Open("g")
	equal(t, c.reply(second).content["status"], "ok")
}

// Cells keep their order, however many wait.
func TestQueue(t *testing.T) {
	c := newServed(t)
	var ids []string
	for i := range 200 {
		ids = append(ids, c.send(kernel.Shell, "execute_request", cell(fmt.Sprint("r", i))))
	}
	for i, id := range ids {
		c.idle(id)
		equal(t, c.reply(id).content["execution_count"], float64(i+1))
	}
}

func TestShutdown(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, ch := range []kernel.Channel{kernel.Control, kernel.Shell} {
			c := newServed(t)
			running := c.start("wait")
			id := c.send(ch, "shutdown_request", map[string]any{"restart": restart})
			<-c.server.Done()
			equal(t, c.reply(id).content, map[string]any{"status": "ok", "restart": restart})
			equal(t, c.reply(running).content["status"], "error")
			equal(t, c.echo.Closed(), true)
			c.idle(id)
		}
	}
}

func TestServerShutdown(t *testing.T) {
	c := newServed(t)
	running := c.start("wait")
	c.server.Shutdown()
	equal(t, c.echo.Closed(), true)
	equal(t, c.reply(running).content["ename"], "KeyboardInterrupt")
	c.server.Shutdown()
}
