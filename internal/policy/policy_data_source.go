package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*policyDataSource)(nil)

type policyDataSource struct{ base.DataSource }

// NewDataSource gives the data source ram_policy.
func NewDataSource() datasource.DataSource { return &policyDataSource{} }

type policyDataModel struct {
	policyRow
	PolicyDocument types.String `tfsdk:"policy_document"`
	Versions       []versionRow `tfsdk:"versions"`
}

// policyRow is a policy as data sources show it.
type policyRow struct {
	Name            types.String      `tfsdk:"name"`
	PolicyType      types.String      `tfsdk:"policy_type"`
	Description     types.String      `tfsdk:"description"`
	DefaultVersion  types.String      `tfsdk:"default_version"`
	AttachmentCount types.Int64       `tfsdk:"attachment_count"`
	Tags            map[string]string `tfsdk:"tags"`
	CreateDate      types.String      `tfsdk:"create_date"`
	UpdateDate      types.String      `tfsdk:"update_date"`
}

type versionRow struct {
	VersionID  types.String `tfsdk:"version_id"`
	IsDefault  types.Bool   `tfsdk:"is_default"`
	CreateDate types.String `tfsdk:"create_date"`
}

func (d *policyDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_policy"
}

func (d *policyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := policyRowAttributes()
	attributes["name"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the policy. RAM does not distinguish case here, and this attribute keeps yours.",
		Validators:          []validator.String{base.PolicyName},
	}
	attributes["policy_type"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "`System` for a policy that Alibaba Cloud maintains, `Custom` for one of the account.",
		Validators:          []validator.String{base.PolicyType()},
	}
	attributes["policy_document"] = schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "Document of the default version as JSON, as it was written.",
	}
	attributes["versions"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Versions of the document that RAM keeps, the oldest first.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"version_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the version, such as `v2`.",
			},
			"is_default": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether it is the version in force.",
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the version was created, in UTC.",
			},
		}},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One policy, the account's own or one that Alibaba Cloud maintains, with its document. " +
			"It is an error if there is no policy of that name and type; `ram_policies` gives an empty list then.",
		Attributes: attributes,
	}
}

func policyRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name of the policy.",
		},
		"policy_type": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "`System` for a policy that Alibaba Cloud maintains, `Custom` for one of the account.",
		},
		"description": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "What the policy is for; null where nothing is said.",
		},
		"default_version": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Version of the document that is in force, such as `v2`.",
		},
		"attachment_count": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "Number of users, groups and roles that the policy is attached to.",
		},
		"tags": base.ShownTagsAttribute("policy"),
		"create_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the policy was created, in UTC, such as `2026-11-22T08:00:00Z`.",
		},
		"update_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the policy was last changed, in UTC.",
		},
	}
}

func (d *policyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data policyDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	p, err := d.Client.CurrentPolicy(ctx, data.Name.ValueString(), data.PolicyType.ValueString())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM policy %s of type %s", data.Name, data.PolicyType)
		return
	}
	versions, err := d.Client.PolicyVersionsOf(ctx, p.Name, p.Type)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the versions of RAM policy %s", data.Name)
		return
	}
	row := policyRowFrom(p)
	row.Name = data.Name // which RAM may spell otherwise
	data.policyRow = row
	data.PolicyDocument = types.StringValue(p.Document)
	data.Versions = []versionRow{}
	for _, v := range versions {
		data.Versions = append(data.Versions, versionRow{types.StringValue(v.ID), types.BoolValue(v.IsDefault), types.StringValue(v.CreateDate)})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

func policyRowFrom(p ramapi.Policy) policyRow {
	return policyRow{
		Name:            types.StringValue(p.Name),
		PolicyType:      types.StringValue(p.Type),
		Description:     base.Text(p.Description, types.StringNull()),
		DefaultVersion:  types.StringValue(p.DefaultVersion),
		AttachmentCount: types.Int64Value(int64(p.AttachmentCount)),
		Tags:            base.ShownTags(p.Tags),
		CreateDate:      types.StringValue(p.CreateDate),
		UpdateDate:      types.StringValue(p.UpdateDate),
	}
}
