package base

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Owner is the user, group or role that something hangs on: the attribute with
// its name, which can change, and the attribute with its id, which cannot.
type Owner struct {
	Kind   ramapi.Kind
	NameAt path.Path
	IDAt   path.Path
}

// PlanOwner plans what a changed name of the owner means. It is a rename, and
// changes nothing on the service, where this process has planned to give the
// new name to the same id, or that id has it already. It is another owner, and
// replaces the resource, in any other case.
func (r *Resource) PlanOwner(ctx context.Context, o Owner, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || PlansNothing(req) {
		return
	}
	var planned, prior, id types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, o.NameAt, &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, o.NameAt, &prior)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, o.IDAt, &id)...)
	if resp.Diagnostics.HasError() || planned.Equal(prior) {
		return
	}
	// RAM cannot rename a role, and no rename leads from one kind to another.
	if renamable := o.Kind != ramapi.KindRole && !planned.IsNull() && !prior.IsNull(); renamable {
		// An unknown name is that of an owner whose rename depends on something
		// else: replacing would destroy what can be kept, so wait for the apply.
		if planned.IsUnknown() {
			return
		}
		same, err := r.IsRename(ctx, ramapi.Principal{Kind: o.Kind, Name: planned.ValueString(), ID: id.ValueString()})
		switch {
		case err != nil:
			resp.Diagnostics.AddAttributeError(o.NameAt, fmt.Sprintf("Unable to look for RAM %s %s", lower(o.Kind), planned), detail(err, ""))
			return
		case same:
			return
		case !r.Client.HasRefreshed():
			// A plan reads before it plans, so this is an apply, and the name was
			// unknown in its plan. Asking for a replacement now would be reported
			// as a bug of the provider.
			addOtherOwner(&resp.Diagnostics, o, planned)
			return
		}
	}
	resp.RequiresReplace.Append(o.NameAt)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, o.IDAt, types.StringUnknown())...)
}

// IsRename reports whether the name is one that this process has planned to
// give to the principal with the id, or that the principal has already.
func (r *Resource) IsRename(ctx context.Context, p ramapi.Principal) (bool, error) {
	// The owner's plan comes first. Somebody else may have the name until then.
	if planned, found := r.Client.PlannedRename(p.Kind, p.Name); found && planned.ID == p.ID {
		return true, nil
	}
	holder, err := r.Client.PrincipalByName(ctx, p.Kind, p.Name)
	if ramapi.IsNotFound(err) {
		return false, nil
	}
	return err == nil && holder.ID == p.ID, err
}

// PlanRename notes that the plan gives a user or a group another name, for what
// hangs on it, and warns where somebody else has that name now.
func (r *Resource) PlanRename(ctx context.Context, p ramapi.Principal, name string, diags *diag.Diagnostics) {
	r.Client.PlanRename(p, name)
	holder, err := r.Client.PrincipalByName(ctx, p.Kind, name)
	if err == nil && holder.ID != p.ID {
		diags.AddAttributeWarning(path.Root("name"), fmt.Sprintf("Another RAM %s has this name now", lower(p.Kind)),
			fmt.Sprintf("%q can be renamed to %q only once the other one has another name or is gone. Where this configuration does that too, it may need a second apply, "+
				"and names cannot be swapped in one. What belongs to both is kept either way.", p.Name, name))
	}
}

// FindOwner gives the owner as it is now: the one with the id, under whichever
// name. Where the name now belongs to somebody else it refuses, since the
// resource cannot move to another owner. It returns false after adding an error.
func (r *Resource) FindOwner(ctx context.Context, o Owner, name, id types.String, diags *diag.Diagnostics) (ramapi.Principal, bool) {
	p, err := r.Client.PrincipalByName(ctx, o.Kind, name.ValueString())
	if err == nil && id.ValueString() != "" && p.ID != id.ValueString() {
		addOtherOwner(diags, o, name)
		return p, false
	}
	if err != nil {
		diags.AddAttributeError(o.NameAt, fmt.Sprintf("Unable to find RAM %s %s", lower(o.Kind), name), detail(err, ""))
		return p, false
	}
	return p, true
}

func addOtherOwner(diags *diag.Diagnostics, o Owner, name types.String) {
	diags.AddAttributeError(o.NameAt, fmt.Sprintf("%s belongs to another RAM %s now", o.NameAt, lower(o.Kind)),
		fmt.Sprintf("RAM %s %s is not the one that this resource belongs to, and it cannot move. Nothing of it was changed. "+
			"Plan again, with a refresh: now that the name is known, the resource is planned to be replaced.", lower(o.Kind), name))
}

func lower(kind ramapi.Kind) string {
	switch kind {
	case ramapi.KindGroup:
		return "group"
	case ramapi.KindRole:
		return "role"
	case ramapi.KindPolicy:
		return "policy"
	}
	return "user"
}
