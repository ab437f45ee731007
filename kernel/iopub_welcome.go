package kernel

import "unicode/utf8"

// Welcome is the iopub_welcome that a transport sends to a client that has just
// subscribed; subscription is the topic as the client sent it. Nil when that is
// not UTF-8, which the protocol leaves unanswered.
func (k *Kernel) Welcome(subscription []byte) [][]byte {
	if !utf8.Valid(subscription) {
		return nil
	}
	content, err := marshal(map[string]string{"subscription": string(subscription)})
	if err != nil {
		return nil
	}
	m := &Message{Identities: [][]byte{subscription}, Header: k.header("iopub_welcome"), Content: content}
	frames, err := k.cfg.Wire.Encode(m)
	if err != nil {
		return nil
	}
	return frames
}
