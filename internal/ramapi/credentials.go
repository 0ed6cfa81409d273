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
	RoleARN, SessionName, Policy, ExternalID, SourceIdentity string
	DurationSeconds                                          int64
}

// AssumeRoleWithOIDC names a role to take on with the token of an OIDC
// provider, or without one with what is in the file, which is read anew at each
// refresh. No other credentials are needed. DurationSeconds 0 means an hour.
type AssumeRoleWithOIDC struct {
	RoleARN, OIDCProviderARN, OIDCToken, OIDCTokenFile, SessionName, Policy string
	DurationSeconds                                                         int64
}

// ErrNoCredentials says that no source of credentials gave any, and names the
// places that were looked at.
var ErrNoCredentials = errors.New(`no credentials for Alibaba Cloud were found. Looked at, in this order:
  - the provider block: access_key_id and access_key_secret, credentials_uri,
    ecs_role_name, profile
  - the environment: ALIBABA_CLOUD_ACCESS_KEY_ID and
    ALIBABA_CLOUD_ACCESS_KEY_SECRET (or ALICLOUD_ACCESS_KEY and
    ALICLOUD_SECRET_KEY), ALIBABA_CLOUD_CREDENTIALS_URI,
    ALIBABA_CLOUD_ECS_METADATA, ALIBABA_CLOUD_PROFILE
  - an OIDC token: ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN
    and ALIBABA_CLOUD_OIDC_TOKEN_FILE
  - the configuration of the aliyun CLI: ~/.aliyun/config.json
  - the credentials file: ~/.alibabacloud/credentials
  - the role of this ECS instance, from its metadata service
Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run aliyun configure`)

// setCredentials sets what requests are signed with. Nothing is asked before
// the first call.
func (c *Client) setCredentials(config Credentials, stsConfig *openapi.Config) error {
	base, err := newBaseProvider(config)
	if err != nil {
		return err
	}
	c.credentials = &seenSecrets{CredentialsProvider: base}
	if config.AssumeRole == nil && config.AssumeRoleWithOIDC == nil {
		return nil
	}
	own := *stsConfig
	own.Credential = credentials.FromCredentialsProvider(base.GetProviderName(), c.credentials)
	client, err := sts.NewClient(&own)
	if err != nil {
		return fmt.Errorf("setting up the STS client: %w", err)
	}
	if config.AssumeRoleWithOIDC == nil {
		c.belowSDK = client
	}
	c.session = &roleSession{client: c, assume: func(ctx context.Context) (session, error) {
		if role := config.AssumeRoleWithOIDC; role != nil {
			return c.assumeRoleWithOIDC(ctx, client, role)
		}
		return c.assumeRole(ctx, client, config.AssumeRole)
	}}
	c.credentials = &seenSecrets{CredentialsProvider: c.session, below: c.credentials}
	return nil
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
		inner, err := providers.NewURLCredentialsProviderBuilder().WithUrl(config.CredentialsURI).Build()
		return named(inner, err, "the service that credentials_uri, or ALIBABA_CLOUD_CREDENTIALS_URI, names. Is it running, and does it answer with AccessKeyId, AccessKeySecret, SecurityToken and Expiration?")
	case config.ECSRoleName != "":
		inner, err := providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(config.ECSRoleName).Build()
		return named(inner, err, fmt.Sprintf("the metadata service of this ECS instance for the role %q. Is this an ECS instance, and does it have that role?", config.ECSRoleName))
	case config.Profile != "" || config.SharedCredentialsFile != "":
		inner, err := providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(expandHome(config.SharedCredentialsFile)).
			WithProfileName(config.Profile).Build()
		return named(inner, err, describeProfile(config.Profile, config.SharedCredentialsFile))
	}
	return &defaultChain{inner: providers.NewDefaultCredentialsProvider()}, nil
}

func describeProfile(profile, file string) string {
	if file == "" {
		file = "~/.aliyun/config.json"
	}
	text := "the current profile"
	if profile != "" {
		text = fmt.Sprintf("the profile %q", profile)
	}
	if _, err := os.Stat(expandHome(file)); err != nil {
		return fmt.Sprintf("%s of %s: the file cannot be read", text, file)
	}
	return fmt.Sprintf("%s of %s. Is that the aliyun CLI's configuration, and does it have the profile?", text, file)
}

// namedSource replaces the errors of a source, which hold file contents and
// answers with secrets in them, by where the credentials were to come from.
type namedSource struct {
	providers.CredentialsProvider
	place string
}

func named(inner providers.CredentialsProvider, err error, place string) (providers.CredentialsProvider, error) {
	if err != nil {
		return nil, fmt.Errorf("no credentials from %s", place)
	}
	return &namedSource{inner, place}, nil
}

func (n *namedSource) GetCredentials() (*providers.Credentials, error) {
	found, err := n.CredentialsProvider.GetCredentials()
	if err != nil || found == nil || found.AccessKeyId == "" {
		return nil, missingFrom{n.place}
	}
	return found, nil
}

// missingFrom is ErrNoCredentials where one place alone was looked at.
type missingFrom struct{ place string }

func (m missingFrom) Error() string { return "no credentials from " + m.place }

func (missingFrom) Is(target error) bool { return target == ErrNoCredentials }

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
	if err != nil {
		// Its text repeats file contents and answers, with secrets in them; and
		// from now on it would report only the last place.
		d.empty = true
		return nil, ErrNoCredentials
	}
	return found, nil
}

// session is the temporary credentials of an assumed role.
type session struct {
	credentials providers.Credentials
	expires     time.Time // by the service's clock
}

// roleSession keeps the credentials of an assumed role. They are renewed by
// ensure, which a call goes through first, with the caller's context.
type roleSession struct {
	client  *Client
	assume  func(context.Context) (session, error)
	mu      sync.Mutex
	current *session
	renewAt time.Time
}

// ensure assumes the role if that has not been done, or again before the
// session expires. It has nothing to do where no role is to be assumed.
func (s *roleSession) ensure(ctx context.Context) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && time.Now().Before(s.renewAt) {
		return nil
	}
	got, err := s.assume(ctx)
	if err != nil {
		return err
	}
	s.current = &got
	s.renewAt = time.Now().Add(got.expires.Sub(s.client.ServerTime()) * 4 / 5)
	return nil
}

func (s *roleSession) GetProviderName() string { return "ram_role_arn" }

func (s *roleSession) GetCredentials() (*providers.Credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return nil, errors.New("the role was not assumed")
	}
	return &s.current.credentials, nil
}

func (c *Client) assumeRole(ctx context.Context, client *sts.Client, role *AssumeRole) (session, error) {
	return c.openSession(ctx, call{action: "AssumeRole"}, func(ctx context.Context) (assumedRole, error) {
		return c.sendAssumeRole(ctx, copyOf(client), role)
	})
}

func (c *Client) assumeRoleWithOIDC(ctx context.Context, client *sts.Client, role *AssumeRoleWithOIDC) (session, error) {
	token, err := role.token()
	if err != nil {
		return session{}, &Error{Action: "AssumeRoleWithOIDC", Message: err.Error(), cause: err}
	}
	return c.openSession(ctx, call{action: "AssumeRoleWithOIDC", secrets: []string{token}}, func(ctx context.Context) (assumedRole, error) {
		return c.sendAssumeRoleWithOIDC(ctx, copyOf(client), role, token)
	})
}

// openSession makes the call that assumes a role, within the slot and the
// retries of the call that needs it.
func (c *Client) openSession(ctx context.Context, op call, send func(context.Context) (assumedRole, error)) (session, error) {
	out, failure := c.transmit(ctx, op, 1, func(ctx context.Context) (any, error) { return send(ctx) })
	if failure != nil {
		return session{}, failure
	}
	got, err := out.(assumedRole).session(op.action)
	if err != nil {
		return session{}, err
	}
	return session{providers.Credentials{
		AccessKeyId:     got.AccessKeyID,
		AccessKeySecret: got.AccessKeySecret,
		SecurityToken:   got.SecurityToken,
		ProviderName:    c.session.GetProviderName(),
	}, got.Expires}, nil
}

// seenSecrets passes credentials on and remembers the last ones, so that they
// can be kept out of errors.
type seenSecrets struct {
	providers.CredentialsProvider
	below *seenSecrets // those that a role was assumed with
	mu    sync.Mutex
	last  []string
	keyID string
}

func (s *seenSecrets) GetCredentials() (*providers.Credentials, error) {
	got, err := s.CredentialsProvider.GetCredentials()
	if err == nil {
		s.mu.Lock()
		s.last, s.keyID = []string{got.AccessKeySecret, got.SecurityToken}, got.AccessKeyId
		s.mu.Unlock()
	}
	return got, err
}

func (s *seenSecrets) secrets() []string {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(s.last, s.below.secrets())
}

// lastKey gives the id of the access key that was used last.
func (s *seenSecrets) lastKey() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keyID
}

// hasKey reports whether the last credentials, or those beneath, are of the access key.
func (s *seenSecrets) hasKey(id string) bool {
	if s == nil || id == "" {
		return false
	}
	s.mu.Lock()
	own := s.keyID == id
	s.mu.Unlock()
	return own || s.below.hasKey(id)
}
