package role_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	framework "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
	"github.com/ram-provider/terraform-provider-ram/internal/role"
)

// The names of service-linked roles are not for a test to choose, and on a real
// account services may need them, so these tests use the private server.
const (
	hdr     = "AliyunServiceRoleForHdr"
	polarDB = "AliyunServiceRoleForPolarDB"
)

func linkedConfig(service, more string) string {
	return fmt.Sprintf("resource \"ram_service_linked_role\" \"it\" {\nservice_name = %q\n%s\n}\n", service, more)
}

func giveLinked(t *testing.T, acc *acctest.Account, in ramapi.ServiceLinkedRole) ramapi.Role {
	t.Helper()
	r, err := acc.Client().CreateServiceLinkedRole(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func deleteLinked(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	if err := acc.Client().DeleteServiceLinkedRole(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

// hasRole checks whether there is the role.
func hasRole(acc *acctest.Account, name string, want bool) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		_, err := ram.Role(ctx, name)
		if !want && err == nil {
			return errors.New("the role is still there")
		}
		if !want && ramapi.IsNotFound(err) {
			return nil
		}
		return err
	})
}

func TestAccServiceLinkedRole_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := linkedConfig("polardb.aliyuncs.com", "")
	acc.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_service_linked_role.it", "name", polarDB),
				acctest.State("ram_service_linked_role.it", "custom_suffix", nil),
				acctest.State("ram_service_linked_role.it", "description", "Service Linked Role for PolarDB."),
				acctest.State("ram_service_linked_role.it", "arn", "acs:ram::1234567890123456:role/aliyunserviceroleforpolardb"),
			},
			Check: hasRole(acc, polarDB, true),
		},
		acctest.Imports("ram_service_linked_role.it", polarDB, "name"),
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config, Destroy: true},
	)
	if err := hasRole(acc, polarDB, false)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccServiceLinkedRole_withASuffixIsCreatedImportedAndReplaced(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	blue := linkedConfig("example.aliyuncs.com", "custom_suffix = \"blue\"\ndescription = \"mine\"")
	acc.Run(t,
		resource.TestStep{
			Config: blue,
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_service_linked_role.it", "name", "AliyunServiceRoleForExample_blue"),
				acctest.State("ram_service_linked_role.it", "description", "mine"),
			},
		},
		acctest.Imports("ram_service_linked_role.it", "AliyunServiceRoleForExample_blue", "name"),
		resource.TestStep{Config: blue, ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{ // the service decides, and has decided
			Config:           linkedConfig("example.aliyuncs.com", `custom_suffix = "blue"`),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
		resource.TestStep{
			Config:            linkedConfig("example.aliyuncs.com", "custom_suffix = \"blue\"\ndescription = \"yours\""),
			ConfigPlanChecks:  acctest.Plans("ram_service_linked_role.it", plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_service_linked_role.it", "description", "yours")},
		},
		resource.TestStep{
			Config:           linkedConfig("hdr.aliyuncs.com", ""),
			ConfigPlanChecks: acctest.Plans("ram_service_linked_role.it", plancheck.ResourceActionDestroyBeforeCreate),
			Check: resource.ComposeTestCheckFunc(
				hasRole(acc, "AliyunServiceRoleForExample_blue", false), hasRole(acc, hdr, true),
			),
		},
	)
}

func TestAccServiceLinkedRole_deletedOutsideTerraformIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := linkedConfig("hdr.aliyuncs.com", "")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { deleteLinked(t, acc, hdr) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_service_linked_role.it", plancheck.ResourceActionCreate),
		},
		resource.TestStep{PreConfig: func() { deleteLinked(t, acc, hdr) }, Config: config, Destroy: true},
	)
}

func TestAccServiceLinkedRole_thatIsUsedSaysByWhatAndIsDeletedAfterwards(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := linkedConfig("hdr.aliyuncs.com", "")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { acc.Server.UseServiceLinkedRole(hdr, "global", "acs:hdr::1:sitepair/s-1") },
			Config:    config, Destroy: true,
			ExpectError: regexp.MustCompile(`in\s+use\s+by\s+hdr\.aliyuncs\.com\.\s+Delete\s+these\s+first:\s+acs:hdr::1:sitepair/s-1\s+\(global\)`),
		},
		resource.TestStep{
			PreConfig: func() { acc.Server.UseServiceLinkedRole(hdr, "global") },
			Config:    config, Destroy: true,
		},
	)
	if err := hasRole(acc, hdr, false)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccServiceLinkedRole_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	giveLinked(t, acc, ramapi.ServiceLinkedRole{ServiceName: "hdr.aliyuncs.com"})
	giveLinked(t, acc, ramapi.ServiceLinkedRole{ServiceName: "example.aliyuncs.com"})
	giveLinked(t, acc, ramapi.ServiceLinkedRole{ServiceName: "example.aliyuncs.com", CustomSuffix: "blue"})
	for config, name := range map[string]string{
		linkedConfig("hdr.aliyuncs.com", ""):                           hdr,
		linkedConfig("example.aliyuncs.com", `custom_suffix = "blue"`): "AliyunServiceRoleForExample_blue",
		linkedConfig("example.aliyuncs.com", ""):                       "AliyunServiceRoleForExample",
	} {
		acc.Run(t, resource.TestStep{
			Config:      config,
			ExpectError: regexp.MustCompile(`terraform import\s+ram_service_linked_role\.NAME\s+` + name + `\s`),
		})
	}
}

func TestAccServiceLinkedRole_mistakesAreRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for mistake, message := range map[string]string{
		linkedConfig("PolarDB", ""):                               `must be the\s+domain name of a service`,
		linkedConfig("none.aliyuncs.com", ""):                     `EntityNotExist\.Service`,
		linkedConfig("hdr.aliyuncs.com", `custom_suffix = "a b"`): `must have\s+only letters`,
		linkedConfig("hdr.aliyuncs.com", `custom_suffix = "a"`):   `Custom suffix is not\s+allowed`,
		linkedConfig("hdr.aliyuncs.com", `description = ""`):      `between 1\s+and 1024`,
		config(polarDB, trustECS, ""):                             `Manage it with\s+ram_service_linked_role`,
	} {
		acc.Run(t, resource.TestStep{Config: mistake, ExpectError: regexp.MustCompile(message)})
	}
}

// No configuration leads there, but a state that was moved or written by hand.
func TestAServiceLinkedRoleIsNotDeletedAsAnOrdinaryOne(t *testing.T) {
	t.Parallel()
	r := role.NewResource()
	var schema framework.SchemaResponse
	r.Schema(t.Context(), framework.SchemaRequest{}, &schema)
	state := tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil)}
	if diags := state.SetAttribute(t.Context(), path.Root("name"), hdr); diags.HasError() {
		t.Fatal(diags)
	}
	var resp framework.DeleteResponse
	r.Delete(t.Context(), framework.DeleteRequest{State: state}, &resp)
	if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), "import the role as ram_service_linked_role") {
		t.Errorf("got %v", resp.Diagnostics)
	}
}

func TestAccServiceLinkedRole_andOrdinaryRolesAreNotImportedAsEachOther(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	giveLinked(t, acc, ramapi.ServiceLinkedRole{ServiceName: "hdr.aliyuncs.com"})
	acc.Run(t,
		resource.TestStep{
			Config:       config(acc.Name("builder"), trustECS, ""),
			ResourceName: "ram_role.builder", ImportState: true, ImportStateId: hdr,
			ExpectError: regexp.MustCompile(`Import it as\s+ram_service_linked_role`),
		},
		resource.TestStep{
			Config:       linkedConfig("hdr.aliyuncs.com", ""),
			ResourceName: "ram_service_linked_role.it", ImportState: true, ImportStateId: acc.Name("builder"),
			ExpectError: regexp.MustCompile(`Import any other role\s+as ram_role`),
		},
	)
}

func TestAccServiceLinkedRole_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{
		Config: `
			resource "terraform_data" "it" { input = { service = "example.aliyuncs.com", suffix = "blue" } }
			resource "ram_service_linked_role" "it" {
			  service_name  = terraform_data.it.output.service
			  custom_suffix = terraform_data.it.output.suffix
			  description   = terraform_data.it.id
			}`,
		ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_service_linked_role.it", "name", "AliyunServiceRoleForExample_blue")},
	})
}

func TestAccServiceLinkedRole_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	made := giveLinked(t, acc, ramapi.ServiceLinkedRole{ServiceName: "hdr.aliyuncs.com"})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf("import {\nto = ram_service_linked_role.it\nidentity = { name = %q }\n}\n", hdr) +
				linkedConfig("hdr.aliyuncs.com", ""),
			ConfigPlanChecks:  acctest.Plans("ram_service_linked_role.it", plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_service_linked_role.it", "role_id", made.ID)},
		}},
	})
}

func TestAccRole_withPoliciesInResourceGroupsSaysSoOrDetachesThem(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.ResourceGroupsBlockDeletion = true })
	name := acc.Name("builder")
	acc.Run(t,
		resource.TestStep{Config: config(name, trustECS, "")},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Attach(t.Context(), ramapi.Attachment{
					PolicyName: "ReadOnlyAccess", PolicyType: ramapi.PolicyTypeSystem,
					To: ramapi.Principal{Kind: ramapi.KindRole, Name: name}, ResourceGroupID: ramserver.DefaultResourceGroupID,
				}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(name, trustECS, ""), Destroy: true,
			ExpectError: regexp.MustCompile(`1 resource-group\s+attachment \(ReadOnlyAccess\s+in\s+` + ramserver.DefaultResourceGroupID),
		},
		resource.TestStep{Config: config(name, trustECS, "force_destroy = true")},
		resource.TestStep{Config: config(name, trustECS, "force_destroy = true"), Destroy: true},
	)
}

func TestAccRole_saysThatResourceGroupsCouldNotBeLookedInto(t *testing.T) {
	t.Parallel()
	var refusesLists atomic.Bool
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Unsure.ResourceGroupsBlockDeletion = true
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "ListPolicyAttachments" && refusesLists.Load() {
				return &ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You may not list."}
			}
			return nil
		}
	})
	name := acc.Name("builder")
	forced := config(name, trustECS, "force_destroy = true")
	acc.Run(t,
		resource.TestStep{Config: forced},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Attach(t.Context(), ramapi.Attachment{
					PolicyName: "ReadOnlyAccess", PolicyType: ramapi.PolicyTypeSystem,
					To: ramapi.Principal{Kind: ramapi.KindRole, Name: name}, ResourceGroupID: ramserver.DefaultResourceGroupID,
				}); err != nil {
					t.Fatal(err)
				}
				refusesLists.Store(true)
			},
			Config: forced, Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)resource\s+groups.*ListPolicyAttachments:\s+NoPermission`),
		},
		resource.TestStep{PreConfig: func() { refusesLists.Store(false) }, Config: forced, Destroy: true},
	)
}
