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

// AccessKeys gives the user's keys as the service lists them now, at most two.
// The error is IsNotFound where the user is missing.
func (c *Client) AccessKeys(ctx context.Context, userName string) ([]AccessKey, error) {
	op := call{action: "ListAccessKeys", needs: []entity{user(userName)}}
	return do(ctx, c, op, func(ctx context.Context) ([]AccessKey, error) { return c.listAccessKeys(ctx, userName) })
}

// ReadAccessKeys is AccessKeys from what is known while this process has changed
// nothing, and answers AccessKey from then on.
func (c *Client) ReadAccessKeys(ctx context.Context, userName string) ([]AccessKey, error) {
	return c.keysOf.current(ctx, userName)
}

// AccessKey gives one of the user's keys. The error is IsNotFound where the
// user or the key is missing.
func (c *Client) AccessKey(ctx context.Context, userName, id string) (AccessKey, error) {
	return c.accessKeys.get(ctx, keyOf(userName, id), 0)
}

// HasActiveAccessKey reports whether the user has an active key, by a read that
// it shares with AccessKey. The error is IsNotFound where the user is missing.
func (c *Client) HasActiveAccessKey(ctx context.Context, userName string) (bool, error) {
	keys, err := c.keysOf.ask(ctx, userName, watched{holderOf(KindUser, userName)})
	return slices.ContainsFunc(keys, func(k AccessKey) bool {
		key := keyOf(userName, k.ID)
		if now, known := c.accessKeys.known(key, c.accessKeys.about(key)); known { // this process may have changed it since
			k = now
		}
		return k.Status == "Active" && !c.accessKeys.isGone(key)
	}), err
}

// keyOf is what an access key is known by.
func keyOf(userName, id string) string { return userName + "/" + id }

func parseKeyOf(key string) (userName, id string) {
	userName, id, _ = strings.Cut(key, "/")
	return userName, id
}

func (c *Client) newAccessKeyTable() *table[AccessKey] {
	t := &table[AccessKey]{action: "ListAccessKeys", writes: &c.writes}
	t.about = func(key string) watched {
		userName, id := parseKeyOf(key)
		return watched{attributesOf(KindAccessKey, id), holderOf(KindUser, userName)}
	}
	t.single = func(ctx context.Context, key string) (AccessKey, error) {
		userName, id := parseKeyOf(key)
		keys, known := c.keysOf.known(userName, t.about(key))
		if !known {
			var err error
			if keys, err = c.keysOf.ask(ctx, userName, t.about(key)); err != nil {
				return AccessKey{}, err
			}
		}
		if i := slices.IndexFunc(keys, func(k AccessKey) bool { return k.ID == id }); i >= 0 {
			return keys[i], nil
		}
		return c.fetchAccessKey(ctx, userName, id)
	}
	return t
}

// newKeysOfTable keeps the keys of each user, so that one call answers for all
// of them. It is asked about single keys, by newAccessKeyTable.
func (c *Client) newKeysOfTable() *table[[]AccessKey] {
	return &table[[]AccessKey]{
		action: "ListAccessKeys",
		writes: &c.writes,
		about:  anything,
		single: c.AccessKeys,
	}
}

// fetchAccessKey asks for one key, waiting for one that is new.
func (c *Client) fetchAccessKey(ctx context.Context, userName, id string) (AccessKey, error) {
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

// CreatedAccessKey is a new key with its secret.
type CreatedAccessKey struct {
	AccessKey

	// Others are the user's other keys, as far as this process has not made
	// them, or the user, itself: one of them may be of a run that was killed
	// before it could keep the secret.
	Others []AccessKey
}

// CreateAccessKey makes a key for the user.
//
// When the answer is lost the secret is lost for good. The key that appeared
// since the call began is then deactivated, deleted and another one made; where
// it is not certain which key that is nothing is deleted, and the error names
// the candidates. Keys of one user are made one after the other, so that none
// of ours is taken for a lost one.
func (c *Client) CreateAccessKey(ctx context.Context, userName string) (CreatedAccessKey, error) {
	unlock, err := c.keyMaking.lock(ctx, user(userName).written().name)
	if err != nil {
		return CreatedAccessKey{}, err
	}
	defer unlock()
	var others []AccessKey
	// Nobody else has had the time to give a user of this run a key.
	if !c.ledger.hasMade(user(userName)) {
		if others, err = c.AccessKeys(ctx, userName); err != nil {
			return CreatedAccessKey{}, err
		}
	}
	key, others, err := c.createAccessKey(ctx, userName, others)
	if err != nil {
		return CreatedAccessKey{}, err
	}
	c.ledger.made(accessKey(key.ID))
	others = slices.DeleteFunc(others, func(k AccessKey) bool { return c.ledger.hasMade(accessKey(k.ID)) })
	return CreatedAccessKey{key, others}, nil
}

// createAccessKey makes a key until the secret of one is known. It takes and
// gives the user's other keys.
func (c *Client) createAccessKey(ctx context.Context, userName string, others []AccessKey) (AccessKey, []AccessKey, error) {
	var lost *lostKey
	for attempt := 0; ; attempt++ {
		key, sent, err := c.sendCreateAccessKey(ctx, userName)
		switch {
		case err == nil && lost == nil:
			return key, others, nil
		case err == nil:
			// A lost key may have shown only now. If it cannot be deleted it is
			// among the others, for the caller to name.
			lost.before = append(lost.before, key)
			_, _ = c.discard(ctx, lost)
			if now, err := c.AccessKeys(ctx, userName); err == nil {
				others = slices.DeleteFunc(now, func(k AccessKey) bool {
					return k.ID == key.ID || c.hasDeletedKey(userName, k)
				})
			}
			return key, others, nil
		case lost == nil && !IsLost(err):
			return key, nil, namingKeys(err, others)
		case lost != nil && !IsLost(err) && !isKeyLimit(err):
			return key, nil, secretLost(err, noneShown)
		case lost == nil:
			lost = &lostKey{userName: userName, before: slices.Clone(others), began: sent, refused: true}
		}
		if IsLost(err) {
			lost.refused = lost.refused && hasCode(err)
		}
		deleted, discardErr := c.discard(ctx, lost)
		if discardErr != nil {
			return key, nil, secretLost(err, "it may have made a key whose secret nobody knows: "+discardErr.Error())
		}
		if attempt >= c.maxRetries || pause(ctx, attempt) != nil {
			fate := noneShown
			if deleted != "" {
				fate = fmt.Sprintf("the key that it made, %s, was deleted, since nobody knows its secret; apply again", deleted)
			}
			return key, nil, secretLost(err, fate)
		}
	}
}

// lostKey is a key that a creation without an answer may have made.
type lostKey struct {
	userName string
	before   []AccessKey // what the user had
	began    time.Time   // when the creation did
	refused  bool        // the service gave a reason, so that most likely nothing was made
}

func hasCode(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code != ""
}

// sendCreateAccessKey gives the key, and when the last attempt to make it began.
func (c *Client) sendCreateAccessKey(ctx context.Context, userName string) (key AccessKey, sent time.Time, err error) {
	op := call{action: "CreateAccessKey", access: create, needs: []entity{user(userName)}, sent: &sent}
	send := func() (AccessKey, error) {
		return do(ctx, c, op, func(ctx context.Context) (AccessKey, error) {
			out, err := c.ram().CreateAccessKeyWithContext(ctx, &ram.CreateAccessKeyRequest{UserName: tea.String(userName)}, c.runtime)
			if err != nil {
				return AccessKey{}, err
			}
			key, err := converted(out.Body.AccessKey, newAccessKeyFromAPI)
			if err == nil && (key.ID == "" || key.Secret == "") {
				err = errIncomplete
			}
			return key, err
		})
	}
	key, err = writing(&c.writes, nil, send, func(key AccessKey, at uint64) {
		key.Secret = ""
		c.accessKeys.put(keyOf(userName, key.ID), key, at)
	})
	return key, sent, err
}

func isKeyLimit(err error) bool { return hasCodePrefix(err, "LimitExceeded.User.AccessKey") }

// namingKeys says which keys the user has where there is no room for another.
func namingKeys(err error, keys []AccessKey) error {
	var e *Error
	if !isKeyLimit(err) || len(keys) == 0 || !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Message = strings.TrimSuffix(e.Message, ".") + "; the user has " + describeKeys(keys)
	return &out
}

func describeKeys(keys []AccessKey) string {
	var all []string
	for _, k := range keys {
		all = append(all, k.String())
	}
	return strings.Join(all, " and ")
}

// String names the key without its secret.
func (k AccessKey) String() string {
	return fmt.Sprintf("%s (%s, made %s)", k.ID, k.Status, k.CreateDate)
}

// secretLost gives the error of a creation that may have made a key or a device
// whose secret nobody knows, with what became of that.
func secretLost(err error, fate string) error {
	failure := &Error{Action: "CreateAccessKey"}
	errors.As(err, &failure)
	out := *failure
	out.Lost = false // no plan will show it
	out.Message = strings.TrimSuffix(failure.Message, ".") + "; " + fate
	return &out
}

const noneShown = "an attempt whose answer was lost may have made a key whose secret nobody knows, but none has shown; look at the user's keys before you apply again"

// discard deletes the key that a creation whose answer was lost has made, once it
// shows, and gives its id; empty where none has shown after a while. It is the
// one that the user did not have before, that was made since then, and that
// nobody has used. The error names keys of which none was deleted, for it is not
// certain that this process made one.
func (c *Client) discard(ctx context.Context, lost *lostKey) (id string, err error) {
	var candidates []AccessKey
	deadline := time.Now()
	if !lost.refused {
		deadline = deadline.Add(settlesIn)
	}
	for attempt := 0; ; attempt++ {
		keys, err := c.AccessKeys(ctx, lost.userName)
		if err != nil {
			return "", err
		}
		candidates = slices.DeleteFunc(keys, func(k AccessKey) bool {
			had := slices.ContainsFunc(lost.before, func(b AccessKey) bool { return b.ID == k.ID })
			return had || !c.madeSince(k.CreateDate, lost.began) || c.ledger.hasMade(accessKey(k.ID)) || c.hasDeletedKey(lost.userName, k)
		})
		if len(candidates) > 0 || !time.Now().Before(deadline) || pause(ctx, min(attempt, 3)) != nil {
			break
		}
	}
	if len(candidates) == 0 {
		return "", ctx.Err()
	}
	key := candidates[0]
	used, err := c.accessKeyUsed(ctx, lost.userName, key.ID)
	if err != nil {
		return "", fmt.Errorf("%s is new since the call began, but whether somebody uses it could not be learned, so it was not deleted (%w)", key, err)
	}
	if used || lost.refused || len(candidates) > 1 {
		return "", fmt.Errorf("new since the call began: %s. It is not certain that Terraform made it, so nothing was deleted; delete the one that nobody uses, then apply again", describeKeys(candidates))
	}
	if err := ignoreNotFound(c.SetAccessKeyStatus(ctx, lost.userName, key.ID, "Inactive")); err != nil {
		return "", err
	}
	return key.ID, ignoreNotFound(c.DeleteAccessKey(ctx, lost.userName, key.ID))
}

// hasDeletedKey reports whether this process deleted the key, which may still be listed.
func (c *Client) hasDeletedKey(userName string, k AccessKey) bool {
	return c.accessKeys.isGone(keyOf(userName, k.ID))
}

// accessKeyUsed reports whether the key has ever been used.
func (c *Client) accessKeyUsed(ctx context.Context, userName, id string) (bool, error) {
	op := call{action: "GetAccessKeyLastUsed", needs: []entity{user(userName), accessKey(id)}}
	return do(ctx, c, op, func(ctx context.Context) (bool, error) {
		out, err := c.ram().GetAccessKeyLastUsedWithContext(ctx, &ram.GetAccessKeyLastUsedRequest{
			UserName: tea.String(userName), UserAccessKeyId: tea.String(id),
		}, c.runtime)
		if err != nil || out.Body.AccessKeyLastUsed == nil {
			return false, err
		}
		// The documentation does not say how an answer shows that there is no date.
		_, err = time.Parse(time.RFC3339, tea.StringValue(out.Body.AccessKeyLastUsed.LastUsedDate))
		return err == nil, nil
	})
}

// SetAccessKeyStatus makes the key Active or Inactive. That of a user who is
// frozen stays Inactive, and is Active once the user is not: see HoldsAccessKey.
func (c *Client) SetAccessKeyStatus(ctx context.Context, userName, id, status string) error {
	_, err := c.underFreeze(ctx, userName, keyAlone(id), status, func(status string) error { return c.writeAccessKeyStatus(ctx, userName, id, status) })
	return err
}

func (c *Client) writeAccessKeyStatus(ctx context.Context, userName, id, status string) error {
	key := keyOf(userName, id)
	before, known := c.accessKeys.known(key, c.accessKeys.about(key))
	op := call{action: "UpdateAccessKey", needs: []entity{user(userName), accessKey(id)}}
	return change(ctx, c, op, []entity{attributesOf(KindAccessKey, id)}, func(ctx context.Context) error {
		_, err := c.ram().UpdateAccessKeyWithContext(ctx, &ram.UpdateAccessKeyRequest{
			UserName: tea.String(userName), UserAccessKeyId: tea.String(id), Status: tea.String(status),
		}, c.runtime)
		return err
	}, func(at uint64) {
		if known {
			before.Status = status
			c.accessKeys.put(key, before, at)
		}
	})
}

// DeleteAccessKey deletes the key, active or not.
func (c *Client) DeleteAccessKey(ctx context.Context, userName, id string) error {
	op := call{action: "DeleteAccessKey", ends: true}
	err := change(ctx, c, op, []entity{attributesOf(KindAccessKey, id)}, func(ctx context.Context) error {
		_, err := c.ram().DeleteAccessKeyWithContext(ctx, &ram.DeleteAccessKeyRequest{
			UserName: tea.String(userName), UserAccessKeyId: tea.String(id),
		}, c.runtime)
		return err
	}, func(at uint64) { c.accessKeys.putGone(keyOf(userName, id), notFound(KindAccessKey, id), at) })
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
