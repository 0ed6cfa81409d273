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
	return SavePrivate(ctx, private, createDateKey, client.ServerTime().UTC().Format(time.RFC3339))
}

// LoadCreated gives the date that SaveCreated noted, in RAM's form, empty for
// what was imported.
func LoadCreated(ctx context.Context, private PrivateReader) (string, diag.Diagnostics) {
	date, _, diags := LoadPrivate[string](ctx, private, createDateKey)
	return date, diags
}

// SavePrivate keeps a value in the private state of a resource, as JSON.
func SavePrivate(ctx context.Context, private PrivateWriter, key string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	return private.SetKey(ctx, key, text)
}

// LoadPrivate gives the value that SavePrivate kept, and whether there is one.
func LoadPrivate[T any](ctx context.Context, private PrivateReader, key string) (value T, found bool, diags diag.Diagnostics) {
	text, diags := private.GetKey(ctx, key)
	if text == nil {
		return value, false, diags
	}
	if err := json.Unmarshal(text, &value); err != nil {
		diags.AddError("Unable to read private state", err.Error())
		return value, false, diags
	}
	return value, true, diags
}
