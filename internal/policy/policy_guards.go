package policy

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// planGuards counts a new policy, and warns of a document that is too long and
// of a version that has to make room.
func (r *policyResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || base.PlansNothing(req) {
		return
	}
	var plan, state policyModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	switch isNew := req.State.Raw.IsNull(); {
	case resp.Diagnostics.HasError():
	case !isNew && !plan.Name.Equal(state.Name): // null where it is deleted
		r.PlanGone(ramapi.KindPolicy, state.Name)
	case isNew:
		r.PlanNew(ctx, ramapi.KindPolicy, plan.Name, &resp.Diagnostics)
		r.warnOfLength(ctx, plan, &resp.Diagnostics)
	case !plan.PolicyDocument.IsUnknown() && !plan.PolicyDocument.Means(state.PolicyDocument):
		r.warnOfLength(ctx, plan, &resp.Diagnostics)
		r.warnOfLostVersion(ctx, state, &resp.Diagnostics)
	}
}

func (r *policyResource) warnOfLength(ctx context.Context, plan policyModel, diags *diag.Diagnostics) {
	if problem := r.tooLong(ctx, plan.PolicyDocument); problem != "" {
		diags.AddAttributeWarning(path.Root("policy_document"), "Policy document longer than the quota allows", problem+" RAM refuses it. Split it into several policies.")
	}
}

// tooLong says that a document is over the account's quota by any way of
// counting; empty where it is not, or that is not known.
func (r *policyResource) tooLong(ctx context.Context, document base.PolicyDocument) string {
	if document.IsUnknown() {
		return ""
	}
	most, counted := r.Client.Quotas(ctx)["PolicySizeQuota"]
	if n := policydoc.Length(document.ValueString()); counted && int64(n) > most {
		return fmt.Sprintf("The document has %d characters, white space not counted; the account's quota is %d.", n, most)
	}
	return ""
}

// checkLength adds an error, and returns false, for a document that RAM would
// refuse as too long.
func (r *policyResource) checkLength(ctx context.Context, plan policyModel, diags *diag.Diagnostics) bool {
	problem := r.tooLong(ctx, plan.PolicyDocument)
	if problem != "" {
		diags.AddAttributeError(path.Root("policy_document"), fmt.Sprintf("Unable to keep the document of RAM policy %s", plan.Name), problem+" Nothing was sent. Split it into several policies.")
	}
	return problem == ""
}

// warnOfLostVersion warns where the new version of a document takes the place of
// an old one. A policy whose version number is within the quota has room.
func (r *policyResource) warnOfLostVersion(ctx context.Context, state policyModel, diags *diag.Diagnostics) {
	most, counted := r.Client.Quotas(ctx)["VersionsPerPolicyQuota"]
	var number int64
	if _, err := fmt.Sscanf(state.DefaultVersion.ValueString(), "v%d", &number); err == nil && number < most || !counted {
		return
	}
	versions, err := r.Client.PolicyVersions(ctx, state.Name.ValueString())
	if err != nil || int64(len(versions)) < most {
		return
	}
	for _, v := range versions {
		if !v.IsDefault {
			diags.AddAttributeWarning(path.Root("policy_document"), "The oldest version of the policy makes room",
				fmt.Sprintf("RAM policy %s has %d of %d versions. This change removes %s of %s to make a new one.", state.Name, len(versions), most, v.ID, v.CreateDate))
			return
		}
	}
}

// planGuards counts the policies of a principal that gets one, and refuses to
// detach the last AdministratorAccess.
func (r *attachmentResource) planGuards(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || base.PlansNothing(req) {
		return
	}
	var plan, state attachmentModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	replaces := len(resp.RequiresReplace) > 0 || !plan.PolicyName.Equal(state.PolicyName) || !plan.PolicyType.Equal(state.PolicyType) ||
		!plan.ResourceGroupID.Equal(state.ResourceGroupID)
	switch {
	case req.State.Raw.IsNull():
		if limit, at, counts := r.limitOf(plan); counts {
			r.PlanMore(ctx, limit, []string{plan.PolicyName.ValueString()}, at, &resp.Diagnostics)
		}
	case replaces: // or deletes, with a null plan
		if limit, _, counts := r.limitOf(state); counts {
			r.PlanLess(limit, []string{state.PolicyName.ValueString()})
			r.RefuseDetachment(ctx, state.principal(), []ramapi.AttachedPolicy{state.policy()}, &resp.Diagnostics)
		}
	}
}

// limitOf gives the limit on policies like the resource's; what is in a resource
// group does not count, nor what is not known yet.
func (r *attachmentResource) limitOf(m attachmentModel) (limit base.Limit, at path.Path, counts bool) {
	owner, name := m.owner()
	known := !name.IsUnknown() && !m.PolicyName.IsUnknown() && !m.PolicyType.IsUnknown()
	return r.PoliciesOf(m.principal(), m.PolicyType.ValueString(), false), owner.NameAt, known && m.ResourceGroupID.IsNull()
}

// checkRoom adds an error, and returns false, where the principal has too many
// policies to get one more.
func (r *attachmentResource) checkRoom(ctx context.Context, m attachmentModel, diags *diag.Diagnostics) bool {
	limit, at, counts := r.limitOf(m)
	_, name := m.owner()
	return !counts || r.CheckMore(ctx, limit, []string{m.PolicyName.ValueString()}, at, diags, "Unable to attach RAM policy %s to %s", m.PolicyName, *name)
}

func (m *attachmentModel) policy() ramapi.AttachedPolicy {
	return ramapi.AttachedPolicy{Name: m.PolicyName.ValueString(), Type: m.PolicyType.ValueString()}
}

// planDestruction refuses to detach the last AdministratorAccess, where a
// resource that is destroyed or replaced detaches what it has.
func (r *attachmentsExclusiveResource) planDestruction(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.State.Raw.IsNull() || !req.Plan.Raw.IsNull() && len(resp.RequiresReplace) == 0 {
		return
	}
	var state attachmentsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() && state.DetachOnDestroy.ValueBool() {
		held, _ := policiesIn(state.Policies)
		r.RefuseDetachment(ctx, state.principal(), held, &resp.Diagnostics)
	}
}

// planRoom warns where the principal would have more policies of a type than it can.
func (r *attachmentsExclusiveResource) planRoom(ctx context.Context, plan attachmentsExclusiveModel, diags *diag.Diagnostics) {
	if _, name := plan.owner(); name.IsUnknown() {
		return
	}
	wanted, _ := policiesIn(plan.Policies)
	for policyType, names := range byType(wanted) {
		r.PlanMore(ctx, r.PoliciesOf(plan.principal(), policyType, true), names, path.Root("policies"), diags)
	}
}

// checkRoom adds an error, and returns false, where the principal would have
// more policies of a type than it can.
func (r *attachmentsExclusiveResource) checkRoom(ctx context.Context, to ramapi.Principal, wanted []ramapi.AttachedPolicy, diags *diag.Diagnostics) bool {
	room := true
	for policyType, names := range byType(wanted) {
		room = r.CheckMore(ctx, r.PoliciesOf(to, policyType, true), names, path.Root("policies"), diags, "Unable to attach policies to %s", describe(to)) && room
	}
	return room
}

func byType(policies []ramapi.AttachedPolicy) map[string][]string {
	names := map[string][]string{}
	for _, p := range policies {
		names[p.Type] = append(names[p.Type], p.Name)
	}
	return names
}
