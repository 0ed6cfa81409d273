package ramapi

import (
	"context"
	"iter"
	"maps"
	"regexp"
	"slices"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// Role is a RAM role. MaxSessionDuration is in seconds.
type Role struct {
	ID                       string
	Name                     string
	ARN                      string // as the service gives it, which may be in lower case
	Description              string
	AssumeRolePolicyDocument string
	MaxSessionDuration       int64
	CreateDate               string
	UpdateDate               string
	Tags                     map[string]string // from a list only; see RoleTags

	shows fields // whether the answer had a description
}

// RoleUpdate changes a role. Nil keeps what is there, a pointer to an empty
// description clears it. The session duration is always sent: RAM's
// documentation says that leaving it out means 3600.
type RoleUpdate struct {
	Description              *string
	AssumeRolePolicyDocument *string
	MaxSessionDuration       int64
}

// Role gives the role of that name. The error is IsNotFound where there is none.
func (c *Client) Role(ctx context.Context, name string) (Role, error) {
	return c.roles.get(ctx, name, 0)
}

// CurrentRole gives the role of that name with its tags and with what changes by
// itself. The error is IsNotFound where there is none.
func (c *Client) CurrentRole(ctx context.Context, name string) (Role, error) {
	r, err := c.Role(ctx, name)
	if err == nil && r.UpdateDate == "" { // it is known from a write
		var read Role
		read, err = c.fetchRole(ctx, name)
		r.UpdateDate = read.UpdateDate
	}
	if err == nil {
		r.Tags, err = c.RoleTags(ctx, r.Name)
	}
	return r, err
}

// newRoleTable has no list: RAM's has no trust policies.
func (c *Client) newRoleTable() *table[Role] {
	return &table[Role]{
		action: "GetRole",
		writes: &c.writes,
		about: func(name string) watched {
			return watched{attributesOf(KindRole, name), holderOf(KindRole, name)}
		},
		single: c.fetchRole,
	}
}

func (c *Client) fetchRole(ctx context.Context, name string) (Role, error) {
	op := call{action: "GetRole", needs: []entity{role(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Role, error) {
		out, err := c.ram().GetRoleWithContext(ctx, &ram.GetRoleRequest{RoleName: tea.String(name)}, c.runtime)
		if err != nil {
			return Role{}, err
		}
		return converted(out.Body.Role, func(r *ram.GetRoleResponseBodyRole) Role {
			found := wholeRoleFromAPI(r)
			found.UpdateDate = tea.StringValue(r.UpdateDate)
			return found
		})
	})
}

// CreateRole makes the role; a session duration of 0 leaves it to the service.
// ID, ARN and CreateDate of the argument are ignored.
func (c *Client) CreateRole(ctx context.Context, r Role) (Role, error) {
	create := func() (Role, error) { return c.createRole(ctx, r) }
	things := allOf(KindRole, r.Name)
	created, err := writing(&c.writes, things, create, func(created Role, at uint64) {
		c.keepRole(created, r.Description == "", at)
		c.roleTags.put(created.Name, tagged{created.Name, r.Tags}, at)
	})
	if err == nil {
		c.ledger.made(role(r.Name))
	}
	return created, err
}

// keepRole keeps the answer to a write if it is whole: no role is without a
// trust policy and a session duration, but one may have no description.
func (c *Client) keepRole(r Role, undescribed bool, at uint64) {
	if r.AssumeRolePolicyDocument != "" && r.MaxSessionDuration != 0 && (undescribed || r.shows != 0) {
		c.roles.put(r.Name, r, at)
	}
}

func (c *Client) createRole(ctx context.Context, r Role) (Role, error) {
	request := &ram.CreateRoleRequest{
		RoleName:                 tea.String(r.Name),
		AssumeRolePolicyDocument: tea.String(r.AssumeRolePolicyDocument),
		Description:              optional(r.Description),
		MaxSessionDuration:       optionalNumber(r.MaxSessionDuration),
	}
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		request.Tag = append(request.Tag, &ram.CreateRoleRequestTag{Key: tea.String(key), Value: tea.String(r.Tags[key])})
	}
	return createOnce(ctx, c, call{action: "CreateRole", trusts: trusted(r.AssumeRolePolicyDocument)},
		func(ctx context.Context) (Role, error) {
			out, err := c.ram().CreateRoleWithContext(ctx, request, c.runtime)
			if err != nil {
				return Role{}, err
			}
			return converted(out.Body.Role, wholeRoleFromAPI)
		},
		func(ctx context.Context, began time.Time) (Role, bool, error) {
			found, err := c.fetchRole(ctx, r.Name)
			same := policydoc.Equal(found.AssumeRolePolicyDocument, r.AssumeRolePolicyDocument) && found.Description == r.Description &&
				(r.MaxSessionDuration == 0 || found.MaxSessionDuration == r.MaxSessionDuration)
			return found, same && c.madeSince(found.CreateDate, began), err
		})
}

// UpdateRole changes the role and gives it as it is afterwards.
func (c *Client) UpdateRole(ctx context.Context, name string, change RoleUpdate) (Role, error) {
	update := func() (Role, error) { return c.updateRole(ctx, name, change) }
	return writing(&c.writes, []entity{attributesOf(KindRole, name)}, update, func(updated Role, at uint64) {
		c.keepRole(updated, false, at)
	})
}

func (c *Client) updateRole(ctx context.Context, name string, change RoleUpdate) (Role, error) {
	op := call{
		action: "UpdateRole", access: write,
		needs: []entity{role(name)}, trusts: trusted(tea.StringValue(change.AssumeRolePolicyDocument)),
	}
	return clearing(change.Description, func(description *string) (Role, string, error) {
		r, err := do(ctx, c, op, func(ctx context.Context) (Role, error) {
			out, err := c.ram().UpdateRoleWithContext(ctx, &ram.UpdateRoleRequest{
				RoleName:                    tea.String(name),
				NewDescription:              description,
				NewAssumeRolePolicyDocument: change.AssumeRolePolicyDocument,
				NewMaxSessionDuration:       tea.Int64(change.MaxSessionDuration),
			}, c.runtime)
			if err != nil {
				return Role{}, err
			}
			return converted(out.Body.Role, wholeRoleFromAPI)
		})
		return r, r.Description, err
	})
}

// DeleteRole deletes the role. The error is IsDeleteConflict while policies
// are attached to it.
func (c *Client) DeleteRole(ctx context.Context, name string) error {
	op := call{action: "DeleteRole", ends: true, frees: role(name)}
	things := allOf(KindRole, name)
	err := change(ctx, c, op, things, func(ctx context.Context) error {
		_, err := c.ram().DeleteRoleWithContext(ctx, &ram.DeleteRoleRequest{RoleName: tea.String(name)}, c.runtime)
		return err
	}, func(at uint64) { c.roles.putGone(name, notFound(KindRole, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(role(name))
	}
	return err
}

// Roles yields every role of the account with its tags, but without its trust
// policy, fetching pages of 1,000 as they are needed.
func (c *Client) Roles(ctx context.Context) iter.Seq2[Role, error] {
	return pages(func(marker *string) ([]Role, *string, error) {
		at := c.writes.now()
		roles, next, err := c.rolePage(ctx, marker)
		c.roleTags.putListed(tagsOfRoles(roles), at)
		return roles, next, err
	})
}

// AllRoles gives every role of the account, as Roles does, by name.
func (c *Client) AllRoles(ctx context.Context) ([]Role, error) {
	return settled(ctx, c.freshNames(KindRole), collected(c.Roles(ctx)), func(r Role) string { return r.Name })
}

func (c *Client) rolePage(ctx context.Context, marker *string) ([]Role, *string, error) {
	out, err := do(ctx, c, call{action: "ListRoles"}, func(ctx context.Context) (*ram.ListRolesResponse, error) {
		return c.ram().ListRolesWithContext(ctx, &ram.ListRolesRequest{Marker: marker, MaxItems: tea.Int32(1000)}, c.runtime)
	})
	if err != nil {
		return nil, nil, err
	}
	roles := listed(out.Body.Roles, (*ram.ListRolesResponseBodyRoles).GetRole)
	return convertAll(roles, func(r *ram.ListRolesResponseBodyRolesRole) Role {
		found := roleFromAPI(r)
		found.UpdateDate = tea.StringValue(r.UpdateDate)
		found.Tags = tagMap(listed(r.Tags, (*ram.ListRolesResponseBodyRolesRoleTags).GetTag))
		return found
	}), out.Body.Marker, nil
}

func (c *Client) newRoleTags() *tagTable {
	return c.newTagTable(KindRole, func(ctx context.Context, marker *string) ([]tagged, *string, error) {
		roles, next, err := c.rolePage(ctx, marker)
		return tagsOfRoles(roles), next, err
	})
}

func tagsOfRoles(roles []Role) []tagged {
	return convertAll(roles, func(r Role) tagged { return tagged{r.Name, r.Tags} })
}

// sdkRole is what the SDK's several role types have in common.
type sdkRole interface {
	GetRoleId() *string
	GetRoleName() *string
	GetArn() *string
	GetDescription() *string
	GetMaxSessionDuration() *int64
	GetCreateDate() *string
}

// trustedRole is a role with its trust policy, as all but lists have it.
type trustedRole interface {
	sdkRole
	GetAssumeRolePolicyDocument() *string
}

func wholeRoleFromAPI[T trustedRole](r T) Role {
	found := roleFromAPI(r)
	found.AssumeRolePolicyDocument = tea.StringValue(r.GetAssumeRolePolicyDocument())
	return found
}

func roleFromAPI(r sdkRole) Role {
	return Role{
		ID:                 tea.StringValue(r.GetRoleId()),
		Name:               tea.StringValue(r.GetRoleName()),
		ARN:                tea.StringValue(r.GetArn()),
		Description:        clearedText(r.GetDescription()),
		MaxSessionDuration: tea.Int64Value(r.GetMaxSessionDuration()),
		CreateDate:         tea.StringValue(r.GetCreateDate()),
		shows:              shown(r.GetDescription()),
	}
}

func role(name string) entity { return entity{string(KindRole), name} }

var (
	principalARN = regexp.MustCompile(`acs:ram::\d*:(user|role|saml-provider|oidc-provider)/([\w.@-]+)`)
	arnKinds     = map[string]Kind{"user": KindUser, "role": KindRole, "saml-provider": KindSAMLProvider, "oidc-provider": KindOIDCProvider}
)

// trusted gives the users, roles and identity providers that a trust policy
// names. Those of other accounts are among them: this process has made none.
func trusted(document string) []entity {
	return convertAll(principalARN.FindAllStringSubmatch(document, -1), func(arn []string) entity {
		return entity{string(arnKinds[arn[1]]), arn[2]}
	})
}
