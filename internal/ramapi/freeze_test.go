package ramapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestFreeze_isReadFromTheTagsThatRecordIt(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*Freeze{
		"not frozen":     nil,
		"nothing was on": {},
		"login":          {Login: true},
		"keys":           {AccessKeys: []string{"LTAI1", "LTAI2"}},
		"everything":     {Login: true, AccessKeys: []string{"LTAI1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := User{Tags: map[string]string{"team": "ops"}, Freeze: f}
			var after User
			after.setTags(before.allTags())
			switch {
			case !maps.Equal(after.Tags, before.Tags):
				t.Errorf("got the tags %v", after.Tags)
			case (f == nil) != (after.Freeze == nil), f != nil && (!f.without(*after.Freeze).none() || !after.Freeze.without(*f).none()):
				t.Errorf("got the freeze %v, want %v", after.Freeze, f)
			}
			for key, value := range before.allTags() {
				if len(key) > 128 || strings.HasPrefix(key, "acs:") || strings.HasPrefix(key, "aliyun") || value == "" && key != "team" {
					t.Errorf("RAM does not take the tag %q, %q", key, value)
				}
			}
		})
	}
}

func TestFreeze_isThereWhileOneOfItsTagsIs(t *testing.T) {
	t.Parallel()
	for _, key := range []string{frozenTag, frozenLogin, frozenKey + "LTAI1"} {
		var u User
		u.setTags(map[string]string{key: ""})
		if u.Freeze == nil || len(u.Tags) > 0 {
			t.Errorf("the tag %s gives the freeze %v and the tags %v", key, u.Freeze, u.Tags)
		}
	}
	var u User
	u.setTags(map[string]string{"ram-provider:frozen-peas": "", "ram-provider:later": ""})
	if u.Freeze != nil || len(u.Tags) > 0 {
		t.Errorf("other reserved tags give the freeze %v and the tags %v", u.Freeze, u.Tags)
	}
}

// frozenAccount gives a user with a login, a key that is on and one that is off.
func frozenAccount(t *testing.T, c *Client) (p Principal, on, off string) {
	t.Helper()
	ctx := t.Context()
	u, err := c.User(ctx, userNumber(0), "")
	must(t, err)
	_, err = c.CreateLoginProfile(ctx, u.Name, LoginProfileInput{Password: "A-g00d-passw0rd!", PasswordResetRequired: true, MFABindRequired: true})
	must(t, err)
	key, err := c.CreateAccessKey(ctx, u.Name)
	must(t, err)
	spare, err := c.CreateAccessKey(ctx, u.Name)
	must(t, err)
	must(t, c.SetAccessKeyStatus(ctx, u.Name, spare.ID, Inactive))
	return Principal{KindUser, u.Name, u.ID}, key.ID, spare.ID
}

// signsIn gives what is on, as a client sees it that has done nothing.
func signsIn(t *testing.T, s *ramserver.Server, p Principal) Freeze {
	t.Helper()
	found, err := newTestClient(t, s).findSignIns(t.Context(), p.Name)
	must(t, err)
	return found.on()
}

func quietly(string) {}

// Each call of a freeze and of an unfreeze fails in turn, and the process dies
// of it. The next one repeats it.
func TestFreezeUser_isFinishedByRepeatingAfterAFailureAtAnyCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for failing := 0; ; failing++ {
			s := accountOf(t, 1)
			p, on, _ := frozenAccount(t, newTestClient(t, s))
			everything := Freeze{Login: true, AccessKeys: []string{on}}
			time.Sleep(time.Hour)
			var calls atomic.Int64
			s.Intercept = func(ramserver.Call) *ramserver.Fault {
				if calls.Add(1) == int64(failing)+1 {
					return &ramserver.Fault{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable", After: failing%2 == 0}
				}
				return nil
			}
			fragile := func() *Client { return newTestClient(t, s, func(c *Config) { c.MaxRetries = new(int) }) }
			for range 2 {
				if err := fragile().FreezeUser(t.Context(), p, quietly); err == nil {
					break
				}
			}
			if got := signsIn(t, s, p); !got.none() {
				t.Fatalf("with call %d failing: %s is on in spite of the freeze", failing+1, got)
			}
			for range 2 {
				if err := fragile().UnfreezeUser(t.Context(), p, quietly); err == nil {
					break
				}
			}
			if got := signsIn(t, s, p); got.String() != everything.String() {
				t.Fatalf("with call %d failing: %s is on after the unfreeze, want %s", failing+1, got, everything)
			}
			login, err := newTestClient(t, s).LoginProfile(t.Context(), p.Name)
			if err != nil || !login.PasswordResetRequired || !login.MFABindRequired {
				t.Fatalf("the login has become %+v, %v", login, err)
			}
			if frozen, err := newTestClient(t, s).IsFrozen(t.Context(), p.Name); frozen || err != nil {
				t.Fatalf("with call %d failing: the record is left, %v", failing+1, err)
			}
			if calls.Load() <= int64(failing) { // none failed
				if failing < 12 {
					t.Fatalf("only %d calls", failing)
				}
				return
			}
		}
	})
}

func TestFreezeUser_switchesOffAKeyThatIsMadeMeanwhile(t *testing.T) {
	t.Parallel()
	s := accountOf(t, 1)
	p, _, off := frozenAccount(t, newTestClient(t, s))
	attacker := newTestClient(t, s)
	must(t, attacker.DeleteAccessKey(t.Context(), p.Name, off))
	made := ""
	freezer := newTestClient(t, s)
	must(t, freezer.FreezeUser(t.Context(), p, func(step string) {
		if strings.HasPrefix(step, "Recording") && made == "" {
			key, err := attacker.CreateAccessKey(t.Context(), p.Name)
			must(t, err)
			made = key.ID
		}
	}))
	if on := signsIn(t, s, p); !on.none() {
		t.Errorf("%s is on", on)
	}
	u, err := newTestClient(t, s).User(t.Context(), p.Name, "")
	if err != nil || !slices.Contains(u.Freeze.AccessKeys, made) {
		t.Errorf("the record %v lacks the key %s, %v", u.Freeze, made, err)
	}
}

func TestFreezeUser_whoseTagsAreRefusedIsSwitchedOffAllTheSame(t *testing.T) {
	t.Parallel()
	s := accountOf(t, 1)
	c := newTestClient(t, s)
	p, on, _ := frozenAccount(t, c)
	s.Intercept = failing("TagResources", 1000, ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You are not authorized."})
	err := c.FreezeUser(t.Context(), p, quietly)
	unrecorded, ok := err.(*UnrecordedError)
	if !ok || unrecorded.Off.String() != "the console login and access key "+on {
		t.Errorf("got %v", err)
	}
	if on := signsIn(t, s, p); !on.none() {
		t.Errorf("%s is on", on)
	}
}

// Whatever order a freeze and changes of what it switches off have in one run,
// nothing is on at the end, and an unfreeze gives everybody what they wanted.
func TestFreezeUser_andChangesAtTheSameTimeLeaveNothingOn(t *testing.T) {
	t.Parallel()
	for range 20 {
		s := accountOf(t, 1)
		p, on, off := frozenAccount(t, newTestClient(t, s))
		c, ctx := newTestClient(t, s), t.Context()
		var all sync.WaitGroup
		for _, change := range []func() error{
			func() error { return c.FreezeUser(ctx, p, quietly) },
			func() error { return c.SetAccessKeyStatus(ctx, p.Name, off, Active) },
			func() error { return c.SetAccessKeyStatus(ctx, p.Name, on, Inactive) },
			func() error {
				_, err := c.UpdateLoginProfile(ctx, p.Name, LoginProfileInput{Password: "An0ther-passw0rd!", Status: Active})
				return err
			},
		} {
			all.Go(func() {
				if err := change(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := signsIn(t, s, p); !got.none() {
			t.Fatalf("%s is on in spite of the freeze", got)
		}
		must(t, newTestClient(t, s).UnfreezeUser(ctx, p, quietly))
		if got := signsIn(t, s, p); got.String() != "the console login and access key "+off {
			t.Fatalf("%s is on after the unfreeze", got)
		}
	}
}

func TestFreeze_recordForgetsKeysThatAreGoneWhenItHasManyOfThem(t *testing.T) {
	t.Parallel()
	s := accountOf(t, 1)
	c := newTestClient(t, s)
	p, on, off := frozenAccount(t, c)
	ctx := t.Context()
	must(t, c.FreezeUser(ctx, p, quietly))
	must(t, c.DeleteAccessKey(ctx, p.Name, off))
	last := ""
	for range 5 { // rotated while the user is frozen
		key, err := c.CreateAccessKey(ctx, p.Name)
		must(t, err)
		must(t, c.SetAccessKeyStatus(ctx, p.Name, key.ID, Active))
		must(t, c.DeleteAccessKey(ctx, p.Name, key.ID))
		last = key.ID
	}
	u, err := newTestClient(t, s).User(ctx, p.Name, "")
	must(t, err)
	if want := []string{on, last}; len(u.Freeze.AccessKeys) != 2 || len(keyAlone(on).with(keyAlone(last)).without(*u.Freeze).AccessKeys) > 0 {
		t.Errorf("the record has the keys %v, want %v", u.Freeze.AccessKeys, want)
	}
}
