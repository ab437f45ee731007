package display

import (
	"fmt"
	"go/token"
	"html"
	"reflect"
	"sort"
	"strings"
	"text/tabwriter"
)

// maxRows is how many rows of a table are shown: more would not be read, and
// browsers grow slow. Of a table that nobody asked for it is fewRows.
const (
	maxRows = 500
	fewRows = 100
)

// Table shows rows as a table. Rows is a slice or array of
//
//   - structs or pointers to them: a column for each field; for those of other
//     packages than the notebook's own, for each exported field
//   - maps: a column for each key, in order of name
//   - slices: a first row that holds only strings is the heading
//   - anything else: one column
//
// or one map or struct, shown as two columns; a map of structs has one for each
// field. More than 500 rows are cut, and
// the table says so.
func Table(rows any) Data {
	t, err := tabulate(reflect.ValueOf(rows), maxRows)
	if err != nil {
		return Text(err.Error())
	}
	return bundle(t.text(), mimeHTML, t.html())
}

// tableOf makes a table of what looks like rows, or else returns nil.
func tableOf(v any) *table {
	if _, ok := v.(reflect.Value); ok || isValue(reflect.TypeOf(v)) {
		return nil
	}
	rows := deref(reflect.ValueOf(v))
	switch rows.Kind() {
	case reflect.Slice, reflect.Array:
		if kind, elem := rowKind(rows); rows.Len() == 0 || kind != reflect.Struct && kind != reflect.Map || isValue(elem) {
			return nil
		}
	case reflect.Map:
		if rows.Len() == 0 {
			return nil
		}
	default:
		return nil
	}
	t, err := tabulate(rows, fewRows)
	if err != nil {
		return nil
	}
	return t
}

// isValue reports whether a type's values have a text of their own, so that they
// are no rows.
func isValue(t reflect.Type) bool {
	if t == nil {
		return true
	}
	for _, m := range []reflect.Type{reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[fmt.Formatter]()} {
		if t.Implements(m) || reflect.PointerTo(t).Implements(m) {
			return true
		}
	}
	return false
}

type table struct {
	head []string
	rows [][]cell
	of   int // how many rows there are
}

type cell struct {
	text   string
	number bool
}

func tabulate(v reflect.Value, most int) (*table, error) {
	v = deref(v)
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return tabulateRows(v, most), nil
	case reflect.Map:
		return tabulateMap(v, most), nil
	case reflect.Struct:
		t := &table{head: []string{"field", "value"}}
		for _, f := range columns(v.Type()) {
			t.rows = append(t.rows, []cell{{text: label(v.Type(), f)}, fieldOf(v, f.Index)})
		}
		t.of = len(t.rows)
		return t, nil
	case reflect.Invalid:
		return nil, fmt.Errorf("display.Table: the rows are nil")
	}
	return nil, fmt.Errorf("display.Table: a %s is not a table; give a slice of structs, maps or slices", v.Type())
}

func tabulateMap(v reflect.Value, most int) *table {
	keys := sortedKeys(v)
	t := &table{head: []string{"key", "value"}, of: len(keys)}
	keys = keys[:min(most, len(keys))]
	values := reflect.MakeSlice(reflect.SliceOf(v.Type().Elem()), 0, len(keys))
	for _, k := range keys {
		values = reflect.Append(values, v.MapIndex(k))
	}
	kind, elem := rowKind(values)
	structs := kind == reflect.Struct && !isValue(elem)
	var of *table
	if structs {
		of = tabulateRows(values, most)
		t.head = append([]string{"key"}, of.head...)
	}
	for i, k := range keys {
		row := []cell{cellOf(k)}
		if structs {
			row = append(row, of.rows[i]...)
		} else {
			row = append(row, cellOf(values.Index(i)))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func tabulateRows(v reflect.Value, most int) *table {
	t := &table{of: v.Len()}
	n := min(most, v.Len())
	kind, elem := rowKind(v)
	switch kind {
	case reflect.Struct:
		fields := columns(elem)
		for _, f := range fields {
			t.head = append(t.head, label(elem, f))
		}
		for i := range n {
			row := make([]cell, len(fields))
			if s := deref(v.Index(i)); s.IsValid() {
				for j, f := range fields {
					row[j] = fieldOf(s, f.Index)
				}
			}
			t.rows = append(t.rows, row)
		}
	case reflect.Map:
		seen := map[string]bool{}
		for i := range n {
			if m := deref(v.Index(i)); m.IsValid() {
				for _, k := range m.MapKeys() {
					if name := cellOf(k).text; !seen[name] {
						seen[name] = true
						t.head = append(t.head, name)
					}
				}
			}
		}
		sort.Strings(t.head)
		for i := range n {
			row := make([]cell, len(t.head))
			if m := deref(v.Index(i)); m.IsValid() {
				for _, k := range m.MapKeys() {
					row[sort.SearchStrings(t.head, cellOf(k).text)] = cellOf(m.MapIndex(k))
				}
			}
			t.rows = append(t.rows, row)
		}
	case reflect.Slice, reflect.Array:
		first := 0
		if r := deref(v.Index(0)); allStrings(r) {
			first = 1
			t.of--
			for j := range r.Len() {
				t.head = append(t.head, cellOf(r.Index(j)).text)
			}
		}
		for i := first; i < n; i++ {
			var row []cell
			if r := deref(v.Index(i)); r.IsValid() {
				for j := range r.Len() {
					row = append(row, cellOf(r.Index(j)))
				}
			}
			t.rows = append(t.rows, row)
		}
	default:
		for i := range n {
			t.rows = append(t.rows, []cell{cellOf(v.Index(i))})
		}
	}
	return t
}

// rowKind is what all rows are, and for structs their type; Invalid when they
// differ or there are none.
func rowKind(v reflect.Value) (reflect.Kind, reflect.Type) {
	var elem reflect.Type
	for i := range v.Len() {
		r := deref(v.Index(i))
		switch {
		case !r.IsValid():
			continue
		case elem == nil:
			elem = r.Type()
		case r.Kind() != elem.Kind(), r.Kind() == reflect.Struct && r.Type() != elem:
			return reflect.Invalid, nil
		}
	}
	if elem == nil {
		for elem = v.Type().Elem(); elem.Kind() == reflect.Pointer; {
			elem = elem.Elem()
		}
		if elem.Kind() != reflect.Struct { // an empty table of structs still has its heading
			return reflect.Invalid, nil
		}
	}
	if elem.Kind() == reflect.Struct && len(columns(elem)) == 0 {
		return reflect.Invalid, nil // such as time.Time: a value, not a row
	}
	return elem.Kind(), elem
}

func columns(t reflect.Type) (fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() && !own(t) || f.Name == "_" || f.Anonymous && f.Type.Kind() == reflect.Struct {
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// label is a field's name. An interpreter that makes struct types at run time can
// only make exported fields: it puts an X before the name of one that is not.
func label(t reflect.Type, f reflect.StructField) string {
	if name, ok := strings.CutPrefix(f.Name, "X"); ok && t.Name() == "" && name != "" && !token.IsExported(name) {
		return name
	}
	return f.Name
}

func fieldOf(v reflect.Value, index []int) cell {
	f, err := v.FieldByIndexErr(index)
	if err != nil { // a field of an embedded pointer that is nil
		return cell{}
	}
	return cellOf(f)
}

func deref(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	return v
}

func allStrings(row reflect.Value) bool {
	if !row.IsValid() || row.Len() == 0 {
		return false
	}
	for j := range row.Len() {
		if deref(row.Index(j)).Kind() != reflect.String {
			return false
		}
	}
	return true
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	sort.Slice(keys, func(i, j int) bool {
		a, b := deref(keys[i]), deref(keys[j])
		switch {
		case a.CanInt() && b.CanInt():
			return a.Int() < b.Int()
		case a.CanUint() && b.CanUint():
			return a.Uint() < b.Uint()
		case a.CanFloat() && b.CanFloat():
			return a.Float() < b.Float()
		}
		return cellOf(a).text < cellOf(b).text
	})
	return keys
}

func cellOf(v reflect.Value) cell {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return cell{}
	}
	_, named := interfaceOf(v).(fmt.Stringer)
	c := cell{number: !named && (v.CanInt() || v.CanUint() || v.CanFloat())}
	if c.number && v.CanFloat() {
		c.text = fmt.Sprintf("%.6g", v.Float())
		return c
	}
	w := textWriter{limit: maxCell}
	w.value(v, 1)
	c.text = w.String()
	return c
}

// maxCell is how many bytes of text a cell of a table shows.
const maxCell = 500

func interfaceOf(v reflect.Value) any {
	if v.CanInterface() {
		return v.Interface()
	}
	return nil
}

func (t *table) note() string {
	if len(t.rows) == t.of {
		return ""
	}
	return fmt.Sprintf("… %d more rows of %d", t.of-len(t.rows), t.of)
}

func (t *table) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	flat := strings.NewReplacer("\t", " ", "\n", " ")
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, flat.Replace(c))
		}
		fmt.Fprintln(w)
	}
	if t.head != nil {
		line(t.head)
	}
	for _, row := range t.rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = c.text
		}
		line(cells)
	}
	w.Flush()
	return strings.TrimRight(b.String()+t.note(), "\n")
}

func (t *table) html() string {
	var b strings.Builder
	b.WriteString("<table>\n")
	if t.head != nil {
		b.WriteString("<thead><tr>")
		for i, h := range t.head {
			fmt.Fprintf(&b, "<th%s>%s</th>", align(len(t.rows) > 0 && i < len(t.rows[0]) && t.rows[0][i].number), html.EscapeString(h))
		}
		b.WriteString("</tr></thead>\n")
	}
	b.WriteString("<tbody>\n")
	for _, row := range t.rows {
		b.WriteString("<tr>")
		for _, c := range row {
			fmt.Fprintf(&b, "<td%s>%s</td>", align(c.number), html.EscapeString(c.text))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>")
	if note := t.note(); note != "" {
		b.WriteString("\n<p>" + note + "</p>")
	}
	return b.String()
}

func align(number bool) string {
	if number {
		return ` style="text-align:right"`
	}
	return ` style="text-align:left"`
}
