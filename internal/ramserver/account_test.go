package ramserver

import (
	"strings"
	"testing"
)

func TestAccountAliasCodes(t *testing.T) {
	play(
		t, &Server{},
		step{"SetAccountAlias", "", "400 MissingAccountAlias"},
		step{"SetAccountAlias", "AccountAlias=ab", "400 InvalidParameter.AccountAlias.Length"},
		step{"SetAccountAlias", "AccountAlias=" + strings.Repeat("a", 33), "400 InvalidParameter.AccountAlias.Length"},
		step{"SetAccountAlias", "AccountAlias=Abc", "400 InvalidParameter.AccountAlias.Format"},
		step{"SetAccountAlias", "AccountAlias=-abc", "400 InvalidParameter.AccountAlias.Format"},
		step{"SetAccountAlias", "AccountAlias=a--b", "400 InvalidParameter.AccountAlias.Format"},
		step{"SetAccountAlias", "AccountAlias=acme-2", "200"},
		step{"ims SetDefaultDomain", "DefaultDomainName=acme.example.com", "400 InvalidParameter.DefaultDomainName.Format"},
		step{"ims SetDefaultDomain", "DefaultDomainName=-acme.onaliyun.com", "400 InvalidParameter.DefaultDomainName.Format"},
		step{"ims SetDefaultDomain", "DefaultDomainName=" + strings.Repeat("a", 52) + ".onaliyun.com", "400 InvalidParameter.DefaultDomainName.Length"},
		step{"ims SetDefaultDomain", "DefaultDomainName=acme_3.onaliyun.com", "200"},
	)
}

func TestAliasAndDefaultDomainAreOneOrApart(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	state := func(c *testClient) string {
		return c.ram("GetAccountAlias").text("AccountAlias") + " " + c.ims("GetDefaultDomain").text("DefaultDomainName")
	}
	expect := func(c *testClient, want string) {
		t.Helper()
		if got := state(c); got != want {
			t.Errorf("alias and domain are %q, want %q", got, want)
		}
	}
	expect(c, " 1234567890123456.onaliyun.com")
	c.ram("SetAccountAlias", "AccountAlias=acme")
	expect(c, "acme acme.onaliyun.com")
	c.ims("SetDefaultDomain", "DefaultDomainName=other.onaliyun.com")
	expect(c, "other other.onaliyun.com")
	c.ram("ClearAccountAlias")
	expect(c, " 1234567890123456.onaliyun.com")

	apart := Server{AccountID: "1111222233334444", Unsure: Unsure{AliasApartFromDomain: true, DomainApartFromAlias: true, ClearAliasKeepsDomain: true, UnsetAliasIsAccountID: true}}
	c = rootClient(t, &apart)
	expect(c, "1111222233334444 1111222233334444.onaliyun.com")
	c.ram("SetAccountAlias", "AccountAlias=acme")
	expect(c, "acme 1111222233334444.onaliyun.com")
	c.ims("SetDefaultDomain", "DefaultDomainName=other.onaliyun.com")
	expect(c, "acme other.onaliyun.com")
	c.ram("ClearAccountAlias")
	expect(c, "1111222233334444 other.onaliyun.com")
}

func TestAliasOfAnotherAccountIsRefused(t *testing.T) {
	play(
		t, &Server{TakenAliases: []string{"acme"}},
		step{"SetAccountAlias", "AccountAlias=acme", "409 EntityAlreadyExists.AccountAlias"},
		step{"ims SetDefaultDomain", "DefaultDomainName=Acme.onaliyun.com", "409 EntityAlreadyExists.DefaultDomain"},
		step{"SetAccountAlias", "AccountAlias=acme-2", "200"},
		step{"SetAccountAlias", "AccountAlias=acme-2", "200"},
	)
}

func TestUsersFollowTheDefaultDomain(t *testing.T) {
	play(
		t, &Server{},
		step{"CreateUser", "UserName=alice", "200"},
		step{"ims GetUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "200"},
		step{"SetAccountAlias", "AccountAlias=acme", "200"},
		step{"ims GetUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "404 EntityNotExist.User"},
		step{"ims GetUser", "UserPrincipalName=alice@acme.onaliyun.com", "200"},
		step{"ims SetDefaultDomain", "DefaultDomainName=our_team.onaliyun.com", "200"},
		step{"ims GetUser", "UserPrincipalName=alice@acme.onaliyun.com", "404 EntityNotExist.User"},
		step{"ims GetUser", "UserPrincipalName=alice@our_team.onaliyun.com", "200"},
		step{"ClearAccountAlias", "", "200"},
		step{"ims GetUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "200"},
	)
}

func TestAccountSummaryCountsAndShowsQuotas(t *testing.T) {
	s := Server{Quotas: Quotas{Users: 7}}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	bindDevice(t, &s, c, "alice")
	b := c.ims("GetAccountSummary")
	for field, want := range map[string]float64{
		"Users": 1, "UsersQuota": 7, "MFADevicesInUse": 1, "GroupsPerUserQuota": 10, "AttachedSystemPoliciesPerUserQuota": 20,
		"ConditionsPerAKPolicyQuota": 8, "IPItemsPerAKPolicyQuota": 50, "ServiceCredentialsPerUserPerServiceQuota": 2,
	} {
		if got := b.at("SummaryMap." + field); got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
}
