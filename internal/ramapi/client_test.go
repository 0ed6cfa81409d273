package ramapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// inMemory carries requests to a handler without a network, so that tests can
// run in a bubble of synctest. A handler that aborts has broken the connection.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	done := make(chan bool, 1)
	served := req.Clone(req.Context())
	served.RequestURI = req.URL.RequestURI()
	served.Header = http.Header{}
	for name, values := range req.Header { // the SDKs write them in lower case
		served.Header[http.CanonicalHeaderKey(name)] = values
	}
	if served.Body == nil {
		served.Body = http.NoBody
	}
	go func() {
		defer func() {
			aborted := recover()
			if aborted != nil && aborted != http.ErrAbortHandler {
				panic(aborted)
			}
			done <- aborted == nil
		}()
		m.handler.ServeHTTP(w, served)
	}()
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case whole := <-done:
		if !whole && w.Body.Len() == 0 {
			return nil, io.ErrUnexpectedEOF
		}
		res := w.Result()
		if !whole {
			res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(w.Body.Bytes()), brokenReader{}))
		}
		return res, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// newTestClient gives a client for the server; change may alter its configuration.
func newTestClient(t testing.TB, s *ramserver.Server, change ...func(*Config)) *Client {
	t.Helper()
	id, secret := s.RootAccessKey()
	config := Config{
		Credentials:  Credentials{AccessKeyID: id, AccessKeySecret: secret},
		RoundTripper: inMemory{s},
	}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// failing gives a fault for the first times calls of the action.
func failing(action string, times int, fault ramserver.Fault) func(ramserver.Call) *ramserver.Fault {
	var n atomic.Int64
	return func(c ramserver.Call) *ramserver.Fault {
		if c.Action != action || n.Add(1) > int64(times) {
			return nil
		}
		return &fault
	}
}

func actions(s *ramserver.Server) []string {
	var all []string
	for _, c := range s.Calls() {
		all = append(all, c.Action)
	}
	return all
}

func count(s *ramserver.Server, action string) int {
	n := 0
	for _, a := range actions(s) {
		if a == action {
			n++
		}
	}
	return n
}

var refusals = map[string]ramserver.Fault{
	"throttled as 400": {Status: 400, Code: "Throttling.User", Message: "Request was denied due to user flow control."},
	"throttled as 429": {Status: 429, Code: "Throttling", Message: "Too many requests."},
}

var noAnswers = map[string]ramserver.Fault{
	"503 with JSON":      {Status: 503, Code: "ServiceUnavailable", Message: "Try again later."},
	"502 with HTML":      {Status: 502, Body: "<html>Bad Gateway</html>", ContentType: "text/html"},
	"empty 500":          {Status: 500},
	"dropped":            {Drop: true},
	"cut":                {After: true, Cut: true},
	"done, then dropped": {After: true, Drop: true},
	"done, then empty":   {After: true, Status: 500},
	"done, then silent":  {After: true, Delay: time.Hour},
}

func TestReadIsRepeatedWhateverGoesWrong(t *testing.T) {
	for _, faults := range []map[string]ramserver.Fault{refusals, noAnswers} {
		for name, fault := range faults {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &ramserver.Server{Intercept: failing("ListGroups", 2, fault)}
					c := newTestClient(t, s)
					for _, err := range c.Groups(t.Context()) {
						t.Fatal(err)
					}
					time.Sleep(2 * time.Hour) // until the server has ended every call
					if n := count(s, "ListGroups"); n != 3 {
						t.Errorf("%d calls, want 3", n)
					}
				})
			})
		}
	}
}

func TestCreationIsCarriedOutOnceWhateverGoesWrong(t *testing.T) {
	for _, faults := range []map[string]ramserver.Fault{refusals, noAnswers} {
		for name, fault := range faults {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := &ramserver.Server{Intercept: failing("CreateUser", 1, fault)}
					c := newTestClient(t, s)
					u, err := c.CreateUser(t.Context(), User{Name: "alice", Comments: "a person"})
					if err != nil || u.ID == "" || u.Comments != "a person" {
						t.Fatalf("got %+v, %v", u, err)
					}
					time.Sleep(2 * time.Hour) // until the server has ended every call
					if lost := fault.After; lost && count(s, "CreateUser") != 1 {
						t.Errorf("created again although it was there: %s", actions(s))
					}
				})
			})
		}
	}
}

func TestPolicyVersionIsMadeOnceWhenItsAnswerIsLost(t *testing.T) {
	const first, second = `{"Version":"1","Statement":[]}`, `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:*","Resource":"*"}]}`
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: failing("CreatePolicyVersion", 1, ramserver.Fault{After: true, Drop: true})}
		c := newTestClient(t, s)
		if _, err := c.CreatePolicy(t.Context(), Policy{Name: "logs", Document: first}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		v, err := c.SetPolicyDocument(t.Context(), "logs", second)
		if err != nil || v.ID != "v2" {
			t.Fatalf("got %+v, %v", v, err)
		}
		versions, err := c.PolicyVersions(t.Context(), "logs")
		if err != nil || len(versions) != 2 {
			t.Errorf("got %+v, %v; want two versions", versions, err)
		}
	})
}

func TestLostCreationOfSomebodyElsesThingIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		other := newTestClient(t, s)
		if _, err := other.CreateUser(t.Context(), User{Name: "alice", Comments: "theirs"}); err != nil {
			t.Fatal(err)
		}
		s.Intercept = failing("CreateUser", 1, ramserver.Fault{Drop: true})
		_, err := newTestClient(t, s).CreateUser(t.Context(), User{Name: "alice", Comments: "ours"})
		if !IsAlreadyExists(err) {
			t.Errorf("got %v, want EntityAlreadyExists", err)
		}
	})
}

func TestAccessKeyWhoseSecretIsLostIsDeletedAndMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: failing("CreateAccessKey", 1, ramserver.Fault{After: true, Drop: true})}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		key, err := c.CreateAccessKey(t.Context(), "app")
		if err != nil || key.Secret == "" {
			t.Fatalf("got the key %s, %v", key.ID, err)
		}
		keys, err := c.AccessKeys(t.Context(), "app")
		if err != nil || len(keys) != 1 || keys[0].ID != key.ID {
			t.Errorf("the user has %+v, %v; want only %s", keys, err, key.ID)
		}
	})
}

func TestAKeyThatWasDiscardedIsNotNamedAlthoughReadsLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.StaleReads = 2 * time.Second
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{After: true, Drop: true})
		c := newTestClient(t, s)
		key, err := c.CreateAccessKey(t.Context(), userNumber(0))
		if err != nil || key.Secret == "" || len(key.Others) > 0 {
			t.Errorf("got %s and beside it %v, %v", key.ID, key.Others, err)
		}
		time.Sleep(s.StaleReads)
		if keys, err := c.AccessKeys(t.Context(), userNumber(0)); err != nil || len(keys) != 1 || keys[0].ID != key.ID {
			t.Errorf("the user has %v, %v; want only %s", keys, err, key.ID)
		}
	})
}

func TestANewKeyComesWithTheNamesOfTheOthers(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 1)
	first, err := newTestClient(t, s).CreateAccessKey(ctx, userNumber(0))
	must(t, err)
	c := newTestClient(t, s)
	second, err := c.CreateAccessKey(ctx, userNumber(0))
	if err != nil || len(second.Others) != 1 || second.Others[0].ID != first.ID {
		t.Errorf("got %v, %v; want %s", second.Others, err, first.ID)
	}
	if _, err := c.CreateAccessKey(ctx, userNumber(0)); err == nil || !strings.Contains(err.Error(), first.ID) || !strings.Contains(err.Error(), second.ID) {
		t.Errorf("without room for a third: %v", err)
	}
}

func TestAKeyIsOnlyDiscardedWhereTheServiceGaveNoReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		made := make(chan AccessKey, 1)
		var once sync.Once
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action != "CreateAccessKey" {
				return nil
			}
			var fault *ramserver.Fault
			once.Do(func() {
				// Somebody else makes a key while ours is refused.
				go func() {
					key, _, err := newTestClient(t, s).sendCreateAccessKey(context.Background(), userNumber(0))
					if err != nil {
						t.Error(err)
					}
					made <- key
				}()
				fault = &ramserver.Fault{Status: 503, Code: "ServiceUnavailable", Message: "later", Delay: time.Second}
			})
			return fault
		}
		_, err := newTestClient(t, s).CreateAccessKey(t.Context(), userNumber(0))
		if theirs := <-made; err == nil || !strings.Contains(err.Error(), theirs.ID) {
			t.Errorf("got %v, want an error that names %s", err, theirs.ID)
		}
		if keys, err := newTestClient(t, s).AccessKeys(t.Context(), userNumber(0)); err != nil || len(keys) != 1 {
			t.Errorf("their key is gone: %v, %v", keys, err)
		}
	})
}

func TestKeysMadeUnderTwoSpellingsAreBothKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.Latency = time.Second
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{Drop: true})
		c := newTestClient(t, s)
		var wg sync.WaitGroup
		for _, name := range []string{"u00000", "U00000"} {
			wg.Go(func() {
				if key, err := c.CreateAccessKey(t.Context(), name); err != nil || key.Secret == "" {
					t.Errorf("%s: %v, %v", name, key, err)
				}
			})
		}
		wg.Wait()
		if keys, err := c.AccessKeys(t.Context(), "u00000"); err != nil || len(keys) != 2 {
			t.Errorf("got %v, %v", keys, err)
		}
	})
}

func TestAnAnswerWithoutASecretIsALostOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{After: true, Status: 200, ContentType: "application/json", Body: `{"AccessKey":{}}`})
		c := newTestClient(t, s)
		key, err := c.CreateAccessKey(t.Context(), userNumber(0))
		if err != nil || key.Secret == "" {
			t.Errorf("got %v, %v", key, err)
		}
		if keys, err := c.AccessKeys(t.Context(), userNumber(0)); err != nil || len(keys) != 1 {
			t.Errorf("got %v, %v", keys, err)
		}
	})
}

func TestAKeyThatSomebodyUsesIsNotTakenForALostOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		// Ours was not made; somebody else makes one at the same time, and uses it.
		dropped := failing("CreateAccessKey", 1, ramserver.Fault{Drop: true})
		var theirs AccessKey
		var once sync.Once
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "ListAccessKeys" {
				once.Do(func() {
					other := newTestClient(t, s)
					var err error
					if theirs, _, err = other.sendCreateAccessKey(context.Background(), userNumber(0)); err != nil {
						t.Error(err)
					}
					user := newTestClient(t, s, func(config *Config) {
						config.Credentials = Credentials{AccessKeyID: theirs.ID, AccessKeySecret: theirs.Secret}
					})
					if _, err := user.CallerIdentity(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			return dropped(call)
		}
		c := newTestClient(t, s)
		c.ledger.made(user(userNumber(0))) // so that it does not list the keys before
		_, err := c.CreateAccessKey(t.Context(), userNumber(0))
		keys, listErr := c.AccessKeys(t.Context(), userNumber(0))
		if err == nil || !strings.Contains(err.Error(), theirs.ID) || listErr != nil || len(keys) != 1 {
			t.Errorf("got %v; the user has %v, %v", err, keys, listErr)
		}
	})
}

func TestAccessKeyOfBeforeIsKeptWhenASecretIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		old, err := newTestClient(t, s).CreateAccessKey(t.Context(), "app")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{After: true, Drop: true})
		key, err := c.CreateAccessKey(t.Context(), "app")
		if err != nil {
			t.Fatal(err)
		}
		keys, err := c.AccessKeys(t.Context(), "app")
		ids := []string{keys[0].ID, keys[1].ID}
		if err != nil || !slices.Contains(ids, old.ID) || !slices.Contains(ids, key.ID) {
			t.Errorf("the user has %s, %v; want %s and %s", ids, err, old.ID, key.ID)
		}
	})
}

func TestSeveralNewAccessKeysAreNamedAndNoneIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{After: true, Drop: true})
		var once sync.Once
		s.Intercept = interceptors(s.Intercept, func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "ListAccessKeys" {
				once.Do(func() {
					// Somebody else makes a key in the same second.
					if _, _, err := newTestClient(t, s).sendCreateAccessKey(context.Background(), "app"); err != nil {
						t.Error(err)
					}
				})
			}
			return nil
		})
		_, err := c.CreateAccessKey(t.Context(), "app")
		keys, listErr := c.AccessKeys(t.Context(), "app")
		if err == nil || listErr != nil || len(keys) != 2 {
			t.Fatalf("got %v; the user has %+v, %v", err, keys, listErr)
		}
		for _, k := range keys {
			if !strings.Contains(err.Error(), k.ID) {
				t.Errorf("%v does not name %s", err, k.ID)
			}
		}
	})
}

func interceptors(all ...func(ramserver.Call) *ramserver.Fault) func(ramserver.Call) *ramserver.Fault {
	return func(c ramserver.Call) *ramserver.Fault {
		for _, f := range all {
			if fault := f(c); fault != nil {
				return fault
			}
		}
		return nil
	}
}

func TestAnAttachmentOrAMembershipOfBeforeIsNotTakenForALostOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s := accountOf(t, 1)
		other := newTestClient(t, s)
		alice := Principal{Kind: KindUser, Name: userNumber(0)}
		_, err := other.CreateGroup(ctx, Group{Name: "ops"})
		must(t, err)
		_, err = other.AddUserToGroup(ctx, alice.Name, "ops")
		must(t, err)
		must(t, other.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, alice))
		time.Sleep(time.Hour)
		lose := interceptors(failing("AddUserToGroup", 1, ramserver.Fault{Drop: true}), failing("AttachPolicyToUser", 1, ramserver.Fault{Drop: true}))
		s.Intercept = lose
		c := newTestClient(t, s)
		if added, err := c.AddUserToGroup(ctx, alice.Name, "ops"); err != nil || added {
			t.Errorf("the membership of before: %v, %v", added, err)
		}
		if err := c.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, alice); !IsAlreadyExists(err) {
			t.Errorf("the attachment of before: %v", err)
		}

		must(t, other.RemoveUserFromGroup(ctx, alice.Name, "ops"))
		must(t, other.DetachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, alice))
		s.Intercept = interceptors(
			failing("AddUserToGroup", 1, ramserver.Fault{After: true, Drop: true}),
			failing("AttachPolicyToUser", 1, ramserver.Fault{After: true, Drop: true}))
		c = newTestClient(t, s)
		if added, err := c.AddUserToGroup(ctx, alice.Name, "ops"); err != nil || !added {
			t.Errorf("our own membership: %v, %v", added, err)
		}
		if err := c.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, alice); err != nil {
			t.Errorf("our own attachment: %v", err)
		}
	})
}

func TestALostPolicyVersionIsMadeOnceAlthoughReadsLag(t *testing.T) {
	const first, second = `{"Version":"1","Statement":[]}`, `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:*","Resource":"*"}]}`
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{StaleReads: 2 * time.Second}
		c := newTestClient(t, s)
		_, err := c.CreatePolicy(t.Context(), Policy{Name: "logs", Document: first})
		must(t, err)
		time.Sleep(time.Hour)
		s.Intercept = failing("CreatePolicyVersion", 1, ramserver.Fault{After: true, Drop: true})
		_, err = c.SetPolicyDocument(t.Context(), "logs", second)
		must(t, err)
		time.Sleep(time.Hour)
		if versions, err := c.PolicyVersions(t.Context(), "logs"); err != nil || len(versions) != 2 {
			t.Errorf("got %v, %v; want two versions", versions, err)
		}
	})
}

func TestLostRenameIsFoundUnderItsNewName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: failing("UpdateUser", 1, ramserver.Fault{After: true, Drop: true})}
		c := newTestClient(t, s)
		u, err := c.CreateUser(t.Context(), User{Name: "alice"})
		if err != nil {
			t.Fatal(err)
		}
		renamed, err := c.UpdateUser(t.Context(), "alice", u.ID, UserUpdate{Name: new("alicia")})
		if err != nil || renamed.Name != "alicia" || renamed.ID != u.ID {
			t.Errorf("got %+v, %v", renamed, err)
		}
	})
}

func TestInterruptLetsAWriteUnderWayFinishAndStartsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Latency: time.Second}
		c := newTestClient(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		u, err := c.CreateUser(ctx, User{Name: "alice"})
		if err != nil || u.Name != "alice" {
			t.Errorf("the write under way gave %+v, %v", u, err)
		}
		if _, err := c.CreateUser(ctx, User{Name: "bob"}); !errors.Is(err, context.Canceled) {
			t.Errorf("after the interrupt: got %v, want context.Canceled", err)
		}
		synctest.Wait()
		if n := count(s, "CreateUser"); n != 1 {
			t.Errorf("%d creations, want 1", n)
		}
	})
}

func TestInterruptEndsAReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Latency: time.Second}
		c := newTestClient(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		started := time.Now()
		_, err := c.User(ctx, "alice", "")
		if took := time.Since(started); !errors.Is(err, context.Canceled) || took > 600*time.Millisecond {
			t.Errorf("got %v after %s", err, took)
		}
		time.Sleep(time.Second)
	})
}

func TestAttemptEndsAfterTheRequestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Latency: time.Hour}
		c := newTestClient(t, s, func(config *Config) { config.RequestTimeout, config.MaxRetries = 3*time.Second, new(0) })
		_, err := c.User(t.Context(), "alice", "")
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Message, "no answer within 3s") {
			t.Errorf("got %v", err)
		}
		time.Sleep(2 * time.Hour)
	})
}

func TestNewThingIsWaitedForAndAMissingOneIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Unsure: ramserver.Unsure{LateVisibility: true}}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "alice"}); err != nil {
			t.Fatal(err)
		}
		if err := c.AttachPolicy(t.Context(), "ReadOnlyAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: "alice"}); err != nil {
			t.Errorf("attaching to a user made just now: %v", err)
		}
		started := time.Now()
		_, err := c.User(t.Context(), "bob", "")
		if !IsNotFound(err) || time.Since(started) > 0 {
			t.Errorf("a user that never was: %v after %s", err, time.Since(started))
		}
	})
}

func TestThingOfARunBeforeIsWaitedForOnlyForSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		c.Recall(KindUser, "alice", time.Now().UTC().Format(time.RFC3339))
		started := time.Now()
		_, err := c.User(t.Context(), "alice", "")
		if took := time.Since(started); !IsNotFound(err) || took < 4*time.Second || took > 30*time.Second {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

func TestTextIsClearedWhetherOrNotTheServiceTakesAnEmptyOne(t *testing.T) {
	for name, unsure := range map[string]ramserver.Unsure{
		"clears": {}, "refuses": {EmptyTextRefused: true}, "ignores": {EmptyTextIgnored: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, &ramserver.Server{Unsure: unsure})
			ctx := t.Context()
			if _, err := c.CreateGroup(ctx, Group{Name: "ops", Comments: "operators"}); err != nil {
				t.Fatal(err)
			}
			g, err := c.UpdateGroup(ctx, "ops", "", GroupUpdate{Comments: new("")})
			if err != nil || g.Comments != "" {
				t.Errorf("update gave %+v, %v", g, err)
			}
			if g, err = c.Group(ctx, "ops", ""); err != nil || g.Comments != "" {
				t.Errorf("read gave %+v, %v", g, err)
			}
		})
	}
}

func TestNoMoreCallsAreUnderWayThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		s := &ramserver.Server{Latency: time.Second}
		counting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			s.ServeHTTP(w, r)
			now.Add(-1)
		})
		c := newTestClient(t, s, func(config *Config) { config.MaxConcurrency, config.RoundTripper = 3, inMemory{counting} })
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { _, _ = c.fetchUser(t.Context(), "alice") })
		}
		wg.Wait()
		if most.Load() != 3 {
			t.Errorf("%d calls were under way at once, want 3", most.Load())
		}
	})
}

func TestErrorsHoldNoSecret(t *testing.T) {
	const password = "Pa ss+W0rd/2026&x"
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("X-Acs-Action"), "DefaultDomain") {
			_, _ = io.WriteString(w, `{"DefaultDomainName":"example.onaliyun.com"}`)
			return
		}
		w.WriteHeader(400)
		_, _ = io.WriteString(w, `{"Code":"InvalidParameter","Message":"`+r.URL.RawQuery+" "+r.URL.Query().Get("Password")+" "+r.Header.Get("X-Acs-Security-Token")+`"}`)
	})
	aborting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("X-Acs-Action"), "DefaultDomain") {
			echo(w, r)
			return
		}
		panic(http.ErrAbortHandler)
	})
	for name, handler := range map[string]http.Handler{"the service echoes": echo, "the connection breaks": aborting} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{
				Credentials:  Credentials{AccessKeyID: "STS.x", AccessKeySecret: "very-secret", SecurityToken: "t0ken/with+signs"},
				RoundTripper: inMemory{handler}, MaxRetries: new(0),
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.CreateLoginProfile(t.Context(), "alice", LoginProfileInput{Password: password})
			if err == nil {
				t.Fatal("no error")
			}
			for _, secret := range []string{password, "Pa+ss", "Pa%20ss", "very-secret", "t0ken"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q is in: %v", secret, err)
				}
			}
		})
	}
}

func TestWrongSecretIsNamedWithoutTheSignedText(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s, func(config *Config) { config.Credentials.AccessKeySecret = "wrong" })
	_, err := c.User(t.Context(), "alice", "")
	var e *Error
	if !errors.As(err, &e) || e.Code != "SignatureDoesNotMatch" || !strings.Contains(e.Advice(), "access_key_secret") {
		t.Errorf("got %v", err)
	}
	// The real service repeats what it signed.
	repeating := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST&%2F&`+url.QueryEscape(r.URL.RawQuery)+`"}`)
	})
	_, err = newTestClient(t, s, func(config *Config) { config.RoundTripper = inMemory{repeating} }).User(t.Context(), "alice", "")
	if err == nil || strings.Contains(err.Error(), "alice") {
		t.Errorf("got %v", err)
	}
}

func TestEndpointsAreHTTPSExceptOnLoopback(t *testing.T) {
	for endpoint, want := range map[string]string{
		"ram.aliyuncs.com":          "HTTPS ram.aliyuncs.com",
		"ram.example.com:8443":      "HTTPS ram.example.com:8443",
		"https://ram.example.com":   "HTTPS ram.example.com",
		"https://ram.example.com/":  "HTTPS ram.example.com",
		"http://127.0.0.1:8080":     "HTTP 127.0.0.1:8080",
		"http://localhost:1":        "HTTP localhost:1",
		"http://[::1]:1":            "HTTP [::1]:1",
		"http://ram.example.com":    "refused",
		"http://localhost.evil.com": "refused",
		"http://10.0.0.1":           "refused",
		"ftp://127.0.0.1":           "refused",
		"https://u:p@example.com":   "refused",
		"https://example.com/path":  "refused",
		"https://example.com?a=b":   "refused",
		"https://":                  "refused",
		"not a host":                "refused",
	} {
		protocol, host, err := ParseEndpoint(endpoint)
		got := protocol + " " + host
		if err != nil {
			got = "refused"
			if strings.Contains(err.Error(), "u:p") {
				t.Errorf("the error shows a password: %v", err)
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", endpoint, got, want)
		}
	}
}

func TestPagesAreFetchedAsTheyAreNeeded(t *testing.T) {
	fetched := 0
	all := pages(func(marker *string) ([]int, *string, error) {
		fetched++
		return []int{fetched}, new("more"), nil
	})
	for n, err := range all {
		if err != nil || n == 2 {
			break
		}
	}
	if fetched != 2 {
		t.Errorf("%d pages were fetched, want 2", fetched)
	}
}

func TestKeysOfOneUserMadeAtOnceAreAllKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Latency: time.Second}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		// The first is refused without an answer from RAM, while the second is on its way.
		s.Intercept = failing("CreateAccessKey", 1, ramserver.Fault{Status: 503})
		made := make(chan AccessKey, 2)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				key, err := c.CreateAccessKey(t.Context(), "app")
				if err != nil {
					t.Error(err)
				}
				made <- key.AccessKey
			})
		}
		wg.Wait()
		keys, err := c.AccessKeys(t.Context(), "app")
		if err != nil || len(keys) != 2 {
			t.Fatalf("the user has %+v, %v", keys, err)
		}
		for range 2 {
			key := <-made
			if key.Secret == "" || !slices.ContainsFunc(keys, func(k AccessKey) bool { return k.ID == key.ID }) {
				t.Errorf("the key %s was made and deleted", key.ID)
			}
		}
	})
}

func TestNewKeyThatAListDoesNotShowYetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{Intercept: failing("ListAccessKeys", 3, ramserver.Fault{Status: 200, ContentType: "application/json", Body: `{"AccessKeys":{"AccessKey":[]}}`})}
		root := newTestClient(t, s)
		if _, err := root.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		key, err := root.CreateAccessKey(t.Context(), "app")
		if err != nil {
			t.Fatal(err)
		}
		later := newTestClient(t, s)
		later.Recall(KindAccessKey, key.ID, key.CreateDate)
		if found, err := later.AccessKey(t.Context(), "app", key.ID); err != nil || found.ID != key.ID {
			t.Errorf("got %+v, %v", found, err)
		}
	})
}

func TestWaitingForANewThingUsesUpNoRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := failing("AttachPolicyToUser", 12, ramserver.Fault{Status: 404, Code: "EntityNotExist.User", Message: "not yet"})
		throttled := failing("AttachPolicyToUser", 1, ramserver.Fault{Status: 400, Code: "Throttling.User", Message: "slowly"})
		s := &ramserver.Server{Intercept: interceptors(late, throttled)}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "alice"}); err != nil {
			t.Fatal(err)
		}
		if err := c.AttachPolicy(t.Context(), "ReadOnlyAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: "alice"}); err != nil {
			t.Error(err)
		}
	})
}

func TestGroupIsRenamedAndItsCommentsClearedAtOnce(t *testing.T) {
	for name, unsure := range map[string]ramserver.Unsure{
		"clears": {}, "refuses": {EmptyTextRefused: true}, "ignores": {EmptyTextIgnored: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, &ramserver.Server{Unsure: unsure})
			g, err := c.CreateGroup(t.Context(), Group{Name: "ops", Comments: "operators"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = c.UpdateGroup(t.Context(), "ops", g.ID, GroupUpdate{Name: new("operators"), Comments: new("")}); err != nil {
				t.Fatal(err)
			}
			if g, err = c.Group(t.Context(), "operators", ""); err != nil || g.Comments != "" {
				t.Errorf("got %+v, %v", g, err)
			}
		})
	}
}

func TestClocksMayDiffer(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"service ahead": 10 * time.Minute, "service behind": -10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{
					Now:       func() time.Time { return time.Now().Add(ahead) },
					Intercept: failing("CreateUser", 1, ramserver.Fault{After: true, Drop: true}),
				}
				root := newTestClient(t, s)
				if _, err := root.CreateUser(t.Context(), User{Name: "alice"}); err != nil {
					t.Errorf("a creation whose answer is lost, as the first call: %v", err)
				}
				key, err := root.CreateAccessKey(t.Context(), "alice")
				if err != nil {
					t.Fatal(err)
				}
				role, err := root.CreateRole(t.Context(), Role{Name: "deployer", AssumeRolePolicyDocument: trustEverybody})
				if err != nil {
					t.Fatal(err)
				}
				c := newTestClient(t, s, func(config *Config) {
					config.Credentials = Credentials{AccessKeyID: key.ID, AccessKeySecret: key.Secret, AssumeRole: &AssumeRole{RoleARN: role.ARN, DurationSeconds: 900}}
				})
				for range 20 {
					time.Sleep(time.Minute)
					if _, err := c.fetchUser(t.Context(), "alice"); err != nil {
						t.Fatal(err)
					}
				}
				if n := count(s, "AssumeRole"); n < 2 || n > 3 {
					t.Errorf("the role was assumed %d times in 20 minutes, want 2", n)
				}
			})
		})
	}
}

func TestObstaclesThatThisProcessRemovedAreLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &ramserver.Server{}
		c := newTestClient(t, s)
		if _, err := c.CreateUser(t.Context(), User{Name: "app"}); err != nil {
			t.Fatal(err)
		}
		key, err := c.CreateAccessKey(t.Context(), "app")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.DeleteAccessKey(t.Context(), "app", key.ID); err != nil {
			t.Fatal(err)
		}
		s.Intercept = failing("ListAccessKeys", 2, ramserver.Fault{
			Status: 200, ContentType: "application/json",
			Body: `{"AccessKeys":{"AccessKey":[{"AccessKeyId":"` + key.ID + `"}]}}`,
		})
		d, err := c.RemainingUserDependents(t.Context(), "app")
		if err != nil || len(d.AccessKeys) > 0 {
			t.Errorf("got %+v, %v", d, err)
		}
	})
}
