package user

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	_ resource.ResourceWithConfigure   = (*accessKeyResource)(nil)
	_ resource.ResourceWithIdentity    = (*accessKeyResource)(nil)
	_ resource.ResourceWithImportState = (*accessKeyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*accessKeyResource)(nil)
)

type accessKeyResource struct{ base.Resource }

// NewAccessKeyResource gives the resource ram_access_key.
func NewAccessKeyResource() resource.Resource { return &accessKeyResource{} }

type accessKeyModel struct {
	UserName types.String `tfsdk:"user_name"`
	Status   types.String `tfsdk:"status"`
	base.Sealing
	RotateWhenChanged types.Map    `tfsdk:"rotate_when_changed"`
	PreviousKey       types.String `tfsdk:"previous_key"`
	UserID            types.String `tfsdk:"user_id"`
	EffectiveStatus   types.String `tfsdk:"effective_status"`
	AccessKeyID       types.String `tfsdk:"access_key_id"`
	AccessKeySecret   types.String `tfsdk:"access_key_secret"`
	EncryptedSecret   types.String `tfsdk:"encrypted_secret"`
	KeyFingerprint    types.String `tfsdk:"key_fingerprint"`
	CreateDate        types.String `tfsdk:"create_date"`
	// The key from before the last turn, null for none.
	PreviousAccessKeyID     types.String `tfsdk:"previous_access_key_id"`
	PreviousAccessKeyStatus types.String `tfsdk:"previous_access_key_status"`
}

type accessKeyIdentity struct {
	UserName    types.String `tfsdk:"user_name"`
	AccessKeyID types.String `tfsdk:"access_key_id"`
}

func (r *accessKeyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "ram_access_key"
	resp.ResourceBehavior.MutableIdentity = true // the user can be renamed
}

func (r *accessKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	pgpKey, ageRecipients := base.SealingAttributes("secret of the key", "encrypted_secret")
	resp.Schema = schema.Schema{
		MarkdownDescription: "An access key of a RAM user, for a program that calls Alibaba Cloud. Other keys of the user are left alone, except by a rotation. Where a program can " +
			"take on a role instead, it needs no key at all.\n\n" +
			"~> **The secret of the key is kept in the state in plain text**, unless `pgp_key` or `age_recipients` says for whom it is encrypted. Whoever can read " +
			"such a state can act as the user.\n\n" +
			"A change of `rotate_when_changed` turns the key, in two slots. The apply that has the change deletes the key before the last, where there is one, and " +
			"makes a new key, in place. The last one goes on working until the next apply turns it off, or deletes it, as `previous_key` says: by then the new " +
			"secret is in the state for certain, and whatever takes it from this resource has it." +
			base.Traps(
				"The plan after a turn has one more change, which is done with the key from before.",
				"A turn takes both keys that a user may have, so the user can have no other. Where it has, turn keys by hand: add a second `ram_access_key`, move the "+
					"programs to it, set the old one's `status` to `Inactive`, and remove it when nobody misses it.",
				"A turn can fail at any point, even by a killed Terraform, and leaves a key that works and whose secret is known; the next apply finishes it, or names "+
					"the key that is in the way.",
				"A key whose secret was lost on the way is deleted and made anew, where it is certain which one it is. A new key of a user who has another one already "+
					"comes with a warning that names it: it is the old one of a rotation, or it is of a run that was killed, and nobody has its secret.",
			),
		Attributes: map[string]schema.Attribute{
			"user_name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the user that the key belongs to. The key stays when the user is renamed; another user means another key.",
				Validators:          []validator.String{base.UserName},
			},
			"status": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`Active`, or `Inactive` for a key that is refused but can be turned on again. " +
					"The service decides when it is left out: a new key is active, and one that was turned off elsewhere stays off. " +
					statusUnderFreeze,
				Validators:    []validator.String{base.Status()},
				PlanModifiers: keep,
			},
			"pgp_key":        pgpKey,
			"age_recipients": ageRecipients,
			"rotate_when_changed": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Any values, such as `{ turn = time_rotating.keys.id }`: when one of them changes, the key is turned. " +
					"Values for a key that had none, an imported one for instance, are recorded and turn nothing, nor does removing the argument.",
			},
			"previous_key": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "What the first apply after a turn does with the key from before it: `inactive` turns it off, `active` leaves it on, `delete` deletes it. `inactive` when left out. " +
					"The next turn deletes it in any case. It can be changed between turns: `active` then turns a previous key on again. It is left alone while the key itself is inactive.",
				Validators: []validator.String{stringvalidator.OneOf(previousInactive, previousActive, previousDelete)},
			},
			"user_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the user, which no rename changes.",
				PlanModifiers:       keep,
			},
			"effective_status": effectiveStatusAttribute(),
			"access_key_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the key, such as `LTAI5tExample`. It is not a secret.",
				PlanModifiers:       keep,
			},
			"access_key_secret": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "Secret of the key, kept **in the state in plain text**; null where `pgp_key` or `age_recipients` has it encrypted. " +
					"RAM tells it only when the key is made, so it is null for an imported key too.",
				PlanModifiers: keep,
			},
			"encrypted_secret": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Secret of the key, encrypted: to `pgp_key` as the base64 of a binary message (`base64 -d | gpg -d`), to `age_recipients` as an armored file (`age -d -i KEY`). " +
					"Null without either.",
				PlanModifiers: keep,
			},
			"key_fingerprint": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "For whom `encrypted_secret` is encrypted: the fingerprint of the PGP key in hexadecimal digits, or the age recipients, sorted, with commas between them.",
				PlanModifiers:       keep,
			},
			"previous_access_key_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the key from before the last turn, null where there is none. Its secret is not kept: turned on again, it works for whoever still has that.",
				PlanModifiers:       keep,
			},
			"previous_access_key_status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`Active` or `Inactive`, of the key from before the last turn, as `status`: of a user who is frozen it is what it will be afterwards. Null where there is none.",
				PlanModifiers:       keep,
			},
			"create_date": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "When the key was made, in UTC, such as `2026-11-22T08:00:00Z`.",
				PlanModifiers:       keep,
			},
		},
	}
}

func (r *accessKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"user_name":     identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the user."},
		"access_key_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the key."},
	}}
}

func (r *accessKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan accessKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Nothing about the recipient may fail once there is a secret.
	recipient, _ := plan.Recipient(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	user, ok := r.FindOwner(ctx, userOwner, plan.UserName, types.StringNull(), &resp.Diagnostics)
	if !ok {
		return
	}
	if !r.CheckMore(ctx, r.KeysOf(user.Name), []string{""}, path.Root("user_name"), &resp.Diagnostics, "Unable to create an access key of RAM user %s", plan.UserName) {
		return
	}
	key, err := r.Client.CreateAccessKey(ctx, user.Name)
	if err != nil {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, recycledKeysCount(ctx, r.Client, err, user), "Unable to create an access key of RAM user %s", plan.UserName)
		return
	}
	wanted := plan.Status
	plan.UserID = types.StringValue(user.ID)
	plan.PreviousAccessKeyID, plan.PreviousAccessKeyStatus = types.StringNull(), types.StringNull()
	plan.fromAPI(key.AccessKey)
	plan.keepSecret(key.Secret, recipient, &resp.Diagnostics)
	// The secret cannot be had again, so it goes to the state before another call.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
	warnOfOthers(key, plan, &resp.Diagnostics)
	r.AdviseIfRoot(&resp.Diagnostics)
	if r.settleStatus(ctx, user.Name, wanted, &plan, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

func (r *accessKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state accessKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state
	if resp.Diagnostics.HasError() {
		return
	}
	r.Client.NoteRefresh()
	// The framework wants an identity even when the resource leaves the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
	// Neither a new key nor a new user need show everywhere yet, and a key that is
	// taken for gone is made anew.
	r.Client.Recall(ramapi.KindUser, state.UserName.ValueString(), state.CreateDate.ValueString())
	r.Client.Recall(ramapi.KindAccessKey, state.AccessKeyID.ValueString(), state.CreateDate.ValueString())
	err := r.refresh(ctx, &state)
	if ramapi.IsNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read access key %s of RAM user %s", state.AccessKeyID.ValueString(), state.UserName)
		return
	}
	r.AdviseIfRoot(&resp.Diagnostics)
	if base.Unchanged(before, state) {
		return // what is in the response already
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.identity())...)
}

func (r *accessKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state accessKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.UserName.Equal(state.UserName) {
		if _, ok := r.FindOwner(ctx, userOwner, plan.UserName, state.UserID, &resp.Diagnostics); !ok {
			return
		}
		state.UserName = plan.UserName
	}
	if plan.turnsFrom(state) {
		r.turn(ctx, plan, state, resp)
		return
	}
	if !plan.sealKept(ctx, state, &resp.Diagnostics) {
		return
	}
	if plan.turnsOff(state) && r.RefuseOwnKey(ctx, "Turning off", plan.AccessKeyID.ValueString(), &resp.Diagnostics) {
		return
	}
	if !plan.Status.Equal(state.Status) {
		if err := r.Client.SetAccessKeyStatus(ctx, plan.UserName.ValueString(), plan.AccessKeyID.ValueString(), plan.Status.ValueString()); err != nil {
			base.AddErrorf(&resp.Diagnostics, err, "Unable to make access key %s of RAM user %s %s", plan.AccessKeyID.ValueString(), plan.UserName, plan.Status.ValueString())
			return
		}
	}
	if !r.settleEffectiveStatus(ctx, &plan, &resp.Diagnostics) || !r.settlePrevious(ctx, plan, state, &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

func (r *accessKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state accessKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.AccessKeyID.ValueString()
	if r.RefuseOwnKey(ctx, "Deleting", id, &resp.Diagnostics) {
		return
	}
	// First, for a read takes the resource for gone when its own key is.
	if !r.deletePrevious(ctx, state, &resp.Diagnostics) {
		return
	}
	err := r.Client.DeleteAccessKey(ctx, state.UserName.ValueString(), id)
	if ramapi.IsNotFound(err) {
		if err = r.refresh(ctx, &state); err == nil {
			err = r.Client.DeleteAccessKey(ctx, state.UserName.ValueString(), id)
		}
	}
	if err != nil && !ramapi.IsNotFound(err) {
		base.AddAdvisedErrorf(&resp.Diagnostics, err, noRoomInKeyBin(ctx, r.Client, err, state.UserID.ValueString()), "Unable to delete access key %s of RAM user %s", id, state.UserName)
	}
}

func (r *accessKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	importAccessKey(ctx, req, resp)
}

func (r *accessKeyResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.PlanOwner(ctx, userOwner, req, resp)
	r.planSecret(ctx, req, resp)
	r.planGuards(ctx, req, resp)
	r.PlanAccessKey(ctx, becomesActive(ctx, req, resp), &resp.Diagnostics)
	if !turns(ctx, resp) { // a turn makes another key, of a user who may be frozen by then
		planEffectiveStatus(ctx, req, resp)
	}
}

// warnOfOthers names the user's other keys. A run that was killed while it made
// a key leaves one that no state knows, and only a person can tell which that is.
func warnOfOthers(key ramapi.CreatedAccessKey, m accessKeyModel, diags *diag.Diagnostics) {
	if len(key.Others) == 0 {
		return
	}
	var others []string
	for _, k := range key.Others {
		others = append(others, k.String())
	}
	diags.AddAttributeWarning(path.Root("user_name"), fmt.Sprintf("RAM user %s has another access key", m.UserName),
		fmt.Sprintf("Beside the new key %s the user has %s. While keys are rotated that is as it should be. But where an earlier apply was killed while it made "+
			"a key, nobody has the secret of that one: delete a key that no program and no other resource uses.", key.ID, strings.Join(others, " and ")))
}

// refresh reads the key, under whichever name its user has now. The error is
// IsNotFound where the key or the user is gone.
func (r *accessKeyResource) refresh(ctx context.Context, m *accessKeyModel) error {
	user := m.owner()
	var err error
	if user.ID == "" { // an import knows only the name
		if user, err = r.Client.Find(ctx, user); err != nil {
			return err
		}
	}
	key, err := r.Client.AccessKey(ctx, user.Name, m.AccessKeyID.ValueString())
	if ramapi.IsNotFound(err) {
		if user, err = r.Client.Find(ctx, user); err == nil {
			key, err = r.Client.AccessKey(ctx, user.Name, m.AccessKeyID.ValueString())
		}
	}
	if err != nil {
		return err
	}
	m.UserName, m.UserID = types.StringValue(user.Name), types.StringValue(user.ID)
	held, err := heldStatus(m.Status, key.Status, func() (bool, error) { return r.Client.HoldsAccessKey(ctx, user.Name, key.ID) })
	m.fromAPI(key)
	m.Status = held
	if err != nil {
		return err
	}
	return r.refreshPrevious(ctx, m)
}

// fromAPI leaves the secret alone: RAM tells it only once.
func (m *accessKeyModel) fromAPI(key ramapi.AccessKey) {
	m.Status, m.EffectiveStatus = types.StringValue(key.Status), types.StringValue(key.Status)
	m.AccessKeyID = types.StringValue(key.ID)
	m.CreateDate = types.StringValue(key.CreateDate)
}

func (m *accessKeyModel) identity() accessKeyIdentity {
	return accessKeyIdentity{UserName: m.UserName, AccessKeyID: m.AccessKeyID}
}

// importAccessKey imports what is known by a user and a key.
func importAccessKey(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, diags := importedAccessKey(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	base.CheckImportedName(base.UserName, id.UserName.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_name"), id.UserName)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("access_key_id"), id.AccessKeyID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, id)...)
}

// importedAccessKey gives the key that an import names, as user:key-id or by its identity.
func importedAccessKey(ctx context.Context, req resource.ImportStateRequest) (accessKeyIdentity, diag.Diagnostics) {
	var id accessKeyIdentity
	if req.ID == "" {
		diags := req.Identity.Get(ctx, &id)
		return id, diags
	}
	user, key, found := strings.Cut(req.ID, ":")
	if !found || user == "" || key == "" || strings.Contains(key, ":") {
		return id, diag.Diagnostics{diag.NewErrorDiagnostic("Invalid import ID",
			fmt.Sprintf("%q is not the ID of an access key. Give user:key-id, such as backup-job:LTAI5tExample.", req.ID))}
	}
	id.UserName, id.AccessKeyID = types.StringValue(user), types.StringValue(key)
	return id, nil
}
