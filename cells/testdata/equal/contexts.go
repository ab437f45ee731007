package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key string

func work(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	err := work(ctx, time.Minute)
	fmt.Println(err, errors.Is(err, context.DeadlineExceeded))
	ctx2, cancel2 := context.WithCancel(context.Background())
	cancel2()
	fmt.Println(work(ctx2, time.Minute), ctx2.Err() == context.Canceled)
	ctx3 := context.WithValue(context.Background(), key("user"), "ann")
	fmt.Println(ctx3.Value(key("user")), ctx3.Value(key("none")))
	fmt.Println(work(context.Background(), time.Millisecond))
	ctx4, cancel4 := context.WithCancelCause(context.Background())
	cancel4(errors.New("why"))
	fmt.Println(context.Cause(ctx4))
}
