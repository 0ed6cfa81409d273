package ramserver

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadsShowAWriteSomeTimeAfterIt(t *testing.T) {
	var (
		user     = step{"CreateUser", "UserName=alice&Comments=old", "200"}
		group    = step{"CreateGroup", "GroupName=ops", "200"}
		role     = step{"CreateRole", "RoleName=deployer&" + trustDoc, "200"}
		policy   = step{"CreatePolicy", "PolicyName=narrow&" + policyDoc, "200"}
		member   = step{"AddUserToGroup", "UserName=alice&GroupName=ops", "200"}
		attached = step{"AttachPolicyToUser", "PolicyType=Custom&PolicyName=narrow&UserName=alice", "200"}
		tagged   = step{"TagResources", "ResourceType=role&ResourceNames=" + url.QueryEscape(`["deployer"]`) +
			"&Tag=" + url.QueryEscape(`[{"Key":"team","Value":"ops"}]`), "200"}
	)
	for name, tt := range map[string]struct {
		before     []step
		write      step
		read       step   // what it wants is not looked at
		old, fresh string // what the answer contains at first, and then
	}{
		"user created": {
			nil, user,
			step{action: "GetUser", query: "UserName=alice"},
			"EntityNotExist.User", `"UserName":"alice"`,
		},
		"user created, in IMS": {
			nil, user,
			step{action: "ims GetUser", query: "UserPrincipalName=alice@1234567890123456.onaliyun.com"},
			"EntityNotExist.User", `"UserName":"alice"`,
		},
		"user updated": {
			[]step{user},
			step{"UpdateUser", "UserName=alice&NewComments=new", "200"},
			step{action: "GetUser", query: "UserName=alice"},
			`"Comments":"old"`, `"Comments":"new"`,
		},
		"user renamed": {
			[]step{user},
			step{"UpdateUser", "UserName=alice&NewUserName=bob", "200"},
			step{action: "ListUsers"},
			"alice", "bob",
		},
		"user deleted": {
			[]step{user},
			step{"DeleteUser", "UserName=alice", "200"},
			step{action: "GetUser", query: "UserName=alice"},
			`"UserName":"alice"`, "EntityNotExist.User",
		},
		"login profile created": {
			[]step{user},
			step{"CreateLoginProfile", "UserName=alice&Password=longenough", "200"},
			step{action: "GetLoginProfile", query: "UserName=alice"},
			"EntityNotExist.User.LoginProfile", `"UserName":"alice"`,
		},
		"group created": {
			nil, group,
			step{action: "ListGroups"},
			`"Group":[]`, "ops",
		},
		"member added": {
			[]step{user, group},
			member,
			step{action: "ListUsersForGroup", query: "GroupName=ops"},
			`"User":[]`, "alice",
		},
		"member removed": {
			[]step{user, group, member},
			step{"RemoveUserFromGroup", "UserName=alice&GroupName=ops", "200"},
			step{action: "ListGroupsForUser", query: "UserName=alice"},
			"ops", `"Group":[]`,
		},
		"policy attached": {
			[]step{user, policy},
			attached,
			step{action: "ListPoliciesForUser", query: "UserName=alice"},
			`"Policy":[]`, "narrow",
		},
		"policy detached": {
			[]step{user, policy, attached},
			step{"DetachPolicyFromUser", "PolicyType=Custom&PolicyName=narrow&UserName=alice", "200"},
			step{action: "ListEntitiesForPolicy", query: "PolicyType=Custom&PolicyName=narrow"},
			"alice", `"User":[]`,
		},
		"policy attached in a resource group": {
			[]step{user},
			step{"rm AttachPolicy", granted(DefaultResourceGroupID, "IMSUser", "alice"+ofDomain), "200"},
			step{action: "rm ListPolicyAttachments", query: "ResourceGroupId=" + DefaultResourceGroupID},
			`"PolicyAttachment":[]`, "ReadOnlyAccess",
		},
		"service-linked role created": {
			nil,
			step{"rm CreateServiceLinkedRole", "ServiceName=hdr.aliyuncs.com", "200"},
			step{action: "GetRole", query: "RoleName=AliyunServiceRoleForHdr"},
			"EntityNotExist.Role", "hdr.aliyuncs.com",
		},
		"policy version created": {
			[]step{policy},
			step{"CreatePolicyVersion", "PolicyName=narrow&SetAsDefault=true&" + policyDoc, "200"},
			step{action: "GetPolicy", query: "PolicyType=Custom&PolicyName=narrow"},
			`"DefaultVersion":"v1"`, `"DefaultVersion":"v2"`,
		},
		"role updated": {
			[]step{role},
			step{"UpdateRole", "RoleName=deployer&NewMaxSessionDuration=7200", "200"},
			step{action: "GetRole", query: "RoleName=deployer"},
			`"MaxSessionDuration":3600`, `"MaxSessionDuration":7200`,
		},
		"role tagged": {
			[]step{role},
			tagged,
			step{action: "ListTagResources", query: "ResourceType=role"},
			`"TagResources":[]`, "team",
		},
		"alias set": {
			nil,
			step{"SetAccountAlias", "AccountAlias=example", "200"},
			step{action: "GetAccountAlias"},
			`"AccountAlias":""`, "example",
		},
		"password policy set": {
			nil,
			step{"SetPasswordPolicy", "MinimumPasswordLength=12", "200"},
			step{action: "GetPasswordPolicy"},
			`"MinimumPasswordLength":8`, `"MinimumPasswordLength":12`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
			s := Server{StaleReads: 2 * time.Second, Now: func() time.Time { return now }}
			play(t, &s, tt.before...)
			now = now.Add(s.StaleReads)
			play(t, &s, tt.write)
			for _, at := range []struct {
				after         time.Duration
				want, wantNot string
			}{
				{0, tt.old, tt.fresh},
				{1999 * time.Millisecond, tt.old, tt.fresh},
				{time.Millisecond, tt.fresh, tt.old},
			} {
				now = now.Add(at.after)
				_, b := rootClient(t, &s).take(tt.read)
				got, err := json.Marshal(b)
				if err != nil {
					t.Fatal(err)
				}
				if got := string(got); !strings.Contains(got, at.want) || strings.Contains(got, at.wantNot) {
					t.Errorf("another %v later: got %s, want %s", at.after, got, at.want)
				}
			}
		})
	}
}

func TestEachOfSeveralWritesShowsInItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Server{StaleReads: 2 * time.Second}
		comments := func() any { return rootClient(t, &s).ram("GetUser", "UserName=alice").at("User.Comments") }
		play(t, &s, step{"CreateUser", "UserName=alice&Comments=first", "200"})
		time.Sleep(time.Second)
		play(t, &s, step{"UpdateUser", "UserName=alice&NewComments=second", "200"})
		time.Sleep(time.Second)
		play(t, &s, step{"UpdateUser", "UserName=alice&NewComments=third", "200"})
		for _, want := range []string{"first", "second", "third"} {
			if got := comments(); got != want {
				t.Errorf("the comments are %q, want %q", got, want)
			}
			time.Sleep(time.Second)
		}
		if n := len(s.past); n != 0 {
			t.Errorf("%d copies of the account are left", n)
		}
	})
}

func TestWritesAndCallersAreNotStale(t *testing.T) {
	s := Server{StaleReads: time.Hour}
	play(
		t, &s,
		step{"CreateUser", "UserName=alice", "200"},
		step{"CreateUser", "UserName=alice", "409 EntityAlreadyExists.User"},
		step{"GetUser", "UserName=alice", "404 EntityNotExist.User"},
		step{"UpdateUser", "UserName=alice&NewComments=x", "200"},
	)
	key := rootClient(t, &s).ram("CreateAccessKey", "UserName=alice")
	alice := &testClient{t: t, s: &s, id: key.text("AccessKey.AccessKeyId"), secret: key.text("AccessKey.AccessKeySecret")}
	if arn := alice.sts("GetCallerIdentity").text("Arn"); arn != s.arn("user/alice") {
		t.Errorf("the caller is %s", arn)
	}
	if keys := alice.ram("ListAccessKeys").list("AccessKeys.AccessKey"); len(keys) != 0 {
		t.Errorf("the new key is listed: %v", keys)
	}
	if got := s.userNamed("alice"); got == nil || got.Comments != "x" {
		t.Errorf("a read has left an older account behind: %+v", got)
	}
}

func TestNoCopiesAreKeptWhenNothingIsHidden(t *testing.T) {
	s := Server{}
	play(t, &s, step{"CreateUser", "UserName=alice", "200"})
	if len(s.past) != 0 {
		t.Error("without StaleReads there are copies of the account")
	}
	s = Server{StaleReads: time.Hour}
	play(
		t, &s,
		step{"DeleteUser", "UserName=alice", "404 EntityNotExist.User"},
		step{"sts GetCallerIdentity", "", "200"},
		step{"ListUsers", "", "200"},
	)
	if len(s.past) != 0 {
		t.Error("what changed nothing has left copies of the account")
	}
}

func TestACopyOfTheAccountIsEqualAndSharesNothing(t *testing.T) {
	s := everything(t)
	s.Unsure.LateVisibility = true // which is not in JSON
	play(t, s, step{"CreateGroup", "GroupName=newborn", "200"})
	clone := s.state.clone()
	s.makeIndex(&clone)
	if !reflect.DeepEqual(clone, s.state) {
		t.Error("the copy differs")
	}
	if empty := (state{}).clone(); empty.PasswordPolicy != nil || empty.SecurityPreference != nil {
		t.Error("the copy of nothing is something")
	}
	shared(t, "state", reflect.ValueOf(s.state), reflect.ValueOf(clone))
}

// shared complains of what two equal values have in common, other than what cannot change.
func shared(t *testing.T, path string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if a.IsNil() || a.Kind() == reflect.Slice && a.Cap() == 0 {
			return
		}
		if a.UnsafePointer() == b.UnsafePointer() {
			t.Errorf("%s is shared", path)
			return
		}
	}
	switch a.Kind() {
	case reflect.Pointer:
		shared(t, path, a.Elem(), b.Elem())
	case reflect.Map:
		for _, key := range a.MapKeys() {
			shared(t, path+"["+key.String()+"]", a.MapIndex(key), b.MapIndex(key))
		}
	case reflect.Slice:
		for i := range a.Len() {
			shared(t, path+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range a.NumField() {
			shared(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	}
}
