package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*loginProfileResource)(nil)

// NewLoginProfileListResource gives the list resource ram_login_profile.
func NewLoginProfileListResource() list.ListResource { return &loginProfileResource{} }

func (r *loginProfileResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The console logins of RAM users. RAM has no list of them: it takes one call for each user.",
		Attributes:          ownedListAttributes("login profile"),
	}
}

func (r *loginProfileResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config ownedListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	base.List(ctx, req, stream, r, "the login profiles of RAM users", base.Asking(ctx, req.Limit, config.users(ctx, r.Client),
		func(ctx context.Context, userName string) (base.Found, bool, error) {
			_, err := r.Client.LoginProfile(ctx, userName)
			if ramapi.IsNotFound(err) {
				return base.Found{}, false, nil
			}
			return base.Found{DisplayName: userName, Identity: base.Identity{"user_name": userName}}, true, err
		}))
}
