package ramserver

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// session is an assumed role.
type session struct {
	AccessKeyID     string    `json:"AccessKeyId"`
	AccessKeySecret string    `json:"AccessKeySecret"`
	SecurityToken   string    `json:"SecurityToken"`
	Expiration      time.Time `json:"Expiration"`
	RoleID          string    `json:"RoleId"`
	RoleName        string    `json:"RoleName"`
	SessionName     string    `json:"SessionName"`
}

func (s *Server) getCallerIdentity(r request) (reply, error) {
	switch {
	case r.caller.Session != nil:
		ses := r.caller.Session
		kind := "assumed-role/"
		if s.Unsure.CallerRoleARNPlain {
			kind = "role/"
		}
		return reply{
			"IdentityType": "AssumedRoleUser",
			"AccountId":    s.accountID(),
			"RoleId":       ses.RoleID,
			"PrincipalId":  ses.RoleID + ":" + ses.SessionName,
			"Arn":          s.arn(kind + s.roleNameInARN(ses.RoleName) + "/" + ses.SessionName),
		}, nil
	case r.caller.isRoot():
		return reply{
			"IdentityType": "Account",
			"AccountId":    s.accountID(),
			"UserId":       s.accountID(),
			"PrincipalId":  s.accountID(),
			"Arn":          s.arn("root"),
		}, nil
	}
	u := s.state.Users[r.caller.UserID]
	return reply{
		"IdentityType": "RAMUser",
		"AccountId":    s.accountID(),
		"UserId":       u.UserID,
		"PrincipalId":  u.UserID,
		"Arn":          s.arn("user/" + u.UserName),
	}, nil
}

// assumeRole asks the role's trust policy about the caller: as itself, and as somebody of the account.
func (s *Server) assumeRole(r request) (reply, error) {
	role, seconds, err := s.roleToAssume(r)
	if err != nil {
		return nil, err
	}
	arns := []string{s.arn("root")}
	switch {
	case r.caller.Session != nil:
		arns = append(arns, s.arn("role/"+r.caller.Session.RoleName))
	case r.caller.UserID != "":
		arns = append(arns, s.arn("user/"+s.state.Users[r.caller.UserID].UserName))
	}
	q := trustRequest{kind: "RAM", arns: arns, conditions: map[string][]string{"sts:ExternalId": nil}}
	if r.Has("ExternalId") {
		q.conditions["sts:ExternalId"] = []string{r.Get("ExternalId")}
	}
	effect, err := s.trustEffect(role.AssumeRolePolicyDocument, q)
	if err != nil {
		return nil, err
	}
	if effect != "Allow" {
		return nil, s.refuseRole(r.caller, role, effect == "Deny")
	}
	if r.Has("SourceIdentity") {
		if err := s.checkSourceIdentity(r.Get("SourceIdentity"), role, q); err != nil {
			return nil, err
		}
	}
	out := s.startSession(role, r.Get("RoleSessionName"), seconds)
	if r.Has("SourceIdentity") {
		out["SourceIdentity"] = r.Get("SourceIdentity")
	}
	return out, nil
}

// checkSourceIdentity asks the role's trust policy whether the caller may say who is behind the session. The caller
// may assume the role otherwise.
func (s *Server) checkSourceIdentity(identity string, role *role, q trustRequest) error {
	if err := s.checkName("SourceIdentity", identity, nameRule{64, ".@-_"}); err != nil {
		return err
	}
	if len(identity) < 2 {
		return badLength("SourceIdentity", 2, 64)
	}
	q.action = "sts:SetSourceIdentity"
	ok, err := s.trusts(role.AssumeRolePolicyDocument, q)
	if err == nil && !ok {
		err = forbidden("NoPermission", "The caller may not set a source identity: the trust policy of the role "+role.RoleName+" does not allow sts:SetSourceIdentity.")
	}
	return err
}

func refuseAssume(err error) error {
	if err != nil {
		return err
	}
	return forbidden("NoPermission", "The caller may not assume the role: its trust policy does not allow it.")
}

// roleToAssume reads the parameters that both forms of AssumeRole share. A session lasts 15 minutes up to what the
// role allows, one hour unless told.
func (s *Server) roleToAssume(r request) (*role, int, error) {
	arn, err := s.required(r, "RoleArn")
	if err != nil {
		return nil, 0, err
	}
	session, err := s.name(r, "RoleSessionName", nameRule{64, ".@-_"})
	if err != nil {
		return nil, 0, err
	}
	if len(session) < 2 {
		return nil, 0, badLength("RoleSessionName", 2, 64)
	}
	if r.Has("Policy") {
		if err := s.checkIdentityPolicy(r.Get("Policy")); err != nil {
			return nil, 0, err
		}
	}
	name, ok := strings.CutPrefix(arn, s.arn("role/"))
	if !ok {
		return nil, 0, badFormat("RoleArn", "the ARN of a role of this account")
	}
	role := s.roleNamed(name)
	if role == nil || !role.visible() {
		return nil, 0, noRole(name)
	}
	seconds := minSessionSeconds
	err = r.number(&seconds, "DurationSeconds", 900, role.MaxSessionDuration)
	return role, seconds, err
}

func (s *Server) startSession(role *role, name string, seconds int) reply {
	id := s.newSessionKeyID(role, name)
	ses := &session{
		AccessKeyID:     id,
		AccessKeySecret: s.newSecret(id),
		SecurityToken:   "CAIS" + randomText(s.random("security token", id), 78),
		Expiration:      s.now().Add(time.Duration(seconds) * time.Second).Truncate(time.Second),
		RoleID:          role.RoleID,
		RoleName:        role.RoleName,
		SessionName:     name,
	}
	s.state.Sessions[ses.AccessKeyID] = ses
	return reply{
		"Credentials": reply{
			"AccessKeyId":     ses.AccessKeyID,
			"AccessKeySecret": ses.AccessKeySecret,
			"SecurityToken":   ses.SecurityToken,
			"Expiration":      timestamp(ses.Expiration),
		},
		"AssumedRoleUser": reply{
			"Arn":           s.roleARN(role) + "/" + name,
			"AssumedRoleId": role.RoleID + ":" + name,
		},
	}
}

// idToken holds the claims of an OIDC token that matter here.
type idToken struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Issued   float64  `json:"iat"` // seconds since 1970
	Expires  float64  `json:"exp"` // likewise
}

// audience is a string or a list of strings in JSON.
type audience []string

// UnmarshalJSON takes either form.
func (a *audience) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*a = texts(v)
	return nil
}

// assumeRoleWithOIDC needs no signature: the token is the proof. Its own signature is not verified here.
func (s *Server) assumeRoleWithOIDC(r request) (reply, error) {
	arn, err := s.required(r, "OIDCProviderArn")
	if err != nil {
		return nil, err
	}
	text, err := s.required(r, "OIDCToken")
	if err != nil {
		return nil, err
	}
	role, seconds, err := s.roleToAssume(r)
	if err != nil {
		return nil, err
	}
	name, _ := strings.CutPrefix(arn, s.arn("oidc-provider/"))
	provider := s.state.OIDCProviders[name]
	if provider == nil {
		return nil, notExist("OIDCProvider", "The OIDC provider does not exist: %s.", arn)
	}
	token, err := s.readIDToken(text, provider)
	if err != nil {
		return nil, err
	}
	q := trustRequest{kind: "Federated", arns: []string{arn}, conditions: map[string][]string{
		"oidc:iss": {token.Issuer}, "oidc:aud": token.Audience, "oidc:sub": {token.Subject},
	}}
	if ok, err := s.trusts(role.AssumeRolePolicyDocument, q); err != nil || !ok {
		return nil, refuseAssume(err)
	}
	out := s.startSession(role, r.Get("RoleSessionName"), seconds)
	out["OIDCTokenInfo"] = reply{
		"Subject":        token.Subject,
		"Issuer":         token.Issuer,
		"ClientIds":      strings.Join(token.Audience, ","),
		"ExpirationTime": timestamp(time.Unix(int64(token.Expires), 0)),
	}
	return out, nil
}

// readIDToken reads a JWT and holds its claims against the provider that it must come from.
func (s *Server) readIDToken(text string, provider *oidcProvider) (idToken, error) {
	var token idToken
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return token, badToken("a token has three parts")
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(claims, &token) != nil {
		return token, badToken("its claims cannot be read")
	}
	limit := time.Duration(provider.IssuanceLimitTime) * time.Hour
	known := func(client string) bool { return slices.Contains(provider.ClientIDs, client) }
	switch {
	case token.Issuer != provider.IssuerURL:
		return token, badToken("its issuer is not the provider's")
	case !slices.ContainsFunc(token.Audience, known):
		return token, badToken("its audience is none of the provider's client ids")
	case !s.now().Before(time.Unix(int64(token.Expires), 0)):
		return token, badRequest("AuthenticationFail.OIDCToken.Expired", "The OIDC token has expired.")
	case token.Issued > 0 && s.now().Sub(time.Unix(int64(token.Issued), 0)) > limit:
		return token, badToken("it was issued longer ago than the provider allows")
	}
	return token, nil
}

func badToken(why string) error {
	return badRequest("AuthenticationFail.OIDCToken.Invalid", "The OIDC token is not valid: %s.", why)
}
