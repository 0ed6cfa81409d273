package ramserver

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const ofDomain = "@1234567890123456.onaliyun.com"

// granted is what a call of Resource Manager says of ReadOnlyAccess and a principal.
func granted(resourceGroup, kind, name string) string {
	return "PolicyType=System&PolicyName=ReadOnlyAccess&ResourceGroupId=" + resourceGroup + "&PrincipalType=" + kind + "&PrincipalName=" + name
}

func TestResourceManagerCodes(t *testing.T) {
	alice := granted(DefaultResourceGroupID, "IMSUser", "alice"+ofDomain)
	play(
		t, &Server{},
		step{"CreateUser", "UserName=alice", "200"},
		step{"CreateGroup", "GroupName=ops", "200"},
		step{"CreateRole", "RoleName=builder&" + trustDoc, "200"},
		step{"rm CreateResourceGroup", "DisplayName=a", "400 MissingName"},
		step{"rm CreateResourceGroup", "Name=a_b&DisplayName=a", "400 InvalidParameter.Name.InvalidChars"},
		step{"rm CreateResourceGroup", "Name=staging", "400 MissingDisplayName"},
		step{"rm CreateResourceGroup", "Name=staging&DisplayName=" + strings.Repeat("d", 51), "400 InvalidParameter.DisplayName.Length"},
		step{"rm CreateResourceGroup", "Name=staging&DisplayName=Staging", "200"},
		step{"rm CreateResourceGroup", "Name=staging&DisplayName=Staging", "409 EntityAlreadyExists.ResourceGroup"},
		step{"rm AttachPolicy", strings.Replace(alice, "ResourceGroupId=", "ResourceGroupID=", 1), "400 InvalidParameter.Unknown"},
		step{"rm AttachPolicy", granted("rg-none", "IMSUser", "alice"+ofDomain), "404 EntityNotExists.ResourceGroup"},
		step{"rm AttachPolicy", strings.Replace(alice, "System", "system", 1), "400 InvalidParameter.PolicyType"},
		step{"rm AttachPolicy", strings.Replace(alice, "ReadOnlyAccess", "NoAccess", 1), "404 EntityNotExist.Policy"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "User", "alice"+ofDomain), "400 InvalidParameter.PrincipalType.Format"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "IMSUser", "alice"), "400 InvalidParameter.PrincipalName.Format"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "IMSUser", "alice@elsewhere.onaliyun.com"), "404 EntityNotExist.User"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "IMSGroup", "ops"+ofDomain), "404 EntityNotExist.Group"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "ServiceRole", "builder@role"+strings.TrimPrefix(ofDomain, "@")), "404 EntityNotExist.Role"},
		step{"rm AttachPolicy", alice, "200"},
		step{"rm AttachPolicy", alice, "409 EntityAlreadyExists.User.Policy"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "IMSGroup", "ops@group."+ofDomain[1:]), "200"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "ServiceRole", "builder@role.1234567890123456.onaliyunservice.com"), "200"},
		step{"rm ListPolicyAttachments", "PrincipalType=User", "400 InvalidParameter.PrincipalType.Format"},
		step{"rm ListPolicyAttachments", "PolicyType=system", "400 InvalidParameter.PolicyType"},
		step{"rm ListPolicyAttachments", "PageNumber=0", "400 InvalidParameter.PageNumber"},
		step{"rm ListPolicyAttachments", "PageNumber=9223372036854775807&PageSize=100", "200"},
		step{"rm ListPolicyAttachments", "PageSize=101", "400 InvalidParameter.PageSize"},
		step{"rm ListPolicyAttachments", "ResourceGroupId=rg-none", "200"},
		step{"rm DetachPolicy", alice, "200"},
		step{"rm DetachPolicy", alice, "404 EntityNotExist.User.Policy"},
	)
	play(
		t, &Server{Unsure: Unsure{AttachPolicyRepeatable: true, AttachmentFiltersChecked: true}},
		step{"CreateUser", "UserName=alice", "200"},
		step{"rm AttachPolicy", alice, "200"},
		step{"rm AttachPolicy", alice, "200"},
		step{"rm DetachPolicy", alice, "200"},
		step{"rm DetachPolicy", alice, "200"},
		step{"rm DetachPolicy", granted(DefaultResourceGroupID, "IMSUser", "bob"+ofDomain), "404 EntityNotExist.User"},
		step{"rm ListPolicyAttachments", "ResourceGroupId=rg-none", "404 EntityNotExists.ResourceGroup"},
		step{"rm ListPolicyAttachments", "PolicyType=System&PolicyName=NoAccess", "404 EntityNotExist.Policy"},
		step{"rm ListPolicyAttachments", "PrincipalType=IMSUser&PrincipalName=bob" + ofDomain, "404 EntityNotExist.User"},
		step{"rm ListPolicyAttachments", alice, "200"},
	)
}

func TestAttachmentsForTheAccountAndInAResourceGroupAreThereSideBySide(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", "PolicyName=ReadOnlyAccess")
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", "PolicyName=ReadOnlyAccess", "ResourceGroupId="+DefaultResourceGroupID)
	rows := func(pairs ...string) []any {
		return c.rm("ListPolicyAttachments", pairs...).list("PolicyAttachments.PolicyAttachment")
	}
	if n := len(c.ram("ListPoliciesForUser", "UserName=alice").list("Policies.Policy")); n != 1 {
		t.Errorf("RAM lists %d attachments, want the one for the account", n)
	}
	if n := len(rows()); n != 2 {
		t.Errorf("Resource Manager lists %d attachments, want 2", n)
	}
	inGroup := rows("ResourceGroupId="+DefaultResourceGroupID, "PolicyName=readonlyaccess", "PrincipalType=IMSUser", "PrincipalName=alice"+ofDomain)
	if len(inGroup) != 1 || body(inGroup[0].(map[string]any)).text("PrincipalName") != "alice"+ofDomain {
		t.Errorf("in the resource group: %v", inGroup)
	}
	c.rm("DetachPolicy", strings.Split(granted("1234567890123456", "IMSUser", "alice"+ofDomain), "&")...)
	if inAccount := rows("ResourceGroupId=1234567890123456"); len(inAccount) != 0 || len(rows()) != 1 {
		t.Errorf("after the detachment from the account: %v", rows())
	}
	c.ram("UpdateUser", "UserName=alice", "NewUserName=alicia")
	if now := rows("PrincipalName=alicia" + ofDomain); len(now) != 1 {
		t.Errorf("after a rename: %v", rows())
	}
	c.ram("DetachPolicyFromUser", "UserName=alicia", "PolicyType=System", "PolicyName=ReadOnlyAccess", "ResourceGroupId="+DefaultResourceGroupID)
	if len(rows()) != 0 {
		t.Errorf("left: %v", rows())
	}
}

func TestAttachmentsAreListedInNumberedPages(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	for i := range 25 {
		name := fmt.Sprintf("u%02d", i)
		c.ram("CreateUser", "UserName="+name)
		c.rm("AttachPolicy", strings.Split(granted(DefaultResourceGroupID, "IMSUser", name+ofDomain), "&")...)
	}
	for number, want := range map[string]int{"": 10, "1": 10, "3": 5, "4": 0} {
		pairs := []string{"ResourceGroupId=" + DefaultResourceGroupID}
		if number != "" {
			pairs = append(pairs, "PageNumber="+number)
		}
		b := c.rm("ListPolicyAttachments", pairs...)
		if got := len(b.list("PolicyAttachments.PolicyAttachment")); got != want || b.at("TotalCount") != 25.0 {
			t.Errorf("page %q has %d of %v rows, want %d of 25", number, got, b.at("TotalCount"), want)
		}
	}
	if got := c.rm("ListResourceGroups").text("ResourceGroups.ResourceGroup.0.Id"); got != DefaultResourceGroupID {
		t.Errorf("the first resource group is %q", got)
	}
}

func TestAttachmentsInResourceGroupsGoAlongOrBlock(t *testing.T) {
	document := "PolicyDocument=" + identityDocument
	for blocks, want := range map[bool]int{false: http.StatusOK, true: http.StatusConflict} {
		s := &Server{Unsure: Unsure{ResourceGroupsBlockDeletion: blocks}}
		c := rootClient(t, s)
		c.ram("CreateUser", "UserName=alice")
		c.ram("CreateGroup", "GroupName=ops")
		c.ram("CreateRole", "RoleName=builder", "AssumeRolePolicyDocument="+trustDocument)
		c.ram("CreateUser", "UserName=bob")
		c.ram("CreatePolicy", "PolicyName=reader", document)
		in := "ResourceGroupId=" + DefaultResourceGroupID
		c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", "PolicyName=ReadOnlyAccess", in)
		c.ram("AttachPolicyToGroup", "GroupName=ops", "PolicyType=System", "PolicyName=ReadOnlyAccess", in)
		c.ram("AttachPolicyToRole", "RoleName=builder", "PolicyType=System", "PolicyName=ReadOnlyAccess", in)
		c.ram("AttachPolicyToUser", "UserName=bob", "PolicyType=Custom", "PolicyName=reader", in)
		for _, deletion := range []struct{ action, names, code string }{
			{"DeleteUser", "UserName=alice", "DeleteConflict.User.Policy"},
			{"DeleteGroup", "GroupName=ops", "DeleteConflict.Group.Policy"},
			{"DeleteRole", "RoleName=builder", "DeleteConflict.Role.Policy"},
			{"DeletePolicy", "PolicyName=reader", "DeleteConflict.Policy.User"},
		} {
			status, b := c.do(ramVersion, deletion.action, deletion.names)
			if status != want || blocks && b.text("Code") != deletion.code {
				t.Errorf("blocks %v: %s answers %d %s", blocks, deletion.action, status, b.text("Code"))
			}
		}
		left := c.rm("ListPolicyAttachments").list("PolicyAttachments.PolicyAttachment")
		if blocks != (len(left) == 4) || !blocks && len(left) != 0 {
			t.Errorf("blocks %v: left %v", blocks, left)
		}
	}
}
