package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
)

// flags are a command's flags, with the help that -h shows above them.
type flags struct {
	*flag.FlagSet
	help   string
	output io.Writer
}

func newFlags(w world, name, help string) flags {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the flag package would show the help after each mistake
	return flags{fs, help, w.stdout}
}

// parse accepts flags before, between and after at most max other arguments,
// which it returns. After "--" nothing is a flag.
func (f flags) parse(args []string, max int) (rest []string, err error) {
	var plain []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, plain = args[:i], args[i+1:]
	}
	for len(args) > 0 {
		if args, err = f.parseLeading(args); err != nil {
			return nil, err
		}
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	rest = append(rest, plain...)
	if len(rest) > max {
		return nil, usageError(fmt.Sprintf("does not know what to do with %q", rest[max]))
	}
	return rest, nil
}

// parseLeading parses the flags before the first other argument and returns
// what follows them.
func (f flags) parseLeading(args []string) (rest []string, err error) {
	err = f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(f.output, f.help)
		f.SetOutput(f.output)
		f.PrintDefaults()
		return nil, err
	case err != nil:
		return nil, usageError(err.Error())
	}
	return f.Args(), nil
}
