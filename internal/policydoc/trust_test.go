package policydoc_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const (
	ownAccount   = "1111111111111111"
	otherAccount = "2222222222222222"
)

// trusting gives a trust policy with one statement for each principal, which may
// be followed by what else the statement has.
func trusting(statements ...string) string {
	for i, s := range statements {
		principal, more, _ := strings.Cut(s, " + ")
		if more != "" {
			more = "," + more
		}
		if !strings.Contains(more, `"Action"`) {
			more += `,"Action":"sts:AssumeRole"`
		}
		if !strings.Contains(more, `"Effect"`) {
			more += `,"Effect":"Allow"`
		}
		statements[i] = fmt.Sprintf(`{"Principal":%s%s}`, principal, more)
	}
	return `{"Version":"1","Statement":[` + strings.Join(statements, ",") + `]}`
}

func names(trustees []policydoc.Trustee) string {
	var all []string
	for _, t := range trustees {
		all = append(all, t.String())
	}
	return strings.Join(all, " ")
}

func TestTrustedBy_givesWhoIsTrusted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		trusting(`{"Service":["ecs.aliyuncs.com","fc.aliyuncs.com"],"RAM":"acs:ram::1:root"}`):                            "Service ecs.aliyuncs.com Service fc.aliyuncs.com acs:ram::1:root",
		trusting(`{"RAM":"acs:ram::1:user/a"}`, `{"RAM":["acs:ram::1:user/a"]}`):                                          "acs:ram::1:user/a",
		trusting(`{"RAM":"*"} + "Effect":"Deny"`):                                                                         "",
		trusting(`{"RAM":"*"} + "Action":"sts:SetSourceIdentity"`):                                                        "",
		trusting(`{"RAM":"*"} + "Action":["sts:SetSourceIdentity","STS:Assume*"]`):                                        "RAM *",
		trusting(`{"RAM":"*"} + "Action":"*"`):                                                                            "RAM *",
		trusting(`{"RAM":"*"} + "Action":"sts:*role?"`):                                                                   "",
		`{"Version":"1","Statement":{"effect":"allow","action":"sts:AssumeRole","principal":"*"}}`:                        "RAM *",
		`{"Version":"1","Statement":[{"Effect":"Allow","NotAction":"sts:SetSourceIdentity","Principal":{"ram":"*"}}]}`:    "RAM *",
		`{"Version":"1","Statement":[{"Effect":"Allow","NotAction":["oss:*","sts:Assume?ole"],"Principal":{"RAM":"*"}}]}`: "",
		`nonsense`: "", `{"Version":"1"}`: "", `[]`: "",
	} {
		if got := names(policydoc.TrustedBy("").ChangeTo(policydoc.TrustedBy(text), "").Added); got != want {
			t.Errorf("%s trusts %q, not %q", text, want, got)
		}
	}
}

func TestTrustee_reach(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"RAM *":                               "anyone",
		"RAM acs:ram::*:root":                 "anyone",
		"RAM acs:ram::*:role/builder":         "anyone",
		"RAM acs:ram:*":                       "anyone",
		"RAM acs:*":                           "anyone",
		"RAM acs:ram::11111111111111??:root":  "anyone",
		"Federated *":                         "anyone",
		"Federated acs:ram::*:saml-provider/": "anyone",
		"Service *":                           "",
		"RAM acs:ram::1:root":                 "account 1",
		"RAM acs:ram::1:*":                    "account 1",
		"RAM acs:ram::1:user/*":               "account 1",
		"RAM 1111111111111111":                "account 1111111111111111",
		"RAM acs:ram::1:user/root":            "in 1",
		"RAM acs:ram::1:role/r":               "in 1",
		"Federated acs:ram::1:saml-provider/": "in 1",
		"Service ecs.aliyuncs.com":            "",
		"RAM alice":                           "",
	} {
		kind, name, _ := strings.Cut(id, " ")
		trustee := policydoc.Trustee{Kind: kind, ID: name}
		got := ""
		switch {
		case trustee.IsAnyone():
			got = "anyone"
		case trustee.IsWholeAccount():
			got = "account " + trustee.Account()
		case trustee.Account() != "":
			got = "in " + trustee.Account()
		}
		if got != want {
			t.Errorf("%s is %q, not %q", id, want, got)
		}
	}
}

func TestTrusted_changeTo(t *testing.T) {
	t.Parallel()
	const (
		alice = `{"RAM":"acs:ram::1111111111111111:user/alice"}`
		bob   = `{"RAM":"acs:ram::1111111111111111:user/bob"}`
		root  = `{"RAM":"acs:ram::1111111111111111:root"}`
		other = `{"RAM":"acs:ram::2222222222222222:role/Builder"}`
		lower = `{"RAM":"acs:ram::2222222222222222:role/builder"}`
		whole = `{"RAM":"acs:ram::2222222222222222:root"}`
		mfa   = ` + "Condition":{"Bool":{"acs:MFAPresent":"true"}}`
		ip    = ` + "Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","192.0.2.0/24"]},"Bool":{"acs:MFAPresent":["true"]}}`
		oneIP = ` + "Condition":{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"},"Bool":{"acs:MFAPresent":"true"}}`
		not   = ` + "Condition":{"NotIpAddress":{"acs:SourceIp":["10.0.0.0/8","192.0.2.0/24"]}}`
		oneNo = ` + "Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}`
		deny  = ` + "Effect":"Deny"`
	)
	for name, test := range map[string]struct{ before, after, want string }{
		"the same, in other words":       {trusting(alice, bob), trusting(`{"RAM":["acs:ram::1111111111111111:user/bob","acs:ram::1111111111111111:user/alice"]}`), ""},
		"a role in other case":           {trusting(other), trusting(lower), ""},
		"another Sid of a denial":        {trusting(alice, bob+deny+`,"Sid":"a"`), trusting(alice, bob+deny+`,"Sid":"b"`), ""},
		"somebody of the own account":    {trusting(`{"Service":"ecs.aliyuncs.com"}`), trusting(`{"Service":"ecs.aliyuncs.com"}`, alice), "+acs:ram::1111111111111111:user/alice"},
		"somebody less":                  {trusting(alice, bob), trusting(bob), "-acs:ram::1111111111111111:user/alice"},
		"one for another":                {trusting(alice), trusting(bob), "+acs:ram::1111111111111111:user/bob -acs:ram::1111111111111111:user/alice"},
		"the whole account":              {trusting(alice), trusting(root), "+acs:ram::1111111111111111:root -acs:ram::1111111111111111:user/alice"},
		"another account":                {trusting(root), trusting(root, other), "+acs:ram::2222222222222222:role/Builder foreign 2222222222222222"},
		"more of another account":        {trusting(other), trusting(other, whole), "+acs:ram::2222222222222222:root"},
		"everybody":                      {trusting(other), trusting(`{"RAM":"*"}`), "+RAM * -acs:ram::2222222222222222:role/Builder"},
		"another account after everyone": {trusting(`{"RAM":"*"}`), trusting(whole), "+acs:ram::2222222222222222:root -RAM *"},
		"a condition dropped":            {trusting(alice + mfa), trusting(alice), "~acs:ram::1111111111111111:user/alice"},
		"a condition added":              {trusting(alice), trusting(alice + mfa), "!acs:ram::1111111111111111:user/alice"},
		"one condition of two dropped":   {trusting(alice + ip), trusting(alice + mfa), "~acs:ram::1111111111111111:user/alice"},
		"fewer values":                   {trusting(alice + ip), trusting(alice + oneIP), "!acs:ram::1111111111111111:user/alice"},
		"more values":                    {trusting(alice + oneIP), trusting(alice + ip), "~acs:ram::1111111111111111:user/alice"},
		"fewer values that keep out":     {trusting(alice + not), trusting(alice + oneNo), "~acs:ram::1111111111111111:user/alice"},
		"more values that keep out":      {trusting(alice + oneNo), trusting(alice + not), "!acs:ram::1111111111111111:user/alice"},
		"a statement without condition":  {trusting(alice + mfa), trusting(alice+mfa, alice), "~acs:ram::1111111111111111:user/alice"},
		"a condition of no known form":   {trusting(alice + ` + "Condition":"x"`), trusting(alice), "~acs:ram::1111111111111111:user/alice"},
		"a denial dropped":               {trusting(root, bob+deny), trusting(root), "undenied"},
		"a denial added":                 {trusting(root), trusting(root, bob+deny), ""},
		"a denial of somebody else":      {trusting(root, bob+deny), trusting(root, alice+deny), "undenied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := policydoc.TrustedBy(test.before).ChangeTo(policydoc.TrustedBy(test.after), ownAccount)
			var got []string
			for mark, list := range map[string][]policydoc.Trustee{"+": c.Added, "-": c.Removed, "~": c.Loosened, "!": c.Tightened} {
				for _, trustee := range list {
					got = append(got, mark+trustee.String())
				}
			}
			slices.Sort(got)
			if c.Undenied {
				got = append(got, "undenied")
			}
			for _, account := range c.Foreign {
				got = append(got, "foreign "+account)
			}
			if text := strings.Join(got, " "); text != test.want || c.IsEmpty() != (test.want == "") {
				t.Errorf("got %q, empty %v; wanted %q", text, c.IsEmpty(), test.want)
			}
		})
	}
}

func TestAllowsEverything(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]bool{
		`"Effect":"Allow","Action":"*","Resource":"*"`:                                                true,
		`"Effect":"Allow","Action":["oss:GetObject","*"],"Resource":["acs:oss:*:*:x","*"]`:            true,
		`"Effect":"Allow","Action":"*:*","Resource":"acs:*:*:*:*"`:                                    true,
		`"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}`: true,
		`"effect":"allow","action":"*","Resource":"*"`:                                                true,
		`"Effect":"Deny","Action":"*","Resource":"*"`:                                                 false,
		`"Effect":"Allow","Action":"oss:*","Resource":"*"`:                                            false,
		`"Effect":"Allow","Action":"*","Resource":"acs:oss:*:*:*"`:                                    false,
		`"Effect":"Allow","NotAction":"ram:*","Resource":"*"`:                                         false,
		`"Effect":"Allow","Action":"*","Principal":{"RAM":"*"}`:                                       false,
		`"Effect":"Allow","Action":"","Resource":"*"`:                                                 false,
	} {
		text := `{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"},{` + statement + `}]}`
		if got := policydoc.AllowsEverything(text); got != want {
			t.Errorf("%s: %v, wanted %v", statement, got, want)
		}
		if got := read(t, text).AllowsEverything(); got != want {
			t.Errorf("read %s: %v, wanted %v", statement, got, want)
		}
	}
}
