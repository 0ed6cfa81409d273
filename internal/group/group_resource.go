// Package group holds RAM user groups and who is in them.
package group

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
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*groupResource)(nil)
	_ resource.ResourceWithIdentity    = (*groupResource)(nil)
	_ resource.ResourceWithImportState = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupResource)(nil)
)

type groupResource struct{ base.Resource }

// NewResource gives the resource ram_group.
func NewResource() resource.Resource { return &groupResource{} }

type groupModel struct {
	Name         types.String `tfsdk:"name"`
	Comments     types.String `tfsdk:"comments"`
	ForceDestroy types.Bool   `tfsdk:"force_destroy"`
	GroupID      types.String `tfsdk:"group_id"`
	CreateDate   types.String `tfsdk:"create_date"`
}

func (r *groupResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_group"
	resp.ResourceBehavior.MutableIdentity = true // RAM renames groups in place
}

func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM user group: permissions for everybody who is in it. It manages the group alone: members and policies stay as they are. Put users into it with " +
			"`ram_group_membership` and attach policies to it with `ram_policy_attachment`, so that who may do what follows from who is in which group." +
			base.Traps(
				"A group with members or policies from elsewhere is not destroyed; the error names them. `force_destroy`, applied beforehand, takes them off it first.",
				"A group is nobody who can take on a role: trust policies name users, roles and accounts. Let one trust the account, and give the group a policy that "+
					"allows `sts:AssumeRole` of the role.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the group, 1 to 64 letters, digits, `.`, `-` and `_`. It can be changed in place; members and policies stay.",
				Validators:          []validator.String{base.GroupName},
			},
			"comments": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the group is for, up to 128 characters. Empty when left out.",
				Validators:          base.ClearableText(128),
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying the group also takes its members out of it and detaches its policies, in resource groups too, whoever put them there. " +
					"Otherwise, and when left out, a group with any of these is not deleted. The users and policies themselves stay in any case.",
			},
			"group_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the group, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the group was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
}

func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the group."},
	}}
}

func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.CheckNew(ctx, ramapi.KindGroup, plan.Name, &resp.Diagnostics) {
		return
	}
	created, err := r.Client.CreateGroup(ctx, ramapi.Group{Name: plan.Name.ValueString(), Comments: plan.Comments.ValueString()})
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_group", plan.Name.ValueString(), "Unable to create RAM group %s", plan.Name)
		return
	}
	plan.setComputed(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	r.Client.ForgetRename(state.principal())
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindGroup, state.Name.ValueString(), state.CreateDate.ValueString())
	g, err := r.Client.RefreshGroup(ctx, ramapi.Group{
		ID: state.GroupID.ValueString(), Name: state.Name.ValueString(), Comments: state.Comments.ValueString(),
	})
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM group %s", state.Name)
		return
	}
	state.fromAPI(g)
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if change := plan.updateInput(state); change != (ramapi.GroupUpdate{}) {
		// Whoever has the name by now, the group is the one with the id.
		owner, err := r.Client.Find(ctx, state.principal())
		if err == nil {
			_, err = r.Client.UpdateGroup(ctx, owner.Name, owner.ID, change)
		}
		if err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to update RAM group %s", state.Name)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Whoever has the name by now, the group is the one with the id.
	owner, err := r.Client.Find(ctx, state.principal())
	if ramapi.IsNotFound(err) {
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to find RAM group %s", state.Name)
		return
	}
	if r.RefuseDeletion(ctx, owner, &resp.Diagnostics) {
		return
	}
	name := owner.Name
	if state.ForceDestroy.ValueBool() {
		if err := r.empty(ctx, name); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to remove the members and policies of RAM group %q", name)
			return
		}
	}
	inGroups, err := r.DeleteDetaching(ctx, state.ForceDestroy.ValueBool(),
		func() error { return r.Client.DeleteGroup(ctx, name) },
		func() ([]ramapi.Attachment, error) { return r.Client.PrincipalInResourceGroups(ctx, owner) })
	if ramapi.IsDeleteConflict(err) {
		if obstacles := r.inTheWay(ctx, name, inGroups); obstacles != "" {
			resp.Diagnostics.AddError(fmt.Sprintf("Unable to delete RAM group %q", name),
				fmt.Sprintf("The group still has %s. Remove them first, or set force_destroy = true and apply, then destroy.", obstacles))
			return
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete RAM group %q", name)
	}
}

func (r *groupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.GroupName, req, resp)
}

func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.planGuards(ctx, req, resp)
	if r.Client == nil || req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || plan.Name.IsUnknown() || plan.Name.Equal(state.Name) {
		return
	}
	r.PlanRename(ctx, state.principal(), plan.Name.ValueString(), &resp.Diagnostics)
}

// empty takes every member out of the group and detaches its policies. What is
// gone already is fine.
func (r *groupResource) empty(ctx context.Context, name string) error {
	members, err := members(ctx, r.Client, name)
	if err != nil && !ramapi.IsNotFound(err) {
		return err
	}
	for _, member := range members {
		if err := r.Client.RemoveUserFromGroup(ctx, member, name); err != nil && !ramapi.IsNotFound(err) {
			return err
		}
	}
	return r.Client.DetachAll(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: name})
}

// inTheWay says who is in the group and what is attached to it, empty for
// nothing or where that cannot be learned.
func (r *groupResource) inTheWay(ctx context.Context, name string, inGroups []ramapi.Attachment) string {
	members, err := members(ctx, r.Client, name)
	if err != nil {
		return ""
	}
	attached, err := r.Client.AttachedPolicies(ctx, ramapi.Principal{Kind: ramapi.KindGroup, Name: name})
	if err != nil {
		return ""
	}
	return base.InTheWay(base.Counted("member", members), base.AttachedPolicies(attached), base.PoliciesInResourceGroups(inGroups))
}

// members gives the names of everybody who is in the group.
func members(ctx context.Context, client *ramapi.Client, groupName string) ([]string, error) {
	var names []string
	for name, err := range client.GroupMembers(ctx, groupName) {
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

func (m *groupModel) principal() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindGroup, Name: m.Name.ValueString(), ID: m.GroupID.ValueString()}
}

func (m *groupModel) updateInput(prior groupModel) ramapi.GroupUpdate {
	return ramapi.GroupUpdate{
		Name:     base.Changed(m.Name, prior.Name),
		Comments: base.Changed(m.Comments, prior.Comments),
	}
}

func (m *groupModel) setComputed(g ramapi.Group) {
	m.GroupID = types.StringValue(g.ID)
	m.CreateDate = types.StringValue(g.CreateDate)
}

func (m *groupModel) fromAPI(g ramapi.Group) {
	m.setComputed(g)
	m.Name = types.StringValue(g.Name)
	m.Comments = base.Text(g.Comments, m.Comments)
}
