package functions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// trust gives the trust policy with the one statement.
func trust(principal string, who []string, conditions ...policydoc.Condition) string {
	return policydoc.Build(policydoc.Statement{
		Effect:     "Allow",
		Actions:    []string{"sts:AssumeRole"},
		Principals: []policydoc.Principals{{Type: principal, Identifiers: who}},
		Conditions: conditions,
	}).Minified()
}

// eachOf checks the variadic arguments of a function, of which there is at least
// one, and gives what one makes of them.
func eachOf(ctx context.Context, req function.RunRequest, resp *function.RunResponse, what string, one func(string) (string, error)) []string {
	var given, made []string
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return nil
	}
	if len(given) == 0 {
		resp.Error = function.NewFuncError("Give at least one " + what + ".")
		return nil
	}
	for i, argument := range given {
		value, err := one(argument)
		if err != nil {
			refuse(resp, int64(i), err)
		}
		made = append(made, value)
	}
	return made
}

var trustPolicyAccount = &pure{
	name: "trust_policy_account",
	definition: function.Definition{
		Summary: "Trust policy for whole accounts",
		MarkdownDescription: "Trust policy of a role that users and roles of these accounts may assume, as far as their own account permits it to them. " +
			"To trust one user or role alone, build the policy with the data source `ram_policy_document`.",
		VariadicParameter: text("account_ids", "IDs of the accounts, at least one, such as `1234567890123456`."),
		Return:            function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		accounts := eachOf(ctx, req, resp, "account id", func(id string) (string, error) {
			if !accountIDs.MatchString(id) {
				return "", fmt.Errorf("%q is not the id of an account, such as 1234567890123456", id)
			}
			return "acs:ram::" + id + ":root", nil
		})
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, trust("RAM", accounts))
		}
	},
}

var trustPolicyService = &pure{
	name: "trust_policy_service",
	definition: function.Definition{
		Summary:             "Trust policy for Alibaba Cloud services",
		MarkdownDescription: "Trust policy of a role that these Alibaba Cloud services may assume, on behalf of the account.",
		VariadicParameter:   text("services", "The services, at least one, such as `ecs.aliyuncs.com`, or `ecs` for short."),
		Return:              function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		services := eachOf(ctx, req, resp, "service", func(service string) (string, error) {
			if name := strings.TrimSuffix(service, ".aliyuncs.com"); domains.MatchString(name) {
				return name + ".aliyuncs.com", nil
			}
			return "", fmt.Errorf("%q is not a service, such as ecs.aliyuncs.com", service)
		})
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, trust("Service", services))
		}
	},
}

// checkProvider refuses what is not the ARN of an identity provider of that kind.
func checkProvider(arn, kind string) error {
	parts := strings.SplitN(arn, ":", 5)
	if len(parts) == 5 && parts[0] == "acs" && parts[1] == "ram" && strings.HasPrefix(parts[4], kind+"/") && len(parts[4]) > len(kind)+1 {
		return nil
	}
	return fmt.Errorf("%q is not the ARN of an identity provider, such as acs:ram::1234567890123456:%s/example", arn, kind)
}

// samlRecipient is where an identity provider sends people who take on a role, at the
// site alibabacloud.com.
const samlRecipient = "https://signin.alibabacloud.com/saml-role/sso"

var trustPolicySAML = &pure{
	name: "trust_policy_saml",
	definition: function.Definition{
		Summary: "Trust policy for people of a SAML identity provider",
		MarkdownDescription: "Trust policy of a role that people may assume whom a SAML identity provider sends, with the condition on `saml:recipient` that RAM requires. " +
			"Which roles a person may choose is up to the identity provider.",
		Parameters: []function.Parameter{text("provider_arn", "ARN of the identity provider, such as `ram_saml_provider.directory.arn`.")},
		VariadicParameter: text("recipients", "The recipients to allow; `"+samlRecipient+"` when they are left out. "+
			"At the site aliyun.com (China) it is `https://signin.aliyun.com/saml-role/sso`."),
		Return: function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var arn string
		var recipients []string
		if resp.Error = req.Arguments.Get(ctx, &arn, &recipients); resp.Error != nil {
			return
		}
		if err := checkProvider(arn, "saml-provider"); err != nil {
			refuse(resp, 0, err)
		}
		for i, recipient := range recipients {
			if !strings.HasPrefix(recipient, "https://") {
				refuse(resp, int64(i)+1, fmt.Errorf("%q is not a recipient, such as %s", recipient, samlRecipient))
			}
		}
		if len(recipients) == 0 {
			recipients = []string{samlRecipient}
		}
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, trust("Federated", []string{arn}, policydoc.Condition{Operator: "StringEquals", Variable: "saml:recipient", Values: recipients}))
		}
	},
}

var trustPolicyOIDC = &pure{
	name: "trust_policy_oidc",
	definition: function.Definition{
		Summary:             "Trust policy for programs of an OIDC identity provider",
		MarkdownDescription: "Trust policy of a role that programs may assume with tokens of an OIDC identity provider: those of the issuer, for one of the client ids, and of one of the subjects.",
		Parameters: []function.Parameter{
			text("provider_arn", "ARN of the identity provider, such as `ram_oidc_provider.github.arn`."),
			text("issuer_url", "URL of the issuer, as the identity provider has it (`oidc:iss`)."),
			function.ListParameter{Name: "client_ids", ElementType: types.StringType, MarkdownDescription: "Client ids, one of which a token must be for (`oidc:aud`), at least one."},
			function.ListParameter{
				Name: "subjects", ElementType: types.StringType,
				MarkdownDescription: "Subjects, one of which a token must be of (`oidc:sub`), at least one. `*` stands for any characters and `?` for any one, as in `repo:example/app:ref:refs/heads/*`; " +
					"`[\"*\"]` trusts every subject of the issuer.",
			},
		},
		Return: function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var arn, issuer string
		var clients, subjects []string
		if resp.Error = req.Arguments.Get(ctx, &arn, &issuer, &clients, &subjects); resp.Error != nil {
			return
		}
		if err := checkProvider(arn, "oidc-provider"); err != nil {
			refuse(resp, 0, err)
		}
		if !strings.HasPrefix(issuer, "https://") {
			refuse(resp, 1, fmt.Errorf("%q is not the URL of an issuer, which begins with https://", issuer))
		}
		if len(clients) == 0 || slices.Contains(clients, "") {
			refuse(resp, 2, errors.New("name the client ids that tokens are for: without any, tokens for every other program of the issuer would do"))
		}
		if len(subjects) == 0 || slices.Contains(subjects, "") {
			refuse(resp, 3, errors.New(`name the subjects: without any, everybody whom the issuer knows could assume the role; if that is meant, give ["*"]`))
		}
		if resp.Error != nil {
			return
		}
		operator := "StringEquals"
		if slices.ContainsFunc(subjects, func(s string) bool { return strings.ContainsAny(s, "*?") }) {
			operator = "StringLike"
		}
		resp.Error = resp.Result.Set(ctx, trust("Federated", []string{arn},
			policydoc.Condition{Operator: "StringEquals", Variable: "oidc:iss", Values: []string{issuer}},
			policydoc.Condition{Operator: "StringEquals", Variable: "oidc:aud", Values: clients},
			policydoc.Condition{Operator: operator, Variable: "oidc:sub", Values: subjects}))
	},
}
