//go:build !linux

package yaegi

func offerFirst() {}

type memoryLimit struct{}

func (*memoryLimit) renew() {}
