package user

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// ignoredFields are what the service did not keep although it was set: accounts
// outside the China site hold neither e-mail addresses nor phone numbers of
// users. It stays in private state, so that the configured value is not taken
// for drift.
type ignoredFields struct {
	Email       bool `json:"email,omitempty"`
	MobilePhone bool `json:"mobile_phone,omitempty"`
}

const ignoredKey = "ignored_fields"

// ignoredBy compares what was set with what the service answered.
func (m *userModel) ignoredBy(u ramapi.User) ignoredFields {
	return ignoredFields{
		Email:       m.Email.ValueString() != "" && u.Email == "",
		MobilePhone: m.MobilePhone.ValueString() != "" && u.MobilePhone == "",
	}
}

// save keeps the fields for the next read, and warns of them.
func (f ignoredFields) save(ctx context.Context, private base.PrivateWriter) diag.Diagnostics {
	text, err := json.Marshal(f)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to keep private state", err.Error())}
	}
	diags := private.SetKey(ctx, ignoredKey, text)
	for _, field := range f.names() {
		diags.AddWarning("RAM did not keep "+field, "The service accepted the user but not its "+field+": only accounts of the China site hold it. "+
			"The configured value stays in the state; remove the argument to be rid of this warning.")
	}
	return diags
}

func (f ignoredFields) names() []string {
	var names []string
	if f.Email {
		names = append(names, "email")
	}
	if f.MobilePhone {
		names = append(names, "mobile_phone")
	}
	return names
}

func loadIgnored(ctx context.Context, private base.PrivateReader) (ignoredFields, diag.Diagnostics) {
	var f ignoredFields
	text, diags := private.GetKey(ctx, ignoredKey)
	if text != nil {
		if err := json.Unmarshal(text, &f); err != nil {
			diags.AddError("Unable to read private state", err.Error())
		}
	}
	return f, diags
}
