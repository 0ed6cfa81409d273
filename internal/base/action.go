package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Action brings the client to an action that embeds it.
type Action struct {
	Client *ramapi.Client

	provider *Provider
}

// Configure takes the client from the provider. Terraform also calls it while
// validating, before there is one.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	if p, ok := req.ProviderData.(*Provider); ok {
		a.Client, a.provider = p.Client, p
	}
}

// CheckFreeze is that of the provider.
func (a *Action) CheckFreeze(ctx context.Context, user ramapi.Principal) error {
	return a.provider.CheckFreeze(ctx, user)
}
