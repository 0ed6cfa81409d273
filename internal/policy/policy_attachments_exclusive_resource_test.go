package policy_test

import (
	"fmt"
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

const (
	exclusive   = "ram_policy_attachments_exclusive.it"
	ossReadOnly = "AliyunOSSReadOnlyAccess"
	ramReadOnly = "AliyunRAMReadOnlyAccess"
)

// exclusiveConfig configures all the policies, given as System/Name, of a
// principal that an argument such as `user_name = "alice"` names.
func exclusiveConfig(argument string, policies ...string) string {
	var objects strings.Builder
	for _, p := range policies {
		policyType, name, _ := strings.Cut(p, "/")
		fmt.Fprintf(&objects, "{ policy_name = %q, policy_type = %q },\n", name, policyType)
	}
	return fmt.Sprintf("\nresource \"ram_policy_attachments_exclusive\" \"it\" {\n%s\npolicies = [%s]\n}\n", argument, objects.String())
}

func named(kind ramapi.Kind, name string) string {
	return fmt.Sprintf("%s_name = %q", strings.ToLower(string(kind)), name)
}

// plansRemoval checks that the plan names what it detaches.
func plansRemoval(policies ...string) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(exclusive, tfjsonpath.New("removes"), textSet(policies...))
}

func textSet(texts ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(texts))
	for _, text := range texts {
		checks = append(checks, knownvalue.StringExact(text))
	}
	return knownvalue.SetExact(checks)
}

func detach(t *testing.T, acc *acctest.Account, policyName string, from ramapi.Principal) {
	t.Helper()
	if err := acc.Client().DetachPolicy(t.Context(), policyName, ramapi.PolicyTypeSystem, from); err != nil {
		t.Fatal(err)
	}
}

func TestAccPolicyAttachmentsExclusive_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	for kind, give := range map[string]func(*testing.T, *acctest.Account, string) ramapi.Principal{
		"user": giveUser, "group": giveGroup, "role": giveRole,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acc := acctest.New(t)
			p := give(t, acc, "it")
			config := exclusiveConfig(named(p.Kind, p.Name), "System/"+readOnly, "System/"+ossReadOnly)
			acc.Run(t,
				resource.TestStep{
					Config:           config,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval()}},
					ConfigStateChecks: []statecheck.StateCheck{
						acctest.State(exclusive, kind+"_name", p.Name),
						acctest.State(exclusive, "principal_id", p.ID),
						acctest.State(exclusive, "policies", knownvalue.SetSizeExact(2)),
						acctest.State(exclusive, "removes", textSet()),
					},
					Check: holds(acc, p, ossReadOnly, readOnly),
				},
				acctest.Imports(exclusive, kind+"/"+p.Name, "principal_id"),
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
				resource.TestStep{Config: config, Destroy: true, Check: holds(acc, p, ossReadOnly, readOnly)},
			)
		})
	}
}

func TestAccPolicyAttachmentsExclusive_namesWhatItsCreationDetaches(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, administrator, alice)
	attach(t, acc, readOnly, alice)
	config := exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly, "System/"+ossReadOnly)
	acc.Run(t,
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + administrator)}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(exclusive, "removes", textSet("System/"+administrator))},
			Check:             holds(acc, alice, ossReadOnly, readOnly),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{ // says again what this apply removes
			Config:           exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + ossReadOnly)}},
			Check:            holds(acc, alice, readOnly),
		},
		resource.TestStep{
			Config:            exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly, "System/"+ramReadOnly),
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval()}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(exclusive, "removes", textSet())},
			Check:             holds(acc, alice, ramReadOnly, readOnly),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_repairsWhatWasAttachedAndDetachedOutside(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ops := giveGroup(t, acc, "ops")
	config := exclusiveConfig(named(ops.Kind, ops.Name), "System/"+readOnly, "System/"+ossReadOnly)
	before := 0
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				attach(t, acc, administrator, ops)
				detach(t, acc, readOnly, ops)
			},
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionUpdate),
					plansRemoval("System/" + administrator),
					acctest.Meanwhile(func() { before = len(acc.Server.Calls()) }),
				},
			},
			Check: resource.ComposeTestCheckFunc(holds(acc, ops, ossReadOnly, readOnly), func(*terraform.State) error {
				if writes := acc.Writes(before); !slices.Equal(writes, []string{"AttachPolicyToGroup", "DetachPolicyFromGroup"}) {
					return fmt.Errorf("the writes were %q: what is missing comes before anything goes", writes)
				}
				return nil
			}),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccPolicyAttachmentsExclusive_showsTheWholeSetAfterARefresh(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	config := exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:    func() { attach(t, acc, administrator, alice) },
			RefreshState: true, ExpectNonEmptyPlan: true,
			Check: resource.TestCheckResourceAttr(exclusive, "policies.#", "2"),
		},
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + administrator)}},
			Check:            holds(acc, alice, readOnly),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_refusesToDetachWhatThePlanDoesNotName(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name)
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(owner, "System/"+readOnly)},
		resource.TestStep{
			PreConfig:        func() { attach(t, acc, ramReadOnly, alice) },
			Config:           exclusiveConfig(owner, "System/"+ossReadOnly),
			ConfigPlanChecks: acctest.Between(func() { attach(t, acc, administrator, alice) }),
			ExpectError:      regexp.MustCompile(`has\s+changed\s+since\s+the\s+plan(.|\s)*System/` + administrator + `\s+came\s+in\s+addition(.|\s)*Nothing\s+was\s+changed.\s+Plan\s+again`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := holds(acc, alice, administrator, ramReadOnly, readOnly)(nil); err != nil {
					t.Error(err)
				}
			},
			Config:           exclusiveConfig(owner, "System/"+ossReadOnly),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/"+administrator, "System/"+ramReadOnly, "System/"+readOnly)}},
			Check:            holds(acc, alice, ossReadOnly),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_isContentWithWhatHasGoneSinceThePlan(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, administrator, alice)
	config := exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly)
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly, "System/"+administrator)},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: acctest.Between(func() {
				detach(t, acc, administrator, alice)
				detach(t, acc, readOnly, alice)
			}),
			Check: holds(acc, alice, readOnly),
		},
	)
}

// Terraform itself finds that a creation has changed since its plan.
func TestAccPolicyAttachmentsExclusive_isNotCreatedOverWhatThePlanDoesNotName(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, ramReadOnly, alice)
	config := exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly)
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: acctest.Between(func() { attach(t, acc, administrator, alice) }),
			ExpectError:      regexp.MustCompile(`inconsistent\s+final\s+plan`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := holds(acc, alice, administrator, ramReadOnly)(nil); err != nil {
					t.Error(err)
				}
			},
			Config: config,
			Check:  holds(acc, alice, readOnly),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_ofANewUserRefusesWhatTheSameApplyAttachesBesides(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := userConfig(acc.Name("alice"), administrator) +
		exclusiveConfig("user_name = ram_user.alice.name\ndepends_on = [ram_policy_attachment.it]", "System/"+readOnly)
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval()}},
			ExpectError:      regexp.MustCompile(`has\s+changed\s+since\s+the\s+plan(.|\s)*System/` + administrator),
		},
		resource.TestStep{Config: userConfig(acc.Name("alice"), readOnly) + exclusiveConfig("user_name = ram_user.alice.name\ndetach_on_destroy = true\ndepends_on = [ram_policy_attachment.it]", "System/"+readOnly)},
	)
}

func TestAccPolicyAttachmentsExclusive_isMadeAndDestroyedWithWhatItAttachesAndItsUser(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := fmt.Sprintf(`
		resource "ram_user" "alice" { name = %q }
		resource "ram_policy" "logs" {
		  name            = %q
		  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "log:Get*", Resource = "*" }] })
		}
		resource "ram_policy_attachments_exclusive" "it" {
		  user_name         = ram_user.alice.name
		  detach_on_destroy = true
		  policies = [
		    { policy_name = ram_policy.logs.name, policy_type = "Custom" },
		    { policy_name = "ReadOnlyAccess", policy_type = "System" },
		  ]
		}`, acc.Name("alice"), acc.Name("logs"))
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval()}},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
		resource.TestStep{Config: config, Destroy: true},
	)
}

func TestAccPolicyAttachmentsExclusive_ofNothingDetachesEverything(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	builder := giveRole(t, acc, "builder")
	attach(t, acc, administrator, builder)
	config := exclusiveConfig(named(builder.Kind, builder.Name))
	acc.Run(t,
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + administrator)}},
			Check:            holds(acc, builder),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccPolicyAttachmentsExclusive_anotherCaseOfAPolicyNamePlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name)
	before := 0
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(owner, "System/readonlyaccess", "System/"+ossReadOnly)},
		resource.TestStep{
			Config:           exclusiveConfig(owner, "System/ReadOnlyACCESS", "System/"+ossReadOnly),
			ConfigPlanChecks: acctest.Settled(),
		},
		resource.TestStep{
			PreConfig: func() { before = len(acc.Server.Calls()) },
			Config:    exclusiveConfig(owner, "System/ReadOnlyACCESS", "System/"+ramReadOnly, "System/"+ossReadOnly),
			Check: resource.ComposeTestCheckFunc(holds(acc, alice, ossReadOnly, ramReadOnly, readOnly), func(*terraform.State) error {
				if writes := acc.Writes(before); !slices.Equal(writes, []string{"AttachPolicyToUser"}) {
					return fmt.Errorf("the writes were %q", writes)
				}
				return nil
			}),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_isCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name)
	for config, message := range map[string]string{
		exclusiveConfig(owner, "System/ReadOnlyAccess", "System/readonlyaccess"): `are\s+the\s+same\s+policy`,
		exclusiveConfig(owner, "System/NoSuchPolicy"):                            `no\s+system\s+policy\s+of\s+this\s+name`,
		exclusiveConfig(owner, "system/ReadOnlyAccess"):                          `policy_type\s+value\s+must\s+be\s+one\s+of`,
		exclusiveConfig(owner, "System/Read_Only"):                               `has\s+the\s+character\s+'_'`,
		exclusiveConfig("", "System/ReadOnlyAccess"):                             `Exactly\s+one\s+of\s+these\s+attributes`,
		exclusiveConfig(owner+"\ngroup_name = \"ops\"", "System/ReadOnlyAccess"): `Exactly\s+one\s+of\s+these\s+attributes`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
}

func TestAccPolicyAttachmentsExclusive_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, readOnly, alice)
	config := func(suffix string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "name" { input = %q }
			resource "terraform_data" "policy" {
			  input            = { name = %q, type = "System" }
			  triggers_replace = %q
			}
			resource "ram_policy_attachments_exclusive" "it" {
			  user_name = terraform_data.name.output
			  policies = [
			    { policy_name = terraform_data.policy.output.name, policy_type = terraform_data.policy.output.type },
			    { policy_name = "%s", policy_type = "System" },
			  ]
			}`, alice.Name, readOnly, suffix, ossReadOnly)
	}
	acc.Run(t,
		resource.TestStep{
			Config:           config("one"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(exclusive, tfjsonpath.New("removes"))}},
			Check:            holds(acc, alice, ossReadOnly, readOnly),
		},
		resource.TestStep{
			Config:           config("two"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(exclusive, tfjsonpath.New("removes"))}},
			Check:            holds(acc, alice, ossReadOnly, readOnly),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_survivesARenameOfItsUserByTerraform(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := func(name string, policies ...string) string {
		return fmt.Sprintf("resource \"ram_user\" \"alice\" {\nname = %q\nforce_destroy = true\n}\n", acc.Name(name)) + exclusiveConfig("user_name = ram_user.alice.name", policies...)
	}
	before := 0
	acc.Run(t,
		resource.TestStep{Config: config("alice", "System/"+readOnly)},
		resource.TestStep{
			PreConfig: func() { before = len(acc.Server.Calls()) },
			Config:    config("alicia", "System/"+readOnly),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionUpdate), plansRemoval(), acctest.KnowsAllOf(exclusive),
			}},
			Check: func(*terraform.State) error {
				if writes := acc.Writes(before); !slices.Equal(writes, []string{"UpdateUser"}) {
					return fmt.Errorf("the writes were %q", writes)
				}
				return nil
			},
		},
		resource.TestStep{ // back again, with other policies at once
			Config:           config("alice", "System/"+ossReadOnly),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + readOnly)}},
		},
		resource.TestStep{Config: config("alice", "System/"+ossReadOnly), ConfigPlanChecks: acctest.Settled()},
	)
}

func TestAccPolicyAttachmentsExclusive_followsAGroupThatWasRenamedOutside(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	ops := giveGroup(t, acc, "ops")
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(named(ops.Kind, ops.Name), "System/"+readOnly)},
		resource.TestStep{
			PreConfig:        func() { rename(t, acc, ops, acc.Name("operators")) },
			Config:           exclusiveConfig(named(ops.Kind, acc.Name("operators")), "System/"+readOnly),
			ConfigPlanChecks: acctest.Plans(exclusive, plancheck.ResourceActionNoop),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_ofAnotherPrincipalIsReplaced(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, ops := giveUser(t, acc, "alice"), giveGroup(t, acc, "ops")
	attach(t, acc, administrator, ops)
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(named(alice.Kind, alice.Name)+"\ndetach_on_destroy = true", "System/"+readOnly)},
		resource.TestStep{
			Config: exclusiveConfig(named(ops.Kind, ops.Name), "System/"+readOnly),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(exclusive, plancheck.ResourceActionDestroyBeforeCreate), plansRemoval("System/" + administrator),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(exclusive, "principal_id", ops.ID)},
			Check:             resource.ComposeTestCheckFunc(holds(acc, alice), holds(acc, ops, readOnly)),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_isGoneWithItsUser(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	config := exclusiveConfig(named(alice.Kind, alice.Name)+"\ndetach_on_destroy = true", "System/"+readOnly)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				detach(t, acc, readOnly, alice)
				if err := acc.Client().DeleteUser(t.Context(), alice.Name); err != nil {
					t.Fatal(err)
				}
			},
			RefreshState: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config: config, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccPolicyAttachmentsExclusive_whatIsDetachedDuringTheDestroyIsNoError(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	config := exclusiveConfig(named(alice.Kind, alice.Name)+"\ndetach_on_destroy = true", "System/"+readOnly, "System/"+ossReadOnly)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			Config: "# nothing", ConfigPlanChecks: acctest.Between(func() { detach(t, acc, readOnly, alice) }),
			Check: holds(acc, alice),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_exchangesThePoliciesOfAFullUser(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.SystemPoliciesEach = 2 })
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name)
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(owner, "System/"+readOnly, "System/"+administrator)},
		resource.TestStep{
			Config: exclusiveConfig(owner, "System/"+ossReadOnly, "System/"+ramReadOnly),
			Check:  holds(acc, alice, ossReadOnly, ramReadOnly),
		},
		resource.TestStep{
			Config:      exclusiveConfig(owner, "System/"+ossReadOnly, "System/"+ramReadOnly, "System/"+readOnly),
			ExpectError: regexp.MustCompile(`Unable to attach policies to RAM user(.|\s)*can\s+have\s+2\s+system\s+policies`),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_isNotTaintedByAFailure(t *testing.T) {
	t.Parallel()
	var fail atomic.Bool
	fail.Store(true)
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if fail.Load() && c.Params.Get("PolicyName") == readOnly && strings.HasPrefix(c.Action, "AttachPolicy") {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "not this one"}
			}
			return nil
		}
	})
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name) + "\ndetach_on_destroy = true"
	acc.Run(t,
		resource.TestStep{
			Config:      exclusiveConfig(owner, "System/"+ossReadOnly, "System/"+readOnly),
			ExpectError: regexp.MustCompile(`Unable to attach RAM policy "ReadOnlyAccess" to RAM user`),
		},
		resource.TestStep{
			PreConfig:        func() { fail.Store(false) },
			Config:           exclusiveConfig(owner, "System/"+ossReadOnly, "System/"+readOnly),
			ConfigPlanChecks: acctest.Plans(exclusive, plancheck.ResourceActionCreate),
			Check:            holds(acc, alice, ossReadOnly, readOnly),
		},
		resource.TestStep{Config: exclusiveConfig(owner, "System/"+ossReadOnly)},
		resource.TestStep{
			PreConfig:   func() { fail.Store(true) },
			Config:      exclusiveConfig(owner, "System/"+administrator, "System/"+readOnly),
			ExpectError: regexp.MustCompile(`Unable to attach RAM policy "ReadOnlyAccess" to RAM user`),
		},
		resource.TestStep{
			RefreshState: true, ExpectNonEmptyPlan: true,
			Check: resource.ComposeTestCheckFunc(
				holds(acc, alice, administrator, ossReadOnly),
				resource.TestCheckResourceAttr(exclusive, "policies.#", "2"),
			),
		},
	)
}

func TestAccPolicyAttachmentsExclusive_readsAPrincipalWithOneCall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	config := exclusiveConfig(named(alice.Kind, alice.Name), "System/"+readOnly, "System/"+ossReadOnly)
	lists, refreshes := 0, 0
	count := func() (int, int) {
		return acc.CallsOf("ListPoliciesForUser") + acc.CallsOf("ListEntitiesForPolicy"), acc.CallsOf("GetUser")
	}
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { lists, refreshes = count() },
			Config:    config, PlanOnly: true,
		},
		resource.TestStep{
			PreConfig: func() {
				l, r := count()
				if l, r = l-lists, r-refreshes; r == 0 || l > r {
					t.Errorf("%d refreshes listed policies %d times", r, l)
				}
			},
			Config: config, PlanOnly: true,
		},
	)
}

func TestAccPolicyAttachmentsExclusive_importSaysWhatIsWrongWithAnID(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	for id, message := range map[string]string{
		alice.Name:                    `not\s+of\s+the\s+form\s+kind/principal`,
		"User/" + alice.Name:          `not\s+of\s+the\s+form\s+kind/principal`,
		"user/":                       `has\s+0\s+characters`,
		"user/a/b":                    `has\s+the\s+character`,
		"user/" + acc.Name("nobody"):  `Unable to find RAM user`,
		"group/" + acc.Name("nobody"): `Unable to find RAM group`,
	} {
		acc.Run(t, resource.TestStep{
			Config:       exclusiveConfig(named(alice.Kind, alice.Name)),
			ResourceName: exclusive, ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(message),
		})
	}
}

func TestAccPolicyAttachmentsExclusive_isImportedByIdentityAndThenClosed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, readOnly, alice)
	attach(t, acc, administrator, alice)
	config := func(identity string, policies ...string) string {
		return fmt.Sprintf("import {\nto = %s\nidentity = { %s }\n}\n", exclusive, identity) + exclusiveConfig(named(alice.Kind, alice.Name), policies...)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config:      config(named(alice.Kind, alice.Name)+`, role_name = "ops"`, "System/readonlyaccess"),
				ExpectError: regexp.MustCompile(`Give exactly one of user_name, group_name and role_name`),
			},
			{
				Config:           config(named(alice.Kind, alice.Name), "System/readonlyaccess"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plansRemoval("System/" + administrator)}},
				Check:            holds(acc, alice, readOnly),
			},
			{Config: config(named(alice.Kind, alice.Name), "System/readonlyaccess"), ConfigPlanChecks: acctest.Settled()},
		},
	})
}

func TestAccPolicyAttachmentsExclusive_detachesWhatIsWrittenInAnotherCase(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	owner := named(alice.Kind, alice.Name)
	acc.Run(t,
		resource.TestStep{Config: exclusiveConfig(owner, "System/readonlyaccess", "System/"+ossReadOnly)},
		resource.TestStep{
			Config: exclusiveConfig(owner, "System/"+ossReadOnly),
			Check:  holds(acc, alice, ossReadOnly),
		},
		resource.TestStep{Config: exclusiveConfig(owner, "System/"+ossReadOnly), ConfigPlanChecks: acctest.Settled()},
	)
}
