package account_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// The number of the account that tests have, and the alias of most.
const (
	accountID = "1234567890123456"
	alias     = "ram_account_alias.this"
)

func withAlias(name, more string) string {
	return fmt.Sprintf(`resource "ram_account_alias" "this" {
		account_alias = %q
		%s
	}
	`, name, more)
}

// accountNamed gives a private account with an alias and a default domain, either of them empty where there is none.
func accountNamed(t *testing.T, aliasName, domainName string, setUp ...func(*ramserver.Server)) *acctest.Account {
	t.Helper()
	return acctest.NewLocal(t, append(setUp, func(s *ramserver.Server) {
		if err := s.Load(fmt.Appendf(nil, `{"Format": 1, "AccountAlias": %q, "DefaultDomain": %q}`, aliasName, domainName)); err != nil {
			t.Fatal(err)
		}
	})...)
}

// names gives both names of the account.
func names(t *testing.T, acc *acctest.Account) ramapi.AccountNames {
	t.Helper()
	found, err := acc.Client().AccountNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// aliasIs checks the alias in the account.
func aliasIs(acc *acctest.Account, want string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		found, err := ram.AccountAlias(ctx)
		if err == nil && found != want {
			err = fmt.Errorf("the account has the alias %q, not %q", found, want)
		}
		return err
	})
}

// setAlias changes the alias outside Terraform; an empty one removes it.
func setAlias(t *testing.T, acc *acctest.Account, name string) {
	t.Helper()
	if err := acc.Client().SetAccountAlias(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

func TestAccAccountAlias_isCreatedReadImportedAndUndone(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	before := names(t, acc)
	acc.Run(t,
		resource.TestStep{
			Config: withAlias("acme", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(alias, "account_alias", "acme"),
				acctest.State(alias, "account_id", accountID),
				acctest.State(alias, "on_destroy", nil),
			},
			Check: aliasIs(acc, "acme"),
		},
		acctest.Imports(alias, accountID, "account_id"),
		resource.TestStep{Config: withAlias("acme", ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccAccountAlias_isUpdatedInPlaceAndGoesBackToTheFirst(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "former", "former.onaliyun.com")
	before := names(t, acc)
	acc.Run(t,
		resource.TestStep{Config: withAlias("acme", ""), Check: aliasIs(acc, "acme")},
		resource.TestStep{
			Config: withAlias("acme-2", ""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(alias, plancheck.ResourceActionUpdate),
				acctest.KnowsAllOf(alias),
			}},
			Check: aliasIs(acc, "acme-2"),
		},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccAccountAlias_thatIsThereAlreadyIsNotWritten(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "acme", "acme.onaliyun.com")
	acc.Run(t,
		resource.TestStep{Config: withAlias("acme", "")},
		resource.TestStep{Config: withAlias("acme", `on_destroy = "restore"`)},
	)
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("the account was changed by %v", writes)
	}
}

func TestAccAccountAlias_driftIsRepaired(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	acc.Run(t,
		resource.TestStep{Config: withAlias("acme", "")},
		resource.TestStep{
			PreConfig:        func() { setAlias(t, acc, "renamed") },
			Config:           withAlias("acme", ""),
			ConfigPlanChecks: acctest.Plans(alias, plancheck.ResourceActionUpdate),
			Check:            aliasIs(acc, "acme"),
		},
		resource.TestStep{
			PreConfig:        func() { setAlias(t, acc, "") },
			Config:           withAlias("acme", ""),
			ConfigPlanChecks: acctest.Plans(alias, plancheck.ResourceActionCreate),
			Check:            aliasIs(acc, "acme"),
		},
		resource.TestStep{
			PreConfig: func() { setAlias(t, acc, "") },
			Config:    withAlias("acme", ""), Destroy: true,
		},
	)
}

func TestAccAccountAlias_mistakesAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for config, message := range map[string]string{
		withAlias("ab", ""): `length must\s+be between 3 and 32`,
		withAlias("a23456789012345678901234567890123", ""):           `length must\s+be between 3 and 32`,
		withAlias("Acme", ""):                                        `lower-case`,
		withAlias("-acme", ""):                                       `single -`,
		withAlias("ac--me", ""):                                      `single -`,
		withAlias("acme", `on_destroy = "forget"`):                   `on_destroy`,
		withAlias("acme", "") + withDomain("corp.onaliyun.com", ""):  `contradict each other`,
		withAlias("acme", "") + withDomain("acme_.onaliyun.com", ""): `contradict each other`,
	} {
		acc.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	if writes := acc.Writes(0); len(writes) > 0 {
		t.Errorf("%s was called for what is known to be wrong", writes)
	}
}

func TestAccAccountAlias_contradictionKnownLateIsRefusedBeforeItIsMade(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	acc.Run(t,
		resource.TestStep{
			Config: withAlias("acme", "") + `
				resource "terraform_data" "domain" { input = "corp.onaliyun.com" }
				resource "ram_default_domain" "this" { default_domain_name = terraform_data.domain.output }`,
			ExpectError: regexp.MustCompile(`contradict each other`),
		},
		resource.TestStep{
			PreConfig: func() {
				if n := acc.CallsOf("SetAccountAlias") + acc.CallsOf("SetDefaultDomain"); n > 1 {
					t.Errorf("%d names were set, although the two contradict each other", n)
				}
			},
			Config: withAlias("acme", ""),
		},
	)
}

func TestAccAccountAlias_ofAnotherAccountIsNamedAtTheAttribute(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "", func(s *ramserver.Server) { s.TakenAliases = []string{"acme"} })
	for config, message := range map[string]string{
		withAlias("acme", ""):               `(?s)Another\s+Alibaba\s+Cloud\s+account\s+has\s+the\s+alias\s+"acme".*account_alias = "acme"`,
		withDomain("acme.onaliyun.com", ""): `(?s)Another\s+Alibaba\s+Cloud\s+account\s+has\s+the\s+default\s+domain\s+"acme.onaliyun.com".*default_domain_name = "acme`,
	} {
		acc.Run(t, resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message)})
	}
}

func TestAccAccountAlias_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	acc.Run(t, resource.TestStep{
		Config: `
			resource "terraform_data" "alias" { input = "acme" }
			resource "ram_account_alias" "this" { account_alias = terraform_data.alias.output }
			resource "ram_default_domain" "this" { default_domain_name = "${ram_account_alias.this.account_alias}.onaliyun.com" }`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State(alias, "account_alias", "acme"),
			acctest.State(domain, "default_domain_name", "acme.onaliyun.com"),
		},
	})
}

func TestAccAccountAlias_importedGoesBackToWhatWasImported(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "former", "former.onaliyun.com")
	before := names(t, acc)
	const imports = `
		import {
		  to = ram_account_alias.this
		  id = "` + accountID + `"
		}
		`
	acc.Run(t,
		resource.TestStep{Config: imports + withAlias("former", ""), ConfigPlanChecks: acctest.Plans(alias, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: withAlias("acme", ""), Check: aliasIs(acc, "acme")},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
	acc.Run(t, resource.TestStep{Config: imports + withAlias("acme", ""), Check: aliasIs(acc, "acme")})
	if after := names(t, acc); after != before {
		t.Errorf("imported and changed at once, the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccAccountAlias_importWithoutAnAliasOrOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	for id, message := range map[string]string{
		accountID:          `The\s+account\s+has\s+no\s+alias`,
		"6543210987654321": `not\s+the\s+ID\s+of\s+the\s+account`,
	} {
		acc.Run(t, resource.TestStep{
			Config: withAlias("acme", ""), ResourceName: alias, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message),
		})
	}
}

func TestAccAccountAlias_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acc.Factories(),
		Steps: []resource.TestStep{
			{Config: withAlias("acme", "") + withDomain("acme.onaliyun.com", "")},
			{ResourceName: alias, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: withAlias("acme", "")},
			{ResourceName: domain, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: withDomain("acme.onaliyun.com", "")},
		},
	})
}

func TestAccAccountAlias_secondOneIsRefused(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	acc.Run(t, resource.TestStep{
		Config:      withAlias("acme", "") + `resource "ram_account_alias" "other" { account_alias = "acme" }`,
		ExpectError: regexp.MustCompile(`A second ram_account_alias`),
	})
}

func TestAccAccountAlias_isNotUndoneForOneThatHasTakenOver(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "former", "former.onaliyun.com")
	config := withAlias("acme", "lifecycle { create_before_destroy = true }")
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			Taint: []string{alias}, Config: config,
			ConfigPlanChecks: acctest.Plans(alias, plancheck.ResourceActionCreateBeforeDestroy),
			Check:            aliasIs(acc, "acme"),
		},
	)
}

func TestAccAccountAlias_isKeptOrClearedOnDestroy(t *testing.T) {
	t.Parallel()
	for onDestroy, want := range map[string]string{"keep": "acme", "reset": "", "restore": "former"} {
		acc := accountNamed(t, "former", "former.onaliyun.com")
		acc.Run(t,
			resource.TestStep{Config: withAlias("acme", "")},
			resource.TestStep{
				Config:           withAlias("acme", fmt.Sprintf("on_destroy = %q", onDestroy)),
				ConfigPlanChecks: acctest.Plans(alias, plancheck.ResourceActionUpdate),
			},
		)
		if err := aliasIs(acc, want)(nil); err != nil {
			t.Errorf("on_destroy = %q: %v", onDestroy, err)
		}
	}
}

func TestAccAccountAlias_ofAStateForAnotherAccountIsLeftAlone(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	other := accountNamed(t, "theirs", "theirs.onaliyun.com", func(s *ramserver.Server) { s.AccountID = "6543210987654321" })
	own := acc.Env()
	workOn := func(env map[string]string) func() {
		return func() {
			for name, value := range env {
				acc.SetEnv(name, value)
			}
		}
	}
	acc.Run(t,
		resource.TestStep{Config: withAlias("acme", "") + withDomain("acme.onaliyun.com", "")},
		resource.TestStep{
			PreConfig:   workOn(other.Env()),
			Config:      withAlias("acme", "") + withDomain("acme.onaliyun.com", ""),
			ExpectError: regexp.MustCompile(`Another\s+Alibaba\s+Cloud\s+account`),
		},
		resource.TestStep{
			PreConfig: workOn(own),
			Config:    withAlias("acme", "") + withDomain("acme.onaliyun.com", ""),
		},
	)
	if got := names(t, other); got.Alias != "theirs" {
		t.Errorf("the other account has %+v", got)
	}
}

// Whichever is applied first, alias and domain that match settle, and go back together.
func TestAccAccountAlias_andItsDomainSettleAndGoBackTogether(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before ramapi.AccountNames
		config string
	}{
		"at once": {
			ramapi.AccountNames{},
			withAlias("acme", "") + withDomain("acme.onaliyun.com", ""),
		},
		"the alias first": {
			ramapi.AccountNames{DefaultDomain: "my_corp.onaliyun.com"},
			withAlias("acme", "") + withDomain("acme.onaliyun.com", "depends_on = ["+alias+"]"),
		},
		"the domain first": {
			ramapi.AccountNames{Alias: "former", DefaultDomain: "former.onaliyun.com"},
			withAlias("acme", "depends_on = ["+domain+"]") + withDomain("acme.onaliyun.com", ""),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acc := accountNamed(t, c.before.Alias, c.before.DefaultDomain)
			before := names(t, acc)
			acc.Run(t,
				resource.TestStep{Config: c.config},
				resource.TestStep{Config: c.config, ConfigPlanChecks: acctest.PlansNothing(), Check: aliasIs(acc, "acme")},
			)
			if after := names(t, acc); after != before {
				t.Errorf("the account has %+v afterwards, and had %+v", after, before)
			}
		})
	}
}

func TestAccAccountAlias_andItsDomainAreRenamedTogether(t *testing.T) {
	t.Parallel()
	acc := accountNamed(t, "", "")
	before := names(t, acc)
	acc.Run(t,
		resource.TestStep{Config: withAlias("acme", "")},
		resource.TestStep{Config: withAlias("acme", "") + withDomain("acme.onaliyun.com", "")},
		resource.TestStep{Config: withAlias("corp", "") + withDomain("corp.onaliyun.com", "")},
		resource.TestStep{
			Config:           withAlias("corp", "") + withDomain("corp.onaliyun.com", ""),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check: func(*terraform.State) error {
				if now := names(t, acc); now != (ramapi.AccountNames{Alias: "corp", DefaultDomain: "corp.onaliyun.com"}) {
					return fmt.Errorf("the account has %+v", now)
				}
				return nil
			},
		},
	)
	if after := names(t, acc); after != before {
		t.Errorf("the account has %+v afterwards, and had %+v", after, before)
	}
}

func TestAccAccountAlias_leavesEverythingElseQuiet(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	user := fmt.Sprintf("resource \"ram_user\" \"alice\" { name = %q }\n", acc.Name("alice"))
	acc.Run(t,
		resource.TestStep{Config: user},
		resource.TestStep{Config: user + withAlias("acme", "")},
		resource.TestStep{Config: user + withAlias("acme", ""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}
