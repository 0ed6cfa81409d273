package user_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// The echo provider keeps the password in the state, as a place would where the
// person finds it.
func TestAccPassword_fulfilsThePolicyAndIsTheOneThatTheLoginGets(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	setPolicy(t, acc, ramapi.PasswordPolicy{
		MinimumPasswordLength: new(int64(24)), RequireSymbols: new(true), RequireNumbers: new(true), RequireUppercaseCharacters: new(true),
		RequireLowercaseCharacters: new(true), MinimumPasswordDifferentCharacter: new(int64(8)), PasswordNotContainUserName: new(true),
	})
	config := func(attributes string, version int) string {
		return fmt.Sprintf(`
			resource "ram_user" "alice" { name = %q }
			ephemeral "ram_password" "alice" { %s }
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = ephemeral.ram_password.alice.password
			  password_wo_version = %d
			}
			provider "echo" { data = ephemeral.ram_password.alice.password }
			resource "echo" "it" {}`, name, attributes, version)
	}
	logsOn := func(s *terraform.State) error {
		return passwordIs(acc, name, s.RootModule().Resources["echo.it"].Primary.Attributes["data"])(s)
	}
	ofLength := func(n int) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("echo.it", tfjsonpath.New("data"), knownvalue.StringRegexp(regexp.MustCompile(fmt.Sprintf(`^\S{%d}$`, n))))
	}
	factories := acc.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: config("length = 33", 1), PlanOnly: true, ExpectError: regexp.MustCompile(`between 8 and\s+32`)},
		{Config: config("length = 23", 1), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)Unable to generate a\s+password.+at\s+least\s+24`)},
		{Config: config("", 1), ConfigStateChecks: []statecheck.StateCheck{ofLength(24)}, Check: logsOn},
		{Config: config("", 1), ConfigPlanChecks: acctest.PlansNothing()},
	}})
}
