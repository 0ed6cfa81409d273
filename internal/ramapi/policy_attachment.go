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
	Name       string // in RAM's spelling
	Type       string
	AttachDate string
}

// AttachedPrincipal is a user, group or role that a policy is attached to. Groups
// come without their ids.
type AttachedPrincipal struct {
	Principal

	AttachDate string
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
	defer c.writes.alsoOf(allAttachedTo(to))()
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
			return found, c.madeSince(found.AttachDate, began), err
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
	defer c.writes.alsoOf(allAttachedTo(from))()
	err := change(ctx, c, op, []entity{edge.written()}, func(ctx context.Context) error {
		return c.sendDetach(ctx, name, policyType, from)
	}, func(at uint64) { c.attachments.put(edge.name, false, at) })
	if err == nil {
		c.ledger.took(edge)
	}
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

// PoliciesOf is AttachedPolicies from what is known, by a read that it shares
// with PolicyAttached.
func (c *Client) PoliciesOf(ctx context.Context, to Principal) ([]AttachedPolicy, error) {
	return c.attachments.policiesOf.ask(ctx, principalKey(to), watched{allAttachedTo(to), holderOf(to.Kind, to.Name)})
}

// PoliciesBefore is PoliciesOf without what this process has attached and with
// what it has detached: what there was when it began. Terraform plans a creation
// once more when it applies, and must find then what it found at first.
func (c *Client) PoliciesBefore(ctx context.Context, to Principal) ([]AttachedPolicy, error) {
	policies, err := c.PoliciesOf(ctx, to)
	if err != nil {
		return nil, err
	}
	before := slices.DeleteFunc(slices.Clone(policies), func(p AttachedPolicy) bool {
		return c.ledger.hasMade(attachmentOf(p.Name, p.Type, to))
	})
	for _, e := range c.ledger.taken(attachmentOf("", "", to).kind, "/"+principalKey(to)) {
		name, policyType, _, _ := parseAttachment(e.name)
		if p, err := c.Policy(ctx, name, policyType); err == nil {
			name = p.Name // in RAM's spelling
		}
		before = append(slices.DeleteFunc(before, func(p AttachedPolicy) bool { return p.Is(name, policyType) }), AttachedPolicy{Name: name, Type: policyType})
	}
	return before, nil
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
	holders, err := c.AttachedPrincipals(ctx, name, policyType)
	return convertAll(holders, func(h AttachedPrincipal) Principal { return h.Principal }), err
}

// AttachedPrincipals gives every user, group and role that the policy is attached
// to for the whole account.
func (c *Client) AttachedPrincipals(ctx context.Context, name, policyType string) ([]AttachedPrincipal, error) {
	op := call{action: "ListEntitiesForPolicy", needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) ([]AttachedPrincipal, error) {
		out, err := c.ram().ListEntitiesForPolicyWithContext(ctx, &ram.ListEntitiesForPolicyRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType),
		}, c.runtime)
		if err != nil {
			return nil, err
		}
		var all []AttachedPrincipal
		add := func(kind Kind, name, id, attachDate *string) {
			all = append(all, AttachedPrincipal{Principal{kind, tea.StringValue(name), tea.StringValue(id)}, tea.StringValue(attachDate)})
		}
		for _, u := range listed(out.Body.Users, (*ram.ListEntitiesForPolicyResponseBodyUsers).GetUser) {
			add(KindUser, u.UserName, u.UserId, u.AttachDate)
		}
		for _, g := range listed(out.Body.Groups, (*ram.ListEntitiesForPolicyResponseBodyGroups).GetGroup) {
			add(KindGroup, g.GroupName, nil, g.AttachDate)
		}
		for _, r := range listed(out.Body.Roles, (*ram.ListEntitiesForPolicyResponseBodyRoles).GetRole) {
			add(KindRole, r.RoleName, r.RoleId, r.AttachDate)
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
		Name: tea.StringValue(p.GetPolicyName()), Type: tea.StringValue(p.GetPolicyType()), AttachDate: tea.StringValue(p.GetAttachDate()),
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
