package display

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"strings"
)

// Of finds the formats in which v wants to be seen, by the methods it has:
//
//	MIMEBundle() map[string]any
//	HTML() string
//	Markdown() string
//	LaTeX() string
//	SVG() string
//	PNG() []byte
//	JPEG() []byte
//
// and image.Image. MIMEBundle, when there is one, decides alone; []byte in it
// is encoded as its MIME type asks. Rows without such methods, a slice or array
// of structs or maps, or a map, are a table as [Table] makes it of the first 100.
// Rich reports whether v had any of these: the text form is always there, as
// [Sprint] writes it.
func Of(v any) (d Data, rich bool) {
	defer func() {
		// A nil pointer has methods too; they may not expect one.
		if r := recover(); r != nil {
			d, rich = Text(fmt.Sprintf("%T: its display method panicked: %v", v, r)), false
		}
	}()
	if b, ok := v.(interface{ MIMEBundle() map[string]any }); ok {
		d = Data{MIME: map[string]any{}}
		if own, ok := v.(Data); ok {
			d.Metadata = own.Metadata
		}
		for mime, value := range b.MIMEBundle() {
			d.MIME[mime] = encode(mime, value)
		}
		if _, ok := d.MIME[mimeText]; !ok {
			d.MIME[mimeText] = Sprint(v)
		}
		return d, true
	}
	d = Data{MIME: map[string]any{}}
	if x, ok := v.(interface{ HTML() string }); ok {
		d.MIME[mimeHTML] = x.HTML()
	}
	if x, ok := v.(interface{ Markdown() string }); ok {
		d.MIME[mimeMarkdown] = x.Markdown()
	}
	if x, ok := v.(interface{ LaTeX() string }); ok {
		d.MIME[mimeLaTeX] = x.LaTeX()
	}
	if x, ok := v.(interface{ SVG() string }); ok {
		d.MIME[mimeSVG] = x.SVG()
	}
	if x, ok := v.(interface{ PNG() []byte }); ok {
		d.MIME[mimePNG] = encode(mimePNG, x.PNG())
	}
	if x, ok := v.(interface{ JPEG() []byte }); ok {
		d.MIME[mimeJPEG] = encode(mimeJPEG, x.JPEG())
	}
	if x, ok := v.(image.Image); ok && len(d.MIME) == 0 {
		return Image(x), true
	}
	if len(d.MIME) == 0 {
		if t := tableOf(v); t != nil {
			d.MIME[mimeHTML] = t.html()
		}
	}
	rich = len(d.MIME) > 0
	d.MIME[mimeText] = Sprint(v)
	return d, rich
}

// encode brings a value of a bundle into the form that Data.MIME describes.
func encode(mime string, value any) any {
	switch x := value.(type) {
	case json.RawMessage:
		return x
	case string:
		if !isJSON(mime) {
			return x
		}
	case []byte:
		if isText(mime) {
			return string(x)
		}
		if !isJSON(mime) {
			return base64.StdEncoding.EncodeToString(x)
		}
		if json.Valid(x) {
			return json.RawMessage(x)
		}
	}
	if isJSON(mime) {
		if raw, err := json.Marshal(value); err == nil {
			return json.RawMessage(raw)
		}
	}
	return fmt.Sprint(value)
}

func isJSON(mime string) bool { return mime == mimeJSON || strings.HasSuffix(mime, "+json") }

func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || strings.HasSuffix(mime, "+xml") || mime == "application/javascript"
}
