package role

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*rolesDataSource)(nil)

type rolesDataSource struct{ base.DataSource }

// NewListDataSource gives the data source ram_roles.
func NewListDataSource() datasource.DataSource { return &rolesDataSource{} }

type rolesModel struct {
	NameRegex  types.String      `tfsdk:"name_regex"`
	Tags       map[string]string `tfsdk:"tags"`
	PolicyName types.String      `tfsdk:"policy_name"`
	PolicyType types.String      `tfsdk:"policy_type"`
	Roles      []roleRow         `tfsdk:"roles"`
}

func (d *rolesDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_roles"
}

func (d *rolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	policyName, policyType := base.PolicyFilterAttributes("roles")
	resp.Schema = schema.Schema{
		MarkdownDescription: "All RAM roles of the account, those of cloud services included, or those that fit everything that is given. " +
			"RAM's list has no trust policies; `ram_role` has.",
		Attributes: map[string]schema.Attribute{
			"name_regex":  base.NameRegexAttribute("roles"),
			"tags":        base.TagsFilterAttribute("roles"),
			"policy_name": policyName,
			"policy_type": policyType,
			"roles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Roles by name; an empty list where none fits.",
				NestedObject:        schema.NestedAttributeObject{Attributes: roleRowAttributes()},
			},
		},
	}
}

func (d *rolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data rolesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	roles, err := d.Client.AllRoles(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the RAM roles")
		return
	}
	if !data.PolicyName.IsNull() {
		holders, err := d.Client.PolicyHolders(ctx, data.PolicyName.ValueString(), data.PolicyType.ValueString(), ramapi.KindRole)
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to list the roles that RAM policy %s is attached to", data.PolicyName)
			return
		}
		roles = slices.DeleteFunc(roles, func(r ramapi.Role) bool { return !slices.Contains(holders, r.Name) })
	}
	matchesName := base.MatchesName(data.NameRegex)
	data.Roles = []roleRow{}
	for _, r := range roles {
		if matchesName(r.Name) && base.HasTags(r.Tags, data.Tags) {
			data.Roles = append(data.Roles, roleRowFrom(r))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
