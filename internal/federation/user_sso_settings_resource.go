package federation

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure        = (*userSSOSettingsResource)(nil)
	_ resource.ResourceWithIdentity         = (*userSSOSettingsResource)(nil)
	_ resource.ResourceWithImportState      = (*userSSOSettingsResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*userSSOSettingsResource)(nil)
	_ resource.ResourceWithConfigValidators = (*userSSOSettingsResource)(nil)
)

type userSSOSettingsResource struct{ base.Resource }

// NewUserSSOSettingsResource gives the resource ram_user_sso_settings.
func NewUserSSOSettingsResource() resource.Resource { return &userSSOSettingsResource{} }

const userSSOSettingsType = "ram_user_sso_settings"

type userSSOSettingsModel struct {
	SSOEnabled         types.Bool   `tfsdk:"sso_enabled"`
	Metadata           types.String `tfsdk:"metadata_document"`
	EncodedMetadata    types.String `tfsdk:"encoded_metadata_document"`
	AuxiliaryDomain    types.String `tfsdk:"auxiliary_domain"`
	SSOLoginWithDomain types.Bool   `tfsdk:"sso_login_with_domain"`
	AuthnSignAlgo      types.String `tfsdk:"authn_sign_algo"`
	OnDestroy          types.String `tfsdk:"on_destroy"`
	AccountID          types.String `tfsdk:"account_id"`
}

func (r *userSSOSettingsResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = userSSOSettingsType
}

func (r *userSSOSettingsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keepText := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	keepBool := []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()}
	const left = " What the account has stays when it is left out."
	resp.Schema = schema.Schema{
		MarkdownDescription: "How RAM users log on to the console through a SAML identity provider of the company. There is one of it for each account, which is taken over as it " +
			"is. What is left out keeps the value that it has in the account.\n\n" +
			"~> **Enabling single sign-on can lock people out.** RAM users then log on through the identity provider only, and no longer with their passwords. " +
			"Before you enable it, make sure that the provider knows the users by their logon names, and that somebody can come in another way: as the account " +
			"itself, or with an access key that may change these settings." +
			base.Traps(
				"Removing an argument changes nothing: write the value that it is to have.",
				"Destroying the resource gives back the settings that were found when it was created or imported; `on_destroy` has other ways. A second one in a "+
					"configuration is refused.",
				"The logon names that the identity provider knows end in the default domain of the account, which `ram_account_alias` and `ram_default_domain` change, "+
					"or in the `auxiliary_domain`.",
			),
		Attributes: map[string]schema.Attribute{
			"sso_enabled": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether users log on through the identity provider, which needs its metadata." + left,
				PlanModifiers:       keepBool,
			},
			"metadata_document": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Metadata of the identity provider as XML with the root `EntityDescriptor`, as the provider publishes it. " +
					"At most one of this and `encoded_metadata_document` is given; the other follows from it. " + metadataText + left,
				Validators: []validator.String{metadataRule{}},
			},
			"encoded_metadata_document": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The same metadata in base64, as RAM keeps it. " + metadataText,
				Validators:          []validator.String{metadataRule{encoded: true}},
			},
			"auxiliary_domain": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Domain that the identity provider may use after the `@` of logon names, besides those of the account; `\"\"` for none." + left,
				PlanModifiers:       keepText,
			},
			"sso_login_with_domain": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether the identity provider names users with the domain, `alice@example.onaliyun.com`, and not as `alice`." + left,
				PlanModifiers:       keepBool,
			},
			"authn_sign_algo": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: strings.TrimSpace(signAlgoText) + left,
				Validators:          []validator.String{signAlgo()},
				PlanModifiers:       keepText,
			},
			"on_destroy": base.OnDestroyAttribute(),
			"account_id": base.AccountIDAttribute(),
		},
	}
}

func (r *userSSOSettingsResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.Conflicting(
		path.MatchRoot("metadata_document"), path.MatchRoot("encoded_metadata_document"),
	)}
}

func (r *userSSOSettingsResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = base.AccountIdentity()
}

func (r *userSSOSettingsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan userSSOSettingsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.Take(ctx, userSSOSettingsType, resp.Private, &resp.Diagnostics) {
		return
	}
	defer func() {
		if resp.State.Raw.IsNull() {
			r.Leave(userSSOSettingsType)
		}
	}()
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	found, err := r.Client.UserSSOSettings(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the account's settings of single sign-on")
		return
	}
	wanted := plan.settings(found)
	if checkUserSSO(wanted, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	now, err := r.set(ctx, found, wanted)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to change the account's settings of single sign-on")
		if !ramapi.IsLost(err) {
			return
		}
		now = wanted // perhaps; what was found must not be forgotten
	}
	plan.settle(now, wanted, &resp.Diagnostics)
	plan.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *userSSOSettingsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state userSSOSettingsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
	if !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	found, err := r.Client.UserSSOSettings(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the account's settings of single sign-on")
		return
	}
	r.NoteRead(userSSOSettingsType)
	state.fromAPI(found)
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
}

func (r *userSSOSettingsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state userSSOSettingsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	from := state.settings(ramapi.UserSSOSettings{})
	wanted := plan.settings(from)
	if checkUserSSO(wanted, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	now, err := r.set(ctx, from, wanted)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to change the account's settings of single sign-on")
		return
	}
	plan.settle(now, wanted, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *userSSOSettingsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state userSSOSettingsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) || r.IsTaken(ctx, userSSOSettingsType, req.Private, &resp.Diagnostics) {
		return
	}
	switch state.OnDestroy.ValueString() {
	case base.OnDestroyKeep:
	case base.OnDestroyReset:
		r.giveBack(ctx, ramapi.DefaultUserSSOSettings, &resp.Diagnostics)
	default:
		found := base.FoundToRestore[ramapi.UserSSOSettings](ctx, req.Private, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			r.giveBack(ctx, found, &resp.Diagnostics)
		}
	}
	if !resp.Diagnostics.HasError() {
		r.Leave(userSSOSettingsType)
	}
}

func (r *userSSOSettingsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.ImportByAccountID(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.Client.UserSSOSettings(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the account's settings of single sign-on")
		return
	}
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
}

// ModifyPlan plans both forms of the metadata: those that follow from the
// configuration, or the prior ones where those mean the same or none is given.
func (r *userSSOSettingsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTake(ctx, userSSOSettingsType, req, resp)
	if req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var config, plan, state userSSOSettingsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	planned := state.metadata()
	switch {
	case config.metadata().isConfigured():
		planned = config.metadata().complete().orPrior(planned)
	case req.State.Raw.IsNull():
		planned = metadata{types.StringUnknown(), types.StringUnknown()} // what the account has
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("metadata_document"), planned.XML)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("encoded_metadata_document"), planned.Encoded)...)
	if plan.SSOEnabled.ValueBool() && planned.Encoded.IsNull() {
		addNoMetadata(&resp.Diagnostics)
	}
}

// set changes the settings, if there is anything to change, and gives them as
// they are afterwards.
func (r *userSSOSettingsResource) set(ctx context.Context, from, to ramapi.UserSSOSettings) (ramapi.UserSSOSettings, error) {
	if from == to {
		return from, nil
	}
	return r.Client.SetUserSSOSettings(ctx, from, to)
}

// giveBack makes the settings what they are to be when Terraform no longer
// manages them.
func (r *userSSOSettingsResource) giveBack(ctx context.Context, target ramapi.UserSSOSettings, diags *diag.Diagnostics) {
	const summary = "Unable to give back the account's settings of single sign-on"
	from, err := r.Client.UserSSOSettings(ctx)
	if err != nil {
		base.AddErrorf(diags, err, summary)
		return
	}
	now, err := r.set(ctx, from, target)
	if err != nil {
		base.AddErrorf(diags, err, summary)
		return
	}
	for _, text := range []struct{ what, wanted, is string }{
		{"metadata of the identity provider", target.EncodedMetadata, now.EncodedMetadata},
		{"auxiliary domain", target.AuxiliaryDomain, now.AuxiliaryDomain},
	} {
		if text.wanted == "" && text.is != "" {
			diags.AddWarning(fmt.Sprintf("The %s stays in the account", text.what),
				fmt.Sprintf("RAM did not let it be removed. Single sign-on is %s; everything else is as it should be.", onOrOff(now.Enabled)))
		}
	}
}

func onOrOff(enabled bool) string {
	if enabled {
		return "enabled"
	}
	return "disabled, so it has no effect"
}

// checkUserSSO refuses to send everybody to an identity provider that RAM does not know.
func checkUserSSO(wanted ramapi.UserSSOSettings, diags *diag.Diagnostics) {
	if wanted.Enabled && wanted.EncodedMetadata == "" {
		addNoMetadata(diags)
	}
}

func addNoMetadata(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("sso_enabled"), "Single sign-on needs an identity provider",
		"The account has no metadata of an identity provider, so nobody could log on. Give metadata_document or encoded_metadata_document with sso_enabled = true.")
}

func (m *userSSOSettingsModel) metadata() metadata { return metadata{m.Metadata, m.EncodedMetadata} }

// settings gives what is planned, and what the account has where nothing is.
func (m *userSSOSettingsModel) settings(present ramapi.UserSSOSettings) ramapi.UserSSOSettings {
	s := present
	if isKnownBool(m.SSOEnabled) {
		s.Enabled = m.SSOEnabled.ValueBool()
	}
	if isKnown(m.EncodedMetadata) && !m.metadata().means(metadataFrom(present.EncodedMetadata)) {
		s.EncodedMetadata = m.metadata().sent()
	}
	if isKnown(m.AuxiliaryDomain) {
		s.AuxiliaryDomain = m.AuxiliaryDomain.ValueString()
	}
	if isKnownBool(m.SSOLoginWithDomain) {
		s.LoginWithDomain = m.SSOLoginWithDomain.ValueBool()
	}
	if isKnown(m.AuthnSignAlgo) {
		s.AuthnSignAlgo = m.AuthnSignAlgo.ValueString()
	}
	return s
}

func isKnown(text types.String) bool    { return !text.IsNull() && !text.IsUnknown() }
func isKnownBool(value types.Bool) bool { return !value.IsNull() && !value.IsUnknown() }

// settle takes over what the service has made of a change, and adds an error
// where it has kept a domain that was to go.
func (m *userSSOSettingsModel) settle(now, wanted ramapi.UserSSOSettings, diags *diag.Diagnostics) {
	if wanted.AuxiliaryDomain == "" && now.AuxiliaryDomain != "" {
		diags.AddAttributeError(path.Root("auxiliary_domain"), "Unable to remove the auxiliary domain",
			fmt.Sprintf("RAM keeps %q; it may be that it can only be replaced.", now.AuxiliaryDomain))
	}
	m.fromAPI(now)
}

func (m *userSSOSettingsModel) fromAPI(s ramapi.UserSSOSettings) {
	m.SSOEnabled = types.BoolValue(s.Enabled)
	m.AuxiliaryDomain = types.StringValue(s.AuxiliaryDomain)
	m.SSOLoginWithDomain = types.BoolValue(s.LoginWithDomain)
	m.AuthnSignAlgo = types.StringValue(s.AuthnSignAlgo)
	found := metadataFrom(s.EncodedMetadata).orPrior(m.metadata())
	m.Metadata, m.EncodedMetadata = found.XML, found.Encoded
}
