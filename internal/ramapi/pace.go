package ramapi

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// How the pace follows what the service says. RAM publishes no rate limit, so
// it is found the way TCP finds a path's: faster while calls are answered, half
// as fast when one is throttled, and then slowly faster again, so that several
// runs in one account settle instead of fighting.
const (
	first    = 4    // calls at once, before the service has answered any
	slowest  = 0.5  // calls a second, however often calls are throttled
	cautious = 5    // calls a second after the first throttled call, where fewer than twice as many were answered
	recovery = 0.1  // by how much of itself the rate grows each second, and
	step     = 0.3  // by how many calls a second besides
	unbound  = 1000 // calls a second at which a rate no longer counts as a limit
	measured = time.Second
)

// pace decides when a call may be sent: how many are under way at once and,
// from the first throttled call on, how many begin each second.
type pace struct {
	most int // max_concurrency

	mu       sync.Mutex
	window   float64 // calls that may be under way
	underWay int
	waiting  []chan struct{} // callers in their order, each told when its turn has come
	rate     float64         // calls that may begin each second; 0 while no limit is known
	grown    time.Time       // when the rate last grew
	next     time.Time       // when the next call may begin
	slowed   time.Time       // when the pace was last halved
	answered []time.Time     // when calls were answered, the last second's
}

func newPace(most int) *pace { return &pace{most: most, window: min(first, float64(most))} }

// begin waits until a call may be sent, or for the end of ctx. Each begin that
// succeeds is followed by one end.
func (p *pace) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := p.enter(ctx); err != nil {
		return err
	}
	for {
		at, slowed := p.turn()
		if err := sleepUntil(ctx, at); err != nil {
			p.leave()
			return err
		}
		if !p.hasSlowed(slowed) {
			return nil
		}
	}
}

// end notes how the call ended that was sent at the given time: nil for an
// answer, or why it failed.
func (p *pace) end(sent time.Time, err *Error) {
	p.mu.Lock()
	switch {
	case err != nil && err.throttled():
		p.slowDown(sent)
	case err == nil || err.isAnswer():
		p.speedUp()
	}
	p.mu.Unlock()
	p.leave()
}

// enter takes one of the places of the window.
func (p *pace) enter(ctx context.Context) error {
	p.mu.Lock()
	if p.underWay < int(p.window) && len(p.waiting) == 0 {
		p.underWay++
		p.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, turn); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		return ctx.Err()
	}
	p.underWay-- // the turn came just now
	p.admit()
	return ctx.Err()
}

func (p *pace) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.underWay--
	p.admit()
}

// admit lets those in who have waited longest, as far as there is room.
func (p *pace) admit() {
	for p.underWay < int(p.window) && len(p.waiting) > 0 {
		close(p.waiting[0])
		p.waiting = p.waiting[1:]
		p.underWay++
	}
}

// turn gives the time at which the next call may begin, and takes it. It holds
// unless the pace is halved before that, which slowed is there to tell.
func (p *pace) turn() (at, slowed time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.rate == 0 {
		return now, p.slowed
	}
	at = now
	if p.next.After(now) {
		at = p.next
	}
	// Runs that were throttled together shall not go on in step.
	p.next = at.Add(time.Duration((0.8 + 0.4*rand.Float64()) * float64(time.Second) / p.rate))
	return at, p.slowed
}

// hasSlowed reports whether the pace has been halved since it was last, at that time.
func (p *pace) hasSlowed(last time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slowed.After(last)
}

// speedUp follows a call that was answered: the window grows by one for each
// until the first call is throttled, then by one for each windowful.
func (p *pace) speedUp() {
	now := time.Now()
	p.answered = append(p.since(now.Add(-measured)), now)
	if p.rate == 0 {
		p.window = min(float64(p.most), p.window+1)
		return
	}
	p.window = min(float64(p.most), p.window+1/p.window)
	p.rate += (recovery*p.rate + step) * min(1, now.Sub(p.grown).Seconds())
	p.grown = now
	if p.rate > unbound {
		p.rate = 0
	}
}

// slowDown follows a throttled call: half as fast, at first half of what the
// service has answered in the last second. Calls that left before the pace was
// halved say nothing new.
func (p *pace) slowDown(sent time.Time) {
	if sent.Before(p.slowed) {
		return
	}
	now := time.Now()
	p.answered = p.since(now.Add(-measured))
	if p.rate == 0 {
		p.rate = max(cautious, float64(len(p.answered))/measured.Seconds()/2)
	} else {
		p.rate = max(slowest, p.rate/2)
	}
	p.window = max(1, p.window/2)
	p.slowed, p.grown = now, now
	p.next = now.Add(time.Duration(float64(time.Second) / p.rate))
}

// since gives the times of answers that are not older than that.
func (p *pace) since(start time.Time) []time.Time {
	i := 0
	for i < len(p.answered) && p.answered[i].Before(start) {
		i++
	}
	return p.answered[i:]
}

func sleepUntil(ctx context.Context, at time.Time) error {
	wait := time.Until(at)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
