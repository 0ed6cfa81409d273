package ramapi

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestErrorsSayByHowMuchTheClockIsOff(t *testing.T) {
	t.Parallel()
	for said, ahead := range map[string]time.Duration{
		"The clock is 1h0m behind the service's.":  time.Hour,
		"The clock is 23m ahead of the service's.": -23 * time.Minute,
	} {
		c := newTestClient(t, &ramserver.Server{Now: func() time.Time { return time.Now().Add(ahead) }})
		_, err := c.CallerIdentity(t.Context())
		var refusal *Error
		if !errors.As(err, &refusal) || !strings.HasSuffix(refusal.Advice(), said) {
			t.Errorf("%v ahead: %v, advice %q", ahead, err, refusal.Advice())
		}
	}
}

func TestCredentialsThatAreNoGoodAreKnownFromTheQuotas(t *testing.T) {
	t.Parallel()
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	if c.Quotas(t.Context()); c.Unproven() != nil {
		t.Errorf("good credentials: %v", c.Unproven())
	}
	refused := newTestClient(t, &ramserver.Server{Intercept: func(ramserver.Call) *ramserver.Fault { return &ramserver.Fault{Denied: &ramserver.Denial{}} }})
	if refused.Quotas(t.Context()); refused.Unproven() != nil {
		t.Errorf("a caller without permissions: %v", refused.Unproven())
	}
	wrong := newTestClient(t, s, func(config *Config) { config.Credentials.AccessKeySecret += "x" })
	if wrong.Quotas(t.Context()); wrong.Unproven() == nil {
		t.Error("a wrong secret is taken for good")
	}
}
