package ramserver

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestServiceLinkedRoleCodes(t *testing.T) {
	const polarDB, example = "AliyunServiceRoleForPolarDB", "ServiceName=example.aliyuncs.com"
	play(
		t, &Server{Quotas: Quotas{Roles: 1}},
		step{"CreateRole", "RoleName=builder&" + trustDoc, "200"},
		step{"rm CreateServiceLinkedRole", "", "400 MissingServiceName"},
		step{"rm CreateServiceLinkedRole", "ServiceName=none.aliyuncs.com", "404 EntityNotExist.Service"},
		step{"rm CreateServiceLinkedRole", "ServiceName=polardb.aliyuncs.com&CustomSuffix=a", "400 InvalidParameter.CustomSuffix.NotAllowed"},
		step{"rm CreateServiceLinkedRole", "ServiceName=polardb.aliyuncs.com&Description=a", "400 InvalidParameter.Description.NotAllowed"},
		step{"rm CreateServiceLinkedRole", "ServiceName=polardb.aliyuncs.com", "200"},
		step{"rm CreateServiceLinkedRole", "ServiceName=polardb.aliyuncs.com", "409 EntityAlreadyExists.Role"},
		step{"rm CreateServiceLinkedRole", example + "&CustomSuffix=a_b", "400 InvalidParameter.CustomSuffix.InvalidChars"},
		step{"rm CreateServiceLinkedRole", example + "&CustomSuffix=" + strings.Repeat("a", 37), "400 InvalidParameter.CustomSuffix.Length"},
		step{"rm CreateServiceLinkedRole", example + "&Description=" + strings.Repeat("a", 1025), "400 InvalidParameter.Description.Length"},
		step{"rm CreateServiceLinkedRole", example + "&CustomSuffix=blue&Description=mine", "200"},
		step{"GetRole", "RoleName=AliyunServiceRoleForExample_blue", "200"},
		step{"UpdateRole", "RoleName=" + polarDB, "400 NotSupport.ServiceLinkedRole"},
		step{"DeleteRole", "RoleName=" + polarDB, "400 NotSupport.ServiceLinkedRole"},
		step{"AttachPolicyToRole", "PolicyType=System&PolicyName=ReadOnlyAccess&RoleName=" + polarDB, "400 NotSupport.ServiceLinkedRole"},
		step{"DetachPolicyFromRole", "PolicyType=System&PolicyName=ReadOnlyAccess&RoleName=" + polarDB, "400 NotSupport.ServiceLinkedRole"},
		step{"rm AttachPolicy", granted(DefaultResourceGroupID, "ServiceRole", polarDB+"@role.1234567890123456.onaliyunservice.com"), "400 NotSupport.ServiceLinkedRole"},
		step{"rm DeleteServiceLinkedRole", "RoleName=none", "404 EntityNotExist.Role"},
		step{"rm DeleteServiceLinkedRole", "RoleName=builder", "404 EntityNotExist.ServiceLinkedRole"},
		step{"rm GetServiceLinkedRoleDeletionStatus", "DeletionTaskId=task/1", "400 InvalidParameter.DeletionTaskId.Length"},
		step{"rm GetServiceLinkedRoleDeletionStatus", "DeletionTaskId=" + strings.Repeat("task/", 10), "400 InvalidParameter.DeletionTaskId"},
		step{"rm GetServiceLinkedRoleDeletionStatus", "DeletionTaskId=task/acs-service-role/none.aliyuncs.com/1", "404 EntityNotExist.ServiceLinkedRole.DeletionTask"},
	)
}

func TestAServiceLinkedRoleTellsItsService(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	b := c.rm("CreateServiceLinkedRole", "ServiceName=polardb.aliyuncs.com")
	if b.at("Role.IsServiceLinkedRole") != true || b.text("Role.Arn") != "acs:ram::1234567890123456:role/aliyunserviceroleforpolardb" ||
		b.text("Role.RolePrincipalName") != "AliyunServiceRoleForPolarDB@role.1234567890123456.onaliyunservice.com" {
		t.Errorf("created: %v", b)
	}
	if b = c.ram("GetRole", "RoleName=AliyunServiceRoleForPolarDB"); !strings.Contains(b.text("Role.AssumeRolePolicyDocument"), `"Service":["polardb.aliyuncs.com"]`) {
		t.Errorf("got: %v", b)
	}
}

func TestAServiceLinkedRoleIsDeletedByATaskUnlessItIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Server
		c := rootClient(t, &s)
		c.rm("CreateServiceLinkedRole", "ServiceName=hdr.aliyuncs.com")
		if !s.UseServiceLinkedRole("AliyunServiceRoleForHdr", "global", "acs:hdr::1:sitepair/s-1") || s.UseServiceLinkedRole("none", "global") {
			t.Error("the server does not know which service-linked roles there are")
		}
		begin := func() string {
			return c.rm("DeleteServiceLinkedRole", "RoleName=AliyunServiceRoleForHdr").text("DeletionTaskId")
		}
		status := func(task string) body {
			return c.rm("GetServiceLinkedRoleDeletionStatus", "DeletionTaskId="+task)
		}
		task := begin()
		if again := begin(); again != task || status(task).text("Status") != "IN_PROGRESS" {
			t.Errorf("the task is %s, then %s: %v", task, again, status(task))
		}
		time.Sleep(time.Second)
		if b := status(task); b.text("Status") != "FAILED" ||
			b.text("Reason.RoleUsages.RoleUsage.0.Resources.Resource.0") != "acs:hdr::1:sitepair/s-1" {
			t.Errorf("while it is used: %v", b)
		}
		s.UseServiceLinkedRole("AliyunServiceRoleForHdr", "global")
		task = begin()
		c.ram("GetRole", "RoleName=AliyunServiceRoleForHdr")
		time.Sleep(time.Second)
		if b := status(task); b.text("Status") != "SUCCEEDED" {
			t.Errorf("when it is not used any more: %v", b)
		}
		c.refused(404, "EntityNotExist.Role", ramVersion, "GetRole", "RoleName=AliyunServiceRoleForHdr")
	})
}
