package group

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*membershipsExclusiveResource)(nil)
	_ resource.ResourceWithIdentity    = (*membershipsExclusiveResource)(nil)
	_ resource.ResourceWithImportState = (*membershipsExclusiveResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*membershipsExclusiveResource)(nil)
)

type membershipsExclusiveResource struct{ base.Resource }

// NewMembershipsExclusiveResource gives the resource ram_group_memberships_exclusive.
func NewMembershipsExclusiveResource() resource.Resource { return &membershipsExclusiveResource{} }

type membershipsExclusiveModel struct {
	GroupName       types.String `tfsdk:"group_name"`
	UserNames       types.Set    `tfsdk:"user_names"`
	DetachOnDestroy types.Bool   `tfsdk:"detach_on_destroy"`
	GroupID         types.String `tfsdk:"group_id"`
	Removes         types.Set    `tfsdk:"removes"`
}

func (r *membershipsExclusiveResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_group_memberships_exclusive"
	resp.ResourceBehavior.MutableIdentity = true // groups can be renamed
}

func (r *membershipsExclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All the members of one group: exclusive, everybody else who is in the group is removed. Each plan lists in `removes` who goes. Missing users are " +
			"added before others are removed." +
			base.Traps(
				"A group may have one of these resources. A `ram_group_membership` beside it is undone for users who are not among `user_names`. To take over from "+
					"one, forget it with `removed { lifecycle { destroy = false } }`: destroying it removes its users again.",
				"Terraform deletes a user before it takes the name out of this resource, which RAM refuses. Where users come and go, give `ram_user` `lifecycle { "+
					"create_before_destroy = true }`, which turns the order round, or `force_destroy`.",
			),
		Attributes: map[string]schema.Attribute{
			"group_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the group. Another group replaces the resource; a new name of the same group does not.",
				Validators:          []validator.String{base.GroupName},
			},
			"user_names": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the members, all of them; `[]` leaves nobody. Write them as `ram_user.alice.name`, so that who is renamed by the same apply is known to stay. " +
					"RAM lets a user be in 10 groups.",
				Validators: []validator.Set{
					setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(base.UserName),
				},
			},
			"detach_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying this resource removes the members that the state has. Left out or `false`, it only stops managing them: " +
					"a group or user that is deleted along with it then needs `force_destroy`. It counts once it has been applied.",
			},
			"group_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the group, by which it is found when it has been renamed.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"removes": base.RemovesAttribute("Names of the users whom a change removes because they are not among `user_names`."),
		},
	}
}

func (r *membershipsExclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group."},
	}}
}

// Create saves nothing where it fails half-way. Who has been added is found by
// the next apply, whereas a tainted resource would be destroyed first, and with
// detach_on_destroy that takes out whom an administrator needs to go on.
func (r *membershipsExclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan membershipsExclusiveModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, ok := r.FindOwner(ctx, membershipOwner, plan.GroupName, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	r.makeExactly(ctx, group.Name, plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.GroupID = types.StringValue(group.ID)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("group_name"), plan.GroupName)...)
}

func (r *membershipsExclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state membershipsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	joinDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("group_name"), state.GroupName)...)
	group, err := r.Client.Find(ctx, state.principal())
	var names []string
	if err == nil {
		names, err = r.membersOf(ctx, group.Name, knownTexts(state.UserNames), joinDate)
	}
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the members of RAM group %s", state.GroupName)
		return
	}
	if state.GroupName.ValueString() == group.Name && state.GroupID.ValueString() == group.ID && !state.UserNames.IsNull() &&
		slices.Equal(distinct(names), knownTexts(state.UserNames)) {
		return // what is in the response already
	}
	state.GroupName, state.GroupID = types.StringValue(group.Name), types.StringValue(group.ID)
	state.UserNames, state.Removes = base.TextSet(names), base.TextSet(nil)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("group_name"), state.GroupName)...)
}

func (r *membershipsExclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan membershipsExclusiveModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, ok := r.FindOwner(ctx, membershipOwner, plan.GroupName, plan.GroupID, &resp.Diagnostics)
	if !ok {
		return
	}
	has, ok := r.makeExactly(ctx, group.Name, plan, &resp.Diagnostics)
	if !ok {
		return
	}
	if resp.Diagnostics.HasError() {
		plan.UserNames, plan.Removes = base.TextSet(has), base.TextSet(nil)
	}
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("group_name"), plan.GroupName)...)
}

func (r *membershipsExclusiveResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state membershipsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.DetachOnDestroy.ValueBool() {
		return
	}
	group, err := r.Client.Find(ctx, state.principal())
	if ramapi.IsNotFound(err) {
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to find RAM group %s", state.GroupName)
		return
	}
	leaving := knownTexts(state.UserNames)
	if !r.RefuseRemoval(ctx, group, leaving, &resp.Diagnostics) {
		r.remove(ctx, group.Name, leaving, &resp.Diagnostics)
	}
}

func (r *membershipsExclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("group_name"), base.GroupName, req, resp)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("removes"), base.TextSet(nil))...)
}

func (r *membershipsExclusiveResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanOwner(ctx, membershipOwner, req, resp)
	r.planDestruction(ctx, req, resp)
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) || resp.Diagnostics.HasError() {
		return
	}
	var plan, state membershipsExclusiveModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	updates := !req.State.Raw.IsNull() && len(resp.RequiresReplace) == 0
	if updates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	members := knownTexts(state.UserNames)
	if !updates {
		var known bool
		if members, known = r.membersAtCreation(ctx, plan.GroupName, &resp.Diagnostics); !known {
			return
		}
	}
	foreign, err := r.strangers(ctx, members, knownTexts(plan.UserNames))
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to tell who leaves RAM group %s", plan.GroupName)
		return
	}
	joining, leaving := withoutRenamed(&r.Resource, without(knownTexts(plan.UserNames), members), foreign)
	planJoining(ctx, &r.Resource, plan.GroupName, joining, &resp.Diagnostics)
	if len(foreign) > 0 && !allKnown(plan.UserNames) {
		return // one of them may be who is not known yet
	}
	planLeaving(ctx, &r.Resource, plan.principal(), leaving, &resp.Diagnostics)
	if !updates {
		base.WarnOfRemovals(foreign, fmt.Sprintf("RAM group %s", plan.GroupName), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("removes"), base.TextSet(foreign))...)
}

// membersAtCreation gives who is in a group that exists, nobody for one that
// does not, and false where that is not known.
func (r *membershipsExclusiveResource) membersAtCreation(ctx context.Context, groupName types.String, diags *diag.Diagnostics) ([]string, bool) {
	if groupName.IsUnknown() {
		return nil, false
	}
	group := ramapi.Principal{Kind: ramapi.KindGroup, Name: groupName.ValueString()}
	if renamed, planned := r.Client.PlannedRename(group.Kind, group.Name); planned {
		group.ID = renamed.ID
	}
	group, err := r.Client.Find(ctx, group)
	var names []string
	if err == nil {
		names, err = r.Client.GroupMembersBefore(ctx, group.Name)
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(diags, err, "Unable to read the members of RAM group %s", groupName)
		return nil, false
	}
	return names, true
}

// membersOf gives everybody who is in the group, those whom the state has as it
// spells them. Who is in the state and does not show may be so new that the
// service will.
func (r *membershipsExclusiveResource) membersOf(ctx context.Context, group string, held []string, joinDate string) ([]string, error) {
	listed, err := members(ctx, r.Client, group)
	if err != nil {
		return nil, err
	}
	names, unseen := slices.Clone(listed), without(held, listed)
	for i, name := range listed {
		as, err := r.sameUser(ctx, name, unseen)
		if err != nil {
			return nil, err
		}
		if as != "" {
			names[i], unseen = as, without(unseen, []string{as})
		}
	}
	for _, name := range unseen {
		r.Client.RecallMembership(name, group, joinDate)
	}
	late, err := r.Client.MembersAmong(ctx, group, unseen)
	return append(names, late...), err
}

// makeExactly adds who is missing and removes who the plan says, up to the first
// failure. It gives who is in the group then, and false where it has changed nothing.
func (r *membershipsExclusiveResource) makeExactly(ctx context.Context, group string, plan membershipsExclusiveModel, diags *diag.Diagnostics) (has []string, ok bool) {
	has, err := members(ctx, r.Client, group)
	var foreign, unplanned []string
	wanted := knownTexts(plan.UserNames)
	if err == nil {
		foreign, err = r.strangers(ctx, has, wanted)
	}
	if err == nil {
		unplanned, err = r.notPlanned(ctx, foreign, knownTexts(plan.Removes))
	}
	if err != nil {
		base.AddErrorf(diags, err, "Unable to read the members of RAM group %q", group)
		return nil, false
	}
	if !base.CheckRemoves(unplanned, fmt.Sprintf("RAM group %q", group), diags) {
		return nil, false
	}
	if !checkJoining(ctx, &r.Resource, group, without(wanted, has), diags) ||
		r.RefuseRemoval(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: group}, foreign, diags) {
		return nil, false
	}
	// Add first, so that nobody is without the group's permissions in between.
	for _, user := range without(wanted, has) {
		if _, err := r.Client.AddUserToGroup(ctx, user, group); err != nil {
			base.AddErrorf(diags, err, "Unable to add RAM user %q to RAM group %q", user, group)
			return has, true
		}
		has = append(has, user)
	}
	return without(has, r.remove(ctx, group, foreign, diags)), true
}

// remove takes the users out of the group, up to the first failure, and gives
// those who are out. What is gone already is fine.
func (r *membershipsExclusiveResource) remove(ctx context.Context, group string, users []string, diags *diag.Diagnostics) []string {
	for i, user := range users {
		if err := r.Client.RemoveUserFromGroup(ctx, user, group); err != nil && !ramapi.IsNotFound(err) {
			base.AddErrorf(diags, err, "Unable to remove RAM user %q from RAM group %q", user, group)
			return users[:i]
		}
	}
	return users
}

// strangers gives the users who are none of the others, under whichever name:
// one that differs in case only, or one that this run gives them.
func (r *membershipsExclusiveResource) strangers(ctx context.Context, names, others []string) ([]string, error) {
	var renamed []string // who get a name of the others, under the names that they had
	for _, other := range others {
		if of, planned := r.Client.PlannedRename(ramapi.KindUser, other); planned {
			renamed = append(renamed, of.Name)
		}
	}
	var rest []string
	for _, name := range without(without(names, others), renamed) {
		as, err := r.sameUser(ctx, name, others)
		if err != nil {
			return nil, err
		}
		if as == "" {
			rest = append(rest, name)
		}
	}
	return distinct(rest), nil
}

// notPlanned gives the users who are not among those that the plan removes,
// under the names that they had while planning.
func (r *membershipsExclusiveResource) notPlanned(ctx context.Context, foreign, planned []string) ([]string, error) {
	var unplanned []string
	for _, name := range foreign {
		if name = r.Client.FormerUserName(ctx, name); slices.Contains(planned, name) {
			continue
		}
		as, err := r.sameUser(ctx, name, planned)
		if err != nil {
			return nil, err
		}
		if as == "" {
			unplanned = append(unplanned, name)
		}
	}
	return unplanned, nil
}

// sameUser gives the one of the others that is the same user and differs in
// case only, empty for none. RAM's documentation leaves open whether case matters.
func (r *membershipsExclusiveResource) sameUser(ctx context.Context, name string, others []string) (string, error) {
	i := slices.IndexFunc(others, func(other string) bool { return strings.EqualFold(name, other) })
	if i < 0 {
		return "", nil
	}
	user, err := r.Client.PrincipalByName(ctx, ramapi.KindUser, name)
	var other ramapi.Principal
	if err == nil {
		other, err = r.Client.PrincipalByName(ctx, ramapi.KindUser, others[i])
	}
	if err == nil && user.ID == other.ID {
		return others[i], nil
	}
	if ramapi.IsNotFound(err) {
		return "", nil
	}
	return "", err
}

func (m *membershipsExclusiveModel) principal() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindGroup, Name: m.GroupName.ValueString(), ID: m.GroupID.ValueString()}
}

// knownTexts gives the texts of a set as far as they are known, in order, so
// that calls and errors come in the same order each time.
func knownTexts(set types.Set) []string {
	var texts []string
	for _, element := range set.Elements() {
		if text, _ := element.(types.String); text.ValueString() != "" {
			texts = append(texts, text.ValueString())
		}
	}
	return distinct(texts)
}

func allKnown(set types.Set) bool {
	return !set.IsUnknown() && !slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown)
}
