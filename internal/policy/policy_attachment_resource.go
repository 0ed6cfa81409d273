package policy

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ resource.ResourceWithConfigure        = (*attachmentResource)(nil)
	_ resource.ResourceWithIdentity         = (*attachmentResource)(nil)
	_ resource.ResourceWithImportState      = (*attachmentResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*attachmentResource)(nil)
	_ resource.ResourceWithConfigValidators = (*attachmentResource)(nil)
)

type attachmentResource struct{ base.Resource }

// NewAttachmentResource gives the resource ram_policy_attachment.
func NewAttachmentResource() resource.Resource { return &attachmentResource{} }

type attachmentModel struct {
	PolicyName      types.String `tfsdk:"policy_name"`
	PolicyType      types.String `tfsdk:"policy_type"`
	UserName        types.String `tfsdk:"user_name"`
	GroupName       types.String `tfsdk:"group_name"`
	RoleName        types.String `tfsdk:"role_name"`
	ResourceGroupID types.String `tfsdk:"resource_group_id"`
	PrincipalID     types.String `tfsdk:"principal_id"`
}

type attachmentIdentity struct {
	PolicyName      types.String `tfsdk:"policy_name"`
	PolicyType      types.String `tfsdk:"policy_type"`
	UserName        types.String `tfsdk:"user_name"`
	GroupName       types.String `tfsdk:"group_name"`
	RoleName        types.String `tfsdk:"role_name"`
	ResourceGroupID types.String `tfsdk:"resource_group_id"`
}

// The kinds of principals that a policy is attached to. At most one of the
// names is set.
var (
	userOwner  = base.Owner{Kind: ramapi.KindUser, NameAt: path.Root("user_name"), IDAt: path.Root("principal_id")}
	groupOwner = base.Owner{Kind: ramapi.KindGroup, NameAt: path.Root("group_name"), IDAt: path.Root("principal_id")}
	roleOwner  = base.Owner{Kind: ramapi.KindRole, NameAt: path.Root("role_name"), IDAt: path.Root("principal_id")}

	principalOwners = []base.Owner{userOwner, groupOwner, roleOwner}
)

func (r *attachmentResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_policy_attachment"
	resp.ResourceBehavior.MutableIdentity = true // users and groups can be renamed
}

func (r *attachmentResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Attaches one policy to one user, group or role, and leaves every other attachment of the policy and of the principal alone (unlike " +
			"`aws_iam_policy_attachment`, which is exclusive). The attachment holds for the whole account or, with `resource_group_id`, for the resources of one " +
			"resource group." +
			base.Traps(
				"What is attached already is not taken over but refused, with the ID to import it by: destroying one of two resources would detach it for both.",
				"A `ram_policy_attachments_exclusive` of the same user, group or role detaches what is not among its policies.",
				"An account may have a policy of its own under the name of a system policy: `policy_type` says which of the two is meant.",
			),
		Attributes: map[string]schema.Attribute{
			"policy_name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of the policy, 1 to 128 letters, digits and `-`. Changing it replaces the attachment. " +
					"RAM does not distinguish case here, so a change of case alone plans nothing.",
				Validators:    []validator.String{base.PolicyName},
				PlanModifiers: fixedName(),
			},
			"policy_type": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`System` for a policy that Alibaba Cloud maintains, `Custom` for one of the account such as a `ram_policy`. " +
					"Changing it replaces the attachment.",
				Validators:    []validator.String{stringvalidator.OneOf(ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"user_name": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Name of the user that gets the policy. Exactly one of `user_name`, `group_name` and `role_name` is given. " +
					"A renamed user keeps the attachment; another one replaces it.",
				Validators: []validator.String{base.UserName},
			},
			"group_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the group that gets the policy. A renamed group keeps the attachment; another one replaces it.",
				Validators:          []validator.String{base.GroupName},
			},
			"role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the role that gets the policy. Another role replaces the attachment. Not a service-linked role: its permissions are its service's.",
				Validators:          []validator.String{base.RoleName, base.OrdinaryRole("Its permissions are its service's, and cannot be changed.")},
			},
			"resource_group_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ID of the resource group that the attachment is limited to, such as `rg-acfmxazb4ph6aiy`. The whole account when left out. " +
					"These are different attachments, which may be there side by side. Changing it replaces the attachment.",
				Validators:    []validator.String{resourceGroupID()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"principal_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, group or role, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (r *attachmentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"policy_name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the policy."},
		"policy_type": identityschema.StringAttribute{RequiredForImport: true, Description: "System or Custom."},
		"user_name":   identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the user, if it is attached to one."},
		"group_name":  identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the group, if it is attached to one."},
		"role_name":   identityschema.StringAttribute{OptionalForImport: true, Description: "Name of the role, if it is attached to one."},

		"resource_group_id": identityschema.StringAttribute{OptionalForImport: true, Description: "ID of the resource group, if it is limited to one."},
	}}
}

func (r *attachmentResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(
		path.MatchRoot("user_name"), path.MatchRoot("group_name"), path.MatchRoot("role_name"),
	)}
}

func (r *attachmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan attachmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	owner, name := plan.owner()
	to, ok := r.FindOwner(ctx, owner, *name, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	if !r.checkRoom(ctx, plan, &resp.Diagnostics) {
		return
	}
	err := r.Client.Attach(ctx, plan.attachment(to))
	if ramapi.IsNotFound(err) && r.explainMissing(ctx, plan, &resp.Diagnostics) {
		return
	}
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_policy_attachment", plan.importID(), "Unable to attach RAM policy %s to %s", plan.PolicyName, *name)
		return
	}
	plan.PrincipalID = types.StringValue(to.ID)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *attachmentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state attachmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	attachDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	r.Client.RecallAttachment(state.attachment(state.principal()), attachDate)
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	_, name := state.owner()
	holder, attached, err := r.findHolder(ctx, state)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read which policies %s has", *name)
		return
	}
	if !attached {
		resp.State.RemoveResource(ctx)
		return
	}
	*name = types.StringValue(holder.Name)
	if state.PrincipalID.IsNull() { // moved from another provider
		state.PrincipalID = types.StringValue(holder.ID)
	}
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

// Update follows the principal to its new name; all else replaces the resource.
func (r *attachmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan attachmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	owner, name := plan.owner()
	if _, ok := r.FindOwner(ctx, owner, *name, plan.PrincipalID, &resp.Diagnostics); !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *attachmentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state attachmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Somebody else may have the name by now, and the same policy.
	from, err := r.Client.Find(ctx, state.principal())
	if err == nil && state.ResourceGroupID.IsNull() && r.RefuseDetachment(ctx, from, []ramapi.AttachedPolicy{state.policy()}, &resp.Diagnostics) {
		return
	}
	if err == nil {
		err = r.Client.Detach(ctx, state.attachment(from))
	}
	if err != nil && !ramapi.IsNotFound(err) {
		_, name := state.owner()
		base.AddErrorf(&resp.Diagnostics, err, "Unable to detach RAM policy %s from %s", state.PolicyName, *name)
	}
}

func (r *attachmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var m attachmentModel
	if req.ID != "" {
		resp.Diagnostics.Append(m.fromImportID(req.ID)...)
	} else {
		resp.Diagnostics.Append(m.fromIdentity(ctx, req)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if id := m.ResourceGroupID; !id.IsNull() && !resourceGroupIDs.MatchString(id.ValueString()) {
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf("%s is not the ID of a resource group, which begins with rg-.", id))
	}
	owner, name := m.owner()
	base.CheckImportedName(base.PolicyName, m.PolicyName.ValueString(), &resp.Diagnostics)
	base.CheckImportedName(nameRules[owner.Kind], name.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	to, ok := r.FindOwner(ctx, owner, *name, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	p, err := r.Client.Policy(ctx, m.PolicyName.ValueString(), m.PolicyType.ValueString())
	if ramapi.IsNotFound(err) && r.explainMissing(ctx, m, &resp.Diagnostics) {
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM policy %s", m.PolicyName)
		return
	}
	m.PolicyName, m.PrincipalID = types.StringValue(p.Name), types.StringValue(to.ID)
	attached, err := r.Client.IsAttached(ctx, m.attachment(to))
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the policies of RAM %s %q", strings.ToLower(string(to.Kind)), to.Name)
		return
	}
	if !attached {
		where := ""
		if !m.ResourceGroupID.IsNull() {
			where = " in " + m.ResourceGroupID.ValueString()
		}
		resp.Diagnostics.AddError("Nothing to import", fmt.Sprintf("RAM policy %q is not attached to %s %q%s.", p.Name, strings.ToLower(string(to.Kind)), to.Name, where))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *attachmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	for _, owner := range principalOwners {
		r.PlanOwner(ctx, owner, req, resp)
	}
	r.checkSystemPolicy(ctx, req, resp)
	r.planGuards(ctx, req, resp)
	r.planAccess(ctx, req, resp)
}

// planAccess notes what somebody gets with a new attachment for the whole account.
func (r *attachmentResource) planAccess(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || !req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	var plan attachmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !plan.PolicyName.IsUnknown() && !plan.PolicyType.IsUnknown() && plan.ResourceGroupID.IsNull() {
		policy := ramapi.AttachedPolicy{Name: plan.PolicyName.ValueString(), Type: plan.PolicyType.ValueString()}
		owner, name := plan.owner()
		r.PlanPolicies(ctx, owner.Kind, *name, []ramapi.AttachedPolicy{policy}, owner.NameAt, &resp.Diagnostics)
	}
}

// checkSystemPolicy refuses a new attachment of a system policy that does not
// exist. A custom policy may be made by the same apply.
func (r *attachmentResource) checkSystemPolicy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state attachmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	isNew := !plan.PolicyName.Equal(state.PolicyName) || !plan.PolicyType.Equal(state.PolicyType)
	if !resp.Diagnostics.HasError() && isNew && !plan.PolicyName.IsUnknown() && plan.PolicyType.ValueString() == ramapi.PolicyTypeSystem {
		r.explainMissing(ctx, plan, &resp.Diagnostics)
	}
}

// findHolder gives the principal as it is named now, and reports whether the
// policy is attached to it.
func (r *attachmentResource) findHolder(ctx context.Context, m attachmentModel) (ramapi.Principal, bool, error) {
	p := m.principal()
	if p.ID == "" {
		var err error
		if p, err = r.Client.Find(ctx, p); ramapi.IsNotFound(err) {
			return p, false, nil
		}
		if err != nil {
			return p, false, err
		}
	}
	attached, err := r.Client.IsAttached(ctx, m.attachment(p))
	if attached || err != nil && !ramapi.IsNotFound(err) {
		return p, attached, err
	}
	now, err := r.Client.Find(ctx, p)
	if err == nil && now.Name != p.Name {
		attached, err = r.Client.IsAttached(ctx, m.attachment(now))
	}
	if ramapi.IsNotFound(err) {
		return now, false, nil
	}
	return now, attached, err
}

// explainMissing adds an error where the policy does not exist, and reports
// whether it did.
func (r *attachmentResource) explainMissing(ctx context.Context, m attachmentModel, diags *diag.Diagnostics) bool {
	return explainMissing(ctx, r.Client, path.Root("policy_name"), m.PolicyName.ValueString(), m.PolicyType.ValueString(), diags)
}

// resourceGroupIDs are the ids of resource groups.
var resourceGroupIDs = regexp.MustCompile("^" + ramapi.ResourceGroupPrefix + "[A-Za-z0-9]+$")

func resourceGroupID() validator.String {
	return stringvalidator.RegexMatches(resourceGroupIDs, "must be the ID of a resource group, which begins with rg-; leave it out for the whole account")
}

// nameRules are the rules for the names of principals.
var nameRules = map[ramapi.Kind]base.NameRule{
	ramapi.KindUser: base.UserName, ramapi.KindGroup: base.GroupName, ramapi.KindRole: base.RoleName,
}

// owner gives the kind of principal and the attribute that names it.
func (m *attachmentModel) owner() (base.Owner, *types.String) {
	return ownerOf(&m.UserName, &m.GroupName, &m.RoleName)
}

func ownerOf(user, group, role *types.String) (base.Owner, *types.String) {
	switch {
	case !user.IsNull():
		return userOwner, user
	case !group.IsNull():
		return groupOwner, group
	default:
		return roleOwner, role
	}
}

func (m *attachmentModel) principal() ramapi.Principal {
	owner, name := m.owner()
	return ramapi.Principal{Kind: owner.Kind, Name: name.ValueString(), ID: m.PrincipalID.ValueString()}
}

// attachment is what the resource attaches to the principal as it is now.
func (m *attachmentModel) attachment(to ramapi.Principal) ramapi.Attachment {
	return ramapi.Attachment{
		PolicyName: m.PolicyName.ValueString(), PolicyType: m.PolicyType.ValueString(), To: to, ResourceGroupID: m.ResourceGroupID.ValueString(),
	}
}

func (m *attachmentModel) identity() attachmentIdentity {
	return attachmentIdentity{m.PolicyName, m.PolicyType, m.UserName, m.GroupName, m.RoleName, m.ResourceGroupID}
}

func (m *attachmentModel) fromIdentity(ctx context.Context, req resource.ImportStateRequest) diag.Diagnostics {
	var id attachmentIdentity
	diags := req.Identity.Get(ctx, &id)
	checkOnePrincipal(&diags, id.UserName, id.GroupName, id.RoleName)
	*m = attachmentModel{
		PolicyName: id.PolicyName, PolicyType: id.PolicyType,
		UserName: id.UserName, GroupName: id.GroupName, RoleName: id.RoleName, ResourceGroupID: id.ResourceGroupID,
	}
	return diags
}

// checkOnePrincipal adds an error where the identity of an import names none, or
// more than one.
func checkOnePrincipal(diags *diag.Diagnostics, names ...types.String) {
	if given := slices.DeleteFunc(names, types.String.IsNull); !diags.HasError() && len(given) != 1 {
		diags.AddError("Invalid import identity", "Give exactly one of user_name, group_name and role_name.")
	}
}

// importID gives type/policy/kind/principal and, where there is one, /resource-group.
func (m *attachmentModel) importID() string {
	p := m.principal()
	parts := []string{m.PolicyType.ValueString(), m.PolicyName.ValueString(), strings.ToLower(string(p.Kind)), p.Name}
	if !m.ResourceGroupID.IsNull() {
		parts = append(parts, m.ResourceGroupID.ValueString())
	}
	return strings.Join(parts, "/")
}

func (m *attachmentModel) fromImportID(id string) (diags diag.Diagnostics) {
	parts := strings.Split(id, "/")
	if (len(parts) == 4 || len(parts) == 5) && !slices.Contains(parts, "") && slices.Contains([]string{ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom}, parts[0]) {
		m.PolicyType, m.PolicyName = types.StringValue(parts[0]), types.StringValue(parts[1])
		if len(parts) == 5 {
			m.ResourceGroupID = types.StringValue(parts[4])
		}
		switch name := types.StringValue(parts[3]); parts[2] {
		case "user":
			m.UserName = name
			return nil
		case "group":
			m.GroupName = name
			return nil
		case "role":
			m.RoleName = name
			return nil
		}
	}
	diags.AddError("Invalid import ID", fmt.Sprintf("%q is not of the form type/policy/kind/principal, with the type System or Custom and the kind user, group or role: "+
		"System/AdministratorAccess/user/alice or Custom/read-logs/role/ops. Within a resource group its ID follows: Custom/read-logs/role/ops/rg-acfmxazb4ph6aiy.", id))
	return diags
}
