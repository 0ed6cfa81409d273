// Package role holds RAM roles and who may assume them.
package role

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*roleResource)(nil)
	_ resource.ResourceWithIdentity    = (*roleResource)(nil)
	_ resource.ResourceWithImportState = (*roleResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*roleResource)(nil)
)

type roleResource struct{ base.Resource }

// NewResource gives the resource ram_role.
func NewResource() resource.Resource { return &roleResource{} }

type roleModel struct {
	Name                     types.String        `tfsdk:"name"`
	AssumeRolePolicyDocument base.PolicyDocument `tfsdk:"assume_role_policy_document"`
	Description              types.String        `tfsdk:"description"`
	MaxSessionDuration       types.Int64         `tfsdk:"max_session_duration"`
	Tags                     types.Map           `tfsdk:"tags"`
	AllowTrustBroadening     types.Bool          `tfsdk:"allow_trust_broadening"`
	ForceDestroy             types.Bool          `tfsdk:"force_destroy"`
	RoleID                   types.String        `tfsdk:"role_id"`
	ARN                      types.String        `tfsdk:"arn"`
	CreateDate               types.String        `tfsdk:"create_date"`
	TagsAll                  types.Map           `tfsdk:"tags_all"`
}

func (r *roleResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_role"
}

func (r *roleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM role: permissions that people, programs, cloud services or users of an identity provider take on for a while, without a lasting key. Its trust " +
			"policy is exclusive: what others add to that is removed. Its policies are left alone. Who may take it on is said by its trust policy, what it may do " +
			"by `ram_policy_attachment`." +
			base.Traps(
				"RAM cannot rename a role. Another name makes another role with another ARN, and whoever takes on the old one is refused.",
				"RAM refuses a trust policy that names a user or role who is not there, so refer to `ram_user.alice.arn` rather than write the ARN: Terraform then "+
					"makes the user first, and the policy follows a rename.",
				"An ephemeral `ram_assume_role` opens its session while planning. Raise `max_session_duration` in one apply, and its `duration_seconds` in the next.",
				"A role with policies from elsewhere is not destroyed; the error names them. `force_destroy`, applied beforehand, detaches them first.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the role, 1 to 64 letters, digits, `.`, `-` and, where the service takes it, `_`. RAM cannot rename a role: changing the name replaces it.",
				Validators:          []validator.String{base.RoleName, base.OrdinaryRole("Manage it with ram_service_linked_role.")},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"assume_role_policy_document": base.PolicyDocumentAttribute(policydoc.Trust, "Trust policy as JSON: who may assume the role. "+
				"A change of who that is comes with a warning that lists whom it adds and removes (see `advisories` of the provider)."),
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the role is for, up to 1,024 characters. Empty when left out.",
				Validators:          base.ClearableText(1024),
			},
			"max_session_duration": schema.Int64Attribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Longest session of the role in seconds, 3600 to 43200. The service decides, 3600 for a new role, when it is left out; removing the argument changes nothing.",
				Validators:          []validator.Int64{int64validator.Between(3600, 43200)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"tags": base.TagsAttribute(base.RoleTags),
			"allow_trust_broadening": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the trust policy may trust anyone at all: `*`, or an ARN with a wildcard for its account, such as `acs:ram::*:root`. " +
					"Otherwise, and when left out, a new or changed policy that does is refused, whatever its conditions; one that the role has already is left alone.",
			},
			"force_destroy": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether destroying the role also detaches its policies, in resource groups too, whoever attached them. Otherwise, and when left out, a role with policies is not deleted.",
			},
			"role_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the role.",
				PlanModifiers:       keep,
			},
			"arn": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ARN of the role as the service gives it. The service may write the name in lower case there; compare role ARNs without regard to case.",
				PlanModifiers:       keep,
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the role was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       keep,
			},
			"tags_all": base.TagsAllAttribute(),
		},
	}
}

func (r *roleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the role."},
	}}
}

func (r *roleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.CheckNew(ctx, ramapi.KindRole, plan.Name, &resp.Diagnostics) {
		return
	}
	if refuseAnyone(plan, roleModel{}, &resp.Diagnostics) {
		return
	}
	created, err := r.Client.CreateRole(ctx, ramapi.Role{
		Name:                     plan.Name.ValueString(),
		AssumeRolePolicyDocument: plan.AssumeRolePolicyDocument.ValueString(),
		Description:              plan.Description.ValueString(),
		MaxSessionDuration:       plan.MaxSessionDuration.ValueInt64(),
		Tags:                     base.TagMap(plan.TagsAll),
	})
	if ramapi.IsMalformedDocument(err) {
		base.AddAttributeErrorf(&resp.Diagnostics, trustAt, err, "Unable to create RAM role %s", plan.Name)
		return
	}
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_role", plan.Name.ValueString(), "Unable to create RAM role %s", plan.Name)
		return
	}
	plan.setComputed(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *roleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindRole, state.Name.ValueString(), state.CreateDate.ValueString())
	found, err := r.Client.Role(ctx, state.Name.ValueString())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM role %s", state.Name)
		return
	}
	tags, err := r.Client.RoleTags(ctx, found.Name)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the tags of RAM role %s", state.Name)
		return
	}
	state.fromAPI(found)
	state.Tags, state.TagsAll = r.ReadTags(tags, state.Tags)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *roleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state roleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if refuseAnyone(plan, state, &resp.Diagnostics) {
		return
	}
	change := ramapi.RoleUpdate{
		Description:              base.Changed(plan.Description, state.Description),
		AssumeRolePolicyDocument: base.Changed(plan.AssumeRolePolicyDocument.StringValue, state.AssumeRolePolicyDocument.StringValue),
		MaxSessionDuration:       plan.MaxSessionDuration.ValueInt64(),
	}
	if change != (ramapi.RoleUpdate{MaxSessionDuration: state.MaxSessionDuration.ValueInt64()}) {
		_, err := r.Client.UpdateRole(ctx, plan.Name.ValueString(), change)
		if ramapi.IsMalformedDocument(err) {
			base.AddAttributeErrorf(&resp.Diagnostics, trustAt, err, "Unable to update RAM role %s", plan.Name)
			return
		}
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to update RAM role %s", plan.Name)
			return
		}
		updated := plan // the tags are as before so far
		updated.Tags, updated.TagsAll = state.Tags, state.TagsAll
		resp.Diagnostics.Append(resp.State.Set(ctx, updated)...)
	}
	if err := r.Client.TagRole(ctx, plan.Name.ValueString(), r.TagChange(state.TagsAll, plan.TagsAll)); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to change the tags of RAM role %s", plan.Name)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *roleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state roleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if ramapi.IsServiceLinkedRole(state.Name.ValueString()) {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to delete RAM role %s", state.Name),
			"It is a service-linked role, which RAM's DeleteRole does not delete. Take this resource out of the state with a removed block, and import the role as ram_service_linked_role.")
		return
	}
	role := state.principal()
	if r.RefuseDeletion(ctx, role, &resp.Diagnostics) {
		return
	}
	if state.ForceDestroy.ValueBool() {
		if err := r.Client.DetachAll(ctx, role); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to detach the policies of RAM role %s", state.Name)
			return
		}
	}
	inGroups, err := r.DeleteDetaching(ctx, state.ForceDestroy.ValueBool(),
		func() error { return r.Client.DeleteRole(ctx, role.Name) },
		func() ([]ramapi.Attachment, error) { return r.Client.PrincipalInResourceGroups(ctx, role) })
	if ramapi.IsDeleteConflict(err) {
		if obstacles := r.inTheWay(ctx, role, inGroups); obstacles != "" {
			resp.Diagnostics.AddError(fmt.Sprintf("Unable to delete RAM role %s", state.Name),
				fmt.Sprintf("The role still has %s. Detach them first, or set force_destroy = true and apply, then destroy.", obstacles))
			return
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete RAM role %s", state.Name)
	}
}

func (r *roleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.RoleName, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var name types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("name"), &name)...)
	if ramapi.IsServiceLinkedRole(name.ValueString()) {
		resp.Diagnostics.AddError("Unable to import a service-linked role",
			fmt.Sprintf("RAM role %s belongs to an Alibaba Cloud service, and ram_role cannot change or delete it. Import it as ram_service_linked_role.", name))
	}
}

func (r *roleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTags(ctx, base.RoleTags, req, resp)
	r.planGuards(ctx, req, resp)
	r.planTrust(ctx, req, resp)
}

// inTheWay says which policies are attached to the role, empty for none or
// where that cannot be learned.
func (r *roleResource) inTheWay(ctx context.Context, role ramapi.Principal, inGroups []ramapi.Attachment) string {
	policies, err := r.Client.AttachedPolicies(ctx, role)
	if err != nil {
		return ""
	}
	return base.InTheWay(base.AttachedPolicies(policies), base.PoliciesInResourceGroups(inGroups))
}

func (m *roleModel) setComputed(r ramapi.Role) {
	m.RoleID = types.StringValue(r.ID)
	m.ARN = types.StringValue(r.ARN)
	m.CreateDate = types.StringValue(r.CreateDate)
	m.MaxSessionDuration = types.Int64Value(r.MaxSessionDuration)
}

func (m *roleModel) fromAPI(r ramapi.Role) {
	m.setComputed(r)
	m.Name = types.StringValue(r.Name)
	m.AssumeRolePolicyDocument = base.NewPolicyDocument(r.AssumeRolePolicyDocument)
	m.Description = base.Text(r.Description, m.Description)
}
