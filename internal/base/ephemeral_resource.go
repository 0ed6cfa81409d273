package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// EphemeralResource brings the client to an ephemeral resource that embeds it.
type EphemeralResource struct {
	Client *ramapi.Client
}

// Configure takes the client from the provider.
func (e *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	if p, ok := req.ProviderData.(*Provider); ok {
		e.Client = p.Client
	}
}
