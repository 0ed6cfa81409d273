// Package user holds RAM users, their console logins, their MFA devices and
// their access keys.
package user

import (
	"context"
	"fmt"
	"strings"

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
	_ resource.ResourceWithConfigure   = (*userResource)(nil)
	_ resource.ResourceWithIdentity    = (*userResource)(nil)
	_ resource.ResourceWithImportState = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userResource)(nil)
)

type userResource struct{ base.Resource }

// NewResource gives the resource ram_user.
func NewResource() resource.Resource { return &userResource{} }

type userModel struct {
	Name              types.String `tfsdk:"name"`
	DisplayName       types.String `tfsdk:"display_name"`
	Email             types.String `tfsdk:"email"`
	MobilePhone       types.String `tfsdk:"mobile_phone"`
	Comments          types.String `tfsdk:"comments"`
	Tags              types.Map    `tfsdk:"tags"`
	ForceDestroy      types.Bool   `tfsdk:"force_destroy"`
	Frozen            types.Bool   `tfsdk:"frozen"`
	UserID            types.String `tfsdk:"user_id"`
	ARN               types.String `tfsdk:"arn"`
	UserPrincipalName types.String `tfsdk:"user_principal_name"`
	ProvisionType     types.String `tfsdk:"provision_type"`
	CreateDate        types.String `tfsdk:"create_date"`
	TagsAll           types.Map    `tfsdk:"tags_all"`
}

func (r *userResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_user"
	resp.ResourceBehavior.MutableIdentity = true // RAM renames users in place
}

func (r *userResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A RAM user: one person or one program. It manages the user alone: what the user has, and who else there is, stays as it is. A user can do nothing by " +
			"itself: give it a console login with `ram_login_profile` *or* a key with `ram_access_key`, and permissions through its groups." +
			base.Traps(
				"A user with a key, login, MFA device, group or policy from elsewhere is not destroyed; the error names them. `force_destroy`, applied beforehand, removes them first.",
				"RAM may keep a user that is destroyed in its recycle bin for 30 days, and the name with it: the error then says until when, and how to restore the "+
					"user or to delete it for good.",
				"A rename changes the ARN and the name to log on with. Policies elsewhere that name the ARN do not follow, nor does an identity provider that knows "+
					"the logon name.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user, 1 to 64 letters, digits, `.`, `-` and `_`. It can be changed in place; keys, login, groups and policies stay.",
				Validators:          []validator.String{base.UserName},
			},
			"display_name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Name shown in the console, up to 128 characters. The service decides when it is left out; removing the argument changes nothing, `\"\"` clears it.",
				Validators:          []validator.String{base.Length(128)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"email": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "E-mail address of the person. Only accounts of the China site hold it; any other is warned of when it is set. Empty when left out.",
				Validators:          []validator.String{base.Email()},
			},
			"mobile_phone": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Phone number of the person with the country code in front, such as `86-13900001111`. Only accounts of the China site hold it; any other is warned of when it is set. Empty when left out.",
				Validators:          []validator.String{base.MobilePhone()},
			},
			"comments": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the user is for, up to 128 characters. Empty when left out.",
				Validators:          []validator.String{base.Length(128)},
			},
			"tags": base.TagsAttribute(base.UserTags),
			"force_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying the user also removes what hangs on it: access keys, console login, MFA device, group memberships and attached policies, " +
					"in resource groups too, whoever made them. Otherwise, and when left out, a user with any of these is not deleted.",
			},
			"frozen": frozenAttribute(),
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"arn": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ARN of the user, `acs:ram::<account>:user/<name>`. It changes with the name; policies that name it do not follow.",
			},
			"user_principal_name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name that the user logs on with, `<name>@<default domain of the account>`.",
			},
			"provision_type": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Where the user comes from: `Manual`, or `SCIM` or `CloudSSO` for one that is changed and deleted here only with `manage_provisioned` of the provider; " +
					"null where the service does not say.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the user was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"tags_all": base.TagsAllAttribute(),
		},
	}
}

func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
	}}
}

func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Facts about the account come first: nothing may fail once the user exists.
	if err := r.addFacts(ctx, &plan); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to create RAM user %s", plan.Name)
		return
	}
	if !r.CheckNew(ctx, ramapi.KindUser, plan.Name, &resp.Diagnostics) {
		return
	}
	u, err := r.Client.CreateUser(ctx, plan.createInput())
	if err != nil {
		r.addCreateError(ctx, err, plan.Name, &resp.Diagnostics)
		return
	}
	u.ProvisionType = ramapi.Manual // which RAM does not say
	ignored := plan.ignoredBy(u)
	emptied := plan.DisplayName.Equal(types.StringValue("")) && u.DisplayName != ""
	resp.Diagnostics.Append(ignored.save(ctx, resp.Private)...)
	plan.fromAPI(u, ignored)
	wanted := plan.Frozen
	plan.Frozen = types.BoolValue(false)
	tags := r.TagChange(types.MapNull(types.StringType), plan.TagsAll)
	made := plan // without tags so far
	made.Tags, made.TagsAll = r.ReadTags(nil, types.MapNull(types.StringType))
	resp.Diagnostics.Append(resp.State.Set(ctx, made)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
	r.AdviseIfRoot(&resp.Diagnostics)
	if !r.freezeNew(ctx, wanted, &plan, resp) {
		return
	}
	if err := r.Client.TagUser(ctx, u.Name, u.ID, tags); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to tag RAM user %s", plan.Name)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if !emptied {
		return
	}
	// RAM may fill in a display name by itself; an empty one can then only be set afterwards.
	if _, err := r.Client.UpdateUser(ctx, u.Name, u.ID, ramapi.UserUpdate{DisplayName: new("")}); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to clear the display name of RAM user %s", plan.Name)
		return
	}
	plan.DisplayName = types.StringValue("")
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	r.Client.ForgetRename(state.principal())
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindUser, state.Name.ValueString(), state.CreateDate.ValueString())
	u, err := r.Client.RefreshUser(ctx, state.prior())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM user %s", state.Name)
		return
	}
	state.Name = types.StringValue(u.Name)
	if err := r.addFacts(ctx, &state); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read RAM user %s", state.Name)
		return
	}
	ignored, diags := loadIgnored(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	state.fromAPI(u, ignored)
	state.Tags, state.TagsAll = r.ReadTags(u.Tags, state.Tags)
	if state.Frozen, err = r.readFrozen(ctx, u, req, resp); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read whether RAM user %s is frozen", state.Name)
		return
	}
	r.AdviseIfRoot(&resp.Diagnostics)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.ProvisionType.IsUnknown() { // the state is of a provider that did not have it, and was not refreshed
		plan.ProvisionType = state.ProvisionType
	}
	if !plan.TagsAll.Equal(state.TagsAll) && r.RefuseProvisioned("change", state.Name.ValueString(), state.ProvisionType.ValueString(), &resp.Diagnostics) {
		return
	}
	// They are unknown where the name was while planning.
	plan.ARN, plan.UserPrincipalName = state.afterRename(plan.Name.ValueString())
	if plan.ARN.IsUnknown() {
		if err := r.addFacts(ctx, &plan); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to update RAM user %s", state.Name)
			return
		}
	}
	if !r.setFrozen(ctx, &plan, &state, resp) {
		return
	}
	if change := plan.updateInput(state); change != (ramapi.UserUpdate{}) {
		// Whoever has the name by now, the user is the one with the id.
		owner, err := r.Client.Find(ctx, state.principal())
		if err == nil && r.guardChange(ctx, owner, &resp.Diagnostics) {
			return
		}
		var u ramapi.User
		if err == nil {
			u, err = r.Client.UpdateUser(ctx, owner.Name, owner.ID, change)
		}
		if err != nil {
			base.AddAdvisedErrorf(&resp.Diagnostics, err, r.recycledNamesake(ctx, err, plan.Name.ValueString()), "Unable to update RAM user %s", state.Name)
			return
		}
		ignored := plan.ignoredBy(u)
		resp.Diagnostics.Append(ignored.save(ctx, resp.Private)...)
		plan.fromAPI(u, ignored)
		renamed := plan // the tags are as before so far
		renamed.Tags, renamed.TagsAll = state.Tags, state.TagsAll
		resp.Diagnostics.Append(resp.State.Set(ctx, renamed)...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
	}
	if err := r.Client.TagUser(ctx, plan.Name.ValueString(), plan.UserID.ValueString(), r.TagChange(state.TagsAll, plan.TagsAll)); err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to change the tags of RAM user %s", plan.Name)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Whoever has the name by now, the user is the one with the id.
	owner, err := r.Client.Find(ctx, state.principal())
	var provisionType string
	if err == nil {
		provisionType, err = r.Client.ProvisionType(ctx, owner.Name)
	}
	if err == nil && r.guardDeletion(ctx, owner, provisionType, &resp.Diagnostics) {
		return
	}
	if err == nil {
		err = r.delete(ctx, owner, state.ForceDestroy.ValueBool())
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, r.noRoomInBin(ctx, err, state.UserID.ValueString()), "Unable to delete RAM user %s", state.Name)
	}
}

// delete deletes the user. RAM's documentation leaves open whether it refuses
// to delete a user with keys and a login or silently takes them along, so this
// looks first.
func (r *userResource) delete(ctx context.Context, owner ramapi.Principal, force bool) error {
	if err := r.clear(ctx, owner.Name, force); err != nil {
		return err
	}
	inGroups, err := r.DeleteDetaching(ctx, force,
		func() error { return r.Client.DeleteUser(ctx, owner.Name) },
		func() ([]ramapi.Attachment, error) { return r.Client.PrincipalInResourceGroups(ctx, owner) })
	if obstacles := base.PoliciesInResourceGroups(inGroups); obstacles != "" && ramapi.IsDeleteConflict(err) {
		return stillHas(obstacles)
	}
	return err
}

// clear removes what hangs on the user, or without force refuses where there is
// anything.
func (r *userResource) clear(ctx context.Context, name string, force bool) error {
	if force {
		dependents, err := r.Client.UserDependents(ctx, name)
		if err == nil {
			err = r.Client.RemoveUserDependents(ctx, name, dependents)
		}
		return err
	}
	dependents, err := r.Client.RemainingUserDependents(ctx, name)
	if err != nil {
		return err
	}
	obstacles := inTheWay(dependents)
	switch {
	case obstacles == "":
		return nil
	case len(dependents.Groups) > 0:
		return fmt.Errorf("%w. Where a ram_group_membership of this configuration lists the user, give ram_user lifecycle { create_before_destroy = true } and apply that before you remove the user: "+
			"Terraform then takes the name out of the group first", stillHas(obstacles))
	}
	return stillHas(obstacles)
}

func stillHas(obstacles string) error {
	return fmt.Errorf("the user still has %s. Delete them first, or set force_destroy = true and apply before you destroy", obstacles)
}

func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.UserName, req, resp)
}

func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTags(ctx, base.UserTags, req, resp)
	r.planGuards(ctx, req, resp)
	r.planFrozen(ctx, req, resp)
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan, state userModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Name.IsUnknown() {
		return
	}
	arn, upn := state.afterRename(plan.Name.ValueString())
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("arn"), arn)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("user_principal_name"), upn)...)
	if !plan.Name.Equal(state.Name) && r.Client != nil {
		r.PlanRename(ctx, state.principal(), plan.Name.ValueString(), &resp.Diagnostics)
	}
}

// afterRename gives the ARN and the principal name that the user has under
// another name. The parts about the account stay; both are unknown of a user that
// was moved from another provider and not read since.
func (m *userModel) afterRename(name string) (arn, upn types.String) {
	if m.ARN.IsNull() {
		return types.StringUnknown(), types.StringUnknown()
	}
	account, _, _ := strings.Cut(m.ARN.ValueString(), ":user/")
	_, domain, _ := strings.Cut(m.UserPrincipalName.ValueString(), "@")
	return types.StringValue(account + ":user/" + name), types.StringValue(name + "@" + domain)
}

// addFacts fills in what follows from the name and the account.
func (r *userResource) addFacts(ctx context.Context, m *userModel) error {
	arn, err := r.Client.UserARN(ctx, m.Name.ValueString())
	if err != nil {
		return err
	}
	upn, err := r.Client.UserPrincipalName(ctx, m.Name.ValueString())
	if err != nil {
		return err
	}
	m.ARN, m.UserPrincipalName = types.StringValue(arn), types.StringValue(upn)
	return nil
}

func (m *userModel) principal() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindUser, Name: m.Name.ValueString(), ID: m.UserID.ValueString()}
}

// prior is the user as the state has it.
func (m *userModel) prior() ramapi.User {
	u := m.createInput()
	u.ID = m.UserID.ValueString()
	return u
}

func (m *userModel) createInput() ramapi.User {
	return ramapi.User{
		Name:        m.Name.ValueString(),
		DisplayName: m.DisplayName.ValueString(),
		Email:       m.Email.ValueString(),
		MobilePhone: m.MobilePhone.ValueString(),
		Comments:    m.Comments.ValueString(),
	}
}

func (m *userModel) updateInput(prior userModel) ramapi.UserUpdate {
	return ramapi.UserUpdate{
		Name:        base.Changed(m.Name, prior.Name),
		DisplayName: base.Changed(m.DisplayName, prior.DisplayName),
		Email:       base.Changed(m.Email, prior.Email),
		MobilePhone: base.Changed(m.MobilePhone, prior.MobilePhone),
		Comments:    base.Changed(m.Comments, prior.Comments),
	}
}

func (m *userModel) fromAPI(u ramapi.User, ignored ignoredFields) {
	m.UserID = types.StringValue(u.ID)
	m.Name = types.StringValue(u.Name)
	m.DisplayName = types.StringValue(u.DisplayName)
	m.Comments = base.Text(u.Comments, m.Comments)
	m.CreateDate = types.StringValue(u.CreateDate)
	if u.ProvisionType != "" || m.ProvisionType.IsUnknown() {
		m.ProvisionType = base.Text(u.ProvisionType, types.StringNull())
	}
	if !ignored.Email || u.Email != "" {
		m.Email = base.Text(u.Email, m.Email)
	}
	if !ignored.MobilePhone || u.MobilePhone != "" {
		m.MobilePhone = base.Text(u.MobilePhone, m.MobilePhone)
	}
}

// inTheWay says what hangs on the user, empty for nothing.
func inTheWay(d ramapi.UserDependents) string {
	var keys []string
	for _, k := range d.AccessKeys {
		keys = append(keys, k.ID)
	}
	login, mfa := "", ""
	if d.LoginProfile {
		login = "a console login"
	}
	if d.MFADevice != "" {
		mfa = "an MFA device"
	}
	return base.InTheWay(base.Counted("access key", keys), login, mfa,
		base.Counted("group membership", d.Groups), base.AttachedPolicies(d.Policies))
}
