package ramapi

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"
)

// freshNames gives the names, in lower case, of what is expected in a list of the
// kind because this process, or the one before it, made it moments ago.
func (c *Client) freshNames(kind Kind) []string {
	return c.ledger.freshOf(string(kind), c.ServerTime())
}

// settled gives what list gives, by name. While something expected is not among
// it, it waits and lists again, for a few seconds: the service may not show it
// yet, or somebody else has removed it.
func settled[T any](ctx context.Context, expected []string, list func() ([]T, error), nameOf func(T) string) ([]T, error) {
	for deadline := time.Now().Add(settlesIn); ; {
		all, err := list()
		if err != nil {
			return nil, err
		}
		isMissing := func(name string) bool {
			return !slices.ContainsFunc(all, func(item T) bool { return strings.EqualFold(nameOf(item), name) })
		}
		if !slices.ContainsFunc(expected, isMissing) || time.Now().After(deadline) {
			slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(nameOf(a), nameOf(b)) })
			return all, nil
		}
		if err := pause(ctx, 1); err != nil {
			return nil, err
		}
	}
}

// collected gives a list all of whose pages are read.
func collected[T any](items iter.Seq2[T, error]) func() ([]T, error) {
	return func() ([]T, error) {
		all := []T{}
		for item, err := range items {
			if err != nil {
				return nil, err
			}
			all = append(all, item)
		}
		return all, nil
	}
}
