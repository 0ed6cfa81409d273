package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// What several mistakes are made with.
const (
	password = "Correct-Horse-7"
	ageKey   = "AGE-SECRET-KEY-1QQPQGJ6GH9VYQ2QL3G2T8UGA3S4VEKTPWLMQUJYT27MLUQQVJ63STLFRQ5"

	aUser = `
resource "ram_user" "alice" {
  name = "alice"
}`
	aGroup = `
resource "ram_group" "developers" {
  name = "developers"
}`
	aMember = `
resource "ram_group_membership" "alice" {
  group_name = "developers"
  user_names = ["alice"]
}`
	aPolicy = `
resource "ram_policy" "logs" {
  name = "read-logs"
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "log:Get*", Resource = "*" }]
  })
}`
	anAttachment = `
resource "ram_policy_attachment" "logs" {
  policy_name = "read-logs"
  policy_type = "Custom"
  user_name   = "alice"
}`
	aRole = `
resource "ram_role" "deploy" {
  name = "deploy"
  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs.aliyuncs.com" } }]
  })
}`
	aLogin = `
resource "ram_login_profile" "alice" {
  user_name           = "alice"
  password_wo         = "` + password + `"
  password_wo_version = 1
}`
	asDeploy = `
provider "ram" {
  assume_role {
    role_arn = "acs:ram::1234567890123456:role/deploy"
  }
}
`
	once = `
provider "ram" {
  max_retries     = 0
  request_timeout = 1
}
`
)

var mistakes = []struct {
	about string
	made  []mistake
}{
	{"Credentials", []mistake{
		{
			name: "no credentials", title: "There are no credentials",
			when: "Neither the provider block, nor the environment, nor a file has any.",
			setUp: func(s *stage) {
				delete(s.env, keyIDVariable)
				delete(s.env, keySecretVariable)
			},
			config: aUser,
		},
		{
			name: "half a key", title: "The secret of the key is not given",
			when: "The environment has no secret either.",
			setUp: func(s *stage) {
				delete(s.env, keyIDVariable)
				delete(s.env, keySecretVariable)
			},
			config: `
provider "ram" {
  access_key_id = "LTAI5tExample"
}
` + aUser,
		},
		{
			name: "wrong secret", title: "The secret belongs to another key",
			when:   "`ALIBABA_CLOUD_ACCESS_KEY_SECRET` lacks its last letter.",
			setUp:  func(s *stage) { s.env[keySecretVariable] = s.env[keySecretVariable][:29] },
			config: aUser,
		},
		{
			name: "unknown key", title: "The key does not exist",
			when:   "`ALIBABA_CLOUD_ACCESS_KEY_ID` has a key that was deleted, or one of the other site.",
			setUp:  func(s *stage) { s.env[keyIDVariable] = "LTAI5tDELETED" },
			config: aUser,
		},
		{
			name: "inactive key", title: "The key is turned off",
			when: "Somebody has disabled the key.",
			setUp: func(s *stage) {
				other := s.client()
				s.must(other.SetAccessKeyStatus(s.t.Context(), "operator", s.env[keyIDVariable], "Inactive"))
			},
			config: aUser,
		},
		{
			name: "expired token", title: "The STS token has expired",
			when: "The environment has temporary credentials from two hours ago.",
			has:  trusting(`{ RAM = "acs:ram::1234567890123456:root" }`),
			setUp: func(s *stage) {
				session, err := s.client().AssumeRole(s.t.Context(), ramapi.AssumeRole{RoleARN: "acs:ram::1234567890123456:role/deploy"})
				s.must(err)
				s.env[keyIDVariable], s.env[keySecretVariable] = session.AccessKeyID, session.AccessKeySecret
				s.env[tokenVariable] = session.SecurityToken
				s.ahead = 2 * time.Hour
			},
			config: aUser,
		},
		{
			name: "clock off", title: "The clock is an hour off",
			when:   "The clock of the machine that Terraform runs on is an hour slow.",
			setUp:  func(s *stage) { s.ahead = time.Hour },
			config: aUser,
		},
		{
			name: "missing profile", title: "The profile does not exist",
			when: "`~/.aliyun/config.json` has no profile of this name.",
			setUp: func(s *stage) {
				s.home(".aliyun/config.json", `{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"LTAI","access_key_secret":"s"}]}`)
			},
			config: `
provider "ram" {
  profile = "production"
}
` + aUser,
		},
		{
			name: "root key", title: "The key is that of the account itself",
			when:   "The environment has a key of the account's owner.",
			setUp:  func(s *stage) { s.env[keyIDVariable], s.env[keySecretVariable] = s.server.RootAccessKey() },
			config: `data "ram_caller_identity" "me" {}`,
		},
	}},
	{"Roles to work as", []mistake{
		{
			name: "role does not exist", title: "The role to work as does not exist",
			config: asDeploy + aUser,
		},
		{
			name: "role does not trust", title: "The role does not trust the caller",
			has: aRole, config: asDeploy + aUser,
		},
		{
			name: "external id missing", title: "The role asks for an external ID",
			has:    trusting(`{ RAM = "acs:ram::1234567890123456:root" }, Condition = { StringEquals = { "sts:ExternalId" = "c4-7" } }`),
			config: asDeploy + aUser,
		},
		{
			name: "may not assume", title: "The caller may not assume any role",
			has:    trusting(`{ RAM = "acs:ram::1234567890123456:root" }`),
			when:   "No policy of the caller allows `sts:AssumeRole`.",
			setUp:  func(s *stage) { s.faults = map[string]ramserver.Fault{"AssumeRole": {Denied: &ramserver.Denial{}}} },
			config: asDeploy + aUser,
		},
		{
			name: "session too long", title: "The session is to last longer than the role allows",
			has:    trusting(`{ RAM = "acs:ram::1234567890123456:root" }`),
			config: strings.Replace(asDeploy, "\n  }", "\n    duration_seconds = 7200\n  }", 1) + aUser,
		},
		{
			name: "token file missing", title: "The file with the OIDC token does not exist",
			config: `
provider "ram" {
  assume_role_with_oidc {
    role_arn          = "acs:ram::1234567890123456:role/deploy"
    oidc_provider_arn = "acs:ram::1234567890123456:oidc-provider/ci"
    oidc_token_file   = "/var/run/ci/token"
  }
}
` + aUser,
		},
	}},
	{"The provider block", []mistake{
		{
			name: "wrong account", title: "The credentials belong to another account", real: true,
			config: `
provider "ram" {
  allowed_account_ids = ["1111222233334444"]
}
` + aUser,
		},
		{
			name: "plain http", title: "The endpoint is plain http",
			config: `
provider "ram" {
  endpoints {
    ram = "http://ram.aliyuncs.com"
  }
}
` + aUser,
		},
		{
			name: "endpoint without host", title: "The endpoint has no host",
			config: `
provider "ram" {
  endpoints {
    ims = "https://"
  }
}
` + aUser,
		},
		{
			name: "unknown advisories", title: "advisories has an unknown value",
			config: `
provider "ram" {
  advisories = "ignore"
}
` + aUser,
		},
	}},
	{"The network and the service", []mistake{
		{
			name: "unreachable", title: "Nothing listens at the endpoint",
			when:   "`ALIBABA_CLOUD_ENDPOINT_RAM` names a port at which nothing listens.",
			setUp:  func(s *stage) { s.env["ALIBABA_CLOUD_ENDPOINT_RAM"] = "http://127.0.0.1:1" },
			config: once + aUser,
		},
		{
			name: "no answer", title: "The service does not answer in time",
			applied: aUser,
			setUp: func(s *stage) {
				hangs := ramserver.Fault{Delay: 5 * time.Second}
				s.faults = map[string]ramserver.Fault{"GetUser": hangs, "ListUsers": hangs}
			},
			config: once + aUser,
		},
		{
			name: "throttled", title: "The account makes too many calls",
			setUp: func(s *stage) {
				f, _ := ramserver.NamedFault("throttled-429")
				s.faults = map[string]ramserver.Fault{"CreateUser": f}
			},
			config: once + aUser,
		},
		{
			name: "server error", title: "The service has a fault",
			setUp: func(s *stage) {
				f, _ := ramserver.NamedFault("unavailable-503")
				s.faults = map[string]ramserver.Fault{"CreateUser": f}
			},
			config: once + aUser,
		},
		{
			name: "proxy", title: "A proxy answers instead of the service",
			setUp: func(s *stage) {
				s.faults = map[string]ramserver.Fault{"CreateUser": {
					Status: http.StatusForbidden, ContentType: "text/html", Body: "<html>Blocked by the company's proxy</html>",
				}}
			},
			config: once + aUser,
		},
	}},
	{"Permissions", []mistake{
		{
			name: "missing permission", title: "The caller lacks a permission",
			setUp: func(s *stage) {
				s.faults = map[string]ramserver.Fault{"CreateUser": {Denied: &ramserver.Denial{Resource: "acs:ram:*:1234567890123456:user/*"}}}
			},
			config: aUser,
		},
		{
			name: "denied", title: "A policy denies it",
			setUp: func(s *stage) {
				s.faults = map[string]ramserver.Fault{"CreateUser": {Denied: &ramserver.Denial{
					Resource: "acs:ram:*:1234567890123456:user/*",
					Policies: []ramserver.MatchedPolicy{{Effect: "Deny", PolicyType: "Custom", PolicyIdentifier: "no-new-users", AttachedEntityType: "RamUser", AttachedScope: "Account"}},
				}}}
			},
			config: aUser,
		},
		{
			name: "may not read", title: "The caller may not read what is in the state",
			applied: aUser,
			setUp: func(s *stage) {
				denied := ramserver.Fault{Denied: &ramserver.Denial{Resource: "acs:ram:*:1234567890123456:user/alice"}}
				s.faults = map[string]ramserver.Fault{"GetUser": denied, "ListUsers": denied}
			},
			config: aUser,
		},
		{
			name: "last administrator", title: "The plan takes away the last administrator",
			applied: `
resource "ram_group" "operators" {
  name = "operators"
}

resource "ram_group_membership" "operators" {
  group_name = ram_group.operators.name
  user_names = ["operator"]
}

resource "ram_policy_attachment" "operators" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
  group_name  = ram_group.operators.name
}`,
			setUp: func(s *stage) {
				s.must(s.client().DetachPolicy(s.t.Context(), "AdministratorAccess", ramapi.PolicyTypeSystem, ramapi.Principal{Kind: ramapi.KindUser, Name: "operator"}))
			},
			config: `
resource "ram_group" "operators" {
  name = "operators"
}

resource "ram_group_membership" "operators" {
  group_name = ram_group.operators.name
  user_names = ["operator"]
}`,
		},
	}},
	{"Users", []mistake{
		{name: "user exists", title: "The user exists already", real: true, has: aUser, config: aUser},
		{
			name: "user name too long", title: "The name is too long",
			config: `
resource "ram_user" "alice" {
  name = "alice-who-looks-after-everything-that-nobody-else-wants-to-look-after"
}`,
		},
		{
			name: "user name with a domain", title: "The name has a character that RAM does not take",
			config: `
resource "ram_user" "alice" {
  name = "alice@example.com"
}`,
		},
		{
			name: "phone", title: "The phone number has another form", real: true,
			config: `
resource "ram_user" "alice" {
  name         = "alice"
  email        = "alice at example.com"
  mobile_phone = "+86 13900001111"
}`,
		},
		{
			name: "user in use", title: "The user to be deleted has a key and is in a group",
			has: aGroup, applied: aUser,
			setUp: func(s *stage) {
				ctx, ram := s.t.Context(), s.client()
				s.must(errOf(ram.CreateAccessKey(ctx, "alice")))
				s.must(errOf(ram.AddUserToGroup(ctx, "alice", "developers")))
			},
			when: "Somebody has made a key for the user and put her into the group.",
		},
		{
			name: "name taken", title: "The new name is taken",
			has:     strings.ReplaceAll(aUser, "alice", "bob"),
			applied: aUser,
			config:  strings.Replace(aUser, `"alice"`+"\n", `"bob"`+"\n", 1),
		},
		{
			name: "nothing to import", title: "The user to be imported does not exist",
			config: `
import {
  to = ram_user.alice
  id = "alice"
}
` + aUser,
		},
		{
			name: "import by ARN", title: "The user is imported by its ARN", real: true,
			has: aUser,
			config: `
import {
  to = ram_user.alice
  id = "acs:ram::1234567890123456:user/alice"
}
` + aUser,
		},
		{
			name: "no such user", title: "The user to be read does not exist", real: true,
			config: `
data "ram_user" "alice" {
  name = "alice"
}`,
		},
	}},
	{"Console logins", []mistake{
		{
			name: "no password", title: "A login needs a password",
			has: aUser,
			config: `
resource "ram_login_profile" "alice" {
  user_name = "alice"
}`,
		},
		{
			name: "no version", title: "A write-only password needs a version",
			config: `
resource "ram_login_profile" "alice" {
  user_name   = "alice"
  password_wo = "` + password + `"
}`,
		},
		{
			name: "weak password", title: "The password is too weak",
			has: aUser + `

resource "ram_password_policy" "this" {
  minimum_password_length = 20
  require_symbols         = true
}`,
			config: aLogin,
		},
		{name: "second login", title: "The user has a login already", has: aUser + "\n" + aLogin, config: aLogin},
		{name: "login of nobody", title: "The user of the login does not exist", config: aLogin},
		{
			name: "password in state", title: "The password is kept in the state",
			has: aUser,
			config: `
resource "ram_login_profile" "alice" {
  user_name         = "alice"
  password          = "` + password + `"
  mfa_bind_required = false
}`,
		},
	}},
	{"Access keys", []mistake{
		{
			name: "third key", title: "The user has two keys already",
			has: aUser,
			setUp: func(s *stage) {
				for range 2 {
					s.must(errOf(s.client().CreateAccessKey(s.t.Context(), "alice")))
				}
			},
			when: "The user has two access keys.",
			config: `
resource "ram_access_key" "alice" {
  user_name = "alice"
}`,
		},
		{
			name: "key of nobody", title: "The user of the key does not exist",
			config: `
resource "ram_access_key" "alice" {
  user_name = "alice"
}`,
		},
		{
			name: "both", title: "The user has a login and is to have a key",
			has: aUser + "\n" + aLogin,
			config: `
provider "ram" {
  advisories = "error"
}

resource "ram_access_key" "alice" {
  user_name      = "alice"
  age_recipients = ["age1vjpctcgp6ffeeqq3vmffz60h9wzysdh20dvkd4nxjm0r9k8e7f5s5tnmyw"]
}`,
		},
		{
			name: "pgp key", title: "The PGP key is a name at Keybase",
			config: `
resource "ram_access_key" "alice" {
  user_name = "alice"
  pgp_key   = "keybase:alice"
}`,
		},
		{
			name: "age recipient", title: "The age recipient is a private key",
			config: `
resource "ram_access_key" "alice" {
  user_name      = "alice"
  age_recipients = ["` + ageKey + `"]
}`,
		},
		{
			name: "network", title: "The network is longer than an address",
			config: `
resource "ram_access_key_policy" "alice" {
  user_name     = "alice"
  access_key_id = "LTAI5tExample"

  statement {
    type    = "ClassicWhiteList"
    ip_list = ["203.0.113.0/33"]
  }
}`,
		},
	}},
	{"Groups", []mistake{
		{name: "member missing", title: "The member does not exist", has: aGroup, config: aMember},
		{name: "group missing", title: "The group does not exist", has: aUser, config: aMember},
		{name: "group exists", title: "The group exists already", has: aGroup, config: aGroup},
		{
			name: "group in use", title: "The group to be deleted has members",
			has: aUser, applied: aGroup,
			setUp: func(s *stage) {
				s.must(errOf(s.client().AddUserToGroup(s.t.Context(), "alice", "developers")))
			},
			when: "Somebody has put alice into the group.",
		},
		{
			name: "exclusive", title: "The exclusive memberships put somebody out",
			has: aUser + "\n" + strings.ReplaceAll(aUser, "alice", "mallory") + "\n" + aGroup + "\n" + strings.ReplaceAll(aMember, "alice", "mallory"),
			config: `
resource "ram_group_memberships_exclusive" "developers" {
  group_name = "developers"
  user_names = ["alice"]
}`,
		},
		{
			name: "eleventh group", title: "The user is in too many groups",
			when: "RAM lets a user be in ten groups; alice is.",
			has:  aUser + "\n" + aGroup,
			setUp: func(s *stage) {
				for _, name := range strings.Fields("a b c d e f g h i j") {
					s.must(errOf(s.client().CreateGroup(s.t.Context(), ramapi.Group{Name: name})))
					s.must(errOf(s.client().AddUserToGroup(s.t.Context(), "alice", name)))
				}
			},
			config: aMember,
		},
	}},
	{"Policies", []mistake{
		{
			name: "JSON typo", title: "The JSON has a typo", real: true,
			config: `
resource "ram_policy" "logs" {
  name            = "read-logs"
  policy_document = <<-JSON
    {
      "Version": "1",
      "Statement": [
        { "Effect": "Allow", "Action": "log:Get*" "Resource": "*" }
      ]
    }
  JSON
}`,
		},
		{
			name: "unknown effect", title: "The effect is neither Allow nor Deny",
			config: strings.Replace(aPolicy, `"Allow"`, `"Permit"`, 1),
		},
		{
			name: "no action", title: "A statement has no action",
			config: strings.Replace(aPolicy, ` Action = "log:Get*",`, "", 1),
		},
		{
			name: "trust policy as policy", title: "A trust policy stands where an identity policy belongs",
			config: strings.Replace(aPolicy, `Action = "log:Get*", Resource = "*"`, `Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] }`, 1),
		},
		{
			name: "refused document", title: "Only the service refuses the document",
			when: "RAM has a rule that it does not document.",
			setUp: func(s *stage) {
				s.faults = map[string]ramserver.Fault{"CreatePolicy": {
					Status: http.StatusBadRequest, Code: "MalformedPolicyDocument", Message: "The action of statement 1 is not known.",
				}}
			},
			config: aPolicy,
		},
		{
			name: "document too long", title: "The document is too long",
			config: `
resource "ram_policy" "logs" {
  name = "read-logs"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect   = "Allow"
      Action   = "log:Get*"
      Resource = [for i in range(150) : "acs:log:*:*:project/a-project-with-a-long-name/${i}"]
    }]
  })
}`,
		},
		{
			name: "everything", title: "The policy allows everything",
			config: strings.Replace(aPolicy, `"log:Get*"`, `"*"`, 1),
		},
		{name: "policy exists", title: "The policy exists already", has: aPolicy, config: aPolicy},
		{
			name: "policy in use", title: "The policy to be deleted is attached",
			has: aUser, applied: aPolicy,
			setUp: func(s *stage) {
				s.must(s.client().AttachPolicy(s.t.Context(), "read-logs", ramapi.PolicyTypeCustom, ramapi.Principal{Kind: ramapi.KindUser, Name: "alice"}))
			},
			when: "Somebody has attached the policy to alice.",
		},
		{
			name: "policy missing", title: "The policy to be attached does not exist",
			has: aUser, config: anAttachment,
		},
		{
			name: "policy type", title: "A system policy is attached as a custom one",
			has:    aUser,
			config: strings.Replace(anAttachment, "read-logs", "ReadOnlyAccess", 1),
		},
		{
			name: "import of a pair", title: "The attachment is imported by the policy's name alone",
			has: aUser + "\n" + aPolicy,
			config: `
import {
  to = ram_policy_attachment.logs
  id = "read-logs"
}
` + anAttachment,
		},
		{
			name: "two principals", title: "A policy is attached to a user and to a group",
			config: strings.Replace(anAttachment, "\n}", "\n  group_name  = \"developers\"\n}", 1),
		},
		{
			name: "too many policies", title: "The user has too many policies",
			when: "The account lets a user have ten custom policies; alice has them.",
			has:  aUser + "\n" + aPolicy,
			setUp: func(s *stage) {
				for _, name := range strings.Fields("a b c d e f g h i j") {
					s.must(errOf(s.client().CreatePolicy(s.t.Context(), ramapi.Policy{Name: name, Document: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:Get*","Resource":"*"}]}`})))
					s.must(s.client().AttachPolicy(s.t.Context(), name, ramapi.PolicyTypeCustom, ramapi.Principal{Kind: ramapi.KindUser, Name: "alice"}))
				}
			},
			config: anAttachment,
		},
		{
			name: "system policy", title: "A system policy is imported as one's own",
			config: `
import {
  to = ram_policy.read_only
  id = "ReadOnlyAccess"
}

resource "ram_policy" "read_only" {
  name            = "ReadOnlyAccess"
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = "*:Get*", Resource = "*" }]
  })
}`,
		},
	}},
	{"Roles", []mistake{
		{
			name: "trusts everybody", title: "The trust policy trusts everybody",
			config: trusting(`{ RAM = "*" }`),
		},
		{
			name: "policy as trust policy", title: "An identity policy stands where a trust policy belongs",
			config: strings.Replace(aRole, `Principal = { Service = "ecs.aliyuncs.com" }`, `Resource = "*"`, 1),
		},
		{
			name: "principal missing", title: "The trust policy names a user who does not exist",
			config: trusting(`{ RAM = "acs:ram::1234567890123456:user/zoe" }`),
		},
		{
			name: "session duration", title: "The session is too short",
			config: strings.Replace(aRole, "\n  assume", "\n  max_session_duration = 60\n  assume", 1),
		},
		{
			name: "role in use", title: "The role to be deleted has a policy",
			applied: aRole,
			setUp: func(s *stage) {
				s.must(s.client().AttachPolicy(s.t.Context(), "ReadOnlyAccess", ramapi.PolicyTypeSystem, ramapi.Principal{Kind: ramapi.KindRole, Name: "deploy"}))
			},
			when: "Somebody has attached ReadOnlyAccess to the role.",
		},
		{
			name: "service-linked role", title: "A service-linked role is made as an ordinary one",
			config: strings.Replace(aRole, `"deploy"`+"\n  assume", `"AliyunServiceRoleForPolarDB"`+"\n  assume", 1),
		},
	}},
	{"The account", []mistake{
		{
			name: "second singleton", title: "There are two password policies",
			config: `
resource "ram_password_policy" "this" {
  minimum_password_length = 12
}

resource "ram_password_policy" "other" {
  minimum_password_length = 16
}`,
		},
		{
			name: "alias taken", title: "Another account has the alias",
			config: `
resource "ram_account_alias" "this" {
  account_alias = "acme"
}`,
		},
		{
			name: "length out of range", title: "The password is to be shorter than RAM allows",
			config: `
resource "ram_password_policy" "this" {
  minimum_password_length = 6
}`,
		},
		{
			name: "mask", title: "The network is written in another form",
			config: `
resource "ram_security_preference" "this" {
  login_network_masks = ["203.0.113.0/255.255.255.0"]
}`,
		},
	}},
	{"Sign-in", []mistake{
		{
			name: "metadata", title: "The metadata is an address, not the document",
			config: `
resource "ram_saml_provider" "directory" {
  name                   = "directory"
  saml_metadata_document = "https://idp.example.com/metadata.xml"
}`,
		},
		{
			name: "issuer", title: "The issuer is plain http",
			config: `
resource "ram_oidc_provider" "ci" {
  name         = "ci"
  issuer_url   = "http://ci.example.com"
  client_ids   = ["sts.aliyuncs.com"]
  fingerprints = ["2b8f1b57330dbba2d07a6c51f70ee90ddab9ad8e"]
}`,
		},
		{
			name: "fingerprint", title: "The fingerprint has colons",
			config: `
resource "ram_oidc_provider" "ci" {
  name         = "ci"
  issuer_url   = "https://ci.example.com"
  client_ids   = ["sts.aliyuncs.com"]
  fingerprints = ["2B:8F:1B:57:33:0D:BB:A2:D0:7A:6C:51:F7:0E:E9:0D:DA:B9:AD:8E"]
}`,
		},
	}},
}

// trusting gives the role deploy with a principal in its trust policy.
func trusting(principal string) string {
	return strings.Replace(aRole, `{ Service = "ecs.aliyuncs.com" }`, principal, 1)
}

func errOf(_ any, err error) error { return err }

// home writes a file into the home directory.
func (s *stage) home(path, content string) {
	path = filepath.Join(os.Getenv("HOME"), path)
	s.must(os.MkdirAll(filepath.Dir(path), 0o700))
	s.must(os.WriteFile(path, []byte(content), 0o600))
}
