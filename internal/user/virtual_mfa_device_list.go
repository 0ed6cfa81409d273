package user

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*virtualMFADeviceResource)(nil)

// NewVirtualMFADeviceListResource gives the list resource ram_virtual_mfa_device.
func NewVirtualMFADeviceListResource() list.ListResource { return &virtualMFADeviceResource{} }

type virtualMFADeviceListModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
	UserName  types.String `tfsdk:"user_name"`
}

func (r *virtualMFADeviceResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The virtual MFA devices of the account, or those that fit everything that is given. Their seeds are not among what RAM tells.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.ListNameRegexAttribute("devices"),
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of a user: only the device that is bound to this one. Any devices, those bound to nobody too, when it is left out.",
				Validators:          []validator.String{base.UserName},
			},
		},
	}
}

func (r *virtualMFADeviceResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config virtualMFADeviceListModel
	if base.ListConfig(ctx, req, stream, &config) {
		base.List(ctx, req, stream, r, "the virtual MFA devices", r.find(ctx, config))
	}
}

func (r *virtualMFADeviceResource) find(ctx context.Context, config virtualMFADeviceListModel) iter.Seq2[base.Found, error] {
	matches := base.MatchesName(config.NameRegex)
	return func(yield func(base.Found, error) bool) {
		devices, err := r.Client.ReadMFADevices(ctx)
		if err != nil {
			yield(base.Found{}, err)
			return
		}
		for _, d := range devices {
			if !matches(d.Name()) || !config.UserName.IsNull() && d.UserName != config.UserName.ValueString() {
				continue
			}
			if !yield(base.Found{DisplayName: d.Name(), Identity: base.Identity{"serial_number": d.SerialNumber}}, nil) {
				return
			}
		}
	}
}
