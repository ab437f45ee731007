package display

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Colours that stand out on light and on dark paper alike: notebooks show a
// drawing as an image, which doesn't know its surroundings.
const (
	inkColour  = "#7d7d7d"
	barColour  = "#3b8ad9"
	lineColour = "#a0a0a0"
)

// Bars is a chart of horizontal bars, one for each label, with the value and
// the unit written beside it. Values may be negative; NaN leaves its bar out.
func Bars(title, unit string, labels []string, values []float64) Data {
	if len(labels) != len(values) {
		return Text(fmt.Sprintf("display.Bars: %d labels but %d values", len(labels), len(values)))
	}
	return bundle(barsText(title, unit, labels, values), mimeSVG, barsSVG(title, unit, labels, values))
}

func barsSVG(title, unit string, labels []string, values []float64) string {
	const (
		fontSize = 13.0
		pitch    = 28.0
		barH     = 18.0
		plotW    = 360.0
		gap      = 8.0
		top      = 38.0
	)
	low, high := bounds(values)
	span := high - low
	if span == 0 {
		span = 1
	}
	labelW, beforeW, afterW := 0.0, 0.0, 0.0
	for i, l := range labels {
		labelW = max(labelW, textWidth(l)*fontSize)
		w := textWidth(figure(values[i], unit))*fontSize + gap
		if values[i] < 0 {
			beforeW = max(beforeW, w)
		} else {
			afterW = max(afterW, w)
		}
	}
	left := gap + labelW + gap + beforeW
	x := func(v float64) float64 { return left + (v-low)/span*plotW }
	width := max(left+plotW+afterW+gap, textWidth(title)*fontSize*1.15+2*gap)
	height := top + pitch*float64(len(labels)) + gap

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="system-ui, sans-serif" font-size="%g" fill="%s" role="img">`+"\n",
		width, height, width, height, fontSize, inkColour)
	fmt.Fprintf(&b, `<title>%s</title>`+"\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<text x="%g" y="20" font-size="%g" font-weight="600">%s</text>`+"\n", gap, fontSize*1.1, html.EscapeString(title))
	for i, v := range values {
		y := top + pitch*float64(i)
		base := y + barH*0.74
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, gap+labelW, base, html.EscapeString(labels[i]))
		end, anchor := x(0)+gap*0.75, "start"
		if !math.IsNaN(v) {
			c := clamp(v, low, high)
			from, to := x(min(0, c)), x(max(0, c))
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%g" rx="2" fill="%s"/>`, from, y, max(to-from, 1), barH, barColour)
			if end = to + gap*0.75; v < 0 {
				end, anchor = from-gap*0.75, "end"
			}
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", end, base, anchor, html.EscapeString(figure(v, unit)))
	}
	fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%g" y2="%.1f" stroke="%s"/>`+"\n</svg>", x(0), x(0), top-5, height-gap, lineColour)
	return b.String()
}

func barsText(title, unit string, labels []string, values []float64) string {
	low, high := bounds(values)
	longest := max(high, -low)
	labelW, figureW := 0, 0
	for i, l := range labels {
		labelW = max(labelW, terminalWidth(l))
		figureW = max(figureW, len([]rune(figure(values[i], unit))))
	}
	lines := []string{title}
	for i, v := range values {
		n := 0
		if longest > 0 && !math.IsNaN(v) {
			n = int(math.Round(math.Abs(clamp(v, low, high)) / longest * 40))
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s%s  %*s  %s", labels[i], strings.Repeat(" ", labelW-terminalWidth(labels[i])), figureW, figure(v, unit), strings.Repeat("█", n)), " "))
	}
	return strings.Join(lines, "\n")
}

// bounds spans zero and every finite value.
func bounds(values []float64) (low, high float64) {
	for _, v := range values {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }

func figure(v float64, unit string) string {
	s := fmt.Sprintf("%.3g", v)
	if a := math.Abs(v); a >= 1000 && a < 1e9 {
		s = fmt.Sprintf("%.0f", v)
	}
	if unit == "" {
		return s
	}
	return s + " " + unit
}

// textWidth estimates a text's width in units of its font size: East Asian
// characters are square, others a bit more than half of that.
func textWidth(s string) (w float64) {
	for _, r := range s {
		if wide(r) {
			w++
		} else {
			w += 0.58
		}
	}
	return w
}

// terminalWidth is a text's width in a terminal's columns.
func terminalWidth(s string) (w int) {
	for _, r := range s {
		if w++; wide(r) {
			w++
		}
	}
	return w
}

func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300)
}
