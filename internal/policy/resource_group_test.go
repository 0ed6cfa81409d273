package policy_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// A resource group is nothing that a test could make on a real account, so
// these tests need the private server, which has this one.
const resourceGroup = ramserver.DefaultResourceGroupID

// inGroup limits the attachment of a configuration to the resource group.
func inGroup(config, id string) string {
	return strings.Replace(config, `policy_type = "System"`, fmt.Sprintf("policy_type = \"System\"\nresource_group_id = %q", id), 1)
}

func readOnlyInGroup(to ramapi.Principal) ramapi.Attachment {
	return ramapi.Attachment{PolicyName: readOnly, PolicyType: ramapi.PolicyTypeSystem, To: to, ResourceGroupID: resourceGroup}
}

func attachInGroup(t *testing.T, acc *acctest.Account, to ramapi.Principal) {
	t.Helper()
	if err := acc.Client().Attach(t.Context(), readOnlyInGroup(to)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().Detach(context.Background(), readOnlyInGroup(to)) })
}

// holdsInGroups checks which policies the principal has in resource groups.
func holdsInGroups(acc *acctest.Account, p ramapi.Principal, want ...string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		all, err := ram.PrincipalInResourceGroups(ctx, p)
		if err != nil && !ramapi.IsNotFound(err) {
			return err
		}
		var got []string
		for _, a := range all {
			got = append(got, a.PolicyName+" in "+a.ResourceGroupID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s %s has %q, want %q", p.Kind, p.Name, got, want)
		}
		return nil
	})
}

func TestAccPolicyAttachment_inAResourceGroupIsCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	for kind, give := range map[string]func(*testing.T, *acctest.Account, string) ramapi.Principal{
		"user": giveUser, "group": giveGroup, "role": giveRole,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t)
			p := give(t, acc, "it")
			config := inGroup(attachmentConfig(readOnly, kind+"_name", p.Name), resourceGroup)
			acc.Run(t,
				resource.TestStep{
					Config: config,
					ConfigStateChecks: []statecheck.StateCheck{
						acctest.State("ram_policy_attachment.it", "resource_group_id", resourceGroup),
						acctest.State("ram_policy_attachment.it", "principal_id", p.ID),
					},
					Check: resource.ComposeTestCheckFunc(holds(acc, p), holdsInGroups(acc, p, readOnly+" in "+resourceGroup)),
				},
				acctest.Imports("ram_policy_attachment.it", "System/"+strings.ToLower(readOnly)+"/"+kind+"/"+p.Name+"/"+resourceGroup, "principal_id"),
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
				resource.TestStep{Config: config, Destroy: true},
			)
			if err := holdsInGroups(acc, p)(nil); err != nil {
				t.Errorf("after destroy: %v", err)
			}
		})
	}
}

func TestAccPolicyAttachment_forTheAccountAndInAResourceGroupAreThereSideBySide(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	account := attachmentConfig(readOnly, "user_name", alice.Name)
	both := account + "\n" + inGroup(strings.Replace(account, `"it"`, `"staging"`, 1), resourceGroup)
	acc.Run(t,
		resource.TestStep{
			Config: both,
			Check:  resource.ComposeTestCheckFunc(holds(acc, alice, readOnly), holdsInGroups(acc, alice, readOnly+" in "+resourceGroup)),
		},
		resource.TestStep{Config: both, ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: account, Check: resource.ComposeTestCheckFunc(holds(acc, alice, readOnly), holdsInGroups(acc, alice))},
		resource.TestStep{Config: both},
		resource.TestStep{
			Config: inGroup(strings.Replace(account, `"it"`, `"staging"`, 1), resourceGroup),
			Check:  resource.ComposeTestCheckFunc(holds(acc, alice), holdsInGroups(acc, alice, readOnly+" in "+resourceGroup)),
		},
	)
}

func TestAccPolicyAttachment_anotherResourceGroupReplacesIt(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		if err := s.Load([]byte(`{"Format": 1, "ResourceGroups": {"rg-staging": {"Name": "staging"}}}`)); err != nil {
			t.Fatal(err)
		}
	})
	alice := giveUser(t, acc, "alice")
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	replaced := acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionDestroyBeforeCreate)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			Config: inGroup(config, resourceGroup), ConfigPlanChecks: replaced,
			Check: resource.ComposeTestCheckFunc(holds(acc, alice), holdsInGroups(acc, alice, readOnly+" in "+resourceGroup)),
		},
		resource.TestStep{Config: inGroup(config, "rg-staging"), ConfigPlanChecks: replaced, Check: holdsInGroups(acc, alice, readOnly+" in rg-staging")},
		resource.TestStep{
			Config: config, ConfigPlanChecks: replaced,
			Check: resource.ComposeTestCheckFunc(holds(acc, alice, readOnly), holdsInGroups(acc, alice)),
		},
	)
}

func TestAccPolicyAttachment_inAResourceGroupDetachedOutsideIsMadeAgain(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, readOnly, alice) // for the whole account, which is another one
	config := inGroup(attachmentConfig(readOnly, "user_name", alice.Name), resourceGroup)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Detach(t.Context(), readOnlyInGroup(alice)); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionCreate),
			Check:            holdsInGroups(acc, alice, readOnly+" in "+resourceGroup),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Detach(t.Context(), readOnlyInGroup(alice)); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
		},
	)
}

func TestAccPolicyAttachment_inAResourceGroupSurvivesARename(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ops := giveGroup(t, acc, "ops")
	before, after, atLast := acc.Name("alice"), acc.Name("alicia"), acc.Name("operations")
	config := func(user, group string) string {
		return inGroup(userConfig(user, readOnly), resourceGroup) + "\n" +
			inGroup(strings.Replace(attachmentConfig(readOnly, "group_name", group), `"it"`, `"ops"`, 1), resourceGroup)
	}
	attached := func() (n int) {
		for _, c := range acc.Server.Calls() {
			if c.Action == "AttachPolicy" && c.Code == "" {
				n++
			}
		}
		return n
	}
	acc.Run(t,
		resource.TestStep{Config: config(before, ops.Name)},
		resource.TestStep{ // by Terraform
			Config:            config(after, ops.Name),
			ConfigPlanChecks:  acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "user_name", after)},
		},
		resource.TestStep{ // in the console
			PreConfig:         func() { rename(t, acc, ops, atLast) },
			Config:            config(after, atLast),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.ops", "group_name", atLast)},
			Check: acc.Inspect(func(context.Context, *ramapi.Client) error {
				if n := attached(); n != 2 || acc.CallsOf("DetachPolicy") > 0 {
					return fmt.Errorf("attached %d times, detached %d times", n, acc.CallsOf("DetachPolicy"))
				}
				return nil
			}),
		},
	)
}

func TestAccPolicyAttachment_isRightWithAnAliasToo(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		if err := s.Load([]byte(`{"Format": 1, "AccountAlias": "example", "DefaultDomain": "example.onaliyun.com"}`)); err != nil {
			t.Fatal(err)
		}
	})
	builder := giveRole(t, acc, "builder")
	config := inGroup(attachmentConfig(readOnly, "role_name", builder.Name), resourceGroup)
	acc.Run(t,
		resource.TestStep{Config: config, Check: holdsInGroups(acc, builder, readOnly+" in "+resourceGroup)},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicyAttachment_inAResourceGroupThatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.AttachPolicyRepeatable = false })
	alice := giveUser(t, acc, "alice")
	attachInGroup(t, acc, alice)
	acc.Run(t, resource.TestStep{
		Config:      inGroup(attachmentConfig(readOnly, "user_name", alice.Name), resourceGroup),
		ExpectError: regexp.MustCompile(`terraform\s+import\s+ram_policy_attachment\.NAME\s+System/ReadOnlyAccess/user/` + alice.Name + `/` + resourceGroup),
	})
}

func TestAccPolicyAttachment_saysWhatIsWrongWithAResourceGroup(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	for id, message := range map[string]string{
		"staging":          `must be the ID of a resource group`,
		"1234567890123456": `leave it out for the\s+whole account`,
		"rg-none":          `has no resource group\s+with this ID`,
	} {
		acc.Run(t, resource.TestStep{Config: inGroup(config, id), ExpectError: regexp.MustCompile(message)})
	}
	linked := strings.Replace(config, "user_name", "role_name", 1)
	acc.Run(t, resource.TestStep{
		Config: strings.Replace(linked, alice.Name, "AliyunServiceRoleForPolarDB", 1), PlanOnly: true,
		ExpectError: regexp.MustCompile(`Its permissions are its\s+service's`),
	})
	for id, message := range map[string]string{
		"System/ReadOnlyAccess/user/" + alice.Name + "/staging":                 `which\s+begins\s+with\s+rg-`,
		"System/ReadOnlyAccess/user/" + alice.Name + "/rg-none":                 `is\s+not\s+attached\s+to\s+user\s+"` + alice.Name + `"\s+in\s+rg-none`,
		"System/ReadOnlyAccess/user/" + alice.Name + "/" + resourceGroup:        `is\s+not\s+attached`,
		"System/ReadOnlyAccess/user/" + alice.Name + "/" + resourceGroup + "/x": `not\s+of\s+the\s+form`,
	} {
		acc.Run(t, resource.TestStep{
			Config:       inGroup(config, resourceGroup),
			ResourceName: "ram_policy_attachment.it", ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(message),
		})
	}
}

func TestAccPolicyAttachment_inAResourceGroupIsPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "terraform_data" "id" { input = %q }
			resource "ram_policy_attachment" "it" {
			  policy_name       = %q
			  policy_type       = "System"
			  user_name         = %q
			  resource_group_id = terraform_data.id.output
			}`, resourceGroup, readOnly, alice.Name),
		Check: holdsInGroups(acc, alice, readOnly+" in "+resourceGroup),
	})
}

func TestAccPolicyAttachment_inAResourceGroupIsImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	attachInGroup(t, acc, alice)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf("import {\nto = ram_policy_attachment.it\nidentity = { policy_type = \"System\", policy_name = %q, user_name = %q, resource_group_id = %q }\n}\n",
				readOnly, alice.Name, resourceGroup) + inGroup(attachmentConfig(readOnly, "user_name", alice.Name), resourceGroup),
			ConfigPlanChecks:  acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "resource_group_id", resourceGroup)},
		}},
	})
}

// blocking has attachments within resource groups in the way of deletions.
func blocking(s *ramserver.Server) { s.Unsure.ResourceGroupsBlockDeletion = true }

func TestAccPolicy_attachedInAResourceGroupSaysSoOrIsDetached(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, blocking)
	alice := giveUser(t, acc, "alice")
	name := acc.Name("logs")
	a := ramapi.Attachment{PolicyName: name, PolicyType: ramapi.PolicyTypeCustom, To: alice, ResourceGroupID: resourceGroup}
	config := policyConfig(name, allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Attach(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
			ExpectError: regexp.MustCompile(`still attached to 1 principal \(user\s+` + alice.Name + `\s+in\s+` + resourceGroup),
		},
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), "force_destroy = true")},
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), "force_destroy = true"), Destroy: true},
	)
	if err := holdsInGroups(acc, alice)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccPolicy_isDeletedWithoutResourceManager(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Version == "2020-03-31" {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You are not authorized."}
			}
			return nil
		}
	})
	alice := giveUser(t, acc, "alice")
	name := acc.Name("logs")
	config := policyConfig(name, allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().AttachPolicy(t.Context(), name, ramapi.PolicyTypeCustom, alice); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
			ExpectError: regexp.MustCompile(`still attached to 1 user \(` + alice.Name),
		},
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), "force_destroy = true")},
		resource.TestStep{Config: policyConfig(name, allow("log:Get*"), "force_destroy = true"), Destroy: true},
	)
}
