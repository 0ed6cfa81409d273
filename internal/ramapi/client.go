// Package ramapi is the API of Resource Access Management (RAM) as this
// provider uses it: typed calls over the official SDKs, plain Go types,
// errors, pages and retries. It is the only package that imports an Alibaba
// Cloud SDK.
//
// It promises that a call is repeated only where that is safe, that an
// interrupt lets a write under way finish, that no error and no log line holds
// a secret, and that nothing is sent before the first call.
//
// Reads are shared: what is known already, from an earlier read, a list or this
// process's own write, is not asked for again, and many questions of one kind
// are answered by a list (table.go). A client is therefore for one run of
// Terraform, or for those of one test: what others change while it lives, it
// need not notice.
package ramapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/credentials-go/credentials"

	_ "github.com/ram-provider/terraform-provider-ram/internal/ramapi/quiet" // before the SDKs read DEBUG
)

// Config says how to reach the service and as whom. The zero value of a field
// means its default.
type Config struct {
	Credentials Credentials
	Endpoints   Endpoints

	MaxRetries     *int          // repetitions of a failed call; 8 when nil
	MaxConcurrency int           // calls under way at once, fewer while the service throttles; 10 when 0
	RequestTimeout time.Duration // for one attempt; 30 s when 0
	UserAgent      string        // added to the SDK's own

	RoundTripper http.RoundTripper // nil: the network
}

// Endpoints are the addresses of the services: https://host[:port],
// host[:port], or http://host[:port] where host is a loopback address. Empty
// means the public endpoint.
type Endpoints struct {
	RAM, IMS, STS, ResourceManager string
}

// Client calls RAM, IMS, STS and Resource Manager for one account. It is safe for concurrent use.
type Client struct {
	ramSDK  *ram.Client
	imsSDK  *ims.Client
	stsSDK  *sts.Client
	rmSDK   *openapi.Client // Resource Manager, for calls without a typed SDK
	runtime *dara.RuntimeOptions

	belowSDK *sts.Client // STS with the credentials that a role is assumed with; nil where there are none

	credentials    *seenSecrets
	session        *roleSession // nil where no role is assumed
	transport      *transport
	maxRetries     int
	requestTimeout time.Duration
	pace           *pace
	ledger         ledger
	writes         writeLog
	tables
	keyMaking namedLocks // by user
	freezing  namedLocks // by user
	naming    namedLocks // of the account, one at a time
	refreshed atomic.Bool
	run       atomic.Uint64 // the writeLog's count when it began

	caller      cached[CallerIdentity]
	beneath     cached[CallerIdentity] // with whose credentials the role was assumed
	quotas      quotas
	rootWarning sync.Once
	undecodable atomic.Bool // the caller may not decode diagnostic messages
}

// New gives a client for the account that the credentials belong to. It sends
// nothing: credentials are looked for, and a role is assumed, with the first call.
func New(config Config) (*Client, error) {
	c := &Client{
		runtime:        &dara.RuntimeOptions{},
		maxRetries:     8,
		requestTimeout: config.RequestTimeout,
	}
	if config.MaxRetries != nil {
		c.maxRetries = *config.MaxRetries
	}
	if c.requestTimeout == 0 {
		c.requestTimeout = 30 * time.Second
	}
	concurrency := config.MaxConcurrency
	if concurrency == 0 {
		concurrency = 10
	}
	c.pace = newPace(concurrency)
	c.tables = c.newTables()

	c.transport = newTransport(config.RoundTripper, concurrency)
	base := &openapi.Config{UserAgent: tea.String(config.UserAgent), HttpClient: c.transport}
	stsConfig, err := withEndpoint(base, config.Endpoints.STS, "sts.aliyuncs.com")
	if err != nil {
		return nil, err
	}
	if err := c.setCredentials(config.Credentials, stsConfig); err != nil {
		return nil, err
	}
	base.Credential = credentials.FromCredentialsProvider(c.credentials.GetProviderName(), c.credentials)
	stsConfig.Credential = base.Credential
	ramConfig, err := withEndpoint(base, config.Endpoints.RAM, "ram.aliyuncs.com")
	if err != nil {
		return nil, err
	}
	rmConfig, err := withEndpoint(base, config.Endpoints.ResourceManager, "resourcemanager.aliyuncs.com")
	if err != nil {
		return nil, err
	}
	imsConfig, err := withEndpoint(base, config.Endpoints.IMS, "ims.aliyuncs.com")
	if err != nil {
		return nil, err
	}
	if c.stsSDK, err = sts.NewClient(stsConfig); err != nil {
		return nil, fmt.Errorf("setting up the STS client: %w", err)
	}
	if c.ramSDK, err = ram.NewClient(ramConfig); err != nil {
		return nil, fmt.Errorf("setting up the RAM client: %w", err)
	}
	if c.imsSDK, err = ims.NewClient(imsConfig); err != nil {
		return nil, fmt.Errorf("setting up the IMS client: %w", err)
	}
	if c.rmSDK, err = openapi.NewClient(rmConfig); err != nil {
		return nil, fmt.Errorf("setting up the Resource Manager client: %w", err)
	}
	return c, nil
}

// ram, ims, sts and resourceManager give a copy of the SDK's client for one call: it writes to a
// field of its own in every call, so one cannot serve two at once.
func (c *Client) ram() *ram.Client { return copyOf(c.ramSDK) }
func (c *Client) ims() *ims.Client { return copyOf(c.imsSDK) }
func (c *Client) sts() *sts.Client { return copyOf(c.stsSDK) }

func (c *Client) stsBelow() *sts.Client { return copyOf(c.belowSDK) }

func (c *Client) resourceManager() *openapi.Client { return copyOf(c.rmSDK) }

func copyOf[T any](client *T) *T {
	own := *client
	return &own
}

// knownAbout says what this client knows of the reason for an error with the
// code, empty for nothing. It asks nobody.
func (c *Client) knownAbout(code string) string {
	switch {
	case code == "InvalidTimeStamp.Expired":
		return c.transport.clock()
	case isOfKey(code) && c.session == nil:
		return "The access key ID is " + c.credentials.lastKey() + "."
	}
	return c.quotaBehind(code)
}

// NotePlan notes that Terraform plans. Where something has been written before,
// this is another run: from 1.14 on, terraform test may serve all runs of a file
// with one client. What the client noted of the run before is forgotten then,
// such as what that run itself has made. Plans without a write between them are
// not told apart: where something is planned to be made, and has been planned to
// be made before, the plan is another one.
func (c *Client) NotePlan() {
	if now := c.writes.now(); c.run.Swap(now) != now {
		c.ledger.nextRun()
	}
}

// NoteRefresh is NotePlan where a resource is read to refresh the state.
func (c *Client) NoteRefresh() {
	c.refreshed.Store(true)
	c.NotePlan()
}

// Run tells the runs of Terraform that this client serves apart, by a number.
func (c *Client) Run() uint64 { return c.run.Load() }

// HasRefreshed reports whether this client serves a plan: Terraform reads a
// resource before it plans a change of it, while an apply, which plans once
// more with what was unknown, reads nothing.
func (c *Client) HasRefreshed() bool { return c.refreshed.Load() && c.writes.now() == c.Run() }

// HasWritten reports whether this client has changed anything, or tried to.
func (c *Client) HasWritten() bool { return c.writes.now() > 0 }

func withEndpoint(base *openapi.Config, endpoint, fallback string) (*openapi.Config, error) {
	if endpoint == "" {
		endpoint = fallback
	}
	protocol, host, err := ParseEndpoint(endpoint)
	if err != nil {
		return nil, err
	}
	config := *base
	config.Protocol, config.Endpoint = tea.String(protocol), tea.String(host)
	return &config, nil
}

// ParseEndpoint takes https://host[:port], host[:port] or, for a loopback
// address only, http://host[:port], and gives the protocol and host[:port].
// Requests carry passwords, so plain http to anywhere else is refused.
func ParseEndpoint(endpoint string) (protocol, host string, err error) {
	text := endpoint
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return "", "", fmt.Errorf("the endpoint %q is not of the form host[:port] or https://host[:port]", hideUserInfo(endpoint))
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", "", fmt.Errorf("the endpoint %q has more than a protocol, a host and a port", hideUserInfo(endpoint))
	}
	switch {
	case u.Scheme == "https":
		return "HTTPS", u.Host, nil
	case u.Scheme != "http":
		return "", "", fmt.Errorf("the endpoint %q uses %s; only https is accepted, and http for a loopback address", endpoint, u.Scheme)
	case !isLoopback(u.Hostname()):
		return "", "", fmt.Errorf("the endpoint %q uses plain http, which would show passwords and keys to the network; write https, or the name alone: http is accepted only for a loopback address such as 127.0.0.1", endpoint)
	}
	return "HTTP", u.Host, nil
}

func hideUserInfo(endpoint string) string {
	return endpoint[strings.LastIndex(endpoint, "@")+1:]
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// namedLocks lets one caller at a time work on each name.
type namedLocks struct {
	mu    sync.Mutex
	locks map[string]chan struct{}
}

// lock waits for the name, or for the end of ctx, and gives what sets it free.
func (n *namedLocks) lock(ctx context.Context, name string) (unlock func(), err error) {
	n.mu.Lock()
	if n.locks == nil {
		n.locks = map[string]chan struct{}{}
	}
	held, found := n.locks[name]
	if !found {
		held = make(chan struct{}, 1)
		n.locks[name] = held
	}
	n.mu.Unlock()
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// cached holds a fact about the account that is asked for once.
type cached[T any] struct {
	mu    sync.Mutex
	known bool
	value T
}

// get gives the fact, asking for it if it is not known. A failure is not kept.
func (f *cached[T]) get(ask func() (T, error)) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known {
		return f.value, nil
	}
	value, err := ask()
	if err == nil {
		f.value, f.known = value, true
	}
	return value, err
}

// peek gives the fact if it is known already.
func (f *cached[T]) peek() (T, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.value, f.known
}
