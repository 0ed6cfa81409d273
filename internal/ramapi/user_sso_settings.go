package ramapi

import (
	"cmp"
	"context"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// UserSSOSettings say whether and how the account's users log on to the console
// through an identity provider of the company.
type UserSSOSettings struct {
	Enabled         bool
	EncodedMetadata string // base64 without white space; empty for none
	AuxiliaryDomain string // empty for none
	LoginWithDomain bool
	AuthnSignAlgo   string // rsa-sha1 or rsa-sha256
}

// DefaultUserSSOSettings are what an account has where nobody has set anything.
var DefaultUserSSOSettings = UserSSOSettings{LoginWithDomain: true, AuthnSignAlgo: "rsa-sha1"}

// UserSSOSettings gives the account's settings.
func (c *Client) UserSSOSettings(ctx context.Context) (UserSSOSettings, error) {
	return c.userSSOSettings.get(ctx, theOnly, 0)
}

// theOnly is the name of what an account has one of.
const theOnly = ""

func (c *Client) newUserSSOSettingsTable() *table[UserSSOSettings] {
	return &table[UserSSOSettings]{
		action: "GetUserSsoSettings",
		writes: &c.writes,
		about:  func(string) watched { return watched{attributesOf(kindUserSSOSettings, theOnly)} },
		single: func(ctx context.Context, _ string) (UserSSOSettings, error) { return c.fetchUserSSOSettings(ctx) },
	}
}

func (c *Client) fetchUserSSOSettings(ctx context.Context) (UserSSOSettings, error) {
	const action = "GetUserSsoSettings"
	return do(ctx, c, call{action: action}, func(ctx context.Context) (UserSSOSettings, error) {
		out, err := callRPC[ims.GetUserSsoSettingsResponse](ctx, c, &c.ims().Client, imsVersion, action, "AK", nil)
		if err != nil {
			return UserSSOSettings{}, err
		}
		return converted(out.Body.UserSsoSettings, userSSOSettingsFromAPI)
	})
}

// SetUserSSOSettings changes the settings from what they are to something else,
// and gives them as they are afterwards. All of them are sent: RAM's
// documentation does not say what leaving one out means. Nor does it say whether
// metadata and domain can be emptied; where they cannot, the rest is set and
// they stay, which shows in what it gives.
func (c *Client) SetUserSSOSettings(ctx context.Context, from, to UserSSOSettings) (UserSSOSettings, error) {
	things := []entity{attributesOf(kindUserSSOSettings, theOnly)}
	set := func() (UserSSOSettings, error) { return c.setUserSSOSettings(ctx, from, to) }
	return writing(&c.writes, things, set, func(now UserSSOSettings, at uint64) { c.userSSOSettings.put(theOnly, now, at) })
}

func (c *Client) setUserSSOSettings(ctx context.Context, from, to UserSSOSettings) (UserSSOSettings, error) {
	emptyMetadata := to.EncodedMetadata == "" && from.EncodedMetadata != ""
	emptyDomain := to.AuxiliaryDomain == "" && from.AuxiliaryDomain != ""
	now, err := c.sendUserSSOSettings(ctx, to, emptyMetadata, emptyDomain)
	refused := hasCodePrefix(err, "InvalidParameter") || hasCodePrefix(err, "Missing")
	if !refused || !emptyMetadata && !emptyDomain {
		return now, err
	}
	now, err = c.sendUserSSOSettings(ctx, to, false, false)
	if err != nil || !emptyMetadata || !emptyDomain {
		return now, err
	}
	// Only one of them may be what was refused.
	for _, metadata := range []bool{true, false} {
		if cleared, err := c.sendUserSSOSettings(ctx, to, metadata, !metadata); err == nil {
			now = cleared
		}
	}
	return now, nil
}

// sendUserSSOSettings sends all settings; of empty texts only those that are to be emptied.
func (c *Client) sendUserSSOSettings(ctx context.Context, to UserSSOSettings, emptyMetadata, emptyDomain bool) (UserSSOSettings, error) {
	text := func(value string, empty bool) *string {
		if value == "" && !empty {
			return nil
		}
		return tea.String(value)
	}
	return do(ctx, c, call{action: "SetUserSsoSettings", access: write}, func(ctx context.Context) (UserSSOSettings, error) {
		out, err := c.ims().SetUserSsoSettingsWithContext(ctx, &ims.SetUserSsoSettingsRequest{
			SsoEnabled:         tea.Bool(to.Enabled),
			MetadataDocument:   text(to.EncodedMetadata, emptyMetadata),
			AuxiliaryDomain:    text(to.AuxiliaryDomain, emptyDomain),
			SsoLoginWithDomain: tea.Bool(to.LoginWithDomain),
			AuthnSignAlgo:      optional(to.AuthnSignAlgo),
		}, c.runtime)
		if err != nil {
			return UserSSOSettings{}, err
		}
		return converted(out.Body.UserSsoSettings, userSSOSettingsFromAPI)
	})
}

// sdkUserSSOSettings is what the SDK's types of the settings have in common.
type sdkUserSSOSettings interface {
	GetSsoEnabled() *bool
	GetMetadataDocument() *string
	GetAuxiliaryDomain() *string
	GetSsoLoginWithDomain() *bool
	GetAuthnSignAlgo() *string
}

// userSSOSettingsFromAPI takes what an answer leaves out for the documented default.
func userSSOSettingsFromAPI[T sdkUserSSOSettings](s T) UserSSOSettings {
	return UserSSOSettings{
		Enabled:         tea.BoolValue(s.GetSsoEnabled()),
		EncodedMetadata: withoutSpace(tea.StringValue(s.GetMetadataDocument())),
		AuxiliaryDomain: tea.StringValue(s.GetAuxiliaryDomain()),
		LoginWithDomain: s.GetSsoLoginWithDomain() == nil || *s.GetSsoLoginWithDomain(),
		AuthnSignAlgo:   cmp.Or(tea.StringValue(s.GetAuthnSignAlgo()), DefaultUserSSOSettings.AuthnSignAlgo),
	}
}
