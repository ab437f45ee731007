package kernel

func (k *Kernel) interrupt(*request) any {
	k.Interrupt()
	return isOK
}
