package account

import (
	"context"
	"regexp"
	"strings"
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
	_ resource.ResourceWithConfigure   = (*defaultDomainResource)(nil)
	_ resource.ResourceWithIdentity    = (*defaultDomainResource)(nil)
	_ resource.ResourceWithImportState = (*defaultDomainResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*defaultDomainResource)(nil)
)

type defaultDomainResource struct{ nameResource }

// NewDefaultDomainResource gives the resource ram_default_domain.
func NewDefaultDomainResource() resource.Resource { return &defaultDomainResource{} }

type defaultDomainModel struct {
	DefaultDomainName types.String `tfsdk:"default_domain_name"`
	OnDestroy         types.String `tfsdk:"on_destroy"`
	AccountID         types.String `tfsdk:"account_id"`
}

func (r *defaultDomainResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_default_domain"
}

var domainName = regexp.MustCompile(`^[A-Za-z0-9._]+(-[A-Za-z0-9._]+)*` + regexp.QuoteMeta(ramapi.DomainSuffix) + `$`)

func (r *defaultDomainResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The default domain of the account: what follows the `@` in the names that RAM users log on with. There is one per account, so a configuration has at " +
			"most one of this resource." +
			base.Traps(
				"The alias and the default domain go together: setting the domain `acme.onaliyun.com` makes `acme` the alias of the account, and one that cannot be an "+
					"alias takes the alias away.",
				"`ram_account_alias` can be managed beside it if it has the matching alias; neither needs the other. Destroying one of the two while the other stays "+
					"may move that as well; the next apply moves it back.",
			),
		Attributes: map[string]schema.Attribute{
			"default_domain_name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The domain, such as `acme.onaliyun.com`: up to 64 characters, letters, digits, `.`, `_` and single `-` between them, and `.onaliyun.com` at the end. " +
					"It is unique among all Alibaba Cloud accounts, and can be changed in place. Case makes no difference.",
				Validators: []validator.String{
					base.Length(64),
					stringvalidator.RegexMatches(domainName, "must be letters, digits, ., _ and single - between them, and "+ramapi.DomainSuffix+" at the end"),
				},
			},
			"on_destroy": base.OnDestroyAttribute(),
			"account_id": base.AccountIDAttribute(),
		},
	}
}

func (r *defaultDomainResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = base.AccountIdentity()
}

func (r *defaultDomainResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan defaultDomainModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.Take(ctx, "ram_default_domain", resp.Private, &resp.Diagnostics) {
		return
	}
	caller, err := r.Client.CallerIdentity(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to learn the ID of the account")
		r.Leave("ram_default_domain")
		return
	}
	found, ok := r.set(ctx, plan.DefaultDomainName, &resp.Diagnostics)
	if !ok {
		r.Leave("ram_default_domain")
		return
	}
	plan.AccountID = types.StringValue(caller.AccountID)
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
	r.AdviseIfRoot(&resp.Diagnostics)
}

func (r *defaultDomainResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state defaultDomainModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
	if !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) {
		return
	}
	domain, err := r.Client.DefaultDomain(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the default domain of the account")
		return
	}
	r.AdviseIfRoot(&resp.Diagnostics)
	if strings.EqualFold(domain, state.DefaultDomainName.ValueString()) {
		return // what is in the response already
	}
	state.DefaultDomainName = types.StringValue(domain)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *defaultDomainResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan defaultDomainModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, plan.AccountID, &resp.Diagnostics) {
		return
	}
	if _, ok := r.set(ctx, plan.DefaultDomainName, &resp.Diagnostics); !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("account_id"), plan.AccountID)...)
}

func (r *defaultDomainResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state defaultDomainModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !r.IsOwnAccount(ctx, state.AccountID, &resp.Diagnostics) || r.IsTaken(ctx, "ram_default_domain", req.Private, &resp.Diagnostics) {
		return
	}
	r.undo(ctx, ownDomain, state.OnDestroy, req.Private, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		r.Leave("ram_default_domain")
	}
}

func (r *defaultDomainResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.ImportByAccountID(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	names, err := r.Client.AccountNames(ctx)
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the names of the account")
		return
	}
	resp.Diagnostics.Append(base.SaveFound(ctx, resp.Private, foundNames{names, time.Now()})...)
}

func (r *defaultDomainResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanTake(ctx, "ram_default_domain", req, resp)
	if req.Plan.Raw.IsNull() {
		return
	}
	at := path.Root("default_domain_name")
	var domain, prior types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, at, &domain)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &prior)...)
	}
	if !domain.IsUnknown() && strings.EqualFold(domain.ValueString(), prior.ValueString()) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, prior)...)
	}
	r.plan(ownDomain, domain, &resp.Diagnostics)
}

// set sets the domain and gives the names that it found.
func (r *defaultDomainResource) set(ctx context.Context, domain types.String, diags *diag.Diagnostics) (foundNames, bool) {
	if !r.check(ownDomain, domain, diags) {
		return foundNames{}, false
	}
	unlock, err := r.Client.LockAccountNames(ctx)
	if err != nil {
		base.AddErrorf(diags, err, "Unable to set the default domain of the account")
		return foundNames{}, false
	}
	defer unlock()
	names, err := r.Client.AccountNames(ctx)
	if err == nil && !strings.EqualFold(names.DefaultDomain, domain.ValueString()) {
		err = r.Client.SetDefaultDomain(ctx, domain.ValueString())
	}
	switch {
	case ramapi.IsAlreadyExists(err):
		base.AddAttributeErrorf(diags, path.Root("default_domain_name"), err, "Another Alibaba Cloud account has the default domain %s", domain)
	case err != nil:
		base.AddErrorf(diags, err, "Unable to set the default domain of the account to %s", domain)
	}
	return foundNames{names, time.Now()}, err == nil
}
