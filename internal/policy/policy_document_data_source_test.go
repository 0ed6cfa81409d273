package policy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

// documentConfig configures the data source ram_policy_document.d.
func documentConfig(body ...string) string {
	return fmt.Sprintf("data \"ram_policy_document\" \"d\" {\n%s\n}\n", strings.Join(body, "\n"))
}

const (
	readLogs = `
		statement {
		  sid      = "read"
		  action   = ["log:Get*", "log:List*"]
		  resource = ["*"]
		}`
	denyWithoutMFA = `
		statement {
		  sid        = "mfa"
		  effect     = "Deny"
		  not_action = ["ram:*"]
		  resource   = ["*"]
		  condition {
		    operator = "Bool"
		    variable = "acs:MFAPresent"
		    values   = ["false"]
		  }
		}`
	trustInECS = `
		statement {
		  action = ["sts:AssumeRole"]
		  principal {
		    type        = "Service"
		    identifiers = ["ecs.aliyuncs.com"]
		  }
		}`
)

// gives checks a text of ram_policy_document.d, and the size of minified_json.
func gives(attribute, want string) []statecheck.StateCheck {
	checks := []statecheck.StateCheck{acctest.State("data.ram_policy_document.d", attribute, want)}
	if attribute == "minified_json" {
		checks = append(checks, acctest.State("data.ram_policy_document.d", "size", len([]rune(want))))
	}
	return checks
}

func TestAccPolicyDocument_isBuiltWithoutACall(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	acc.Run(t,
		resource.TestStep{
			Config: documentConfig(`version = "1"`, readLogs, denyWithoutMFA),
			ConfigStateChecks: gives("minified_json", `{"Version":"1","Statement":[`+
				`{"Effect":"Allow","Action":["log:Get*","log:List*"],"Resource":"*"},`+
				`{"Effect":"Deny","NotAction":"ram:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}]}`),
		},
		resource.TestStep{
			Config: documentConfig(trustInECS),
			ConfigStateChecks: gives("json", `{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": [
          "ecs.aliyuncs.com"
        ]
      },
      "Action": [
        "sts:AssumeRole"
      ]
    }
  ]
}`),
		},
	)
	if calls := acc.Server.Calls(); len(calls) > 0 {
		t.Errorf("%d calls, the first is %s", len(calls), calls[0].Action)
	}
}

func TestAccPolicyDocument_blocksOfTheSameConditionOrPrincipalAreOne(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config: documentConfig(`
			statement {
			  action = ["sts:AssumeRole"]
			  principal {
			    type        = "RAM"
			    identifiers = ["acs:ram::1234567890123456:root"]
			  }
			  principal {
			    type        = "Service"
			    identifiers = ["ecs.aliyuncs.com"]
			  }
			  principal {
			    type        = "RAM"
			    identifiers = ["acs:ram::1234567890123456:user/b", "acs:ram::1234567890123456:user/a"]
			  }
			  condition {
			    operator = "IpAddress"
			    variable = "acs:SourceIp"
			    values   = ["192.0.2.0/24"]
			  }
			  condition {
			    operator = "IpAddress"
			    variable = "acs:SourceIp"
			    values   = ["192.0.2.0/24", "198.51.100.0/24"]
			  }
			}`),
		ConfigStateChecks: gives("minified_json", `{"Version":"1","Statement":[{"Effect":"Allow","Principal":{`+
			`"RAM":["acs:ram::1234567890123456:root","acs:ram::1234567890123456:user/a","acs:ram::1234567890123456:user/b"],"Service":"ecs.aliyuncs.com"},`+
			`"Action":"sts:AssumeRole","Condition":{"IpAddress":{"acs:SourceIp":["192.0.2.0/24","198.51.100.0/24"]}}}]}`),
	})
}

func TestAccPolicyDocument_isAppliedAndPlansNothingInEitherForm(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	config := func(form string) string {
		return strings.ReplaceAll(documentConfig(readLogs, denyWithoutMFA), `"d"`, `"logs"`) + strings.ReplaceAll(documentConfig(trustInECS), `"d"`, `"trust"`) +
			fmt.Sprintf(`
				resource "ram_policy" "logs" {
				  name            = %[1]q
				  policy_document = data.ram_policy_document.logs.%[3]s
				}
				resource "ram_role" "reader" {
				  name                        = %[2]q
				  assume_role_policy_document = data.ram_policy_document.trust.%[3]s
				}`, acc.Name("logs"), acc.Name("reader"), form)
	}
	acc.Run(t,
		resource.TestStep{
			Config: config("json"),
			Check: holdsDocument(acc, acc.Name("logs"), `{"Version": "1", "Statement": [
				{"Effect": "Allow", "Action": ["log:Get*", "log:List*"], "Resource": "*"},
				{"Effect": "Deny", "NotAction": "ram:*", "Resource": "*", "Condition": {"Bool": {"acs:MFAPresent": "false"}}}]}`),
		},
		resource.TestStep{Config: config("json"), ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: config("minified_json"), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

func TestAccPolicyDocument_sourcesComeFirstAndOverridesReplaceBySid(t *testing.T) {
	t.Parallel()
	step := func(body, attribute, want string) resource.TestStep {
		return resource.TestStep{
			Config: strings.ReplaceAll(documentConfig(readLogs, denyWithoutMFA), `"d"`, `"base"`) + documentConfig(body), ConfigStateChecks: gives(attribute, want),
		}
	}
	const (
		read  = `{"Effect":"Allow","Action":["log:Get*","log:List*"],"Resource":"*"}`
		mfa   = `{"Effect":"Deny","NotAction":"ram:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}`
		write = `{"Effect":"Allow","Action":"log:*","Resource":"*"}`
	)
	document := func(statements ...string) string {
		return `{"Version":"1","Statement":[` + strings.Join(statements, ",") + `]}`
	}
	acctest.New(t).Run(t,
		// A statement of its own replaces that of a source; a document without Sids only adds.
		step(`source_policy_documents = [data.ram_policy_document.base.json_with_sids, null]
			statement {
			  sid      = "read"
			  action   = ["log:*"]
			  resource = ["*"]
			}`, "minified_json", document(write, mfa)),
		step(`source_policy_documents = [data.ram_policy_document.base.json]
			statement {
			  sid      = "read"
			  action   = ["log:*"]
			  resource = ["*"]
			}`, "minified_json", document(read, mfa, write)),
		// What two sources have in common is there once.
		step(`source_policy_documents = [
			  data.ram_policy_document.base.json_with_sids, data.ram_policy_document.base.json_with_sids, data.ram_policy_document.base.json,
			]`, "minified_json", document(read, mfa)),
		// Overrides win over everything, the later over the earlier.
		step(`source_policy_documents = [jsonencode({ Version = "1", Statement = [{ Sid = "x", Effect = "Deny", Action = "*", Resource = "*" }] })]
			override_policy_documents = [
			  data.ram_policy_document.base.json_with_sids,
			  jsonencode({ Version = "1", Statement = { Sid = "x", Effect = "Allow", Action = ["log:*"], Resource = ["*"] } }),
			]
			statement {
			  sid      = "read"
			  action   = ["log:Put*"]
			  resource = ["*"]
			}`, "minified_json", document(write, read, mfa)),
		step(`source_policy_documents = [jsonencode({ Version = "1", Statement = [{ Sid = "x", Effect = "Deny", Action = "a:*", Resource = "*" }] })]`, "json_with_sids", `{
  "Version": "1",
  "Statement": [
    {
      "Sid": "x",
      "Effect": "Deny",
      "Action": [
        "a:*"
      ],
      "Resource": [
        "*"
      ]
    }
  ]
}`),
	)
}

func TestAccPolicyDocument_whatIsWrongIsSaidAtTheArgument(t *testing.T) {
	t.Parallel()
	// refuses expects the message, and the line of the configuration that it is about.
	refuses := func(body, message, line string) resource.TestStep {
		return resource.TestStep{
			Config: documentConfig(body), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)in data "ram_policy_document" "d":\s+\d+:\s+` + regexp.QuoteMeta(line) + `.*` + inWords(message).String()),
		}
	}
	statement := func(body string) string { return "statement {\n" + body + "\n}" }
	acctest.New(t).Run(t,
		refuses(`version = "2012-10-17"`, `value must be one of`, `version =`),
		refuses(statement(`effect = "Permit"
			action = ["*"]`), `value must be one of`, `effect = "Permit"`),
		refuses(statement("action = [\"ecs:*\"]\nnot_action = [\"ecs:*\"]\nresource = [\"*\"]"), "both Action and NotAction are given", `action = ["ecs:*"]`),
		refuses(statement(`resource = ["*"]`), "neither Action nor NotAction is given", `statement {`),
		refuses(statement(`action = []`), "at least 1 elements", `action = []`),
		refuses(statement(`action = [""]`), "at least 1", `action = [""]`),
		refuses(statement("action = [\"*\"]\nprincipal {\ntype = \"AWS\"\nidentifiers = [\"*\"]\n}"), "value must be one of", `type = "AWS"`),
		refuses(readLogs+trustInECS, "only one has a principal", `principal {`),
		refuses(readLogs+strings.ReplaceAll(denyWithoutMFA, `"mfa"`, `"read"`), `Another statement has the sid "read"`, `sid        = "read"`),
		refuses(`source_policy_documents = ["{"]`, "not valid JSON", `source_policy_documents = ["{"]`),
		refuses(`override_policy_documents = [jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Resource = "*" }] })]`, "neither Action nor NotAction is given", `override_policy_documents =`),
		refuses(`source_policy_documents = [for a in ["a:B", "c:D"] : jsonencode({ Version = "1", Statement = [{ Sid = "x", Effect = "Allow", Action = a, Resource = "*" }] })]`,
			`Sid "x" stands for different statements`, `source_policy_documents =`),
	)
}

func TestAccPolicyDocument_documentsOfBothKindsAreNotMerged(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config:      strings.ReplaceAll(documentConfig(trustInECS), `"d"`, `"trust"`) + documentConfig(`source_policy_documents = [data.ram_policy_document.trust.json]`, readLogs),
		ExpectError: inWords("statement 1 has a Principal, as in the trust policy of a role, and statement 2 has none"),
	})
}

func TestAccPolicyDocument_ofNothingIsEmpty(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config: documentConfig(), ConfigStateChecks: gives("minified_json", `{"Version":"1","Statement":[]}`),
	})
}

// What is not known while planning does not keep the rest from being checked.
func TestAccPolicyDocument_takesValuesThatAreNotKnownWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	config := func(more string) string {
		return fmt.Sprintf(`
			resource "ram_user" "deployer" { name = %q }

			resource "ram_role" "deploy" {
			  name                        = %q
			  assume_role_policy_document = data.ram_policy_document.d.json
			}
			`, acc.Name("deployer"), acc.Name("deploy")) +
			documentConfig(`
				source_policy_documents   = [ram_user.deployer.user_id == "" ? "{" : "{\"Version\":\"1\",\"Statement\":[]}"]
				override_policy_documents = ram_user.deployer.user_id == "" ? ["{"] : []
				statement {
				  sid    = ram_user.deployer.user_id
				  effect = ram_user.deployer.user_id == "" ? "Deny" : "Allow"
				  action = [ram_user.deployer.user_id == "" ? "*" : "sts:AssumeRole"]
				  `+more+`
				  principal {
				    type        = ram_user.deployer.user_id == "" ? "Service" : "RAM"
				    identifiers = [ram_user.deployer.arn]
				  }
				  condition {
				    operator = ram_user.deployer.user_id == "" ? "" : "IpAddress"
				    variable = ram_user.deployer.user_id == "" ? "" : "acs:SourceIp"
				    values   = ram_user.deployer.user_id == "" ? [] : ["192.0.2.0/24"]
				  }
				  dynamic "condition" {
				    for_each = ram_user.deployer.user_id == "" ? ["Bool"] : []
				    content {
				      operator = condition.value
				      variable = "acs:MFAPresent"
				      values   = ["true"]
				    }
				  }
				}`)
	}
	acc.Run(t,
		resource.TestStep{
			Config: config(`not_action = ["ram:*"]`), ExpectError: inWords("both Action and NotAction are given"),
		},
		resource.TestStep{
			PreConfig: func() {
				if writes := acc.Writes(0); len(writes) > 0 {
					t.Errorf("%v were sent before the error", writes)
				}
			},
			Config:           config(""),
			ConfigPlanChecks: acctest.Plans("data.ram_policy_document.d", plancheck.ResourceActionRead),
		},
		resource.TestStep{Config: config(""), ConfigPlanChecks: acctest.PlansNothing()},
	)
}

// inWords matches the message wherever Terraform breaks its lines.
func inWords(message string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(message)), `\s+`))
}
