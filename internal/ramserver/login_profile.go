package ramserver

import (
	"strings"
	"time"
)

type loginProfile struct {
	PasswordResetRequired bool      `json:"PasswordResetRequired"`
	MFABindRequired       bool      `json:"MFABindRequired"`
	Status                string    `json:"Status"`
	Passwords             []string  `json:"Passwords"`       // hashes, the current one first; none without a password
	PasswordSetDate       time.Time `json:"PasswordSetDate"` // of the current one
	PasswordInitial       bool      `json:"PasswordInitial"` // set by somebody else, not yet changed by the user
	CreateDate            time.Time `json:"CreateDate"`
	UpdateDate            time.Time `json:"UpdateDate"`

	newborn
}

// userProfile returns the user that a request names and the user's login profile.
func (s *Server) userProfile(r request) (*user, *loginProfile, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, nil, err
	}
	if u.LoginProfile == nil || !u.LoginProfile.visible() {
		return nil, nil, s.noLoginProfile(u)
	}
	return u, u.LoginProfile, nil
}

func (s *Server) noLoginProfile(u *user) error {
	entity := "User.LoginProfile"
	if s.Unsure.NarrowEntityCodes {
		entity = "LoginProfile"
	}
	return notExist(entity, "The user %s has no login profile.", u.UserName)
}

// createLoginProfile needs a password in RAM; in IMS a profile can do without one.
func (s *Server) createLoginProfile(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	if r.version == ramVersion && !r.Has("Password") {
		return nil, s.missing("Password")
	}
	if u.LoginProfile != nil {
		return nil, alreadyExists("User.LoginProfile", "The user %s has a login profile.", u.UserName)
	}
	p := &loginProfile{Status: active, CreateDate: s.now(), newborn: s.newborn()}
	if err := s.changeLoginProfile(p, u, r); err != nil {
		return nil, err
	}
	u.LoginProfile = p
	return s.loginProfileReply(r, u), nil
}

func (s *Server) getLoginProfile(r request) (reply, error) {
	u, _, err := s.userProfile(r)
	if err != nil {
		return nil, err
	}
	return s.loginProfileReply(r, u), nil
}

// updateLoginProfile answers the profile in IMS and nothing in RAM.
func (s *Server) updateLoginProfile(r request) (reply, error) {
	u, p, err := s.userProfile(r)
	if err != nil {
		return nil, err
	}
	changed := *p
	if s.Unsure.LoginProfileBoolsReset {
		changed.PasswordResetRequired, changed.MFABindRequired = false, false
	}
	if err := s.changeLoginProfile(&changed, u, r); err != nil {
		return nil, err
	}
	*p = changed
	if r.version == ramVersion {
		return nil, nil
	}
	return s.loginProfileReply(r, u), nil
}

func (s *Server) deleteLoginProfile(r request) (reply, error) {
	u, _, err := s.userProfile(r)
	if err != nil {
		return nil, err
	}
	u.LoginProfile = nil
	return nil, nil
}

// changeLoginProfile sets what a request says about a profile.
func (s *Server) changeLoginProfile(p *loginProfile, u *user, r request) error {
	if err := r.boolean(&p.PasswordResetRequired, "PasswordResetRequired"); err != nil {
		return err
	}
	if err := r.boolean(&p.MFABindRequired, "MFABindRequired"); err != nil {
		return err
	}
	if err := r.choice(&p.Status, "Status", active, inactive); err != nil {
		return err
	}
	if r.Has("Password") {
		if err := s.checkPassword(r.Get("Password"), "Password", u); err != nil {
			return err
		}
		p.setPassword(r.Get("Password"), s.newSalt(u), s.now())
		p.PasswordInitial = true
	}
	p.UpdateDate = s.now()
	return nil
}

// mfaBindRequired is the answer to whether a user must bind an MFA device: the account's setting overrules the user's.
func (s *Server) mfaBindRequired(p *loginProfile) bool {
	return p.MFABindRequired || s.securityPreference().MFAOperationForLogin == mfaMandatory
}

func (s *Server) loginProfileReply(r request, u *user) reply {
	p := u.LoginProfile
	view := reply{
		"PasswordResetRequired": p.PasswordResetRequired,
		"MFABindRequired":       s.mfaBindRequired(p),
	}
	if r.version == ramVersion {
		view["UserName"] = u.UserName
		view["CreateDate"] = timestamp(p.CreateDate)
		return reply{"LoginProfile": view}
	}
	view["UserPrincipalName"] = s.userPrincipalName(u)
	view["Status"] = p.Status
	view["UpdateDate"] = timestamp(p.UpdateDate)
	view["PasswordStatus"] = s.passwordStatus(p)
	view["LastLoginTime"] = timestamp(u.LastLoginDate)
	view["AutoDisableLoginStatus"] = "false"
	return reply{"LoginProfile": view}
}

func (s *Server) passwordStatus(p *loginProfile) string {
	days := s.passwordPolicy().InitialPasswordAge
	switch {
	case !p.PasswordInitial:
		return "NotInitial"
	case days > 0 && s.now().Sub(p.PasswordSetDate) > time.Duration(days)*24*time.Hour:
		return "InitialExpired"
	}
	return "InitialValid"
}

// changePassword changes the password of the user who calls.
func (s *Server) changePassword(r request) (reply, error) {
	oldPassword, err := s.required(r, "OldPassword")
	if err != nil {
		return nil, err
	}
	newPassword, err := s.required(r, "NewPassword")
	if err != nil {
		return nil, err
	}
	if r.caller.UserID == "" {
		return nil, badRequest("NotSupport.Account", "Only RAM users can change their password.")
	}
	u := s.state.Users[r.caller.UserID]
	p := u.LoginProfile
	switch {
	case !s.securityPreference().AllowUserToChangePassword:
		return nil, forbidden("NoPermission", "RAM users may not change their password in this account.")
	case p == nil:
		return nil, s.noLoginProfile(u)
	case !p.hasPassword(oldPassword):
		return nil, badRequest("InvalidParameter.OldPassword.Incorrect", "The old password is not correct.")
	}
	if err := s.checkPassword(newPassword, "NewPassword", u); err != nil {
		return nil, err
	}
	if p.usedBefore(newPassword, s.passwordPolicy().PasswordReusePrevention) {
		return nil, badRequest("InvalidParameter.NewPassword.ReusePrevention", "The password has been used before.")
	}
	p.setPassword(newPassword, s.newSalt(u), s.now())
	p.PasswordInitial, p.PasswordResetRequired = false, false
	p.UpdateDate = s.now()
	return nil, nil
}

// CheckPassword reports whether a user has a console logon with this password. No action of the API can tell.
func (s *Server) CheckPassword(userName, password string) bool {
	s.lock()
	defer s.mu.Unlock()
	u := s.userNamed(userName)
	return u != nil && u.LoginProfile != nil && u.LoginProfile.hasPassword(password)
}

// checkPassword refuses what the password policy does not allow.
func (s *Server) checkPassword(password, param string, u *user) error {
	p := s.passwordPolicy()
	weak := func(why string) error {
		return badRequest("InvalidParameter."+param+".TooWeak", "The password is too weak: %s.", why)
	}
	different := map[rune]bool{}
	for _, c := range password {
		different[c] = true
	}
	n := s.length(password)
	switch {
	case n < p.MinimumPasswordLength || n > maxPasswordLength:
		return weak("its length is outside the limits")
	case p.RequireLowercaseCharacters && !strings.ContainsAny(password, "abcdefghijklmnopqrstuvwxyz"):
		return weak("it has no lower-case letter")
	case p.RequireUppercaseCharacters && !strings.ContainsAny(password, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
		return weak("it has no upper-case letter")
	case p.RequireNumbers && !strings.ContainsAny(password, "0123456789"):
		return weak("it has no digit")
	case p.RequireSymbols && (nameRule{}).allows(password):
		return weak("it has no symbol")
	case len(different) < p.MinimumPasswordDifferentCharacter:
		return weak("it has too few different characters")
	case p.PasswordNotContainUserName && strings.Contains(strings.ToLower(password), strings.ToLower(u.UserName)):
		return weak("it contains the user name")
	}
	return nil
}
