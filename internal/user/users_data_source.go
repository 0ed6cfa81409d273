package user

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

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

type usersDataSource struct{ base.DataSource }

// NewListDataSource gives the data source ram_users.
func NewListDataSource() datasource.DataSource { return &usersDataSource{} }

type usersModel struct {
	NameRegex  types.String      `tfsdk:"name_regex"`
	Tags       map[string]string `tfsdk:"tags"`
	GroupName  types.String      `tfsdk:"group_name"`
	PolicyName types.String      `tfsdk:"policy_name"`
	PolicyType types.String      `tfsdk:"policy_type"`
	Users      []listedUserRow   `tfsdk:"users"`
}

type listedUserRow struct {
	userRow
	Status types.String `tfsdk:"status"`
}

func (d *usersDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userRowAttributes()
	attributes["status"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "`active`, or `freeze` for a user whom the service has locked; null where it does not say. Only the list has it.",
	}
	policyName, policyType := base.PolicyFilterAttributes("users")
	resp.Schema = schema.Schema{
		MarkdownDescription: "All RAM users of the account, or those that fit everything that is given.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.NameRegexAttribute("users"),
			"tags":       base.TagsFilterAttribute("users"),
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a group: only users who are in it. Whatever their groups when it is left out.",
				Validators:          []validator.String{base.GroupName},
			},
			"policy_name": policyName,
			"policy_type": policyType,
			"users": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Users by name; an empty list where none fits.",
				NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
			},
		},
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data usersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	users, err := d.Client.AllUsers(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the RAM users")
		return
	}
	if !data.GroupName.IsNull() {
		members, err := d.Client.AllGroupMembers(ctx, data.GroupName.ValueString())
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to list the members of RAM group %s", data.GroupName)
			return
		}
		users = slices.DeleteFunc(users, func(u ramapi.User) bool { return !slices.Contains(members, u.Name) })
	}
	if !data.PolicyName.IsNull() {
		holders, err := d.Client.PolicyHolders(ctx, data.PolicyName.ValueString(), data.PolicyType.ValueString(), ramapi.KindUser)
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to list the users that RAM policy %s is attached to", data.PolicyName)
			return
		}
		users = slices.DeleteFunc(users, func(u ramapi.User) bool { return !slices.Contains(holders, u.Name) })
	}
	matchesName := base.MatchesName(data.NameRegex)
	data.Users = []listedUserRow{}
	for _, u := range users {
		if !matchesName(u.Name) || !base.HasTags(u.Tags, data.Tags) {
			continue
		}
		row, err := userRowFrom(ctx, d.Client, u)
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM user %q", u.Name)
			return
		}
		data.Users = append(data.Users, listedUserRow{row, base.Text(u.Status, types.StringNull())})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
