package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ resource.ResourceWithConfigure        = (*attachmentsExclusiveResource)(nil)
	_ resource.ResourceWithIdentity         = (*attachmentsExclusiveResource)(nil)
	_ resource.ResourceWithImportState      = (*attachmentsExclusiveResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*attachmentsExclusiveResource)(nil)
	_ resource.ResourceWithConfigValidators = (*attachmentsExclusiveResource)(nil)
)

type attachmentsExclusiveResource struct{ base.Resource }

// NewAttachmentsExclusiveResource gives the resource ram_policy_attachments_exclusive.
func NewAttachmentsExclusiveResource() resource.Resource { return &attachmentsExclusiveResource{} }

type attachmentsExclusiveModel struct {
	UserName        types.String `tfsdk:"user_name"`
	GroupName       types.String `tfsdk:"group_name"`
	RoleName        types.String `tfsdk:"role_name"`
	Policies        types.Set    `tfsdk:"policies"`
	DetachOnDestroy types.Bool   `tfsdk:"detach_on_destroy"`
	PrincipalID     types.String `tfsdk:"principal_id"`
	Removes         types.Set    `tfsdk:"removes"`
}

type attachmentsExclusiveIdentity struct {
	UserName  types.String `tfsdk:"user_name"`
	GroupName types.String `tfsdk:"group_name"`
	RoleName  types.String `tfsdk:"role_name"`
}

// attachedType is an element of policies.
var attachedType = types.ObjectType{AttrTypes: map[string]attr.Type{"policy_name": types.StringType, "policy_type": types.StringType}}

func (r *attachmentsExclusiveResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_policy_attachments_exclusive"
	resp.ResourceBehavior.MutableIdentity = true // users and groups can be renamed
}

func (r *attachmentsExclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All the policies that one user, group or role has: exclusive, everything else that is attached to it is removed. Each plan lists in `removes` what " +
			"goes. What it has through groups or within resource groups is not touched. Missing policies are attached before others are detached, unless the " +
			"principal is full." +
			base.Traps(
				"A user, group or role may have one of these resources. A `ram_policy_attachment` beside it is undone for a policy that is not among `policies`; for "+
					"one that is, let this resource depend on it. To take over from `ram_policy_attachment`, forget those with `removed { lifecycle { destroy = false } "+
					"}`: destroying them detaches the policies again.",
				"Terraform deletes a `ram_policy` before it takes the policy out of this resource, which RAM refuses. Where policies come and go, give them `lifecycle "+
					"{ create_before_destroy = true }`, which turns the order round, or `force_destroy`.",
			),
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the user whose policies these are. Exactly one of `user_name`, `group_name` and `role_name` is given. " +
					"A renamed user keeps the resource; another one replaces it.",
				Validators: []validator.String{base.UserName},
			},
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the group whose policies these are. A renamed group keeps the resource; another one replaces it.",
				Validators:          []validator.String{base.GroupName},
			},
			"role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the role whose policies these are. Another role replaces the resource.",
				Validators:          []validator.String{base.RoleName},
			},
			"policies": schema.SetNestedAttribute{
				Required:            true,
				MarkdownDescription: "The policies, all of them; `[]` leaves none. RAM attaches up to 10 custom and 20 system policies to a user, group or role.",
				Validators:          []validator.Set{eachPolicyOnce{}},
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"policy_name": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "Name of the policy, 1 to 128 letters, digits and `-`. RAM does not distinguish case here, so a change of case alone plans nothing.",
						Validators:          []validator.String{base.PolicyName},
					},
					"policy_type": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "`System` for a policy that Alibaba Cloud maintains, `Custom` for one of the account such as a `ram_policy`.",
						Validators:          []validator.String{stringvalidator.OneOf(ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom)},
					},
				}},
			},
			"detach_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying this resource detaches the policies that the state has. Left out or `false`, it only stops managing them: " +
					"a user, group or role that is deleted along with it then needs `force_destroy`. It counts once it has been applied.",
			},
			"principal_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, group or role, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"removes": base.RemovesAttribute("What a change detaches because it is not among `policies`, such as `System/ReadOnlyAccess`."),
		},
	}
}

func (r *attachmentsExclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name":  identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the user, if they are a user's."},
		"group_name": identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the group, if they are a group's."},
		"role_name":  identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the role, if they are a role's."},
	}}
}

func (r *attachmentsExclusiveResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(
		path.MatchRoot("user_name"), path.MatchRoot("group_name"), path.MatchRoot("role_name"),
	)}
}

// Create saves nothing where it fails half-way. What it has attached is found by
// the next apply, whereas a tainted resource would be destroyed first, and with
// detach_on_destroy that takes away what an administrator needs to go on.
func (r *attachmentsExclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan attachmentsExclusiveModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	owner, name := plan.owner()
	to, ok := r.FindOwner(ctx, owner, *name, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	r.makeExactly(ctx, to, plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.PrincipalID = types.StringValue(to.ID)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *attachmentsExclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state attachmentsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	attachDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	of, err := r.Client.Find(ctx, state.principal())
	var attached []ramapi.AttachedPolicy
	if err == nil {
		attached, err = r.attachedTo(ctx, of, state, attachDate)
	}
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read which policies %s has", describe(state.principal()))
		return
	}
	_, name := state.owner()
	policies := setOf(inSpellingOf(attached, state.Policies))
	if name.ValueString() == of.Name && state.Policies.Equal(policies) {
		return // what is in the response already
	}
	*name, state.Policies, state.Removes = types.StringValue(of.Name), policies, base.TextSet(nil)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

func (r *attachmentsExclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan attachmentsExclusiveModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	owner, name := plan.owner()
	of, ok := r.FindOwner(ctx, owner, *name, plan.PrincipalID, &resp.Diagnostics)
	if !ok {
		return
	}
	has, ok := r.makeExactly(ctx, of, plan, &resp.Diagnostics)
	if !ok {
		return
	}
	if resp.Diagnostics.HasError() {
		plan.Policies, plan.Removes = setOf(inSpellingOf(has, plan.Policies)), base.TextSet(nil)
	}
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *attachmentsExclusiveResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state attachmentsExclusiveModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.DetachOnDestroy.ValueBool() {
		return
	}
	// Somebody else may have the name by now.
	from, err := r.Client.Find(ctx, state.principal())
	if ramapi.IsNotFound(err) {
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to find %s", describe(state.principal()))
		return
	}
	held, _ := policiesIn(state.Policies)
	if !r.RefuseDetachment(ctx, from, held, &resp.Diagnostics) {
		r.detach(ctx, from, held, &resp.Diagnostics)
	}
}

func (r *attachmentsExclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	m := attachmentsExclusiveModel{Policies: types.SetNull(attachedType), Removes: base.TextSet(nil)}
	if req.ID != "" {
		resp.Diagnostics.Append(m.fromImportID(req.ID)...)
	} else {
		resp.Diagnostics.Append(m.fromIdentity(ctx, req)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	owner, name := m.owner()
	base.CheckImportedName(nameRules[owner.Kind], name.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	of, ok := r.FindOwner(ctx, owner, *name, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	m.PrincipalID = types.StringValue(of.ID)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *attachmentsExclusiveResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	for _, owner := range principalOwners {
		r.PlanOwner(ctx, owner, req, resp)
	}
	r.planDestruction(ctx, req, resp)
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) || resp.Diagnostics.HasError() {
		return
	}
	var plan, state attachmentsExclusiveModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	updates := !req.State.Raw.IsNull() && len(resp.RequiresReplace) == 0
	if updates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case updates:
		plan.keepSpelling(state)
		plan.Removes = removes(state.Policies, plan.Policies)
		if plan.equal(state) {
			plan.Removes = state.Removes
		}
	default:
		r.planCreation(ctx, &plan, &resp.Diagnostics)
	}
	r.checkSystemPolicies(ctx, plan, state, &resp.Diagnostics)
	r.planRoom(ctx, plan, &resp.Diagnostics)
	if !plan.Removes.Equal(state.Removes) {
		r.RefuseDetachment(ctx, plan.principal(), removedBy(plan.Removes), &resp.Diagnostics)
	}
	owner, name := plan.owner()
	r.PlanPolicies(ctx, owner.Kind, *name, added(plan, state), owner.NameAt, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("policies"), plan.Policies)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("removes"), plan.Removes)...)
}

// planCreation plans what a creation removes from a principal that exists.
func (r *attachmentsExclusiveResource) planCreation(ctx context.Context, plan *attachmentsExclusiveModel, diags *diag.Diagnostics) {
	owner, name := plan.owner()
	if name.IsUnknown() {
		return
	}
	of := plan.principal()
	if renamed, planned := r.Client.PlannedRename(owner.Kind, of.Name); planned {
		of.ID = renamed.ID
	}
	of, err := r.Client.Find(ctx, of)
	var attached []ramapi.AttachedPolicy
	if err == nil {
		attached, err = r.Client.PoliciesBefore(ctx, of)
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(diags, err, "Unable to read which policies %s has", describe(plan.principal()))
		return
	}
	plan.Removes = removes(setOf(attached), plan.Policies)
	if !plan.Removes.IsUnknown() {
		wanted, _ := policiesIn(plan.Policies)
		base.WarnOfRemovals(typedNames(without(attached, wanted)), describe(of), diags)
	}
}

// checkSystemPolicies refuses new system policies that do not exist. A custom
// policy may be made by the same apply.
func (r *attachmentsExclusiveResource) checkSystemPolicies(ctx context.Context, plan, state attachmentsExclusiveModel, diags *diag.Diagnostics) {
	for _, p := range added(plan, state) {
		if p.Type == ramapi.PolicyTypeSystem {
			explainMissing(ctx, r.Client, path.Root("policies"), p.Name, p.Type, diags)
		}
	}
}

// added gives the known policies that the plan has and the state has not.
func added(plan, state attachmentsExclusiveModel) []ramapi.AttachedPolicy {
	wanted, _ := policiesIn(plan.Policies)
	held, _ := policiesIn(state.Policies)
	return without(wanted, held)
}

// attachedTo gives everything that the principal has. What the state has and
// the service does not show may be so new that it will.
func (r *attachmentsExclusiveResource) attachedTo(ctx context.Context, of ramapi.Principal, state attachmentsExclusiveModel, attachDate string) ([]ramapi.AttachedPolicy, error) {
	attached, err := r.Client.PoliciesOf(ctx, of)
	if err != nil {
		return nil, err
	}
	held, _ := policiesIn(state.Policies)
	for _, p := range without(held, attached) {
		r.Client.RecallAttachment(ramapi.Attachment{PolicyName: p.Name, PolicyType: p.Type, To: of}, attachDate)
		shows, err := r.Client.PolicyAttached(ctx, p.Name, p.Type, of)
		if err != nil {
			return nil, err
		}
		if shows {
			attached = append(slices.Clone(attached), p)
		}
	}
	return attached, nil
}

// makeExactly attaches what is missing and detaches what the plan removes, up to
// the first failure. It gives what the principal has then, and false where it
// has changed nothing.
func (r *attachmentsExclusiveResource) makeExactly(ctx context.Context, to ramapi.Principal, plan attachmentsExclusiveModel, diags *diag.Diagnostics) (has []ramapi.AttachedPolicy, ok bool) {
	has, err := r.Client.AttachedPolicies(ctx, to)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to read which policies %s has", describe(to))
		return nil, false
	}
	wanted, _ := policiesIn(plan.Policies)
	foreign, missing := without(has, wanted), without(wanted, has)
	if !base.CheckRemoves(notPlanned(foreign, plan.Removes), describe(to), diags) {
		return nil, false
	}
	if !r.checkRoom(ctx, to, wanted, diags) || r.RefuseDetachment(ctx, to, foreign, diags) {
		return nil, false
	}
	// Attach first, so that nobody is without a permission in between.
	for i, p := range missing {
		err := r.Client.AttachPolicy(ctx, p.Name, p.Type, to)
		if ramapi.IsLimitExceeded(err) && len(foreign) > 0 {
			// Then there is no room until something has gone.
			gone := r.detach(ctx, to, foreign, diags)
			has, foreign = without(has, gone), nil
			if diags.HasError() {
				return append(has, missing[:i]...), true
			}
			err = r.Client.AttachPolicy(ctx, p.Name, p.Type, to)
		}
		if ramapi.IsNotFound(err) && explainMissing(ctx, r.Client, path.Root("policies"), p.Name, p.Type, diags) {
			return append(has, missing[:i]...), true
		}
		if err != nil && !ramapi.IsAlreadyExists(err) {
			base.AddErrorf(diags, err, "Unable to attach RAM policy %q to %s", p.Name, describe(to))
			return append(has, missing[:i]...), true
		}
	}
	gone := r.detach(ctx, to, foreign, diags)
	return append(without(has, gone), missing...), true
}

// detach detaches the policies, up to the first failure, and gives those that
// are. What is gone already is fine.
func (r *attachmentsExclusiveResource) detach(ctx context.Context, from ramapi.Principal, policies []ramapi.AttachedPolicy, diags *diag.Diagnostics) []ramapi.AttachedPolicy {
	for i, p := range policies {
		if err := r.Client.DetachPolicy(ctx, p.Name, p.Type, from); err != nil && !ramapi.IsNotFound(err) {
			base.AddErrorf(diags, err, "Unable to detach RAM policy %q from %s", p.Name, describe(from))
			return policies[:i]
		}
	}
	return policies
}

// removes gives what is attached and not wanted, unknown where unknown policies
// may turn out to be it.
func removes(attached, wanted types.Set) types.Set {
	has, _ := policiesIn(attached)
	wants, whole := policiesIn(wanted)
	foreign := without(has, wants)
	if len(foreign) > 0 && !whole {
		return types.SetUnknown(types.StringType)
	}
	return base.TextSet(typedNames(foreign))
}

// removedBy gives the policies that removes names.
func removedBy(removes types.Set) []ramapi.AttachedPolicy {
	var removed []ramapi.AttachedPolicy
	for _, element := range removes.Elements() {
		text, _ := element.(types.String)
		policyType, name, _ := strings.Cut(text.ValueString(), "/")
		removed = append(removed, ramapi.AttachedPolicy{Name: name, Type: policyType})
	}
	return removed
}

// notPlanned names the policies that are not in removes, which has those of the
// state in their spelling there.
func notPlanned(foreign []ramapi.AttachedPolicy, removes types.Set) []string {
	planned := removes.Elements()
	return slices.DeleteFunc(typedNames(foreign), func(name string) bool {
		return slices.ContainsFunc(planned, func(element attr.Value) bool {
			text, _ := element.(types.String)
			return strings.EqualFold(text.ValueString(), name)
		})
	})
}

// policiesIn gives the policies of a set as far as they are known, in order, so
// that calls and errors come in the same order each time. whole tells that all are.
func policiesIn(set types.Set) (known []ramapi.AttachedPolicy, whole bool) {
	whole = !set.IsUnknown()
	for _, element := range set.Elements() {
		p, ok := policyIn(element)
		if !ok {
			whole = false
			continue
		}
		known = append(known, p)
	}
	slices.SortFunc(known, func(a, b ramapi.AttachedPolicy) int { return strings.Compare(typedName(a), typedName(b)) })
	return known, whole
}

func policyIn(element attr.Value) (p ramapi.AttachedPolicy, known bool) {
	object, _ := element.(types.Object)
	name, _ := object.Attributes()["policy_name"].(types.String)
	policyType, _ := object.Attributes()["policy_type"].(types.String)
	p = ramapi.AttachedPolicy{Name: name.ValueString(), Type: policyType.ValueString()}
	return p, p.Name != "" && p.Type != ""
}

func setOf(policies []ramapi.AttachedPolicy) types.Set {
	elements := make([]attr.Value, 0, len(policies))
	for _, p := range policies {
		elements = append(elements, types.ObjectValueMust(attachedType.AttrTypes, map[string]attr.Value{
			"policy_name": types.StringValue(p.Name), "policy_type": types.StringValue(p.Type),
		}))
	}
	return types.SetValueMust(attachedType, elements)
}

// inSpellingOf gives the policies, those that the set has as it spells them.
func inSpellingOf(policies []ramapi.AttachedPolicy, set types.Set) []ramapi.AttachedPolicy {
	spelled, _ := policiesIn(set)
	out := slices.Clone(policies)
	for i, p := range out {
		if at := slices.IndexFunc(spelled, func(s ramapi.AttachedPolicy) bool { return s.Is(p.Name, p.Type) }); at >= 0 {
			out[i] = spelled[at]
		}
	}
	return out
}

// without gives the policies that are not among the others.
func without(policies, others []ramapi.AttachedPolicy) []ramapi.AttachedPolicy {
	return slices.DeleteFunc(slices.Clone(policies), func(p ramapi.AttachedPolicy) bool {
		return slices.ContainsFunc(others, func(other ramapi.AttachedPolicy) bool { return p.Is(other.Name, other.Type) })
	})
}

// typedName names a policy as removes does.
func typedName(p ramapi.AttachedPolicy) string { return p.Type + "/" + p.Name }

func typedNames(policies []ramapi.AttachedPolicy) []string {
	out := make([]string, 0, len(policies))
	for _, p := range policies {
		out = append(out, typedName(p))
	}
	return out
}

// describe names a principal in messages.
func describe(p ramapi.Principal) string {
	return fmt.Sprintf("RAM %s %q", strings.ToLower(string(p.Kind)), p.Name)
}

// eachPolicyOnce refuses a policy that is there twice, in two spellings.
type eachPolicyOnce struct{}

func (eachPolicyOnce) Description(context.Context) string { return "each policy once" }

func (v eachPolicyOnce) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateSet refuses names of one type that differ in case only.
func (eachPolicyOnce) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	policies, _ := policiesIn(req.ConfigValue)
	for i, p := range policies {
		if j := slices.IndexFunc(policies[:i], func(other ramapi.AttachedPolicy) bool { return p.Is(other.Name, other.Type) }); j >= 0 {
			resp.Diagnostics.AddAttributeError(req.Path, "Policy given twice",
				fmt.Sprintf("%s and %s are the same policy: RAM does not distinguish the case of its name.", typedName(policies[j]), typedName(p)))
		}
	}
}

// owner gives the kind of principal and the attribute that names it.
func (m *attachmentsExclusiveModel) owner() (base.Owner, *types.String) {
	return ownerOf(&m.UserName, &m.GroupName, &m.RoleName)
}

func (m *attachmentsExclusiveModel) principal() ramapi.Principal {
	owner, name := m.owner()
	return ramapi.Principal{Kind: owner.Kind, Name: name.ValueString(), ID: m.PrincipalID.ValueString()}
}

func (m *attachmentsExclusiveModel) identity() attachmentsExclusiveIdentity {
	return attachmentsExclusiveIdentity{m.UserName, m.GroupName, m.RoleName}
}

// keepSpelling plans the prior name of each policy for one that differs in case
// only, unless some are unknown.
func (m *attachmentsExclusiveModel) keepSpelling(state attachmentsExclusiveModel) {
	if wanted, whole := policiesIn(m.Policies); whole {
		m.Policies = setOf(inSpellingOf(wanted, state.Policies))
	}
}

// equal reports whether the plan changes nothing of the state.
func (m *attachmentsExclusiveModel) equal(state attachmentsExclusiveModel) bool {
	return m.identity() == state.identity() && m.Policies.Equal(state.Policies) && m.DetachOnDestroy.Equal(state.DetachOnDestroy)
}

func (m *attachmentsExclusiveModel) fromIdentity(ctx context.Context, req resource.ImportStateRequest) diag.Diagnostics {
	var id attachmentsExclusiveIdentity
	diags := req.Identity.Get(ctx, &id)
	checkOnePrincipal(&diags, id.UserName, id.GroupName, id.RoleName)
	m.UserName, m.GroupName, m.RoleName = id.UserName, id.GroupName, id.RoleName
	return diags
}

func (m *attachmentsExclusiveModel) fromImportID(id string) (diags diag.Diagnostics) {
	kind, name, _ := strings.Cut(id, "/")
	switch kind {
	case "user":
		m.UserName = types.StringValue(name)
	case "group":
		m.GroupName = types.StringValue(name)
	case "role":
		m.RoleName = types.StringValue(name)
	default:
		diags.AddError("Invalid import ID", fmt.Sprintf("%q is not of the form kind/principal, with the kind user, group or role: user/alice or group/administrators.", id))
	}
	return diags
}
