package build

import "context"

// fastLinker returns the fastest linker at hand that cc can call, "" for its
// usual one. Half the time that a small plugin takes is the linker's.
func (c *compiler) fastLinker(ctx context.Context) string {
	for _, name := range []string{"mold", "gold"} {
		if _, err := (&Command{Path: c.extld, Args: []string{"-fuse-ld=" + name, "-Wl,--version"}, Dir: c.e.cache.path(), Env: c.tool.env}).Run(ctx); err == nil {
			return name
		}
	}
	return ""
}
