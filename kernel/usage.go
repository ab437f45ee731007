package kernel

// usage answers jupyter-resource-usage; the protocol doesn't define it.
func (k *Kernel) usage(*request) any {
	if k.cfg.Usage == nil {
		return nil
	}
	return k.cfg.Usage()
}

// Usage is the content of usage_reply: what the kernel and its child processes
// take of the machine.
type Usage struct {
	Hostname string        `json:"hostname"`
	PID      int           `json:"pid"`
	CPU      float64       `json:"kernel_cpu"`    // percent of one core since the last question
	Memory   int64         `json:"kernel_memory"` // bytes
	Cores    int           `json:"cpu_count"`
	Host     VirtualMemory `json:"host_virtual_memory"`
}

// VirtualMemory is the machine's, in bytes and percent.
type VirtualMemory struct {
	Total     int64   `json:"total"`
	Available int64   `json:"available"`
	Used      int64   `json:"used"`
	Percent   float64 `json:"percent"`
}
