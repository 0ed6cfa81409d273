package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*samlProvidersDataSource)(nil)

type samlProvidersDataSource struct{ base.DataSource }

// NewSAMLProvidersDataSource gives the data source ram_saml_providers.
func NewSAMLProvidersDataSource() datasource.DataSource { return &samlProvidersDataSource{} }

type samlProvidersModel struct {
	NameRegex     types.String      `tfsdk:"name_regex"`
	SAMLProviders []samlProviderRow `tfsdk:"saml_providers"`
}

type samlProviderRow struct {
	Name          types.String `tfsdk:"name"`
	ARN           types.String `tfsdk:"arn"`
	Description   types.String `tfsdk:"description"`
	AuthnSignAlgo types.String `tfsdk:"authn_sign_algo"`
	CreateDate    types.String `tfsdk:"create_date"`
	UpdateDate    types.String `tfsdk:"update_date"`
}

func (d *samlProvidersDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_saml_providers"
}

func (d *samlProvidersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The SAML identity providers of the account. Beside the list it takes one call for each provider, for what RAM's list leaves out.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.NameRegexAttribute("SAML providers"),
			"saml_providers": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The providers, sorted by name; empty where there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the provider."},
					"arn":             schema.StringAttribute{Computed: true, MarkdownDescription: "ARN of the provider, which trust policies name."},
					"description":     schema.StringAttribute{Computed: true, MarkdownDescription: "What the provider is for; null where it has no description."},
					"authn_sign_algo": schema.StringAttribute{Computed: true, MarkdownDescription: "How Alibaba Cloud signs its requests to the identity provider: `rsa-sha1` or `rsa-sha256`."},
					"create_date":     schema.StringAttribute{Computed: true, MarkdownDescription: "When the provider was created, in UTC, such as `2026-11-22T08:00:00Z`."},
					"update_date":     schema.StringAttribute{Computed: true, MarkdownDescription: "When the provider was last changed, in the same form."},
				}},
			},
		},
	}
}

func (d *samlProvidersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model samlProvidersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	matches := base.MatchesName(model.NameRegex)
	model.SAMLProviders = []samlProviderRow{}
	all, err := d.Client.AllSAMLProviders(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the SAML providers of the account")
		return
	}
	for _, listed := range all {
		if !matches(listed.Name) {
			continue
		}
		p, err := d.Client.SAMLProvider(ctx, listed.Name)
		if ramapi.IsNotFound(err) {
			continue // deleted since it was listed
		}
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to read SAML provider %q", listed.Name)
			return
		}
		model.SAMLProviders = append(model.SAMLProviders, samlProviderRow{
			Name:          types.StringValue(p.Name),
			ARN:           types.StringValue(p.ARN),
			Description:   base.Text(p.Description, types.StringNull()),
			AuthnSignAlgo: types.StringValue(p.AuthnSignAlgo),
			CreateDate:    types.StringValue(p.CreateDate),
			UpdateDate:    types.StringValue(listed.UpdateDate),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
