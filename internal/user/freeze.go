package user

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// What a freeze does, wherever the documentation says it.
const (
	whatFreezingDoes = "Freezing a user makes the console login and every access key `Inactive` at once, whoever made them, and records on the user, in tags whose keys begin with " +
		"`ram-provider:frozen`, which of them were active. No resource or data source shows these tags. While they are there, every `ram_login_profile` and `ram_access_key` of the user, in any configuration, " +
		"keeps its `status`, says `Inactive` in `effective_status`, and activates nothing."
	whatFreezingLeaves = "~> **What the user has open already stays open.** A console session lasts until it expires: to stop it, attach a policy to the user that denies everything. " +
		"Credentials of a role that the user has taken on keep the role's permissions: deny there too, until they have expired."
	statusUnderFreeze = "Of a user who is frozen it is the status once the user no longer is; see `effective_status`."
)

// freeze freezes the user, unless it is the one that this run works as.
func freeze(ctx context.Context, client *ramapi.Client, check func(context.Context, ramapi.Principal) error, p ramapi.Principal, report func(string)) error {
	if err := check(ctx, p); err != nil {
		return err
	}
	return client.FreezeUser(ctx, p, report)
}

// notRecorded says what to do after a freeze whose record the service refused;
// empty where that is not what has happened.
func notRecorded(err error) string {
	var e *ramapi.UnrecordedError
	if !errors.As(err, &e) {
		return ""
	}
	return "The user is switched off all the same: " + e.Off.String() + " was on and is not any more. But that could not be recorded in tags of the user, of which there can be 20, " +
		"so unfreezing the user will not switch it on again, and a configuration that manages it may, which takes it for changed. Make room for tags, and freeze the user again."
}

// effectiveStatusAttribute is the computed effective_status of a login or a key.
func effectiveStatusAttribute() schema.Attribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "What RAM says of it: as `status`, or `Inactive` while its user is frozen, by `frozen` of `ram_user` or by the action `ram_freeze_user`.",
	}
}

// heldStatus gives the status of a login or a key apart from a freeze of its
// user: what RAM says, or Active where it is held Inactive. Only of what is off
// and was not before need held be asked.
func heldStatus(prior types.String, now string, held func() (bool, error)) (types.String, error) {
	if now != ramapi.Inactive || prior.ValueString() == ramapi.Inactive {
		return types.StringValue(now), nil
	}
	isHeld, err := held()
	if isHeld {
		now = ramapi.Active
	}
	return types.StringValue(now), err
}

// planEffectiveStatus plans effective_status as it was while status is, and as
// Inactive where status is.
func planEffectiveStatus(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || base.PlansNothing(req) || len(resp.RequiresReplace) > 0 {
		return
	}
	var planned, prior, effective types.String
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("status"), &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("status"), &prior)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("effective_status"), &effective)...)
	switch {
	case planned.ValueString() == ramapi.Inactive:
		effective = planned
	case !planned.Equal(prior) || effective.IsNull():
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("effective_status"), effective)...)
}

// settleStatus gives a key that was just made the status that is wanted, or
// keeps it Inactive where the user is frozen, and notes both in the model. It
// returns false after adding an error.
func (r *accessKeyResource) settleStatus(ctx context.Context, userName string, wanted types.String, made *accessKeyModel, diags *diag.Diagnostics) bool {
	if wanted.IsUnknown() {
		wanted = made.Status
	}
	frozen, err := r.Client.IsFrozen(ctx, userName)
	if err == nil && !frozen && wanted.Equal(made.Status) {
		return true
	}
	effective := wanted
	if frozen {
		effective = types.StringValue(ramapi.Inactive)
	}
	if err == nil {
		err = r.Client.SetAccessKeyStatus(ctx, userName, made.AccessKeyID.ValueString(), wanted.ValueString())
	}
	if err != nil {
		base.AddErrorf(diags, err, "Unable to make the new access key %s of RAM user %s %s", made.AccessKeyID.ValueString(), made.UserName, effective.ValueString())
		return false
	}
	made.Status, made.EffectiveStatus = wanted, effective
	return true
}

// settleEffectiveStatus fills in effective_status where the plan has left it
// open. It returns false after adding an error.
func (r *accessKeyResource) settleEffectiveStatus(ctx context.Context, plan *accessKeyModel, diags *diag.Diagnostics) bool {
	if !plan.EffectiveStatus.IsUnknown() {
		return true
	}
	held, err := r.Client.HoldsAccessKey(ctx, plan.UserName.ValueString(), plan.AccessKeyID.ValueString())
	if err != nil {
		base.AddErrorf(diags, err, "Unable to read whether RAM user %s is frozen", plan.UserName)
		return false
	}
	plan.EffectiveStatus = plan.Status
	if held {
		plan.EffectiveStatus = types.StringValue(ramapi.Inactive)
	}
	return true
}
