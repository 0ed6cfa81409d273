package ramserver

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

const everythingPassword = "Correct-Horse-1"

// everything is an account with something of every kind in it.
func everything(t *testing.T) *Server {
	t.Helper()
	const account = "9876543210987654"
	start := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := &Server{AccountID: account, Now: func() time.Time { return start }}
	trust := "AssumeRolePolicyDocument=" + url.QueryEscape(strings.ReplaceAll(trustDocument, defaultAccountID, account))
	tags := "Tag=" + url.QueryEscape(`[{"Key":"team","Value":"ops"}]`)
	play(
		t, s,
		step{"CreateUser", "UserName=alice&DisplayName=Alice+A&Email=a@example.com&MobilePhone=86-12345678&Comments=first", "200"},
		step{"ims CreateUser", "UserPrincipalName=bob@" + account + ".onaliyun.com&DisplayName=Bob&Tag.1.Key=team&Tag.1.Value=ops", "200"},
		step{"CreateLoginProfile", "UserName=alice&Password=" + everythingPassword + "&PasswordResetRequired=true", "200"},
		step{"CreateAccessKey", "UserName=alice", "200"},
		step{"CreateUser", "UserName=carol&DisplayName=Carol", "200"},
		step{"CreateLoginProfile", "UserName=carol&Password=" + everythingPassword, "200"},
		step{"CreateGroup", "GroupName=operators&Comments=Ops", "200"},
		step{"AddUserToGroup", "UserName=alice&GroupName=operators", "200"},
		step{"CreatePolicy", "PolicyName=narrow&Description=One+thing&" + policyDoc + "&" + tags, "200"},
		step{"CreatePolicyVersion", "PolicyName=narrow&SetAsDefault=true&" + policyDoc, "200"},
		step{"AttachPolicyToUser", "PolicyName=narrow&PolicyType=Custom&UserName=bob", "200"},
		step{"AttachPolicyToGroup", "PolicyName=AliyunARMSFullAccess&PolicyType=System&GroupName=operators", "200"},
		step{"CreateRole", "RoleName=deployer&Description=Deploys&MaxSessionDuration=7200&" + trust + "&" + tags, "200"},
		step{"AttachPolicyToRole", "PolicyName=narrow&PolicyType=Custom&RoleName=deployer", "200"},
		step{"CreateVirtualMFADevice", "VirtualMFADeviceName=phone", "200"},
		step{"sts AssumeRole", "RoleSessionName=run&RoleArn=" + url.QueryEscape(s.arn("role/deployer")), "200"},
		step{"rm CreateResourceGroup", "Name=staging&DisplayName=Staging", "200"},
		step{"rm AttachPolicy", "ResourceGroupId=" + DefaultResourceGroupID + "&PolicyName=narrow&PolicyType=Custom&PrincipalType=IMSUser&PrincipalName=bob@" + account + ".onaliyun.com", "200"},
		step{"rm CreateServiceLinkedRole", "ServiceName=hdr.aliyuncs.com", "200"},
		step{"SetAccountAlias", "AccountAlias=example", "200"},
		step{"SetPasswordPolicy", "MinimumPasswordLength=12", "200"},
		step{"ims SetSecurityPreference", "MaxIdleDaysForUsers=90", "200"},
		step{"ims CreateSAMLProvider", "SAMLProviderName=office&Description=Staff&EncodedSAMLMetadataDocument=" + metadata("office"), "200"},
		step{"ims SetUserSsoSettings", "AuxiliaryDomain=example.com", "200"},
		step{"ims GenerateCredentialReport", "", "200"},
	)
	deleted := rootClient(t, s).ram("CreateAccessKey", "UserName=bob").text("AccessKey.AccessKeyId")
	s.Unsure.DeleteUserTakesAll = true // with the password into the recycle bin
	play(
		t, s,
		step{"DeleteAccessKey", "UserName=bob&UserAccessKeyId=" + deleted, "200"},
		step{"DeleteUser", "UserName=carol", "200"},
	)
	s.Unsure = Unsure{}
	for _, d := range s.state.MFADevices {
		now := start.Unix() / 30
		rootClient(t, s).ram("BindMFADevice", "UserName=alice", "SerialNumber="+d.SerialNumber,
			"AuthenticationCode1="+d.code(now-1), "AuthenticationCode2="+d.code(now))
	}
	for _, key := range s.accessKeys(s.userNamed("alice").UserID) {
		rootClient(t, s).ims("SetAccessKeyPolicy", "UserPrincipalName=alice@example.onaliyun.com", "UserAccessKeyId="+key.AccessKeyID,
			`AccessKeyPolicy={"Status":"Active","Statements":[{"Type":"ClassicWhiteList","IPList":["203.0.113.0/24"]}]}`)
	}
	s.AddOIDCProvider("ci", "https://ci.example.com", "client")
	s.UseServiceLinkedRole("AliyunServiceRoleForHdr", "global", "acs:hdr::"+account+":sitepair/s-1")
	s.state.DeletionTasks = map[string]*deletionTask{"task/acs-service-role/hdr.aliyuncs.com/AliyunServiceRoleForHdr/1": {
		ID: "task/acs-service-role/hdr.aliyuncs.com/AliyunServiceRoleForHdr/1", RoleName: "AliyunServiceRoleForHdr", Service: "hdr.aliyuncs.com", Status: taskFailed,
		Usages: []roleUsage{{Region: "global", Resources: []string{"acs:hdr::" + account + ":sitepair/s-1"}}},
	}}
	return s
}

func save(t *testing.T, s *Server) string {
	t.Helper()
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	return string(saved)
}

func TestEveryKindOfObjectIsThereAfterSaveAndLoad(t *testing.T) {
	s := everything(t)
	fields := reflect.ValueOf(s.state)
	for i := range fields.NumField() {
		if f := fields.Field(i); f.IsZero() || f.Kind() == reflect.Map && f.Len() == 0 {
			t.Errorf("the account has no %s to save: add some above", fields.Type().Field(i).Name)
		}
	}

	loaded := &Server{Now: s.Now}
	if err := loaded.Load([]byte(save(t, s))); err != nil {
		t.Fatal(err)
	}
	loaded.makeIndex(&loaded.state)
	if loaded.AccountID != s.AccountID {
		t.Errorf("the account's number is %q, not %q", loaded.AccountID, s.AccountID)
	}
	if !reflect.DeepEqual(loaded.state, s.state) {
		t.Errorf("loaded:\n%s\nsaved:\n%s", save(t, loaded), save(t, s))
	}
}

func TestKeysAndPasswordsWorkAfterLoad(t *testing.T) {
	s := everything(t)
	loaded := &Server{Now: s.Now}
	if err := loaded.Load([]byte(save(t, s))); err != nil {
		t.Fatal(err)
	}
	alice := s.userNamed("alice")
	key := s.accessKeys(alice.UserID)[0]
	c := &testClient{t: t, s: loaded, id: key.AccessKeyID, secret: key.AccessKeySecret}
	if arn := c.sts("GetCallerIdentity").text("Arn"); arn != s.arn("user/alice") {
		t.Errorf("the key belongs to %s", arn)
	}
	if !loaded.CheckPassword("alice", everythingPassword) || loaded.CheckPassword("alice", "another") {
		t.Error("the password is not what it was")
	}
}

func TestASavedAccountHoldsNoPassword(t *testing.T) {
	if saved := save(t, everything(t)); strings.Contains(saved, everythingPassword) {
		t.Errorf("there is a password in %s", saved)
	}
}

func TestSessionsThatHaveExpiredAreNotLoaded(t *testing.T) {
	s := everything(t)
	loaded := &Server{Now: func() time.Time { return s.now().Add(2 * time.Hour) }}
	if err := loaded.Load([]byte(save(t, s))); err != nil {
		t.Fatal(err)
	}
	if n := len(loaded.state.Sessions); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

func TestAnAccountWrittenByHandMayLeaveMuchOut(t *testing.T) {
	s := &Server{}
	err := s.Load([]byte(`{
		"Format": 1,
		"Users": {"200000000000000001": {"UserName": "carol", "LoginProfile": {}}},
		"Groups": {"g-1": {"GroupName": "readers", "Policies": [{"PolicyType": "System", "PolicyName": "ReadOnlyAccess"}]}},
		"Roles": {"300000000000000001": {"RoleName": "empty"}},
		"Policies": {"narrow": {"DefaultVersion": "v1", "Versions": [{"VersionId": "v1", "PolicyDocument": "{}"}]}},
		"AccessKeys": null
	}`))
	if err != nil {
		t.Fatal(err)
	}
	c := rootClient(t, s)
	c.ram("AddUserToGroup", "UserName=carol", "GroupName=readers")
	c.ram("TagResources", "ResourceType=role", `ResourceNames=["empty"]`, `Tag=[{"Key":"a","Value":"b"}]`)
	c.ram("AttachPolicyToUser", "UserName=carol", "PolicyType=Custom", "PolicyName=narrow")
	if got := c.ram("GetUser", "UserName=carol").text("User.UserId"); got != "200000000000000001" {
		t.Errorf("carol's id is %q", got)
	}
	if got := c.ims("GetLoginProfile", "UserPrincipalName=carol@"+s.defaultDomain()).text("LoginProfile.Status"); got != active {
		t.Errorf("carol's login profile is %q", got)
	}
	if got := c.ram("CreatePolicyVersion", "PolicyName=narrow", "PolicyDocument="+identityDocument).text("PolicyVersion.VersionId"); got != "v2" {
		t.Errorf("the second version is %q", got)
	}
}

func TestSettingsWrittenByHandHaveTheirDefaults(t *testing.T) {
	s := &Server{}
	err := s.Load([]byte(`{
		"Format": 1,
		"AccessKeys": {"KEY": {"NetworkPolicy": {}}},
		"PasswordPolicy": {"RequireNumbers": true},
		"SecurityPreference": {"EnableSaveMFATicket": true},
		"UserSsoSettings": {"AuxiliaryDomain": "example.com"}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	c := rootClient(t, s)
	password := c.ims("GetPasswordPolicy")
	if password.at("PasswordPolicy.MinimumPasswordLength") != 8.0 || password.at("PasswordPolicy.RequireNumbers") != true {
		t.Errorf("password policy: %v", password)
	}
	security := c.ims("GetSecurityPreference")
	if security.text("SecurityPreference.LoginProfilePreference.MFAOperationForLogin") != mfaIndependent ||
		security.at("SecurityPreference.LoginProfilePreference.EnableSaveMFATicket") != true ||
		security.at("SecurityPreference.MaxIdleDays.MaxIdleDaysForUsers") != 730.0 {
		t.Errorf("security preference: %v", security)
	}
	sso := c.ims("GetUserSsoSettings")
	if sso.text("UserSsoSettings.AuthnSignAlgo") != rsaSHA1 || sso.text("UserSsoSettings.AuxiliaryDomain") != "example.com" {
		t.Errorf("single sign-on: %v", sso)
	}
	policy := c.ims("GetAccessKeyPolicy", "UserAccessKeyId=KEY").text("AccessKeyPolicy")
	if policy != `{"Version":1,"Status":"Active","Statements":[]}` {
		t.Errorf("network policy: %s", policy)
	}
}

func TestAnAccountThatDoesNotFitTogetherIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ saved, complaint string }{
		"cut short":              {`{"Format": 1, "Users": {`, "unexpected EOF"},
		"more behind it":         {`{"Format": 1} {}`, "something follows"},
		"another format":         {`{"Format": 2}`, "Format 2"},
		"no format":              {`{}`, "Format 0"},
		"misspelt field":         {`{"Format": 1, "Usres": {}}`, `"Usres"`},
		"null object":            {`{"Format": 1, "Roles": {"1": null}}`, `"1" is null`},
		"two ids":                {`{"Format": 1, "Users": {"1": {"UserId": "2"}}}`, `"1" has another id`},
		"unknown member":         {`{"Format": 1, "Groups": {"g": {"Members": {"9": "2026-01-01T00:00:00Z"}}}}`, `member "9"`},
		"key of nobody":          {`{"Format": 1, "AccessKeys": {"K": {"UserId": "9"}}}`, `"K" belongs to "9"`},
		"deleted key of nobody":  {`{"Format": 1, "RecycledKeys": {"K": {"UserId": "9"}}}`, `"K" belongs to "9"`},
		"user and deleted user":  {`{"Format": 1, "Users": {"1": {}}, "RecycledUsers": {"1": {}}}`, `"1" is in Users and in`},
		"report beyond its end":  {`{"Format": 1, "CredentialReport": {"Step": 3, "Rows": ["user"]}}`, `has Step 3`},
		"report without header":  {`{"Format": 1, "CredentialReport": {"Step": 2}}`, `0 Rows`},
		"device without a seed":  {`{"Format": 1, "MFADevices": {"D": {"Base32StringSeed": "1"}}}`, `"D" has a Base32StringSeed`},
		"device of nobody":       {`{"Format": 1, "MFADevices": {"D": {"UserId": "9", "Base32StringSeed": "AA======"}}}`, `"D" belongs to "9"`},
		"two devices":            {`{"Format": 1, "Users": {"1": {}}, "MFADevices": {"D": {"UserId": "1", "Base32StringSeed": "AA======"}, "E": {"UserId": "1", "Base32StringSeed": "AA======"}}}`, `belong to "1"`},
		"two of a name":          {`{"Format": 1, "Users": {"1": {"UserName": "bob"}, "2": {"UserName": "Bob"}}}`, `have the name`},
		"no default version":     {`{"Format": 1, "Policies": {"p": {}}}`, `"p" has no version`},
		"user's unknown policy":  {`{"Format": 1, "Users": {"1": {"Policies": [{"PolicyType": "Custom", "PolicyName": "p"}]}}}`, `user "1" has the Custom policy "p"`},
		"group's unknown policy": {`{"Format": 1, "Groups": {"g": {"Policies": [{"PolicyType": "System", "PolicyName": "p"}]}}}`, `group "g"`},
		"grant to nobody":        {`{"Format": 1, "ResourceGroups": {"rg-1": {"Attachments": [{"PolicyType": "System", "PolicyName": "ReadOnlyAccess", "PrincipalType": "IMSUser", "PrincipalId": "9"}]}}}`, `the IMSUser "9"`},
		"grant of nothing":       {`{"Format": 1, "Users": {"1": {}}, "ResourceGroups": {"rg-1": {"Attachments": [{"PolicyType": "Custom", "PolicyName": "p", "PrincipalType": "IMSUser", "PrincipalId": "1"}]}}}`, `resource group "rg-1"`},
		"role's unknown policy":  {`{"Format": 1, "Roles": {"1": {"Policies": [{"PolicyType": "System", "PolicyName": "p"}]}}}`, `role "1"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Server{}
			rootClient(t, s).ram("CreateUser", "UserName=alice")
			before := save(t, s)
			if err := s.Load([]byte(c.saved)); err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want something about %s", err, c.complaint)
			}
			if save(t, s) != before {
				t.Error("the account has changed")
			}
		})
	}
}

func TestTheAdministratorIsAUserWhoKeepsTheKey(t *testing.T) {
	s := &Server{}
	id, secret := s.Administrator("admin")
	c := &testClient{t: t, s: s, id: id, secret: secret}
	if kind := c.sts("GetCallerIdentity").text("IdentityType"); kind != "RAMUser" {
		t.Errorf("the administrator is a %s", kind)
	}
	if got := c.ram("ListPoliciesForUser", "UserName=admin").text("Policies.Policy.0.PolicyName"); got != "AdministratorAccess" {
		t.Errorf("the administrator has %q", got)
	}
	second := c.ram("CreateAccessKey", "UserName=admin").text("AccessKey.AccessKeyId")
	if again, _ := s.Administrator("admin"); again != id {
		t.Errorf("another key is handed out, %s, not the first, %s", again, id)
	}
	c.ram("UpdateAccessKey", "UserName=admin", "UserAccessKeyId="+id, "Status=Inactive")
	if again, _ := s.Administrator("admin"); again != second {
		t.Errorf("%s is handed out, not %s, the only active key", again, second)
	}
}
