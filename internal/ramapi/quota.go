package ramapi

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// quotas keeps the account's summary, for one run.
type quotas struct {
	asking   sync.Mutex // held while the summary is asked for, and by nobody else
	asked    bool
	run      uint64     // in which it was asked for
	mu       sync.Mutex // guards what errors look at, too
	summary  AccountSummary
	unproven error // why the credentials are no good
}

// Quotas gives the account's quotas and their use as they were when this run
// first asked. There is nothing in it where the caller may not know them.
func (c *Client) Quotas(ctx context.Context) AccountSummary {
	q := &c.quotas
	q.asking.Lock()
	defer q.asking.Unlock()
	if run := c.Run(); !q.asked || q.run != run {
		summary, err := c.AccountSummary(ctx)
		q.asked, q.run = err == nil || ctx.Err() == nil, run
		q.mu.Lock()
		defer q.mu.Unlock()
		q.summary = summary
		if isUnproven(err) {
			q.unproven = err
		}
	}
	return q.summary
}

// Unproven gives why the service does not take the credentials, as far as Quotas
// has found that out.
func (c *Client) Unproven() error {
	c.quotas.mu.Lock()
	defer c.quotas.mu.Unlock()
	return c.quotas.unproven
}

// counted is what a code says there is too much of: a word for each counter.
type counted struct{ noun, quota string }

// limits are the quotas behind error codes, by code or prefix of it; the first
// that matches counts.
var limits = []struct {
	code string
	of   []counted
}{
	{"LimitExceeded.User.AccessKey", []counted{{"access keys per user", "AccessKeysPerUserQuota"}}},
	{"LimitExceeded.User.Group", []counted{{"groups per user", "GroupsPerUserQuota"}}},
	{"LimitExceeded.User.Policy", []counted{
		{"custom policies per user", "AttachedPoliciesPerUserQuota"}, {"system policies per user", "AttachedSystemPoliciesPerUserQuota"},
	}},
	{"LimitExceeded.Group.Policy", []counted{
		{"custom policies per group", "AttachedPoliciesPerGroupQuota"}, {"system policies per group", "AttachedSystemPoliciesPerGroupQuota"},
	}},
	{"LimitExceeded.Role.Policy", []counted{
		{"custom policies per role", "AttachedPoliciesPerRoleQuota"}, {"system policies per role", "AttachedSystemPoliciesPerRoleQuota"},
	}},
	{"LimitExceeded.Policy.Version", []counted{{"versions per policy", "VersionsPerPolicyQuota"}}},
	{"LimitExceeded.Policy", []counted{{"custom policies", "PoliciesQuota"}}},
	{"LimitExceeded.User", []counted{{"users", "UsersQuota"}}},
	{"LimitExceeded.Group", []counted{{"groups", "GroupsQuota"}}},
	{"LimitExceeded.Role", []counted{{"roles", "RolesQuota"}}},
	{"LimitExceeded.VirtualMFADevice", []counted{{"virtual MFA devices", "VirtualMFADevicesQuota"}}},
	{"InvalidParameter.PolicyDocument.Length", []counted{{"characters of a policy document", "PolicySizeQuota"}}},
}

// quotaBehind says which quotas a code is about, with their figures. It asks
// nobody: it is empty where this client has not asked for them.
func (c *Client) quotaBehind(code string) string {
	c.quotas.mu.Lock()
	defer c.quotas.mu.Unlock()
	for _, limit := range limits {
		if !strings.HasPrefix(code, limit.code) {
			continue
		}
		var all []string
		for _, of := range limit.of {
			if most, counted := c.quotas.summary[of.quota]; counted {
				all = append(all, fmt.Sprintf("%d %s", most, of.noun))
			}
		}
		if len(all) == 0 {
			return ""
		}
		return "The account's quota is " + strings.Join(all, " and ") + "."
	}
	return ""
}

// KnownAccessKeys is AccessKeys from what is known, as far as the user has kept
// its name.
func (c *Client) KnownAccessKeys(ctx context.Context, userName string) ([]AccessKey, error) {
	return c.keysOf.ask(ctx, userName, watched{holderOf(KindUser, userName)})
}

// KnownGroupsForUser is GroupsForUser from what is known, as far as the user has
// kept its name.
func (c *Client) KnownGroupsForUser(ctx context.Context, userName string) ([]string, error) {
	groups, err := c.groupsOf.ask(ctx, userName, watched{holderOf(KindUser, userName)})
	return convertAll(groups, func(m membership) string { return m.name }), err
}
