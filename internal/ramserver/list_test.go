package ramserver

import (
	"slices"
	"strings"
	"testing"
)

// fields names what the first item of a list has.
func fields(b body, list string) string {
	item, _ := b.at(list + ".0").(map[string]any)
	var names []string
	for name := range item {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestListsShowTheFieldsOfTheirAPI(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateGroup", "GroupName=dev")
	c.ram("AddUserToGroup", "UserName=alice", "GroupName=dev")
	c.ram("CreateRole", "RoleName=r", "AssumeRolePolicyDocument="+trustDocument)
	c.ram("CreateAccessKey", "UserName=alice")
	bindDevice(t, &s, c, "alice")
	const readOnly = "PolicyName=ReadOnlyAccess"
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", readOnly)
	c.ram("AttachPolicyToGroup", "GroupName=dev", "PolicyType=System", readOnly)
	c.ram("AttachPolicyToRole", "RoleName=r", "PolicyType=System", readOnly)
	entities := c.ram("ListEntitiesForPolicy", "PolicyType=System", readOnly)
	c.ims("CreateSAMLProvider", "SAMLProviderName=office", "EncodedSAMLMetadataDocument="+unescaped(metadata("office")))
	s.AddOIDCProvider("ci", "https://ci.example.com", "client")
	const upn = "UserPrincipalName=alice@1234567890123456.onaliyun.com"

	for _, tt := range []struct {
		answer     body
		list, want string
	}{
		{c.ram("ListUsers"), "Users.User", "Comments CreateDate DisplayName Email MobilePhone UpdateDate UserId UserName"},
		{c.ims("ListUsers"), "Users.User", "Comments CreateDate DisplayName Email LastLoginDate MobilePhone ProvisionType Status Tags UpdateDate UserId UserPrincipalName"},
		{c.ram("ListGroups"), "Groups.Group", "Comments CreateDate GroupId GroupName UpdateDate"},
		{c.ims("ListGroups"), "Groups.Group", "Comments CreateDate DisplayName GroupId GroupName UpdateDate"},
		{c.ram("ListGroupsForUser", "UserName=alice"), "Groups.Group", "Comments GroupId GroupName JoinDate"},
		{c.ims("ListGroupsForUser", upn), "Groups.Group", "Comments DisplayName GroupId GroupName JoinDate"},
		{c.ram("ListUsersForGroup", "GroupName=dev"), "Users.User", "DisplayName JoinDate UserName"},
		{c.ims("ListUsersForGroup", "GroupName=dev"), "Users.User", "DisplayName JoinDate UserId UserPrincipalName"},
		{c.ram("ListAccessKeys", "UserName=alice"), "AccessKeys.AccessKey", "AccessKeyId CreateDate Status"},
		{c.ims("ListAccessKeys", upn), "AccessKeys.AccessKey", "AccessKeyId CreateDate Status UpdateDate"},
		{c.ram("ListVirtualMFADevices"), "VirtualMFADevices.VirtualMFADevice", "ActivateDate SerialNumber User"},
		{c.ims("ListVirtualMFADevices"), "VirtualMFADevices.VirtualMFADevice", "ActivateDate SerialNumber User"},
		{c.ram("ListRoles"), "Roles.Role", "Arn CreateDate Description MaxSessionDuration RoleId RoleName Tags UpdateDate"},
		{c.ram("ListPolicies"), "Policies.Policy", "AttachmentCount CreateDate DefaultVersion Description PolicyName PolicyType Tags UpdateDate"},
		{c.ram("ListPoliciesForUser", "UserName=alice"), "Policies.Policy", "AttachDate DefaultVersion Description PolicyName PolicyType"},
		{c.ram("ListPoliciesForRole", "RoleName=r"), "Policies.Policy", "AttachDate DefaultVersion Description PolicyName PolicyType"},
		{entities, "Users.User", "AttachDate DisplayName UserId UserName"},
		{entities, "Groups.Group", "AttachDate Comments GroupName"},
		{entities, "Roles.Role", "Arn AttachDate Description RoleId RoleName"},
		{c.ims("ListSAMLProviders"), "SAMLProviders.SAMLProvider", "Arn CreateDate Description SAMLProviderName UpdateDate"},
		{c.ims("ListOIDCProviders"), "OIDCProviders.OIDCProvider", "Arn ClientIds CreateDate Description Fingerprints GmtCreate GmtModified IssuanceLimitTime IssuerUrl OIDCProviderName UpdateDate"},
	} {
		if got := fields(tt.answer, tt.list); got != tt.want {
			t.Errorf("%s has %q, want %q", tt.list, got, tt.want)
		}
	}
}

func TestEmptyListsAreListsInJSON(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	for list, b := range map[string]body{
		"Groups.Group":                       c.ram("ListGroups"),
		"Roles.Role":                         c.ram("ListRoles"),
		"AccessKeys.AccessKey":               c.ram("ListAccessKeys", "UserName=alice"),
		"Policies.Policy":                    c.ram("ListPoliciesForUser", "UserName=alice"),
		"TagResources":                       c.ram("ListTagResources", "ResourceType=role"),
		"VirtualMFADevices.VirtualMFADevice": c.ram("ListVirtualMFADevices"),
		"SAMLProviders.SAMLProvider":         c.ims("ListSAMLProviders"),
		"OIDCProviders.OIDCProvider":         c.ims("ListOIDCProviders"),
	} {
		if b.list(list) == nil {
			t.Errorf("%s is not a list: %v", list, b)
		}
	}
}
