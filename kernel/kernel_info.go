package kernel

import "fmt"

type kernelInfoReply struct {
	ok
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          languageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []helpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

type languageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodeMirrorMode    string `json:"codemirror_mode"`
	NbconvertExporter string `json:"nbconvert_exporter"`
}

type helpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

func (k *Kernel) kernelInfo(*request) any {
	return kernelInfoReply{
		ok:                    isOK,
		ProtocolVersion:       ProtocolVersion,
		Implementation:        "paracell",
		ImplementationVersion: k.cfg.Version,
		LanguageInfo: languageInfo{
			Name:              "go",
			Version:           k.cfg.GoVersion,
			MIMEType:          "text/x-go",
			FileExtension:     ".go",
			PygmentsLexer:     "go",
			CodeMirrorMode:    "go",
			NbconvertExporter: "script",
		},
		Banner: fmt.Sprintf("Paracell %s: Go %s, cell by cell. %%lsmagic lists the magics.", k.cfg.Version, k.cfg.GoVersion),
		HelpLinks: []helpLink{
			{"A Tour of Go", "https://go.dev/tour/"},
			{"The Go language specification", "https://go.dev/ref/spec"},
			{"Standard library", "https://pkg.go.dev/std"},
		},
		SupportedFeatures: []string{},
	}
}
