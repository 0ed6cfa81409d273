package ramapi

import (
	"context"
	"iter"
	"sync"
)

// A list that has not been read to its end costs one call a page, and a page
// may answer nothing that is asked. So a table begins with single reads, and
// then spends on pages what single reads would have cost, twice:
//
//	pages fetched <= listRate * (things asked about - start)
//
// With n things asked about, in an account whose list has p pages and of which
// everything is asked for sooner or later, that is start single reads and p
// pages, and a few single reads more where p is large and few questions are
// asked at a time. Where the account is much larger than what is asked about,
// the pages stop with the questions: never more than 1 + listRate times the
// calls of single reads, and none at all up to start things. RAM's own limits
// are 5,000 users, which are 5 pages, and 300 groups, which are 3.
const listRate = 2

// enough is how many pages in all may fail before a list is given up.
const enough = 3

// table answers questions about things of one kind, by name, from what is
// known or else by the cheapest call. Equal questions asked at the same time
// share one call, and a caller that gives up does not fail the others. What a
// list does not show is asked for singly before it is called missing; so is
// everything once a list has been refused.
type table[V any] struct {
	action string // what a question is called in errors
	writes *writeLog
	about  func(name string) watched
	single func(ctx context.Context, name string) (V, error)
	list   *listing[V]    // nil where RAM has no list that holds what is needed
	idOf   func(V) string // nil where nobody asks by id
	shows  func(V) fields // nil where an answer is always whole

	mu    sync.Mutex         // guards what follows, and list
	rows  map[string]row[V]  // by name
	names map[string]string  // by id
	asks  map[string]*ask[V] // on their way, by name
}

// row is what is known of one thing.
type row[V any] struct {
	value  V
	gone   *Error // this process deleted the thing
	at     uint64 // the writeLog's count when it was asked for
	listed bool   // it comes from the list
}

// listing is the list of a table, as far as it has been read.
type listing[V any] struct {
	page   func(ctx context.Context, marker *string) (items []V, next *string, err error)
	nameOf func(V) string
	start  int // things that are asked about singly before the list is read

	asked    map[string]bool // the names asked about so far
	pages    int             // pages so far
	failures int             // pages that could not be had
	marker   *string         // of the next page
	ended    bool            // there is no next page, or none is to be had
	turn     *ask[[]V]       // the page on its way
}

// fields is a set of the parts of an answer that may be absent from it.
type fields uint8

// ask is one call on its way, and everybody who waits for it.
type ask[V any] struct {
	at      uint64
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed when value and err are there
	value   V
	err     error
}

// get gives the thing of that name. needed are the fields that an answer must
// show: what a list leaves out of them is asked for singly, so that it is not
// taken for empty.
func (t *table[V]) get(ctx context.Context, name string, needed fields) (V, error) {
	about := t.about(name)
	t.mu.Lock()
	if t.list != nil {
		t.list.count(name)
	}
	for {
		r, known := t.recall(name, about)
		if known && t.suffices(r, needed) {
			t.mu.Unlock()
			return r.answer()
		}
		turn := t.nextPage(ctx)
		if known || turn == nil {
			break
		}
		turn.waiting++
		t.mu.Unlock()
		_, err := wait(ctx, t, turn)
		if err != nil && ctx.Err() != nil {
			var none V
			return none, err
		}
		t.mu.Lock()
		if err != nil {
			break
		}
	}
	t.forgetListed(name)
	t.mu.Unlock()
	return t.ask(ctx, name, about)
}

// all yields everything that the list shows now, reading pages as they are
// needed, and keeps it for the questions that follow.
func (t *table[V]) all(ctx context.Context) iter.Seq2[V, error] {
	return pages(func(marker *string) ([]V, *string, error) {
		at := t.writes.now()
		items, next, err := t.list.page(ctx, marker)
		t.putListed(items, at)
		return items, next, err
	})
}

// putListed keeps the rows of a page that the table itself has not asked for.
func (t *table[V]) putListed(values []V, at uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keepListed(values, at)
}

// suffices reports whether the row shows all that is needed.
func (t *table[V]) suffices(r row[V], needed fields) bool {
	return !r.listed || t.shows == nil || needed&^t.shows(r.value) == 0
}

// known gives what is known of the thing, if that is true of all that about names.
func (t *table[V]) known(name string, about watched) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, known := t.recall(name, about)
	return r.value, known && r.gone == nil
}

// knownByID is known for the thing of that id, under whichever name.
func (t *table[V]) knownByID(id string) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := t.names[id]
	r, known := t.recall(name, t.about(name))
	return r.value, known && r.gone == nil && t.idOf(r.value) == id
}

// isGone reports whether this process deleted the thing.
func (t *table[V]) isGone(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, known := t.recall(name, t.about(name))
	return known && r.gone != nil
}

// kept gives the things whose names fit and that were there when last heard of.
func (t *table[V]) kept(fits func(name string) bool) []V {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []V
	for name, r := range t.rows {
		if r.gone == nil && fits(name) {
			all = append(all, r.value)
		}
	}
	return all
}

// recall gives the row, if it is true of all that about names. The lock is held.
func (t *table[V]) recall(name string, about watched) (r row[V], known bool) {
	r, found := t.rows[name]
	return r, found && t.writes.undisturbed(r.at, about)
}

func (r row[V]) answer() (V, error) {
	if r.gone != nil {
		return r.value, r.gone
	}
	return r.value, nil
}

// put keeps what this process wrote itself.
func (t *table[V]) put(name string, value V, at uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(name, row[V]{value: value, at: at})
}

// putGone keeps that this process deleted the thing.
func (t *table[V]) putGone(name string, gone *Error, at uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(name, row[V]{gone: gone, at: at})
}

// keep keeps a row, unless a newer one is there. A list does not replace what is
// known better: a page that lags may be older than a write before it.
func (t *table[V]) keep(name string, r row[V]) {
	old, found := t.rows[name]
	if found && (old.at > r.at || r.listed && !old.listed && t.writes.undisturbed(old.at, t.about(name))) {
		return
	}
	if t.rows == nil {
		t.rows, t.names = map[string]row[V]{}, map[string]string{}
	}
	t.rows[name] = r
	if t.idOf != nil && r.gone == nil {
		t.names[t.idOf(r.value)] = name
	}
}

// forgetListed drops a row of the list that does not suffice. The lock is held.
func (t *table[V]) forgetListed(name string) {
	if t.rows[name].listed {
		delete(t.rows, name)
	}
}

// ask asks for one thing, together with everybody who asks for it now.
func (t *table[V]) ask(ctx context.Context, name string, about watched) (V, error) {
	if err := ctx.Err(); err != nil {
		var none V
		return none, notAsked(t.action, err)
	}
	t.mu.Lock()
	if r, known := t.recall(name, about); known { // it has come in the meantime
		t.mu.Unlock()
		return r.answer()
	}
	a := t.asks[name]
	if a == nil || !t.writes.undisturbed(a.at, about) {
		a = send(ctx, t.writes, func(ctx context.Context) (V, error) { return t.single(ctx, name) }, func(a *ask[V]) { t.landed(name, a) })
		if t.asks == nil {
			t.asks = map[string]*ask[V]{}
		}
		t.asks[name] = a
	}
	a.waiting++
	t.mu.Unlock()
	return wait(ctx, t, a)
}

// again asks singly for what is known already, but may have been read too early.
func (t *table[V]) again(ctx context.Context, name string) (V, error) {
	at := t.writes.now()
	value, err := t.single(ctx, name)
	if err == nil {
		t.put(name, value, at)
	}
	return value, err
}

// current answers a question about a whole, any part of which this process may
// have changed: from what is known as long as it has changed nothing.
func (t *table[V]) current(ctx context.Context, name string) (V, error) {
	if t.writes.now() > 0 {
		return t.again(ctx, name)
	}
	return t.ask(ctx, name, watched{})
}

// landed keeps the answer of a single read.
func (t *table[V]) landed(name string, a *ask[V]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asks[name] == a {
		delete(t.asks, name)
	}
	if a.err == nil {
		t.keep(name, row[V]{value: a.value, at: a.at})
	}
}

// count counts a question. The table's lock is held.
func (l *listing[V]) count(name string) {
	if l.asked == nil {
		l.asked = map[string]bool{}
	}
	l.asked[name] = true
}

// nextPage gives the page that is on its way, or sends for the next one if
// that pays. The lock is held.
func (t *table[V]) nextPage(ctx context.Context) *ask[[]V] {
	l := t.list
	switch {
	case l == nil || ctx.Err() != nil:
		return nil
	case l.turn != nil:
		return l.turn
	case l.ended || l.pages >= listRate*(len(l.asked)-l.start):
		return nil
	}
	marker, next := l.marker, (*string)(nil)
	l.turn = send(ctx, t.writes,
		func(ctx context.Context) (items []V, err error) {
			items, next, err = l.page(ctx, marker)
			return items, err
		},
		func(a *ask[[]V]) { t.turned(a, next) })
	return l.turn
}

// turned keeps the rows of a page. Whoever has waited for one that failed asks
// singly, and hears what is wrong if that fails as well. A list that is refused,
// or fails too often, is not asked for again.
func (t *table[V]) turned(a *ask[[]V], next *string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.list
	if l.turn != a {
		return // everybody has given it up
	}
	l.turn = nil
	if a.err != nil {
		l.failures++
		l.ended = IsRefused(a.err) || l.failures == enough
		return
	}
	l.pages++
	l.marker, l.ended = next, next == nil || *next == ""
	t.keepListed(a.value, a.at)
}

// keepListed keeps the rows of a page. The lock is held.
func (t *table[V]) keepListed(values []V, at uint64) {
	for _, value := range values {
		if name := t.list.nameOf(value); name != "" {
			t.keep(name, row[V]{value: value, at: at, listed: true})
		}
	}
}

// send begins a call that goes on as long as somebody waits for it; landed is
// called before they are told.
func send[V any](ctx context.Context, writes *writeLog, call func(context.Context) (V, error), landed func(*ask[V])) *ask[V] {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a := &ask[V]{at: writes.now(), cancel: cancel, done: make(chan struct{})}
	go func() {
		defer cancel()
		a.value, a.err = call(own)
		landed(a)
		close(a.done)
	}()
	return a
}

// wait waits for a call that the caller has been counted for, or for the end of ctx.
func wait[T, V any](ctx context.Context, t *table[T], a *ask[V]) (V, error) {
	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.waiting--; a.waiting == 0 {
		a.cancel()
		t.abandon(a)
	}
	var none V
	return none, &Error{Action: t.action, Message: "the answer was not waited for: " + ctx.Err().Error(), cause: ctx.Err()}
}

// abandon sees to it that nobody joins a call that nobody waits for any more.
func (t *table[V]) abandon(a any) {
	if t.list != nil && a == any(t.list.turn) {
		t.list.turn = nil
	}
	for name, on := range t.asks {
		if a == any(on) {
			delete(t.asks, name)
		}
	}
}
