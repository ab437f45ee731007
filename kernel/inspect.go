package kernel

import "github.com/paracell/paracell/cells"

type inspectRequest struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"`
	Detail int    `json:"detail_level"`
}

type inspectReply struct {
	ok
	Found    bool             `json:"found"`
	Data     cells.MIMEBundle `json:"data"`
	Metadata map[string]any   `json:"metadata"`
}

func (k *Kernel) inspect(r *request) any {
	req, bad := decode[inspectRequest](r)
	if bad != nil {
		return *bad
	}
	data, found := k.cfg.Interpreter.Inspect(k.ctx, req.Code, cursorOrEnd(req.Code, req.Cursor), req.Detail)
	if !found {
		data = nil
	}
	return inspectReply{isOK, found, bundle(data), map[string]any{}}
}
