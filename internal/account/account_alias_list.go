package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*accountAliasResource)(nil)

// NewAccountAliasListResource gives the list resource ram_account_alias.
func NewAccountAliasListResource() list.ListResource { return &accountAliasResource{} }

func (r *accountAliasResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = base.SingletonListSchema("The alias of the account, or nothing where it has none.")
}

func (r *accountAliasResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	r.ListSingleton(ctx, req, stream, r, "the alias of the account", func(ctx context.Context) (bool, error) {
		alias, err := r.Client.AccountAlias(ctx)
		return alias != "", err
	})
}
