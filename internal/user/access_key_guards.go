package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// planGuards counts the keys of a user who gets one, and refuses to delete or to
// turn off the one that the run uses.
func (r *accessKeyResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || resp.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var plan, state accessKeyModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch id, previous := state.AccessKeyID.ValueString(), state.PreviousAccessKeyID.ValueString(); {
	case req.State.Raw.IsNull():
		if !plan.UserName.IsUnknown() {
			one := ""
			if r.Client.HasWritten() { // planned once more by one process, as terraform test does, it is still one
				one = "as in " + req.Config.Raw.String()
			}
			r.PlanMore(ctx, r.KeysOf(plan.UserName.ValueString()), []string{one}, path.Root("user_name"), &resp.Diagnostics)
		}
	case req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0:
		r.PlanLess(r.KeysOf(state.UserName.ValueString()), []string{id, previous})
		_ = r.RefuseOwnKey(ctx, "Deleting", id, &resp.Diagnostics) || r.RefuseOwnKey(ctx, "Deleting", previous, &resp.Diagnostics)
	case plan.turnsFrom(state): // where the key takes the place of the one before, which goes
		_ = r.RefuseOwnKey(ctx, "Deleting", previous, &resp.Diagnostics) || r.refuseSettling(ctx, plan, id, &resp.Diagnostics)
	case plan.PreviousAccessKeyStatus.Equal(state.PreviousAccessKeyStatus):
		_ = plan.turnsOff(state) && r.RefuseOwnKey(ctx, "Turning off", id, &resp.Diagnostics)
	default:
		_ = plan.turnsOff(state) && r.RefuseOwnKey(ctx, "Turning off", id, &resp.Diagnostics) || r.refuseSettling(ctx, plan, previous, &resp.Diagnostics)
	}
}

// refuseSettling refuses what the plan does with a key that another one has
// replaced, where the run uses it.
func (r *accessKeyResource) refuseSettling(ctx context.Context, plan accessKeyModel, id string, diags *diag.Diagnostics) (refused bool) {
	switch status := plan.PreviousAccessKeyStatus; {
	case status.IsNull():
		return r.RefuseOwnKey(ctx, "Deleting", id, diags)
	case status.ValueString() == ramapi.Inactive:
		return r.RefuseOwnKey(ctx, "Turning off", id, diags)
	}
	return false
}

// turnsOff reports whether the plan makes an active key inactive.
func (m *accessKeyModel) turnsOff(state accessKeyModel) bool {
	return m.Status.ValueString() == ramapi.Inactive && !m.Status.Equal(state.Status)
}
