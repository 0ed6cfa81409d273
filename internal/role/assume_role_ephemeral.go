package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*assumeRoleEphemeral)(nil)

type assumeRoleEphemeral struct{ base.EphemeralResource }

// NewAssumeRoleEphemeral gives the ephemeral resource ram_assume_role.
func NewAssumeRoleEphemeral() ephemeral.EphemeralResource { return &assumeRoleEphemeral{} }

type assumeRoleModel struct {
	sessionModel
	ExternalID     types.String `tfsdk:"external_id"`
	SourceIdentity types.String `tfsdk:"source_identity"`
}

func (e *assumeRoleEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "ram_assume_role"
}

func (e *assumeRoleEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Temporary credentials of a RAM role, for other providers. The role is taken on with the credentials of the provider, whom its trust policy must allow that." + sessionNotes,
		Attributes: sessionAttributes(map[string]schema.Attribute{
			"external_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "External ID that the role's trust policy asks for. None when left out.",
			},
			"source_identity": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Who is behind the session, for audit logs: 2 to 64 letters, digits, `.`, `@`, `-` and `_`. " +
					"The role's trust policy must allow `sts:SetSourceIdentity` as well. Nobody in particular when left out.",
				Validators: []validator.String{sessionName},
			},
		}),
	}
}

func (e *assumeRoleEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m assumeRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !m.checkDuration(ctx, e.Client, &resp.Diagnostics) {
		return
	}
	session, err := e.Client.AssumeRole(ctx, ramapi.AssumeRole{
		RoleARN:         m.RoleARN.ValueString(),
		SessionName:     m.SessionName.ValueString(),
		Policy:          m.Policy.ValueString(),
		ExternalID:      m.ExternalID.ValueString(),
		SourceIdentity:  m.SourceIdentity.ValueString(),
		DurationSeconds: m.DurationSeconds.ValueInt64(),
	})
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to assume RAM role %s", m.RoleARN)
		return
	}
	m.fromAPI(session)
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}
