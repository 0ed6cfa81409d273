package group

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*groupDataSource)(nil)

type groupDataSource struct{ base.DataSource }

// NewDataSource gives the data source ram_group.
func NewDataSource() datasource.DataSource { return &groupDataSource{} }

type groupDataModel struct {
	groupRow
	Members []string `tfsdk:"members"`
}

// groupRow is a group as data sources show it.
type groupRow struct {
	Name       types.String `tfsdk:"name"`
	Comments   types.String `tfsdk:"comments"`
	GroupID    types.String `tfsdk:"group_id"`
	CreateDate types.String `tfsdk:"create_date"`
	UpdateDate types.String `tfsdk:"update_date"`
}

func (d *groupDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_group"
}

func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := groupRowAttributes()
	attributes["name"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the group.",
		Validators:          []validator.String{base.GroupName},
	}
	attributes["members"] = schema.ListAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: "Names of the users in the group, in alphabetical order.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One RAM user group, and who is in it. It is an error if there is no group of that name; `ram_groups` gives an empty list then.",
		Attributes:          attributes,
	}
}

func groupRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name of the group.",
		},
		"comments": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "What the group is for; null where nothing is said.",
		},
		"group_id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "ID of the group, which no rename changes.",
		},
		"create_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the group was created, in UTC, such as `2026-11-22T08:00:00Z`.",
		},
		"update_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the name or the comments of the group were last changed, in UTC.",
		},
	}
}

func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data groupDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	g, err := d.Client.Group(ctx, data.Name.ValueString(), "")
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM group %s", data.Name)
		return
	}
	row := groupRowFrom(g)
	row.Name = data.Name // which RAM may spell otherwise
	data.groupRow = row
	if data.Members, err = d.Client.AllGroupMembers(ctx, g.Name); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the members of RAM group %s", data.Name)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

func groupRowFrom(g ramapi.Group) groupRow {
	return groupRow{
		Name:       types.StringValue(g.Name),
		Comments:   base.Text(g.Comments, types.StringNull()),
		GroupID:    types.StringValue(g.ID),
		CreateDate: types.StringValue(g.CreateDate),
		UpdateDate: types.StringValue(g.UpdateDate),
	}
}
