package policydoc_test

import (
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

func TestBuild_printsForPeople(t *testing.T) {
	t.Parallel()
	got := policydoc.Build(
		policydoc.Statement{
			Sid: "read", Effect: "Allow", Actions: []string{"oss:GetObject"}, Resources: []string{"acs:oss:*:*:logs/*"},
			Conditions: []policydoc.Condition{
				{"IpAddress", "acs:SourceIp", []string{"192.0.2.0/24"}},
				{"Bool", "acs:MFAPresent", []string{"true"}},
			},
		},
		policydoc.Statement{Effect: "Deny", NotActions: []string{"oss:List*", "oss:Get*"}, Resources: []string{"*"}},
	).Indented()
	const want = `{
  "Version": "1",
  "Statement": [
    {
      "Sid": "read",
      "Effect": "Allow",
      "Action": [
        "oss:GetObject"
      ],
      "Resource": [
        "acs:oss:*:*:logs/*"
      ],
      "Condition": {
        "Bool": {
          "acs:MFAPresent": [
            "true"
          ]
        },
        "IpAddress": {
          "acs:SourceIp": [
            "192.0.2.0/24"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": [
        "oss:List*",
        "oss:Get*"
      ],
      "Resource": [
        "*"
      ]
    }
  ]
}`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestBuild_mergesWhatIsSaidOfTheSame(t *testing.T) {
	t.Parallel()
	got := policydoc.Build(policydoc.Statement{
		Effect: "Allow", Actions: []string{"sts:AssumeRole", "sts:AssumeRole"},
		Principals: []policydoc.Principals{{"RAM", []string{"acs:ram::1:root"}}, {"Service", []string{"ecs.aliyuncs.com"}}, {"RAM", []string{"acs:ram::2:root", "acs:ram::1:root"}}},
		Conditions: []policydoc.Condition{
			{"StringEquals", "oidc:aud", []string{"a"}},
			{"StringLike", "oidc:aud", []string{"x"}},
			{"StringEquals", "oidc:aud", []string{"a", "b"}},
			{"StringEquals", "oidc:iss", []string{"https://example.com"}},
		},
	}).Minified()
	const want = `{"Version":"1","Statement":[{"Effect":"Allow",` +
		`"Principal":{"RAM":["acs:ram::1:root","acs:ram::2:root"],"Service":"ecs.aliyuncs.com"},"Action":"sts:AssumeRole",` +
		`"Condition":{"StringEquals":{"oidc:aud":["a","b"],"oidc:iss":"https://example.com"},"StringLike":{"oidc:aud":"x"}}}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBuild_ofNothingIsAnEmptyDocument(t *testing.T) {
	t.Parallel()
	if got := policydoc.Build().Minified(); got != `{"Version":"1","Statement":[]}` {
		t.Errorf("got %s", got)
	}
}

func TestCheckStatement_findsWhatCheckFinds(t *testing.T) {
	t.Parallel()
	s := policydoc.Statement{Sid: "x", Effect: "Allow", Actions: []string{"ecs:*"}, Resources: []string{"*"}}
	if got := policydoc.CheckStatement(policydoc.Identity, 1, s); len(got) > 0 {
		t.Errorf("findings about what is right: %v", got)
	}
	s.Conditions = []policydoc.Condition{{"StringAlike", "acs:SourceIp", []string{"x"}}}
	got := policydoc.CheckStatement(policydoc.Identity, 3, s)
	if len(got) != 1 || got[0].Statement != 3 || got[0].Element != "Condition" || got[0].Severity != policydoc.Warning {
		t.Errorf("got %v", got)
	}
}
