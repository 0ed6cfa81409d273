package ramserver

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// description is an account as a person writes it down: things refer to each other by name, and whatever has a default
// may be left out. It says what is there, not since when nor what was there before. The api tags name the parameters
// by which populate sets a field, and under which the account keeps it.
type description struct {
	AccountID     string `json:"account_id,omitempty"`
	AccountAlias  string `json:"account_alias,omitempty" api:"AccountAlias"`
	DefaultDomain string `json:"default_domain,omitempty" api:"DefaultDomainName"`

	PasswordPolicy     *describedPasswordPolicy     `json:"password_policy,omitempty"`
	SecurityPreference *describedSecurityPreference `json:"security_preference,omitempty"`
	UserSSOSettings    *describedUserSSOSettings    `json:"user_sso_settings,omitempty"`

	Users              []describedUser          `json:"users,omitempty"`
	Groups             []describedGroup         `json:"groups,omitempty"`
	Roles              []describedRole          `json:"roles,omitempty"`
	ServiceLinkedRoles []describedLinkedRole    `json:"service_linked_roles,omitempty"`
	Policies           []describedPolicy        `json:"policies,omitempty"` // custom ones
	SAMLProviders      []describedSAMLProvider  `json:"saml_providers,omitempty"`
	OIDCProviders      []describedOIDCProvider  `json:"oidc_providers,omitempty"`
	MFADevices         []describedMFADevice     `json:"mfa_devices,omitempty"`
	ResourceGroups     []describedResourceGroup `json:"resource_groups,omitempty"` // besides the default one
	RootAccessKeys     []describedAccessKey     `json:"root_access_keys,omitempty"`
}

type describedUser struct {
	Name          string                 `json:"name" api:"UserName"`
	ID            string                 `json:"id,omitempty"`
	DisplayName   string                 `json:"display_name,omitempty" api:"DisplayName"`
	Email         string                 `json:"email,omitempty" api:"Email"`
	MobilePhone   string                 `json:"mobile_phone,omitempty" api:"MobilePhone"`
	Comments      string                 `json:"comments,omitempty" api:"Comments"`
	ProvisionType string                 `json:"provision_type,omitempty"`
	Tags          map[string]string      `json:"tags,omitempty"`
	LoginProfile  *describedLoginProfile `json:"login_profile,omitempty"`
	AccessKeys    []describedAccessKey   `json:"access_keys,omitempty"`
	Policies      []describedAttachment  `json:"policies,omitempty"`
}

type describedLoginProfile struct {
	Password              string `json:"password,omitempty" api:"Password"`
	PasswordHash          string `json:"password_hash,omitempty"` // as Save keeps it
	PasswordResetRequired bool   `json:"password_reset_required,omitempty" api:"PasswordResetRequired"`
	MFABindRequired       bool   `json:"mfa_bind_required,omitempty" api:"MFABindRequired"`
	Status                string `json:"status,omitempty" api:"Status"`
}

type describedAccessKey struct {
	ID            string          `json:"id,omitempty"`
	Secret        string          `json:"secret,omitempty"`
	Status        string          `json:"status,omitempty" api:"Status"`
	NetworkPolicy json.RawMessage `json:"network_policy,omitempty" api:"AccessKeyPolicy"`
}

type describedGroup struct {
	Name        string                `json:"name" api:"GroupName"`
	ID          string                `json:"id,omitempty"`
	DisplayName string                `json:"display_name,omitempty"`
	Comments    string                `json:"comments,omitempty" api:"Comments"`
	Members     []string              `json:"members,omitempty"`
	Policies    []describedAttachment `json:"policies,omitempty"`
}

type describedRole struct {
	Name               string                `json:"name" api:"RoleName"`
	ID                 string                `json:"id,omitempty"`
	Description        string                `json:"description,omitempty" api:"Description"`
	MaxSessionDuration int                   `json:"max_session_duration,omitempty" api:"MaxSessionDuration"`
	TrustPolicy        json.RawMessage       `json:"trust_policy" api:"AssumeRolePolicyDocument"`
	PrincipalsGone     bool                  `json:"principals_gone,omitempty"` // the trust policy may name what does not exist
	Tags               map[string]string     `json:"tags,omitempty" api:"Tag"`
	Policies           []describedAttachment `json:"policies,omitempty"`
}

type describedLinkedRole struct {
	Service     string           `json:"service" api:"ServiceName"`
	Suffix      string           `json:"suffix,omitempty" api:"CustomSuffix"`
	ID          string           `json:"id,omitempty"`
	Description string           `json:"description,omitempty" api:"Description"`
	Usages      []describedUsage `json:"usages,omitempty"`
}

type describedUsage struct {
	Region    string   `json:"region"`
	Resources []string `json:"resources"`
}

// describedPolicy has a document, or else versions of which one is the default.
type describedPolicy struct {
	Name           string             `json:"name" api:"PolicyName"`
	Description    string             `json:"description,omitempty" api:"Description"`
	Document       json.RawMessage    `json:"document,omitempty" api:"PolicyDocument"`
	DefaultVersion string             `json:"default_version,omitempty"`
	Versions       []describedVersion `json:"versions,omitempty"`
	Tags           map[string]string  `json:"tags,omitempty" api:"Tag"`
}

type describedVersion struct {
	ID       string          `json:"id"`
	Document json.RawMessage `json:"document" api:"PolicyDocument"`
}

// describedAttachment is a policy that somebody has. A name alone, which can be written instead, is that of a custom
// policy, or where there is none of a system policy.
type describedAttachment struct {
	Name          string `json:"name" api:"PolicyName"`
	Type          string `json:"type,omitempty" api:"PolicyType"`
	ResourceGroup string `json:"resource_group,omitempty"` // empty: the whole account
}

func (a *describedAttachment) setText(name string) { a.Name = name }

// MarshalJSON writes the name alone where it is all there is.
func (a describedAttachment) MarshalJSON() ([]byte, error) {
	if a == (describedAttachment{Name: a.Name}) {
		return json.Marshal(a.Name)
	}
	type inFull describedAttachment
	return json.Marshal(inFull(a))
}

// describedSAMLProvider holds the metadata as XML, or in base64.
type describedSAMLProvider struct {
	Name          string `json:"name" api:"SAMLProviderName"`
	Description   string `json:"description,omitempty" api:"Description"`
	Metadata      string `json:"metadata_document" api:"EncodedSAMLMetadataDocument"`
	AuthnSignAlgo string `json:"authn_sign_algo,omitempty" api:"AuthnSignAlgo"`
}

type describedOIDCProvider struct {
	Name              string   `json:"name" api:"OIDCProviderName"`
	IssuerURL         string   `json:"issuer_url" api:"IssuerUrl"`
	ClientIDs         []string `json:"client_ids,omitempty" api:"ClientIds" join:","`
	Fingerprints      []string `json:"fingerprints" api:"Fingerprints" join:","`
	Description       string   `json:"description,omitempty" api:"Description"`
	IssuanceLimitTime int      `json:"issuance_limit_time,omitempty" api:"IssuanceLimitTime"`
}

type describedMFADevice struct {
	Name string `json:"name" api:"VirtualMFADeviceName"`
	Seed string `json:"seed,omitempty"` // in base32
	User string `json:"user,omitempty"` // whom it is bound to
}

type describedResourceGroup struct {
	Name        string `json:"name" api:"Name"`
	ID          string `json:"id,omitempty"`
	DisplayName string `json:"display_name" api:"DisplayName"`
}

type describedPasswordPolicy struct {
	MinimumPasswordLength             *int  `json:"minimum_password_length,omitempty" api:"MinimumPasswordLength"`
	RequireLowercaseCharacters        *bool `json:"require_lowercase_characters,omitempty" api:"RequireLowercaseCharacters"`
	RequireUppercaseCharacters        *bool `json:"require_uppercase_characters,omitempty" api:"RequireUppercaseCharacters"`
	RequireNumbers                    *bool `json:"require_numbers,omitempty" api:"RequireNumbers"`
	RequireSymbols                    *bool `json:"require_symbols,omitempty" api:"RequireSymbols"`
	MinimumPasswordDifferentCharacter *int  `json:"minimum_password_different_character,omitempty" api:"MinimumPasswordDifferentCharacter"`
	PasswordNotContainUserName        *bool `json:"password_not_contain_user_name,omitempty" api:"PasswordNotContainUserName"`
	MaxPasswordAge                    *int  `json:"max_password_age,omitempty" api:"MaxPasswordAge"`
	HardExpire                        *bool `json:"hard_expire,omitempty" api:"HardExpire"`
	PasswordReusePrevention           *int  `json:"password_reuse_prevention,omitempty" api:"PasswordReusePrevention"`
	MaxLoginAttempts                  *int  `json:"max_login_attempts,omitempty" api:"MaxLoginAttemps"`
	InitialPasswordAge                *int  `json:"initial_password_age,omitempty" api:"InitialPasswordAge"`
	InterceptRiskPasswordOnAPI        *bool `json:"intercept_risk_password_on_api,omitempty" api:"InterceptRiskPasswordOnApi"`
}

type describedSecurityPreference struct {
	EnableSaveMFATicket                 *bool     `json:"enable_save_mfa_ticket,omitempty" api:"EnableSaveMFATicket"`
	AllowUserToChangePassword           *bool     `json:"allow_user_to_change_password,omitempty" api:"AllowUserToChangePassword"`
	AllowUserToLoginWithPasskey         *bool     `json:"allow_user_to_login_with_passkey,omitempty" api:"AllowUserToLoginWithPasskey"`
	AllowUserToManageAccessKeys         *bool     `json:"allow_user_to_manage_access_keys,omitempty" api:"AllowUserToManageAccessKeys"`
	AllowUserToManageMFADevices         *bool     `json:"allow_user_to_manage_mfa_devices,omitempty" api:"AllowUserToManageMFADevices"`
	AllowUserToManagePersonalDingTalk   *bool     `json:"allow_user_to_manage_personal_ding_talk,omitempty" api:"AllowUserToManagePersonalDingTalk"`
	AllowUserToManageServiceCredentials *bool     `json:"allow_user_to_manage_service_credentials,omitempty" api:"AllowUserToManageServiceCredentials"`
	MFAOperationForLogin                *string   `json:"mfa_operation_for_login,omitempty" api:"MFAOperationForLogin"`
	OperationForRiskLogin               *string   `json:"operation_for_risk_login,omitempty" api:"OperationForRiskLogin"`
	LoginSessionDuration                *int      `json:"login_session_duration,omitempty" api:"LoginSessionDuration"`
	LoginNetworkMasks                   []string  `json:"login_network_masks,omitempty" api:"LoginNetworkMasks" join:";"`
	VerificationTypes                   *[]string `json:"verification_types,omitempty" api:"VerificationTypes"`
	MaxIdleDaysForUsers                 *int      `json:"max_idle_days_for_users,omitempty" api:"MaxIdleDaysForUsers"`
	MaxIdleDaysForAccessKeys            *int      `json:"max_idle_days_for_access_keys,omitempty" api:"MaxIdleDaysForAccessKeys"`
}

// describedUserSSOSettings holds the metadata as XML, or in base64.
type describedUserSSOSettings struct {
	SSOEnabled         *bool   `json:"sso_enabled,omitempty" api:"SsoEnabled"`
	MetadataDocument   string  `json:"metadata_document,omitempty" api:"MetadataDocument"`
	AuxiliaryDomain    string  `json:"auxiliary_domain,omitempty" api:"AuxiliaryDomain"`
	SSOLoginWithDomain *bool   `json:"sso_login_with_domain,omitempty" api:"SsoLoginWithDomain"`
	AuthnSignAlgo      *string `json:"authn_sign_algo,omitempty" api:"AuthnSignAlgo"`
}

// Describe returns the account as a description in JSON, for Seed to read: what is there, in the order of names. It
// holds the secrets of access keys and the seeds of MFA devices in clear, and of passwords salted hashes. Left out are
// dates, what was there before (recycle bin, earlier passwords, numbers of deleted versions of policies), sessions, and
// what is under way (credential report, deletions).
func (s *Server) Describe() ([]byte, error) {
	s.lock()
	d := s.description()
	s.mu.Unlock()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(d)
	return b.Bytes(), err
}

func (s *Server) description() description {
	d := description{
		AccountID: s.accountID(), AccountAlias: s.state.AccountAlias, DefaultDomain: s.state.DefaultDomain,
		PasswordPolicy:     describeSettings[describedPasswordPolicy](s.state.PasswordPolicy),
		SecurityPreference: describeSettings[describedSecurityPreference](s.state.SecurityPreference),
		UserSSOSettings:    describeSettings[describedUserSSOSettings](s.state.UserSSOSettings),
	}
	if sso := d.UserSSOSettings; sso != nil {
		sso.MetadataDocument = readableMetadata(sso.MetadataDocument)
	}
	for _, u := range sorted(s, s.state.Users, userName) {
		d.Users = append(d.Users, s.describeUser(u))
	}
	for _, g := range sorted(s, s.state.Groups, groupName) {
		d.Groups = append(d.Groups, describedGroup{
			Name: g.GroupName, ID: g.GroupID, DisplayName: g.DisplayName, Comments: g.Comments,
			Members: names(s.state.index.members[g.GroupID], userName), Policies: s.describeAttachments(s.groupGrantee(g)),
		})
	}
	for _, role := range sorted(s, s.state.Roles, roleName) {
		if role.LinkedTo != "" {
			d.ServiceLinkedRoles = append(d.ServiceLinkedRoles, describeLinkedRole(role))
		} else {
			d.Roles = append(d.Roles, s.describeRole(role))
		}
	}
	for _, p := range sorted(s, s.state.Policies, policySortKey) {
		d.Policies = append(d.Policies, describePolicy(p))
	}
	for _, p := range sorted(s, s.state.SAMLProviders, samlProviderName) {
		d.SAMLProviders = append(d.SAMLProviders, describedSAMLProvider{p.Name, p.Description, readableMetadata(p.Metadata), p.AuthnSignAlgo})
	}
	for _, p := range sorted(s, s.state.OIDCProviders, oidcProviderName) {
		d.OIDCProviders = append(d.OIDCProviders, describedOIDCProvider{
			p.Name, p.IssuerURL, p.ClientIDs, p.Fingerprints, p.Description, p.IssuanceLimitTime,
		})
	}
	for _, device := range sorted(s, s.state.MFADevices, serialNumber) {
		view := describedMFADevice{Name: strings.TrimPrefix(device.SerialNumber, s.arn("mfa/")), Seed: device.Base32StringSeed}
		if u := s.state.Users[device.UserID]; u != nil {
			view.User = u.UserName
		}
		d.MFADevices = append(d.MFADevices, view)
	}
	for _, rg := range sorted(s, s.state.ResourceGroups, func(rg *resourceGroup) string { return rg.Name }) {
		if rg.ID != DefaultResourceGroupID {
			d.ResourceGroups = append(d.ResourceGroups, describedResourceGroup{rg.Name, rg.ID, rg.DisplayName})
		}
	}
	for _, key := range s.accessKeys("") {
		if key.AccessKeyID == s.state.RootAccessKeyID { // that is the first one when the description is read
			d.RootAccessKeys = slices.Insert(d.RootAccessKeys, 0, describeAccessKey(key))
		} else {
			d.RootAccessKeys = append(d.RootAccessKeys, describeAccessKey(key))
		}
	}
	return d
}

func (s *Server) describeUser(u *user) describedUser {
	d := describedUser{
		Name: u.UserName, ID: u.UserID, DisplayName: u.DisplayName, Email: u.Email, MobilePhone: u.MobilePhone, Comments: u.Comments,
		ProvisionType: unless(manual, u.ProvisionType), Tags: maps.Clone(u.Tags), Policies: s.describeAttachments(s.userGrantee(u)),
	}
	if p := u.LoginProfile; p != nil {
		d.LoginProfile = &describedLoginProfile{
			PasswordResetRequired: p.PasswordResetRequired, MFABindRequired: p.MFABindRequired, Status: unless(active, p.Status),
		}
		if len(p.Passwords) > 0 {
			d.LoginProfile.PasswordHash = p.Passwords[0]
		}
	}
	for _, key := range s.accessKeys(u.UserID) {
		d.AccessKeys = append(d.AccessKeys, describeAccessKey(key))
	}
	return d
}

// unless leaves out a text that is the default.
func unless(byDefault, text string) string {
	if text == byDefault {
		return ""
	}
	return text
}

func describeAccessKey(key *accessKey) describedAccessKey {
	d := describedAccessKey{ID: key.AccessKeyID, Secret: key.AccessKeySecret, Status: unless(active, key.Status)}
	if key.NetworkPolicy != nil {
		d.NetworkPolicy = mustMarshal(key.NetworkPolicy)
	}
	return d
}

func (s *Server) describeRole(role *role) describedRole {
	return describedRole{
		Name: role.RoleName, ID: role.RoleID, Description: role.Description, MaxSessionDuration: role.MaxSessionDuration,
		TrustPolicy: readableDocument(role.AssumeRolePolicyDocument), PrincipalsGone: s.checkTrustPolicy(role.AssumeRolePolicyDocument) != nil,
		Tags: maps.Clone(role.Tags), Policies: s.describeAttachments(s.roleGrantee(role)),
	}
}

func describeLinkedRole(role *role) describedLinkedRole {
	d := describedLinkedRole{Service: role.LinkedTo, ID: role.RoleID}
	_, d.Suffix, _ = strings.Cut(role.RoleName, "_")
	if linkedServices[role.LinkedTo].suffixes { // no other may have a description of its own
		d.Description = role.Description
	}
	for _, u := range role.Usages {
		d.Usages = append(d.Usages, describedUsage(u))
	}
	return d
}

func describePolicy(p *policy) describedPolicy {
	d := describedPolicy{Name: p.PolicyName, Description: p.Description, Tags: maps.Clone(p.Tags)}
	if len(p.Versions) == 1 && p.DefaultVersion == versionID(1) {
		d.Document = readableDocument(p.Versions[0].PolicyDocument)
		return d
	}
	d.DefaultVersion = p.DefaultVersion
	for _, v := range p.Versions {
		d.Versions = append(d.Versions, describedVersion{v.VersionID, readableDocument(v.PolicyDocument)})
	}
	return d
}

// describeAttachments returns the policies that somebody has in the whole account, and then those in resource groups.
func (s *Server) describeAttachments(to grantee) []describedAttachment {
	var all []describedAttachment
	add := func(a attachment, resourceGroup string) {
		d := describedAttachment{Name: a.PolicyName, ResourceGroup: resourceGroup}
		if a.PolicyType == system && s.policyNamed(custom, a.PolicyName) != nil {
			d.Type = system
		}
		all = append(all, d)
	}
	for _, a := range *to.policies {
		add(a, "")
	}
	for _, rg := range sorted(s, s.state.ResourceGroups, resourceGroupID) {
		for _, a := range rg.Attachments {
			if a.PrincipalID == to.id {
				add(a.attachment, rg.Name)
			}
		}
	}
	slices.SortFunc(all, func(a, b describedAttachment) int {
		return cmp.Or(cmp.Compare(a.ResourceGroup, b.ResourceGroup), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
	return all
}

// readableDocument is a policy document as an object, or as a text where an object would not say which text it is.
func readableDocument(document string) json.RawMessage {
	if text, err := plainJSON([]byte(document)); err == nil && string(text) == document {
		return text
	}
	return mustMarshal(document)
}

// readableMetadata is the metadata of a SAML identity provider as XML, or in the base64 that it came in where XML would
// not say which that is.
func readableMetadata(encoded string) string {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err == nil && encodedMetadata(string(text)) == encoded {
		return string(text)
	}
	return encoded
}

// encodedMetadata turns metadata that was written as XML into base64.
func encodedMetadata(text string) string {
	if !strings.HasPrefix(strings.TrimSpace(text), "<") {
		return text
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

// mustMarshal is for what is made of texts, numbers and lists.
func mustMarshal(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
