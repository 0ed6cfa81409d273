package ramapi

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const openTrust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`

func TestARoleIsAssumedForAnother(t *testing.T) {
	s := &ramserver.Server{Intercept: failing("AssumeRole", 1, ramserver.Fault{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"})}
	c := newTestClient(t, s)
	role, err := c.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: openTrust, MaxSessionDuration: 7200})
	must(t, err)
	got, err := c.AssumeRole(t.Context(), AssumeRole{RoleARN: role.ARN, SessionName: "nightly", SourceIdentity: "alice", DurationSeconds: 7200})
	must(t, err)
	if !strings.HasSuffix(got.AssumedRoleARN, "role/deployer/nightly") || got.AssumedRoleID != role.ID+":nightly" {
		t.Errorf("the session is of %s, %s", got.AssumedRoleARN, got.AssumedRoleID)
	}
	if left := time.Until(got.Expires); left < 7100*time.Second || left > 7300*time.Second {
		t.Errorf("the session lasts %v", left)
	}
	as := newTestClient(t, s, func(config *Config) {
		config.Credentials = Credentials{AccessKeyID: got.AccessKeyID, AccessKeySecret: got.AccessKeySecret, SecurityToken: got.SecurityToken}
	})
	who, err := as.CallerIdentity(t.Context())
	if must(t, err); who.RoleID != role.ID {
		t.Errorf("the credentials are those of %+v", who)
	}
}

// The role is looked up where it can be, and by its very account.
func TestTheLongestSessionIsKnownOfOwnRoles(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	_, err := c.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: openTrust, MaxSessionDuration: 7200})
	must(t, err)
	for arn, want := range map[string]int64{
		"acs:ram::1234567890123456:role/deployer": 7200,
		"acs:ram::1234567890123456:role/nobody":   0,
		"acs:ram::1234567890123456:user/deployer": 0,
		"acs:ram::6543210987654321:role/deployer": 0,
	} {
		if got, known := c.LongestSession(t.Context(), arn); got != want || known != (want > 0) {
			t.Errorf("%s: %d, %t", arn, got, known)
		}
	}
	s.Intercept = failing("GetRole", 1, ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission"})
	if _, known := newTestClient(t, s).LongestSession(t.Context(), "acs:ram::1234567890123456:role/deployer"); known {
		t.Error("the longest session is known of a role that cannot be read")
	}
}

func TestASessionThatIsTooLongIsRefusedWithAdvice(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	role, err := c.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: openTrust})
	must(t, err)
	_, err = c.AssumeRole(t.Context(), AssumeRole{RoleARN: role.ARN, DurationSeconds: 3601})
	e, ok := err.(*Error)
	if !ok || !strings.Contains(e.Advice(), "max_session_duration") {
		t.Errorf("got %v", err)
	}
}

// Other calls may not see a new role, and policies may not trust a new user yet.
func TestARoleThatWasJustMadeIsWaitedForToBeAssumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, &ramserver.Server{Unsure: ramserver.Unsure{LateVisibility: true}})
		role, err := c.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: openTrust})
		must(t, err)
		_, err = c.AssumeRole(t.Context(), AssumeRole{RoleARN: role.ARN})
		must(t, err)
	})
}

// Nor does an earlier run's new role show everywhere yet. What never shows is not
// waited for long.
func TestARoleThatAnotherClientJustMadeIsWaitedForToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Unsure: ramserver.Unsure{LateVisibility: true}}
		role, err := newTestClient(t, s).CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: openTrust})
		must(t, err)
		c := newTestClient(t, s)
		_, err = c.AssumeRole(t.Context(), AssumeRole{RoleARN: role.ARN})
		must(t, err)
		began := time.Now()
		_, err = c.AssumeRole(t.Context(), AssumeRole{RoleARN: role.ARN + "-that-is-not"})
		if took := time.Since(began); !IsNotFound(err) || took > 2*settlesIn {
			t.Errorf("got %v after %v", err, took)
		}
	})
}

func TestATokenThatIsGivenIsSentAndNeverShown(t *testing.T) {
	const token = "header.payload-of-the-token.signature"
	sent := ""
	refusing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = r.URL.Query().Get("OIDCToken")
		if r.Header.Get("Authorization") != "" {
			t.Error("the call is signed")
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"Code":"AuthenticationFail.OIDCToken.Expired","Message":"old token ` + token + `"}`))
	})
	c, err := New(Config{RoundTripper: inMemory{refusing}})
	must(t, err)
	_, err = c.AssumeRoleWithOIDC(t.Context(), AssumeRoleWithOIDC{RoleARN: "acs:ram::1234567890123456:role/ci", OIDCToken: token})
	e, ok := err.(*Error)
	if !ok || strings.Contains(err.Error(), "payload") || e.Advice() == "" || sent != token {
		t.Errorf("sent %q, got %v", sent, err)
	}
	_, err = c.AssumeRoleWithOIDC(t.Context(), AssumeRoleWithOIDC{OIDCTokenFile: t.TempDir() + "/token"})
	if err == nil || !strings.Contains(err.Error(), "reading the OIDC token") {
		t.Errorf("without the file: %v", err)
	}
}
