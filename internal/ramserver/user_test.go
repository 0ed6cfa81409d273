package ramserver

import (
	"fmt"
	"strings"
	"testing"
)

func TestUserCodes(t *testing.T) {
	long65, long129 := strings.Repeat("x", 65), strings.Repeat("x", 129)
	han128 := strings.Repeat("%E4%B8%AD", 128)
	play(
		t, &Server{Quotas: Quotas{Users: 2}},
		step{"CreateUser", "", "400 MissingUserName"},
		step{"CreateUser", "UserName=", "400 InvalidParameter.UserName.Length"},
		step{"CreateUser", "UserName=" + long65, "400 InvalidParameter.UserName.Length"},
		step{"CreateUser", "UserName=al@ice", "400 InvalidParameter.UserName.InvalidChars"},
		step{"CreateUser", "UserName=alice&DisplayName=" + long129, "400 InvalidParameter.DisplayName.Length"},
		step{"CreateUser", "UserName=alice&DisplayName=a%00", "400 InvalidParameter.DisplayName.InvalidChars"},
		step{"CreateUser", "UserName=alice&Comments=" + long129, "400 InvalidParameter.Comments.Length"},
		step{"CreateUser", "UserName=alice&MobilePhone=18600008888", "400 InvalidParameter.MobilePhone.Format"},
		step{"CreateUser", "UserName=alice&Email=alice", "400 InvalidParameter.Email.Format"},
		step{"CreateUser", "UserName=alice&Color=red", "400 InvalidParameter.Unknown"},
		step{"CreateUser", "UserName=a.l-i_ce1&MobilePhone=86-18600008888&Email=a@example.com&Comments=" + han128, "200"},
		step{"CreateUser", "UserName=A.L-i_ce1", "409 EntityAlreadyExists.User"},
		step{"CreateUser", "UserName=bob", "200"},
		step{"CreateUser", "UserName=carol", "409 LimitExceeded.User"},
		step{"GetUser", "UserName=carol", "404 EntityNotExist.User"},
		step{"UpdateUser", "UserName=carol", "404 EntityNotExist.User"},
		step{"UpdateUser", "UserName=bob&NewUserName=a.l-i_ce1", "409 EntityAlreadyExists.User"},
		step{"UpdateUser", "UserName=bob&NewUserName=b+b", "400 InvalidParameter.NewUserName.InvalidChars"},
		step{"UpdateUser", "UserName=bob&NewEmail=x", "400 InvalidParameter.NewEmail.Format"},
		step{"UpdateUser", "UserName=bob&NewMobilePhone=x", "400 InvalidParameter.NewMobilePhone.Format"},
		step{"UpdateUser", "UserName=bob&NewComments=" + long129, "400 InvalidParameter.NewComments.Length"},
		step{"UpdateUser", "UserName=bob&NewDisplayName=" + long129, "400 InvalidParameter.NewDisplayName.Length"},
		step{"UpdateUser", "UserName=bob&NewUserName=BOB", "200"},
		step{"DeleteUser", "UserName=bob", "200"},
		step{"DeleteUser", "UserName=bob", "404 EntityNotExist.User"},
		step{"ListUsers", "MaxItems=0", "400 InvalidParameter.MaxItems"},
		step{"ListUsers", "MaxItems=1001", "400 InvalidParameter.MaxItems"},
		step{"ListUsers", "Marker=%21", "400 InvalidParameter.Marker"},
	)
}

func TestDeleteUserIsRefusedWhileTheUserHasAnything(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateGroup", "GroupName=dev")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	bindDevice(t, &s, c, "alice")
	key := c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")
	play(
		t, &s,
		step{"AddUserToGroup", "UserName=alice&GroupName=dev", "200"},
		step{"AttachPolicyToUser", "UserName=alice&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteUser", "UserName=alice", "409 DeleteConflict.User.Group"},
		step{"RemoveUserFromGroup", "UserName=alice&GroupName=dev", "200"},
		step{"DeleteUser", "UserName=alice", "409 DeleteConflict.User.Policy"},
		step{"DetachPolicyFromUser", "UserName=alice&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteUser", "UserName=alice", "409 DeleteConflict.User.AccessKey"},
		step{"DeleteAccessKey", "UserName=alice&UserAccessKeyId=" + key, "200"},
		step{"DeleteUser", "UserName=alice", "409 DeleteConflict.User.LoginProfile"},
		step{"DeleteLoginProfile", "UserName=alice", "200"},
		step{"DeleteUser", "UserName=alice", "409 DeleteConflict.User.MFADevice"},
		step{"UnbindMFADevice", "UserName=alice", "200"},
		step{"DeleteUser", "UserName=alice", "200"},
	)
}

func TestDeleteUserMayTakeKeysProfileAndBindingAlong(t *testing.T) {
	s := Server{Unsure: Unsure{DeleteUserTakesAll: true}}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	bindDevice(t, &s, c, "alice")
	b := c.ram("CreateAccessKey", "UserName=alice")
	alice := testClient{t, &s, b.text("AccessKey.AccessKeyId"), b.text("AccessKey.AccessKeySecret"), ""}
	alice.sts("GetCallerIdentity")
	c.ram("DeleteUser", "UserName=alice")
	alice.refused(404, "InvalidAccessKeyId.NotFound", stsVersion, "GetCallerIdentity")
	if s.state.AccessKeys[alice.id] != nil {
		t.Error("the key outlives its user")
	}
	if d := c.ram("ListVirtualMFADevices").at("VirtualMFADevices.VirtualMFADevice.0.User"); d != nil {
		t.Errorf("the device is still bound to %v", d)
	}
}

func TestEmailAndPhoneMayBeIgnored(t *testing.T) {
	s := Server{Unsure: Unsure{PersonalDataIgnored: true}}
	b := rootClient(t, &s).ram("CreateUser", "UserName=alice", "Email=a@example.com", "MobilePhone=86-12345678", "Comments=x")
	if b.text("User.Email") != "" || b.text("User.MobilePhone") != "" || b.text("User.Comments") != "x" {
		t.Errorf("got %v", b)
	}
}

func TestARenamedUserKeepsEverything(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice", "DisplayName=Alice A.", "Comments=x").text("User.UserId")
	if len(id) != 18 {
		t.Errorf("UserId %q does not have 18 digits", id)
	}
	c.ram("CreateGroup", "GroupName=dev")
	c.ram("AddUserToGroup", "UserName=alice", "GroupName=dev")
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", "PolicyName=ReadOnlyAccess")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	key := c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")

	b := c.ram("UpdateUser", "UserName=alice", "NewUserName=alison", "NewDisplayName=")
	if b.text("User.UserId") != id || b.at("User.DisplayName") != "" || b.text("User.Comments") != "x" {
		t.Errorf("renamed user: %v", b)
	}
	c.refused(404, "EntityNotExist.User", ramVersion, "GetUser", "UserName=alice")
	c.ram("GetLoginProfile", "UserName=alison")
	for _, pair := range [][2]string{
		{"dev", c.ram("ListGroupsForUser", "UserName=alison").text("Groups.Group.0.GroupName")},
		{"ReadOnlyAccess", c.ram("ListPoliciesForUser", "UserName=alison").text("Policies.Policy.0.PolicyName")},
		{key, c.ram("ListAccessKeys", "UserName=alison").text("AccessKeys.AccessKey.0.AccessKeyId")},
		{"alison", c.ram("ListUsersForGroup", "GroupName=dev").text("Users.User.0.UserName")},
		{"alison", c.ims("GetUser", "UserAccessKeyId="+key).text("User.UserName")},
		{"alison", c.ims("GetUser", "UserId="+id).text("User.UserName")},
		{id, c.ims("GetUser", "UserPrincipalName=alison@1234567890123456.onaliyun.com").text("User.UserId")},
	} {
		if want, got := pair[0], pair[1]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestListsComeInSortedPagesThatSurviveChanges(t *testing.T) {
	for _, reversed := range []bool{false, true} {
		s := Server{Unsure: Unsure{ListsReversed: reversed}}
		c := rootClient(t, &s)
		for n := range 25 {
			c.ram("CreateUser", fmt.Sprintf("UserName=u%02d", n))
		}
		var names []string
		marker := ""
		for {
			args := []string{"MaxItems=10"}
			if marker != "" {
				args = append(args, "Marker="+marker)
			}
			b := c.ram("ListUsers", args...)
			for _, u := range b.list("Users.User") {
				names = append(names, u.(map[string]any)["UserName"].(string))
			}
			marker = b.text("Marker")
			if b.at("IsTruncated") != (marker != "") {
				t.Errorf("IsTruncated is %v with marker %q", b.at("IsTruncated"), marker)
			}
			if marker == "" {
				break
			}
			if len(names) == 10 {
				c.ram("DeleteUser", "UserName="+names[0])
			}
		}
		if len(names) != 25 || (names[0] == "u00") == reversed {
			t.Errorf("reversed %v: %d users: %v", reversed, len(names), names)
		}
	}
}

func TestIMSFindsUsersByOneParameterOnly(t *testing.T) {
	play(
		t, &Server{},
		step{"ims CreateUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "400 MissingDisplayName"},
		step{"ims CreateUser", "UserPrincipalName=alice@example.com&DisplayName=A", "400 InvalidParameter.UserPrincipalName.Format"},
		step{"ims CreateUser", "UserPrincipalName=alice&DisplayName=A", "400 InvalidParameter.UserPrincipalName.Format"},
		step{"ims CreateUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com&DisplayName=A&Tag.1.Key=acs:x&Tag.1.Value=v", "400 InvalidParameter.Tag.Key.Format"},
		step{"ims CreateUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com&DisplayName=A&Tag.1.Key=k&Tag.1.Value=v", "200"},
		step{"GetUser", "UserName=alice", "200"},
		step{"ims GetUser", "", "400 MissingUserPrincipalName"},
		step{"ims GetUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com&UserId=1", "400 InvalidParameter.UserId.Format"},
		step{"ims GetUser", "UserPrincipalName=alice@example.com", "404 EntityNotExist.User"},
		step{"ims GetUser", "UserAccessKeyId=LTAI", "404 EntityNotExist.User.AccessKey"},
		step{"ims ListUsers", "Status=frozen", "400 InvalidParameter.Status.Format"},
		step{"ims UpdateUser", "UserId=1", "404 EntityNotExist.User"},
		step{"ims DeleteUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "200"},
		step{"GetUser", "UserName=alice", "404 EntityNotExist.User"},
	)
}

func TestIMSListsUsersByTagAndState(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ims("CreateUser", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "DisplayName=A", "Tag.1.Key=team", "Tag.1.Value=red")
	c.ram("CreateUser", "UserName=bob")
	for query, want := range map[string]int{"": 2, "Tag.1.Key=team": 1, "Tag.1.Key=pet": 0, "Status=freeze": 0, "Status=active,freeze": 2} {
		var args []string
		if query != "" {
			args = []string{query}
		}
		if got := len(c.ims("ListUsers", args...).list("Users.User")); got != want {
			t.Errorf("ListUsers %q: %d users, want %d", query, got, want)
		}
	}
}
