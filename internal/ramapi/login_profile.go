package ramapi

import (
	"cmp"
	"context"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// LoginProfile is a user's access to the console.
type LoginProfile struct {
	UserName              string
	PasswordResetRequired bool
	MFABindRequired       bool
	Status                string // Active or Inactive
	PasswordStatus        string // NotInitial, InitialValid or InitialExpired
	UpdateDate            string

	Held bool // off for a freeze alone; in the answer to a write, otherwise see HoldsLogin
}

// LoginProfileInput makes or changes a login profile. RAM's documentation does
// not say what an update without the flags means, so all are always sent; an
// empty password or status is not.
type LoginProfileInput struct {
	Password              string
	PasswordResetRequired bool
	MFABindRequired       bool
	Status                string
}

// LoginProfile gives the user's login profile, by one call to IMS, since RAM's
// own answer lacks the status. The error is IsNotFound where the user or the
// profile is missing.
func (c *Client) LoginProfile(ctx context.Context, userName string) (LoginProfile, error) {
	return c.loginProfiles.get(ctx, userName, 0)
}

// newLoginProfileTable has no list: RAM and IMS have none.
func (c *Client) newLoginProfileTable() *table[LoginProfile] {
	return &table[LoginProfile]{
		action: "GetLoginProfile",
		writes: &c.writes,
		about: func(userName string) watched {
			// The account may require MFA of everybody.
			return watched{attributesOf(KindLoginProfile, userName), holderOf(KindUser, userName), c.securityPreference.entity()}
		},
		single: c.fetchLoginProfile,
	}
}

func (c *Client) fetchLoginProfile(ctx context.Context, userName string) (LoginProfile, error) {
	return byPrincipalName(ctx, c, userName, func(upn string) (LoginProfile, error) {
		return c.sendGetLoginProfile(ctx, userName, upn)
	})
}

func (c *Client) sendGetLoginProfile(ctx context.Context, userName, upn string) (LoginProfile, error) {
	op := call{action: "GetLoginProfile", needs: []entity{user(userName), loginProfile(userName)}, upn: upn}
	return do(ctx, c, op, func(ctx context.Context) (LoginProfile, error) {
		out, err := c.ims().GetLoginProfileWithContext(ctx, &ims.GetLoginProfileRequest{UserPrincipalName: tea.String(upn)}, c.runtime)
		if err != nil {
			return LoginProfile{}, err
		}
		return converted(out.Body.LoginProfile, loginProfileFromAPI)
	})
}

// CreateLoginProfile gives the user access to the console. That of a user who is
// frozen is Inactive until the user is not: see HoldsLogin.
func (c *Client) CreateLoginProfile(ctx context.Context, userName string, in LoginProfileInput) (LoginProfile, error) {
	var p LoginProfile
	held, err := c.underFreeze(ctx, userName, Freeze{Login: true}, cmp.Or(in.Status, Active), func(status string) (err error) {
		if status == Inactive {
			in.Status = status
		}
		p, err = c.makeLoginProfile(ctx, userName, in)
		return err
	})
	p.Held = held
	return p, err
}

func (c *Client) makeLoginProfile(ctx context.Context, userName string, in LoginProfileInput) (LoginProfile, error) {
	create := func() (LoginProfile, error) {
		return byPrincipalName(ctx, c, userName, func(upn string) (LoginProfile, error) { return c.createLoginProfile(ctx, userName, upn, in) })
	}
	p, err := writing(&c.writes, []entity{attributesOf(KindLoginProfile, userName)}, create, func(p LoginProfile, at uint64) {
		c.keepLoginProfile(userName, p, at)
	})
	if err == nil {
		c.ledger.made(loginProfile(userName))
	}
	return p, err
}

func (c *Client) createLoginProfile(ctx context.Context, userName, upn string, in LoginProfileInput) (LoginProfile, error) {
	op := call{action: "CreateLoginProfile", needs: []entity{user(userName)}, secrets: []string{in.Password}, upn: upn}
	return createOnce(ctx, c, op,
		func(ctx context.Context) (LoginProfile, error) {
			out, err := c.ims().CreateLoginProfileWithContext(ctx, &ims.CreateLoginProfileRequest{
				UserPrincipalName:     tea.String(upn),
				Password:              optional(in.Password),
				PasswordResetRequired: tea.Bool(in.PasswordResetRequired),
				MFABindRequired:       tea.Bool(in.MFABindRequired),
				Status:                optional(in.Status),
			}, c.runtime)
			if err != nil {
				return LoginProfile{}, err
			}
			return converted(out.Body.LoginProfile, loginProfileFromAPI)
		},
		func(ctx context.Context, began time.Time) (LoginProfile, bool, error) {
			found, err := c.fetchLoginProfile(ctx, userName)
			// The account may overrule what was asked for about MFA.
			same := found.PasswordResetRequired == in.PasswordResetRequired && (in.Status == "" || found.Status == in.Status)
			ours := err == nil && same && c.madeSince(found.UpdateDate, began)
			if ours && in.Password != "" {
				// The profile does not show whose password it has: whoever else may have made
				// it at that moment, it is to be the one that the caller takes it for.
				found, err = c.updateLoginProfile(ctx, userName, upn, in)
			}
			return found, ours, err
		})
}

// UpdateLoginProfile changes the user's login profile and gives it as it is
// afterwards. That of a user who is frozen stays Inactive until the user is not:
// see HoldsLogin.
func (c *Client) UpdateLoginProfile(ctx context.Context, userName string, in LoginProfileInput) (LoginProfile, error) {
	var p LoginProfile
	held, err := c.underFreeze(ctx, userName, Freeze{Login: true}, in.Status, func(status string) (err error) {
		in.Status = status
		p, err = c.writeLoginProfile(ctx, userName, in)
		return err
	})
	p.Held = held
	return p, err
}

func (c *Client) writeLoginProfile(ctx context.Context, userName string, in LoginProfileInput) (LoginProfile, error) {
	update := func() (LoginProfile, error) {
		return byPrincipalName(ctx, c, userName, func(upn string) (LoginProfile, error) { return c.updateLoginProfile(ctx, userName, upn, in) })
	}
	return writing(&c.writes, []entity{attributesOf(KindLoginProfile, userName)}, update, func(p LoginProfile, at uint64) {
		c.keepLoginProfile(userName, p, at)
	})
}

func (c *Client) updateLoginProfile(ctx context.Context, userName, upn string, in LoginProfileInput) (LoginProfile, error) {
	op := call{action: "UpdateLoginProfile", access: write, needs: []entity{user(userName), loginProfile(userName)}, secrets: []string{in.Password}, upn: upn}
	return do(ctx, c, op, func(ctx context.Context) (LoginProfile, error) {
		out, err := c.ims().UpdateLoginProfileWithContext(ctx, &ims.UpdateLoginProfileRequest{
			UserPrincipalName:     tea.String(upn),
			Password:              optional(in.Password),
			PasswordResetRequired: tea.Bool(in.PasswordResetRequired),
			MFABindRequired:       tea.Bool(in.MFABindRequired),
			Status:                optional(in.Status),
		}, c.runtime)
		if err != nil {
			return LoginProfile{}, err
		}
		return converted(out.Body.LoginProfile, loginProfileFromAPI)
	})
}

// keepLoginProfile keeps the answer to a write if it is whole.
func (c *Client) keepLoginProfile(userName string, p LoginProfile, at uint64) {
	if p.Status != "" && p.PasswordStatus != "" {
		c.loginProfiles.put(userName, p, at)
	}
}

// DeleteLoginProfile takes the user's access to the console away.
func (c *Client) DeleteLoginProfile(ctx context.Context, userName string) error {
	op := call{action: "DeleteLoginProfile", ends: true}
	err := change(ctx, c, op, []entity{attributesOf(KindLoginProfile, userName)}, func(ctx context.Context) error {
		_, err := c.ram().DeleteLoginProfileWithContext(ctx, &ram.DeleteLoginProfileRequest{UserName: tea.String(userName)}, c.runtime)
		return err
	}, func(at uint64) { c.loginProfiles.putGone(userName, notFound(KindLoginProfile, userName), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(loginProfile(userName))
		c.ledger.relieved(user(userName))
	}
	return err
}

// sdkLoginProfile is what the SDK's several login profile types have in common.
type sdkLoginProfile interface {
	GetUserPrincipalName() *string
	GetPasswordResetRequired() *bool
	GetMFABindRequired() *bool
	GetStatus() *string
	GetPasswordStatus() *string
	GetUpdateDate() *string
}

func loginProfileFromAPI[T sdkLoginProfile](p T) LoginProfile {
	return LoginProfile{
		UserName:              localPart(tea.StringValue(p.GetUserPrincipalName())),
		PasswordResetRequired: tea.BoolValue(p.GetPasswordResetRequired()),
		MFABindRequired:       tea.BoolValue(p.GetMFABindRequired()),
		Status:                tea.StringValue(p.GetStatus()),
		PasswordStatus:        tea.StringValue(p.GetPasswordStatus()),
		UpdateDate:            tea.StringValue(p.GetUpdateDate()),
	}
}

func loginProfile(userName string) entity { return entity{string(KindLoginProfile), userName} }
