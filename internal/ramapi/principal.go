package ramapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// Principal is a user, a group or a role by its name and the id that no rename
// changes.
type Principal struct {
	Kind Kind
	Name string
	ID   string
}

// PrincipalByName gives the principal that has the name now. The error is
// IsNotFound where nobody has it.
func (c *Client) PrincipalByName(ctx context.Context, kind Kind, name string) (Principal, error) {
	var id string
	switch kind {
	case KindUser:
		u, err := c.users.get(ctx, name, 0)
		if err != nil {
			return Principal{}, err
		}
		id = u.ID
	case KindGroup:
		g, err := c.groups.get(ctx, name, 0)
		if err != nil {
			return Principal{}, err
		}
		id = g.ID
	case KindRole:
		r, err := c.Role(ctx, name)
		if err != nil {
			return Principal{}, err
		}
		id = r.ID
	}
	return Principal{kind, name, id}, nil
}

// PrincipalByID gives the principal with the id under the name it has now. The
// error is IsNotFound where it is gone. Roles cannot be renamed, so RAM has no
// way to look for one by its id, and neither has this.
func (c *Client) PrincipalByID(ctx context.Context, kind Kind, id string) (Principal, error) {
	switch kind {
	case KindUser:
		if u, known := c.users.knownByID(id); known {
			return Principal{kind, u.Name, id}, nil
		}
		u, err := c.imsUser(ctx, call{}, &ims.GetUserRequest{UserId: tea.String(id)}) // RAM's own GetUser takes a name only
		return Principal{kind, u.Name, u.ID}, err
	case KindGroup:
		if g, known := c.groups.knownByID(id); known {
			return Principal{kind, g.Name, id}, nil
		}
		for g, err := range c.Groups(ctx) {
			if err != nil {
				return Principal{}, err
			}
			if g.ID == id {
				return Principal{kind, g.Name, g.ID}, nil
			}
		}
	}
	return Principal{}, notFound(kind, "with the id "+id)
}

// Recall tells when something in the state was created, as far as is known: for
// some seconds RAM may not show a new thing everywhere, and a read that follows
// the apply at once must not take it for gone.
func (c *Client) Recall(kind Kind, name, createDate string) {
	c.recall(entity{string(kind), name}, createDate)
}

func (c *Client) recall(e entity, date string) {
	if made, err := time.Parse(time.RFC3339, date); err == nil {
		c.ledger.recall(e, made)
	}
}

// PlanRename notes that this process has planned to give the principal a new
// name. What hangs on it is planned after it, and asks PlannedRename.
func (c *Client) PlanRename(p Principal, newName string) {
	c.ledger.planRename(entity{string(p.Kind), newName}, p)
}

// ForgetRename notes that a user or a group is read to refresh the state: what is
// planned for it is yet to come. Another run may be under way at the same time,
// so the first read of any resource says nothing about its renames.
func (c *Client) ForgetRename(p Principal) { c.ledger.forgetRename(string(p.Kind), p.ID) }

// PlannedRename gives the principal that this process has planned to give the
// name to, under the name that it had then.
func (c *Client) PlannedRename(kind Kind, name string) (of Principal, planned bool) {
	return c.ledger.plannedRename(entity{string(kind), name})
}

// Find gives the principal with the id, by the name it should have or, where
// somebody else or nobody has that name, by the id. An empty id accepts
// whoever has the name.
func (c *Client) Find(ctx context.Context, p Principal) (Principal, error) {
	found, err := c.PrincipalByName(ctx, p.Kind, p.Name)
	if p.ID == "" || err == nil && found.ID == p.ID || err != nil && !IsNotFound(err) {
		return found, err
	}
	return c.PrincipalByID(ctx, p.Kind, p.ID)
}

// notFound is the error of a thing that is known not to be there.
func notFound(kind Kind, name string) *Error {
	action := "Get" + string(kind)
	switch {
	case kind == KindLoginProfile:
		action = "GetLoginProfile"
	case kind == KindAccessKey:
		action = "ListAccessKeys"
	case kind == KindMFADevice:
		action = "ListVirtualMFADevices"
	case kind == kindMembership:
		action = "ListGroupsForUser"
	case strings.HasSuffix(string(kind), ".Policy"):
		action = "ListPoliciesFor" + strings.TrimSuffix(string(kind), ".Policy")
	}
	return &Error{
		Action: action, Code: "EntityNotExist." + string(kind),
		Message: "there is no " + string(kind) + " " + name, HTTPStatus: http.StatusNotFound,
	}
}
