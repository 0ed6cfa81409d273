package ramapi

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Attachment is a policy that a principal has, for the whole account or within
// one resource group. These are different things: the same policy may be
// attached to the same principal in both ways, and in several resource groups.
type Attachment struct {
	PolicyName      string
	PolicyType      string
	To              Principal
	ResourceGroupID string // empty: for the whole account
}

// Attach attaches the policy. The error is IsAlreadyExists where it is attached
// already.
func (c *Client) Attach(ctx context.Context, a Attachment) error {
	if a.ResourceGroupID == "" {
		return c.AttachPolicy(ctx, a.PolicyName, a.PolicyType, a.To)
	}
	return c.attachInResourceGroup(ctx, a)
}

// Detach detaches the policy. The error is IsNotFound where it is not attached,
// or where something that it names is missing.
func (c *Client) Detach(ctx context.Context, a Attachment) error {
	if a.ResourceGroupID == "" {
		return c.DetachPolicy(ctx, a.PolicyName, a.PolicyType, a.To)
	}
	return c.detachInResourceGroup(ctx, a)
}

// IsAttached reports whether the policy is attached to the principal that has
// the name now. The error may be IsNotFound where the principal or the resource
// group is missing.
func (c *Client) IsAttached(ctx context.Context, a Attachment) (bool, error) {
	if a.ResourceGroupID == "" {
		return c.PolicyAttached(ctx, a.PolicyName, a.PolicyType, a.To)
	}
	g, err := c.inGroups.of(a.ResourceGroupID).get(ctx, a.key(), 0)
	return g.attached, err
}

// RecallAttachment is Recall for an attachment.
func (c *Client) RecallAttachment(a Attachment, attachDate string) {
	c.recall(a.edge(), attachDate)
}

// key tells the attachment from others in its resource group. RAM does not
// distinguish the case of policy names.
func (a Attachment) key() string {
	return policyKey(strings.ToLower(a.PolicyName), a.PolicyType) + "/" + principalKey(a.To)
}

func (a Attachment) edge() entity {
	if a.ResourceGroupID == "" {
		return attachmentOf(a.PolicyName, a.PolicyType, a.To)
	}
	return entity{string(a.To.Kind) + ".Policy", a.ResourceGroupID + "/" + a.key()}
}

// isLike reports whether the other attachment, as it is listed, is this one.
func (a Attachment) isLike(listed Attachment) bool {
	return strings.EqualFold(a.PolicyName, listed.PolicyName) && a.PolicyType == listed.PolicyType && a.ResourceGroupID == listed.ResourceGroupID &&
		a.To.Kind == listed.To.Kind && strings.EqualFold(a.To.Name, listed.To.Name)
}

// grant is whether there is the attachment with the key.
type grant struct {
	key      string
	attached bool
}

// groupTables are what is known of the attachments in each resource group.
type groupTables struct {
	client *Client
	mu     sync.Mutex
	tables map[string]*table[grant] // by resource group, then by Attachment.key
}

// of gives what is known of the attachments in the resource group.
func (g *groupTables) of(resourceGroupID string) *table[grant] {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tables[resourceGroupID]
	if t == nil {
		if g.tables == nil {
			g.tables = map[string]*table[grant]{}
		}
		t = g.client.newGrantTable(resourceGroupID)
		g.tables[resourceGroupID] = t
	}
	return t
}

// newGrantTable reads the list of the resource group's attachments from the
// first question on: that is one call, as a single read is, and it answers for
// a hundred others.
func (c *Client) newGrantTable(resourceGroupID string) *table[grant] {
	parse := func(key string) Attachment {
		policyName, policyType, to, _ := parseAttachment(key)
		return Attachment{policyName, policyType, to, resourceGroupID}
	}
	return &table[grant]{
		action: "ListPolicyAttachments",
		writes: &c.writes,
		about: func(key string) watched {
			a := parse(key)
			return watched{a.edge().written(), holderOf(a.To.Kind, a.To.Name), holderOf(KindPolicy, a.PolicyName)}
		},
		single: func(ctx context.Context, key string) (grant, error) {
			a := parse(key)
			_, err := c.fetchInResourceGroup(ctx, a)
			if isMissing(err, a.edge().kind) {
				return grant{key: key}, nil
			}
			return grant{key, err == nil}, err
		},
		list: &listing[grant]{
			page: func(ctx context.Context, marker *string) ([]grant, *string, error) {
				rows, next, err := c.listPolicyAttachments(ctx, map[string]string{"ResourceGroupId": resourceGroupID}, marker)
				return convertAll(rows, func(r attachmentRow) grant { return grant{r.attachment().key(), true} }), next, err
			},
			nameOf: func(g grant) string { return g.key },
		},
	}
}

// fetchInResourceGroup looks for the attachment among those of its principal,
// waiting for one that is new. The error is IsNotFound where it is not there.
func (c *Client) fetchInResourceGroup(ctx context.Context, a Attachment) (attachmentRow, error) {
	name, err := c.principalName(ctx, a.To)
	if err != nil {
		return attachmentRow{}, err
	}
	filters := map[string]string{
		"ResourceGroupId": a.ResourceGroupID, "PrincipalType": principalTypes[a.To.Kind], "PrincipalName": name,
	}
	op := call{action: "ListPolicyAttachments", needs: []entity{{string(a.To.Kind), a.To.Name}, a.edge()}}
	return do(ctx, c, op, func(ctx context.Context) (attachmentRow, error) {
		page, err := c.sendListAttachments(ctx, filters, nil) // nobody may have more policies than fit
		if err != nil {
			return attachmentRow{}, err
		}
		for _, row := range page.rows {
			if a.isLike(row.attachment()) {
				return row, nil
			}
		}
		return attachmentRow{}, &Error{
			Action: op.action, Code: "EntityNotExist." + a.edge().kind, HTTPStatus: http.StatusNotFound,
			Message: "the policy " + a.PolicyName + " is not attached to " + name + " in " + a.ResourceGroupID,
		}
	})
}

func (c *Client) attachInResourceGroup(ctx context.Context, a Attachment) error {
	query, err := c.attachmentQuery(ctx, a)
	if err != nil {
		return err
	}
	attach := func() (attachmentRow, error) {
		op := call{action: "AttachPolicy", needs: []entity{policy(a.PolicyName), {string(a.To.Kind), a.To.Name}}}
		return createOnce(ctx, c, op,
			func(ctx context.Context) (attachmentRow, error) {
				_, err := callRM[struct{}](ctx, c, op.action, query)
				return attachmentRow{}, err
			},
			func(ctx context.Context, began time.Time) (attachmentRow, bool, error) {
				found, err := c.fetchInResourceGroup(ctx, a)
				return found, c.madeSince(found.AttachDate, began), err
			})
	}
	_, err = writing(&c.writes, []entity{a.edge().written()}, attach, func(_ attachmentRow, at uint64) {
		c.inGroups.of(a.ResourceGroupID).put(a.key(), grant{a.key(), true}, at)
	})
	if err == nil {
		c.ledger.made(a.edge())
	}
	return err
}

func (c *Client) detachInResourceGroup(ctx context.Context, a Attachment) error {
	query, err := c.attachmentQuery(ctx, a)
	if err != nil {
		return err
	}
	op := call{action: "DetachPolicy", ends: true}
	err = change(ctx, c, op, []entity{a.edge().written()}, func(ctx context.Context) error {
		_, err := callRM[struct{}](ctx, c, op.action, query)
		return err
	}, func(at uint64) { c.inGroups.of(a.ResourceGroupID).put(a.key(), grant{key: a.key()}, at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(a.edge())
		c.ledger.relieved(policy(a.PolicyName), entity{string(a.To.Kind), a.To.Name})
	}
	return err
}

func (c *Client) attachmentQuery(ctx context.Context, a Attachment) (map[string]any, error) {
	name, err := c.principalName(ctx, a.To)
	return map[string]any{
		"ResourceGroupId": a.ResourceGroupID, "PolicyType": a.PolicyType, "PolicyName": a.PolicyName,
		"PrincipalType": principalTypes[a.To.Kind], "PrincipalName": name,
	}, err
}

// PrincipalInResourceGroups gives what the principal has within resource groups.
func (c *Client) PrincipalInResourceGroups(ctx context.Context, p Principal) ([]Attachment, error) {
	return collected(c.InResourceGroups(ctx, Attachment{To: p}))()
}

// PolicyInResourceGroups gives who has the policy within resource groups.
func (c *Client) PolicyInResourceGroups(ctx context.Context, name, policyType string) ([]Attachment, error) {
	return collected(c.InResourceGroups(ctx, Attachment{PolicyName: name, PolicyType: policyType}))()
}

// InResourceGroups yields what is attached within resource groups, as far as it
// is like the given attachment: what that leaves empty may be anything.
func (c *Client) InResourceGroups(ctx context.Context, like Attachment) iter.Seq2[Attachment, error] {
	return pages(func(number *string) ([]Attachment, *string, error) {
		filters, err := c.attachmentFilters(ctx, like)
		if err != nil {
			return nil, nil, err
		}
		at := c.writes.now()
		rows, next, err := c.listPolicyAttachments(ctx, filters, number)
		var all []Attachment
		for _, row := range rows {
			// What is attached for the whole account has the account's id.
			if strings.HasPrefix(row.ResourceGroupID, ResourceGroupPrefix) {
				a := row.attachment()
				c.inGroups.of(a.ResourceGroupID).put(a.key(), grant{a.key(), true}, at)
				all = append(all, a)
			}
		}
		return all, next, err
	})
}

func (c *Client) attachmentFilters(ctx context.Context, like Attachment) (map[string]string, error) {
	filters := map[string]string{"PolicyType": like.PolicyType, "PolicyName": like.PolicyName, "ResourceGroupId": like.ResourceGroupID}
	if like.To.Kind != "" {
		name, err := c.principalName(ctx, like.To)
		if err != nil {
			return nil, err
		}
		filters["PrincipalType"], filters["PrincipalName"] = principalTypes[like.To.Kind], name
	}
	maps.DeleteFunc(filters, func(_, value string) bool { return value == "" })
	return filters, nil
}

// ResourceGroupPrefix is how the ids of resource groups begin.
const ResourceGroupPrefix = "rg-"
