// Package acctest runs Terraform steps against an account of the test's own: a
// private ramserver, or with RAM_ACC_REAL=1 the real account that the
// environment's credentials belong to. Changes from outside Terraform, and
// looks at what it did, go through a client that works on both.
//
// RAM_ACC_SLOW=1 gives the server 50 ms of latency and 20 calls a second,
// RAM_ACC_UNSURE=1 turns every switch of it the other way.
package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// Prefix is what the names of everything that tests make begin with.
const Prefix = "tfacc-"

// Account is what one test works on.
type Account struct {
	// Server is the private server, nil on a real account.
	Server *ramserver.Server

	env        map[string]string
	config     ramapi.Config
	suffix     string
	showsAfter time.Duration // how long the account takes to show new things everywhere

	mu       sync.Mutex
	last     time.Time // when Client gave the last one
	warnings []string  // of the provider, see Warns
}

// New gives the test its account. A function may set up the private server
// before it serves; on a real account it is not called.
func New(t *testing.T, setUp ...func(*ramserver.Server)) *Account {
	t.Helper()
	a := &Account{suffix: fmt.Sprintf("%06x", rand.N(1<<24))}
	// Runs after the cleanups of the test itself, which come later.
	checkEmptyAtEnd := func() {
		if t.Failed() || t.Skipped() && a.Server != nil { // what a skipped test has made goes with the server
			return
		}
		a.checkEmpty(t)
	}
	if os.Getenv("RAM_ACC_REAL") == "1" {
		a.config, a.showsAfter = realConfig(), 3*time.Second
		t.Cleanup(checkEmptyAtEnd)
		return a
	}
	a.Server = &ramserver.Server{}
	if os.Getenv("RAM_ACC_UNSURE") == "1" {
		a.Server.Unsure = ramserver.AllUnsure()
	}
	if os.Getenv("RAM_ACC_SLOW") == "1" {
		a.Server.Latency, a.Server.Throttle = 50*time.Millisecond, 20
	}
	for _, f := range setUp {
		f(a.Server)
	}
	if a.Server.Unsure.LateVisibility {
		a.showsAfter = 500 * time.Millisecond // the server's 300, and what a call takes
	}
	listener := httptest.NewServer(a.Server)
	t.Cleanup(listener.Close)
	id, secret := a.Server.RootAccessKey()
	a.env = map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID":     id,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
		"ALIBABA_CLOUD_ENDPOINT_RAM":      listener.URL,
		"ALIBABA_CLOUD_ENDPOINT_IMS":      listener.URL,
		"ALIBABA_CLOUD_ENDPOINT_STS":      listener.URL,

		"ALIBABA_CLOUD_ENDPOINT_RESOURCEMANAGER": listener.URL,
	}
	a.config = ramapi.Config{
		Credentials: ramapi.Credentials{AccessKeyID: id, AccessKeySecret: secret},
		Endpoints:   ramapi.Endpoints{RAM: listener.URL, IMS: listener.URL, STS: listener.URL, ResourceManager: listener.URL},
	}
	t.Cleanup(checkEmptyAtEnd)
	return a
}

// NewLocal is New for a test that needs the private server: its faults, its
// calls, or an account that may be damaged.
func NewLocal(t *testing.T, setUp ...func(*ramserver.Server)) *Account {
	t.Helper()
	if os.Getenv("RAM_ACC_REAL") == "1" {
		t.Skip("this test needs the private server")
	}
	return New(t, setUp...)
}

// NewLagging is New with an account that shows what is written a little later.
func NewLagging(t *testing.T) *Account {
	t.Helper()
	const lag = 800 * time.Millisecond
	a := New(t, func(s *ramserver.Server) { s.StaleReads = lag })
	t.Cleanup(func() { time.Sleep(lag) }) // then what is destroyed is gone
	return a
}

// Load fills the account of a server with Users, Groups, Roles and Policies by
// their ids, as a saved account has them.
func Load(t *testing.T, s *ramserver.Server, account map[string]any) {
	t.Helper()
	account = maps.Clone(account)
	account["Format"] = 1
	saved, err := json.Marshal(account)
	if err == nil {
		err = s.Load(saved)
	}
	if err != nil {
		t.Fatalf("loading the account: %v", err)
	}
}

// Client gives a client that looks at the account and changes it from outside
// Terraform. It is a new one each time, since a client need not notice what
// others do, and so knows of nothing that was made before it. Where the account
// shows new things late, it is given once those of the last one must have shown.
func (a *Account) Client() *ramapi.Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	time.Sleep(time.Until(a.last.Add(a.showsAfter)))
	a.last = time.Now()
	return a.newClient()
}

func (a *Account) newClient() *ramapi.Client {
	client, err := ramapi.New(a.config)
	if err != nil {
		panic(fmt.Sprintf("acctest: the credentials of the environment cannot be used: %v", err))
	}
	return client
}

// Name gives a name that no other test uses.
func (a *Account) Name(base string) string { return Prefix + a.suffix + "-" + base }

// Run runs the steps against the account. %[1]s and so on in configurations
// are for the test to fill in; what is left of it is destroyed at the end.
func (a *Account) Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: a.Factories(), Steps: steps})
}

// checkEmpty fails the test where something is left of what it made.
func (a *Account) checkEmpty(t *testing.T) {
	t.Helper()
	left, err := leftovers(context.Background(), a.Client(), Prefix+a.suffix)
	if err != nil {
		t.Errorf("looking for what the test left behind: %v", err)
	}
	for _, l := range left {
		t.Errorf("left behind: %s %s", l.kind, l.name)
	}
}

// Env gives the environment that the provider sees.
func (a *Account) Env() map[string]string { return maps.Clone(a.env) }

// SetEnv changes the environment that the provider sees.
func (a *Account) SetEnv(name, value string) { a.env[name] = value }

// Factories gives the provider, working on the account, to Terraform.
func (a *Account) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	getenv := os.Getenv
	if a.env != nil {
		getenv = func(name string) string { return a.env[name] }
	}
	serve := providerserver.NewProtocol6WithError(provider.NewWithEnv("test", getenv))
	return map[string]func() (tfprotov6.ProviderServer, error){
		"ram": func() (tfprotov6.ProviderServer, error) {
			server, err := serve()
			if err != nil {
				return nil, err
			}
			return noting{server.(protocolServer), a}, nil
		},
	}
}

// CallsOf counts the calls of an action that the private server has answered.
func (a *Account) CallsOf(action string) int {
	n := 0
	for _, c := range a.Server.Calls() {
		if c.Action == action {
			n++
		}
	}
	return n
}

// Writes gives the actions that changed the account since the given number of
// calls, in their order.
func (a *Account) Writes(since int) []string {
	var writes []string
	for _, c := range a.Server.Calls()[since:] {
		if !slices.ContainsFunc([]string{"Get", "List"}, func(p string) bool { return strings.HasPrefix(c.Action, p) }) {
			writes = append(writes, c.Action)
		}
	}
	return writes
}

func realConfig() ramapi.Config {
	return ramapi.Config{Credentials: ramapi.Credentials{
		AccessKeyID:     os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"),
		AccessKeySecret: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		SecurityToken:   os.Getenv("ALIBABA_CLOUD_SECURITY_TOKEN"),
	}}
}
