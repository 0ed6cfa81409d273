package ramapi

import (
	"context"
	"maps"
	"slices"
	"strings"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// TagChange is a change of the tags of a user, a role or a policy: keys to
// remove, and then tags to add or to give another value.
type TagChange struct {
	Remove []string
	Set    map[string]string
}

// NewTagChange gives the change from one set of tags to another.
func NewTagChange(from, to map[string]string) TagChange {
	change := TagChange{Set: map[string]string{}}
	for key, value := range to {
		if old, found := from[key]; !found || old != value {
			change.Set[key] = value
		}
	}
	for _, key := range slices.Sorted(maps.Keys(from)) {
		if _, found := to[key]; !found {
			change.Remove = append(change.Remove, key)
		}
	}
	return change
}

// applied gives the tags after the change.
func (t TagChange) applied(tags map[string]string) map[string]string {
	after := maps.Clone(tags)
	if after == nil {
		after = map[string]string{}
	}
	for _, key := range t.Remove {
		delete(after, key)
	}
	maps.Copy(after, t.Set)
	return after
}

// changeTags makes the calls that the change of a thing's tags needs. Keys go
// first: a thing may have no more than 20. Whether RAM minds the removal of a key
// that is gone is not documented; what refuses one need not refuse the others.
func (c *Client) changeTags(ctx context.Context, of entity, t TagChange, untag func(context.Context, []string) error, tag func(context.Context, []tagPair) error) error {
	send := func(action string, request func(context.Context) error) error {
		_, err := do(ctx, c, call{action: action, access: write, needs: []entity{of}}, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, request(ctx)
		})
		return err
	}
	remove := func(keys ...string) error {
		return send("UntagResources", func(ctx context.Context) error { return untag(ctx, keys) })
	}
	if len(t.Remove) > 0 {
		err := remove(t.Remove...)
		if isMissingTag(err, of) {
			err = nil
			for _, key := range t.Remove {
				if failure := remove(key); err == nil && !isMissingTag(failure, of) {
					err = failure
				}
			}
		}
		if err != nil {
			return err
		}
	}
	if len(t.Set) == 0 {
		return nil
	}
	var pairs []tagPair
	for _, key := range slices.Sorted(maps.Keys(t.Set)) {
		pairs = append(pairs, tagPair{key, t.Set[key]})
	}
	return send("TagResources", func(ctx context.Context) error { return tag(ctx, pairs) })
}

// tagPair is one tag on its way to the service.
type tagPair struct{ key, value string }

// isMissingTag reports whether something is missing other than the thing itself.
func isMissingTag(err error, of entity) bool {
	return IsNotFound(err) && !isMissing(err, of.kind)
}

// TagUser changes the tags of the user of that name and id.
func (c *Client) TagUser(ctx context.Context, name, id string, t TagChange) error {
	before, known := c.users.known(name, c.users.about(name))
	resourceType, ids := tea.String("user"), tea.StringSlice([]string{id})
	send := func() (struct{}, error) {
		return struct{}{}, c.changeTags(ctx, user(name), t, func(ctx context.Context, keys []string) error {
			_, err := c.ims().UntagResourcesWithContext(ctx, &ims.UntagResourcesRequest{
				ResourceType: resourceType, ResourceId: ids, TagKey: tea.StringSlice(keys),
			}, c.runtime)
			return err
		}, func(ctx context.Context, tags []tagPair) error {
			_, err := c.ims().TagResourcesWithContext(ctx, &ims.TagResourcesRequest{
				ResourceType: resourceType, ResourceId: ids,
				Tag: convertAll(tags, func(t tagPair) *ims.TagResourcesRequestTag {
					return &ims.TagResourcesRequestTag{Key: tea.String(t.key), Value: tea.String(t.value)}
				}),
			}, c.runtime)
			return err
		})
	}
	_, err := writing(&c.writes, []entity{attributesOf(KindUser, name)}, send, func(_ struct{}, at uint64) {
		if known {
			before.setTags(t.applied(before.allTags()))
			c.users.put(name, before, at)
		}
	})
	return err
}

// tagged is a role or a custom policy with its tags.
type tagged struct {
	name string
	tags map[string]string
}

// RoleTags gives the tags of the role of that name. The error is IsNotFound, or
// there are none, where there is no such role.
func (c *Client) RoleTags(ctx context.Context, name string) (map[string]string, error) {
	t, err := c.roleTags.get(ctx, name, 0)
	return t.tags, err
}

// TagRole changes the tags of the role of that name.
func (c *Client) TagRole(ctx context.Context, name string, t TagChange) error {
	return c.roleTags.change(ctx, name, t)
}

// PolicyTags gives the tags of the custom policy of that name. The error is
// IsNotFound, or there are none, where there is no such policy.
func (c *Client) PolicyTags(ctx context.Context, name string) (map[string]string, error) {
	t, err := c.policyTags.get(ctx, name, 0)
	return t.tags, err
}

// TagPolicy changes the tags of the custom policy of that name.
func (c *Client) TagPolicy(ctx context.Context, name string, t TagChange) error {
	return c.policyTags.change(ctx, name, t)
}

// tagTable knows the tags of roles or of custom policies. GetRole and GetPolicy
// do not show them; ListRoles and ListPolicies do, a thousand at a time.
type tagTable struct {
	table[tagged]
	client       *Client
	kind         Kind
	resourceType string // role or policy, in RAM's tag actions
}

func (c *Client) newTagTable(kind Kind, page func(ctx context.Context, marker *string) ([]tagged, *string, error)) *tagTable {
	t := &tagTable{client: c, kind: kind, resourceType: strings.ToLower(string(kind))}
	t.table = table[tagged]{
		action: "ListTagResources",
		writes: &c.writes,
		about:  func(name string) watched { return watched{t.written(name), holderOf(kind, name)} },
		single: t.fetch,
		list:   &listing[tagged]{page: page, nameOf: func(v tagged) string { return v.name }, start: 1},
	}
	return t
}

// written is what a change of the tags writes. It is apart from the attributes,
// whose change leaves the tags alone.
func (t *tagTable) written(name string) entity {
	return entity{"tags of " + string(t.kind), name}.written()
}

func (t *tagTable) fetch(ctx context.Context, name string) (tagged, error) {
	found := tagged{name, map[string]string{}}
	request := &ram.ListTagResourcesRequest{ResourceType: tea.String(t.resourceType), ResourceNames: tea.StringSlice([]string{name}), PageSize: tea.Int32(100)}
	rows := pages(func(token *string) ([]*ram.ListTagResourcesResponseBodyTagResources, *string, error) {
		request.NextToken = token
		op := call{action: "ListTagResources", needs: []entity{{string(t.kind), name}}}
		out, err := do(ctx, t.client, op, func(ctx context.Context) (*ram.ListTagResourcesResponse, error) {
			return t.client.ram().ListTagResourcesWithContext(ctx, request, t.client.runtime)
		})
		if err != nil {
			return nil, nil, err
		}
		return out.Body.TagResources, out.Body.NextToken, nil
	})
	for row, err := range rows {
		if err != nil {
			return found, err
		}
		found.tags[tea.StringValue(row.TagKey)] = tea.StringValue(row.TagValue)
	}
	return found, nil
}

func (t *tagTable) change(ctx context.Context, name string, change TagChange) error {
	c := t.client
	before, known := t.known(name, t.about(name))
	resourceType, names := tea.String(t.resourceType), tea.StringSlice([]string{name})
	send := func() (struct{}, error) {
		return struct{}{}, c.changeTags(ctx, entity{string(t.kind), name}, change, func(ctx context.Context, keys []string) error {
			_, err := c.ram().UntagResourcesWithContext(ctx, &ram.UntagResourcesRequest{
				ResourceType: resourceType, ResourceNames: names, TagKeys: tea.StringSlice(keys),
			}, c.runtime)
			return err
		}, func(ctx context.Context, tags []tagPair) error {
			_, err := c.ram().TagResourcesWithContext(ctx, &ram.TagResourcesRequest{
				ResourceType: resourceType, ResourceNames: names,
				Tag: convertAll(tags, func(t tagPair) *ram.TagResourcesRequestTag {
					return &ram.TagResourcesRequestTag{Key: tea.String(t.key), Value: tea.String(t.value)}
				}),
			}, c.runtime)
			return err
		})
	}
	_, err := writing(&c.writes, []entity{t.written(name)}, send, func(_ struct{}, at uint64) {
		if known {
			t.put(name, tagged{name, change.applied(before.tags)}, at)
		}
	})
	return err
}

// sdkTag is what the SDKs' several tag types have in common.
type sdkTag interface {
	GetTagKey() *string
	GetTagValue() *string
}

func tagMap[T sdkTag](tags []T) map[string]string {
	all := make(map[string]string, len(tags))
	for _, t := range tags {
		all[tea.StringValue(t.GetTagKey())] = tea.StringValue(t.GetTagValue())
	}
	return all
}
