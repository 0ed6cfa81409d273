package group

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*groupsDataSource)(nil)

type groupsDataSource struct{ base.DataSource }

// NewListDataSource gives the data source ram_groups.
func NewListDataSource() datasource.DataSource { return &groupsDataSource{} }

type groupsModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
	UserName  types.String `tfsdk:"user_name"`
	Groups    []groupRow   `tfsdk:"groups"`
}

func (d *groupsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_groups"
}

func (d *groupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All RAM user groups of the account, or those that fit what is given. Who is in a group is said by `ram_group`.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.NameRegexAttribute("groups"),
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a user: only groups that the user is in. Whoever is in them when it is left out.",
				Validators:          []validator.String{base.UserName},
			},
			"groups": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Groups by name; an empty list where none fits.",
				NestedObject:        schema.NestedAttributeObject{Attributes: groupRowAttributes()},
			},
		},
	}
}

func (d *groupsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data groupsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	groups, err := d.Client.AllGroups(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the RAM groups")
		return
	}
	if !data.UserName.IsNull() {
		ofUser, err := d.Client.AllGroupsForUser(ctx, data.UserName.ValueString())
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to list the groups of RAM user %s", data.UserName)
			return
		}
		groups = slices.DeleteFunc(groups, func(g ramapi.Group) bool { return !slices.Contains(ofUser, g.Name) })
	}
	matchesName := base.MatchesName(data.NameRegex)
	data.Groups = []groupRow{}
	for _, g := range groups {
		if matchesName(g.Name) {
			data.Groups = append(data.Groups, groupRowFrom(g))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
