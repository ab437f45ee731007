package kernel

type shutdownReply struct {
	ok
	Restart bool `json:"restart"`
}

// shutdown replies first and ends the kernel when its idle is out.
func (k *Kernel) shutdown(r *request) any {
	req, bad := decode[struct {
		Restart bool `json:"restart"`
	}](r)
	if bad != nil {
		return *bad
	}
	r.after = k.Close
	return shutdownReply{isOK, req.Restart}
}
