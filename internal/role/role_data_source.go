package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*roleDataSource)(nil)

type roleDataSource struct{ base.DataSource }

// NewDataSource gives the data source ram_role.
func NewDataSource() datasource.DataSource { return &roleDataSource{} }

type roleDataModel struct {
	roleRow
	AssumeRolePolicyDocument types.String `tfsdk:"assume_role_policy_document"`
}

// roleRow is a role as data sources show it.
type roleRow struct {
	Name               types.String      `tfsdk:"name"`
	Description        types.String      `tfsdk:"description"`
	MaxSessionDuration types.Int64       `tfsdk:"max_session_duration"`
	Tags               map[string]string `tfsdk:"tags"`
	RoleID             types.String      `tfsdk:"role_id"`
	ARN                types.String      `tfsdk:"arn"`
	CreateDate         types.String      `tfsdk:"create_date"`
	UpdateDate         types.String      `tfsdk:"update_date"`
}

func (d *roleDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_role"
}

func (d *roleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := roleRowAttributes()
	attributes["name"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the role.",
		Validators:          []validator.String{base.RoleName},
	}
	attributes["assume_role_policy_document"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "Trust policy as JSON, as it was written: who may assume the role.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One RAM role, such as one that a cloud service has made. It is an error if there is no role of that name; `ram_roles` gives an empty list then.",
		Attributes:          attributes,
	}
}

func roleRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name of the role.",
		},
		"description": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "What the role is for; null where nothing is said.",
		},
		"max_session_duration": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Longest session of the role in seconds.",
		},
		"tags": base.ShownTagsAttribute("role"),
		"role_id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "ID of the role.",
		},
		"arn": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "ARN of the role as the service gives it. The service may write the name in lower case there; compare role ARNs without regard to case.",
		},
		"create_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the role was created, in UTC, such as `2026-11-22T08:00:00Z`.",
		},
		"update_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the role was last changed, in UTC.",
		},
	}
}

func (d *roleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data roleDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r, err := d.Client.CurrentRole(ctx, data.Name.ValueString())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM role %s", data.Name)
		return
	}
	row := roleRowFrom(r)
	row.Name = data.Name // which RAM may spell otherwise
	data.roleRow = row
	data.AssumeRolePolicyDocument = types.StringValue(r.AssumeRolePolicyDocument)
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

func roleRowFrom(r ramapi.Role) roleRow {
	return roleRow{
		Name:               types.StringValue(r.Name),
		Description:        base.Text(r.Description, types.StringNull()),
		MaxSessionDuration: types.Int64Value(r.MaxSessionDuration),
		Tags:               base.ShownTags(r.Tags),
		RoleID:             types.StringValue(r.ID),
		ARN:                types.StringValue(r.ARN),
		CreateDate:         types.StringValue(r.CreateDate),
		UpdateDate:         types.StringValue(r.UpdateDate),
	}
}
