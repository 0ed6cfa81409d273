package group_test

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
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const membership = "ram_group_membership.devs"

func TestAccGroupMembership_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	config := team(acc) + members("devs", "alice", "bob")
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(membership, "group_name", devs),
				acctest.State(membership, "user_names", names(alice, bob)),
				acctest.State(membership, "group_id", knownvalue.StringRegexp(regexp.MustCompile(`.`))),
			},
			Check: wantMembers(acc, devs, alice, bob),
		},
		acctest.Imports(membership, devs, "group_name"),
		resource.TestStep{
			PreConfig:        func() { add(t, acc, carol, devs) },
			Config:           config,
			ConfigPlanChecks: acctest.PlansNothing(),
		},
		acctest.Imports(membership, devs+"/"+alice+","+bob, "group_name"),
	)
}

func TestAccGroupMembership_addsAndRemovesInPlaceAndLeavesOtherMembersAlone(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	acc.Run(t,
		resource.TestStep{Config: team(acc) + members("devs", "alice")},
		resource.TestStep{
			PreConfig:         func() { add(t, acc, carol, devs) },
			Config:            team(acc) + members("devs", "bob"),
			ConfigPlanChecks:  acctest.Plans(membership, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(membership, "user_names", names(bob))},
			Check:             wantMembers(acc, devs, bob, carol),
		},
		resource.TestStep{
			Config:           team(acc) + members("devs", "alice", "bob"),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, alice, bob, carol),
		},
		resource.TestStep{Config: team(acc), Check: wantMembers(acc, devs, carol)},
		resource.TestStep{PreConfig: func() { takeOut(t, acc, carol, devs) }, Config: team(acc)},
	)
}

func TestAccGroupMembership_mayOverlapWithAnother(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	config := team(acc) + members("devs", "alice", "bob") + `
		resource "ram_group_membership" "more" {
		  group_name = ram_group.devs.name
		  user_names = [ram_user.bob.name, ram_user.carol.name]
		}`
	acc.Run(t,
		resource.TestStep{Config: config, Check: wantMembers(acc, devs, alice, bob, carol)},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccGroupMembership_whoIsTakenOutIsPutBack(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	config := team(acc) + members("devs", "alice", "bob")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { takeOut(t, acc, bob, devs) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, alice, bob),
		},
		resource.TestStep{ // with none of its own left, it must not take others for its own
			PreConfig: func() {
				takeOut(t, acc, alice, devs)
				takeOut(t, acc, bob, devs)
				add(t, acc, carol, devs)
			},
			RefreshState: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, alice, bob, carol),
		},
		resource.TestStep{PreConfig: func() { takeOut(t, acc, carol, devs) }, Config: config},
	)
}

func TestAccGroupMembership_ofAVanishedGroupIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice := acc.Name("devs"), acc.Name("alice")
	config := team(acc) + members("devs", "alice")
	vanish := func() {
		takeOut(t, acc, alice, devs)
		deleteGroup(t, acc, devs)()
	}
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        vanish,
			Config:           config,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionCreate),
			Check:            wantMembers(acc, devs, alice),
		},
		resource.TestStep{PreConfig: vanish, Config: config, Destroy: true},
	)
}

func TestAccGroupMembership_ofAnotherGroupIsReplaced(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, ops, alice := acc.Name("devs"), acc.Name("ops"), acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: team(acc) + members("devs", "alice")},
		resource.TestStep{
			Config:           team(acc) + members("ops", "alice"),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionReplace),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs), wantMembers(acc, ops, alice)),
		},
	)
}

func TestAccGroupMembership_followsAGroupThatTerraformRenames(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, developers, alice, bob := acc.Name("devs"), acc.Name("developers"), acc.Name("alice"), acc.Name("bob")
	seen := 0
	renamed := strings.Replace(team(acc), devs, developers, 1)
	acc.Run(t,
		resource.TestStep{Config: team(acc) + members("devs", "alice")},
		resource.TestStep{
			PreConfig: func() { seen = len(acc.Server.Calls()) },
			Config:    renamed + members("devs", "alice"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(membership, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(membership, tfjsonpath.New("group_id"), knownvalue.NotNull()),
			}},
			Check: resource.ComposeTestCheckFunc(wantMembers(acc, developers, alice), wantWrites(acc, &seen, "UpdateGroup")),
		},
		resource.TestStep{ // back again, with a change of members at once
			Config:           team(acc) + members("devs", "bob"),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, bob),
		},
	)
}

func TestAccGroupMembership_followsAGroupRenamedInTheConsole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, developers, alice := acc.Name("devs"), acc.Name("developers"), acc.Name("alice")
	config := team(acc) + members("devs", "alice")
	seen := 0
	renameAndCount := func() {
		rename(t, acc, devs, developers)
		seen = len(acc.Server.Calls())
	}
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{ // named back
			PreConfig:        renameAndCount,
			Config:           config,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs, alice), wantWrites(acc, &seen, "UpdateGroup")),
		},
		resource.TestStep{ // the configuration follows, as after an interrupted rename
			PreConfig:        renameAndCount,
			Config:           strings.Replace(config, devs, developers, 1),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionNoop),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, developers, alice), wantWrites(acc, &seen)),
		},
		resource.TestStep{ // renamed and destroyed
			PreConfig: func() { rename(t, acc, developers, devs) },
			Config:    strings.Replace(team(acc), devs, developers, 1),
			Check:     wantMembers(acc, developers),
		},
	)
}

func TestAccGroupMembership_losesNobodyWhenAUserIsRenamed(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, alice, alicia, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("alicia"), acc.Name("bob")
	const already = "Already in RAM group"
	before := team(acc) + members("devs", "alice", "bob")
	after := strings.Replace(before, alice, alicia, 1)
	renameUser := func(from, to string) {
		u, err := acc.Client().User(t.Context(), from, "")
		if err == nil {
			_, err = acc.Client().UpdateUser(t.Context(), from, u.ID, ramapi.UserUpdate{Name: &to})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	acc.Run(t,
		resource.TestStep{Config: before},
		resource.TestStep{ // by Terraform
			Config:            after,
			ConfigPlanChecks:  acctest.Plans(membership, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(membership, "user_names", names(alicia, bob))},
			Check:             resource.ComposeTestCheckFunc(wantMembers(acc, devs, alicia, bob), acc.Warns(already)),
		},
		resource.TestStep{ // in the console, and back by Terraform
			PreConfig:        func() { renameUser(alicia, alice) },
			Config:           after,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs, alicia, bob), acc.Warns(already, alicia)),
		},
		resource.TestStep{ // in the console, and the configuration follows
			PreConfig:        func() { renameUser(alicia, alice) },
			Config:           before,
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs, alice, bob), acc.Warns(already, alice)),
		},
		resource.TestStep{Config: before, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccGroupMembership_keepsWhoIsOnlySpelledInAnotherCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.CaseSensitiveNames, s.Unsure.LateVisibility = false, false })
	devs, alice := acc.Name("devs"), acc.Name("alice")
	config := func(name string) string {
		return team(acc) + fmt.Sprintf(`
			resource "ram_group_membership" "devs" {
			  group_name = ram_group.devs.name
			  user_names = [%q]
			  depends_on = [ram_user.alice]
			}`, name)
	}
	spelled := strings.Replace(alice, "alice", "Alice", 1)
	acc.Run(t,
		resource.TestStep{Config: config(spelled), Check: wantMembers(acc, devs, alice)},
		resource.TestStep{Config: config(spelled), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config(alice), Check: wantMembers(acc, devs, alice)},
	)
}

func TestAccGroupMembership_tellsUsersApartWhoseNamesDifferInCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.CaseSensitiveNames = true })
	devs, alice := acc.Name("devs"), acc.Name("alice")
	upper := strings.Replace(alice, "alice", "ALICE", 1)
	config := func(key string) string {
		return team(acc) + fmt.Sprintf(`resource "ram_user" "upper" { name = %q }`, upper) + members("devs", key)
	}
	acc.Run(t,
		resource.TestStep{Config: config("alice"), Check: wantMembers(acc, devs, alice)},
		resource.TestStep{Config: config("upper"), Check: wantMembers(acc, devs, upper)},
	)
}

func TestAccGroupMembership_ofAMissingUserAddsNobody(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: team(acc) + fmt.Sprintf(`
			resource "ram_group_membership" "devs" {
			  group_name = ram_group.devs.name
			  user_names = [ram_user.alice.name, %q]
			}`, acc.Name("nobody")),
		ExpectError: regexp.MustCompile(`Unable to find RAM user "` + acc.Name("nobody") + `"`),
	})
	if n := acc.CallsOf("AddUserToGroup"); n > 0 {
		t.Errorf("%d users were added", n)
	}
}

func TestAccGroupMembership_recordsWhoWasAddedBeforeAFailure(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "AddUserToGroup" && strings.HasSuffix(c.Params.Get("UserName"), "zed") {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "not this one"}
			}
			return nil
		}
	})
	devs, alice, bob, zed := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("zed")
	config := func(names ...string) string {
		return team(acc) + fmt.Sprintf(`
			resource "ram_user" "zed" { name = %q }
			resource "ram_group_membership" "devs" {
			  group_name = ram_group.devs.name
			  user_names = ["%s"]
			  depends_on = [ram_user.alice, ram_user.bob, ram_user.zed]
			}`, zed, strings.Join(names, `", "`))
	}
	acc.Run(t,
		resource.TestStep{
			Config:      config(alice, zed),
			ExpectError: regexp.MustCompile(`Unable to add RAM user "` + zed + `" to RAM group "` + devs + `"`),
		},
		resource.TestStep{
			Config:            config(alice),
			ConfigPlanChecks:  acctest.Plans(membership, plancheck.ResourceActionReplace), // tainted
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(membership, "user_names", names(alice))},
			Check:             wantMembers(acc, devs, alice),
		},
		resource.TestStep{
			Config:      config(bob, zed),
			ExpectError: regexp.MustCompile(`Unable to add RAM user "` + zed + `"`),
		},
		resource.TestStep{
			RefreshState: true, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(
				wantMembers(acc, devs, alice, bob),
				resource.TestCheckResourceAttr(membership, "user_names.#", "2"),
			),
		},
		resource.TestStep{
			Config:           config(bob),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, bob),
		},
	)
}

func TestAccGroupMembership_aLostAnswerLeavesNobodyBehind(t *testing.T) {
	t.Parallel()
	var lose atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if lose.Load() && (c.Action == "AddUserToGroup" || c.Action == "ListGroupsForUser") {
				return &ramserver.Fault{After: true, Status: http.StatusBadGateway}
			}
			return nil
		}
	})
	devs := acc.Name("devs")
	impatient := `provider "ram" { max_retries = 0 }` + "\n" + team(acc)
	acc.Run(t,
		resource.TestStep{Config: impatient},
		resource.TestStep{
			PreConfig:   func() { lose.Store(true) },
			Config:      impatient + members("devs", "alice"),
			ExpectError: regexp.MustCompile(`may have been made`),
		},
		resource.TestStep{
			PreConfig: func() { lose.Store(false) },
			Config:    impatient,
			Check:     wantMembers(acc, devs),
		},
	)
}

func TestAccGroupMembership_saysWhichUserIsInTooManyGroups(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.GroupsPerUser = 1 })
	alice, devs, ops := acc.Name("alice"), acc.Name("devs"), acc.Name("ops")
	acc.Run(t,
		resource.TestStep{Config: team(acc)},
		resource.TestStep{
			PreConfig:   func() { add(t, acc, alice, ops) },
			Config:      team(acc) + members("devs", "alice"),
			ExpectError: regexp.MustCompile(`Unable to add RAM user "` + alice + `" to RAM group "` + devs + `"(.|\s)*has\s+1\s+of\s+1\s+groups`),
		},
		resource.TestStep{PreConfig: func() { takeOut(t, acc, alice, ops) }, Config: team(acc)},
	)
}

func TestAccGroupMembership_ofAMissingGroupNamesIt(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`resource "ram_group_membership" "devs" {
			group_name = %q
			user_names = ["alice"]
		}`, acc.Name("nobody")),
		ExpectError: regexp.MustCompile(`Unable to find RAM group "` + acc.Name("nobody") + `"`),
	})
}

func TestAccGroupMembership_isDestroyedWhenNothingOfItIsLeft(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := team(acc) + members("devs", "alice", "bob")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				takeOut(t, acc, alice, devs)
				takeOut(t, acc, bob, devs)
				if err := acc.Client().DeleteUser(t.Context(), bob); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
		},
	)
}

func TestAccGroupMembership_aUserLeavesTheAccountAndTheGroupAtOnce(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := func(people string) string {
		return fmt.Sprintf(`
			locals { people = %s }
			resource "ram_group" "devs" { name = %q }
			resource "ram_user" "all" {
			  count         = length(local.people)
			  name          = local.people[count.index]
			  force_destroy = true
			}
			resource "ram_group_membership" "devs" {
			  group_name = ram_group.devs.name
			  user_names = ram_user.all[*].name
			}`, people, devs)
	}
	acc.Run(t,
		resource.TestStep{Config: config(`["` + alice + `", "` + bob + `"]`)},
		resource.TestStep{
			Config:           config(`["` + alice + `"]`),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, alice),
		},
	)
}

func TestAccGroupMembership_isCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		`group_name = "devs"` + "\n" + `user_names = [null]`:                `contains\s+a\s+null`,
		`group_name = "devs"` + "\n" + `user_names = ["alice@example.com"]`: `has the\s+character\s+'@'`,
		`group_name = "our devs"` + "\n" + `user_names = ["alice"]`:         `has the\s+character ' '`,
	} {
		acc.Run(t, resource.TestStep{
			Config:      `resource "ram_group_membership" "devs" {` + "\n" + config + "\n}",
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(message),
		})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccGroupMembership_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := func(group, extra string) string {
		return team(acc) + fmt.Sprintf(`
			resource "terraform_data" "it" {
			  input            = [%[1]q, %[2]q]
			  triggers_replace = %[2]q
			}
			resource "ram_group_membership" "devs" {
			  group_name = terraform_data.it.output[0]
			  user_names = distinct([ram_user.alice.name, terraform_data.it.output[1]])
			  depends_on = [ram_user.bob, ram_group.devs]
			}`, group, extra)
	}
	acc.Run(t,
		resource.TestStep{Config: config(devs, bob), Check: wantMembers(acc, devs, alice, bob)},
		resource.TestStep{
			Config:           config(devs, alice),
			ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionUpdate),
			Check:            wantMembers(acc, devs, alice),
		},
	)
}

func TestAccGroupMembership_anImportIDOfTheWrongFormIsAnsweredWithTheRightOne(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for _, id := range []string{"/alice", "devs/", "devs/alice,,bob", "devs/alice, bob", "devs/alice/bob"} {
		acc.Run(t, resource.TestStep{
			Config:       `resource "ram_group_membership" "devs" {}`,
			ResourceName: membership, ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(`developers/alice,bob`),
		})
	}
}

func TestAccGroupMembership_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{Config: team(acc)},
			{
				PreConfig: func() {
					add(t, acc, alice, devs)
					add(t, acc, bob, devs)
				},
				Config: team(acc) + members("devs", "alice", "bob") + `
					import {
					  to       = ram_group_membership.devs
					  identity = { group_name = "` + devs + `" }
					}`,
				ConfigPlanChecks: acctest.Plans(membership, plancheck.ResourceActionNoop),
			},
			{
				Config: team(acc) + members("devs", "alice", "bob") + `
					resource "ram_group_membership" "one" {
					  group_name = ram_group.devs.name
					  user_names = [ram_user.bob.name]
					}
					import {
					  to       = ram_group_membership.one
					  identity = { group_name = "` + devs + `", user_names = ["` + bob + `"] }
					}`,
				ConfigPlanChecks: acctest.Plans("ram_group_membership.one", plancheck.ResourceActionNoop),
			},
		},
	})
}

// team is the groups devs and ops and the users alice, bob and carol.
func team(acc *acctest.Account) string {
	var config strings.Builder
	for _, group := range []string{"devs", "ops"} {
		fmt.Fprintf(&config, "resource \"ram_group\" %q { name = %q }\n", group, acc.Name(group))
	}
	for _, user := range []string{"alice", "bob", "carol"} {
		fmt.Fprintf(&config, "resource \"ram_user\" %q {\n name = %q\n force_destroy = true\n}\n", user, acc.Name(user))
	}
	return config.String()
}

// members puts users of the team into one of its groups.
func members(group string, users ...string) string {
	return fmt.Sprintf(`
		resource "ram_group_membership" "devs" {
		  group_name = ram_group.%s.name
		  user_names = [ram_user.%s.name]
		}
		`, group, strings.Join(users, ".name, ram_user."))
}

func names(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(all))
	for _, name := range all {
		checks = append(checks, knownvalue.StringExact(name))
	}
	return knownvalue.SetExact(checks)
}

func add(t *testing.T, acc *acctest.Account, user, group string) {
	t.Helper()
	if _, err := acc.Client().AddUserToGroup(t.Context(), user, group); err != nil {
		t.Fatal(err)
	}
}

func takeOut(t *testing.T, acc *acctest.Account, user, group string) {
	t.Helper()
	if err := acc.Client().RemoveUserFromGroup(t.Context(), user, group); err != nil {
		t.Fatal(err)
	}
}

// wantMembers compares everybody who is in the group with those given in order.
func wantMembers(acc *acctest.Account, group string, want ...string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		var got []string
		for name, err := range ram.GroupMembers(ctx, group) {
			if err != nil {
				return err
			}
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s has the members %v, wanted %v", group, got, want)
		}
		return nil
	})
}

// wantWrites compares the writes of the private server since a number of calls.
func wantWrites(acc *acctest.Account, since *int, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := acc.Writes(*since); !slices.Equal(got, want) {
			return fmt.Errorf("RAM was changed by %v, wanted %v", got, want)
		}
		return nil
	}
}

func TestAccGroupMembership_ofNobodyAddsNobody(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(users string) string {
		return fmt.Sprintf(`
			resource "ram_user" "alice" { name = %q }
			resource "ram_group" "devs" { name = %q }
			resource "ram_group_membership" "devs" {
			  group_name = ram_group.devs.name
			  user_names = [%s]
			}`, acc.Name("alice"), acc.Name("devs"), users)
	}
	acc.Run(t,
		resource.TestStep{Config: config("")},
		resource.TestStep{Config: config(""), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config("ram_user.alice.name")},
		resource.TestStep{Config: config("")},
	)
}
