package account

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*credentialReportDataSource)(nil)

type credentialReportDataSource struct{ base.DataSource }

// NewCredentialReportDataSource gives the data source ram_credential_report.
func NewCredentialReportDataSource() datasource.DataSource { return &credentialReportDataSource{} }

type credentialReportModel struct {
	GeneratedTime types.String        `tfsdk:"generated_time"`
	Users         []reportedUserModel `tfsdk:"users"`
}

type reportedUserModel struct {
	UserName           types.String       `tfsdk:"user_name"`
	UserPrincipalName  types.String       `tfsdk:"user_principal_name"`
	CreateDate         types.String       `tfsdk:"create_date"`
	LastLoginDate      types.String       `tfsdk:"last_login_date"`
	PasswordExists     types.Bool         `tfsdk:"password_exists"`
	PasswordActive     types.Bool         `tfsdk:"password_active"`
	PasswordChangeDate types.String       `tfsdk:"password_change_date"`
	PasswordExpiryDate types.String       `tfsdk:"password_expiry_date"`
	MFAActive          types.Bool         `tfsdk:"mfa_active"`
	AccessKeys         []reportedKeyModel `tfsdk:"access_keys"`
}

type reportedKeyModel struct {
	Active       types.Bool   `tfsdk:"active"`
	ChangeDate   types.String `tfsdk:"change_date"`
	LastUsedDate types.String `tfsdk:"last_used_date"`
}

func (d *credentialReportDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_credential_report"
}

func (d *credentialReportDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Passwords, MFA and access keys of the account and all its RAM users, for audits and checks: who has a password and no MFA, which keys nobody uses.\n\n" +
			"RAM makes a report at most every four hours; until then it gives the last one, so `generated_time` may be that long ago, and last uses are some two hours behind even then. " +
			"Making one is waited for, for 5 minutes at most. An account with more than 3,500 users has no report: there, ask `ram_access_keys`.",
		Attributes: map[string]schema.Attribute{
			"generated_time": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When RAM made the report, in UTC, such as `2026-11-22T08:00:00Z`.",
			},
			"users": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The account itself and its RAM users, sorted by `user_name`. All dates are in UTC, such as `2026-11-22T08:00:00Z`. " +
					"Whatever the report does not say, because it does not apply or has never happened, is null.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"user_name": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name of the user, `<root>` for the account itself.",
					},
					"user_principal_name": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name that the user logs on with; null for the account itself.",
					},
					"create_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the user was created.",
					},
					"last_login_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the user last logged on to the console.",
					},
					"password_exists": schema.BoolAttribute{
						Computed:            true,
						MarkdownDescription: "Whether there is a console login; always true for the account itself.",
					},
					"password_active": schema.BoolAttribute{
						Computed:            true,
						MarkdownDescription: "Whether the console login is turned on.",
					},
					"password_change_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the password was last changed.",
					},
					"password_expiry_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the password must be changed, by the account's password policy.",
					},
					"mfa_active": schema.BoolAttribute{
						Computed:            true,
						MarkdownDescription: "Whether logging on takes an MFA device; null without a console login.",
					},
					"access_keys": schema.ListNestedAttribute{
						Computed:            true,
						MarkdownDescription: "The access keys that exist. The report does not tell their IDs; `ram_access_keys` does.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"active": schema.BoolAttribute{
								Computed:            true,
								MarkdownDescription: "Whether the key is turned on.",
							},
							"change_date": schema.StringAttribute{
								Computed:            true,
								MarkdownDescription: "When the key was made or last changed.",
							},
							"last_used_date": schema.StringAttribute{
								Computed:            true,
								MarkdownDescription: "When the key was last used, as far as RAM knows.",
							},
						}},
					},
				}},
			},
		},
	}
}

func (d *credentialReportDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	report, err := d.Client.CredentialReport(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the credential report of the account")
		return
	}
	d.AdviseIfRoot(&resp.Diagnostics)
	model := credentialReportModel{GeneratedTime: types.StringValue(report.GeneratedTime), Users: []reportedUserModel{}}
	for _, u := range report.Users {
		model.Users = append(model.Users, reportedUser(u))
	}
	slices.SortFunc(model.Users, func(a, b reportedUserModel) int {
		return strings.Compare(a.UserName.ValueString(), b.UserName.ValueString())
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func reportedUser(u ramapi.ReportedUser) reportedUserModel {
	m := reportedUserModel{
		CreateDate:         reported(u.CreateDate),
		LastLoginDate:      reported(u.LastLoginDate),
		PasswordExists:     types.BoolPointerValue(u.PasswordExists),
		PasswordActive:     types.BoolPointerValue(u.PasswordActive),
		PasswordChangeDate: reported(u.PasswordChangeDate),
		PasswordExpiryDate: reported(u.PasswordExpiryDate),
		MFAActive:          types.BoolPointerValue(u.MFAActive),
		AccessKeys:         []reportedKeyModel{},
	}
	name, _, isUser := strings.Cut(u.Name, "@")
	m.UserName = types.StringValue(name)
	if isUser {
		m.UserPrincipalName = types.StringValue(u.Name)
	}
	for _, k := range u.AccessKeys {
		m.AccessKeys = append(m.AccessKeys, reportedKeyModel{
			Active: types.BoolPointerValue(k.Active), ChangeDate: reported(k.ChangeDate), LastUsedDate: reported(k.LastUsedDate),
		})
	}
	return m
}

// reported is null for what the report does not say.
func reported(text string) types.String { return base.Text(text, types.StringNull()) }
