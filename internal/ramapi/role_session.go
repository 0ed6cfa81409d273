package ramapi

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// RoleSession is temporary credentials of a role.
type RoleSession struct {
	AccessKeyID, AccessKeySecret, SecurityToken string
	Expires                                     time.Time // by the service's clock

	// Who works with them: the ARN has the names of the role and the session, the
	// ID has the role's id and the name of the session.
	AssumedRoleARN, AssumedRoleID string
}

// AssumeRole takes on the role, with the credentials of the client.
func (c *Client) AssumeRole(ctx context.Context, role AssumeRole) (RoleSession, error) {
	op := call{action: "AssumeRole", needs: trusted(role.RoleARN)}
	got, err := onceItShows(ctx, func() (assumedRole, error) {
		return do(ctx, c, op, func(ctx context.Context) (assumedRole, error) { return c.sendAssumeRole(ctx, c.sts(), &role) })
	})
	if err != nil {
		return RoleSession{}, err
	}
	return got.session(op.action)
}

// AssumeRoleWithOIDC takes on the role with the token of an OIDC provider, and
// no other credentials.
func (c *Client) AssumeRoleWithOIDC(ctx context.Context, role AssumeRoleWithOIDC) (RoleSession, error) {
	token, err := role.token()
	if err != nil {
		return RoleSession{}, err
	}
	op := call{action: "AssumeRoleWithOIDC", needs: trusted(role.RoleARN + " " + role.OIDCProviderARN), secrets: []string{token}}
	got, err := onceItShows(ctx, func() (assumedRole, error) {
		return do(ctx, c, op, func(ctx context.Context) (assumedRole, error) {
			return c.sendAssumeRoleWithOIDC(ctx, c.sts(), &role, token)
		})
	})
	if err != nil {
		return RoleSession{}, err
	}
	return got.session(op.action)
}

// LongestSession gives the seconds that a session of the role lasts at most.
// known is false where that cannot be learned, as of a role of another account.
func (c *Client) LongestSession(ctx context.Context, roleARN string) (seconds int64, known bool) {
	caller, err := c.CallerIdentity(ctx)
	name, own := strings.CutPrefix(roleARN, "acs:ram::"+caller.AccountID+":role/")
	if err != nil || !own {
		return 0, false
	}
	r, err := c.Role(ctx, name)
	return r.MaxSessionDuration, err == nil
}

// assumedRole is the answer to both forms of AssumeRole.
type assumedRole struct {
	credentials sdkSession
	arn, id     *string
}

// sdkSession has the fields that the credentials of both forms have.
type sdkSession struct {
	AccessKeyId, AccessKeySecret, Expiration, SecurityToken *string
}

func (a assumedRole) session(action string) (RoleSession, error) {
	expires, err := time.Parse(time.RFC3339, tea.StringValue(a.credentials.Expiration))
	if err != nil || tea.StringValue(a.credentials.AccessKeyId) == "" {
		return RoleSession{}, &Error{Action: action, Message: "the answer has no complete credentials", broken: true}
	}
	return RoleSession{
		AccessKeyID:     tea.StringValue(a.credentials.AccessKeyId),
		AccessKeySecret: tea.StringValue(a.credentials.AccessKeySecret),
		SecurityToken:   tea.StringValue(a.credentials.SecurityToken),
		Expires:         expires,
		AssumedRoleARN:  tea.StringValue(a.arn),
		AssumedRoleID:   tea.StringValue(a.id),
	}, nil
}

func (c *Client) sendAssumeRole(ctx context.Context, client *sts.Client, role *AssumeRole) (assumedRole, error) {
	query := map[string]any{"RoleArn": role.RoleARN, "RoleSessionName": sessionName(role.SessionName)}
	addOptional(query, "Policy", role.Policy)
	addOptional(query, "ExternalId", role.ExternalID)
	addOptional(query, "SourceIdentity", role.SourceIdentity)
	addDuration(query, role.DurationSeconds)
	out, err := callRPC[sts.AssumeRoleResponse](ctx, c, &client.Client, stsVersion, "AssumeRole", "AK", query)
	if err != nil || out.Body == nil || out.Body.Credentials == nil {
		return assumedRole{}, err
	}
	answer := assumedRole{credentials: sdkSession(*out.Body.Credentials)}
	if who := out.Body.AssumedRoleUser; who != nil {
		answer.arn, answer.id = who.Arn, who.AssumedRoleId
	}
	return answer, nil
}

func (c *Client) sendAssumeRoleWithOIDC(ctx context.Context, client *sts.Client, role *AssumeRoleWithOIDC, token string) (assumedRole, error) {
	query := map[string]any{
		"RoleArn": role.RoleARN, "OIDCProviderArn": role.OIDCProviderARN, "OIDCToken": token,
		"RoleSessionName": sessionName(role.SessionName),
	}
	addOptional(query, "Policy", role.Policy)
	addDuration(query, role.DurationSeconds)
	out, err := callRPC[sts.AssumeRoleWithOIDCResponse](ctx, c, &client.Client, stsVersion, "AssumeRoleWithOIDC", "Anonymous", query)
	if err != nil || out.Body == nil || out.Body.Credentials == nil {
		return assumedRole{}, err
	}
	answer := assumedRole{credentials: sdkSession(*out.Body.Credentials)}
	if who := out.Body.AssumedRoleUser; who != nil {
		answer.arn, answer.id = who.Arn, who.AssumedRoleId
	}
	return answer, nil
}

func (role *AssumeRoleWithOIDC) token() (string, error) {
	if role.OIDCToken != "" {
		return strings.TrimSpace(role.OIDCToken), nil
	}
	token, err := os.ReadFile(expandHome(role.OIDCTokenFile))
	if err != nil {
		return "", fmt.Errorf("reading the OIDC token from where oidc_token_file, or ALIBABA_CLOUD_OIDC_TOKEN_FILE, says: %w", err)
	}
	return strings.TrimSpace(string(token)), nil
}

func sessionName(name string) string {
	if name == "" {
		return "terraform"
	}
	return name
}

func addOptional(query map[string]any, key, value string) {
	if value != "" {
		query[key] = value
	}
}

func addDuration(query map[string]any, seconds int64) {
	if seconds != 0 {
		query["DurationSeconds"] = seconds
	}
}

// onceItShows asks again, for some seconds, while something is missing: whoever
// wants a session is not told how old the role is, and an earlier run may have
// made it moments ago.
func onceItShows[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	deadline := time.Now().Add(settlesIn)
	for attempt := 0; ; attempt++ {
		out, err := ask()
		if !IsNotFound(err) || !time.Now().Before(deadline) || pause(ctx, min(attempt, 2)) != nil {
			return out, err
		}
	}
}
