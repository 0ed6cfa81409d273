package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*assumeRoleWithOIDCEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*assumeRoleWithOIDCEphemeral)(nil)
)

type assumeRoleWithOIDCEphemeral struct{ base.EphemeralResource }

// NewAssumeRoleWithOIDCEphemeral gives the ephemeral resource ram_assume_role_with_oidc.
func NewAssumeRoleWithOIDCEphemeral() ephemeral.EphemeralResource {
	return &assumeRoleWithOIDCEphemeral{}
}

type assumeRoleWithOIDCModel struct {
	sessionModel
	OIDCProviderARN types.String `tfsdk:"oidc_provider_arn"`
	OIDCToken       types.String `tfsdk:"oidc_token"`
	OIDCTokenFile   types.String `tfsdk:"oidc_token_file"`
}

func (e *assumeRoleWithOIDCEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "ram_assume_role_with_oidc"
}

func (e *assumeRoleWithOIDCEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Temporary credentials of a RAM role, for other providers, in exchange for a token of an OIDC identity provider, such as that of a CI system." + sessionNotes,
		Attributes: sessionAttributes(map[string]schema.Attribute{
			"oidc_provider_arn": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ARN of the OIDC identity provider in RAM, `acs:ram::<account>:oidc-provider/<name>`.",
				Validators:          []validator.String{oidcProviderARN},
			},
			"oidc_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "The token itself, for instance from an ephemeral variable." + nowhere + " Either this or `oidc_token_file`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"oidc_token_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of a file with the token, which is read anew each time. Either this or `oidc_token`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
		}),
	}
}

// ValidateConfig says nothing at oidc_token: Terraform would print the line of
// the configuration, with a literal token.
func (e *assumeRoleWithOIDCEphemeral) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var m assumeRoleWithOIDCModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if m.OIDCToken.IsUnknown() || m.OIDCTokenFile.IsUnknown() {
		return
	}
	if m.OIDCToken.IsNull() == m.OIDCTokenFile.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("oidc_token_file"), "One token is needed", "Set either oidc_token or oidc_token_file.")
	}
}

func (e *assumeRoleWithOIDCEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m assumeRoleWithOIDCModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !m.checkDuration(ctx, e.Client, &resp.Diagnostics) {
		return
	}
	session, err := e.Client.AssumeRoleWithOIDC(ctx, ramapi.AssumeRoleWithOIDC{
		RoleARN:         m.RoleARN.ValueString(),
		OIDCProviderARN: m.OIDCProviderARN.ValueString(),
		OIDCToken:       m.OIDCToken.ValueString(),
		OIDCTokenFile:   m.OIDCTokenFile.ValueString(),
		SessionName:     m.SessionName.ValueString(),
		Policy:          m.Policy.ValueString(),
		DurationSeconds: m.DurationSeconds.ValueInt64(),
	})
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to assume RAM role %s", m.RoleARN)
		return
	}
	m.fromAPI(session)
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}
