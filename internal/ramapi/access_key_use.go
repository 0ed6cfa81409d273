package ramapi

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// AccessKeyUse is an access key of a user with its last use.
type AccessKeyUse struct {
	AccessKey

	UserName        string
	LastUsedDate    string // empty where it has never been used
	LastUsedService string // empty where it has never been used
}

// AccessKeyUses gives the user's keys with their last use, the oldest key first.
// It asks once for the keys and once for each of them. The error is IsNotFound
// where the user is missing.
func (c *Client) AccessKeyUses(ctx context.Context, userName string) ([]AccessKeyUse, error) {
	keys, err := c.AccessKeys(ctx, userName)
	if err != nil {
		return nil, err
	}
	uses := make([]AccessKeyUse, 0, len(keys))
	for _, key := range keys {
		use, err := c.accessKeyUse(ctx, userName, key)
		if IsNotFound(err) {
			continue // it was deleted in the meantime
		}
		if err != nil {
			return nil, err
		}
		uses = append(uses, use)
	}
	sortAccessKeyUses(uses)
	return uses, nil
}

// AllAccessKeyUses is AccessKeyUses for every user of the account, by name. It
// asks once for each user, as many at a time as the client's pace allows.
func (c *Client) AllAccessKeyUses(ctx context.Context) ([]AccessKeyUse, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var all []AccessKeyUse
	var asking sync.WaitGroup
	for u, err := range c.Users(ctx) {
		if err != nil {
			cancel(err)
			break
		}
		asking.Go(func() {
			uses, err := c.AccessKeyUses(ctx, u.Name)
			if err != nil && !IsNotFound(err) { // who was deleted in the meantime has none
				cancel(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, uses...)
		})
	}
	asking.Wait()
	sortAccessKeyUses(all)
	return all, context.Cause(ctx)
}

func sortAccessKeyUses(uses []AccessKeyUse) {
	slices.SortFunc(uses, func(a, b AccessKeyUse) int {
		return cmp.Or(strings.Compare(a.UserName, b.UserName), strings.Compare(a.CreateDate, b.CreateDate), strings.Compare(a.ID, b.ID))
	})
}

// accessKeyUse asks IMS, which unlike RAM says for which service a key was used.
func (c *Client) accessKeyUse(ctx context.Context, userName string, key AccessKey) (AccessKeyUse, error) {
	return byPrincipalName(ctx, c, userName, func(upn string) (AccessKeyUse, error) {
		return c.sendGetAccessKeyLastUsed(ctx, userName, upn, key)
	})
}

func (c *Client) sendGetAccessKeyLastUsed(ctx context.Context, userName, upn string, key AccessKey) (AccessKeyUse, error) {
	op := call{action: "GetAccessKeyLastUsed", needs: []entity{user(userName), accessKey(key.ID)}, upn: upn}
	return do(ctx, c, op, func(ctx context.Context) (AccessKeyUse, error) {
		out, err := c.ims().GetAccessKeyLastUsedWithContext(ctx, &ims.GetAccessKeyLastUsedRequest{
			UserPrincipalName: tea.String(upn), UserAccessKeyId: tea.String(key.ID),
		}, c.runtime)
		if err != nil {
			return AccessKeyUse{}, err
		}
		use := AccessKeyUse{AccessKey: key, UserName: userName}
		if last := out.Body.AccessKeyLastUsed; last != nil {
			use.LastUsedDate, use.LastUsedService = applicable(tea.StringValue(last.LastUsedDate)), applicable(tea.StringValue(last.ServiceName))
		}
		return use, nil
	})
}

// applicable gives a text, empty where it only says that there is none.
func applicable(text string) string {
	if text == "-" || strings.EqualFold(text, "N/A") {
		return ""
	}
	return text
}
