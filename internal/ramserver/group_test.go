package ramserver

import (
	"fmt"
	"strings"
	"testing"
)

func TestGroupCodes(t *testing.T) {
	play(
		t, &Server{Quotas: Quotas{Groups: 2}},
		step{"CreateGroup", "", "400 MissingGroupName"},
		step{"CreateGroup", "GroupName=" + strings.Repeat("g", 65), "400 InvalidParameter.GroupName.Length"},
		step{"CreateGroup", "GroupName=a@b", "400 InvalidParameter.GroupName.InvalidChars"},
		step{"CreateGroup", "GroupName=dev&Comments=" + strings.Repeat("c", 129), "400 InvalidParameter.Comments.Length"},
		step{"CreateGroup", "GroupName=dev&Comments=x", "200"},
		step{"CreateGroup", "GroupName=DEV", "409 EntityAlreadyExists.Group"},
		step{"CreateGroup", "GroupName=ops", "200"},
		step{"CreateGroup", "GroupName=third", "409 LimitExceeded.Group"},
		step{"GetGroup", "GroupName=third", "404 EntityNotExist.Group"},
		step{"UpdateGroup", "GroupName=third", "404 EntityNotExist.Group"},
		step{"UpdateGroup", "GroupName=dev&NewGroupName=ops", "409 EntityAlreadyExists.Group"},
		step{"UpdateGroup", "GroupName=dev&NewGroupName=", "400 InvalidParameter.NewGroupName.Length"},
		step{"UpdateGroup", "GroupName=dev&NewComments=", "200"},
		step{"ListGroups", "MaxItems=101", "400 InvalidParameter.MaxItems"},
		step{"CreateUser", "UserName=alice", "200"},
		step{"AddUserToGroup", "UserName=bob&GroupName=dev", "404 EntityNotExist.User"},
		step{"AddUserToGroup", "UserName=alice&GroupName=third", "404 EntityNotExist.Group"},
		step{"AddUserToGroup", "UserName=alice&GroupName=dev", "200"},
		step{"AddUserToGroup", "UserName=alice&GroupName=dev", "409 EntityAlreadyExists.User.Group"},
		step{"AttachPolicyToGroup", "GroupName=dev&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteGroup", "GroupName=dev", "409 DeleteConflict.Group.User"},
		step{"RemoveUserFromGroup", "UserName=alice&GroupName=dev", "200"},
		step{"RemoveUserFromGroup", "UserName=alice&GroupName=dev", "404 EntityNotExist.User.Group"},
		step{"DeleteGroup", "GroupName=dev", "409 DeleteConflict.Group.Policy"},
		step{"DetachPolicyFromGroup", "GroupName=dev&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteGroup", "GroupName=dev", "200"},
		step{"DeleteGroup", "GroupName=dev", "404 EntityNotExist.Group"},
		step{"ListUsersForGroup", "GroupName=dev", "404 EntityNotExist.Group"},
		step{"ListGroupsForUser", "UserName=bob", "404 EntityNotExist.User"},
	)
}

func TestARenamedGroupKeepsMembersAndPolicies(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateGroup", "GroupName=dev", "Comments=x").text("Group.GroupId")
	c.ram("CreateUser", "UserName=alice")
	c.ram("AddUserToGroup", "UserName=alice", "GroupName=dev")
	c.ram("AttachPolicyToGroup", "GroupName=dev", "PolicyType=System", "PolicyName=ReadOnlyAccess")
	if b := c.ram("UpdateGroup", "GroupName=dev", "NewGroupName=devs"); b.text("Group.GroupId") != id || b.text("Group.Comments") != "x" {
		t.Errorf("renamed group: %v", b)
	}
	if b := c.ims("ListUsersForGroup", "GroupName=devs"); b.text("Users.User.0.UserPrincipalName") != "alice@1234567890123456.onaliyun.com" {
		t.Errorf("members: %v", b)
	}
	if b := c.ram("ListPoliciesForGroup", "GroupName=devs"); b.text("Policies.Policy.0.PolicyName") != "ReadOnlyAccess" {
		t.Errorf("policies: %v", b)
	}
}

func TestAUserIsInTenGroupsAtMost(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	for n := range 10 {
		c.ram("CreateGroup", fmt.Sprintf("GroupName=g%d", n))
		c.ram("AddUserToGroup", "UserName=alice", fmt.Sprintf("GroupName=g%d", n))
	}
	c.ram("CreateGroup", "GroupName=g10")
	c.refused(409, "LimitExceeded.User.Group", ramVersion, "AddUserToGroup", "UserName=alice", "GroupName=g10")
}

func TestEmptyTextsClearAreRefusedOrIgnored(t *testing.T) {
	for name, tt := range map[string]struct {
		unsure Unsure
		want   string
		text   string
	}{
		"clear":   {Unsure{}, "200", ""},
		"refused": {Unsure{EmptyTextRefused: true}, "400 InvalidParameter.NewComments.Length", "x"},
		"ignored": {Unsure{EmptyTextIgnored: true}, "200", "x"},
	} {
		s := Server{Unsure: tt.unsure}
		play(
			t, &s,
			step{"CreateGroup", "GroupName=dev&Comments=x", "200"},
			step{"UpdateGroup", "GroupName=dev&NewComments=", tt.want},
		)
		if got := rootClient(t, &s).ram("GetGroup", "GroupName=dev").text("Group.Comments"); got != tt.text {
			t.Errorf("%s: comments are %q, want %q", name, got, tt.text)
		}
	}
}
