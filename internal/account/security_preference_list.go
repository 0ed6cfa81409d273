package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*securityPreferenceResource)(nil)

// NewSecurityPreferenceListResource gives the list resource ram_security_preference.
func NewSecurityPreferenceListResource() list.ListResource { return &securityPreferenceResource{} }

func (r *securityPreferenceResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = base.SingletonListSchema("The security preference of the account, which every account has.")
}

func (r *securityPreferenceResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	r.ListSingleton(ctx, req, stream, r, "the security preference of the account", nil)
}
