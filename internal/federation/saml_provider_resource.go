package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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
	_ resource.ResourceWithConfigure        = (*samlProviderResource)(nil)
	_ resource.ResourceWithIdentity         = (*samlProviderResource)(nil)
	_ resource.ResourceWithImportState      = (*samlProviderResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*samlProviderResource)(nil)
	_ resource.ResourceWithConfigValidators = (*samlProviderResource)(nil)
)

type samlProviderResource struct{ base.Resource }

// NewSAMLProviderResource gives the resource ram_saml_provider.
func NewSAMLProviderResource() resource.Resource { return &samlProviderResource{} }

type samlProviderModel struct {
	Name            types.String `tfsdk:"name"`
	Metadata        types.String `tfsdk:"saml_metadata_document"`
	EncodedMetadata types.String `tfsdk:"encoded_saml_metadata_document"`
	Description     types.String `tfsdk:"description"`
	AuthnSignAlgo   types.String `tfsdk:"authn_sign_algo"`
	ARN             types.String `tfsdk:"arn"`
	CreateDate      types.String `tfsdk:"create_date"`
}

func (r *samlProviderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_saml_provider"
}

func (r *samlProviderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A SAML identity provider, such as the company's directory, whose people take on roles without being RAM users. Other providers are left alone. Which " +
			"roles is said by the roles: their trust policy names the provider's ARN as a `Federated` principal. To have people log on as RAM users instead, see " +
			"`ram_user_sso_settings`." +
			base.Traps(
				"The metadata holds the certificate that the identity provider signs with. When it signs with another one, nobody gets in until the new metadata is "+
					"here.",
				"Another name makes another provider with another ARN: let trust policies refer to `arn`, so that they follow.",
			),
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the provider, " + nameText,
				Validators:          nameValidators(),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"saml_metadata_document": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Metadata of the identity provider as XML with the root `EntityDescriptor`, as the provider publishes it. " +
					"Exactly one of this and `encoded_saml_metadata_document` is given; the other follows from it. " + metadataText,
				Validators: []validator.String{metadataRule{}},
			},
			"encoded_saml_metadata_document": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The same metadata in base64, as RAM keeps it. " + metadataText,
				Validators:          []validator.String{metadataRule{encoded: true}},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the provider is for. Empty when left out.",
				Validators:          []validator.String{stringvalidator.NoneOf(" ")}, // stands for an empty one
			},
			"authn_sign_algo": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: signAlgoText + "The service decides, `rsa-sha1` for a new provider, when it is left out; removing the argument changes nothing.",
				Validators:          []validator.String{signAlgo()},
				PlanModifiers:       keep,
			},
			"arn": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ARN of the provider, which trust policies name.",
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

func (r *samlProviderResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(
		path.MatchRoot("saml_metadata_document"), path.MatchRoot("encoded_saml_metadata_document"),
	)}
}

func (r *samlProviderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the provider."},
	}}
}

func (r *samlProviderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan samlProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	created, err := r.Client.CreateSAMLProvider(ctx, ramapi.SAMLProvider{
		Name:            plan.Name.ValueString(),
		EncodedMetadata: plan.metadata().sent(),
		Description:     plan.Description.ValueString(),
		AuthnSignAlgo:   plan.AuthnSignAlgo.ValueString(),
	})
	if err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_saml_provider", plan.Name.ValueString(), "Unable to create SAML provider %s", plan.Name)
		return
	}
	plan.setComputed(created)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *samlProviderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state samlProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
	r.Client.Recall(ramapi.KindSAMLProvider, state.Name.ValueString(), state.CreateDate.ValueString())
	found, err := r.Client.SAMLProvider(ctx, state.Name.ValueString())
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read SAML provider %s", state.Name)
		return
	}
	state.fromAPI(found)
	if state == before {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), state.Name)...)
}

func (r *samlProviderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state samlProviderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	change := ramapi.SAMLProviderUpdate{
		Description:     base.Changed(plan.Description, state.Description),
		EncodedMetadata: plan.metadata().sent(),
		AuthnSignAlgo:   plan.AuthnSignAlgo.ValueString(),
	}
	unchanged := ramapi.SAMLProviderUpdate{EncodedMetadata: state.metadata().sent(), AuthnSignAlgo: state.AuthnSignAlgo.ValueString()}
	if change != unchanged {
		if _, err := r.Client.UpdateSAMLProvider(ctx, plan.Name.ValueString(), change); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to update SAML provider %s", plan.Name)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("name"), plan.Name)...)
}

func (r *samlProviderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state samlProviderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.DeleteSAMLProvider(ctx, state.Name.ValueString()); err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete SAML provider %s", state.Name)
	}
}

func (r *samlProviderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	base.ImportByName(ctx, path.Root("name"), base.ProviderName, req, resp)
}

// ModifyPlan plans both forms of the metadata, and the prior ones where those
// mean the same.
func (r *samlProviderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || base.PlansNothing(req) {
		return
	}
	var config, state samlProviderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	planned := config.metadata().complete().orPrior(state.metadata())
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("saml_metadata_document"), planned.XML)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("encoded_saml_metadata_document"), planned.Encoded)...)
}

func (m *samlProviderModel) metadata() metadata { return metadata{m.Metadata, m.EncodedMetadata} }

func (m *samlProviderModel) setComputed(p ramapi.SAMLProvider) {
	m.AuthnSignAlgo = types.StringValue(p.AuthnSignAlgo)
	m.ARN = types.StringValue(p.ARN)
	m.CreateDate = types.StringValue(p.CreateDate)
}

func (m *samlProviderModel) fromAPI(p ramapi.SAMLProvider) {
	m.setComputed(p)
	m.Name = types.StringValue(p.Name)
	m.Description = base.Text(p.Description, m.Description)
	found := metadataFrom(p.EncodedMetadata).orPrior(m.metadata())
	m.Metadata, m.EncodedMetadata = found.XML, found.Encoded
}
