package user_test

import (
	"archive/zip"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccLoginProfile_writeOnlyPasswordIsInNeitherStateNorPlan(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	dir := t.TempDir()
	hidden := func(*terraform.State) error {
		texts, err := stateAndPlan(dir)
		for _, text := range texts {
			for _, password := range []string{firstPassword, secondPassword} {
				if strings.Contains(text, password) {
					return fmt.Errorf("the password is shown: %q", text)
				}
			}
			if !strings.Contains(text, name) {
				return fmt.Errorf("the test looks at the wrong text: %q", text)
			}
		}
		return err
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), WorkingDir: dir, Steps: []resource.TestStep{
		{Config: userWithLogin(name, passwordWO(firstPassword, 1)), Check: hidden},
		{
			Config: userWithLogin(name, passwordWO(secondPassword, 2)),
			Check:  resource.ComposeTestCheckFunc(hidden, passwordIs(acc, name, secondPassword)),
		},
	}})
}

func stateAndPlan(dir string) (texts []string, err error) {
	find := func(name string) string {
		found, _ := filepath.Glob(filepath.Join(dir, "*", name))
		return strings.Join(found, "")
	}
	state, err := os.ReadFile(find("terraform.tfstate"))
	if err != nil {
		return nil, err
	}
	for _, private := range regexp.MustCompile(`"private": "([^"]+)"`).FindAllSubmatch(state, -1) {
		decoded, err := base64.StdEncoding.DecodeString(string(private[1]))
		if err != nil {
			return nil, err
		}
		state = append(state, decoded...)
	}
	plan, err := zip.OpenReader(find("tfplan"))
	if err != nil {
		return nil, err
	}
	defer plan.Close()
	change, err := fs.ReadFile(plan, "tfplan")
	return []string{string(state), string(change)}, err
}

func TestAccLoginProfile_passwordIsSetWhenItOrItsVersionChanges(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	w := &writes{acc: acc}
	step := func(attributes string, plan resource.ConfigPlanChecks, password string, calls ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig: w.begin, Config: userWithLogin(name, attributes), ConfigPlanChecks: plan,
			Check: resource.ComposeTestCheckFunc(w.are(calls...), passwordIs(acc, name, password)),
		}
	}
	acc.Run(t,
		step(`password = "`+firstPassword+`"`, resource.ConfigPlanChecks{}, firstPassword, "CreateUser", "CreateLoginProfile"),
		step(`password = "`+secondPassword+`"`, updatesOnly("password", "password_status"), secondPassword, "UpdateLoginProfile"),
		// The same password from another argument is the same password.
		step(passwordWO(secondPassword, 1), updatesOnly("password", "password_wo_version"), secondPassword),
		step(passwordWO(firstPassword, 1), acctest.PlansNothing(), secondPassword),
		step(passwordWO(firstPassword, 2), updatesOnly("password_wo_version", "password_status"), firstPassword, "UpdateLoginProfile"),
		// Without the arguments the password is not managed any more.
		step("", updatesOnly("password_wo_version"), firstPassword),
		step(`password = "`+secondPassword+`"`, updatesOnly("password", "password_status"), secondPassword, "UpdateLoginProfile"),
		step("password_wo_version = 7", updatesOnly("password", "password_wo_version"), secondPassword),
		step("password_wo_version = 8", updatesOnly("password_wo_version"), secondPassword),
	)
}

func TestAccLoginProfile_importRecordsAPasswordAndSetsOnlyTheNextOne(t *testing.T) {
	t.Parallel()
	for argument, attributes := range map[string]func(password string, version int) string{
		"password_wo": passwordWO,
		"password":    func(password string, _ int) string { return fmt.Sprintf("password = %q\n", password) },
	} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t)
			name := acc.Name("alice")
			createLogin(t, acc, name, ownPassword)
			w := &writes{acc: acc}
			step := func(config, password string, calls ...string) resource.TestStep {
				return resource.TestStep{
					PreConfig: w.begin, Config: importing(name, loginOf(name, config)),
					Check: resource.ComposeTestCheckFunc(w.are(calls...), passwordIs(acc, name, password)),
				}
			}
			recorded := "password_wo_version"
			if argument == "password" {
				recorded = "password"
			}
			first := step(attributes(firstPassword, 1)+"password_reset_required = true\n", ownPassword)
			first.ConfigPlanChecks = updatesOnly(recorded, "password_reset_required")
			again := step(attributes(firstPassword, 1)+"password_reset_required = true\n", ownPassword)
			again.ConfigPlanChecks = acctest.PlansNothing()
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
				first,
				again,
				step(attributes(secondPassword, 2)+"password_reset_required = true\n", secondPassword, "UpdateLoginProfile"),
			}})
		})
	}
}

func TestAccLoginProfile_importedWithoutAPasswordRecordsTheFirstOneLater(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	createLogin(t, acc, name, ownPassword)
	w := &writes{acc: acc}
	step := func(config, password string, calls ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig: w.begin, Config: importing(name, loginOf(name, config)),
			Check: resource.ComposeTestCheckFunc(w.are(calls...), passwordIs(acc, name, password)),
		}
	}
	quiet := step("", ownPassword)
	quiet.ConfigPlanChecks = acctest.Plans(login, plancheck.ResourceActionNoop)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		quiet,
		step(`status = "Inactive"`, ownPassword, "UpdateLoginProfile"),
		step(passwordWO(firstPassword, 1)+`status = "Active"`, ownPassword, "UpdateLoginProfile"),
		step(passwordWO(firstPassword, 2)+`status = "Active"`, firstPassword, "UpdateLoginProfile"),
	}})
}

func TestAccLoginProfile_personWhoChoseAnotherPasswordKeepsIt(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	w := &writes{acc: acc}
	config := func(more string) string {
		return userWithLogin(name, passwordWO(firstPassword, 1)+more)
	}
	keepsOwn := func(calls ...string) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(w.are(calls...), passwordIs(acc, name, ownPassword),
			loginIs(acc, name, func(p ramapi.LoginProfile) bool { return !p.PasswordResetRequired }))
	}
	acc.Run(t,
		resource.TestStep{
			Config: config("password_reset_required = true"),
			Check:  loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.PasswordResetRequired }),
		},
		resource.TestStep{
			PreConfig: func() {
				updateLogin(t, acc, name, ramapi.LoginProfileInput{Password: ownPassword, MFABindRequired: true})
				w.begin()
			},
			Config:           config("password_reset_required = true"),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            keepsOwn(),
		},
		resource.TestStep{ // an update that is about something else leaves password and reset alone
			PreConfig: w.begin, Config: config("password_reset_required = true\nstatus = \"Inactive\""),
			ConfigPlanChecks: updatesOnly("status"),
			Check:            keepsOwn("UpdateLoginProfile"),
		},
		resource.TestStep{
			PreConfig: w.begin, Config: config("password_reset_required = true\nstatus = \"Active\"\nmfa_bind_required = false"),
			Check: keepsOwn("UpdateLoginProfile"),
		},
		resource.TestStep{ // the flag alone is recorded for the next password
			PreConfig: w.begin, Config: config("password_reset_required = false\nmfa_bind_required = false"),
			ConfigPlanChecks: updatesOnly("password_reset_required"),
			Check:            keepsOwn(),
		},
	)
}

func TestAccLoginProfile_resetStaysRequiredThroughOtherUpdates(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	required := loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.PasswordResetRequired && p.Status == "Inactive" })
	acc.Run(t,
		resource.TestStep{Config: userWithLogin(name, passwordWO(firstPassword, 1)+"password_reset_required = true")},
		resource.TestStep{Config: userWithLogin(name, passwordWO(firstPassword, 1)+"status = \"Inactive\""), Check: required},
		resource.TestStep{
			Config: userWithLogin(name, passwordWO(secondPassword, 2)+"status = \"Inactive\""),
			Check:  loginIs(acc, name, func(p ramapi.LoginProfile) bool { return !p.PasswordResetRequired && p.Status == "Inactive" }),
		},
	)
}

func TestAccLoginProfile_weakPasswordIsRefusedWithoutShowingIt(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "CreateLoginProfile" || c.Action == "UpdateLoginProfile" {
				return &ramserver.Fault{Status: http.StatusBadRequest, Code: "InvalidParameter.Password.TooWeak", Message: "the password " + secondPassword + " is too weak"}
			}
			return nil
		}
	})
	name := acc.Name("alice")
	createLogin := func(attributes string) string {
		return fmt.Sprintf(`
			variable "weak" {
			  default   = %q
			  sensitive = true
			}
			resource "ram_user" "alice" { name = %q }
			resource "ram_login_profile" "alice" {
			  user_name = ram_user.alice.name
			  %s
			}`, secondPassword, name, attributes)
	}
	acc.Run(t,
		resource.TestStep{
			Config:      createLogin("password_wo = var.weak\npassword_wo_version = 1"),
			ExpectError: regexp.MustCompile(`(?s)login profile of RAM\s+user.+The password \(hidden\) is too\s+weak.+password\s+policy`),
		},
		resource.TestStep{
			Config:      createLogin("password = var.weak"),
			ExpectError: regexp.MustCompile(`(?s)The password \(hidden\) is too\s+weak`),
		},
		resource.TestStep{Config: fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name)},
	)
}

func TestAccLoginProfile_weakPasswordChangesNothing(t *testing.T) {
	t.Parallel()
	var weak atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "UpdateLoginProfile" && weak.CompareAndSwap(true, false) {
				return &ramserver.Fault{Status: http.StatusBadRequest, Code: "InvalidParameter.Password.TooWeak", Message: "the password is too weak"}
			}
			return nil
		}
	})
	name := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: userWithLogin(name, passwordWO(firstPassword, 1))},
		resource.TestStep{
			PreConfig:   func() { weak.Store(true) },
			Config:      userWithLogin(name, passwordWO(secondPassword, 2)),
			ExpectError: regexp.MustCompile(`Unable to update the login profile`),
		},
		resource.TestStep{ // what was not set is set by the next apply
			Config:           userWithLogin(name, passwordWO(secondPassword, 2)),
			ConfigPlanChecks: updatesOnly("password_wo_version", "password_status"),
			Check:            passwordIs(acc, name, secondPassword),
		},
	)
}

// Terraform prints the line of the configuration that a diagnostic is about.
func TestAccLoginProfile_literalPasswordIsNeverPrinted(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	setPolicy(t, acc, strictPolicy)
	for _, arguments := range []string{
		`password = "shown"`,
		`password = "shown-and-longer-than-32-characters"`,
		`password_wo = "shown-Passw0rd"`,
		`password = "shown-Passw0rd"` + "\n" + passwordWO("shown-Passw0rd", 1),
		`password = "shown-letters-only"`,
		passwordWO("shown-letters-only", 1),
	} {
		failed := false
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acc.Factories(),
			ErrorCheck: func(err error) error {
				failed = true
				if strings.Contains(err.Error(), "shown") {
					return err
				}
				return nil
			},
			Steps: []resource.TestStep{{
				Config:   fmt.Sprintf("resource \"ram_login_profile\" \"alice\" {\nuser_name = \"alice\"\n%s\n}", arguments),
				PlanOnly: true,
			}},
		})
		if !failed {
			t.Errorf("%s is accepted", arguments)
		}
	}
}
