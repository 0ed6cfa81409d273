package group_test

import (
	"context"
	"fmt"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccGroup_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("devs")
	config := fmt.Sprintf(`
		resource "ram_group" "devs" {
		  name     = %q
		  comments = "people who write code"
		}`, name)
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_group.devs", "name", name),
				acctest.State("ram_group.devs", "comments", "people who write code"),
				acctest.State("ram_group.devs", "force_destroy", nil),
				acctest.State("ram_group.devs", "group_id", knownvalue.StringRegexp(regexp.MustCompile(`.`))),
				acctest.State("ram_group.devs", "create_date", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT`))),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				return wantGroup(ctx, ram, name, "", "people who write code")
			}),
		},
		acctest.Imports("ram_group.devs", name, "name"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccGroup_isUpdatedAndRenamedInPlace(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	before, after := acc.Name("devs"), acc.Name("developers")
	var id string
	acc.Run(t,
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_group" "devs" {
				name     = %q
				comments = "people who write code"
			}`, before),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				g, err := ram.Group(ctx, before, "")
				id = g.ID
				return err
			}),
		},
		resource.TestStep{
			Config:           fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, after),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_group.devs", "name", after),
				acctest.State("ram_group.devs", "comments", nil),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				return wantGroup(ctx, ram, after, id, "")
			}),
		},
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_group" "devs" {
				name     = %q
				comments = "again"
			}`, after),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				return wantGroup(ctx, ram, after, id, "again")
			}),
		},
	)
}

func TestAccGroup_anUpdateShowsOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(name, comments string) string {
		return fmt.Sprintf(`
			resource "ram_group" "devs" {
			  name     = %q
			  comments = %q
			}
			output "group_id" { value = ram_group.devs.group_id }
			output "create_date" { value = ram_group.devs.create_date }`, name, comments)
	}
	acc.Run(t,
		resource.TestStep{Config: config(acc.Name("devs"), "a")},
		resource.TestStep{
			Config: config(acc.Name("developers"), "b"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_group.devs", plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownOutputValue("group_id", knownvalue.NotNull()),
				plancheck.ExpectKnownOutputValue("create_date", knownvalue.NotNull()),
			}},
		},
	)
}

func TestAccGroup_renamedInTheConsoleIsFoundByItsIDAndRenamedBack(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, other := acc.Name("devs"), acc.Name("developers")
	config := fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name)
	var id string
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { id = rename(t, acc, name, other) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				return wantGroup(ctx, ram, name, id, "")
			}),
		},
	)
}

func TestAccGroup_anInterruptedRenamePlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	before, after := acc.Name("devs"), acc.Name("developers")
	acc.Run(t,
		resource.TestStep{Config: fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, before)},
		resource.TestStep{
			PreConfig:        func() { rename(t, acc, before, after) },
			Config:           fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, after),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionNoop),
		},
	)
}

func TestAccGroup_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("devs")
	config := fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				g, err := acc.Client().Group(t.Context(), name, "")
				if err == nil {
					_, err = acc.Client().UpdateGroup(t.Context(), name, g.ID, ramapi.GroupUpdate{Comments: new("changed in the console")})
				}
				if err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				return wantGroup(ctx, ram, name, "", "")
			}),
		},
	)
}

func TestAccGroup_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("devs")
	config := fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        deleteGroup(t, acc, name),
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccGroup_goneBeforeItIsDeletedIsDestroyed(t *testing.T) {
	t.Parallel()
	var vanish func()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		var begun atomic.Bool
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "DeleteGroup" && begun.CompareAndSwap(false, true) {
				vanish()
			}
			return nil
		}
	})
	name := acc.Name("devs")
	vanish = deleteGroup(t, acc, name)
	acc.Run(t, resource.TestStep{Config: fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name)})
	if n := acc.CallsOf("DeleteGroup"); n != 2 {
		t.Errorf("DeleteGroup was called %d times, wanted one from outside and one of the provider", n)
	}
}

func TestAccGroup_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("devs")
	createOutside(t, acc, name)
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_group\.NAME\s+` + name),
	})
}

func TestAccGroup_isNotDeletedWhileItHasMembersOrPolicies(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := func(force string) string {
		return fmt.Sprintf(`
			resource "ram_group" "devs" {
			  name = %q
			  %s
			}
			resource "ram_user" "alice" { name = %q }
			resource "ram_user" "bob" { name = %q }`, name, force, alice, bob)
	}
	policy := ramapi.Principal{Kind: ramapi.KindGroup, Name: name}
	acc.Run(t,
		resource.TestStep{Config: config("")},
		resource.TestStep{
			PreConfig: func() {
				for _, user := range []string{alice, bob} {
					if _, err := acc.Client().AddUserToGroup(t.Context(), user, name); err != nil {
						t.Fatal(err)
					}
				}
				if err := acc.Client().AttachPolicy(t.Context(), "ReadOnlyAccess", "System", policy); err != nil {
					t.Fatal(err)
				}
			},
			Config: fmt.Sprintf(`
				resource "ram_user" "alice" { name = %q }
				resource "ram_user" "bob" { name = %q }`, alice, bob),
			ExpectError: regexp.MustCompile(`2 members\s+\(\S+,\s+\S+\)\s+and\s+1\s+attached\s+policy\s+\(ReadOnlyAccess\).*\s+.*force_destroy`),
		},
		resource.TestStep{
			Config:           config("force_destroy = true"),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			Config: fmt.Sprintf(`
				resource "ram_user" "alice" { name = %q }
				resource "ram_user" "bob" { name = %q }`, alice, bob),
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := ram.Group(ctx, name, "")
				return acctest.Gone(err)
			}),
		},
	)
}

func TestAccGroup_forceDestroyIsRecordedWithoutACall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("devs")
	seen := 0
	acc.Run(t,
		resource.TestStep{Config: fmt.Sprintf(`resource "ram_group" "devs" { name = %q }`, name)},
		resource.TestStep{
			PreConfig: func() { seen = len(acc.Server.Calls()) },
			Config: fmt.Sprintf(`resource "ram_group" "devs" {
				name          = %q
				force_destroy = true
			}`, name),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			Check:            wantWrites(acc, &seen),
		},
	)
}

func TestAccGroup_isCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		`name = "our devs"`: `has the\s+character ' '`,
		`name = ""`:         `has 0 characters`,
		`name = join("", [for i in range(65) : "x"])`:                            `has 65 characters`,
		`name = "a"` + "\n" + `comments = join("", [for i in range(129) : "x"])`: `at most 128`,
	} {
		acc.Run(t, resource.TestStep{
			Config:      `resource "ram_group" "devs" {` + "\n" + config + "\n}",
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccGroup_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(name string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "name" {
			  input            = %[1]q
			  triggers_replace = %[1]q
			}
			resource "ram_group" "devs" {
			  name     = terraform_data.name.output
			  comments = terraform_data.name.id
			}`, name)
	}
	acc.Run(t,
		resource.TestStep{
			Config:            config(acc.Name("devs")),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_group.devs", "name", acc.Name("devs"))},
		},
		resource.TestStep{
			Config:            config(acc.Name("developers")),
			ConfigPlanChecks:  acctest.Plans("ram_group.devs", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_group.devs", "name", acc.Name("developers"))},
		},
	)
}

func TestAccGroup_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("devs")
	createOutside(t, acc, name)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
				import {
				  to       = ram_group.devs
				  identity = { name = %[1]q }
				}
				resource "ram_group" "devs" { name = %[1]q }`, name),
			ConfigPlanChecks: acctest.Plans("ram_group.devs", plancheck.ResourceActionNoop),
		}},
	})
}

// wantGroup compares what RAM has with what is wanted; an empty id is any.
func wantGroup(ctx context.Context, ram *ramapi.Client, name, id, comments string) error {
	g, err := ram.Group(ctx, name, "")
	if err == nil && (id != "" && g.ID != id || g.Comments != comments) {
		err = fmt.Errorf("RAM has %+v, wanted the id %q and the comments %q", g, id, comments)
	}
	return err
}

// createOutside makes a group without Terraform.
func createOutside(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	_, err := acc.Client().CreateGroup(t.Context(), ramapi.Group{Name: name})
	if err == nil {
		_, err = acc.Client().Group(t.Context(), name, "") // waits until it shows
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeleteGroup(context.Background(), name) })
}

// rename renames the group from outside Terraform and gives its id.
func rename(t *testing.T, acc *acctest.Account, before, after string) string {
	t.Helper()
	g, err := acc.Client().Group(t.Context(), before, "")
	if err == nil {
		_, err = acc.Client().UpdateGroup(t.Context(), before, g.ID, ramapi.GroupUpdate{Name: &after})
	}
	if err != nil {
		t.Fatal(err)
	}
	return g.ID
}

func deleteGroup(t *testing.T, acc *acctest.Account, name string) func() {
	return func() {
		if err := acc.Client().DeleteGroup(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
}
