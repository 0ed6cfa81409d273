package user_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// What happens to a call of a turn.
const (
	refused = "refused"
	lost    = "lost"   // it is carried out, and its answer lost
	killed  = "killed" // it is carried out, and the provider killed before it hears so
)

// turning is a user whose key has been turned once, in an account of its own, and
// what the state has of the key.
type turning struct {
	t        *testing.T
	acc      *acctest.Account
	user     string
	identity *age.X25519Identity // nil: the secret is kept in plain text
	previous string              // previous_key

	kept  acctest.Kept
	first string // the key that is turned

	mu     sync.Mutex
	fault  string
	strike int  // which of the calls that still come is struck, 0 for none
	calls  int  // since the turn began
	dead   bool // the provider was killed
}

// newTurning makes the user, with a key that is turned once.
func newTurning(t *testing.T, previous string, encrypted bool) *turning {
	t.Helper()
	k := &turning{t: t, previous: previous}
	k.acc = acctest.NewLocal(t, func(s *ramserver.Server) { s.Intercept = k.intercept })
	if encrypted {
		var err error
		k.identity, err = age.GenerateX25519Identity()
		must(t, err)
	}
	k.user = k.acc.Name("app")
	createUser(t, k.acc, k.user)
	for _, turn := range []string{"1", "2", "2"} {
		if _, failure := k.apply(turn); failure != "" {
			t.Fatal(failure)
		}
	}
	return k
}

// struck gives another account with the same in it, in which one of the calls
// that come from now on is struck.
func (k *turning) struck(t *testing.T, account []byte, fault string, call int) *turning {
	t.Helper()
	other := &turning{t: t, user: k.user, identity: k.identity, previous: k.previous, kept: k.kept, first: k.kept.Text(t, "access_key_id"), fault: fault, strike: call}
	other.acc = acctest.NewLocal(t, func(s *ramserver.Server) {
		must(t, s.Load(account))
		s.Intercept = other.intercept
	})
	return other
}

func (k *turning) setStrike(call int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike, k.calls = call, 0
}

// intercept strikes, and looks at each moment between two calls.
func (k *turning) intercept(ramserver.Call) *ramserver.Fault {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls++
	denied := &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."}
	if k.strike > 0 {
		k.checkInHand()
	}
	switch {
	case k.dead:
		return denied // a dead provider calls nobody
	case k.calls != k.strike:
		return nil
	case k.fault == refused:
		return denied
	}
	k.dead = k.fault == killed
	return &ramserver.Fault{After: true, Drop: true}
}

// apply applies the configuration, in a process of its own. It gives whether
// there was something to do, and the error.
func (k *turning) apply(turn string) (changed bool, failure string) {
	k.t.Helper()
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	config := map[string]tftypes.Value{
		"user_name": text(k.user), "previous_key": text(k.previous),
		"rotate_when_changed": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"turn": text(turn)}),
	}
	if k.identity != nil {
		config["age_recipients"] = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{text(k.identity.Recipient().String())})
	}
	after, changed, diags := k.acc.Protocol(k.t, nil).Apply(k.t.Context(), k.t, "ram_access_key", k.kept, config)
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dead {
		k.kept = after
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return changed, d.Summary + ": " + d.Detail
		}
	}
	return changed, ""
}

type serverKey struct{ AccessKeySecret, UserID, Status string }

// keys gives the user's keys as the server has them.
func (k *turning) keys() map[string]serverKey {
	saved, err := k.acc.Server.Save()
	var account struct {
		AccessKeys      map[string]serverKey
		RootAccessKeyID string
	}
	if err == nil {
		err = json.Unmarshal(saved, &account)
	}
	if err != nil {
		k.t.Error(err)
	}
	delete(account.AccessKeys, account.RootAccessKeyID)
	return account.AccessKeys
}

// checkInHand checks that a key works whose secret the state has.
func (k *turning) checkInHand() {
	id, keys := k.kept.Text(k.t, "access_key_id"), k.keys()
	if key := keys[id]; key.Status != "Active" || key.AccessKeySecret != k.secret() {
		k.t.Errorf("before call %d the state has the secret of %s, and the account the keys %s", k.calls, id, k.named(keys))
	}
}

// secret gives the secret that the state has.
func (k *turning) secret() string {
	if k.identity == nil {
		return k.kept.Text(k.t, "access_key_secret")
	}
	reader, err := age.Decrypt(armor.NewReader(strings.NewReader(k.kept.Text(k.t, "encrypted_secret"))), k.identity)
	if err != nil {
		k.t.Error(err)
		return ""
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		k.t.Error(err)
	}
	return string(plain)
}

func (k *turning) named(keys map[string]serverKey) string {
	var all []string
	for id, key := range keys {
		all = append(all, id+" "+key.Status)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// finish applies, as somebody does who reads the errors, until nothing is left
// to do. Nothing is struck after that.
func (k *turning) finish() {
	k.t.Helper()
	k.mu.Lock()
	k.dead = false
	k.checkInHand()
	k.mu.Unlock()
	defer k.setStrike(0)
	for range 4 {
		changed, failure := k.apply("3")
		k.checkInHand()
		switch {
		case failure != "":
			k.deleteNamed(failure)
		case !changed:
			k.checkTurned()
			return
		}
	}
	k.t.Error("the turn does not come to an end")
}

// deleteNamed deletes the key that an error names and the state does not know,
// as the error says.
func (k *turning) deleteNamed(failure string) {
	k.t.Helper()
	for id := range k.keys() {
		known := id == k.kept.Text(k.t, "access_key_id") || id == k.kept.Text(k.t, "previous_access_key_id")
		if !known && strings.Contains(failure, id) {
			must(k.t, k.acc.Client().DeleteAccessKey(k.t.Context(), k.user, id))
			return
		}
	}
	k.t.Errorf("the next apply fails, and names no key to delete: %s", failure)
}

// checkTurned checks that there is the new key, and the previous one as it should be.
func (k *turning) checkTurned() {
	k.t.Helper()
	id, previous := k.kept.Text(k.t, "access_key_id"), k.kept.Text(k.t, "previous_access_key_id")
	if id == k.first {
		k.t.Errorf("the key was not turned")
	}
	want := map[string]string{id: "Active"}
	if k.previous == "inactive" {
		want[previous] = "Inactive"
	}
	keys := k.keys()
	for id, status := range want {
		if keys[id].Status != status {
			k.t.Errorf("%s should be %s, and the account has the keys %s", id, status, k.named(keys))
		}
	}
	if len(keys) != len(want) || k.kept.Text(k.t, "previous_access_key_status") != want[previous] {
		k.t.Errorf("the account has the keys %s, and the state %q as the previous", k.named(keys), previous)
	}
}

func TestAccessKey_wheneverATurnFailsAKeyWorksWhoseSecretIsInTheState(t *testing.T) {
	t.Parallel()
	for _, kind := range []struct {
		previous  string
		encrypted bool
	}{{"inactive", false}, {"delete", true}} {
		begin := newTurning(t, kind.previous, kind.encrypted)
		account, err := begin.acc.Server.Save()
		must(t, err)
		whole := begin.struck(t, account, refused, 1_000)
		for range 2 {
			if _, failure := whole.apply("3"); failure != "" {
				t.Fatal(failure)
			}
		}
		calls := whole.calls
		whole.finish()
		if calls < 6 {
			t.Fatalf("the key was turned by %d calls", calls)
		}
		for call := 1; call <= calls; call++ {
			for _, fault := range []string{refused, lost, killed} {
				t.Run(fmt.Sprintf("%s/call %d %s", kind.previous, call, fault), func(t *testing.T) {
					t.Parallel()
					k := begin.struck(t, account, fault, call)
					for range 2 { // the turn, and what is left of it
						if _, failure := k.apply("3"); failure != "" {
							break
						}
					}
					if k.calls < call {
						t.Fatalf("there were %d calls", k.calls)
					}
					k.finish()
				})
			}
		}
	}
}
