package ramapi

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAChangeOfAnOIDCListWhoseAnswerIsLostIsDoneHoweverItsRepetitionIsRefused(t *testing.T) {
	for action, change := range map[string]func(*Client, context.Context) error{
		"AddClientIdToOIDCProvider":         func(c *Client, ctx context.Context) error { return c.AddOIDCClientID(ctx, "ci", "web") },
		"RemoveClientIdFromOIDCProvider":    func(c *Client, ctx context.Context) error { return c.RemoveOIDCClientID(ctx, "ci", "app") },
		"AddFingerprintToOIDCProvider":      func(c *Client, ctx context.Context) error { return c.AddOIDCFingerprint(ctx, "ci", "CC") },
		"RemoveFingerprintFromOIDCProvider": func(c *Client, ctx context.Context) error { return c.RemoveOIDCFingerprint(ctx, "ci", "BB") },
	} {
		for _, code := range []string{"", "InvalidParameter.Undocumented"} {
			synctest.Test(t, func(t *testing.T) {
				var s ramserver.Server
				c, ctx := newTestClient(t, &s), t.Context()
				s.Unsure.FingerprintsInLowerCase = true
				var calls atomic.Int64
				s.Intercept = func(call ramserver.Call) *ramserver.Fault {
					if call.Action != action {
						return nil
					}
					switch {
					case calls.Add(1) == 1:
						return &ramserver.Fault{After: true, Drop: true}
					case code != "":
						return &ramserver.Fault{Status: 400, Code: code}
					}
					return nil
				}
				_, err := c.CreateOIDCProvider(ctx, OIDCProvider{Name: "ci", IssuerURL: "https://ci.example.com", ClientIDs: []string{"app"}, Fingerprints: []string{"aa", "bb"}})
				if err != nil {
					t.Fatal(err)
				}
				if err := change(c, ctx); err != nil || calls.Load() != 2 {
					t.Errorf("%s, refused with %q: %v after %d calls", action, code, err, calls.Load())
				}
			})
		}
	}
}

func TestAChangeOfAnOIDCListThatIsRefusedIsNotDone(t *testing.T) {
	s := ramserver.Server{Intercept: failing("AddClientIdToOIDCProvider", 1, ramserver.Fault{Status: 400, Code: "InvalidParameter.ClientId.InvalidChars"})}
	c, ctx := newTestClient(t, &s), t.Context()
	if err := c.AddOIDCClientID(ctx, "ci", "app"); !hasCodePrefix(err, "InvalidParameter") {
		t.Errorf("got %v", err)
	}
	for _, err := range []error{c.AddOIDCClientID(ctx, "ci", "app"), c.RemoveOIDCClientID(ctx, "ci", "app"), c.RemoveOIDCFingerprint(ctx, "ci", "aa")} {
		if !IsNotFound(err) {
			t.Errorf("of a provider that does not exist: %v", err)
		}
	}
}

func TestLostCreationsOfProvidersAreFoundOnlyWhereTheyAreOurs(t *testing.T) {
	wantedSAML := SAMLProvider{Name: "office", EncodedMetadata: "PEVudGl0eURlc2NyaXB0b3IvPg==", Description: "staff"}
	wantedOIDC := OIDCProvider{Name: "ci", IssuerURL: "https://ci.example.com", ClientIDs: []string{"b", "a"}, Fingerprints: []string{"BB", "aa"}}
	lost := ramserver.Fault{After: true, Drop: true}
	synctest.Test(t, func(t *testing.T) {
		s := ramserver.Server{Intercept: interceptors(failing("CreateSAMLProvider", 1, lost), failing("CreateOIDCProvider", 1, lost))}
		s.Unsure.FingerprintsInLowerCase, s.Unsure.MetadataInLines = true, true
		c, ctx := newTestClient(t, &s), t.Context()
		saml, err := c.CreateSAMLProvider(ctx, wantedSAML)
		if err != nil || saml.EncodedMetadata != wantedSAML.EncodedMetadata || count(&s, "CreateSAMLProvider") != 1 {
			t.Errorf("got %+v, %v", saml, err)
		}
		oidc, err := c.CreateOIDCProvider(ctx, wantedOIDC)
		if err != nil || !slices.Equal(oidc.ClientIDs, []string{"a", "b"}) || count(&s, "CreateOIDCProvider") != 1 {
			t.Errorf("got %+v, %v", oidc, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		dropped := ramserver.Fault{Drop: true} // not carried out
		s := ramserver.Server{Intercept: interceptors(failing("CreateSAMLProvider", 1, dropped), failing("CreateOIDCProvider", 1, dropped))}
		s.AddOIDCProvider("ci", "https://ci.example.com", "another")
		c, ctx := newTestClient(t, &s), t.Context()
		if _, err := c.CreateOIDCProvider(ctx, wantedOIDC); !IsAlreadyExists(err) {
			t.Errorf("somebody else's provider is taken for ours: %v", err)
		}
		if _, err := c.CreateSAMLProvider(ctx, wantedSAML); err != nil || count(&s, "CreateSAMLProvider") != 2 {
			t.Errorf("a creation that did not happen is not repeated: %v", err)
		}
	})
}
