package ramapi

import (
	"context"
	"errors"
	"slices"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// DomainSuffix is what every default domain ends with.
const DomainSuffix = ".onaliyun.com"

// AccountNames are the names that an account has besides its ID. RAM's
// documentation takes them for one, the alias x and the domain x.onaliyun.com,
// and leaves open whether setting either always moves the other. What sets one
// may therefore change both, and with the domain the logon name of every user.
type AccountNames struct {
	Alias         string // empty where none is set
	DefaultDomain string
}

// accountNames is what a write of either name writes.
var accountNames = []entity{{"Account", "names"}}

func aboutAccountNames(string) watched { return watched{accountNames[0]} }

// LockAccountNames waits until nobody else of this process changes the names,
// and gives what lets the next one do so.
func (c *Client) LockAccountNames(ctx context.Context) (unlock func(), err error) {
	return c.naming.lock(ctx, "")
}

// AccountNames gives both names.
func (c *Client) AccountNames(ctx context.Context) (AccountNames, error) {
	alias, err := c.AccountAlias(ctx)
	if err != nil {
		return AccountNames{}, err
	}
	domain, err := c.DefaultDomain(ctx)
	return AccountNames{Alias: alias, DefaultDomain: domain}, err
}

// AccountAlias gives the alias of the account, empty when none is set.
func (c *Client) AccountAlias(ctx context.Context) (string, error) {
	return c.accountAlias.get(ctx, "", 0)
}

func (c *Client) newAccountAliasTable() *table[string] {
	return &table[string]{action: "GetAccountAlias", writes: &c.writes, about: aboutAccountNames, single: c.fetchAccountAlias}
}

func (c *Client) fetchAccountAlias(ctx context.Context, _ string) (string, error) {
	caller, err := c.CallerIdentity(ctx)
	if err != nil {
		return "", err
	}
	out, err := do(ctx, c, call{action: "GetAccountAlias"}, func(ctx context.Context) (*ram.GetAccountAliasResponse, error) {
		return callRPC[ram.GetAccountAliasResponse](ctx, c, &c.ram().Client, ramVersion, "GetAccountAlias", "AK", nil)
	})
	if err != nil {
		return "", err
	}
	alias := tea.StringValue(out.Body.AccountAlias)
	if alias == caller.AccountID {
		// An account without an alias may be answered with its id.
		return "", nil
	}
	return alias, nil
}

// SetAccountAlias sets the alias, or removes it where it is empty. The error is
// IsAlreadyExists where another account has it.
func (c *Client) SetAccountAlias(ctx context.Context, alias string) error {
	op := call{action: "SetAccountAlias"}
	send := func(ctx context.Context) error {
		_, err := c.ram().SetAccountAliasWithContext(ctx, &ram.SetAccountAliasRequest{AccountAlias: tea.String(alias)}, c.runtime)
		return err
	}
	if alias == "" {
		op.action = "ClearAccountAlias"
		send = func(ctx context.Context) error {
			_, err := callRPC[ram.ClearAccountAliasResponse](ctx, c, &c.ram().Client, ramVersion, "ClearAccountAlias", "AK", nil)
			return err
		}
	}
	return change(ctx, c, op, accountNames, send, func(at uint64) { c.accountAlias.put("", alias, at) })
}

// DefaultDomain gives the part of every user principal name after the @, such
// as example.onaliyun.com.
func (c *Client) DefaultDomain(ctx context.Context) (string, error) {
	return c.defaultDomain.get(ctx, "", 0)
}

func (c *Client) newDefaultDomainTable() *table[string] {
	return &table[string]{action: "GetDefaultDomain", writes: &c.writes, about: aboutAccountNames, single: c.fetchDefaultDomain}
}

func (c *Client) fetchDefaultDomain(ctx context.Context, _ string) (string, error) {
	return do(ctx, c, call{action: "GetDefaultDomain"}, func(ctx context.Context) (string, error) {
		out, err := callRPC[ims.GetDefaultDomainResponse](ctx, c, &c.ims().Client, imsVersion, "GetDefaultDomain", "AK", nil)
		if err != nil {
			return "", err
		}
		return converted(out.Body.DefaultDomainName, tea.StringValue)
	})
}

// SetDefaultDomain sets the default domain. The error is IsAlreadyExists where
// another account has it.
func (c *Client) SetDefaultDomain(ctx context.Context, domain string) error {
	return change(ctx, c, call{action: "SetDefaultDomain"}, accountNames, func(ctx context.Context) error {
		_, err := c.ims().SetDefaultDomainWithContext(ctx, &ims.SetDefaultDomainRequest{DefaultDomainName: tea.String(domain)}, c.runtime)
		return err
	}, func(at uint64) { c.defaultDomain.put("", domain, at) })
}

// RestoreAccountNames gives the account both names, whether or not setting one
// moves the other, and returns what it has in the end: where RAM does not take
// the two together, that is the alias as wanted. The domain comes first, since
// an alias that is to go must not be gone while the domain still is not back:
// whoever is interrupted there would not know that anything is left to do.
func (c *Client) RestoreAccountNames(ctx context.Context, want AccountNames) (AccountNames, error) {
	before, err := c.AccountNames(ctx)
	if err != nil {
		return before, err
	}
	alias := &nameToRestore{known: c.accountAlias, set: c.SetAccountAlias, want: want.Alias, seen: []string{before.Alias}}
	domain := &nameToRestore{known: c.defaultDomain, set: c.SetDefaultDomain, want: want.DefaultDomain, seen: []string{before.DefaultDomain}}

	wrote, err := domain.restore(ctx, false)
	if err != nil && !isRefusal(err) {
		return before, err
	}
	// Where the domain was refused, as that of an account without an alias may
	// be, it may come back with the alias.
	for _, n := range []*nameToRestore{alias, domain, alias} {
		if wrote, err = n.restore(ctx, wrote); err != nil {
			return before, err
		}
	}
	if _, err := domain.settled(ctx, wrote); err != nil {
		return before, err
	}
	return c.AccountNames(ctx)
}

// isRefusal reports whether the service has answered that it does not make the call.
func isRefusal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.isAnswer()
}

// nameToRestore is one of an account's names on its way back.
type nameToRestore struct {
	known *table[string]
	set   func(ctx context.Context, value string) error
	want  string
	seen  []string // what it was
}

// restore sets the name, if it is not as wanted.
func (n *nameToRestore) restore(ctx context.Context, otherWritten bool) (wrote bool, err error) {
	value, err := n.settled(ctx, otherWritten)
	if err != nil || value == n.want {
		return false, err
	}
	n.seen = append(n.seen, n.want)
	return true, n.set(ctx, n.want)
}

// settled gives the name. Where the other one has just been written this one
// may have moved without showing it yet, so it is asked for again while it is
// what it was before.
func (n *nameToRestore) settled(ctx context.Context, otherWritten bool) (string, error) {
	value, err := n.known.get(ctx, "", 0)
	for deadline := time.Now().Add(settlesIn); err == nil && otherWritten && slices.Contains(n.seen, value) && time.Now().Before(deadline) && pause(ctx, 2) == nil; {
		value, err = n.known.again(ctx, "")
	}
	n.seen = append(n.seen, value)
	return value, err
}
