package user_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const keyPolicy = "ram_access_key_policy.key"

// policyOfKey is a user with a key, and the network policy of that.
func policyOfKey(name, attributes string) string {
	return userWithKey(name, "") + fmt.Sprintf(`
		resource "ram_access_key_policy" "key" {
		  user_name     = ram_user.bot.name
		  access_key_id = ram_access_key.key.access_key_id
		  %s
		}`, attributes)
}

// fromInternet is a statement of a configuration.
func fromInternet(addresses ...string) string {
	return fmt.Sprintf(`
		statement {
		  type    = "ClassicWhiteList"
		  ip_list = ["%s"]
		}`, strings.Join(addresses, `", "`))
}

func fromVPC(value string, addresses ...string) string {
	return fmt.Sprintf(`
		statement {
		  type    = "VPCWhiteList"
		  value   = %q
		  ip_list = ["%s"]
		}`, value, strings.Join(addresses, `", "`))
}

var office = ramapi.AccessKeyPolicy{Status: "Active", Statements: []ramapi.NetworkStatement{
	{Type: "ClassicWhiteList", IPList: []string{"198.51.100.7", "2001:db8::/32"}},
	{Type: "VPCWhiteList", Value: "vpc-bp1example", IPList: []string{"10.0.0.0/8"}},
}}

// offices are two ways of writing the same.
var offices = [2]string{
	fromInternet("198.51.100.7", "2001:db8::/32") + fromVPC("vpc-bp1example", "10.0.0.0/8"),
	fromVPC("vpc-bp1example", "10.0.0.0/8") + fromInternet("2001:db8::/32", "198.51.100.7"),
}

// hasPolicy checks the network policy that the key has in the account.
func hasPolicy(acc *acctest.Account, userName string, id *string, want ramapi.AccessKeyPolicy) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		got, err := ram.AccessKeyPolicy(ctx, userName, *id)
		if err == nil && !reflect.DeepEqual(got, want) {
			err = fmt.Errorf("the key has the policy %+v, wanted %+v", got, want)
		}
		return err
	})
}

func hasNoPolicy(acc *acctest.Account, userName string, id *string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		_, err := ram.AccessKeyPolicy(ctx, userName, *id)
		return acctest.Gone(err)
	})
}

func TestAccAccessKeyPolicy_isCreatedReadImportedAndReset(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	imports := acctest.Imports(keyPolicy, "", "access_key_id")
	imports.ImportStateIdFunc = func(*terraform.State) (string, error) { return name + ":" + id, nil }
	acc.Run(t,
		resource.TestStep{
			Config: policyOfKey(name, offices[0]),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(keyPolicy, "user_name", name),
				acctest.State(keyPolicy, "status", "Active"),
				acctest.State(keyPolicy, "statement", knownvalue.SetSizeExact(2)),
			},
			Check: resource.ComposeTestCheckFunc(
				keyOf(&id), hasPolicy(acc, name, &id, office),
				resource.TestCheckResourceAttrPair(keyPolicy, "user_id", "ram_user.bot", "user_id"),
			),
		},
		imports,
		resource.TestStep{Config: policyOfKey(name, offices[1]), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{
			Config:           userWithKey(name, ""),
			ConfigPlanChecks: acctest.Plans(keyPolicy, plancheck.ResourceActionDestroy),
			Check:            resource.ComposeTestCheckFunc(hasNoPolicy(acc, name, &id), sameKey(acc, name, &id)),
		},
		resource.TestStep{ // what a reset leaves behind is no policy
			Config: policyOfKey(name, fromInternet("0.0.0.0/0")),
			Check:  resource.ComposeTestCheckFunc(sameKey(acc, name, &id)),
		},
	)
}

func TestAccAccessKeyPolicy_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := policyOfKey(acc.Name("bot"), offices[0])
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acc.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{ResourceName: keyPolicy, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: config},
		},
	})
}

func TestAccAccessKeyPolicy_isUpdatedInPlaceAndItsDriftRepaired(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	one := ramapi.AccessKeyPolicy{Status: "Inactive", Statements: []ramapi.NetworkStatement{{Type: "ClassicWhiteList", IPList: []string{"203.0.113.0/24"}}}}
	updates := func(attributes ...string) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(keyPolicy, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(keyPolicy),
		}}
	}
	inactive := policyOfKey(name, `status = "Inactive"`+fromInternet("203.0.113.0/24"))
	acc.Run(t,
		resource.TestStep{Config: policyOfKey(name, offices[0]), Check: keyOf(&id)},
		resource.TestStep{Config: inactive, ConfigPlanChecks: updates(), Check: hasPolicy(acc, name, &id, one)},
		resource.TestStep{
			PreConfig: func() {
				must(t, acc.Client().SetAccessKeyPolicy(t.Context(), name, id, office))
			},
			Config: inactive, ConfigPlanChecks: updates(), Check: hasPolicy(acc, name, &id, one),
		},
		resource.TestStep{ // another spelling, as in the console, is no drift
			PreConfig: func() {
				same := one
				same.Statements = []ramapi.NetworkStatement{{Type: "ClassicWhiteList", IPList: []string{"203.0.113.77/24", "203.0.113.0/24"}}}
				must(t, acc.Client().SetAccessKeyPolicy(t.Context(), name, id, same))
			},
			Config: inactive, ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccAccessKeyPolicy_resetElsewhereIsRecreated(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	var id string
	acc.Run(t,
		resource.TestStep{Config: policyOfKey(name, offices[0]), Check: keyOf(&id)},
		resource.TestStep{
			PreConfig:        func() { must(t, acc.Client().ResetAccessKeyPolicy(t.Context(), name, id)) },
			Config:           policyOfKey(name, offices[0]),
			ConfigPlanChecks: acctest.Plans(keyPolicy, plancheck.ResourceActionCreate),
			Check:            hasPolicy(acc, name, &id, office),
		},
		resource.TestStep{ // with its key
			PreConfig:        func() { must(t, acc.Client().DeleteAccessKey(t.Context(), name, id)) },
			Config:           policyOfKey(name, offices[0]),
			ConfigPlanChecks: acctest.Plans(keyPolicy, plancheck.ResourceActionCreate),
			Check:            resource.ComposeTestCheckFunc(keyOf(&id), hasPolicy(acc, name, &id, office)),
		},
	)
}

func TestAccAccessKeyPolicy_isNotTakenForGoneWhileItDoesNotShowEverywhere(t *testing.T) {
	t.Parallel()
	var get late
	acc := acctest.NewLocal(t, get.setUp("GetAccessKeyPolicy", `{"AccessKeyPolicy":"{}"}`))
	config := policyOfKey(acc.Name("bot"), offices[0])
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{PreConfig: get.begin, Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccAccessKeyPolicy_staysWithAUserWhoIsRenamed(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	first, second := acc.Name("one"), acc.Name("two")
	var id string
	acc.Run(t,
		resource.TestStep{Config: policyOfKey(first, offices[0]), Check: keyOf(&id)},
		resource.TestStep{ // by Terraform
			Config: policyOfKey(second, offices[0]),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(keyPolicy, plancheck.ResourceActionUpdate), acctest.KnowsAllOf(keyPolicy),
			}},
			Check: hasPolicy(acc, second, &id, office),
		},
		resource.TestStep{ // in the console, by somebody who gives the name to another
			PreConfig: func() {
				rename(t, acc, second, first)
				createUser(t, acc, second)
			},
			Config:            policyOfKey(first, offices[0]),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State(keyPolicy, "user_name", first)},
			Check:             hasPolicy(acc, first, &id, office),
		},
		resource.TestStep{ // frees the name, which the account is checked for
			PreConfig: func() { deleteUser(t, acc, second) },
			Config:    policyOfKey(first, offices[0]),
		},
	)
}

func TestAccAccessKeyPolicy_goesToAnotherKeyWithIt(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	config := func(key string) string {
		return fmt.Sprintf(`
			resource "ram_user" "bot" { name = %q }
			resource "ram_access_key" "key" { user_name = ram_user.bot.name }
			resource "ram_access_key" "next" { user_name = ram_user.bot.name }
			resource "ram_access_key_policy" "key" {
			  user_name     = ram_user.bot.name
			  access_key_id = ram_access_key.%s.access_key_id
			  %s
			}`, name, key, offices[0])
	}
	var first, second string
	acc.Run(t,
		resource.TestStep{Config: config("key"), Check: keyOf(&first)},
		resource.TestStep{
			Config:           config("next"),
			ConfigPlanChecks: acctest.Plans(keyPolicy, plancheck.ResourceActionDestroyBeforeCreate),
			Check: resource.ComposeTestCheckFunc(
				hasNoPolicy(acc, name, &first),
				resource.TestCheckResourceAttrWith("ram_access_key.next", "access_key_id", func(value string) error {
					second = value
					return hasPolicy(acc, name, &second, office)(nil)
				}),
			),
		},
	)
}

func TestAccAccessKeyPolicy_existingOneIsNotTakenOver(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	key, err := acc.Client().CreateAccessKey(t.Context(), name)
	must(t, err)
	must(t, acc.Client().SetAccessKeyPolicy(t.Context(), name, key.ID, office))
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{{
		Config: fmt.Sprintf(`
			resource "ram_access_key_policy" "key" {
			  user_name     = %q
			  access_key_id = %q
			  %s
			}`, name, key.ID, fromInternet("0.0.0.0/0")),
		ExpectError: regexp.MustCompile(`terraform\s+import\s+ram_access_key_policy\.NAME\s+` + name + `:` + key.ID),
	}}})
	must(t, hasPolicy(acc, name, &key.ID, office)(nil))
}

func TestAccAccessKeyPolicy_ofAMissingKeyOrUserIsRefused(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	for user, message := range map[string]string{name: `Unable to create the network policy of access key LTAI5tMissing`, name + "-2": `Unable to find RAM user`} {
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acc.Factories(), Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
				resource "ram_access_key_policy" "key" {
				  user_name     = %q
				  access_key_id = "LTAI5tMissing"
				  %s
				}`, user, offices[0]),
			ExpectError: regexp.MustCompile(message),
		}}})
	}
}

func TestAccAccessKeyPolicy_thatGoesWithItsKeyWhileItIsDeletedIsContent(t *testing.T) {
	t.Parallel()
	var acc *acctest.Account
	var name, id string
	var armed atomic.Bool
	acc = acctest.NewLocal(t, func(s *ramserver.Server) {
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "SetAccessKeyPolicy" && armed.CompareAndSwap(true, false) {
				return &ramserver.Fault{Status: http.StatusNotFound, Code: "EntityNotExist.User.AccessKey", Message: "gone"}
			}
			return nil
		}
	})
	name = acc.Name("bot")
	acc.Run(t, resource.TestStep{
		Config: policyOfKey(name, offices[0]),
		Check: resource.ComposeTestCheckFunc(keyOf(&id), func(*terraform.State) error {
			armed.Store(true)
			return acc.Client().DeleteAccessKey(t.Context(), name, id)
		}),
		ExpectNonEmptyPlan: true,
	})
}

func TestAccAccessKeyPolicy_wrongValuesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	many := make([]string, 26)
	for i := range many {
		many[i] = fmt.Sprintf("203.0.113.%d", i)
	}
	for attributes, message := range map[string]string{
		``: `must\s+have\s+a\s+configuration\s+value`,
		strings.Repeat(fromInternet("10.0.0.1"), 8) + fromVPC("AllowAllVPC", "10.0.0.0/8"): ``, // equal ones are one
		fromInternet("10.0.0.256"):                                   `neither\s+an\s+IP\s+address`,
		fromInternet("203.0.113.7/24"):                               `write\s+"203\.0\.113\.0/24"`,
		fromInternet("203.0.113.7/32"):                               `write\s+"203\.0\.113\.7"`,
		fromInternet("2001:DB8::1"):                                  `write\s+"2001:db8::1"`,
		`status = "On"` + offices[0]:                                 `"Active"\s+"Inactive"`,
		fromVPC("vpc_1", "10.0.0.0/8"):                               `ID of a\s+VPC`,
		strings.ReplaceAll(offices[0], "Classic", "VPC"):             `A VPCWhiteList needs a value`,
		strings.ReplaceAll(offices[0], "VPCWhite", "ClassicWhite"):   `A ClassicWhiteList has no value`,
		strings.ReplaceAll(offices[0], "VPCWhite", "White"):          `must\s+be\s+one\s+of`,
		fromInternet(many...) + fromVPC("AllowAllVPC", many[:25]...): `51 addresses`,
		strings.ReplaceAll(fromInternet("x"), `["x"]`, "[]"):         `at\s+least\s+1`,
		strings.ReplaceAll(fromInternet("x"), `["x"]`, "[null]"):     `(?i)null`,
		nineStatements():                                             `at\s+most\s+8`,
	} {
		step := resource.TestStep{Config: policyOfKey("bot", attributes), PlanOnly: true, ExpectNonEmptyPlan: true}
		if message != "" {
			step.ExpectError = regexp.MustCompile(message)
		}
		acc.Run(t, step)
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func nineStatements() string {
	var all string
	for i := range 9 {
		all += fromInternet(fmt.Sprintf("203.0.113.%d", i))
	}
	return all
}

func TestAccAccessKeyPolicy_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	config := func(network string) string {
		return userWithKey(name, "") + fmt.Sprintf(`
			resource "terraform_data" "given" { input = { type = "VPCWhiteList", value = "vpc-bp1example", networks = [%q], status = "Active", user = ram_user.bot.name } }
			resource "ram_access_key_policy" "key" {
			  user_name     = terraform_data.given.output.user
			  access_key_id = ram_access_key.key.access_key_id
			  status        = terraform_data.given.output.status
			  statement {
			    type    = terraform_data.given.output.type
			    value   = terraform_data.given.output.value
			    ip_list = terraform_data.given.output.networks
			  }
			  dynamic "statement" {
			    for_each = terraform_data.given.output.networks
			    content {
			      type    = "ClassicWhiteList"
			      ip_list = [statement.value]
			    }
			  }
			}`, network)
	}
	both := func(network string) ramapi.AccessKeyPolicy {
		return ramapi.AccessKeyPolicy{Status: "Active", Statements: []ramapi.NetworkStatement{
			{Type: "ClassicWhiteList", IPList: []string{network}}, {Type: "VPCWhiteList", Value: "vpc-bp1example", IPList: []string{network}},
		}}
	}
	var id string
	acc.Run(t,
		resource.TestStep{Config: config("10.0.0.0/8"), Check: resource.ComposeTestCheckFunc(keyOf(&id), hasPolicy(acc, name, &id, both("10.0.0.0/8")))},
		resource.TestStep{
			Config:           config("172.16.0.0/12"),
			ConfigPlanChecks: acctest.Plans(keyPolicy, plancheck.ResourceActionUpdate),
			Check:            hasPolicy(acc, name, &id, both("172.16.0.0/12")),
		},
	)
}

func TestAccAccessKeyPolicy_importRefusesAnIDOfAnotherForm(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for _, id := range []string{"bot", "bot/LTAI5tExample", "LTAI5tExample"} {
		acc.Run(t, resource.TestStep{
			Config: policyOfKey("bot", offices[0]), ResourceName: keyPolicy, ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(`user:key-id`),
		})
	}
}
