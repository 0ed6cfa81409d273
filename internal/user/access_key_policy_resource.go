package user

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var (
	_ resource.ResourceWithConfigure      = (*accessKeyPolicyResource)(nil)
	_ resource.ResourceWithIdentity       = (*accessKeyPolicyResource)(nil)
	_ resource.ResourceWithImportState    = (*accessKeyPolicyResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*accessKeyPolicyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*accessKeyPolicyResource)(nil)
)

type accessKeyPolicyResource struct{ base.Resource }

// NewAccessKeyPolicyResource gives the resource ram_access_key_policy.
func NewAccessKeyPolicyResource() resource.Resource { return &accessKeyPolicyResource{} }

type accessKeyPolicyModel struct {
	UserName    types.String `tfsdk:"user_name"`
	AccessKeyID types.String `tfsdk:"access_key_id"`
	Status      types.String `tfsdk:"status"`
	Statement   types.Set    `tfsdk:"statement"`
	UserID      types.String `tfsdk:"user_id"`
}

type networkStatementModel struct {
	Type   types.String `tfsdk:"type"`
	Value  types.String `tfsdk:"value"`
	IPList types.Set    `tfsdk:"ip_list"`
}

// What the types of statements, and the value of every VPC, are called.
const (
	classicWhiteList = "ClassicWhiteList"
	vpcWhiteList     = "VPCWhiteList"
	allowAllVPC      = "AllowAllVPC"
)

// How much one policy holds.
const (
	maxStatements = 8
	maxAddresses  = 50
)

func (r *accessKeyPolicyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_access_key_policy"
	resp.ResourceBehavior.MutableIdentity = true // the user can be renamed
}

func (r *accessKeyPolicyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The network policy of an access key: the networks that calls with the key are accepted from. It is exclusive: statements from elsewhere are removed. " +
			"A key without one is accepted from everywhere, unless the account has a policy for all keys, which that of the key overrules.\n\n" +
			"A call is accepted where one of the statements allows it: `ClassicWhiteList` for calls over the internet, by their public address, and `VPCWhiteList` " +
			"for calls from VPCs, by their private one.\n\n" +
			"~> **A policy that forgets a network locks the program there out.** Do not set one on the key that Terraform itself works with before its network is " +
			"in the list." +
			base.Traps(
				"Destroying the resource makes the key usable from everywhere again, unless the account has a policy for all keys.",
				"The policy says nothing about temporary credentials of roles.",
			),
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user that the key belongs to. The policy stays when the user is renamed; another user means another key.",
				Validators:          []validator.String{base.UserName},
			},
			"access_key_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "ID of the key, such as `ram_access_key.backup.access_key_id`. Another key means another policy.",
				Validators:          []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^[A-Za-z0-9.]+$`), "must be the ID of an access key, such as LTAI5tExample")},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("Active"),
				MarkdownDescription: "`Active`, or `Inactive` for a policy that is kept but not applied: the key is then accepted from everywhere. `Active` when left out.",
				Validators:          []validator.String{base.Status()},
			},
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, which no rename changes.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
		Blocks: map[string]schema.Block{
			"statement": schema.SetNestedBlock{
				MarkdownDescription: "Networks that the key may be used from: 1 to 8 of these blocks, with up to 50 addresses in all. Their order has no meaning.",
				Validators:          []validator.Set{setvalidator.IsRequired(), setvalidator.SizeAtMost(maxStatements)},
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"type": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "`ClassicWhiteList` for calls over the internet, `VPCWhiteList` for calls from VPCs.",
						Validators:          []validator.String{stringvalidator.OneOf(classicWhiteList, vpcWhiteList)},
					},
					"value": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "ID of the VPC that a `VPCWhiteList` is about, or `AllowAllVPC` for all of them. Needed there; a `ClassicWhiteList` has none.",
						Validators:          []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^(`+allowAllVPC+`|vpc-[a-z0-9]+)$`), "must be the ID of a VPC, such as vpc-bp1example, or "+allowAllVPC)},
					},
					"ip_list": schema.SetAttribute{
						Required: true, ElementType: types.StringType,
						MarkdownDescription: "IPv4 and IPv6 addresses, and networks in CIDR form. `0.0.0.0/0` and `::/0` together allow every address.",
						Validators:          []validator.Set{setvalidator.SizeBetween(1, maxAddresses), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(networkRule{})},
					},
				}},
			},
		},
	}
}

func (r *accessKeyPolicyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name":     identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
		"access_key_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the key."},
	}}
}

func (r *accessKeyPolicyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan accessKeyPolicyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	policy, diags := plan.policy(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.FindOwner(ctx, userOwner, plan.UserName, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	id := plan.AccessKeyID.ValueString()
	if err := r.Client.CreateAccessKeyPolicy(ctx, user.Name, id, policy); err != nil {
		base.AddExistsErrorf(&resp.Diagnostics, err, "ram_access_key_policy", user.Name+":"+id, "Unable to create the network policy of access key %s of RAM user %s", id, plan.UserName)
		return
	}
	plan.UserID = types.StringValue(user.ID)
	resp.Diagnostics.Append(base.SaveCreated(ctx, resp.Private, r.Client)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	r.AdviseIfRoot(&resp.Diagnostics)
}

func (r *accessKeyPolicyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state accessKeyPolicyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	createDate, diags := base.LoadCreated(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	// The date is not before those of the user and the key.
	r.Client.Recall(ramapi.KindUser, state.UserName.ValueString(), createDate)
	r.Client.Recall(ramapi.KindAccessKey, state.AccessKeyID.ValueString(), createDate)
	r.Client.Recall(ramapi.KindAccessKeyPolicy, state.AccessKeyID.ValueString(), createDate)
	policy, err := r.refresh(ctx, &state)
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the network policy of access key %s of RAM user %s", state.AccessKeyID.ValueString(), state.UserName)
		return
	}
	resp.Diagnostics.Append(state.fromAPI(ctx, policy)...)
	r.AdviseIfRoot(&resp.Diagnostics)
	if state.equal(before) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

func (r *accessKeyPolicyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state accessKeyPolicyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	policy, diags := plan.policy(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.UserName.Equal(state.UserName) {
		if _, ok := r.FindOwner(ctx, userOwner, plan.UserName, state.UserID, &resp.Diagnostics); !ok {
			return
		}
	}
	if !plan.Status.Equal(state.Status) || !plan.Statement.Equal(state.Statement) {
		if err := r.Client.SetAccessKeyPolicy(ctx, plan.UserName.ValueString(), plan.AccessKeyID.ValueString(), policy); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to update the network policy of access key %s of RAM user %s", plan.AccessKeyID.ValueString(), plan.UserName)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *accessKeyPolicyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state accessKeyPolicyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.AccessKeyID.ValueString()
	err := r.Client.ResetAccessKeyPolicy(ctx, state.UserName.ValueString(), id)
	if ramapi.IsNotFound(err) { // under that name
		if _, err = r.refresh(ctx, &state); err == nil {
			err = r.Client.ResetAccessKeyPolicy(ctx, state.UserName.ValueString(), id)
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to delete the network policy of access key %s of RAM user %s", id, state.UserName)
	}
}

func (r *accessKeyPolicyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	importAccessKey(ctx, req, resp)
}

// ValidateConfig checks what concerns more than one attribute.
func (r *accessKeyPolicyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	r.Resource.ValidateConfig(ctx, req, resp)
	var config accessKeyPolicyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Statement.IsUnknown() {
		return
	}
	addresses := 0
	for _, element := range config.Statement.Elements() {
		var s networkStatementModel
		object, ok := element.(types.Object)
		if !ok || object.IsUnknown() {
			continue
		}
		resp.Diagnostics.Append(object.As(ctx, &s, basetypes.ObjectAsOptions{})...)
		addresses += len(s.IPList.Elements())
		switch {
		case s.Type.IsUnknown() || s.Value.IsUnknown():
		case s.Type.ValueString() == vpcWhiteList && s.Value.IsNull():
			resp.Diagnostics.AddAttributeError(path.Root("statement"), "A VPCWhiteList needs a value",
				"Set value to the ID of a VPC, such as vpc-bp1example, or to AllowAllVPC for calls from all of them.")
		case s.Type.ValueString() == classicWhiteList && !s.Value.IsNull():
			resp.Diagnostics.AddAttributeError(path.Root("statement"), "A ClassicWhiteList has no value",
				fmt.Sprintf("value is %s, but calls over the internet come from no VPC. Remove it, or make the type VPCWhiteList.", s.Value))
		}
	}
	if addresses > maxAddresses {
		resp.Diagnostics.AddAttributeError(path.Root("statement"), "Too many addresses",
			fmt.Sprintf("The statements have %d addresses; RAM accepts up to %d in all.", addresses, maxAddresses))
	}
}

func (r *accessKeyPolicyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanOwner(ctx, userOwner, req, resp)
}

// refresh reads the policy, under whichever name its user has now. The error is
// IsNotFound where there is none, or the key or the user is gone.
func (r *accessKeyPolicyResource) refresh(ctx context.Context, m *accessKeyPolicyModel) (ramapi.AccessKeyPolicy, error) {
	user := ramapi.Principal{Kind: ramapi.KindUser, Name: m.UserName.ValueString(), ID: m.UserID.ValueString()}
	var err error
	if user.ID == "" { // an import knows only the name
		if user, err = r.Client.Find(ctx, user); err != nil {
			return ramapi.AccessKeyPolicy{}, err
		}
	}
	policy, err := r.Client.AccessKeyPolicy(ctx, user.Name, m.AccessKeyID.ValueString())
	if ramapi.IsNotFound(err) {
		if user, err = r.Client.Find(ctx, user); err == nil {
			policy, err = r.Client.AccessKeyPolicy(ctx, user.Name, m.AccessKeyID.ValueString())
		}
	}
	if err == nil {
		m.UserName, m.UserID = types.StringValue(user.Name), types.StringValue(user.ID)
	}
	return policy, err
}

// policy gives the policy that the model describes.
func (m *accessKeyPolicyModel) policy(ctx context.Context) (ramapi.AccessKeyPolicy, diag.Diagnostics) {
	policy := ramapi.AccessKeyPolicy{Status: m.Status.ValueString()}
	var statements []networkStatementModel
	diags := m.Statement.ElementsAs(ctx, &statements, false)
	for _, s := range statements {
		out := ramapi.NetworkStatement{Type: s.Type.ValueString(), Value: s.Value.ValueString()}
		diags.Append(s.IPList.ElementsAs(ctx, &out.IPList, false)...)
		policy.Statements = append(policy.Statements, out)
	}
	return policy, diags
}

func (m *accessKeyPolicyModel) fromAPI(ctx context.Context, policy ramapi.AccessKeyPolicy) diag.Diagnostics {
	var diags diag.Diagnostics
	statements := make([]networkStatementModel, 0, len(policy.Statements))
	for _, s := range policy.Statements {
		addresses, more := types.SetValueFrom(ctx, types.StringType, s.IPList)
		diags.Append(more...)
		statements = append(statements, networkStatementModel{types.StringValue(s.Type), orNull(s.Value), addresses})
	}
	set, more := types.SetValueFrom(ctx, m.Statement.ElementType(ctx), statements)
	diags.Append(more...)
	m.Status, m.Statement = types.StringValue(policy.Status), set
	return diags
}

func (m *accessKeyPolicyModel) equal(other accessKeyPolicyModel) bool {
	return m.UserName.Equal(other.UserName) && m.UserID.Equal(other.UserID) && m.Status.Equal(other.Status) && m.Statement.Equal(other.Statement)
}

func (m *accessKeyPolicyModel) identity() accessKeyIdentity {
	return accessKeyIdentity{UserName: m.UserName, AccessKeyID: m.AccessKeyID}
}

// networkRule accepts an address or a network in the one spelling that it has
// in the state: then no other spelling of it can look like a change.
type networkRule struct{}

func (networkRule) Description(context.Context) string {
	return "must be an IP address or a network in CIDR form"
}

func (n networkRule) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

// ValidateString refuses what is no network, and says how to write one that is
// written in another way.
func (networkRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	switch canonical, err := ramapi.CanonicalNetwork(text); {
	case err != nil:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid address", fmt.Sprintf("%q is neither an IP address, such as 203.0.113.7, nor a network in CIDR form, such as 203.0.113.0/24.", text))
	case canonical != text:
		resp.Diagnostics.AddAttributeError(req.Path, "Address in another form", fmt.Sprintf("%q stands for %s: write %q.", text, canonical, canonical))
	}
}
