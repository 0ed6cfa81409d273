package group

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*groupResource)(nil)

// NewListResource gives the list resource ram_group.
func NewListResource() list.ListResource { return &groupResource{} }

type groupListModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
}

func (r *groupResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The RAM user groups of the account, or those whose names fit.",
		Attributes:          map[string]schema.Attribute{"name_regex": base.ListNameRegexAttribute("groups")},
	}
}

func (r *groupResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config groupListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the RAM groups", base.Finding(r.Client.Groups(ctx),
		func(g ramapi.Group) bool { return matches(g.Name) },
		func(g ramapi.Group) base.Found { return base.Named(g.Name) }))
}
