package kernel

// isCompleteReply's status is the answer itself.
type isCompleteReply struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}

func (k *Kernel) isComplete(r *request) any {
	req, bad := decode[struct {
		Code string `json:"code"`
	}](r)
	if bad != nil {
		return *bad
	}
	answer := k.cfg.Interpreter.IsComplete(req.Code)
	reply := isCompleteReply{Status: answer.Status}
	switch answer.Status {
	case "incomplete":
		reply.Indent = &answer.Indent
	case "complete", "invalid":
	default:
		reply.Status = "unknown"
	}
	return reply
}
