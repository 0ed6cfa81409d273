package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/seal"
)

// What becomes of the key before the last turn.
const (
	previousInactive = "inactive"
	previousActive   = "active"
	previousDelete   = "delete"
)

const (
	active   = "Active"
	inactive = "Inactive"
)

// keepSecret puts a secret where the configuration wants it: encrypted, or in
// plain text where there is no recipient. One that cannot be encrypted after all
// is kept in plain text, with an error, rather than lost.
func (m *accessKeyModel) keepSecret(secret string, recipient *seal.Recipient, diags *diag.Diagnostics) {
	m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringValue(secret), types.StringNull(), types.StringNull()
	if recipient == nil {
		return
	}
	sealed, err := recipient.Seal(secret)
	if err != nil {
		diags.AddAttributeError(path.Root("encrypted_secret"), "Unable to encrypt the secret of the access key",
			fmt.Sprintf("%v. It is in the state in plain text now, as access_key_secret, so that it is not lost.", err))
		return
	}
	m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringNull(), types.StringValue(sealed), types.StringValue(recipient.Fingerprint)
}

// turnsFrom reports whether the change from state to the plan is a turn of the
// key. One that only the apply knows is taken for one.
func (m *accessKeyModel) turnsFrom(state accessKeyModel) bool {
	return !m.RotateWhenChanged.IsNull() && !state.RotateWhenChanged.IsNull() && !m.RotateWhenChanged.Equal(state.RotateWhenChanged)
}

// wantedPreviousStatus gives the status that the previous key is to have, empty
// for one that is to be deleted.
func (m *accessKeyModel) wantedPreviousStatus() string {
	switch m.PreviousKey.ValueString() {
	case previousDelete:
		return ""
	case previousActive:
		return active
	}
	return inactive
}

// settle fills in what the plan has left open, for a turn that was not one.
func (m *accessKeyModel) settle(now accessKeyModel) {
	for _, v := range []struct{ planned, now *types.String }{
		{&m.Status, &now.Status}, {&m.AccessKeyID, &now.AccessKeyID}, {&m.CreateDate, &now.CreateDate}, {&m.AccessKeySecret, &now.AccessKeySecret},
		{&m.EncryptedSecret, &now.EncryptedSecret}, {&m.KeyFingerprint, &now.KeyFingerprint},
	} {
		if v.planned.IsUnknown() {
			*v.planned = *v.now
		}
	}
}

// planSecret plans which key there will be, which before it, and where the
// secret goes, and refuses a turn for which the user has no room.
func (r *accessKeyResource) planSecret(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || base.PlansNothing(req) && !r.hasUnsettled(ctx, req) {
		return
	}
	var plan, state accessKeyModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch created := req.State.Raw.IsNull() || len(resp.RequiresReplace) > 0; {
	case created:
		plan.planNewSecret(ctx, &resp.Diagnostics)
		plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	case plan.turnsFrom(state):
		plan.planNewSecret(ctx, &resp.Diagnostics)
		r.checkRoom(ctx, state, &resp.Diagnostics)
		plan.AccessKeyID, plan.CreateDate = types.StringUnknown(), types.StringUnknown()
		if plan.Status.IsUnknown() || r.isUnconfigured(ctx, req, "status") {
			plan.Status = types.StringUnknown() // a new key is active
		}
		plan.planPrevious(state.AccessKeyID)
		if !base.IsWhollyKnown(plan.RotateWhenChanged) { // which may turn out not to have changed
			plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = types.StringUnknown(), types.StringUnknown()
		}
	default:
		plan.planPrevious(state.PreviousAccessKeyID)
		if !plan.IsNone() && !state.AccessKeySecret.IsNull() {
			plan.planNewSecret(ctx, &resp.Diagnostics)
		}
	}
	if plan.AccessKeySecret.IsUnknown() {
		r.Advise(&resp.Diagnostics, path.Root("access_key_secret"), "The secret will be in the state in plain text",
			fmt.Sprintf("Whoever can read the state can act as RAM user %s. Set pgp_key or age_recipients to have the secret encrypted, "+
				"or give the program a role instead of a key. Otherwise store the state encrypted, and let few people read it.", plan.UserName))
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// hasUnsettled reports whether the previous key is not as it is to be, although
// nothing has changed in the configuration: a turn that failed half way, or
// somebody else.
func (r *accessKeyResource) hasUnsettled(ctx context.Context, req resource.ModifyPlanRequest) bool {
	var state accessKeyModel
	diags := req.State.Get(ctx, &state)
	return !diags.HasError() && !state.PreviousAccessKeyID.IsNull() && state.PreviousAccessKeyStatus.ValueString() != state.wantedPreviousStatus()
}

func (r *accessKeyResource) isUnconfigured(ctx context.Context, req resource.ModifyPlanRequest, attribute string) bool {
	var value types.String
	diags := req.Config.GetAttribute(ctx, path.Root(attribute), &value)
	return !diags.HasError() && value.IsNull()
}

// planNewSecret plans where the secret of a key that is made now goes.
func (m *accessKeyModel) planNewSecret(ctx context.Context, diags *diag.Diagnostics) {
	m.Recipient(ctx, diags)
	if m.IsNone() {
		m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringUnknown(), types.StringNull(), types.StringNull()
		return
	}
	m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringNull(), types.StringUnknown(), types.StringUnknown()
	if m.PGPKey.IsUnknown() || m.AgeRecipients.IsUnknown() { // which may turn out to be null
		m.AccessKeySecret = types.StringUnknown()
	}
}

// planPrevious plans what becomes of the key with that id, null for none.
func (m *accessKeyModel) planPrevious(id types.String) {
	wanted := m.wantedPreviousStatus()
	if id.IsNull() || wanted == "" {
		m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
		return
	}
	m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = id, types.StringValue(wanted)
	if m.PreviousKey.IsUnknown() {
		m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = types.StringUnknown(), types.StringUnknown()
	}
}

// checkRoom refuses a turn of a user who has a key that is not this resource's:
// RAM has no room for a third. It returns false after adding an error.
func (r *accessKeyResource) checkRoom(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) bool {
	if r.Client == nil {
		return true
	}
	keys, err := r.Client.AccessKeys(ctx, state.UserName.ValueString())
	if err != nil {
		base.AddErrorf(diags, err, "Unable to list the access keys of RAM user %s", state.UserName)
		return false
	}
	for _, k := range keys {
		if k.ID != state.AccessKeyID.ValueString() && k.ID != state.PreviousAccessKeyID.ValueString() {
			diags.AddAttributeError(path.Root("rotate_when_changed"), fmt.Sprintf("RAM user %s has no room for another access key", state.UserName),
				fmt.Sprintf("A user has at most two, and beside %s of this resource there is %s. Nothing was changed. Delete that one if no program uses it and no other resource manages it; "+
					"where an earlier turn was killed before it ended, nobody has its secret.", state.AccessKeyID.ValueString(), k))
			return false
		}
	}
	return true
}

// turn makes a new key. The key before the last goes first, for RAM has room for
// two only, and the last one stays as it is until the new one is in the state:
// where a call fails there is always a key that works and whose secret is known.
func (r *accessKeyResource) turn(ctx context.Context, plan, state accessKeyModel, resp *resource.UpdateResponse) {
	recipient, _ := plan.Recipient(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !r.checkRoom(ctx, state, &resp.Diagnostics) {
		return
	}
	if !r.deletePrevious(ctx, state, &resp.Diagnostics) {
		return
	}
	state.PreviousAccessKeyID, state.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	user := ramapi.Principal{Kind: ramapi.KindUser, Name: state.UserName.ValueString(), ID: state.UserID.ValueString()}
	key, err := r.Client.CreateAccessKey(ctx, user.Name)
	if err != nil {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, recycledKeysCount(ctx, r.Client, err, user), "Unable to create the next access key of RAM user %s", state.UserName)
		return
	}
	wanted := plan.Status
	made := plan
	made.UserID = state.UserID
	made.PreviousAccessKeyID, made.PreviousAccessKeyStatus = state.AccessKeyID, state.Status
	made.fromAPI(key.AccessKey)
	made.keepSecret(key.Secret, recipient, &resp.Diagnostics)
	// The secret cannot be had again, so it goes to the state before another call.
	resp.Diagnostics.Append(resp.State.Set(ctx, made)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, made.identity())...)
	if resp.Diagnostics.HasError() || !r.settlePrevious(ctx, plan, &made, resp) {
		return
	}
	if !wanted.IsUnknown() && !wanted.Equal(made.Status) {
		if err := r.Client.SetAccessKeyStatus(ctx, user.Name, key.ID, wanted.ValueString()); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to make the new access key %s of RAM user %s %s", key.ID, plan.UserName, wanted.ValueString())
			return
		}
		made.Status = wanted
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, made)...)
}

// settlePrevious does with the previous key what the plan wants, and notes it in
// the state. It returns false after adding an error.
func (r *accessKeyResource) settlePrevious(ctx context.Context, plan accessKeyModel, state *accessKeyModel, resp *resource.UpdateResponse) bool {
	id, wanted := state.PreviousAccessKeyID, plan.wantedPreviousStatus()
	switch {
	case id.IsNull() || state.PreviousAccessKeyStatus.ValueString() == wanted:
		return true
	case wanted == "":
		if !r.deletePrevious(ctx, *state, &resp.Diagnostics) {
			return false
		}
		state.PreviousAccessKeyID, state.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	default:
		if wanted == inactive && r.RefuseOwnKey(ctx, "Turning off", id.ValueString(), &resp.Diagnostics) {
			return false
		}
		err := r.Client.SetAccessKeyStatus(ctx, state.UserName.ValueString(), id.ValueString(), wanted)
		if err != nil && !ramapi.IsNotFound(err) {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to make the previous access key %s of RAM user %s %s", id.ValueString(), state.UserName, wanted)
			return false
		}
		state.PreviousAccessKeyStatus = types.StringValue(wanted)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	return true
}

// deletePrevious deletes the previous key, if there is one. It returns false
// after adding an error.
func (r *accessKeyResource) deletePrevious(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) bool {
	id := state.PreviousAccessKeyID
	if id.IsNull() {
		return true
	}
	if r.RefuseOwnKey(ctx, "Deleting", id.ValueString(), diags) {
		return false
	}
	if err := r.Client.DeleteAccessKey(ctx, state.UserName.ValueString(), id.ValueString()); err != nil && !ramapi.IsNotFound(err) {
		base.AddAdvisedErrorf(diags, err, noRoomInKeyBin(ctx, r.Client, err, state.UserID.ValueString()), "Unable to delete the previous access key %s of RAM user %s", id.ValueString(), state.UserName)
		return false
	}
	return true
}

// refreshPrevious looks what the previous key is like, or whether it is gone.
func (r *accessKeyResource) refreshPrevious(ctx context.Context, m *accessKeyModel) error {
	if m.PreviousAccessKeyID.IsNull() {
		return nil
	}
	key, err := r.Client.AccessKey(ctx, m.UserName.ValueString(), m.PreviousAccessKeyID.ValueString())
	if ramapi.IsNotFound(err) {
		m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
		return nil
	}
	if err == nil {
		m.PreviousAccessKeyStatus = types.StringValue(key.Status)
	}
	return err
}
