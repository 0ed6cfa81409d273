package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ datasource.DataSourceWithConfigure = (*accessKeysDataSource)(nil)

type accessKeysDataSource struct{ base.DataSource }

// NewAccessKeysDataSource gives the data source ram_access_keys.
func NewAccessKeysDataSource() datasource.DataSource { return &accessKeysDataSource{} }

type accessKeysModel struct {
	UserName   types.String     `tfsdk:"user_name"`
	Status     types.String     `tfsdk:"status"`
	AccessKeys []accessKeyEntry `tfsdk:"access_keys"`
}

type accessKeyEntry struct {
	UserName        types.String `tfsdk:"user_name"`
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	Status          types.String `tfsdk:"status"`
	CreateDate      types.String `tfsdk:"create_date"`
	LastUsedDate    types.String `tfsdk:"last_used_date"`
	LastUsedService types.String `tfsdk:"last_used_service"`
}

func (d *accessKeysDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_access_keys"
}

func (d *accessKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Access keys of one RAM user or of all, and when each was last used: to find keys that are old, or that nobody needs. Secrets are not among what RAM tells.\n\n" +
			"It takes one call for each user and one for each key, so for a large account `ram_credential_report` is much cheaper. The keys of the account itself are not included.",
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the user whose keys to read, at most two; the user must exist. When left out, the keys of every user of the account are read.",
				Validators:          []validator.String{base.UserName},
			},
			"status": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "`Active` or `Inactive`, to have only the keys with that status. When left out, both are included.",
				Validators:          []validator.String{base.Status()},
			},
			"access_keys": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The keys, sorted by the user's name and then by age, the oldest first. Empty where there are none.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"user_name": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "Name of the user that the key belongs to.",
					},
					"access_key_id": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "ID of the key, such as `LTAI5tExample`. It is not a secret.",
					},
					"status": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "`Active`, or `Inactive` for a key that is refused but can be turned on again.",
					},
					"create_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the key was made, in UTC, such as `2026-11-22T08:00:00Z`.",
					},
					"last_used_date": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "When the key was last used, in UTC, as far as RAM knows; it may be some two hours behind. Null for a key that was never used.",
					},
					"last_used_service": schema.StringAttribute{
						Computed:            true,
						MarkdownDescription: "The service that the key was last used for, such as `Ecs`. Null for a key that was never used.",
					},
				}},
			},
		},
	}
}

func (d *accessKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model accessKeysModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var keys []ramapi.AccessKeyUse
	var err error
	if model.UserName.IsNull() {
		keys, err = d.Client.AllAccessKeyUses(ctx)
	} else {
		keys, err = d.Client.AccessKeyUses(ctx, model.UserName.ValueString())
	}
	if err != nil {
		whose := "all RAM users"
		if !model.UserName.IsNull() {
			whose = "RAM user " + model.UserName.String()
		}
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the access keys of %s", whose)
		return
	}
	d.AdviseIfRoot(&resp.Diagnostics)
	model.AccessKeys = []accessKeyEntry{}
	for _, k := range keys {
		if status := model.Status; status.IsNull() || status.ValueString() == k.Status {
			model.AccessKeys = append(model.AccessKeys, accessKeyEntry{
				UserName:        types.StringValue(k.UserName),
				AccessKeyID:     types.StringValue(k.ID),
				Status:          types.StringValue(k.Status),
				CreateDate:      types.StringValue(k.CreateDate),
				LastUsedDate:    base.Text(k.LastUsedDate, types.StringNull()),
				LastUsedService: base.Text(k.LastUsedService, types.StringNull()),
			})
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
