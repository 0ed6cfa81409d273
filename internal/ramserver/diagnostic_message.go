package ramserver

import (
	"encoding/base64"
	"encoding/json"
)

// diagnosticMessage is why a caller was refused, as DecodeDiagnosticMessage shows it. The only thing that this server
// refuses callers is a role whose trust policy does not let them in.
type diagnosticMessage struct {
	ExplicitDeny           bool                `json:"ExplicitDeny"`
	NoPermissionPolicyType string              `json:"NoPermissionPolicyType"`
	AuthAction             string              `json:"AuthAction"`
	AuthResource           string              `json:"AuthResource"`
	AuthPrincipal          diagnosticPrincipal `json:"AuthPrincipal"`
	AuthConditions         []reply             `json:"AuthConditions"`
	MatchedPolicies        []reply             `json:"MatchedPolicies"`
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
	principal := diagnosticPrincipal{Type: "RootUser", DisplayName: s.accountID(), OwnerID: s.accountID()}
	switch {
	case who.Session != nil:
		principal.Type, principal.DisplayName = "AssumedRoleUser", who.Session.RoleName+":"+who.Session.SessionName
	case who.UserID != "":
		principal.Type, principal.DisplayName = "SubUser", who.UserID
	}
	message := diagnosticMessage{
		ExplicitDeny: explicit, NoPermissionPolicyType: "AssumeRolePolicy",
		AuthAction: "sts:AssumeRole", AuthResource: s.roleARN(role), AuthPrincipal: principal,
		AuthConditions: []reply{}, MatchedPolicies: []reply{},
	}
	kind := "ImplicitDeny"
	if explicit {
		kind = "ExplicitDeny"
	}
	text, err := json.Marshal(message)
	if err != nil {
		panic(err) // it consists of texts
	}
	return &accessDenied{refuseAssume(nil), map[string]string{
		"AuthAction":               message.AuthAction,
		"AuthPrincipalType":        principal.Type,
		"AuthPrincipalDisplayName": principal.DisplayName,
		"AuthPrincipalOwnerId":     principal.OwnerID,
		"NoPermissionType":         kind,
		"PolicyType":               message.NoPermissionPolicyType,
		"EncodedDiagnosticMessage": base64.StdEncoding.EncodeToString(text),
	}}
}

// decodeDiagnosticMessage reads a message of refuseRole back. The real service's are sealed; these are only encoded.
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
