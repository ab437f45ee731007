package kernel

type historyRequest struct {
	Access  string `json:"hist_access_type"`
	Output  bool   `json:"output"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

type historyReply struct {
	ok
	History []any `json:"history"` // (session, line, input) or (session, line, (input, output))
}

// tailDefault is how many entries tail returns when n is left out, as in
// IPython.
const tailDefault = 10

func (k *Kernel) history(r *request) any {
	req, bad := decode[historyRequest](r)
	if bad != nil {
		return *bad
	}
	var found []Entry
	var err error
	switch h := k.cfg.History; req.Access {
	case "range":
		found, err = h.Range(req.Session, req.Start, req.Stop)
	case "tail":
		n := tailDefault
		if req.N != nil {
			n = *req.N
		}
		found, err = h.Tail(n)
	case "search":
		n := -1
		if req.N != nil {
			n = *req.N
		}
		found, err = h.Search(req.Pattern, n, req.Unique)
	default:
		return fail("MessageError", `history_request: hist_access_type must be "range", "tail" or "search"`)
	}
	if err != nil {
		return fail("HistoryError", err.Error())
	}
	reply := historyReply{isOK, []any{}}
	for _, e := range found {
		var item any = e.Input
		if req.Output {
			item = []any{e.Input, e.Output}
		}
		reply.History = append(reply.History, []any{e.Session, e.Line, item})
	}
	return reply
}
