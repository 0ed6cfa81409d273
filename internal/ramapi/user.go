package ramapi

import (
	"context"
	"iter"
	"strings"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// User is a RAM user: a person or a program. Dates are RAM's texts,
// YYYY-MM-DDThh:mm:ssZ.
type User struct {
	ID          string
	Name        string
	DisplayName string
	MobilePhone string
	Email       string
	Comments    string
	CreateDate  string
	Tags        map[string]string // without those that record a freeze
	Freeze      *Freeze           // nil: the user is not frozen

	// What changes by itself, or is only read.
	UpdateDate    string
	LastLoginDate string
	ProvisionType string // Manual, SCIM or CloudSSO
	Status        string // active or freeze; from a list only

	shows fields // which of the four texts the answer had
}

// Manual is the provision type of a user that was made in RAM itself.
const Manual = "Manual"

// IsProvisioned reports whether users of the provision type come from elsewhere:
// by SCIM or CloudSSO. Where the service does not say they do not.
func IsProvisioned(provisionType string) bool { return provisionType != "" && provisionType != Manual }

// UserUpdate changes a user. Nil keeps what is there, a pointer to an empty
// text clears it.
type UserUpdate struct {
	Name        *string
	DisplayName *string
	MobilePhone *string
	Email       *string
	Comments    *string
}

// User gives the user with the id, under whichever name it has now; with an
// empty id, the user of that name. The error is IsNotFound where there is none.
func (c *Client) User(ctx context.Context, name, id string) (User, error) {
	return c.findUser(ctx, name, id, allTexts)
}

// RefreshUser gives the user of that name and id as it is now, where prior is
// what was known of it: an answer that leaves out a text which was there before
// is not taken for one that has emptied it. It may so come from a list. Without
// an id nothing was known but the name.
func (c *Client) RefreshUser(ctx context.Context, prior User) (User, error) {
	if prior.ID == "" {
		return c.User(ctx, prior.Name, "")
	}
	return c.findUser(ctx, prior.Name, prior.ID, allTexts&^emptyTexts(prior))
}

func (c *Client) findUser(ctx context.Context, name, id string, needed fields) (User, error) {
	u, err := c.users.get(ctx, name, needed)
	if id == "" || err == nil && u.ID == id || err != nil && !IsNotFound(err) {
		return u, err
	}
	p, err := c.PrincipalByID(ctx, KindUser, id)
	if err != nil {
		return User{}, err
	}
	return c.users.get(ctx, p.Name, needed)
}

// CurrentUser gives the user with the id, or with an empty id the user of that
// name, with what changes by itself. The error is IsNotFound where there is none.
func (c *Client) CurrentUser(ctx context.Context, name, id string) (User, error) {
	u, known := c.users.knownByID(id)
	var err error
	switch {
	case id == "":
		u, err = c.users.get(ctx, name, allTexts)
	case !known:
		u, err = c.imsUser(ctx, call{}, &ims.GetUserRequest{UserId: tea.String(id)})
	}
	if err == nil && u.UpdateDate == "" { // it is known from a write
		var read User
		read, err = c.fetchUser(ctx, u.Name)
		u.UpdateDate, u.LastLoginDate, u.ProvisionType = read.UpdateDate, read.LastLoginDate, read.ProvisionType
	}
	return u, err
}

// ProvisionType tells where the user of that name comes from; empty where the
// service does not say. The error is IsNotFound where there is none.
func (c *Client) ProvisionType(ctx context.Context, name string) (string, error) {
	u, err := c.users.get(ctx, name, 0)
	return u.ProvisionType, err
}

func (c *Client) newUserTable() *table[User] {
	return &table[User]{
		action: "GetUser",
		writes: &c.writes,
		about: func(name string) watched {
			return watched{attributesOf(KindUser, name), holderOf(KindUser, name)}
		},
		single: c.fetchUser,
		list:   &listing[User]{page: c.userPage, nameOf: func(u User) string { return u.Name }, start: 5},
		idOf:   func(u User) string { return u.ID },
		shows:  func(u User) fields { return u.shows },
	}
}

// fetchUser asks IMS, whose answer has the tags. IMS knows a user by the
// principal name, which ends in a domain that may have changed since it was
// asked for: before a user is called missing, RAM is asked for the plain name.
func (c *Client) fetchUser(ctx context.Context, name string) (User, error) {
	principalName, err := c.UserPrincipalName(ctx, name)
	if err != nil {
		return User{}, err
	}
	u, err := c.imsUser(ctx, call{needs: []entity{user(name)}, upn: principalName}, &ims.GetUserRequest{UserPrincipalName: tea.String(principalName)})
	if !IsNotFound(err) {
		return u, err
	}
	id, err := c.userID(ctx, name)
	if err != nil {
		return User{}, err
	}
	return c.imsUser(ctx, call{needs: []entity{user(name)}}, &ims.GetUserRequest{UserId: tea.String(id)})
}

func (c *Client) imsUser(ctx context.Context, op call, request *ims.GetUserRequest) (User, error) {
	op.action = "GetUser"
	return do(ctx, c, op, func(ctx context.Context) (User, error) {
		out, err := c.ims().GetUserWithContext(ctx, request, c.runtime)
		if err != nil {
			return User{}, err
		}
		return converted(out.Body.User, func(u *ims.GetUserResponseBodyUser) User {
			found := userFromIMS(u)
			found.setTags(tagMap(listed(u.Tags, (*ims.GetUserResponseBodyUserTags).GetTag)))
			if u.UserName != nil {
				found.Name = *u.UserName
			}
			return found
		})
	})
}

// userID asks RAM for the id of the user of that name.
func (c *Client) userID(ctx context.Context, name string) (string, error) {
	return do(ctx, c, call{action: "GetUser"}, func(ctx context.Context) (string, error) {
		out, err := c.ram().GetUserWithContext(ctx, &ram.GetUserRequest{UserName: tea.String(name)}, c.runtime)
		if err != nil {
			return "", err
		}
		return converted(out.Body.User, func(u *ram.GetUserResponseBodyUser) string { return tea.StringValue(u.UserId) })
	})
}

// CreateUser makes the user; empty texts are left out. ID, CreateDate and Tags
// of the argument are ignored: RAM's own CreateUser, which unlike IMS's needs no
// display name, takes no tags. See TagUser.
func (c *Client) CreateUser(ctx context.Context, u User) (User, error) {
	create := func() (User, error) { return c.createUser(ctx, u) }
	things := allOf(KindUser, u.Name)
	created, err := writing(&c.writes, things, create, func(created User, at uint64) {
		if created.shows|emptyTexts(u) == allTexts {
			c.users.put(created.Name, created, at)
		}
	})
	if err == nil {
		c.ledger.made(user(u.Name))
	}
	return created, err
}

func (c *Client) createUser(ctx context.Context, u User) (User, error) {
	return createOnce(ctx, c, call{action: "CreateUser"},
		func(ctx context.Context) (User, error) {
			out, err := c.ram().CreateUserWithContext(ctx, &ram.CreateUserRequest{
				UserName:    tea.String(u.Name),
				DisplayName: optional(u.DisplayName),
				MobilePhone: optional(u.MobilePhone),
				Email:       optional(u.Email),
				Comments:    optional(u.Comments),
			}, c.runtime)
			if err != nil {
				return User{}, err
			}
			return converted(out.Body.User, userFromRAM)
		},
		func(ctx context.Context, began time.Time) (User, bool, error) {
			found, err := c.fetchUser(ctx, u.Name)
			// RAM may fill in a display name by itself.
			same := found.Comments == u.Comments && (u.DisplayName == "" || found.DisplayName == u.DisplayName)
			return found, same && c.madeSince(found.CreateDate, began), err
		})
}

// UpdateUser changes the user with the id, which has the name now, and gives it
// as it is afterwards.
func (c *Client) UpdateUser(ctx context.Context, name, id string, change UserUpdate) (User, error) {
	things := changed(KindUser, name, change.Name)
	before, known := c.users.known(name, c.users.about(name))
	update := func() (User, error) {
		u, err := c.updateUser(ctx, name, change)
		if IsNotFound(err) && change.Name != nil {
			u, err = afterRename(&c.ledger, user(*change.Name), err, func() (User, error) { return c.fetchUser(ctx, *change.Name) })
			if err == nil && u.ID != id {
				err = notFound(KindUser, id)
			}
		}
		return u, err
	}
	u, err := writing(&c.writes, things, update, func(u User, at uint64) {
		if isRename(change.Name, name) {
			c.users.putGone(name, notFound(KindUser, name), at)
		}
		if u.shows == allTexts && known {
			u.Tags, u.Freeze, u.ProvisionType, u.LastLoginDate = before.Tags, before.Freeze, before.ProvisionType, before.LastLoginDate
			c.users.put(u.Name, u, at)
		}
	})
	if err == nil && isRename(change.Name, name) {
		c.ledger.dropped(user(name))
		c.ledger.wrote(user(u.Name))
	}
	return u, err
}

// isRename reports whether the change leaves nobody with the old name: another
// spelling may be the same name.
func isRename(newName *string, name string) bool {
	return newName != nil && !strings.EqualFold(*newName, name)
}

// afterRename looks under the new name where the old one is gone: the answer to
// the rename may have been lost. Then the service may not show it there yet.
func afterRename[T any](l *ledger, renamed entity, err error, look func() (T, error)) (T, error) {
	if isAfterLost(err) {
		l.wrote(renamed)
	}
	out, err := look()
	if err != nil {
		l.dropped(renamed)
	}
	return out, err
}

func (c *Client) updateUser(ctx context.Context, name string, change UserUpdate) (User, error) {
	op := call{action: "UpdateUser", access: write, needs: []entity{user(name)}}
	return do(ctx, c, op, func(ctx context.Context) (User, error) {
		out, err := c.ram().UpdateUserWithContext(ctx, &ram.UpdateUserRequest{
			UserName:       tea.String(name),
			NewUserName:    change.Name,
			NewDisplayName: change.DisplayName,
			NewMobilePhone: change.MobilePhone,
			NewEmail:       change.Email,
			NewComments:    change.Comments,
		}, c.runtime)
		if err != nil {
			return User{}, err
		}
		return converted(out.Body.User, userFromRAM)
	})
}

// DeleteUser deletes the user. The error is IsDeleteConflict while something
// hangs on it.
func (c *Client) DeleteUser(ctx context.Context, name string) error {
	op := call{action: "DeleteUser", ends: true, frees: user(name)}
	things := allOf(KindUser, name)
	err := change(ctx, c, op, things, func(ctx context.Context) error {
		_, err := c.ram().DeleteUserWithContext(ctx, &ram.DeleteUserRequest{UserName: tea.String(name)}, c.runtime)
		return err
	}, func(at uint64) { c.users.putGone(name, notFound(KindUser, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(user(name))
	}
	return err
}

// Users yields every user of the account, fetching pages of 1,000 as they are needed.
func (c *Client) Users(ctx context.Context) iter.Seq2[User, error] {
	return c.users.all(ctx)
}

// AllUsers gives every user of the account as it is now, by name.
func (c *Client) AllUsers(ctx context.Context) ([]User, error) {
	return settled(ctx, c.freshNames(KindUser), collected(c.Users(ctx)), func(u User) string { return u.Name })
}

// userPage asks IMS, whose list has the tags. It leaves out those that are
// frozen unless they are asked for.
func (c *Client) userPage(ctx context.Context, marker *string) ([]User, *string, error) {
	out, err := do(ctx, c, call{action: "ListUsers"}, func(ctx context.Context) (*ims.ListUsersResponse, error) {
		return c.ims().ListUsersWithContext(ctx, &ims.ListUsersRequest{
			Marker: marker, MaxItems: tea.Int32(1000), Status: tea.String("active,freeze"),
		}, c.runtime)
	})
	if err != nil {
		return nil, nil, err
	}
	users := listed(out.Body.Users, (*ims.ListUsersResponseBodyUsers).GetUser)
	return convertAll(users, func(u *ims.ListUsersResponseBodyUsersUser) User {
		found := userFromIMS(u)
		found.setTags(tagMap(listed(u.Tags, (*ims.ListUsersResponseBodyUsersUserTags).GetTag)))
		found.Status = tea.StringValue(u.Status)
		return found
	}), out.Body.Marker, nil
}

// sdkUser is what the SDKs' several user types have in common.
type sdkUser interface {
	GetUserId() *string
	GetDisplayName() *string
	GetMobilePhone() *string
	GetEmail() *string
	GetComments() *string
	GetCreateDate() *string
}

// ramUser is a user as RAM has it.
type ramUser interface {
	sdkUser
	GetUserName() *string
}

// imsUser is a user as IMS has it.
type imsUser interface {
	sdkUser
	GetUserPrincipalName() *string
	GetUpdateDate() *string
	GetLastLoginDate() *string
	GetProvisionType() *string
}

func userFromRAM[T ramUser](u T) User {
	found := userFromAPI(u)
	found.Name = tea.StringValue(u.GetUserName())
	return found
}

func userFromIMS[T imsUser](u T) User {
	found := userFromAPI(u)
	found.Name = localPart(tea.StringValue(u.GetUserPrincipalName()))
	found.UpdateDate = tea.StringValue(u.GetUpdateDate())
	found.LastLoginDate = tea.StringValue(u.GetLastLoginDate())
	found.ProvisionType = tea.StringValue(u.GetProvisionType())
	return found
}

func userFromAPI(u sdkUser) User {
	return User{
		ID:          tea.StringValue(u.GetUserId()),
		DisplayName: tea.StringValue(u.GetDisplayName()),
		MobilePhone: tea.StringValue(u.GetMobilePhone()),
		Email:       tea.StringValue(u.GetEmail()),
		Comments:    tea.StringValue(u.GetComments()),
		CreateDate:  tea.StringValue(u.GetCreateDate()),
		shows:       shown(u.GetDisplayName(), u.GetMobilePhone(), u.GetEmail(), u.GetComments()),
	}
}

// allTexts are the fields of a user whose answer has left nothing out.
const allTexts fields = 1<<4 - 1

// emptyTexts are the fields that are not asked for: an answer to a creation
// that leaves them out says nothing less.
func emptyTexts(u User) fields {
	return shown(optional(u.DisplayName), optional(u.MobilePhone), optional(u.Email), optional(u.Comments)) ^ allTexts
}

func user(name string) entity { return entity{string(KindUser), name} }

// localPart gives what stands before the @ of a user principal name.
func localPart(userPrincipalName string) string {
	return userPrincipalName[:max(0, strings.LastIndex(userPrincipalName, "@"))]
}
