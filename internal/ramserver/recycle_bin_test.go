package ramserver

import (
	"slices"
	"testing"
	"time"
)

// ids returns a field of everything in a list, sorted.
func ids(b body, list, field string) []string {
	all := []string{}
	for _, entry := range b.list(list) {
		id, _ := entry.(map[string]any)[field].(string)
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// newKey makes a key of the user and returns its id.
func (c *testClient) newKey(userName string) string {
	c.t.Helper()
	return c.ram("CreateAccessKey", "UserName="+userName).text("AccessKey.AccessKeyId")
}

func (c *testClient) deleteKey(userName, id string) {
	c.t.Helper()
	c.ram("DeleteAccessKey", "UserName="+userName, "UserAccessKeyId="+id)
}

func TestADeletedUserIsRestoredWithItsIdentityAndPasswordOnly(t *testing.T) {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := Server{Now: func() time.Time { return now }, Unsure: Unsure{DeleteUserTakesAll: true}}
	c := rootClient(t, &s)
	const upn = "alice@1234567890123456.onaliyun.com"
	id := c.ims("CreateUser", "UserPrincipalName="+upn, "DisplayName=Alice", "Comments=x", "Tag.1.Key=team", "Tag.1.Value=ops").text("User.UserId")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	bindDevice(t, &s, c, "alice")
	key := c.newKey("alice")
	now = now.Add(time.Hour)
	c.ram("DeleteUser", "UserName=alice")

	c.refused(404, "EntityNotExist.User", ramVersion, "GetUser", "UserName=alice")
	for _, b := range []body{c.ims("GetUserInRecycleBin", "UserId="+id), c.ims("GetUserInRecycleBin", "UserAccessKeyId="+key)} {
		for field, want := range map[string]string{
			"UserId": id, "UserPrincipalName": upn, "DisplayName": "Alice",
			"CreateDate": "2026-03-01T12:00:00Z", "RecycleDate": "2026-03-01T13:00:00Z", "DeleteDate": "2026-03-31T13:00:00Z",
		} {
			if got := b.text("User." + field); got != want {
				t.Errorf("%s is %q, want %q", field, got, want)
			}
		}
	}
	info := c.ims("GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+key)
	if info.text("AccessKey.UserId") != id || info.text("AccessKey.UserPrincipalName") != upn || info.at("AccessKey.UserRecycled") != true {
		t.Errorf("the key: %v", info)
	}
	c.refused(404, "EntityNotExist.User", imsVersion, "RestoreAccessKeyFromRecycleBin", "UserId="+id, "UserAccessKeyId="+key)

	c.ims("RestoreUserFromRecycleBin", "UserId="+id)
	u := c.ims("GetUser", "UserId="+id)
	if u.text("User.UserName") != "alice" || u.text("User.DisplayName") != "Alice" || u.text("User.CreateDate") != "2026-03-01T12:00:00Z" {
		t.Errorf("restored: %v", u)
	}
	if u.text("User.Comments") != "" || len(u.list("User.Tags.Tag")) != 0 || s.deviceOf(s.userNamed("alice")) != nil {
		t.Errorf("something is back that is lost: %v", u)
	}
	if !s.CheckPassword("alice", "longenough") {
		t.Error("the password is lost")
	}
	if keys := c.ram("ListAccessKeys", "UserName=alice").list("AccessKeys.AccessKey"); len(keys) != 0 {
		t.Errorf("the keys came back by themselves: %v", keys)
	}
	if info := c.ims("GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+key); info.at("AccessKey.UserRecycled") != false {
		t.Errorf("the key of the restored user: %v", info)
	}
	c.ims("RestoreAccessKeyFromRecycleBin", "UserId="+id, "UserAccessKeyId="+key)
	if got := ids(c.ram("ListAccessKeys", "UserName=alice"), "AccessKeys.AccessKey", "AccessKeyId"); !slices.Equal(got, []string{key}) {
		t.Errorf("keys: %v", got)
	}
	c.refused(404, "EntityNotExist.User", imsVersion, "GetUserInRecycleBin", "UserId="+id)
}

func TestARestoredKeyIsActiveAndSigns(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	made := c.ram("CreateAccessKey", "UserName=alice")
	key := made.text("AccessKey.AccessKeyId")
	alice := testClient{t, &s, key, made.text("AccessKey.AccessKeySecret"), ""}
	c.ram("UpdateAccessKey", "UserName=alice", "UserAccessKeyId="+key, "Status=Inactive")
	c.deleteKey("alice", key)
	alice.refused(404, "InvalidAccessKeyId.NotFound", stsVersion, "GetCallerIdentity")
	c.ims("RestoreAccessKeyFromRecycleBin", "UserId="+id, "UserAccessKeyId="+key)
	if arn := alice.sts("GetCallerIdentity").text("Arn"); arn != s.arn("user/alice") {
		t.Errorf("the key is of %s", arn)
	}
}

func TestRecycleBinCodes(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	other := c.ram("CreateUser", "UserName=bob").text("User.UserId")
	key := c.newKey("alice")
	c.deleteKey("alice", key)
	c.newKey("alice")
	c.newKey("alice")
	own := "UserId=" + id + "&UserAccessKeyId=" + key
	play(
		t, &s,
		step{"ims ListUsersInRecycleBin", "MaxItems=101", "400 InvalidParameter.MaxItems"},
		step{"ims ListUsersInRecycleBin", "Filter=alice", "400 InvalidParameter.Filter.Format"},
		step{"ims GetUserInRecycleBin", "", "400 MissingUserId"},
		step{"ims GetUserInRecycleBin", own, "400 InvalidParameter.UserAccessKeyId.Format"},
		step{"ims GetUserInRecycleBin", "UserId=" + id, "404 EntityNotExist.User"},
		step{"ims GetUserInRecycleBin", "UserAccessKeyId=" + key, "404 EntityNotExist.User"},
		step{"ims GetUserInRecycleBin", "UserAccessKeyId=none", "404 EntityNotExist.User.AccessKey"},
		step{"ims RestoreUserFromRecycleBin", "", "400 MissingUserId"},
		step{"ims RestoreUserFromRecycleBin", "UserId=" + id, "404 EntityNotExist.User"},
		step{"ims DeleteUserInRecycleBin", "UserId=" + id, "404 EntityNotExist.User"},
		step{"ims ListAccessKeysInRecycleBin", "", "400 MissingUserId"},
		step{"ims ListAccessKeysInRecycleBin", "UserId=9", "404 EntityNotExist.User"},
		step{"ims GetAccessKeyInfoInRecycleBin", "", "400 MissingUserAccessKeyId"},
		step{"ims GetAccessKeyInfoInRecycleBin", "UserAccessKeyId=none", "404 EntityNotExist.User.AccessKey"},
		step{"ims RestoreAccessKeyFromRecycleBin", "UserId=" + id, "400 MissingUserAccessKeyId"},
		step{"ims RestoreAccessKeyFromRecycleBin", "UserAccessKeyId=" + key, "400 MissingUserId"},
		step{"ims RestoreAccessKeyFromRecycleBin", "UserId=" + other + "&UserAccessKeyId=" + key, "404 EntityNotExist.User.AccessKey"},
		step{"ims RestoreAccessKeyFromRecycleBin", own, "409 LimitExceeded.User.AccessKey"},
		step{"ims DeleteAccessKeyInRecycleBin", own, "200"},
		step{"ims DeleteAccessKeyInRecycleBin", own, "404 EntityNotExist.User.AccessKey"},
		step{"DeleteUser", "UserName=bob", "200"},
		step{"CreateUser", "UserName=Bob", "200"},
		step{"ims RestoreUserFromRecycleBin", "UserId=" + other, "409 EntityAlreadyExists.User"},
		step{"DeleteUser", "UserName=bob", "200"},
		step{"ims RestoreUserFromRecycleBin", "UserId=" + other, "200"},
		step{"ims RestoreUserFromRecycleBin", "UserId=" + other, "404 EntityNotExist.User"},
	)
}

func TestAFullAccountTakesNoUserBack(t *testing.T) {
	s := Server{Quotas: Quotas{Users: 1}}
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	play(
		t, &s,
		step{"DeleteUser", "UserName=alice", "200"},
		step{"CreateUser", "UserName=bob", "200"},
		step{"ims RestoreUserFromRecycleBin", "UserId=" + id, "409 LimitExceeded.User"},
		step{"ims GetUserInRecycleBin", "UserId=" + id, "200"},
	)
}

func TestAUserAsksAboutItsOwnKeysInTheRecycleBin(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	made := c.ram("CreateAccessKey", "UserName=alice")
	alice := testClient{t, &s, made.text("AccessKey.AccessKeyId"), made.text("AccessKey.AccessKeySecret"), ""}
	key := c.newKey("alice")
	c.deleteKey("alice", key)
	if got := ids(alice.ims("ListAccessKeysInRecycleBin"), "AccessKeys.AccessKey", "AccessKeyId"); !slices.Equal(got, []string{key}) {
		t.Errorf("keys in the bin: %v", got)
	}
	alice.ims("DeleteAccessKeyInRecycleBin", "UserAccessKeyId="+key)
}

func TestUsersInTheRecycleBinAreListedInPagesAndByName(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	for _, name := range []string{"bob", "alice", "alice", "carol"} {
		c.ram("CreateUser", "UserName="+name)
		c.ram("DeleteUser", "UserName="+name)
	}
	var names []string
	for marker := ""; ; {
		b := c.ims("ListUsersInRecycleBin", "MaxItems=3", "Marker="+marker)
		names = append(names, ids(b, "Users.User", "UserPrincipalName")...)
		if marker = b.text("Marker"); marker == "" {
			break
		}
	}
	const domain = "@1234567890123456.onaliyun.com"
	if want := []string{"alice" + domain, "alice" + domain, "bob" + domain, "carol" + domain}; !slices.Equal(names, want) {
		t.Errorf("in the bin: %v", names)
	}
	if got := c.ims("ListUsersInRecycleBin", "Filter=UserPrincipalName eq ALICE"+domain).list("Users.User"); len(got) != 2 {
		t.Errorf("called alice: %v", got)
	}
	if got := c.ims("ListUsersInRecycleBin", "Filter=UserPrincipalName eq dave"+domain).list("Users.User"); len(got) != 0 {
		t.Errorf("called dave: %v", got)
	}
}

func TestAFullRecycleBinPurgesTheEarliestOrRefuses(t *testing.T) {
	for _, refuses := range []bool{false, true} {
		now := time.Now()
		s := Server{
			Now: func() time.Time { return now }, Quotas: Quotas{RecycledUsers: 2},
			Unsure: Unsure{FullBinRefuses: refuses},
		}
		c := rootClient(t, &s)
		var users, keys []string
		for _, name := range []string{"zoe", "bob", "alice"} { // not in the order of names
			users = append(users, c.ram("CreateUser", "UserName="+name).text("User.UserId"))
		}
		alice := users[2]
		for range 3 {
			now = now.Add(time.Second)
			keys = append(keys, c.newKey("alice"))
			c.deleteKey("alice", keys[len(keys)-1])
		}
		last := c.newKey("alice")
		want := append(slices.Clone(keys[1:]), last)
		if refuses {
			want = keys
			c.refused(409, "LimitExceeded.RecycleBin.User.AccessKey", ramVersion, "DeleteAccessKey", "UserName=alice", "UserAccessKeyId="+last)
			c.ram("ListAccessKeys", "UserName=alice")
		} else {
			now = now.Add(time.Second)
			c.deleteKey("alice", last)
		}
		slices.Sort(want)
		if got := ids(c.ims("ListAccessKeysInRecycleBin", "UserId="+alice), "AccessKeys.AccessKey", "AccessKeyId"); !slices.Equal(got, want) {
			t.Errorf("refuses: %v: keys in the bin: %v, want %v", refuses, got, want)
		}
		if refuses {
			c.ims("DeleteAccessKeyInRecycleBin", "UserId="+alice, "UserAccessKeyId="+keys[0])
			c.deleteKey("alice", last)
		}

		for _, name := range []string{"zoe", "bob"} {
			now = now.Add(time.Second)
			c.ram("DeleteUser", "UserName="+name)
		}
		now = now.Add(time.Second)
		want = users[1:]
		if refuses {
			want = users[:2]
			c.refused(409, "LimitExceeded.RecycleBin.User", ramVersion, "DeleteUser", "UserName=alice")
			c.ram("GetUser", "UserName=alice")
		} else {
			c.ram("DeleteUser", "UserName=alice")
		}
		want = slices.Sorted(slices.Values(want))
		if got := ids(c.ims("ListUsersInRecycleBin"), "Users.User", "UserId"); !slices.Equal(got, want) {
			t.Errorf("refuses: %v: users in the bin: %v, want %v", refuses, got, want)
		}
	}
}

func TestWhatIsInTheRecycleBinIsPurgedAfterThirtyDays(t *testing.T) {
	now := time.Now()
	s := Server{Now: func() time.Time { return now }}
	c := rootClient(t, &s)
	gone := c.ram("CreateUser", "UserName=bob").text("User.UserId")
	bobs := c.newKey("bob")
	c.deleteKey("bob", bobs)
	c.ram("CreateUser", "UserName=alice")
	alices := c.newKey("alice")
	now = now.Add(time.Hour)
	c.deleteKey("alice", alices)
	c.ram("DeleteUser", "UserName=bob")

	now = now.Add(30*24*time.Hour - time.Second)
	c.ims("GetUserInRecycleBin", "UserId="+gone)
	c.ims("GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+alices)
	c.refused(404, "EntityNotExist.User.AccessKey", imsVersion, "GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+bobs)
	now = now.Add(time.Second)
	c.refused(404, "EntityNotExist.User", imsVersion, "GetUserInRecycleBin", "UserId="+gone)
	c.refused(404, "EntityNotExist.User.AccessKey", imsVersion, "GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+alices)
	if len(s.state.RecycledUsers)+len(s.state.RecycledKeys) != 0 {
		t.Error("the bins are not empty")
	}
}

func TestAPurgedUserTakesItsKeysAlong(t *testing.T) {
	s := Server{Unsure: Unsure{DeleteUserTakesAll: true}}
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	key := c.newKey("alice")
	c.ram("DeleteUser", "UserName=alice")
	c.ims("DeleteUserInRecycleBin", "UserId="+id)
	c.refused(404, "EntityNotExist.User.AccessKey", imsVersion, "GetAccessKeyInfoInRecycleBin", "UserAccessKeyId="+key)
}

func TestNamesAndKeysInTheRecycleBinMayCount(t *testing.T) {
	for _, counts := range []bool{false, true} {
		s := Server{Unsure: Unsure{RecycledNamesTaken: counts, RecycledKeysCount: counts}}
		c := rootClient(t, &s)
		c.ram("CreateUser", "UserName=alice")
		c.ram("DeleteUser", "UserName=alice")
		c.ram("CreateUser", "UserName=bob")
		for range 2 {
			c.deleteKey("bob", c.newKey("bob"))
		}
		name, key := "200", "200"
		if counts {
			name, key = "409 EntityAlreadyExists.User", "409 LimitExceeded.User.AccessKey"
		}
		play(
			t, &s,
			step{"UpdateUser", "UserName=bob&NewUserName=BOB", "200"},
			step{"CreateAccessKey", "UserName=bob", key},
			step{"UpdateUser", "UserName=bob&NewUserName=Alice", name},
		)
	}
}

func TestDeletionMayBeForGood(t *testing.T) {
	s := Server{Unsure: AllUnsure()}
	s.Unsure.LateVisibility = false
	c := rootClient(t, &s)
	for range 4 {
		c.ram("CreateUser", "UserName=alice")
		c.deleteKey("alice", c.newKey("alice"))
		c.ram("DeleteUser", "UserName=alice")
	}
	if b := c.ims("ListUsersInRecycleBin"); len(b.list("Users.User")) != 0 {
		t.Errorf("in the bin: %v", b)
	}
	if len(s.state.RecycledKeys) != 0 {
		t.Error("keys are in the bin")
	}
}
