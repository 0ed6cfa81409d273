package account_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const domain = "ram_default_domain.this"

func withDomain(name, more string) string {
	return fmt.Sprintf(`resource "ram_default_domain" "this" {
		default_domain_name = %q
		%s
	}
	`, name, more)
}

// domainIs checks the default domain in the account.
func domainIs(acc *acctest.Account, want string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		found, err := ram.DefaultDomain(ctx)
		if err == nil && found != want {
			err = fmt.Errorf("the account has the default domain %q, not %q", found, want)
		}
		return err
	})
}

func TestAccDefaultDomain_isCreatedReadImportedAndUndone(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "former", "former.onaliyun.com")
	before := names(t, acc)
	acc.Run(t,
		resource.TestStep{
			Config: withDomain("my_corp.onaliyun.com", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(domain, "default_domain_name", "my_corp.onaliyun.com"),
				acctest.State(domain, "account_id", accountID),
			},
			Check: domainIs(acc, "my_corp.onaliyun.com"),
		},
		acctest.Imports(domain, accountID, "account_id"),
		resource.TestStep{Config: withDomain("my_corp.onaliyun.com", ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccDefaultDomain_isUpdatedInPlaceAndDriftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "my_corp.onaliyun.com")
	before := names(t, acc)
	updates := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(domain, plancheck.ResourceActionUpdate),
		acctest.KnowsAllOf(domain),
	}}
	acc.Run(t,
		resource.TestStep{Config: withDomain("acme.onaliyun.com", "")},
		resource.TestStep{Config: withDomain("corp.onaliyun.com", ""), ConfigPlanChecks: updates, Check: domainIs(acc, "corp.onaliyun.com")},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().SetDefaultDomain(t.Context(), "elsewhere.onaliyun.com"); err != nil {
					t.Fatal(err)
				}
			},
			Config: withDomain("corp.onaliyun.com", ""), ConfigPlanChecks: updates, Check: domainIs(acc, "corp.onaliyun.com"),
		},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccDefaultDomain_inAnotherCasePlansNothing(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	// The alias has RAM write the domain in lower case.
	upper, lower := withDomain("Acme.onaliyun.com", "")+withAlias("acme", "depends_on = ["+domain+"]"), withDomain("acme.onaliyun.com", "")+withAlias("acme", "")
	asWritten := []statecheck.StateCheck{acctest.State(domain, "default_domain_name", "Acme.onaliyun.com")}
	acc.Run(t,
		resource.TestStep{Config: upper, ConfigStateChecks: asWritten},
		resource.TestStep{Config: upper, ConfigPlanChecks: acctest.PlansNothing(), ConfigStateChecks: asWritten},
		resource.TestStep{Config: lower, ConfigPlanChecks: acctest.PlansNothing(), ConfigStateChecks: asWritten},
	)
}

func TestAccDefaultDomain_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		withDomain("acme.example.com", ""):                         `\.onaliyun\.com at\s+the end`,
		withDomain(".onaliyun.com", ""):                            `at\s+the end`,
		withDomain("-acme.onaliyun.com", ""):                       `single -`,
		withDomain("ac--me.onaliyun.com", ""):                      `single -`,
		withDomain(strings.Repeat("a", 52)+".onaliyun.com", ""):    `at most 64`,
		withDomain("acme.onaliyun.com", `on_destroy = "whatever"`): `on_destroy`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccDefaultDomain_isKeptOrResetOnDestroy(t *testing.T) {
	t.Parallel()
	for onDestroy, want := range map[string]string{"keep": "acme.onaliyun.com", "reset": accountID + ".onaliyun.com", "restore": "former.onaliyun.com"} {
		acc := accountNamed(t, "former", "former.onaliyun.com")
		acc.Run(t, resource.TestStep{Config: withDomain("acme.onaliyun.com", fmt.Sprintf("on_destroy = %q", onDestroy))})
		if err := domainIs(acc, want)(nil); err != nil {
			t.Errorf("on_destroy = %q: %v", onDestroy, err)
		}
	}
}

func TestAccDefaultDomain_importedGoesBackToWhatWasImported(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "former", "former.onaliyun.com")
	before := names(t, acc)
	acc.Run(t, resource.TestStep{
		Config: `
			import {
			  to = ram_default_domain.this
			  id = "` + accountID + `"
			}
			` + withDomain("acme.onaliyun.com", ""),
		ConfigPlanChecks: acctest.Plans(domain, plancheck.ResourceActionUpdate),
	})
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}
