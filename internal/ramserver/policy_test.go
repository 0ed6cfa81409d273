package ramserver

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestPolicyCodes(t *testing.T) {
	play(
		t, &Server{Quotas: Quotas{Policies: 2}},
		step{"CreatePolicy", policyDoc, "400 MissingPolicyName"},
		step{"CreatePolicy", "PolicyName=p", "400 MissingPolicyDocument"},
		step{"CreatePolicy", "PolicyName=a.b&" + policyDoc, "400 InvalidParameter.PolicyName.InvalidChars"},
		step{"CreatePolicy", "PolicyName=" + strings.Repeat("p", 129) + "&" + policyDoc, "400 InvalidParameter.PolicyName.Length"},
		step{"CreatePolicy", "PolicyName=p&PolicyDocument=" + strings.Repeat("+", 6145), "400 InvalidParameter.PolicyDocument.Length"},
		step{"CreatePolicy", "PolicyName=p&PolicyDocument=", "400 InvalidParameter.PolicyDocument.Length"},
		step{"CreatePolicy", "PolicyName=p&Description=" + strings.Repeat("d", 1025) + "&" + policyDoc, "400 InvalidParameter.Description.Length"},
		step{"CreatePolicy", "PolicyName=p&Tag=x&" + policyDoc, "400 InvalidParameter.Tag.Format"},
		step{"CreatePolicy", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicy", "PolicyName=P&" + policyDoc, "409 EntityAlreadyExists.Policy"},
		step{"CreatePolicy", "PolicyName=AdministratorAccess&" + policyDoc, "200"},
		step{"CreatePolicy", "PolicyName=q&" + policyDoc, "409 LimitExceeded.Policy"},
		step{"GetPolicy", "PolicyName=p", "400 MissingPolicyType"},
		step{"GetPolicy", "PolicyName=p&PolicyType=custom", "400 InvalidParameter.PolicyType"},
		step{"GetPolicy", "PolicyName=p&PolicyType=System", "404 EntityNotExist.Policy"},
		step{"GetPolicy", "PolicyName=q&PolicyType=Custom", "404 EntityNotExist.Policy"},
		step{"ListPolicies", "PolicyType=All", "400 InvalidParameter.PolicyType"},
		step{"UpdatePolicyDescription", "PolicyName=p", "400 MissingNewDescription"},
		step{"UpdatePolicyDescription", "PolicyName=ReadOnlyAccess&NewDescription=x", "404 EntityNotExist.Policy"},
		step{"UpdatePolicyDescription", "PolicyName=p&NewDescription=x", "200"},
		step{"DeletePolicy", "PolicyName=ReadOnlyAccess", "404 EntityNotExist.Policy"},
		step{"DeletePolicy", "PolicyName=p&CascadingDelete=1", "400 InvalidParameter.CascadingDelete.Format"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"DeletePolicy", "PolicyName=p", "409 DeleteConflict.Policy.Version"},
		step{"DeletePolicy", "PolicyName=p&CascadingDelete=true", "200"},
		step{"DeletePolicy", "PolicyName=p", "404 EntityNotExist.Policy"},
	)
}

func TestPolicyVersionCodes(t *testing.T) {
	play(
		t, &Server{},
		step{"CreatePolicy", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=q&" + policyDoc, "404 EntityNotExist.Policy"},
		step{"CreatePolicyVersion", "PolicyName=p&PolicyDocument=x", "400 MalformedPolicyDocument"},
		step{"CreatePolicyVersion", "PolicyName=p&RotateStrategy=Always&" + policyDoc, "400 InvalidParameter.RotateStrategy.Format"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=p&SetAsDefault=true&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "409 LimitExceeded.Policy.Version"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=1", "400 InvalidParameter.VersionId.Format"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=v9", "404 EntityNotExist.Policy.Version"},
		step{"GetPolicyVersion", "PolicyName=q&PolicyType=Custom&VersionId=v1", "404 EntityNotExist.Policy"},
		step{"DeletePolicyVersion", "PolicyName=p&VersionId=v3", "409 DeleteConflict.Policy.Version.Default"},
		step{"DeletePolicyVersion", "PolicyName=p&VersionId=v5", "200"},
		step{"DeletePolicyVersion", "PolicyName=p&VersionId=v5", "404 EntityNotExist.Policy.Version"},
		step{"SetDefaultPolicyVersion", "PolicyName=p&VersionId=v5", "404 EntityNotExist.Policy.Version"},
		step{"SetDefaultPolicyVersion", "PolicyName=p&VersionId=v3", "200"},
		step{"SetDefaultPolicyVersion", "PolicyName=p&VersionId=v1", "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=v6", "200"},
		step{"CreatePolicyVersion", "PolicyName=p&RotateStrategy=DeleteOldestNonDefaultVersionWhenLimitExceeded&" + policyDoc, "200"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=v1", "200"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=v2", "404 EntityNotExist.Policy.Version"},
	)
	play(
		t, &Server{Unsure: Unsure{VersionNumbersReused: true, SetDefaultAgainRefused: true}},
		step{"CreatePolicy", "PolicyName=p&" + policyDoc, "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"DeletePolicyVersion", "PolicyName=p&VersionId=v2", "200"},
		step{"CreatePolicyVersion", "PolicyName=p&" + policyDoc, "200"},
		step{"GetPolicyVersion", "PolicyName=p&PolicyType=Custom&VersionId=v2", "200"},
		step{"SetDefaultPolicyVersion", "PolicyName=p&VersionId=v1", "409 EntityAlreadyExists.Policy.Version"},
	)
}

func TestPolicyShowsTheDefaultVersion(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreatePolicy", "PolicyName=p", "PolicyDocument="+identityDocument)
	second := strings.Replace(identityDocument, "ecs", "oss", 1)
	c.ram("CreatePolicyVersion", "PolicyName=p", "PolicyDocument="+second, "SetAsDefault=true")
	b := c.ram("GetPolicy", "PolicyName=p", "PolicyType=Custom")
	if b.text("Policy.DefaultVersion") != "v2" || b.text("DefaultPolicyVersion.PolicyDocument") != second ||
		b.at("DefaultPolicyVersion.IsDefaultVersion") != true {
		t.Errorf("policy: %v", b)
	}
	b = c.ram("ListPolicyVersions", "PolicyName=p", "PolicyType=Custom")
	if b.text("PolicyVersions.PolicyVersion.0.PolicyDocument") != identityDocument || b.at("PolicyVersions.PolicyVersion.1.IsDefaultVersion") != true {
		t.Errorf("versions: %v", b)
	}
}

func TestAttachmentCodes(t *testing.T) {
	for _, kind := range []string{"User", "Group", "Role"} {
		on := "&PolicyType=Custom&PolicyName=p&" + kind + "Name=x"
		play(
			t, &Server{},
			step{"CreateUser", "UserName=x", "200"},
			step{"CreateGroup", "GroupName=x", "200"},
			step{"CreateRole", "RoleName=x&" + trustDoc, "200"},
			step{"AttachPolicyTo" + kind, on, "404 EntityNotExist.Policy"},
			step{"CreatePolicy", "PolicyName=p&" + policyDoc, "200"},
			step{"AttachPolicyTo" + kind, "PolicyType=Custom&PolicyName=p&" + kind + "Name=y", "404 EntityNotExist." + kind},
			step{"AttachPolicyTo" + kind, "PolicyType=Other&PolicyName=p&" + kind + "Name=x", "400 InvalidParameter.PolicyType"},
			step{"AttachPolicyTo" + kind, on + "&ResourceGroupId=rg", "404 EntityNotExists.ResourceGroup"},
			step{"AttachPolicyTo" + kind, on, "200"},
			step{"AttachPolicyTo" + kind, on, "409 EntityAlreadyExists." + kind + ".Policy"},
			step{"DeletePolicy", "PolicyName=p&CascadingDelete=true", "409 DeleteConflict.Policy." + kind},
			step{"ListPoliciesFor" + kind, kind + "Name=y", "404 EntityNotExist." + kind},
			step{"DetachPolicyFrom" + kind, on, "200"},
			step{"DetachPolicyFrom" + kind, on, "404 EntityNotExist." + kind + ".Policy"},
			step{"DetachPolicyFrom" + kind, "PolicyType=Custom&PolicyName=p&" + kind + "Name=y", "404 EntityNotExist." + kind},
			step{"DeletePolicy", "PolicyName=p", "200"},
		)
	}
}

func TestCustomAndSystemPoliciesHaveLimitsOfTheirOwn(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	for n := range 11 {
		name := fmt.Sprintf("PolicyName=p%d", n)
		c.ram("CreatePolicy", name, "PolicyDocument="+identityDocument)
		if n < 10 {
			c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=Custom", name)
		} else {
			c.refused(409, "LimitExceeded.User.Policy", ramVersion, "AttachPolicyToUser", "UserName=alice", "PolicyType=Custom", name)
		}
	}
	for i, p := range c.ram("ListPolicies", "PolicyType=System", "MaxItems=21").list("Policies.Policy") {
		name := "PolicyName=" + p.(map[string]any)["PolicyName"].(string)
		if i < 20 {
			c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", name)
		} else {
			c.refused(409, "LimitExceeded.User.Policy", ramVersion, "AttachPolicyToUser", "UserName=alice", "PolicyType=System", name)
		}
	}
}

func TestPoliciesAttachInAnyCaseAndAreListedInTheirOwn(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("AttachPolicyToUser", "UserName=alice", "PolicyType=System", "PolicyName=administratoraccess")
	if got := c.ram("ListPoliciesForUser", "UserName=alice").text("Policies.Policy.0.PolicyName"); got != "AdministratorAccess" {
		t.Errorf("listed as %q", got)
	}
	b := c.ram("ListEntitiesForPolicy", "PolicyType=System", "PolicyName=AdministratorAccess")
	if b.text("Users.User.0.UserName") != "alice" || len(b.list("Groups.Group")) != 0 {
		t.Errorf("entities: %v", b)
	}
	if b := c.ram("GetPolicy", "PolicyType=System", "PolicyName=AdministratorAccess"); b.at("Policy.AttachmentCount") != 1.0 {
		t.Errorf("policy: %v", b)
	}
}

func TestSystemPoliciesFillMoreThanOnePage(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreatePolicy", "PolicyName=p", "PolicyDocument="+identityDocument)
	b := c.ram("ListPolicies")
	if len(b.list("Policies.Policy")) != 100 || b.at("IsTruncated") != true {
		t.Errorf("first page: %d, truncated %v", len(b.list("Policies.Policy")), b.at("IsTruncated"))
	}
	all := len(c.ram("ListPolicies", "MaxItems=1000").list("Policies.Policy"))
	own := len(c.ram("ListPolicies", "PolicyType=Custom").list("Policies.Policy"))
	if all != own+len(systemPolicies()) || own != 1 {
		t.Errorf("%d policies, %d of them custom", all, own)
	}
	for _, p := range systemPolicies() {
		if err := s.checkIdentityPolicy(p.Versions[0].PolicyDocument); err != nil {
			t.Errorf("%s: %v", p.PolicyName, err)
		}
	}
}

func TestPolicyDocuments(t *testing.T) {
	statement := func(text string) string { return `{"Version":"1","Statement":[` + text + `]}` }
	tests := map[string]struct {
		document string
		unsure   Unsure // that turns the answer round; none: always refused
	}{
		"not JSON":              {`{`, Unsure{}},
		"not an object":         {`[]`, Unsure{}},
		"null":                  {`null`, Unsure{}},
		"no version":            {`{"Statement":[]}`, Unsure{}},
		"version as a number":   {`{"Version":1,"Statement":[]}`, Unsure{}},
		"another version":       {`{"Version":"2012-10-17","Statement":[]}`, Unsure{}},
		"no statement":          {`{"Version":"1"}`, Unsure{}},
		"statement is a string": {statement(`"x"`), Unsure{}},
		"no effect":             {statement(`{"Action":"*","Resource":"*"}`), Unsure{}},
		"another effect":        {statement(`{"Effect":"Maybe","Action":"*","Resource":"*"}`), Unsure{}},
		"no action":             {statement(`{"Effect":"Allow","Resource":"*"}`), Unsure{}},
		"action is a number":    {statement(`{"Effect":"Allow","Action":1,"Resource":"*"}`), Unsure{}},
		"condition is a list":   {statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}`), Unsure{}},

		"stray principal":   {statement(`{"Effect":"Allow","Action":"*","Resource":"*","Principal":{}}`), Unsure{MisplacedElementRefused: true}},
		"no resource":       {statement(`{"Effect":"Allow","Action":"*"}`), Unsure{MissingElementRefused: true}},
		"unknown element":   {statement(`{"Effect":"Allow","Action":"*","Resource":"*","Sid":"x"}`), Unsure{UnknownElementRefused: true}},
		"unknown operator":  {statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Sounds":{"a":"b"}}}`), Unsure{UnknownOperatorRefused: true}},
		"empty statement":   {statement(``), Unsure{EmptyStatementRefused: true}},
		"both actions":      {statement(`{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}`), Unsure{ActionAndNotActionRefused: true}},
		"action shape":      {statement(`{"Effect":"Allow","Action":"all","Resource":"*"}`), Unsure{ActionAndResourceChecked: true}},
		"resource shape":    {statement(`{"Effect":"Allow","Action":"*","Resource":"arn:x"}`), Unsure{ActionAndResourceChecked: true}},
		"lower-case keys":   {`{"version":"1","statement":[{"effect":"ALLOW","action":"*","resource":"*"}]}`, Unsure{LowerCasePolicyAccepted: true}},
		"lower-case effect": {statement(`{"Effect":"allow","Action":"*","Resource":"*"}`), Unsure{LowerCasePolicyAccepted: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			plain := (&Server{}).checkIdentityPolicy(tt.document)
			turned := (&Server{Unsure: tt.unsure}).checkIdentityPolicy(tt.document)
			if tt.unsure == (Unsure{}) {
				if plain == nil {
					t.Error("accepted")
				}
				return
			}
			if (plain == nil) == (turned == nil) {
				t.Errorf("the switch changes nothing: %v", plain)
			}
			if refused := tt.unsure.LowerCasePolicyAccepted; (plain != nil) != refused {
				t.Errorf("without the switch: %v", plain)
			}
		})
	}
	play(t, &Server{}, step{"CreatePolicy", "PolicyName=p&PolicyDocument=" + url.QueryEscape(`{"Version":"2"}`), "400 MalformedPolicyDocument"})
}
