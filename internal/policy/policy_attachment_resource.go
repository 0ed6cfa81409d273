package policy

import (
	"context"
	"fmt"
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
	PolicyName  types.String `tfsdk:"policy_name"`
	PolicyType  types.String `tfsdk:"policy_type"`
	UserName    types.String `tfsdk:"user_name"`
	GroupName   types.String `tfsdk:"group_name"`
	RoleName    types.String `tfsdk:"role_name"`
	PrincipalID types.String `tfsdk:"principal_id"`
}

type attachmentIdentity struct {
	PolicyName types.String `tfsdk:"policy_name"`
	PolicyType types.String `tfsdk:"policy_type"`
	UserName   types.String `tfsdk:"user_name"`
	GroupName  types.String `tfsdk:"group_name"`
	RoleName   types.String `tfsdk:"role_name"`
}

// The kinds of principals that a policy is attached to. At most one of the
// names is set.
var (
	userOwner  = base.Owner{Kind: ramapi.KindUser, NameAt: path.Root("user_name"), IDAt: path.Root("principal_id")}
	groupOwner = base.Owner{Kind: ramapi.KindGroup, NameAt: path.Root("group_name"), IDAt: path.Root("principal_id")}
	roleOwner  = base.Owner{Kind: ramapi.KindRole, NameAt: path.Root("role_name"), IDAt: path.Root("principal_id")}
)

func (r *attachmentResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_policy_attachment"
	resp.ResourceBehavior.MutableIdentity = true // users and groups can be renamed
}

func (r *attachmentResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Attaches one policy to one user, group or role, and leaves every other attachment of the policy and of the principal alone " +
			"(unlike `aws_iam_policy_attachment`, which is exclusive). The attachment holds for the whole account, not for a resource group.",
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
				MarkdownDescription: "Name of the role that gets the policy. Another role replaces the attachment.",
				Validators:          []validator.String{base.RoleName},
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
	err := r.Client.AttachPolicy(ctx, plan.PolicyName.ValueString(), plan.PolicyType.ValueString(), to)
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
	r.Client.RecallAttachment(state.PolicyName.ValueString(), state.PolicyType.ValueString(), state.principal(), attachDate)
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
	if err == nil {
		err = r.Client.DetachPolicy(ctx, state.PolicyName.ValueString(), state.PolicyType.ValueString(), from)
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
	attached, err := r.Client.PolicyAttached(ctx, p.Name, p.Type, to)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the policies of RAM %s %q", strings.ToLower(string(to.Kind)), to.Name)
		return
	}
	if !attached {
		resp.Diagnostics.AddError("Nothing to import", fmt.Sprintf("RAM policy %q is not attached to %s %q.", p.Name, strings.ToLower(string(to.Kind)), to.Name))
		return
	}
	m.PolicyName, m.PrincipalID = types.StringValue(p.Name), types.StringValue(to.ID)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *attachmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	for _, owner := range []base.Owner{userOwner, groupOwner, roleOwner} {
		r.PlanOwner(ctx, owner, req, resp)
	}
	r.checkSystemPolicy(ctx, req, resp)
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
	policyName, policyType, p := m.PolicyName.ValueString(), m.PolicyType.ValueString(), m.principal()
	attached, err := r.Client.PolicyAttached(ctx, policyName, policyType, p)
	if attached || err != nil && !ramapi.IsNotFound(err) {
		return p, attached, err
	}
	now, err := r.Client.Find(ctx, p)
	if err == nil && now.Name != p.Name {
		attached, err = r.Client.PolicyAttached(ctx, policyName, policyType, now)
	}
	if ramapi.IsNotFound(err) {
		return now, false, nil
	}
	return now, attached, err
}

// explainMissing adds an error where the policy does not exist, and reports
// whether it did.
func (r *attachmentResource) explainMissing(ctx context.Context, m attachmentModel, diags *diag.Diagnostics) bool {
	name, policyType := m.PolicyName.ValueString(), m.PolicyType.ValueString()
	if _, err := r.Client.Policy(ctx, name, policyType); !ramapi.IsNotFound(err) {
		return false
	}
	reason := "The account has no custom policy of this name."
	other := ramapi.PolicyTypeSystem
	if policyType == ramapi.PolicyTypeSystem {
		reason = "Alibaba Cloud has no system policy of this name."
		other = ramapi.PolicyTypeCustom
	}
	if _, err := r.Client.Policy(ctx, name, other); err == nil {
		reason += fmt.Sprintf(" There is one of the other type: write policy_type = %q.", other)
	}
	diags.AddAttributeError(path.Root("policy_name"), fmt.Sprintf("Unable to find RAM policy %q", name), reason)
	return true
}

// nameRules are the rules for the names of principals.
var nameRules = map[ramapi.Kind]base.NameRule{
	ramapi.KindUser: base.UserName, ramapi.KindGroup: base.GroupName, ramapi.KindRole: base.RoleName,
}

// owner gives the kind of principal and the attribute that names it.
func (m *attachmentModel) owner() (base.Owner, *types.String) {
	switch {
	case !m.UserName.IsNull():
		return userOwner, &m.UserName
	case !m.GroupName.IsNull():
		return groupOwner, &m.GroupName
	default:
		return roleOwner, &m.RoleName
	}
}

func (m *attachmentModel) principal() ramapi.Principal {
	owner, name := m.owner()
	return ramapi.Principal{Kind: owner.Kind, Name: name.ValueString(), ID: m.PrincipalID.ValueString()}
}

func (m *attachmentModel) identity() attachmentIdentity {
	return attachmentIdentity{m.PolicyName, m.PolicyType, m.UserName, m.GroupName, m.RoleName}
}

func (m *attachmentModel) fromIdentity(ctx context.Context, req resource.ImportStateRequest) diag.Diagnostics {
	var id attachmentIdentity
	diags := req.Identity.Get(ctx, &id)
	names := slices.DeleteFunc([]types.String{id.UserName, id.GroupName, id.RoleName}, types.String.IsNull)
	if !diags.HasError() && len(names) != 1 {
		diags.AddError("Invalid import identity", "Give exactly one of user_name, group_name and role_name.")
	}
	*m = attachmentModel{
		PolicyName: id.PolicyName, PolicyType: id.PolicyType,
		UserName: id.UserName, GroupName: id.GroupName, RoleName: id.RoleName,
	}
	return diags
}

// importID gives type/policy/kind/principal.
func (m *attachmentModel) importID() string {
	p := m.principal()
	return strings.Join([]string{m.PolicyType.ValueString(), m.PolicyName.ValueString(), strings.ToLower(string(p.Kind)), p.Name}, "/")
}

func (m *attachmentModel) fromImportID(id string) (diags diag.Diagnostics) {
	parts := strings.Split(id, "/")
	if len(parts) == 4 && !slices.Contains(parts, "") && slices.Contains([]string{ramapi.PolicyTypeSystem, ramapi.PolicyTypeCustom}, parts[0]) {
		m.PolicyType, m.PolicyName = types.StringValue(parts[0]), types.StringValue(parts[1])
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
		"System/AdministratorAccess/user/alice or Custom/read-logs/role/ops.", id))
	return diags
}
