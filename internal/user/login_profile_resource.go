package user

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure      = (*loginProfileResource)(nil)
	_ resource.ResourceWithIdentity       = (*loginProfileResource)(nil)
	_ resource.ResourceWithImportState    = (*loginProfileResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*loginProfileResource)(nil)
	_ resource.ResourceWithValidateConfig = (*loginProfileResource)(nil)
)

// userOwner is the user that a login profile, an access key or an MFA device belongs to.
var userOwner = base.Owner{Kind: ramapi.KindUser, NameAt: path.Root("user_name"), IDAt: path.Root("user_id")}

type loginProfileResource struct{ base.Resource }

// NewLoginProfileResource gives the resource ram_login_profile.
func NewLoginProfileResource() resource.Resource { return &loginProfileResource{} }

type loginProfileModel struct {
	UserName                 types.String `tfsdk:"user_name"`
	Password                 types.String `tfsdk:"password"`
	PasswordWO               types.String `tfsdk:"password_wo"`
	PasswordWOVersion        types.Int64  `tfsdk:"password_wo_version"`
	GeneratePassword         types.Object `tfsdk:"generate_password"`
	PasswordResetRequired    types.Bool   `tfsdk:"password_reset_required"`
	MFABindRequired          types.Bool   `tfsdk:"mfa_bind_required"`
	Status                   types.String `tfsdk:"status"`
	EffectiveStatus          types.String `tfsdk:"effective_status"`
	UserID                   types.String `tfsdk:"user_id"`
	PasswordStatus           types.String `tfsdk:"password_status"`
	EffectiveMFABindRequired types.Bool   `tfsdk:"effective_mfa_bind_required"`

	base.Sealing
	GeneratedPassword types.String `tfsdk:"generated_password"`
	EncryptedPassword types.String `tfsdk:"encrypted_password"`
	KeyFingerprint    types.String `tfsdk:"key_fingerprint"`
}

func (r *loginProfileResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_login_profile"
	resp.ResourceBehavior.MutableIdentity = true // the user can be renamed
}

func (r *loginProfileResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The console login of a RAM user, who has at most one: with it the user may log on to the console with a password. Logins of others are left alone.\n\n" +
			"The password belongs to the person. It is sent when the login is created, and after that only when `password` or `password_wo_version` changes, or a " +
			"new one is generated: a person who has chosen another password keeps it, whatever else is applied.\n\n" +
			"~> **Where the password is kept:** one in `password`, and a generated one without `pgp_key` and `age_recipients`, is in the state in plain text, for " +
			"whoever can read that. One in `password_wo` is nowhere, and one that is generated for a recipient is only there as `encrypted_password`." +
			base.Traps(
				"A password that is going to be set must fulfil the account's password policy, which is read for that: one that is known while planning and does not "+
					"is refused in the plan, with the rules that it breaks. Where a `ram_password_policy` of the same configuration changes the policy first, name it in "+
					"`depends_on`, so that the new policy counts.",
				"An import never sets a password, nor does the first `password_wo_version` after it: change that once more to set one.",
			),
		Blocks: map[string]schema.Block{"generate_password": generatePasswordBlock()},
		Attributes: generatedPasswordAttributes(map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user who may log on. The login stays when the user is renamed; another user means another login.",
				Validators:          []validator.String{base.UserName},
			},
			"password": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Password to set, 8 to 32 characters within the account's password policy. It is **kept in the state in plain text**: prefer `password_wo`. " +
					"Creating a login needs one of these two or `generate_password`. A changed one is set; removing the argument changes nothing on the service.",
			},
			"password_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Password to set, 8 to 32 characters within the account's password policy. It is kept neither in the state nor in a plan, and may come from an ephemeral resource. " +
					"It is set when the login is created, and whenever `password_wo_version` changes; removing the argument changes nothing on the service.",
			},
			"password_wo_version": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "Any number; change it to set `password_wo` again. After an import the first number is only recorded. " +
					"Needed with `password_wo`, without a meaning otherwise.",
			},
			"password_reset_required": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the person must choose another password at the next logon after Terraform has set one. It goes together with a password: " +
					"changed alone it is only recorded for the next. `false` when left out.",
			},
			"mfa_bind_required": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether the person must bind an MFA device at the next logon. `true` when left out. " +
					"The account can require MFA of everybody, which overrules `false`: see `effective_mfa_bind_required`.",
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`Active`, or `Inactive` to keep the person out without losing the password. " +
					"The service decides when it is left out: a new login is active, and one that was turned off elsewhere, or for being idle, stays off. " +
					statusUnderFreeze,
				Validators:    []validator.String{base.Status()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"effective_status": effectiveStatusAttribute(),
			"password_status": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`NotInitial` once the person has chosen a password, `InitialValid` before that, " +
					"and `InitialExpired` when the person took longer than the account's password policy allows.",
			},
			"effective_mfa_bind_required": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether RAM requires an MFA device of the person, by `mfa_bind_required` or by the account's own setting.",
			},
		}),
	}
}

func (r *loginProfileResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
	}}
}

func (r *loginProfileResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan loginProfileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	requirePassword(config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.FindOwner(ctx, userOwner, plan.UserName, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	password, ok := r.passwordToSet(ctx, &plan, firstPassword(config), &resp.Diagnostics)
	if !ok {
		return
	}
	p, err := r.Client.CreateLoginProfile(ctx, user.Name, plan.input(password))
	if err != nil {
		config.addErrorf(&resp.Diagnostics, err, "Unable to create the login profile of RAM user %s", plan.UserName)
		return
	}
	plan.UserID = types.StringValue(user.ID)
	plan.fromAPI(p)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("user_name"), plan.UserName)...)
	r.AdviseIfRoot(&resp.Diagnostics)
}

func (r *loginProfileResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state loginProfileModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	createDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("user_name"), state.UserName)...)
	r.Client.Recall(ramapi.KindUser, state.UserName.ValueString(), createDate)
	r.Client.Recall(ramapi.KindLoginProfile, state.UserName.ValueString(), createDate)
	err := r.refresh(ctx, &state)
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the login profile of RAM user %s", state.UserName)
		return
	}
	r.AdviseIfRoot(&resp.Diagnostics)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("user_name"), state.UserName)...)
}

func (r *loginProfileResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state loginProfileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	imported, diags := isImported(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	password := types.StringNull()
	if !imported {
		password = newPassword(config, plan, state)
	}
	if password.IsNull() && !plan.encryptGenerated(ctx, state, &resp.Diagnostics) {
		return
	}
	renamed := !plan.UserName.Equal(state.UserName)
	if renamed {
		if _, ok := r.FindOwner(ctx, userOwner, plan.UserName, state.UserID, &resp.Diagnostics); !ok {
			return
		}
	}
	if !password.IsNull() || !plan.sameSettings(state) {
		if !renamed && !r.checkUser(ctx, state, &resp.Diagnostics) {
			return
		}
		text, ok := r.passwordToSet(ctx, &plan, password, &resp.Diagnostics)
		if !ok {
			return
		}
		p, err := r.change(ctx, plan, state, text)
		if err != nil {
			config.addErrorf(&resp.Diagnostics, err, "Unable to update the login profile of RAM user %s", plan.UserName)
			return
		}
		state.fromAPI(p)
	}
	plan.settle(state)
	if imported && !plan.samePassword(state) {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("user_name"), plan.UserName)...)
}

func (r *loginProfileResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state loginProfileModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Somebody else may have the name by now, and a login of their own.
	user, err := r.Client.Find(ctx, state.user())
	if err == nil {
		err = r.Client.DeleteLoginProfile(ctx, user.Name)
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete the login profile of RAM user %s", state.UserName)
	}
}

func (r *loginProfileResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("user_name"), base.UserName, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
}

// ValidateConfig checks the passwords here, and not at their attributes, for
// the reason that addErrorf has.
func (r *loginProfileResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	r.Resource.ValidateConfig(ctx, req, resp)
	var config loginProfileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.validateSources(&resp.Diagnostics)
	if !config.PasswordWO.IsNull() && config.PasswordWOVersion.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("password_wo_version"), "password_wo needs a version",
			"Set password_wo_version, such as 1: Terraform cannot see that a write-only password has changed, and sets it again when this number changes.")
	}
	password := config.password()
	if count := utf8.RuneCountInString(password.ValueString()); !password.IsNull() && !password.IsUnknown() && (count < 8 || count > 32) {
		resp.Diagnostics.AddError("Invalid password", fmt.Sprintf("The password has %d characters; RAM accepts 8 to 32.", count))
	}
}

func (r *loginProfileResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	r.PlanLogin(ctx, becomesActive(ctx, req, resp), &resp.Diagnostics)
	var config, plan, state loginProfileModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if req.State.Raw.IsNull() {
		requirePassword(config, &resp.Diagnostics)
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		r.planPassword(ctx, plan, state, firstPassword(config), resp)
		return
	}
	r.PlanOwner(ctx, userOwner, req, resp)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	imported, diags := isImported(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || len(resp.RequiresReplace) > 0 {
		return
	}
	warnOfPassword(config, plan, state, imported, &resp.Diagnostics)
	password := newPassword(config, plan, state)
	if imported {
		password = types.StringNull()
	}
	if password.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("password_status"), state.PasswordStatus)...)
	}
	r.planPassword(ctx, plan, state, password, resp)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("effective_mfa_bind_required"), plannedMFA(plan, state))...)
	planEffectiveStatus(ctx, req, resp)
}

// requirePassword adds an error where a login is to be created without a password.
func requirePassword(config loginProfileModel, diags *diag.Diagnostics) {
	if firstPassword(config).IsNull() {
		diags.AddAttributeError(path.Root("password_wo"), "A new login profile needs a password",
			"Set password_wo together with password_wo_version, or password, or have one generated by a generate_password block. To manage a login profile that exists already, import it: that needs none.")
	}
}

// addErrorf adds err. Nothing about a password is said at its attribute: there
// Terraform would print the line of the configuration, with a literal password.
func (m *loginProfileModel) addErrorf(diags *diag.Diagnostics, err error, format string, args ...any) {
	base.AddExistsErrorf(diags, err, "ram_login_profile", m.UserName.ValueString(), format, args...)
}

// refresh reads the login profile, under whichever name its user has now. The
// error is IsNotFound where the profile or the user is gone.
func (r *loginProfileResource) refresh(ctx context.Context, m *loginProfileModel) error {
	user := m.user()
	var err error
	if user.ID == "" { // an import knows only the name
		if user, err = r.Client.Find(ctx, user); err != nil {
			return err
		}
	}
	p, err := r.Client.LoginProfile(ctx, user.Name)
	if ramapi.IsNotFound(err) {
		if user, err = r.Client.Find(ctx, user); err == nil {
			p, err = r.Client.LoginProfile(ctx, user.Name)
		}
	}
	if err != nil {
		return err
	}
	m.UserName, m.UserID = types.StringValue(user.Name), types.StringValue(user.ID)
	held, err := heldStatus(m.Status, p.Status, func() (bool, error) { return r.Client.HoldsLogin(ctx, user.Name) })
	m.fromAPI(p)
	m.Status = held
	return err
}

// checkUser refuses a change where somebody else has got the user's name, and a
// login of their own: Read asks for the login by that name alone. It returns
// false after adding an error.
func (r *loginProfileResource) checkUser(ctx context.Context, state loginProfileModel, diags *diag.Diagnostics) bool {
	user, err := r.Client.PrincipalByName(ctx, ramapi.KindUser, state.UserName.ValueString())
	if err != nil {
		base.AddErrorf(diags, err, "Unable to find RAM user %s", state.UserName)
		return false
	}
	if user.ID != state.UserID.ValueString() {
		diags.AddAttributeError(userOwner.NameAt, "user_name belongs to another RAM user now",
			fmt.Sprintf("This is the login profile of the user with the id %s, who is no longer called %s. Nothing was changed. "+
				"To manage the login of the user with this name instead, run terraform state rm, then import it.", state.UserID.ValueString(), state.UserName))
		return false
	}
	return true
}

// change sends the planned settings, with the password unless it is empty.
func (r *loginProfileResource) change(ctx context.Context, plan, state loginProfileModel, password string) (ramapi.LoginProfile, error) {
	in := plan.input(password)
	if plan.Status.Equal(state.Status) {
		in.Status = "" // whoever has turned the login off since the plan shall not be overruled
	}
	if password == "" {
		now, err := r.Client.LoginProfile(ctx, plan.UserName.ValueString())
		if err != nil {
			return now, err
		}
		in.PasswordResetRequired = now.PasswordResetRequired
	}
	return r.Client.UpdateLoginProfile(ctx, plan.UserName.ValueString(), in)
}

func (m *loginProfileModel) user() ramapi.Principal {
	return ramapi.Principal{Kind: ramapi.KindUser, Name: m.UserName.ValueString(), ID: m.UserID.ValueString()}
}

// password gives the password that a configuration has, null for none.
func (m *loginProfileModel) password() types.String {
	if m.Password.IsNull() {
		return m.PasswordWO
	}
	return m.Password
}

func (m *loginProfileModel) input(password string) ramapi.LoginProfileInput {
	return ramapi.LoginProfileInput{
		Password:              password,
		PasswordResetRequired: m.PasswordResetRequired.ValueBool(),
		MFABindRequired:       m.MFABindRequired.ValueBool(),
		Status:                m.Status.ValueString(),
	}
}

// fromAPI leaves a configured false of mfa_bind_required alone: the account may
// require MFA of everybody, and RAM then answers true.
func (m *loginProfileModel) fromAPI(p ramapi.LoginProfile) {
	if m.MFABindRequired.IsNull() || m.MFABindRequired.ValueBool() {
		m.MFABindRequired = types.BoolValue(p.MFABindRequired)
	}
	m.Status, m.EffectiveStatus = types.StringValue(p.Status), types.StringValue(p.Status)
	if p.Held {
		m.Status = types.StringValue(ramapi.Active)
	}
	m.PasswordStatus = types.StringValue(p.PasswordStatus)
	m.EffectiveMFABindRequired = types.BoolValue(p.MFABindRequired)
}

// settle fills in what the plan has left open.
func (m *loginProfileModel) settle(now loginProfileModel) {
	if m.Status.IsUnknown() {
		m.Status = now.Status
	}
	if m.EffectiveStatus.IsUnknown() {
		m.EffectiveStatus = now.EffectiveStatus
	}
	if m.PasswordStatus.IsUnknown() {
		m.PasswordStatus = now.PasswordStatus
	}
	if m.EffectiveMFABindRequired.IsUnknown() {
		m.EffectiveMFABindRequired = now.EffectiveMFABindRequired
	}
	m.settleGenerated(now)
}

// samePassword reports whether nothing that sets a password has changed.
func (m *loginProfileModel) samePassword(prior loginProfileModel) bool {
	return m.Password.Equal(prior.Password) && m.PasswordWOVersion.Equal(prior.PasswordWOVersion) && !m.generates(prior)
}

// sameSettings reports whether everything else that the service holds is unchanged.
func (m *loginProfileModel) sameSettings(prior loginProfileModel) bool {
	return m.MFABindRequired.Equal(prior.MFABindRequired) && m.Status.Equal(prior.Status)
}

// newPassword gives the password that the change from state to plan sets: null
// for none, unknown where only the apply knows, as one that it generates. A
// password that has merely moved from password to password_wo is not set again.
func newPassword(config, plan, state loginProfileModel) types.String {
	if plan.generates(state) {
		return types.StringUnknown()
	}
	password := config.password()
	if plan.samePassword(state) || password.Equal(state.Password) {
		return types.StringNull()
	}
	return password
}

// plannedMFA gives what RAM will answer to whether MFA is required: unknown
// where the account's own setting decides.
func plannedMFA(plan, state loginProfileModel) types.Bool {
	switch {
	case plan.MFABindRequired.Equal(state.MFABindRequired):
		return state.EffectiveMFABindRequired
	case plan.MFABindRequired.ValueBool():
		return types.BoolValue(true)
	}
	return types.BoolUnknown()
}

// warnOfPassword warns of a change that looks as if it set a password and does not.
func warnOfPassword(config, plan, state loginProfileModel, imported bool, diags *diag.Diagnostics) {
	password := config.password()
	switch {
	case imported && !newPassword(config, plan, state).IsNull():
		diags.AddWarning("The password is recorded, not set",
			fmt.Sprintf("The login profile of RAM user %s was imported, and an import sets no password: the person keeps the one they have. "+
				"To set another, change password_wo_version, password, or rotate_when_changed of generate_password in a later apply.", plan.UserName))
	case password.IsNull() && !plan.PasswordWOVersion.IsNull() && !state.PasswordWOVersion.IsNull() && !plan.PasswordWOVersion.Equal(state.PasswordWOVersion):
		diags.AddAttributeWarning(path.Root("password_wo_version"), "No password is set",
			"password_wo_version has changed, but password_wo is null: the person keeps the password they have.")
	}
}
