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

var rotateAt = path.Root("rotate_when_changed")

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

// planSecret plans which key there will be, which before it, and where the
// secret goes, and refuses a turn for which the user has no room.
func (r *accessKeyResource) planSecret(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	// What is to be replaced is planned once more, as something new.
	if req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0 {
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
	before := plan
	switch {
	case req.State.Raw.IsNull():
		r.planNewSecret(ctx, &plan, &resp.Diagnostics)
		plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	case plan.turnsFrom(state):
		r.planTurn(ctx, &plan, state, req, &resp.Diagnostics)
	default:
		plan.planPrevious(state)
		plan.planSealing(ctx, state, &resp.Diagnostics)
	}
	if !base.Unchanged(before, plan) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planNewSecret plans where the secret of a key that is made now goes, and gives
// an advisory where that is the state, in plain text.
func (r *accessKeyResource) planNewSecret(ctx context.Context, plan *accessKeyModel, diags *diag.Diagnostics) {
	plan.planRecipient(ctx, diags)
	if plan.IsNone() {
		r.Advise(diags, path.Root("access_key_secret"), "The secret will be in the state in plain text",
			"Whoever can read the state can act as the user of the key. Set pgp_key or age_recipients to have the secret encrypted, "+
				"or give the program a role instead of a key. Otherwise store the state encrypted, and let few people read it.")
	}
}

// planRecipient plans where a secret goes. A recipient that it cannot be
// encrypted to is an error.
func (m *accessKeyModel) planRecipient(ctx context.Context, diags *diag.Diagnostics) {
	recipient, _ := m.Recipient(ctx, diags)
	switch {
	case m.IsNone():
		m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringUnknown(), types.StringNull(), types.StringNull()
	case m.PGPKey.IsUnknown() || m.AgeRecipients.IsUnknown(): // which may turn out to be null
		m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	default:
		m.AccessKeySecret, m.EncryptedSecret, m.KeyFingerprint = types.StringNull(), types.StringUnknown(), types.StringUnknown()
	}
	if recipient != nil {
		m.KeyFingerprint = types.StringValue(recipient.Fingerprint)
	}
}

// planSealing plans what becomes of a secret that there is already: one in plain
// text is encrypted where the configuration now says for whom. Another recipient
// is merely looked at, lest it is found to be of no use only at the next turn.
func (m *accessKeyModel) planSealing(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) {
	switch {
	case !m.IsNone() && !state.AccessKeySecret.IsNull():
		m.planRecipient(ctx, diags)
	case !base.Unchanged(state.Sealing, m.Sealing):
		m.Recipient(ctx, diags)
	}
}

// sealKept encrypts a secret that the state has in plain text, where the plan
// says for whom. It returns false after adding an error.
func (m *accessKeyModel) sealKept(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) bool {
	if m.IsNone() || state.AccessKeySecret.IsNull() {
		return true
	}
	recipient, _ := m.Recipient(ctx, diags)
	if !diags.HasError() {
		m.keepSecret(state.AccessKeySecret.ValueString(), recipient, diags)
	}
	return !diags.HasError()
}

// planTurn plans another key, before which the present one becomes the previous.
func (r *accessKeyResource) planTurn(ctx context.Context, plan *accessKeyModel, state accessKeyModel, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	var status types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("status"), &status)...)
	if status.IsNull() {
		plan.Status = types.StringUnknown() // a new key is active, whatever this one is
	}
	plan.AccessKeyID, plan.CreateDate, plan.EffectiveStatus = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	certain := base.IsWhollyKnown(plan.RotateWhenChanged)
	if certain {
		r.planNewSecret(ctx, plan, diags)
		plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = state.AccessKeyID, state.Status
	} else { // it may turn out that nothing has changed
		plan.Recipient(ctx, diags)
		plan.AccessKeySecret, plan.EncryptedSecret, plan.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = types.StringUnknown(), types.StringUnknown()
	}
	// A plan reads before it plans. In an apply the user may have another name by
	// now, and turn looks for itself.
	if r.Client == nil || !r.Client.HasRefreshed() {
		return
	}
	other, err := r.otherKey(ctx, state)
	switch {
	case err != nil:
		base.AddErrorf(diags, err, "Unable to list the access keys of RAM user %s", state.UserName)
	case other != "" && certain:
		diags.AddAttributeError(rotateAt, noRoomFor(state), otherKeyAdvice(state, other))
	case other != "":
		diags.AddAttributeWarning(rotateAt, noRoomFor(state), otherKeyAdvice(state, other))
	}
}

// turns reports whether a plan turns the key: only then is the id of one that
// exists unknown.
func turns(ctx context.Context, resp *resource.ModifyPlanResponse) bool {
	var id types.String
	diags := resp.Plan.GetAttribute(ctx, path.Root("access_key_id"), &id)
	return !diags.HasError() && id.IsUnknown()
}

// planPrevious plans what becomes of the previous key between turns. It is left
// as it is while the key itself is off, for a program may have gone back to it,
// and is turned on only when previous_key becomes active: whoever turned it off
// elsewhere had a reason.
func (m *accessKeyModel) planPrevious(state accessKeyModel) {
	m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = state.PreviousAccessKeyID, state.PreviousAccessKeyStatus
	switch wanted := m.PreviousKey.ValueString(); {
	case state.PreviousAccessKeyID.IsNull():
	case m.PreviousKey.IsUnknown() || m.Status.IsUnknown():
		m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = types.StringUnknown(), types.StringUnknown()
	case wanted == previousActive:
		if !m.PreviousKey.Equal(state.PreviousKey) {
			m.PreviousAccessKeyStatus = types.StringValue(ramapi.Active)
		}
	case m.Status.ValueString() != ramapi.Active:
	case wanted == previousDelete:
		m.PreviousAccessKeyID, m.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	default:
		m.PreviousAccessKeyStatus = types.StringValue(ramapi.Inactive)
	}
}

// otherKey gives a key that the user has and this resource does not know of, in
// words; empty where there is none.
func (r *accessKeyResource) otherKey(ctx context.Context, state accessKeyModel) (string, error) {
	keys, err := r.Client.AccessKeys(ctx, state.UserName.ValueString())
	for _, k := range keys {
		if k.ID != state.AccessKeyID.ValueString() && k.ID != state.PreviousAccessKeyID.ValueString() {
			return k.String(), nil
		}
	}
	return "", err
}

func noRoomFor(state accessKeyModel) string {
	return fmt.Sprintf("RAM user %s has no room for another access key", state.UserName)
}

func otherKeyAdvice(state accessKeyModel, other string) string {
	return fmt.Sprintf("A user has at most two access keys, and beside %s of this resource there is %s. Nothing was changed, and nothing of what is not managed here is deleted. "+
		"Delete that key if no program uses it and no other resource manages it. Where an earlier apply was killed while it made the next key, this is that one, and nobody has its secret.",
		state.AccessKeyID.ValueString(), other)
}

// turn makes the next key. The one before the present goes first, for RAM has
// room for two only; the present one stays as it is, and becomes the previous.
// What is to become of that is for the next apply: only then is the new secret
// certain to be in the state, and with whatever takes it from there. So a failure
// at any point, even of Terraform itself, leaves a key that works and whose
// secret is known.
func (r *accessKeyResource) turn(ctx context.Context, plan, state accessKeyModel, resp *resource.UpdateResponse) {
	recipient, _ := plan.Recipient(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	switch other, err := r.otherKey(ctx, state); {
	case err != nil:
		base.AddErrorf(&resp.Diagnostics, err, "Unable to list the access keys of RAM user %s", state.UserName)
		return
	case other != "":
		resp.Diagnostics.AddAttributeError(rotateAt, noRoomFor(state), otherKeyAdvice(state, other))
		return
	}
	if !r.deletePrevious(ctx, state, &resp.Diagnostics) {
		return
	}
	state.PreviousAccessKeyID, state.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	user := state.owner()
	key, err := r.Client.CreateAccessKey(ctx, user.Name)
	if err != nil {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, recycledKeysCount(ctx, r.Client, err, user), "Unable to create the next access key of RAM user %s", state.UserName)
		return
	}
	wanted := plan.Status
	plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = state.AccessKeyID, state.Status
	plan.fromAPI(key.AccessKey)
	plan.keepSecret(key.Secret, recipient, &resp.Diagnostics)
	// The secret cannot be had again, so it goes to the state before another call.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	if !r.settleStatus(ctx, user.Name, wanted, &plan, &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	plan.sayWhatIsLeft(&resp.Diagnostics)
}

// sayWhatIsLeft warns that a turn takes another apply, where it does.
func (m *accessKeyModel) sayWhatIsLeft(diags *diag.Diagnostics) {
	next := *m
	next.planPrevious(*m)
	fate := "turns it off"
	switch {
	case next.PreviousAccessKeyID.IsNull():
		fate = "deletes it"
	case next.PreviousAccessKeyStatus.Equal(m.PreviousAccessKeyStatus):
		return
	}
	detail := fmt.Sprintf("%s is %s until what takes the secret from this resource has that of %s.",
		m.PreviousAccessKeyID.ValueString(), m.PreviousAccessKeyStatus.ValueString(), m.AccessKeyID.ValueString())
	if !m.EffectiveStatus.Equal(m.Status) {
		detail = fmt.Sprintf("%s is off while the user is frozen, and %s afterwards unless an apply comes before.",
			m.PreviousAccessKeyID.ValueString(), m.PreviousAccessKeyStatus.ValueString())
	}
	diags.AddAttributeWarning(path.Root("previous_key"), fmt.Sprintf("The previous access key of RAM user %s is still there", m.UserName),
		fmt.Sprintf("%s The next apply %s.", detail, fate))
}

// settlePrevious does with the previous key what is planned. It returns false
// after adding an error.
func (r *accessKeyResource) settlePrevious(ctx context.Context, plan, state accessKeyModel, diags *diag.Diagnostics) bool {
	id, status := state.PreviousAccessKeyID.ValueString(), plan.PreviousAccessKeyStatus
	switch {
	case status.Equal(state.PreviousAccessKeyStatus):
	case status.IsNull():
		return r.deletePrevious(ctx, state, diags)
	default:
		if status.ValueString() == ramapi.Inactive && r.RefuseOwnKey(ctx, "Turning off", id, diags) {
			return false
		}
		// Where it is gone meanwhile there is nothing to turn off, and the next read says so.
		if err := r.Client.SetAccessKeyStatus(ctx, state.UserName.ValueString(), id, status.ValueString()); err != nil && !ramapi.IsNotFound(err) {
			base.AddErrorf(diags, err, "Unable to make the previous access key %s of RAM user %s %s", id, state.UserName, status.ValueString())
			return false
		}
	}
	return true
}

// deletePrevious deletes the previous key, if there is one, under whichever name
// its user has now. It returns false after adding an error.
func (r *accessKeyResource) deletePrevious(ctx context.Context, state accessKeyModel, diags *diag.Diagnostics) bool {
	id := state.PreviousAccessKeyID.ValueString()
	if id == "" {
		return true
	}
	if r.RefuseOwnKey(ctx, "Deleting", id, diags) {
		return false
	}
	user := state.owner()
	err := r.Client.DeleteAccessKey(ctx, user.Name, id)
	if ramapi.IsNotFound(err) {
		if user, err = r.Client.Find(ctx, user); err == nil && user.Name != state.UserName.ValueString() {
			err = r.Client.DeleteAccessKey(ctx, user.Name, id)
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddAdvisedErrorf(diags, err, noRoomInKeyBin(ctx, r.Client, err, user.ID), "Unable to delete the previous access key %s of RAM user %s", id, state.UserName)
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
	if err != nil {
		return err
	}
	// One that a freeze holds off is on again after it, unless it is turned off too.
	m.PreviousAccessKeyStatus, err = heldStatus(m.PreviousAccessKeyStatus, key.Status, func() (bool, error) {
		return r.Client.HoldsAccessKey(ctx, m.UserName.ValueString(), key.ID)
	})
	return err
}

func (m *accessKeyModel) owner() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindUser, Name: m.UserName.ValueString(), ID: m.UserID.ValueString()}
}
