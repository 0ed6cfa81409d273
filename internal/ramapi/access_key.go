package ramapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// AccessKey is a lasting credential of a user. The secret is known only in the
// answer to its creation.
type AccessKey struct {
	ID         string
	Secret     string
	Status     string // Active or Inactive
	CreateDate string
}

// AccessKeys gives the user's keys, at most two. The error is IsNotFound where
// the user is missing.
func (c *Client) AccessKeys(ctx context.Context, userName string) ([]AccessKey, error) {
	op := call{action: "ListAccessKeys", needs: []entity{user(userName)}}
	return do(ctx, c, op, func(ctx context.Context) ([]AccessKey, error) { return c.listAccessKeys(ctx, userName) })
}

// AccessKey gives one of the user's keys. The error is IsNotFound where the
// user or the key is missing.
func (c *Client) AccessKey(ctx context.Context, userName, id string) (AccessKey, error) {
	op := call{action: "ListAccessKeys", needs: []entity{user(userName), accessKey(id)}}
	return do(ctx, c, op, func(ctx context.Context) (AccessKey, error) {
		keys, err := c.listAccessKeys(ctx, userName)
		if err != nil {
			return AccessKey{}, err
		}
		for _, k := range keys {
			if k.ID == id {
				return k, nil
			}
		}
		return AccessKey{}, notFound(KindAccessKey, id)
	})
}

func (c *Client) listAccessKeys(ctx context.Context, userName string) ([]AccessKey, error) {
	out, err := c.ram().ListAccessKeysWithContext(ctx, &ram.ListAccessKeysRequest{UserName: tea.String(userName)}, c.runtime)
	if err != nil {
		return nil, err
	}
	return convertAll(listed(out.Body.AccessKeys, (*ram.ListAccessKeysResponseBodyAccessKeys).GetAccessKey), accessKeyFromAPI), nil
}

// CreateAccessKey makes a key for the user and gives it with its secret.
//
// When the answer is lost the secret is lost for good. The key that appeared
// since the call began is then deleted and another one made; where several
// appeared nothing is deleted, and the error names them. Keys of one user are
// made one after the other, so that none of ours is taken for a lost one.
func (c *Client) CreateAccessKey(ctx context.Context, userName string) (AccessKey, error) {
	unlock, err := c.keyMaking.lock(ctx, userName)
	if err != nil {
		return AccessKey{}, err
	}
	defer unlock()
	op := call{action: "CreateAccessKey", access: create, needs: []entity{user(userName)}}
	began := time.Now()
	for attempt := 0; ; attempt++ {
		key, err := do(ctx, c, op, func(ctx context.Context) (AccessKey, error) {
			out, err := c.ram().CreateAccessKeyWithContext(ctx, &ram.CreateAccessKeyRequest{UserName: tea.String(userName)}, c.runtime)
			if err != nil {
				return AccessKey{}, err
			}
			return converted(out.Body.AccessKey, newAccessKeyFromAPI)
		})
		if err == nil {
			c.ledger.wrote(accessKey(key.ID), "")
			return key, nil
		}
		if !IsLost(err) {
			return key, err
		}
		if discardErr := c.discardLostKey(ctx, userName, began); discardErr != nil {
			return key, secretLost(err, discardErr)
		}
		if attempt >= c.maxRetries || pause(ctx, attempt) != nil {
			return key, err
		}
	}
}

// secretLost gives the error of a creation whose key could not be found and deleted.
func secretLost(lost, why error) error {
	failure := &Error{Action: "CreateAccessKey"}
	errors.As(lost, &failure)
	out := *failure
	out.Message += "; the user may have a key now whose secret nobody knows: " + why.Error()
	return &out
}

// discardLostKey deletes the key that a creation whose answer was lost has made.
func (c *Client) discardLostKey(ctx context.Context, userName string, began time.Time) error {
	keys, err := c.AccessKeys(ctx, userName)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(keys, func(k AccessKey) bool {
		return !c.madeSince(k.CreateDate, began) || c.ledger.isFresh(accessKey(k.ID), c.serverTime())
	})
	if len(keys) > 1 {
		ids := make([]string, len(keys))
		for i, k := range keys {
			ids[i] = k.ID
		}
		return fmt.Errorf("its keys %s are all new, so none was deleted; delete the one that nobody uses, then apply again", strings.Join(ids, " and "))
	}
	for _, k := range keys {
		if err := ignoreNotFound(c.DeleteAccessKey(ctx, userName, k.ID)); err != nil {
			return err
		}
	}
	return nil
}

// SetAccessKeyStatus makes the key Active or Inactive.
func (c *Client) SetAccessKeyStatus(ctx context.Context, userName, id, status string) error {
	op := call{action: "UpdateAccessKey", access: write, needs: []entity{user(userName), accessKey(id)}}
	_, err := do(ctx, c, op, func(ctx context.Context) (*ram.UpdateAccessKeyResponse, error) {
		return c.ram().UpdateAccessKeyWithContext(ctx, &ram.UpdateAccessKeyRequest{
			UserName: tea.String(userName), UserAccessKeyId: tea.String(id), Status: tea.String(status),
		}, c.runtime)
	})
	return err
}

// DeleteAccessKey deletes the key, active or not.
func (c *Client) DeleteAccessKey(ctx context.Context, userName, id string) error {
	_, err := do(ctx, c, call{action: "DeleteAccessKey", access: write}, func(ctx context.Context) (*ram.DeleteAccessKeyResponse, error) {
		return c.ram().DeleteAccessKeyWithContext(ctx, &ram.DeleteAccessKeyRequest{
			UserName: tea.String(userName), UserAccessKeyId: tea.String(id),
		}, c.runtime)
	})
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(accessKey(id))
		c.ledger.relieved(user(userName))
	}
	return err
}

func newAccessKeyFromAPI(k *ram.CreateAccessKeyResponseBodyAccessKey) AccessKey {
	key := accessKeyFromAPI(k)
	key.Secret = tea.StringValue(k.AccessKeySecret)
	return key
}

// sdkAccessKey is what the SDK's several key types have in common.
type sdkAccessKey interface {
	GetAccessKeyId() *string
	GetStatus() *string
	GetCreateDate() *string
}

func accessKeyFromAPI[T sdkAccessKey](k T) AccessKey {
	return AccessKey{
		ID:         tea.StringValue(k.GetAccessKeyId()),
		Status:     tea.StringValue(k.GetStatus()),
		CreateDate: tea.StringValue(k.GetCreateDate()),
	}
}

func accessKey(id string) entity { return entity{string(KindAccessKey), id} }
