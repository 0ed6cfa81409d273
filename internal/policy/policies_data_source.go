package policy

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*policiesDataSource)(nil)

type policiesDataSource struct{ base.DataSource }

// NewListDataSource gives the data source ram_policies.
func NewListDataSource() datasource.DataSource { return &policiesDataSource{} }

type policiesModel struct {
	PolicyType types.String      `tfsdk:"policy_type"`
	Keyword    types.String      `tfsdk:"keyword"`
	NameRegex  types.String      `tfsdk:"name_regex"`
	Tags       map[string]string `tfsdk:"tags"`
	Policies   []policyRow       `tfsdk:"policies"`
}

func (d *policiesDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_policies"
}

func (d *policiesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All policies, the account's own and those that Alibaba Cloud maintains, or those that fit everything that is given. " +
			"RAM's list has no documents; `ram_policy` has.",
		Attributes: map[string]schema.Attribute{
			"policy_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`System` for policies that Alibaba Cloud maintains, `Custom` for those of the account. Both when it is left out.",
				Validators:          []validator.String{base.PolicyType()},
			},
			"keyword": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Text that the name or the description of the policies must have in it, in whatever case. Any when it is left out.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"name_regex": base.NameRegexAttribute("policies"),
			"tags":       base.TagsFilterAttribute("policies"),
			"policies": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Policies by name; an empty list where none fits.",
				NestedObject:        schema.NestedAttributeObject{Attributes: policyRowAttributes()},
			},
		},
	}
}

func (d *policiesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data policiesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	policies, err := d.Client.AllPolicies(ctx, data.PolicyType.ValueString())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the RAM policies")
		return
	}
	matchesName := base.MatchesName(data.NameRegex)
	data.Policies = []policyRow{}
	for _, p := range policies {
		if matchesName(p.Name) && base.HasTags(p.Tags, data.Tags) && hasKeyword(data.Keyword, p.Name, p.Description) {
			data.Policies = append(data.Policies, policyRowFrom(p))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

// hasKeyword reports whether one of the texts has the keyword in it.
func hasKeyword(keyword types.String, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(keyword.ValueString())) {
			return true
		}
	}
	return false
}
