package acctest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// leftover is something that a test made and did not remove.
type leftover struct {
	kind ramapi.Kind
	name string
}

// leftovers gives everything in the account whose name begins with the prefix,
// in an order in which it can be removed.
func leftovers(ctx context.Context, client *ramapi.Client, prefix string) ([]leftover, error) {
	var left []leftover
	keep := func(kind ramapi.Kind, name string) {
		if strings.HasPrefix(name, prefix) {
			left = append(left, leftover{kind, name})
		}
	}
	for u, err := range client.Users(ctx) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindUser, u.Name)
	}
	for g, err := range client.Groups(ctx) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindGroup, g.Name)
	}
	for r, err := range client.Roles(ctx) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindRole, r.Name)
	}
	for p, err := range client.Policies(ctx, ramapi.PolicyTypeCustom) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindPolicy, p.Name)
	}
	for p, err := range client.SAMLProviders(ctx) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindSAMLProvider, p.Name)
	}
	for p, err := range client.OIDCProviders(ctx) {
		if err != nil {
			return nil, err
		}
		keep(ramapi.KindOIDCProvider, p.Name)
	}
	devices, err := client.VirtualMFADevices(ctx)
	for _, d := range devices {
		if strings.HasPrefix(d.Name(), prefix) {
			left = append(left, leftover{ramapi.KindMFADevice, d.SerialNumber})
		}
	}
	return left, err
}

// sweep removes everything whose name begins with the prefix, and what hangs on it.
func sweep(ctx context.Context, client *ramapi.Client, prefix string) error {
	left, err := leftovers(ctx, client, prefix)
	for _, l := range left {
		if removeErr := l.remove(ctx, client); removeErr != nil && !ramapi.IsNotFound(removeErr) {
			err = errors.Join(err, fmt.Errorf("removing %s %s: %w", l.kind, l.name, removeErr))
		}
	}
	return err
}

func (l leftover) remove(ctx context.Context, client *ramapi.Client) error {
	principal := ramapi.Principal{Kind: l.kind, Name: l.name}
	switch l.kind {
	case ramapi.KindUser:
		dependents, err := client.UserDependents(ctx, l.name)
		if err == nil {
			err = client.RemoveUserDependents(ctx, l.name, dependents)
		}
		return errors.Join(err, client.DeleteUser(ctx, l.name))
	case ramapi.KindGroup:
		for member, err := range client.GroupMembers(ctx, l.name) {
			if err == nil {
				err = client.RemoveUserFromGroup(ctx, member, l.name)
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(client.DetachAll(ctx, principal), client.DeleteGroup(ctx, l.name))
	case ramapi.KindMFADevice:
		d, err := client.VirtualMFADevice(ctx, l.name)
		if err == nil && d.UserID != "" {
			err = client.RemoveMFADevice(ctx, d.UserName, l.name)
		} else if err == nil {
			err = client.DeleteVirtualMFADevice(ctx, l.name)
		}
		return err
	case ramapi.KindRole:
		return errors.Join(client.DetachAll(ctx, principal), client.DeleteRole(ctx, l.name))
	case ramapi.KindSAMLProvider:
		return client.DeleteSAMLProvider(ctx, l.name)
	case ramapi.KindOIDCProvider:
		return client.DeleteOIDCProvider(ctx, l.name)
	default:
		holders, err := client.PolicyPrincipals(ctx, l.name, ramapi.PolicyTypeCustom)
		for _, p := range holders {
			err = errors.Join(err, client.DetachPolicy(ctx, l.name, ramapi.PolicyTypeCustom, p))
		}
		return errors.Join(err, client.DeletePolicy(ctx, l.name))
	}
}
