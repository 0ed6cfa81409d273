package ramapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// What names a user by the principal name is right although somebody else has
// moved the domain since it was asked for, and waits for nobody.
func TestAUserIsNotMissingBecauseTheDomainMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s := accountOf(t, 2)
		c, other := newTestClient(t, s), newTestClient(t, s)
		in := LoginProfileInput{Password: "An-1nitial-Passw0rd!"}
		_, err := c.CreateLoginProfile(ctx, userNumber(0), in)
		must(t, err)
		key, err := c.CreateAccessKey(ctx, userNumber(0))
		must(t, err)

		for _, alias := range []string{"one", "two"} {
			must(t, other.SetAccountAlias(ctx, alias))
			began := time.Now()
			if _, err := c.fetchUser(ctx, userNumber(0)); err != nil {
				t.Errorf("GetUser: %v", err)
			}
			if _, err := c.fetchLoginProfile(ctx, userNumber(0)); err != nil {
				t.Errorf("GetLoginProfile: %v", err)
			}
			must(t, other.SetAccountAlias(ctx, alias+"-again"))
			if _, err := c.UpdateLoginProfile(ctx, userNumber(0), in); err != nil {
				t.Errorf("UpdateLoginProfile: %v", err)
			}
			must(t, other.SetAccountAlias(ctx, alias+"-once-more"))
			if err := c.SetAccessKeyPolicy(ctx, userNumber(0), key.ID, AccessKeyPolicy{Status: "Inactive", Statements: []NetworkStatement{}}); err != nil {
				t.Errorf("SetAccessKeyPolicy: %v", err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("it took %v", took)
			}
		}
		if _, err := c.fetchLoginProfile(ctx, userNumber(1)); !IsNotFound(err) {
			t.Errorf("a profile that is not there: %v", err)
		}
		if _, err := c.fetchLoginProfile(ctx, "nobody"); !IsNotFound(err) {
			t.Errorf("a profile of nobody: %v", err)
		}
	})
}

// A deletion looks for what hangs on the user while the domain moves.
func TestAUserIsDeletedWhileTheAliasIsCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s := accountOf(t, 1)
		c := newTestClient(t, s)
		must(t, c.SetAccountAlias(ctx, "example"))
		_, err := c.DefaultDomain(ctx)
		must(t, err)
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "ClearAccountAlias" {
				return &ramserver.Fault{After: true, Delay: time.Second}
			}
			return nil
		}
		done := make(chan error)
		go func() { done <- c.SetAccountAlias(ctx, "") }()
		synctest.Wait() // carried out, and not answered
		d, err := c.UserDependents(ctx, userNumber(0))
		must(t, err)
		if d.LoginProfile {
			t.Error("there is no login profile")
		}
		must(t, c.DeleteUser(ctx, userNumber(0)))
		must(t, <-done)
	})
}
