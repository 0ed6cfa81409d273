package ramserver

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// trusting is a trust policy for one principal.
func trusting(principal, condition string) string {
	return `AssumeRolePolicyDocument={"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":` +
		principal + `,"Condition":` + condition + `}]}`
}

const (
	roleR = "RoleArn=acs:ram::1234567890123456:role/r"
	named = "RoleSessionName=me"
)

// assumed returns a client with the credentials of a session.
func assumed(t *testing.T, s *Server, b body) *testClient {
	t.Helper()
	return &testClient{
		t, s, b.text("Credentials.AccessKeyId"), b.text("Credentials.AccessKeySecret"), b.text("Credentials.SecurityToken"),
	}
}

func TestAssumeRoleCodes(t *testing.T) {
	play(
		t, &Server{},
		step{"CreateRole", "RoleName=r&" + trustDoc, "200"},
		step{"sts AssumeRole", named, "400 MissingRoleArn"},
		step{"sts AssumeRole", roleR, "400 MissingRoleSessionName"},
		step{"sts AssumeRole", roleR + "&RoleSessionName=a", "400 InvalidParameter.RoleSessionName.Length"},
		step{"sts AssumeRole", roleR + "&RoleSessionName=a:b", "400 InvalidParameter.RoleSessionName.InvalidChars"},
		step{"sts AssumeRole", "RoleArn=r&" + named, "400 InvalidParameter.RoleArn.Format"},
		step{"sts AssumeRole", roleR + "x&" + named, "404 EntityNotExist.Role"},
		step{"sts AssumeRole", roleR + "&" + named + "&DurationSeconds=899", "400 InvalidParameter.DurationSeconds.Range"},
		step{"sts AssumeRole", roleR + "&" + named + "&DurationSeconds=3601", "400 InvalidParameter.DurationSeconds.Range"},
		step{"sts AssumeRole", roleR + "&" + named + "&Policy=x", "400 MalformedPolicyDocument"},
		step{"sts AssumeRole", roleR + "&" + named, "200"},
	)
}

func TestASessionSignsCallsUntilItExpires(t *testing.T) {
	now := time.Now()
	s := Server{Now: func() time.Time { return now }}
	c := rootClient(t, &s)
	id := c.ram("CreateRole", "RoleName=r", "AssumeRolePolicyDocument="+trustDocument).text("Role.RoleId")
	b := c.sts("AssumeRole", roleR, named, "DurationSeconds=900")
	if b.text("AssumedRoleUser.Arn") != "acs:ram::1234567890123456:role/r/me" || b.text("AssumedRoleUser.AssumedRoleId") != id+":me" {
		t.Errorf("assumed: %v", b.at("AssumedRoleUser"))
	}
	session := assumed(t, &s, b)
	who := session.sts("GetCallerIdentity")
	if who.text("IdentityType") != "AssumedRoleUser" || who.text("RoleId") != id || who.at("UserId") != nil ||
		who.text("Arn") != "acs:ram::1234567890123456:assumed-role/r/me" {
		t.Errorf("caller: %v", who)
	}
	forged := *session
	forged.token += "x"
	forged.refused(400, "InvalidSecurityToken.MismatchWithAccessKey", stsVersion, "GetCallerIdentity")
	forged.token = ""
	forged.refused(400, "InvalidSecurityToken.Malformed", stsVersion, "GetCallerIdentity")
	withToken := *c
	withToken.token = session.token
	withToken.refused(400, "InvalidSecurityToken.MismatchWithAccessKey", stsVersion, "GetCallerIdentity")

	now = now.Add(15 * time.Minute)
	session.refused(400, "InvalidSecurityToken.Expired", stsVersion, "GetCallerIdentity")

	session = assumed(t, &s, c.sts("AssumeRole", roleR, named))
	c.ram("DeleteRole", "RoleName=r")
	session.refused(404, "InvalidAccessKeyId.NotFound", stsVersion, "GetCallerIdentity")
	if len(s.state.Sessions) != 0 {
		t.Error("a session outlives its role")
	}
}

func TestTheTrustPolicyDecidesWhoAssumesARole(t *testing.T) {
	const account = "acs:ram::1234567890123456:"
	tests := map[string]struct {
		principal, condition string
		args                 []string
		root, alice          bool
	}{
		"the account":    {`{"RAM":["` + account + `root"]}`, `{}`, nil, true, true},
		"alice":          {`{"RAM":"` + account + `user/alice"}`, `{}`, nil, false, true},
		"bob":            {`{"RAM":"` + account + `user/bob"}`, `{}`, nil, false, false},
		"a service":      {`{"Service":["ecs.aliyuncs.com"]}`, `{}`, nil, false, false},
		"with an id":     {`{"RAM":"` + account + `root"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`, []string{"ExternalId=x"}, true, true},
		"another id":     {`{"RAM":"` + account + `root"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`, []string{"ExternalId=y"}, false, false},
		"no id":          {`{"RAM":"` + account + `root"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`, nil, false, false},
		"pattern":        {`{"RAM":"` + account + `root"}`, `{"StringLike":{"sts:ExternalId":"x-?-*"}}`, []string{"ExternalId=x-1-22"}, true, true},
		"unknown clause": {`{"RAM":"` + account + `root"}`, `{"Bool":{"acs:MFAPresent":"true"}}`, nil, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s Server
			c := rootClient(t, &s)
			c.ram("CreateUser", "UserName=alice")
			c.ram("CreateUser", "UserName=bob")
			b := c.ram("CreateAccessKey", "UserName=alice")
			alice := &testClient{t, &s, b.text("AccessKey.AccessKeyId"), b.text("AccessKey.AccessKeySecret"), ""}
			c.ram("CreateRole", "RoleName=r", trusting(tt.principal, tt.condition))
			for who, want := range map[*testClient]bool{c: tt.root, alice: tt.alice} {
				if args := append([]string{roleR, named}, tt.args...); want {
					who.sts("AssumeRole", args...)
				} else {
					who.refused(403, "NoPermission", stsVersion, "AssumeRole", args...)
				}
			}
		})
	}
}

func TestDenyInATrustPolicyWins(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateRole", "RoleName=r", `AssumeRolePolicyDocument={"Version":"1","Statement":[`+
		`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1234567890123456:root"}},`+
		`{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1234567890123456:root"},"Condition":{"Bool":{"acs:MFAPresent":"false"}}}]}`)
	c.refused(403, "NoPermission", stsVersion, "AssumeRole", roleR, named)
}

func TestAssumeRoleWithOIDCLimitsTheAgeOfATokenOfAProviderThatIMSMade(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	arn := c.ims("CreateOIDCProvider", "OIDCProviderName=ci", "IssuerUrl=https://ci.example.com", "ClientIds=client", "Fingerprints=ab",
		"IssuanceLimitTime=2").text("OIDCProvider.Arn")
	c.ram("CreateRole", "RoleName=r", trusting(`{"Federated":"`+arn+`"}`, `{}`))
	for hours, want := range map[int]int{1: 200, 3: 400} {
		claims := fmt.Sprintf(`{"iss":"https://ci.example.com","aud":"client","iat":%d,"exp":%d}`,
			time.Now().Add(-time.Duration(hours)*time.Hour).Unix(), time.Now().Add(time.Hour).Unix())
		token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
		if status, b := c.do(stsVersion, "AssumeRoleWithOIDC", roleR, named, "OIDCProviderArn="+arn, "OIDCToken="+token); status != want {
			t.Errorf("a token of %d hours: %d %v", hours, status, b)
		}
	}
}

func idTokenText(iss, aud, sub string, expires time.Time) string {
	claims := fmt.Sprintf(`{"iss":%q,"aud":%s,"sub":%q,"exp":%d}`, iss, aud, sub, expires.Unix())
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

func TestAssumeRoleWithOIDCTakesTokensOfARegisteredProvider(t *testing.T) {
	const issuer = "https://oidc.example.com"
	later := time.Now().Add(time.Hour)
	good := idTokenText(issuer, `["client"]`, "repo:main", later)
	tests := map[string]struct {
		provider, token string
		status          int
		code            string
	}{
		"good":               {"idp", good, 200, ""},
		"one audience":       {"idp", idTokenText(issuer, `"client"`, "repo:main", later), 200, ""},
		"another subject":    {"idp", idTokenText(issuer, `"client"`, "repo:fork", later), 403, "NoPermission"},
		"another issuer":     {"idp", idTokenText("https://x.example.com", `"client"`, "repo:main", later), 400, "AuthenticationFail.OIDCToken.Invalid"},
		"another audience":   {"idp", idTokenText(issuer, `"other"`, "repo:main", later), 400, "AuthenticationFail.OIDCToken.Invalid"},
		"expired":            {"idp", idTokenText(issuer, `"client"`, "repo:main", time.Now()), 400, "AuthenticationFail.OIDCToken.Expired"},
		"not a token":        {"idp", "x", 400, "AuthenticationFail.OIDCToken.Invalid"},
		"no such provider":   {"other", good, 404, "EntityNotExist.OIDCProvider"},
		"claims not an json": {"idp", "e30.e30x.c2ln", 400, "AuthenticationFail.OIDCToken.Invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var s Server
			arn := s.AddOIDCProvider("idp", issuer, "client")
			rootClient(t, &s).ram("CreateRole", "RoleName=r", trusting(`{"Federated":"`+arn+`"}`,
				`{"StringEquals":{"oidc:iss":"`+issuer+`","oidc:aud":"client"},"StringLike":{"oidc:sub":"repo:m*"}}`))
			p := params(roleR, named, "OIDCProviderArn=acs:ram::1234567890123456:oidc-provider/"+tt.provider, "OIDCToken="+tt.token)
			hr := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(p.Encode()))
			hr.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			hr.Header.Set("x-acs-action", "AssumeRoleWithOIDC")
			hr.Header.Set("x-acs-version", stsVersion)
			status, b := send(t, &s, hr)
			if status != tt.status || b.text("Code") != tt.code {
				t.Fatalf("got %d %v", status, b)
			}
			if status == 200 {
				assumed(t, &s, b).sts("GetCallerIdentity")
			}
			for _, call := range s.Calls() {
				if call.Params.Has("OIDCToken") {
					t.Error("the token is in Calls")
				}
			}
		})
	}
}

func TestASourceIdentityNeedsTheTrustPolicy(t *testing.T) {
	const both = `AssumeRolePolicyDocument={"Version":"1","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`
	s := &Server{}
	play(
		t, s,
		step{"CreateRole", "RoleName=r&" + trustDoc, "200"},
		step{"sts AssumeRole", roleR + "&" + named + "&SourceIdentity=alice", "403 NoPermission"},
		step{"CreateRole", "RoleName=open&" + both, "200"},
		step{"sts AssumeRole", roleR + "&" + named + "&SourceIdentity=a", "400 InvalidParameter.SourceIdentity.Length"},
		step{"sts AssumeRole", roleR + "&" + named + "&SourceIdentity=a:b", "400 InvalidParameter.SourceIdentity.InvalidChars"},
	)
	b := rootClient(t, s).sts("AssumeRole", "RoleArn=acs:ram::1234567890123456:role/open", named, "SourceIdentity=alice")
	if b.text("SourceIdentity") != "alice" {
		t.Errorf("the answer is %v", b)
	}
}
