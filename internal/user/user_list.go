package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*userResource)(nil)

// NewListResource gives the list resource ram_user.
func NewListResource() list.ListResource { return &userResource{} }

type userListModel struct {
	NameRegex types.String      `tfsdk:"name_regex"`
	Tags      map[string]string `tfsdk:"tags"`
}

func (r *userResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The RAM users of the account, or those that fit everything that is given. Users that SCIM or CloudSSO made are among them.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.ListNameRegexAttribute("users"),
			"tags":       base.ListTagsFilterAttribute("users"),
		},
	}
}

func (r *userResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config userListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the RAM users", base.Finding(r.Client.Users(ctx),
		func(u ramapi.User) bool { return matches(u.Name) && base.HasTags(u.Tags, config.Tags) },
		func(u ramapi.User) base.Found { return base.Named(u.Name) }))
}
