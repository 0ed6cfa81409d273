package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// planGuards refuses while planning what guardChange and guardDeletion refuse,
// and counts a new user. It comes after the tags are planned.
func (r *userResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || base.PlansNothing(req) {
		return
	}
	var plan, state userModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	switch {
	case resp.Diagnostics.HasError():
	case req.State.Raw.IsNull():
		r.PlanNew(ctx, ramapi.KindUser, plan.Name, &resp.Diagnostics)
	case req.Plan.Raw.IsNull():
		r.PlanGone(ramapi.KindUser, state.Name)
		r.guardDeletion(ctx, state.principal(), state.ProvisionType.ValueString(), &resp.Diagnostics)
	case plan.updateInput(state) != (ramapi.UserUpdate{}) || !plan.TagsAll.Equal(state.TagsAll):
		r.RefuseProvisioned("change", state.Name.ValueString(), state.ProvisionType.ValueString(), &resp.Diagnostics)
	}
}

// guardChange refuses to change a provisioned user.
func (r *userResource) guardChange(ctx context.Context, u ramapi.Principal, diags *diag.Diagnostics) (refused bool) {
	provisionType, err := r.Client.ProvisionType(ctx, u.Name)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to learn where RAM user %q comes from", u.Name)
		return true
	}
	return r.RefuseProvisioned("change", u.Name, provisionType, diags)
}

// guardDeletion refuses to delete a provisioned user, and one whose deletion
// locks out.
func (r *userResource) guardDeletion(ctx context.Context, u ramapi.Principal, provisionType string, diags *diag.Diagnostics) (refused bool) {
	return r.RefuseProvisioned("delete", u.Name, provisionType, diags) || r.RefuseDeletion(ctx, u, diags)
}
