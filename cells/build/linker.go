package build

import "os/exec"

// fastLinker returns the fastest linker at hand that cc knows, "" for its usual
// one.
func fastLinker(string) string {
	for _, name := range []string{"mold", "lld", "gold"} {
		if _, err := exec.LookPath(map[string]string{"mold": "mold", "lld": "ld.lld", "gold": "ld.gold"}[name]); err == nil {
			return name
		}
	}
	return ""
}
