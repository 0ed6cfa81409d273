package ramapi_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestRefusalOfTooMuchSaysTheQuota(t *testing.T) {
	t.Parallel()
	var server ramserver.Server
	server.Quotas.SystemPoliciesEach, server.Quotas.CustomPoliciesEach, server.Quotas.GroupsPerUser = 1, 3, 1
	listener := httptest.NewServer(&server)
	t.Cleanup(listener.Close)
	id, secret := server.RootAccessKey()
	c, err := ramapi.New(ramapi.Config{
		Credentials: ramapi.Credentials{AccessKeyID: id, AccessKeySecret: secret},
		Endpoints:   ramapi.Endpoints{RAM: listener.URL, IMS: listener.URL, STS: listener.URL},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	alice := ramapi.Principal{Kind: ramapi.KindUser, Name: "alice"}
	_, err = c.CreateUser(ctx, ramapi.User{Name: "alice", DisplayName: "Alice"})
	attach := func(name string) error { return c.AttachPolicy(ctx, name, ramapi.PolicyTypeSystem, alice) }
	if err = errors.Join(err, attach("ReadOnlyAccess")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ asked, want string }{
		{"", ""}, // an error does not ask for it
		{"asked", "The account's quota is 3 custom policies per user and 1 system policies per user."},
	} {
		if test.asked != "" {
			c.Quotas(ctx)
		}
		var refused *ramapi.Error
		if err := attach("AliyunECSFullAccess"); !errors.As(err, &refused) || refused.Advice() != test.want {
			t.Errorf("got %v, and the advice %q; wanted %q", err, refused.Advice(), test.want)
		}
	}
	summaries := 0
	for _, call := range server.Calls() {
		if strings.HasPrefix(call.Action, "GetAccountSummary") {
			summaries++
		}
	}
	if c.Quotas(ctx); summaries != 1 {
		t.Errorf("asked %d times", summaries)
	}
}
