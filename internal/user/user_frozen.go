package user

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// frozenKey marks, in private state, a user that this resource has frozen, so
// that removing frozen = true undoes that and no freeze of anybody else's.
const frozenKey = "frozen"

func frozenAttribute() schema.Attribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "`true` freezes the user, for one that is compromised; `false`, or removing `true`, unfreezes it: what was active before the first freeze is active again, and nothing else. " +
			"When left out, a freeze is as it is: one by the action `ram_freeze_user` stays. The state says whether the user is frozen; null where it is, but something has been activated since. " + whatFreezingDoes +
			" A freeze takes up to four of the 20 tags. It has nothing to do with users whom the service itself has locked.",
		PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

// freezeNew freezes a user who was just made, where that is wanted. It returns
// false after adding an error.
func (r *userResource) freezeNew(ctx context.Context, wanted types.Bool, made *userModel, resp *resource.CreateResponse) bool {
	if !wanted.ValueBool() {
		return true
	}
	if err := r.Client.FreezeUser(ctx, made.principal(), func(string) {}); err != nil {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, notRecorded(err), "Unable to freeze RAM user %s", made.Name)
		return false
	}
	made.Frozen = wanted
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("frozen"), wanted)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, frozenKey, []byte("true"))...)
	return true
}

// readFrozen gives frozen of a user, and forgets a freeze of ours that somebody
// has undone.
func (r *userResource) readFrozen(ctx context.Context, u ramapi.User, req resource.ReadRequest, resp *resource.ReadResponse) (types.Bool, error) {
	if u.Freeze == nil {
		ours, diags := req.Private.GetKey(ctx, frozenKey)
		resp.Diagnostics.Append(diags...)
		if ours != nil {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, frozenKey, nil)...)
		}
		return types.BoolValue(false), nil
	}
	on, err := r.Client.CanSignIn(ctx, u.Name)
	if on || err != nil {
		return types.BoolNull(), err
	}
	return types.BoolValue(true), nil
}

// setFrozen freezes the user or undoes that, as planned, and saves it: nothing
// that comes after may stand in its way. It returns false after adding an error.
func (r *userResource) setFrozen(ctx context.Context, plan, state *userModel, resp *resource.UpdateResponse) bool {
	if plan.Frozen.IsUnknown() {
		plan.Frozen = state.Frozen
	}
	if plan.Frozen.Equal(state.Frozen) {
		return true
	}
	verb, mark := "unfreeze", []byte(nil)
	// Whoever has the name by now, the user is the one with the id.
	owner, err := r.Client.Find(ctx, state.principal())
	switch {
	case err != nil:
	case plan.Frozen.ValueBool():
		verb, mark = "freeze", []byte("true")
		if len(state.TagsAll.Elements()) > base.MaxFrozenTags {
			// The record needs a place that the plan may have made. That this fails shows below.
			_ = r.Client.TagUser(ctx, owner.Name, owner.ID, ramapi.TagChange{Remove: r.TagChange(state.TagsAll, plan.TagsAll).Remove})
		}
		err = freeze(ctx, r.Client, r.CheckFreeze, owner, func(string) {})
	default:
		err = r.Client.UnfreezeUser(ctx, owner, func(string) {})
	}
	if err != nil {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, notRecorded(err), "Unable to %s RAM user %s", verb, state.Name)
		return false
	}
	state.Frozen = plan.Frozen
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("frozen"), plan.Frozen)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, frozenKey, mark)...)
	return true
}

// planFrozen plans that removing frozen = true unfreezes a user whom this
// resource has frozen, and refuses a freeze that cannot be.
func (r *userResource) planFrozen(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	ours, diags := req.Private.GetKey(ctx, frozenKey)
	resp.Diagnostics.Append(diags...)
	if req.Plan.Raw.IsNull() || ours == nil && base.PlansNothing(req) {
		return
	}
	var wanted types.Bool
	var tags types.Map
	var state userModel
	at := path.Root("frozen")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &wanted)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("tags_all"), &tags)...)
	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case wanted.IsNull() && (ours != nil || !exists):
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, false)...)
	case !wanted.ValueBool():
	case len(tags.Elements()) > base.MaxFrozenTags:
		resp.Diagnostics.AddAttributeError(at, "No room for the record of a freeze",
			fmt.Sprintf("What a freeze switches off is recorded in tags of the user, and it has %d of its own; RAM takes 20. Take some away, or use the action ram_freeze_user, which freezes the user all the same.", len(tags.Elements())))
	case exists && !state.Frozen.ValueBool() && r.Client != nil:
		if err := r.CheckFreeze(ctx, state.principal()); err != nil {
			base.AddAttributeErrorf(&resp.Diagnostics, at, err, "Unable to freeze RAM user %s", state.Name)
		}
	}
}
