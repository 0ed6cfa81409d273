package policydoc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const (
	trustECS = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
	trustIdP = `{"Version": "1", "Statement": [{
		"Effect": "Allow",
		"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
		"Principal": {"Federated": ["acs:ram::1234567890123456:saml-provider/okta"]},
		"Condition": {"StringEquals": {"saml:recipient": "https://signin.alibabacloud.com/saml-role/sso"}}
	}]}`
	narrow = `{"Version": "1", "Statement": [
		{"Effect": "Allow", "NotAction": "ram:*", "Resource": ["acs:oss:*:*:logs", "acs:oss:*:*:logs/*"]},
		{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
			"Bool": {"acs:MFAPresent": ["false"], "acs:SecureTransport": false},
			"NotIpAddress": {"acs:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]},
			"NumericLessThan": {"acs:Age": 5}}}
	]}`
)

func TestCheck_acceptsWhatRAMDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind policydoc.Kind
		text string
	}{
		{policydoc.Identity, readECS},
		{policydoc.Identity, narrow},
		{policydoc.Trust, trustECS},
		{policydoc.Trust, trustIdP},
		{policydoc.Trust, statement(`"Effect":"Allow","Action":"STS:AssumeRole","Principal":{"RAM":"acs:ram::1234567890123456:root"}`)},
	} {
		if got := policydoc.Check(tt.kind, tt.text); len(got) > 0 {
			t.Errorf("findings about %s:\n%v", tt.text, got)
		}
	}
}

// allow returns an identity policy that is faultless but for the members added.
func allow(members string) string {
	return statement(`"Effect":"Allow","Action":"ecs:*","Resource":"*",` + members)
}

// trust returns a trust policy that is faultless but for the members added.
func trust(members string) string {
	return statement(`"Effect":"Allow","Action":"sts:AssumeRole",` + members)
}

var checkTests = []struct {
	name string
	kind policydoc.Kind
	text string
	want []policydoc.Finding
}{
	{
		"text that is not JSON", policydoc.Identity, "{\n  \"Version\": \"1\",\n  \"Größe\": }\n",
		[]policydoc.Finding{{policydoc.Error, 0, "", "the document is not valid JSON: line 3, column 12: invalid character '}' looking for beginning of value"}},
	},
	{
		"no text", policydoc.Trust, "",
		[]policydoc.Finding{{policydoc.Error, 0, "", "the document is not valid JSON: line 1, column 1: unexpected end of JSON input"}},
	},
	{
		"a document that is a list", policydoc.Identity, `[{}]`,
		[]policydoc.Finding{{policydoc.Error, 0, "", `the document is a list; RAM wants an object: {"Version": "1", "Statement": [...]}`}},
	},
	{
		"an empty object", policydoc.Identity, `{}`,
		[]policydoc.Finding{
			{policydoc.Error, 0, "Version", `Version is missing; write "Version": "1"`},
			{policydoc.Error, 0, "Statement", "Statement is missing; add a list of statements"},
		},
	},
	{
		"a policy version of AWS", policydoc.Trust, strings.Replace(trustECS, `"1"`, `"2012-10-17"`, 1),
		[]policydoc.Finding{{policydoc.Error, 0, "Version", `Version is "2012-10-17", which is a version of AWS policies; RAM knows only the string "1"`}},
	},
	{
		"a version that is a number", policydoc.Trust, strings.Replace(trustECS, `"1"`, `1`, 1),
		[]policydoc.Finding{{policydoc.Error, 0, "Version", `Version is 1; RAM knows only the string "1"`}},
	},
	{
		"elements of the document in another case, unknown or twice", policydoc.Identity,
		`{"version":"1","Id":"x","Statement":[],"Statement":[]}`,
		[]policydoc.Finding{
			{policydoc.Warning, 0, "Id", "Id is not among the elements that RAM documents (Version, Statement); use one of those or leave it out"},
			{policydoc.Warning, 0, "Version", "RAM may not know version in this spelling; write Version"},
			{policydoc.Warning, 0, "Statement", "Statement is an empty list; add a statement"},
			{policydoc.Warning, 0, "Statement", "Statement is given twice in the same object, and RAM may go by either; keep one"},
		},
	},
	{
		"statements that are not a list", policydoc.Identity, `{"Version":"1","Statement":"x"}`,
		[]policydoc.Finding{{policydoc.Error, 0, "Statement", `Statement is "x"; RAM wants a list of statements`}},
	},
	{
		"one statement outside a list is checked too", policydoc.Identity, `{"Version":"1","Statement":{"Effect":"Allow","Resource":"*"}}`,
		[]policydoc.Finding{
			{policydoc.Warning, 0, "Statement", "Statement is an object; RAM documents only a list: put it in brackets, [{...}]"},
			{policydoc.Error, 1, "Action", "statement 1: neither Action nor NotAction is given; add one of them"},
		},
	},
	{
		"a statement that is not an object", policydoc.Identity, `{"Version":"1","Statement":[7]}`,
		[]policydoc.Finding{{policydoc.Error, 1, "Statement", "statement 1: it is 7; RAM wants an object with Effect and Action"}},
	},
	{
		"findings name the statement", policydoc.Identity,
		strings.Replace(narrow, `"Deny"`, `"Permit"`, 1),
		[]policydoc.Finding{{policydoc.Error, 2, "Effect", `statement 2: Effect is "Permit"; RAM knows only "Allow" and "Deny"`}},
	},
	{
		"a statement without anything", policydoc.Identity, statement(``),
		[]policydoc.Finding{
			{policydoc.Error, 1, "Effect", `statement 1: Effect is missing; write "Allow" or "Deny"`},
			{policydoc.Error, 1, "Action", "statement 1: neither Action nor NotAction is given; add one of them"},
			{policydoc.Warning, 1, "Resource", `statement 1: Resource is missing; write "*" or the ARNs that the statement is about`},
		},
	},
	{
		"an effect that is not a text", policydoc.Identity, statement(`"Effect":true,"Action":"*","Resource":"*"`),
		[]policydoc.Finding{{policydoc.Error, 1, "Effect", `statement 1: Effect is true; RAM knows only "Allow" and "Deny"`}},
	},
	{
		"elements and effect in another case", policydoc.Identity, statement(`"effect":"ALLOW","action":"ecs:*","Resource":"*"`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Action", "statement 1: RAM may not know action in this spelling; write Action"},
			{policydoc.Warning, 1, "Effect", "statement 1: RAM may not know effect in this spelling; write Effect"},
			{policydoc.Warning, 1, "Effect", `statement 1: RAM may not know the Effect "ALLOW" in this spelling; write "Allow"`},
		},
	},
	{
		"the standard spelling wins over another", policydoc.Identity, allow(`"ACTION":7,"effect":"Permit"`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Action", "statement 1: RAM may not know ACTION in this spelling; write Action"},
			{policydoc.Warning, 1, "Effect", "statement 1: RAM may not know effect in this spelling; write Effect"},
		},
	},
	{
		"both Action and NotAction", policydoc.Identity, allow(`"NotAction":"ecs:Delete*"`),
		[]policydoc.Finding{{policydoc.Error, 1, "Action", "statement 1: both Action and NotAction are given; keep one of them"}},
	},
	{
		"actions without the shape of one", policydoc.Identity,
		statement(`"Effect":"Allow","Action":["ecs","ecs: List","ecs:"],"Resource":"*"`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Action", `statement 1: Action "ecs" does not look like an action; write "*" or service:Name, such as "ecs:Describe*"`},
			{policydoc.Warning, 1, "Action", `statement 1: Action "ecs: List" does not look like an action; write "*" or service:Name, such as "ecs:Describe*"`},
			{policydoc.Warning, 1, "Action", `statement 1: Action "ecs:" does not look like an action; write "*" or service:Name, such as "ecs:Describe*"`},
		},
	},
	{
		"actions that are not texts", policydoc.Identity, statement(`"Effect":"Allow","Action":[1,{}],"Resource":"*"`),
		[]policydoc.Finding{
			{policydoc.Error, 1, "Action", "statement 1: Action holds 1; RAM wants a string or a list of strings"},
			{policydoc.Error, 1, "Action", "statement 1: Action holds an empty object; RAM wants a string or a list of strings"},
		},
	},
	{
		"no actions and no resources", policydoc.Identity, statement(`"Effect":"Allow","NotAction":[],"Resource":[]`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "NotAction", "statement 1: NotAction is an empty list; give it a value"},
			{policydoc.Warning, 1, "Resource", "statement 1: Resource is an empty list; give it a value"},
		},
	},
	{
		"a resource of another cloud", policydoc.Identity, statement(`"Effect":"Allow","Action":"*","Resource":["*","arn:aws:s3:::logs"]`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Resource", `statement 1: Resource "arn:aws:s3:::logs" is not an ARN of Alibaba Cloud; write "*" or acs:service:region:account:id`}},
	},
	{
		"NotResource instead of Resource", policydoc.Identity, statement(`"Effect":"Allow","Action":"*","NotResource":"*"`),
		[]policydoc.Finding{{policydoc.Warning, 1, "NotResource", "statement 1: NotResource is not among the elements that RAM documents (Effect, Action, NotAction, Resource, Principal, Condition); use one of those or leave it out"}},
	},
	{
		"a statement with a Sid, null and a repeated key", policydoc.Identity, allow(`"Sid":"x","Condition":null,"Effect":"Allow"`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Condition", "statement 1: Condition is null, which RAM does not document; give it a value or leave it out"},
			{policydoc.Warning, 1, "Sid", "statement 1: Sid is not among the elements that RAM documents (Effect, Action, NotAction, Resource, Principal, Condition); use one of those or leave it out"},
			{policydoc.Warning, 1, "Effect", "statement 1: Effect is given twice in the same object, and RAM may go by either; keep one"},
		},
	},
	{
		"a principal in an identity policy", policydoc.Identity, allow(`"Principal":{"RAM":["*"]}`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Principal", "statement 1: RAM documents Principal only in the trust policy of a role, which is the assume_role_policy_document of a ram_role; leave it out"}},
	},
	{
		"a resource in a trust policy", policydoc.Trust, trust(`"Resource":"*","Principal":{"Service":"ecs.aliyuncs.com"}`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Resource", "statement 1: RAM documents no Resource in a trust policy; leave it out"}},
	},
	{
		"an action of AWS in a trust policy", policydoc.Trust,
		strings.Replace(trustIdP, `"sts:SetSourceIdentity"`, `"sts:AssumeRoleWithSAML"`, 1),
		[]policydoc.Finding{{policydoc.Warning, 1, "Action", `statement 1: Action "sts:AssumeRoleWithSAML" is not documented for trust policies; write "sts:AssumeRole", whoever the principal is`}},
	},
	{
		"a trust policy without a principal", policydoc.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole"`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Principal", `statement 1: Principal is missing; say who may assume the role, such as {"Service": ["ecs.aliyuncs.com"]}`}},
	},
	{
		"a principal that is a text", policydoc.Trust, trust(`"Principal":"*"`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Principal", `statement 1: Principal is "*"; write an object such as {"Service": ["ecs.aliyuncs.com"]}`}},
	},
	{
		"a principal that names nobody", policydoc.Trust, trust(`"Principal":{}`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Principal", `statement 1: Principal is an empty object; write an object such as {"Service": ["ecs.aliyuncs.com"]}`}},
	},
	{
		"principals of unknown kind or shape", policydoc.Trust, trust(`"Principal":{"AWS":"*","RAM":["*"],"Service":[1],"Federated":[]}`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Principal", "statement 1: Principal AWS is not a kind that RAM documents; write one of RAM, Service, Federated"},
			{policydoc.Warning, 1, "Principal", "statement 1: Principal Federated is an empty list; give it a value"},
			{policydoc.Warning, 1, "Principal", `statement 1: Principal RAM "*" is not an ARN of Alibaba Cloud; write one such as "acs:ram::<account>:root"`},
			{policydoc.Error, 1, "Principal", "statement 1: Principal Service holds 1; RAM wants a string or a list of strings"},
		},
	},
	{
		"a condition that is a list", policydoc.Identity, allow(`"Condition":[]`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Condition", `statement 1: Condition is an empty list; write an object such as {"Bool": {"acs:MFAPresent": "true"}}`}},
	},
	{
		"operators that RAM does not document", policydoc.Identity,
		allow(`"Condition":{"ForAnyValue:StringLikeIfExists":{"a:B":"c"},"bool":{"a:B":"true"},"Null":{"a:B":"true"},"StringEquals":"x"}`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Condition", "statement 1: ForAnyValue:StringLikeIfExists is not an operator that RAM documents; the nearest is StringLike"},
			{policydoc.Warning, 1, "Condition", "statement 1: Null is not an operator that RAM documents; it has String, Numeric and Date operators, Bool, IpAddress and NotIpAddress"},
			{policydoc.Warning, 1, "Condition", `statement 1: StringEquals is "x"; write an object such as {"acs:SourceIp": "..."}`},
			{policydoc.Warning, 1, "Condition", "statement 1: bool is not an operator that RAM documents; the nearest is Bool"},
		},
	},
	{
		"condition keys and values without the shape of one", policydoc.Identity,
		allow(`"Condition":{"Bool":{"a:B":["true","false"]},"StringLike":{"SourceIp":"x","a:B":[],"a:C":[null]}}`),
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Condition", "statement 1: Bool a:B has 2 values; RAM documents only one"},
			{policydoc.Warning, 1, "Condition", `statement 1: StringLike key "SourceIp" does not look like a condition key; write service:Name, such as "acs:SourceIp"`},
			{policydoc.Warning, 1, "Condition", "statement 1: StringLike a:B is an empty list; write a value or a list of values"},
			{policydoc.Warning, 1, "Condition", "statement 1: StringLike a:C is a list; write a value or a list of values"},
		},
	},
	{
		"findings come in the order of the statements", policydoc.Identity,
		`{"Version":"1","Statement":[{"Effect":"Allow","Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*"}]}`,
		[]policydoc.Finding{
			{policydoc.Warning, 1, "Effect", "statement 1: Effect is given twice in the same object, and RAM may go by either; keep one"},
			{policydoc.Warning, 2, "Resource", `statement 2: Resource is missing; write "*" or the ARNs that the statement is about`},
		},
	},
	{
		"a key repeated inside a condition", policydoc.Identity, allow(`"Condition":{"Bool":{"a:B":"true","a:B":"false"}}`),
		[]policydoc.Finding{{policydoc.Warning, 1, "Condition", "statement 1: a:B is given twice in the same object, and RAM may go by either; keep one"}},
	},
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range checkTests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := policydoc.Check(tt.kind, tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("findings about %s:\ngot  %v\nwant %v", tt.text, got, tt.want)
			}
		})
	}
}

func TestCheck_size(t *testing.T) {
	t.Parallel()
	// sized returns a policy with an action of as many letters as it takes to
	// make the policy n characters long.
	sized := func(n int, letter string) string {
		frame := allow(`"NotAction":"x:"`)
		frame = strings.Replace(frame, `"Action":"ecs:*",`, "", 1)
		return strings.Replace(frame, "x:", "x:"+strings.Repeat(letter, n-len(frame)), 1)
	}
	tooLong := policydoc.Finding{policydoc.Error, 0, "", "the document has 6145 characters, white space not counted; RAM allows 6144: split it into several policies"}
	maybeTooLong := policydoc.Finding{policydoc.Warning, 0, "", "the document has 6145 bytes; RAM allows 6144 characters and may count white space, or bytes: take white space out or split the document"}
	for _, tt := range []struct {
		name string
		kind policydoc.Kind
		text string
		want []policydoc.Finding
	}{
		{"as long as RAM allows", policydoc.Identity, sized(6144, "a"), nil},
		{"a character longer", policydoc.Identity, sized(6145, "a"), []policydoc.Finding{tooLong}},
		{"longer by white space only", policydoc.Identity, sized(6144, "a") + "\n", []policydoc.Finding{maybeTooLong}},
		{"longer in bytes only", policydoc.Identity, strings.Replace(sized(6144, "a"), "x:a", "x:ä", 1), []policydoc.Finding{maybeTooLong}},
		{"a trust policy, whose limit is unknown", policydoc.Trust, trust(`"Principal":{"Service":"` + strings.Repeat("a", 7000) + `"}`), nil},
	} {
		if got := policydoc.Check(tt.kind, tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %v\nwant %v", tt.name, got, tt.want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, tt := range checkTests {
		f.Add(tt.text)
	}
	f.Add(narrow)
	f.Add(trustIdP)
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []policydoc.Kind{policydoc.Identity, policydoc.Trust} {
			findings := policydoc.Check(kind, text)
			if !slices.Equal(findings, policydoc.Check(kind, text)) {
				t.Errorf("findings about %q change from call to call", text)
			}
			for _, finding := range findings {
				if finding.Message == "" {
					t.Errorf("a finding about %q says nothing", text)
				}
			}
		}
	})
}
