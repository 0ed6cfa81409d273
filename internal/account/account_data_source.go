// Package account holds what there is once per Alibaba Cloud account.
package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ datasource.DataSourceWithConfigure = (*accountDataSource)(nil)

type accountDataSource struct{ base.DataSource }

// NewDataSource gives the data source ram_account.
func NewDataSource() datasource.DataSource { return &accountDataSource{} }

type accountModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	AccountAlias  types.String `tfsdk:"account_alias"`
	DefaultDomain types.String `tfsdk:"default_domain"`
	LogonURL      types.String `tfsdk:"logon_url"`
	Quotas        types.Object `tfsdk:"quotas"`
	Usage         types.Object `tfsdk:"usage"`
}

func (d *accountDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_account"
}

func (d *accountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The Alibaba Cloud account that the provider works on.",
		Attributes: map[string]schema.Attribute{
			"account_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the account, 16 digits, as in ARNs.",
			},
			"account_alias": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Alias of the account; null where none is set.",
			},
			"default_domain": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "What follows the `@` in the names that RAM users log on with, such as `example.onaliyun.com`.",
			},
			"logon_url": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Page where RAM users log on to the console of the international site. Append `?username=` and a `user_principal_name` to fill the name in. " +
					"Users of the China site log on at `https://signin.aliyun.com/login.htm`.",
			},
			"quotas": quotas.schema("How many the account can have of each. A number is null where the service does not give it."),
			"usage":  usage.schema("How many the account has of each. A number is null where the service does not give it."),
		},
	}
}

// logonURL is the documented page. RAM has no call that gives the account's own.
const logonURL = "https://signin.alibabacloud.com/login.htm"

func (d *accountDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	caller, err := d.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the ID of the account")
		return
	}
	alias, err := d.Client.AccountAlias(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the alias of the account")
		return
	}
	domain, err := d.Client.DefaultDomain(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the default domain of the account")
		return
	}
	summary, err := d.Client.AccountSummary(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the quotas of the account")
		return
	}
	d.AdviseIfRoot(&resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, accountModel{
		AccountID:     types.StringValue(caller.AccountID),
		AccountAlias:  base.Text(alias, types.StringNull()),
		DefaultDomain: types.StringValue(domain),
		LogonURL:      types.StringValue(logonURL),
		Quotas:        quotas.object(summary),
		Usage:         usage.object(summary),
	})...)
}
