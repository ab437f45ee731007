package futures

import (
	"fmt"
	"html"
	"path"
	"strings"
	"text/tabwriter"
	"time"
)

// String is a report: the pool, where its workers' time went, and a Gantt chart.
func (t Trace) String() string {
	var b strings.Builder
	b.WriteString(t.title() + "\n")
	if t.Workers == nil {
		return strings.TrimSuffix(b.String(), "\n") // no worker, or not Recorded
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "worker\tpid\ttasks\tfailed\tstart\tencode\ttransfer\tcompute\tidle\t")
	row := func(name, pid string, tasks, failed int, x Times) {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t", name, pid, tasks, failed)
		for _, p := range x.parts() {
			fmt.Fprintf(w, "%s\t", p.text(x))
		}
		fmt.Fprintln(w)
	}
	for i, x := range t.Workers {
		pid := ""
		if x.PID != 0 {
			pid = fmt.Sprint(x.PID)
		}
		row(fmt.Sprint(i), pid, x.Tasks, x.Failed, x.Times)
	}
	if len(t.Workers) > 1 {
		done, failed := t.Tasks()
		row("all", "", done, failed, t.Times())
	}
	_ = w.Flush() // to memory
	b.WriteString(t.gantt())
	return b.String()
}

// title is the pool in a line.
func (t Trace) title() string {
	s := fmt.Sprintf("%s(%d)", t.Pool, t.MaxWorkers)
	if t.StartMethod != "" {
		s += ", " + t.StartMethod
	}
	done, failed := t.Tasks()
	s += fmt.Sprintf(", %s: %d done", t.State, done)
	if failed > 0 {
		s += fmt.Sprintf(", %d failed", failed)
	}
	if t.Running > 0 {
		s += fmt.Sprintf(", %d running", t.Running)
	}
	if t.Pending > 0 {
		s += fmt.Sprintf(", %d pending", t.Pending)
	}
	if t.Lasted > 0 {
		s += ", " + brief(t.Lasted)
	}
	return s
}

// A share is one account of Times.
type share struct {
	name, colour string
	time         time.Duration
}

// Colours that stand out on light and on dark paper alike.
const (
	inkColour    = "#7d7d7d"
	startColour  = "#a0a0a0"
	failedColour = "#d9483b"
	paleColour   = "#a0a0a040"
)

func (x Times) parts() []share {
	return []share{
		{"start", startColour, x.Start},
		{"encode", "#c98a1b", x.Encode},
		{"transfer", "#a05fc0", x.Transfer},
		{"compute", "#3b8ad9", x.Compute},
		{"idle", paleColour, x.Idle},
	}
}

func (x Times) total() time.Duration {
	return x.Start + x.Encode + x.Transfer + x.Compute + x.Idle
}

func (s share) text(of Times) string {
	if of.total() == 0 {
		return "0s"
	}
	return fmt.Sprintf("%s %2d%%", brief(s.time), int(100*float64(s.time)/float64(of.total())+0.5))
}

// gantt draws, for each worker, what it did most of the time in each column: ░ it
// was started, █ it ran tasks, x one failed, ▒ it runs one still.
func (t Trace) gantt() string {
	const columns = 64
	var b strings.Builder
	for i, w := range t.Workers {
		var cells [columns]struct {
			start, task, running time.Duration
			failed               bool
		}
		for _, s := range w.Spans {
			for c := t.column(s.Begin, columns); c <= t.column(s.End, columns); c++ {
				from := t.Lasted * time.Duration(c) / columns
				to := t.Lasted * time.Duration(c+1) / columns
				d := min(s.End, to) - max(s.Begin, from)
				switch {
				case s.Running:
					cells[c].running += d
				case s.Tasks == 0:
					cells[c].start += d
				default:
					cells[c].task += d
				}
				cells[c].failed = cells[c].failed || s.Failed > 0 && c == t.column(s.End, columns)
			}
		}
		fmt.Fprintf(&b, "%6d  |", i)
		for _, c := range cells {
			half := t.Lasted / columns / 2
			switch {
			case c.failed:
				b.WriteString("x")
			case c.task > half:
				b.WriteString("█")
			case c.running > half:
				b.WriteString("▒")
			case c.start > half:
				b.WriteString("░")
			case c.task > 0 || c.running > 0:
				b.WriteString("▏")
			default:
				b.WriteString(" ")
			}
		}
		b.WriteString("|\n")
	}
	end := brief(t.Lasted)
	fmt.Fprintf(&b, "        0%*s", columns+1, end)
	return b.String()
}

// column is the one of n in which a time lies.
func (t Trace) column(at time.Duration, n int) int {
	if t.Lasted <= 0 {
		return 0
	}
	return max(0, min(int(float64(at)/float64(t.Lasted)*float64(n)), n-1))
}

// taskColours tell functions apart.
var taskColours = []string{"#3b8ad9", "#3aa37b", "#c98a1b", "#a05fc0", "#5b6ee1", "#8a9a2b"}

// SVG is the report as a picture: the Gantt chart, and one bar of where the time of
// all workers went.
func (t Trace) SVG() string {
	const (
		left, plotW = 70.0, 600.0
		top, pitch  = 38.0, 24.0
		rowH, gap   = 16.0, 8.0
	)
	chartH := pitch * float64(len(t.Workers))
	height := top + chartH + 3*pitch + 30
	width := left + plotW + 80
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="system-ui, sans-serif" font-size="12" fill="%s" role="img">`+"\n",
		width, height, width, height, inkColour)
	title := html.EscapeString(t.title())
	fmt.Fprintf(&b, `<title>%s</title><text x="%g" y="20" font-size="14" font-weight="600">%s</text>`+"\n", title, gap, title)

	x := func(d time.Duration) float64 { return left + plotW*float64(d)/float64(max(t.Lasted, 1)) }
	colours := map[string]string{}
	var tasks []string
	for i, w := range t.Workers {
		y := top + pitch*float64(i)
		fmt.Fprintf(&b, `<text x="%g" y="%.1f" text-anchor="end">worker %d</text><rect x="%g" y="%.1f" width="%g" height="%g" fill="%s"/>`+"\n",
			left-gap, y+rowH*0.78, i, left, y, plotW, rowH, paleColour)
		for _, s := range w.Spans {
			what, colour, open := "start", startColour, ""
			if s.Tasks > 0 || s.Running {
				what = "several"
				if s.Task != "" {
					what = path.Base(s.Task)
				}
				if colours[what] == "" {
					colours[what] = taskColours[len(tasks)%len(taskColours)]
					tasks = append(tasks, what)
				}
				colour = colours[what]
				if s.Tasks > 1 {
					what += fmt.Sprintf(" × %d", s.Tasks)
				}
			}
			if s.Running {
				what += ", still running"
				open = fmt.Sprintf(` fill-opacity="0.45" stroke="%s" stroke-dasharray="4 2"`, colour)
			}
			if s.Failed > 0 {
				colour = failedColour
				what += fmt.Sprintf(", %d failed", s.Failed)
			}
			fmt.Fprintf(&b, `<rect x="%.2f" y="%.1f" width="%.2f" height="%g" fill="%s"%s><title>%s: %s, at %s</title></rect>`,
				x(s.Begin), y, max(x(s.End)-x(s.Begin), 0.3), rowH, colour, open, html.EscapeString(what), brief(s.End-s.Begin), brief(s.Begin))
		}
		b.WriteString("\n")
	}
	y := top + chartH
	for i := range 5 {
		at := t.Lasted * time.Duration(i) / 4
		fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="%s"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`,
			x(at), x(at), y-4, y, inkColour, x(at), y+12, brief(at))
	}
	b.WriteString("\n")
	y += pitch
	at := left
	for _, task := range tasks {
		at = legend(&b, at, y, colours[task], task)
	}

	// Where the time went.
	y += pitch
	sum := t.Times()
	fmt.Fprintf(&b, "\n"+`<text x="%g" y="%.1f" text-anchor="end">time</text>`, left-gap, y+rowH*0.78)
	at, key := left, left
	for _, p := range sum.parts() {
		w := plotW * float64(p.time) / float64(max(sum.total(), 1))
		fmt.Fprintf(&b, `<rect x="%.2f" y="%.1f" width="%.2f" height="%g" fill="%s"><title>%s: %s</title></rect>`, at, y, w, rowH, p.colour, p.name, p.text(sum))
		at += w
		key = legend(&b, key, y+pitch, p.colour, p.name+" "+strings.Join(strings.Fields(p.text(sum)), " "))
	}
	b.WriteString("\n</svg>")
	return b.String()
}

// legend writes a colour's meaning and returns where the next one may begin.
func legend(b *strings.Builder, x, y float64, colour, text string) float64 {
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="10" height="10" fill="%s"/><text x="%.1f" y="%.1f">%s</text>`, x, y, colour, x+14, y+9, html.EscapeString(text))
	return x + 14 + 7*float64(len([]rune(text))) + 10
}
