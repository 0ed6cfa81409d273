package ramserver

import (
	"encoding/base64"
	"net/url"
	"reflect"
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

func TestADenialIsExplainedToWhomItRefuses(t *testing.T) {
	const users = "acs:ram:*:1234567890123456:user/*"
	deny := MatchedPolicy{"Deny", "Custom", "guard", "v2", "RamGroup", "Account"}
	for name, test := range map[string]struct {
		version, action string
		denial          Denial
		want            diagnosticMessage
	}{
		"nothing allows it": {ramVersion, "CreateUser", Denial{Resource: users}, diagnosticMessage{
			false, "AccountLevelIdentityBasedPolicy", "ram:CreateUser", users, diagnosticPrincipal{}, []reply{}, []MatchedPolicy{},
		}},
		"a policy denies it": {imsVersion, "GetUser", Denial{Policies: []MatchedPolicy{deny}}, diagnosticMessage{
			true, "AccountLevelIdentityBasedPolicy", "ram:GetUser", "*", diagnosticPrincipal{}, []reply{}, []MatchedPolicy{deny},
		}},
		"the session does not allow it": {stsVersion, "AssumeRole", Denial{PolicyType: "SessionPolicy"}, diagnosticMessage{
			false, "SessionPolicy", "sts:AssumeRole", "*", diagnosticPrincipal{}, []reply{}, []MatchedPolicy{},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := Server{}
			c := rootClient(t, &s)
			id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
			made := c.ram("CreateAccessKey", "UserName=alice")
			alice := testClient{t, &s, made.text("AccessKey.AccessKeyId"), made.text("AccessKey.AccessKeySecret"), ""}
			s.Intercept = func(call Call) *Fault {
				if call.AccessKeyID != alice.id {
					return nil
				}
				return &Fault{Denied: &test.denial}
			}
			status, b := alice.do(test.version, test.action, "UserName=bob")
			if status != 403 || b.text("Code") != "NoPermission" || b.text("AccessDeniedDetail.AuthAction") != test.want.AuthAction ||
				b.text("AccessDeniedDetail.PolicyType") != test.want.NoPermissionPolicyType {
				t.Fatalf("%d %v", status, b)
			}
			text, err := base64.StdEncoding.DecodeString(b.text("AccessDeniedDetail.EncodedDiagnosticMessage"))
			var got diagnosticMessage
			if err == nil {
				err = decodeStrictly(text, &got)
			}
			test.want.AuthPrincipal = diagnosticPrincipal{"SubUser", id, "1234567890123456"}
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, test.want)
			}
			if status, _ := c.do(ramVersion, "GetUser", "UserName=bob"); status != 404 {
				t.Errorf("bob is there: %d", status)
			}

			s.Unsure.DenialsUnexplained = true
			if status, b := alice.do(test.version, test.action); status != 403 || b.at("AccessDeniedDetail") != nil {
				t.Errorf("it is explained all the same: %d %v", status, b)
			}
		})
	}
}
