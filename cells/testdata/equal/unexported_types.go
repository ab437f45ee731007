package main

import (
	"encoding/binary"
	"fmt"
)

var order = binary.LittleEndian

func encode(o binary.AppendByteOrder) []byte { return o.AppendUint32(nil, 1) }

func main() {
	big := binary.BigEndian
	p := &big
	var o binary.ByteOrder = order
	fmt.Printf("%T %T %T %v %v\n", order, p, o, o, big)
	fmt.Println(o == binary.LittleEndian, any(order) == any(big), any(order) == any(binary.LittleEndian))
	fmt.Println(encode(order), encode(big), encode(*p), order.Uint16([]byte{1, 2}))
	orders := map[any]string{order: "little", big: "big"}
	fmt.Println(orders[binary.BigEndian], orders[o], len(orders))
	switch o.(type) {
	case fmt.Stringer:
		fmt.Println(o.String())
	}
}
