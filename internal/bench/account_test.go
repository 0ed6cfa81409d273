// Package bench measures the provider on accounts of many people: which calls it makes, how long they take, and what
// it costs in processor time and memory. The account is served by a process of its own, so that what is measured is
// the provider's alone. The tables are made by TestTables, and only where RAM_BENCH asks for them.
package bench

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// How many groups, policies and roles an account has beside its people.
const (
	groups   = 20
	policies = 50
	roles    = 40
)

const (
	accountID = "1234567890123456"
	domain    = accountID + ".onaliyun.com"
	// Everything was made long ago: what is new may not show everywhere yet, and the provider looks twice.
	createDate = "2025-03-01T08:00:00Z"

	policyDocument = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject","oss:ListObjects"],"Resource":["acs:oss:*:*:bucket","acs:oss:*:*:bucket/*"]}]}`
	trustPolicy    = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`
)

// tags are those of everything that can have tags.
var tags = map[string]string{"team": "bench", "cost-center": "1234"}

// account is an account by its size. Each of the people has a login profile, two group memberships and two attached
// policies, every second an access key.
type account struct {
	people int
	// managed is how many of the people the configuration knows, with everything of theirs; 0 is all of them, and
	// all groups, policies and roles besides.
	managed int
	// bare leaves out of the configuration what the managed people have.
	bare bool
	// everything adds one or some of every other resource. The printed tables are without, so that older ones compare.
	everything bool
}

// What an account with everything has besides.
const (
	providers    = 5                   // of each protocol
	exclusive    = 10                  // groups whose members, and roles whose policies, are managed as a whole
	resourceArea = "rg-acfmbench00001" // resource group in which some people have a policy
	oidcIssuer   = "https://login.bench.example"
	fingerprint  = "0123456789abcdef0123456789abcdef01234567"
	metadata     = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="bench"></EntityDescriptor>`
)

func samlName(i int) string        { return fmt.Sprintf("saml-%02d", i) }
func oidcName(i int) string        { return fmt.Sprintf("oidc-%02d", i) }
func mfaSerial(person int) string  { return "acs:ram::" + accountID + ":mfa/" + userName(person) }
func encodedMetadata() string      { return base64.StdEncoding.EncodeToString([]byte(metadata)) }
func hasDevice(person int) bool    { return person%3 == 0 }
func hasKeyPolicy(person int) bool { return person%4 == 0 }
func isInArea(person int) bool     { return person%10 == 1 }

func userID(person int) string      { return fmt.Sprintf("%018d", 200000000000000000+person) }
func userName(person int) string    { return fmt.Sprintf("person-%05d", person) }
func displayName(person int) string { return fmt.Sprintf("Person %05d", person) }
func groupID(group int) string      { return fmt.Sprintf("g-bench%011d", group) }
func groupName(group int) string    { return fmt.Sprintf("group-%02d", group) }
func policyName(policy int) string  { return fmt.Sprintf("policy-%02d", policy) }
func roleID(role int) string        { return fmt.Sprintf("%018d", 300000000000000000+role) }
func roleName(role int) string      { return fmt.Sprintf("role-%02d", role) }
func keyID(person int) string       { return fmt.Sprintf("LTAIbench%015d", person) }
func keySecret(person int) string   { return fmt.Sprintf("secretOfBench%017d", person) }

func hasKey(person int) bool { return person%2 == 0 }

// groupsOf and policiesOf give what each of the people has two different ones of.
func groupsOf(person int) [2]int   { return [2]int{person % groups, (person + 7) % groups} }
func policiesOf(person int) [2]int { return [2]int{person % policies, (person + 17) % policies} }

// saved is the account in the form that ramserver loads.
func (a account) saved() ([]byte, error) {
	type object map[string]any
	users, keys, devices, members := object{}, object{}, object{}, [groups]object{}
	var inArea []object
	for g := range members {
		members[g] = object{}
	}
	for p := range a.people {
		var attached []object
		for _, policy := range policiesOf(p) {
			attached = append(attached, object{"PolicyType": "Custom", "PolicyName": policyName(policy), "AttachDate": createDate})
		}
		users[userID(p)] = object{
			"UserName": userName(p), "DisplayName": displayName(p), "Comments": "bench", "Tags": tags, "CreateDate": createDate, "UpdateDate": createDate,
			"LoginProfile": object{"MFABindRequired": true, "CreateDate": createDate, "UpdateDate": createDate},
			"Policies":     attached,
		}
		if hasKey(p) {
			key := object{"AccessKeySecret": keySecret(p), "UserId": userID(p), "CreateDate": createDate, "UpdateDate": createDate}
			if a.everything && hasKeyPolicy(p) {
				networks := []object{{"Type": "ClassicWhiteList", "IPList": []string{"192.0.2.0/24"}}}
				key["NetworkPolicy"] = object{"Version": 1, "Status": "Active", "Statements": networks}
			}
			keys[keyID(p)] = key
		}
		if a.everything && hasDevice(p) {
			devices[mfaSerial(p)] = object{"Base32StringSeed": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "UserId": userID(p), "ActivateDate": createDate}
		}
		if a.everything && isInArea(p) {
			inArea = append(inArea, object{
				"PolicyType": "Custom", "PolicyName": policyName(0), "AttachDate": createDate, "PrincipalType": "IMSUser", "PrincipalId": userID(p),
			})
		}
		for _, g := range groupsOf(p) {
			members[g][userID(p)] = createDate
		}
	}
	saved := object{"Format": 1, "AccountId": accountID, "Users": users, "AccessKeys": keys}
	all := object{}
	for g := range groups {
		all[groupID(g)] = object{"GroupName": groupName(g), "Comments": "bench", "CreateDate": createDate, "UpdateDate": createDate, "Members": members[g]}
	}
	saved["Groups"], all = all, object{}
	for p := range policies {
		version := object{"VersionId": "v1", "PolicyDocument": policyDocument, "CreateDate": createDate}
		all[policyName(p)] = object{
			"Description": "bench", "Tags": tags, "DefaultVersion": "v1", "Versions": []object{version}, "CreateDate": createDate, "UpdateDate": createDate,
		}
	}
	saved["Policies"], all = all, object{}
	for r := range roles {
		one := object{
			"RoleName": roleName(r), "Description": "bench", "Tags": tags, "AssumeRolePolicyDocument": trustPolicy, "CreateDate": createDate, "UpdateDate": createDate,
		}
		if a.everything && r < exclusive {
			one["Policies"] = []object{{"PolicyType": "Custom", "PolicyName": policyName(r), "AttachDate": createDate}}
		}
		all[roleID(r)] = one
	}
	saved["Roles"] = all
	if !a.everything {
		return json.Marshal(saved)
	}
	saml, oidc := object{}, object{}
	for i := range providers {
		saml[samlName(i)] = object{"EncodedSAMLMetadataDocument": encodedMetadata(), "CreateDate": createDate, "UpdateDate": createDate}
		oidc[oidcName(i)] = object{"IssuerUrl": oidcIssuer, "ClientIds": []string{"bench"}, "Fingerprints": []string{fingerprint}, "CreateDate": createDate, "UpdateDate": createDate}
	}
	saved["MFADevices"], saved["SAMLProviders"], saved["OIDCProviders"] = devices, saml, oidc
	saved["UserSsoSettings"] = object{"MetadataDocument": encodedMetadata(), "SsoLoginWithDomain": true, "AuthnSignAlgo": "rsa-sha1"}
	saved["ResourceGroups"] = object{resourceArea: object{"Name": "bench", "DisplayName": "bench", "CreateDate": createDate, "Attachments": inArea}}
	return json.Marshal(saved)
}

// unavoidable is how many calls a refresh of an account needs at least in which everything is managed: pages of
// users, groups, members, and of policies and roles with their tags, and one call for whatever the API tells of one thing at a time only.
func (a account) unavoidable() int {
	pages := func(n, size int) int { return (n + size - 1) / size }
	var members [groups]int
	attached := map[int]bool{}
	keys := 0
	for p := range a.people {
		for _, g := range groupsOf(p) {
			members[g]++
		}
		for _, policy := range policiesOf(p) {
			attached[policy] = true
		}
		if hasKey(p) {
			keys++
		}
	}
	calls := pages(a.people, 1000) + pages(groups, 100) + pages(policies, 1000) + pages(roles, 1000)
	for _, n := range members {
		calls += pages(n, 1000)
	}
	calls += len(attached) + policies + roles + a.people + keys
	if a.everything {
		calls += a.unavoidableBesides()
	}
	return calls
}

// unavoidableBesides is what everything else needs. The members of the groups that are managed as a whole are counted
// already: they are the same pages. Their memberships are not managed one by one.
func (a account) unavoidableBesides() int {
	keyPolicies, inArea := 0, 0
	for p := range a.people {
		if hasKey(p) && hasKeyPolicy(p) {
			keyPolicies++
		}
		if isInArea(p) {
			inArea++
		}
	}
	const (
		devices    = 1         // all of them in one answer
		saml       = providers // their list has no metadata
		oidc       = 1         // a page of 100
		rolesWhole = exclusive // ListPoliciesForRole
		caller     = 1         // whose account the singletons are in
	)
	return devices + (inArea+99)/100 + keyPolicies + saml + oidc + rolesWhole + caller + len(singletons)
}

// spareCalls is how many more calls a refresh may make, for facts about the account and for luck.
const spareCalls = 20

// items gives the resources of the configuration, in an order that Terraform might walk them in: first what depends
// on nothing, then what hangs on people, each part shuffled, the same way each time.
func (a account) items() []item {
	var first, then []item
	people, apart := a.people, 1
	if a.managed > 0 {
		people, apart = a.managed, a.people/a.managed+1 // some at the beginning of every list, some at its end
	}
	for i := range people {
		p := i * apart
		first = append(first, item{kind: user, index: p})
		if a.bare {
			continue
		}
		then = append(then, item{kind: loginProfile, index: p},
			item{kind: attachment, index: p}, item{kind: attachment, index: p, second: true})
		for nth, g := range groupsOf(p) {
			if !a.everything || g >= exclusive {
				then = append(then, item{kind: membership, index: p, second: nth == 1})
			}
		}
		if hasKey(p) {
			then = append(then, item{kind: accessKey, index: p})
		}
		if !a.everything {
			continue
		}
		if hasKey(p) && hasKeyPolicy(p) {
			then = append(then, item{kind: keyPolicy, index: p})
		}
		if hasDevice(p) {
			then = append(then, item{kind: mfaDevice, index: p})
		}
		if isInArea(p) {
			then = append(then, item{kind: attachmentInArea, index: p})
		}
	}
	if a.everything {
		for i := range providers {
			first = append(first, item{kind: samlProvider, index: i}, item{kind: oidcProvider, index: i})
		}
		for i := range singletons {
			first = append(first, item{kind: singleton, index: i})
		}
		for i := range exclusive {
			then = append(then, item{kind: membersOfGroup, index: i, people: a.people}, item{kind: policiesOfRole, index: i})
		}
	}
	if a.managed == 0 {
		for g := range groups {
			first = append(first, item{kind: group, index: g})
		}
		for p := range policies {
			first = append(first, item{kind: policy, index: p})
		}
		for r := range roles {
			first = append(first, item{kind: role, index: r})
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, part := range [][]item{first, then} {
		random.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}
	return append(first, then...)
}
