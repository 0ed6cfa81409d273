package user_test

import (
	"fmt"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccUser_deniedCreationSaysWhatItNeedsAndWhichPolicyDeniesIt(t *testing.T) {
	t.Parallel()
	const anyUser = "acs:ram:*:1234567890123456:user/*"
	var fault atomic.Pointer[ramserver.Fault]
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Unsure.DenialsUnexplained = false
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "CreateUser" {
				return fault.Load()
			}
			return nil
		}
	})
	guarded := fmt.Sprintf(`
		resource "ram_group" "staff" { name = %q }
		resource "ram_policy" "guard" {
			name            = %q
			policy_document = jsonencode({
				Version   = "1"
				Statement = [{ Effect = "Deny", Action = "ram:CreateUser", Resource = "*" }]
			})
		}
		resource "ram_policy_attachment" "guard" {
			policy_name = ram_policy.guard.name
			policy_type = "Custom"
			group_name  = ram_group.staff.name
		}`, acc.Name("staff"), acc.Name("guard"))
	withUser := guarded + fmt.Sprintf("\nresource \"ram_user\" \"bob\" { name = %q }", acc.Name("bob"))
	words := func(text string) *regexp.Regexp { // wherever the lines of the error break
		return regexp.MustCompile(regexp.MustCompile(` +`).ReplaceAllString(regexp.QuoteMeta(text), `\s+(│\s+)?`))
	}
	acc.Run(t,
		resource.TestStep{Config: guarded},
		resource.TestStep{
			PreConfig: func() {
				fault.Store(&ramserver.Fault{Denied: &ramserver.Denial{Resource: anyUser, Policies: []ramserver.MatchedPolicy{{
					Effect: "Deny", PolicyType: "Custom", PolicyIdentifier: acc.Name("guard"), PolicyVersion: "v1", AttachedEntityType: "RamGroup", AttachedScope: "Account",
				}}}})
			},
			Config:      withUser,
			ExpectError: words("This needs ram:CreateUser on " + anyUser + "; denied by policy " + acc.Name("guard") + " attached to group " + acc.Name("staff") + "."),
		},
		resource.TestStep{
			PreConfig: func() {
				fault.Store(&ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You are not authorized."})
			},
			Config:      withUser,
			ExpectError: words("This needs ram:CreateUser. Attach a policy that allows it"),
		},
	)
	if n := acc.CallsOf("DecodeDiagnosticMessage"); n != 1 {
		t.Errorf("%d messages were decoded", n)
	}
}
