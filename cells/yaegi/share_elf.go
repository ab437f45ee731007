//go:build linux || freebsd

package yaegi

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An itab is the runtime's table of a type's methods for an interface type, as
// internal/abi has it. There must be one of them for each pair: compiled code
// compares their addresses to find out whether an interface holds a type, and
// whether two interfaces are equal.
type itab struct {
	inter, typ unsafe.Pointer
	hash       uint32 // of the type, for type switches; 0 of those that the runtime makes
}

// replaced has the tables of plugins that came too late, with those in their place.
var replaced = map[*itab]*itab{}

// share has a plugin that was loaded use the types without names, and the itabs,
// that values may have already: those that package reflect and the runtime made for
// interpreted code, before a plugin with its own was there. Go's own loader knows
// only of those of other plugins. Entry is where the plugin's function called name
// is.
func share(file, name string, entry uintptr) error {
	text, err := mapFile(file) // it is in memory, and most of it is of no interest
	if err != nil {
		return err
	}
	defer unix.Munmap(text)
	f, err := elf.NewFile(bytes.NewReader(text))
	if err != nil {
		return err
	}
	contents := func(s *elf.Section) []byte { return text[s.Offset:][:s.FileSize] }
	table := f.SectionByType(elf.SHT_DYNSYM)
	if table == nil {
		return fmt.Errorf("%s: no symbols", file)
	}
	symbols, names := contents(table), contents(f.Sections[table.Link])
	var base uintptr
	const isItab, isType = 1, 2
	kinds := make([]byte, len(symbols)/elf.Sym64Size)
	for i := range kinds {
		symbol := symbols[i*elf.Sym64Size:]
		switch own := names[binary.LittleEndian.Uint32(symbol):]; {
		case bytes.HasPrefix(own, []byte("go:itab.")):
			kinds[i] = isItab
		case bytes.HasPrefix(own, []byte("type:")) && own[len("type:")] != '.':
			kinds[i] = isType
		case bytes.HasPrefix(own, []byte(name+"\x00")):
			base = entry - uintptr(binary.LittleEndian.Uint64(symbol[8:]))
		}
	}
	if base == 0 {
		return fmt.Errorf("%s: no symbol %s", file, name)
	}
	end := base
	for _, p := range f.Progs {
		end = max(end, base+uintptr(p.Vaddr+p.Memsz))
	}
	var itabs []**itab
	types := make(map[unsafe.Pointer][]*unsafe.Pointer) // those of the plugin, with what refers to them
	for _, section := range f.Sections {
		if section.Type != elf.SHT_RELA || section.Flags&elf.SHF_ALLOC == 0 {
			continue
		}
		for data := contents(section); len(data) >= 24; data = data[24:] {
			// An entry has the place, the symbol and kind, and what to add: nothing,
			// where it is the symbol that is referred to and not what is in it.
			if binary.LittleEndian.Uint64(data[16:]) != 0 {
				continue
			}
			at := base + uintptr(binary.LittleEndian.Uint64(data))
			switch kinds[binary.LittleEndian.Uint32(data[12:])] {
			case isItab:
				itabs = append(itabs, *(***itab)(unsafe.Pointer(&at)))
			case isType:
				place := *(**unsafe.Pointer)(unsafe.Pointer(&at))
				if used := replacedTypes[*place]; used != nil {
					if err := patch(place, used); err != nil {
						return err
					}
				} else if p := uintptr(*place); p >= base && p < end {
					types[*place] = append(types[*place], place)
				}
			}
		}
	}
	if err := shareTypes(types); err != nil {
		return err
	}
	for _, place := range itabs {
		if err := shareItab(place); err != nil {
			return err
		}
	}
	return nil
}

func mapFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return text, nil
}

// shareItab has one place that refers to an itab refer to the one in use.
func shareItab(place **itab) error {
	own := *place
	used := replaced[own]
	if used == nil {
		if used = own.used(); used == nil || used == own {
			return nil
		}
		// The runtime must not come upon it.
		if err := patch(&own.inter, description(reflect.TypeFor[interface{ none() }]())); err != nil {
			return err
		}
		used.hash = own.hash
		replaced[own] = used
	}
	return patch((*unsafe.Pointer)(unsafe.Pointer(place)), unsafe.Pointer(used))
}

// used returns the itab that the runtime gives for the same types.
func (t *itab) used() *itab {
	inter, typ := described(t.inter), described(t.typ)
	if !typ.Implements(inter) {
		return nil
	}
	v := reflect.New(inter)
	v.Elem().Set(reflect.Zero(typ))
	return *(**itab)(v.UnsafePointer())
}

// described returns a type from the runtime's description of it.
func described(p unsafe.Pointer) reflect.Type {
	var x any
	*(*unsafe.Pointer)(unsafe.Pointer(&x)) = p
	return reflect.TypeOf(x)
}

// patch writes to memory that is only for reading once a plugin is loaded.
func patch(place *unsafe.Pointer, p unsafe.Pointer) error {
	if err := writable(unsafe.Pointer(place)); err != nil {
		return err
	}
	*place = p
	return nil
}

// writable has the memory about a place be one to write to.
//
//go:nocheckptr
func writable(place unsafe.Pointer) error {
	size := uintptr(os.Getpagesize())
	page := unsafe.Slice((*byte)(unsafe.Pointer(uintptr(place)&^(size-1))), size)
	if err := unix.Mprotect(page, unix.PROT_READ|unix.PROT_WRITE); err != nil {
		return fmt.Errorf("making a plugin's tables writable: %w", err)
	}
	return nil
}
