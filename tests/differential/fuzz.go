package main

import "context"

func fuzz(context.Context, settings, bench) error { return nil }
