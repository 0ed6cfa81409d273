package role_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

const (
	otherRole  = "acs:ram::2222222222222222:role/builder"
	otherRoot  = "acs:ram::2222222222222222:root"
	trustsAll  = `The trust policy of RAM role "\S+" widens`
	trustsSome = `The trust policy of RAM role "\S+" changes`
)

func trusting(arns ...string) string {
	return `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["` + strings.Join(arns, `","`) + `"]}}]}`
}

func withMFA(trust string) string {
	return strings.Replace(trust, `"Effect"`, `"Condition":{"Bool":{"acs:MFAPresent":"true"}},"Effect"`, 1)
}

func advisories(mode, config string) string {
	return fmt.Sprintf("provider \"ram\" { advisories = %q }\n", mode) + config
}

func TestAccRole_changedTrustIsSaidWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	name := acc.Name("builder")
	step := func(trust string, warnings ...string) resource.TestStep {
		return resource.TestStep{Config: config(name, trust, ""), Check: acc.Warns("trust policy", warnings...)}
	}
	refused := regexp.MustCompile(`(?s)Error: The trust policy of RAM role.*on .*assume_role_policy_document.*advisories = "error"`)
	acc.Run(t,
		step(trusting(otherRole)),
		step(strings.ReplaceAll(trusting(otherRole), `,`, ` , `)),
		step(withMFA(trusting(otherRole)), trustsSome+`: May assume it under more conditions only: `+otherRole),
		step(trusting(otherRole), trustsSome+`: May assume it under fewer or other conditions: `+otherRole+`\.$`),
		step(trusting(otherRoot), trustsAll+`: May assume it from now on: `+otherRoot+`\.\s+May not assume it any more: `+otherRole+
			`\.\s+This is a widening: Now anyone in account 2222222222222222 whom that account permits may assume the role\.$`),
		step(trusting("acs:ram::3333333333333333:user/ann"), trustsAll+`.*This is a widening: Account 3333333333333333 was not trusted before\.$`),
		resource.TestStep{Config: advisories("error", config(name, trustECS, "")), ExpectError: refused},
		resource.TestStep{Config: advisories("error", config(name, trusting("acs:ram::3333333333333333:user/ann"), `description = "builds"`))},
		resource.TestStep{Config: advisories("off", config(name, trustECS, "")), Check: acc.Warns("trust policy")},
	)
}

func TestAccRole_trustInAnyoneNeedsAWord(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	name := acc.Name("builder")
	refused := regexp.MustCompile(`(?s)Error: RAM role \S+ would trust anyone.*on .*assume_role_policy_document`)
	const allow = "allow_trust_broadening = true"
	acc.Run(t,
		resource.TestStep{Config: advisories("off", config(name, trusting("*"), "")), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: config(name, trusting("*"), allow), Check: acc.Warns("trust policy")},
		resource.TestStep{Config: config(name, trusting("*"), `description = "what is there is left alone"`), Check: acc.Warns("trust policy")},
		resource.TestStep{Config: config(name, withMFA(trusting("acs:ram::*:root")), ""), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: config(name, trustECS, ""), Check: acc.Warns("trust policy", trustsSome)},
		resource.TestStep{Config: config(name, trusting("acs:ram::*:root"), ""), PlanOnly: true, ExpectError: refused},
		resource.TestStep{
			Config: config(name, trusting("acs:ram::*:root"), allow),
			Check:  acc.Warns("trust policy", trustsAll+`.*acs:ram::\*:root is everybody in every Alibaba Cloud account\.$`),
		},
		resource.TestStep{Config: config(acc.Name("other"), trusting("acs:ram::*:root"), ""), PlanOnly: true, ExpectError: refused},
	)
}

func TestAccRole_trustThatThePlanDoesNotKnowIsCheckedBeforeTheCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	name := acc.Name("builder")
	unknown := func(mode, user, trust string) string { // until the user is made
		return advisories(mode, fmt.Sprintf(`
			resource "ram_user" %[1]q { name = %[2]q }
			resource "ram_role" "builder" {
			  name                        = %[3]q
			  assume_role_policy_document = ram_user.%[1]s.user_id == "" ? "" : %[4]q
			}`, user, acc.Name(user), name, trust))
	}
	uncalled := func(action string) func() {
		return func() {
			if n := acc.CallsOf(action); n != 0 {
				t.Errorf("%s was called %d times", action, n)
			}
		}
	}
	acc.Run(t,
		resource.TestStep{Config: unknown("warn", "ann", trusting("*")), ExpectError: regexp.MustCompile("would trust anyone")},
		resource.TestStep{
			PreConfig: uncalled("CreateRole"),
			Config:    unknown("error", "bob", trusting(otherRole)),
		},
		resource.TestStep{Config: unknown("warn", "cat", trusting("*")), ExpectError: regexp.MustCompile("would trust anyone")},
		resource.TestStep{Config: unknown("error", "dan", trusting(otherRoot)), ExpectError: regexp.MustCompile("widens")},
		resource.TestStep{
			PreConfig: uncalled("UpdateRole"),
			Config:    unknown("warn", "eve", trusting(otherRoot)),
			Check:     acc.Warns("trust policy", "widens"),
		},
	)
}
