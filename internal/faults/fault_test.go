package faults

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// The faults that are more than one broken answer; ramserver names the others.
const (
	staleReads  = "stale-reads" // for all of the row, reads do not see what was written a moment ago
	lostStale   = "lost, stale" // the same, and the answer is lost
	killed      = "killed"      // the action is carried out, and the provider killed before it hears so
	interrupted = "interrupted" // Ctrl-C while the action is under way
	conflicting = "conflict"    // the deletion is refused for what the same apply has just removed
)

const (
	staleFor = 2 * time.Second
	// killAfter is long enough for the server to have carried the action out.
	killAfter = 200 * time.Millisecond
	// heldFor is how long the action under way takes when it is interrupted: more
	// than enough for Terraform to tell the provider.
	heldFor = time.Second
	// hangs is the fault that an answer never comes. hangFor is how many seconds
	// the provider waits for one then; otherwise, more than a busy machine takes.
	hangs      = "lost-hang"
	hangFor    = 1
	patientFor = 30
)

// faultsOf gives the faults that a strike is tried with.
func faultsOf(s strike) []string {
	all := append(ramserver.FaultNames(), staleReads, lostStale, killed, interrupted)
	if s.conflict != "" {
		all = append(all, conflicting)
	}
	return all
}

// watch stands at the door of a row's server: it notes every call, and strikes
// the first one of an action.
type watch struct {
	action   string
	fault    string
	conflict string
	site     *site
	kill     func() error

	mu       sync.Mutex
	arrived  []arrival
	struckAt int // index of the call that was struck, -1 before
	failed   error
}

type arrival struct {
	ramserver.Call
	when time.Time
}

func newWatch(action, fault, conflict string) *watch {
	return &watch{action: action, fault: fault, conflict: conflict, struckAt: -1}
}

// intercept is the server's Intercept.
func (w *watch) intercept(c ramserver.Call) *ramserver.Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arrived = append(w.arrived, arrival{c, time.Now()})
	if w.struckAt >= 0 || c.Action != w.action {
		return nil
	}
	w.struckAt = len(w.arrived) - 1
	switch w.fault {
	case staleReads:
		return nil
	case lostStale:
		return &ramserver.Fault{After: true, Drop: true}
	case killed:
		time.AfterFunc(killAfter, func() { w.note(w.kill()) })
		// The delay ends when the provider, who waits for the answer, is dead.
		return &ramserver.Fault{After: true, Delay: commandLimit, Drop: true}
	case interrupted:
		w.failed = w.site.interrupt()
		return &ramserver.Fault{Delay: heldFor}
	case conflicting:
		return &ramserver.Fault{Status: 409, Code: w.conflict, Message: "What was just removed is still there."}
	}
	f, ok := ramserver.NamedFault(w.fault)
	if !ok {
		w.failed = fmt.Errorf("there is no fault %s", w.fault)
	}
	return &f
}

func (w *watch) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.failed = err
	}
}

// struck reports whether the fault happened. An error means that it did not
// happen as it should.
func (w *watch) struck() (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.struckAt >= 0, w.failed
}

// writesAfterInterrupt gives the changes that began after the call that was
// under way when Terraform was told to stop.
func (w *watch) writesAfterInterrupt() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var late []string
	deadline := w.arrived[w.struckAt].when.Add(heldFor)
	for _, a := range w.arrived[w.struckAt+1:] {
		if changes(a.Action) && a.when.After(deadline) {
			late = append(late, a.Action)
		}
	}
	return late
}

// notSaved reports whether later calls show that the state does not hold what
// the struck call did: they make it once more although it is there, or send an
// update again. A deletion that is repeated shows nothing: until all of a
// resource is gone, Terraform keeps what it knew of it.
func (w *watch) notSaved(later []ramserver.Call) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	hit := w.arrived[w.struckAt]
	for _, c := range later {
		if c.Action != hit.Action || !reflect.DeepEqual(c.Params, hit.Params) {
			continue
		}
		if strings.HasPrefix(c.Code, "EntityAlreadyExists") || strings.HasPrefix(c.Action, "Update") {
			return true
		}
	}
	return false
}

// changes reports whether an action changes the account.
func changes(action string) bool {
	return !strings.HasPrefix(action, "Get") && !strings.HasPrefix(action, "List")
}
