package policy

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*policyResource)(nil)
	_ resource.ResourceWithIdentity    = (*policyResource)(nil)
	_ resource.ResourceWithImportState = (*policyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*policyResource)(nil)
)

type policyResource struct{ base.Resource }

// NewResource gives the resource ram_policy.
func NewResource() resource.Resource { return &policyResource{} }

type policyModel struct {
	Name           types.String        `tfsdk:"name"`
	PolicyDocument base.PolicyDocument `tfsdk:"policy_document"`
	Description    types.String        `tfsdk:"description"`
	Tags           types.Map           `tfsdk:"tags"`
	ForceDestroy   types.Bool          `tfsdk:"force_destroy"`
	DefaultVersion types.String        `tfsdk:"default_version"`
	CreateDate     types.String        `tfsdk:"create_date"`
	TagsAll        types.Map           `tfsdk:"tags_all"`
}

func (r *policyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_policy"
}

func (r *policyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom policy of the account: what is allowed or denied to whom it is attached. Its document is exclusive: what others change in that is changed " +
			"back. What it is attached to is left alone. It has no effect by itself: attach it with `ram_policy_attachment`." +
			base.Traps(
				"RAM cannot rename a policy. Another name makes another policy and attaches that anew, so that for a moment nobody has it, unless the attachments have "+
					"`lifecycle { create_before_destroy = true }`.",
				"A policy that is attached by others, outside this configuration too, is not destroyed; the error names to whom. `force_destroy`, applied beforehand, detaches it first.",
				"RAM keeps five versions. A change of the document deletes the oldest that is not in force, also one that somebody keeps to go back to.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of the policy, 1 to 128 letters, digits and `-`. RAM cannot rename a policy: changing the name replaces it. " +
					"RAM does not distinguish case here, so a change of case alone plans nothing.",
				Validators:    []validator.String{base.PolicyName},
				PlanModifiers: fixedName(),
			},
			"policy_document": base.PolicyDocumentAttribute(policydoc.Identity, "Policy as JSON, up to 6,144 characters. "+
				"A change makes a new default version; RAM keeps five, and the oldest other one makes room. "+
				"A new document that allows every action on every resource comes with a warning (see `advisories` of the provider)."),
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the policy is for, up to 1,024 characters. Empty when left out.",
				Validators:          base.ClearableText(1024),
			},
			"tags": base.TagsAttribute(base.RoleTags),
			"force_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying the policy also detaches it from users, groups and roles, in resource groups too, whoever attached it. " +
					"Otherwise, and when left out, an attached policy is not deleted. Its versions always go with it.",
			},
			"default_version": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Version of the document that is in force, such as `v2`.",
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the policy was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"tags_all": base.TagsAllAttribute(),
		},
	}
}

func (r *policyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the policy."},
	}}
}

func (r *policyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.CheckNew(ctx, ramapi.KindPolicy, plan.Name, &resp.Diagnostics) || !r.checkLength(ctx, plan, &resp.Diagnostics) {
		return
	}
	p, err := r.Client.CreatePolicy(ctx, ramapi.Policy{
		Name:        plan.Name.ValueString(),
		Document:    plan.PolicyDocument.ValueString(),
		Description: plan.Description.ValueString(),
		Tags:        base.TagMap(plan.TagsAll),
	})
	if ramapi.IsMalformedDocument(err) {
		base.AddAttributeErrorf(&resp.Diagnostics, path.Root("policy_document"), err, "Unable to create RAM policy %s", plan.Name)
		return
	}
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_policy", plan.Name.ValueString(), "Unable to create RAM policy %s", plan.Name)
		return
	}
	plan.DefaultVersion = types.StringValue(p.DefaultVersion)
	plan.CreateDate = types.StringValue(p.CreateDate)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *policyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state policyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindPolicy, state.Name.ValueString(), state.CreateDate.ValueString())
	p, err := r.Client.Policy(ctx, state.Name.ValueString(), ramapi.PolicyTypeCustom)
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM policy %s", state.Name)
		return
	}
	tags, err := r.Client.PolicyTags(ctx, p.Name)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the tags of RAM policy %s", state.Name)
		return
	}
	state.fromAPI(p)
	state.Tags, state.TagsAll = r.ReadTags(tags, state.Tags)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *policyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.PolicyDocument.Means(state.PolicyDocument) {
		if !r.checkLength(ctx, plan, &resp.Diagnostics) {
			return
		}
		version, err := r.Client.SetPolicyDocument(ctx, plan.Name.ValueString(), plan.PolicyDocument.ValueString())
		if err != nil {
			base.AddAttributeErrorf(&resp.Diagnostics, path.Root("policy_document"), err, "Unable to change the document of RAM policy %s", plan.Name)
			return
		}
		plan.DefaultVersion = types.StringValue(version.ID)
		state.PolicyDocument, state.DefaultVersion = plan.PolicyDocument, plan.DefaultVersion
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
	if change := base.Changed(plan.Description, state.Description); change != nil {
		if err := r.Client.SetPolicyDescription(ctx, plan.Name.ValueString(), *change); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to change the description of RAM policy %s", plan.Name)
			return
		}
		state.Description = plan.Description
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
	if err := r.Client.TagPolicy(ctx, plan.Name.ValueString(), r.TagChange(state.TagsAll, plan.TagsAll)); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to change the tags of RAM policy %s", plan.Name)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *policyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state policyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := state.Name.ValueString()
	if state.ForceDestroy.ValueBool() {
		if err := r.detachFromAll(ctx, name); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to detach RAM policy %q", name)
			return
		}
	}
	inGroups, err := r.DeleteDetaching(ctx, state.ForceDestroy.ValueBool(),
		func() error { return r.Client.DeletePolicy(ctx, name) },
		func() ([]ramapi.Attachment, error) {
			return r.Client.PolicyInResourceGroups(ctx, name, ramapi.PolicyTypeCustom)
		})
	if ramapi.IsDeleteConflict(err) {
		if obstacles := r.inTheWay(ctx, name, inGroups); obstacles != "" {
			resp.Diagnostics.AddError(fmt.Sprintf("Unable to delete RAM policy %q", name),
				fmt.Sprintf("The policy is still attached to %s. Detach it first, or set force_destroy = true and apply, then destroy.", obstacles))
			return
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete RAM policy %q", name)
	}
}

func (r *policyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.PolicyName, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var name types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, path.Root("name"), &name)...)
	if _, err := r.Client.Policy(ctx, name.ValueString(), ramapi.PolicyTypeCustom); !ramapi.IsNotFound(err) {
		return // Read says what else is wrong
	}
	if _, err := r.Client.Policy(ctx, name.ValueString(), ramapi.PolicyTypeSystem); err == nil {
		resp.Diagnostics.AddError("Unable to import a system policy",
			fmt.Sprintf("RAM policy %s is maintained by Alibaba Cloud and needs no ram_policy. Attach it with ram_policy_attachment and policy_type = \"System\".", name))
	}
}

func (r *policyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTags(ctx, base.RoleTags, req, resp)
	r.planGuards(ctx, req, resp)
	r.planDocument(ctx, req, resp)
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() && plan.PolicyDocument.Means(state.PolicyDocument) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("default_version"), state.DefaultVersion)...)
	}
}

// planDocument advises of a new document that allows everything, and notes it for
// the users who get it.
func (r *policyResource) planDocument(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state policyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || plan.PolicyDocument.IsUnknown() {
		return
	}
	everything := policydoc.AllowsEverything(plan.PolicyDocument.ValueString())
	r.PlanPolicy(plan.Name, everything)
	if everything && !plan.PolicyDocument.Means(state.PolicyDocument) {
		adviseOfEverything(r, &resp.Diagnostics, path.Root("policy_document"))
	}
}

// detachFromAll detaches the policy from everything. What is gone already is fine.
func (r *policyResource) detachFromAll(ctx context.Context, name string) error {
	principals, err := r.Client.PolicyPrincipals(ctx, name, ramapi.PolicyTypeCustom)
	if err != nil && !ramapi.IsNotFound(err) {
		return err
	}
	for _, p := range principals {
		if err := r.Client.DetachPolicy(ctx, name, ramapi.PolicyTypeCustom, p); err != nil && !ramapi.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// inTheWay says what the policy is attached to, empty for nothing or where
// that cannot be learned.
func (r *policyResource) inTheWay(ctx context.Context, name string, inGroups []ramapi.Attachment) string {
	principals, err := r.Client.PolicyPrincipals(ctx, name, ramapi.PolicyTypeCustom)
	if err != nil {
		return ""
	}
	names := map[ramapi.Kind][]string{}
	for _, p := range principals {
		names[p.Kind] = append(names[p.Kind], p.Name)
	}
	return base.InTheWay(base.Counted("user", names[ramapi.KindUser]),
		base.Counted("group", names[ramapi.KindGroup]), base.Counted("role", names[ramapi.KindRole]),
		base.PrincipalsInResourceGroups(inGroups))
}

func (m *policyModel) fromAPI(p ramapi.Policy) {
	if m.CreateDate.IsNull() {
		// An import may have spelled the name in another case.
		m.Name = types.StringValue(p.Name)
	}
	m.PolicyDocument = base.NewPolicyDocument(p.Document)
	m.Description = base.Text(p.Description, m.Description)
	m.DefaultVersion = types.StringValue(p.DefaultVersion)
	m.CreateDate = types.StringValue(p.CreateDate)
}
