package ramapi

import (
	"context"
	"slices"
	"strings"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// AttachedPolicy is a policy as it is attached to a principal.
type AttachedPolicy struct {
	Name string // in RAM's spelling
	Type string

	attachDate string
}

// Is reports whether this is the policy of that name and type. RAM matches
// names without regard to case, but lists them as they are spelled.
func (p AttachedPolicy) Is(name, policyType string) bool {
	return strings.EqualFold(p.Name, name) && p.Type == policyType
}

// AttachPolicy attaches the policy to the principal, for the whole account.
// The error is IsAlreadyExists where it is attached already.
func (c *Client) AttachPolicy(ctx context.Context, name, policyType string, to Principal) error {
	edge := attachmentOf(name, policyType, to)
	attach := func() (AttachedPolicy, error) { return c.attachPolicy(ctx, name, policyType, to) }
	_, err := writing(&c.writes, []entity{edge.written()}, attach, func(_ AttachedPolicy, at uint64) {
		c.attachments.put(edge.name, true, at)
	})
	if err == nil {
		c.ledger.made(edge)
	}
	return err
}

func (c *Client) attachPolicy(ctx context.Context, name, policyType string, to Principal) (AttachedPolicy, error) {
	op := call{action: "AttachPolicyTo" + string(to.Kind), needs: []entity{policy(name), {string(to.Kind), to.Name}}}
	return createOnce(ctx, c, op,
		func(ctx context.Context) (AttachedPolicy, error) {
			return AttachedPolicy{}, c.sendAttach(ctx, name, policyType, to)
		},
		func(ctx context.Context, began time.Time) (AttachedPolicy, bool, error) {
			policies, err := c.AttachedPolicies(ctx, to)
			if err != nil {
				return AttachedPolicy{}, false, err
			}
			found, err := amongAttached(policies, name, policyType, to)
			return found, c.madeSince(found.attachDate, began), err
		})
}

func (c *Client) sendAttach(ctx context.Context, name, policyType string, to Principal) error {
	var err error
	switch to.Kind {
	case KindUser:
		_, err = c.ram().AttachPolicyToUserWithContext(ctx, &ram.AttachPolicyToUserRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), UserName: tea.String(to.Name),
		}, c.runtime)
	case KindGroup:
		_, err = c.ram().AttachPolicyToGroupWithContext(ctx, &ram.AttachPolicyToGroupRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), GroupName: tea.String(to.Name),
		}, c.runtime)
	case KindRole:
		_, err = c.ram().AttachPolicyToRoleWithContext(ctx, &ram.AttachPolicyToRoleRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), RoleName: tea.String(to.Name),
		}, c.runtime)
	}
	return err
}

// DetachPolicy detaches the policy from the principal. The error is IsNotFound
// where it is not attached, or where either of them is missing.
func (c *Client) DetachPolicy(ctx context.Context, name, policyType string, from Principal) error {
	edge := attachmentOf(name, policyType, from)
	op := call{action: "DetachPolicyFrom" + string(from.Kind), ends: true}
	err := change(ctx, c, op, []entity{edge.written()}, func(ctx context.Context) error {
		return c.sendDetach(ctx, name, policyType, from)
	}, func(at uint64) { c.attachments.put(edge.name, false, at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(edge)
		c.ledger.relieved(policy(name), entity{string(from.Kind), from.Name})
	}
	return err
}

func (c *Client) sendDetach(ctx context.Context, name, policyType string, from Principal) error {
	var err error
	switch from.Kind {
	case KindUser:
		_, err = c.ram().DetachPolicyFromUserWithContext(ctx, &ram.DetachPolicyFromUserRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), UserName: tea.String(from.Name),
		}, c.runtime)
	case KindGroup:
		_, err = c.ram().DetachPolicyFromGroupWithContext(ctx, &ram.DetachPolicyFromGroupRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), GroupName: tea.String(from.Name),
		}, c.runtime)
	case KindRole:
		_, err = c.ram().DetachPolicyFromRoleWithContext(ctx, &ram.DetachPolicyFromRoleRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType), RoleName: tea.String(from.Name),
		}, c.runtime)
	}
	return err
}

// PolicyAttached reports whether the policy is attached to the principal that
// has the name now. The error is IsNotFound where the principal is missing.
func (c *Client) PolicyAttached(ctx context.Context, name, policyType string, to Principal) (bool, error) {
	return c.attachments.get(ctx, attachmentOf(name, policyType, to).name, 0)
}

func amongAttached(policies []AttachedPolicy, name, policyType string, to Principal) (AttachedPolicy, error) {
	for _, p := range policies {
		if p.Is(name, policyType) {
			return p, nil
		}
	}
	return AttachedPolicy{}, attachmentOf(name, policyType, to).notFound()
}

// AttachedPolicies gives what is attached to the principal for the whole
// account now. The error is IsNotFound where the principal is missing.
func (c *Client) AttachedPolicies(ctx context.Context, to Principal) ([]AttachedPolicy, error) {
	op := call{action: "ListPoliciesFor" + string(to.Kind), needs: []entity{{string(to.Kind), to.Name}}}
	return do(ctx, c, op, func(ctx context.Context) ([]AttachedPolicy, error) { return c.listAttached(ctx, to) })
}

func (c *Client) listAttached(ctx context.Context, to Principal) ([]AttachedPolicy, error) {
	switch to.Kind {
	case KindUser:
		out, err := c.ram().ListPoliciesForUserWithContext(ctx, &ram.ListPoliciesForUserRequest{UserName: tea.String(to.Name)}, c.runtime)
		if err != nil {
			return nil, err
		}
		return convertAll(listed(out.Body.Policies, (*ram.ListPoliciesForUserResponseBodyPolicies).GetPolicy), attachedPolicyFromAPI), nil
	case KindGroup:
		out, err := c.ram().ListPoliciesForGroupWithContext(ctx, &ram.ListPoliciesForGroupRequest{GroupName: tea.String(to.Name)}, c.runtime)
		if err != nil {
			return nil, err
		}
		return convertAll(listed(out.Body.Policies, (*ram.ListPoliciesForGroupResponseBodyPolicies).GetPolicy), attachedPolicyFromAPI), nil
	default:
		out, err := c.ram().ListPoliciesForRoleWithContext(ctx, &ram.ListPoliciesForRoleRequest{RoleName: tea.String(to.Name)}, c.runtime)
		if err != nil {
			return nil, err
		}
		return convertAll(listed(out.Body.Policies, (*ram.ListPoliciesForRoleResponseBodyPolicies).GetPolicy), attachedPolicyFromAPI), nil
	}
}

// PolicyPrincipals gives every user, group and role that the policy is
// attached to. Groups come without their ids.
func (c *Client) PolicyPrincipals(ctx context.Context, name, policyType string) ([]Principal, error) {
	op := call{action: "ListEntitiesForPolicy", needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) ([]Principal, error) {
		out, err := c.ram().ListEntitiesForPolicyWithContext(ctx, &ram.ListEntitiesForPolicyRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType),
		}, c.runtime)
		if err != nil {
			return nil, err
		}
		var all []Principal
		for _, u := range listed(out.Body.Users, (*ram.ListEntitiesForPolicyResponseBodyUsers).GetUser) {
			all = append(all, Principal{KindUser, tea.StringValue(u.UserName), tea.StringValue(u.UserId)})
		}
		for _, g := range listed(out.Body.Groups, (*ram.ListEntitiesForPolicyResponseBodyGroups).GetGroup) {
			all = append(all, Principal{Kind: KindGroup, Name: tea.StringValue(g.GroupName)})
		}
		for _, r := range listed(out.Body.Roles, (*ram.ListEntitiesForPolicyResponseBodyRoles).GetRole) {
			all = append(all, Principal{KindRole, tea.StringValue(r.RoleName), tea.StringValue(r.RoleId)})
		}
		return all, nil
	})
}

// PolicyHolders gives the names of the users, groups or roles that the policy is
// attached to, in their order.
func (c *Client) PolicyHolders(ctx context.Context, name, policyType string, kind Kind) ([]string, error) {
	prefix := attachmentOf(name, policyType, Principal{Kind: kind}).written().name
	var fresh []string
	for _, attachment := range c.freshNames(kind + ".Policy") {
		if holder, found := strings.CutPrefix(attachment, prefix); found {
			fresh = append(fresh, holder)
		}
	}
	return settled(ctx, fresh, func() ([]string, error) {
		principals, err := c.PolicyPrincipals(ctx, name, policyType)
		principals = slices.DeleteFunc(principals, func(p Principal) bool { return p.Kind != kind })
		return convertAll(principals, func(p Principal) string { return p.Name }), err
	}, itself)
}

// sdkAttachedPolicy is what the SDK's several attachment types have in common.
type sdkAttachedPolicy interface {
	GetPolicyName() *string
	GetPolicyType() *string
	GetAttachDate() *string
}

func attachedPolicyFromAPI[T sdkAttachedPolicy](p T) AttachedPolicy {
	return AttachedPolicy{
		Name: tea.StringValue(p.GetPolicyName()), Type: tea.StringValue(p.GetPolicyType()), attachDate: tea.StringValue(p.GetAttachDate()),
	}
}

// DetachAll detaches every policy from the principal. What is gone already is fine.
func (c *Client) DetachAll(ctx context.Context, from Principal) error {
	policies, err := c.AttachedPolicies(ctx, from)
	if err != nil {
		return ignoreNotFound(err)
	}
	for _, p := range policies {
		if err := ignoreNotFound(c.DetachPolicy(ctx, p.Name, p.Type, from)); err != nil {
			return err
		}
	}
	return nil
}
