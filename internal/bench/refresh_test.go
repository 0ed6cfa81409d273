package bench

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// run is what one refresh of a whole configuration took.
type run struct {
	account
	serverConfig
	tally

	resources  int
	wall       time.Duration
	cpu        time.Duration // of the provider alone
	kept       int64         // bytes more in use at the end than before the first request, with the provider still there
	peak       int64         // bytes in use at the worst moment, by the provider and what measures it; 0 where unknown
	peakGrowth int64         // how much of peak came during the run
}

// overBound gives an error where the run made more calls than it may. It is for accounts in which everything is
// managed.
func (r run) overBound() error {
	if bound := r.unavoidable() + spareCalls; r.calls() > bound {
		return fmt.Errorf("%d people: %d calls; at most %d are needed: %v", r.people, r.calls(), bound, r.Actions)
	}
	return nil
}

// measure refreshes the configuration of an account with a provider of its own.
func measure(t *testing.T, a account, config serverConfig) run {
	t.Helper()
	config.People, config.Everything = a.people, a.everything
	s := startServer(t, config)
	p := newProvider(t, s)
	items := a.items()
	r := run{account: a, serverConfig: config, resources: len(items)}

	// What only builds the requests is not the provider's.
	began := cpuTime()
	if err := walk(items, func(it item) error { _, err := p.encode(it); return err }); err != nil {
		t.Fatal(err)
	}
	harness := cpuTime() - began

	heapBefore := heap()
	resetPeak()
	peakBefore := peakMemory()
	s.tally(t)
	began = cpuTime()
	start := time.Now()
	if err := walk(items, func(it item) error { return p.refresh(t.Context(), it) }); err != nil {
		t.Fatal(err)
	}
	r.wall = time.Since(start)
	r.cpu = max(0, cpuTime()-began-harness)
	r.peak = peakMemory()
	r.peakGrowth = r.peak - peakBefore
	r.kept = heap() - heapBefore
	runtime.KeepAlive(p)
	runtime.KeepAlive(items)
	r.tally = s.tally(t)
	return r
}

func TestRefreshMakesNoMoreCallsThanItNeeds(t *testing.T) {
	t.Parallel()
	for _, people := range []int{100, 1100} {
		for name, a := range map[string]account{
			"people":     {people: people},
			"everything": {people: people, everything: true},
		} {
			t.Run(fmt.Sprintf("%s/%d", name, people), func(t *testing.T) {
				t.Parallel()
				if err := measure(t, a, serverConfig{}).overBound(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
