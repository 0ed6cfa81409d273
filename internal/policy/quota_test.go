package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccPolicyAttachment_overTheQuotaIsCountedAndNotSent(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.SystemPoliciesEach = 2 })
	alice := ramapi.Principal{Kind: ramapi.KindUser, Name: "alice"}
	ram := acc.Client()
	if _, err := ram.CreateUser(t.Context(), ramapi.User{Name: "alice", DisplayName: "Alice"}); err != nil {
		t.Fatal(err)
	}
	if err := ram.AttachPolicy(t.Context(), "ReadOnlyAccess", ramapi.PolicyTypeSystem, alice); err != nil {
		t.Fatal(err)
	}
	config := func(first, second string) string {
		text := fmt.Sprintf(`resource "ram_policy_attachment" "first" {
			policy_name = %q
			policy_type = "System"
			user_name   = "alice"
		}`, first)
		if second != "" {
			text += fmt.Sprintf(`
			resource "ram_policy_attachment" "second" {
				policy_name = %q
				policy_type = "System"
				user_name   = "alice"
				depends_on  = [ram_policy_attachment.first]
			}`, second)
		}
		return text
	}
	// New principals have nothing, and whoever gets all that it is to have is not asked about.
	const whole = `
		resource "ram_role" "ops" {
		  name                        = "ops"
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] } }] })
		}
		resource "ram_policy_attachments_exclusive" "ops" {
		  role_name         = ram_role.ops.name
		  detach_on_destroy = true
		  policies          = [for name in ["ReadOnlyAccess", "AliyunECSFullAccess", "AliyunOSSFullAccess"] : { policy_name = name, policy_type = "System" }]
		}`
	acc.Run(t,
		resource.TestStep{
			Config:      config("AliyunECSFullAccess", "AliyunOSSFullAccess"),
			ExpectError: acctest.Said(`and this adds 1 more. Nothing was sent.`),
		},
		resource.TestStep{
			Config: config("AliyunECSFullAccess", ""),
			Check: resource.ComposeTestCheckFunc(
				acc.Warns("quota|versions", `alice" has 1 of 2 system policies \(ReadOnlyAccess\), and this plan adds 2 more`),
				acc.NeverAnswered("LimitExceeded"),
			),
		},
		resource.TestStep{ // the replacement makes room for itself
			Config:           config("AliyunOSSFullAccess", ""),
			ConfigPlanChecks: acctest.Plans("ram_policy_attachment.first", plancheck.ResourceActionReplace),
			Check:            acc.Warns("quota|versions"),
		},
		resource.TestStep{
			Config:      whole,
			ExpectError: acctest.Said(`"ops" can have 2 system policies, and this adds 3. Nothing was sent.`),
		},
		resource.TestStep{
			Config: strings.Replace(whole, `, "AliyunOSSFullAccess"`, "", 1),
			Check: resource.ComposeTestCheckFunc(
				acc.Warns("quota|versions", `"ops" can have 2 system policies, and this plan adds 3\.`),
				acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
					policies, err := ram.AttachedPolicies(ctx, ramapi.Principal{Kind: ramapi.KindRole, Name: "ops"})
					if err == nil && len(policies) != 2 {
						err = fmt.Errorf("ops has %v", policies)
					}
					return err
				}),
			),
		},
	)
}

func TestAccPolicy_documentsAndVersionsAreCounted(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Quotas = ramserver.Quotas{PolicySize: 200, VersionsPerPolicy: 2, Policies: 1}
	})
	config := func(actions ...string) string {
		return fmt.Sprintf(`resource "ram_policy" "reader" {
			name            = "reader"
			policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = ["%s"], Resource = "*" }] })
		}`, strings.Join(actions, `", "`))
	}
	long := strings.Split(strings.Repeat("oss:GetObject ", 12)[:12*14-1], " ")
	for i := range long {
		long[i] += fmt.Sprint(i)
	}
	acc.Run(t,
		resource.TestStep{
			Config:      config(long...),
			ExpectError: acctest.Said("The document has 280 characters, white space not counted; the account's quota is 200. Nothing was sent."),
		},
		resource.TestStep{Config: config("oss:Get*"), Check: acc.Warns("quota|versions", `quota is 200\. RAM refuses it`)},
		resource.TestStep{Config: config("oss:List*"), Check: acc.Warns("quota|versions")},
		resource.TestStep{Config: config("oss:Put*"), Check: acc.Warns("quota|versions", `"reader" has 2 of 2 versions\. This change removes v1 of 2`)},
		resource.TestStep{
			Config: config("oss:Put*") + `
				resource "ram_policy" "writer" {
				  name            = "writer"
				  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = ["oss:Put*"], Resource = "*" }] })
				}`,
			ExpectError: acctest.Said("The account has 1 of 1 custom policies, and this adds 1 more. Nothing was sent."),
		},
	)
	if n := acc.CallsOf("CreatePolicy"); n != 1 {
		t.Errorf("CreatePolicy was sent %d times", n)
	}
}

// Who may not read the summary gets no count, and the service's own refusal.
func TestAccPolicyAttachment_withoutTheSummaryTheServiceSpeaks(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Quotas.SystemPoliciesEach = 1
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "GetAccountSummary" {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You may not do this."}
			}
			return nil
		}
	})
	acc.Run(t, resource.TestStep{
		Config: `
			resource "ram_group" "ops" { name = "ops" }
			resource "ram_policy_attachment" "first" {
			  policy_name = "ReadOnlyAccess"
			  policy_type = "System"
			  group_name  = ram_group.ops.name
			}
			resource "ram_policy_attachment" "second" {
			  policy_name = "AliyunECSFullAccess"
			  policy_type = "System"
			  group_name  = ram_group.ops.name
			}`,
		ExpectError: acctest.Said("LimitExceeded.Group.Policy"),
	})
	if err := acc.Warns("quota|versions")(nil); err != nil {
		t.Error(err)
	}
	if n := acc.CallsOf("GetAccountSummary"); n > 4 {
		t.Errorf("the summary was asked for %d times", n)
	}
}

// A new attachment of each of many is not worth a list of each.
func TestAccPolicyAttachment_manyPrincipalsAreNotCountedOneByOne(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		users := map[string]any{}
		for i := range 50 {
			users[fmt.Sprintf("2000000000000000%02d", i)] = map[string]any{"UserName": fmt.Sprintf("user-%d", i)}
		}
		acctest.Load(t, s, map[string]any{"Users": users})
	})
	acc.Run(t, resource.TestStep{
		Config: `
			resource "ram_policy_attachment" "each" {
			  count       = 50
			  policy_name = "ReadOnlyAccess"
			  policy_type = "System"
			  user_name   = "user-${count.index}"
			}`,
		PlanOnly: true, ExpectNonEmptyPlan: true,
	})
	if lists := acc.CallsOf("ListPoliciesForUser"); lists == 0 || lists > 20 {
		t.Errorf("the policies of %d users were listed", lists)
	}
}
