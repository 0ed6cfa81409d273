package account

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*securityPreferenceResource)(nil)
	_ resource.ResourceWithIdentity    = (*securityPreferenceResource)(nil)
	_ resource.ResourceWithImportState = (*securityPreferenceResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*securityPreferenceResource)(nil)
)

type securityPreferenceResource struct{ base.Resource }

// NewSecurityPreferenceResource gives the resource ram_security_preference.
func NewSecurityPreferenceResource() resource.Resource { return &securityPreferenceResource{} }

type securityPreferenceResourceModel struct {
	securityPreferenceModel
	OnDestroy types.String `tfsdk:"on_destroy"`
}

func (r *securityPreferenceResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_security_preference"
}

func (r *securityPreferenceResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How the account's RAM users may log on, and what they may manage themselves. Every account has one security preference: this takes it over as it is, " +
			"and changes the settings that are written here. What is left out keeps the value that it has in the account." +
			base.Traps(
				"Removing an argument changes nothing: write the value that it is to have.",
				"Destroying the resource gives back the settings that were found when it was created or imported; `on_destroy` has other ways: `reset` leaves alone "+
					"what RAM documents no default for. A second one in a configuration is refused.",
				"`login_network_masks` that leave out the network of the office keep everybody there out of the console. Calls with access keys are not concerned, so "+
					"Terraform can put it right.",
			),
		Attributes: arguments(securityPreferenceSettings, map[string]schema.Attribute{
			"account_id": base.AccountIDAttribute(),
			"on_destroy": base.OnDestroyAttribute(),
		}),
	}
}

func (r *securityPreferenceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = base.AccountIdentity()
}

func (r *securityPreferenceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan securityPreferenceResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.Take(ctx, "ram_security_preference", resp.Private, &resp.Diagnostics) {
		return
	}
	defer func() {
		if resp.Diagnostics.HasError() {
			r.Leave("ram_security_preference")
		}
	}()
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	found, err := r.Client.SecurityPreference(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the security preference of account %s", caller.AccountID)
		return
	}
	now, err := r.Client.SetSecurityPreference(ctx, plan.toAPI())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to set the security preference of account %s", caller.AccountID)
		return
	}
	plan.AccountID = types.StringValue(caller.AccountID)
	plan.complete(now)
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *securityPreferenceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state securityPreferenceResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	r.NoteRead("ram_security_preference")
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
	found, err := r.Client.SecurityPreference(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the security preference of account %s", state.AccountID.ValueString())
		return
	}
	before := state.toAPI()
	state.fromAPI(found)
	if reflect.DeepEqual(state.toAPI(), before) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *securityPreferenceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state securityPreferenceResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	if !reflect.DeepEqual(plan.toAPI(), state.toAPI()) {
		// What is not configured may have been changed since the plan, and stays so.
		if _, err := r.Client.SetSecurityPreference(ctx, config.toAPI()); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to set the security preference of account %s", state.AccountID.ValueString())
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *securityPreferenceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state securityPreferenceResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) || r.IsTaken(ctx, "ram_security_preference", req.Private, &resp.Diagnostics) {
		return
	}
	var err error
	switch state.OnDestroy.ValueString() {
	case base.OnDestroyKeep:
	case base.OnDestroyReset:
		err = r.Client.ResetSecurityPreference(ctx)
	default:
		found := base.FoundToRestore[ramapi.SecurityPreference](ctx, req.Private, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		err = r.Client.RestoreSecurityPreference(ctx, found)
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to give back the security preference of account %s", state.AccountID.ValueString())
		return
	}
	r.Leave("ram_security_preference")
}

func (r *securityPreferenceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.ImportByAccountID(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.Client.SecurityPreference(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the security preference of the account")
		return
	}
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
}

func (r *securityPreferenceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTake(ctx, "ram_security_preference", req, resp)
}
