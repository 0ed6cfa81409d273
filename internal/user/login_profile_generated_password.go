package user

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/password"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/seal"
)

var (
	generateAt = path.Root("generate_password")
	lengthAt   = generateAt.AtName("length")
)

func generatePasswordBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Has a random password generated and set, which fulfils the account's password policy: when the login is created, when this is added to it, and whenever `rotate_when_changed` changes. " +
			"After an import it is only recorded. Give `pgp_key` or `age_recipients` with it: otherwise the password is **kept in the state in plain text**, as `generated_password`.",
		Attributes: map[string]schema.Attribute{
			"length": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: lengthDescription + " A change counts for the next password.",
				Validators:          []validator.Int64{int64validator.Between(password.MinLength, password.MaxLength)},
			},
			"rotate_when_changed": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Any values, such as `{ turn = time_rotating.passwords.id }`: when one of them changes, another password is generated and set. " +
					"Values that are given where there were none set nothing, nor does taking all of them away.",
			},
		},
	}
}

// generatedPasswordAttributes gives the attributes that belong to a generated
// password, and all others.
func generatedPasswordAttributes(others map[string]schema.Attribute) map[string]schema.Attribute {
	pgpKey, ageRecipients := base.SealingAttributes("generated password", "encrypted_password")
	all := map[string]schema.Attribute{
		"pgp_key":        pgpKey,
		"age_recipients": ageRecipients,
		"generated_password": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The password that was generated, **in the state in plain text**. Null where it was encrypted, and where none was generated.",
		},
		"encrypted_password": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "The password that was generated, encrypted: for `pgp_key` as the base64 of a binary message, for `age_recipients` as an armored file. " +
				"`terraform output -raw NAME | base64 --decode | gpg --decrypt` or `terraform output -raw NAME | age --decrypt -i KEY` shows it. Null where it was not encrypted.",
		},
		"key_fingerprint": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Fingerprint of the PGP key, or the age recipients, that `encrypted_password` is encrypted for. Null where it was not encrypted.",
		},
	}
	maps.Copy(all, others)
	return all
}

// validateSources checks that there is one source of a password, and that a
// recipient has something to receive.
func (m *loginProfileModel) validateSources(diags *diag.Diagnostics) {
	given := 0
	for _, isNull := range []bool{m.Password.IsNull(), m.PasswordWO.IsNull(), m.GeneratePassword.IsNull()} {
		if !isNull {
			given++
		}
	}
	if given > 1 {
		diags.AddError("A login profile has one password", "password, password_wo and generate_password exclude each other. Prefer password_wo, which reaches neither the state nor a plan.")
	}
	if !m.IsNone() && m.GeneratePassword.IsNull() {
		diags.AddError("Nothing to encrypt", "pgp_key and age_recipients are for a generated password: add generate_password, or leave them out.")
	}
}

// firstPassword gives the password that a new login profile gets, unknown where
// only the apply knows, as one that it generates.
func firstPassword(config loginProfileModel) types.String {
	if !config.GeneratePassword.IsNull() {
		return types.StringUnknown()
	}
	return config.password()
}

// generates reports whether the change from prior to m generates a password.
// Where that depends on values that only the apply knows, it may.
func (m *loginProfileModel) generates(prior loginProfileModel) bool {
	if m.GeneratePassword.IsNull() || prior.GeneratePassword.IsNull() {
		return !m.GeneratePassword.IsNull()
	}
	now, before := m.rotation(), prior.rotation()
	return !now.IsNull() && !before.IsNull() && !now.Equal(before)
}

// rotation is what a generated password is rotated with.
func (m *loginProfileModel) rotation() types.Map {
	if m.GeneratePassword.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	rotation, _ := m.GeneratePassword.Attributes()["rotate_when_changed"].(types.Map)
	return rotation
}

// length is that of the password to generate, null where nobody says.
func (m *loginProfileModel) length() types.Int64 {
	length, _ := m.GeneratePassword.Attributes()["length"].(types.Int64)
	return length
}

// planPassword judges a password that is going to be set, unknown for one that
// the apply generates and null for none, and plans what the state has of it.
// Terraform plans once more in the apply, with what was unknown, so that the
// password is judged before the call that sets it in any case.
func (r *loginProfileResource) planPassword(ctx context.Context, plan, state loginProfileModel, password types.String, resp *resource.ModifyPlanResponse) {
	diags := &resp.Diagnostics
	if diags.HasError() {
		return
	}
	generates := !password.IsNull() && plan.generates(state)
	planned := plan
	planned.forgetGenerated()
	switch {
	case generates && !state.GeneratePassword.IsNull() && !base.IsWhollyKnown(plan.rotation()): // it may turn out that nothing has changed
		plan.Recipient(ctx, diags)
		planned.GeneratedPassword, planned.EncryptedPassword, planned.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		r.adviseOfPlainText(plan, diags)
	case generates:
		planned.planGenerated(ctx, diags)
		r.adviseOfPlainText(plan, diags)
	case !plan.GeneratePassword.IsNull():
		planned.GeneratedPassword, planned.EncryptedPassword, planned.KeyFingerprint = state.GeneratedPassword, state.EncryptedPassword, state.KeyFingerprint
		switch {
		case !plan.IsNone() && !state.GeneratedPassword.IsNull():
			planned.planGenerated(ctx, diags)
		case !plan.PGPKey.Equal(state.PGPKey) || !plan.AgeRecipients.Equal(state.AgeRecipients):
			plan.Recipient(ctx, diags) // a bad key is refused now, not when it is needed
		}
	case !password.IsNull() && !plan.Password.IsNull():
		r.adviseOfPlainText(plan, diags)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("generated_password"), planned.GeneratedPassword)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("encrypted_password"), planned.EncryptedPassword)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("key_fingerprint"), planned.KeyFingerprint)...)
	if !password.IsNull() && !diags.HasError() {
		r.checkStrength(ctx, plan, password, generates, diags)
	}
}

// planGenerated fills in what is known of a password before it is generated.
func (m *loginProfileModel) planGenerated(ctx context.Context, diags *diag.Diagnostics) {
	m.forgetGenerated()
	recipient, known := m.Recipient(ctx, diags)
	switch {
	case !known:
		m.GeneratedPassword, m.EncryptedPassword, m.KeyFingerprint = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	case recipient != nil:
		m.EncryptedPassword, m.KeyFingerprint = types.StringUnknown(), types.StringValue(recipient.Fingerprint)
	default:
		m.GeneratedPassword = types.StringUnknown()
	}
}

// adviseOfPlainText advises against a password that the state shows. It is about
// no attribute in particular, for the reason that addErrorf has.
func (r *loginProfileResource) adviseOfPlainText(plan loginProfileModel, diags *diag.Diagnostics) {
	switch {
	case !plan.IsNone():
	case plan.GeneratePassword.IsNull():
		r.Advise(diags, path.Empty(), "A password in plain text in the state",
			fmt.Sprintf("The password of RAM user %s will be kept in the state, for whoever can read that. "+
				"Use password_wo, which is kept nowhere, or generate_password with pgp_key or age_recipients.", plan.UserName))
	default:
		r.Advise(diags, path.Empty(), "A password in plain text in the state",
			fmt.Sprintf("The generated password of RAM user %s will be kept in the state as generated_password, for whoever can read that. "+
				"Give pgp_key or age_recipients, so that it is only there encrypted, or use password_wo with the ephemeral resource ram_password.", plan.UserName))
	}
}

// checkStrength refuses a password that does not fulfil the account's password
// policy, or a length of one to generate. Whoever may not read the policy hears
// it from the service. It says nothing of the password itself, and says it of no
// attribute, for the reason that addErrorf has.
func (r *loginProfileResource) checkStrength(ctx context.Context, plan loginProfileModel, password types.String, generates bool, diags *diag.Diagnostics) {
	if !generates && password.IsUnknown() {
		return
	}
	rules, known, err := r.Client.PasswordRules(ctx, r.PlannedPasswordPolicy())
	if err != nil {
		base.AddErrorf(diags, err, "Unable to read the account's password policy")
		return
	}
	if !known {
		return
	}
	if generates {
		if length := plan.length(); !length.IsNull() && !length.IsUnknown() {
			if err := rules.CheckLength(int(length.ValueInt64())); err != nil {
				base.AddAttributeErrorf(diags, lengthAt, err, "Unable to generate a password for RAM user %s", plan.UserName)
			}
		}
		return
	}
	if broken := rules.Broken(password.ValueString(), plan.UserName.ValueString()); len(broken) > 0 {
		diags.AddError(fmt.Sprintf("The password of RAM user %s is too weak", plan.UserName),
			"It breaks these rules of the account's password policy:\n  - "+strings.Join(broken, "\n  - ")+
				"\n\nWhere this configuration changes the policy first, name its ram_password_policy in depends_on of the login profile.")
	}
}

// passwordToSet gives the password that a call is to set, empty for none. An
// unknown one is generated, and the model filled in with what the state keeps
// of it. It returns false after adding an error.
func (r *loginProfileResource) passwordToSet(ctx context.Context, m *loginProfileModel, password types.String, diags *diag.Diagnostics) (string, bool) {
	if !password.IsUnknown() {
		return password.ValueString(), true
	}
	recipient, _ := m.Recipient(ctx, diags)
	if diags.HasError() {
		return "", false
	}
	rules, _, err := r.Client.PasswordRules(ctx, ramapi.PasswordPolicy{})
	if err != nil {
		base.AddErrorf(diags, err, "Unable to read the account's password policy")
		return "", false
	}
	generated, err := rules.Generate(passwordLength(m.length(), rules), m.UserName.ValueString())
	if err == nil {
		err = m.keepGenerated(generated, recipient)
	}
	if err != nil {
		base.AddErrorf(diags, err, "Unable to generate a password for RAM user %s", m.UserName)
		return "", false
	}
	return generated, true
}

// keepGenerated fills in what the state keeps of a generated password: that
// itself where there is no recipient.
func (m *loginProfileModel) keepGenerated(generated string, recipient *seal.Recipient) error {
	m.forgetGenerated()
	if recipient == nil {
		m.GeneratedPassword = types.StringValue(generated)
		return nil
	}
	sealed, err := recipient.Seal(generated)
	m.EncryptedPassword, m.KeyFingerprint = types.StringValue(sealed), types.StringValue(recipient.Fingerprint)
	return err
}

func (m *loginProfileModel) forgetGenerated() {
	m.GeneratedPassword, m.EncryptedPassword, m.KeyFingerprint = types.StringNull(), types.StringNull(), types.StringNull()
}

// encryptGenerated encrypts a generated password that the state has in plain
// text, where there is a recipient now. It returns false after adding an error.
func (m *loginProfileModel) encryptGenerated(ctx context.Context, state loginProfileModel, diags *diag.Diagnostics) bool {
	if m.GeneratePassword.IsNull() || m.IsNone() || state.GeneratedPassword.IsNull() {
		return true
	}
	recipient, _ := m.Recipient(ctx, diags)
	if diags.HasError() {
		return false
	}
	if err := m.keepGenerated(state.GeneratedPassword.ValueString(), recipient); err != nil {
		base.AddErrorf(diags, err, "Unable to encrypt the password of RAM user %s", m.UserName)
		return false
	}
	return true
}

// settleGenerated fills in what the plan has left open about a password that
// was not generated after all.
func (m *loginProfileModel) settleGenerated(now loginProfileModel) {
	for _, each := range []struct{ planned, now *types.String }{
		{&m.GeneratedPassword, &now.GeneratedPassword},
		{&m.EncryptedPassword, &now.EncryptedPassword},
		{&m.KeyFingerprint, &now.KeyFingerprint},
	} {
		if each.planned.IsUnknown() {
			*each.planned = *each.now
		}
	}
}
