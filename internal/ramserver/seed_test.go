package ramserver

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

func describe(t *testing.T, s *Server) string {
	t.Helper()
	text, err := s.Describe()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withoutHistory is what is saved of an account but for what a description leaves out.
func withoutHistory(t *testing.T, s *Server) string {
	t.Helper()
	account := savedAccount{}
	if err := json.Unmarshal([]byte(save(t, s)), &account); err != nil {
		t.Fatal(err)
	}
	account.Sessions, account.RecycledUsers, account.RecycledKeys, account.DeletionTasks, account.CredentialReport = nil, nil, nil, nil, nil
	for _, key := range account.AccessKeys {
		key.LastUsedDate, key.LastUsedService = time.Time{}, ""
	}
	for _, d := range account.MFADevices {
		d.LastStep = 0
	}
	text, err := json.MarshalIndent(account, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestADescriptionOfAnAccountMakesTheSameAccount(t *testing.T) {
	s := everything(t)
	// What the API cannot make, or what has more than one form.
	c := rootClient(t, s)
	c.ram("CreatePolicy", "PolicyName=ReadOnlyAccess", "PolicyDocument="+identityDocument)
	c.ram("CreatePolicyVersion", "PolicyName=narrow", "PolicyDocument="+identityDocument)
	c.ram("DeletePolicyVersion", "PolicyName=narrow", "VersionId=v1")
	c.ram("CreatePolicy", "PolicyName=spaced", "PolicyDocument="+strings.ReplaceAll(identityDocument, ":", ": "))
	c.ram("CreateRole", "RoleName=a-first", "AssumeRolePolicyDocument="+strings.Replace(trustDocument, "1234567890123456:root", s.AccountID+":role/deployer", 1))
	c.ram("CreateRole", "RoleName=orphan", "AssumeRolePolicyDocument="+strings.Replace(trustDocument, "1234567890123456:root", s.AccountID+":user/bob", 1))
	for _, p := range []string{"Custom", "System"} {
		c.ram("AttachPolicyToGroup", "GroupName=operators", "PolicyName=ReadOnlyAccess", "PolicyType="+p)
	}
	for _, u := range []string{"bob", "alice"} {
		u := s.userNamed(u)
		u.ProvisionType = "SCIM"
		s.state.AccessKeys["LTAIoff"+u.UserID] = &accessKey{AccessKeyID: "LTAIoff" + u.UserID, UserID: u.UserID, Status: inactive, AccessKeySecret: "s", CreateDate: s.now(), UpdateDate: s.now()}
	}
	s.state.index = nil
	c.ram("DetachPolicyFromUser", "UserName=bob", "PolicyName=narrow", "PolicyType=Custom")
	for _, rg := range []string{DefaultResourceGroupID} {
		c.ram("DetachPolicyFromUser", "UserName=bob", "PolicyName=narrow", "PolicyType=Custom", "ResourceGroupId="+rg)
	}
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyName=narrow", "PolicyType=Custom", "ResourceGroupId="+DefaultResourceGroupID)
	c.ram("DeleteAccessKey", "UserName=bob", "UserAccessKeyId=LTAIoff"+s.userNamed("bob").UserID)
	c.ram("DeleteUser", "UserName=bob") // whom a role still trusts

	text := describe(t, s)
	seeded := &Server{Now: s.Now}
	if err := seeded.Seed([]byte(text)); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if again := describe(t, seeded); again != text {
		t.Errorf("the description is now\n%s\nand was\n%s", again, text)
	}
	if got, want := withoutHistory(t, seeded), withoutHistory(t, s); got != want {
		t.Errorf("the account is now\n%s\nand was\n%s", got, want)
	}
	if !seeded.CheckPassword("alice", everythingPassword) {
		t.Error("alice has another password")
	}
	var described map[string]any
	if err := json.Unmarshal([]byte(text), &described); err != nil {
		t.Fatal(err)
	}
	for _, field := range fieldNames(reflect.TypeFor[description]()) {
		if described[field] == nil {
			t.Errorf("the account has no %s to describe: add some above", field)
		}
	}
}

// What is given in a description is found by the actions of the API.
func TestADescribedAccountWorks(t *testing.T) {
	s := &Server{}
	err := s.Seed([]byte(`{
		"account_id": 5555555555555555, "account_alias": "short", "default_domain": "long-and-short.onaliyun.com",
		"users": [{
			"name": "alice", "tags": {"level": 3}, "comments": null,
			"login_profile": {"password": "Correct-Horse-1"},
			"access_keys": [{"id": "LTAIalice", "secret": "a secret"}, {"status": "Inactive"}],
			"policies": ["look", "ReadOnlyAccess", {"name": "look", "resource_group": "default"}]
		}],
		"groups": [{"name": "readers", "members": ["alice"]}],
		"policies": [{"name": "look", "document": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:Describe*", "Resource": "*"}]}}],
		"roles": [{"name": "deployer", "trust_policy": {"Version": "1", "Statement": [
			{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::5555555555555555:user/alice"]}}
		]}}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	c := &testClient{t: t, s: s, id: "LTAIalice", secret: "a secret"}
	if arn := c.sts("AssumeRole", "RoleSessionName=run", "RoleArn=acs:ram::5555555555555555:role/deployer").text("AssumedRoleUser.Arn"); arn == "" {
		t.Error("no session")
	}
	if got := c.ram("ListGroupsForUser", "UserName=alice").text("Groups.Group.0.GroupName"); got != "readers" {
		t.Errorf("alice is in %q", got)
	}
	if got := c.ram("ListPoliciesForUser", "UserName=alice").list("Policies.Policy"); len(got) != 2 {
		t.Errorf("alice has %v", got)
	}
	if alias, domain := c.ram("GetAccountAlias").text("AccountAlias"), s.defaultDomain(); alias != "short" || domain != "long-and-short.onaliyun.com" {
		t.Errorf("the alias is %s, the domain %s", alias, domain)
	}
	if got := c.ram("GetUser", "UserName=alice").text("User.Comments"); got != "" {
		t.Errorf("the comments are %q", got)
	}
	if got := c.ims("ListTagResources", "ResourceType=user").text("TagResources.TagResource.0.TagValue"); got != "3" {
		t.Errorf("the tag is %q", got)
	}
	if got := c.ram("GetPolicy", "PolicyName=look", "PolicyType=Custom").text("DefaultPolicyVersion.PolicyDocument"); got != identityDocument {
		t.Errorf("the document is %s", got)
	}
	keys := c.ram("ListAccessKeys", "UserName=alice").list("AccessKeys.AccessKey")
	if len(keys) != 2 || !s.CheckPassword("alice", "Correct-Horse-1") {
		t.Errorf("keys: %v", keys)
	}
}

func TestAnErrorSaysWhereInTheDescriptionItIs(t *testing.T) {
	many := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	const nobody = `{"Version":"1","Statement":[]}`
	for name, c := range map[string]struct{ text, complaint string }{
		"broken":                {`{"users": [`, "unexpected EOF"},
		"more behind it":        {`{} {}`, "something follows"},
		"a list":                {`[]`, "the account must be an object"},
		"account number":        {`{"account_id": "12"}`, "account_id: must be 16 digits"},
		"alias":                 {`{"account_alias": "A"}`, "account_alias: The length of AccountAlias must be 3 to 32 (InvalidParameter.AccountAlias.Length)"},
		"domain":                {`{"default_domain": "example.com"}`, "default_domain: DefaultDomainName must be"},
		"unknown field":         {`{"usres": []}`, `there is no field "usres"; there are account_id, `},
		"unknown field within":  {`{"users": [{"name": "a"}, {"name": "b", "group": "c"}]}`, `users[1]: there is no field "group"; there are name, id, `},
		"field twice":           {`{"users": [{"name": "a", "name": "b"}]}`, `users[0]: has the field "name" twice`},
		"text, not list":        {`{"groups": [{"name": "a", "members": "b"}]}`, `groups[0].members: must be a list`},
		"text, not object":      {`{"users": ["alice"]}`, `users[0]: must be an object`},
		"list, not text":        {`{"users": [{"name": ["a"]}]}`, `users[0].name: must be a text`},
		"text, not number":      {`{"roles": [{"name": "a", "max_session_duration": "1h"}]}`, `roles[0].max_session_duration: must be a whole number`},
		"text, not switch":      {`{"users": [{"login_profile": {"mfa_bind_required": "yes"}}]}`, `users[0].login_profile.mfa_bind_required: must be true or false`},
		"empty item":            {`{"users": [null]}`, `users[0]: is empty`},
		"tags":                  {`{"users": [{"name": "a", "tags": ["b"]}]}`, `users[0].tags: must be an object`},
		"no name":               {`{"users": [{"email": "a@example.com"}]}`, "users[0].name: is required"},
		"bad name":              {`{"users": [{"name": "a b"}]}`, "users[0].name: UserName contains characters that are not allowed (InvalidParameter.UserName.InvalidChars)"},
		"name twice":            {`{"users": [{"name": "a"}, {"name": "A"}]}`, "users[1]: The user already exists: A (EntityAlreadyExists.User)"},
		"id twice":              {`{"users": [{"name": "a", "id": "1"}, {"name": "b", "id": "1"}]}`, "users[1].id: 1 is there already"},
		"id of a session's key": {`{"users": [{"name": "a", "access_keys": [{"id": "STS.a", "secret": "b"}]}]}`, "users[0].access_keys[0].id: must not begin with STS."},
		"bad id":                {`{"groups": [{"name": "a", "id": "a b"}]}`, "groups[0].id: must be 1 to 64 letters"},
		"bad email":             {`{"users": [{"name": "a", "email": "b"}]}`, "users[0].email: Email must be an e-mail address"},
		"provision type":        {`{"users": [{"name": "a", "provision_type": "Mine"}]}`, "users[0].provision_type: must be Manual, SCIM or CloudSSO"},
		"reserved tag":          {`{"users": [{"name": "a", "tags": {"aliyun": ""}}]}`, "users[0].tags: Tag.Key must be free of"},
		"weak password":         {`{"users": [{"name": "a", "login_profile": {"password": "1"}}]}`, "users[0].login_profile.password: The password is too weak"},
		"password by policy":    {`{"password_policy": {"require_symbols": true}, "users": [{"name": "a", "login_profile": {"password": "longenough1"}}]}`, "it has no symbol"},
		"password and hash":     {`{"users": [{"name": "a", "login_profile": {"password": "a", "password_hash": "b"}}]}`, "users[0].login_profile.password_hash: stands in place"},
		"bad hash":              {`{"users": [{"name": "a", "login_profile": {"password_hash": "b"}}]}`, "users[0].login_profile.password_hash: must be"},
		"bad status":            {`{"users": [{"name": "a", "access_keys": [{"status": "On"}]}]}`, "users[0].access_keys[0].status: Status must be"},
		"key twice":             {`{"users": [{"name": "a", "access_keys": [{"id": "K"}, {"id": "K"}]}]}`, "users[0].access_keys[1].id: K is there already"},
		"third key":             {`{"users": [{"name": "a", "access_keys": [` + many(3, "{}") + `]}]}`, "users[0].access_keys[2]: The limit of 2 is reached (LimitExceeded.User.AccessKey)"},
		"network policy":        {`{"users": [{"name": "a", "access_keys": [{"network_policy": {}}]}]}`, "users[0].access_keys[0].network_policy: AccessKeyPolicy must be"},
		"no such policy":        {`{"users": [{"name": "a", "policies": ["b"]}]}`, "users[0].policies[0]: The policy does not exist: b"},
		"policy twice":          {`{"roles": [{"name": "a", "trust_policy": ` + nobody + `, "policies": ["ReadOnlyAccess", "ReadOnlyAccess"]}]}`, "roles[0].policies[1]: The policy is attached"},
		"resource group":        {`{"groups": [{"name": "a", "policies": [{"name": "ReadOnlyAccess", "resource_group": "b"}]}]}`, `groups[0].policies[0].resource_group: there is no resource group "b"`},
		"policy type":           {`{"groups": [{"name": "a", "policies": [{"name": "ReadOnlyAccess", "type": "Own"}]}]}`, `groups[0].policies[0].type: PolicyType must be`},
		"no such member":        {`{"users": [{"name": "a"}], "groups": [{"name": "g", "members": ["a", "b"]}]}`, "groups[0].members[1]: The user does not exist: b"},
		"no document":           {`{"policies": [{"name": "a"}]}`, "policies[0]: needs a document"},
		"bad document":          {`{"policies": [{"name": "a", "document": {"Version": 1}}]}`, `policies[0].document: The policy document is malformed: Version must be "1"`},
		"document as text":      {`{"policies": [{"name": "a", "document": "{"}]}`, `policies[0].document: The policy document is malformed`},
		"bad version":           {`{"policies": [{"name": "a", "default_version": "v1", "versions": [{"id": "1", "document": ` + nobody + `}]}]}`, `policies[0].versions[0].id: must be v and a number`},
		"default version":       {`{"policies": [{"name": "a", "default_version": "v2", "versions": [{"id": "v1", "document": ` + nobody + `}]}]}`, `policies[0].default_version: must be one of v1`},
		"no trust policy":       {`{"roles": [{"name": "a"}]}`, "roles[0].trust_policy: is required"},
		"trusts nobody there":   {`{"account_id": "1234567890123456", "roles": [{"name": "a", "trust_policy": ` + strings.Replace(trustDocument, "root", "user/eve", 1) + `}]}`, "roles[0].trust_policy: The policy document is malformed: the principal acs:ram::1234567890123456:user/eve does not exist"},
		"linked role":           {`{"service_linked_roles": [{"service": "none"}]}`, "service_linked_roles[0]: The service does not exist"},
		"metadata":              {`{"saml_providers": [{"name": "a", "metadata_document": "<a/>"}]}`, "saml_providers[0].metadata_document: EncodedSAMLMetadataDocument must be"},
		"fingerprints":          {`{"oidc_providers": [{"name": "a", "issuer_url": "https://example.com"}]}`, "oidc_providers[0].fingerprints: is required"},
		"client id":             {`{"oidc_providers": [{"name": "a", "issuer_url": "https://example.com", "fingerprints": ["a"], "client_ids": ["-"]}]}`, "oidc_providers[0].client_ids: "},
		"seed":                  {`{"mfa_devices": [{"name": "a", "seed": "1"}]}`, "mfa_devices[0].seed: must be base32"},
		"device of nobody":      {`{"mfa_devices": [{"name": "a", "user": "b"}]}`, `mfa_devices[0].user: there is no user "b"`},
		"second device":         {`{"users": [{"name": "b"}], "mfa_devices": [{"name": "a", "user": "b"}, {"name": "c", "user": "b"}]}`, `mfa_devices[1].user: the user "b" has an MFA device`},
		"setting out of range":  {`{"password_policy": {"minimum_password_length": 2}}`, "password_policy.minimum_password_length: MinimumPasswordLength must be 8 to 32"},
		"masks":                 {`{"security_preference": {"login_network_masks": ["a"]}}`, "security_preference.login_network_masks: "},
		"single sign-on":        {`{"user_sso_settings": {"sso_enabled": true}}`, "user_sso_settings.metadata_document: is required"},
		"saved, but broken":     {`{"Format": 1, "Usres": {}}`, `"Usres"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Server{IDSeed: 1}
			rootClient(t, s).ram("CreateUser", "UserName=alice")
			before, drawn := save(t, s), maps.Clone(s.drawn.times)
			if err := s.Seed([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want %s", err, c.complaint)
			}
			if save(t, s) != before || !maps.Equal(drawn, s.drawn.times) {
				t.Error("the server has changed")
			}
		})
	}
}

func TestASeededServerDrawsOtherIDsThanTheSeed(t *testing.T) {
	s := &Server{IDSeed: 1}
	if err := s.Seed([]byte(`{"users": [{"name": "alice"}]}`)); err != nil {
		t.Fatal(err)
	}
	first := s.userNamed("alice").UserID
	c := rootClient(t, s)
	c.ram("DeleteUser", "UserName=alice")
	s.state.RecycledUsers = nil
	if again := c.ram("CreateUser", "UserName=alice").text("User.UserId"); again == first {
		t.Errorf("both users have the id %s", first)
	}
}

func TestADescriptionIsASeedAlsoWhereItsIDsAreDrawnAgain(t *testing.T) {
	const made = `{"users": [{"name": "alice", "access_keys": [{}]}], "groups": [{"name": "ops"}], "resource_groups": [{"name": "staging", "display_name": "Staging"}],
		"roles": [{"name": "deployer", "trust_policy": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}]}}]}`
	first, again := &Server{IDSeed: 7}, &Server{IDSeed: 7}
	if err := first.Seed([]byte(made)); err != nil {
		t.Fatal(err)
	}
	if err := again.Seed([]byte(describe(t, first))); err != nil {
		t.Fatal(err)
	}
	if describe(t, again) != describe(t, first) {
		t.Errorf("the account was\n%s\nand is\n%s", describe(t, first), describe(t, again))
	}
}

func TestWhatWasSavedIsASeed(t *testing.T) {
	s, loaded := everything(t), &Server{}
	if err := loaded.Seed([]byte(save(t, s))); err != nil {
		t.Fatal(err)
	}
	if loaded.AccountID != s.AccountID || loaded.state.Users == nil {
		t.Error("the account is not the one that was saved")
	}
}

func TestADescriptionHoldsNoPassword(t *testing.T) {
	if text := describe(t, everything(t)); strings.Contains(text, everythingPassword) || strings.Contains(text, url.QueryEscape(everythingPassword)) {
		t.Errorf("there is a password in %s", text)
	}
}
