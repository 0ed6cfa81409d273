package ramapi

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const denyingDocument = `{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:CreateUser","Resource":"*"}]}`

// denying says that the policy "guard" denies, attached to something of that kind in that scope.
func denying(entityType, scope string) []ramserver.MatchedPolicy {
	return []ramserver.MatchedPolicy{
		{Effect: "Allow", PolicyType: "System", PolicyIdentifier: "AliyunRAMFullAccess", PolicyVersion: "v1", AttachedEntityType: "RamUser", AttachedScope: "Account"},
		{Effect: "Deny", PolicyType: "Custom", PolicyIdentifier: "guard", PolicyVersion: "v1", AttachedEntityType: entityType, AttachedScope: scope},
	}
}

func TestARefusedCallSaysWhatItNeedsAndWhatDeniesIt(t *testing.T) {
	const (
		anyUser = "acs:ram:*:1234567890123456:user/*"
		attach  = "Attach a policy that allows it, such as AliyunRAMFullAccess."
		change  = "A Deny outweighs every Allow: change that policy, or detach it."
		account = "The caller is the account 1234567890123456. "
	)
	for name, test := range map[string]struct {
		denial ramserver.Denial
		groups []string // that the policy guard is attached to
		want   string
	}{
		"by nothing that allows it": {
			denial: ramserver.Denial{Resource: anyUser},
			want:   "This needs ram:CreateUser on " + anyUser + "; no policy allows it. " + account + attach,
		},
		"by a policy of the user": {
			denial: ramserver.Denial{Resource: anyUser, Policies: denying("RamUser", "Account")},
			want:   "This needs ram:CreateUser on " + anyUser + "; denied by policy guard attached to the caller. " + account + change,
		},
		"by a policy of a role": {
			denial: ramserver.Denial{Policies: denying("RamRole", "Account")},
			want:   "This needs ram:CreateUser on *; denied by policy guard attached to the caller's role. " + account + change,
		},
		"by a policy of a group": {
			denial: ramserver.Denial{Policies: denying("RamGroup", "Account")}, groups: []string{"staff"},
			want: "This needs ram:CreateUser on *; denied by policy guard attached to group staff. " + account + change,
		},
		"by a policy of one of two groups": {
			denial: ramserver.Denial{Policies: denying("RamGroup", "Account")}, groups: []string{"interns", "staff"},
			want: "This needs ram:CreateUser on *; denied by policy guard attached to one of the groups interns, staff. " + account + change,
		},
		"by a policy of a group that cannot be found": {
			denial: ramserver.Denial{Policies: denying("RamGroup", "Account")},
			want:   "This needs ram:CreateUser on *; denied by policy guard attached to a group of the caller's. " + account + change,
		},
		"by a policy of a group in a resource group": {
			denial: ramserver.Denial{PolicyType: "ResourceGroupLevelIdentityBasedPolicy", Policies: denying("RamGroup", "ResourceGroup")}, groups: []string{"staff"},
			want: "This needs ram:CreateUser on *; denied by policy guard attached to a group of the caller's in a resource group. " + account + change,
		},
		"by a control policy": {
			denial: ramserver.Denial{PolicyType: "ControlPolicy", Policies: denying("ResourceDirectoryTarget", "Folder")},
			want: "This needs ram:CreateUser on *; denied by control policy guard of the resource directory. " + account +
				"The management account of the resource directory can change its control policies.",
		},
		"by the session's policy": {
			denial: ramserver.Denial{PolicyType: "SessionPolicy"},
			want: "This needs ram:CreateUser on *; the policy of the caller's session does not allow it. " + account +
				"Assume the role without a session policy, or with one that allows it.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &ramserver.Server{}
			c := newTestClient(t, s)
			if len(test.groups) > 0 {
				_, err := c.CreatePolicy(t.Context(), Policy{Name: "guard", Document: denyingDocument})
				must(t, err)
			}
			for _, group := range test.groups {
				_, err := c.CreateGroup(t.Context(), Group{Name: group})
				must(t, err)
				must(t, c.AttachPolicy(t.Context(), "guard", "Custom", Principal{Kind: KindGroup, Name: group}))
			}
			s.Intercept = failing("CreateUser", 1, ramserver.Fault{Denied: &test.denial})
			_, err := newTestClient(t, s).CreateUser(t.Context(), User{Name: "bob"})
			var refusal *Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v", err)
			}
			if n := count(s, "DecodeDiagnosticMessage"); n != 0 {
				t.Errorf("%d messages were decoded for nobody to read", n)
			}
			for range 2 {
				if got := refusal.Explanation(); got != test.want {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			}
			if n := count(s, "DecodeDiagnosticMessage"); n != 1 {
				t.Errorf("it was decoded %d times", n)
			}
		})
	}
}

func TestARefusalIsExplainedWithoutTheServicesHelpToo(t *testing.T) {
	const attach = "Attach a policy that allows it, such as AliyunRAMFullAccess."
	undecoded := func(s *ramserver.Server, fault ramserver.Fault) {
		denied := s.Intercept
		s.Intercept = func(call ramserver.Call) *ramserver.Fault {
			if call.Action == "DecodeDiagnosticMessage" {
				return &fault
			}
			return denied(call)
		}
	}
	for name, test := range map[string]struct {
		setUp func(*ramserver.Server)
		asked int // how often, for two refusals
		want  string
	}{
		"nothing explains it": {
			func(s *ramserver.Server) { s.Unsure.DenialsUnexplained = true }, 0,
			"This needs ram:CreateUser. " + attach,
		},
		"its message may not be decoded": {
			func(s *ramserver.Server) { undecoded(s, ramserver.Fault{Denied: &ramserver.Denial{}}) }, 1,
			"This needs ram:CreateUser; no policy allows it. The caller is the account 1234567890123456. " + attach,
		},
		"its message is not decoded in time": {
			func(s *ramserver.Server) { undecoded(s, ramserver.Fault{Status: 503, Code: "ServiceUnavailable"}) }, -1,
			"This needs ram:CreateUser; no policy allows it. The caller is the account 1234567890123456. " + attach,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &ramserver.Server{Intercept: failing("CreateUser", 2, ramserver.Fault{Denied: &ramserver.Denial{}})}
				test.setUp(s)
				c := newTestClient(t, s)
				for range 2 {
					_, err := c.CreateUser(t.Context(), User{Name: "bob"})
					var refusal *Error
					if !errors.As(err, &refusal) {
						t.Fatalf("got %v", err)
					}
					began := time.Now()
					if got := refusal.Explanation(); got != test.want {
						t.Errorf("got  %s\nwant %s", got, test.want)
					}
					if took := time.Since(began); took > explaining+time.Second {
						t.Errorf("it took %v", took)
					}
				}
				if n := count(s, "DecodeDiagnosticMessage"); test.asked >= 0 && n != test.asked {
					t.Errorf("the service was asked %d times", n)
				}
			})
		})
	}
}

func TestAProviderWhoseRoleIsRefusedSaysSo(t *testing.T) {
	s := &ramserver.Server{}
	_, err := newTestClient(t, s).CreateRole(t.Context(), Role{
		Name:                     "service",
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`,
	})
	must(t, err)
	_, err = newTestClient(t, s).CreateUser(t.Context(), User{Name: "alice"})
	must(t, err)
	key, err := newTestClient(t, s).CreateAccessKey(t.Context(), "alice")
	must(t, err)
	c := newTestClient(t, s, func(config *Config) {
		config.Credentials = Credentials{
			AccessKeyID: key.ID, AccessKeySecret: key.Secret,
			AssumeRole: &AssumeRole{RoleARN: "acs:ram::1234567890123456:role/service"},
		}
	})
	alice, err := newTestClient(t, s).User(t.Context(), "alice", "")
	must(t, err)
	_, err = c.CreateUser(t.Context(), User{Name: "bob"})
	var refusal *Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v", err)
	}
	want := "This needs sts:AssumeRole; the role's trust policy does not allow it. The caller is the RAM user with the id " + alice.ID +
		". Let the trust policy of the role name the caller. Where it asks for an external ID, set external_id."
	if got := refusal.Explanation(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if n := count(s, "AssumeRole"); n != 1 {
		t.Errorf("the role was asked for %d times", n)
	}
}

func TestOtherErrorsExplainNoDenial(t *testing.T) {
	for _, e := range []*Error{{Action: "CreateUser", Code: "EntityAlreadyExists.User"}, {Code: "NoPermission"}} {
		if got := e.Explanation(); got != "" {
			t.Errorf("%v: %s", e, got)
		}
	}
}
