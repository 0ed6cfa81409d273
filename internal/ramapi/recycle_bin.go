package ramapi

import (
	"context"
	"slices"
	"strings"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// RAM keeps deleted users and access keys in recycle bins for 30 days, up to
// 1,000 users of an account and three keys of each user. They count for nothing
// while all goes well. Where RAM refuses something, one of them may be why.

// RecycledUser is a deleted user that can be restored.
type RecycledUser struct {
	ID         string
	DeleteDate string // when it goes for good
}

// RecycledKey is a deleted access key that can be restored.
type RecycledKey struct {
	ID         string
	DeleteDate string // when it goes for good
}

// RecycledUsers gives the users in the recycle bin who had the name, the one
// deleted last first.
func (c *Client) RecycledUsers(ctx context.Context, name string) ([]RecycledUser, error) {
	upn, err := c.UserPrincipalName(ctx, name)
	if err != nil {
		return nil, err
	}
	out, err := do(ctx, c, call{action: "ListUsersInRecycleBin"}, func(ctx context.Context) (*ims.ListUsersInRecycleBinResponse, error) {
		return c.ims().ListUsersInRecycleBinWithContext(ctx, &ims.ListUsersInRecycleBinRequest{Filter: tea.String("UserPrincipalName eq " + upn)}, c.runtime)
	})
	if err != nil {
		return nil, err
	}
	users := listed(out.Body.Users, (*ims.ListUsersInRecycleBinResponseBodyUsers).GetUser)
	users = slices.DeleteFunc(users, func(u *ims.ListUsersInRecycleBinResponseBodyUsersUser) bool {
		return !strings.EqualFold(tea.StringValue(u.UserPrincipalName), upn)
	})
	slices.SortFunc(users, func(a, b *ims.ListUsersInRecycleBinResponseBodyUsersUser) int {
		return strings.Compare(tea.StringValue(b.RecycleDate), tea.StringValue(a.RecycleDate))
	})
	return convertAll(users, func(u *ims.ListUsersInRecycleBinResponseBodyUsersUser) RecycledUser {
		return RecycledUser{ID: tea.StringValue(u.UserId), DeleteDate: tea.StringValue(u.DeleteDate)}
	}), nil
}

// RecycledKeys gives the user's access keys that are in the recycle bin, the one
// deleted first first.
func (c *Client) RecycledKeys(ctx context.Context, userID string) ([]RecycledKey, error) {
	out, err := do(ctx, c, call{action: "ListAccessKeysInRecycleBin"}, func(ctx context.Context) (*ims.ListAccessKeysInRecycleBinResponse, error) {
		return c.ims().ListAccessKeysInRecycleBinWithContext(ctx, &ims.ListAccessKeysInRecycleBinRequest{UserId: tea.String(userID)}, c.runtime)
	})
	if err != nil {
		return nil, err
	}
	keys := listed(out.Body.AccessKeys, (*ims.ListAccessKeysInRecycleBinResponseBodyAccessKeys).GetAccessKey)
	slices.SortFunc(keys, func(a, b *ims.ListAccessKeysInRecycleBinResponseBodyAccessKeysAccessKey) int {
		return strings.Compare(tea.StringValue(a.RecycleDate), tea.StringValue(b.RecycleDate))
	})
	return convertAll(keys, func(k *ims.ListAccessKeysInRecycleBinResponseBodyAccessKeysAccessKey) RecycledKey {
		return RecycledKey{ID: tea.StringValue(k.AccessKeyId), DeleteDate: tea.StringValue(k.DeleteDate)}
	}), nil
}
