package ramserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// commandLine is the program aliyun with one of its profiles: it calls by the RPC style of alibaba-cloud-sdk-go, with
// all parameters in the URL, whatever the method is, and an empty form.
type commandLine struct {
	t                 *testing.T
	s                 *Server
	id, secret, token string
}

func (c commandLine) run(method, version, action string, parameters ...string) (int, body) {
	c.t.Helper()
	p := params(append(parameters, "RegionId=cn-hangzhou", "SignatureType=")...)
	if c.token != "" {
		p.Set("SecurityToken", c.token)
	}
	query := signedV1(method, version, action, c.id, c.secret, p, c.s.now()).Encode()
	hr := httptest.NewRequest(method, "http://127.0.0.1:8080/?"+query, strings.NewReader(""))
	hr.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	hr.Header.Set("User-Agent", "AlibabaCloud (linux; amd64) Golang/1.22 Core/0.0.1 Aliyun-CLI/3.0.277")
	hr.Header.Set("x-sdk-client", "golang/1.0.0")
	hr.Header.Set("x-sdk-invoke-type", "common")
	return send(c.t, c.s, hr)
}

func TestTheCommandLineOfAlibabaCloudWorks(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		s := &Server{}
		id, secret := s.Administrator("admin")
		admin := commandLine{t: t, s: s, id: id, secret: secret}
		const comments = "a b*c~d/中+e&f=g"
		if status, b := admin.run(method, ramVersion, "CreateUser", "UserName=alice", "Comments="+comments); status != http.StatusOK {
			t.Fatalf("%s: %v", method, b)
		}
		if _, b := admin.run(method, ramVersion, "GetUser", "UserName=alice"); b.text("User.Comments") != comments {
			t.Errorf("%s: alice is %v", method, b)
		}
		status, b := admin.run(method, ramVersion, "GetUser", "UserName=bob")
		if status != http.StatusNotFound || b.text("Code") != "EntityNotExist.User" || b.text("Message") == "" {
			t.Errorf("%s: status %d: %v", method, status, b)
		}
		_, b = admin.run(method, imsVersion, "CreateUser", "UserPrincipalName=carol@"+s.defaultDomain(), "DisplayName=Carol", "Tag.1.Key=team", "Tag.1.Value=red")
		if b.text("User.Tags.Tag.0.TagValue") != "red" {
			t.Errorf("%s: carol is %v", method, b)
		}
		_, first := admin.run(method, ramVersion, "ListUsers", "MaxItems=2")
		_, second := admin.run(method, ramVersion, "ListUsers", "MaxItems=2", "Marker="+first.text("Marker"))
		if len(first.list("Users.User")) != 2 || len(second.list("Users.User")) != 1 {
			t.Errorf("%s: the pages are %v and %v", method, first, second)
		}

		_, role := admin.run(method, ramVersion, "CreateRole", "RoleName=auditor", "AssumeRolePolicyDocument="+trustDocument)
		_, session := admin.run(method, stsVersion, "AssumeRole", "RoleArn="+role.text("Role.Arn"), "RoleSessionName=cli")
		assumed := commandLine{t, s, session.text("Credentials.AccessKeyId"), session.text("Credentials.AccessKeySecret"), session.text("Credentials.SecurityToken")}
		if _, b := assumed.run(method, stsVersion, "GetCallerIdentity"); b.text("IdentityType") != "AssumedRoleUser" {
			t.Errorf("%s: the caller is %v", method, b)
		}
		assumed.secret = "another"
		if status, b := assumed.run(method, stsVersion, "GetCallerIdentity"); b.text("Code") != "SignatureDoesNotMatch" {
			t.Errorf("%s: with a wrong secret: status %d: %v", method, status, b)
		}
	}
}
