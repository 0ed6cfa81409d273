package ramapi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/credentials-go/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// Credentials say as whom to call. The first source that is given counts: a
// key pair, a URI, an ECS role, a profile; with none of them the default chain
// of Alibaba Cloud's tools is asked. A role is assumed on top.
type Credentials struct {
	AccessKeyID, AccessKeySecret, SecurityToken string
	CredentialsURI                              string
	ECSRoleName                                 string
	Profile, SharedCredentialsFile              string

	AssumeRole         *AssumeRole
	AssumeRoleWithOIDC *AssumeRoleWithOIDC
}

// AssumeRole names a role to take on. DurationSeconds 0 means an hour.
type AssumeRole struct {
	RoleARN, SessionName, Policy, ExternalID string
	DurationSeconds                          int64
}

// AssumeRoleWithOIDC names a role to take on with the token of an OIDC
// provider. No other credentials are needed. The file is read anew at each
// refresh. DurationSeconds 0 means an hour.
type AssumeRoleWithOIDC struct {
	RoleARN, OIDCProviderARN, OIDCTokenFile, SessionName, Policy string
	DurationSeconds                                              int64
}

// ErrNoCredentials says that no source of credentials gave any, and names the
// places that were looked at.
var ErrNoCredentials = errors.New(`no credentials for Alibaba Cloud were found. Looked at, in this order:
  - the provider block: access_key_id and access_key_secret, credentials_uri, ecs_role_name, profile
  - the environment: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY), ALIBABA_CLOUD_CREDENTIALS_URI, ALIBABA_CLOUD_ECS_METADATA, ALIBABA_CLOUD_PROFILE
  - an OIDC token: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE
  - the configuration of the aliyun CLI: ~/.aliyun/config.json
  - the credentials file: ~/.alibabacloud/credentials
  - the role of this ECS instance, from its metadata service`)

// newProvider gives the credentials that requests are signed with. c is used to
// call STS later, at the first call that needs it.
func newProvider(config Credentials, c *Client, stsConfig *openapi.Config) (providers.CredentialsProvider, error) {
	base, err := newBaseProvider(config)
	if err != nil || config.AssumeRole == nil && config.AssumeRoleWithOIDC == nil {
		return base, err
	}
	own := *stsConfig
	own.Credential = credentials.FromCredentialsProvider(base.GetProviderName(), base)
	client, err := sts.NewClient(&own)
	if err != nil {
		return nil, fmt.Errorf("setting up the STS client: %w", err)
	}
	if role := config.AssumeRoleWithOIDC; role != nil {
		return &roleSession{assume: func() (*sts.AssumeRoleResponseBodyCredentials, error) { return c.assumeRoleWithOIDC(client, role) }}, nil
	}
	return &roleSession{assume: func() (*sts.AssumeRoleResponseBodyCredentials, error) {
		return c.assumeRole(client, config.AssumeRole)
	}}, nil
}

func newBaseProvider(config Credentials) (providers.CredentialsProvider, error) {
	switch {
	case config.AccessKeyID != "" && config.SecurityToken != "":
		return providers.NewStaticSTSCredentialsProviderBuilder().WithAccessKeyId(config.AccessKeyID).
			WithAccessKeySecret(config.AccessKeySecret).WithSecurityToken(config.SecurityToken).Build()
	case config.AccessKeyID != "":
		return providers.NewStaticAKCredentialsProviderBuilder().WithAccessKeyId(config.AccessKeyID).
			WithAccessKeySecret(config.AccessKeySecret).Build()
	case config.CredentialsURI != "":
		return providers.NewURLCredentialsProviderBuilder().WithUrl(config.CredentialsURI).Build()
	case config.ECSRoleName != "":
		return providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(config.ECSRoleName).Build()
	case config.Profile != "" || config.SharedCredentialsFile != "":
		return providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(expandHome(config.SharedCredentialsFile)).
			WithProfileName(config.Profile).Build()
	}
	return &defaultChain{inner: providers.NewDefaultCredentialsProvider()}, nil
}

func expandHome(path string) string {
	rest, found := strings.CutPrefix(path, "~/")
	home, err := os.UserHomeDir()
	if !found || err != nil {
		return path
	}
	return home + "/" + rest
}

// defaultChain is the chain of credentials-go with an error that a person can
// act on. The chain itself is not safe for concurrent use before its first answer.
type defaultChain struct {
	mu    sync.Mutex
	inner *providers.DefaultCredentialsProvider
	empty bool
}

func (d *defaultChain) GetProviderName() string { return d.inner.GetProviderName() }

func (d *defaultChain) GetCredentials() (*providers.Credentials, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.empty {
		return nil, ErrNoCredentials
	}
	found, err := d.inner.GetCredentials()
	if err != nil && strings.HasPrefix(err.Error(), "unable to get credentials from any") {
		// Its text repeats file contents and addresses that say little; and it
		// would from now on report only the last place.
		d.empty = true
		return nil, ErrNoCredentials
	}
	return found, err
}

// roleSession keeps the credentials of an assumed role and renews them before
// they expire.
type roleSession struct {
	mu      sync.Mutex
	assume  func() (*sts.AssumeRoleResponseBodyCredentials, error)
	current *providers.Credentials
	renewAt time.Time
}

func (s *roleSession) GetProviderName() string { return "ram_role_arn" }

func (s *roleSession) GetCredentials() (*providers.Credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && time.Now().Before(s.renewAt) {
		return s.current, nil
	}
	got, err := s.assume()
	if err != nil {
		return nil, err
	}
	expires, err := time.Parse(time.RFC3339, tea.StringValue(got.Expiration))
	if err != nil {
		return nil, fmt.Errorf("reading the expiration of the assumed role's session: %w", err)
	}
	s.current = &providers.Credentials{
		AccessKeyId:     tea.StringValue(got.AccessKeyId),
		AccessKeySecret: tea.StringValue(got.AccessKeySecret),
		SecurityToken:   tea.StringValue(got.SecurityToken),
		ProviderName:    s.GetProviderName(),
	}
	s.renewAt = time.Now().Add(time.Until(expires) * 4 / 5)
	return s.current, nil
}

func (c *Client) assumeRole(client *sts.Client, role *AssumeRole) (*sts.AssumeRoleResponseBodyCredentials, error) {
	query := map[string]any{"RoleArn": role.RoleARN, "RoleSessionName": sessionName(role.SessionName)}
	addOptional(query, "Policy", role.Policy)
	addOptional(query, "ExternalId", role.ExternalID)
	addDuration(query, role.DurationSeconds)
	// Credentials are renewed inside another call, whose slot it uses.
	out, failure := c.attempt(context.Background(), call{action: "AssumeRole"}, 0, func(ctx context.Context) (any, error) {
		return callRPC[sts.AssumeRoleResponse](ctx, c, &client.Client, stsVersion, "AssumeRole", "AK", query)
	})
	if failure != nil {
		return nil, failure
	}
	return out.(*sts.AssumeRoleResponse).Body.Credentials, nil
}

func (c *Client) assumeRoleWithOIDC(client *sts.Client, role *AssumeRoleWithOIDC) (*sts.AssumeRoleResponseBodyCredentials, error) {
	token, err := os.ReadFile(expandHome(role.OIDCTokenFile))
	if err != nil {
		return nil, fmt.Errorf("reading the OIDC token: %w", err)
	}
	text := strings.TrimSpace(string(token))
	query := map[string]any{
		"RoleArn": role.RoleARN, "OIDCProviderArn": role.OIDCProviderARN, "OIDCToken": text,
		"RoleSessionName": sessionName(role.SessionName),
	}
	addOptional(query, "Policy", role.Policy)
	addDuration(query, role.DurationSeconds)
	op := call{action: "AssumeRoleWithOIDC", secrets: []string{text}}
	out, failure := c.attempt(context.Background(), op, 0, func(ctx context.Context) (any, error) {
		return callRPC[sts.AssumeRoleWithOIDCResponse](ctx, c, &client.Client, stsVersion, "AssumeRoleWithOIDC", "Anonymous", query)
	})
	if failure != nil {
		return nil, failure
	}
	got := out.(*sts.AssumeRoleWithOIDCResponse).Body.Credentials
	return &sts.AssumeRoleResponseBodyCredentials{
		AccessKeyId: got.AccessKeyId, AccessKeySecret: got.AccessKeySecret,
		SecurityToken: got.SecurityToken, Expiration: got.Expiration,
	}, nil
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

// seenSecrets passes credentials on and remembers the last ones, so that they
// can be kept out of errors.
type seenSecrets struct {
	providers.CredentialsProvider
	mu   sync.Mutex
	last []string
}

func (s *seenSecrets) GetCredentials() (*providers.Credentials, error) {
	got, err := s.CredentialsProvider.GetCredentials()
	if err == nil {
		s.mu.Lock()
		s.last = []string{got.AccessKeySecret, got.SecurityToken}
		s.mu.Unlock()
	}
	return got, err
}

func (s *seenSecrets) secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.last)
}
