package account_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccAccount_givesIDDomainAndLogonURL(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alias, err := acc.Client().AccountAlias(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wantAlias any
	if alias != "" {
		wantAlias = alias
	}
	acc.Run(t, resource.TestStep{
		Config: `data "ram_account" "this" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.State("data.ram_account.this", "account_id", knownvalue.StringRegexp(regexp.MustCompile(`^\d{16}$`))),
			acctest.State("data.ram_account.this", "account_alias", wantAlias),
			acctest.State("data.ram_account.this", "default_domain", knownvalue.StringRegexp(regexp.MustCompile(`\.onaliyun\.com$`))),
			acctest.State("data.ram_account.this", "logon_url", "https://signin.alibabacloud.com/login.htm"),
		},
	})
}

func TestAccAccount_givesQuotasAndUsage(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Quotas.Roles = 1700 })
	const account = "data.ram_account.this"
	part := func(of, name string, want int64) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(account, tfjsonpath.New(of).AtMapKey(name), knownvalue.Int64Exact(want))
	}
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "ram_user" "alice" { name = %q }
			data "ram_account" "this" { depends_on = [ram_user.alice] }`, acc.Name("alice")),
		ConfigStateChecks: []statecheck.StateCheck{
			part("usage", "users", 1),
			part("usage", "mfa_devices_in_use", 0),
			part("quotas", "roles", 1700),
			part("quotas", "attached_policies_per_group", 10),
			part("quotas", "attached_system_policies_per_role", 20),
			part("quotas", "service_credentials_per_user_per_service", 2),
		},
	})
	calls := map[string]int{}
	for _, c := range acc.Server.Calls() {
		calls[c.Action]++
	}
	// The plan and the apply each count the account's users before they make another.
	if reads := calls["GetAccountAlias"]; reads == 0 || calls["GetAccountSummary"] < reads || calls["GetAccountSummary"] > reads+2 {
		t.Errorf("the calls were %v, not one for the numbers in each read", calls)
	}
}
