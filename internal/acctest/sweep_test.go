package acctest

import (
	"context"
	"encoding/base64"
	"os"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

func TestSweepRemovesEverythingTestsMadeAndNothingElse(t *testing.T) {
	acc := NewLocal(t)
	ctx := t.Context()
	alice, ops := acc.Name("alice"), acc.Name("ops")
	reader, deployer := acc.Name("reader"), acc.Name("deployer")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{alice, "bob"} {
		_, err := acc.Client().CreateUser(ctx, ramapi.User{Name: name})
		must(err)
	}
	_, err := acc.Client().CreateAccessKey(ctx, alice)
	must(err)
	_, err = acc.Client().CreateGroup(ctx, ramapi.Group{Name: ops})
	must(err)
	for _, name := range []string{alice, "bob"} {
		_, err := acc.Client().AddUserToGroup(ctx, name, ops)
		must(err)
	}
	_, err = acc.Client().CreatePolicy(ctx, ramapi.Policy{Name: reader, Document: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:Get*","Resource":"*"}]}`})
	must(err)
	_, err = acc.Client().CreateRole(ctx, ramapi.Role{
		Name: deployer, MaxSessionDuration: 3600,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`,
	})
	must(err)
	for _, p := range []ramapi.Principal{{Kind: ramapi.KindUser, Name: "bob"}, {Kind: ramapi.KindGroup, Name: ops}, {Kind: ramapi.KindRole, Name: deployer}} {
		must(acc.Client().AttachPolicy(ctx, reader, ramapi.PolicyTypeCustom, p))
	}

	_, err = acc.Client().CreateSAMLProvider(ctx, ramapi.SAMLProvider{
		Name: acc.Name("office"), EncodedMetadata: base64.StdEncoding.EncodeToString([]byte(`<EntityDescriptor entityID="office"/>`)),
	})
	must(err)
	_, err = acc.Client().CreateOIDCProvider(ctx, ramapi.OIDCProvider{Name: acc.Name("ci"), IssuerURL: "https://ci.example.com", Fingerprints: []string{"ab"}})
	must(err)
	for deviceName, userName := range map[string]string{Prefix + "phone": alice, Prefix + "token": "bob", Prefix + "spare": ""} {
		client := acc.Client()
		d, err := client.CreateVirtualMFADevice(ctx, deviceName)
		must(err)
		if userName != "" {
			u, err := client.User(ctx, userName, "")
			must(err)
			_, err = client.BindMFADevice(ctx, d.SerialNumber, d.Seed, ramapi.Principal{Kind: ramapi.KindUser, Name: u.Name, ID: u.ID})
			must(err)
		}
	}

	must(sweep(ctx, acc.Client(), Prefix))

	left, err := leftovers(ctx, acc.Client(), "")
	must(err)
	if len(left) != 1 || left[0].name != "bob" {
		t.Errorf("left are %v, want only the user bob", left)
	}
}

// TestSweepRealAccount removes what interrupted runs left on the real account.
func TestSweepRealAccount(t *testing.T) {
	if os.Getenv("RAM_ACC_REAL") != "1" {
		t.Skip("there is nothing to sweep without RAM_ACC_REAL=1")
	}
	if err := sweep(context.Background(), (&Account{config: realConfig()}).Client(), Prefix); err != nil {
		t.Error(err)
	}
}
