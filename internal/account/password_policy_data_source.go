package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*passwordPolicyDataSource)(nil)

type passwordPolicyDataSource struct{ base.DataSource }

// NewPasswordPolicyDataSource gives the data source ram_password_policy.
func NewPasswordPolicyDataSource() datasource.DataSource { return &passwordPolicyDataSource{} }

func (d *passwordPolicyDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_password_policy"
}

func (d *passwordPolicyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the passwords of the account's RAM users have to be like.",
		Attributes:          results(passwordPolicySettings),
	}
}

func (d *passwordPolicyDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, err := d.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	found, err := d.Client.PasswordPolicy(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the password policy of account %s", caller.AccountID)
		return
	}
	state := passwordPolicyModel{AccountID: types.StringValue(caller.AccountID)}
	state.fromAPI(found)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
