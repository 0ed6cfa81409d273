package ramapi

import (
	"context"

	"github.com/alibabacloud-go/tea/tea"

	"github.com/ram-provider/terraform-provider-ram/internal/password"
)

// PasswordPolicy is what the passwords of the account's RAM users have to be
// like. Nil is what the service does not tell, or what a change leaves alone.
type PasswordPolicy struct {
	MinimumPasswordLength             *int64 `json:"MinimumPasswordLength,omitempty"`
	RequireLowercaseCharacters        *bool  `json:"RequireLowercaseCharacters,omitempty"`
	RequireUppercaseCharacters        *bool  `json:"RequireUppercaseCharacters,omitempty"`
	RequireNumbers                    *bool  `json:"RequireNumbers,omitempty"`
	RequireSymbols                    *bool  `json:"RequireSymbols,omitempty"`
	MinimumPasswordDifferentCharacter *int64 `json:"MinimumPasswordDifferentCharacter,omitempty"`
	PasswordNotContainUserName        *bool  `json:"PasswordNotContainUserName,omitempty"`
	MaxPasswordAge                    *int64 `json:"MaxPasswordAge,omitempty"` // days, 0: never
	HardExpire                        *bool  `json:"HardExpire,omitempty"`
	PasswordReusePrevention           *int64 `json:"PasswordReusePrevention,omitempty"`
	MaxLoginAttempts                  *int64 `json:"MaxLoginAttemps,omitempty"`    // RAM spells it so
	InitialPasswordAge                *int64 `json:"InitialPasswordAge,omitempty"` // days, 0: never
	InterceptRiskPasswordOnAPI        *bool  `json:"InterceptRiskPasswordOnApi,omitempty"`
}

// defaultPasswordPolicy is the documented one.
func defaultPasswordPolicy() PasswordPolicy {
	return PasswordPolicy{
		MinimumPasswordLength:             new(int64(8)),
		RequireLowercaseCharacters:        new(false),
		RequireUppercaseCharacters:        new(false),
		RequireNumbers:                    new(false),
		RequireSymbols:                    new(false),
		MinimumPasswordDifferentCharacter: new(int64(0)),
		PasswordNotContainUserName:        new(false),
		MaxPasswordAge:                    new(int64(0)),
		HardExpire:                        new(false),
		PasswordReusePrevention:           new(int64(0)),
		MaxLoginAttempts:                  new(int64(0)),
		InitialPasswordAge:                new(int64(14)),
		InterceptRiskPasswordOnAPI:        new(false),
	}
}

// PasswordPolicy gives the account's password policy, from IMS: RAM's own
// answer has nine of the settings.
func (c *Client) PasswordPolicy(ctx context.Context) (PasswordPolicy, error) {
	return c.passwordPolicy.get(ctx)
}

// PasswordRules gives what the account's password policy says of a password
// itself, asking once. Where the caller may not read the policy known is false,
// and the rules are those that hold in every account.
func (c *Client) PasswordRules(ctx context.Context, planned PasswordPolicy) (rules password.Policy, known bool, err error) {
	var policy PasswordPolicy
	err = c.passwordPolicyReading.with(ctx, func() (err error) {
		policy, err = c.PasswordPolicy(ctx)
		return err
	})
	if IsRefused(err) {
		return password.Policy{}, false, nil
	}
	return overlaid(policy, planned).rules(), true, err
}

func (p PasswordPolicy) rules() password.Policy {
	return password.Policy{
		MinLength:        int(tea.Int64Value(p.MinimumPasswordLength)),
		Lower:            tea.BoolValue(p.RequireLowercaseCharacters),
		Upper:            tea.BoolValue(p.RequireUppercaseCharacters),
		Digit:            tea.BoolValue(p.RequireNumbers),
		Symbol:           tea.BoolValue(p.RequireSymbols),
		DifferentAtLeast: int(tea.Int64Value(p.MinimumPasswordDifferentCharacter)),
		WithoutUserName:  tea.BoolValue(p.PasswordNotContainUserName),
	}
}

// SetPasswordPolicy changes the account's password policy and gives it as it is
// afterwards.
func (c *Client) SetPasswordPolicy(ctx context.Context, change PasswordPolicy) (PasswordPolicy, error) {
	return c.passwordPolicy.set(ctx, func(PasswordPolicy) PasswordPolicy { return change })
}

// RestorePasswordPolicy sets what was found before. A setting that the service
// no longer tells is left out: it would be refused.
func (c *Client) RestorePasswordPolicy(ctx context.Context, found PasswordPolicy) error {
	_, err := c.passwordPolicy.set(ctx, func(now PasswordPolicy) PasswordPolicy { return toldBy(now, found) })
	return err
}

// ResetPasswordPolicy sets the documented defaults.
func (c *Client) ResetPasswordPolicy(ctx context.Context) error {
	_, err := c.passwordPolicy.set(ctx, func(now PasswordPolicy) PasswordPolicy { return toldBy(now, defaultPasswordPolicy()) })
	return err
}
