package ramapi

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// The states of access keys and login profiles.
const (
	Active   = "Active"
	Inactive = "Inactive"
)

// UnrecordedError is the error of a freeze that has switched everything off,
// while the service refused the record of it.
type UnrecordedError struct {
	Off Freeze // what was on
	Err error  // the refusal
}

func (e *UnrecordedError) Error() string { return "recording what was on: " + e.Err.Error() }
func (e *UnrecordedError) Unwrap() error { return e.Err }

// FreezeUser switches off all that the user gets in by, whoever made it: the
// console login and every access key. Each is recorded before it is switched
// off, so after a failure at any point the freeze can be repeated, and
// UnfreezeUser restores what was on before the first. It reports each step.
//
// Where the service refuses the record, everything is switched off all the same;
// then the error is an *UnrecordedError.
func (c *Client) FreezeUser(ctx context.Context, p Principal, report func(step string)) error {
	unlock, err := c.freezing.lock(ctx, user(p.Name).written().name)
	if err != nil {
		return err
	}
	defer unlock()
	var off Freeze
	var refusal error
	// Whoever has got hold of the user may make another key until the last one is off.
	for first := true; ; first = false {
		found, err := c.findSignIns(ctx, p.Name)
		if err != nil {
			return err
		}
		on := found.on().without(off)
		if on.none() && !first {
			break
		}
		report("Recording what was on: " + on.String())
		if err := c.recordFreeze(ctx, p, on, Freeze{}); isFinal(err) {
			refusal = err
		} else if err != nil {
			return err
		}
		if err := c.switchAll(ctx, p.Name, found, on, Inactive, report); err != nil {
			return err
		}
		if on.none() {
			break
		}
		off = off.with(on)
	}
	if refusal != nil {
		return &UnrecordedError{Off: off, Err: refusal}
	}
	return nil
}

// UnfreezeUser switches on again what freezing the user has switched off, as far
// as it is still there, and then removes the record. It reports each step, and
// does nothing to a user who is not frozen.
func (c *Client) UnfreezeUser(ctx context.Context, p Principal, report func(step string)) error {
	unlock, err := c.freezing.lock(ctx, user(p.Name).written().name)
	if err != nil {
		return err
	}
	defer unlock()
	u, err := c.findUser(ctx, p.Name, p.ID, 0)
	if err != nil {
		return err
	}
	if u.Freeze == nil {
		report("The user is not frozen")
		return nil
	}
	// What shows as on was switched on by an unfreeze that failed later, or else
	// the freeze does not show everywhere yet.
	found, err := c.findSignIns(ctx, u.Name)
	for deadline := time.Now().Add(settlesIn); err == nil && !found.on().and(*u.Freeze).none() && time.Now().Before(deadline) && pause(ctx, 2) == nil; {
		found, err = c.findSignIns(ctx, u.Name)
	}
	if err != nil {
		return err
	}
	if gone := u.Freeze.without(found.all()); !gone.none() {
		report("No longer there: " + gone.String())
	}
	if err := c.switchAll(ctx, u.Name, found, u.Freeze.and(found.all()).without(found.on()), Active, report); err != nil {
		return err
	}
	report("Removing the record of what was on")
	return c.TagUser(ctx, u.Name, u.ID, TagChange{Remove: u.Freeze.keys()})
}

// IsFrozen reports whether the user is frozen. Nobody is who does not exist.
func (c *Client) IsFrozen(ctx context.Context, userName string) (bool, error) {
	u, err := c.users.get(ctx, userName, 0)
	return err == nil && u.Freeze != nil, ignoreNotFound(err)
}

// HoldsLogin reports whether the user's console login is off for a freeze alone.
func (c *Client) HoldsLogin(ctx context.Context, userName string) (bool, error) {
	return c.holds(ctx, userName, Freeze{Login: true})
}

// HoldsAccessKey reports whether the user's key is off for a freeze alone.
func (c *Client) HoldsAccessKey(ctx context.Context, userName, id string) (bool, error) {
	return c.holds(ctx, userName, keyAlone(id))
}

func (c *Client) holds(ctx context.Context, userName string, thing Freeze) (bool, error) {
	u, err := c.users.get(ctx, userName, 0)
	return err == nil && u.Freeze != nil && thing.without(*u.Freeze).none(), ignoreNotFound(err)
}

// CanSignIn reports whether the user has a console login or a key that is on.
func (c *Client) CanSignIn(ctx context.Context, userName string) (bool, error) {
	found, err := c.findSignIns(ctx, userName)
	return !found.on().none(), err
}

// underFreeze gives a login or a key of the user the status that is wanted, with
// write. Of a user who is frozen it stays Inactive, and the record says what an
// unfreeze is to make of it. An empty status is whatever it is. held reports
// that the thing is off for the freeze alone.
func (c *Client) underFreeze(ctx context.Context, userName string, thing Freeze, wanted string, write func(status string) error) (held bool, err error) {
	unlock, err := c.freezing.lock(ctx, user(userName).written().name)
	if err != nil {
		return false, err
	}
	defer unlock()
	u, err := c.users.get(ctx, userName, 0)
	if IsNotFound(err) || err == nil && u.Freeze == nil {
		return false, write(wanted)
	}
	if err != nil {
		return false, err
	}
	p, recorded := Principal{KindUser, u.Name, u.ID}, thing.without(*u.Freeze).none()
	forget := func() error {
		return c.TagUser(ctx, p.Name, p.ID, TagChange{Remove: slices.Collect(maps.Keys(thing.tags()))})
	}
	if wanted == Active && !recorded {
		gone, err := c.goneFrom(ctx, u)
		if err == nil {
			err = c.recordFreeze(ctx, p, thing, gone)
		}
		if err != nil { // then an unfreeze will not know of it, but off it must be
			return false, errors.Join(err, write(Inactive))
		}
	}
	err = write(Inactive)
	switch {
	case err != nil && wanted == Active && !recorded:
		_ = forget() // the reason is err
	case err == nil && wanted == Inactive && recorded:
		err = forget()
	}
	return wanted == Active || wanted == "" && recorded, err
}

// recordFreeze notes on the user that it is frozen and what was on, and forgets
// what is gone. Where there is no room for all of it, that the user is frozen
// matters most: then nothing is switched on again by mistake.
func (c *Client) recordFreeze(ctx context.Context, p Principal, on, gone Freeze) error {
	t := TagChange{Remove: slices.Sorted(maps.Keys(gone.tags())), Set: User{Freeze: &on}.allTags()}
	err := c.TagUser(ctx, p.Name, p.ID, t)
	if IsLimitExceeded(err) && !on.none() {
		_ = c.TagUser(ctx, p.Name, p.ID, TagChange{Set: User{Freeze: &Freeze{}}.allTags()}) // the reason is err
	}
	return err
}

// goneFrom gives the keys that the record has and the user has no more. There are
// none before the record has as many as a user can have.
func (c *Client) goneFrom(ctx context.Context, u User) (Freeze, error) {
	recorded := Freeze{AccessKeys: u.Freeze.AccessKeys}
	if len(recorded.AccessKeys) < 2 {
		return Freeze{}, nil
	}
	keys, err := c.AccessKeys(ctx, u.Name)
	return recorded.without(signIns{keys: append(keys, c.madeKeys(u.Name)...)}.all()), err
}

// isFinal reports whether the service has refused a change of a user that is
// there, and would refuse it again.
func isFinal(err error) bool {
	var e *Error
	return isRefusal(err) && errors.As(err, &e) && !e.throttled() && !isMissing(err, string(KindUser))
}

// signIns are what a user may get in by.
type signIns struct {
	login *LoginProfile // nil for none
	keys  []AccessKey
}

func (s signIns) all() Freeze {
	all := Freeze{Login: s.login != nil}
	for _, k := range s.keys {
		all.AccessKeys = append(all.AccessKeys, k.ID)
	}
	return all
}

func (s signIns) on() Freeze {
	s.keys = slices.DeleteFunc(slices.Clone(s.keys), func(k AccessKey) bool { return k.Status != Active })
	if s.login != nil && s.login.Status != Active {
		s.login = nil
	}
	return s.all()
}

// findSignIns asks for the login and the keys at the same time. Keys that this
// process has made need not be listed yet.
func (c *Client) findSignIns(ctx context.Context, userName string) (signIns, error) {
	var found signIns
	var keysErr, loginErr error
	var looks sync.WaitGroup
	looks.Go(func() { found.keys, keysErr = c.AccessKeys(ctx, userName) })
	looks.Go(func() {
		var p LoginProfile
		if p, loginErr = c.fetchLoginProfile(ctx, userName); loginErr == nil {
			found.login = &p
		}
		if !isMissing(loginErr, string(KindUser)) {
			loginErr = ignoreNotFound(loginErr)
		}
	})
	looks.Wait()
	for _, k := range c.madeKeys(userName) {
		if !slices.ContainsFunc(found.keys, func(l AccessKey) bool { return l.ID == k.ID }) {
			found.keys = append(found.keys, k)
		}
	}
	return found, errors.Join(keysErr, loginErr)
}

// madeKeys gives the keys of the user that this process has made and not deleted.
func (c *Client) madeKeys(userName string) []AccessKey {
	return c.accessKeys.kept(func(key string) bool {
		of, id := parseKeyOf(key)
		return strings.EqualFold(of, userName) && c.ledger.hasMade(accessKey(id))
	})
}

// switchAll gives those of the things the status that are in on. What one of them
// fails for need not stop the others; the error is that of the first. What is
// gone by now is fine.
func (c *Client) switchAll(ctx context.Context, userName string, found signIns, things Freeze, status string, report func(step string)) error {
	var failure error
	done := func(what Freeze, err error) {
		if err == nil {
			report(status + " now: " + what.String())
		} else if failure == nil {
			failure = ignoreNotFound(err)
		}
	}
	for _, id := range things.AccessKeys {
		done(keyAlone(id), c.writeAccessKeyStatus(ctx, userName, id, status))
	}
	if things.Login {
		// RAM tells whether MFA is required of the user by anybody, so where the
		// account requires it of all, that becomes the user's own setting, too.
		_, err := c.writeLoginProfile(ctx, userName, LoginProfileInput{
			PasswordResetRequired: found.login.PasswordResetRequired, MFABindRequired: found.login.MFABindRequired, Status: status,
		})
		done(Freeze{Login: true}, err)
	}
	return failure
}
