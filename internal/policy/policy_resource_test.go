package policy_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// allow gives the document of a policy that allows the actions.
func allow(actions ...string) string {
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":"Allow","Action":[%s],"Resource":"*"}]}`, `"`+strings.Join(actions, `","`)+`"`)
}

// policyConfig configures a policy with more arguments, one a line.
func policyConfig(name, document string, more ...string) string {
	return fmt.Sprintf("resource \"ram_policy\" \"logs\" {\nname = %q\npolicy_document = %q\n%s\n}", name, document, strings.Join(more, "\n"))
}

// givePolicy makes a policy outside Terraform, and removes it after the test.
func givePolicy(t *testing.T, acc *acctest.Account, name, document string) {
	t.Helper()
	if _, err := acc.Client().CreatePolicy(t.Context(), ramapi.Policy{Name: name, Document: document}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().DeletePolicy(context.Background(), name) })
	if _, err := acc.Client().Policy(t.Context(), name, ramapi.PolicyTypeCustom); err != nil { // waits until it shows
		t.Fatal(err)
	}
}

// beforeFirst changes the account just before the server performs the action
// for the first time.
func beforeFirst(action string, change func() error) func(*ramserver.Server) {
	var done atomic.Bool
	return func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action != action || !done.CompareAndSwap(false, true) {
				return nil
			}
			if err := change(); err != nil {
				return &ramserver.Fault{Status: http.StatusInternalServerError, Code: "InternalError", Message: err.Error()}
			}
			return nil
		}
	}
}

func holdsDocument(acc *acctest.Account, name, document string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		p, err := ram.Policy(ctx, name, ramapi.PolicyTypeCustom)
		if err == nil && !policydoc.Equal(p.Document, document) {
			err = fmt.Errorf("RAM has %s, want %s", p.Document, document)
		}
		return err
	})
}

func TestAccPolicy_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:Get*"), `description = "reads logs"`)
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_policy.logs", "name", name),
				acctest.State("ram_policy.logs", "policy_document", allow("log:Get*")),
				acctest.State("ram_policy.logs", "description", "reads logs"),
				acctest.State("ram_policy.logs", "default_version", "v1"),
				acctest.State("ram_policy.logs", "create_date", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-.*Z$`))),
			},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				p, err := ram.Policy(ctx, name, ramapi.PolicyTypeCustom)
				if err == nil && (p.Document != allow("log:Get*") || p.Description != "reads logs") {
					err = fmt.Errorf("RAM has %+v", p)
				}
				return err
			}),
		},
		acctest.Imports("ram_policy.logs", name, "name"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicy_reformattedDocumentPlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*", "log:List*"))},
		resource.TestStep{
			Config: fmt.Sprintf(`resource "ram_policy" "logs" {
				name            = %q
				policy_document = jsonencode({
				  Version   = "1"
				  Statement = [{ Resource = ["*"], Action = ["log:List*", "log:Get*"], Effect = "Allow" }]
				})
			}`, name),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "policy_document", allow("log:Get*", "log:List*"))},
		},
	)
}

func TestAccPolicy_changedDocumentMakesANewDefaultVersion(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:*"), `description = "everything"`)
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), `description = "everything"`)},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_policy.logs", plancheck.ResourceActionUpdate),
				plancheck.ExpectUnknownValue("ram_policy.logs", tfjsonpath.New("default_version")),
				plancheck.ExpectKnownValue("ram_policy.logs", tfjsonpath.New("create_date"), knownvalue.NotNull()),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "default_version", "v2")},
			Check:             holdsDocument(acc, name, allow("log:*")),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicy_changedDescriptionIsUpdatedInPlaceAndCleared(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	hasDescription := func(want string) resource.TestCheckFunc {
		return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
			p, err := ram.Policy(ctx, name, ramapi.PolicyTypeCustom)
			if err == nil && (p.Description != want || p.DefaultVersion != "v1") {
				err = fmt.Errorf("RAM has %+v", p)
			}
			return err
		})
	}
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), `description = "one"`)},
		resource.TestStep{
			Config: policyConfig(name, allow("log:Get*"), `description = "two"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_policy.logs", plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue("ram_policy.logs", tfjsonpath.New("default_version"), knownvalue.StringExact("v1")),
			}},
			Check: hasDescription("two"),
		},
		resource.TestStep{
			Config:            policyConfig(name, allow("log:Get*")),
			ConfigPlanChecks:  acctest.Plans("ram_policy.logs", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "description", nil)},
			Check:             hasDescription(""),
		},
	)
}

func TestAccPolicy_sixthVersionTakesThePlaceOfTheOldest(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	var steps []resource.TestStep
	for i := range 7 {
		document := allow(fmt.Sprintf("log:Get%d", i))
		steps = append(steps, resource.TestStep{
			Config: policyConfig(name, document),
			Check:  holdsDocument(acc, name, document),
		})
	}
	steps = append(steps, resource.TestStep{
		Config: policyConfig(name, allow("log:Get6")),
		Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
			versions, err := ram.PolicyVersions(ctx, name)
			if err == nil && len(versions) != 5 {
				err = fmt.Errorf("there are %d versions, want 5", len(versions))
			}
			return err
		}),
	})
	acc.Run(t, steps...)
}

func TestAccPolicy_documentChangedOutsideIsRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if _, err := acc.Client().SetPolicyDocument(t.Context(), name, allow("*")); err != nil {
					t.Fatal(err)
				}
				if err := acc.Client().SetPolicyDescription(t.Context(), name, "changed in the console"); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_policy.logs", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_policy.logs", "default_version", "v3"),
				acctest.State("ram_policy.logs", "description", nil),
			},
			Check: holdsDocument(acc, name, allow("log:Get*")),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicy_documentReformattedOutsideIsNoDrift(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				reformatted := strings.ReplaceAll(allow("log:Get*"), ":", ": ")
				reformatted = strings.ReplaceAll(reformatted, "log: Get", "log:Get")
				if _, err := acc.Client().SetPolicyDocument(t.Context(), name, reformatted); err != nil {
					t.Fatal(err)
				}
			},
			RefreshState: true,
		},
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "policy_document", allow("log:Get*"))},
		},
	)
}

func TestAccPolicy_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DeletePolicy(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_policy.logs", plancheck.ResourceActionCreate),
		},
	)
}

func TestAccPolicy_deletedOutsideDuringTheDestroyIsNoError(t *testing.T) {
	t.Parallel()
	var acc *acctest.Account
	acc = acctest.NewLocal(t, beforeFirst("ListEntitiesForPolicy", func() error {
		return acc.Client().DeletePolicy(context.Background(), acc.Name("logs"))
	}))
	config := policyConfig(acc.Name("logs"), allow("log:Get*"), "force_destroy = true")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, Destroy: true},
	)
}

func TestAccPolicy_documentThatWasChangedBeforeAnErrorIsNotSentAgain(t *testing.T) {
	t.Parallel()
	var refused atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "UpdatePolicyDescription" && refused.CompareAndSwap(false, true) {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You are not authorized."}
			}
			return nil
		}
	})
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:*"), `description = "everything"`)
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"))},
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile("Unable to change the description of RAM policy")},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ram_policy.logs", plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue("ram_policy.logs", tfjsonpath.New("default_version"), knownvalue.StringExact("v2")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "description", "everything")},
		},
	)
}

func TestAccPolicy_anotherNameReplacesItAndAnotherCaseDoesNot(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name, other := acc.Name("ReadLogs"), acc.Name("write-logs")
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"))},
		resource.TestStep{
			Config:            policyConfig(strings.ToLower(name), allow("log:Get*")),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "name", name)},
		},
		resource.TestStep{
			Config:            policyConfig(other, allow("log:Get*")),
			ConfigPlanChecks:  acctest.Plans("ram_policy.logs", plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "default_version", "v1")},
			Check: acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
				_, err := ram.Policy(ctx, name, ramapi.PolicyTypeCustom)
				return acctest.Gone(err)
			}),
		},
	)
}

func TestAccPolicy_importIsWrittenAsRAMSpellsItAndRecordsForceDestroyWithoutACall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("ReadLogs")
	givePolicy(t, acc, name, allow("log:Get*"))
	calls := len(acc.Server.Calls())
	lower := strings.ToLower(name)
	acc.Run(t,
		resource.TestStep{
			Config: fmt.Sprintf("import {\nto = ram_policy.logs\nid = %q\n}\n", lower) +
				policyConfig(lower, strings.ReplaceAll(allow("log:Get*"), ",", ", "), "force_destroy = true"),
			ConfigPlanChecks: acctest.Plans("ram_policy.logs", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_policy.logs", "name", name),
				acctest.State("ram_policy.logs", "force_destroy", true),
				acctest.State("ram_policy.logs", "default_version", "v1"),
			},
			Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
				if writes := acc.Writes(calls); len(writes) > 0 {
					return fmt.Errorf("%s was called", writes)
				}
				return nil
			}),
		},
	)
}

func TestAccPolicy_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	givePolicy(t, acc, name, allow("log:Get*"))
	acc.Run(t, resource.TestStep{
		Config:      policyConfig(name, allow("log:Get*")),
		ExpectError: regexp.MustCompile(`terraform import\s+ram_policy\.NAME\s+` + name),
	})
}

func TestAccPolicy_isNotDeletedWhileItIsAttached(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("logs")
	alice, ops := giveUser(t, acc, "alice"), giveGroup(t, acc, "ops")
	acc.Run(t,
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"))},
		resource.TestStep{
			PreConfig: func() {
				for _, to := range []ramapi.Principal{alice, ops} {
					if err := acc.Client().AttachPolicy(t.Context(), name, ramapi.PolicyTypeCustom, to); err != nil {
						t.Fatal(err)
					}
				}
			},
			Config: policyConfig(name, allow("log:Get*")), Destroy: true,
			ExpectError: regexp.MustCompile(`1\s+user\s+\(` + alice.Name + `\)\s+and\s+1\s+group\s+\(` + ops.Name + `\)`),
		},
		resource.TestStep{
			Config:           policyConfig(name, allow("log:Get*"), "force_destroy = true"),
			ConfigPlanChecks: acctest.Plans("ram_policy.logs", plancheck.ResourceActionUpdate),
		},
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), "force_destroy = true"), Destroy: true},
	)
	if _, err := acc.Client().Policy(t.Context(), name, ramapi.PolicyTypeCustom); !ramapi.IsNotFound(err) {
		t.Errorf("the policy is still there (%v)", err)
	}
}

func TestAccPolicy_isCheckedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		policyConfig("read_logs", allow("log:Get*")): `has the\s+character '_'`,
		policyConfig("", allow("log:Get*")):          `has 0 characters`,
		policyConfig("logs", "{"):                    `not valid JSON`,
		policyConfig("logs", ""):                     `not valid JSON`,
		policyConfig("logs", strings.Replace(allow("log:Get*"), `"1"`, `"2012-10-17"`, 1)):                      `version of AWS`,
		policyConfig("logs", strings.Replace(allow("log:Get*"), "Allow", "Permit", 1)):                          `Statement 1: Effect is\s+"Permit"`,
		policyConfig("logs", allow("log:Get*"), `description = join("", [for i in range(1024) : "xx"])`):        `at most 1024`,
		policyConfig("logs", allow("log:"+strings.Repeat("x", 6144))):                                           `RAM\s+allows\s+6144`,
		policyConfig("logs", strings.Replace(allow("log:Get*"), `"Resource"`, `"NotAction":"*","Resource"`, 1)): `both Action and\s+NotAction`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccPolicy_unknownDocumentThatTurnsOutTheSameIsNotSent(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	name := acc.Name("logs")
	config := func(document string) string {
		return fmt.Sprintf(`
			resource "terraform_data" "document" {
			  input            = %q
			  triggers_replace = %[1]q
			}
			resource "ram_policy" "logs" {
			  name            = %q
			  policy_document = terraform_data.document.output
			  description     = "reads logs"
			}`, document, name)
	}
	acc.Run(t,
		resource.TestStep{Config: config(allow("log:Get*"))},
		resource.TestStep{
			Config: config(strings.ReplaceAll(allow("log:Get*"), ",", ", ")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue("ram_policy.logs", tfjsonpath.New("policy_document")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "default_version", "v1")},
			Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
				if writes := acc.Writes(0); slices.Contains(writes, "CreatePolicyVersion") {
					return fmt.Errorf("%s were called", writes)
				}
				return nil
			}),
		},
	)
}

func TestAccPolicy_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("ReadLogs")
	givePolicy(t, acc, name, allow("log:Get*"))
	lower := strings.ToLower(name)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config:            fmt.Sprintf("import {\nto = ram_policy.logs\nidentity = { name = %q }\n}\n", lower) + policyConfig(lower, allow("log:Get*")),
				ConfigPlanChecks:  acctest.Plans("ram_policy.logs", plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy.logs", "name", name)},
			},
			{Config: policyConfig(name, allow("log:Get*")), ConfigPlanChecks: acctest.PlansNothing()},
		},
	})
}
