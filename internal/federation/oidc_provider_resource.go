package federation

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure   = (*oidcProviderResource)(nil)
	_ resource.ResourceWithIdentity    = (*oidcProviderResource)(nil)
	_ resource.ResourceWithImportState = (*oidcProviderResource)(nil)
)

type oidcProviderResource struct{ base.Resource }

// NewOIDCProviderResource gives the resource ram_oidc_provider.
func NewOIDCProviderResource() resource.Resource { return &oidcProviderResource{} }

type oidcProviderModel struct {
	Name              types.String `tfsdk:"name"`
	IssuerURL         types.String `tfsdk:"issuer_url"`
	Fingerprints      types.Set    `tfsdk:"fingerprints"`
	ClientIDs         types.Set    `tfsdk:"client_ids"`
	Description       types.String `tfsdk:"description"`
	IssuanceLimitTime types.Int64  `tfsdk:"issuance_limit_time"`
	ARN               types.String `tfsdk:"arn"`
	CreateDate        types.String `tfsdk:"create_date"`
}

// How many items RAM lets the lists of an OIDC provider have.
const (
	maxClientIDs    = 50
	maxFingerprints = 5
)

func (r *oidcProviderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_oidc_provider"
}

func (r *oidcProviderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An OpenID Connect identity provider, such as a CI system or a Kubernetes cluster, whose programs take on roles with a token of theirs and no access " +
			"key. Its client IDs and fingerprints are exclusive: others are removed. Which roles is said by the roles: their trust policy names the provider's ARN " +
			"as a `Federated` principal, with conditions on `oidc:iss`, `oidc:aud` and `oidc:sub`." +
			base.Traps(
				"A trust policy without a condition on `oidc:sub` lets every program of the issuer in. With a public issuer, such as that of GitHub Actions, those are "+
					"the programs of strangers too.",
				"Another name or another issuer makes another provider with another ARN: let trust policies refer to `arn`, so that they follow.",
				"RAM refuses the issuer's tokens once its certificate leads to none of the `fingerprints`: give that of the root certificate, which the data source "+
					"`ram_oidc_fingerprint` finds.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the provider, " + nameText,
				Validators:          nameValidators(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"issuer_url": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Issuer as the tokens name it, an https URL of up to 255 characters without a query. An account has one provider for each issuer. " +
					"RAM cannot change it: another issuer replaces the provider.",
				Validators:    []validator.String{issuerRule{}},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"fingerprints": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "1 to 5 SHA-1 fingerprints, in hexadecimal without colons, of root certificates that the issuer's https certificate may lead to. " +
					"RAM refuses the issuer's tokens once its certificate leads to none of them, so give the root's fingerprint and not that of an intermediate certificate, which changes more often; " +
					"the data source `ram_oidc_fingerprint` finds it. Upper and lower case are the same.",
				Validators: []validator.Set{
					setvalidator.NoNullValues(),
					setvalidator.SizeBetween(1, maxFingerprints),
					setvalidator.ValueStringsAre(stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9]{1,128}$`),
						"must be a fingerprint of up to 128 letters and digits; leave out the colons that openssl prints")),
				},
				PlanModifiers: []planmodifier.Set{keepFingerprints{}},
			},
			"client_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Up to 50 audiences (`aud`) whose tokens are accepted, each of up to 128 letters, digits, `.`, `-`, `_`, `:` and `/`, beginning with a letter or a digit. None when left out.",
				Validators: []validator.Set{
					setvalidator.NoNullValues(),
					setvalidator.SizeAtMost(maxClientIDs),
					setvalidator.ValueStringsAre(stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$`),
						`must be up to 128 letters, digits, ".", "-", "_", ":" and "/", and begin with a letter or a digit`)),
				},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the provider is for, up to 256 characters. Empty when left out.",
				Validators:          base.ClearableText(256),
			},
			"issuance_limit_time": schema.Int64Attribute{
				Optional: true, Computed: true,
				MarkdownDescription: "How many hours ago a token may have been issued, 1 to 168. The service decides when it is left out; removing the argument changes nothing.",
				Validators:          []validator.Int64{int64validator.Between(1, 168)},
				PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			},
			"arn": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ARN of the provider, which trust policies and programs name.",
				PlanModifiers:       keep,
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the provider was created, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       keep,
			},
		},
	}
}

func (r *oidcProviderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the provider."},
	}}
}

func (r *oidcProviderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan oidcProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := ramapi.OIDCProvider{
		Name:              plan.Name.ValueString(),
		IssuerURL:         plan.IssuerURL.ValueString(),
		ClientIDs:         items(ctx, plan.ClientIDs, &resp.Diagnostics),
		Fingerprints:      items(ctx, plan.Fingerprints, &resp.Diagnostics),
		Description:       plan.Description.ValueString(),
		IssuanceLimitTime: plan.IssuanceLimitTime.ValueInt64(),
	}
	if resp.Diagnostics.HasError() {
		return
	}
	created, err := r.Client.CreateOIDCProvider(ctx, wanted)
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_oidc_provider", r.inTheWay(ctx, wanted, err), "Unable to create OIDC provider %s", plan.Name)
		return
	}
	plan.setComputed(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *oidcProviderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state oidcProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindOIDCProvider, state.Name.ValueString(), state.CreateDate.ValueString())
	found, err := r.Client.OIDCProvider(ctx, state.Name.ValueString())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read OIDC provider %s", state.Name)
		return
	}
	state.fromAPI(ctx, found, &resp.Diagnostics)
	if state.equal(before) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *oidcProviderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state oidcProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// What a failure leaves undone is not in the state: lists that are changed
	// half-way are saved as far as they are.
	err := r.changeList(ctx, r.fingerprints(plan.Name), &state.Fingerprints, plan.Fingerprints, &resp.Diagnostics)
	if err == nil {
		err = r.changeList(ctx, r.clientIDs(plan.Name), &state.ClientIDs, plan.ClientIDs, &resp.Diagnostics)
	}
	if err == nil && (!plan.Description.Equal(state.Description) || !plan.IssuanceLimitTime.Equal(state.IssuanceLimitTime)) {
		_, err = r.Client.UpdateOIDCProvider(ctx, plan.Name.ValueString(), ramapi.OIDCProviderUpdate{
			Description:       base.Changed(plan.Description, state.Description),
			ClientIDs:         items(ctx, plan.ClientIDs, &resp.Diagnostics),
			IssuanceLimitTime: plan.IssuanceLimitTime.ValueInt64(),
		})
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to update OIDC provider %s", plan.Name)
	} else {
		state = plan
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *oidcProviderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state oidcProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.DeleteOIDCProvider(ctx, state.Name.ValueString()); err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete OIDC provider %s", state.Name)
	}
}

func (r *oidcProviderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.ProviderName, req, resp)
}

// inTheWay gives the name of the provider that a refused creation is to be
// replaced by importing: the wanted one, or one of the same issuer.
func (r *oidcProviderResource) inTheWay(ctx context.Context, wanted ramapi.OIDCProvider, err error) string {
	if !ramapi.IsAlreadyExists(err) {
		return wanted.Name
	}
	other := wanted.Name
	for p, err := range r.Client.OIDCProviders(ctx) {
		if err != nil || p.Name == wanted.Name {
			return wanted.Name
		}
		if p.IssuerURL == wanted.IssuerURL {
			other = p.Name
		}
	}
	return other
}

// oidcList is one of the two lists of an OIDC provider.
type oidcList struct {
	most        int
	same        func(a, b string) bool
	add, remove func(ctx context.Context, item string) error
}

func (r *oidcProviderResource) fingerprints(provider types.String) oidcList {
	return oidcList{
		most: maxFingerprints,
		same: strings.EqualFold,
		add: func(ctx context.Context, f string) error {
			return r.Client.AddOIDCFingerprint(ctx, provider.ValueString(), f)
		},
		remove: func(ctx context.Context, f string) error {
			return r.Client.RemoveOIDCFingerprint(ctx, provider.ValueString(), f)
		},
	}
}

func (r *oidcProviderResource) clientIDs(provider types.String) oidcList {
	return oidcList{
		most: maxClientIDs,
		same: func(a, b string) bool { return a == b },
		add: func(ctx context.Context, id string) error {
			return r.Client.AddOIDCClientID(ctx, provider.ValueString(), id)
		},
		remove: func(ctx context.Context, id string) error {
			return r.Client.RemoveOIDCClientID(ctx, provider.ValueString(), id)
		},
	}
}

// changeList makes the list what is wanted, and held what it has become.
func (r *oidcProviderResource) changeList(ctx context.Context, list oidcList, held *types.Set, wanted types.Set, diags *diag.Diagnostics) error {
	has, err := list.change(ctx, items(ctx, *held, diags), items(ctx, wanted, diags))
	setItems(ctx, held, has, diags)
	return err
}

// change adds and removes one item after the other, and gives what is held in
// the end. It adds before it removes, so that tokens that are accepted before
// and after are accepted in between, and RAM's demand for one fingerprint is
// met; only a list that is full must lose an item first.
func (l oidcList) change(ctx context.Context, held, wanted []string) ([]string, error) {
	added, removed := l.without(wanted, held), l.without(held, wanted)
	for len(added) > 0 || len(removed) > 0 {
		if len(added) > 0 && (len(held) < l.most || len(removed) == 0) {
			if err := l.add(ctx, added[0]); err != nil {
				return held, err
			}
			held, added = append(held, added[0]), added[1:]
			continue
		}
		if err := l.remove(ctx, removed[0]); err != nil {
			return held, err
		}
		held, removed = l.without(held, removed[:1]), removed[1:]
	}
	return held, nil
}

// without gives the items that the others do not have.
func (l oidcList) without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(item string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return l.same(item, other) })
	})
}

func (m *oidcProviderModel) setComputed(p ramapi.OIDCProvider) {
	m.IssuanceLimitTime = types.Int64Value(p.IssuanceLimitTime)
	m.ARN = types.StringValue(p.ARN)
	m.CreateDate = types.StringValue(p.CreateDate)
}

func (m *oidcProviderModel) fromAPI(ctx context.Context, p ramapi.OIDCProvider, diags *diag.Diagnostics) {
	m.setComputed(p)
	m.Name = types.StringValue(p.Name)
	m.IssuerURL = types.StringValue(p.IssuerURL)
	m.Description = base.Text(p.Description, m.Description)
	setItems(ctx, &m.ClientIDs, p.ClientIDs, diags)
	if !sameFingerprints(items(ctx, m.Fingerprints, diags), p.Fingerprints) {
		setItems(ctx, &m.Fingerprints, p.Fingerprints, diags)
	}
}

func (m *oidcProviderModel) equal(other oidcProviderModel) bool {
	return m.Name == other.Name && m.IssuerURL == other.IssuerURL && m.Description == other.Description &&
		m.IssuanceLimitTime == other.IssuanceLimitTime && m.ARN == other.ARN && m.CreateDate == other.CreateDate &&
		m.Fingerprints.Equal(other.Fingerprints) && m.ClientIDs.Equal(other.ClientIDs)
}

// items gives the texts of a set, sorted; none of a null or unknown one.
func items(ctx context.Context, set types.Set, diags *diag.Diagnostics) []string {
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	var texts []string
	diags.Append(set.ElementsAs(ctx, &texts, false)...)
	slices.Sort(texts)
	return texts
}

// setItems sets what a set holds. Nothing is null, unless it was written as [].
func setItems(ctx context.Context, set *types.Set, texts []string, diags *diag.Diagnostics) {
	if len(texts) == 0 && (set.IsNull() || set.IsUnknown()) {
		*set = types.SetNull(types.StringType)
		return
	}
	value, more := types.SetValueFrom(ctx, types.StringType, texts)
	diags.Append(more...)
	*set = value
}

// sameFingerprints reports whether both are the same certificates: RAM may write
// fingerprints in its own case.
func sameFingerprints(a, b []string) bool {
	lower := func(fingerprints []string) []string {
		all := strings.Fields(strings.ToLower(strings.Join(fingerprints, " ")))
		slices.Sort(all)
		return slices.Compact(all)
	}
	return slices.Equal(lower(a), lower(b))
}

// keepFingerprints plans the prior spelling of the same fingerprints.
type keepFingerprints struct{}

func (keepFingerprints) Description(context.Context) string {
	return "The same fingerprints keep their prior spelling."
}

func (k keepFingerprints) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

// PlanModifySet keeps the prior set where the planned one has the same fingerprints.
func (keepFingerprints) PlanModifySet(ctx context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	someUnknown := slices.ContainsFunc(req.PlanValue.Elements(), attr.Value.IsUnknown)
	if req.StateValue.IsNull() || req.PlanValue.IsUnknown() || someUnknown {
		return
	}
	if sameFingerprints(items(ctx, req.StateValue, &resp.Diagnostics), items(ctx, req.PlanValue, &resp.Diagnostics)) {
		resp.PlanValue = req.StateValue
	}
}
