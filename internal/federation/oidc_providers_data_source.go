package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*oidcProvidersDataSource)(nil)

type oidcProvidersDataSource struct{ base.DataSource }

// NewOIDCProvidersDataSource gives the data source ram_oidc_providers.
func NewOIDCProvidersDataSource() datasource.DataSource { return &oidcProvidersDataSource{} }

type oidcProvidersModel struct {
	NameRegex     types.String      `tfsdk:"name_regex"`
	OIDCProviders []oidcProviderRow `tfsdk:"oidc_providers"`
}

type oidcProviderRow struct {
	Name              types.String `tfsdk:"name"`
	ARN               types.String `tfsdk:"arn"`
	IssuerURL         types.String `tfsdk:"issuer_url"`
	ClientIDs         []string     `tfsdk:"client_ids"`
	Fingerprints      []string     `tfsdk:"fingerprints"`
	Description       types.String `tfsdk:"description"`
	IssuanceLimitTime types.Int64  `tfsdk:"issuance_limit_time"`
	CreateDate        types.String `tfsdk:"create_date"`
	UpdateDate        types.String `tfsdk:"update_date"`
}

func (d *oidcProvidersDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_oidc_providers"
}

func (d *oidcProvidersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The OpenID Connect identity providers of the account.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.NameRegexAttribute("OIDC providers"),
			"oidc_providers": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The providers, sorted by name; empty where there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":                schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the provider."},
					"arn":                 schema.StringAttribute{Computed: true, MarkdownDescription: "ARN of the provider, which trust policies and programs name."},
					"issuer_url":          schema.StringAttribute{Computed: true, MarkdownDescription: "Issuer as the tokens name it."},
					"client_ids":          schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Audiences whose tokens are accepted."},
					"fingerprints":        schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "SHA-1 fingerprints of the root certificates that the issuer's https certificate may lead to."},
					"description":         schema.StringAttribute{Computed: true, MarkdownDescription: "What the provider is for; null where it has no description."},
					"issuance_limit_time": schema.Int64Attribute{Computed: true, MarkdownDescription: "How many hours ago a token may have been issued."},
					"create_date":         schema.StringAttribute{Computed: true, MarkdownDescription: "When the provider was created, in UTC, such as `2026-11-22T08:00:00Z`."},
					"update_date":         schema.StringAttribute{Computed: true, MarkdownDescription: "When the provider was last changed, in the same form."},
				}},
			},
		},
	}
}

func (d *oidcProvidersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model oidcProvidersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	matches := base.MatchesName(model.NameRegex)
	model.OIDCProviders = []oidcProviderRow{}
	all, err := d.Client.AllOIDCProviders(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the OIDC providers of the account")
		return
	}
	for _, p := range all {
		if !matches(p.Name) {
			continue
		}
		model.OIDCProviders = append(model.OIDCProviders, oidcProviderRow{
			Name:              types.StringValue(p.Name),
			ARN:               types.StringValue(p.ARN),
			IssuerURL:         types.StringValue(p.IssuerURL),
			ClientIDs:         append([]string{}, p.ClientIDs...),
			Fingerprints:      append([]string{}, p.Fingerprints...),
			Description:       base.Text(p.Description, types.StringNull()),
			IssuanceLimitTime: types.Int64Value(p.IssuanceLimitTime),
			CreateDate:        types.StringValue(p.CreateDate),
			UpdateDate:        types.StringValue(p.UpdateDate),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
