package user

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What the private state of a login profile holds: whether it was imported and
// no password has been recorded since, and when Terraform created it, which
// IMS does not tell.
const (
	importedKey   = "imported"
	createDateKey = "create_date"
)

func isImported(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	mark, diags := private.GetKey(ctx, importedKey)
	return mark != nil, diags
}

// saveCreated notes that the login profile was created now.
func saveCreated(ctx context.Context, private privateWriter) diag.Diagnostics {
	date, err := json.Marshal(time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, createDateKey, date)
}

// loadCreateDate gives the date that saveCreated noted, empty for an imported profile.
func loadCreateDate(ctx context.Context, private privateReader) (string, diag.Diagnostics) {
	var date string
	text, diags := private.GetKey(ctx, createDateKey)
	if text != nil {
		if err := json.Unmarshal(text, &date); err != nil {
			diags.AddError("Unable to read private state", err.Error())
		}
	}
	return date, diags
}
