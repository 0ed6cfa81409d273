package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

// becomesActive gives the user who gets a login or a key, or gets it back; null
// where the plan does neither.
func becomesActive(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) types.String {
	user, planned, prior := types.StringNull(), types.StringNull(), types.StringNull()
	if req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return user
	}
	status := path.Root("status")
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, status, &planned)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, status, &prior)...)
	}
	if isActive := !prior.IsNull() && prior.ValueString() != "Inactive"; isActive || planned.ValueString() == "Inactive" {
		return user
	}
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, userOwner.NameAt, &user)...)
	return user
}
