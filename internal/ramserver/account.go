package ramserver

import (
	"regexp"
	"slices"
	"strings"
)

const domainSuffix = ".onaliyun.com"

func (s *Server) defaultDomain() string {
	if s.state.DefaultDomain != "" {
		return s.state.DefaultDomain
	}
	return s.accountID() + domainSuffix
}

func (s *Server) getAccountAlias(request) (reply, error) {
	alias := s.state.AccountAlias
	if alias == "" && s.Unsure.UnsetAliasIsAccountID {
		alias = s.accountID()
	}
	return reply{"AccountAlias": alias}, nil
}

var accountAlias = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func validAlias(alias string) bool {
	return len(alias) >= 3 && len(alias) <= 32 && accountAlias.MatchString(alias)
}

func (s *Server) setAccountAlias(r request) (reply, error) {
	alias, err := s.required(r, "AccountAlias")
	if err != nil {
		return nil, err
	}
	if n := s.length(alias); n < 3 || n > 32 {
		return nil, badLength("AccountAlias", 3, 32)
	}
	if !validAlias(alias) {
		return nil, badFormat("AccountAlias", "lower-case letters and digits, with single - between them")
	}
	if slices.Contains(s.TakenAliases, alias) {
		return nil, alreadyExists("AccountAlias", "The account alias already exists: %s.", alias)
	}
	s.state.AccountAlias = alias
	if !s.Unsure.AliasApartFromDomain {
		s.state.DefaultDomain = alias + domainSuffix
	}
	return nil, nil
}

func (s *Server) clearAccountAlias(request) (reply, error) {
	s.state.AccountAlias = ""
	if !s.Unsure.ClearAliasKeepsDomain {
		s.state.DefaultDomain = ""
	}
	return nil, nil
}

func (s *Server) getDefaultDomain(request) (reply, error) {
	return reply{"DefaultDomainName": s.defaultDomain()}, nil
}

var domainLabel = regexp.MustCompile(`^[A-Za-z0-9._]+(-[A-Za-z0-9._]+)*$`)

// setDefaultDomain changes every user principal name. The alias follows where the domain's label can be one.
func (s *Server) setDefaultDomain(r request) (reply, error) {
	domain, err := s.required(r, "DefaultDomainName")
	if err != nil {
		return nil, err
	}
	if n := s.length(domain); n < 1 || n > 64 {
		return nil, badLength("DefaultDomainName", 1, 64)
	}
	label, ok := strings.CutSuffix(domain, domainSuffix)
	if !ok || !domainLabel.MatchString(label) {
		return nil, badFormat("DefaultDomainName", "a label of letters, digits, . - and _ before "+domainSuffix)
	}
	if slices.Contains(s.TakenAliases, strings.ToLower(label)) {
		return nil, alreadyExists("DefaultDomain", "The default domain already exists: %s.", domain)
	}
	s.state.DefaultDomain = domain
	if s.Unsure.DomainApartFromAlias {
		return nil, nil
	}
	s.state.AccountAlias = ""
	if label != s.accountID() && validAlias(label) {
		s.state.AccountAlias = label
	}
	return nil, nil
}

// getAccountSummary counts what the account has and may have.
func (s *Server) getAccountSummary(request) (reply, error) {
	q := s.quotas()
	inUse := 0
	for _, d := range s.state.MFADevices {
		if d.UserID != "" {
			inUse++
		}
	}
	return reply{"SummaryMap": reply{
		"Users":                            len(s.state.Users),
		"UsersQuota":                       q.Users,
		"Groups":                           len(s.state.Groups),
		"GroupsQuota":                      q.Groups,
		"Roles":                            len(s.state.Roles),
		"RolesQuota":                       q.Roles,
		"Policies":                         len(s.state.Policies),
		"PoliciesQuota":                    q.Policies,
		"MFADevices":                       len(s.state.MFADevices),
		"MFADevicesInUse":                  inUse,
		"VirtualMFADevicesQuota":           q.MFADevices,
		"AccessKeysPerUserQuota":           q.AccessKeysPerUser,
		"AccountAccessKeysPerAccountQuota": q.AccountAccessKeys,
		"GroupsPerUserQuota":               q.GroupsPerUser,
		"AttachedPoliciesPerUserQuota":     q.CustomPoliciesEach,
		"AttachedPoliciesPerGroupQuota":    q.CustomPoliciesEach,
		"AttachedPoliciesPerRoleQuota":     q.CustomPoliciesEach,

		"AttachedSystemPoliciesPerUserQuota":  q.SystemPoliciesEach,
		"AttachedSystemPoliciesPerGroupQuota": q.SystemPoliciesEach,
		"AttachedSystemPoliciesPerRoleQuota":  q.SystemPoliciesEach,

		"PolicySizeQuota":        q.PolicySize,
		"VersionsPerPolicyQuota": q.VersionsPerPolicy,

		"ConditionsPerAKPolicyQuota":               q.KeyPolicyRules,
		"IPItemsPerAKPolicyQuota":                  q.KeyPolicyAddresses,
		"ServiceCredentialsPerUserPerServiceQuota": q.ServiceCredentials,
	}}, nil
}
