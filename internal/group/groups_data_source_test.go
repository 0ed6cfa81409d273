package group_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

var aDate = knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))

func TestAccGroupData_givesTheGroupAndItsMembersRightAfterTheyAreMade(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	config := team(acc) + members("devs", "bob", "alice") + `
		data "ram_group" "devs" {
		  name       = ram_group.devs.name
		  depends_on = [ram_group_membership.devs]
		}
		data "ram_group" "ops" { name = ram_group.ops.name }`
	acc.Run(t,
		resource.TestStep{Config: team(acc)},
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("data.ram_group.devs", "name", acc.Name("devs")),
				acctest.State("data.ram_group.devs", "comments", nil),
				acctest.State("data.ram_group.devs", "group_id", knownvalue.StringRegexp(regexp.MustCompile(`.`))),
				acctest.State("data.ram_group.devs", "create_date", aDate),
				acctest.State("data.ram_group.devs", "update_date", aDate),
				acctest.State("data.ram_group.devs", "members", inOrder(acc.Name("alice"), acc.Name("bob"))),
				acctest.State("data.ram_group.ops", "members", inOrder()),
			},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccGroupData_isAnErrorWhereThereIsNoGroup(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`data "ram_group" "nobody" { name = %q }`, acc.Name("nobody")),
		ExpectError: regexp.MustCompile(`Unable to read RAM group "` + acc.Name("nobody") + `"`),
	})
}

func TestAccGroupData_hasMoreMembersThanAPage(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		users, joined := map[string]any{}, map[string]any{}
		for i := range 2001 {
			users[fmt.Sprintf("%018d", i+1)] = map[string]any{"UserName": fmt.Sprintf("u%04d", i)}
			joined[fmt.Sprintf("%018d", i+1)] = "2026-11-22T08:00:00Z"
		}
		acctest.Load(t, s, map[string]any{"Users": users, "Groups": map[string]any{"g-1": map[string]any{
			"GroupName": "everybody", "Comments": "all of us", "UpdateDate": "2026-11-23T08:00:00Z", "Members": joined,
		}}})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_group" "everybody" { name = "everybody" }
			output "count" { value = length(data.ram_group.everybody.members) }
			output "last" { value = data.ram_group.everybody.members[2000] }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("count", knownvalue.Int64Exact(2001)),
			statecheck.ExpectKnownOutputValue("last", knownvalue.StringExact("u2000")),
			acctest.State("data.ram_group.everybody", "comments", "all of us"),
			acctest.State("data.ram_group.everybody", "update_date", "2026-11-23T08:00:00Z"),
		},
	})
}

func TestAccGroupsData_givesThoseThatFit(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	acc.Run(t, resource.TestStep{
		Config: team(acc) + members("devs", "alice") + fmt.Sprintf(`
			data "ram_groups" "all" {
			  name_regex = "^%[1]s"
			  depends_on = [ram_group.ops, ram_group_membership.devs]
			}
			data "ram_groups" "ops" {
			  name_regex = "^%[1]s(ops|nothing)$"
			  depends_on = [ram_group.ops]
			}
			data "ram_groups" "of_alice" {
			  user_name  = ram_user.alice.name
			  depends_on = [ram_group_membership.devs]
			}
			data "ram_groups" "of_alice_and_ops" {
			  user_name  = ram_user.alice.name
			  name_regex = "ops$"
			  depends_on = [ram_group_membership.devs]
			}
			data "ram_groups" "of_bob" { user_name = ram_user.bob.name }`, acc.Name("")),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_groups.all", "groups", acctest.Rows("name", acc.Name("devs"), acc.Name("ops"))),
			acctest.State("data.ram_groups.ops", "groups", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(acc.Name("ops")), "comments": knownvalue.Null(), "group_id": knownvalue.NotNull(),
					"create_date": aDate, "update_date": aDate,
				}),
			})),
			acctest.State("data.ram_groups.of_alice", "groups", acctest.Rows("name", acc.Name("devs"))),
			acctest.State("data.ram_groups.of_alice_and_ops", "groups", acctest.Rows("name")),
			acctest.State("data.ram_groups.of_bob", "groups", acctest.Rows("name")),
		},
	})
}

func TestAccGroupsData_isEmptyWhereThereAreNone(t *testing.T) {
	t.Parallel()
	acctest.NewLocal(t).Run(t, resource.TestStep{
		Config:            `data "ram_groups" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_groups.all", "groups", acctest.Rows("name"))},
	})
}

func TestAccGroupsData_givesMoreThanAPage(t *testing.T) {
	t.Parallel()
	const count = 250
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		groups := map[string]any{}
		for i := range count {
			groups[fmt.Sprintf("g-%d", i)] = map[string]any{"GroupName": fmt.Sprintf("g%03d", i)}
		}
		acctest.Load(t, s, map[string]any{"Groups": groups})
	})
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf("g%03d", i))
	}
	acc.Run(t, resource.TestStep{
		Config:            `data "ram_groups" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_groups.all", "groups", acctest.Rows("name", all...))},
	})
}

func TestAccGroupsData_refusesWhatIsNoRegularExpressionAndUnknownUsers(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t,
		resource.TestStep{
			Config: `data "ram_groups" "all" { name_regex = "(" }`, PlanOnly: true,
			ExpectError: regexp.MustCompile(`missing closing \)`),
		},
		resource.TestStep{
			Config:      fmt.Sprintf(`data "ram_groups" "of_nobody" { user_name = %q }`, acc.Name("nobody")),
			ExpectError: regexp.MustCompile(`Unable to list the groups of RAM user "` + acc.Name("nobody") + `"`),
		},
	)
}

// inOrder checks a list of texts.
func inOrder(all ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(all))
	for _, text := range all {
		checks = append(checks, knownvalue.StringExact(text))
	}
	return knownvalue.ListExact(checks)
}
