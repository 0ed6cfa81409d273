package role_test

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

// builders are two roles, of which one has tags and a policy.
func builders(acc *acctest.Account) string {
	return fmt.Sprintf(`
		resource "ram_role" "builder" {
		  name                        = %[1]q
		  description                 = "builds images"
		  max_session_duration        = 7200
		  assume_role_policy_document = %[3]q
		  tags                        = { team = "images", stage = "" }
		}
		resource "ram_role" "plain" {
		  name                        = %[2]q
		  assume_role_policy_document = %[3]q
		  tags                        = { team = "images" }
		}
		resource "ram_policy_attachment" "builder" {
		  policy_name = "AliyunOSSFullAccess"
		  policy_type = "System"
		  role_name   = ram_role.builder.name
		}
		`, acc.Name("builder"), acc.Name("plain"), trustECS)
}

func TestAccRoleData_givesTheRoleRightAfterItIsMade(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	config := builders(acc) + `
		data "ram_role" "builder" { name = ram_role.builder.name }
		data "ram_role" "plain" { name = ram_role.plain.name }`
	checks := []statecheck.StateCheck{
		acctest.State("data.ram_role.builder", "name", acc.Name("builder")),
		acctest.State("data.ram_role.builder", "description", "builds images"),
		acctest.State("data.ram_role.builder", "max_session_duration", 7200),
		acctest.State("data.ram_role.builder", "assume_role_policy_document", trustECS),
		acctest.State("data.ram_role.builder", "tags", tagged(map[string]string{"team": "images", "stage": ""})),
		acctest.State("data.ram_role.builder", "role_id", knownvalue.StringRegexp(regexp.MustCompile(`.`))),
		acctest.State("data.ram_role.builder", "arn", knownvalue.StringRegexp(regexp.MustCompile(`^acs:ram::\d+:role/`+acc.Name("builder")+`$`))),
		acctest.State("data.ram_role.builder", "create_date", aDate),
		acctest.State("data.ram_role.builder", "update_date", aDate),
		acctest.State("data.ram_role.plain", "description", nil),
		acctest.State("data.ram_role.plain", "max_session_duration", 3600),
	}
	acc.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: checks},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing(), ConfigStateChecks: checks},
	)
}

func TestAccRoleData_isAnErrorWhereThereIsNoRole(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`data "ram_role" "nobody" { name = %q }`, acc.Name("nobody")),
		ExpectError: regexp.MustCompile(`Unable to read RAM role "` + acc.Name("nobody") + `"`),
	})
}

func TestAccRolesData_givesThoseThatFit(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	list := func(name, body string) string {
		return fmt.Sprintf(`
			data "ram_roles" %q {
			  name_regex = "^%s"
			  depends_on = [ram_role.plain, ram_policy_attachment.builder]
			  %s
			}`, name, acc.Name(""), body)
	}
	both, builder := acctest.Rows("name", acc.Name("builder"), acc.Name("plain")), acctest.Rows("name", acc.Name("builder"))
	const policy = "policy_name = \"AliyunOSSFullAccess\"\npolicy_type = \"System\"\n"
	acc.Run(t, resource.TestStep{
		Config: builders(acc) + list("all", "") + list("tagged", `tags = { team = "images" }`) + list("staged", `tags = { team = "images", stage = "" }`) +
			list("otherwise", `tags = { team = "Images" }`) + list("with_policy", policy) + list("with_all", policy+`tags = { stage = "" }`),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_roles.all", "roles", both),
			acctest.State("data.ram_roles.tagged", "roles", both),
			acctest.State("data.ram_roles.staged", "roles", builder),
			acctest.State("data.ram_roles.otherwise", "roles", acctest.Rows("name")),
			acctest.State("data.ram_roles.with_policy", "roles", builder),
			acctest.State("data.ram_roles.with_all", "roles", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(acc.Name("builder")), "description": knownvalue.StringExact("builds images"),
					"max_session_duration": knownvalue.Int64Exact(7200), "tags": tagged(map[string]string{"team": "images", "stage": ""}),
					"role_id": knownvalue.NotNull(), "arn": knownvalue.NotNull(), "create_date": aDate, "update_date": aDate,
				}),
			})),
		},
	})
}

func TestAccRolesData_isEmptyWhereThereAreNone(t *testing.T) {
	t.Parallel()
	acctest.NewLocal(t).Run(t, resource.TestStep{
		Config:            `data "ram_roles" "all" {}`,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("data.ram_roles.all", "roles", acctest.Rows("name"))},
	})
}

func TestAccRolesData_givesMoreThanAPageInFewCalls(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		roles := map[string]any{}
		for i := range 1001 {
			roles[fmt.Sprint(i)] = map[string]any{
				"RoleName": fmt.Sprintf("r%04d", i), "AssumeRolePolicyDocument": trustECS, "Tags": map[string]string{"number": fmt.Sprint(i)},
			}
		}
		acctest.Load(t, s, map[string]any{"Roles": roles})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_roles" "all" {}
			data "ram_roles" "last" { tags = { number = "1000" } }
			output "count" { value = length(data.ram_roles.all.roles) }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("count", knownvalue.Int64Exact(1001)),
			acctest.State("data.ram_roles.last", "roles", acctest.Rows("name", "r1000")),
		},
	})
	if gets := acc.CallsOf("GetRole"); gets > 0 {
		t.Errorf("%d roles were read singly", gets)
	}
}

func TestAccRolesData_policyNameAndTypeBelongTogether(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t,
		resource.TestStep{
			Config: `data "ram_roles" "all" { policy_name = "AliyunOSSFullAccess" }`, PlanOnly: true,
			ExpectError: regexp.MustCompile(`"policy_type" must be specified`),
		},
		resource.TestStep{
			Config: `data "ram_roles" "all" { policy_type = "System" }`, PlanOnly: true,
			ExpectError: regexp.MustCompile(`"policy_name" must be specified`),
		},
	)
}
