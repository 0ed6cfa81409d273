package federation_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const (
	ssoAddress = "ram_user_sso_settings.this"
	accountID  = "1234567890123456"
)

func ssoConfig(settings ...string) string {
	return "resource \"ram_user_sso_settings\" \"this\" {\n" + strings.Join(settings, "\n") + "\n}"
}

// odd are settings that nobody has by default.
var odd = ramapi.UserSSOSettings{
	Enabled: true, EncodedMetadata: inBase64(document("odd")), AuxiliaryDomain: "odd.example.com", LoginWithDomain: false, AuthnSignAlgo: "rsa-sha256",
}

func setSSO(t *testing.T, acc *acctest.Account, to ramapi.UserSSOSettings) {
	t.Helper()
	ram := acc.Client()
	from, err := ram.UserSSOSettings(t.Context())
	if err == nil {
		_, err = ram.SetUserSSOSettings(t.Context(), from, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func getSSO(t *testing.T, acc *acctest.Account) ramapi.UserSSOSettings {
	t.Helper()
	settings, err := acc.Client().UserSSOSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// ssoIs looks whether the account has these settings.
func ssoIs(acc *acctest.Account, want ramapi.UserSSOSettings) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		got, err := ram.UserSSOSettings(ctx)
		if err == nil && got != want {
			err = fmt.Errorf("RAM has %+v, want %+v", got, want)
		}
		return err
	})
}

func TestAccUserSSOSettings_areSetReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	full := ssoConfig(
		`sso_enabled = true`, fmt.Sprintf(`metadata_document = %q`, document("office")), `auxiliary_domain = "example.com"`,
		`sso_login_with_domain = false`, `authn_sign_algo = "rsa-sha256"`,
	)
	acc.Run(t,
		resource.TestStep{
			Config: full,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(ssoAddress, "account_id", accountID),
				acctest.State(ssoAddress, "sso_enabled", true),
				acctest.State(ssoAddress, "metadata_document", document("office")),
				acctest.State(ssoAddress, "encoded_metadata_document", inBase64(document("office"))),
				acctest.State(ssoAddress, "auxiliary_domain", "example.com"),
				acctest.State(ssoAddress, "sso_login_with_domain", false),
				acctest.State(ssoAddress, "authn_sign_algo", "rsa-sha256"),
			},
			Check: ssoIs(acc, ramapi.UserSSOSettings{
				Enabled: true, EncodedMetadata: inBase64(document("office")), AuxiliaryDomain: "example.com", AuthnSignAlgo: "rsa-sha256",
			}),
		},
		acctest.Imports(ssoAddress, accountID, "account_id"),
		resource.TestStep{Config: full, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUserSSOSettings_whatIsLeftOutStays(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	setSSO(t, acc, odd)
	sets := acc.CallsOf("SetUserSsoSettings")
	without := odd
	without.LoginWithDomain = true
	acc.Run(t,
		resource.TestStep{
			Config: ssoConfig(),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(ssoAddress, "sso_enabled", true),
				acctest.State(ssoAddress, "metadata_document", document("odd")),
				acctest.State(ssoAddress, "auxiliary_domain", "odd.example.com"),
			},
			Check: func(*terraform.State) error {
				if acc.CallsOf("SetUserSsoSettings") != sets {
					return errors.New("settings were sent although nothing is to change")
				}
				return nil
			},
		},
		resource.TestStep{
			Config: ssoConfig("sso_login_with_domain = true"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(ssoAddress, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(ssoAddress),
			}},
			Check: ssoIs(acc, without),
		},
		resource.TestStep{Config: ssoConfig(), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUserSSOSettings_areGivenBackWhenTheyAreDestroyed(t *testing.T) {
	t.Parallel()
	changed := []string{
		`sso_enabled = true`, fmt.Sprintf(`encoded_metadata_document = %q`, inBase64(document("office"))), `auxiliary_domain = "example.com"`,
		`sso_login_with_domain = true`, `authn_sign_algo = "rsa-sha1"`,
	}
	now := ramapi.UserSSOSettings{
		Enabled: true, EncodedMetadata: inBase64(document("office")), AuxiliaryDomain: "example.com", LoginWithDomain: true, AuthnSignAlgo: "rsa-sha1",
	}
	for name, tt := range map[string]struct {
		before    ramapi.UserSSOSettings
		onDestroy string
		after     ramapi.UserSSOSettings
	}{
		"a fresh account":           {ramapi.DefaultUserSSOSettings, "", ramapi.DefaultUserSSOSettings},
		"an odd account":            {odd, "", odd},
		"an odd account, restored":  {odd, `on_destroy = "restore"`, odd},
		"an odd account, reset":     {odd, `on_destroy = "reset"`, ramapi.DefaultUserSSOSettings},
		"a fresh account, as it is": {ramapi.DefaultUserSSOSettings, `on_destroy = "keep"`, now},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t)
			if tt.before != ramapi.DefaultUserSSOSettings {
				setSSO(t, acc, tt.before)
			}
			if got := getSSO(t, acc); got != tt.before {
				t.Fatalf("the account begins with %+v", got)
			}
			acc.Run(t, resource.TestStep{Config: ssoConfig(append(changed, tt.onDestroy)...), Check: ssoIs(acc, now)})
			want := tt.after
			if acc.Server.Unsure.UserSSOTextsStay && want.EncodedMetadata == "" {
				want.EncodedMetadata, want.AuxiliaryDomain = now.EncodedMetadata, now.AuxiliaryDomain
			}
			if got := getSSO(t, acc); got != want {
				t.Errorf("the account has %+v, want %+v", got, want)
			}
		})
	}
}

func TestAccUserSSOSettings_importedOnesAreGivenBackAsTheyWereThen(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	setSSO(t, acc, odd)
	acc.Run(t,
		resource.TestStep{
			Config:           fmt.Sprintf("import {\nto = %s\nid = %q\n}\n", ssoAddress, accountID) + ssoConfig(),
			ConfigPlanChecks: acctest.Plans(ssoAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: ssoConfig(`sso_enabled = false`)},
	)
	if got := getSSO(t, acc); got != odd {
		t.Errorf("the account has %+v, want %+v", got, odd)
	}
}

func TestAccUserSSOSettings_areDisabledWhenTheyAreDestroyedWhereRAMKeepsTheMetadata(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.UserSSOTextsStay = true })
	acc.Run(t, resource.TestStep{
		Config: ssoConfig(`sso_enabled = true`, fmt.Sprintf(`metadata_document = %q`, document("office")), `authn_sign_algo = "rsa-sha256"`),
	})
	got, want := getSSO(t, acc), ramapi.DefaultUserSSOSettings
	want.EncodedMetadata = inBase64(document("office"))
	if got != want {
		t.Errorf("the account has %+v, want %+v", got, want)
	}
}

func TestAccUserSSOSettings_metadataAndDomainAreRemovedOneByOneWhereOnlyOneCanBe(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Unsure.UserSSOTextsStay, s.Unsure.UserSSOResets = false, false
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "SetUserSsoSettings" && c.Params.Has("MetadataDocument") && c.Params.Get("MetadataDocument") == "" {
				return &ramserver.Fault{Status: 400, Code: "InvalidParameter.MetadataDocument.Length", Message: "not empty"}
			}
			return nil
		}
	})
	acc.Run(t, resource.TestStep{
		Config: ssoConfig(`sso_enabled = true`, fmt.Sprintf(`metadata_document = %q`, document("office")), `auxiliary_domain = "example.com"`),
	})
	got, want := getSSO(t, acc), ramapi.DefaultUserSSOSettings
	want.EncodedMetadata = inBase64(document("office"))
	if got != want {
		t.Errorf("the account has %+v, want %+v", got, want)
	}
}

func TestAccUserSSOSettings_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := ssoConfig(`sso_enabled = true`, fmt.Sprintf(`metadata_document = %q`, document("office")))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				setSSO(t, acc, ramapi.UserSSOSettings{EncodedMetadata: inBase64(document("thief")), LoginWithDomain: true, AuthnSignAlgo: "rsa-sha1"})
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(ssoAddress, plancheck.ResourceActionUpdate),
			Check: ssoIs(acc, ramapi.UserSSOSettings{
				Enabled: true, EncodedMetadata: inBase64(document("office")), LoginWithDomain: true, AuthnSignAlgo: "rsa-sha1",
			}),
		},
	)
}

func TestAccUserSSOSettings_metadataWrittenOtherwisePlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	text := document("office")
	acc.Run(t,
		resource.TestStep{Config: ssoConfig(fmt.Sprintf(`metadata_document = %q`, text))},
		resource.TestStep{Config: ssoConfig(fmt.Sprintf(`metadata_document = %q`, reformatted(text))), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: ssoConfig(fmt.Sprintf(`encoded_metadata_document = %q`, wrapped(inBase64(text)))), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: ssoConfig(), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUserSSOSettings_arePlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "terraform_data" "office" { input = { document = %q, domain = "example.com", on = true } }
			resource "ram_user_sso_settings" "this" {
			  sso_enabled       = terraform_data.office.output.on
			  metadata_document = terraform_data.office.output.document
			  auxiliary_domain  = terraform_data.office.output.domain
			}`, document("office")),
		Check: ssoIs(acc, ramapi.UserSSOSettings{
			Enabled: true, EncodedMetadata: inBase64(document("office")), AuxiliaryDomain: "example.com", LoginWithDomain: true, AuthnSignAlgo: "rsa-sha1",
		}),
	})
}

func TestAccUserSSOSettings_mistakesAreRefusedBeforeAnythingIsChanged(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		ssoConfig(`sso_enabled = true`):               `nobody could log on`, // while applying: only then is it known what the account has
		ssoConfig(`metadata_document = "<a/>"`):       `its root\s+is <a>`,
		ssoConfig(`encoded_metadata_document = "%%"`): `is not\s+base64`,
		ssoConfig(`authn_sign_algo = "sha1"`):         `rsa-sha256`,
		ssoConfig(`on_destroy = "burn"`):              `restore`,
		ssoConfig(fmt.Sprintf("metadata_document = %q\nencoded_metadata_document = %q", document("a"), inBase64(document("a")))): `metadata_document`,
	} {
		acc.Run(t, resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message)})
	}
	if n := acc.CallsOf("SetUserSsoSettings"); n > 0 {
		t.Errorf("SetUserSsoSettings was called %d times for what is known to be wrong", n)
	}
	acc.Run(t,
		resource.TestStep{Config: ssoConfig()},
		resource.TestStep{Config: ssoConfig(`sso_enabled = true`), PlanOnly: true, ExpectError: regexp.MustCompile(`nobody could log on`)},
	)
}

func TestAccUserSSOSettings_twoOfThemAreRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config:      ssoConfig() + "\n" + strings.Replace(ssoConfig(), "this", "that", 1),
		ExpectError: regexp.MustCompile(`A second ram_user_sso_settings`),
	})
}

func TestAccUserSSOSettings_anotherAccountIsNotImported(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: ssoConfig(), ResourceName: ssoAddress, ImportState: true, ImportStateId: "6543210987654321",
		ExpectError: regexp.MustCompile(`not the ID of the account`),
	})
}
