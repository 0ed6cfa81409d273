package base

import (
	"context"
	"errors"
	"slices"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// MaxFrozenTags is how many tags a user can have beside the one that says that it is frozen.
const MaxFrozenTags = maxTags - 1

// CheckFreeze refuses to freeze the user that this run is itself authenticated
// as, unless the provider allows it to lock itself out.
func (p *Provider) CheckFreeze(ctx context.Context, user ramapi.Principal) error {
	if p.AllowLockout {
		return nil
	}
	// Who cannot learn that freezes all the same: it may be urgent.
	callers, _ := p.Client.Callers(ctx)
	if slices.ContainsFunc(callers, func(c ramapi.CallerIdentity) bool { return c.UserID != "" && c.Is(user) }) {
		return errors.New("this run is authenticated as that very user, or assumed its role as that, and would switch off the key that it works with halfway. " +
			"Use other credentials, or set allow_lockout = true in the provider block")
	}
	return nil
}

// CheckFreeze is that of the provider.
func (r *Resource) CheckFreeze(ctx context.Context, user ramapi.Principal) error {
	return r.provider.CheckFreeze(ctx, user)
}
