package ramapi

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// UserPrincipalName gives the name that the user logs on with, and that IMS knows
// it by: name@default-domain.
func (c *Client) UserPrincipalName(ctx context.Context, userName string) (string, error) {
	domain, err := c.DefaultDomain(ctx)
	if err != nil {
		return "", fmt.Errorf("learning the account's default domain: %w", err)
	}
	return userName + "@" + domain, nil
}

// byPrincipalName makes a call to IMS that names the user by its principal name.
// That ends in a domain which may have moved since it was asked for, as when
// something else in the same apply sets the account's alias: then IMS knows
// nobody of that name. So before a user is called missing RAM is asked, which
// knows it by the plain name; and where it is there, the domain is asked for
// anew.
func byPrincipalName[T any](ctx context.Context, c *Client, userName string, send func(principalName string) (T, error)) (T, error) {
	principalName, err := c.UserPrincipalName(ctx, userName)
	if err != nil {
		var none T
		return none, err
	}
	out, err := send(principalName)
	for deadline := time.Now().Add(settlesIn); isMissing(err, string(KindUser)) && time.Now().Before(deadline); {
		if _, ramErr := c.userID(ctx, userName); ramErr != nil {
			return out, err
		}
		domain, domainErr := c.defaultDomain.again(ctx, "")
		if domainErr != nil {
			return out, domainErr
		}
		if now := userName + "@" + domain; now != principalName {
			principalName = now
			out, err = send(principalName)
		} else if pause(ctx, 2) != nil {
			break
		}
	}
	return out, err
}

// hasMoved reports whether the principal name is one of a domain that the account
// may not have any more. An empty one has not.
func (c *Client) hasMoved(principalName string) bool {
	if principalName == "" {
		return false
	}
	domain, known := c.defaultDomain.known("", c.defaultDomain.about(""))
	return !known || !strings.HasSuffix(principalName, "@"+domain)
}
