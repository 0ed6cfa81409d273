package ramserver

// maxPasswordLength is the upper end of the 8 to 32 characters that a password may have.
const maxPasswordLength = 32

// passwordPolicy is the account's one policy; RAM shows part of it under its own names.
type passwordPolicy struct {
	MinimumPasswordLength             int  `json:"MinimumPasswordLength"`
	RequireLowercaseCharacters        bool `json:"RequireLowercaseCharacters"`
	RequireUppercaseCharacters        bool `json:"RequireUppercaseCharacters"`
	RequireNumbers                    bool `json:"RequireNumbers"`
	RequireSymbols                    bool `json:"RequireSymbols"`
	MinimumPasswordDifferentCharacter int  `json:"MinimumPasswordDifferentCharacter"`
	PasswordNotContainUserName        bool `json:"PasswordNotContainUserName"`
	MaxPasswordAge                    int  `json:"MaxPasswordAge"` // days, 0: never
	HardExpire                        bool `json:"HardExpire"`     // HardExpiry in RAM
	PasswordReusePrevention           int  `json:"PasswordReusePrevention"`
	MaxLoginAttemps                   int  `json:"MaxLoginAttemps"`
	InitialPasswordAge                int  `json:"InitialPasswordAge"` // days, 0: never
	InterceptRiskPasswordOnAPI        bool `json:"InterceptRiskPasswordOnApi"`
}

func defaultPasswordPolicy() passwordPolicy {
	return passwordPolicy{MinimumPasswordLength: 8, InitialPasswordAge: 14}
}

func (s *Server) passwordPolicy() passwordPolicy {
	if s.state.PasswordPolicy == nil {
		return defaultPasswordPolicy()
	}
	return *s.state.PasswordPolicy
}

func (s *Server) getPasswordPolicy(r request) (reply, error) {
	return s.passwordPolicyReply(r, s.passwordPolicy()), nil
}

func (s *Server) setPasswordPolicy(r request) (reply, error) {
	if s.Unsure.NoRiskPasswordSetting && r.Has("InterceptRiskPasswordOnApi") {
		return nil, r.unknown("InterceptRiskPasswordOnApi")
	}
	p := s.passwordPolicy()
	if s.Unsure.PasswordPolicyResets {
		p = defaultPasswordPolicy()
	}
	for _, n := range []struct {
		param    string
		field    *int
		min, max int
	}{
		{"MinimumPasswordLength", &p.MinimumPasswordLength, 8, maxPasswordLength},
		{"MinimumPasswordDifferentCharacter", &p.MinimumPasswordDifferentCharacter, 0, 8},
		{"MaxPasswordAge", &p.MaxPasswordAge, 0, 1095},
		{"PasswordReusePrevention", &p.PasswordReusePrevention, 0, passwordsKept},
		{"MaxLoginAttemps", &p.MaxLoginAttemps, 0, 32},
		{"InitialPasswordAge", &p.InitialPasswordAge, 0, 90},
	} {
		if err := r.number(n.field, n.param, n.min, n.max); err != nil {
			return nil, err
		}
	}
	for param, field := range map[string]*bool{
		"RequireLowercaseCharacters": &p.RequireLowercaseCharacters,
		"RequireUppercaseCharacters": &p.RequireUppercaseCharacters,
		"RequireNumbers":             &p.RequireNumbers,
		"RequireSymbols":             &p.RequireSymbols,
		"PasswordNotContainUserName": &p.PasswordNotContainUserName,
		"HardExpire":                 &p.HardExpire,
		"HardExpiry":                 &p.HardExpire,
		"InterceptRiskPasswordOnApi": &p.InterceptRiskPasswordOnAPI,
	} {
		if err := r.boolean(field, param); err != nil {
			return nil, err
		}
	}
	s.state.PasswordPolicy = &p
	return s.passwordPolicyReply(r, p), nil
}

func (s *Server) passwordPolicyReply(r request, p passwordPolicy) reply {
	policy := reply{
		"MinimumPasswordLength":      p.MinimumPasswordLength,
		"RequireLowercaseCharacters": p.RequireLowercaseCharacters,
		"RequireUppercaseCharacters": p.RequireUppercaseCharacters,
		"RequireNumbers":             p.RequireNumbers,
		"RequireSymbols":             p.RequireSymbols,
		"MaxPasswordAge":             p.MaxPasswordAge,
		"PasswordReusePrevention":    p.PasswordReusePrevention,
		"MaxLoginAttemps":            p.MaxLoginAttemps,
	}
	if r.version != imsVersion {
		policy["HardExpiry"] = p.HardExpire
		return reply{"PasswordPolicy": policy}
	}
	policy["HardExpire"] = p.HardExpire
	policy["MinimumPasswordDifferentCharacter"] = p.MinimumPasswordDifferentCharacter
	policy["PasswordNotContainUserName"] = p.PasswordNotContainUserName
	policy["InitialPasswordAge"] = p.InitialPasswordAge
	if !s.Unsure.NoRiskPasswordSetting {
		policy["InterceptRiskPasswordOnApi"] = p.InterceptRiskPasswordOnAPI
	}
	return reply{"PasswordPolicy": policy}
}
