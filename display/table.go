package display

import (
	"fmt"
	"html"
	"reflect"
	"sort"
	"strings"
	"text/tabwriter"
)

// maxRows is how many rows of a table are shown: more would not be read, and
// browsers grow slow.
const maxRows = 500

// Table shows rows as a table. Rows is a slice or array of
//
//   - structs or pointers to them: a column for each exported field
//   - maps: a column for each key, in order of name
//   - slices: a first row that holds only strings is the heading
//   - anything else: one column
//
// or one map or struct, shown as two columns. More than 500 rows are cut, and
// the table says so.
func Table(rows any) Data {
	t, err := tabulate(reflect.ValueOf(rows))
	if err != nil {
		return Text(err.Error())
	}
	return bundle(t.text(), mimeHTML, t.html())
}

type table struct {
	head []string
	rows [][]cell
	cut  int // rows left out
}

type cell struct {
	text   string
	number bool
}

func tabulate(v reflect.Value) (*table, error) {
	v = deref(v)
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return tabulateRows(v), nil
	case reflect.Map:
		t := &table{head: []string{"key", "value"}}
		for _, k := range sortedKeys(v) {
			t.rows = append(t.rows, []cell{cellOf(k), cellOf(v.MapIndex(k))})
		}
		return t, nil
	case reflect.Struct:
		t := &table{head: []string{"field", "value"}}
		for _, f := range columns(v.Type()) {
			t.rows = append(t.rows, []cell{{text: f.Name}, fieldOf(v, f.Index)})
		}
		return t, nil
	case reflect.Invalid:
		return nil, fmt.Errorf("display.Table: the rows are nil")
	}
	return nil, fmt.Errorf("display.Table: a %s is not a table; give a slice of structs, maps or slices", v.Type())
}

func tabulateRows(v reflect.Value) *table {
	t := &table{}
	n := v.Len()
	if n > maxRows {
		t.cut, n = n-maxRows, maxRows
	}
	kind, elem := rowKind(v)
	switch kind {
	case reflect.Struct:
		fields := columns(elem)
		for _, f := range fields {
			t.head = append(t.head, f.Name)
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
		if !f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct {
			continue
		}
		fields = append(fields, f)
	}
	return fields
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
	c := cell{number: v.CanInt() || v.CanUint() || v.CanFloat()}
	switch {
	case !v.CanInterface():
		c.text = v.String()
	case v.Kind() == reflect.Float64 || v.Kind() == reflect.Float32:
		c.text = fmt.Sprintf("%.6g", v.Interface())
		if _, ok := v.Interface().(fmt.Stringer); ok {
			c.text = fmt.Sprint(v.Interface())
		}
	default:
		c.text = fmt.Sprint(v.Interface())
	}
	return c
}

func (t *table) note() string {
	if t.cut == 0 {
		return ""
	}
	return fmt.Sprintf("… %d more rows of %d", t.cut, t.cut+maxRows)
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
