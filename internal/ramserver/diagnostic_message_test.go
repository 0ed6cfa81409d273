package ramserver

import (
	"net/url"
	"testing"
)

func TestARefusedAssumeRoleIsExplained(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateRole", "RoleName=service", `AssumeRolePolicyDocument={"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`)
	c.ram("CreateRole", "RoleName=closed", `AssumeRolePolicyDocument={"Version":"1","Statement":[{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	made := c.ram("CreateAccessKey", "UserName=alice")
	alice := testClient{t, &s, made.text("AccessKey.AccessKeyId"), made.text("AccessKey.AccessKeySecret"), ""}
	for role, explicit := range map[string]bool{"service": false, "closed": true} {
		arn := s.arn("role/" + role)
		status, b := alice.do(stsVersion, "AssumeRole", named, "RoleArn="+arn)
		if status != 403 || b.text("Code") != "NoPermission" {
			t.Fatalf("%s: %d %v", role, status, b)
		}
		kind := map[bool]string{false: "ImplicitDeny", true: "ExplicitDeny"}[explicit]
		for field, want := range map[string]string{
			"AuthAction": "sts:AssumeRole", "AuthPrincipalType": "SubUser", "AuthPrincipalDisplayName": id,
			"AuthPrincipalOwnerId": "1234567890123456", "NoPermissionType": kind, "PolicyType": "AssumeRolePolicy",
		} {
			if got := b.text("AccessDeniedDetail." + field); got != want {
				t.Errorf("%s: %s is %q, want %q", role, field, got, want)
			}
		}
		message := c.ram("DecodeDiagnosticMessage", "EncodedDiagnosticMessage="+b.text("AccessDeniedDetail.EncodedDiagnosticMessage"))
		if message.at("DecodedDiagnosticMessage.ExplicitDeny") != explicit || message.text("DecodedDiagnosticMessage.AuthResource") != arn ||
			message.text("DecodedDiagnosticMessage.AuthPrincipal.AuthPrincipalDisplayName") != id {
			t.Errorf("%s: %v", role, message)
		}
	}
	play(
		t, &s,
		step{"DecodeDiagnosticMessage", "", "400 MissingEncodedDiagnosticMessage"},
		step{"DecodeDiagnosticMessage", "EncodedDiagnosticMessage=x", "400 InvalidParameter.EncodedDiagnosticMessage.Format"},
		step{"DecodeDiagnosticMessage", "EncodedDiagnosticMessage=" + url.QueryEscape("e30x"), "400 InvalidParameter.EncodedDiagnosticMessage.Format"},
	)
}
