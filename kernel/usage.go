package kernel

// usage answers jupyter-resource-usage; the protocol doesn't define it.
func (k *Kernel) usage(*request) any {
	if k.cfg.Usage == nil {
		return nil
	}
	return orEmpty(k.cfg.Usage())
}
