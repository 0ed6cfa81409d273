package group_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const exclusive = "ram_group_memberships_exclusive.devs"

// onlyMembers makes users of the team all the members of devs.
func onlyMembers(users ...string) string { return onlyMembersWith("", users...) }

func onlyMembersWith(arguments string, users ...string) string {
	var names strings.Builder
	for _, user := range users {
		fmt.Fprintf(&names, "ram_user.%s.name, ", user)
	}
	return fmt.Sprintf(`
		resource "ram_group_memberships_exclusive" "devs" {
		  group_name = ram_group.devs.name
		  user_names = [%s]
		  %s
		}
		`, names.String(), arguments)
}

// crew is the groups devs and ops and the users alice, bob and carol, all of
// whom go whatever hangs on them.
func crew(acc *acctest.Account) string {
	var config strings.Builder
	for _, thing := range []string{"group.devs", "group.ops", "user.alice", "user.bob", "user.carol"} {
		kind, name, _ := strings.Cut(thing, ".")
		fmt.Fprintf(&config, "resource \"ram_%s\" %q {\n name = %q\n force_destroy = true\n}\n", kind, name, acc.Name(name))
	}
	return config.String()
}

// plansRemoval checks that the plan names who goes.
func plansRemoval(users ...string) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(exclusive, tfjsonpath.New("removes"), names(users...))
}

func removing(users ...string) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval(users...)}}
}

func TestAccGroupMembershipsExclusive_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := crew(acc) + onlyMembers("alice", "bob")
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: removing(),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(exclusive, "group_name", devs),
				acctest.State(exclusive, "user_names", names(alice, bob)),
				acctest.State(exclusive, "removes", names()),
			},
			Check: wantMembers(acc, devs, alice, bob),
		},
		acctest.Imports(exclusive, devs, "group_name"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{Config: crew(acc), Check: wantMembers(acc, devs, alice, bob)}, // only stops managing
	)
}

func TestAccGroupMembershipsExclusive_namesWhomItRemoves(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	seen := 0
	acc.Run(t,
		resource.TestStep{Config: crew(acc)},
		resource.TestStep{ // as it is created
			PreConfig: func() {
				add(t, acc, alice, devs)
				add(t, acc, bob, devs)
			},
			Config:            crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks:  removing(bob),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(exclusive, "removes", names(bob))},
			Check:             wantMembers(acc, devs, alice),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers("alice"), ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{ // as it is refreshed; who is missing comes before anybody goes
			PreConfig: func() {
				add(t, acc, carol, devs)
				takeOut(t, acc, alice, devs)
			},
			Config: crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionUpdate), plansRemoval(carol),
				acctest.Meanwhile(func() { seen = len(acc.Server.Calls()) }),
			}},
			Check: resource.ComposeTestCheckFunc(wantMembers(acc, devs, alice), wantWrites(acc, &seen, "AddUserToGroup", "RemoveUserFromGroup")),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers("alice"), ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{
			Config:            crew(acc) + onlyMembers("alice", "bob"),
			ConfigPlanChecks:  removing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(exclusive, "removes", names())},
			Check:             wantMembers(acc, devs, alice, bob),
		},
		resource.TestStep{
			Config:           crew(acc) + onlyMembers(),
			ConfigPlanChecks: removing(alice, bob),
			Check:            wantMembers(acc, devs),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers(), ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccGroupMembershipsExclusive_refusesToRemoveWhomThePlanDoesNotName(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, alice, bob, carol := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("carol")
	acc.Run(t,
		resource.TestStep{Config: crew(acc) + onlyMembers("alice")},
		resource.TestStep{
			PreConfig:        func() { add(t, acc, bob, devs) },
			Config:           crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks: acctest.Between(func() { add(t, acc, carol, devs) }),
			ExpectError:      regexp.MustCompile(`has\s+changed\s+since\s+the\s+plan(.|\s)*` + carol + `\s+came\s+in\s+addition(.|\s)*Plan\s+again`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := wantMembers(acc, devs, alice, bob, carol)(nil); err != nil {
					t.Error(err)
				}
			},
			Config:           crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks: removing(bob, carol),
			Check:            wantMembers(acc, devs, alice),
		},
	)
}

func TestAccGroupMembershipsExclusive_ofANewGroupRefusesWhomTheSameApplyAddsBesides(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := crew(acc) + members("devs", "bob") + onlyMembersWith("depends_on = [ram_group_membership.devs]", "alice")
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: removing(),
			ExpectError:      regexp.MustCompile(`has\s+changed\s+since\s+the\s+plan(.|\s)*` + acc.Name("bob")),
		},
		resource.TestStep{ // the other resource goes, and with it the user, while this one is made
			Config:           crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks: removing(acc.Name("bob")),
			Check:            wantMembers(acc, acc.Name("devs"), acc.Name("alice")),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers("alice"), ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{Config: crew(acc) + onlyMembersWith("detach_on_destroy = true", "alice")},
	)
}

func TestAccGroupMembershipsExclusive_removesNobodyWhoIsRenamed(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, alice, alicia := acc.Name("devs"), acc.Name("alice"), acc.Name("alicia")
	renamed := strings.Replace(crew(acc), alice, alicia, 1)
	seen := 0
	remember := func() { seen = len(acc.Server.Calls()) }
	acc.Run(t,
		resource.TestStep{Config: crew(acc) + onlyMembers("alice", "bob")},
		resource.TestStep{
			PreConfig:        remember,
			Config:           renamed + onlyMembers("alice", "bob"),
			ConfigPlanChecks: removing(),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs, alicia, acc.Name("bob")), wantWrites(acc, &seen, "UpdateUser")),
		},
		resource.TestStep{ // who goes is named as before the rename
			Config:           crew(acc) + onlyMembersWith("depends_on = [ram_user.alice]", "bob"),
			ConfigPlanChecks: removing(alicia),
			Check:            wantMembers(acc, devs, acc.Name("bob")),
		},
		resource.TestStep{Config: crew(acc)},
		resource.TestStep{ // also by a creation
			PreConfig:        func() { add(t, acc, alice, devs) },
			Config:           renamed + onlyMembersWith("depends_on = [ram_user.alice]", "bob"),
			ConfigPlanChecks: removing(alice),
			Check:            wantMembers(acc, devs, acc.Name("bob")),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers("alice")},
		resource.TestStep{ // renamed outside, and back again
			PreConfig: func() {
				u, err := acc.Client().User(t.Context(), alice, "")
				if err == nil {
					_, err = acc.Client().UpdateUser(t.Context(), alice, u.ID, ramapi.UserUpdate{Name: &alicia})
				}
				if err != nil {
					t.Fatal(err)
				}
				remember()
			},
			Config:           crew(acc) + onlyMembers("alice"),
			ConfigPlanChecks: removing(),
			Check:            resource.ComposeTestCheckFunc(wantMembers(acc, devs, alice), wantWrites(acc, &seen, "UpdateUser")),
		},
		resource.TestStep{Config: crew(acc) + onlyMembers("alice"), ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccGroupMembershipsExclusive_followsAGroupThatTerraformRenames(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, developers, alice := acc.Name("devs"), acc.Name("developers"), acc.Name("alice")
	seen := 0
	acc.Run(t,
		resource.TestStep{Config: crew(acc) + onlyMembers("alice")},
		resource.TestStep{
			PreConfig: func() { seen = len(acc.Server.Calls()) },
			Config:    strings.Replace(crew(acc), devs, developers, 1) + onlyMembers("alice"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionUpdate), plansRemoval(), acctest.KnowsAllOf(exclusive),
			}},
			Check: resource.ComposeTestCheckFunc(wantMembers(acc, developers, alice), wantWrites(acc, &seen, "UpdateGroup")),
		},
		resource.TestStep{ // renamed outside
			PreConfig: func() { rename(t, acc, developers, devs) },
			Config:    crew(acc) + onlyMembers("alice"), ConfigPlanChecks: acctest.Plans(exclusive, plancheck.ResourceActionNoop),
		},
	)
}

func TestAccGroupMembershipsExclusive_ofAnotherGroupIsReplaced(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, ops, alice, bob := acc.Name("devs"), acc.Name("ops"), acc.Name("alice"), acc.Name("bob")
	config := crew(acc) + onlyMembersWith("detach_on_destroy = true", "alice")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { add(t, acc, bob, ops) },
			Config:    strings.Replace(config, "= ram_group.devs.name", "= ram_group.ops.name", 1),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionDestroyBeforeCreate), plansRemoval(bob),
			}},
			Check: resource.ComposeTestCheckFunc(wantMembers(acc, devs), wantMembers(acc, ops, alice)),
		},
	)
}

func TestAccGroupMembershipsExclusive_ofAVanishedGroupIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice := acc.Name("devs"), acc.Name("alice")
	config := crew(acc) + onlyMembersWith("detach_on_destroy = true", "alice")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				takeOut(t, acc, alice, devs)
				if err := acc.Client().DeleteGroup(t.Context(), devs); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(exclusive, plancheck.ResourceActionCreate),
			Check:            wantMembers(acc, devs, alice),
		},
		resource.TestStep{
			Config: crew(acc), ConfigPlanChecks: acctest.Between(func() { takeOut(t, acc, alice, devs) }),
			Check: wantMembers(acc, devs),
		},
	)
}

func TestAccGroupMembershipsExclusive_keepsWhoIsOnlySpelledInAnotherCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.CaseSensitiveNames = false })
	devs, alice := acc.Name("devs"), acc.Name("alice")
	config := crew(acc) + fmt.Sprintf(`
		resource "ram_group_memberships_exclusive" "devs" {
		  group_name = ram_group.devs.name
		  user_names = [%q]
		  depends_on = [ram_user.alice]
		}`, strings.ToUpper(alice))
	acc.Run(t,
		resource.TestStep{Config: crew(acc) + onlyMembers("alice")},
		resource.TestStep{Config: config, ConfigPlanChecks: removing(), Check: wantMembers(acc, devs, alice)},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccGroupMembershipsExclusive_tellsUsersApartWhoseNamesDifferInCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.CaseSensitiveNames = true })
	devs, alice, other := acc.Name("devs"), acc.Name("alice"), acc.Name("Alice")
	config := crew(acc) + fmt.Sprintf("resource \"ram_user\" \"other\" {\nname = %q\nforce_destroy = true\n}\n", other)
	acc.Run(t,
		resource.TestStep{Config: config + onlyMembers("other", "alice"), Check: wantMembers(acc, devs, other, alice)},
		resource.TestStep{
			Config: config + onlyMembers("other"), ConfigPlanChecks: removing(alice),
			Check: wantMembers(acc, devs, other),
		},
	)
}

func TestAccGroupMembershipsExclusive_isNotTaintedByAFailure(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	devs, alice, bob, zed := acc.Name("devs"), acc.Name("alice"), acc.Name("bob"), acc.Name("zed")
	config := func(users ...string) string {
		return crew(acc) + fmt.Sprintf(`
			resource "ram_group_memberships_exclusive" "devs" {
			  group_name        = ram_group.devs.name
			  user_names        = ["%s"]
			  detach_on_destroy = true
			  depends_on        = [ram_user.alice, ram_user.bob]
			}`, strings.Join(users, `", "`))
	}
	acc.Run(t,
		resource.TestStep{
			Config:      config(alice, zed), // there is no zed
			ExpectError: regexp.MustCompile(`Unable to add RAM user "` + zed + `" to RAM group "` + devs + `"`),
		},
		resource.TestStep{
			Config:           config(alice),
			ConfigPlanChecks: acctest.Plans(exclusive, plancheck.ResourceActionCreate),
			Check:            wantMembers(acc, devs, alice),
		},
		resource.TestStep{
			Config:      config(bob, zed),
			ExpectError: regexp.MustCompile(`Unable to add RAM user "` + zed + `"`),
		},
		resource.TestStep{
			RefreshState: true, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(
				wantMembers(acc, devs, alice, bob),
				resource.TestCheckResourceAttr(exclusive, "user_names.#", "2"),
			),
		},
		resource.TestStep{Config: config(bob), ConfigPlanChecks: removing(alice), Check: wantMembers(acc, devs, bob)},
	)
}

func TestAccGroupMembershipsExclusive_isCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	for user, message := range map[string]string{
		`"a/b"`: `has\s+the\s+character\s+'/'`,
		`null`:  `Null\s+Set\s+Value`,
	} {
		acc.Run(t, resource.TestStep{
			Config:   fmt.Sprintf("resource \"ram_group_memberships_exclusive\" \"devs\" {\ngroup_name = \"devs\"\nuser_names = [%s]\n}", user),
			PlanOnly: true, ExpectError: regexp.MustCompile(message),
		})
	}
}

func TestAccGroupMembershipsExclusive_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := func(group, user, version string) string {
		return crew(acc) + fmt.Sprintf(`
			resource "terraform_data" "names" {
			  input            = { group = ram_group.devs.name, user = ram_user.bob.name }
			  triggers_replace = %q
			}
			resource "ram_group_memberships_exclusive" "devs" {
			  group_name = %s
			  user_names = [ram_user.alice.name, %s]
			}`, version, group, user)
	}
	unknown := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(exclusive, tfjsonpath.New("removes"))}}
	acc.Run(t,
		resource.TestStep{
			Config:           config("terraform_data.names.output.group", "terraform_data.names.output.user", "one"),
			ConfigPlanChecks: unknown,
			Check:            wantMembers(acc, devs, alice, bob),
		},
		resource.TestStep{
			Config:           config("ram_group.devs.name", "terraform_data.names.output.user", "two"),
			ConfigPlanChecks: unknown,
			Check:            wantMembers(acc, devs, alice, bob),
		},
	)
}

func TestAccGroupMembershipsExclusive_readsALargeGroupWhole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		users, members := map[string]any{}, map[string]string{}
		for i := range 1100 {
			id := fmt.Sprintf("2%017d", i)
			users[id], members[id] = map[string]string{"UserName": fmt.Sprintf("u%04d", i)}, "2020-01-02T03:04:05Z"
		}
		saved, err := json.Marshal(map[string]any{
			"Format": 1, "Users": users, "Groups": map[string]any{"g-0000000000000001": map[string]any{"GroupName": "crowd", "Members": members}},
		})
		if err == nil {
			err = s.Load(saved)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	acc.Run(t,
		resource.TestStep{
			Config:       `resource "ram_group_memberships_exclusive" "devs" {` + "\ngroup_name = \"crowd\"\nuser_names = []\n}",
			ResourceName: exclusive, ImportState: true, ImportStateId: "crowd",
			ImportStateCheck: func(states []*terraform.InstanceState) error {
				if n := states[0].Attributes["user_names.#"]; n != "1100" {
					return fmt.Errorf("imported %s members", n)
				}
				return nil
			},
		},
	)
}

func TestAccGroupMembershipsExclusive_isImportedByIdentityAndThenClosed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	devs, alice, bob := acc.Name("devs"), acc.Name("alice"), acc.Name("bob")
	config := crew(acc) + fmt.Sprintf("import {\nto = %s\nidentity = { group_name = %q }\n}\n", exclusive, devs) + onlyMembers("alice")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{Config: crew(acc)},
			{
				PreConfig: func() {
					add(t, acc, alice, devs)
					add(t, acc, bob, devs)
				},
				Config:           config,
				ConfigPlanChecks: removing(bob),
				Check:            wantMembers(acc, devs, alice),
			},
			{Config: config, ConfigPlanChecks: acctest.Settled()},
		},
	})
}

func TestAccGroupMembershipsExclusive_removesWhoIsWrittenInAnotherCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.CaseSensitiveNames = false })
	devs, bob := acc.Name("devs"), acc.Name("bob")
	config := func(names string) string {
		return crew(acc) + fmt.Sprintf(`
		resource "ram_group_memberships_exclusive" "devs" {
		  group_name = ram_group.devs.name
		  user_names = [%s]
		  depends_on = [ram_user.alice, ram_user.bob]
		}`, names)
	}
	both := fmt.Sprintf("%q, %q", strings.ToUpper(acc.Name("alice")), bob)
	acc.Run(t,
		resource.TestStep{Config: config(both), Check: wantMembers(acc, devs, acc.Name("alice"), bob)},
		resource.TestStep{Config: config(fmt.Sprintf("%q", bob)), Check: wantMembers(acc, devs, bob)},
		resource.TestStep{Config: config(fmt.Sprintf("%q", bob)), ConfigPlanChecks: acctest.Settled()},
	)
}
