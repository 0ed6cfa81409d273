package ramserver

import (
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Seed replaces the account by one that a person has described in JSON, or that Save has written, and must come before
// the first request. What is described is made by the actions of the API, whose rules and limits hold; where Unsure
// decides, as if nothing were set there. An error says where in the description something is wrong, and leaves the
// server as it was.
func (s *Server) Seed(text []byte) error {
	var whole json.RawMessage
	if err := decodeStrictly(text, &whole); err != nil {
		return fmt.Errorf("reading the JSON of an account: %w", err)
	}
	fields, err := objectFields(whole)
	if err != nil {
		return fmt.Errorf("the account %w", err)
	}
	if slices.ContainsFunc(fields, func(f field) bool { return f.name == "Format" }) {
		return s.Load(text)
	}
	var d description
	if err := readInto(reflect.ValueOf(&d).Elem(), "", whole); err != nil {
		return err
	}
	if d.AccountID != "" && !accountNumber.MatchString(d.AccountID) {
		return errors.New("account_id: must be 16 digits")
	}

	made := &Server{AccountID: d.AccountID, IDSeed: s.IDSeed, Now: s.Now, Quotas: s.Quotas, TakenAliases: s.TakenAliases}
	if d.AccountID == "" {
		made.AccountID = s.accountID()
	}
	made.lock()
	defer made.mu.Unlock()
	if err := made.populate(&d); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.AccountID, s.state, s.drawn.times = made.AccountID, made.state, made.drawn.times
	return nil
}

var accountNumber = regexp.MustCompile(`^\d{16}$`)

// populate makes what is described in an empty account. What others refer to comes first.
func (s *Server) populate(d *description) error {
	for _, step := range []func() error{
		func() error { return s.populateSettings(d) },
		func() error { return populateAll("resource_groups", d.ResourceGroups, s.populateResourceGroup) },
		func() error { return populateAll("saml_providers", d.SAMLProviders, s.populateSAMLProvider) },
		func() error { return populateAll("oidc_providers", d.OIDCProviders, s.populateOIDCProvider) },
		func() error { return populateAll("policies", d.Policies, s.populatePolicy) },
		func() error { return populateAll("users", d.Users, s.populateUser) },
		func() error { return populateAll("groups", d.Groups, s.populateGroup) },
		func() error { return populateAll("mfa_devices", d.MFADevices, s.populateMFADevice) },
		func() error { return populateAll("root_access_keys", d.RootAccessKeys, s.populateRootKey) },
		func() error { return s.populateRoles(d.Roles) },
		func() error { return populateAll("service_linked_roles", d.ServiceLinkedRoles, s.populateLinkedRole) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// populateAll makes the things of a list, and tells each its path.
func populateAll[T any](list string, things []T, populate func(path string, thing *T) error) error {
	for i := range things {
		if err := populate(fmt.Sprintf("%s[%d]", list, i), &things[i]); err != nil {
			return err
		}
	}
	return nil
}

// carryOut carries an action out, with those of its parameters that a described thing has fields for, and others. Its
// error is placed in the description.
func (s *Server) carryOut(version, action, path string, described any, others ...argument) (reply, error) {
	a := actions[actionKey{version, action}]
	args := slices.DeleteFunc(arguments(described, path), func(arg argument) bool { return !slices.Contains(a.params, arg.param) })
	args = append(args, others...)
	r := request{Values: url.Values{}, version: version, action: action}
	for _, arg := range args {
		r.Set(arg.param, arg.value)
	}
	out, err := a.run(s, r)
	if err != nil {
		return nil, placedRefusal(err, path, described, args)
	}
	return out, nil
}

// placedRefusal says where in the description an error of the API belongs: at the field whose parameter its code
// names, or else at the whole thing.
func placedRefusal(err error, path string, described any, args []argument) error {
	refused, ok := errors.AsType[*apiError](err)
	if !ok {
		return placed(path, err)
	}
	if param, ok := strings.CutPrefix(refused.code, "Missing"); ok {
		if name := fieldOf(described, param); name != "" {
			return placed(inside(path, name), errors.New("is required"))
		}
	}
	for _, arg := range args {
		ofDocument := refused.code == "MalformedPolicyDocument" && strings.HasSuffix(arg.param, "PolicyDocument")
		if ofDocument || strings.Contains(refused.code+".", "."+arg.param+".") {
			path = arg.path
		}
	}
	return placed(path, fmt.Errorf("%s (%s)", strings.TrimSuffix(refused.message, "."), refused.code))
}

// populateSettings sets what the account itself has. An alias sets the default domain and the other way round, so the
// alias is put back where both are given.
func (s *Server) populateSettings(d *description) error {
	if sso := d.UserSSOSettings; sso != nil {
		sso.MetadataDocument = encodedMetadata(sso.MetadataDocument)
	}
	for _, call := range []struct {
		version, action, path string
		described             any
		given                 bool
	}{
		{ramVersion, "SetAccountAlias", "", d, d.AccountAlias != ""},
		{imsVersion, "SetDefaultDomain", "", d, d.DefaultDomain != ""},
		{imsVersion, "SetPasswordPolicy", "password_policy", d.PasswordPolicy, d.PasswordPolicy != nil},
		{imsVersion, "SetSecurityPreference", "security_preference", d.SecurityPreference, d.SecurityPreference != nil},
		{imsVersion, "SetUserSsoSettings", "user_sso_settings", d.UserSSOSettings, d.UserSSOSettings != nil},
	} {
		if !call.given {
			continue
		}
		if _, err := s.carryOut(call.version, call.action, call.path, call.described); err != nil {
			return err
		}
	}
	if d.AccountAlias != "" {
		s.state.AccountAlias = d.AccountAlias
	}
	return nil
}

func (s *Server) populateResourceGroup(path string, rg *describedResourceGroup) error {
	out, err := s.carryOut(rmVersion, "CreateResourceGroup", path, rg)
	if err != nil || rg.ID == "" {
		return err
	}
	made := s.state.ResourceGroups[out["ResourceGroup"].(reply)["Id"].(string)]
	if err := s.checkGivenID(path, rg.ID, made.ID, has(s.state.ResourceGroups)); err != nil {
		return err
	}
	delete(s.state.ResourceGroups, made.ID)
	made.ID = rg.ID
	s.state.ResourceGroups[made.ID] = made
	return nil
}

// checkGivenID refuses an id that something else has, or that could not be one. The thing has an id already, which may
// be the same: with Server.IDSeed it is drawn again.
func (s *Server) checkGivenID(path, id, drawn string, taken func(id string) bool) error {
	if err := s.checkName("id", id, nameRule{64, ".-_"}); err != nil {
		return placed(inside(path, "id"), errors.New("must be 1 to 64 letters, digits, ., - and _"))
	}
	if id != drawn && taken(id) {
		return placed(inside(path, "id"), fmt.Errorf("%s is there already", id))
	}
	return nil
}

func (s *Server) populateSAMLProvider(path string, p *describedSAMLProvider) error {
	p.Metadata = encodedMetadata(p.Metadata)
	_, err := s.carryOut(imsVersion, "CreateSAMLProvider", path, p)
	return err
}

func (s *Server) populateOIDCProvider(path string, p *describedOIDCProvider) error {
	_, err := s.carryOut(imsVersion, "CreateOIDCProvider", path, p)
	return err
}

// populatePolicy makes the versions in their order, and then gives them their numbers.
func (s *Server) populatePolicy(path string, p *describedPolicy) error {
	if (len(p.Document) > 0) == (len(p.Versions) > 0) {
		return placed(path, errors.New("needs a document, or else versions"))
	}
	if len(p.Document) > 0 {
		if p.DefaultVersion != "" {
			return placed(inside(path, "default_version"), errors.New("is for a policy with versions"))
		}
		_, err := s.carryOut(ramVersion, "CreatePolicy", path, p)
		return err
	}
	var ids []string
	most := len(p.Versions)
	for i := range p.Versions {
		v, within := &p.Versions[i], fmt.Sprintf("%s.versions[%d]", path, i)
		number, err := strconv.Atoi(strings.TrimPrefix(v.ID, "v"))
		if err != nil || !versionIDs.MatchString(v.ID) || slices.Contains(ids, v.ID) {
			return placed(inside(within, "id"), errors.New("must be v and a number, another one for each version"))
		}
		ids, most = append(ids, v.ID), max(most, number)
		action := "CreatePolicyVersion"
		others := []argument{{"PolicyName", p.Name, inside(path, "name")}}
		if i == 0 {
			action, others = "CreatePolicy", arguments(p, path)
		}
		if _, err := s.carryOut(ramVersion, action, within, v, others...); err != nil {
			return err
		}
	}
	if !slices.Contains(ids, p.DefaultVersion) {
		return placed(inside(path, "default_version"), fmt.Errorf("must be one of %s", strings.Join(ids, ", ")))
	}
	made := s.policyNamed(custom, p.Name)
	for i, id := range ids {
		made.Versions[i].VersionID = id
	}
	made.DefaultVersion, made.VersionsMade = p.DefaultVersion, most
	return nil
}

func (s *Server) populateUser(path string, d *describedUser) error {
	if _, err := s.carryOut(ramVersion, "CreateUser", path, d); err != nil {
		return err
	}
	u := s.userNamed(d.Name)
	changed := *u
	if d.ID != "" {
		if err := s.checkGivenID(path, d.ID, u.UserID, has(s.state.Users)); err != nil {
			return err
		}
		changed.UserID = d.ID
	}
	if d.ProvisionType != "" {
		if !slices.Contains([]string{manual, "SCIM", "CloudSSO"}, d.ProvisionType) {
			return placed(inside(path, "provision_type"), errors.New("must be Manual, SCIM or CloudSSO"))
		}
		changed.ProvisionType = d.ProvisionType
	}
	s.setUser(u, changed)
	if len(d.Tags) > 0 {
		others := []argument{{"ResourceType", "user", path}, {"ResourceId.1", u.UserID, path}}
		for i, t := range tagsOf(d.Tags) {
			prefix := fmt.Sprintf("Tag.%d.", i+1)
			others = append(others, argument{prefix + "Key", t.Key, path}, argument{prefix + "Value", t.Value, path})
		}
		if _, err := s.carryOut(imsVersion, "TagResources", inside(path, "tags"), nil, others...); err != nil {
			return err
		}
	}
	if err := s.populateLoginProfile(inside(path, "login_profile"), u, d.LoginProfile); err != nil {
		return err
	}
	err := populateAll(inside(path, "access_keys"), d.AccessKeys, func(path string, key *describedAccessKey) error {
		return s.populateAccessKey(path, u, key)
	})
	if err != nil {
		return err
	}
	return s.populateAttachments(path, "AttachPolicyToUser", argument{"UserName", d.Name, path}, d.Policies)
}

// tagsOf are tags in the order of their keys.
func tagsOf(tags map[string]string) []tag {
	var list []tag
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, tag{key, tags[key]})
	}
	return list
}

var passwordHash = regexp.MustCompile(`^[^:]+:[0-9a-f]{64}$`)

// populateLoginProfile puts the hash of a password in as it is: no rule can be asked about it.
func (s *Server) populateLoginProfile(path string, u *user, d *describedLoginProfile) error {
	if d == nil {
		return nil
	}
	if d.PasswordHash != "" && d.Password != "" {
		return placed(inside(path, "password_hash"), errors.New("stands in place of a password: give one of the two"))
	}
	if d.PasswordHash != "" && !passwordHash.MatchString(d.PasswordHash) {
		return placed(inside(path, "password_hash"), errors.New("must be one that a sandbox has written"))
	}
	name := argument{"UserPrincipalName", s.userPrincipalName(u), path}
	if _, err := s.carryOut(imsVersion, "CreateLoginProfile", path, d, name); err != nil {
		return err
	}
	if d.PasswordHash != "" {
		p := u.LoginProfile
		p.Passwords, p.PasswordSetDate, p.PasswordInitial = []string{d.PasswordHash}, s.now(), true
	}
	return nil
}

func (s *Server) populateRootKey(path string, d *describedAccessKey) error {
	if err := s.populateAccessKey(path, nil, d); err != nil {
		return err
	}
	if s.state.RootAccessKeyID == "" {
		s.state.RootAccessKeyID = s.accessKeys("")[0].AccessKeyID
	}
	return nil
}

// populateAccessKey makes a key of a user, or for nil of the account root.
func (s *Server) populateAccessKey(path string, u *user, d *describedAccessKey) error {
	var owner, ownerIMS []argument
	if u != nil {
		owner = []argument{{"UserName", u.UserName, path}}
		ownerIMS = []argument{{"UserPrincipalName", s.userPrincipalName(u), path}}
	}
	out, err := s.carryOut(ramVersion, "CreateAccessKey", path, nil, owner...)
	if err != nil {
		return err
	}
	key := s.state.AccessKeys[out["AccessKey"].(reply)["AccessKeyId"].(string)]
	s.dropAccessKey(key)
	if d.ID != "" {
		if strings.HasPrefix(d.ID, stsPrefix) {
			return placed(inside(path, "id"), fmt.Errorf("must not begin with %s, as temporary keys do", stsPrefix))
		}
		if err := s.checkGivenID(path, d.ID, key.AccessKeyID, has(s.state.AccessKeys)); err != nil {
			return err
		}
		key.AccessKeyID = d.ID
	}
	if d.Secret != "" {
		key.AccessKeySecret = d.Secret
	}
	s.keepAccessKey(key)
	id := argument{"UserAccessKeyId", key.AccessKeyID, path}
	if d.Status != "" {
		if _, err := s.carryOut(ramVersion, "UpdateAccessKey", path, d, append(owner, id)...); err != nil {
			return err
		}
	}
	if len(d.NetworkPolicy) > 0 {
		_, err = s.carryOut(imsVersion, "SetAccessKeyPolicy", path, d, append(ownerIMS, id)...)
	}
	return err
}

func (s *Server) populateGroup(path string, d *describedGroup) error {
	if _, err := s.carryOut(ramVersion, "CreateGroup", path, d); err != nil {
		return err
	}
	g := s.groupNamed(d.Name)
	changed := *g
	if d.ID != "" {
		if err := s.checkGivenID(path, d.ID, g.GroupID, has(s.state.Groups)); err != nil {
			return err
		}
		changed.GroupID = d.ID
	}
	changed.DisplayName = d.DisplayName
	s.setGroup(g, changed)
	name := argument{"GroupName", d.Name, path}
	err := populateAll(inside(path, "members"), d.Members, func(path string, member *string) error {
		_, err := s.carryOut(ramVersion, "AddUserToGroup", path, nil, name, argument{"UserName", *member, path})
		return err
	})
	if err != nil {
		return err
	}
	return s.populateAttachments(path, "AttachPolicyToGroup", name, d.Policies)
}

// populateRoles judges trust policies when all roles are there: they may name each other.
func (s *Server) populateRoles(roles []describedRole) error {
	s.Unsure.TrustPrincipalsUnchecked = true
	err := populateAll("roles", roles, s.populateRole)
	s.Unsure.TrustPrincipalsUnchecked = false
	if err != nil {
		return err
	}
	return populateAll("roles", roles, func(path string, d *describedRole) error {
		if err := s.checkTrustPolicy(s.roleNamed(d.Name).AssumeRolePolicyDocument); err != nil && !d.PrincipalsGone {
			return placedRefusal(err, path, d, arguments(d, path))
		}
		return nil
	})
}

func (s *Server) populateRole(path string, d *describedRole) error {
	if _, err := s.carryOut(ramVersion, "CreateRole", path, d); err != nil {
		return err
	}
	if err := s.setRoleID(path, s.roleNamed(d.Name), d.ID); err != nil {
		return err
	}
	return s.populateAttachments(path, "AttachPolicyToRole", argument{"RoleName", d.Name, path}, d.Policies)
}

func (s *Server) setRoleID(path string, role *role, id string) error {
	if id == "" {
		return nil
	}
	if err := s.checkGivenID(path, id, role.RoleID, has(s.state.Roles)); err != nil {
		return err
	}
	s.dropRole(role)
	role.RoleID = id
	s.addRole(role)
	return nil
}

func (s *Server) populateLinkedRole(path string, d *describedLinkedRole) error {
	out, err := s.carryOut(rmVersion, "CreateServiceLinkedRole", path, d)
	if err != nil {
		return err
	}
	role := s.roleNamed(out["Role"].(reply)["RoleName"].(string))
	for _, u := range d.Usages {
		role.Usages = append(role.Usages, roleUsage(u))
	}
	return s.setRoleID(path, role, d.ID)
}

func (s *Server) populateMFADevice(path string, d *describedMFADevice) error {
	out, err := s.carryOut(ramVersion, "CreateVirtualMFADevice", path, d)
	if err != nil {
		return err
	}
	device := s.state.MFADevices[out["VirtualMFADevice"].(reply)["SerialNumber"].(string)]
	if d.Seed != "" {
		if _, err := base32.StdEncoding.DecodeString(d.Seed); err != nil {
			return placed(inside(path, "seed"), errors.New("must be base32"))
		}
		device.Base32StringSeed = d.Seed
	}
	if d.User == "" {
		return nil
	}
	u := s.userNamed(d.User)
	switch {
	case u == nil:
		return placed(inside(path, "user"), fmt.Errorf("there is no user %q", d.User))
	case s.deviceOf(u) != nil:
		return placed(inside(path, "user"), fmt.Errorf("the user %q has an MFA device", d.User))
	}
	s.bind(device, u)
	return nil
}

// populateAttachments gives policies to the holder whom one parameter of the action names.
func (s *Server) populateAttachments(path, action string, holder argument, policies []describedAttachment) error {
	return populateAll(inside(path, "policies"), policies, func(path string, a *describedAttachment) error {
		if a.Type == "" {
			a.Type = system
			if s.policyNamed(custom, a.Name) != nil {
				a.Type = custom
			}
		}
		others := []argument{holder}
		if a.ResourceGroup != "" {
			id := s.resourceGroupNamed(a.ResourceGroup)
			if id == "" {
				return placed(inside(path, "resource_group"), fmt.Errorf("there is no resource group %q", a.ResourceGroup))
			}
			others = append(others, argument{"ResourceGroupId", id, path})
		}
		_, err := s.carryOut(ramVersion, action, path, a, others...)
		return err
	})
}

// resourceGroupNamed returns the id of a resource group, or nothing.
func (s *Server) resourceGroupNamed(name string) string {
	for id, rg := range s.state.ResourceGroups {
		if rg.Name == name {
			return id
		}
	}
	return ""
}
