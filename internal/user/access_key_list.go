package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*accessKeyResource)(nil)

// NewAccessKeyListResource gives the list resource ram_access_key.
func NewAccessKeyListResource() list.ListResource { return &accessKeyResource{} }

func (r *accessKeyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The access keys of RAM users, without their secrets, which RAM tells only when a key is made. " +
			"RAM has no list of the keys of all users: it takes one call for each user.",
		Attributes: ownedListAttributes("access keys"),
	}
}

func (r *accessKeyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config ownedListModel
	if base.ListConfig(ctx, req, stream, &config) {
		base.List(ctx, req, stream, r, "the access keys of RAM users",
			base.Finding(config.keys(ctx, r.Client, req.Limit), func(key) bool { return true }, key.found))
	}
}
