package ramapi

import (
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestNetworksHaveOneSpelling(t *testing.T) {
	for text, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "203.0.113.7/32": "203.0.113.7", "203.0.113.7/24": "203.0.113.0/24", "0.0.0.0/0": "0.0.0.0/0",
		"2001:DB8:0::1": "2001:db8::1", "2001:db8::1/128": "2001:db8::1", "2001:db8::1/32": "2001:db8::/32", "::/0": "::/0",
		"": "", "10.0.0.0/33": "", "10.0.0": "", "example.com": "", "fe80::1%eth0": "", "010.0.0.1": "",
	} {
		if got, err := CanonicalNetwork(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

// keyFor makes a user and an access key of it.
func keyFor(t *testing.T, c *Client, userName string) AccessKey {
	t.Helper()
	_, err := c.CreateUser(t.Context(), User{Name: userName})
	must(t, err)
	key, err := c.CreateAccessKey(t.Context(), userName)
	must(t, err)
	return key.AccessKey
}

var office = AccessKeyPolicy{Status: "Active", Statements: []NetworkStatement{
	{Type: "VPCWhiteList", Value: "AllowAllVPC", IPList: []string{"10.0.0.0/8"}},
	{Type: "ClassicWhiteList", IPList: []string{"203.0.113.7/24", "203.0.113.0/24", "198.51.100.1/32"}},
}}

func TestAccessKeyPolicyIsReadInOneForm(t *testing.T) {
	for name, unsure := range map[string]ramserver.Unsure{"as likely": {}, "otherwise": ramserver.AllUnsure()} {
		t.Run(name, func(t *testing.T) {
			s := &ramserver.Server{Unsure: unsure}
			c := newTestClient(t, s)
			key := keyFor(t, c, "app")
			if _, err := newTestClient(t, s).AccessKeyPolicy(t.Context(), "app", key.ID); !IsNotFound(err) {
				t.Errorf("a key that never had a policy: %v", err)
			}
			must(t, c.CreateAccessKeyPolicy(t.Context(), "app", key.ID, office))
			if err := newTestClient(t, s).CreateAccessKeyPolicy(t.Context(), "app", key.ID, office); !IsAlreadyExists(err) {
				t.Errorf("a second policy: %v", err)
			}
			want := AccessKeyPolicy{Status: "Active", Statements: []NetworkStatement{
				{Type: "ClassicWhiteList", IPList: []string{"198.51.100.1", "203.0.113.0/24"}},
				{Type: "VPCWhiteList", Value: "AllowAllVPC", IPList: []string{"10.0.0.0/8"}},
			}}
			for whose, client := range map[string]*Client{"its own": c, "another": newTestClient(t, s)} {
				if got, err := client.AccessKeyPolicy(t.Context(), "app", key.ID); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %+v, %v", whose, got, err)
				}
			}
			must(t, c.ResetAccessKeyPolicy(t.Context(), "app", key.ID))
			for whose, client := range map[string]*Client{"its own": c, "another": newTestClient(t, s)} {
				if _, err := client.AccessKeyPolicy(t.Context(), "app", key.ID); !IsNotFound(err) {
					t.Errorf("%s, after the reset: %v", whose, err)
				}
			}
			must(t, c.DeleteAccessKey(t.Context(), "app", key.ID))
			if _, err := c.AccessKeyPolicy(t.Context(), "app", key.ID); !IsNotFound(err) {
				t.Errorf("of a key that is gone: %v", err)
			}
		})
	}
}

func TestANewAccessKeyPolicyThatDoesNotShowYetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{StaleReads: 3 * time.Second}
		c := newTestClient(t, s)
		key := keyFor(t, c, "app")
		time.Sleep(10 * time.Second)
		must(t, c.SetAccessKeyPolicy(t.Context(), "app", key.ID, office))
		another := newTestClient(t, s)
		another.Recall(KindAccessKeyPolicy, key.ID, time.Now().UTC().Format(time.RFC3339))
		if p, err := another.AccessKeyPolicy(t.Context(), "app", key.ID); err != nil || len(p.Statements) != 2 {
			t.Errorf("got %+v, %v", p, err)
		}
		if _, err := newTestClient(t, s).AccessKeyPolicy(t.Context(), "app", key.ID); err != nil {
			t.Errorf("after a while: %v", err)
		}
	})
}

func TestAccessKeyPolicyIsSetThoughItsAnswerIsLost(t *testing.T) {
	for name, fault := range noAnswers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{Intercept: failing("SetAccessKeyPolicy", 1, fault)}
				c := newTestClient(t, s)
				key := keyFor(t, c, "app")
				must(t, c.SetAccessKeyPolicy(t.Context(), "app", key.ID, office))
				if p, err := newTestClient(t, s).AccessKeyPolicy(t.Context(), "app", key.ID); err != nil || len(p.Statements) != 2 {
					t.Errorf("got %+v, %v", p, err)
				}
				time.Sleep(2 * time.Hour) // until the server has ended every call
			})
		})
	}
}
