package yaegi

import (
	"io"
	"net/http"
)

// What interpreted values are lent when they have more methods than the
// interface asks for, and the callee looks for those.

type readerWriterTo struct {
	IValue   any
	WRead    func([]byte) (int, error)
	WWriteTo func(io.Writer) (int64, error)
}

func (w readerWriterTo) Read(b []byte) (int, error)          { return w.WRead(b) }
func (w readerWriterTo) WriteTo(to io.Writer) (int64, error) { return w.WWriteTo(to) }

type writerReaderFrom struct {
	IValue    any
	WWrite    func([]byte) (int, error)
	WReadFrom func(io.Reader) (int64, error)
}

func (w writerReaderFrom) Write(b []byte) (int, error)            { return w.WWrite(b) }
func (w writerReaderFrom) ReadFrom(from io.Reader) (int64, error) { return w.WReadFrom(from) }

type responseFlusher struct {
	IValue       any
	WHeader      func() http.Header
	WWrite       func([]byte) (int, error)
	WWriteHeader func(int)
	WFlush       func()
}

func (w responseFlusher) Header() http.Header         { return w.WHeader() }
func (w responseFlusher) Write(b []byte) (int, error) { return w.WWrite(b) }
func (w responseFlusher) WriteHeader(status int)      { w.WWriteHeader(status) }
func (w responseFlusher) Flush()                      { w.WFlush() }
