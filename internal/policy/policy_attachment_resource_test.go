package policy_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

const (
	readOnly      = "ReadOnlyAccess"
	administrator = "AdministratorAccess"
)

// attachmentConfig configures the attachment of a system policy to what the
// argument names.
func attachmentConfig(policyName, argument, principal string) string {
	return fmt.Sprintf("resource \"ram_policy_attachment\" \"it\" {\npolicy_name = %q\npolicy_type = \"System\"\n%s = %q\n}", policyName, argument, principal)
}

// userConfig configures a user and, where there is a policy name, the attachment of that system policy to it.
func userConfig(name, policyName string) string {
	return fmt.Sprintf(`
		resource "ram_user" "alice" { name = %q }
		resource "ram_policy_attachment" "it" {
		  policy_name = %q
		  policy_type = "System"
		  user_name   = ram_user.alice.name
		}`, name, policyName)
}

func giveUser(t *testing.T, acc *acctest.Account, name string) ramapi.Principal {
	t.Helper()
	u, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: acc.Name(name)})
	if err == nil {
		_, err = acc.Client().User(t.Context(), u.Name, "") // waits until it shows
	}
	if err != nil {
		t.Fatal(err)
	}
	p := ramapi.Principal{Kind: ramapi.KindUser, Name: u.Name, ID: u.ID}
	t.Cleanup(func() {
		if now, err := acc.Client().Find(context.Background(), p); err == nil {
			_ = acc.Client().DetachAll(context.Background(), now)
			_ = acc.Client().DeleteUser(context.Background(), now.Name)
		}
	})
	return p
}

func giveGroup(t *testing.T, acc *acctest.Account, name string) ramapi.Principal {
	t.Helper()
	g, err := acc.Client().CreateGroup(t.Context(), ramapi.Group{Name: acc.Name(name)})
	if err == nil {
		_, err = acc.Client().Group(t.Context(), g.Name, "") // waits until it shows
	}
	if err != nil {
		t.Fatal(err)
	}
	p := ramapi.Principal{Kind: ramapi.KindGroup, Name: g.Name, ID: g.ID}
	t.Cleanup(func() {
		if now, err := acc.Client().Find(context.Background(), p); err == nil {
			_ = acc.Client().DetachAll(context.Background(), now)
			_ = acc.Client().DeleteGroup(context.Background(), now.Name)
		}
	})
	return p
}

func giveRole(t *testing.T, acc *acctest.Account, name string) ramapi.Principal {
	t.Helper()
	r, err := acc.Client().CreateRole(t.Context(), ramapi.Role{
		Name: acc.Name(name), MaxSessionDuration: 3600,
		AssumeRolePolicyDocument: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`,
	})
	if err == nil {
		_, err = acc.Client().Role(t.Context(), r.Name) // waits until it shows
	}
	if err != nil {
		t.Fatal(err)
	}
	p := ramapi.Principal{Kind: ramapi.KindRole, Name: r.Name, ID: r.ID}
	t.Cleanup(func() {
		_ = acc.Client().DetachAll(context.Background(), p)
		_ = acc.Client().DeleteRole(context.Background(), p.Name)
	})
	return p
}

func rename(t *testing.T, acc *acctest.Account, p ramapi.Principal, name string) ramapi.Principal {
	t.Helper()
	var err error
	switch p.Kind {
	case ramapi.KindUser:
		_, err = acc.Client().UpdateUser(t.Context(), p.Name, p.ID, ramapi.UserUpdate{Name: &name})
	case ramapi.KindGroup:
		_, err = acc.Client().UpdateGroup(t.Context(), p.Name, p.ID, ramapi.GroupUpdate{Name: &name})
	}
	if err != nil {
		t.Fatal(err)
	}
	return ramapi.Principal{Kind: p.Kind, Name: name, ID: p.ID}
}

func attach(t *testing.T, acc *acctest.Account, policyName string, to ramapi.Principal) {
	t.Helper()
	if err := acc.Client().AttachPolicy(t.Context(), policyName, ramapi.PolicyTypeSystem, to); err != nil {
		t.Fatal(err)
	}
}

// holds checks which system policies the principal has, in alphabetical order.
func holds(acc *acctest.Account, p ramapi.Principal, want ...string) resource.TestCheckFunc {
	return acc.Inspect(func(ctx context.Context, ram *ramapi.Client) error {
		policies, err := ram.AttachedPolicies(ctx, p)
		if err != nil {
			return err
		}
		var got []string
		for _, have := range policies {
			got = append(got, have.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("%s %s has %q, want %q", p.Kind, p.Name, got, want)
		}
		return nil
	})
}

// attachedOnce checks that nothing was detached, and attached only once.
func attachedOnce(acc *acctest.Account) resource.TestCheckFunc {
	return acc.Inspect(func(context.Context, *ramapi.Client) error {
		attached := 0
		for _, c := range acc.Server.Calls() {
			switch {
			case strings.HasPrefix(c.Action, "Detach"):
				return fmt.Errorf("%s was called", c.Action)
			case strings.HasPrefix(c.Action, "Attach") && c.Code == "":
				attached++
			}
		}
		if attached != 1 {
			return fmt.Errorf("attached %d times", attached)
		}
		return nil
	})
}

func TestAccPolicyAttachment_isCreatedReadAndImported(t *testing.T) {
	t.Parallel()
	for kind, give := range map[string]func(*testing.T, *acctest.Account, string) ramapi.Principal{
		"user": giveUser, "group": giveGroup, "role": giveRole,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			acc := acctest.New(t)
			p := give(t, acc, "it")
			config := attachmentConfig(readOnly, kind+"_name", p.Name)
			acc.Run(t,
				resource.TestStep{
					Config: config,
					ConfigStateChecks: []statecheck.StateCheck{
						acctest.State("ram_policy_attachment.it", kind+"_name", p.Name),
						acctest.State("ram_policy_attachment.it", "principal_id", p.ID),
					},
					Check: holds(acc, p, readOnly),
				},
				acctest.Imports("ram_policy_attachment.it", "System/"+strings.ToLower(readOnly)+"/"+kind+"/"+p.Name, "principal_id"),
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
				resource.TestStep{Config: config, Destroy: true},
			)
			if attached, err := acc.Client().PolicyAttached(t.Context(), readOnly, ramapi.PolicyTypeSystem, p); attached || err != nil {
				t.Errorf("after destroy: attached %v, error %v", attached, err)
			}
		})
	}
}

func TestAccPolicyAttachment_leavesOtherAttachmentsAlone(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, bob := giveUser(t, acc, "alice"), giveUser(t, acc, "bob")
	attach(t, acc, administrator, alice)
	attach(t, acc, readOnly, bob)
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	acc.Run(t,
		resource.TestStep{Config: config, Check: holds(acc, alice, administrator, readOnly)},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config, Destroy: true},
	)
	for _, check := range []resource.TestCheckFunc{holds(acc, alice, administrator), holds(acc, bob, readOnly)} {
		if err := check(nil); err != nil {
			t.Error(err)
		}
	}
}

func TestAccPolicyAttachment_ofANewPolicyToANewUserIsMadeAndDestroyedInOneRun(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := fmt.Sprintf(`
		resource "ram_user" "alice" { name = %q }
		resource "ram_policy" "logs" {
		  name            = %q
		  policy_document = %q
		}
		resource "ram_policy_attachment" "it" {
		  policy_name = ram_policy.logs.name
		  policy_type = "Custom"
		  user_name   = ram_user.alice.name
		}`, acc.Name("alice"), acc.Name("logs"), allow("log:Get*"))
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicyAttachment_anotherPolicyOrPrincipalReplacesIt(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice, bob, ops := giveUser(t, acc, "alice"), giveUser(t, acc, "bob"), giveGroup(t, acc, "ops")
	deployer, auditor := giveRole(t, acc, "deployer"), giveRole(t, acc, "auditor")
	replaced := acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionDestroyBeforeCreate)
	acc.Run(t,
		resource.TestStep{Config: attachmentConfig(readOnly, "user_name", alice.Name)},
		resource.TestStep{
			Config:           attachmentConfig(administrator, "user_name", alice.Name),
			ConfigPlanChecks: replaced, Check: holds(acc, alice, administrator),
		},
		resource.TestStep{
			Config:           attachmentConfig(administrator, "user_name", bob.Name),
			ConfigPlanChecks: replaced, Check: resource.ComposeTestCheckFunc(holds(acc, alice), holds(acc, bob, administrator)),
		},
		resource.TestStep{
			Config:           attachmentConfig(administrator, "group_name", ops.Name),
			ConfigPlanChecks: replaced, Check: resource.ComposeTestCheckFunc(holds(acc, bob), holds(acc, ops, administrator)),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.State("ram_policy_attachment.it", "user_name", nil),
				acctest.State("ram_policy_attachment.it", "principal_id", ops.ID),
			},
		},
		resource.TestStep{
			Config:           attachmentConfig(administrator, "role_name", deployer.Name),
			ConfigPlanChecks: replaced, Check: resource.ComposeTestCheckFunc(holds(acc, ops), holds(acc, deployer, administrator)),
		},
		resource.TestStep{
			Config:           attachmentConfig(administrator, "role_name", auditor.Name),
			ConfigPlanChecks: replaced, Check: resource.ComposeTestCheckFunc(holds(acc, deployer), holds(acc, auditor, administrator)),
		},
	)
}

func TestAccPolicyAttachment_anotherCaseOfThePolicyNamePlansNothing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	acc.Run(t,
		resource.TestStep{
			Config:            attachmentConfig(strings.ToLower(readOnly), "user_name", alice.Name),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "policy_name", strings.ToLower(readOnly))},
		},
		resource.TestStep{
			Config:           attachmentConfig(readOnly, "user_name", alice.Name),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccPolicyAttachment_survivesARenameOfItsUserByTerraform(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	after := acc.Name("alicia")
	acc.Run(t,
		resource.TestStep{Config: userConfig(acc.Name("alice"), readOnly)},
		resource.TestStep{
			Config:            userConfig(after, readOnly),
			ConfigPlanChecks:  acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "user_name", after)},
			Check:             attachedOnce(acc),
		},
		resource.TestStep{Config: userConfig(after, readOnly), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicyAttachment_survivesARenameOfItsUserInTheConsole(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	before, after := acc.Name("alice"), acc.Name("alicia")
	inConsole := func() {
		u, err := acc.Client().User(t.Context(), before, "")
		if err != nil {
			t.Fatal(err)
		}
		rename(t, acc, ramapi.Principal{Kind: ramapi.KindUser, Name: before, ID: u.ID}, after)
	}
	acc.Run(t,
		resource.TestStep{Config: userConfig(before, readOnly)},
		resource.TestStep{
			PreConfig:         inConsole,
			Config:            userConfig(before, readOnly), // renamed back
			ConfigPlanChecks:  acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "user_name", before)},
			Check:             attachedOnce(acc),
		},
		resource.TestStep{
			PreConfig:        inConsole,
			Config:           userConfig(after, readOnly), // the rename is taken over, as after an interrupted run
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            attachedOnce(acc),
		},
	)
}

func TestAccPolicyAttachment_ofARenamedUserMovesToAnotherPolicy(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	after := acc.Name("alicia")
	acc.Run(t,
		resource.TestStep{Config: userConfig(acc.Name("alice"), readOnly)},
		resource.TestStep{
			Config:           userConfig(after, administrator),
			ConfigPlanChecks: acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionDestroyBeforeCreate),
			Check:            holds(acc, ramapi.Principal{Kind: ramapi.KindUser, Name: after}, administrator),
		},
	)
}

func TestAccPolicyAttachment_followsAGroupThatWasRenamedOutside(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	ops := giveGroup(t, acc, "ops")
	after := acc.Name("operations")
	acc.Run(t,
		resource.TestStep{Config: attachmentConfig(readOnly, "group_name", ops.Name)},
		resource.TestStep{
			PreConfig:         func() { rename(t, acc, ops, after) },
			Config:            attachmentConfig(readOnly, "group_name", after),
			ConfigPlanChecks:  acctest.PlansNothing(),
			ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "group_name", after)},
			Check:             attachedOnce(acc),
		},
	)
}

func TestAccPolicyAttachment_isRemovedFromTheRenamedUserAndNotFromWhoHasTheNameNow(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	var renamed, namesake ramapi.Principal
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				renamed = rename(t, acc, alice, acc.Name("alicia"))
				namesake = giveUser(t, acc, "alice")
				attach(t, acc, readOnly, namesake)
			},
			Config: config, Destroy: true,
		},
	)
	for _, check := range []resource.TestCheckFunc{holds(acc, renamed), holds(acc, namesake, readOnly)} {
		if err := check(nil); err != nil {
			t.Error(err)
		}
	}
}

func TestAccPolicyAttachment_detachedOutsideTerraformIsMadeAgain(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().DetachPolicy(t.Context(), readOnly, ramapi.PolicyTypeSystem, alice); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionCreate),
			Check:            holds(acc, alice, readOnly),
		},
	)
}

func TestAccPolicyAttachment_detachedOutsideDuringTheDestroyIsNoError(t *testing.T) {
	t.Parallel()
	var acc *acctest.Account
	var alice ramapi.Principal
	acc = acctest.NewLocal(t, beforeFirst("DetachPolicyFromUser", func() error {
		return acc.Client().DetachPolicy(context.Background(), readOnly, ramapi.PolicyTypeSystem, alice)
	}))
	alice = giveUser(t, acc, "alice")
	config := attachmentConfig(readOnly, "user_name", alice.Name)
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, Destroy: true},
	)
}

func TestAccPolicyAttachment_isGoneWithItsUser(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("alice")
	acc.Run(t,
		resource.TestStep{Config: userConfig(name, readOnly)},
		resource.TestStep{
			PreConfig: func() {
				_ = acc.Client().DetachAll(t.Context(), ramapi.Principal{Kind: ramapi.KindUser, Name: name})
				if err := acc.Client().DeleteUser(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			},
			Config:           userConfig(name, readOnly),
			ConfigPlanChecks: acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionCreate),
			Check:            holds(acc, ramapi.Principal{Kind: ramapi.KindUser, Name: name}, readOnly),
		},
	)
}

func TestAccPolicyAttachment_thatExistsAlreadyIsRefusedWithTheImportCommand(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, readOnly, alice)
	acc.Run(t, resource.TestStep{
		Config:      attachmentConfig(readOnly, "user_name", alice.Name),
		ExpectError: regexp.MustCompile(`terraform\s+import\s+ram_policy_attachment\.NAME\s+System/ReadOnlyAccess/user/` + alice.Name),
	})
}

func TestAccPolicyAttachment_ofWhatDoesNotExistSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	logs := acc.Name("logs")
	givePolicy(t, acc, logs, allow("log:Get*"))
	for config, message := range map[string]string{
		attachmentConfig(readOnly, "user_name", acc.Name("bob")):                                              `Unable to find RAM user "` + acc.Name("bob"),
		attachmentConfig("NoSuchAccess", "user_name", alice.Name):                                             `Alibaba Cloud has no system policy of this name\.`,
		attachmentConfig(logs, "user_name", alice.Name):                                                       `write\s+policy_type\s+=\s+"Custom"`,
		strings.Replace(attachmentConfig(readOnly, "user_name", alice.Name), `"System"`, `"Custom"`, 1):       `write\s+policy_type\s+=\s+"System"`,
		strings.Replace(attachmentConfig("no-such", "user_name", alice.Name), `"System"`, `"Custom"`, 1):      `The account has no custom policy of this name\.`,
		attachmentConfig("-_-", "user_name", alice.Name):                                                      `has the\s+character '_'`,
		attachmentConfig(readOnly, "user_name", "alice@example.com"):                                          `has the\s+character '@'`,
		strings.Replace(attachmentConfig(readOnly, "user_name", alice.Name), `"System"`, `"system"`, 1):       `policy_type value must be one of`,
		attachmentConfig(readOnly, "group_name = \"ops\"\nuser_name", alice.Name):                             `Exactly one of these attributes must be configured`,
		`resource "ram_policy_attachment" "it" {` + "\npolicy_name = \"a\"\npolicy_type = \"System\"\n" + `}`: `Exactly one of these attributes must be configured`,
	} {
		acc.Run(t, resource.TestStep{Config: config, ExpectError: regexp.MustCompile(message)})
	}
}

func TestAccPolicyAttachment_ofAMissingSystemPolicyIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	alice := giveUser(t, acc, "alice")
	acc.Run(t,
		resource.TestStep{Config: attachmentConfig(readOnly, "user_name", alice.Name)},
		resource.TestStep{
			Config: attachmentConfig("NoSuchAccess", "user_name", alice.Name), PlanOnly: true,
			ExpectError: regexp.MustCompile(`Alibaba Cloud has no system policy of this name\.`),
		},
		resource.TestStep{Config: attachmentConfig(readOnly, "user_name", alice.Name), Check: attachedOnce(acc)},
	)
}

func TestAccPolicyAttachment_isPlannedWithUnknownValues(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	acc.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
			resource "terraform_data" "name" { input = %q }
			resource "terraform_data" "policy" { input = { name = %q, type = "System" } }
			resource "ram_policy_attachment" "it" {
			  policy_name = terraform_data.policy.output.name
			  policy_type = terraform_data.policy.output.type
			  user_name   = terraform_data.name.output
			}`, alice.Name, readOnly),
		Check: holds(acc, alice, readOnly),
	})
}

func TestAccPolicyAttachment_importSaysWhatIsWrongWithAnID(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	for id, message := range map[string]string{
		alice.Name:                                         `not\s+of\s+the\s+form\s+type/policy/kind/principal`,
		"System/ReadOnlyAccess/" + alice.Name:              `not\s+of\s+the\s+form\s+type/policy/kind/principal`,
		"system/ReadOnlyAccess/user/" + alice.Name:         `with\s+the\s+type\s+System\s+or\s+Custom`,
		"System/ReadOnlyAccess/person/" + alice.Name:       `the\s+kind\s+user,\s+group\s+or\s+role`,
		"System/ReadOnlyAccess/user/":                      `System/AdministratorAccess/user/alice`,
		"Custom/ReadOnlyAccess/user/" + alice.Name:         `write\s+policy_type\s+=\s+"System"`,
		"System/ReadOnlyAccess/user/" + acc.Name("nobody"): `Unable to find RAM user`,
		"System/AdministratorAccess/user/" + alice.Name:    `is not attached to`,
	} {
		acc.Run(t, resource.TestStep{
			Config:       attachmentConfig(readOnly, "user_name", alice.Name),
			ResourceName: "ram_policy_attachment.it", ImportState: true, ImportStateId: id,
			ExpectError: regexp.MustCompile(message),
		})
	}
}

func TestAccPolicyAttachment_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	alice := giveUser(t, acc, "alice")
	attach(t, acc, readOnly, alice)
	config := func(identity string) string {
		return fmt.Sprintf("import {\nto = ram_policy_attachment.it\nidentity = { policy_type = \"System\", policy_name = %q, %s }\n}\n", readOnly, identity) +
			attachmentConfig(readOnly, "user_name", alice.Name)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acc.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config:      config(fmt.Sprintf("user_name = %q, role_name = \"ops\"", alice.Name)),
				ExpectError: regexp.MustCompile(`Give exactly one of user_name, group_name and role_name`),
			},
			{
				Config:            config(fmt.Sprintf("user_name = %q", alice.Name)),
				ConfigPlanChecks:  acctest.Plans("ram_policy_attachment.it", plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{acctest.State("ram_policy_attachment.it", "principal_id", alice.ID)},
			},
		},
	})
}
