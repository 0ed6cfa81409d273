package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/seal"
)

// planSeed plans where the seed is kept, of a new device or of one that there is
// a recipient for now, and advises against plain text.
func (r *virtualMFADeviceResource) planSeed(ctx context.Context, plan virtualMFADeviceModel, resp *resource.ModifyPlanResponse) {
	recipient, known := plan.Recipient(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	null, unknown := types.StringNull(), types.StringUnknown()
	seed, encrypted, fingerprint := unknown, unknown, unknown
	switch {
	case recipient != nil:
		seed, fingerprint = null, types.StringValue(recipient.Fingerprint)
	case known:
		encrypted, fingerprint = null, null
		r.Advise(&resp.Diagnostics, path.Root("base32_string_seed"), "The seed of an MFA device in plain text in the state",
			fmt.Sprintf("The seed of %s will be kept in the state, as base32_string_seed and qr_code_png, for whoever can read that: they have the second factor of its user. "+
				"Give pgp_key or age_recipients, so that it is only there encrypted.", plan.Name))
	}
	for name, value := range map[string]types.String{
		"base32_string_seed": seed, "qr_code_png": seed, "encrypted_base32_string_seed": encrypted, "key_fingerprint": fingerprint,
	} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), value)...)
	}
}

// keepSeed fills in what the state keeps of the seed of a new device: that
// itself, as text and as a picture, where there is no recipient.
func (m *virtualMFADeviceModel) keepSeed(d ramapi.VirtualMFADevice, recipient *seal.Recipient, diags *diag.Diagnostics) {
	m.Base32StringSeed, m.QRCodePNG = types.StringNull(), types.StringNull()
	m.EncryptedBase32StringSeed, m.KeyFingerprint = types.StringNull(), types.StringNull()
	if recipient == nil {
		m.Base32StringSeed = types.StringValue(d.Seed)
		m.QRCodePNG = types.StringValue("data:image/png;base64," + d.QRCodePNG)
		return
	}
	sealed, err := recipient.Seal(d.Seed)
	if err != nil {
		diags.AddError(fmt.Sprintf("Unable to encrypt the seed of virtual MFA device %s", m.Name), err.Error()+".")
		return
	}
	m.EncryptedBase32StringSeed, m.KeyFingerprint = types.StringValue(sealed), types.StringValue(recipient.Fingerprint)
}

// encryptSeed encrypts a seed that the state has in plain text, where there is a
// recipient now. It returns false after adding an error.
func (m *virtualMFADeviceModel) encryptSeed(ctx context.Context, diags *diag.Diagnostics) bool {
	recipient, _ := m.Recipient(ctx, diags)
	if recipient == nil || m.Base32StringSeed.IsNull() {
		return !diags.HasError()
	}
	m.keepSeed(ramapi.VirtualMFADevice{Seed: m.Base32StringSeed.ValueString()}, recipient, diags)
	return !diags.HasError()
}
