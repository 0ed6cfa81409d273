package ramserver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The benchmarks measure what a call costs the server in a big account: from a signed request to the answer, without
// the network and without the signing.
const benchmarkUsers = 20_000

func BenchmarkGetUser(b *testing.B) {
	benchmark(b, "GetUser", func(i int) []string { return []string{userParam(i)} })
}

func BenchmarkCreateUser(b *testing.B) {
	benchmark(b, "CreateUser", func(i int) []string { return []string{fmt.Sprintf("UserName=new-%07d", i)} })
}

func BenchmarkListAccessKeys(b *testing.B) {
	benchmark(b, "ListAccessKeys", func(i int) []string { return []string{userParam(i)} })
}

func BenchmarkListGroupsForUser(b *testing.B) {
	benchmark(b, "ListGroupsForUser", func(i int) []string { return []string{userParam(i)} })
}

func BenchmarkListPoliciesForUser(b *testing.B) {
	benchmark(b, "ListPoliciesForUser", func(i int) []string { return []string{userParam(i)} })
}

// A page of the middle, of the default 100 users.
func BenchmarkListUsersPage(b *testing.B) {
	benchmark(b, "ListUsers", func(int) []string { return []string{middleMarker} })
}

func BenchmarkListUsersForGroupPage(b *testing.B) {
	benchmark(b, "ListUsersForGroup", func(int) []string { return []string{"GroupName=everybody", middleMarker} })
}

func BenchmarkGetPolicy(b *testing.B) {
	benchmark(b, "GetPolicy", func(int) []string { return []string{"PolicyType=Custom", "PolicyName=rare"} })
}

func BenchmarkListEntitiesForPolicy(b *testing.B) {
	benchmark(b, "ListEntitiesForPolicy", func(int) []string { return []string{"PolicyType=Custom", "PolicyName=rare"} })
}

const middleMarker = "Marker=dXNlci0wMTAwMDA" // user-010000

func userParam(i int) string {
	return fmt.Sprintf("UserName=user-%06d", i%benchmarkUsers)
}

// benchmark makes the same call again and again; the parameters of the i-th are up to the caller. The number of calls
// must be known beforehand, for each must be signed with a nonce of its own: so no b.Loop.
func benchmark(b *testing.B, action string, pairs func(i int) []string) {
	s := bigAccount()
	id, secret := s.RootAccessKey()
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = requestV3(ramVersion, action, params(pairs(i)...), s.now())
		signV3(requests[i], id, secret)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, hr := range requests {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, hr)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d: %s", w.Code, w.Body)
		}
	}
}

// bigAccount has users user-000000 and on. Each has a key, the policy common and one of a hundred groups; everybody is
// in the group everybody; one user has the policy rare.
func bigAccount() *Server {
	now := time.Now().UTC()
	s := &Server{Quotas: Quotas{Users: 10_000_000}}
	s.lock()
	defer s.mu.Unlock()
	for _, name := range []string{"common", "rare"} {
		p := &policy{PolicyName: name, PolicyType: custom, DefaultVersion: "v1", Tags: map[string]string{}}
		p.addVersion(identityDocument, now, false)
		s.state.Policies[name] = p
	}
	groups := []*group{{GroupID: "g-all", GroupName: "everybody", Members: map[string]time.Time{}}}
	for i := range 100 {
		id := fmt.Sprintf("g-%03d", i)
		groups = append(groups, &group{GroupID: id, GroupName: id, Members: map[string]time.Time{}})
	}
	for _, g := range groups {
		s.addGroup(g)
	}
	for i := range benchmarkUsers {
		u := &user{UserID: fmt.Sprintf("%018d", i+1), UserName: fmt.Sprintf("user-%06d", i), CreateDate: now, UpdateDate: now}
		s.addUser(u)
		s.addAccessKey(u.UserID)
		s.join(u, groups[0])
		s.join(u, groups[1+i%100])
		s.attach(s.state.Policies["common"], &u.Policies)
		if i == 0 {
			s.attach(s.state.Policies["rare"], &u.Policies)
		}
	}
	return s
}
