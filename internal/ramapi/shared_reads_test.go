package ramapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// accountOf gives a server with that many users, u00000 and so on.
func accountOf(t testing.TB, users int) *ramserver.Server {
	t.Helper()
	all := map[string]any{}
	for i := range users {
		all[fmt.Sprintf("%018d", i+1)] = map[string]any{"UserName": userNumber(i), "DisplayName": "Number " + fmt.Sprint(i)}
	}
	saved, err := json.Marshal(map[string]any{"Format": 1, "Users": all})
	if err != nil {
		t.Fatal(err)
	}
	s := &ramserver.Server{}
	if err := s.Load(saved); err != nil {
		t.Fatal(err)
	}
	return s
}

func userNumber(i int) string { return fmt.Sprintf("u%05d", i) }

// tenAtATime asks n questions as Terraform does.
func tenAtATime(n int, ask func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				ask(i)
			}
		})
	}
	wg.Wait()
}

// must fails the test for an error of a step that is not its subject.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// atMost checks how many calls the server has answered.
func atMost(t *testing.T, s *ramserver.Server, most int) {
	t.Helper()
	if all := actions(s); len(all) > most {
		counts := map[string]int{}
		for _, a := range all {
			counts[a]++
		}
		t.Errorf("%d calls, want at most %d: %v", len(all), most, counts)
	}
}

func TestManyUsersAreReadFromOneList(t *testing.T) {
	for _, users := range []int{100, 2500, 5000} {
		t.Run(fmt.Sprint(users), func(t *testing.T) {
			s := accountOf(t, users)
			c := newTestClient(t, s)
			tenAtATime(users, func(i int) {
				if u, err := c.User(t.Context(), userNumber(i), ""); err != nil || u.DisplayName != fmt.Sprint("Number ", i) {
					t.Errorf("got %+v, %v", u, err)
				}
			})
			atMost(t, s, (users+999)/1000+9)
		})
	}
}

func TestOneQuestionAtATimeIsAnsweredFromTheListToo(t *testing.T) {
	s := accountOf(t, 5000)
	c := newTestClient(t, s)
	for i := range 5000 {
		if _, err := c.User(t.Context(), userNumber((i*1237)%5000), ""); err != nil {
			t.Fatal(err)
		}
	}
	atMost(t, s, 5+5+5) // pages, single reads before the first, and in between
}

func TestFewQuestionsDoNotListALargeAccount(t *testing.T) {
	// Besides, the default domain is asked for once.
	for asked, most := range map[int]int{5: 5 + 1, 30: 3*30 + 1} {
		s := accountOf(t, 50_000)
		c := newTestClient(t, s)
		tenAtATime(asked, func(i int) {
			if _, err := c.User(t.Context(), userNumber(i*1237), ""); err != nil {
				t.Error(err)
			}
		})
		atMost(t, s, most)
	}
}

func TestAListThatIsRefusedIsAskedForOnce(t *testing.T) {
	s := accountOf(t, 100)
	s.Intercept = failing("ListUsers", 1000, ramserver.Fault{Status: 403, Code: "NoPermission", Message: "You are not authorized."})
	c := newTestClient(t, s)
	tenAtATime(100, func(i int) {
		if _, err := c.User(t.Context(), userNumber(i), ""); err != nil {
			t.Error(err)
		}
	})
	if n := count(s, "ListUsers"); n != 1 {
		t.Errorf("the list was asked for %d times", n)
	}
}

func TestAThingThatTheListDoesNotShowIsAskedForSingly(t *testing.T) {
	s := accountOf(t, 50)
	c := newTestClient(t, s)
	for i := range 50 {
		_, err := c.User(t.Context(), userNumber(i), "")
		must(t, err)
	}
	_, err := newTestClient(t, s).CreateUser(t.Context(), User{Name: "late"}) // somebody else
	must(t, err)
	if u, err := c.User(t.Context(), "late", ""); err != nil || u.Name != "late" {
		t.Errorf("got %+v, %v", u, err)
	}
	if _, err := c.User(t.Context(), "never", ""); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

// withoutFields takes fields out of the users of a list.
func withoutFields(fields ...string) ramserver.Fault {
	var users []string
	for i := range 20 {
		u := fmt.Sprintf(`{"UserId":"%018d","UserName":"%s","CreateDate":"2026-11-25T08:00:00Z"`, i+1, userNumber(i))
		for _, f := range []string{"DisplayName", "MobilePhone", "Email", "Comments"} {
			if !slices.Contains(fields, f) {
				u += fmt.Sprintf(`,%q:""`, f)
			}
		}
		users = append(users, u+"}")
	}
	return ramserver.Fault{Status: 200, ContentType: "application/json", Body: `{"Users":{"User":[` + strings.Join(users, ",") + `]},"IsTruncated":false}`}
}

func TestAListThatLacksAFieldNeverEmptiesIt(t *testing.T) {
	s := accountOf(t, 20)
	s.Intercept = failing("ListUsers", 1000, withoutFields("DisplayName"))
	c := newTestClient(t, s)
	for i := range 20 {
		u, err := c.User(t.Context(), userNumber(i), "")
		if i%2 == 0 {
			u, err = c.RefreshUser(t.Context(), User{ID: fmt.Sprintf("%018d", i+1), Name: userNumber(i), DisplayName: "before"})
		}
		if err != nil || u.DisplayName == "" {
			t.Errorf("got %+v, %v", u, err)
		}
	}
}

// omitting leaves empty texts out of every answer about users, as a service may.
func omitting(c *Client) {
	single, page := c.users.single, c.users.list.page
	hide := func(u User) User {
		u.shows = 0
		if u.DisplayName != "" {
			u.shows = 1
		}
		return u
	}
	c.users.single = func(ctx context.Context, name string) (User, error) {
		u, err := single(ctx, name)
		return hide(u), err
	}
	c.users.list.page = func(ctx context.Context, marker *string) ([]User, *string, error) {
		users, next, err := page(ctx, marker)
		return convertAll(users, hide), next, err
	}
}

func TestAServiceThatLeavesEmptyTextsOutIsReadFromItsListToo(t *testing.T) {
	s := accountOf(t, 500)
	c := newTestClient(t, s)
	omitting(c)
	for i := range 500 {
		prior := User{ID: fmt.Sprintf("%018d", i+1), Name: userNumber(i), DisplayName: "before"}
		if u, err := c.RefreshUser(t.Context(), prior); err != nil || u.DisplayName == "" || u.Email != "" {
			t.Errorf("got %+v, %v", u, err)
		}
	}
	atMost(t, s, 10)
}

func TestAWriteIsSeenAndEverythingElseStaysKnown(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 100)
	c := newTestClient(t, s)
	ids := make([]string, 100)
	for i := range 100 {
		u, err := c.User(ctx, userNumber(i), "")
		must(t, err)
		ids[i] = u.ID
	}
	_, err := c.UpdateUser(ctx, userNumber(7), ids[7], UserUpdate{Comments: new("changed")})
	must(t, err)
	_, err = c.UpdateUser(ctx, userNumber(8), ids[8], UserUpdate{Name: new("renamed")})
	must(t, err)
	must(t, c.DeleteUser(ctx, userNumber(9)))
	calls := len(actions(s))

	if u, err := c.User(ctx, userNumber(7), ids[7]); err != nil || u.Comments != "changed" {
		t.Errorf("after the update: %+v, %v", u, err)
	}
	if u, err := c.User(ctx, userNumber(8), ids[8]); err != nil || u.Name != "renamed" {
		t.Errorf("after the rename: %+v, %v", u, err)
	}
	if _, err := c.User(ctx, userNumber(9), ids[9]); !IsNotFound(err) {
		t.Errorf("after the deletion: %v", err)
	}
	for i := range 100 {
		if i < 7 || i > 9 {
			_, err := c.User(ctx, userNumber(i), ids[i])
			must(t, err)
		}
	}
	if more := actions(s)[calls:]; len(more) > 1 { // the deleted one is looked for by its id
		t.Errorf("asked again: %v", more)
	}
}

func TestAnAnswerThatAWriteOvertookIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		slow := failing("GetUser", 1, ramserver.Fault{After: true, Delay: time.Minute}) // read now, answered later
		s.Intercept = slow
		c := newTestClient(t, s, func(config *Config) { config.RequestTimeout = time.Hour })
		var early User
		var wg sync.WaitGroup
		wg.Go(func() { early, _ = c.User(t.Context(), userNumber(0), "") })
		time.Sleep(time.Second)
		// The same change by another process: this one's answer would be kept itself.
		_, err := writing(&c.writes, []entity{attributesOf(KindUser, userNumber(0))}, func() (User, error) {
			return c.updateUser(t.Context(), userNumber(0), UserUpdate{Comments: new("changed")})
		}, func(User, uint64) {})
		must(t, err)
		// A question that is asked now neither waits for the early one nor gets its answer.
		started := time.Now()
		u, err := c.User(t.Context(), userNumber(0), "")
		if err != nil || u.Comments != "changed" || time.Since(started) > time.Second {
			t.Errorf("got %+v, %v after %s", u, err, time.Since(started))
		}
		wg.Wait()
		if early.Comments != "" {
			t.Errorf("the early question got %+v; the test proves nothing", early)
		}
		if u, err := c.User(t.Context(), userNumber(0), ""); err != nil || u.Comments != "changed" {
			t.Errorf("after the early answer came: %+v, %v", u, err)
		}
	})
}

func TestAPageThatAWriteOvertookDoesNotHideTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 20)
		c := newTestClient(t, s, func(config *Config) { config.RequestTimeout = time.Hour })
		for i := range 5 {
			_, err := c.User(t.Context(), userNumber(i), "")
			must(t, err)
		}
		s.Intercept = failing("ListUsers", 1, ramserver.Fault{After: true, Delay: time.Minute})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = c.User(t.Context(), userNumber(5), "") })
		time.Sleep(time.Second)
		u, err := newTestClient(t, s).User(t.Context(), userNumber(6), "")
		must(t, err)
		_, err = c.UpdateUser(t.Context(), u.Name, u.ID, UserUpdate{Comments: new("changed")})
		must(t, err)
		wg.Wait()
		if u, err = c.User(t.Context(), userNumber(6), ""); err != nil || u.Comments != "changed" {
			t.Errorf("got %+v, %v", u, err)
		}
		if _, err = c.User(t.Context(), userNumber(7), ""); err != nil || count(s, "GetUser") > 7 {
			t.Errorf("the rest of the page is lost: %v, %v", err, actions(s))
		}
	})
}

func TestEqualQuestionsShareACallThatOneCallerMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.Latency = time.Second
		c := newTestClient(t, s)
		leaving, leave := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, leave)
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				ctx := t.Context()
				if i == 0 {
					ctx = leaving
				}
				_, err := c.User(ctx, userNumber(0), "")
				if i == 0 && !errors.Is(err, context.Canceled) || i > 0 && err != nil {
					t.Errorf("caller %d got %v", i, err)
				}
			})
			synctest.Wait() // the one who leaves has sent the call
		}
		wg.Wait()
		if n := count(s, "GetUser"); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestACallThatNobodyWaitsForEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := accountOf(t, 1)
		s.Latency = time.Second
		c := newTestClient(t, s)
		for range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(500*time.Millisecond, cancel)
			if _, err := c.User(ctx, userNumber(0), ""); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		time.Sleep(time.Minute) // until the server has noticed
		calls := len(s.Calls())
		_, err := c.User(ctx, userNumber(0), "")
		time.Sleep(time.Minute)
		if !errors.Is(err, context.Canceled) || len(s.Calls()) != calls {
			t.Errorf("after an interrupt: %v, %v", err, actions(s))
		}
		if _, err := c.User(t.Context(), userNumber(0), ""); err != nil {
			t.Error(err)
		}
	}) // the bubble fails the test if a goroutine is left
}

func TestKeysOfOneUserShareOneList(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 1)
	other := newTestClient(t, s)
	var ids []string
	for range 2 {
		key, err := other.CreateAccessKey(ctx, userNumber(0))
		must(t, err)
		ids = append(ids, key.ID)
	}
	c := newTestClient(t, s)
	before := len(s.Calls())
	for _, id := range ids {
		_, err := c.AccessKey(ctx, userNumber(0), id)
		must(t, err)
	}
	if n := len(s.Calls()) - before; n != 1 {
		t.Errorf("%d calls for two keys", n)
	}
	must(t, c.SetAccessKeyStatus(ctx, userNumber(0), ids[0], "Inactive"))
	must(t, c.DeleteAccessKey(ctx, userNumber(0), ids[1]))
	if key, err := c.AccessKey(ctx, userNumber(0), ids[0]); err != nil || key.Status != "Inactive" {
		t.Errorf("got %+v, %v", key, err)
	}
	if _, err := c.AccessKey(ctx, userNumber(0), ids[1]); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

// team makes groups with all users of the account in each.
func team(t *testing.T, s *ramserver.Server, users int, groups ...string) {
	t.Helper()
	for _, g := range groups {
		c := newTestClient(t, s)
		_, err := c.CreateGroup(t.Context(), Group{Name: g})
		must(t, err)
		for i := range users {
			_, err := c.AddUserToGroup(t.Context(), userNumber(i), g)
			must(t, err)
		}
	}
}

func TestMembershipsOfAGroupShareItsList(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 1200)
	team(t, s, 1200, "everybody")
	c := newTestClient(t, s)
	before := len(s.Calls())
	tenAtATime(1200, func(i int) {
		if members, err := c.MembersAmong(ctx, "everybody", []string{userNumber(i)}); err != nil || len(members) != 1 {
			t.Errorf("got %v, %v", members, err)
		}
	})
	if n := len(s.Calls()) - before; n > 2 {
		t.Errorf("%d calls for two pages", n)
	}
	must(t, c.RemoveUserFromGroup(ctx, userNumber(3), "everybody"))
	_, err := c.AddUserToGroup(ctx, userNumber(4), "everybody") // already
	must(t, err)
	if members, err := c.MembersAmong(ctx, "everybody", []string{userNumber(3), userNumber(4), userNumber(5)}); err != nil || len(members) != 2 {
		t.Errorf("got %v, %v", members, err)
	}
}

func TestAMembershipThatTheListDoesNotShowIsAskedForSingly(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 3)
	team(t, s, 2, "ops")
	c := newTestClient(t, s)
	_, err := c.MembersAmong(ctx, "ops", []string{userNumber(0)})
	must(t, err)
	_, err = newTestClient(t, s).AddUserToGroup(ctx, userNumber(2), "ops") // somebody else
	must(t, err)
	if members, err := c.MembersAmong(ctx, "ops", []string{userNumber(2), "nobody"}); err != nil || len(members) != 1 {
		t.Errorf("got %v, %v", members, err)
	}
	s.Intercept = failing("ListUsersForGroup", 1000, ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no"})
	if members, err := newTestClient(t, s).MembersAmong(ctx, "ops", []string{userNumber(1), userNumber(2)}); err != nil || len(members) != 2 {
		t.Errorf("without the permission to list: %v, %v", members, err)
	}
}

var systemPolicies = []string{
	"AliyunECSFullAccess", "AliyunECSReadOnlyAccess", "AliyunVPCFullAccess", "AliyunVPCReadOnlyAccess", "AliyunOSSFullAccess",
	"AliyunOSSReadOnlyAccess", "AliyunRDSFullAccess", "AliyunRDSReadOnlyAccess", "AliyunSLBFullAccess", "AliyunSLBReadOnlyAccess",
	"AliyunLogFullAccess", "AliyunLogReadOnlyAccess", "AliyunCDNFullAccess", "AliyunCDNReadOnlyAccess", "AliyunKMSFullAccess",
	"AliyunKMSReadOnlyAccess", "AliyunDNSFullAccess", "AliyunDNSReadOnlyAccess", "AliyunFCFullAccess", "AliyunFCReadOnlyAccess",
}

func TestAttachmentsAreReadByPolicyOrByPrincipalWhicheverIsFewer(t *testing.T) {
	for name, shape := range map[string]struct{ users, policies, each, most int }{
		"many users, few policies":        {users: 200, policies: 4, each: 2, most: 4 + guesses},
		"each user's in a row":            {users: 100, policies: 20, each: 3, most: 20 + guesses},
		"one user, many policies":         {users: 1, policies: 20, each: 20, most: 2},
		"some users, many policies each":  {users: 5, policies: 20, each: 20, most: 5 * 2},
		"many users, many policies each":  {users: 60, policies: 20, each: 10, most: 20 + guesses + 20/worth},
		"as many users as policies, once": {users: 20, policies: 20, each: 1, most: 20},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			s := accountOf(t, shape.users)
			type edge struct{ user, policy int }
			var edges []edge
			other := newTestClient(t, s)
			for u := range shape.users {
				for e := range shape.each {
					edges = append(edges, edge{u, (u*7 + e) % shape.policies})
				}
			}
			for _, e := range edges {
				must(t, other.AttachPolicy(ctx, systemPolicies[e.policy], PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(e.user)}))
			}
			before := len(s.Calls())
			c := newTestClient(t, s)
			for _, e := range edges {
				attached, err := c.PolicyAttached(ctx, systemPolicies[e.policy], PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(e.user)})
				if err != nil || !attached {
					t.Errorf("%v: %v, %v", e, attached, err)
				}
			}
			if n := len(s.Calls()) - before; n > shape.most {
				t.Errorf("one at a time: %d calls, want at most %d", n, shape.most)
			}
			before, c = len(s.Calls()), newTestClient(t, s)
			tenAtATime(len(edges), func(i int) {
				e := edges[i]
				attached, err := c.PolicyAttached(ctx, systemPolicies[e.policy], PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(e.user)})
				if err != nil || !attached {
					t.Errorf("%v: %v, %v", e, attached, err)
				}
			})
			if n := len(s.Calls()) - before; n > shape.most {
				t.Errorf("%d calls, want at most %d", n, shape.most)
			}
		})
	}
}

func TestAnAttachmentThatThePolicyDoesNotShowIsConfirmedByThePrincipal(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 3)
	c := newTestClient(t, s)
	user := func(i int) Principal { return Principal{Kind: KindUser, Name: userNumber(i)} }
	other := newTestClient(t, s)
	must(t, other.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, user(0)))
	if attached, err := c.PolicyAttached(ctx, "readonlyaccess", PolicyTypeSystem, user(0)); err != nil || !attached {
		t.Fatalf("got %v, %v", attached, err)
	}
	must(t, other.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, user(1)))
	for i, want := range []bool{true, true, false} {
		if attached, err := c.PolicyAttached(ctx, "readonlyaccess", PolicyTypeSystem, user(i)); err != nil || attached != want {
			t.Errorf("user %d: %v, %v; want %v", i, attached, err, want)
		}
	}
	must(t, c.DetachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, user(0)))
	must(t, c.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, user(2)))
	for i, want := range []bool{false, true, true} {
		if attached, err := c.PolicyAttached(ctx, "readonlyaccess", PolicyTypeSystem, user(i)); err != nil || attached != want {
			t.Errorf("after the writes, user %d: %v, %v; want %v", i, attached, err, want)
		}
	}
	s.Intercept = failing("ListEntitiesForPolicy", 1000, ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no"})
	c = newTestClient(t, s)
	for i, want := range []bool{false, true, true} {
		if attached, err := c.PolicyAttached(ctx, "ReadOnlyAccess", PolicyTypeSystem, user(i)); err != nil || attached != want {
			t.Errorf("without the permission, user %d: %v, %v; want %v", i, attached, err, want)
		}
	}
	if n := count(s, "ListEntitiesForPolicy"); n > 3 {
		t.Errorf("the refused list was asked for again: %v", actions(s))
	}
	if _, err := c.PolicyAttached(ctx, "ReadOnlyAccess", PolicyTypeSystem, Principal{Kind: KindUser, Name: "nobody"}); !IsNotFound(err) {
		t.Errorf("a user who does not exist: %v", err)
	}
}

func TestCreatingCostsOneCallForEachThing(t *testing.T) {
	ctx := t.Context()
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	const people = 100
	_, err := c.CreateGroup(ctx, Group{Name: "staff"})
	must(t, err)
	tenAtATime(people, func(i int) {
		name := userNumber(i)
		_, err := c.CreateUser(ctx, User{Name: name})
		must(t, err)
		owner, err := c.PrincipalByName(ctx, KindUser, name)
		must(t, err)
		_, err = c.CreateLoginProfile(ctx, name, LoginProfileInput{Password: "An-1nitial-Passw0rd!"})
		must(t, err)
		_, err = c.CreateAccessKey(ctx, name)
		must(t, err)
		_, err = c.AddUserToGroup(ctx, name, "staff")
		must(t, err)
		must(t, c.AttachPolicy(ctx, "ReadOnlyAccess", PolicyTypeSystem, owner))
	})
	atMost(t, s, 1+5*people+1) // and the default domain
}

func TestAPageThatLagsDoesNotUndoWhatThisRunWrote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s := accountOf(t, 20)
		c := newTestClient(t, s)
		var ids []string
		for i := range 5 { // singly
			u, err := c.User(ctx, userNumber(i), "")
			must(t, err)
			ids = append(ids, u.ID)
		}
		s.StaleReads = time.Minute
		_, err := c.UpdateUser(ctx, userNumber(0), ids[0], UserUpdate{Comments: new("changed")})
		must(t, err)
		_, err = c.UpdateUser(ctx, userNumber(1), ids[1], UserUpdate{Name: new("renamed")})
		must(t, err)
		must(t, c.DeleteUser(ctx, userNumber(2)))
		_, err = c.User(ctx, userNumber(5), "") // reads the list, as it was
		must(t, err)
		if count(s, "ListUsers") != 1 {
			t.Fatalf("the list was not read: %v", actions(s))
		}
		if u, err := c.User(ctx, userNumber(0), ""); err != nil || u.Comments != "changed" {
			t.Errorf("the update: %+v, %v", u, err)
		}
		if p, err := c.PrincipalByID(ctx, KindUser, ids[1]); err != nil || p.Name != "renamed" {
			t.Errorf("the rename: %+v, %v", p, err)
		}
		if u, err := c.User(ctx, userNumber(2), ""); !IsNotFound(err) {
			t.Errorf("the deletion: %+v, %v", u, err)
		}
	})
}

func TestAChangeUnderAnotherSpellingLeavesTheThingThere(t *testing.T) {
	ctx := t.Context()
	c := newTestClient(t, accountOf(t, 1))
	u, err := c.User(ctx, userNumber(0), "")
	must(t, err)
	_, err = c.UpdateUser(ctx, "U00000", u.ID, UserUpdate{Comments: new("changed")})
	must(t, err)
	for _, name := range []string{"U00000", userNumber(0)} {
		if u, err := c.User(ctx, name, ""); err != nil || u.Comments != "changed" {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
	_, err = c.UpdateUser(ctx, userNumber(0), u.ID, UserUpdate{Name: new("U00000")})
	must(t, err)
	if u, err := c.User(ctx, "U00000", u.ID); err != nil || u.Name != "U00000" {
		t.Errorf("after a rename to another spelling: %+v, %v", u, err)
	}
}

func TestAMissingUserDoesNotCountAsManyQuestions(t *testing.T) {
	s := accountOf(t, 50_000)
	c := newTestClient(t, s)
	for range 20 { // as resources of the same user do
		for i := range 4 {
			_, err := c.User(t.Context(), userNumber(i), "")
			must(t, err)
		}
		if _, err := c.User(t.Context(), "never", "999"); !IsNotFound(err) {
			t.Error(err)
		}
	}
	if n := count(s, "ListUsers"); n > 0 {
		t.Errorf("the account was listed for five users: %d pages", n)
	}
}

func TestARefusalOfListsComesOnce(t *testing.T) {
	ctx := t.Context()
	s := accountOf(t, 10)
	groups := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	team(t, s, 1, groups...)
	refused := ramserver.Fault{Status: 403, Code: "NoPermission", Message: "no"}
	s.Intercept = interceptors(failing("ListUsersForGroup", 1000, refused), failing("ListEntitiesForPolicy", 1000, refused))
	c := newTestClient(t, s)
	tenAtATime(10, func(i int) {
		if members, err := c.MembersAmong(ctx, groups[i], []string{userNumber(0)}); err != nil || len(members) != 1 {
			t.Errorf("got %v, %v", members, err)
		}
		if attached, err := c.PolicyAttached(ctx, systemPolicies[i], PolicyTypeSystem, Principal{Kind: KindUser, Name: userNumber(i)}); err != nil || attached {
			t.Errorf("got %v, %v", attached, err)
		}
	})
	if members, entities := count(s, "ListUsersForGroup"), count(s, "ListEntitiesForPolicy"); members != 1 || entities != 1 {
		t.Errorf("%d refusals of members, %d of entities", members, entities)
	}
}

func TestAListThatFailsOnceIsReadAllTheSame(t *testing.T) {
	s := accountOf(t, 300)
	s.Intercept = failing("ListUsers", 1, ramserver.Fault{Status: 503, Code: "ServiceUnavailable", Message: "later"})
	c := newTestClient(t, s, func(config *Config) { config.MaxRetries = new(0) })
	for i := range 300 {
		_, err := c.User(t.Context(), userNumber(i), "")
		must(t, err)
	}
	atMost(t, s, 10)
}

func TestADateOfTheFutureIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, accountOf(t, 1))
		c.Recall(KindUser, "gone", time.Now().Add(10*time.Minute).UTC().Format(time.RFC3339))
		started := time.Now()
		if _, err := c.User(t.Context(), "gone", ""); !IsNotFound(err) || time.Since(started) > time.Second {
			t.Errorf("got %v after %s", err, time.Since(started))
		}
	})
}

func TestAttachmentsStayWithinTheirBoundWhateverIsAsked(t *testing.T) {
	ctx := t.Context()
	const roles, each = 16, 10
	s := &ramserver.Server{}
	other := newTestClient(t, s)
	role := func(i int) Principal { return Principal{Kind: KindRole, Name: fmt.Sprint("role", i/each)} }
	group := func(i int) Principal { return Principal{Kind: KindGroup, Name: fmt.Sprint("group", i)} }
	policy := func(i int) string { return fmt.Sprint("policy", i) }
	for i := range roles * each {
		if i%each == 0 {
			_, err := other.CreateRole(ctx, Role{Name: role(i).Name, AssumeRolePolicyDocument: trustEverybody})
			must(t, err)
		}
		_, err := other.CreateGroup(ctx, Group{Name: group(i).Name})
		must(t, err)
		_, err = other.CreatePolicy(ctx, Policy{Name: policy(i), Document: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:Get*","Resource":"*"}]}`})
		must(t, err)
		must(t, other.AttachPolicy(ctx, policy(i), PolicyTypeCustom, role(i)))
		must(t, other.AttachPolicy(ctx, policy(i), PolicyTypeCustom, group(i)))
	}
	before := len(s.Calls())
	c := newTestClient(t, s)
	// First every role's policies, which looks as if roles were the fewer; then
	// each policy's group.
	for _, principal := range []func(int) Principal{role, group} {
		for i := range roles * each {
			if attached, err := c.PolicyAttached(ctx, policy(i), PolicyTypeCustom, principal(i)); err != nil || !attached {
				t.Errorf("%d: %v, %v", i, attached, err)
			}
		}
	}
	if n := len(s.Calls()) - before; n > roles*each+2*guesses {
		t.Errorf("%d calls for %d policies", n, roles*each)
	}
}

// BenchmarkKnown asks what is known already: what Terraform asks most.
func BenchmarkKnown(b *testing.B) {
	const users = 5000
	s := accountOf(b, users)
	c := newTestClient(b, s)
	alice := Principal{Kind: KindUser, Name: userNumber(0)}
	if err := c.AttachPolicy(b.Context(), "ReadOnlyAccess", PolicyTypeSystem, alice); err != nil {
		b.Fatal(err)
	}
	for i := range users {
		if _, err := c.User(b.Context(), userNumber(i), ""); err != nil {
			b.Fatal(err)
		}
	}
	calls := len(s.Calls())
	b.Run("user", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := c.User(b.Context(), userNumber(i%users), ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("attachment", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if attached, err := c.PolicyAttached(b.Context(), "ReadOnlyAccess", PolicyTypeSystem, alice); err != nil || !attached {
				b.Fatal(attached, err)
			}
		}
	})
	if n := len(s.Calls()) - calls; n > 0 {
		b.Errorf("%d calls for what is known", n)
	}
}
