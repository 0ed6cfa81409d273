package ramapi

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// readOnlyOf is ReadOnlyAccess of the user in the default resource group.
func readOnlyOf(userName string) Attachment {
	return Attachment{
		PolicyName: "ReadOnlyAccess", PolicyType: PolicyTypeSystem, To: Principal{Kind: KindUser, Name: userName}, ResourceGroupID: ramserver.DefaultResourceGroupID,
	}
}

// grantees gives a server whose users all have ReadOnlyAccess in the default resource group.
func grantees(t *testing.T, users int) *ramserver.Server {
	t.Helper()
	s := accountOf(t, users)
	c := newTestClient(t, s)
	tenAtATime(users, func(i int) { must(t, c.Attach(t.Context(), readOnlyOf(userNumber(i)))) })
	return s
}

func TestManyAttachmentsInAResourceGroupAreReadFromItsList(t *testing.T) {
	const users = 250
	s := grantees(t, users)
	before := count(s, "ListPolicyAttachments")
	c := newTestClient(t, s)
	tenAtATime(users, func(i int) {
		a := readOnlyOf(userNumber(i))
		a.PolicyName = "readonlyaccess" // case does not count
		if attached, err := c.IsAttached(t.Context(), a); err != nil || !attached {
			t.Errorf("%s: %v, %v", a.To.Name, attached, err)
		}
	})
	if n := count(s, "ListPolicyAttachments") - before; n > 3+9 {
		t.Errorf("%d calls for three pages", n)
	}
}

func TestAnAttachmentInAResourceGroupIsNotTakenForAnother(t *testing.T) {
	s := grantees(t, 2)
	c := newTestClient(t, s)
	must(t, c.AttachPolicy(t.Context(), "AdministratorAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(0)}))
	other := readOnlyOf(userNumber(0))
	for name, a := range map[string]func() Attachment{
		"another policy":    func() Attachment { a := other; a.PolicyName = "AdministratorAccess"; return a },
		"another type":      func() Attachment { a := other; a.PolicyType = PolicyTypeCustom; return a },
		"another kind":      func() Attachment { a := other; a.To.Kind = KindGroup; return a },
		"another principal": func() Attachment { a := other; a.To.Name = "nobody"; return a },
		"another group":     func() Attachment { a := other; a.ResourceGroupID = "rg-other"; return a },
		"no group":          func() Attachment { a := other; a.ResourceGroupID = ""; return a },
	} {
		if attached, err := c.IsAttached(t.Context(), a()); attached || err != nil && !IsNotFound(err) {
			t.Errorf("%s: %v, %v", name, attached, err)
		}
	}
}

func TestWhatThisProcessAttachesAndDetachesInAResourceGroupIsKnown(t *testing.T) {
	s := accountOf(t, 1)
	c := newTestClient(t, s)
	a := readOnlyOf(userNumber(0))
	for i := range 4 {
		want := i%2 == 0
		if want {
			must(t, c.Attach(t.Context(), a))
		} else {
			must(t, c.Detach(t.Context(), a))
		}
		if attached, err := c.IsAttached(t.Context(), a); err != nil || attached != want {
			t.Errorf("after %d writes: %v, %v", i+1, attached, err)
		}
	}
	if n := count(s, "ListPolicyAttachments"); n > 0 {
		t.Errorf("what was known was asked for %d times", n)
	}
	if err := c.Detach(t.Context(), a); !IsNotFound(err) {
		t.Errorf("detached again: %v", err)
	}
}

func TestAnAttachmentInAResourceGroupWhoseAnswerIsLostIsOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.Intercept = failing("AttachPolicy", 1, ramserver.Fault{After: true, Drop: true})
		c := newTestClient(t, s)
		must(t, c.Attach(t.Context(), readOnlyOf(userNumber(0))))
		if n := count(s, "AttachPolicy"); n != 1 {
			t.Errorf("attached %d times", n)
		}
	})
}

func TestAnAttachmentInAResourceGroupThatShowsLateIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		a := readOnlyOf(userNumber(0))
		s.StaleReads = 3 * time.Second
		at := time.Now()
		must(t, newTestClient(t, s).Attach(t.Context(), a))
		// Another process knows from the state when it was made.
		c := newTestClient(t, s)
		c.RecallAttachment(a, at.UTC().Format(time.RFC3339))
		if attached, err := c.IsAttached(t.Context(), a); err != nil || !attached {
			t.Errorf("%v, %v", attached, err)
		}
	})
}

func TestWhatIsInResourceGroupsIsListedByPrincipalAndByPolicy(t *testing.T) {
	s := grantees(t, 120)
	c := newTestClient(t, s)
	must(t, c.AttachPolicy(t.Context(), "ReadOnlyAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(0)}))
	of, err := c.PrincipalInResourceGroups(t.Context(), Principal{Kind: KindUser, Name: userNumber(0)})
	if err != nil || len(of) != 1 || of[0] != readOnlyOf(userNumber(0)) {
		t.Errorf("of the user: %+v, %v", of, err)
	}
	if all, err := c.PolicyInResourceGroups(t.Context(), "ReadOnlyAccess", PolicyTypeSystem); err != nil || len(all) != 120 {
		t.Errorf("of the policy: %d, %v", len(all), err)
	}
}

func TestPrincipalsHaveTheNamesThatResourceManagerKnows(t *testing.T) {
	for domain, want := range map[string][3]string{
		"":                     {"a@1234567890123456.onaliyun.com", "a@group.1234567890123456.onaliyun.com", "a@role.1234567890123456.onaliyunservice.com"},
		"example.onaliyun.com": {"a@example.onaliyun.com", "a@group.example.onaliyun.com", "a@role.example.onaliyunservice.com"},
	} {
		s := &ramserver.Server{}
		must(t, s.Load(fmt.Appendf(nil, `{"Format": 1, "DefaultDomain": %q}`, domain)))
		c := newTestClient(t, s)
		for i, kind := range []Kind{KindUser, KindGroup, KindRole} {
			if got, err := c.principalName(context.Background(), Principal{Kind: kind, Name: "a"}); err != nil || got != want[i] {
				t.Errorf("%s: %s, %v", kind, got, err)
			}
		}
	}
}
