package policy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const attachments = "data.ram_policy_attachments.it"

func attachmentsConfig(arguments string) string {
	return "data \"ram_policy_attachments\" \"it\" {\n" + arguments + "\n}\n"
}

// rowsAre checks the rows: policy, type of principal, principal, and group or
// nothing. They are all of System policies.
func rowsAre(rows ...[4]string) statecheck.StateCheck {
	var checks []knownvalue.Check
	for _, row := range rows {
		via := knownvalue.Check(knownvalue.Null())
		if row[3] != "" {
			via = knownvalue.StringExact(row[3])
		}
		checks = append(checks, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"policy_name":    knownvalue.StringExact(row[0]),
			"policy_type":    knownvalue.StringExact(ramapi.PolicyTypeSystem),
			"principal_type": knownvalue.StringExact(row[1]),
			"principal_name": knownvalue.StringExact(row[2]),
			"via_group":      via,
			"attach_date":    knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)),
		}))
	}
	return statecheck.ExpectKnownValue(attachments, tfjsonpath.New("attachments"), knownvalue.ListExact(checks))
}

func TestAccPolicyAttachments_sayWhatAPrincipalHas(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, ops, builder := giveUser(t, acc, "alice"), giveGroup(t, acc, "ops"), giveRole(t, acc, "builder")
	attach(t, acc, readOnly, alice)
	attach(t, acc, administrator, alice)
	attach(t, acc, readOnly, ops)
	if _, err := acc.Client().AddUserToGroup(t.Context(), alice.Name, ops.Name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = acc.Client().RemoveUserFromGroup(context.Background(), alice.Name, ops.Name) })
	user := [][4]string{{administrator, "User", alice.Name, ""}, {readOnly, "User", alice.Name, ""}}
	acc.Run(t,
		resource.TestStep{Config: attachmentsConfig(named(alice.Kind, alice.Name)), ConfigStateChecks: []statecheck.StateCheck{rowsAre(user...)}},
		resource.TestStep{
			Config:            attachmentsConfig(named(alice.Kind, alice.Name) + "\ninclude_groups = true"),
			ConfigStateChecks: []statecheck.StateCheck{rowsAre(append(user, [4]string{readOnly, "User", alice.Name, ops.Name})...)},
		},
		resource.TestStep{
			Config:            attachmentsConfig(named(ops.Kind, ops.Name)),
			ConfigStateChecks: []statecheck.StateCheck{rowsAre([4]string{readOnly, "Group", ops.Name, ""})},
		},
		resource.TestStep{Config: attachmentsConfig(named(builder.Kind, builder.Name)), ConfigStateChecks: []statecheck.StateCheck{rowsAre()}},
	)
}

func TestAccPolicyAttachments_sayWhoHasAPolicy(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice, ops, builder := giveUser(t, acc, "alice"), giveGroup(t, acc, "ops"), giveRole(t, acc, "builder")
	ofPolicy := func(name string) string {
		return attachmentsConfig(fmt.Sprintf("policy_name = %q\npolicy_type = \"System\"", name))
	}
	acc.Run(t,
		resource.TestStep{Config: ofPolicy(readOnly), ConfigStateChecks: []statecheck.StateCheck{rowsAre()}},
		resource.TestStep{
			PreConfig: func() { attach(t, acc, readOnly, alice) },
			Config:    ofPolicy(readOnly), ConfigStateChecks: []statecheck.StateCheck{rowsAre([4]string{readOnly, "User", alice.Name, ""})},
		},
		resource.TestStep{
			PreConfig: func() {
				attach(t, acc, readOnly, ops)
				attach(t, acc, readOnly, builder)
			},
			Config: ofPolicy("readonlyaccess"),
			ConfigStateChecks: []statecheck.StateCheck{rowsAre(
				[4]string{"readonlyaccess", "Group", ops.Name, ""}, [4]string{"readonlyaccess", "Role", builder.Name, ""}, [4]string{"readonlyaccess", "User", alice.Name, ""},
			)},
		},
	)
}

// RAM answers both questions in one page, however long.
func TestAccPolicyAttachments_areWholeHoweverMany(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		date := "2020-01-02T03:04:05Z"
		readsAll := []any{map[string]string{"PolicyType": "System", "PolicyName": readOnly, "AttachDate": date}}
		users, policies := map[string]any{}, map[string]any{}
		for i := range 1200 {
			users[fmt.Sprintf("2%017d", i)] = map[string]any{"UserName": fmt.Sprintf("u%04d", i), "Policies": readsAll}
		}
		full := readsAll
		for _, name := range []string{
			"AliyunECSFullAccess", "AliyunOSSFullAccess", "AliyunRDSFullAccess", "AliyunSLBFullAccess", "AliyunRAMFullAccess", "AliyunVPCFullAccess",
			"AliyunECSReadOnlyAccess", "AliyunOSSReadOnlyAccess", "AliyunRDSReadOnlyAccess", "AliyunSLBReadOnlyAccess", "AliyunRAMReadOnlyAccess", "AliyunVPCReadOnlyAccess",
			"AliyunLogFullAccess", "AliyunLogReadOnlyAccess", "AliyunSTSAssumeRoleAccess", "AliyunOTSWriteOnlyAccess", "AliyunSupportFullAccess", "AliyunDomainFullAccess",
			administrator,
		} {
			full = append(full, map[string]string{"PolicyType": "System", "PolicyName": name, "AttachDate": date})
		}
		for i := range 10 {
			name := fmt.Sprintf("custom-%d", i)
			full = append(full, map[string]string{"PolicyType": "Custom", "PolicyName": name, "AttachDate": date})
			policies[name] = map[string]any{"DefaultVersion": "v1", "Versions": []any{map[string]any{
				"VersionId": "v1", "PolicyDocument": `{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:Get*","Resource":"*"}]}`,
			}}}
		}
		users["300000000000000000"] = map[string]any{"UserName": "full", "Policies": full}
		saved, err := json.Marshal(map[string]any{"Format": 1, "Users": users, "Policies": policies})
		if err == nil {
			err = s.Load(saved)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	row := func(i int, name string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(attachments, tfjsonpath.New("attachments").AtSliceIndex(i).AtMapKey("principal_name"), knownvalue.StringExact(name))
	}
	acc.Run(t,
		resource.TestStep{
			Config: attachmentsConfig("policy_name = \"ReadOnlyAccess\"\npolicy_type = \"System\""),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(attachments, "attachments", knownvalue.ListSizeExact(1201)), row(0, "full"), row(1, "u0000"), row(1200, "u1199"),
			},
		},
		resource.TestStep{
			Config: attachmentsConfig(`user_name = "full"`),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State(attachments, "attachments", knownvalue.ListSizeExact(30)),
				statecheck.ExpectKnownValue(attachments, tfjsonpath.New("attachments").AtSliceIndex(29).AtMapKey("policy_name"), knownvalue.StringExact("custom-9")),
			},
		},
	)
}

func TestAccPolicyAttachments_ofWhatDoesNotExistAreAnError(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	nobody := acc.Name("nobody")
	for config, message := range map[string]string{
		named(ramapi.KindUser, nobody):                             `Unable to read which policies RAM user "` + nobody + `" has`,
		named(ramapi.KindGroup, nobody):                            `Unable to read which policies RAM group "` + nobody + `" has`,
		named(ramapi.KindRole, nobody):                             `Unable to read which policies RAM role "` + nobody + `" has`,
		"policy_name = \"NoSuchPolicy\"\npolicy_type = \"System\"": `Unable to read who has RAM policy "NoSuchPolicy"`,
		"policy_name = \"ReadOnlyAccess\"":                         `must\s+be\s+specified`,
		"user_name = \"alice\"\npolicy_type = \"System\"":          `must\s+be\s+specified`,
		"user_name = \"alice\"\nrole_name = \"ops\"":               `Exactly\s+one\s+of\s+these\s+attributes`,
		"": `Exactly\s+one\s+of\s+these\s+attributes`,
		"role_name = \"ops\"\ninclude_groups = true":                     `must\s+be\s+specified`,
		"policy_name = \"Read_Only\"\npolicy_type = \"System\"":          `has\s+the\s+character`,
		"policy_name = \"ReadOnlyAccess\"\npolicy_type = \"Everything\"": `must\s+be\s+one\s+of`,
	} {
		acc.Run(t, resource.TestStep{Config: attachmentsConfig(config), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
}
