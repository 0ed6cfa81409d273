package group

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*membershipResource)(nil)

// NewMembershipListResource gives the list resource ram_group_membership.
func NewMembershipListResource() list.ListResource { return &membershipResource{} }

type membershipListModel struct {
	GroupName types.String `tfsdk:"group_name"`
}

func (r *membershipResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who is in the RAM groups of the account: one `ram_group_membership` with all members for each group that has any. It takes one call for each group.",
		Attributes: map[string]schema.Attribute{
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a group: only who is in this one. Every group when it is left out.",
				Validators:          []validator.String{base.GroupName},
			},
		},
	}
}

func (r *membershipResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config membershipListModel
	if base.ListConfig(ctx, req, stream, &config) {
		base.List(ctx, req, stream, r, "the members of RAM groups", r.find(ctx, config.GroupName))
	}
}

// find yields the members of the group, or of every group for a null name.
func (r *membershipResource) find(ctx context.Context, groupName types.String) iter.Seq2[base.Found, error] {
	groups := r.Client.Groups(ctx)
	if !groupName.IsNull() {
		groups = func(yield func(ramapi.Group, error) bool) { yield(ramapi.Group{Name: groupName.ValueString()}, nil) }
	}
	return func(yield func(base.Found, error) bool) {
		for g, err := range groups {
			var names []string
			if err == nil {
				names, err = r.Client.ReadGroupMembers(ctx, g.Name)
			}
			if ramapi.IsNotFound(err) || err == nil && len(names) == 0 {
				continue
			}
			found := base.Found{DisplayName: g.Name, Identity: base.Identity{"group_name": g.Name, "user_names": distinct(names)}}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}
