package ramapi

import (
	"context"
	"strings"
)

// SecurityPreference is how the account's RAM users may log on, and what they
// may manage themselves. Nil is what the service does not tell, or what a change
// leaves alone.
//
// AllowUserToManagePublicKeys is not among them: only RAM's own action has it, on
// the Japanese site alone, and that action has no way to send the other settings
// back.
type SecurityPreference struct {
	EnableSaveMFATicket                 *bool         `json:"EnableSaveMFATicket,omitempty"`
	AllowUserToChangePassword           *bool         `json:"AllowUserToChangePassword,omitempty"`
	AllowUserToManageAccessKeys         *bool         `json:"AllowUserToManageAccessKeys,omitempty"`
	AllowUserToManageMFADevices         *bool         `json:"AllowUserToManageMFADevices,omitempty"`
	AllowUserToLoginWithPasskey         *bool         `json:"AllowUserToLoginWithPasskey,omitempty"`
	AllowUserToManagePersonalDingTalk   *bool         `json:"AllowUserToManagePersonalDingTalk,omitempty"`
	AllowUserToManageServiceCredentials *bool         `json:"AllowUserToManageServiceCredentials,omitempty"`
	MFAOperationForLogin                *string       `json:"MFAOperationForLogin,omitempty"` // mandatory, independent or adaptive
	LoginSessionDuration                *int64        `json:"LoginSessionDuration,omitempty"` // hours
	LoginNetworkMasks                   *NetworkMasks `json:"LoginNetworkMasks,omitempty"`
	VerificationTypes                   *[]string     `json:"VerificationTypes,omitempty"`
	MaxIdleDaysForUsers                 *int64        `json:"MaxIdleDaysForUsers,omitempty"`
	MaxIdleDaysForAccessKeys            *int64        `json:"MaxIdleDaysForAccessKeys,omitempty"`

	// OperationForRiskLogin is deprecated: it is sent back as it was found, and
	// nobody else has any use for it.
	OperationForRiskLogin *string `json:"OperationForRiskLogin,omitempty"`
}

// NetworkMasks are networks and single addresses; none is everywhere.
type NetworkMasks []string

// MarshalText gives the masks as RAM has them, with semicolons between them.
func (m NetworkMasks) MarshalText() ([]byte, error) { return []byte(strings.Join(m, ";")), nil }

// UnmarshalText reads what MarshalText gives.
func (m *NetworkMasks) UnmarshalText(text []byte) error {
	*m = NetworkMasks{}
	if len(text) > 0 {
		*m = strings.Split(string(text), ";")
	}
	return nil
}

// defaultSecurityPreference is what the documentation names defaults for.
func defaultSecurityPreference() SecurityPreference {
	return SecurityPreference{
		EnableSaveMFATicket:               new(false),
		AllowUserToChangePassword:         new(true),
		AllowUserToManageAccessKeys:       new(false),
		AllowUserToManageMFADevices:       new(true),
		AllowUserToLoginWithPasskey:       new(true),
		AllowUserToManagePersonalDingTalk: new(true),
		MFAOperationForLogin:              new("independent"),
		LoginSessionDuration:              new(int64(6)),
		LoginNetworkMasks:                 &NetworkMasks{},
		MaxIdleDaysForUsers:               new(int64(730)),
		MaxIdleDaysForAccessKeys:          new(int64(730)),
	}
}

// SecurityPreference gives the account's security preference.
func (c *Client) SecurityPreference(ctx context.Context) (SecurityPreference, error) {
	return c.securityPreference.get(ctx)
}

// SetSecurityPreference changes the account's security preference and gives it
// as it is afterwards.
func (c *Client) SetSecurityPreference(ctx context.Context, change SecurityPreference) (SecurityPreference, error) {
	return c.securityPreference.set(ctx, func(SecurityPreference) SecurityPreference { return change })
}

// RestoreSecurityPreference sets what was found before. A setting that the
// service no longer tells is left out: it would be refused.
func (c *Client) RestoreSecurityPreference(ctx context.Context, found SecurityPreference) error {
	_, err := c.securityPreference.set(ctx, func(now SecurityPreference) SecurityPreference { return toldBy(now, found) })
	return err
}

// ResetSecurityPreference sets the documented defaults; what has none stays.
func (c *Client) ResetSecurityPreference(ctx context.Context) error {
	_, err := c.securityPreference.set(ctx, func(now SecurityPreference) SecurityPreference {
		return toldBy(now, defaultSecurityPreference())
	})
	return err
}
