package account_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const (
	identity = "data.ram_caller_identity.current"
	whoAmI   = "\n" + `data "ram_caller_identity" "current" {}`
)

// identityIs checks every attribute of the data source.
func identityIs(kind, arn string, userID, roleID, principalID any) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		acctest.State(identity, "account_id", accountID),
		acctest.State(identity, "arn", knownvalue.StringRegexp(regexp.MustCompile("^acs:ram::"+accountID+":"+arn+"$"))),
		acctest.State(identity, "identity_type", kind),
		acctest.State(identity, "user_id", userID),
		acctest.State(identity, "role_id", roleID),
		acctest.State(identity, "principal_id", principalID),
	}
}

func TestAccCallerIdentity_isTheAccount(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t, resource.TestStep{Config: whoAmI, ConfigStateChecks: identityIs("Account", "root", accountID, nil, accountID)})
	for _, c := range acc.Server.Calls() {
		if c.Action != "GetCallerIdentity" {
			t.Errorf("%s was called", c.Action)
		}
	}
}

func TestAccCallerIdentity_isAUserOrARole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ctx := t.Context()
	name := acc.Name("bot")
	u, err := acc.Client().CreateUser(ctx, ramapi.User{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	key, err := acc.Client().CreateAccessKey(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	role, err := acc.Client().CreateRole(ctx, ramapi.Role{
		Name: acc.Name("runner"), MaxSessionDuration: 3600,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::` + accountID + `:root"]}}]}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := acc.Client().Role(ctx, role.Name); err != nil { // waits until it shows
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = acc.Client().DeleteRole(context.Background(), role.Name)
		_ = acc.Client().DeleteAccessKey(context.Background(), name, key.ID)
		_ = acc.Client().DeleteUser(context.Background(), name)
	})
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.ID)
	acc.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.Secret)
	acc.Run(t, resource.TestStep{Config: whoAmI, ConfigStateChecks: identityIs("RAMUser", "user/"+name, u.ID, nil, u.ID)})
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`provider "ram" {
			assume_role {
				role_arn     = %q
				session_name = "ci"
			}
		}
		`, role.ARN) + whoAmI,
		ConfigStateChecks: identityIs("AssumedRoleUser", "(assumed-)?role/"+role.Name+"/ci", nil, role.ID, role.ID+":ci"),
	})
}
