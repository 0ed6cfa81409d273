package provider_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// everything fills an account with something of each type that can be listed,
// and gives how many there are.
func everything(t *testing.T, acc *acctest.Account) map[string]int {
	t.Helper()
	ctx, ram := t.Context(), acc.Client()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range []ramapi.User{
		{Name: "alice", DisplayName: "Alice", Email: "alice@example.com", MobilePhone: "86-13900001111", Comments: "On call"}, {Name: "bob"},
	} {
		made, err := ram.CreateUser(ctx, u)
		must(err)
		must(ram.TagUser(ctx, u.Name, made.ID, ramapi.TagChange{Set: map[string]string{"team": u.Name, "cost-center": "7"}}))
	}
	for _, g := range []ramapi.Group{{Name: "developers", Comments: "Everybody who writes"}, {Name: "nobody"}} {
		_, err := ram.CreateGroup(ctx, g)
		must(err)
	}
	for _, user := range []string{"alice", "bob"} {
		_, err := ram.AddUserToGroup(ctx, user, "developers")
		must(err)
	}
	_, err := ram.CreateLoginProfile(ctx, "alice", ramapi.LoginProfileInput{Password: "An-1nitial-Passw0rd!", PasswordResetRequired: true, Status: "Active"})
	must(err)
	var keys []ramapi.CreatedAccessKey
	for range 2 {
		key, err := ram.CreateAccessKey(ctx, "bob")
		must(err)
		keys = append(keys, key)
	}
	must(ram.SetAccessKeyStatus(ctx, "bob", keys[0].ID, "Inactive"))
	must(ram.CreateAccessKeyPolicy(ctx, "bob", keys[1].ID, ramapi.AccessKeyPolicy{
		Status: "Active", Statements: []ramapi.NetworkStatement{{Type: "ClassicWhiteList", IPList: []string{"203.0.113.0/24", "198.51.100.7"}}},
	}))
	bound, err := ram.CreateVirtualMFADevice(ctx, "alice-phone")
	must(err)
	alice, err := ram.User(ctx, "alice", "")
	must(err)
	_, err = ram.BindMFADevice(ctx, bound.SerialNumber, bound.Seed, ramapi.Principal{Kind: ramapi.KindUser, Name: "alice", ID: alice.ID})
	must(err)
	_, err = ram.CreateVirtualMFADevice(ctx, "spare")
	must(err)
	_, err = ram.CreateRole(ctx, ramapi.Role{
		Name: "ops", Description: "For nights", MaxSessionDuration: 7200, Tags: map[string]string{"team": "ops"},
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`,
	})
	must(err)
	_, err = ram.CreateServiceLinkedRole(ctx, ramapi.ServiceLinkedRole{ServiceName: "polardb.aliyuncs.com"})
	must(err)
	_, err = ram.CreatePolicy(ctx, ramapi.Policy{
		Name: "Read-Logs", Description: "Of every project", Tags: map[string]string{"team": "ops"},
		Document: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:Get*","Resource":"*"}]}`,
	})
	must(err)
	for _, a := range []ramapi.Attachment{
		{PolicyName: "Read-Logs", PolicyType: ramapi.PolicyTypeCustom, To: ramapi.Principal{Kind: ramapi.KindUser, Name: "bob"}},
		{PolicyName: "Read-Logs", PolicyType: ramapi.PolicyTypeCustom, To: ramapi.Principal{Kind: ramapi.KindGroup, Name: "developers"}},
		{PolicyName: "AdministratorAccess", PolicyType: ramapi.PolicyTypeSystem, To: ramapi.Principal{Kind: ramapi.KindRole, Name: "ops"}},
		{PolicyName: "ReadOnlyAccess", PolicyType: ramapi.PolicyTypeSystem, To: ramapi.Principal{Kind: ramapi.KindUser, Name: "alice"}, ResourceGroupID: ramserver.DefaultResourceGroupID},
		{PolicyName: "Read-Logs", PolicyType: ramapi.PolicyTypeCustom, To: ramapi.Principal{Kind: ramapi.KindUser, Name: "bob"}, ResourceGroupID: ramserver.DefaultResourceGroupID},
	} {
		must(ram.Attach(ctx, a))
	}
	metadata := `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>`
	_, err = ram.CreateSAMLProvider(ctx, ramapi.SAMLProvider{Name: "office", Description: "The directory", EncodedMetadata: base64.StdEncoding.EncodeToString([]byte(metadata))})
	must(err)
	_, err = ram.CreateOIDCProvider(ctx, ramapi.OIDCProvider{
		Name: "ci", IssuerURL: "https://ci.example.com", Description: "Builds", ClientIDs: []string{"sts.aliyuncs.com"}, Fingerprints: []string{strings.Repeat("ab", 20)},
	})
	must(err)
	must(ram.SetAccountAlias(ctx, "acme"))
	for range 2 {
		acc.Client() // the second one waits until all this shows
	}
	return map[string]int{
		"ram_user": 2, "ram_login_profile": 1, "ram_access_key": 2, "ram_access_key_policy": 1, "ram_virtual_mfa_device": 2,
		"ram_group": 2, "ram_group_membership": 1,
		"ram_role": 1, "ram_service_linked_role": 1,
		"ram_policy": 1, "ram_policy_attachment": 5,
		"ram_saml_provider": 1, "ram_oidc_provider": 1,
		"ram_account_alias": 1, "ram_default_domain": 1, "ram_password_policy": 1, "ram_security_preference": 1, "ram_user_sso_settings": 1,
	}
}

// What a list shows of a thing is what an import of it would: the configuration
// that Terraform writes from it plans nothing.
func TestListResources_showWhatAnImportReads(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	want := everything(t, acc)
	tags := stringMap(map[string]string{"cost-center": "7"})
	provider := map[string]tftypes.Value{"advisories": tftypes.NewValue(tftypes.String, "off"), "default_tags": tftypes.NewValue(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{"tags": tags.Type()}}, map[string]tftypes.Value{"tags": tags})}
	lists := acc.Protocol(t, provider)
	_, types := lists.Types()
	for _, typeName := range types {
		listed := lists.List(t.Context(), t, typeName, nil, true, 0)
		if len(listed) != want[typeName] {
			t.Errorf("%s: %d are listed, want %d", typeName, len(listed), want[typeName])
		}
		for _, l := range listed {
			for _, d := range l.Diagnostics {
				t.Errorf("%s %s: %s: %s", typeName, l.DisplayName, d.Summary, d.Detail)
			}
			// A provider of its own knows nothing that the list has learned.
			imported := acc.Protocol(t, provider).Import(t.Context(), t, typeName, l.Identity)
			for name, value := range imported {
				if !value.Equal(l.Resource[name]) {
					t.Errorf("%s %s: %s is listed as %s and imported as %s", typeName, l.DisplayName, name, l.Resource[name], value)
				}
			}
		}
		bare := lists.List(t.Context(), t, typeName, nil, false, 0)
		if len(bare) != len(listed) {
			t.Errorf("%s: %d are listed without resources, and %d with them", typeName, len(bare), len(listed))
			continue
		}
		for i, l := range bare {
			if l.Resource != nil || l.DisplayName != listed[i].DisplayName || fmt.Sprint(l.Identity) != fmt.Sprint(listed[i].Identity) {
				t.Errorf("%s: %+v is listed without resources, and %+v with them", typeName, l, listed[i])
			}
		}
	}
}

// Every resource can be listed, except those that say what nobody else may have.
func TestListResources_areAllThatCanBeImported(t *testing.T) {
	t.Parallel()
	resources, listed := acctest.NewLocal(t).Protocol(t, nil).Types()
	resources = slices.DeleteFunc(resources, func(name string) bool { return strings.HasSuffix(name, "_exclusive") })
	if !slices.Equal(resources, listed) {
		t.Errorf("resources are %v, and listed are %v", resources, listed)
	}
}

// An account without anything has its settings all the same, but no alias.
func TestListResources_giveNothingWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	p := acctest.NewLocal(t).Protocol(t, nil)
	always := []string{"ram_default_domain", "ram_password_policy", "ram_security_preference", "ram_user_sso_settings"}
	_, types := p.Types()
	for _, typeName := range types {
		listed := p.List(t.Context(), t, typeName, nil, false, 0)
		if want := slices.Contains(always, typeName); (len(listed) == 1) != want || len(listed) > 1 {
			t.Errorf("%s: %+v are listed", typeName, listed)
		}
	}
}

func TestListResources_giveWhatFitsTheFilters(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	everything(t, acc)
	p := acc.Protocol(t, nil)
	type filter = map[string]tftypes.Value
	const (
		bobs    = "Custom/Read-Logs/user/bob"
		groups  = "Custom/Read-Logs/group/developers"
		admins  = "System/AdministratorAccess/role/ops"
		within  = "/" + ramserver.DefaultResourceGroupID
		alices  = "System/ReadOnlyAccess/user/alice" + within
		nothing = "nothing"
	)
	for _, c := range []struct {
		typeName string
		config   filter
		want     []string
	}{
		{"ram_user", filter{"name_regex": text("^a")}, []string{"alice"}},
		{"ram_user", filter{"tags": stringMap(map[string]string{"team": "bob", "cost-center": "7"})}, []string{"bob"}},
		{"ram_user", filter{"tags": stringMap(map[string]string{"team": "bob"}), "name_regex": text("^a")}, nil},
		{"ram_group", filter{"name_regex": text("dev")}, []string{"developers"}},
		{"ram_group_membership", filter{"group_name": text("developers")}, []string{"developers"}},
		{"ram_group_membership", filter{"group_name": text("nobody")}, nil},
		{"ram_group_membership", filter{"group_name": text(nothing)}, nil},
		{"ram_role", filter{"name_regex": text("^Aliyun")}, nil},
		{"ram_role", filter{"tags": stringMap(map[string]string{"team": "ops"})}, []string{"ops"}},
		{"ram_role", filter{"tags": stringMap(map[string]string{"team": "dev"})}, nil},
		{"ram_service_linked_role", filter{"name_regex": text("PolarDB$")}, []string{"AliyunServiceRoleForPolarDB"}},
		{"ram_service_linked_role", filter{"name_regex": text("^ops$")}, nil},
		{"ram_policy", filter{"keyword": text("EVERY project")}, []string{"Read-Logs"}},
		{"ram_policy", filter{"keyword": text(nothing)}, nil},
		{"ram_policy", filter{"name_regex": text("^Administrator")}, nil},
		{"ram_policy", filter{"tags": stringMap(map[string]string{"team": "dev"})}, nil},
		{"ram_policy_attachment", filter{"user_name": text("bob")}, []string{bobs, bobs + within}},
		{"ram_policy_attachment", filter{"user_name": text("alice")}, []string{alices}},
		{"ram_policy_attachment", filter{"user_name": text(nothing)}, nil},
		{"ram_policy_attachment", filter{"group_name": text("developers")}, []string{groups}},
		{"ram_policy_attachment", filter{"role_name": text("ops")}, []string{admins}},
		{"ram_policy_attachment", filter{"policy_type": text("System")}, []string{admins, alices}},
		{"ram_policy_attachment", filter{"policy_name": text("read-logs")}, []string{groups, bobs, bobs + within}},
		{"ram_policy_attachment", filter{"policy_name": text("Read-Logs"), "policy_type": text("System")}, nil},
		{"ram_policy_attachment", filter{"policy_name": text("Read-Logs"), "user_name": text("alice")}, nil},
		{"ram_policy_attachment", filter{"resource_group_id": text(ramserver.DefaultResourceGroupID)}, []string{bobs + within, alices}},
		{"ram_policy_attachment", filter{"resource_group_id": text(ramserver.DefaultResourceGroupID), "policy_type": text("Custom")}, []string{bobs + within}},
		{"ram_login_profile", filter{"user_name": text("alice")}, []string{"alice"}},
		{"ram_login_profile", filter{"user_name": text("bob")}, nil},
		{"ram_login_profile", filter{"user_name": text(nothing)}, nil},
		{"ram_login_profile", filter{"name_regex": text("^b")}, nil},
		{"ram_access_key", filter{"user_name": text("alice")}, nil},
		{"ram_access_key", filter{"user_name": text(nothing)}, nil},
		{"ram_access_key", filter{"name_regex": text("^a")}, nil},
		{"ram_access_key_policy", filter{"name_regex": text("^a")}, nil},
		{"ram_virtual_mfa_device", filter{"user_name": text("alice")}, []string{"alice-phone"}},
		{"ram_virtual_mfa_device", filter{"name_regex": text("^spare$")}, []string{"spare"}},
		{"ram_saml_provider", filter{"name_regex": text("^off")}, []string{"office"}},
		{"ram_saml_provider", filter{"name_regex": text("^ci")}, nil},
		{"ram_oidc_provider", filter{"name_regex": text("^ci")}, []string{"ci"}},
		{"ram_oidc_provider", filter{"name_regex": text("^off")}, nil},
	} {
		var got []string
		for _, l := range p.List(t.Context(), t, c.typeName, c.config, false, 0) {
			got = append(got, l.DisplayName)
			for _, d := range l.Diagnostics {
				t.Errorf("%s %v: %s: %s", c.typeName, c.config, d.Summary, d.Detail)
			}
		}
		slices.Sort(got) // the service's order is its own
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %v: %v are listed, want %v", c.typeName, c.config, got, c.want)
		}
	}
}

func TestListResources_refuseFiltersThatCannotBe(t *testing.T) {
	t.Parallel()
	p := acctest.NewLocal(t).Protocol(t, nil)
	for typeName, config := range map[string]map[string]tftypes.Value{
		"ram_user":              {"name_regex": text("(")},
		"ram_group_membership":  {"group_name": text("a b")},
		"ram_policy":            {"keyword": text("")},
		"ram_policy_attachment": {"user_name": text("alice"), "role_name": text("ops")},
		"ram_login_profile":     {"user_name": text("alice@example.onaliyun.com")},
	} {
		if listed := p.List(t.Context(), t, typeName, config, false, 0); len(listed) != 1 || !hasError(listed[0], "") {
			t.Errorf("%s: %v gives %+v", typeName, config, listed)
		}
	}
}

// An account of several pages of each: what is not asked for is not read, and
// what a list shows is not asked for again.
func TestListResources_readNoMoreThanIsAskedFor(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { crowd(t, s) })
	for _, c := range []struct {
		typeName string
		include  bool
		limit    int64
		want     string
	}{
		{"ram_user", false, 1000, "map[ListUsers:1]"},
		{"ram_user", false, 1001, "map[ListUsers:2]"},
		{"ram_user", true, 5000, "map[GetCallerIdentity:1 GetDefaultDomain:1 ListUsers:2]"},
		{"ram_group", true, 100, "map[ListGroups:1]"},
		{"ram_group", true, 101, "map[ListGroups:2]"},
		{"ram_group_membership", true, 3, "map[ListGroups:1 ListUsersForGroup:3]"},
		{"ram_role", false, 5, "map[ListRoles:1]"},
		{"ram_role", true, 5, "map[GetRole:5 ListRoles:1]"},
		{"ram_policy", true, 5, "map[GetPolicy:5 ListPolicies:1]"},
		{"ram_login_profile", true, 3, "map[GetDefaultDomain:1 GetLoginProfile:3 ListUsers:1]"},
		{"ram_access_key", true, 3, "map[ListAccessKeys:3 ListUsers:1]"},
		{"ram_policy_attachment", false, crowded, "map[ListEntitiesForPolicy:1 ListPolicies:1]"},
	} {
		before := len(acc.Server.Calls())
		if listed := acc.Protocol(t, nil).List(t.Context(), t, c.typeName, nil, c.include, c.limit); len(listed) != int(min(c.limit, crowded)) {
			t.Errorf("%s: %d are listed, want %d: %+v", c.typeName, len(listed), c.limit, listed[len(listed)-1].Diagnostics)
		}
		calls := map[string]int{}
		for _, call := range acc.Server.Calls()[before:] {
			calls[call.Action]++
		}
		if got := fmt.Sprint(calls); got != c.want {
			t.Errorf("the first %d of %s (resources %v) take %s, want %s", c.limit, c.typeName, c.include, got, c.want)
		}
	}
}

const (
	crowded    = 1200 // more than a page of everything
	everybodys = "policy-0600"
)

// crowd fills the account with so many of each kind that may be many. Each user has a
// login and a key, is in a group, and has everybody's policy.
func crowd(t *testing.T, s *ramserver.Server) {
	t.Helper()
	users, groups, keys, roles, policies := map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}, map[string]any{}
	const trust = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
	for i := range crowded {
		id, number := fmt.Sprintf("2%017d", i), fmt.Sprintf("%04d", i)
		users[id] = map[string]any{
			"UserName": "user-" + number, "LoginProfile": map[string]any{},
			"Policies": []any{map[string]any{"PolicyType": "Custom", "PolicyName": everybodys}},
		}
		groups["g-"+number] = map[string]any{"GroupName": "group-" + number, "Members": map[string]any{id: "2026-11-22T08:00:00Z"}}
		keys["LTAI"+number] = map[string]any{"UserId": id, "AccessKeySecret": "secret"}
		roles["3"+id[1:]] = map[string]any{"RoleName": "role-" + number, "AssumeRolePolicyDocument": trust}
		policies["policy-"+number] = map[string]any{"DefaultVersion": "v1", "Versions": []any{map[string]any{"VersionId": "v1", "PolicyDocument": `{"Version":"1","Statement":[]}`}}}
	}
	acctest.Load(t, s, map[string]any{"Users": users, "Groups": groups, "AccessKeys": keys, "Roles": roles, "Policies": policies})
}

func TestListResources_giveOneErrorAndStop(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		crowd(t, s)
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "ListUsers" && pages.Add(1) == 2 {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You are not authorized."}
			}
			return nil
		}
	})
	listed := acc.Protocol(t, nil).List(t.Context(), t, "ram_user", nil, true, 5000)
	if len(listed) != 1001 || !hasError(listed[1000], "Unable to list the RAM users") {
		t.Errorf("%d are listed, the last one with %+v", len(listed), listed[len(listed)-1].Diagnostics)
	}
	for _, l := range listed[:len(listed)-1] {
		if hasError(l, "") {
			t.Errorf("%s: %+v", l.DisplayName, l.Diagnostics)
		}
	}
}

func TestListResources_leaveOutWhatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		crowd(t, s)
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "GetRole" && c.Params.Get("RoleName") == "role-0003" {
				return &ramserver.Fault{Status: http.StatusNotFound, Code: "EntityNotExist.Role", Message: "The role does not exist."}
			}
			return nil
		}
	})
	listed := acc.Protocol(t, nil).List(t.Context(), t, "ram_role", map[string]tftypes.Value{"name_regex": text("000[2-4]")}, true, 0)
	if len(listed) != 2 || listed[0].DisplayName == listed[1].DisplayName || hasError(listed[0], "") || hasError(listed[1], "") {
		t.Errorf("%+v are listed, want the roles 2 and 4", listed)
	}
}

func TestListResources_stopWhenNobodyWaitsAnyMore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		crowd(t, s)
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "GetLoginProfile" {
				cancel()
			}
			return nil
		}
	})
	listed := acc.Protocol(t, nil).List(ctx, t, "ram_login_profile", nil, true, crowded)
	if calls := acc.CallsOf("GetLoginProfile"); calls > 30 || len(listed) > 30 {
		t.Errorf("%d calls after the first, which ended it, and %d listed", calls, len(listed))
	}
	for _, l := range listed {
		if hasError(l, "") {
			t.Errorf("%+v is reported to nobody", l.Diagnostics)
		}
	}
}

// Resource Manager is a service of its own, which fewer people may ask.
func TestListResources_warnWhereResourceGroupsMayNotBeAskedFor(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		crowd(t, s)
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == "ListPolicyAttachments" {
				return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You are not authorized."}
			}
			return nil
		}
	})
	p := acc.Protocol(t, nil)
	listed := p.List(t.Context(), t, "ram_policy_attachment", nil, false, 5000)
	if last := listed[len(listed)-1]; len(listed) != crowded+1 || len(last.Diagnostics) != 1 || hasError(last, "") {
		t.Errorf("%d are listed, want %d and a warning; the last is %+v", len(listed), crowded, last)
	}
	only := map[string]tftypes.Value{"resource_group_id": text(ramserver.DefaultResourceGroupID)}
	if listed := p.List(t.Context(), t, "ram_policy_attachment", only, false, 0); len(listed) != 1 || !hasError(listed[0], "Unable to list the policy attachments") {
		t.Errorf("%+v are listed, want an error", listed)
	}
}

// hasError reports whether there is an error with the summary, or with any.
func hasError(l acctest.Listed, summary string) bool {
	return slices.ContainsFunc(l.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError && (summary == "" || d.Summary == summary)
	})
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func stringMap(texts map[string]string) tftypes.Value {
	values := map[string]tftypes.Value{}
	for key, s := range texts {
		values[key] = text(s)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
}

// What the documentation shows of each list is a query that Terraform takes.
func TestListResources_haveExamplesThatWork(t *testing.T) {
	t.Parallel()
	p := acctest.NewLocal(t).Protocol(t, nil)
	_, types := p.Types()
	for _, typeName := range types {
		file := filepath.Join("../../examples/list-resources", typeName, "list-resource.tfquery.hcl")
		source, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if string(hclwrite.Format(source)) != string(source) {
			t.Errorf("%s is not formatted", file)
		}
		parsed, diags := hclparse.NewParser().ParseHCL(source, file)
		var query struct {
			Lists []struct {
				Type     string         `hcl:"type,label"`
				Name     string         `hcl:"name,label"`
				Provider hcl.Expression `hcl:"provider"`
				Include  bool           `hcl:"include_resource,optional"`
				Limit    int64          `hcl:"limit,optional"`
				Config   *struct {
					Body hcl.Body `hcl:",remain"`
				} `hcl:"config,block"`
			} `hcl:"list,block"`
		}
		if diags = append(diags, gohcl.DecodeBody(parsed.Body, nil, &query)...); diags.HasErrors() {
			t.Error(diags)
			continue
		}
		for _, l := range query.Lists {
			config := map[string]tftypes.Value{}
			if l.Config != nil {
				attributes, diags := l.Config.Body.JustAttributes()
				for name, a := range attributes {
					value, more := a.Expr.Value(nil)
					diags = append(diags, more...)
					if value.Type() == cty.String {
						config[name] = text(value.AsString())
						continue
					}
					texts := map[string]string{}
					for key, element := range value.AsValueMap() {
						texts[key] = element.AsString()
					}
					config[name] = stringMap(texts)
				}
				if diags.HasErrors() {
					t.Error(diags)
				}
			}
			if l.Type != typeName {
				t.Errorf("%s lists %s", file, l.Type)
				continue
			}
			for _, listed := range p.List(t.Context(), t, typeName, config, l.Include, l.Limit) {
				if hasError(listed, "") {
					t.Errorf("%s: %+v", file, listed.Diagnostics)
				}
			}
		}
	}
}
