package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*serviceLinkedRoleResource)(nil)

// NewServiceLinkedRoleListResource gives the list resource ram_service_linked_role.
func NewServiceLinkedRoleListResource() list.ListResource { return &serviceLinkedRoleResource{} }

type serviceLinkedRoleListModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
}

func (r *serviceLinkedRoleResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The service-linked roles of the account, or those whose names fit.",
		Attributes:          map[string]schema.Attribute{"name_regex": base.ListNameRegexAttribute("roles")},
	}
}

func (r *serviceLinkedRoleResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config serviceLinkedRoleListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the service-linked roles", base.Finding(r.Client.Roles(ctx),
		func(found ramapi.Role) bool { return ramapi.IsServiceLinkedRole(found.Name) && matches(found.Name) },
		func(found ramapi.Role) base.Found { return base.Named(found.Name) }))
}
