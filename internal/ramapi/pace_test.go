package ramapi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// callsUnderThrottle makes that many calls with each of the clients, ten at a
// time, at 20 ms each and 50 a second in all, and gives how many the server saw
// and how long they took.
func callsUnderThrottle(t *testing.T, clients, calls int) (seen int, took time.Duration) {
	s := accountOf(t, 1)
	s.Latency, s.Throttle = 20*time.Millisecond, 50
	started := time.Now()
	var wg sync.WaitGroup
	for range clients {
		c := newTestClient(t, s)
		wg.Go(func() {
			tenAtATime(calls, func(int) {
				if _, err := c.fetchUser(t.Context(), userNumber(0)); err != nil {
					t.Error(err)
				}
			})
		})
	}
	wg.Wait()
	return len(s.Calls()), time.Since(started)
}

func TestAThrottledRunEndsWellWithFewCallsMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen, took := callsUnderThrottle(t, 1, 5000)
		t.Logf("%d calls in %s", seen, took)
		if seen > 5000*12/10 {
			t.Errorf("%d calls for 5000 answers", seen)
		}
		if took > 2*5000/50*time.Second {
			t.Errorf("5000 answers took %s at 50 a second", took)
		}
	})
}

func TestParallelRunsInOneAccountSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen, took := callsUnderThrottle(t, 10, 400)
		t.Logf("%d calls in %s", seen, took)
		if seen > 10*400*12/10 {
			t.Errorf("%d calls for 4000 answers", seen)
		}
		if took > 2*4000/50*time.Second {
			t.Errorf("4000 answers took %s at 50 a second", took)
		}
	})
}

func TestConcurrencyGrowsWhileTheServiceAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		s := accountOf(t, 1)
		s.Latency = time.Second
		counting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			s.ServeHTTP(w, r)
			now.Add(-1)
		})
		c := newTestClient(t, s, func(config *Config) { config.MaxConcurrency, config.RoundTripper = 20, inMemory{counting} })
		started := time.Now()
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() { _, _ = c.fetchUser(t.Context(), userNumber(0)) })
		}
		wg.Wait()
		// 4, 8, 16 and then 20 at a time.
		if took := time.Since(started); most.Load() != 20 || took > 15*time.Second {
			t.Errorf("at most %d calls at once, %s in all", most.Load(), took)
		}
	})
}

func TestThePaceIsHalvedOnceForWhatIsThrottledTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(10)
		call := func(throttled bool) {
			if err := p.begin(t.Context()); err != nil {
				t.Error(err)
			}
			sent := time.Now()
			time.Sleep(100 * time.Millisecond)
			var err *Error
			if throttled {
				err = &Error{Code: "Throttling.User", HTTPStatus: 400}
			}
			p.end(sent, err)
		}
		for range 40 {
			tenAtATime(10, func(int) { call(false) })
		}
		tenAtATime(10, func(int) { call(true) })
		if p.rate < 40 || p.rate > 60 { // 10 at a time for 100 ms each are 100 a second
			t.Errorf("the pace is %.1f calls a second", p.rate)
		}
		rate := p.rate
		time.Sleep(time.Second)
		call(true)
		if p.rate > rate/2 {
			t.Errorf("the pace is %.1f calls a second, before it was %.1f", p.rate, rate)
		}
		rate = p.rate
		for range 20 {
			call(false)
		}
		if p.rate <= rate || p.rate > 2*rate {
			t.Errorf("the pace is %.1f calls a second, before it was %.1f", p.rate, rate)
		}
	})
}

func TestAnInterruptEndsTheWaitForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(1)
		if err := p.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := p.begin(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		p.end(time.Now(), &Error{Code: "Throttling.User", HTTPStatus: 400})
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if err := p.begin(ctx); !errors.Is(err, context.Canceled) { // slowed down
			t.Errorf("got %v", err)
		}
		if err := p.begin(t.Context()); err != nil || p.underWay != 1 {
			t.Errorf("got %v, %d under way", err, p.underWay)
		}
	})
}

func TestAThrottledCallIsRepeatedUntilItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		throttled := ramserver.Fault{Status: 429, Code: "Throttling.User", Message: "slowly"}
		s.Intercept = failing("GetUser", 20, throttled)
		c := newTestClient(t, s)
		if _, err := c.fetchUser(t.Context(), userNumber(0)); err != nil {
			t.Errorf("throttled 20 times: %v", err)
		}
		s.Intercept = failing("GetUser", 1_000_000, throttled)
		started := time.Now()
		_, err := c.fetchUser(t.Context(), userNumber(0))
		if took := time.Since(started); err == nil || took < 4*time.Minute || took > 5*time.Minute {
			t.Errorf("throttled for good: %v after %s", err, took)
		}
		none := newTestClient(t, s, func(config *Config) { config.MaxRetries = new(0) })
		started = time.Now()
		_, err = none.fetchUser(t.Context(), userNumber(0))
		if took := time.Since(started); err == nil || took < 25*time.Second || took > time.Minute {
			t.Errorf("throttled for good, without retries: %v after %s", err, took)
		}
	})
}

func TestConnectionsAreReused(t *testing.T) {
	s := accountOf(t, 1)
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(s)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := newTestClient(t, s, func(config *Config) {
		config.RoundTripper = nil
		config.Endpoints = Endpoints{RAM: server.URL, IMS: server.URL, STS: server.URL}
	})
	tenAtATime(5000, func(int) {
		if _, err := c.fetchUser(t.Context(), userNumber(0)); err != nil {
			t.Error(err)
		}
	})
	// A call ends as soon as its answer is there, and may now and then take its connection along.
	if opened.Load() > 20 {
		t.Errorf("%d connections for 5000 calls, ten at a time", opened.Load())
	}
}
