package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// planGuards counts a new role, and refuses to delete or to replace the one that
// the run works as, and one with which the last administrator goes.
func (r *roleResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || base.PlansNothing(req) {
		return
	}
	var plan, state roleModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	switch {
	case resp.Diagnostics.HasError():
	case req.State.Raw.IsNull():
		r.PlanNew(ctx, ramapi.KindRole, plan.Name, &resp.Diagnostics)
	case !plan.Name.Equal(state.Name): // null where it is deleted
		r.PlanGone(ramapi.KindRole, state.Name)
		r.RefuseDeletion(ctx, state.principal(), &resp.Diagnostics)
	}
}

func (m *roleModel) principal() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindRole, Name: m.Name.ValueString(), ID: m.RoleID.ValueString()}
}
