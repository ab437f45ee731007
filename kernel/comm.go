package kernel

import (
	"encoding/json"
	"fmt"
)

// No target can be opened yet: every comm_open is answered by comm_close, so
// that a front end learns at once that nobody listens.

type commID struct {
	ID string `json:"comm_id"`
}

type commClosed struct {
	ID   string         `json:"comm_id"`
	Data map[string]any `json:"data"`
}

func (k *Kernel) commOpen(r *request) any {
	var open struct {
		commID
		Target string `json:"target_name"`
	}
	if err := json.Unmarshal(r.Content, &open); err != nil || open.ID == "" {
		k.log.drop(r.channel, fmt.Errorf("a comm_open without comm_id"))
		return nil
	}
	k.iopub.publish(r.RawHeader, "comm_close", commClosed{open.ID, map[string]any{}})
	return nil
}

// commMsg and commClose speak of a comm that was never opened here.
func (k *Kernel) commMsg(*request) any   { return nil }
func (k *Kernel) commClose(*request) any { return nil }

type commInfoReply struct {
	ok
	Comms map[string]any `json:"comms"` // by comm_id: {"target_name":…}
}

func (k *Kernel) commInfo(*request) any { return commInfoReply{isOK, map[string]any{}} }
