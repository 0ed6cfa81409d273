package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*accessKeyPolicyResource)(nil)

// NewAccessKeyPolicyListResource gives the list resource ram_access_key_policy.
func NewAccessKeyPolicyListResource() list.ListResource { return &accessKeyPolicyResource{} }

func (r *accessKeyPolicyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The network policies of access keys. RAM has no list of them: it takes one call for each user and one for each key.",
		Attributes:          ownedListAttributes("network policies"),
	}
}

func (r *accessKeyPolicyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config ownedListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	const everyKey = 0 // few keys have a policy
	base.List(ctx, req, stream, r, "the network policies of access keys", base.Asking(ctx, req.Limit, config.keys(ctx, r.Client, everyKey),
		func(ctx context.Context, k key) (base.Found, bool, error) {
			_, err := r.Client.AccessKeyPolicy(ctx, k.userName, k.id)
			if ramapi.IsNotFound(err) {
				return base.Found{}, false, nil
			}
			return k.found(), true, err
		}))
}
