package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*securityPreferenceDataSource)(nil)

type securityPreferenceDataSource struct{ base.DataSource }

// NewSecurityPreferenceDataSource gives the data source ram_security_preference.
func NewSecurityPreferenceDataSource() datasource.DataSource { return &securityPreferenceDataSource{} }

func (d *securityPreferenceDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_security_preference"
}

func (d *securityPreferenceDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How the account's RAM users may log on, and what they may manage themselves.",
		Attributes:          results(securityPreferenceSettings),
	}
}

func (d *securityPreferenceDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, err := d.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	found, err := d.Client.SecurityPreference(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the security preference of account %s", caller.AccountID)
		return
	}
	state := securityPreferenceModel{AccountID: types.StringValue(caller.AccountID)}
	state.fromAPI(found)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
