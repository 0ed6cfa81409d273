package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

// importedKey marks, in private state, a login profile that was imported and of
// which no password has been recorded since.
const importedKey = "imported"

func isImported(ctx context.Context, private base.PrivateReader) (bool, diag.Diagnostics) {
	mark, diags := private.GetKey(ctx, importedKey)
	return mark != nil, diags
}
