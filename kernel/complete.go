package kernel

type completeRequest struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"`
}

type completeReply struct {
	ok
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

// typedMatch is an entry of _jupyter_types_experimental. Front ends pair it
// with the match of the same index.
type typedMatch struct {
	Text  string `json:"text"`
	Type  string `json:"type"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

func (k *Kernel) complete(r *request) any {
	req, bad := decode[completeRequest](r)
	if bad != nil {
		return *bad
	}
	cursor := cursorOrEnd(req.Code, req.Cursor)
	found := k.cfg.Interpreter.Complete(k.ctx, req.Code, cursor)
	if len(found.Matches) == 0 {
		found.Start, found.End = cursor, cursor
	}
	reply := completeReply{
		ok:       isOK,
		Matches:  []string{},
		Start:    pointOffset(req.Code, found.Start),
		End:      pointOffset(req.Code, found.End),
		Metadata: map[string]any{},
	}
	types := []typedMatch{}
	for i, match := range found.Matches {
		reply.Matches = append(reply.Matches, match)
		t := typedMatch{Text: match, Start: reply.Start, End: reply.End}
		if i < len(found.Types) {
			t.Type = found.Types[i]
		}
		types = append(types, t)
	}
	reply.Metadata["_jupyter_types_experimental"] = types
	return reply
}
