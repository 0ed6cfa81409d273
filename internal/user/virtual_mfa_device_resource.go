package user

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*virtualMFADeviceResource)(nil)
	_ resource.ResourceWithIdentity    = (*virtualMFADeviceResource)(nil)
	_ resource.ResourceWithImportState = (*virtualMFADeviceResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*virtualMFADeviceResource)(nil)
)

type virtualMFADeviceResource struct{ base.Resource }

// NewVirtualMFADeviceResource gives the resource ram_virtual_mfa_device.
func NewVirtualMFADeviceResource() resource.Resource { return &virtualMFADeviceResource{} }

type virtualMFADeviceModel struct {
	Name             types.String `tfsdk:"name"`
	UserName         types.String `tfsdk:"user_name"`
	UserID           types.String `tfsdk:"user_id"`
	SerialNumber     types.String `tfsdk:"serial_number"`
	Base32StringSeed types.String `tfsdk:"base32_string_seed"`
	QRCodePNG        types.String `tfsdk:"qr_code_png"`
	ActivateDate     types.String `tfsdk:"activate_date"`

	base.Sealing
	EncryptedBase32StringSeed types.String `tfsdk:"encrypted_base32_string_seed"`
	KeyFingerprint            types.String `tfsdk:"key_fingerprint"`
}

func (r *virtualMFADeviceResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_virtual_mfa_device"
}

func (r *virtualMFADeviceResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	pgpKey, ageRecipients := base.SealingAttributes("seed of the device", "encrypted_base32_string_seed")
	resp.Schema = schema.Schema{
		MarkdownDescription: "A virtual MFA device: the seed of the six-digit codes that an app shows, and the user who logs on with them. Other devices are left alone. Give the " +
			"person `qr_code_png` to scan, or `base32_string_seed` to type; or `encrypted_base32_string_seed`, which they decrypt and type. With `user_name` the " +
			"device is bound at once, with codes that the provider computes.\n\n" +
			"~> **Where the seed is kept:** with `pgp_key` or `age_recipients` only in `encrypted_base32_string_seed`, for those whom it is encrypted for. " +
			"Otherwise **in the state in plain text**, as text and as a picture: whoever can read the state has the second factor." +
			base.Traps(
				"RAM tells the seed only when the device is made. So an imported device has none and cannot be bound here, and one whose seed is encrypted can be "+
					"bound only when it is made. A device whose seed was lost on the way is deleted and made anew.",
				"RAM may refuse codes that it has seen before: a device that was bound less than a minute ago is then bound to another user after up to a minute.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the device, 1 to 64 letters, digits, `.` and `-`. It cannot be changed: another name is another device, with another seed.",
				Validators:          []validator.String{base.MFADeviceName},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"user_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the user that the device is bound to; a user has at most one MFA device. It can be changed in place, unless the seed is encrypted: the device stays with a user who is renamed, " +
					"and is taken from one and bound to another. Bound to nobody when left out: a device that was bound elsewhere is then unbound.",
				Validators: []validator.String{base.UserName},
			},
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user that the device is bound to, which no rename changes. Null while it is bound to nobody.",
			},
			"serial_number": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Serial number of the device, `acs:ram::<account>:mfa/<name>`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"base32_string_seed": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "Seed of the codes, in base32, as an app takes it, **in the state in plain text**. Null where it is encrypted, and for an imported device.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"qr_code_png": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "Seed of the codes as the picture of a QR code, a data URL that begins with `data:image/png;base64,`, **in the state in plain text**. Null where the seed is encrypted, and for an imported device.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"pgp_key":        pgpKey,
			"age_recipients": ageRecipients,
			"encrypted_base32_string_seed": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Seed of the codes, in base32, encrypted: for `pgp_key` as the base64 of a binary message, for `age_recipients` as an armored file. " +
					"`terraform output -raw NAME | base64 --decode | gpg --decrypt` or `terraform output -raw NAME | age --decrypt -i KEY` shows it. Null where it is not encrypted, and for an imported device.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"key_fingerprint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Fingerprint of the PGP key, or the age recipients, that `encrypted_base32_string_seed` is encrypted for. Null where it is not encrypted.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"activate_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the device was bound, in UTC, such as `2026-11-22T08:00:00Z`. Null while it is bound to nobody, and until RAM shows the date.",
			},
		},
	}
}

func (r *virtualMFADeviceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"serial_number": identityschema.StringAttribute{RequiredForImport: true, Description: "Serial number of the device."},
	}}
}

func (r *virtualMFADeviceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan virtualMFADeviceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	recipient, _ := plan.Recipient(ctx, &resp.Diagnostics)
	user, ok := r.findUser(ctx, plan.UserName, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !ok || user.ID != "" && !r.checkFree(ctx, user, "", &resp.Diagnostics) {
		return
	}
	d, err := r.Client.CreateVirtualMFADevice(ctx, plan.Name.ValueString())
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_virtual_mfa_device", plan.Name.ValueString(), "Unable to create virtual MFA device %s", plan.Name)
		return
	}
	plan.keepSeed(d, recipient, &resp.Diagnostics)
	plan.fromAPI(d)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	// The seed cannot be had again, so it goes to the state before another call.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("serial_number"), plan.SerialNumber)...)
	r.AdviseIfRoot(&resp.Diagnostics)
	if user.ID != "" && r.bind(ctx, &plan, d.Seed, user, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

func (r *virtualMFADeviceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state virtualMFADeviceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	createDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("serial_number"), state.SerialNumber)...)
	r.Client.Recall(ramapi.KindMFADevice, state.SerialNumber.ValueString(), createDate)
	d, err := r.Client.VirtualMFADevice(ctx, state.SerialNumber.ValueString())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read virtual MFA device %s", state.Name)
		return
	}
	state.fromAPI(d)
	r.AdviseIfRoot(&resp.Diagnostics)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *virtualMFADeviceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state virtualMFADeviceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("serial_number"), state.SerialNumber)...)
	before := state // with the seed, if it is known
	state.Sealing = plan.Sealing
	if !state.encryptSeed(ctx, &resp.Diagnostics) {
		return
	}
	user, ok := r.findUser(ctx, plan.UserName, &resp.Diagnostics)
	if !ok {
		return
	}
	if user.ID == state.UserID.ValueString() { // who has merely another name now
		state.UserName = plan.UserName
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	if user.ID != "" && (!before.checkSeed(&resp.Diagnostics) || !r.checkFree(ctx, user, state.SerialNumber.ValueString(), &resp.Diagnostics)) {
		return
	}
	if err := r.release(ctx, state); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to unbind virtual MFA device %s from RAM user %s", state.Name, state.UserName)
		return
	}
	state.UserName, state.UserID, state.ActivateDate = types.StringNull(), types.StringNull(), types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	if user.ID != "" && r.bind(ctx, &state, before.Base32StringSeed.ValueString(), user, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

func (r *virtualMFADeviceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state virtualMFADeviceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.release(ctx, state)
	if err == nil {
		err = r.Client.DeleteVirtualMFADevice(ctx, state.SerialNumber.ValueString())
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete virtual MFA device %s", state.Name)
	}
}

// importedMFADevice is a serial number, or a name alone.
var importedMFADevice = regexp.MustCompile(`^(acs:ram::[0-9]+:mfa/)?([A-Za-z0-9.-]{1,64})$`)

func (r *virtualMFADeviceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	serialNumber := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("serial_number"), &serialNumber)...)
	}
	parts := importedMFADevice.FindStringSubmatch(serialNumber.ValueString())
	if parts == nil {
		resp.Diagnostics.AddError("Invalid import ID",
			fmt.Sprintf("%s is neither the serial number of a virtual MFA device, such as acs:ram::1234567890123456:mfa/alice, nor its name.", serialNumber))
		return
	}
	if prefix, name := parts[1], parts[2]; prefix == "" {
		full, err := r.Client.MFADeviceSerialNumber(ctx, name)
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the serial number of virtual MFA device %s", serialNumber)
			return
		}
		serialNumber = types.StringValue(full)
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("serial_number"), serialNumber)...)
	if resp.Identity != nil {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("serial_number"), serialNumber)...)
	}
}

// ModifyPlan plans what a changed user_name means: nothing on the service where
// the user is renamed, and otherwise a device that is unbound, bound, or both.
// It plans for whom the seed of a new device is encrypted, too.
func (r *virtualMFADeviceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state virtualMFADeviceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	userID, activateDate := types.StringUnknown(), types.StringUnknown()
	switch {
	case plan.UserName.IsNull():
		userID, activateDate = types.StringNull(), types.StringNull()
	case plan.UserName.IsUnknown() || !plan.Name.Equal(state.Name): // only the apply knows, or the device is a new one
	default:
		same, err := r.IsRename(ctx, ramapi.Principal{Kind: ramapi.KindUser, Name: plan.UserName.ValueString(), ID: state.UserID.ValueString()})
		switch {
		case err != nil:
			base.AddAttributeErrorf(&resp.Diagnostics, path.Root("user_name"), err, "Unable to look for RAM user %s", plan.UserName)
			return
		case same:
			userID, activateDate = state.UserID, state.ActivateDate
		case !state.checkSeed(&resp.Diagnostics):
			return
		}
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("user_id"), userID)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("activate_date"), activateDate)...)
	switch {
	case req.State.Raw.IsNull(), !plan.IsNone() && !state.Base32StringSeed.IsNull():
		r.planSeed(ctx, plan, resp)
	case !plan.PGPKey.Equal(state.PGPKey) || !plan.AgeRecipients.Equal(state.AgeRecipients):
		plan.Recipient(ctx, &resp.Diagnostics) // a bad key is refused now, not when it is needed
	}
}

// findUser gives the user that a device is to be bound to, nobody for no name.
// It returns false after adding an error.
func (r *virtualMFADeviceResource) findUser(ctx context.Context, name types.String, diags *diag.Diagnostics) (ramapi.Principal, bool) {
	if name.IsNull() {
		return ramapi.Principal{}, true
	}
	return r.FindOwner(ctx, userOwner, name, types.StringNull(), diags)
}

// checkFree refuses to bind a device to a user who has another one. It returns
// false after adding an error.
func (r *virtualMFADeviceResource) checkFree(ctx context.Context, user ramapi.Principal, serialNumber string, diags *diag.Diagnostics) bool {
	other, err := r.Client.OtherMFADevice(ctx, user.Name, serialNumber)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to learn which MFA device RAM user %q has", user.Name)
		return false
	}
	if other != "" {
		diags.AddAttributeError(path.Root("user_name"), fmt.Sprintf("RAM user %q has another MFA device", user.Name),
			fmt.Sprintf("A user has at most one MFA device, and %q has %s. Nothing was changed. Unbind that one first; where it is a resource of this configuration, "+
				"apply once without it, or without its user_name.", user.Name, other))
	}
	return other == ""
}

// checkSeed refuses to bind a device whose seed is not known. It returns false
// after adding an error.
func (m *virtualMFADeviceModel) checkSeed(diags *diag.Diagnostics) bool {
	switch {
	case !m.EncryptedBase32StringSeed.IsNull():
		diags.AddAttributeError(path.Root("user_name"), "An MFA device whose seed is encrypted cannot be bound again",
			fmt.Sprintf("Binding takes codes of the device, and the seed that they come from is known only to those whom that of %s is encrypted for. "+
				"Nothing was changed. Either bind the device in another way and give the name of its user here, or have a new one made with -replace.", m.Name))
		return false
	case m.Base32StringSeed.IsNull():
		diags.AddAttributeError(path.Root("user_name"), "An imported MFA device cannot be bound",
			fmt.Sprintf("Binding takes codes of the device, and RAM tells the seed that they come from only when a device is made: that of %s, which was imported, is not known. "+
				"Nothing was changed. Either bind the device in another way and give the name of its user here, or have a new one made with -replace.", m.Name))
		return false
	}
	return true
}

// bind binds the device, and fills in to whom. It returns false after adding an
// error.
func (r *virtualMFADeviceResource) bind(ctx context.Context, m *virtualMFADeviceModel, seed string, to ramapi.Principal, diags *diag.Diagnostics) bool {
	d, err := r.Client.BindMFADevice(ctx, m.SerialNumber.ValueString(), seed, to)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to bind virtual MFA device %s to RAM user %q", m.Name, to.Name)
		return false
	}
	m.fromAPI(d)
	return true
}

// release unbinds the device from the user that the state knows of. Whoever else
// has it keeps it, and so does a user whose device is another one by now. The
// error is IsNotFound where the device is gone.
func (r *virtualMFADeviceResource) release(ctx context.Context, state virtualMFADeviceModel) error {
	d, err := r.Client.VirtualMFADevice(ctx, state.SerialNumber.ValueString())
	if err != nil || d.UserID == "" {
		return err
	}
	if d.UserID != state.UserID.ValueString() {
		return fmt.Errorf("it is bound to RAM user %q now, which was not known when this was planned. Nothing was changed; plan again", d.UserName)
	}
	user, err := r.Client.Find(ctx, ramapi.Principal{Kind: ramapi.KindUser, Name: d.UserName, ID: d.UserID})
	if err == nil {
		err = r.Client.UnbindMFADevice(ctx, user.Name, d.SerialNumber)
	}
	if ramapi.IsNotFound(err) {
		return nil // the user is gone, or was freed of it meanwhile
	}
	return err
}

// fromAPI leaves the seed alone: RAM tells it only once.
func (m *virtualMFADeviceModel) fromAPI(d ramapi.VirtualMFADevice) {
	m.Name = types.StringValue(d.Name())
	m.SerialNumber = types.StringValue(d.SerialNumber)
	m.UserName, m.UserID, m.ActivateDate = orNull(d.UserName), orNull(d.UserID), orNull(d.ActivateDate)
}

func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
