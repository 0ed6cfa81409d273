package ramapi

import (
	"context"
	"iter"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// GroupMembers yields the names of the group's members, fetching pages of
// 1,000 as they are needed. The error is IsNotFound where the group is missing.
func (c *Client) GroupMembers(ctx context.Context, groupName string) iter.Seq2[string, error] {
	return pages(func(marker *string) ([]string, *string, error) {
		op := call{action: "ListUsersForGroup", needs: []entity{group(groupName)}}
		out, err := do(ctx, c, op, func(ctx context.Context) (*ram.ListUsersForGroupResponse, error) {
			return c.ram().ListUsersForGroupWithContext(ctx, &ram.ListUsersForGroupRequest{
				GroupName: tea.String(groupName), Marker: marker, MaxItems: tea.Int32(1000),
			}, c.runtime)
		})
		if err != nil {
			return nil, nil, err
		}
		members := listed(out.Body.Users, (*ram.ListUsersForGroupResponseBodyUsers).GetUser)
		return convertAll(members, func(u *ram.ListUsersForGroupResponseBodyUsersUser) string { return tea.StringValue(u.UserName) }), out.Body.Marker, nil
	})
}

// GroupsForUser gives the names of the groups that the user is in.
func (c *Client) GroupsForUser(ctx context.Context, userName string) ([]string, error) {
	op := call{action: "ListGroupsForUser", needs: []entity{user(userName)}}
	return do(ctx, c, op, func(ctx context.Context) ([]string, error) {
		out, err := c.ram().ListGroupsForUserWithContext(ctx, &ram.ListGroupsForUserRequest{UserName: tea.String(userName)}, c.runtime)
		if err != nil {
			return nil, err
		}
		groups := listed(out.Body.Groups, (*ram.ListGroupsForUserResponseBodyGroups).GetGroup)
		return convertAll(groups, func(g *ram.ListGroupsForUserResponseBodyGroupsGroup) string { return tea.StringValue(g.GroupName) }), nil
	})
}

// AddUserToGroup makes the user a member of the group, and reports whether the
// user was not one before.
func (c *Client) AddUserToGroup(ctx context.Context, userName, groupName string) (added bool, err error) {
	op := call{action: "AddUserToGroup", access: write, needs: []entity{user(userName), group(groupName)}}
	_, err = do(ctx, c, op, func(ctx context.Context) (*ram.AddUserToGroupResponse, error) {
		return c.ram().AddUserToGroupWithContext(ctx, &ram.AddUserToGroupRequest{
			UserName: tea.String(userName), GroupName: tea.String(groupName),
		}, c.runtime)
	})
	if IsAlreadyExists(err) {
		return false, nil
	}
	return err == nil, err
}

// RemoveUserFromGroup ends the membership. The error is IsNotFound where the
// user, the group or the membership is missing.
func (c *Client) RemoveUserFromGroup(ctx context.Context, userName, groupName string) error {
	_, err := do(ctx, c, call{action: "RemoveUserFromGroup", access: write}, func(ctx context.Context) (*ram.RemoveUserFromGroupResponse, error) {
		return c.ram().RemoveUserFromGroupWithContext(ctx, &ram.RemoveUserFromGroupRequest{
			UserName: tea.String(userName), GroupName: tea.String(groupName),
		}, c.runtime)
	})
	if err == nil || IsNotFound(err) {
		c.ledger.relieved(user(userName), group(groupName))
	}
	return err
}
