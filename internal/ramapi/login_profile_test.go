package ramapi

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// Somebody else makes the login at that very moment, with another password.
func TestALoginProfileThatIsTakenForOursHasOurPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ours, theirs = "Our-0wn-password", "Their-0wn-password"
		s := &ramserver.Server{}
		other := newTestClient(t, s)
		_, err := other.CreateUser(t.Context(), User{Name: "alice"})
		must(t, err)
		var intruded atomic.Bool
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action != "CreateLoginProfile" || !intruded.CompareAndSwap(false, true) {
				return nil
			}
			_, err := other.CreateLoginProfile(t.Context(), "alice", LoginProfileInput{Password: theirs})
			must(t, err)
			return &ramserver.Fault{After: true, Drop: true}
		}
		_, err = newTestClient(t, s).CreateLoginProfile(t.Context(), "alice", LoginProfileInput{Password: ours})
		must(t, err)
		if !s.CheckPassword("alice", ours) {
			t.Error("the login has another password than the one that was given")
		}
	})
}
