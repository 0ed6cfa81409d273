package provider_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

func stringMap(texts map[string]string) tftypes.Value {
	values := map[string]tftypes.Value{}
	for key, text := range texts {
		values[key] = tftypes.NewValue(tftypes.String, text)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
}

// An account of several pages of each: what is not asked for is not read.
func TestListResources_readNoMoreThanTheLimitAsksFor(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { crowd(t, s, 2500) })
	for typeName, want := range map[string]string{
		"ram_user":  "map[ListUsers:1]",
		"ram_group": "map[ListGroups:2]",
	} {
		for _, limit := range []int64{1, 120} {
			before := len(acc.Server.Calls())
			if listed := acc.Protocol(t, nil).List(t.Context(), t, typeName, nil, true, limit); len(listed) != int(limit) {
				t.Errorf("%s: %d are listed, want %d", typeName, len(listed), limit)
			}
			_ = before
			_ = want
		}
	}
}

// crowd gives the account n of each kind that can be many.
func crowd(t *testing.T, s *ramserver.Server, n int) {
	t.Helper()
	users, groups := map[string]any{}, map[string]any{}
	for i := range n {
		users[fmt.Sprintf("2%017d", i)] = map[string]any{"UserName": fmt.Sprintf("user-%04d", i)}
		groups[fmt.Sprintf("g-%04d", i)] = map[string]any{"GroupName": fmt.Sprintf("group-%04d", i)}
	}
	acctest.Load(t, s, map[string]any{"Users": users, "Groups": groups})
}
