package user_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

var strictPolicy = ramapi.PasswordPolicy{
	MinimumPasswordLength: new(int64(14)), RequireNumbers: new(true), RequireSymbols: new(true), PasswordNotContainUserName: new(true),
}

func TestAccLoginProfile_weakPasswordIsRefusedWithTheRulesThatItBreaks(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	const weak = "Only-letters-here" // no digit
	given := func(password string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "given" { input = %q }
			resource "ram_user" "alice" { name = %q }
			resource "ram_login_profile" "alice" {
			  user_name           = ram_user.alice.name
			  password_wo         = terraform_data.given.output
			  password_wo_version = 1
			}`, password, name)
	}
	breaks := func(rules ...string) *regexp.Regexp {
		return regexp.MustCompile(`(?s)password of RAM user "` + name + `" is too\s+weak.+password policy:\s+- ` + strings.Join(rules, `\s+- `) + `\s+Where`)
	}
	w := &writes{acc: acc}
	acc.Run(t,
		resource.TestStep{PreConfig: func() { setPolicy(t, acc, strictPolicy) }, Config: userWithLogin(name, passwordWO("shorter", 1)), ExpectError: regexp.MustCompile(`has 7\s+characters`)},
		resource.TestStep{Config: userWithLogin(name, passwordWO("shorter-too", 1)), PlanOnly: true, ExpectError: breaks("at least 14 characters", "a digit")},
		resource.TestStep{Config: userWithLogin(name, `password = "`+weak+`"`), PlanOnly: true, ExpectError: breaks("a digit")},
		resource.TestStep{Config: userWithLogin(name, passwordWO("0-"+name, 1)), PlanOnly: true, ExpectError: breaks("without the user's name")},
		resource.TestStep{Config: given(weak), ExpectError: breaks("a digit")}, // known only in the apply
		resource.TestStep{PreConfig: w.begin, Config: given(firstPassword), Check: resource.ComposeTestCheckFunc(w.are("CreateLoginProfile"), passwordIs(acc, name, firstPassword))},
		resource.TestStep{ // one that is set already is not judged by a policy that came later, until another is set
			PreConfig: func() { setPolicy(t, acc, ramapi.PasswordPolicy{MinimumPasswordLength: new(int64(20))}) },
			Config:    userWithLogin(name, passwordWO(firstPassword, 1)+`status = "Inactive"`),
			Check:     loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.Status == "Inactive" }),
		},
		resource.TestStep{Config: userWithLogin(name, passwordWO(firstPassword, 2)), PlanOnly: true, ExpectError: breaks("at least 20 characters")},
	)
	for _, c := range acc.Server.Calls() {
		if strings.Contains(c.Code, "TooWeak") {
			t.Errorf("%s was called with a weak password", c.Action)
		}
	}
}

// What a ram_password_policy is going to be counts for logins that wait for it,
// whichever way it differs from what there is.
func TestAccLoginProfile_policyOfTheSameConfigurationCounts(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	setPolicy(t, acc, strictPolicy)
	config := func(length int, version int) string {
		return fmt.Sprintf(`
			resource "ram_password_policy" "all" {
			  minimum_password_length        = %d
			  require_numbers                = false
			  password_not_contain_user_name = false
			}
			resource "ram_user" "alice" { name = %q }
			resource "ram_login_profile" "alice" {
			  depends_on          = [ram_password_policy.all]
			  user_name           = ram_user.alice.name
			  password_wo         = "Letters-only"
			  password_wo_version = %d
			}`, length, name, version)
	}
	acc.Run(t,
		resource.TestStep{Config: config(13, 1), PlanOnly: true, ExpectError: regexp.MustCompile(`at\s+least\s+13\s+characters`)},
		resource.TestStep{Config: config(12, 1), Check: passwordIs(acc, name, "Letters-only")},
		resource.TestStep{Config: config(13, 2), PlanOnly: true, ExpectError: regexp.MustCompile(`at\s+least\s+13\s+characters`)},
	)
}

func TestAccLoginProfile_whoeverMayNotReadThePolicyHearsItFromTheService(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "GetPasswordPolicy" {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "no"}
			}
			return nil
		}
	})
	name := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: userWithLogin(name, passwordWO(strings.Repeat("x", 32), 1)), Check: passwordIs(acc, name, strings.Repeat("x", 32))},
		resource.TestStep{Config: userWithLogin(name, "generate_password {}"), Check: logsOnWith(acc, name, "generated_password", nil, 20)},
	)
}
