package adopt

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// made makes a thing of texts, which are its identity, its state and its configuration; the names of identity come first.
func made(typeName string, identity int, attributes ...string) *thing {
	t := &thing{typeName: typeName, identity: map[string]tftypes.Value{}, state: map[string]tftypes.Value{}, config: map[string]tftypes.Value{}, schema: &tfprotov6.SchemaBlock{}}
	for i := 0; i < len(attributes); i += 2 {
		name, value := attributes[i], tftypes.NewValue(tftypes.String, attributes[i+1])
		t.state[name], t.config[name] = value, value
		if i/2 < identity {
			t.identity[name] = value
		}
		computed := name == "arn"
		t.schema.Attributes = append(t.schema.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: tftypes.String, Optional: !computed, Computed: computed})
	}
	return t
}

func (t *thing) with(name string, value tftypes.Value) *thing {
	t.state[name], t.config[name] = value, value
	t.schema.Attributes = append(t.schema.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: value.Type(), Optional: true})
	return t
}

func texts(all ...string) tftypes.Value {
	var values []tftypes.Value
	for _, s := range all {
		values = append(values, tftypes.NewValue(tftypes.String, s))
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, values)
}

func rendered(t *testing.T, things ...*thing) map[string][]byte {
	t.Helper()
	files, err := render(things)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRender_aMembershipRefersToItsGroupAndUsers(t *testing.T) {
	files := rendered(t,
		made("ram_user", 1, "name", "bob"),
		made("ram_user", 1, "name", "alice"),
		made("ram_group", 1, "name", "ops"),
		made("ram_group_membership", 1, "group_name", "ops").with("user_names", texts("bob", "carol", "alice")))
	want := `import {
  to = ram_group_membership.ops
  id = "ops"
}

resource "ram_group_membership" "ops" {
  group_name = ram_group.ops.name
  user_names = [ram_user.alice.name, ram_user.bob.name, "carol"]
}
`
	if got := string(files["ram_group_membership.tf"]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if users := string(files["ram_user.tf"]); strings.Index(users, `"alice"`) > strings.Index(users, `"bob"`) {
		t.Errorf("not in the order of names:\n%s", users)
	}
}

func TestRender_documentsAreExpressionsWithReferences(t *testing.T) {
	document := `{"Statement":[{"Principal":{"Federated":["acs:ram::1:saml-provider/idp"],"RAM":["acs:ram::1:role/builder"]},"Condition":{"NumericLessThan":{"n":1.5}},"Effect":"Allow","Action":"sts:AssumeRole"}],"Version":"1"}`
	files := rendered(t,
		made("ram_role", 1, "name", "Builder", "arn", "acs:ram::1:role/builder"),
		made("ram_role", 1, "name", "deployer", "assume_role_policy_document", document),
		made("ram_saml_provider", 1, "name", "idp", "arn", "acs:ram::1:saml-provider/idp"))
	got := string(files["ram_role.tf"])
	for _, want := range []string{
		"assume_role_policy_document = jsonencode({\n    Version = \"1\"\n", "Federated = [ram_saml_provider.idp.arn]",
		`RAM       = ["acs:ram::1:role/builder"]`, "n = 1.5",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\n  arn") {
		t.Errorf("a computed attribute is written:\n%s", got)
	}
}

func TestRender_whatJSONWouldNotGiveBackIsAText(t *testing.T) {
	const numbers = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"n":1.50}}}]}`
	const twice = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true"},"Bool":{"b":"true"}}}]}`
	files := rendered(t,
		made("ram_policy", 1, "name", "numbers", "policy_document", numbers),
		made("ram_policy", 1, "name", "twice", "policy_document", twice),
		made("ram_policy", 1, "name", "written", "description", `{"b": 1, "a": 2}`))
	if got := string(files["ram_policy.tf"]); strings.Contains(got, "jsonencode") || !strings.Contains(got, "1.50") || strings.Count(got, "Bool") != 2 {
		t.Errorf("got\n%s", got)
	}
}

func TestRender_oneFormOfWhatHasTwo(t *testing.T) {
	files := rendered(t,
		made("ram_saml_provider", 1, "name", "both", "saml_metadata_document", "<a/>", "encoded_saml_metadata_document", "PGEvPg=="),
		made("ram_saml_provider", 1, "name", "latin", "encoded_saml_metadata_document", "/////w=="),
		made("ram_user_sso_settings", 1, "account_id", "1", "metadata_document", "<a/>", "encoded_metadata_document", "PGEvPg=="))
	if got := string(files["ram_saml_provider.tf"]); strings.Contains(got, "PGEvPg") || !strings.Contains(got, "/////w==") {
		t.Errorf("got\n%s", got)
	}
	if got := string(files["ram_user_sso_settings.tf"]); strings.Contains(got, "PGEvPg") {
		t.Errorf("got\n%s", got)
	}
}

func TestRender_aTagMayBeCalledFor(t *testing.T) {
	tags := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"for": tftypes.NewValue(tftypes.String, "x")})
	text := rendered(t, made("ram_user", 1, "name", "alice").with("tags", tags))["ram_user.tf"]
	if _, diags := hclsyntax.ParseConfig(text, "ram_user.tf", hcl.InitialPos); diags.HasErrors() {
		t.Errorf("%v in\n%s", diags, text)
	}
}

func TestRender_onlyCustomPoliciesAreReferredTo(t *testing.T) {
	files := rendered(t,
		made("ram_policy", 1, "name", "AdministratorAccess"),
		made("ram_user", 1, "name", "alice"),
		made("ram_policy_attachment", 3, "policy_type", "System", "policy_name", "AdministratorAccess", "user_name", "alice"),
		made("ram_policy_attachment", 4, "policy_type", "Custom", "policy_name", "AdministratorAccess", "user_name", "alice", "resource_group_id", "rg-1"))
	got := string(files["ram_policy_attachment.tf"])
	for _, want := range []string{
		`id = "System/AdministratorAccess/user/alice"`, `policy_name = "AdministratorAccess"`,
		`id = "Custom/AdministratorAccess/user/alice/rg-1"`, `= ram_policy.AdministratorAccess.name`, `"alice_AdministratorAccess_rg-1"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestRender_whatIsSensitiveIsNotWritten(t *testing.T) {
	one := made("ram_login_profile", 1, "user_name", "alice", "password", "S3cret-of-alice")
	one.schema.Attributes[1].Sensitive = true
	if got := string(rendered(t, one)["ram_login_profile.tf"]); strings.Contains(got, "S3cret") || strings.Contains(got, "password") {
		t.Errorf("got\n%s", got)
	}
}

func TestLabel_isAnIdentifierAndOnlyOnce(t *testing.T) {
	things := []*thing{
		made("ram_user", 1, "name", "a_b"), made("ram_user", 1, "name", "a.b"), made("ram_user", 1, "name", "a_b_2"), made("ram_user", 1, "name", "7up"),
		made("ram_group", 1, "name", "a.b"),
		made("ram_access_key", 2, "user_name", "a.b", "access_key_id", "LTAI2", "create_date", "2030"),
		made("ram_access_key", 2, "user_name", "a.b", "access_key_id", "LTAI1", "create_date", "2031"),
		made("ram_password_policy", 1, "account_id", "1234567890123456"),
	}
	label(things)
	var got []string
	for _, one := range things {
		got = append(got, one.typeName+"."+one.label)
	}
	want := "ram_user._7up ram_user.a_b ram_user.a_b_2 ram_user.a_b_2_2 ram_group.a_b ram_access_key.a_b ram_access_key.a_b_2 ram_password_policy.this"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if id, err := things[5].importID(); err != nil || id != "a.b:LTAI2" {
		t.Errorf("the older key should come first, got %s, %v", id, err)
	}
}

func TestChooseTypes_leavesOutSingletonsWhereNamesAreAskedFor(t *testing.T) {
	all := []string{"ram_user", "ram_password_policy"}
	for _, c := range []struct {
		o    options
		want string
	}{
		{options{}, "ram_user ram_password_policy"},
		{options{match: regexp.MustCompile("a")}, "ram_user"},
		{options{match: regexp.MustCompile("a"), types: []string{"ram_password_policy"}}, "ram_password_policy"},
	} {
		got, err := chooseTypes(all, c.o)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%+v: got %v, %v, want %s", c.o, got, err, c.want)
		}
	}
	if _, err := chooseTypes(all, options{types: []string{"ram_usr"}}); err == nil || !strings.Contains(err.Error(), "ram_user, ram_password_policy") {
		t.Errorf("got %v", err)
	}
}

func TestParseOptions_refusesWhatIsWrong(t *testing.T) {
	for args, want := range map[string]string{
		"":                     "-out DIR is missing",
		"-out d extra":         `unexpected argument "extra"`,
		"-out d -match (":      "-match: error parsing regexp",
		"-out d -types user,x": "",
	} {
		o, err := parseOptions(strings.Fields(args))
		if want == "" {
			if err != nil || strings.Join(o.types, " ") != "ram_user ram_x" {
				t.Errorf("%s: got %v, %v", args, o.types, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", args, err, want)
		}
	}
}
