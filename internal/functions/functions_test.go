package functions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/functions"
)

const (
	one = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":"*"}]}`
	two = `{"Statement": [{"Sid": "x", "Resource": ["*"], "Action": "oss:GetObject", "Effect": "Allow"}, {"Effect": "Deny", "Action": "oss:DeleteObject", "Resource": "*"}], "Version": "1"}`
)

// Every function is called through Terraform once, for what it gives.
func TestAccFunctions_giveWhatTheirPagesSay(t *testing.T) {
	t.Parallel()
	cases := []struct{ call, want string }{
		{`provider::ram::arn_parse("acs:ram::1234567890123456:user/alice/b").resource_name`, "alice/b"},
		{
			`jsonencode(provider::ram::arn_parse("acs:oss:cn-hangzhou:*:bucket"))`,
			`{"account_id":"*","region":"cn-hangzhou","resource":"bucket","resource_name":null,"resource_type":"bucket","service":"oss"}`,
		},
		{`provider::ram::arn_build("ram", "", "1234567890123456", "user/alice")`, "acs:ram::1234567890123456:user/alice"},
		{`provider::ram::user_principal_name("alice", "1234567890123456")`, "alice@1234567890123456.onaliyun.com"},
		{`provider::ram::user_principal_name("alice", "example.com")`, "alice@example.com"},
		{`tostring(provider::ram::policy_equivalent(local.one, jsonencode(jsondecode(local.one))))`, "true"},
		{`tostring(provider::ram::policy_equivalent(local.one, local.two))`, "false"},
		{`provider::ram::policy_minify(local.one)`, `{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}`},
		{
			`provider::ram::policy_merge(local.one, local.two)`,
			`{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"},{"Effect":"Deny","Action":"oss:DeleteObject","Resource":"*"}]}`,
		},
		{`jsonencode(provider::ram::policy_split(local.one))`, `["{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"oss:GetObject\",\"Resource\":\"*\"}]}"]`},
		{`tostring(length(provider::ram::policy_split(local.two, 120)))`, "2"},
		{
			`provider::ram::trust_policy_account("1234567890123456", "2345678901234567")`,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1234567890123456:root","acs:ram::2345678901234567:root"]},"Action":"sts:AssumeRole"}]}`,
		},
		{
			`provider::ram::trust_policy_service("ecs", "crossbackup.hbr.aliyuncs.com")`,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Service":["ecs.aliyuncs.com","crossbackup.hbr.aliyuncs.com"]},"Action":"sts:AssumeRole"}]}`,
		},
		{
			`provider::ram::trust_policy_saml("acs:ram::1234567890123456:saml-provider/directory")`,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Federated":"acs:ram::1234567890123456:saml-provider/directory"},"Action":"sts:AssumeRole",` +
				`"Condition":{"StringEquals":{"saml:recipient":"https://signin.alibabacloud.com/saml-role/sso"}}}]}`,
		},
		{
			`provider::ram::trust_policy_oidc("acs:ram::1234567890123456:oidc-provider/ci", "https://ci.example.com", ["sts.aliyuncs.com"], ["repo:a", "repo:b"])`,
			`{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"Federated":"acs:ram::1234567890123456:oidc-provider/ci"},"Action":"sts:AssumeRole",` +
				`"Condition":{"StringEquals":{"oidc:aud":"sts.aliyuncs.com","oidc:iss":"https://ci.example.com","oidc:sub":["repo:a","repo:b"]}}}]}`,
		},
		{`keys(jsondecode(provider::ram::trust_policy_oidc("acs:ram::1:oidc-provider/ci", "https://ci.example.com", ["c"], ["repo:a/*"])).Statement[0].Condition.StringLike)[0]`, "oidc:sub"},
	}
	var config strings.Builder
	fmt.Fprintf(&config, "locals {\n  one = %q\n  two = %q\n}\n", one, two)
	checks := []resource.TestCheckFunc{}
	for i, c := range cases {
		fmt.Fprintf(&config, "output \"o%d\" {\n  value = %s\n}\n", i, c.call)
		checks = append(checks, resource.TestCheckOutput(fmt.Sprintf("o%d", i), c.want))
	}
	acctest.New(t).Run(t, resource.TestStep{Config: config.String(), Check: resource.ComposeAggregateTestCheckFunc(checks...)})
}

// What the functions make of trust, RAM takes.
func TestAccFunctions_trustPoliciesArePoliciesOfRoles(t *testing.T) {
	t.Parallel()
	acctest.NewLocal(t).Run(t, resource.TestStep{Config: `
		data "ram_caller_identity" "this" {}
		resource "ram_saml_provider" "directory" {
		  name                           = "directory"
		  encoded_saml_metadata_document = base64encode("<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\"></EntityDescriptor>")
		}
		resource "ram_role" "account" {
		  name                        = "account"
		  assume_role_policy_document = provider::ram::trust_policy_account(data.ram_caller_identity.this.account_id)
		}
		resource "ram_role" "service" {
		  name                        = "service"
		  assume_role_policy_document = provider::ram::trust_policy_service("ecs")
		}
		resource "ram_role" "saml" {
		  name                        = "saml"
		  assume_role_policy_document = provider::ram::trust_policy_saml(ram_saml_provider.directory.arn)
		}`})
}

// call runs a function. Lists of texts are the arguments of list parameters and
// of variadic ones.
func call(t *testing.T, name string, arguments ...any) *function.FuncError {
	t.Helper()
	for _, make := range functions.All() {
		f := make()
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		if metadata.Name != name {
			continue
		}
		var definition function.DefinitionResponse
		f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
		var values []attr.Value
		for i, a := range arguments {
			switch a := a.(type) {
			case string:
				values = append(values, types.StringValue(a))
			case []int64:
				values = append(values, tuple(a, types.Int64Type, func(n int64) attr.Value { return types.Int64Value(n) }))
			case []string:
				text := func(s string) attr.Value { return types.StringValue(s) }
				if i < len(definition.Definition.Parameters) {
					list := []attr.Value{}
					for _, s := range a {
						list = append(list, text(s))
					}
					values = append(values, types.ListValueMust(types.StringType, list))
				} else {
					values = append(values, tuple(a, types.StringType, text))
				}
			}
		}
		resp := function.RunResponse{Result: function.NewResultData(definition.Definition.Return.GetType().ValueType(t.Context()))}
		f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(values)}, &resp)
		return resp.Error
	}
	t.Fatalf("there is no function %s", name)
	return nil
}

func tuple[T any](of []T, element attr.Type, value func(T) attr.Value) attr.Value {
	var values []attr.Value
	var elements []attr.Type
	for _, v := range of {
		values, elements = append(values, value(v)), append(elements, element)
	}
	return types.TupleValueMust(elements, values)
}

// Each wrong argument is refused, with what is wrong, and by its number.
func TestFunctions_refuseWhatIsWrong(t *testing.T) {
	const identity, saml = "acs:ram::1:oidc-provider/c", "acs:ram::1:saml-provider/d"
	trusting := `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
	none, nobody := []string{}, int64(-1)
	for _, c := range []struct {
		name      string
		arguments []any
		argument  int64 // the number of the wrong one, -1 where it is not one
		want      string
	}{
		{"arn_parse", []any{"arn:aws:iam::1:user/a"}, 0, "is not an ARN"},
		{"arn_parse", []any{"acs:ram::1:"}, 0, "is not an ARN"},
		{"arn_build", []any{"ram:x", "", "1", "user/a"}, 0, "has a colon"},
		{"arn_build", []any{"ram", "", "1", ""}, 3, "names a resource"},
		{"user_principal_name", []any{"a b", "example.com"}, 0, "is not the name of a RAM user"},
		{"user_principal_name", []any{"alice", "exa mple"}, 1, "is not the id of an account, an alias or a domain"},
		{"policy_equivalent", []any{trusting, "{}"}, 1, "no list of statements"},
		{"policy_minify", []any{"no"}, 0, "not valid JSON"},
		{"policy_merge", []any{none}, nobody, "at least one document"},
		{"policy_merge", []any{[]string{trusting, "no"}}, 1, "not valid JSON"},
		{"policy_merge", []any{[]string{trusting, one}}, nobody, "has a Principal"},
		{"policy_split", []any{trusting, []int64{}}, 0, "cannot be split"},
		{"policy_split", []any{one, []int64{1}}, 1, "no policy has room"},
		{"policy_split", []any{one, []int64{100, 200}}, 2, "give one number"},
		{"trust_policy_account", []any{[]string{"1", "acs:ram::1:root"}}, 1, "is not the id of an account"},
		{"trust_policy_service", []any{none}, nobody, "at least one service"},
		{"trust_policy_service", []any{[]string{"ecs/x"}}, 0, "is not a service"},
		{"trust_policy_saml", []any{identity, none}, 0, "is not the ARN of an identity"},
		{"trust_policy_saml", []any{saml, []string{"here"}}, 1, "is not a recipient"},
		{"trust_policy_oidc", []any{identity, "https://c", []string{"a"}, none}, 3, "name the subjects"},
		{"trust_policy_oidc", []any{identity, "https://c", none, []string{"a"}}, 2, "name the client ids"},
		{"trust_policy_oidc", []any{identity, "http://c", []string{"a"}, []string{"a"}}, 1, "not the URL of an issuer"},
		{"trust_policy_oidc", []any{saml, "https://c", []string{"a"}, []string{"a"}}, 0, "is not the ARN of an identity"},
	} {
		err := call(t, c.name, c.arguments...)
		switch {
		case err == nil || !strings.Contains(err.Text, c.want):
			t.Errorf("%s%v: got %v, want %q", c.name, c.arguments, err, c.want)
		case c.argument == nobody && err.FunctionArgument != nil, c.argument != nobody && (err.FunctionArgument == nil || *err.FunctionArgument != c.argument):
			t.Errorf("%s%v: the error is about argument %v, want %d", c.name, c.arguments, err.FunctionArgument, c.argument)
		}
	}
}
