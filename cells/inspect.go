package cells

import (
	"context"
	"go/types"
)

// Inspect answers inspect_request.
func (s *Session) Inspect(ctx context.Context, code string, cursor, detail int) (MIMEBundle, bool) {
	return nil, false
}

// typeString says a type as a cell would write it.
func typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}
