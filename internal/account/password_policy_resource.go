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
	_ resource.ResourceWithConfigure   = (*passwordPolicyResource)(nil)
	_ resource.ResourceWithIdentity    = (*passwordPolicyResource)(nil)
	_ resource.ResourceWithImportState = (*passwordPolicyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*passwordPolicyResource)(nil)
)

type passwordPolicyResource struct{ base.Resource }

// NewPasswordPolicyResource gives the resource ram_password_policy.
func NewPasswordPolicyResource() resource.Resource { return &passwordPolicyResource{} }

type passwordPolicyResourceModel struct {
	passwordPolicyModel
	OnDestroy types.String `tfsdk:"on_destroy"`
}

func (r *passwordPolicyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_password_policy"
}

func (r *passwordPolicyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the passwords of the account's RAM users have to be like. Every account has one password policy: this takes it over as it is, and changes the " +
			"settings that are written here. What is left out keeps the value that it has in the account." +
			base.Traps(
				"Removing an argument changes nothing: write the value that it is to have.",
				"Destroying the resource gives back the settings that were found when it was created or imported; `on_destroy` has other ways. A second one in a "+
					"configuration is refused.",
				"A `ram_login_profile` of the same configuration sets its password under the policy that is there at the time: where the new one is to count, name "+
					"this resource in its `depends_on`.",
			),
		Attributes: arguments(passwordPolicySettings, map[string]schema.Attribute{
			"account_id": base.AccountIDAttribute(),
			"on_destroy": base.OnDestroyAttribute(),
		}),
	}
}

func (r *passwordPolicyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = base.AccountIdentity()
}

func (r *passwordPolicyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan passwordPolicyResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.Take(ctx, "ram_password_policy", resp.Private, &resp.Diagnostics) {
		return
	}
	defer func() {
		if resp.Diagnostics.HasError() {
			r.Leave("ram_password_policy")
		}
	}()
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		return
	}
	found, err := r.Client.PasswordPolicy(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the password policy of account %s", caller.AccountID)
		return
	}
	now, err := r.Client.SetPasswordPolicy(ctx, plan.toAPI())
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to set the password policy of account %s", caller.AccountID)
		return
	}
	plan.AccountID = types.StringValue(caller.AccountID)
	plan.complete(now)
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *passwordPolicyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state passwordPolicyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	r.NoteRead("ram_password_policy")
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
	found, err := r.Client.PasswordPolicy(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the password policy of account %s", state.AccountID.ValueString())
		return
	}
	before := state.toAPI()
	state.fromAPI(found)
	if reflect.DeepEqual(state.toAPI(), before) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *passwordPolicyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state passwordPolicyResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	if !reflect.DeepEqual(plan.toAPI(), state.toAPI()) {
		// What is not configured may have been changed since the plan, and stays so.
		if _, err := r.Client.SetPasswordPolicy(ctx, config.toAPI()); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to set the password policy of account %s", state.AccountID.ValueString())
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *passwordPolicyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state passwordPolicyResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) || r.IsTaken(ctx, "ram_password_policy", req.Private, &resp.Diagnostics) {
		return
	}
	var err error
	switch state.OnDestroy.ValueString() {
	case base.OnDestroyKeep:
	case base.OnDestroyReset:
		err = r.Client.ResetPasswordPolicy(ctx)
	default:
		found := base.FoundToRestore[ramapi.PasswordPolicy](ctx, req.Private, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		err = r.Client.RestorePasswordPolicy(ctx, found)
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to give back the password policy of account %s", state.AccountID.ValueString())
		return
	}
	r.Leave("ram_password_policy")
}

func (r *passwordPolicyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.ImportByAccountID(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.Client.PasswordPolicy(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the password policy of the account")
		return
	}
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
}

func (r *passwordPolicyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTake(ctx, "ram_password_policy", req, resp)
	if r.Client == nil || req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var plan passwordPolicyResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	r.PlanPasswordPolicy(plan.toAPI())
}
