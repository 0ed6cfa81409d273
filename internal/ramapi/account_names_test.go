package ramapi

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestNamesOfTheAccountAreAskedForOnceAndFollowWrites(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	ctx := t.Context()
	expect := func(want AccountNames, calls int) {
		t.Helper()
		before := len(s.Calls())
		for range 3 {
			if names, err := c.AccountNames(ctx); err != nil || names != want {
				t.Errorf("the names are %+v, %v, want %+v", names, err, want)
			}
		}
		if upn, err := c.UserPrincipalName(ctx, "alice"); err != nil || upn != "alice@"+want.DefaultDomain {
			t.Errorf("alice is %q, %v", upn, err)
		}
		if n := len(s.Calls()) - before; n != calls {
			t.Errorf("%d calls, want %d", n, calls)
		}
	}
	expect(AccountNames{"", "1234567890123456.onaliyun.com"}, 3) // who the caller is as well
	must(t, c.SetAccountAlias(ctx, "acme"))
	expect(AccountNames{"acme", "acme.onaliyun.com"}, 1)
	must(t, c.SetDefaultDomain(ctx, "our_team.onaliyun.com"))
	expect(AccountNames{"", "our_team.onaliyun.com"}, 1)
	must(t, c.SetAccountAlias(ctx, "acme"))
	must(t, c.SetAccountAlias(ctx, ""))
	expect(AccountNames{"", "1234567890123456.onaliyun.com"}, 1)
}

func TestADomainThatAWriteHasOvertakenIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: failing("GetDefaultDomain", 1, ramserver.Fault{After: true, Delay: time.Second})}
		c := newTestClient(t, s)
		var old string
		var reader sync.WaitGroup
		reader.Go(func() { old, _ = c.DefaultDomain(t.Context()) })
		synctest.Wait() // the answer is on its way
		must(t, c.SetAccountAlias(t.Context(), "acme"))
		reader.Wait()
		now, err := c.DefaultDomain(t.Context())
		if err != nil || old != "1234567890123456.onaliyun.com" || now != "acme.onaliyun.com" {
			t.Errorf("the domain was %q and is %q, %v", old, now, err)
		}
	})
}

func TestAnAliasOfAnotherAccountIsAlreadyThere(t *testing.T) {
	c := newTestClient(t, &ramserver.Server{TakenAliases: []string{"acme"}})
	if err := c.SetAccountAlias(t.Context(), "acme"); !IsAlreadyExists(err) {
		t.Errorf("got %v", err)
	}
	if err := c.SetDefaultDomain(t.Context(), "acme.onaliyun.com"); !IsAlreadyExists(err) {
		t.Errorf("got %v", err)
	}
}

func TestAccountSummaryHasWhatTheServiceCounts(t *testing.T) {
	c := newTestClient(t, &ramserver.Server{Quotas: ramserver.Quotas{Roles: 1700}})
	summary, err := c.AccountSummary(t.Context())
	if _, made := summary["NoSuchQuota"]; err != nil || summary["RolesQuota"] != 1700 || summary["IPItemsPerAKPolicyQuota"] != 50 || made {
		t.Errorf("got %v, %v", summary, err)
	}
}
