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
	g, err := c.getGroup(ctx, name)
	if id == "" || err == nil && g.ID == id || err != nil && !IsNotFound(err) {
		return g, err
	}
	p, err := c.PrincipalByID(ctx, KindGroup, id)
	if err != nil {
		return Group{}, err
	}
	return c.getGroup(ctx, p.Name)
}

func (c *Client) getGroup(ctx context.Context, name string) (Group, error) {
	op := call{action: "GetGroup", needs: []entity{group(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Group, error) {
		out, err := c.ram().GetGroupWithContext(ctx, &ram.GetGroupRequest{GroupName: tea.String(name)}, c.runtime)
		if err != nil {
			return Group{}, err
		}
		return converted(out.Body.Group, groupFromAPI)
	})
}

// CreateGroup makes the group. ID and CreateDate of the argument are ignored.
func (c *Client) CreateGroup(ctx context.Context, g Group) (Group, error) {
	created, err := createOnce(ctx, c, call{action: "CreateGroup"},
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
			found, err := c.getGroup(ctx, g.Name)
			return found, found.Comments == g.Comments && c.madeSince(found.CreateDate, began), err
		})
	if err == nil {
		c.ledger.wrote(group(g.Name), created.ID)
	}
	return created, err
}

// UpdateGroup changes the group with the id, which has the name now, and gives
// it as it is afterwards.
func (c *Client) UpdateGroup(ctx context.Context, name, id string, change GroupUpdate) (Group, error) {
	current := name
	updated, err := clearing(change.Comments, func(comments *string) (Group, string, error) {
		g, err := c.updateGroup(ctx, current, GroupUpdate{change.Name, comments})
		if IsNotFound(err) && change.Name != nil {
			// The answer to a rename may have been lost: then the old name is gone.
			if g, err = c.getGroup(ctx, *change.Name); err == nil && g.ID != id {
				err = notFound(KindGroup, id)
			}
		}
		if err == nil {
			current, change.Name = g.Name, nil
		}
		return g, g.Comments, err
	})
	if err == nil && updated.Name != name {
		c.ledger.dropped(group(name))
		c.ledger.wrote(group(updated.Name), id)
	}
	return updated, err
}

func (c *Client) updateGroup(ctx context.Context, name string, change GroupUpdate) (Group, error) {
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
	op := call{action: "DeleteGroup", access: write, frees: group(name)}
	_, err := do(ctx, c, op, func(ctx context.Context) (*ram.DeleteGroupResponse, error) {
		return c.ram().DeleteGroupWithContext(ctx, &ram.DeleteGroupRequest{GroupName: tea.String(name)}, c.runtime)
	})
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(group(name))
	}
	return err
}

// Groups yields every group of the account, fetching pages of 100, RAM's
// largest, as they are needed.
func (c *Client) Groups(ctx context.Context) iter.Seq2[Group, error] {
	return pages(func(marker *string) ([]Group, *string, error) {
		out, err := do(ctx, c, call{action: "ListGroups"}, func(ctx context.Context) (*ram.ListGroupsResponse, error) {
			return c.ram().ListGroupsWithContext(ctx, &ram.ListGroupsRequest{Marker: marker, MaxItems: tea.Int32(100)}, c.runtime)
		})
		if err != nil {
			return nil, nil, err
		}
		return convertAll(listed(out.Body.Groups, (*ram.ListGroupsResponseBodyGroups).GetGroup), groupFromAPI), out.Body.Marker, nil
	})
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
	}
}

func group(name string) entity { return entity{string(KindGroup), name} }
