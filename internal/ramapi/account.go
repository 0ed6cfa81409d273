package ramapi

import (
	"context"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

// Versions of the APIs, which a request names beside the action.
const (
	ramVersion = "2015-05-01"
	imsVersion = "2019-08-15"
	stsVersion = "2015-04-01"
	rmVersion  = "2020-03-31"
)

// CallerIdentity is whose credentials the client has.
type CallerIdentity struct {
	AccountID    string // 16 digits
	ARN          string
	IdentityType string // Account, RAMUser or AssumedRoleUser
	UserID       string // of the account or a user; empty for a role
	RoleID       string // of an assumed role, otherwise empty
	PrincipalID  string // the user's id, or <role id>:<session name>
}

// CallerIdentity asks STS once who the caller is. It needs no permission.
func (c *Client) CallerIdentity(ctx context.Context) (CallerIdentity, error) {
	return c.caller.get(func() (CallerIdentity, error) { return c.identityOf(ctx, c.sts) })
}

// Callers gives whose credentials a run depends on: the caller and, where it has
// assumed a role, whoever it did that as.
func (c *Client) Callers(ctx context.Context) ([]CallerIdentity, error) {
	caller, err := c.CallerIdentity(ctx)
	if err != nil || c.belowSDK == nil {
		return []CallerIdentity{caller}, err
	}
	below, err := c.beneath.get(func() (CallerIdentity, error) { return c.identityOf(ctx, c.stsBelow) })
	return []CallerIdentity{caller, below}, err
}

// UsesAccessKey reports whether requests are signed with the access key, or
// those that assume the role are.
func (c *Client) UsesAccessKey(ctx context.Context, id string) (bool, error) {
	_, err := c.Callers(ctx) // before the first request nobody has looked for credentials
	return err == nil && c.credentials.hasKey(id), err
}

func (c *Client) identityOf(ctx context.Context, client func() *sts.Client) (CallerIdentity, error) {
	out, err := do(ctx, c, call{action: "GetCallerIdentity"}, func(ctx context.Context) (*sts.GetCallerIdentityResponse, error) {
		return callRPC[sts.GetCallerIdentityResponse](ctx, c, &client().Client, stsVersion, "GetCallerIdentity", "AK", nil)
	})
	if err != nil {
		return CallerIdentity{}, err
	}
	return CallerIdentity{
		AccountID:    tea.StringValue(out.Body.AccountId),
		ARN:          tea.StringValue(out.Body.Arn),
		IdentityType: tea.StringValue(out.Body.IdentityType),
		UserID:       tea.StringValue(out.Body.UserId),
		RoleID:       tea.StringValue(out.Body.RoleId),
		PrincipalID:  tea.StringValue(out.Body.PrincipalId),
	}, nil
}

// IsRoot reports whether it is the account itself, which may do everything.
func (i CallerIdentity) IsRoot() bool { return i.IdentityType == "Account" }

// Is reports whether it is the user, or a session of the role.
func (i CallerIdentity) Is(p Principal) bool {
	switch p.Kind {
	case KindUser:
		return !i.IsRoot() && p.ID != "" && i.UserID == p.ID
	case KindRole:
		return p.ID != "" && i.RoleID == p.ID
	}
	return false
}

// UserName is the name of a user; empty for the account itself and for a role.
func (i CallerIdentity) UserName() string {
	_, name, _ := strings.Cut(i.ARN, ":user/")
	return name
}

// CallerIsRoot reports, once per client, that the caller is known to be the
// account itself rather than a RAM user or a role. It asks nobody.
func (c *Client) CallerIsRoot() bool {
	root := false
	if caller, known := c.caller.peek(); known && caller.IdentityType == "Account" {
		c.rootWarning.Do(func() { root = true })
	}
	return root
}

// callRPC sends an action for which an SDK has no method that takes a context.
// authType is AK for a signed request, Anonymous for an unsigned one.
func callRPC[T any](ctx context.Context, c *Client, service *openapi.Client, version, action, authType string, query map[string]any) (*T, error) {
	answer, err := service.CallApiWithCtx(ctx, &openapiutil.Params{
		Action: tea.String(action), Version: tea.String(version), AuthType: tea.String(authType),
		Protocol: tea.String("HTTPS"), Pathname: tea.String("/"), Method: tea.String("POST"), Style: tea.String("RPC"),
		ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
	}, &openapiutil.OpenApiRequest{Query: openapiutil.Query(query)}, c.runtime)
	if err != nil {
		return nil, err
	}
	out := new(T)
	return out, dara.Convert(answer, out)
}

// UserARN gives the ARN of the user of that name.
func (c *Client) UserARN(ctx context.Context, userName string) (string, error) {
	caller, err := c.CallerIdentity(ctx)
	if err != nil {
		return "", err
	}
	return "acs:ram::" + caller.AccountID + ":user/" + userName, nil
}
