package ramapi

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const trustEverybody = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`

// administrator gives the key of a new RAM user: the account itself cannot
// assume a role.
func administrator(t *testing.T, c *Client) AccessKey {
	t.Helper()
	if _, err := c.CreateUser(t.Context(), User{Name: "admin"}); err != nil {
		t.Fatal(err)
	}
	key, err := c.CreateAccessKey(t.Context(), "admin")
	if err != nil {
		t.Fatal(err)
	}
	return key.AccessKey
}

func TestAssumedRoleIsRenewedBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		root := newTestClient(t, s)
		key := administrator(t, root)
		role, err := root.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: trustEverybody, MaxSessionDuration: 3600})
		if err != nil {
			t.Fatal(err)
		}
		c := newTestClient(t, s, func(config *Config) {
			config.Credentials = Credentials{
				AccessKeyID: key.ID, AccessKeySecret: key.Secret,
				AssumeRole: &AssumeRole{RoleARN: role.ARN, SessionName: "ci", DurationSeconds: 900},
			}
		})
		if n := count(s, "AssumeRole"); n != 0 {
			t.Errorf("the role was assumed %d times before the first call", n)
		}
		caller, err := c.CallerIdentity(t.Context())
		if err != nil || caller.IdentityType != "AssumedRoleUser" || !strings.Contains(caller.ARN, "/deployer/ci") {
			t.Fatalf("got %+v, %v", caller, err)
		}
		for range 60 { // an hour, four times the length of a session
			time.Sleep(time.Minute)
			if _, err := c.fetchUser(t.Context(), "admin"); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(s, "AssumeRole"); n < 4 || n > 6 {
			t.Errorf("the role was assumed %d times in an hour, want about 5", n)
		}
	})
}

func TestAssumedRoleThatIsRefusedIsAnErrorOfTheService(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s, func(config *Config) {
		config.Credentials.AssumeRole = &AssumeRole{RoleARN: "acs:ram::1234567890123456:role/missing"}
	})
	_, err := c.User(t.Context(), "admin", "")
	var e *Error
	if !errors.As(err, &e) || e.Action == "" || e.Code == "" {
		t.Errorf("got %v", err)
	}
}

func TestOIDCTokenIsReadAnewAndNeverShown(t *testing.T) {
	const token = "header.payload-of-the-token.signature"
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var sent []string
	refusing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.URL.Query().Get("OIDCToken"))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"Code":"AuthenticationFail.OIDCToken.Invalid","Message":"bad token ` + token + `"}`))
	})
	c, err := New(Config{RoundTripper: inMemory{refusing}, Credentials: Credentials{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{
		RoleARN: "acs:ram::1234567890123456:role/ci", OIDCProviderARN: "acs:ram::1234567890123456:oidc-provider/ci", OIDCTokenFile: file,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.User(t.Context(), "admin", "")
	if err == nil || strings.Contains(err.Error(), "payload") || !strings.Contains(err.Error(), "AuthenticationFail") {
		t.Errorf("got %v", err)
	}
	if len(sent) == 0 || sent[0] != token {
		t.Errorf("sent %q, want the token without the line break", sent)
	}
}

func TestMissingCredentialsNameEveryPlaceLookedAt(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	for _, name := range []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_CREDENTIALS_URI"} {
		t.Setenv(name, "")
	}
	c, err := New(Config{RoundTripper: inMemory{http.NotFoundHandler()}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = c.User(t.Context(), "alice", "")
		for _, place := range []string{"provider block", "ALIBABA_CLOUD_ACCESS_KEY_ID", "~/.aliyun/config.json", "ECS"} {
			if err == nil || !strings.Contains(err.Error(), place) {
				t.Errorf("%q is not named in: %v", place, err)
			}
		}
	}
}

// With DEBUG=dara the SDK would print every URL and header.
func TestDebugVariableDoesNotPrintRequests(t *testing.T) {
	if os.Getenv("RAMAPI_TEST_CHILD") == "1" {
		s := &ramserver.Server{}
		if _, err := newTestClient(t, s).CreateUser(t.Context(), User{Name: "printed-by-debug"}); err != nil {
			t.Fatal(err)
		}
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestDebugVariableDoesNotPrintRequests$", "-test.v")
	child.Env = append(os.Environ(), "RAMAPI_TEST_CHILD=1", "DEBUG=dara,tea")
	out, err := child.CombinedOutput()
	if err != nil || strings.Contains(string(out), "printed-by-debug") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestSourcesOfCredentialsNeverShowWhatTheyRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte("access_key_secret = TOPSECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]Credentials{
		"file":         {SharedCredentialsFile: file},
		"missing file": {SharedCredentialsFile: file + "x", Profile: "prod"},
		"uri":          {CredentialsURI: "http://127.0.0.1:1/?token=TOPSECRET"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{RoundTripper: inMemory{http.NotFoundHandler()}, Credentials: source})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.User(t.Context(), "alice", "")
			if err == nil || strings.Contains(err.Error(), "TOPSECRET") || !strings.Contains(err.Error(), "no credentials from") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnswerWithoutCredentialsIsAnError(t *testing.T) {
	empty := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"RequestId":"x"}`)) })
	c, err := New(Config{RoundTripper: inMemory{empty}, MaxRetries: new(0), Credentials: Credentials{
		AccessKeyID: "LTAI", AccessKeySecret: "s", AssumeRole: &AssumeRole{RoleARN: "acs:ram::1:role/x"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.User(t.Context(), "alice", ""); err == nil || !strings.Contains(err.Error(), "no complete credentials") {
		t.Errorf("got %v", err)
	}
}
