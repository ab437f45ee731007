package display_test

import (
	"fmt"

	"github.com/paracell/paracell/display"
)

// In a cell, the last line alone would do: a table shows itself.
func ExampleTable() {
	type planet struct {
		Name  string
		Moons int
	}
	display.Show(display.Table([]planet{{"Earth", 1}, {"Mars", 2}}))
	// Output:
	// Name   Moons
	// Earth  1
	// Mars   2
}

func ExampleBars() {
	display.Bars("Took", "s", []string{"serial", "two processes"}, []float64{0.5, 0.25}).Display()
	// Output:
	// Took
	// serial          0.5 s  ████████████████████████████████████████
	// two processes  0.25 s  ████████████████████
}

// temperature is shown in a notebook as HTML, by its method alone.
type temperature float64

func (t temperature) HTML() string   { return fmt.Sprintf("<b>%.1f</b> °C", float64(t)) }
func (t temperature) String() string { return fmt.Sprintf("%.1f °C", float64(t)) }

func ExampleShow() {
	display.Show(temperature(21))
	// Output: 21.0 °C
}

// A handle replaces what it showed before; outside a notebook each version is a
// line of its own.
func ExampleLive() {
	h := display.Live("working")
	h.Update("done")
	// Output:
	// working
	// done
}
