package ramapi

import (
	"context"
	"iter"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// Group is a RAM user group.
type Group struct {
	ID         string
	Name       string
	Comments   string
	CreateDate string
	UpdateDate string

	shows fields // whether the answer had comments
}

// GroupUpdate changes a group. Nil keeps what is there, a pointer to an empty
// text clears it.
type GroupUpdate struct {
	Name     *string
	Comments *string
}

// Group gives the group with the id, under whichever name it has now; with an
// empty id, the group of that name. The error is IsNotFound where there is none.
func (c *Client) Group(ctx context.Context, name, id string) (Group, error) {
	return c.findGroup(ctx, name, id, theComments)
}

// RefreshGroup gives the group of that name and id as it is now, where prior is
// what was known of it: an answer that leaves out comments which were there
// before is not taken for one that has emptied them. It may so come from a list.
// Without an id nothing was known but the name.
func (c *Client) RefreshGroup(ctx context.Context, prior Group) (Group, error) {
	if prior.ID == "" {
		return c.Group(ctx, prior.Name, "")
	}
	return c.findGroup(ctx, prior.Name, prior.ID, shown(optional(prior.Comments)))
}

// theComments is the field of a group that an answer may leave out.
const theComments fields = 1

func (c *Client) findGroup(ctx context.Context, name, id string, needed fields) (Group, error) {
	g, err := c.groups.get(ctx, name, needed)
	if id == "" || err == nil && g.ID == id || err != nil && !IsNotFound(err) {
		return g, err
	}
	p, err := c.PrincipalByID(ctx, KindGroup, id)
	if err != nil {
		return Group{}, err
	}
	return c.groups.get(ctx, p.Name, needed)
}

func (c *Client) newGroupTable() *table[Group] {
	return &table[Group]{
		action: "GetGroup",
		writes: &c.writes,
		about: func(name string) watched {
			return watched{attributesOf(KindGroup, name), holderOf(KindGroup, name)}
		},
		single: c.fetchGroup,
		list:   &listing[Group]{page: c.groupPage, nameOf: func(g Group) string { return g.Name }, start: 3},
		idOf:   func(g Group) string { return g.ID },
		shows:  func(g Group) fields { return g.shows },
	}
}

func (c *Client) fetchGroup(ctx context.Context, name string) (Group, error) {
	op := call{action: "GetGroup", needs: []entity{group(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Group, error) {
		out, err := c.ram().GetGroupWithContext(ctx, &ram.GetGroupRequest{GroupName: tea.String(name)}, c.runtime)
		if err != nil {
			return Group{}, err
		}
		return converted(out.Body.Group, groupFromAPI)
	})
}

// CreateGroup makes the group. ID and dates of the argument are ignored.
func (c *Client) CreateGroup(ctx context.Context, g Group) (Group, error) {
	create := func() (Group, error) { return c.createGroup(ctx, g) }
	things := allOf(KindGroup, g.Name)
	created, err := writing(&c.writes, things, create, func(created Group, at uint64) {
		if created.shows != 0 || g.Comments == "" {
			c.groups.put(created.Name, created, at)
		}
	})
	if err == nil {
		c.ledger.made(group(g.Name))
	}
	return created, err
}

func (c *Client) createGroup(ctx context.Context, g Group) (Group, error) {
	return createOnce(ctx, c, call{action: "CreateGroup"},
		func(ctx context.Context) (Group, error) {
			out, err := c.ram().CreateGroupWithContext(ctx, &ram.CreateGroupRequest{
				GroupName: tea.String(g.Name), Comments: optional(g.Comments),
			}, c.runtime)
			if err != nil {
				return Group{}, err
			}
			return converted(out.Body.Group, groupFromAPI)
		},
		func(ctx context.Context, began time.Time) (Group, bool, error) {
			found, err := c.fetchGroup(ctx, g.Name)
			return found, found.Comments == g.Comments && c.madeSince(found.CreateDate, began), err
		})
}

// UpdateGroup changes the group with the id, which has the name now, and gives
// it as it is afterwards.
func (c *Client) UpdateGroup(ctx context.Context, name, id string, change GroupUpdate) (Group, error) {
	things := changed(KindGroup, name, change.Name)
	update := func() (Group, error) { return c.updateGroup(ctx, name, id, change) }
	updated, err := writing(&c.writes, things, update, func(g Group, at uint64) {
		if isRename(change.Name, name) {
			c.groups.putGone(name, notFound(KindGroup, name), at)
		}
		if g.shows != 0 {
			c.groups.put(g.Name, g, at)
		}
	})
	if err == nil && isRename(change.Name, name) {
		c.ledger.dropped(group(name))
		c.ledger.wrote(group(updated.Name))
	}
	return updated, err
}

func (c *Client) updateGroup(ctx context.Context, name, id string, change GroupUpdate) (Group, error) {
	updated, err := clearing(change.Comments, func(comments *string) (Group, string, error) {
		g, err := c.sendUpdateGroup(ctx, name, GroupUpdate{change.Name, comments})
		if IsNotFound(err) && change.Name != nil {
			g, err = afterRename(&c.ledger, group(*change.Name), err, func() (Group, error) { return c.fetchGroup(ctx, *change.Name) })
			if err == nil && g.ID != id {
				err = notFound(KindGroup, id)
			}
		}
		if err == nil {
			name, change.Name = g.Name, nil
		}
		return g, g.Comments, err
	})
	return updated, err
}

func (c *Client) sendUpdateGroup(ctx context.Context, name string, change GroupUpdate) (Group, error) {
	op := call{action: "UpdateGroup", access: write, needs: []entity{group(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Group, error) {
		out, err := c.ram().UpdateGroupWithContext(ctx, &ram.UpdateGroupRequest{
			GroupName: tea.String(name), NewGroupName: change.Name, NewComments: change.Comments,
		}, c.runtime)
		if err != nil {
			return Group{}, err
		}
		return converted(out.Body.Group, groupFromAPI)
	})
}

// DeleteGroup deletes the group. The error is IsDeleteConflict while it has
// members or policies.
func (c *Client) DeleteGroup(ctx context.Context, name string) error {
	op := call{action: "DeleteGroup", ends: true, frees: group(name)}
	things := allOf(KindGroup, name)
	err := change(ctx, c, op, things, func(ctx context.Context) error {
		_, err := c.ram().DeleteGroupWithContext(ctx, &ram.DeleteGroupRequest{GroupName: tea.String(name)}, c.runtime)
		return err
	}, func(at uint64) { c.groups.putGone(name, notFound(KindGroup, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(group(name))
	}
	return err
}

// Groups yields every group of the account, fetching pages of 100, RAM's
// largest, as they are needed.
func (c *Client) Groups(ctx context.Context) iter.Seq2[Group, error] {
	return c.groups.all(ctx)
}

// AllGroups gives every group of the account as it is now, by name.
func (c *Client) AllGroups(ctx context.Context) ([]Group, error) {
	return settled(ctx, c.freshNames(KindGroup), collected(c.Groups(ctx)), func(g Group) string { return g.Name })
}

func (c *Client) groupPage(ctx context.Context, marker *string) ([]Group, *string, error) {
	out, err := do(ctx, c, call{action: "ListGroups"}, func(ctx context.Context) (*ram.ListGroupsResponse, error) {
		return c.ram().ListGroupsWithContext(ctx, &ram.ListGroupsRequest{Marker: marker, MaxItems: tea.Int32(100)}, c.runtime)
	})
	if err != nil {
		return nil, nil, err
	}
	return convertAll(listed(out.Body.Groups, (*ram.ListGroupsResponseBodyGroups).GetGroup), groupFromAPI), out.Body.Marker, nil
}

// sdkGroup is what the SDK's several group types have in common.
type sdkGroup interface {
	GetGroupId() *string
	GetGroupName() *string
	GetComments() *string
	GetCreateDate() *string
}

func groupFromAPI[T sdkGroup](g T) Group {
	return Group{
		ID:         tea.StringValue(g.GetGroupId()),
		Name:       tea.StringValue(g.GetGroupName()),
		Comments:   clearedText(g.GetComments()),
		CreateDate: tea.StringValue(g.GetCreateDate()),
		UpdateDate: updateDate(g, g.GetCreateDate()),
		shows:      shown(g.GetComments()),
	}
}

func group(name string) entity { return entity{string(KindGroup), name} }
