package account_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
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
