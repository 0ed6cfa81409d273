package base

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/seal"
)

// Sealing is the part of a model that says for whom a secret is encrypted.
type Sealing struct {
	PGPKey        types.String `tfsdk:"pgp_key"`
	AgeRecipients types.Set    `tfsdk:"age_recipients"`
}

var (
	pgpKeyAt        = path.Root("pgp_key")
	ageRecipientsAt = path.Root("age_recipients")
)

// SealingAttributes are the arguments that a Sealing takes. secret names what
// is encrypted, such as "secret of the key", and into the attribute which.
func SealingAttributes(secret, into string) (pgpKey, ageRecipients schema.Attribute) {
	const later = " A change counts for the next one: what is encrypted already stays so."
	pgpKey = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: fmt.Sprintf("Public PGP key, armored or the base64 of its binary form, of whoever is to have the %s: it is then only in `%s`. "+
			"An expired or revoked key is refused while planning. No encryption when this and `age_recipients` are left out.", secret, into) + later,
		Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRoot("age_recipients"))},
	}
	ageRecipients = schema.SetAttribute{
		ElementType: types.StringType, Optional: true,
		MarkdownDescription: fmt.Sprintf("Public [age](https://age-encryption.org) keys, such as `age1…`, of those who are to have the %s: it is then only in `%s`, and each of them can decrypt it.", secret, into) + later,
		Validators:          []validator.Set{setvalidator.SizeBetween(1, 20), setvalidator.NoNullValues()},
	}
	return pgpKey, ageRecipients
}

// Recipient gives for whom the secret is encrypted, nil for nobody: then it is
// kept in plain text. It is to be asked before there is a secret; while
// planning, keys that only the apply knows give nil too, and known reports false.
// It returns nil after adding an error at the attribute for a key that cannot be
// encrypted to.
func (s Sealing) Recipient(ctx context.Context, diags *diag.Diagnostics) (recipient *seal.Recipient, known bool) {
	var err error
	switch {
	case s.PGPKey.IsUnknown() || !IsWhollyKnown(s.AgeRecipients):
		return nil, false
	case !s.PGPKey.IsNull():
		if recipient, err = seal.PGP(s.PGPKey.ValueString(), time.Now()); err != nil {
			diags.AddAttributeError(pgpKeyAt, "Unable to encrypt to pgp_key", sentence(err.Error()))
		}
	case !s.AgeRecipients.IsNull():
		var keys []string
		diags.Append(s.AgeRecipients.ElementsAs(ctx, &keys, false)...)
		if recipient, err = seal.Age(keys); err != nil {
			diags.AddAttributeError(ageRecipientsAt, "Unable to encrypt to age_recipients", sentence(err.Error()))
		}
	}
	return recipient, true
}

// IsNone reports whether nobody is named for whom the secret would be encrypted.
func (s Sealing) IsNone() bool { return s.PGPKey.IsNull() && s.AgeRecipients.IsNull() }

// IsWhollyKnown reports whether a value and all that is in it is known.
func IsWhollyKnown(value attr.Value) bool {
	tf, err := value.ToTerraformValue(context.Background())
	return err == nil && tf.IsFullyKnown()
}
