package ramserver

import "cmp"

// Quotas are the limits of an account. A zero field means the documented figure, which stands behind each.
type Quotas struct {
	Users               int // 5,000
	Groups              int // 300
	Roles               int // 1,000
	Policies            int // 1,500 custom policies
	MFADevices          int // 5,000 virtual ones
	GroupsPerUser       int // 10
	AccessKeysPerUser   int // 2
	AccountAccessKeys   int // no figure documented: 5
	KeyPolicyRules      int // 8 statements of an access key's network policy
	KeyPolicyAddresses  int // 50, of all statements together
	VersionsPerPolicy   int // 5
	PolicySize          int // 6,144 characters
	TrustPolicySize     int // no figure documented: as PolicySize
	CustomPoliciesEach  int // 10 per user, group or role
	SystemPoliciesEach  int // 20 per user, group or role
	TagsPerEntity       int // 20, and as many in one request
	ServiceCredentials  int // no figure documented: 2 per user and service
	SAMLProviders       int // 100
	OIDCProviders       int // 100
	RecycledUsers       int // 1,000 in the recycle bin
	RecycledKeysPerUser int // 3 in the recycle bin
}

func (s *Server) quotas() Quotas {
	q := s.Quotas
	return Quotas{
		Users:               cmp.Or(q.Users, 5000),
		Groups:              cmp.Or(q.Groups, 300),
		Roles:               cmp.Or(q.Roles, 1000),
		Policies:            cmp.Or(q.Policies, 1500),
		MFADevices:          cmp.Or(q.MFADevices, 5000),
		GroupsPerUser:       cmp.Or(q.GroupsPerUser, 10),
		AccessKeysPerUser:   cmp.Or(q.AccessKeysPerUser, 2),
		AccountAccessKeys:   cmp.Or(q.AccountAccessKeys, 5),
		KeyPolicyRules:      cmp.Or(q.KeyPolicyRules, 8),
		KeyPolicyAddresses:  cmp.Or(q.KeyPolicyAddresses, 50),
		VersionsPerPolicy:   cmp.Or(q.VersionsPerPolicy, 5),
		PolicySize:          cmp.Or(q.PolicySize, 6144),
		TrustPolicySize:     cmp.Or(q.TrustPolicySize, q.PolicySize, 6144),
		CustomPoliciesEach:  cmp.Or(q.CustomPoliciesEach, 10),
		SystemPoliciesEach:  cmp.Or(q.SystemPoliciesEach, 20),
		TagsPerEntity:       cmp.Or(q.TagsPerEntity, 20),
		ServiceCredentials:  cmp.Or(q.ServiceCredentials, 2),
		SAMLProviders:       cmp.Or(q.SAMLProviders, 100),
		OIDCProviders:       cmp.Or(q.OIDCProviders, 100),
		RecycledUsers:       cmp.Or(q.RecycledUsers, 1000),
		RecycledKeysPerUser: cmp.Or(q.RecycledKeysPerUser, 3),
	}
}
