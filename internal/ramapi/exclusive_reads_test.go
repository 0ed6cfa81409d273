package ramapi

import (
	"slices"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func policyNames(policies []AttachedPolicy) []string {
	return slices.Sorted(slices.Values(convertAll(policies, func(p AttachedPolicy) string { return p.Type + "/" + p.Name })))
}

func countOf(s *ramserver.Server, action string) int {
	n := 0
	for _, a := range actions(s) {
		if a == action {
			n++
		}
	}
	return n
}

func TestPoliciesOfAPrincipalAreReadOnceUntilOneIsAttachedOrDetached(t *testing.T) {
	s := &ramserver.Server{}
	u, err := newTestClient(t, s).CreateUser(t.Context(), User{Name: "alice"})
	must(t, err)
	alice := Principal{KindUser, "alice", u.ID}
	must(t, newTestClient(t, s).AttachPolicy(t.Context(), "ReadOnlyAccess", PolicyTypeSystem, alice))
	c := newTestClient(t, s)
	check := func(reads int, want ...string) {
		t.Helper()
		policies, err := c.PoliciesOf(t.Context(), alice)
		if got := policyNames(policies); err != nil || !slices.Equal(got, want) {
			t.Errorf("alice has %q, %v; want %q", got, err, want)
		}
		if n := countOf(s, "ListPoliciesForUser"); n != reads {
			t.Errorf("%d lists, want %d", n, reads)
		}
	}
	check(1, "System/ReadOnlyAccess")
	check(1, "System/ReadOnlyAccess")
	if attached, err := c.PolicyAttached(t.Context(), "ReadOnlyAccess", PolicyTypeSystem, alice); !attached || err != nil {
		t.Errorf("attached %v, %v", attached, err)
	}
	check(1, "System/ReadOnlyAccess")
	must(t, c.AttachPolicy(t.Context(), "AdministratorAccess", PolicyTypeSystem, alice))
	check(2, "System/AdministratorAccess", "System/ReadOnlyAccess")
	must(t, c.DetachPolicy(t.Context(), "readonlyaccess", PolicyTypeSystem, alice))
	check(3, "System/AdministratorAccess")

	before, err := c.PoliciesBefore(t.Context(), alice)
	if got := policyNames(before); err != nil || !slices.Equal(got, []string{"System/ReadOnlyAccess"}) {
		t.Errorf("before this process alice had %q, %v", got, err)
	}
}

func TestMembersOfAGroupAreKnownAsTheyWereBeforeThisProcess(t *testing.T) {
	s := &ramserver.Server{}
	outside := newTestClient(t, s)
	for _, name := range []string{"alice", "bob", "carol"} {
		_, err := outside.CreateUser(t.Context(), User{Name: name})
		must(t, err)
	}
	_, err := outside.CreateGroup(t.Context(), Group{Name: "ops"})
	must(t, err)
	for _, name := range []string{"alice", "bob"} {
		_, err := outside.AddUserToGroup(t.Context(), name, "ops")
		must(t, err)
	}
	c := newTestClient(t, s)
	alice, err := c.PrincipalByName(t.Context(), KindUser, "alice")
	must(t, err)
	newName := "alicia"
	c.PlanRename(alice, newName)
	_, err = c.UpdateUser(t.Context(), "alice", alice.ID, UserUpdate{Name: &newName})
	must(t, err)
	must(t, c.RemoveUserFromGroup(t.Context(), "bob", "ops"))
	_, err = c.AddUserToGroup(t.Context(), "carol", "ops")
	must(t, err)
	got, err := c.GroupMembersBefore(t.Context(), "ops")
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []string{"alice", "bob"}) {
		t.Errorf("before this process ops had %q, %v", got, err)
	}
}

// Runs of `terraform test` may be under way at the same time, with one client.
func TestAPlannedRenameIsForgottenWithTheNextReadOfWhoGetsTheName(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	alice := Principal{Kind: KindUser, Name: "alice", ID: "1"}
	c.PlanRename(alice, "alicia")
	_, err := c.CreateUser(t.Context(), User{Name: "bob"})
	must(t, err)
	c.NoteRefresh()
	c.ForgetRename(Principal{Kind: KindUser, Name: "bob", ID: "2"})
	c.ForgetRename(Principal{Kind: KindGroup, Name: "alice", ID: "1"})
	if of, planned := c.PlannedRename(KindUser, "alicia"); !planned || of != alice {
		t.Errorf("after a read of somebody else, alicia is planned (%t) to be %v", planned, of)
	}
	c.ForgetRename(Principal{Kind: KindUser, Name: "alicia", ID: "1"})
	if of, planned := c.PlannedRename(KindUser, "alicia"); planned {
		t.Errorf("after a read of alicia, she is still planned to be %v", of)
	}
}
