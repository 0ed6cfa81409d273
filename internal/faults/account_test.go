package faults

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// administrator is the user whose key Terraform works with.
const administrator = "administrator"

// account is what rows are compared by: things by their names, with what is
// configured of them. Ids, dates and secrets, which differ from run to run, are
// left out.
type account struct {
	things map[string]string
	keys   []key
}

type key struct{ id, secret, user, status string } // status: with what the network policy says

type attached struct{ PolicyType, PolicyName string }

// savedAccount is what rows look at of the JSON of an account.
type savedAccount struct {
	Users map[string]struct {
		UserName, DisplayName, MobilePhone, Email, Comments string
		Tags                                                map[string]string
		Policies                                            []attached
		LoginProfile                                        *struct {
			PasswordResetRequired, MFABindRequired bool
			Status                                 string
			Passwords                              []string
		}
	}
	Groups map[string]struct {
		GroupName, Comments string
		Members             map[string]string
		Policies            []attached
	}
	Roles map[string]struct {
		RoleName, Description, AssumeRolePolicyDocument string
		MaxSessionDuration                              int
		Policies                                        []attached
	}
	Policies map[string]struct {
		Description, DefaultVersion string
		Versions                    []struct{ VersionID, PolicyDocument string }
	}
	AccessKeys map[string]struct {
		AccessKeySecret, UserID, Status string
		NetworkPolicy                   *struct {
			Status     string
			Statements []struct {
				Type, Value string
				IPList      []string
			}
		}
	}
	MFADevices map[string]struct{ UserID string }

	AccountID, AccountAlias, DefaultDomain string
	SAMLProviders                          map[string]struct{ EncodedSAMLMetadataDocument, Description, AuthnSignAlgo string }
	OIDCProviders                          map[string]struct {
		IssuerURL, Description  string
		ClientIDs, Fingerprints []string
		IssuanceLimitTime       int
	}
	UserSsoSettings json.RawMessage
	ResourceGroups  map[string]struct {
		Attachments []struct{ PolicyType, PolicyName, PrincipalType, PrincipalID string }
	}
	PasswordPolicy, SecurityPreference map[string]any
}

func parseAccount(text []byte) (account, error) {
	var in savedAccount
	out := account{things: map[string]string{}}
	if err := json.Unmarshal(text, &in); err != nil {
		return out, err
	}
	attach := func(kind, name string, policies []attached) {
		for _, p := range policies {
			out.things[fmt.Sprintf("%s policy %s on %s %s", p.PolicyType, p.PolicyName, kind, name)] = "attached"
		}
	}
	for _, u := range in.Users {
		out.things["user "+u.UserName] = fmt.Sprintf("display name %q, phone %q, email %q, comments %q", u.DisplayName, u.MobilePhone, u.Email, u.Comments)
		attach("user", u.UserName, u.Policies)
		if n := recorded(u.Tags); n > 0 {
			out.things["freeze of "+u.UserName] = fmt.Sprint(n, " tags")
		}
		if p := u.LoginProfile; p != nil {
			out.things["login of "+u.UserName] = fmt.Sprintf("%s, MFA %t, reset %t, %s", p.Status, p.MFABindRequired, p.PasswordResetRequired, currentPassword(p.Passwords))
		}
	}
	for _, g := range in.Groups {
		out.things["group "+g.GroupName] = fmt.Sprintf("comments %q", g.Comments)
		attach("group", g.GroupName, g.Policies)
		for id := range g.Members {
			out.things[fmt.Sprintf("member %s of group %s", in.Users[id].UserName, g.GroupName)] = "there"
		}
	}
	for _, r := range in.Roles {
		out.things["role "+r.RoleName] = fmt.Sprintf("description %q, %d s, trust %s", r.Description, r.MaxSessionDuration, r.AssumeRolePolicyDocument)
		attach("role", r.RoleName, r.Policies)
	}
	for name, p := range in.Policies {
		for _, v := range p.Versions {
			if v.VersionID == p.DefaultVersion {
				out.things["policy "+name] = fmt.Sprintf("description %q, document %s", p.Description, v.PolicyDocument)
			}
		}
		out.things[versionsOf+name] = fmt.Sprint(len(p.Versions))
	}
	for id, rg := range in.ResourceGroups {
		for _, a := range rg.Attachments {
			name := in.Users[a.PrincipalID].UserName + in.Groups[a.PrincipalID].GroupName + in.Roles[a.PrincipalID].RoleName // it is of one kind
			out.things[fmt.Sprintf("%s policy %s on %s %s in %s", a.PolicyType, a.PolicyName, a.PrincipalType, name, id)] = "attached"
		}
	}
	for what, settings := range map[string]map[string]any{"password policy": in.PasswordPolicy, "security preference": in.SecurityPreference} {
		if settings != nil {
			out.things["the "+what] = fmt.Sprint(settings)
		}
	}
	for serial, d := range in.MFADevices {
		out.things["MFA device "+serial] = "of " + in.Users[d.UserID].UserName
	}
	for name, p := range in.SAMLProviders {
		out.things["SAML provider "+name] = fmt.Sprintf("%+v", p)
	}
	for name, p := range in.OIDCProviders {
		slices.Sort(p.ClientIDs)
		slices.Sort(p.Fingerprints)
		out.things["OIDC provider "+name] = fmt.Sprintf("%+v", p)
	}
	if settings := string(in.UserSsoSettings); settings != "null" {
		out.things["single sign-on"] = settings
	}
	for id, k := range in.AccessKeys {
		if user := in.Users[k.UserID].UserName; k.UserID != "" && user != administrator {
			status := k.Status
			if p := k.NetworkPolicy; p != nil {
				status += fmt.Sprintf(", networks %s %v", p.Status, p.Statements)
			}
			out.keys = append(out.keys, key{id, k.AccessKeySecret, user, status})
		}
	}
	out.things["account alias"] = in.AccountAlias
	out.things["default domain"] = cmp.Or(in.DefaultDomain, in.AccountID+".onaliyun.com")
	slices.SortFunc(out.keys, func(a, b key) int { return strings.Compare(a.id, b.id) })
	return out, nil
}

// recorded counts the tags that record a freeze; ids of keys in them differ.
func recorded(tags map[string]string) int {
	n := 0
	for key := range tags {
		if strings.HasPrefix(key, "ram-provider:") {
			n++
		}
	}
	return n
}

const versionsOf = "versions of policy "

// without leaves out the keys with these ids.
func (a account) without(ids map[string]bool) account {
	a.keys = slices.DeleteFunc(slices.Clone(a.keys), func(k key) bool { return ids[k.id] })
	return a
}

// keysOf gives the keys of each user.
func (a account) keysOf() map[string][]key {
	byUser := map[string][]key{}
	for _, k := range a.keys {
		byUser[k.user] = append(byUser[k.user], k)
	}
	return byUser
}

// difference is how an account is not as it should be.
type difference struct {
	orphans    []string // what should not be there
	duplicates []string // what is there more often than it should
	other      []string // what is missing, or there in another form
}

func (d difference) none() bool { return len(d.orphans)+len(d.duplicates)+len(d.other) == 0 }

// compare says how the account is not like the reference.
func (a account) compare(reference account) difference {
	var d difference
	for _, name := range slices.Sorted(maps.Keys(a.things)) {
		is := a.things[name]
		should, found := reference.things[name]
		switch {
		case !found && strings.HasPrefix(name, versionsOf): // the policy itself is the orphan
		case !found:
			d.orphans = append(d.orphans, name)
		case is == should:
		case strings.HasPrefix(name, versionsOf) && is > should: // at most five, so one digit
			d.duplicates = append(d.duplicates, fmt.Sprintf("%s %s, not %s", name, is, should))
		default:
			d.other = append(d.other, fmt.Sprintf("%s is: %s; and should be: %s", name, is, should))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(reference.things)) {
		if _, found := a.things[name]; !found {
			d.other = append(d.other, "there is no "+name)
		}
	}
	d.compareKeys(a.keysOf(), reference.keysOf())
	return d
}

func (d *difference) compareKeys(is, should map[string][]key) {
	users := slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Collect(maps.Keys(is)), maps.Keys(should)))))
	for _, user := range users {
		has, wants := statuses(is[user]), statuses(should[user])
		text := fmt.Sprintf("keys of user %s: %v, not %v", user, has, wants)
		switch {
		case len(has) > len(wants) && len(wants) == 0:
			d.orphans = append(d.orphans, text)
		case len(has) > len(wants):
			d.duplicates = append(d.duplicates, text)
		case !slices.Equal(has, wants):
			d.other = append(d.other, text)
		}
	}
}

func statuses(keys []key) []string {
	var all []string
	for _, k := range keys {
		all = append(all, k.status)
	}
	slices.Sort(all)
	return all
}
