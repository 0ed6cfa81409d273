package ramapi

import (
	"context"
	"sync"
)

// UserDependents is what hangs on a user and is lost with it.
type UserDependents struct {
	AccessKeys   []AccessKey
	LoginProfile bool
	MFADevice    string // serial number, empty for none
	Groups       []string
	Policies     []AttachedPolicy
}

// UserDependents gives what hangs on the user now, asking for all of it at the
// same time. The error is IsNotFound where the user is missing.
func (c *Client) UserDependents(ctx context.Context, userName string) (UserDependents, error) {
	var d UserDependents
	var errs [5]error
	var looks sync.WaitGroup
	looks.Go(func() { d.AccessKeys, errs[0] = c.AccessKeys(ctx, userName) })
	looks.Go(func() { d.Groups, errs[1] = c.GroupsForUser(ctx, userName) })
	looks.Go(func() { d.Policies, errs[2] = c.AttachedPolicies(ctx, Principal{Kind: KindUser, Name: userName}) })
	looks.Go(func() { d.MFADevice, errs[3] = c.MFADevice(ctx, userName) })
	looks.Go(func() {
		_, err := c.fetchLoginProfile(ctx, userName)
		d.LoginProfile = err == nil
		if !IsNotFound(err) || isMissing(err, string(KindUser)) {
			errs[4] = err
		}
	})
	looks.Wait()
	for _, err := range errs {
		if err != nil {
			return d, err
		}
	}
	return d, nil
}

// RemainingUserDependents is UserDependents after this process may have removed
// some of them: it waits for the service to notice.
func (c *Client) RemainingUserDependents(ctx context.Context, userName string) (UserDependents, error) {
	for attempt := 0; ; attempt++ {
		d, err := c.UserDependents(ctx, userName)
		if err != nil || d.none() || !c.ledger.wasRelieved(user(userName)) || pause(ctx, min(attempt, 3)) != nil {
			return d, err
		}
	}
}

func (d UserDependents) none() bool {
	return len(d.AccessKeys) == 0 && !d.LoginProfile && d.MFADevice == "" && len(d.Groups) == 0 && len(d.Policies) == 0
}

// RemoveUserDependents takes away what hangs on the user, the credentials
// first. What is gone already is fine.
func (c *Client) RemoveUserDependents(ctx context.Context, userName string, d UserDependents) error {
	for _, key := range d.AccessKeys {
		if err := ignoreNotFound(c.DeleteAccessKey(ctx, userName, key.ID)); err != nil {
			return err
		}
	}
	if d.LoginProfile {
		if err := ignoreNotFound(c.DeleteLoginProfile(ctx, userName)); err != nil {
			return err
		}
	}
	for _, p := range d.Policies {
		if err := ignoreNotFound(c.DetachPolicy(ctx, p.Name, p.Type, Principal{Kind: KindUser, Name: userName})); err != nil {
			return err
		}
	}
	for _, g := range d.Groups {
		if err := ignoreNotFound(c.RemoveUserFromGroup(ctx, userName, g)); err != nil {
			return err
		}
	}
	if d.MFADevice != "" {
		return c.RemoveMFADevice(ctx, userName, d.MFADevice)
	}
	return nil
}

func ignoreNotFound(err error) error {
	if IsNotFound(err) {
		return nil
	}
	return err
}
