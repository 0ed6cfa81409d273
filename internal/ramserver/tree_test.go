package ramserver

import (
	"strings"
	"testing"
)

func TestTheTreeDrawsTheAccount(t *testing.T) {
	s := &Server{AccountID: "1234567890123456"}
	c := rootClient(t, s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=Some-Passw0rd!")
	c.ram("CreateUser", "UserName=bob")
	c.ram("AttachPolicyToUser", "UserName=bob", "PolicyType=System", "PolicyName=ReadOnlyAccess")
	c.ram("CreateGroup", "GroupName=operators")
	c.ram("CreateGroup", "GroupName=visitors")
	c.ram("AddUserToGroup", "UserName=alice", "GroupName=operators")
	c.ram("AttachPolicyToGroup", "GroupName=operators", "PolicyType=System", "PolicyName=AliyunARMSFullAccess")
	c.ram("CreateRole", "RoleName=deployer", `AssumeRolePolicyDocument={"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",`+
		`"Principal":{"RAM":["acs:ram::1234567890123456:root"],"Service":"ecs.aliyuncs.com"}}]}`)

	want := `RAM account 1234567890123456: users log on as NAME@1234567890123456.onaliyun.com
├─ group operators: AliyunARMSFullAccess
│  └─ alice (logs on)
├─ group visitors
├─ user bob: ReadOnlyAccess
└─ role deployer
   ├─ for acs:ram::1234567890123456:root
   └─ for ecs.aliyuncs.com
`
	if got := s.Tree(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTheTreeTellsHowUsersGetInAndNoSecret(t *testing.T) {
	s := everything(t)
	tree := s.Tree()
	key := s.accessKeys(s.userNamed("alice").UserID)[0]
	for _, shown := range []string{"alice (logs on with MFA, active key " + key.AccessKeyID, "SAML provider office", "OIDC provider ci https://ci.example.com"} {
		if !strings.Contains(tree, shown) {
			t.Errorf("%q is not in\n%s", shown, tree)
		}
	}
	if strings.Contains(tree, key.AccessKeySecret) {
		t.Error("it shows the secret of a key")
	}
}
