package base

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// PrivateWriter is the private state of a resource in a response.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// PrivateReader is the private state of a resource in a request.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

const createDateKey = "create_date"

// SaveCreated notes that the resource was made now, by the service's clock, for
// a kind of thing whose date RAM does not tell while it does not show: a read
// that follows at once must not take it for gone.
func SaveCreated(ctx context.Context, private PrivateWriter, client *ramapi.Client) diag.Diagnostics {
	date, err := json.Marshal(client.ServerTime().UTC().Format(time.RFC3339))
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, createDateKey, date)
}

// LoadCreated gives the date that SaveCreated noted, in RAM's form, empty for
// what was imported.
func LoadCreated(ctx context.Context, private PrivateReader) (string, diag.Diagnostics) {
	var date string
	text, diags := private.GetKey(ctx, createDateKey)
	if text != nil {
		if err := json.Unmarshal(text, &date); err != nil {
			diags.AddError("Unable to read private state", err.Error())
		}
	}
	return date, diags
}
