package ramapi

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAllAccessKeyUsesAskNoFurtherOnceOneIsRefused(t *testing.T) {
	s := &ramserver.Server{Intercept: failing("ListAccessKeys", 1000, ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no"})}
	c := newTestClient(t, s)
	for n := range 100 {
		if _, err := c.CreateUser(t.Context(), User{Name: fmt.Sprintf("u%d", n)}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.AllAccessKeyUses(t.Context())
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Code != "NoPermission" {
		t.Errorf("got %v", err)
	}
	if n := count(s, "ListAccessKeys"); n > 50 {
		t.Errorf("%d users were asked about", n)
	}
}

func TestAKeyThatWasNeverUsedHasNoLastUse(t *testing.T) {
	for _, unsure := range []ramserver.Unsure{{}, {NeverUsedIsNA: true}} {
		c := newTestClient(t, &ramserver.Server{Unsure: unsure})
		if _, err := c.CreateUser(t.Context(), User{Name: "alice"}); err != nil {
			t.Fatal(err)
		}
		key, err := c.CreateAccessKey(t.Context(), "alice")
		if err != nil {
			t.Fatal(err)
		}
		uses, err := c.AccessKeyUses(t.Context(), "alice")
		key.Secret = ""
		if want := (AccessKeyUse{AccessKey: key.AccessKey, UserName: "alice"}); err != nil || len(uses) != 1 || uses[0] != want {
			t.Errorf("got %+v, %v, want %+v", uses, err, want)
		}
	}
}
