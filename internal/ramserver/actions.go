package ramserver

import "strings"

type actionKey struct{ version, name string }

// action is one entry of the API: the function, which runs with the mutex held, and the parameters it takes besides
// the common ones.
type action struct {
	run       func(*Server, request) (reply, error)
	params    []string
	anonymous bool // may be called unsigned
}

// takes lists parameters, separated by spaces. N stands for the index of an array: Tag.N.Key.
func takes(params string) []string {
	return strings.Fields(params)
}

// actions is every action that the server knows.
var actions = byVersion(map[string]map[string]action{
	ramVersion: ramActions, imsVersion: imsActions, stsVersion: stsActions, rmVersion: rmActions,
})

func byVersion(versions map[string]map[string]action) map[actionKey]action {
	all := map[actionKey]action{}
	for version, named := range versions {
		for name, a := range named {
			all[actionKey{version, name}] = a
		}
	}
	return all
}

var ramActions = map[string]action{
	"CreateUser": {run: (*Server).createUser, params: takes("UserName DisplayName MobilePhone Email Comments")},
	"GetUser":    {run: (*Server).getUser, params: takes("UserName")},
	"ListUsers":  {run: (*Server).listUsers, params: takes("Marker MaxItems")},
	"UpdateUser": {run: (*Server).updateUser, params: takes("UserName NewUserName NewDisplayName NewMobilePhone NewEmail NewComments")},
	"DeleteUser": {run: (*Server).deleteUser, params: takes("UserName")},

	"CreateLoginProfile": {run: (*Server).createLoginProfile, params: takes("UserName Password PasswordResetRequired MFABindRequired")},
	"GetLoginProfile":    {run: (*Server).getLoginProfile, params: takes("UserName")},
	"UpdateLoginProfile": {run: (*Server).updateLoginProfile, params: takes("UserName Password PasswordResetRequired MFABindRequired")},
	"DeleteLoginProfile": {run: (*Server).deleteLoginProfile, params: takes("UserName")},
	"ChangePassword":     {run: (*Server).changePassword, params: takes("OldPassword NewPassword")},

	"CreateVirtualMFADevice": {run: (*Server).createVirtualMFADevice, params: takes("VirtualMFADeviceName")},
	"ListVirtualMFADevices":  {run: (*Server).listVirtualMFADevices},
	"BindMFADevice":          {run: (*Server).bindMFADevice, params: takes("SerialNumber UserName AuthenticationCode1 AuthenticationCode2")},
	"UnbindMFADevice":        {run: (*Server).unbindMFADevice, params: takes("UserName")},
	"GetUserMFAInfo":         {run: (*Server).getUserMFAInfo, params: takes("UserName")},
	"DeleteVirtualMFADevice": {run: (*Server).deleteVirtualMFADevice, params: takes("SerialNumber")},

	"CreateAccessKey":      {run: (*Server).createAccessKey, params: takes("UserName")},
	"ListAccessKeys":       {run: (*Server).listAccessKeys, params: takes("UserName")},
	"UpdateAccessKey":      {run: (*Server).updateAccessKey, params: takes("UserName UserAccessKeyId Status")},
	"DeleteAccessKey":      {run: (*Server).deleteAccessKey, params: takes("UserName UserAccessKeyId")},
	"GetAccessKeyLastUsed": {run: (*Server).getAccessKeyLastUsed, params: takes("UserName UserAccessKeyId")},

	"CreateGroup":         {run: (*Server).createGroup, params: takes("GroupName Comments")},
	"GetGroup":            {run: (*Server).getGroup, params: takes("GroupName")},
	"ListGroups":          {run: (*Server).listGroups, params: takes("Marker MaxItems")},
	"UpdateGroup":         {run: (*Server).updateGroup, params: takes("GroupName NewGroupName NewComments")},
	"DeleteGroup":         {run: (*Server).deleteGroup, params: takes("GroupName")},
	"AddUserToGroup":      {run: (*Server).addUserToGroup, params: takes("UserName GroupName")},
	"RemoveUserFromGroup": {run: (*Server).removeUserFromGroup, params: takes("UserName GroupName")},
	"ListGroupsForUser":   {run: (*Server).listGroupsForUser, params: takes("UserName")},
	"ListUsersForGroup":   {run: (*Server).listUsersForGroup, params: takes("GroupName Marker MaxItems")},

	"CreateRole": {run: (*Server).createRole, params: takes("RoleName AssumeRolePolicyDocument Description MaxSessionDuration Tag")},
	"GetRole":    {run: (*Server).getRole, params: takes("RoleName")},
	"ListRoles":  {run: (*Server).listRoles, params: takes("Marker MaxItems Tag")},
	"UpdateRole": {run: (*Server).updateRole, params: takes("RoleName NewAssumeRolePolicyDocument NewDescription NewMaxSessionDuration")},
	"DeleteRole": {run: (*Server).deleteRole, params: takes("RoleName")},

	"CreatePolicy":            {run: (*Server).createPolicy, params: takes("PolicyName PolicyDocument Description Tag")},
	"GetPolicy":               {run: (*Server).getPolicy, params: takes("PolicyName PolicyType")},
	"ListPolicies":            {run: (*Server).listPolicies, params: takes("PolicyType Marker MaxItems Tag")},
	"UpdatePolicyDescription": {run: (*Server).updatePolicyDescription, params: takes("PolicyName NewDescription")},
	"DeletePolicy":            {run: (*Server).deletePolicy, params: takes("PolicyName CascadingDelete")},
	"CreatePolicyVersion":     {run: (*Server).createPolicyVersion, params: takes("PolicyName PolicyDocument SetAsDefault RotateStrategy")},
	"GetPolicyVersion":        {run: (*Server).getPolicyVersion, params: takes("PolicyName PolicyType VersionId")},
	"ListPolicyVersions":      {run: (*Server).listPolicyVersions, params: takes("PolicyName PolicyType")},
	"SetDefaultPolicyVersion": {run: (*Server).setDefaultPolicyVersion, params: takes("PolicyName VersionId")},
	"DeletePolicyVersion":     {run: (*Server).deletePolicyVersion, params: takes("PolicyName VersionId")},

	"ListEntitiesForPolicy": {run: (*Server).listEntitiesForPolicy, params: takes("PolicyName PolicyType")},
	"AttachPolicyToUser":    {run: (*Server).attachPolicyToUser, params: takes("PolicyType PolicyName UserName ResourceGroupId")},
	"AttachPolicyToGroup":   {run: (*Server).attachPolicyToGroup, params: takes("PolicyType PolicyName GroupName ResourceGroupId")},
	"AttachPolicyToRole":    {run: (*Server).attachPolicyToRole, params: takes("PolicyType PolicyName RoleName ResourceGroupId")},
	"DetachPolicyFromUser":  {run: (*Server).detachPolicyFromUser, params: takes("PolicyType PolicyName UserName ResourceGroupId")},
	"DetachPolicyFromGroup": {run: (*Server).detachPolicyFromGroup, params: takes("PolicyType PolicyName GroupName ResourceGroupId")},
	"DetachPolicyFromRole":  {run: (*Server).detachPolicyFromRole, params: takes("PolicyType PolicyName RoleName ResourceGroupId")},
	"ListPoliciesForUser":   {run: (*Server).listPoliciesForUser, params: takes("UserName")},
	"ListPoliciesForGroup":  {run: (*Server).listPoliciesForGroup, params: takes("GroupName")},
	"ListPoliciesForRole":   {run: (*Server).listPoliciesForRole, params: takes("RoleName")},

	"GetAccountAlias":       {run: (*Server).getAccountAlias},
	"SetAccountAlias":       {run: (*Server).setAccountAlias, params: takes("AccountAlias")},
	"ClearAccountAlias":     {run: (*Server).clearAccountAlias},
	"GetPasswordPolicy":     {run: (*Server).getPasswordPolicy},
	"SetPasswordPolicy":     {run: (*Server).setPasswordPolicy, params: takes("MinimumPasswordLength RequireLowercaseCharacters RequireUppercaseCharacters RequireNumbers RequireSymbols MaxPasswordAge PasswordReusePrevention MaxLoginAttemps HardExpiry")},
	"GetSecurityPreference": {run: (*Server).getSecurityPreference},
	"SetSecurityPreference": {run: (*Server).setSecurityPreference, params: takes("EnableSaveMFATicket AllowUserToChangePassword AllowUserToManageAccessKeys AllowUserToManageMFADevices AllowUserToManagePublicKeys LoginSessionDuration LoginNetworkMasks")},

	"DecodeDiagnosticMessage": {run: (*Server).decodeDiagnosticMessage, params: takes("EncodedDiagnosticMessage")},

	"TagResources":     {run: (*Server).tagResources, params: takes("ResourceType ResourceNames Tag")},
	"UntagResources":   {run: (*Server).untagResources, params: takes("ResourceType ResourceNames TagKeys All")},
	"ListTagResources": {run: (*Server).listTagResources, params: takes("ResourceType ResourceNames Tag PageSize NextToken")},
}

var imsActions = map[string]action{
	"CreateUser": {run: (*Server).createUser, params: takes("UserPrincipalName DisplayName MobilePhone Email Comments Tag.N.Key Tag.N.Value")},
	"GetUser":    {run: (*Server).getUserIMS, params: takes("UserPrincipalName UserId UserAccessKeyId")},
	"ListUsers":  {run: (*Server).listUsersIMS, params: takes("Marker MaxItems Status Tag.N.Key Tag.N.Value")},
	"UpdateUser": {run: (*Server).updateUserIMS, params: takes("UserPrincipalName UserId NewUserPrincipalName NewDisplayName NewMobilePhone NewEmail NewComments")},
	"DeleteUser": {run: (*Server).deleteUserIMS, params: takes("UserPrincipalName UserId")},

	"CreateLoginProfile": {run: (*Server).createLoginProfile, params: takes("UserPrincipalName Password PasswordResetRequired MFABindRequired Status")},
	"GetLoginProfile":    {run: (*Server).getLoginProfile, params: takes("UserPrincipalName")},
	"UpdateLoginProfile": {run: (*Server).updateLoginProfile, params: takes("UserPrincipalName Password PasswordResetRequired MFABindRequired Status")},
	"DeleteLoginProfile": {run: (*Server).deleteLoginProfile, params: takes("UserPrincipalName")},

	"CreateVirtualMFADevice": {run: (*Server).createVirtualMFADevice, params: takes("VirtualMFADeviceName")},
	"BindMFADevice":          {run: (*Server).bindMFADevice, params: takes("SerialNumber UserPrincipalName AuthenticationCode1 AuthenticationCode2")},
	"UnbindMFADevice":        {run: (*Server).unbindMFADevice, params: takes("UserPrincipalName")},
	"DeleteVirtualMFADevice": {run: (*Server).deleteVirtualMFADevice, params: takes("SerialNumber")},

	"DisableVirtualMFA":     {run: (*Server).disableVirtualMFA, params: takes("UserPrincipalName")},
	"GetUserMFAInfo":        {run: (*Server).getUserMFAInfo, params: takes("UserPrincipalName")},
	"ListVirtualMFADevices": {run: (*Server).listVirtualMFADevices, params: takes("Marker MaxItems")},

	"ListUsersInRecycleBin":          {run: (*Server).listUsersInRecycleBin, params: takes("Marker MaxItems Filter")},
	"GetUserInRecycleBin":            {run: (*Server).getUserInRecycleBin, params: takes("UserId UserAccessKeyId")},
	"RestoreUserFromRecycleBin":      {run: (*Server).restoreUserFromRecycleBin, params: takes("UserId")},
	"DeleteUserInRecycleBin":         {run: (*Server).deleteUserInRecycleBin, params: takes("UserId")},
	"ListAccessKeysInRecycleBin":     {run: (*Server).listAccessKeysInRecycleBin, params: takes("UserId")},
	"GetAccessKeyInfoInRecycleBin":   {run: (*Server).getAccessKeyInfoInRecycleBin, params: takes("UserAccessKeyId")},
	"RestoreAccessKeyFromRecycleBin": {run: (*Server).restoreAccessKeyFromRecycleBin, params: takes("UserId UserAccessKeyId")},
	"DeleteAccessKeyInRecycleBin":    {run: (*Server).deleteAccessKeyInRecycleBin, params: takes("UserId UserAccessKeyId")},

	"ListAccessKeys":       {run: (*Server).listAccessKeys, params: takes("UserPrincipalName")},
	"GetAccessKeyLastUsed": {run: (*Server).getAccessKeyLastUsed, params: takes("UserPrincipalName UserAccessKeyId")},
	"GetAccessKeyPolicy":   {run: (*Server).getAccessKeyPolicy, params: takes("UserPrincipalName UserAccessKeyId")},
	"SetAccessKeyPolicy":   {run: (*Server).setAccessKeyPolicy, params: takes("UserPrincipalName UserAccessKeyId AccessKeyPolicy")},

	"TagResources":     {run: (*Server).tagResources, params: takes("ResourceType ResourceId.N ResourcePrincipalName.N Tag.N.Key Tag.N.Value")},
	"UntagResources":   {run: (*Server).untagResources, params: takes("ResourceType ResourceId.N ResourcePrincipalName.N TagKey.N All")},
	"ListTagResources": {run: (*Server).listTagResources, params: takes("ResourceType ResourceId.N ResourcePrincipalName.N Tag.N.Key Tag.N.Value PageSize NextToken")},

	"GetGroup":          {run: (*Server).getGroup, params: takes("GroupName")},
	"ListGroups":        {run: (*Server).listGroups, params: takes("Marker MaxItems")},
	"ListUsersForGroup": {run: (*Server).listUsersForGroup, params: takes("GroupName Marker MaxItems")},
	"ListGroupsForUser": {run: (*Server).listGroupsForUser, params: takes("UserPrincipalName")},

	"CreateSAMLProvider": {run: (*Server).createSAMLProvider, params: takes("SAMLProviderName EncodedSAMLMetadataDocument Description AuthnSignAlgo")},
	"GetSAMLProvider":    {run: (*Server).getSAMLProvider, params: takes("SAMLProviderName")},
	"ListSAMLProviders":  {run: (*Server).listSAMLProviders, params: takes("Marker MaxItems")},
	"UpdateSAMLProvider": {run: (*Server).updateSAMLProvider, params: takes("SAMLProviderName NewDescription NewEncodedSAMLMetadataDocument AuthnSignAlgo")},
	"DeleteSAMLProvider": {run: (*Server).deleteSAMLProvider, params: takes("SAMLProviderName")},

	"CreateOIDCProvider":                {run: (*Server).createOIDCProvider, params: takes("OIDCProviderName IssuerUrl ClientIds Fingerprints Description IssuanceLimitTime")},
	"GetOIDCProvider":                   {run: (*Server).getOIDCProvider, params: takes("OIDCProviderName")},
	"ListOIDCProviders":                 {run: (*Server).listOIDCProviders, params: takes("Marker MaxItems")},
	"UpdateOIDCProvider":                {run: (*Server).updateOIDCProvider, params: takes("OIDCProviderName NewDescription ClientIds IssuanceLimitTime")},
	"DeleteOIDCProvider":                {run: (*Server).deleteOIDCProvider, params: takes("OIDCProviderName")},
	"AddClientIdToOIDCProvider":         {run: (*Server).addClientID, params: takes("OIDCProviderName ClientId")},
	"RemoveClientIdFromOIDCProvider":    {run: (*Server).removeClientID, params: takes("OIDCProviderName ClientId")},
	"AddFingerprintToOIDCProvider":      {run: (*Server).addFingerprint, params: takes("OIDCProviderName Fingerprint")},
	"RemoveFingerprintFromOIDCProvider": {run: (*Server).removeFingerprint, params: takes("OIDCProviderName Fingerprint")},

	"GetUserSsoSettings":       {run: (*Server).getUserSSOSettings},
	"SetUserSsoSettings":       {run: (*Server).setUserSSOSettings, params: takes("SsoEnabled MetadataDocument AuxiliaryDomain SsoLoginWithDomain AuthnSignAlgo")},
	"GenerateCredentialReport": {run: (*Server).generateCredentialReport},
	"GetCredentialReport":      {run: (*Server).getCredentialReport, params: takes("MaxItems NextToken")},

	"GetDefaultDomain":      {run: (*Server).getDefaultDomain},
	"SetDefaultDomain":      {run: (*Server).setDefaultDomain, params: takes("DefaultDomainName")},
	"GetAccountSummary":     {run: (*Server).getAccountSummary},
	"GetPasswordPolicy":     {run: (*Server).getPasswordPolicy},
	"SetPasswordPolicy":     {run: (*Server).setPasswordPolicy, params: takes("MinimumPasswordLength RequireLowercaseCharacters RequireUppercaseCharacters RequireNumbers RequireSymbols MaxPasswordAge PasswordReusePrevention MaxLoginAttemps MinimumPasswordDifferentCharacter PasswordNotContainUserName HardExpire InitialPasswordAge InterceptRiskPasswordOnApi")},
	"GetSecurityPreference": {run: (*Server).getSecurityPreference},
	"SetSecurityPreference": {run: (*Server).setSecurityPreference, params: takes("EnableSaveMFATicket AllowUserToChangePassword AllowUserToLoginWithPasskey AllowUserToManageAccessKeys AllowUserToManageMFADevices AllowUserToManagePersonalDingTalk AllowUserToManageServiceCredentials MFAOperationForLogin EnforceMFAForLogin OperationForRiskLogin LoginSessionDuration LoginNetworkMasks VerificationTypes MaxIdleDaysForUsers MaxIdleDaysForAccessKeys")},
}

var stsActions = map[string]action{
	"GetCallerIdentity":  {run: (*Server).getCallerIdentity},
	"AssumeRole":         {run: (*Server).assumeRole, params: takes("RoleArn RoleSessionName DurationSeconds Policy ExternalId SourceIdentity")},
	"AssumeRoleWithOIDC": {run: (*Server).assumeRoleWithOIDC, params: takes("RoleArn RoleSessionName DurationSeconds Policy OIDCProviderArn OIDCToken"), anonymous: true},
}

var rmActions = map[string]action{
	"CreateResourceGroup": {run: (*Server).createResourceGroup, params: takes("Name DisplayName")},
	"ListResourceGroups":  {run: (*Server).listResourceGroups, params: takes("ResourceGroupId Name DisplayName PageNumber PageSize")},

	"AttachPolicy":          {run: (*Server).attachPolicy, params: takes("ResourceGroupId PolicyType PolicyName PrincipalType PrincipalName")},
	"DetachPolicy":          {run: (*Server).detachPolicy, params: takes("ResourceGroupId PolicyType PolicyName PrincipalType PrincipalName")},
	"ListPolicyAttachments": {run: (*Server).listPolicyAttachments, params: takes("ResourceGroupId PolicyType PolicyName PrincipalType PrincipalName PageNumber PageSize Language")},

	"CreateServiceLinkedRole":            {run: (*Server).createServiceLinkedRole, params: takes("ServiceName CustomSuffix Description")},
	"DeleteServiceLinkedRole":            {run: (*Server).deleteServiceLinkedRole, params: takes("RoleName")},
	"GetServiceLinkedRoleDeletionStatus": {run: (*Server).getServiceLinkedRoleDeletionStatus, params: takes("DeletionTaskId")},
}
