package ramapi

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kinds of things, spelled as in RAM's error codes: EntityNotExist.User. The
// first three are principals.
const (
	KindUser         Kind = "User"
	KindGroup        Kind = "Group"
	KindRole         Kind = "Role"
	KindPolicy       Kind = "Policy"
	KindLoginProfile Kind = "User.LoginProfile" // named by its user
	KindAccessKey    Kind = "User.AccessKey"    // named by its id
	KindMFADevice    Kind = "VirtualMFADevice"  // named by its serial number
	KindSAMLProvider Kind = "SAMLProvider"
	KindOIDCProvider Kind = "OIDCProvider"

	KindAccessKeyPolicy Kind = "AccessKeyPolicy" // named by the id of its key
	kindUserSSOSettings Kind = "UserSsoSettings"
)

// Kind is the kind of a thing that RAM knows by name.
type Kind string

// entity is a thing with a name, by the word that RAM's error codes have for its kind.
type entity struct{ kind, name string }

// written is the thing as the writeLog knows it. RAM's documentation leaves open
// whether the case of most names matters, so a write of one spelling counts for all.
func (e entity) written() entity { return entity{e.kind, strings.ToLower(e.name)} }

func (e entity) notFound() *Error { return notFound(Kind(e.kind), e.name) }

// ledger is what this run did and plans to do to the account, as far as
// later calls must know it.
type ledger struct {
	mu      sync.Mutex
	created map[entity]bool      // things that this process made
	ended   map[entity]entity    // things that this process ended and had not made, as it named them
	fresh   map[entity]time.Time // things that this process made or renamed, until when the service may not show them everywhere
	old     map[entity]time.Time // things of earlier runs, when they were made by the service's clock
	freed   map[entity]time.Time // things that this process took something away from
	renames map[entity]Principal // by new name: renames that this process has planned, of whom; see ForgetRename
}

// nextRun forgets what only the run that did it must know. What the service may
// not show yet stays.
func (l *ledger) nextRun() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.created, l.ended = nil, nil
}

// wrote notes that this process gave the thing its name.
func (l *ledger) wrote(e entity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fresh == nil {
		l.fresh = map[entity]time.Time{}
	}
	l.fresh[e.written()] = time.Now().Add(freshFor)
}

// made notes that this process made the thing.
func (l *ledger) made(e entity) {
	l.wrote(e)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.created == nil {
		l.created = map[entity]bool{}
	}
	l.created[e.written()] = true
}

// hasMade reports whether this process made the thing.
func (l *ledger) hasMade(e entity) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.created[e.written()]
}

// took notes that this process ended the thing, unless it has made it, too.
func (l *ledger) took(e entity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.created[e.written()] {
		return
	}
	if l.ended == nil {
		l.ended = map[entity]entity{}
	}
	l.ended[e.written()] = e
}

// taken gives the things of a kind that took has noted and that end with the text.
func (l *ledger) taken(kind, suffix string) []entity {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []entity
	for e, named := range l.ended {
		if e.kind == kind && strings.HasSuffix(e.name, strings.ToLower(suffix)) {
			all = append(all, named)
		}
	}
	return all
}

// recall notes when an earlier run made the thing.
func (l *ledger) recall(e entity, made time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.old == nil {
		l.old = map[entity]time.Time{}
	}
	l.old[e.written()] = made
}

// dropped notes that this process removed the thing, or took this name from it.
func (l *ledger) dropped(e entity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e = e.written()
	delete(l.fresh, e)
	delete(l.old, e)
	delete(l.created, e)
}

// isFresh reports whether the thing is so new that the service may not show it
// everywhere; now is the service's time.
func (l *ledger) isFresh(e entity, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e = e.written()
	if time.Now().Before(l.fresh[e]) {
		return true
	}
	made, found := l.old[e]
	age := now.Sub(made)
	// A date of the future comes from a clock that was wrong.
	return found && age < settlesIn && age > -settlesIn
}

// freshOf gives the names, in lower case, of the things of a kind that are fresh.
func (l *ledger) freshOf(kind string, now time.Time) []string {
	l.mu.Lock()
	things := slices.AppendSeq(slices.Collect(maps.Keys(l.fresh)), maps.Keys(l.old))
	l.mu.Unlock()
	var names []string
	for _, e := range things {
		if e.kind == kind && l.isFresh(e, now) {
			names = append(names, e.name)
		}
	}
	return names
}

// relieved notes that this process removed something that hung on the things,
// which the service may go on counting for a moment.
func (l *ledger) relieved(things ...entity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.freed == nil {
		l.freed = map[entity]time.Time{}
	}
	for _, e := range things {
		l.freed[e.written()] = time.Now()
	}
}

func (l *ledger) wasRelieved(e entity) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	when, found := l.freed[e.written()]
	return found && time.Since(when) < freedFor
}

func (l *ledger) planRename(e entity, of Principal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.renames == nil {
		l.renames = map[entity]Principal{}
	}
	l.renames[e] = of
}

func (l *ledger) forgetRename(kind, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.renames, func(e entity, of Principal) bool { return e.kind == kind && of.ID == id })
}

func (l *ledger) plannedRename(e entity) (Principal, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	of, found := l.renames[e]
	return of, found
}
