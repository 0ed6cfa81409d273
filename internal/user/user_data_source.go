package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*userDataSource)(nil)

type userDataSource struct{ base.DataSource }

// NewDataSource gives the data source ram_user.
func NewDataSource() datasource.DataSource { return &userDataSource{} }

// userRow is a user as data sources show it.
type userRow struct {
	Name              types.String      `tfsdk:"name"`
	DisplayName       types.String      `tfsdk:"display_name"`
	Email             types.String      `tfsdk:"email"`
	MobilePhone       types.String      `tfsdk:"mobile_phone"`
	Comments          types.String      `tfsdk:"comments"`
	Tags              map[string]string `tfsdk:"tags"`
	UserID            types.String      `tfsdk:"user_id"`
	ARN               types.String      `tfsdk:"arn"`
	UserPrincipalName types.String      `tfsdk:"user_principal_name"`
	Frozen            types.Bool        `tfsdk:"frozen"`
	ProvisionType     types.String      `tfsdk:"provision_type"`
	CreateDate        types.String      `tfsdk:"create_date"`
	UpdateDate        types.String      `tfsdk:"update_date"`
	LastLoginDate     types.String      `tfsdk:"last_login_date"`
}

func (d *userDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_user"
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userRowAttributes()
	attributes["name"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "Name of the user. Give either this or `user_id`.",
		Validators:          []validator.String{base.UserName, stringvalidator.ExactlyOneOf(path.MatchRoot("user_id"))},
	}
	attributes["user_id"] = schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "ID of the user, which no rename changes. Give either this or `name`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One RAM user, by name or by ID. It is an error if there is no such user; `ram_users` gives an empty list then.",
		Attributes:          attributes,
	}
}

func userRowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name of the user.",
		},
		"display_name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name shown in the console; null where there is none.",
		},
		"email": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "E-mail address of the person, which only accounts of the China site hold; null where there is none.",
		},
		"mobile_phone": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Phone number of the person, which only accounts of the China site hold; null where there is none.",
		},
		"comments": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "What the user is for; null where nothing is said.",
		},
		"tags": base.ShownTagsAttribute("user"),
		"user_id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "ID of the user, which no rename changes.",
		},
		"arn": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "ARN of the user, `acs:ram::<account>:user/<name>`.",
		},
		"user_principal_name": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Name that the user logs on with, `<name>@<default domain of the account>`.",
		},
		"frozen": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the user is frozen, by `frozen` of `ram_user` or by the action `ram_freeze_user`.",
		},
		"provision_type": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Where the user comes from: `Manual`, `SCIM` or `CloudSSO`; null where the service does not say.",
		},
		"create_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the user was created, in UTC, such as `2026-11-22T08:00:00Z`.",
		},
		"update_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the user was last changed, in UTC.",
		},
		"last_login_date": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the user last logged on to the console, in UTC; null where it never has.",
		},
	}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config userRow
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	given := config.Name
	if given.IsNull() {
		given = config.UserID
	}
	u, err := d.Client.CurrentUser(ctx, config.Name.ValueString(), config.UserID.ValueString())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM user %s", given)
		return
	}
	row, err := userRowFrom(ctx, d.Client, u)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM user %s", given)
		return
	}
	if !config.Name.IsNull() {
		row.Name = config.Name // which RAM may spell otherwise
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, row)...)
}

func userRowFrom(ctx context.Context, client *ramapi.Client, u ramapi.User) (userRow, error) {
	arn, err := client.UserARN(ctx, u.Name)
	if err != nil {
		return userRow{}, err
	}
	principalName, err := client.UserPrincipalName(ctx, u.Name)
	return userRow{
		Name:              types.StringValue(u.Name),
		DisplayName:       base.Text(u.DisplayName, types.StringNull()),
		Email:             base.Text(u.Email, types.StringNull()),
		MobilePhone:       base.Text(u.MobilePhone, types.StringNull()),
		Comments:          base.Text(u.Comments, types.StringNull()),
		Tags:              base.ShownTags(u.Tags),
		UserID:            types.StringValue(u.ID),
		ARN:               types.StringValue(arn),
		UserPrincipalName: types.StringValue(principalName),
		Frozen:            types.BoolValue(u.Freeze != nil),
		ProvisionType:     base.Text(u.ProvisionType, types.StringNull()),
		CreateDate:        types.StringValue(u.CreateDate),
		UpdateDate:        types.StringValue(u.UpdateDate),
		LastLoginDate:     base.Text(u.LastLoginDate, types.StringNull()),
	}, err
}
