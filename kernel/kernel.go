package kernel

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ProtocolVersion is the version of Jupyter's messaging protocol spoken here.
const ProtocolVersion = "5.5"

// Config is all that a kernel touches outside itself. Interpreter, Wire and
// Send are required.
type Config struct {
	Interpreter Interpreter
	Wire        *Wire

	// Send takes every outgoing message. It is called from several goroutines,
	// but for iopub in the order in which clients must see the messages. It may
	// block, which slows the cell down that writes too much.
	Send func(Channel, [][]byte)

	History   *History         // default: this session alone, in memory
	Log       func(string)     // what an operator should know; default: discarded
	Now       func() time.Time // default: time.Now
	Usage     func() Usage     // such as MeasureUsage; default: usage_request is unknown
	Version   string           // of paracell; default "0.0.0"
	GoVersion string           // of the language, such as "1.26.8"; default "1.26"
	Username  string           // in headers; default "kernel"

	// StreamWindow is how long printed text may wait for more before it is
	// sent; default 50 ms.
	StreamWindow time.Duration
}

// Kernel answers messages. Handle may be called by several goroutines at once;
// one cell runs at a time.
type Kernel struct {
	cfg     Config
	session string // our own id in headers, new for each process
	ids     atomic.Int64
	log     *dropLog
	iopub   *iopub
	stdin   stdin

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	close  sync.Once

	cell   sync.Mutex         // held while a cell runs
	mu     sync.Mutex         // guards what follows
	count  int                // execution_count of the latest stored cell
	latest *request           // the latest cell that was not silent: background output belongs to it
	stop   context.CancelFunc // interrupts the running cell; nil when none runs
}

// New makes a kernel and broadcasts that it is starting.
func New(cfg Config) *Kernel {
	if cfg.Log == nil {
		cfg.Log = func(string) {}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.History == nil {
		cfg.History = NewHistory()
	}
	if cfg.Version == "" {
		cfg.Version = "0.0.0"
	}
	if cfg.GoVersion == "" {
		cfg.GoVersion = "1.26"
	}
	if cfg.Username == "" {
		cfg.Username = "kernel"
	}
	if cfg.StreamWindow == 0 {
		cfg.StreamWindow = 50 * time.Millisecond
	}
	k := &Kernel{cfg: cfg, session: newID()}
	k.log = &dropLog{write: cfg.Log, now: cfg.Now}
	k.iopub = &iopub{send: k.sendIOPub, window: cfg.StreamWindow}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	if b, ok := cfg.Interpreter.(backgrounder); ok {
		b.SetBackground(k.background)
	}
	k.iopub.publish(nil, "status", status{"starting"})
	return k
}

func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Handle answers one message and returns when its idle is out; for an
// execute_request that is when the cell has ended. A message that is forged,
// malformed or seen before is dropped. On stdin it hands the user's line to the
// cell that waits for it.
func (k *Kernel) Handle(ch Channel, frames [][]byte) {
	if r := k.receive(ch, frames); r != nil {
		k.answer(r)
	}
}

// receive verifies a message and acts on what can't wait for its turn. Nil means
// that there is nothing to answer.
func (k *Kernel) receive(ch Channel, frames [][]byte) *request {
	m, err := k.cfg.Wire.Decode(frames)
	if err != nil {
		k.log.drop(ch, err)
		return nil
	}
	if ch == Stdin {
		k.stdin.reply(k, m)
		return nil
	}
	if m.Header.Type == "interrupt_request" {
		// At once: its busy may have to wait behind the output of the very cell
		// that it should stop.
		k.Interrupt()
	}
	return &request{Message: m, channel: ch}
}

// Interrupt stops the running cell, if there is one. What is queued behind it
// is not touched, except by the failure of the cell itself.
func (k *Kernel) Interrupt() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stop != nil {
		k.stop()
	}
}

// Close stops the running cell, ends the interpreter and sends what is still
// unsent. It may be called more than once.
func (k *Kernel) Close() {
	k.close.Do(func() {
		k.cancel()
		if err := k.cfg.Interpreter.Close(); err != nil {
			k.cfg.Log(fmt.Sprintf("closing the interpreter: %v", err))
		}
		k.iopub.flush()
		if err := k.cfg.History.Close(); err != nil {
			k.cfg.Log(fmt.Sprintf("closing the history: %v", err))
		}
	})
}

// request is a message that is being answered.
type request struct {
	*Message
	channel Channel

	metadata map[string]any // of the reply
	failing  func()         // runs before the client hears that the cell failed and is to stop others; may be nil
	after    func()         // runs when idle is out; may be nil
}

// send makes a message and hands it to the transport.
func (k *Kernel) send(ch Channel, to [][]byte, parent json.RawMessage, kind string, content any, metadata map[string]any) error {
	body, err := marshal(content)
	if err != nil {
		return err
	}
	var meta json.RawMessage
	if len(metadata) > 0 {
		if meta, err = marshal(metadata); err != nil {
			return err
		}
	}
	m := &Message{Identities: to, Header: k.header(kind), Parent: parent, Metadata: meta, Content: body}
	frames, err := k.cfg.Wire.Encode(m)
	if err != nil {
		return err
	}
	k.cfg.Send(ch, frames)
	return nil
}

func (k *Kernel) header(kind string) Header {
	return Header{
		ID:       fmt.Sprintf("%s_%d", k.session, k.ids.Add(1)),
		Session:  k.session,
		Username: k.cfg.Username,
		Date:     k.date(),
		Type:     kind,
		Version:  ProtocolVersion,
	}
}

// date is now in ISO 8601, with the microseconds that Jupyter's clients expect.
func (k *Kernel) date() string {
	return k.cfg.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}
