package user_test

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

// tagged checks tags.
func tagged(want map[string]string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for key, value := range want {
		checks[key] = knownvalue.StringExact(value)
	}
	return knownvalue.MapExact(checks)
}

// people are three users and a group.
func people(acc *acctest.Account) string {
	return fmt.Sprintf(`
		resource "ram_user" "alice" {
		  name         = "%[1]salice"
		  display_name = "Alice"
		  comments     = "writes code"
		  tags         = { team = "dev" }
		}
		resource "ram_user" "bob" { name = "%[1]sbob" }
		resource "ram_user" "carol" { name = "%[1]scarol" }
		resource "ram_group" "devs" { name = "%[1]sdevs" }
		`, acc.Name(""))
}

// belonging puts alice and bob into the group, and gives bob a policy.
const belonging = `
	resource "ram_group_membership" "devs" {
	  group_name = ram_group.devs.name
	  user_names = [ram_user.alice.name, ram_user.bob.name]
	}
	resource "ram_policy_attachment" "bob" {
	  policy_name = "AliyunOSSFullAccess"
	  policy_type = "System"
	  user_name   = ram_user.bob.name
	}
	`

func TestAccUserData_givesTheUserByNameOrIDRightAfterItIsMade(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	alice := acc.Name("alice")
	config := people(acc) + `
		data "ram_user" "by_name" { name = ram_user.alice.name }
		data "ram_user" "by_id" { user_id = ram_user.alice.user_id }
		data "ram_user" "carol" { name = ram_user.carol.name }
		output "same" {
		  value = data.ram_user.by_id == data.ram_user.by_name && data.ram_user.by_id.arn == ram_user.alice.arn && data.ram_user.by_id.user_id == ram_user.alice.user_id
		}`
	checks := []statecheck.StateCheck{
		acctest.State("data.ram_user.by_name", "name", alice),
		acctest.State("data.ram_user.by_name", "display_name", "Alice"),
		acctest.State("data.ram_user.by_name", "email", nil),
		acctest.State("data.ram_user.by_name", "mobile_phone", nil),
		acctest.State("data.ram_user.by_name", "comments", "writes code"),
		acctest.State("data.ram_user.by_name", "tags", tagged(map[string]string{"team": "dev"})),
		acctest.State("data.ram_user.carol", "tags", tagged(nil)),
		acctest.State("data.ram_user.by_name", "user_id", knownvalue.StringRegexp(regexp.MustCompile(`.`))),
		acctest.State("data.ram_user.by_name", "arn", knownvalue.StringRegexp(regexp.MustCompile(`^acs:ram::\d{16}:user/`+alice+`$`))),
		acctest.State("data.ram_user.by_name", "user_principal_name", knownvalue.StringRegexp(regexp.MustCompile(`^`+alice+`@.`))),
		acctest.State("data.ram_user.by_name", "provision_type", "Manual"),
		acctest.State("data.ram_user.by_name", "create_date", aDate),
		acctest.State("data.ram_user.by_name", "update_date", aDate),
		acctest.State("data.ram_user.by_name", "last_login_date", nil),
		acctest.State("data.ram_user.carol", "comments", nil),
		statecheck.ExpectKnownOutputValue("same", knownvalue.Bool(true)),
	}
	acc.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: checks},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing(), ConfigStateChecks: checks},
	)
}

func TestAccUserData_aRenamedUserIsFoundByItsID(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	createUser(t, acc, acc.Name("alice"))
	t.Cleanup(func() { deleteUser(t, acc, acc.Name("alicia")) })
	u, err := acc.Client().User(t.Context(), acc.Name("alice"), "")
	must(t, err)
	config := fmt.Sprintf(`data "ram_user" "alice" { user_id = %q }`, u.ID)
	acc.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_user.alice", "name", acc.Name("alice"))}},
		resource.TestStep{
			PreConfig: func() { rename(t, acc, acc.Name("alice"), acc.Name("alicia")) },
			Config:    config, ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_user.alice", "name", acc.Name("alicia"))},
		},
	)
}

func TestAccUserData_hasTagsAndWhatChangesByItself(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		acctest.Load(t, s, map[string]any{"Users": map[string]any{"1": map[string]any{
			"UserName": "alice", "UpdateDate": "2026-11-23T08:00:00Z", "LastLoginDate": "2026-11-24T08:00:00Z",
			"Tags": map[string]string{"team": "dev", "stage": ""},
		}}})
	})
	acc.Run(t, resource.TestStep{
		Config: `data "ram_user" "alice" { name = "alice" }`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_user.alice", "tags", tagged(map[string]string{"team": "dev", "stage": ""})),
			acctest.State("data.ram_user.alice", "update_date", "2026-11-23T08:00:00Z"),
			acctest.State("data.ram_user.alice", "last_login_date", "2026-11-24T08:00:00Z"),
		},
	})
}

func TestAccUserData_isAnErrorWhereThereIsNoUser(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t,
		resource.TestStep{
			Config:      fmt.Sprintf(`data "ram_user" "nobody" { name = %q }`, acc.Name("nobody")),
			ExpectError: regexp.MustCompile(`Unable to read RAM user "` + acc.Name("nobody") + `"`),
		},
		resource.TestStep{
			Config:      `data "ram_user" "nobody" { user_id = "200000000000000001" }`,
			ExpectError: regexp.MustCompile(`Unable to read RAM user "200000000000000001"`),
		},
		resource.TestStep{
			Config: `data "ram_user" "nobody" {}`, PlanOnly: true,
			ExpectError: regexp.MustCompile(`Invalid Attribute Combination`),
		},
		resource.TestStep{
			Config:      fmt.Sprintf("data \"ram_user\" \"nobody\" {\nname = %q\nuser_id = \"1\"\n}", acc.Name("nobody")),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`Invalid Attribute Combination`),
		},
	)
}

func TestAccUsersData_givesThoseThatFit(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	list := func(name, body string) string {
		return fmt.Sprintf(`
			data "ram_users" %q {
			  name_regex = "^%s"
			  depends_on = [ram_user.carol, ram_group_membership.devs, ram_policy_attachment.bob]
			  %s
			}`, name, acc.Name(""), body)
	}
	users := func(names ...string) knownvalue.Check {
		for i := range names {
			names[i] = acc.Name(names[i])
		}
		return acctest.Rows("name", names...)
	}
	const inGroup, withPolicy = "group_name = ram_group.devs.name\n", "policy_name = \"AliyunOSSFullAccess\"\npolicy_type = \"System\"\n"
	made := resource.TestStep{
		Config:            people(acc) + fmt.Sprintf("data \"ram_users\" \"new\" {\nname_regex = \"^%s\"\ndepends_on = [ram_user.carol]\n}", acc.Name("carol")),
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_users.new", "users", users("carol"))},
	}
	acc.Run(t, made, resource.TestStep{
		Config: people(acc) + belonging + list("all", "") + list("in_group", inGroup) + list("with_policy", withPolicy) + list("both", inGroup+withPolicy) +
			list("none", withPolicy+`tags = { team = "dev" }`),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_users.all", "users", users("alice", "bob", "carol")),
			acctest.State("data.ram_users.in_group", "users", users("alice", "bob")),
			acctest.State("data.ram_users.with_policy", "users", users("bob")),
			acctest.State("data.ram_users.both", "users", users("bob")),
			acctest.State("data.ram_users.none", "users", users()),
		},
	})
}

func TestAccUsersData_picksByTags(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		acctest.Load(t, s, map[string]any{"Users": map[string]any{
			"1": map[string]any{"UserName": "alice", "DisplayName": "Alice", "Tags": map[string]string{"team": "dev", "stage": ""}},
			"2": map[string]any{"UserName": "bob", "Tags": map[string]string{"team": "dev"}},
			"3": map[string]any{"UserName": "carol"},
		}})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_users" "dev" { tags = { team = "dev" } }
			data "ram_users" "staged" { tags = { team = "dev", stage = "" } }
			data "ram_users" "otherwise" { tags = { team = "Dev" } }`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_users.dev", "users", acctest.Rows("name", "alice", "bob")),
			acctest.State("data.ram_users.otherwise", "users", acctest.Rows("name")),
			acctest.State("data.ram_users.staged", "users", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"name": knownvalue.StringExact("alice"), "display_name": knownvalue.StringExact("Alice"), "email": knownvalue.Null(),
					"mobile_phone": knownvalue.Null(), "comments": knownvalue.Null(), "tags": tagged(map[string]string{"team": "dev", "stage": ""}),
					"user_id": knownvalue.StringExact("1"), "arn": knownvalue.NotNull(), "user_principal_name": knownvalue.NotNull(),
					"frozen": knownvalue.Bool(false), "provision_type": knownvalue.StringExact("Manual"), "status": knownvalue.StringExact("active"),
					"create_date": knownvalue.NotNull(), "update_date": knownvalue.NotNull(), "last_login_date": knownvalue.Null(),
				}),
			})),
		},
	})
}

func TestAccUsersData_isEmptyWhereThereAreNone(t *testing.T) {
	t.Parallel()
	acctest.NewLocal(t).Run(t, resource.TestStep{
		Config:            `data "ram_users" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_users.all", "users", acctest.Rows("name"))},
	})
}

func TestAccUsersData_givesMoreThanAPageInFewCalls(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		users, members := map[string]any{}, map[string]any{}
		for i := range 2500 {
			id := fmt.Sprintf("%018d", i+1)
			users[id] = map[string]any{"UserName": fmt.Sprintf("u%04d", i), "Tags": map[string]string{"number": fmt.Sprint(i)}}
			if i%2 == 0 {
				members[id] = "2026-11-22T08:00:00Z"
			}
		}
		acctest.Load(t, s, map[string]any{"Users": users, "Groups": map[string]any{"g-1": map[string]any{"GroupName": "even", "Members": members}}})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_users" "even" { group_name = "even" }
			data "ram_users" "last" { tags = { number = "2499" } }
			output "even" { value = length(data.ram_users.even.users) }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("even", knownvalue.Int64Exact(1250)),
			acctest.State("data.ram_users.last", "users", acctest.Rows("name", "u2499")),
		},
	})
	// Each data source reads three pages of users, and the one of the group two of members.
	if users, members := acc.CallsOf("ListUsers"), acc.CallsOf("ListUsersForGroup"); acc.CallsOf("GetUser") > 0 || users*2 != members*6 {
		t.Errorf("%d pages of users, %d of members and %d single users", users, members, acc.CallsOf("GetUser"))
	}
}

func TestAccUsersData_aGroupOrPolicyThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t,
		resource.TestStep{
			Config:      fmt.Sprintf(`data "ram_users" "none" { group_name = %q }`, acc.Name("nobody")),
			ExpectError: regexp.MustCompile(`Unable to list the members of RAM group "` + acc.Name("nobody") + `"`),
		},
		resource.TestStep{
			Config:      fmt.Sprintf("data \"ram_users\" \"none\" {\npolicy_name = %q\npolicy_type = \"Custom\"\n}", acc.Name("nothing")),
			ExpectError: regexp.MustCompile(`Unable to list the users that RAM policy "` + acc.Name("nothing") + `"`),
		},
	)
}
