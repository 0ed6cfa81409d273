package provider_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const (
	loginAndKey = `has both a console login and an access key`
	powerfulKey = `is an administrator with an access key`
	accessModes = loginAndKey + "|" + powerfulKey

	recipient = "age180980t7zupvr0crfrdacteydmy2ttkdfgwksjzm0n9zdnakftqksh0ukg4" // whose identity nobody has

	allowsAll = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	allowsOSS = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}`
)

func withAdvisories(mode string, parts ...string) string {
	return fmt.Sprintf("provider \"ram\" { advisories = %q }\n", mode) + strings.Join(parts, "\n")
}

func user(name string) string {
	return fmt.Sprintf("resource \"ram_user\" \"ann\" { name = %q }", name)
}

// key and login keep no secret in the state, about which there would be advice
// too. The user's name is an expression, such as ram_user.ann.name.
func key(userName, more string) string {
	return fmt.Sprintf("resource \"ram_access_key\" \"ann\" {\n user_name = %s\n age_recipients = [%q]\n %s\n}", userName, recipient, more)
}

func login(userName, more string) string {
	return fmt.Sprintf("resource \"ram_login_profile\" \"ann\" {\n user_name = %s\n password_wo = \"Correct-Horse-7\"\n password_wo_version = 1\n %s\n}", userName, more)
}

func attached(userName, policyName, policyType, more string) string {
	return fmt.Sprintf("resource \"ram_policy_attachment\" \"ann\" {\n user_name = %s\n policy_name = %s\n policy_type = %q\n %s\n}", userName, policyName, policyType, more)
}

// newOperated gives an account on which the provider does not work as its root.
func newOperated(t *testing.T) *acctest.Account {
	t.Helper()
	acc := acctest.NewLocal(t)
	acc.WorkAsUser(t)
	return acc
}

func TestAccAdvisories_loginAndKeyOfOnePlanAreSaidOnce(t *testing.T) {
	t.Parallel()
	const ann = "ram_user.ann.name"
	for name, parts := range map[string][]string{
		"key first":   {key(ann, ""), login(ann, "depends_on = [ram_access_key.ann]")},
		"login first": {key(ann, "depends_on = [ram_login_profile.ann]"), login(ann, "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acc := newOperated(t)
			parts = append(parts, user(acc.Name("ann")))
			acc.Run(t,
				resource.TestStep{
					Config: withAdvisories("error", parts...), PlanOnly: true,
					ExpectError: regexp.MustCompile(`(?s)` + strings.ReplaceAll(loginAndKey, " ", `\s+`) + `.*user_name.*advisories = "error"`),
				},
				resource.TestStep{Config: withAdvisories("warn", parts...), Check: acc.Warns(accessModes, loginAndKey)},
				resource.TestStep{Config: withAdvisories("error", parts...), PlanOnly: true}, // there is nothing new to refuse
			)
		})
	}
}

func TestAccAdvisories_loginAndKeyOfWhichOneExists(t *testing.T) {
	t.Parallel()
	acc := newOperated(t)
	name := acc.Name("ann")
	const inactive, active = `status = "Inactive"`, `status = "Active"`
	literal := fmt.Sprintf("%q", name)
	config := func(mode string, parts ...string) string {
		return withAdvisories(mode, append(parts, user(name))...)
	}
	asked := 0
	questions := func() int { return acc.CallsOf("GetLoginProfile") + acc.CallsOf("ListPoliciesForUser") }
	acc.Run(t,
		resource.TestStep{Config: config("error", key("ram_user.ann.name", inactive), login("ram_user.ann.name", ""))},
		resource.TestStep{Config: config("warn", key(literal, active), login(literal, "")), Check: acc.Warns(accessModes, name+`.*`+loginAndKey)},
		resource.TestStep{Config: config("error", key(literal, ""), login(literal, inactive))},
		resource.TestStep{Config: config("warn", key(literal, ""), login(literal, active)), Check: acc.Warns(accessModes, loginAndKey)},
		resource.TestStep{Config: config("error", login(literal, "")), Check: acc.Warns(accessModes)},
		resource.TestStep{Config: config("error", login(literal, ""), key(literal, "")), PlanOnly: true, ExpectError: regexp.MustCompile(`console\s+login`)},
		resource.TestStep{
			PreConfig: func() { asked = questions() },
			Config:    config("off", key(literal, "")), PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig: func() {
				if n := questions() - asked; n > 2 { // each of the two plans refreshes the login
					t.Errorf("a plan without advice asked %d questions", n)
				}
			},
			Config: config("off", key("ram_user.ann.name", ""), login("ram_user.ann.name", "")), Check: acc.Warns(accessModes),
		},
	)
}

func TestAccAdvisories_userWhoIsUnknownInThePlanIsCheckedBeforeTheCall(t *testing.T) {
	t.Parallel()
	acc := newOperated(t)
	const name = "somebody-from-outside" // so that the end of the test finds nothing of its own
	unknown := fmt.Sprintf(`ram_group.late.group_id == "" ? "" : %q`, name)
	late := fmt.Sprintf("resource \"ram_group\" \"late\" { name = %q }", acc.Name("late"))
	if _, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name, DisplayName: name}); err != nil {
		t.Fatal(err)
	}
	acc.Run(t,
		resource.TestStep{
			Config:      withAdvisories("error", late, login(unknown, ""), key(unknown, "depends_on = [ram_login_profile.ann]"), attached(unknown, `"AdministratorAccess"`, "System", "depends_on = [ram_access_key.ann]")),
			ExpectError: regexp.MustCompile(`console\s+login`),
		},
		resource.TestStep{
			PreConfig: func() {
				if made, refused := acc.CallsOf("CreateLoginProfile"), acc.CallsOf("CreateAccessKey")-1; made != 1 || refused != 0 { // one is the operator's
					t.Errorf("there were %d logins and %d keys made", made, refused)
				}
			},
			Config: withAdvisories("error", late, attached(`"`+name+`"`, `"AdministratorAccess"`, "System", "")),
		},
	)
}

func TestAccAdvisories_questionThatIsRefusedStopsOnlyWhoWantsErrors(t *testing.T) {
	t.Parallel()
	acc := newOperated(t)
	const name = "somebody-from-outside"
	if _, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name, DisplayName: name}); err != nil {
		t.Fatal(err)
	}
	acc.Server.Intercept = func(c ramserver.Call) *ramserver.Fault {
		if c.Action != "GetLoginProfile" && c.Action != "ListPoliciesForUser" {
			return nil
		}
		return &ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."}
	}
	config := key(fmt.Sprintf("%q", name), "")
	acc.Run(t,
		resource.TestStep{
			Config: withAdvisories("error", config), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)Unable to learn whether RAM user "` + name + `" has a console\s+login.*GetLoginProfile`),
		},
		resource.TestStep{Config: withAdvisories("warn", config), Check: acc.Warns(accessModes)},
	)
}

func TestAccAdvisories_keyOfAnAdministrator(t *testing.T) {
	t.Parallel()
	acc := newOperated(t)
	name, policyName := acc.Name("ann"), acc.Name("all")
	const ann = "ram_user.ann.name"
	policy := func(document string) string {
		return fmt.Sprintf("resource \"ram_policy\" \"all\" {\n name = %q\n policy_document = %q\n}", policyName, document)
	}
	exclusive := fmt.Sprintf(`resource "ram_policy_attachments_exclusive" "ann" {
		user_name         = %q
		policies          = [{ policy_name = %q, policy_type = "Custom" }]
		detach_on_destroy = true
		depends_on        = [ram_user.ann, ram_policy.all]
	}`, name, policyName)
	refused := regexp.MustCompile(strings.ReplaceAll(powerfulKey, " ", `\s+`))
	custom := attached(ann, "ram_policy.all.name", "Custom", "")
	acc.Run(t,
		// In one plan.
		resource.TestStep{Config: withAdvisories("error", user(name), key(ann, "depends_on = [ram_policy_attachment.ann]"), attached(ann, `"AdministratorAccess"`, "System", "")), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: withAdvisories("error", user(name), policy(allowsOSS), key(ann, ""), custom)},
		resource.TestStep{Config: withAdvisories("warn", user(name), policy(allowsAll), key(ann, "")), Check: acc.Warns(powerfulKey)},
		// The key exists.
		resource.TestStep{Config: withAdvisories("warn", user(name), policy(allowsAll), key(ann, ""), custom), Check: acc.Warns(powerfulKey, policyName)},
		resource.TestStep{Config: withAdvisories("error", user(name), policy(allowsAll), key(ann, ""))},
		resource.TestStep{Config: withAdvisories("error", user(name), policy(allowsAll), key(ann, ""), exclusive), PlanOnly: true, ExpectError: refused},
		// The policy is attached.
		resource.TestStep{Config: withAdvisories("off", user(name), policy(allowsAll), exclusive), Check: acc.Warns(accessModes)},
		resource.TestStep{Config: withAdvisories("error", user(name), policy(allowsAll), exclusive, key(ann, "")), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: withAdvisories("warn", user(name), policy(allowsAll), exclusive, key(ann, "")), Check: acc.Warns(powerfulKey, policyName)},
	)
}

func TestAccAdvisories_keyOfAnAdministratorThroughAGroup(t *testing.T) {
	t.Parallel()
	acc := newOperated(t)
	name, groupName := acc.Name("ann"), acc.Name("ops")
	const ann, ops = "ram_user.ann.name", "ram_group.ops.name"
	people := user(name) + fmt.Sprintf("\nresource \"ram_group\" \"ops\" { name = %q }\n", groupName)
	member := func(more string) string {
		return fmt.Sprintf("resource \"ram_group_membership\" \"ops\" {\n group_name = %s\n user_names = [%s]\n %s\n}", ops, ann, more)
	}
	powerful := func(more string) string {
		return fmt.Sprintf("resource \"ram_policy_attachment\" \"ops\" {\n group_name = %s\n policy_name = \"AdministratorAccess\"\n policy_type = \"System\"\n %s\n}", ops, more)
	}
	exclusiveMember := fmt.Sprintf("resource \"ram_group_memberships_exclusive\" \"ops\" {\n group_name = %s\n user_names = [%s]\n detach_on_destroy = true\n}", ops, ann)
	exclusivePolicy := fmt.Sprintf(`resource "ram_policy_attachments_exclusive" "ops" {
		group_name        = %s
		policies          = [{ policy_name = "AdministratorAccess", policy_type = "System" }]
		detach_on_destroy = true
	}`, ops)
	refused := regexp.MustCompile(strings.ReplaceAll(powerfulKey, " ", `\s+`))
	steps := []resource.TestStep{}
	// In one plan, whatever is planned last.
	for _, parts := range [][]string{
		{key(ann, "depends_on = [ram_group_membership.ops, ram_policy_attachment.ops]"), member(""), powerful("")},
		{key(ann, ""), member("depends_on = [ram_access_key.ann, ram_policy_attachment.ops]"), powerful("")},
		{key(ann, ""), member(""), powerful("depends_on = [ram_access_key.ann, ram_group_membership.ops]")},
	} {
		steps = append(steps, resource.TestStep{Config: withAdvisories("error", append(parts, people)...), PlanOnly: true, ExpectError: refused})
	}
	asked := 0
	askedNoMore := func() {
		if n := acc.CallsOf("ListPoliciesForGroup") - asked; n != 0 {
			t.Errorf("%d calls to learn what a group has that is new, or whose new members have no key", n)
		}
	}
	steps = append(steps,
		resource.TestStep{PreConfig: askedNoMore, Config: withAdvisories("error", people)},
		// Two of the three exist, and the third comes.
		resource.TestStep{Config: withAdvisories("error", people, member(""), powerful(""))},
		resource.TestStep{Config: withAdvisories("error", people, member(""), powerful(""), key(ann, "")), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: withAdvisories("error", people, powerful(""))}, // who leaves may leave late, so the key comes afterwards
		resource.TestStep{Config: withAdvisories("error", people, powerful(""), key(ann, ""))},
		resource.TestStep{Config: withAdvisories("error", people, powerful(""), key(ann, ""), member("")), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: withAdvisories("error", people, powerful(""), key(ann, ""), exclusiveMember), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: withAdvisories("error", people, key(ann, ""))},
		resource.TestStep{Config: withAdvisories("error", people, key(ann, ""), member(""))},
		resource.TestStep{Config: withAdvisories("error", people, key(ann, ""), member(""), exclusivePolicy), PlanOnly: true, ExpectError: refused},
		resource.TestStep{
			Config: withAdvisories("warn", people, key(ann, ""), member(""), powerful("")),
			Check:  acc.Warns(accessModes, `"AdministratorAccess", which the user has through RAM group "`+groupName+`", allows everything`),
		},
		resource.TestStep{Config: withAdvisories("error", people)},
		resource.TestStep{
			PreConfig: func() { asked = acc.CallsOf("ListPoliciesForGroup") },
			Config: withAdvisories("error", people, fmt.Sprintf(`
				resource "ram_user" "new" { name = %q }
				resource "ram_group_membership" "new" {
					group_name = ram_group.ops.name
					user_names = [ram_user.new.name]
				}`, acc.Name("new"))),
			Check: func(*terraform.State) error {
				askedNoMore()
				return nil
			},
		},
	)
	acc.Run(t, steps...)
}
