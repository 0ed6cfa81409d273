package ramserver

import (
	"net/url"
	"strings"
	"testing"
)

func TestRoleCodes(t *testing.T) {
	play(
		t, &Server{Quotas: Quotas{Roles: 2, TrustPolicySize: 500}},
		step{"CreateRole", trustDoc, "400 MissingRoleName"},
		step{"CreateRole", "RoleName=r", "400 MissingAssumeRolePolicyDocument"},
		step{"CreateRole", "RoleName=a_b&" + trustDoc, "400 InvalidParameter.RoleName.InvalidChars"},
		step{"CreateRole", "RoleName=" + strings.Repeat("r", 65) + "&" + trustDoc, "400 InvalidParameter.RoleName.Length"},
		step{"CreateRole", "RoleName=r&AssumeRolePolicyDocument=" + strings.Repeat("+", 501), "400 InvalidParameter.AssumeRolePolicyDocument.Length"},
		step{"CreateRole", "RoleName=r&AssumeRolePolicyDocument=x", "400 MalformedPolicyDocument"},
		step{"CreateRole", "RoleName=r&Description=" + strings.Repeat("d", 1025) + "&" + trustDoc, "400 InvalidParameter.Description.Length"},
		step{"CreateRole", "RoleName=r&MaxSessionDuration=3599&" + trustDoc, "400 InvalidParameter.MaxSessionDuration.Range"},
		step{"CreateRole", "RoleName=r&MaxSessionDuration=43201&" + trustDoc, "400 InvalidParameter.MaxSessionDuration.Range"},
		step{"CreateRole", "RoleName=r&MaxSessionDuration=43200&" + trustDoc, "200"},
		step{"CreateRole", "RoleName=R&" + trustDoc, "409 EntityAlreadyExists.Role"},
		step{"CreateRole", "RoleName=r2&" + trustDoc, "200"},
		step{"CreateRole", "RoleName=r3&" + trustDoc, "409 LimitExceeded.Role"},
		step{"GetRole", "RoleName=r3", "404 EntityNotExist.Role"},
		step{"UpdateRole", "RoleName=r3", "404 EntityNotExist.Role"},
		step{"UpdateRole", "RoleName=r&NewAssumeRolePolicyDocument={}", "400 MalformedPolicyDocument"},
		step{"UpdateRole", "RoleName=r&NewMaxSessionDuration=1", "400 InvalidParameter.NewMaxSessionDuration.Range"},
		step{"AttachPolicyToRole", "RoleName=r&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteRole", "RoleName=r", "409 DeleteConflict.Role.Policy"},
		step{"DetachPolicyFromRole", "RoleName=r&PolicyType=System&PolicyName=ReadOnlyAccess", "200"},
		step{"DeleteRole", "RoleName=r", "200"},
		step{"DeleteRole", "RoleName=r", "404 EntityNotExist.Role"},
	)
	play(
		t, &Server{Unsure: Unsure{RoleNameUnderscore: true, CaseSensitiveNames: true}},
		step{"CreateRole", "RoleName=a_b&" + trustDoc, "200"},
		step{"CreateRole", "RoleName=A_B&" + trustDoc, "200"},
		step{"GetRole", "RoleName=A_b", "404 EntityNotExist.Role"},
	)
}

func TestRoleFieldsInListAndGet(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateRole", "RoleName=Admin", "AssumeRolePolicyDocument="+trustDocument, `Tag=[{"Key":"team","Value":"red"}]`)
	b := c.ram("GetRole", "RoleName=Admin")
	if b.text("Role.Arn") != "acs:ram::1234567890123456:role/Admin" || b.text("Role.AssumeRolePolicyDocument") != trustDocument ||
		b.at("Role.MaxSessionDuration") != 3600.0 || b.at("Role.Tags") != nil {
		t.Errorf("GetRole: %v", b)
	}
	b = c.ram("ListRoles", `Tag=[{"Key":"team"}]`)
	if b.text("Roles.Role.0.Tags.Tag.0.TagValue") != "red" || b.at("Roles.Role.0.AssumeRolePolicyDocument") != nil {
		t.Errorf("ListRoles: %v", b)
	}
	if b = c.ram("ListRoles", `Tag=[{"Key":"pet"}]`); len(b.list("Roles.Role")) != 0 {
		t.Errorf("ListRoles by another tag: %v", b)
	}
}

func TestUpdateRoleKeepsOrResetsTheSessionLength(t *testing.T) {
	for resets, want := range map[bool]float64{false: 7200, true: 3600} {
		s := Server{Unsure: Unsure{UpdateRoleResetsSession: resets, LowerCaseRoleARNs: resets}}
		c := rootClient(t, &s)
		c.ram("CreateRole", "RoleName=R", "MaxSessionDuration=7200", "AssumeRolePolicyDocument="+trustDocument)
		b := c.ram("UpdateRole", "RoleName=R", "NewDescription=x")
		if b.at("Role.MaxSessionDuration") != want || strings.HasSuffix(b.text("Role.Arn"), "/r") != resets {
			t.Errorf("resets %v: %v", resets, b)
		}
	}
}

func TestTrustPoliciesNameWhatExists(t *testing.T) {
	trust := func(kind, arn string) string {
		return "&AssumeRolePolicyDocument=" + url.QueryEscape(`{"Version":"1","Statement":[{"Effect":"Allow",`+
			`"Action":"sts:AssumeRole","Principal":{"`+kind+`":"`+arn+`"}}]}`)
	}
	const account = "acs:ram::1234567890123456:"
	var s Server
	s.AddOIDCProvider("github", "https://example.com", "client")
	play(
		t, &s,
		step{"ims CreateSAMLProvider", "SAMLProviderName=office&EncodedSAMLMetadataDocument=" + metadata("office"), "200"},
		step{"CreateUser", "UserName=alice", "200"},
		step{"CreateRole", "RoleName=a" + trust("RAM", account+"user/alice"), "200"},
		step{"CreateRole", "RoleName=b" + trust("RAM", account+"user/bob"), "400 MalformedPolicyDocument"},
		step{"CreateRole", "RoleName=c" + trust("RAM", account+"role/A"), "200"},
		step{"CreateRole", "RoleName=d" + trust("RAM", account+"role/zzz"), "400 MalformedPolicyDocument"},
		step{"CreateRole", "RoleName=e" + trust("RAM", "acs:ram::6543210987654321:user/bob"), "200"},
		step{"CreateRole", "RoleName=f" + trust("Service", "ecs.aliyuncs.com"), "200"},
		step{"CreateRole", "RoleName=g" + trust("Federated", account+"oidc-provider/github"), "200"},
		step{"CreateRole", "RoleName=h" + trust("Federated", account+"oidc-provider/gitlab"), "400 MalformedPolicyDocument"},
		step{"CreateRole", "RoleName=i" + trust("Federated", account+"saml-provider/office"), "200"},
		step{"CreateRole", "RoleName=j" + trust("Federated", account+"saml-provider/school"), "400 MalformedPolicyDocument"},
	)
	play(t, &Server{Unsure: Unsure{TrustPrincipalsUnchecked: true}}, step{"CreateRole", "RoleName=b" + trust("RAM", account+"user/bob"), "200"})
}
