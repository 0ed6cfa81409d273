package policy_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

const (
	everything       = `A policy allows every action on every resource`
	everythingInJSON = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	everythingInMFA  = `
		statement {
		  action   = ["oss:Get*", "*"]
		  resource = ["*"]
		  condition {
		    operator = "Bool"
		    variable = "acs:MFAPresent"
		    values   = ["true"]
		  }
		}`
)

func advisories(mode string) string {
	return fmt.Sprintf("provider \"ram\" { advisories = %q }\n", mode)
}

func TestAccPolicyDocument_thatAllowsEverythingIsAdvisedAgainst(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	refused := func(argument string) *regexp.Regexp {
		return regexp.MustCompile(`(?s)Error: ` + everything + `.*on .*\d+:\s+` + argument + `.*advisories = "error"`)
	}
	const inAnother = `source_policy_documents = [data.ram_policy_document.d.json_with_sids]`
	acc.Run(t,
		resource.TestStep{Config: advisories("off") + documentConfig(everythingInMFA) + `data "ram_policy_document" "e" { ` + inAnother + ` }`, Check: acc.Warns(everything)},
		resource.TestStep{
			Config: advisories("warn") + documentConfig(readLogs, everythingInMFA) + fmt.Sprintf(`
			data "ram_policy_document" "trust" {
				%s
			}
			data "ram_policy_document" "narrow" {
				%s
				statement {
				  action   = ["*"]
				  resource = ["acs:oss:*:*:logs/*"]
				}
			}`, trustInECS, denyWithoutMFA),
			Check: acc.Warns(everything, everything),
		},
		resource.TestStep{Config: advisories("error") + documentConfig(readLogs, everythingInMFA), PlanOnly: true, ExpectError: refused("action")},
		resource.TestStep{Config: advisories("error") + documentConfig(`override_policy_documents = [jsonencode(`+everythingInJSON+`)]`), PlanOnly: true, ExpectError: refused("override_policy_documents")},
	)
}

func TestAccPolicy_thatAllowsEverythingIsAdvisedAgainstWhenItChanges(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	policy := func(document, more string) string {
		return fmt.Sprintf("resource \"ram_policy\" \"all\" {\n name = %q\n policy_document = jsonencode(%s)\n %s\n}", acc.Name("all"), document, more)
	}
	const narrow = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}`
	refused := regexp.MustCompile(`(?s)Error: ` + everything + `.*on .*policy_document`)
	acc.Run(t,
		resource.TestStep{Config: advisories("error") + policy(everythingInJSON, ""), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: advisories("error") + policy(narrow, "")},
		resource.TestStep{Config: advisories("error") + policy(everythingInJSON, ""), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: advisories("warn") + policy(everythingInJSON, ""), Check: acc.Warns(everything, everything)},
		resource.TestStep{Config: advisories("error") + policy(everythingInJSON, `description = "as before"`)},
	)
}
