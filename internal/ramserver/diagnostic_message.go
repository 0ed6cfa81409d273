package ramserver

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
)

// diagnosticMessage is why a caller was refused, as DecodeDiagnosticMessage shows it. By itself this server refuses
// callers only a role whose trust policy does not let them in; the rest is up to [Fault].
type diagnosticMessage struct {
	ExplicitDeny           bool                `json:"ExplicitDeny"`
	NoPermissionPolicyType string              `json:"NoPermissionPolicyType"`
	AuthAction             string              `json:"AuthAction"`
	AuthResource           string              `json:"AuthResource"`
	AuthPrincipal          diagnosticPrincipal `json:"AuthPrincipal"`
	AuthConditions         []reply             `json:"AuthConditions"`
	MatchedPolicies        []MatchedPolicy     `json:"MatchedPolicies"`
}

// MatchedPolicy is a policy that decided on a call. The service says what kind of thing it is attached to, not which.
type MatchedPolicy struct {
	Effect             string // Allow or Deny
	PolicyType         string // Custom or System
	PolicyIdentifier   string // its name; of a control policy its id
	PolicyVersion      string
	AttachedEntityType string // RamUser, RamGroup, RamRole or ResourceDirectoryTarget
	AttachedScope      string // Account, ResourceGroup or Folder
}

// Denial is a refusal for lack of permission.
type Denial struct {
	Resource   string          // what the caller may not act on, such as acs:ram:*:1234567890123456:user/*; * when it is empty
	PolicyType string          // which policies decided; AccountLevelIdentityBasedPolicy when it is empty
	Policies   []MatchedPolicy // those that deny it; without any, none allows it
}

type diagnosticPrincipal struct {
	Type        string `json:"AuthPrincipalType"`
	DisplayName string `json:"AuthPrincipalDisplayName"`
	OwnerID     string `json:"AuthPrincipalOwnerId"`
}

// accessDenied is a refusal that is explained.
type accessDenied struct {
	error
	detail map[string]string // AccessDeniedDetail
}

// Unwrap returns the refusal without the explanation.
func (e *accessDenied) Unwrap() error { return e.error }

// refuseRole is the refusal of AssumeRole by the role's trust policy.
func (s *Server) refuseRole(who caller, role *role, explicit bool) error {
	return s.explained(refuseAssume(nil), who, diagnosticMessage{
		ExplicitDeny: explicit, NoPermissionPolicyType: "AssumeRolePolicy",
		AuthAction: "sts:AssumeRole", AuthResource: s.roleARN(role),
	})
}

// deny is the refusal of a call that has that denial for a fault.
func (s *Server) deny(r request, d *Denial) error {
	prefix := "ram:" // of IMS and Resource Manager too
	if r.version == stsVersion {
		prefix = "sts:"
	}
	return s.explained(forbidden("NoPermission", "You are not authorized to do this action."), r.caller, diagnosticMessage{
		ExplicitDeny: len(d.Policies) > 0, NoPermissionPolicyType: cmp.Or(d.PolicyType, "AccountLevelIdentityBasedPolicy"),
		AuthAction: prefix + r.action, AuthResource: cmp.Or(d.Resource, "*"), MatchedPolicies: d.Policies,
	})
}

// explained adds to a refusal who was refused, and the message that explains it.
func (s *Server) explained(refusal error, who caller, message diagnosticMessage) error {
	if s.Unsure.DenialsUnexplained {
		return refusal
	}
	principal := diagnosticPrincipal{Type: "RootUser", DisplayName: s.accountID(), OwnerID: s.accountID()}
	switch {
	case who.Session != nil:
		principal.Type, principal.DisplayName = "AssumedRoleUser", who.Session.RoleName+":"+who.Session.SessionName
	case who.UserID != "":
		principal.Type, principal.DisplayName = "SubUser", who.UserID
	}
	message.AuthPrincipal, message.AuthConditions = principal, []reply{}
	if message.MatchedPolicies == nil {
		message.MatchedPolicies = []MatchedPolicy{}
	}
	kind := "ImplicitDeny"
	if message.ExplicitDeny {
		kind = "ExplicitDeny"
	}
	text, err := json.Marshal(message)
	if err != nil {
		panic(err) // it consists of texts
	}
	return &accessDenied{refusal, map[string]string{
		"AuthAction":               message.AuthAction,
		"AuthPrincipalType":        principal.Type,
		"AuthPrincipalDisplayName": principal.DisplayName,
		"AuthPrincipalOwnerId":     principal.OwnerID,
		"NoPermissionType":         kind,
		"PolicyType":               message.NoPermissionPolicyType,
		"EncodedDiagnosticMessage": base64.StdEncoding.EncodeToString(text),
	}}
}

// decodeDiagnosticMessage reads the message of a refusal back. The real service's are sealed; these are only encoded.
func (s *Server) decodeDiagnosticMessage(r request) (reply, error) {
	encoded, err := s.required(r, "EncodedDiagnosticMessage")
	if err != nil {
		return nil, err
	}
	var message diagnosticMessage
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || decodeStrictly(text, &message) != nil {
		return nil, badFormat("EncodedDiagnosticMessage", "the one of a refusal")
	}
	return reply{"DecodedDiagnosticMessage": message}, nil
}
