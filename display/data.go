package display

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/png"
	"regexp"
	"strings"
)

// Data is one thing to show, in one or more formats; the front end picks the
// richest that it can show.
type Data struct {
	// MIME maps a MIME type to its data: a json.RawMessage for JSON types, a
	// string for all others, which holds base64 where the type is binary.
	MIME map[string]any
	// Metadata is what Jupyter calls the bundle's metadata, by MIME type; nil
	// for none.
	Metadata map[string]any
}

// MIMEBundle returns d's formats.
func (d Data) MIMEBundle() map[string]any { return d.MIME }

// String returns the text form.
func (d Data) String() string {
	s, _ := d.MIME[mimeText].(string)
	return s
}

// Display shows d at once.
func (d Data) Display() { Show(d) }

const (
	mimeText     = "text/plain"
	mimeHTML     = "text/html"
	mimeMarkdown = "text/markdown"
	mimeLaTeX    = "text/latex"
	mimeSVG      = "image/svg+xml"
	mimePNG      = "image/png"
	mimeJPEG     = "image/jpeg"
	mimeJSON     = "application/json"
)

func bundle(text, mime string, data any) Data {
	return Data{MIME: map[string]any{mimeText: text, mime: data}}
}

// Text is plain text.
func Text(s string) Data { return Data{MIME: map[string]any{mimeText: s}} }

// HTML is a piece of HTML. Its text form is the HTML without its tags.
func HTML(s string) Data { return bundle(stripTags(s), mimeHTML, s) }

// Markdown is text in Markdown, formulas included.
func Markdown(s string) Data { return bundle(s, mimeMarkdown, s) }

// LaTeX is a formula or text in LaTeX's math notation. A formula without its
// dollar signs or \begin gets them.
func LaTeX(s string) Data {
	formula := s
	if !strings.Contains(s, "$") && !strings.Contains(s, `\begin{`) {
		formula = "$$" + s + "$$"
	}
	return bundle(s, mimeLaTeX, formula)
}

// SVG is a drawing: an <svg> element.
func SVG(s string) Data { return bundle("SVG image", mimeSVG, s) }

// PNG is the content of a PNG file.
func PNG(data []byte) Data { return picture("PNG", mimePNG, data) }

// JPEG is the content of a JPEG file.
func JPEG(data []byte) Data { return picture("JPEG", mimeJPEG, data) }

// Image is any image, shown as PNG.
func Image(img image.Image) Data {
	if img == nil {
		return Text("display.Image: the image is nil")
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return Text("display.Image: " + err.Error())
	}
	return PNG(b.Bytes())
}

// JSON shows what encoding/json makes of v, as a tree to open and close.
func JSON(v any) Data {
	raw, err := json.Marshal(v)
	if err != nil {
		return Text("display.JSON: " + err.Error())
	}
	var text bytes.Buffer
	if err := json.Indent(&text, raw, "", "  "); err != nil {
		return Text("display.JSON: " + err.Error())
	}
	return bundle(text.String(), mimeJSON, json.RawMessage(raw))
}

func picture(kind, mime string, data []byte) Data {
	text := kind + " image"
	if c, err := png.DecodeConfig(bytes.NewReader(data)); err == nil {
		text += fmt.Sprintf(", %d×%d", c.Width, c.Height)
	}
	return bundle(text, mime, base64.StdEncoding.EncodeToString(data))
}

var (
	unseen = regexp.MustCompile(`(?is)<!--.*?-->|<style\b.*?</style\s*>|<script\b.*?</script\s*>`)
	breaks = regexp.MustCompile(`(?i)<br\s*/?>|</(p|div|tr|li|h[1-6]|table|ul|ol)\s*>`)
	tags   = regexp.MustCompile(`(?s)</?[a-zA-Z!][^>]*>`)
)

func stripTags(s string) string {
	s = unseen.ReplaceAllString(s, "")
	s = breaks.ReplaceAllString(s, "\n")
	s = tags.ReplaceAllString(s, "")
	return strings.TrimSpace(html.UnescapeString(s))
}
