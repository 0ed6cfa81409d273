package ramapi

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// toggled is one fact of the account that one writer turns on and off, and that
// many readers ask for. It is on after an odd number of writes.
type toggled struct {
	name  string
	write func(on bool) error
	read  func() (on bool, err error)

	begun, done atomic.Int64
}

// turn writes the fact once more, until that has succeeded.
func (f *toggled) turn() {
	n := f.begun.Add(1)
	for f.write(n%2 == 1) != nil {
		time.Sleep(time.Second)
	}
	f.done.Store(n)
}

// check reads the fact, and gives an error where the answer is older than a
// write that had ended before the question. While a write is under way either
// answer is right.
func (f *toggled) check() error {
	done := f.done.Load()
	on, err := f.read()
	if err == nil && f.begun.Load() == done && on != (done%2 == 1) {
		return fmt.Errorf("%s: %v after %d writes", f.name, on, done)
	}
	return nil
}

// facts gives four facts of each of the users: comments, a membership, an
// attachment and the status of a key.
func facts(t *testing.T, c *Client, users int) []*toggled {
	ctx := t.Context()
	var all []*toggled
	for i := range users {
		name := userNumber(i)
		owner := Principal{Kind: KindUser, Name: name}
		u, err := c.User(ctx, name, "")
		must(t, err)
		key, err := c.CreateAccessKey(ctx, name)
		must(t, err)
		must(t, c.SetAccessKeyStatus(ctx, name, key.ID, "Inactive"))
		all = append(all,
			&toggled{
				name: "comments of " + name,
				write: func(on bool) error {
					_, err := c.UpdateUser(ctx, name, u.ID, UserUpdate{Comments: new(fmt.Sprint(on))})
					return err
				},
				read: func() (bool, error) {
					u, err := c.User(ctx, name, u.ID)
					return u.Comments == "true", err
				},
			},
			&toggled{
				name: "membership of " + name,
				write: func(on bool) error {
					if on {
						_, err := c.AddUserToGroup(ctx, name, "ops")
						return err
					}
					return c.RemoveUserFromGroup(ctx, name, "ops")
				},
				read: func() (bool, error) {
					members, err := c.MembersAmong(ctx, "ops", []string{name})
					return len(members) == 1, err
				},
			},
			&toggled{
				name: "attachment to " + name,
				write: func(on bool) error {
					if on {
						return c.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, owner)
					}
					return c.DetachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, owner)
				},
				read: func() (bool, error) { return c.PolicyAttached(ctx, "ReadOnlyAccess", PolicyTypeSystem, owner) },
			},
			&toggled{
				name: "status of the key of " + name,
				write: func(on bool) error {
					return c.SetAccessKeyStatus(ctx, name, key.ID, map[bool]string{true: "Active", false: "Inactive"}[on])
				},
				read: func() (bool, error) {
					k, err := c.AccessKey(ctx, name, key.ID)
					return k.Status == "Active", err
				},
			},
		)
	}
	return all
}

// sometimes gives one of the faults to every tenth call.
func sometimes(seed uint64) func(ramserver.Call) *ramserver.Fault {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, seed))
	names := ramserver.FaultNames()
	return func(ramserver.Call) *ramserver.Fault {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(10) > 0 {
			return nil
		}
		fault, _ := ramserver.NamedFault(names[random.IntN(len(names))])
		return &fault
	}
}

// Two hundred readers and writers work on one client, whose server fails every
// tenth call in some way. The bubble fails the test if a goroutine is left.
func TestNoReadIsOlderThanAWriteThatHadEnded(t *testing.T) {
	for name, lag := range map[string]time.Duration{"reads are true": 0, "reads lag": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const users, readers = 25, 100
				s := accountOf(t, users)
				s.Latency = 10 * time.Millisecond
				c := newTestClient(t, s)
				_, err := c.CreateGroup(t.Context(), Group{Name: "ops"})
				must(t, err)
				all := facts(t, c, users)
				time.Sleep(time.Minute)
				s.StaleReads, s.Intercept = lag, sometimes(1)

				var writing, reading sync.WaitGroup
				stop := make(chan struct{})
				for _, f := range all { // 100 writers
					writing.Go(func() {
						for range 6 {
							f.turn()
							if err := f.check(); err != nil {
								t.Error(err)
							}
						}
					})
				}
				var checks atomic.Int64
				for i := range readers {
					reading.Go(func() {
						random := rand.New(rand.NewPCG(uint64(i), 2))
						for {
							select {
							case <-stop:
								return
							case <-time.After(50 * time.Millisecond):
							}
							if err := all[random.IntN(len(all))].check(); err != nil {
								t.Error(err)
							}
							checks.Add(1)
						}
					})
				}
				writing.Wait()
				close(stop)
				reading.Wait()
				if checks.Load() < 1000 {
					t.Errorf("only %d reads", checks.Load())
				}
				time.Sleep(time.Hour) // until the server has ended every call
			})
		})
	}
}
