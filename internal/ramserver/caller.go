package ramserver

import (
	"crypto/hmac"
	"crypto/subtle"
	"maps"
	"net/http"
	"time"
)

// caller is who makes a call: the account itself, a user, or the session of an assumed role. The zero value is nobody.
type caller struct {
	AccessKeyID string
	UserID      string // of a user
	Session     *session
}

func (c caller) isRoot() bool {
	return c.AccessKeyID != "" && c.UserID == "" && c.Session == nil
}

// authenticate finds out who sent a request, and refuses it when that cannot be proved.
func (s *Server) authenticate(hr *http.Request, r request) (caller, error) {
	sig, err := readSignature(hr, r)
	if err != nil {
		return caller{}, err
	}
	if sig == nil {
		if actions[actionKey{r.version, r.action}].anonymous {
			return caller{}, nil
		}
		return caller{}, incomplete("the request is not signed")
	}
	s.lock()
	defer s.mu.Unlock()
	who, secret, err := s.credential(sig)
	if err != nil {
		return caller{}, err
	}
	if err := s.checkDate(sig.date); err != nil {
		return caller{}, err
	}
	if !hmac.Equal(sig.claimed, sig.compute(secret)) {
		return caller{}, &apiError{
			statusIf(s.Unsure.SignatureMismatchAs403, http.StatusForbidden, http.StatusBadRequest),
			"SignatureDoesNotMatch", "The request signature does not match: check the access key secret.",
		}
	}
	if err := s.useNonce(sig); err != nil {
		return caller{}, err
	}
	if key := s.state.AccessKeys[sig.accessKeyID]; key != nil {
		key.LastUsedDate, key.LastUsedService = s.now(), services[r.version]
	}
	return who, nil
}

// services names the APIs as GetAccessKeyLastUsed does.
var services = map[string]string{ramVersion: "Ram", imsVersion: "Ims", stsVersion: "Sts", rmVersion: "ResourceManager"}

// credential looks up the access key of a signature.
func (s *Server) credential(sig *signature) (caller, string, error) {
	if ses := s.state.Sessions[sig.accessKeyID]; ses != nil {
		if err := s.checkSecurityToken(sig.securityToken, ses); err != nil {
			return caller{}, "", err
		}
		return caller{AccessKeyID: sig.accessKeyID, Session: ses}, ses.AccessKeySecret, nil
	}
	key := s.state.AccessKeys[sig.accessKeyID]
	if key == nil {
		return caller{}, "", s.unknownKey()
	}
	if sig.securityToken != "" {
		return caller{}, "", s.badSecurityToken("MismatchWithAccessKey", "The security token does not belong to the access key.")
	}
	if key.Status != active {
		return caller{}, "", badRequest("InvalidAccessKeyId.Inactive", "The access key is disabled.")
	}
	return caller{AccessKeyID: key.AccessKeyID, UserID: key.UserID}, key.AccessKeySecret, nil
}

func (s *Server) unknownKey() error {
	return &apiError{
		statusIf(s.Unsure.UnknownKeyAs400, http.StatusBadRequest, http.StatusNotFound),
		"InvalidAccessKeyId.NotFound", "Specified access key is not found.",
	}
}

// callerExists reports whether nobody has deleted the caller since the call was authenticated.
func (s *Server) callerExists(c caller) bool {
	return (c.UserID == "" || s.state.Users[c.UserID] != nil) && (c.Session == nil || s.state.Roles[c.Session.RoleID] != nil)
}

func (s *Server) checkSecurityToken(token string, ses *session) error {
	switch {
	case token == "":
		return s.badSecurityToken("Malformed", "The access key needs its security token.")
	case subtle.ConstantTimeCompare([]byte(token), []byte(ses.SecurityToken)) != 1:
		return s.badSecurityToken("MismatchWithAccessKey", "The security token does not belong to the access key.")
	case !s.now().Before(ses.Expiration):
		return s.badSecurityToken("Expired", "The security token has expired.")
	}
	return nil
}

func (s *Server) badSecurityToken(kind, message string) error {
	return &apiError{
		statusIf(s.Unsure.SecurityTokenAs403, http.StatusForbidden, http.StatusBadRequest),
		"InvalidSecurityToken." + kind, message,
	}
}

// checkDate refuses a date more than 15 minutes off.
func (s *Server) checkDate(date string) error {
	t, err := time.Parse(timeLayout, date)
	if err != nil {
		return badRequest("InvalidTimeStamp.Format", "The date must look like %s.", timeLayout)
	}
	if s.now().Sub(t).Abs() > clockSkew {
		return badRequest("InvalidTimeStamp.Expired", "The date is more than 15 minutes off.")
	}
	return nil
}

// useNonce refuses a nonce that the same key used in a request whose date would still be accepted.
func (s *Server) useNonce(sig *signature) error {
	now := s.now()
	if len(s.nonces) > max(s.sweep, 10_000) {
		maps.DeleteFunc(s.nonces, func(_ string, used time.Time) bool { return now.Sub(used).Abs() > 2*clockSkew })
		s.sweep = 2 * len(s.nonces) // so that a sweep costs each of the calls since the last one little
	}
	nonce := sig.accessKeyID + " " + sig.nonce
	if used, ok := s.nonces[nonce]; ok && now.Sub(used).Abs() <= 2*clockSkew {
		return badRequest("SignatureNonceUsed", "The signature nonce has been used.")
	}
	s.nonces[nonce] = now
	return nil
}
