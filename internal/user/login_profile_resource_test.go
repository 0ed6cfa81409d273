package user_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const login = "ram_login_profile.alice"

// Passwords that nobody has.
const (
	firstPassword  = "First-Pass-2026!"
	secondPassword = "Second-Pass-2026!"
	ownPassword    = "My-Own-Pass-2026!"
)

// userWithLogin has the login managed, and the user too.
func userWithLogin(name, attributes string) string {
	return fmt.Sprintf(`
		resource "ram_user" "alice" { name = %q }
		resource "ram_login_profile" "alice" {
		  user_name = ram_user.alice.name
		  %s
		}`, name, attributes)
}

func loginOf(name, attributes string) string {
	return fmt.Sprintf(`
		resource "ram_login_profile" "alice" {
		  user_name = %q
		  %s
		}`, name, attributes)
}

// importing imports the login of the user into what config has.
func importing(name, config string) string {
	return fmt.Sprintf(`
		import {
		  to = ram_login_profile.alice
		  id = %q
		}
		%s`, name, config)
}

func passwordWO(password string, version int) string {
	return fmt.Sprintf("password_wo = %q\npassword_wo_version = %d\n", password, version)
}

// createLogin makes a user and the user's login outside Terraform, and waits until they show.
func createLogin(t *testing.T, acc *acctest.Account, name, password string) {
	t.Helper()
	createUser(t, acc, name)
	_, err := acc.Client().CreateLoginProfile(t.Context(), name, ramapi.LoginProfileInput{Password: password, MFABindRequired: true})
	must(t, err)
	_, err = acc.Client().LoginProfile(t.Context(), name)
	must(t, err)
}

// updateLogin changes a login outside Terraform.
func updateLogin(t *testing.T, acc *acctest.Account, name string, in ramapi.LoginProfileInput) {
	t.Helper()
	_, err := acc.Client().UpdateLoginProfile(t.Context(), name, in)
	must(t, err)
}

// passwordIs checks the password of a user, which only the private server can tell.
func passwordIs(acc *acctest.Account, name, password string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if acc.Server != nil && !acc.Server.CheckPassword(name, password) {
			return fmt.Errorf("%s does not log on with the password %s", name, password)
		}
		return nil
	}
}

// loginIs looks at the login as RAM has it.
func loginIs(acc *acctest.Account, name string, ok func(ramapi.LoginProfile) bool) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		p, err := ram.LoginProfile(ctx, name)
		if err == nil && !ok(p) {
			err = fmt.Errorf("RAM has %+v", p)
		}
		return err
	})
}

// writes are the calls that change the account, from a PreConfig to a Check.
type writes struct {
	acc   *acctest.Account
	since int
}

func (w *writes) begin() { w.since = len(w.acc.Server.Calls()) }

// are checks the calls that were not refused: those may have been repeated.
func (w *writes) are(want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, c := range w.acc.Server.Calls()[w.since:] {
			if c.Code == "" && !strings.HasPrefix(c.Action, "Get") && !strings.HasPrefix(c.Action, "List") {
				got = append(got, c.Action)
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("the apply made the calls %v, wanted %v", got, want)
		}
		return nil
	}
}

// updatesOnly checks that the login is updated in place, and these attributes of it only.
func updatesOnly(attributes ...string) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(login, plancheck.ResourceActionUpdate),
		onlyChanges(login, attributes...),
	}}
}

func TestAccLoginProfile_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := userWithLogin(name, passwordWO(firstPassword, 1)+"password_reset_required = true")
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(login, "user_name", name),
				acctest.State(login, "password", nil),
				acctest.State(login, "password_wo", nil),
				acctest.State(login, "password_wo_version", 1),
				acctest.State(login, "mfa_bind_required", true),
				acctest.State(login, "effective_mfa_bind_required", true),
				acctest.State(login, "status", "Active"),
				acctest.State(login, "password_status", "InitialValid"),
			},
			Check: resource.ComposeTestCheckFunc(
				resource.TestCheckResourceAttrPair(login, "user_id", "ram_user.alice", "user_id"),
				passwordIs(acc, name, firstPassword),
				loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.PasswordResetRequired && p.MFABindRequired }),
			),
		},
		acctest.Imports(login, name, "user_name", "password_wo_version", "password_reset_required"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccLoginProfile_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acc.Factories(),
		Steps: []resource.TestStep{
			{Config: userWithLogin(acc.Name("alice"), `password = "`+firstPassword+`"`)},
			{
				ResourceName: login, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
				ImportPlanChecks: resource.ImportPlanChecks{PreApply: []plancheck.PlanCheck{onlyChanges(login)}},
				Config:           userWithLogin(acc.Name("alice"), ""),
			},
		},
	})
}

func TestAccLoginProfile_isReadByOneCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := userWithLogin(acc.Name("alice"), passwordWO(firstPassword, 1))
	var before int
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: func() { before = len(acc.Server.Calls()) }, Config: config, PlanOnly: true},
		resource.TestStep{
			PreConfig: func() {
				calls := map[string]int{}
				for _, c := range acc.Server.Calls()[before:] {
					calls[c.Action]++
				}
				// The user is read by one call each time.
				if n := calls["GetLoginProfile"]; n == 0 || n != calls["GetUser"] {
					t.Errorf("plans made the calls %v", calls)
				}
			},
			Config: config,
		},
	)
}

// stateAndPlan gives the state below the folder, its private parts decoded, and
// the saved plan. The configuration, which a plan file has too, is left out.
func TestAccLoginProfile_newOneNeedsAPasswordWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: loginOf("alice", ""), PlanOnly: true,
		ExpectError: regexp.MustCompile(`A new login profile needs a password`),
	})
}

func TestAccLoginProfile_wrongValuesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for attributes, message := range map[string]string{
		`password_wo = "Some-Pass-2026"`:                                  `password_wo_version`,
		`password = "Some-Pass-2026"` + "\n" + passwordWO("Some-Pass", 1): `exclude\s+each\s+other`,
		`password = "short"`:                                              `has 5 characters`,
		passwordWO(strings.Repeat("x", 33), 1):                            `has 33\s+characters`,
		passwordWO("Some-Pass", 1) + `status = "active"`:                  `"Active" "Inactive"`,
		passwordWO("Some-Pass", 1) + `user_name = "alice@x.onaliyun.com"`: `has the\s+character '@'`,
	} {
		config := loginOf("alice", attributes)
		if strings.Contains(attributes, "user_name") {
			config = fmt.Sprintf(`resource "ram_login_profile" "alice" { %s }`, "\n"+attributes+"\n")
		}
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccLoginProfile_statusIsTheServicesUnlessItIsWritten(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := func(more string) string { return userWithLogin(name, passwordWO(firstPassword, 1)+more) }
	freeze := func() {
		updateLogin(t, acc, name, ramapi.LoginProfileInput{MFABindRequired: true, Status: "Inactive"})
	}
	status := func(want string) resource.TestCheckFunc {
		return loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.Status == want })
	}
	acc.Run(t,
		resource.TestStep{Config: config(""), Check: status("Active")},
		resource.TestStep{PreConfig: freeze, Config: config(""), ConfigPlanChecks: acctest.PlansNothing(), Check: status("Inactive")},
		resource.TestStep{Config: config(`status = "Active"`), ConfigPlanChecks: updatesOnly("status", "effective_status"), Check: status("Active")},
		resource.TestStep{PreConfig: freeze, Config: config(`status = "Active"`), ConfigPlanChecks: updatesOnly("status", "effective_status"), Check: status("Active")},
		resource.TestStep{Config: config(`status = "Inactive"`), ConfigPlanChecks: updatesOnly("status", "effective_status"), Check: status("Inactive")},
		resource.TestStep{Config: config(""), ConfigPlanChecks: acctest.PlansNothing(), Check: status("Inactive")},
	)
}

func TestAccLoginProfile_frozenAfterThePlanStaysFrozen(t *testing.T) {
	t.Parallel()
	var acc *acctest.Account
	var armed atomic.Bool
	acc = acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "UpdateLoginProfile" && armed.CompareAndSwap(true, false) {
				updateLogin(t, acc, acc.Name("alice"), ramapi.LoginProfileInput{MFABindRequired: true, Status: "Inactive"})
			}
			return nil
		}
	})
	config := func(version int) string { return userWithLogin(acc.Name("alice"), passwordWO(firstPassword, version)) }
	acc.Run(t,
		resource.TestStep{Config: config(1)},
		resource.TestStep{
			PreConfig: func() { armed.Store(true) },
			Config:    config(2),
			Check:     loginIs(acc, acc.Name("alice"), func(p ramapi.LoginProfile) bool { return p.Status == "Inactive" }),
		},
	)
}

func TestAccLoginProfile_mfaDriftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.MFAForced = false })
	name := acc.Name("alice")
	config := func(more string) string { return userWithLogin(name, passwordWO(firstPassword, 1)+more) }
	required := func(want bool) resource.TestCheckFunc {
		return resource.ComposeTestCheckFunc(
			loginIs(acc, name, func(p ramapi.LoginProfile) bool { return p.MFABindRequired == want }),
			resource.TestCheckResourceAttr(login, "effective_mfa_bind_required", fmt.Sprint(want)))
	}
	acc.Run(t,
		resource.TestStep{Config: config(""), Check: required(true)},
		resource.TestStep{
			PreConfig:        func() { updateLogin(t, acc, name, ramapi.LoginProfileInput{}) },
			Config:           config(""),
			ConfigPlanChecks: updatesOnly("mfa_bind_required", "effective_mfa_bind_required"),
			Check:            required(true),
		},
		resource.TestStep{Config: config("mfa_bind_required = false"), Check: required(false)},
		resource.TestStep{Config: config("mfa_bind_required = false"), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccLoginProfile_mfaOfTheAccountOverrulesAndIsShown(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.MFAForced = true })
	name := acc.Name("alice")
	config := func(more string) string { return userWithLogin(name, passwordWO(firstPassword, 1)+more) }
	acc.Run(t,
		resource.TestStep{
			Config: config("mfa_bind_required = false"),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(login, "mfa_bind_required", false),
				acctest.State(login, "effective_mfa_bind_required", true),
			},
		},
		resource.TestStep{Config: config("mfa_bind_required = false"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config(""), ConfigPlanChecks: updatesOnly("mfa_bind_required")},
		acctest.Imports(login, name, "user_name", "password_wo_version"),
	)
}

func TestAccLoginProfile_survivesEveryRenameOfItsUser(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	first, second, third := acc.Name("one"), acc.Name("two"), acc.Name("three")
	w := &writes{acc: acc}
	acc.Run(t,
		resource.TestStep{Config: userWithLogin(first, passwordWO(firstPassword, 1))},
		resource.TestStep{ // by Terraform
			PreConfig: w.begin, Config: userWithLogin(second, passwordWO(firstPassword, 1)),
			ConfigPlanChecks: updatesOnly("user_name"),
			Check:            resource.ComposeTestCheckFunc(w.are("UpdateUser"), passwordIs(acc, second, firstPassword)),
		},
		resource.TestStep{ // and another change with it
			PreConfig: w.begin, Config: userWithLogin(third, passwordWO(secondPassword, 2)),
			ConfigPlanChecks: updatesOnly("user_name", "password_wo_version", "password_status"),
			Check:            resource.ComposeTestCheckFunc(w.are("UpdateUser", "UpdateLoginProfile"), passwordIs(acc, third, secondPassword)),
		},
		resource.TestStep{ // in the console, and back by Terraform
			PreConfig:        func() { rename(t, acc, third, first); w.begin() },
			Config:           userWithLogin(third, passwordWO(secondPassword, 2)),
			ConfigPlanChecks: updatesOnly("user_name"),
			Check:            resource.ComposeTestCheckFunc(w.are("UpdateUser"), passwordIs(acc, third, secondPassword)),
		},
		resource.TestStep{ // by a run that was interrupted after it
			PreConfig:         func() { rename(t, acc, third, first); w.begin() },
			Config:            userWithLogin(first, passwordWO(secondPassword, 2)),
			ConfigPlanChecks:  acctest.Plans(login, plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "user_name", first)},
			Check:             resource.ComposeTestCheckFunc(w.are(), passwordIs(acc, first, secondPassword)),
		},
	)
}

func TestAccLoginProfile_ofAnotherUserIsAnotherLogin(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice, bob := acc.Name("alice"), acc.Name("bob")
	createLogin(t, acc, alice, ownPassword)
	createUser(t, acc, bob)
	config := func(name string, version int) string {
		return importing(alice, loginOf(name, passwordWO(firstPassword, version)))
	}
	w := &writes{acc: acc}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{Config: importing(alice, loginOf(alice, ""))},
		{
			PreConfig: w.begin, Config: config(bob, 1),
			ConfigPlanChecks: acctest.Plans(login, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            resource.ComposeTestCheckFunc(w.are("DeleteLoginProfile", "CreateLoginProfile"), passwordIs(acc, bob, firstPassword)),
		},
		{ // it is no import any more: a changed version sets the password at once
			PreConfig: w.begin, Config: config(bob, 2),
			Check: resource.ComposeTestCheckFunc(w.are("UpdateLoginProfile"), passwordIs(acc, bob, firstPassword)),
		},
	}})
}

func TestAccLoginProfile_neverTouchesTheLoginOfWhoeverTookTheName(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name, other := acc.Name("alice"), acc.Name("alicia")
	createUser(t, acc, name)
	w := &writes{acc: acc}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{Config: loginOf(name, passwordWO(firstPassword, 1))},
		{
			PreConfig: func() {
				rename(t, acc, name, other)
				createLogin(t, acc, name, ownPassword)
				w.begin()
			},
			Config:      loginOf(name, passwordWO(secondPassword, 2)),
			ExpectError: regexp.MustCompile(`(?s)belongs to another RAM user now.+state\s+rm`),
		},
	}})
	must(t, w.are("DeleteLoginProfile")(nil)) // of the renamed user, when the test destroys what is left
	must(t, passwordIs(acc, name, ownPassword)(nil))
	must(t, acctest.Gone(func() error { _, err := acc.Client().LoginProfile(t.Context(), other); return err }()))
	deleteUser(t, acc, other)
}

func TestAccLoginProfile_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := userWithLogin(name, passwordWO(firstPassword, 1))
	recreated := acctest.Plans(login, plancheck.ResourceActionCreate)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { must(t, acc.Client().DeleteLoginProfile(t.Context(), name)) },
			Config:    config, ConfigPlanChecks: recreated, Check: passwordIs(acc, name, firstPassword),
		},
		resource.TestStep{ // the user is gone too
			PreConfig: func() {
				must(t, acc.Client().DeleteLoginProfile(t.Context(), name))
				must(t, acc.Client().DeleteUser(t.Context(), name))
			},
			Config: config, ConfigPlanChecks: recreated,
		},
	)
}

func TestAccLoginProfile_isNotTakenForGoneWhileItsNewUserDoesNotShowEverywhere(t *testing.T) {
	t.Parallel()
	var late lateUser
	acc := acctest.NewLocal(t, late.setUp("GetLoginProfile"))
	name := acc.Name("alice")
	createUser(t, acc, name)
	config := loginOf(name, passwordWO(firstPassword, 1))
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{Config: config},
		{PreConfig: late.begin, Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	}})
}

func TestAccLoginProfile_thatGoesWhileItIsDeletedIsContent(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "DeleteLoginProfile" && gone.CompareAndSwap(false, true) {
				return &ramserver.Fault{After: true, Status: http.StatusNotFound, Code: "EntityNotExist.User.LoginProfile", Message: "gone"}
			}
			return nil
		}
	})
	acc.Run(t, resource.TestStep{Config: userWithLogin(acc.Name("alice"), passwordWO(firstPassword, 1))})
	if !gone.Load() {
		t.Error("the login was not deleted")
	}
}

func TestAccLoginProfile_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	createLogin(t, acc, name, ownPassword)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{{
		Config:      loginOf(name, passwordWO(firstPassword, 1)),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_login_profile\.NAME\s+` + name),
	}}})
	must(t, passwordIs(acc, name, ownPassword)(nil))
}

func TestAccLoginProfile_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := func(password string, version int, mfa bool) string {
		return fmt.Sprintf(`
			resource "terraform_data" "given" {
			  input = { name = %q, password = %q, version = %d, mfa = %t }
			}
			resource "ram_user" "alice" { name = terraform_data.given.output.name }
			resource "ram_login_profile" "alice" {
			  user_name               = ram_user.alice.name
			  password_wo             = terraform_data.given.output.password
			  password_wo_version     = terraform_data.given.output.version
			  password_reset_required = terraform_data.given.output.mfa
			  mfa_bind_required       = terraform_data.given.output.mfa
			}`, name, password, version, mfa)
	}
	updates := acctest.Plans(login, plancheck.ResourceActionUpdate)
	acc.Run(t,
		resource.TestStep{
			Config:            config(firstPassword, 1, true),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "user_name", name)},
			Check:             passwordIs(acc, name, firstPassword),
		},
		resource.TestStep{ // unknown while planning, and then the same
			Config: config(secondPassword, 1, true), ConfigPlanChecks: updates,
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(login, "password_status", "InitialValid")},
			Check:             passwordIs(acc, name, firstPassword),
		},
		resource.TestStep{
			Config: config(secondPassword, 2, false), ConfigPlanChecks: updates,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(login, "mfa_bind_required", false),
				acctest.State(login, "effective_mfa_bind_required", knownvalue.NotNull()),
			},
			Check: passwordIs(acc, name, secondPassword),
		},
	)
}
