package ramserver

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheIndexIsRightWhateverIsCalled(t *testing.T) {
	for name, s := range map[string]*Server{
		"as it is":       {},
		"case counts":    {Unsure: Unsure{CaseSensitiveNames: true, ListsReversed: true}},
		"users take all": {Unsure: Unsure{DeleteUserTakesAll: true}},
		"stale reads":    {StaleReads: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			s.Now = func() time.Time { return now }
			s.Quotas = Quotas{CustomPoliciesEach: 1, GroupsPerUser: 2, AccessKeysPerUser: 1} // or there is seldom one to delete
			c := rootClient(t, s)
			succeeded := map[string]bool{}
			for i := range 4000 {
				now = now.Add(time.Second)
				st := randomStep(s)
				if status, _ := c.take(st); status == 200 {
					succeeded[st.action] = true
				}
				if !indexIsRight(s, s.state) || len(s.past) > 0 && !indexIsRight(s, s.past[0].state) {
					t.Fatalf("the index is wrong after call %d, %s %s", i, st.action, st.query)
				}
				if i == 2000 {
					if err := s.Load([]byte(save(t, s))); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, st := range indexedSteps {
				if !succeeded[st.action] {
					t.Errorf("%s has never succeeded", st.action)
				}
			}
		})
	}
}

// indexIsRight reports whether a state has no index, or the one that it would get today.
func indexIsRight(s *Server, st state) bool {
	anew := st
	anew.index = nil
	s.makeIndex(&anew)
	return st.index == nil || reflect.DeepEqual(st.index, anew.index)
}

// indexedSteps are calls that change what the index knows, and some that read it. A word with $ stands for one of
// those in indexedWords.
var indexedSteps = []step{
	{action: "CreateUser", query: "UserName=$user"},
	{action: "UpdateUser", query: "UserName=$user&NewUserName=$user"},
	{action: "DeleteUser", query: "UserName=$user"},
	{action: "ListUsers", query: "MaxItems=2"},
	{action: "CreateAccessKey", query: "UserName=$user"},
	{action: "DeleteAccessKey", query: "UserName=$user&UserAccessKeyId=$key"},
	{action: "CreateGroup", query: "GroupName=$group"},
	{action: "UpdateGroup", query: "GroupName=$group&NewGroupName=$group"},
	{action: "DeleteGroup", query: "GroupName=$group"},
	{action: "AddUserToGroup", query: "UserName=$user&GroupName=$group"},
	{action: "RemoveUserFromGroup", query: "UserName=$user&GroupName=$group"},
	{action: "ListUsersForGroup", query: "GroupName=$group&MaxItems=2"},
	{action: "CreateRole", query: "RoleName=$role&" + trustDoc},
	{action: "UpdateRole", query: "RoleName=$role&NewDescription=new"},
	{action: "DeleteRole", query: "RoleName=$role"},
	{action: "CreatePolicy", query: "PolicyName=$policy&" + policyDoc},
	{action: "DeletePolicy", query: "PolicyName=$policy"},
	{action: "AttachPolicyToUser", query: "PolicyType=Custom&PolicyName=$policy&UserName=$user"},
	{action: "AttachPolicyToGroup", query: "PolicyType=Custom&PolicyName=$policy&GroupName=$group"},
	{action: "AttachPolicyToRole", query: "PolicyType=Custom&PolicyName=$policy&RoleName=$role"},
	{action: "DetachPolicyFromUser", query: "PolicyType=Custom&PolicyName=$policy&UserName=$user"},
	{action: "DetachPolicyFromGroup", query: "PolicyType=Custom&PolicyName=$policy&GroupName=$group"},
	{action: "DetachPolicyFromRole", query: "PolicyType=Custom&PolicyName=$policy&RoleName=$role"},
	{action: "rm AttachPolicy", query: "PolicyType=Custom&PolicyName=$policy&ResourceGroupId=" + DefaultResourceGroupID + "&PrincipalType=IMSUser&PrincipalName=$user@" + defaultAccountID + ".onaliyun.com"},
	{action: "rm ListPolicyAttachments"},
	{action: "CreateVirtualMFADevice", query: "VirtualMFADeviceName=$device"},
	{action: "BindMFADevice", query: "UserName=$user&SerialNumber=$serial&AuthenticationCode1=$code1&AuthenticationCode2=$code2"},
	{action: "UnbindMFADevice", query: "UserName=$user"},
	{action: "ims DisableVirtualMFA", query: "UserPrincipalName=$user@" + defaultAccountID + ".onaliyun.com"},
}

var indexedWords = map[string][]string{
	"$user":   {"alice", "Alice", "bob", "carol"},
	"$group":  {"ops", "Ops", "dev"},
	"$role":   {"deployer", "Deployer"},
	"$policy": {"narrow", "wide", "old", "new"},
	"$device": {"phone", "token"},
}

var growing = regexp.MustCompile("^(CreateAccessKey|Add|Attach|Bind)")

func randomStep(s *Server) step {
	one := func(words []string) string {
		if len(words) == 0 {
			return "none"
		}
		return words[rand.N(len(words))]
	}
	st := indexedSteps[rand.N(len(indexedSteps))]
	if rand.N(3) > 0 && growing.MatchString(st.action) { // for an account in which everybody has everything loses nothing
		return randomStep(s)
	}
	for word, words := range indexedWords {
		for strings.Contains(st.query, word) {
			st.query = strings.Replace(st.query, word, one(words), 1)
		}
	}
	serial, seed := one(slices.Collect(maps.Keys(s.state.MFADevices))), ""
	if d := s.state.MFADevices[serial]; d != nil {
		seed = d.Base32StringSeed
	}
	st.query = strings.NewReplacer(
		"$key", one(slices.Collect(maps.Keys(s.state.AccessKeys))),
		"$serial", serial, "$code1", totp(seed, s.now().Add(-30*time.Second)), "$code2", totp(seed, s.now()),
	).Replace(st.query)
	return st
}
