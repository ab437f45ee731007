package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// objectMagic begins a Go object file, as cmd/internal/goobj describes it.
const objectMagic = "\x00go120ld"

// Blocks of an object file: their numbers among the offsets of its header.
const (
	blockSymbols   = 3 // definitions of all kinds, in four blocks
	blockRefs      = 7 // what follows the last of these
	blockDataIndex = 13
	blockData      = 16
	blocks         = 19
)

const symbolSize = 8 + 2 + 1 + 1 + 1 + 4 + 4

// nameTypes has the types of a plugin, and their methods, call themselves as
// those of package main, for package reflect, fmt and the runtime: before they
// are linked, since the linker sorts types by their names. What comes of a name
// must not be longer.
func nameTypes(archive string, clean func(name string) string) error {
	data, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	for rest, ok := bytes.CutPrefix(data, []byte("!<arch>\n")); ok && len(rest) > 60; {
		// A header has the size behind the name, the date, the owner and the mode.
		size, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || size > len(rest)-60 {
			return fmt.Errorf("reading the archive: %q is no header", rest[:60])
		}
		file := rest[60 : 60+size]
		if at := bytes.Index(file, []byte("\n!\n"+objectMagic)); at >= 0 {
			if err := nameObject(file[at+3:], clean); err != nil {
				return fmt.Errorf("reading the object file: %w", err)
			}
		}
		rest = rest[60+min(size+size%2, len(rest)-60):]
	}
	return os.WriteFile(archive, data, 0o644)
}

// nameObject changes the names in an object file, in place.
func nameObject(object []byte, clean func(string) string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it is not of the form that is known: %v", r)
		}
	}()
	word := func(at uint32) uint32 { return binary.LittleEndian.Uint32(object[at:]) }
	var offsets [blocks]uint32
	for i := range offsets {
		offsets[i] = word(uint32(len(objectMagic) + 8 + 4 + 4*i))
	}
	index := offsets[blockDataIndex]
	for at := offsets[blockSymbols]; at < offsets[blockRefs]; at, index = at+symbolSize, index+4 {
		symbol := object[word(at+4):][:word(at)]
		if bytes.HasPrefix(symbol, []byte("type:.namedata.")) || bytes.HasPrefix(symbol, []byte("type:.importpath.")) {
			rename(object[offsets[blockData]+word(index):offsets[blockData]+word(index+4)], clean)
		}
	}
	return nil
}

// Flags of a name in the data of types, as internal/abi has them.
const (
	nameHasTag  = 1 << 1
	nameHasPath = 1 << 2
)

// rename changes a name in the data of types: a byte of flags, the length, the
// text, and the same of a tag. What follows it becomes zero.
func rename(data []byte, clean func(string) string) {
	if len(data) < 2 || data[0]&nameHasPath != 0 {
		return // another package's
	}
	length, n := binary.Uvarint(data[1:])
	end := 1 + n + int(length)
	name := string(data[1+n : end])
	changed := ofPlugin().ReplaceAllString(name, "main.")
	if path := ofPlugin().FindString(name + "."); path == name+"." {
		changed = "main"
	}
	changed = clean(changed)
	if changed == name || len(changed) > len(name) {
		return
	}
	var tag []byte
	if data[0]&nameHasTag != 0 {
		tag = bytes.Clone(data[end:])
	}
	text := append(binary.AppendUvarint(data[:1:1], uint64(len(changed))), changed...)
	clear(data[copy(data, append(text, tag...)):])
}
