package user_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccUser_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := fmt.Sprintf(`
		resource "ram_user" "alice" {
		  name         = %q
		  display_name = "Alice"
		  comments     = "a person"
		}`, name)
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_user.alice", "name", name),
				acctest.State("ram_user.alice", "display_name", "Alice"),
				acctest.State("ram_user.alice", "comments", "a person"),
				acctest.State("ram_user.alice", "email", nil),
				acctest.State("ram_user.alice", "arn", knownvalue.StringRegexp(regexp.MustCompile(`^acs:ram::\d{16}:user/`+name+`$`))),
				acctest.State("ram_user.alice", "user_principal_name", knownvalue.StringRegexp(regexp.MustCompile(`^`+name+`@.+\.onaliyun\.com$`))),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				u, err := ram.User(ctx, name, "")
				if err == nil && (u.DisplayName != "Alice" || u.Comments != "a person") {
					err = fmt.Errorf("RAM has %+v", u)
				}
				return err
			}),
		},
		acctest.Imports("ram_user.alice", name, "name"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUser_isUpdatedAndRenamedInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	before, after := acc.Name("alice"), acc.Name("alicia")
	var id string
	acc.Run(t,
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_user" "alice" {
				name         = %q
				display_name = "Alice"
				comments     = "a person"
			}`, before),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				u, err := ram.User(ctx, before, "")
				id = u.ID
				return err
			}),
		},
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_user" "alice" {
				name         = %q
				display_name = "Alicia"
			}`, after),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_user.alice", plancheck.ResourceActionUpdate),
				acctest.KnowsAllOf("ram_user.alice"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_user.alice", "comments", nil),
				acctest.State("ram_user.alice", "arn", knownvalue.StringRegexp(regexp.MustCompile(`:user/`+after+`$`))),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				u, err := ram.User(ctx, after, "")
				if err == nil && (u.ID != id || u.DisplayName != "Alicia" || u.Comments != "") {
					err = fmt.Errorf("RAM has %+v, wanted the id %s", u, id)
				}
				return err
			}),
		},
		resource.TestStep{
			Config:           fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, after),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccUser_renamedInTheConsoleIsFoundByItsIDAndRenamedBack(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, other := acc.Name("alice"), acc.Name("alicia")
	config := fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				u, err := acc.Client().User(t.Context(), name, "")
				if err == nil {
					_, err = acc.Client().UpdateUser(t.Context(), name, u.ID, ramapi.UserUpdate{Name: &other})
				}
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_user.alice", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := ram.User(ctx, name, "")
				return err
			}),
		},
	)
}

func TestAccUser_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	config := fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				_, err := acc.Client().UpdateUser(t.Context(), name, "", ramapi.UserUpdate{Comments: new("changed in the console")})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_user.alice", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				u, err := ram.User(ctx, name, "")
				if err == nil && u.Comments != "" {
					err = fmt.Errorf("comments are still %q", u.Comments)
				}
				return err
			}),
		},
	)
}

func TestAccUser_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bob")
	config := fmt.Sprintf(`resource "ram_user" "bob" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DeleteUser(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_user.bob", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccUser_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bob")
	if _, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().User(t.Context(), name, ""); err != nil { // waits until it shows
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeleteUser(context.Background(), name) })
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`resource "ram_user" "bob" { name = %q }`, name),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_user\.NAME\s+` + name),
	})
}

func TestAccUser_isNotDeletedWhileSomethingHangsOnIt(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bob")
	config := func(force string) string {
		return fmt.Sprintf(`resource "ram_user" "bob" {
			name = %q
			%s
		}`, name, force)
	}
	acc.Run(t,
		resource.TestStep{Config: config("")},
		resource.TestStep{
			PreConfig: func() {
				if _, err := acc.Client().CreateAccessKey(t.Context(), name); err != nil {
					t.Fatal(err)
				}
				if _, err := acc.Client().CreateLoginProfile(t.Context(), name, ramapi.LoginProfileInput{Password: "Some-Pass-2026!x"}); err != nil {
					t.Fatal(err)
				}
				if _, err := acc.Client().LoginProfile(t.Context(), name); err != nil { // waits until it shows
					t.Fatal(err)
				}
			},
			Config: config(""), Destroy: true,
			ExpectError: regexp.MustCompile(`1 access key \(LTAI\w+\) and a\s+console\s+login`),
		},
		resource.TestStep{Config: config("force_destroy = true"), ConfigPlanChecks: acctest.Plans("ram_user.bob", plancheck.ResourceActionUpdate)},
	)
}

func TestAccUser_emailThatTheSiteDoesNotKeepIsNoDrift(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.PersonalDataIgnored = true })
	config := fmt.Sprintf(`resource "ram_user" "bob" {
		name         = %q
		email        = "bob@example.com"
		mobile_phone = "86-13900001111"
	}`, acc.Name("bob"))
	acc.Run(t,
		resource.TestStep{
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_user.bob", "email", "bob@example.com")},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUser_emailThatTheSiteKeepsIsRepairedAndCleared(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.PersonalDataIgnored = false })
	name := acc.Name("bob")
	config := fmt.Sprintf(`resource "ram_user" "bob" {
		name  = %q
		email = "bob@example.com"
	}`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if _, err := acc.Client().UpdateUser(t.Context(), name, "", ramapi.UserUpdate{Email: new("")}); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_user.bob", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_user" "bob" { name = %q }`, name),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				u, err := ram.User(ctx, name, "")
				if err == nil && u.Email != "" {
					err = fmt.Errorf("the address is still %s", u.Email)
				}
				return err
			}),
		},
	)
}

func TestAccUser_namesAreCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		`name = "alice@example.com"`:                         `has the\s+character '@'`,
		`name = ""`:                                          `has 0 characters`,
		`name = "a"` + "\n" + `email = "nobody"`:             `e-mail\s+address`,
		`name = "a"` + "\n" + `mobile_phone = "13900001111"`: `country code`,
		`name = "a"` + "\n" + `comments = join("", [for i in range(129) : "x"])`: `at most 128`,
	} {
		acc.Run(t, resource.TestStep{
			Config:      `resource "ram_user" "bob" {` + "\n" + config + "\n}",
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccUser_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bob")
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "terraform_data" "name" { input = %q }
			resource "ram_user" "bob" {
			  name     = terraform_data.name.output
			  comments = terraform_data.name.id
			}`, name),
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_user.bob", "name", name)},
	})
}

func TestAccUser_importPlansNothingAndTakesTheIdentityToo(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("alice")
	if _, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name, Comments: "a person"}); err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().User(t.Context(), name, ""); err != nil { // waits until it shows
		t.Fatal(err)
	}
	writes := len(acc.Writes(0))
	config := fmt.Sprintf(`
		import {
		  to = ram_user.alice
		  id = %[1]q
		}
		resource "ram_user" "alice" {
		  name     = %[1]q
		  comments = "a person"
		}`, name)
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_user.alice", plancheck.ResourceActionNoop),
			Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
				if after := acc.Writes(0); len(after) != writes {
					return fmt.Errorf("the import called %s", after[writes:])
				}
				return nil
			}),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUser_importOfALogonNameIsRefusedWithTheRightForm(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t,
		resource.TestStep{
			Config:        fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, acc.Name("alice")),
			ResourceName:  "ram_user.alice",
			ImportState:   true,
			ImportStateId: "alice@example.onaliyun.com",
			ExpectError:   regexp.MustCompile(`(?s)Invalid import ID.*Give\s+the\s+name\s+alone`),
		},
	)
}

// The user is renamed after the plan was made, and somebody else takes the name.
func TestAccUser_destroyGoesByTheIDAndNotByTheName(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	var swap sync.Once
	var takeName func()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			// The first read of the last step refreshes, the second is the destroy's own.
			if c.Action == "GetUser" && takeName != nil && reads.Add(1) == 2 {
				swap.Do(takeName)
			}
			return nil
		}
	})
	name, other := acc.Name("alice"), acc.Name("alicia")
	config := fmt.Sprintf(`resource "ram_user" "alice" {
		name          = %q
		force_destroy = true
	}`, name)
	t.Cleanup(func() { _ = acc.Client().DeleteUser(context.Background(), name) })
	swapped := false
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				id := ""
				if u, err := acc.Client().User(t.Context(), name, ""); err == nil {
					id = u.ID
				}
				takeName = func() {
					if _, err := acc.Client().UpdateUser(context.Background(), name, id, ramapi.UserUpdate{Name: &other}); err != nil {
						t.Error(err)
					}
					if _, err := acc.Client().CreateUser(context.Background(), ramapi.User{Name: name, Comments: "somebody else"}); err != nil {
						t.Error(err)
					}
					swapped = true
				}
			},
			Config: config, Destroy: true,
		},
	)
	if !swapped {
		t.Error("nobody has taken the name, so this proves nothing")
	}
	err := acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		if _, err := ram.User(ctx, name, ""); err != nil {
			return fmt.Errorf("the other user: %w", err)
		}
		_, err := ram.User(ctx, other, "")
		return acctest.Gone(err)
	})(nil)
	if err != nil {
		t.Error(err)
	}
}

func TestAccUser_deletedAlreadyIsDestroyed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bob")
	config := fmt.Sprintf(`resource "ram_user" "bob" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DeleteUser(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
		},
	)
}

func TestAccUser_emptyDisplayNameStaysEmpty(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := fmt.Sprintf(`resource "ram_user" "bob" {
		name         = %q
		display_name = ""
		email        = ""
	}`, acc.Name("bob"))
	acc.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_user.bob", "display_name", "")}},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccUser_textsThatRAMDoesNotKeepAreSentOnceThoughTheTagsAreRefused(t *testing.T) {
	t.Parallel()
	var granted atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Unsure.PersonalDataIgnored = true
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "TagResources" && !granted.Load() {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You are not authorized."}
			}
			return nil
		}
	})
	config := func(arguments string) string {
		return fmt.Sprintf("resource \"ram_user\" \"alice\" {\nname = %q\n%s\n}", acc.Name("alice"), arguments)
	}
	later, before := config("email = \"alice@example.com\"\ntags = { team = \"payments\" }"), 0
	acc.Run(t,
		resource.TestStep{Config: config("")},
		resource.TestStep{Config: later, ExpectError: regexp.MustCompile(`Unable to change the tags`)},
		resource.TestStep{
			PreConfig: func() { granted.Store(true); before = len(acc.Server.Calls()) },
			Config:    later,
			Check: func(*terraform.State) error {
				if writes := acc.Writes(before); !slices.Equal(writes, []string{"TagResources"}) {
					return fmt.Errorf("the writes were %q", writes)
				}
				return nil
			},
		},
	)
}
