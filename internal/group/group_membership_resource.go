package group

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
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
	_ resource.ResourceWithConfigure   = (*membershipResource)(nil)
	_ resource.ResourceWithIdentity    = (*membershipResource)(nil)
	_ resource.ResourceWithImportState = (*membershipResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*membershipResource)(nil)
)

type membershipResource struct{ base.Resource }

// NewMembershipResource gives the resource ram_group_membership.
func NewMembershipResource() resource.Resource { return &membershipResource{} }

type membershipModel struct {
	GroupName types.String `tfsdk:"group_name"`
	UserNames types.Set    `tfsdk:"user_names"`
	GroupID   types.String `tfsdk:"group_id"`
}

// membershipIdentity has the names as well as the group, because a group may
// have several of these resources.
type membershipIdentity struct {
	GroupName types.String `tfsdk:"group_name"`
	UserNames types.List   `tfsdk:"user_names"`
}

var membershipOwner = base.Owner{Kind: ramapi.KindGroup, NameAt: path.Root("group_name"), IDAt: path.Root("group_id")}

func (r *membershipResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_group_membership"
	resp.ResourceBehavior.MutableIdentity = true // groups are renamed and users come and go, all in place
}

func (r *membershipResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Adds these users to the group and leaves other members alone. A group may have any number of these resources, and members from elsewhere; destroying " +
			"one takes only its own users out of the group." +
			base.Traps(
				"Terraform deletes a user before it takes the name out of this resource, which RAM refuses. Where users come and go, give `ram_user` `lifecycle { "+
					"create_before_destroy = true }`, which turns the order round, or `force_destroy`.",
				"A user who is in the group already is taken over, with a warning, and so leaves it with this resource. Where two of these resources have the same "+
					"user, the one that is destroyed takes the user out.",
			),
		Attributes: map[string]schema.Attribute{
			"group_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the group. Another group replaces the resource; a new name of the same group does not.",
				Validators:          []validator.String{base.GroupName},
			},
			"user_names": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the users to add; `[]` adds nobody. RAM lets a user be in 10 groups.",
				Validators: []validator.Set{
					setvalidator.NoNullValues(),
					setvalidator.ValueStringsAre(base.UserName),
				},
			},
			"group_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the group, by which it is found when it has been renamed.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (r *membershipResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group."},
		"user_names": identityschema.ListAttribute{
			OptionalForImport: true, ElementType: types.StringType,
			Description: "Names of the users, sorted. Everybody who is in the group when left out of an import.",
		},
	}}
}

func (r *membershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan membershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.userNames(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.Client.PrincipalByName(ctx, ramapi.KindGroup, plan.GroupName.ValueString())
	if err != nil {
		base.AddAttributeErrorf(&resp.Diagnostics, path.Root("group_name"), err, "Unable to find RAM group %s", plan.GroupName)
		return
	}
	// A failure half-way taints the resource, and the next apply would take out
	// again who was added. So find the usual mistake before the first call.
	for _, user := range wanted {
		if _, err := r.Client.PrincipalByName(ctx, ramapi.KindUser, user); err != nil {
			base.AddAttributeErrorf(&resp.Diagnostics, path.Root("user_names"), err, "Unable to find RAM user %q", user)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !checkJoining(ctx, &r.Resource, group.Name, wanted, &resp.Diagnostics) {
		return
	}
	added, already := r.add(ctx, group.Name, wanted, &resp.Diagnostics)
	warnOfMembers(already, group.Name, &resp.Diagnostics)
	if len(added) == 0 && resp.Diagnostics.HasError() {
		return
	}
	plan.GroupID = types.StringValue(group.ID)
	plan.setUserNames(ctx, added, &resp.Diagnostics)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity(ctx, &resp.Diagnostics))...)
}

func (r *membershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state membershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	joinDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity(ctx, &resp.Diagnostics))...)
	group, err := r.Client.Find(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: state.GroupName.ValueString(), ID: state.GroupID.ValueString()})
	var names []string
	if err == nil {
		names, err = r.members(ctx, state, group.Name, joinDate, &resp.Diagnostics)
	}
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the members of RAM group %s", state.GroupName)
		return
	}
	before := state
	state.GroupName, state.GroupID = types.StringValue(group.Name), types.StringValue(group.ID)
	state.setUserNames(ctx, names, &resp.Diagnostics)
	if state.GroupName == before.GroupName && state.GroupID == before.GroupID && state.UserNames.Equal(before.UserNames) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity(ctx, &resp.Diagnostics))...)
}

func (r *membershipResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state membershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	wanted, held := plan.userNames(ctx, &resp.Diagnostics), state.userNames(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.GroupName.Equal(state.GroupName) {
		if _, found := r.FindOwner(ctx, membershipOwner, plan.GroupName, state.GroupID, &resp.Diagnostics); !found {
			return
		}
	}
	group := plan.GroupName.ValueString()
	joining, leaving := withoutRenamed(&r.Resource, without(wanted, held), without(held, wanted))
	if !checkJoining(ctx, &r.Resource, group, joining, &resp.Diagnostics) ||
		r.RefuseRemoval(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: group}, leaving, &resp.Diagnostics) {
		return
	}
	// Add first: a user who was renamed is a member under the new name already,
	// and nobody is left without the group's permissions in between.
	added, already := r.add(ctx, group, without(wanted, held), &resp.Diagnostics)
	warnOfMembers(slices.DeleteFunc(already, func(user string) bool { return !slices.Contains(joining, user) }), group, &resp.Diagnostics)
	if len(added) > 0 {
		resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	}
	held = append(held, added...)
	if !resp.Diagnostics.HasError() {
		held = without(held, r.remove(ctx, group, without(held, wanted), wanted, &resp.Diagnostics))
	}
	plan.setUserNames(ctx, held, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity(ctx, &resp.Diagnostics))...)
}

func (r *membershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state membershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	held := state.userNames(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.Client.Find(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: state.GroupName.ValueString(), ID: state.GroupID.ValueString()})
	if ramapi.IsNotFound(err) {
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to find RAM group %s", state.GroupName)
		return
	}
	if !r.RefuseRemoval(ctx, group, held, &resp.Diagnostics) {
		r.remove(ctx, group.Name, held, nil, &resp.Diagnostics)
	}
}

func (r *membershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := membershipModel{UserNames: types.SetNull(types.StringType)}
	if req.ID == "" {
		var identity membershipIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		imported.GroupName = identity.GroupName
		if !identity.UserNames.IsNull() {
			imported.setUserNames(ctx, stringsOf(ctx, identity.UserNames, &resp.Diagnostics), &resp.Diagnostics)
		}
	} else if group, users, ok := parseMembershipID(req.ID); ok {
		imported.GroupName = types.StringValue(group)
		if users != nil {
			imported.setUserNames(ctx, users, &resp.Diagnostics)
		}
	} else {
		resp.Diagnostics.AddError("Invalid import ID",
			fmt.Sprintf("%q is not the ID of a group membership. ", req.ID)+"Give the name of the group for everybody who is in it now, such as developers, or the group, a slash and names with commas between them for these alone, such as developers/alice,bob.")
	}
	base.CheckImportedName(base.GroupName, imported.GroupName.ValueString(), &resp.Diagnostics)
	if !imported.UserNames.IsNull() {
		for _, user := range stringsOf(ctx, imported.UserNames, &resp.Diagnostics) {
			base.CheckImportedName(base.UserName, user, &resp.Diagnostics)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, imported)...)
}

func (r *membershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanOwner(ctx, membershipOwner, req, resp)
	r.planGuards(ctx, req, resp)
}

// members gives those of the resource's users who are in the group, and after
// an import without names everybody who is.
func (r *membershipResource) members(ctx context.Context, m membershipModel, group, joinDate string, diags *diag.Diagnostics) ([]string, error) {
	if m.UserNames.IsNull() {
		return members(ctx, r.Client, group)
	}
	names := m.userNames(ctx, diags)
	for _, name := range names {
		r.Client.RecallMembership(name, group, joinDate)
	}
	return r.Client.MembersAmong(ctx, group, names)
}

// add makes the users members of the group, up to the first failure, and gives
// those who are members now, and those of them who already were. One whose
// answer was lost counts: it may be one.
func (r *membershipResource) add(ctx context.Context, group string, users []string, diags *diag.Diagnostics) (in, already []string) {
	for i, user := range users {
		added, err := r.Client.AddUserToGroup(ctx, user, group)
		if err == nil {
			if !added {
				already = append(already, user)
			}
			continue
		}
		base.AddErrorf(diags, err, "Unable to add RAM user %q to RAM group %q", user, group)
		if ramapi.IsLost(err) {
			i++
		}
		return users[:i], already
	}
	return users, already
}

// warnOfMembers warns where users were members already, by whatever hand.
func warnOfMembers(users []string, group string, diags *diag.Diagnostics) {
	if len(users) > 0 {
		diags.AddAttributeWarning(path.Root("user_names"), fmt.Sprintf("Already in RAM group %q", group),
			fmt.Sprintf("%s already belonged to the group. From now on this resource manages these memberships too: destroying it, or taking a name out of user_names, takes the user out of the group.",
				strings.Join(users, ", ")))
	}
}

// remove takes the users out of the group, up to the first failure, and gives
// those who are out. What is gone already is fine. A name stays that is one of
// the kept users in another spelling.
func (r *membershipResource) remove(ctx context.Context, group string, users, kept []string, diags *diag.Diagnostics) []string {
	for i, user := range users {
		isKept, err := r.isOneOf(ctx, user, kept)
		if err == nil && !isKept {
			err = r.Client.RemoveUserFromGroup(ctx, user, group)
		}
		if err != nil && !ramapi.IsNotFound(err) {
			base.AddErrorf(diags, err, "Unable to remove RAM user %q from RAM group %q", user, group)
			return users[:i]
		}
	}
	return users
}

// isOneOf reports whether the name and one of the others, which differ in case,
// are the same user. RAM's documentation leaves open whether case matters.
func (r *membershipResource) isOneOf(ctx context.Context, name string, others []string) (bool, error) {
	i := slices.IndexFunc(others, func(other string) bool { return strings.EqualFold(name, other) })
	if i < 0 {
		return false, nil
	}
	user, err := r.Client.PrincipalByName(ctx, ramapi.KindUser, name)
	if err != nil {
		return false, err
	}
	other, err := r.Client.PrincipalByName(ctx, ramapi.KindUser, others[i])
	return user.ID == other.ID, err
}

func parseMembershipID(id string) (group string, users []string, ok bool) {
	group, list, some := strings.Cut(id, "/")
	if some {
		users = strings.Split(list, ",")
	}
	for _, name := range append(users, group) {
		if name == "" || strings.ContainsAny(name, "/ ") {
			return "", nil, false
		}
	}
	return group, users, true
}

// without gives the names that are not among the others.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

// userNames gives the names in their order, so that calls and errors come in
// the same order each time.
func (m *membershipModel) userNames(ctx context.Context, diags *diag.Diagnostics) []string {
	return distinct(stringsOf(ctx, m.UserNames, diags))
}

func (m *membershipModel) setUserNames(ctx context.Context, names []string, diags *diag.Diagnostics) {
	set, problems := types.SetValueFrom(ctx, types.StringType, distinct(names))
	diags.Append(problems...)
	m.UserNames = set
}

func (m *membershipModel) identity(ctx context.Context, diags *diag.Diagnostics) membershipIdentity {
	if m.UserNames.IsNull() {
		return membershipIdentity{m.GroupName, types.ListNull(types.StringType)}
	}
	list, problems := types.ListValueFrom(ctx, types.StringType, m.userNames(ctx, diags))
	diags.Append(problems...)
	return membershipIdentity{m.GroupName, list}
}

// distinct gives each name once, in order. It is never nil, which the framework
// would take for null instead of an empty set.
func distinct(names []string) []string {
	sorted := append([]string{}, names...)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// collection is a list or a set.
type collection interface {
	ElementsAs(ctx context.Context, target any, allowUnhandled bool) diag.Diagnostics
}

func stringsOf(ctx context.Context, c collection, diags *diag.Diagnostics) []string {
	var texts []string
	diags.Append(c.ElementsAs(ctx, &texts, false)...)
	return texts
}
