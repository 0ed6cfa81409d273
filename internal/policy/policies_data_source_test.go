package policy_test

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

func TestAccPolicyData_givesTheAccountsOwnPolicyRightAfterAChange(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(action string) string {
		return policyConfig(acc.Name("logs"), allow(action), `description = "reads logs"`, `tags = { team = "ops" }`) + fmt.Sprintf(`
			resource "ram_group" "ops" { name = %q }

			resource "ram_policy_attachment" "ops" {
			  policy_name = ram_policy.logs.name
			  policy_type = "Custom"
			  group_name  = ram_group.ops.name
			}
			data "ram_policy" "logs" {
			  name        = ram_policy.logs.name
			  policy_type = "Custom"
			  depends_on  = [ram_policy_attachment.ops, ram_policy.logs]
			}`, acc.Name("ops"))
	}
	version := func(id string, isDefault bool) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"version_id": knownvalue.StringExact(id), "is_default": knownvalue.Bool(isDefault), "create_date": aDate,
		})
	}
	acc.Run(t,
		resource.TestStep{
			Config: config("log:Get*"),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("data.ram_policy.logs", "name", acc.Name("logs")),
				acctest.State("data.ram_policy.logs", "policy_document", allow("log:Get*")),
				acctest.State("data.ram_policy.logs", "description", "reads logs"),
				acctest.State("data.ram_policy.logs", "default_version", "v1"),
				acctest.State("data.ram_policy.logs", "attachment_count", 1),
				acctest.State("data.ram_policy.logs", "tags", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("ops")})),
				acctest.State("data.ram_policy.logs", "create_date", aDate),
				acctest.State("data.ram_policy.logs", "update_date", aDate),
				acctest.State("data.ram_policy.logs", "versions", knownvalue.ListExact([]knownvalue.Check{version("v1", true)})),
			},
		},
		resource.TestStep{
			Config: config("log:*"),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("data.ram_policy.logs", "policy_document", allow("log:*")),
				acctest.State("data.ram_policy.logs", "default_version", "v2"),
				acctest.State("data.ram_policy.logs", "versions", knownvalue.ListExact([]knownvalue.Check{version("v1", false), version("v2", true)})),
			},
		},
		resource.TestStep{Config: config("log:*"), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicyData_givesASystemPolicyInWhateverCase(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config: `data "ram_policy" "admin" {
			name        = "administratoraccess"
			policy_type = "System"
		}`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_policy.admin", "name", "administratoraccess"),
			acctest.State("data.ram_policy.admin", "policy_document", knownvalue.StringRegexp(regexp.MustCompile(`"Statement"`))),
			acctest.State("data.ram_policy.admin", "default_version", knownvalue.StringRegexp(regexp.MustCompile(`^v\d`))),
			acctest.State("data.ram_policy.admin", "tags", knownvalue.MapExact(nil)),
		},
	})
}

func TestAccPolicyData_isAnErrorWhereThereIsNoPolicyOfThatType(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config: `data "ram_policy" "admin" {
			name        = "AdministratorAccess"
			policy_type = "Custom"
		}`,
		ExpectError: regexp.MustCompile(`Unable to read RAM policy "AdministratorAccess" of type "Custom"`),
	})
}

func TestAccPoliciesData_givesThoseThatFit(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLagging(t)
	list := func(name, body string) string {
		return fmt.Sprintf(`
			data "ram_policies" %q {
			  depends_on = [ram_policy.logs, ram_policy.audit]
			  %s
			}`, name, body)
	}
	ofTest := fmt.Sprintf("\nname_regex = \"^%s\"\n", acc.Name(""))
	both, logs := acctest.Rows("name", acc.Name("audit"), acc.Name("logs")), acctest.Rows("name", acc.Name("logs"))
	acc.Run(t, resource.TestStep{
		Config: policyConfig(acc.Name("logs"), allow("log:Get*"), `description = "Reads LOGBOOKS"`, `tags = { team = "ops", stage = "test" }`) + fmt.Sprintf(`
			resource "ram_policy" "audit" {
			  name            = %q
			  policy_document = %q
			  tags            = { team = "ops" }
			}`, acc.Name("audit"), allow("actiontrail:*")) +
			list("all", ofTest) + list("custom", `policy_type = "Custom"`+ofTest) + list("system", `policy_type = "System"`+ofTest) +
			list("described", `keyword = "logbook"`+ofTest) + list("named", `keyword = "-LOGS"`+ofTest) + list("none", `keyword = "nothing like it"`) +
			list("tagged", `tags = { team = "ops", stage = "test" }`+ofTest) + list("admin", `name_regex = "^AdministratorAccess$"`),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_policies.all", "policies", both),
			acctest.State("data.ram_policies.custom", "policies", both),
			acctest.State("data.ram_policies.system", "policies", acctest.Rows("name")),
			acctest.State("data.ram_policies.described", "policies", logs),
			acctest.State("data.ram_policies.named", "policies", logs),
			acctest.State("data.ram_policies.none", "policies", acctest.Rows("name")),
			acctest.State("data.ram_policies.tagged", "policies", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(acc.Name("logs")), "policy_type": knownvalue.StringExact("Custom"),
					"description": knownvalue.StringExact("Reads LOGBOOKS"), "default_version": knownvalue.StringExact("v1"),
					"attachment_count": knownvalue.Int64Exact(0), "create_date": aDate, "update_date": aDate,
					"tags": knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("ops"), "stage": knownvalue.StringExact("test")}),
				}),
			})),
			acctest.State("data.ram_policies.admin", "policies", acctest.Rows("policy_type", "System")),
		},
	})
}

func TestAccPoliciesData_givesMoreThanAPageInFewCalls(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		policies := map[string]any{}
		for i := range 1001 {
			policies[fmt.Sprintf("p%04d", i)] = map[string]any{
				"DefaultVersion": "v1", "Versions": []any{map[string]any{"VersionId": "v1", "PolicyDocument": allow("log:*")}},
			}
		}
		acctest.Load(t, s, map[string]any{"Policies": policies})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			data "ram_policies" "all" {}
			data "ram_policies" "custom" { policy_type = "Custom" }
			data "ram_policies" "system" { policy_type = "System" }
			output "custom" { value = length(data.ram_policies.custom.policies) }
			output "difference" { value = length(data.ram_policies.all.policies) - length(data.ram_policies.system.policies) }
			output "last" { value = data.ram_policies.custom.policies[1000].name }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("custom", knownvalue.Int64Exact(1001)),
			statecheck.ExpectKnownOutputValue("difference", knownvalue.Int64Exact(1001)),
			statecheck.ExpectKnownOutputValue("last", knownvalue.StringExact("p1000")),
		},
	})
	if gets := acc.CallsOf("GetPolicy"); gets > 0 {
		t.Errorf("%d policies were read singly", gets)
	}
}
