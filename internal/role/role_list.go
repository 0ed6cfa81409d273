package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*roleResource)(nil)

// NewListResource gives the list resource ram_role.
func NewListResource() list.ListResource { return &roleResource{} }

type roleListModel struct {
	NameRegex types.String      `tfsdk:"name_regex"`
	Tags      map[string]string `tfsdk:"tags"`
}

func (r *roleResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The RAM roles of the account, or those that fit everything that is given. Not those of cloud services: `ram_service_linked_role` lists them.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.ListNameRegexAttribute("roles"),
			"tags":       base.ListTagsFilterAttribute("roles"),
		},
	}
}

func (r *roleResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config roleListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the RAM roles", base.Finding(r.Client.Roles(ctx),
		func(found ramapi.Role) bool {
			return !ramapi.IsServiceLinkedRole(found.Name) && matches(found.Name) && base.HasTags(found.Tags, config.Tags)
		},
		func(found ramapi.Role) base.Found { return base.Named(found.Name) }))
}
