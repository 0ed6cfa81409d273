package account

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*accountAliasResource)(nil)
	_ resource.ResourceWithIdentity    = (*accountAliasResource)(nil)
	_ resource.ResourceWithImportState = (*accountAliasResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*accountAliasResource)(nil)
)

type accountAliasResource struct{ nameResource }

// NewAccountAliasResource gives the resource ram_account_alias.
func NewAccountAliasResource() resource.Resource { return &accountAliasResource{} }

type accountAliasModel struct {
	AccountAlias types.String `tfsdk:"account_alias"`
	OnDestroy    types.String `tfsdk:"on_destroy"`
	AccountID    types.String `tfsdk:"account_id"`
}

func (r *accountAliasResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_account_alias"
}

func (r *accountAliasResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The alias of the account, which stands for its ID where RAM users log on. There is one per account, so a configuration has at most one of this " +
			"resource." +
			base.Traps(
				"The alias and the default domain go together: setting the alias `acme` makes `acme.onaliyun.com` the default domain, and so changes the name that "+
					"every RAM user logs on with.",
				"`ram_default_domain` can be managed beside it if it has the matching domain; neither needs the other. Destroying one of the two while the other stays "+
					"may move that as well; the next apply moves it back.",
			),
		Attributes: map[string]schema.Attribute{
			"account_alias": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Alias of the account, 3 to 32 lower-case letters, digits and single `-` between them. It is unique among all Alibaba Cloud accounts, and can be changed in place.",
				Validators: []validator.String{
					stringvalidator.LengthBetween(3, 32),
					stringvalidator.RegexMatches(accountAlias, "must be lower-case letters, digits and single - between them"),
				},
			},
			"on_destroy": base.OnDestroyAttribute(),
			"account_id": base.AccountIDAttribute(),
		},
	}
}

func (r *accountAliasResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = base.AccountIdentity()
}

func (r *accountAliasResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan accountAliasModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.Take(ctx, "ram_account_alias", resp.Private, &resp.Diagnostics) {
		return
	}
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		r.Leave("ram_account_alias")
		return
	}
	found, ok := r.set(ctx, plan.AccountAlias, &resp.Diagnostics)
	if !ok {
		r.Leave("ram_account_alias")
		return
	}
	plan.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
	r.AdviseIfRoot(&resp.Diagnostics)
}

func (r *accountAliasResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state accountAliasModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
	if !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	alias, err := r.Client.AccountAlias(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the alias of the account")
		return
	}
	r.AdviseIfRoot(&resp.Diagnostics)
	if alias == "" {
		resp.State.RemoveResource(ctx)
		return
	}
	state.AccountAlias = types.StringValue(alias)
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *accountAliasResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan accountAliasModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, plan.AccountID, &resp.Diagnostics) {
		return
	}
	if _, ok := r.set(ctx, plan.AccountAlias, &resp.Diagnostics); !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *accountAliasResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state accountAliasModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) || r.IsTaken(ctx, "ram_account_alias", req.Private, &resp.Diagnostics) {
		return
	}
	r.undo(ctx, ownAlias, state.OnDestroy, req.Private, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		r.Leave("ram_account_alias")
	}
}

func (r *accountAliasResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.ImportByAccountID(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	names, err := r.Client.AccountNames(ctx)
	switch {
	case err != nil:
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the names of the account")
	case names.Alias == "":
		resp.Diagnostics.AddError("The account has no alias", "There is nothing to import. Apply without an import, which sets the alias.")
	default:
		resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, foundNames{names, time.Now()})...)
	}
}

func (r *accountAliasResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTake(ctx, "ram_account_alias", req, resp)
	if req.Plan.Raw.IsNull() {
		return
	}
	var alias types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("account_alias"), &alias)...)
	r.plan(ownAlias, alias, &resp.Diagnostics)
}

// set sets the alias and gives the names that it found.
func (r *accountAliasResource) set(ctx context.Context, alias types.String, diags *diag.Diagnostics) (foundNames, bool) {
	if !r.check(ownAlias, alias, diags) {
		return foundNames{}, false
	}
	unlock, err := r.Client.LockAccountNames(ctx)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to set the alias of the account")
		return foundNames{}, false
	}
	defer unlock()
	names, err := r.Client.AccountNames(ctx)
	if err == nil && names.Alias != alias.ValueString() {
		err = r.Client.SetAccountAlias(ctx, alias.ValueString())
	}
	switch {
	case ramapi.IsAlreadyExists(err):
		base.AddAttributeErrorf(diags, path.Root("account_alias"), err, "Another Alibaba Cloud account has the alias %s", alias)
	case err != nil:
		base.AddErrorf(diags, err, "Unable to set the alias of the account to %s", alias)
	}
	return foundNames{names, time.Now()}, err == nil
}
