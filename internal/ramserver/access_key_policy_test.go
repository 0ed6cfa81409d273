package ramserver

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

const aliceUPN = "UserPrincipalName=alice@1234567890123456.onaliyun.com"

// keyOfAlice makes a user with an access key.
func keyOfAlice(c *testClient) (key string) {
	c.t.Helper()
	c.ram("CreateUser", "UserName=alice")
	return c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")
}

func TestAccessKeyPolicyIsKeptAsWritten(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	key := "UserAccessKeyId=" + keyOfAlice(c)
	get := func() string { return c.ims("GetAccessKeyPolicy", aliceUPN, key).text("AccessKeyPolicy") }
	if got := get(); got != "{}" {
		t.Errorf("a policy that was never set is %s", got)
	}
	const policy = `{"Version":1,"Status":"Active","Statements":[` +
		`{"Type":"ClassicWhiteList","IPList":["203.0.113.7/24","2001:db8::1"]},` +
		`{"Type":"VPCWhiteList","Value":"vpc-bp1234567890abcdef","IPList":["10.0.0.0/8"]}]}`
	if got := c.ims("SetAccessKeyPolicy", aliceUPN, key, "AccessKeyPolicy="+policy).text("AccessKeyPolicy"); got != policy {
		t.Errorf("set as %s", got)
	}
	if got := get(); got != policy {
		t.Errorf("got %s, want %s", got, policy)
	}
	c.ims("SetAccessKeyPolicy", aliceUPN, key, `AccessKeyPolicy={"Status":"Inactive","Statements":[]}`)
	if got := get(); got != `{"Version":1,"Status":"Inactive","Statements":[]}` {
		t.Errorf("reset to %s", got)
	}
}

func TestAccessKeyPolicyCodes(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	key := keyOfAlice(c)
	c.ram("CreateUser", "UserName=bob")
	const malformed = "400 InvalidParameter.AccessKeyPolicy.Format"
	set := func(policy, want string) step {
		return step{"ims SetAccessKeyPolicy", aliceUPN + "&UserAccessKeyId=" + key + "&AccessKeyPolicy=" + url.QueryEscape(policy), want}
	}
	list := func(statements ...string) string {
		return `{"Status":"Active","Statements":[` + strings.Join(statements, ",") + `]}`
	}
	classic := func(addresses ...string) string {
		return `{"Type":"ClassicWhiteList","IPList":["` + strings.Join(addresses, `","`) + `"]}`
	}
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf("203.0.113.%d", i))
	}
	play(
		t, &s,
		set(`{}`, malformed),
		set(`{"Status":"Active"}`, malformed),
		set(`{"Status":"Active","Statements":null}`, malformed),
		set(`{"Version":2,"Status":"Active","Statements":[]}`, malformed),
		set(`{"Status":"On","Statements":[]}`, malformed),
		set(list(`{"Type":"WhiteList","IPList":["10.0.0.1"]}`), malformed),
		set(list(`{"Type":"ClassicWhiteList","Value":"AllowAllVPC","IPList":["10.0.0.1"]}`), malformed),
		set(list(`{"Type":"VPCWhiteList","IPList":["10.0.0.1"]}`), malformed),
		set(list(`{"Type":"VPCWhiteList","Value":"all","IPList":["10.0.0.1"]}`), malformed),
		set(list(`{"Type":"VPCWhiteList","Value":"AllowAllVPC","IPList":[]}`), malformed),
		set(list(classic("10.0.0.256")), malformed),
		set(list(classic("fe80::1%eth0")), malformed),
		set(list(classic(many[:25]...), classic(many[25:50]...)), "200"),
		set(list(classic(many...)), "409 LimitExceeded.AccessKeyPolicy.IP"),
		set(list(strings.Split(strings.Repeat(classic("10.0.0.1")+";", 9), ";")[:9]...), "409 LimitExceeded.AccessKeyPolicy.Statement"),
		step{"ims SetAccessKeyPolicy", aliceUPN + "&UserAccessKeyId=" + key, "400 MissingAccessKeyPolicy"},
		step{"ims GetAccessKeyPolicy", aliceUPN, "400 MissingUserAccessKeyId"},
		step{"ims GetAccessKeyPolicy", "UserPrincipalName=bob@1234567890123456.onaliyun.com&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"ims GetAccessKeyPolicy", "UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"ims GetAccessKeyPolicy", "UserPrincipalName=carol@1234567890123456.onaliyun.com&UserAccessKeyId=" + key, "404 EntityNotExist.User"},
		step{"ims GetAccessKeyPolicy", aliceUPN + "&UserAccessKeyId=" + key, "200"},
	)
}

func TestAccessKeyPolicyMayBeMissingOrNormalised(t *testing.T) {
	s := Server{Unsure: Unsure{NoKeyPolicyIsMissing: true, KeyAddressesNormalised: true}}
	c := rootClient(t, &s)
	key := "UserAccessKeyId=" + keyOfAlice(c)
	c.refused(404, "EntityNotExist.AccessKeyPolicy", imsVersion, "GetAccessKeyPolicy", aliceUPN, key)
	c.ims("SetAccessKeyPolicy", aliceUPN, key,
		`AccessKeyPolicy={"Status":"Active","Statements":[{"Type":"ClassicWhiteList","IPList":["203.0.113.7/24","2001:DB8::1"]}]}`)
	if got := c.ims("GetAccessKeyPolicy", aliceUPN, key).text("AccessKeyPolicy"); !strings.Contains(got, `["203.0.113.0/24","2001:db8::1/128"]`) {
		t.Errorf("got %s", got)
	}
}
