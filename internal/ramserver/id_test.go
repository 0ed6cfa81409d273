package ramserver

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// idsOf makes something of everything that has an id or a secret, in one order or the other, and returns these by what
// they belong to.
func idsOf(t *testing.T, s *Server, reversed bool) map[string]string {
	t.Helper()
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	keyID, secret := s.Administrator("admin")
	c := &testClient{t: t, s: s, id: keyID, secret: secret}
	ids := map[string]string{"account": s.accountID(), "administrator's key": keyID, "administrator's secret": secret}
	trust := strings.ReplaceAll(trustDocument, defaultAccountID, s.accountID())
	steps := []func(){
		func() { ids["request"] = c.ram("GetAccountAlias").text("RequestId") },
		func() { ids["user"] = c.ram("CreateUser", "UserName=alice").text("User.UserId") },
		func() { ids["group"] = c.ram("CreateGroup", "GroupName=ops").text("Group.GroupId") },
		func() {
			ids["resource group"] = c.rm("CreateResourceGroup", "Name=staging", "DisplayName=Staging").text("ResourceGroup.Id")
		},
		func() {
			ids["seed"] = c.ram("CreateVirtualMFADevice", "VirtualMFADeviceName=phone").text("VirtualMFADevice.Base32StringSeed")
		},
		func() {
			for _, n := range []string{"first", "second"} {
				key := c.ram("CreateAccessKey", "UserName=admin")
				ids[n+" key"], ids[n+" secret"] = key.text("AccessKey.AccessKeyId"), key.text("AccessKey.AccessKeySecret")
				if n == "first" {
					c.ram("DeleteAccessKey", "UserName=admin", "UserAccessKeyId="+ids["first key"])
				}
			}
		},
		func() {
			role := c.ram("CreateRole", "RoleName=deployer", "AssumeRolePolicyDocument="+trust)
			session := c.sts("AssumeRole", "RoleSessionName=run", "RoleArn="+role.text("Role.Arn"))
			ids["role"], ids["token"] = role.text("Role.RoleId"), session.text("Credentials.SecurityToken")
			ids["session"], ids["session's secret"] = session.text("Credentials.AccessKeyId"), session.text("Credentials.AccessKeySecret")
		},
		func() {
			c.ram("CreateUser", "UserName=bob")
			c.ram("CreateLoginProfile", "UserName=bob", "Password="+url.QueryEscape(everythingPassword))
			ids["password"] = s.userNamed("bob").LoginProfile.Passwords[0]
		},
		func() {
			c.rm("CreateServiceLinkedRole", "ServiceName=hdr.aliyuncs.com")
			ids["deletion"] = c.rm("DeleteServiceLinkedRole", "RoleName=AliyunServiceRoleForHdr").text("DeletionTaskId")
		},
	}
	if reversed {
		slices.Reverse(steps)
	}
	for _, step := range steps {
		step()
	}
	return ids
}

func TestASeedRepeatsEveryIDWhateverTheOrderOfCalls(t *testing.T) {
	first := idsOf(t, &Server{IDSeed: 7}, false)
	if again := idsOf(t, &Server{IDSeed: 7}, true); !maps.Equal(first, again) {
		t.Errorf("with the same seed:\n%v\n%v", first, again)
	}
	other, without, withoutAgain := idsOf(t, &Server{IDSeed: 8}, false), idsOf(t, &Server{}, false), idsOf(t, &Server{}, false)
	for what, id := range first {
		if other[what] == id {
			t.Errorf("%s is %s with another seed, too", what, id)
		}
		if without[what] == withoutAgain[what] && what != "account" {
			t.Errorf("%s repeats without a seed", what)
		}
	}
}

func TestIDsHaveTheirForms(t *testing.T) {
	forms := map[string]string{
		"account": `\d{16}`, "user": `[1-9]\d{17}`, "role": `[1-9]\d{17}`, "group": `g-[a-z2-7]{16}`,
		"resource group": `rg-[a-z2-7]{15}`, "first key": `LTAI[A-Z2-7]{20}`, "first secret": `[A-Z2-7]{30}`, "session": `STS\.[A-Z2-7]{25}`,
		"token": `CAIS[A-Z2-7]{78}`, "seed": `[A-Z2-7]{32}`, "request": `[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}`,
	}
	for _, s := range []*Server{{}, {IDSeed: 7}} {
		ids := idsOf(t, s, false)
		for what, form := range forms {
			if !regexp.MustCompile("^" + form + "$").MatchString(ids[what]) {
				t.Errorf("%s is %s, not %s", what, ids[what], form)
			}
		}
	}
}

func TestARepeatedIDIsNeverTheIDOfSomethingElse(t *testing.T) {
	s := &Server{IDSeed: 7}
	c := rootClient(t, s)
	first := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	key := c.ram("CreateAccessKey", "UserName=alice").text("AccessKey.AccessKeyId")
	c.ram("UpdateUser", "UserName=alice", "NewUserName=bob")
	saved := save(t, s)
	if again := c.ram("CreateUser", "UserName=alice").text("User.UserId"); again == first {
		t.Errorf("two users have the id %s", first)
	}
	loaded := &Server{IDSeed: 7}
	if err := loaded.Load([]byte(saved)); err != nil {
		t.Fatal(err)
	}
	c = rootClient(t, loaded)
	if again := c.ram("CreateUser", "UserName=alice").text("User.UserId"); again == first {
		t.Errorf("after loading two users have the id %s", first)
	}
	if again := c.ram("CreateAccessKey", "UserName=bob").text("AccessKey.AccessKeyId"); again == key {
		t.Errorf("after loading two keys have the id %s", key)
	}
}
