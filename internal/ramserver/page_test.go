package ramserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func getPage(s *Server, host string) *httptest.ResponseRecorder {
	return get(s, host, "/")
}

func get(s *Server, host, path string) *httptest.ResponseRecorder {
	hr := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, hr)
	return w
}

func TestThePageShowsTheAccountAndNoSecret(t *testing.T) {
	s := everything(t)
	w := getPage(s, "127.0.0.1:8080")
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}

	alice := s.userNamed("alice")
	key := s.accessKeys(alice.UserID)[0]
	for _, shown := range []string{
		s.AccountID, "@example.onaliyun.com", "alice", alice.UserID, "Alice A", "bob", "yes, with MFA", key.AccessKeyID, active,
		"operators", "narrow", "v2", "ecs:Describe*", "AliyunARMSFullAccess <small>through operators</small>", "deployer",
		"sts:AssumeRole", "<td>STS</td><td>AssumeRole</td><td>OK</td>",
		"<td>RESOURCEMANAGER</td><td>AttachPolicy</td>", "team = ops", "mfa/phone</code></td><td>alice</td>",
		"office</b> Staff", "ci</b>", "https://ci.example.com</td><td>client</td>",
	} {
		if !strings.Contains(page, shown) {
			t.Errorf("the page does not show %s", shown)
		}
	}

	for _, secret := range secretsOf(s) {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows the secret %s", secret)
		}
	}
}

// secretsOf are all secrets of an account that everything has made.
func secretsOf(s *Server) []string {
	secrets := append([]string{everythingPassword}, s.userNamed("alice").LoginProfile.Passwords...)
	for _, k := range s.state.AccessKeys {
		secrets = append(secrets, k.AccessKeySecret)
	}
	for _, ses := range s.state.Sessions {
		secrets = append(secrets, ses.AccessKeySecret, ses.SecurityToken)
	}
	for _, d := range s.state.MFADevices {
		secrets = append(secrets, d.Base32StringSeed)
	}
	return secrets
}

func TestThePageTakesNoMarkupFromTheAccount(t *testing.T) {
	s := &Server{}
	c := rootClient(t, s)
	c.ram("CreateUser", "UserName=mallory", "DisplayName=<script>alert(1)</script>")
	c.refused(http.StatusNotFound, "InvalidAction.NotFound", ramVersion, "<b>Action</b>")
	if page := getPage(s, "localhost").Body.String(); strings.Contains(page, "<script>alert") || strings.Contains(page, "<b>Action</b>") {
		t.Error("markup of the account is on the page")
	}
}

func TestThePageShowsTheLastHundredCallsNewestFirst(t *testing.T) {
	s := &Server{}
	c := rootClient(t, s)
	for range pageCalls {
		c.ram("GetAccountAlias")
	}
	c.refused(http.StatusNotFound, "EntityNotExist.User", ramVersion, "GetUser", "UserName=nobody")
	c.ram("ListUsers")
	page := getPage(s, "localhost").Body.String()
	if n := strings.Count(page, "<td>GetAccountAlias</td>"); n != pageCalls-2 {
		t.Errorf("%d of the first calls, not %d", n, pageCalls-2)
	}
	if !strings.Contains(page, `<span class="refused">EntityNotExist.User</span>`) {
		t.Error("the refusal is missing")
	}
	if strings.Index(page, "<td>ListUsers</td>") > strings.Index(page, "<td>GetUser</td>") {
		t.Error("the newest call is not the first")
	}
}

func TestThePageIsForLoopbackNamesOnly(t *testing.T) {
	for host, status := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:80": 200, "127.1.2.3:80": 200, "localhost": 200, "LocalHost:8080": 200, "[::1]": 200, "[::1]:80": 200,
		"example.com": 403, "example.com:80": 403, "192.0.2.1": 403, "127.0.0.1.example.com": 403, "localhost.example.com:80": 403,
	} {
		for _, path := range []string{"/", "/health"} {
			if got := get(&Server{}, host, path); got.Code != status {
				t.Errorf("%s%s: status %d, want %d", host, path, got.Code, status)
			}
		}
		ended := &Server{}
		ended.EndEvents()
		if got := get(ended, host, "/events"); (got.Code == http.StatusForbidden) != (status == http.StatusForbidden) {
			t.Errorf("%s/events: status %d", host, got.Code)
		}
	}
}

func TestOnlyThePagesOwnScriptMayRun(t *testing.T) {
	s := &Server{}
	var nonces []string
	for range 2 {
		w := getPage(s, "localhost")
		_, nonce, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "script-src 'nonce-")
		nonce, _, _ = strings.Cut(nonce, "'")
		if nonce == "" || strings.Count(w.Body.String(), "<script") != 1 || !strings.Contains(w.Body.String(), `<script nonce="`+nonce+`">`) {
			t.Errorf("the nonce is %q", nonce)
		}
		nonces = append(nonces, nonce)
	}
	if nonces[0] == nonces[1] {
		t.Error("the nonce is the same twice")
	}
}
