// Package display shows things in a notebook: HTML, Markdown, images, tables,
// charts, progress.
//
// Constructors such as [HTML], [Table] and [Bars] return a [Data]. As the last
// expression of a cell it shows itself; anywhere else [Show] or [Data.Display]
// shows it at once. [Show] takes any value and finds out by its methods how it
// wants to be seen: see [Of].
//
// The package works in any program: outside a notebook the text form of what is
// shown is written to standard output.
package display
