package ramapi

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// membership is a user in a group, by the name that tells it from others of
// the same group or the same user.
type membership struct {
	name     string
	joinDate string
}

// kindMembership is the kind of a user's place in a group, in RAM's error codes.
const kindMembership Kind = "User.Group"

func membershipOf(userName, groupName string) entity {
	return entity{string(kindMembership), userName + "/" + groupName}
}

// RecallMembership is Recall for the membership of a user in a group.
func (c *Client) RecallMembership(userName, groupName, joinDate string) {
	c.recall(membershipOf(userName, groupName), joinDate)
}

// memberTables are what is known of the members of each group.
type memberTables struct {
	client     *Client
	permission permission // to list members
	mu         sync.Mutex
	tables     map[string]*table[membership] // by group, then by user
}

// of gives what is known of the members of the group.
func (m *memberTables) of(groupName string) *table[membership] {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tables[groupName]
	if t == nil {
		if m.tables == nil {
			m.tables = map[string]*table[membership]{}
		}
		t = m.client.newMemberTable(groupName)
		m.tables[groupName] = t
	}
	return t
}

// newMemberTable reads the list of the group's members from the first question
// on: that is one call, as a single read is, and it answers for all the others.
func (c *Client) newMemberTable(groupName string) *table[membership] {
	return &table[membership]{
		action: "ListUsersForGroup",
		writes: &c.writes,
		about:  func(userName string) watched { return aboutMembership(userName, groupName) },
		single: func(ctx context.Context, userName string) (membership, error) {
			return c.fetchMembership(ctx, userName, groupName)
		},
		list: &listing[membership]{
			page: func(ctx context.Context, marker *string) (members []membership, next *string, err error) {
				err = c.members.permission.with(ctx, func() (err error) {
					members, next, err = c.memberPage(ctx, groupName, marker)
					return err
				})
				return members, next, err
			},
			nameOf: func(m membership) string { return m.name },
		},
	}
}

func aboutMembership(userName, groupName string) watched {
	return watched{
		membershipOf(userName, groupName).written(), holderOf(KindUser, userName), holderOf(KindGroup, groupName),
	}
}

// newGroupsOfTable keeps the groups of each user that was asked for singly. It
// is asked about single memberships, by fetchMembership.
func (c *Client) newGroupsOfTable() *table[[]membership] {
	return &table[[]membership]{
		action: "ListGroupsForUser",
		writes: &c.writes,
		about:  anything,
		single: c.listGroupsForUser,
	}
}

// fetchMembership looks among the groups of the user, waiting for a membership
// that is new. The error is IsNotFound where the user is not in the group.
func (c *Client) fetchMembership(ctx context.Context, userName, groupName string) (membership, error) {
	about := aboutMembership(userName, groupName)
	groups, known := c.groupsOf.known(userName, about)
	var err error
	if !known {
		groups, err = c.groupsOf.ask(ctx, userName, about)
	}
	if err != nil {
		return membership{}, err
	}
	found, err := amongGroups(groups, userName, groupName)
	if err == nil || !c.ledger.isFresh(membershipOf(userName, groupName), c.ServerTime()) {
		return found, err
	}
	op := call{action: "ListGroupsForUser", needs: []entity{user(userName), membershipOf(userName, groupName)}}
	return do(ctx, c, op, func(ctx context.Context) (membership, error) {
		groups, err := c.sendListGroupsForUser(ctx, userName)
		if err != nil {
			return membership{}, err
		}
		return amongGroups(groups, userName, groupName)
	})
}

func amongGroups(groups []membership, userName, groupName string) (membership, error) {
	for _, g := range groups {
		if strings.EqualFold(g.name, groupName) {
			return membership{userName, g.joinDate}, nil
		}
	}
	return membership{}, membershipOf(userName, groupName).notFound()
}

// MembersAmong gives those of the users who are members of the group, as they
// are written. A group or a user that is missing has no membership.
func (c *Client) MembersAmong(ctx context.Context, groupName string, userNames []string) ([]string, error) {
	members := []string{}
	for _, name := range userNames {
		_, err := c.members.of(groupName).get(ctx, name, 0)
		switch {
		case err == nil:
			members = append(members, name)
		case !IsNotFound(err):
			return nil, err
		}
	}
	return members, nil
}

// GroupMembers yields the names of the group's members, fetching pages of
// 1,000 as they are needed. The error is IsNotFound where the group is missing.
func (c *Client) GroupMembers(ctx context.Context, groupName string) iter.Seq2[string, error] {
	return pages(func(marker *string) ([]string, *string, error) {
		members, next, err := c.memberPage(ctx, groupName, marker)
		return convertAll(members, func(m membership) string { return m.name }), next, err
	})
}

// ReadGroupMembers gives the names of the group's members, and answers
// MembersAmong from then on. The error is IsNotFound where the group is missing.
func (c *Client) ReadGroupMembers(ctx context.Context, groupName string) ([]string, error) {
	members, err := collected(c.members.of(groupName).all(ctx))()
	return convertAll(members, func(m membership) string { return m.name }), err
}

// AllGroupMembers gives the names of the group's members as they are now, in
// their order. The error is IsNotFound where the group is missing.
func (c *Client) AllGroupMembers(ctx context.Context, groupName string) ([]string, error) {
	var fresh []string
	for _, name := range c.freshNames(kindMembership) {
		if userName, of, _ := strings.Cut(name, "/"); strings.EqualFold(of, groupName) {
			fresh = append(fresh, userName)
		}
	}
	return settled(ctx, fresh, collected(c.GroupMembers(ctx, groupName)), itself)
}

// GroupMembersBefore gives the names of the group's members without whom this
// process has added and with whom it has removed: who there was when it began,
// under the names of then. Terraform plans a creation once more when it applies,
// and must find then what it found at first.
func (c *Client) GroupMembersBefore(ctx context.Context, groupName string) ([]string, error) {
	var before []string
	for name, err := range c.GroupMembers(ctx, groupName) {
		if err != nil {
			return nil, err
		}
		if !c.ledger.hasMade(membershipOf(name, groupName)) {
			before = append(before, c.FormerUserName(ctx, name))
		}
	}
	for _, e := range c.ledger.taken(string(kindMembership), "/"+groupName) {
		userName, _, _ := strings.Cut(e.name, "/")
		before = append(before, c.FormerUserName(ctx, userName))
	}
	return before, nil
}

// FormerUserName gives the name that the user had before this process renamed it.
func (c *Client) FormerUserName(ctx context.Context, userName string) string {
	if of, planned := c.PlannedRename(KindUser, userName); planned {
		if now, err := c.PrincipalByName(ctx, KindUser, userName); err == nil && now.ID == of.ID {
			return of.Name
		}
	}
	return userName
}

func (c *Client) memberPage(ctx context.Context, groupName string, marker *string) ([]membership, *string, error) {
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
	return convertAll(members, func(u *ram.ListUsersForGroupResponseBodyUsersUser) membership {
		return membership{tea.StringValue(u.UserName), tea.StringValue(u.JoinDate)}
	}), out.Body.Marker, nil
}

// GroupsForUser gives the names of the groups that the user is in now.
func (c *Client) GroupsForUser(ctx context.Context, userName string) ([]string, error) {
	groups, err := c.listGroupsForUser(ctx, userName)
	return convertAll(groups, func(m membership) string { return m.name }), err
}

// AllGroupsForUser is GroupsForUser in the order of names, with the groups that
// this process has just put the user into.
func (c *Client) AllGroupsForUser(ctx context.Context, userName string) ([]string, error) {
	var fresh []string
	for _, name := range c.freshNames(kindMembership) {
		if of, groupName, _ := strings.Cut(name, "/"); strings.EqualFold(of, userName) {
			fresh = append(fresh, groupName)
		}
	}
	return settled(ctx, fresh, func() ([]string, error) { return c.GroupsForUser(ctx, userName) }, itself)
}

func itself(name string) string { return name }

func (c *Client) listGroupsForUser(ctx context.Context, userName string) ([]membership, error) {
	op := call{action: "ListGroupsForUser", needs: []entity{user(userName)}}
	return do(ctx, c, op, func(ctx context.Context) ([]membership, error) { return c.sendListGroupsForUser(ctx, userName) })
}

func (c *Client) sendListGroupsForUser(ctx context.Context, userName string) ([]membership, error) {
	out, err := c.ram().ListGroupsForUserWithContext(ctx, &ram.ListGroupsForUserRequest{UserName: tea.String(userName)}, c.runtime)
	if err != nil {
		return nil, err
	}
	groups := listed(out.Body.Groups, (*ram.ListGroupsForUserResponseBodyGroups).GetGroup)
	return convertAll(groups, func(g *ram.ListGroupsForUserResponseBodyGroupsGroup) membership {
		return membership{tea.StringValue(g.GroupName), tea.StringValue(g.JoinDate)}
	}), nil
}

// AddUserToGroup makes the user a member of the group, and reports whether the
// user was not one before.
func (c *Client) AddUserToGroup(ctx context.Context, userName, groupName string) (added bool, err error) {
	things := []entity{membershipOf(userName, groupName).written()}
	add := func() (bool, error) {
		_, err := c.addUserToGroup(ctx, userName, groupName)
		if IsAlreadyExists(err) {
			return false, nil
		}
		return err == nil, err
	}
	added, err = writing(&c.writes, things, add, func(_ bool, at uint64) {
		c.members.of(groupName).put(userName, membership{name: userName}, at)
	})
	if err == nil {
		c.ledger.made(membershipOf(userName, groupName))
	}
	return added, err
}

func (c *Client) addUserToGroup(ctx context.Context, userName, groupName string) (membership, error) {
	op := call{action: "AddUserToGroup", needs: []entity{user(userName), group(groupName)}}
	return createOnce(ctx, c, op,
		func(ctx context.Context) (membership, error) {
			_, err := c.ram().AddUserToGroupWithContext(ctx, &ram.AddUserToGroupRequest{
				UserName: tea.String(userName), GroupName: tea.String(groupName),
			}, c.runtime)
			return membership{name: userName}, err
		},
		func(ctx context.Context, began time.Time) (membership, bool, error) {
			groups, err := c.listGroupsForUser(ctx, userName)
			if err != nil {
				return membership{}, false, err
			}
			found, err := amongGroups(groups, userName, groupName)
			return found, c.madeSince(found.joinDate, began), err
		})
}

// RemoveUserFromGroup ends the membership. The error is IsNotFound where the
// user, the group or the membership is missing.
func (c *Client) RemoveUserFromGroup(ctx context.Context, userName, groupName string) error {
	op := call{action: "RemoveUserFromGroup", ends: true}
	ended := membershipOf(userName, groupName)
	err := change(ctx, c, op, []entity{ended.written()}, func(ctx context.Context) error {
		_, err := c.ram().RemoveUserFromGroupWithContext(ctx, &ram.RemoveUserFromGroupRequest{
			UserName: tea.String(userName), GroupName: tea.String(groupName),
		}, c.runtime)
		return err
	}, func(at uint64) { c.members.of(groupName).putGone(userName, ended.notFound(), at) })
	if err == nil {
		c.ledger.took(ended)
	}
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(ended)
		c.ledger.relieved(user(userName), group(groupName))
	}
	return err
}
