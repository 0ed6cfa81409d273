package group

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// planGuards counts a new group, and refuses to delete one with which the last
// administrators go.
func (r *groupResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil {
		return
	}
	var m groupModel
	switch {
	case req.State.Raw.IsNull():
		resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
		r.PlanNew(ctx, ramapi.KindGroup, m.Name, &resp.Diagnostics)
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
		r.PlanGone(ramapi.KindGroup, m.Name)
		r.RefuseDeletion(ctx, m.principal(), &resp.Diagnostics)
	}
}

// planGuards counts the groups of who joins the group, and refuses to take out
// the last administrators.
func (r *membershipResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || base.PlansNothing(req) {
		return
	}
	var plan, state membershipModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	wanted, held := knownTexts(plan.UserNames), knownTexts(state.UserNames)
	switch group := (ramapi.Principal{Kind: ramapi.KindGroup, Name: state.GroupName.ValueString(), ID: state.GroupID.ValueString()}); {
	case req.State.Raw.IsNull():
		planJoining(ctx, &r.Resource, plan.GroupName, wanted, &resp.Diagnostics)
	case req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0:
		planLeaving(ctx, &r.Resource, group, held, &resp.Diagnostics)
	default:
		joining, leaving := without(wanted, held), without(held, wanted)
		if !allKnown(plan.UserNames) {
			leaving = nil // one of them may be who is not known yet
		}
		joining, leaving = withoutRenamed(&r.Resource, joining, leaving)
		planJoining(ctx, &r.Resource, plan.GroupName, joining, &resp.Diagnostics)
		planLeaving(ctx, &r.Resource, group, leaving, &resp.Diagnostics)
	}
}

// planDestruction refuses to take out the last administrators, where a resource
// that is destroyed or replaced takes its members out.
func (r *membershipsExclusiveResource) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.State.Raw.IsNull() || !req.Plan.Raw.IsNull() && len(resp.RequiresReplace) == 0 {
		return
	}
	var state membershipsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() && state.DetachOnDestroy.ValueBool() {
		planLeaving(ctx, &r.Resource, state.principal(), knownTexts(state.UserNames), &resp.Diagnostics)
	}
}

// withoutRenamed leaves out who only gets another name by this plan, or is
// spelled in another case: RAM's documentation leaves open whether that matters.
func withoutRenamed(r *base.Resource, joining, leaving []string) (join, leave []string) {
	for _, name := range joining {
		former := name
		if of, renamed := r.Client.PlannedRename(ramapi.KindUser, name); renamed {
			former = of.Name
		}
		if i := slices.IndexFunc(leaving, func(other string) bool { return strings.EqualFold(other, former) }); i >= 0 {
			leaving = without(leaving, leaving[i:i+1])
			continue
		}
		join = append(join, name)
	}
	return join, leaving
}

// planJoining counts the groups of the users who join the group, and advises
// where a key becomes that of an administrator.
func planJoining(ctx context.Context, r *base.Resource, group types.String, users []string, diags *diag.Diagnostics) {
	if group.IsUnknown() {
		return
	}
	for _, user := range users {
		r.PlanMore(ctx, r.GroupsOf(user), []string{group.ValueString()}, path.Root("user_names"), diags)
	}
	r.PlanJoining(ctx, group, users, path.Root("user_names"), diags)
}

// checkJoining adds an error, and returns false, where a user is in too many
// groups to join one more.
func checkJoining(ctx context.Context, r *base.Resource, group string, users []string, diags *diag.Diagnostics) bool {
	room := true
	for _, user := range users {
		room = r.CheckMore(ctx, r.GroupsOf(user), []string{group}, path.Root("user_names"), diags, "Unable to add RAM user %q to RAM group %q", user, group) && room
	}
	return room
}

// planLeaving notes who leaves the group, and refuses to take out the last
// administrators.
func planLeaving(ctx context.Context, r *base.Resource, group ramapi.Principal, users []string, diags *diag.Diagnostics) {
	for _, user := range users {
		r.PlanLess(r.GroupsOf(user), []string{group.Name})
	}
	r.RefuseRemoval(ctx, group, users, diags)
}
