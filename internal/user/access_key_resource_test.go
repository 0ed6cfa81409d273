package user_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// must stops the test where a change from outside Terraform fails.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rename renames a user as somebody in the console would.
func rename(t *testing.T, acc *acctest.Account, from, to string) {
	t.Helper()
	u, err := acc.Client().User(t.Context(), from, "")
	must(t, err)
	_, err = acc.Client().UpdateUser(t.Context(), from, u.ID, ramapi.UserUpdate{Name: &to})
	must(t, err)
}

// createUser makes a user outside Terraform, waits until it shows, and deletes
// it with all it has when the test is over.
func createUser(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	_, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name})
	must(t, err)
	t.Cleanup(func() { deleteUser(t, acc, name) })
	_, err = acc.Client().User(t.Context(), name, "")
	must(t, err)
}

func deleteUser(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	ctx := context.Background()
	d, err := acc.Client().UserDependents(ctx, name)
	if err == nil {
		err = errors.Join(acc.Client().RemoveUserDependents(ctx, name, d), acc.Client().DeleteUser(ctx, name))
	}
	if err != nil && !ramapi.IsNotFound(err) {
		t.Error(err)
	}
}

// keyOf is the ID of the key that the resource ram_access_key.key has.
func keyOf(id *string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttrWith("ram_access_key.key", "access_key_id", func(value string) error {
		*id = value
		return nil
	})
}

// sameKey checks that the user has the one key and no other.
func sameKey(acc *acctest.Account, userName string, id *string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		keys, err := ram.AccessKeys(ctx, userName)
		if err == nil && (len(keys) != 1 || keys[0].ID != *id) {
			err = fmt.Errorf("RAM has %d keys, wanted the one %s", len(keys), *id)
		}
		return err
	})
}

func userWithKey(name, attributes string) string {
	return fmt.Sprintf(`
		resource "ram_user" "bot" { name = %q }
		resource "ram_access_key" "key" {
		  user_name = ram_user.bot.name
		  %s
		}`, name, attributes)
}

func TestAccAccessKey_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	imports := acctest.Imports("ram_access_key.key", "", "access_key_id", "access_key_secret")
	imports.ImportStateIdFunc = func(*terraform.State) (string, error) { return name + ":" + id, nil }
	acc.Run(t,
		resource.TestStep{
			Config: userWithKey(name, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_access_key.key", "user_name", name),
				acctest.State("ram_access_key.key", "status", "Active"),
				acctest.State("ram_access_key.key", "access_key_secret", knownvalue.StringRegexp(regexp.MustCompile(`^\S{20,}$`))),
				acctest.State("ram_access_key.key", "create_date", knownvalue.NotNull()),
			},
			Check: resource.ComposeTestCheckFunc(
				keyOf(&id), sameKey(acc, name, &id),
				resource.TestCheckResourceAttrPair("ram_access_key.key", "user_id", "ram_user.bot", "user_id"),
			),
		},
		imports,
		resource.TestStep{Config: userWithKey(name, ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccAccessKey_isReadByOneCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := userWithKey(acc.Name("bot"), "")
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
				if n := calls["ListAccessKeys"]; n == 0 || n != calls["GetUser"] {
					t.Errorf("plans made the calls %v", calls)
				}
			},
			Config: config,
		},
	)
}

func TestAccAccessKey_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acc.Factories(),
		Steps: []resource.TestStep{
			{Config: userWithKey(acc.Name("bot"), "")},
			{ResourceName: "ram_access_key.key", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: userWithKey(acc.Name("bot"), "")},
		},
	})
}

func TestAccAccessKey_importedKeepsItsSecretNullAndItsPlanQuiet(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	key, err := acc.Client().CreateAccessKey(t.Context(), name)
	must(t, err)
	config := func(status string) string {
		return fmt.Sprintf(`
			import {
			  to = ram_access_key.key
			  id = "%[1]s:%[2]s"
			}
			resource "ram_access_key" "key" {
			  user_name = %[1]q
			  status    = %[3]q
			}`, name, key.ID, status)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{
			Config:            config("Active"),
			ConfigPlanChecks:  acctest.Plans("ram_access_key.key", plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_access_key.key", "access_key_secret", nil)},
		},
		{
			Config: config("Inactive"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_access_key.key", plancheck.ResourceActionUpdate),
				onlyChanges("ram_access_key.key", "status"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_access_key.key", "access_key_secret", nil),
				acctest.State("ram_access_key.key", "status", "Inactive"),
			},
		},
	}})
}

func TestAccAccessKey_importRefusesAnIDOfAnotherForm(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for _, id := range []string{"bot", "bot:", ":LTAI5tExample", "bot/LTAI5tExample", "a:b:c"} {
		acc.Run(t, resource.TestStep{
			Config:       `resource "ram_access_key" "key" { user_name = "bot" }`,
			ResourceName: "ram_access_key.key", ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(`user:key-id, such as\s+backup-job:LTAI5tExample`),
		})
	}
}

func TestAccAccessKey_isTurnedOffAndOnInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	status := func(want string) resource.TestCheckFunc {
		return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
			key, err := ram.AccessKey(ctx, name, id)
			if err == nil && key.Status != want {
				err = fmt.Errorf("the key is %s, not %s", key.Status, want)
			}
			return err
		})
	}
	update := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("ram_access_key.key", plancheck.ResourceActionUpdate),
		onlyChanges("ram_access_key.key", "status"),
	}}
	acc.Run(t,
		resource.TestStep{Config: userWithKey(name, `status = "Inactive"`), Check: resource.ComposeTestCheckFunc(keyOf(&id), status("Inactive"))},
		resource.TestStep{Config: userWithKey(name, `status = "Inactive"`), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: userWithKey(name, `status = "Active"`), ConfigPlanChecks: update, Check: status("Active")},
		resource.TestStep{
			PreConfig:        func() { must(t, acc.Client().SetAccessKeyStatus(t.Context(), name, id, "Inactive")) },
			Config:           userWithKey(name, `status = "Active"`),
			ConfigPlanChecks: update,
			Check:            status("Active"),
		},
	)
}

func TestAccAccessKey_turnedOffInTheConsoleStaysOffWhereStatusIsLeftOut(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	acc.Run(t,
		resource.TestStep{Config: userWithKey(name, ""), Check: keyOf(&id)},
		resource.TestStep{
			PreConfig:         func() { must(t, acc.Client().SetAccessKeyStatus(t.Context(), name, id, "Inactive")) },
			Config:            userWithKey(name, ""),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_access_key.key", "status", "Inactive")},
		},
	)
}

func TestAccAccessKey_survivesEveryRenameOfItsUser(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	first, second, third := acc.Name("one"), acc.Name("two"), acc.Name("three")
	var id string
	keyIs := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return acctest.Plans("ram_access_key.key", action)
	}
	acc.Run(t,
		resource.TestStep{Config: userWithKey(first, ""), Check: keyOf(&id)},
		resource.TestStep{ // by Terraform
			Config: userWithKey(third, ""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_access_key.key", plancheck.ResourceActionUpdate),
				onlyChanges("ram_access_key.key", "user_name"),
			}},
			Check: sameKey(acc, third, &id),
		},
		resource.TestStep{ // by Terraform, and another change with it
			Config:           userWithKey(second, `status = "Inactive"`),
			ConfigPlanChecks: keyIs(plancheck.ResourceActionUpdate),
			Check:            sameKey(acc, second, &id),
		},
		resource.TestStep{ // in the console, and back by Terraform
			PreConfig:        func() { rename(t, acc, second, third) },
			Config:           userWithKey(second, `status = "Inactive"`),
			ConfigPlanChecks: keyIs(plancheck.ResourceActionUpdate),
			Check:            sameKey(acc, second, &id),
		},
		resource.TestStep{ // by a run that was interrupted after it
			PreConfig:         func() { rename(t, acc, second, third) },
			Config:            userWithKey(third, `status = "Inactive"`),
			ConfigPlanChecks:  keyIs(plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_access_key.key", "user_name", third)},
			Check:             sameKey(acc, third, &id),
		},
	)
}

func TestAccAccessKey_isFoundThoughAnotherUserTookTheName(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, other := acc.Name("bot"), acc.Name("robot")
	config := func(name string) string {
		return fmt.Sprintf(`
			resource "ram_user" "bot" { name = %[1]q }
			resource "ram_access_key" "key" { user_name = ram_user.bot.name }`, name)
	}
	var id string
	acc.Run(t,
		resource.TestStep{Config: config(name), Check: keyOf(&id)},
		resource.TestStep{
			PreConfig: func() {
				rename(t, acc, name, other)
				createUser(t, acc, name)
				_, err := acc.Client().CreateAccessKey(t.Context(), name)
				must(t, err)
			},
			Config:           config(other),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            sameKey(acc, other, &id),
		},
		resource.TestStep{ // frees the name, which the account is checked for
			PreConfig: func() { deleteUser(t, acc, name) },
			Config:    config(other),
		},
	)
}

func TestAccAccessKey_ofAnotherUserIsAnotherKey(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(of string) string {
		return fmt.Sprintf(`
			resource "ram_user" "a" { name = %q }
			resource "ram_user" "b" { name = %q }
			resource "ram_access_key" "key" { user_name = ram_user.%s.name }`, acc.Name("a"), acc.Name("b"), of)
	}
	var id string
	acc.Run(t,
		resource.TestStep{Config: config("a")},
		resource.TestStep{
			Config:           config("b"),
			ConfigPlanChecks: acctest.Plans("ram_access_key.key", plancheck.ResourceActionDestroyBeforeCreate),
			Check: resource.ComposeTestCheckFunc(
				keyOf(&id), sameKey(acc, acc.Name("b"), &id),
				resource.TestCheckResourceAttrPair("ram_access_key.key", "user_id", "ram_user.b", "user_id"),
			),
		},
	)
}

func TestAccAccessKey_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	acc.Run(t,
		resource.TestStep{Config: userWithKey(name, ""), Check: keyOf(&id)},
		resource.TestStep{
			PreConfig:        func() { must(t, acc.Client().DeleteAccessKey(t.Context(), name, id)) },
			Config:           userWithKey(name, ""),
			ConfigPlanChecks: acctest.Plans("ram_access_key.key", plancheck.ResourceActionCreate),
			Check:            keyOf(&id),
		},
		resource.TestStep{ // the user is gone too
			PreConfig: func() {
				must(t, acc.Client().DeleteAccessKey(t.Context(), name, id))
				must(t, acc.Client().DeleteUser(t.Context(), name))
			},
			Config:           userWithKey(name, ""),
			ConfigPlanChecks: acctest.Plans("ram_access_key.key", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccAccessKey_isNotTakenForGoneWhileItsNewUserDoesNotShowEverywhere(t *testing.T) {
	t.Parallel()
	var late lateUser
	acc := acctest.NewLocal(t, late.setUp("ListAccessKeys"))
	name := acc.Name("bot")
	createUser(t, acc, name)
	config := fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{Config: config},
		{PreConfig: late.begin, Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	}})
}

// lateUser lets the next three calls of an action say that the user does not exist.
type lateUser struct{ left atomic.Int32 }

func (l *lateUser) begin() { l.left.Store(3) }

func (l *lateUser) setUp(action string) func(*ramserver.Server) {
	return func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == action && l.left.Add(-1) >= 0 {
				return &ramserver.Fault{Status: http.StatusNotFound, Code: "EntityNotExist.User", Message: "The user does not exist."}
			}
			return nil
		}
	}
}

func TestAccAccessKey_thatGoesWhileItIsDeletedIsContent(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "DeleteAccessKey" && gone.CompareAndSwap(false, true) {
				return &ramserver.Fault{After: true, Status: http.StatusNotFound, Code: "EntityNotExist.User.AccessKey", Message: "gone"}
			}
			return nil
		}
	})
	acc.Run(t, resource.TestStep{Config: userWithKey(acc.Name("bot"), "")})
	if !gone.Load() {
		t.Error("the key was not deleted")
	}
}

func TestAccAccessKey_isDeletedThoughItsUserIsRenamedMeanwhile(t *testing.T) {
	t.Parallel()
	var acc *acctest.Account
	var name, other string
	var renamed atomic.Bool
	acc = acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "DeleteAccessKey" && renamed.CompareAndSwap(false, true) {
				rename(t, acc, name, other)
			}
			return nil
		}
	})
	name, other = acc.Name("bot"), acc.Name("robot")
	createUser(t, acc, name)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{
		{Config: fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name)},
	}})
	keys, err := acc.Client().AccessKeys(t.Context(), other)
	must(t, err)
	if len(keys) > 0 {
		t.Errorf("%d keys are left", len(keys))
	}
	deleteUser(t, acc, other)
}

func TestAccAccessKey_thirdKeyOfAUserIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	for range 2 {
		_, err := acc.Client().CreateAccessKey(t.Context(), name)
		must(t, err)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{{
		Config:      fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name),
		ExpectError: regexp.MustCompile(`(?s)Unable to create an access key of RAM user "` + name + `".+has 2 of\s+2\s+access\s+keys.+LTAI`),
	}}})
}

func TestAccAccessKey_ofAMissingUserIsRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, acc.Name("nobody")),
		ExpectError: regexp.MustCompile(`Unable to find RAM user`),
	})
}

func TestAccAccessKey_isInTheStateBeforeItIsTurnedOff(t *testing.T) {
	t.Parallel()
	var failed atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "UpdateAccessKey" && failed.CompareAndSwap(false, true) {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."}
			}
			return nil
		}
	})
	name := acc.Name("bot")
	var id string
	acc.Run(t,
		resource.TestStep{
			Config:      userWithKey(name, `status = "Inactive"`),
			ExpectError: regexp.MustCompile(`Unable to make the new access key LTAI\w+`),
		},
		resource.TestStep{ // the half-made key is replaced, not left behind
			Config:           userWithKey(name, `status = "Inactive"`),
			ConfigPlanChecks: acctest.Plans("ram_access_key.key", plancheck.ResourceActionDestroyBeforeCreate),
			Check:            resource.ComposeTestCheckFunc(keyOf(&id), sameKey(acc, name, &id)),
		},
	)
}

func TestAccAccessKey_wrongValuesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		`user_name = "bot@example.com"`:                     `has the\s+character '@'`,
		`user_name = "bot"` + "\n" + `status = "Suspended"`: `"Active" "Inactive"`,
	} {
		acc.Run(t, resource.TestStep{
			Config:   `resource "ram_access_key" "key" {` + "\n" + config + "\n}",
			PlanOnly: true, ExpectError: regexp.MustCompile(message),
		})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccAccessKey_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(status string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "given" { input = { name = %q, status = %q } }
			resource "ram_user" "bot" { name = terraform_data.given.output.name }
			resource "ram_access_key" "key" {
			  user_name = ram_user.bot.name
			  status    = terraform_data.given.output.status
			}`, acc.Name("bot"), status)
	}
	var id string
	acc.Run(t,
		resource.TestStep{Config: config("Inactive"), Check: keyOf(&id)},
		resource.TestStep{ // the name is unknown again while planning: no reason to replace the key
			Config:            config("Active"),
			ConfigPlanChecks:  acctest.Plans("ram_access_key.key", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_access_key.key", "status", "Active")},
			Check:             sameKey(acc, acc.Name("bot"), &id),
		},
	)
}

// onlyChanges checks that the plan changes these attributes of the resource
// and leaves none of the others to be known after the apply.
func onlyChanges(address string, attributes ...string) plancheck.PlanCheck {
	return planCheck(func(req plancheck.CheckPlanRequest) error {
		for _, c := range req.Plan.ResourceChanges {
			if c.Address != address {
				continue
			}
			before, after := c.Change.Before.(map[string]any), c.Change.After.(map[string]any)
			unknown, _ := c.Change.AfterUnknown.(map[string]any)
			for name := range before {
				changes := !reflect.DeepEqual(before[name], after[name]) || unknown[name] == true
				if changes != slices.Contains(attributes, name) {
					return fmt.Errorf("%s of %s: %v -> %v (unknown: %v)", name, address, before[name], after[name], unknown[name])
				}
			}
			return nil
		}
		return fmt.Errorf("%s is not in the plan", address)
	})
}

type planCheck func(plancheck.CheckPlanRequest) error

func (f planCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = f(req)
}

// Ben gives his name away and Ann takes it.
func TestAccAccessKey_survivesRenamesInAChain(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	ann, ben, old := acc.Name("ann"), acc.Name("ben"), acc.Name("old")
	config := func(a, b string) string {
		return fmt.Sprintf(`
			resource "ram_user" "a" {
			  name       = %q
			  depends_on = [ram_user.b]
			}
			resource "ram_user" "b" { name = %q }
			resource "ram_access_key" "a" { user_name = ram_user.a.name }
			resource "ram_access_key" "b" { user_name = ram_user.b.name }
		`, a, b)
	}
	same := statecheck.CompareValue(compare.ValuesSame())
	keeps := func() []statecheck.StateCheck {
		return []statecheck.StateCheck{same.AddStateValue("ram_access_key.a", tfjsonpath.New("access_key_id"))}
	}
	acc.Run(t,
		resource.TestStep{Config: config(ann, ben), ConfigStateChecks: keeps()},
		resource.TestStep{
			Config: config(ben, old),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_access_key.a", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("ram_access_key.b", plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: keeps(),
		},
		resource.TestStep{Config: config(ben, old), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

// The name is known only in the apply, and turns out to be another user's.
func TestAccAccessKey_unknownNameOfAnotherUserIsAnErrorWithAWayOut(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	ann, ben := acc.Name("ann"), acc.Name("ben")
	config := func(name string) string {
		return fmt.Sprintf(`
			resource "ram_user" "a" { name = %q }
			resource "ram_user" "b" { name = %q }
			resource "terraform_data" "name" {
			  input      = %q
			  depends_on = [ram_user.a, ram_user.b]
			}
			resource "ram_access_key" "a" { user_name = terraform_data.name.output }
		`, ann, ben, name)
	}
	acc.Run(t,
		resource.TestStep{Config: config(ann)},
		resource.TestStep{Config: config(ben), ExpectError: regexp.MustCompile(`(?s)belongs to another RAM user now.*Plan again`)},
		resource.TestStep{Config: config(ben), ConfigPlanChecks: acctest.Plans("ram_access_key.a", plancheck.ResourceActionReplace)},
	)
}
