package kernel

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// MeasureUsage is for Config.Usage. It reads /proc; on other systems it is nil.
var MeasureUsage = newMeasure("/proc", time.Now)

// clockTick is the kernel's unit of process times as Linux shows it to every
// program.
const clockTick = time.Second / 100

func newMeasure(proc string, now func() time.Time) func() Usage {
	var mu sync.Mutex
	var lastTime time.Time
	var lastCPU time.Duration
	return func() Usage {
		mu.Lock()
		defer mu.Unlock()
		u := Usage{PID: os.Getpid(), Cores: runtime.NumCPU(), Host: hostMemory(proc)}
		u.Hostname, _ = os.Hostname()
		var cpu time.Duration
		for _, p := range family(proc, u.PID) {
			cpu += p.cpu
			u.Memory += p.memory(proc)
		}
		at := now()
		if passed := at.Sub(lastTime); !lastTime.IsZero() && passed > 0 {
			u.CPU = max(0, 100*float64(cpu-lastCPU)/float64(passed))
		}
		lastTime, lastCPU = at, cpu
		return u
	}
}

type process struct {
	pid, parent int
	cpu         time.Duration
}

// family is a process and all that descend from it. Processes that end
// meanwhile are left out.
func family(proc string, pid int) []process {
	stats, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "stat"))
	children := map[int][]process{}
	var list []process
	for _, file := range stats {
		p, ok := readProcess(file)
		if !ok {
			continue
		}
		if p.pid == pid {
			list = append(list, p)
		}
		children[p.parent] = append(children[p.parent], p)
	}
	for i := 0; i < len(list); i++ {
		list = append(list, children[list[i].pid]...)
	}
	return list
}

// readProcess reads a stat file. The name in brackets may hold anything, so
// fields are counted from the last bracket.
func readProcess(file string) (p process, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return p, false
	}
	end := bytes.LastIndexByte(text, ')')
	fields := strings.Fields(string(text[end+1:]))
	if end < 0 || len(fields) < 13 {
		return p, false
	}
	p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(file)))
	p.parent, _ = strconv.Atoi(fields[1])
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	p.cpu = time.Duration(user+system) * clockTick
	return p, true
}

// memory is the process's share of the memory that it uses (PSS), so that what
// several processes share counts once.
func (p process) memory(proc string) int64 {
	return kilobytes(filepath.Join(proc, strconv.Itoa(p.pid), "smaps_rollup"))["Pss"]
}

func hostMemory(proc string) VirtualMemory {
	m := kilobytes(filepath.Join(proc, "meminfo"))
	v := VirtualMemory{Total: m["MemTotal"], Available: m["MemAvailable"]}
	v.Used = v.Total - v.Available
	if v.Total > 0 {
		v.Percent = 100 * float64(v.Used) / float64(v.Total)
	}
	return v
}

// kilobytes reads lines such as "MemTotal:  100 kB", in bytes.
func kilobytes(file string) map[string]int64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	values := map[string]int64{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var name string
		var n int64
		if _, err := fmt.Sscanf(lines.Text(), "%s %d kB", &name, &n); err == nil {
			values[strings.TrimSuffix(name, ":")] = n << 10
		}
	}
	return values
}
