package ramserver

import "reflect"

// Unsure holds one switch for each point that the documentation leaves open and a client can notice. Off is the
// answer that seems likelier. A client that means to work with the real service works with either.
type Unsure struct {
	// UnknownActionAsAPI: an unknown action is InvalidApi.NotFound, not InvalidAction.NotFound.
	UnknownActionAsAPI bool
	// ThrottlingAs429: Throttling.User has status 429, as newer gateways answer, not 400.
	ThrottlingAs429 bool
	// SignatureMismatchAs403: SignatureDoesNotMatch has status 403, not 400.
	SignatureMismatchAs403 bool
	// UnknownKeyAs400: InvalidAccessKeyId.NotFound has status 400, not 404.
	UnknownKeyAs400 bool
	// SecurityTokenAs403: InvalidSecurityToken.* has status 403, not 400.
	SecurityTokenAs403 bool
	// MissingAsGeneric: a missing parameter X is MissingParameter, not MissingX. Wins over MissingAsLength.
	MissingAsGeneric bool
	// MissingAsLength: a missing parameter X is InvalidParameter.X.Length, not MissingX.
	MissingAsLength bool
	// NarrowEntityCodes: EntityNotExist.LoginProfile and EntityNotExist.CustomPolicy stand for
	// EntityNotExist.User.LoginProfile and, of a custom policy, EntityNotExist.Policy.
	NarrowEntityCodes bool
	// LateVisibility: users, login profiles, groups, roles, policies and identity providers answer EntityNotExist.* for
	// 300 ms after their creation, and trust policies that name them MalformedPolicyDocument, instead of being there at once.
	LateVisibility bool

	// LengthsInBytes: limits on texts count bytes, not characters.
	LengthsInBytes bool
	// CaseSensitiveNames: names of users, groups and roles that differ only in case are different names, instead of
	// the same one.
	CaseSensitiveNames bool
	// ListsReversed: lists are sorted by name downwards, not upwards, and lists in a text with commas come backwards.
	ListsReversed bool
	// MaxItemsClamped: MaxItems over the maximum means the maximum, instead of being refused.
	MaxItemsClamped bool
	// EmptyTextRefused: an empty Comments or Description of a group, role, policy or identity provider is
	// InvalidParameter.*.Length, instead of clearing the text. Wins over EmptyTextIgnored.
	EmptyTextRefused bool
	// EmptyTextIgnored: an empty Comments or Description of a group, role, policy or identity provider changes nothing,
	// instead of clearing the text.
	EmptyTextIgnored bool

	// DisplayNameDefaults: a user created without DisplayName gets the user name for it, not an empty one.
	DisplayNameDefaults bool
	// NarrowDisplayNames: DisplayName takes only letters, digits, @ . - and Han characters, as older documents say,
	// instead of anything printable.
	NarrowDisplayNames bool
	// ShortDisplayNames: IMS takes a DisplayName of a user of up to 24 characters, not 128.
	ShortDisplayNames bool
	// PersonalDataIgnored: Email and MobilePhone of users are accepted and not kept, as may be the case on other sites
	// than the Chinese one, instead of being kept.
	PersonalDataIgnored bool
	// DeleteUserTakesAll: DeleteUser deletes access keys and the login profile and unbinds the MFA device along with
	// the user, instead of refusing. Policies and groups are refused either way.
	DeleteUserTakesAll bool

	// DeletedForGood: what DeleteUser and DeleteAccessKey delete is gone at once, instead of going to the recycle bin.
	// Then the next three have nothing to work on.
	DeletedForGood bool
	// RecycledNamesTaken: the name of a user in the recycle bin is EntityAlreadyExists.User, instead of free.
	RecycledNamesTaken bool
	// RecycledKeysCount: a user's keys in the recycle bin count against the two that the user may have.
	RecycledKeysCount bool
	// FullBinRefuses: where the recycle bin has no room a deletion is LimitExceeded.RecycleBin.User or
	// LimitExceeded.RecycleBin.User.AccessKey (codes of this server's), instead of purging what has been in it longest.
	FullBinRefuses bool

	// LoginProfileBoolsReset: UpdateLoginProfile sets PasswordResetRequired and MFABindRequired to false when they
	// are absent, instead of keeping them.
	LoginProfileBoolsReset bool
	// MFAForced: a new account requires MFA of everybody, so MFABindRequired is true whatever was sent, instead of
	// as sent.
	MFAForced bool
	// NoMFAInfoIsEmpty: GetUserMFAInfo of a user without a device has an empty MFADevice, instead of being
	// EntityNotExist.User.MFADevice.
	NoMFAInfoIsEmpty bool
	// UnboundDeviceHasEmptyUser: ListVirtualMFADevices shows an unbound device with empty ActivateDate and User,
	// instead of leaving them out.
	UnboundDeviceHasEmptyUser bool
	// CodesOnlyOnce: BindMFADevice refuses codes that are not newer than those of the device's last binding, as RFC 6238
	// asks, instead of taking a code again.
	CodesOnlyOnce bool
	// NoKeyPolicyIsMissing: GetAccessKeyPolicy of a key that never had a network policy is
	// EntityNotExist.AccessKeyPolicy, instead of answering {}.
	NoKeyPolicyIsMissing bool
	// KeyAddressesNormalised: the addresses of an access key's network policy come back as the networks that they stand
	// for, 203.0.113.0/24 for 203.0.113.7/24, instead of as written.
	KeyAddressesNormalised bool
	// NeverUsedIsNA: LastUsedDate of a key never used is N/A, not empty.
	NeverUsedIsNA bool

	// RoleNameUnderscore: role names may contain _, instead of being refused.
	RoleNameUnderscore bool
	// LowerCaseRoleARNs: the role's name is in lower case in its ARN, instead of as created.
	LowerCaseRoleARNs bool
	// UpdateRoleResetsSession: UpdateRole without NewMaxSessionDuration sets 3600, instead of keeping the value.
	UpdateRoleResetsSession bool
	// CallerRoleARNPlain: GetCallerIdentity of an assumed role has the ARN role/<name>/<session>, as AssumeRole
	// answers, not assumed-role/<name>/<session>.
	CallerRoleARNPlain bool
	// TrustPrincipalsUnchecked: a trust policy may name users, roles and identity providers of the account that do not
	// exist, instead of being MalformedPolicyDocument.
	TrustPrincipalsUnchecked bool

	// MisplacedElementRefused: Principal in an identity policy and Resource in a trust policy are refused.
	MisplacedElementRefused bool
	// MissingElementRefused: an identity statement without Resource and a trust statement without Principal are
	// refused.
	MissingElementRefused bool
	// UnknownElementRefused: elements that the grammar does not name are refused, NotResource, NotPrincipal, Sid and
	// Id among them.
	UnknownElementRefused bool
	// UnknownOperatorRefused: condition operators that the grammar does not name are refused.
	UnknownOperatorRefused bool
	// EmptyStatementRefused: an empty Statement list is refused.
	EmptyStatementRefused bool
	// ActionAndNotActionRefused: a statement with both Action and NotAction is refused.
	ActionAndNotActionRefused bool
	// ActionAndResourceChecked: an action without the form code:name and a resource that does not start with acs:
	// are refused, except *.
	ActionAndResourceChecked bool
	// LowerCasePolicyAccepted: element names and Effect are read whatever their case, instead of being refused.
	LowerCasePolicyAccepted bool

	// SystemPolicyNamesReserved: a custom policy with a system policy's name is EntityAlreadyExists.Policy, instead
	// of being created.
	SystemPolicyNamesReserved bool
	// VersionListWithoutDocuments: ListPolicyVersions leaves PolicyDocument out.
	VersionListWithoutDocuments bool
	// VersionNumbersReused: a new policy version gets the lowest number free, instead of one never used.
	VersionNumbersReused bool
	// SetDefaultAgainRefused: SetDefaultPolicyVersion to the current default is EntityAlreadyExists.Policy.Version (a
	// code of this server's), instead of succeeding.
	SetDefaultAgainRefused bool
	// ReservedTagsAllowed: tags of roles and policies may start with aliyun and acs: and contain URLs, instead of
	// being refused like those of users.
	ReservedTagsAllowed bool
	// UntagMissingRefused: UntagResources of a key that is not there is EntityNotExist.Tag (a code of this server's),
	// instead of succeeding.
	UntagMissingRefused bool
	// UntagAllAlways: All=true of RAM's UntagResources counts even where TagKeys are given.
	UntagAllAlways bool

	// DenialsUnexplained: a refusal for lack of permission has no AccessDeniedDetail, as in the examples of RAM's own pages.
	DenialsUnexplained bool
	// SAMLProviderErrorCode: a SAML provider that is not there is EntityNotExist.SAMLProviderError, not
	// EntityNotExist.SAMLProvider.
	SAMLProviderErrorCode bool
	// MetadataInLines: SAML metadata is shown in lines of 76 characters, instead of as it was sent.
	MetadataInLines bool
	// UpdateSAMLProviderResets: UpdateSAMLProvider without AuthnSignAlgo sets rsa-sha1, instead of keeping the value.
	UpdateSAMLProviderResets bool
	// UpdateOIDCProviderResets: UpdateOIDCProvider without ClientIds removes all of them, and without IssuanceLimitTime
	// sets 12, instead of keeping them.
	UpdateOIDCProviderResets bool
	// FingerprintsInLowerCase: fingerprints of OIDC providers are kept in lower case, instead of as they were sent.
	FingerprintsInLowerCase bool
	// OIDCListsForgiving: adding a client id or a fingerprint that is there already, and removing one that is not,
	// succeed, instead of being refused.
	OIDCListsForgiving bool
	// UserSSOResets: SetUserSsoSettings sets absent fields to their defaults, instead of keeping them.
	UserSSOResets bool
	// UserSSOTextsStay: SetUserSsoSettings cannot empty MetadataDocument and AuxiliaryDomain: an empty one is refused
	// like a missing one, and an absent one keeps the value, whatever UserSSOResets says. Otherwise an empty one empties.
	UserSSOTextsStay bool
	// ReportInBase32: the content of a credential report is in base32, as in the example of GetCredentialReport, not in
	// base64, as its text says.
	ReportInBase32 bool
	// ReportPagesWithoutHeader: only the first page of a credential report has the line with the names of the columns.
	ReportPagesWithoutHeader bool
	// ResourceGroupsBlockDeletion: policies that a user, group or role has in a resource group are in the way of its
	// deletion, and of the policy's, with the codes of those for the whole account, instead of going along.
	ResourceGroupsBlockDeletion bool
	// AttachPolicyRepeatable: Resource Manager's AttachPolicy of what is attached and DetachPolicy of what is not succeed,
	// instead of answering the codes of RAM's actions.
	AttachPolicyRepeatable bool
	// AttachmentFiltersChecked: ListPolicyAttachments answers EntityNotExist.* where a filter names a resource group,
	// policy or principal that does not exist, instead of an empty list.
	AttachmentFiltersChecked bool

	// UnsetAliasIsAccountID: GetAccountAlias answers the account ID while no alias is set, instead of nothing.
	UnsetAliasIsAccountID bool
	// AliasApartFromDomain: SetAccountAlias leaves the default domain alone, instead of making it the alias's.
	AliasApartFromDomain bool
	// DomainApartFromAlias: SetDefaultDomain leaves the alias alone, instead of making it the domain's.
	DomainApartFromAlias bool
	// ClearAliasKeepsDomain: ClearAccountAlias leaves the default domain alone, instead of resetting it to the
	// account ID.
	ClearAliasKeepsDomain bool
	// PasswordPolicyResets: SetPasswordPolicy sets absent fields to their defaults, instead of keeping them.
	PasswordPolicyResets bool
	// NoRiskPasswordSetting: the service has no InterceptRiskPasswordOnApi, which is new: SetPasswordPolicy refuses it
	// as unknown and answers lack it.
	NoRiskPasswordSetting bool
	// SecurityPreferenceResets: SetSecurityPreference sets every absent field to its default, instead of keeping all but
	// LoginNetworkMasks and LoginSessionDuration.
	SecurityPreferenceResets bool
	// NoServiceCredentialSetting: the service has no AllowUserToManageServiceCredentials, which is new:
	// SetSecurityPreference refuses it as unknown and answers lack it.
	NoServiceCredentialSetting bool
	// MasksAsNetworks: answers have LoginNetworkMasks sorted, and single addresses as networks, 192.0.2.1/32, instead of
	// as they were set.
	MasksAsNetworks bool
}

// AllUnsure returns every switch set.
func AllUnsure() Unsure {
	var u Unsure
	v := reflect.ValueOf(&u).Elem()
	for i := range v.NumField() {
		v.Field(i).SetBool(true)
	}
	return u
}
