package user

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestLoginProfile_warnsOfAPasswordThatIsNotSet(t *testing.T) {
	t.Parallel()
	const recorded, none = "The password is recorded, not set", "No password is set"
	version := func(n int64) loginProfileModel { return loginProfileModel{PasswordWOVersion: types.Int64Value(n)} }
	with := func(m loginProfileModel, password string) loginProfileModel {
		m.PasswordWO = types.StringValue(password)
		return m
	}
	for name, test := range map[string]struct {
		config, plan, state loginProfileModel
		imported            bool
		want                string
	}{
		"version after an import":             {with(version(1), "secret"), version(1), loginProfileModel{}, true, recorded},
		"nothing after an import":             {loginProfileModel{}, loginProfileModel{}, loginProfileModel{}, true, ""},
		"version alone after an import":       {version(1), version(1), loginProfileModel{}, true, ""},
		"raised version":                      {with(version(2), "secret"), version(2), version(1), false, ""},
		"raised version without a password":   {version(2), version(2), version(1), false, none},
		"version dropped with its password":   {loginProfileModel{}, loginProfileModel{}, version(1), false, ""},
		"password of an unchanged version":    {with(version(1), "other"), version(1), version(1), false, ""},
		"version without a password recorded": {version(1), version(1), loginProfileModel{}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			warnOfPassword(test.config, test.plan, test.state, test.imported, &diags)
			got := ""
			for _, d := range diags {
				got += d.Summary()
			}
			if got != test.want {
				t.Errorf("got %q, wanted %q", got, test.want)
			}
		})
	}
}
