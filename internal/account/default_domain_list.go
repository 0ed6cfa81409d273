package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*defaultDomainResource)(nil)

// NewDefaultDomainListResource gives the list resource ram_default_domain.
func NewDefaultDomainListResource() list.ListResource { return &defaultDomainResource{} }

func (r *defaultDomainResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = base.SingletonListSchema("The default domain of the account, which every account has.")
}

func (r *defaultDomainResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	r.ListSingleton(ctx, req, stream, r, "the default domain of the account", nil)
}
