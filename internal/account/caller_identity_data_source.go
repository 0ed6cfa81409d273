package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*callerIdentityDataSource)(nil)

type callerIdentityDataSource struct{ base.DataSource }

// NewCallerIdentityDataSource gives the data source ram_caller_identity.
func NewCallerIdentityDataSource() datasource.DataSource { return &callerIdentityDataSource{} }

type callerIdentityModel struct {
	AccountID    types.String `tfsdk:"account_id"`
	ARN          types.String `tfsdk:"arn"`
	IdentityType types.String `tfsdk:"identity_type"`
	UserID       types.String `tfsdk:"user_id"`
	RoleID       types.String `tfsdk:"role_id"`
	PrincipalID  types.String `tfsdk:"principal_id"`
}

func (d *callerIdentityDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_caller_identity"
}

func (d *callerIdentityDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Whose credentials the provider works with. Reading it needs no permission.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the account, 16 digits.",
			},
			"arn": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "ARN of the caller: `acs:ram::<account>:root`, `acs:ram::<account>:user/<name>`, or the role and the session of an assumed role. " +
					"The service may write the name of a role in lower case there.",
			},
			"identity_type": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`Account` for the account itself, `RAMUser` or `AssumedRoleUser`.",
			},
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the account or of the RAM user; null for an assumed role.",
			},
			"role_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the assumed role; null for the account and for a RAM user.",
			},
			"principal_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the caller: that of the account or of the RAM user, or `<role ID>:<session name>` for an assumed role.",
			},
		},
	}
}

func (d *callerIdentityDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, err := d.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read whose credentials the provider has")
		return
	}
	d.AdviseIfRoot(&resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, callerIdentityModel{
		AccountID:    types.StringValue(caller.AccountID),
		ARN:          types.StringValue(caller.ARN),
		IdentityType: types.StringValue(caller.IdentityType),
		UserID:       base.Text(caller.UserID, types.StringNull()),
		RoleID:       base.Text(caller.RoleID, types.StringNull()),
		PrincipalID:  base.Text(caller.PrincipalID, types.StringNull()),
	})...)
}
