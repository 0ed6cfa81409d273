package provider_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// What an account has once: a configuration with two of it is refused when the
// second one is created, and the second one's settings are never sent.
func TestAccSingletons_secondOneIsRefusedBeforeItChangesAnything(t *testing.T) {
	t.Parallel()
	for resourceType, s := range map[string]struct{ first, second, write string }{
		"ram_account_alias":       {`account_alias = "first"`, `account_alias = "first"`, "SetAccountAlias"},
		"ram_default_domain":      {`default_domain_name = "first.onaliyun.com"`, `default_domain_name = "first.onaliyun.com"`, "SetDefaultDomain"},
		"ram_password_policy":     {`minimum_password_length = 12`, `minimum_password_length = 20`, "SetPasswordPolicy"},
		"ram_security_preference": {`login_session_duration = 12`, `login_session_duration = 20`, "SetSecurityPreference"},
		"ram_user_sso_settings":   {`auxiliary_domain = "first.example.com"`, `auxiliary_domain = "second.example.com"`, "SetUserSsoSettings"},
	} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t)
			first := fmt.Sprintf("resource %q \"first\" {\n%s\n}\n", resourceType, s.first)
			second := fmt.Sprintf("resource %q \"second\" {\n%s\ndepends_on = [%s.first]\n}\n", resourceType, s.second, resourceType)
			acc.Run(t,
				resource.TestStep{Config: first + second, ExpectError: regexp.MustCompile("A second " + resourceType)},
				resource.TestStep{
					PreConfig: func() {
						if n := acc.CallsOf(s.write); n != 1 {
							t.Errorf("%d calls of %s, want that of the first alone", n, s.write)
						}
					},
					Config: first, ConfigPlanChecks: acctest.PlansNothing(),
				},
			)
		})
	}
}

// Terraform 1.14 has one process make and destroy a thing, where a file of tests
// has a provider block.
func TestSingletons_areUndoneByTheProcessThatMadeThem(t *testing.T) {
	t.Parallel()
	for resourceType, settings := range map[string]string{
		"ram_account_alias":       `account_alias = "first"`,
		"ram_default_domain":      `default_domain_name = "first.onaliyun.com"`,
		"ram_password_policy":     `minimum_password_length = 12`,
		"ram_security_preference": `login_session_duration = 12`,
		"ram_user_sso_settings":   `auxiliary_domain = "first.example.com"`,
	} {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			config := fmt.Sprintf("resource %q \"this\" {\n%s\n}", resourceType, settings)
			account := func(tf *smallTerraform, config string) string {
				t.Helper()
				if shown, _ := tf.apply(config); tf.failed {
					t.Fatal(shown)
				}
				description, err := s.server.Describe()
				s.must(err)
				return string(description)
			}
			each := s.terraform()
			set, undone := account(each, config), account(each, "")
			one := s.terraform()
			one.testing = true
			for range 2 {
				if got := account(one, config); got != set {
					t.Errorf("it is set to\n%s\nwant\n%s", got, set)
				}
				if got := account(one, ""); got != undone {
					t.Errorf("afterwards there is\n%s\nwant\n%s", got, undone)
				}
			}
		})
	}
}
