package ramserver

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// The values of MFAOperationForLogin.
const (
	mfaMandatory   = "mandatory"
	mfaIndependent = "independent"
	mfaAdaptive    = "adaptive"
)

type securityPreference struct {
	EnableSaveMFATicket                 bool     `json:"EnableSaveMFATicket"`
	AllowUserToChangePassword           bool     `json:"AllowUserToChangePassword"`
	AllowUserToLoginWithPasskey         bool     `json:"AllowUserToLoginWithPasskey"`
	AllowUserToManageAccessKeys         bool     `json:"AllowUserToManageAccessKeys"`
	AllowUserToManageMFADevices         bool     `json:"AllowUserToManageMFADevices"`
	AllowUserToManagePersonalDingTalk   bool     `json:"AllowUserToManagePersonalDingTalk"`
	AllowUserToManageServiceCredentials bool     `json:"AllowUserToManageServiceCredentials"`
	MFAOperationForLogin                string   `json:"MFAOperationForLogin"`
	OperationForRiskLogin               string   `json:"OperationForRiskLogin"`
	LoginSessionDuration                int      `json:"LoginSessionDuration"` // hours
	LoginNetworkMasks                   string   `json:"LoginNetworkMasks"`
	VerificationTypes                   []string `json:"VerificationTypes"`
	MaxIdleDaysForUsers                 int      `json:"MaxIdleDaysForUsers"`
	MaxIdleDaysForAccessKeys            int      `json:"MaxIdleDaysForAccessKeys"`
}

const defaultSessionHours = 6

func (s *Server) securityPreference() securityPreference {
	if s.state.SecurityPreference != nil {
		return *s.state.SecurityPreference
	}
	return s.defaultSecurityPreference()
}

func (s *Server) defaultSecurityPreference() securityPreference {
	p := securityPreference{
		AllowUserToChangePassword:         true,
		AllowUserToLoginWithPasskey:       true,
		AllowUserToManageMFADevices:       true,
		AllowUserToManagePersonalDingTalk: true,
		MFAOperationForLogin:              mfaIndependent,
		OperationForRiskLogin:             "autonomous",
		LoginSessionDuration:              defaultSessionHours,
		VerificationTypes:                 []string{},
		MaxIdleDaysForUsers:               730,
		MaxIdleDaysForAccessKeys:          730,
	}
	if s.Unsure.MFAForced {
		p.MFAOperationForLogin = mfaMandatory
	}
	return p
}

func (s *Server) getSecurityPreference(r request) (reply, error) {
	return s.securityPreferenceReply(r, s.securityPreference()), nil
}

// setSecurityPreference keeps what is absent, except that absent LoginNetworkMasks are cleared and an absent
// LoginSessionDuration falls back to 6 hours.
func (s *Server) setSecurityPreference(r request) (reply, error) {
	if s.Unsure.NoServiceCredentialSetting && r.Has("AllowUserToManageServiceCredentials") {
		return nil, r.unknown("AllowUserToManageServiceCredentials")
	}
	p := s.securityPreference()
	if s.Unsure.SecurityPreferenceResets {
		p = s.defaultSecurityPreference()
	}
	p.LoginSessionDuration = defaultSessionHours
	if err := r.number(&p.LoginSessionDuration, "LoginSessionDuration", 1, 24); err != nil {
		return nil, err
	}
	p.LoginNetworkMasks = r.Get("LoginNetworkMasks")
	if err := s.checkNetworkMasks(p.LoginNetworkMasks); err != nil {
		return nil, err
	}
	for param, field := range map[string]*bool{
		"EnableSaveMFATicket":                 &p.EnableSaveMFATicket,
		"AllowUserToChangePassword":           &p.AllowUserToChangePassword,
		"AllowUserToLoginWithPasskey":         &p.AllowUserToLoginWithPasskey,
		"AllowUserToManageAccessKeys":         &p.AllowUserToManageAccessKeys,
		"AllowUserToManageMFADevices":         &p.AllowUserToManageMFADevices,
		"AllowUserToManagePersonalDingTalk":   &p.AllowUserToManagePersonalDingTalk,
		"AllowUserToManageServiceCredentials": &p.AllowUserToManageServiceCredentials,
	} {
		if err := r.boolean(field, param); err != nil {
			return nil, err
		}
	}
	if err := p.setMFAOperation(r); err != nil {
		return nil, err
	}
	if err := r.choice(&p.OperationForRiskLogin, "OperationForRiskLogin", "autonomous", "enforceVerify"); err != nil {
		return nil, err
	}
	if err := p.setIdleDaysAndVerification(r); err != nil {
		return nil, err
	}
	s.state.SecurityPreference = &p
	return s.securityPreferenceReply(r, p), nil
}

// setMFAOperation reads MFAOperationForLogin, or its older form EnforceMFAForLogin.
func (p *securityPreference) setMFAOperation(r request) error {
	if r.Has("EnforceMFAForLogin") {
		enforce := false
		if err := r.boolean(&enforce, "EnforceMFAForLogin"); err != nil {
			return err
		}
		p.MFAOperationForLogin = mfaIndependent
		if enforce {
			p.MFAOperationForLogin = mfaMandatory
		}
	}
	return r.choice(&p.MFAOperationForLogin, "MFAOperationForLogin", mfaMandatory, mfaIndependent, mfaAdaptive)
}

func (p *securityPreference) setIdleDaysAndVerification(r request) error {
	for param, field := range map[string]*int{
		"MaxIdleDaysForUsers":      &p.MaxIdleDaysForUsers,
		"MaxIdleDaysForAccessKeys": &p.MaxIdleDaysForAccessKeys,
	} {
		days := strconv.Itoa(*field)
		if err := r.choice(&days, param, "90", "180", "365", "730"); err != nil {
			return err
		}
		*field, _ = strconv.Atoi(days) // one of the four
	}
	if !r.Has("VerificationTypes") {
		return nil
	}
	types := []string{}
	err := json.Unmarshal([]byte(r.Get("VerificationTypes")), &types)
	if err != nil || types == nil || slices.ContainsFunc(types, func(t string) bool { return t != "sms" && t != "email" }) {
		return badFormat("VerificationTypes", "a JSON list of sms and email")
	}
	p.VerificationTypes = types
	return nil
}

// checkNetworkMasks checks up to 40 addresses or networks joined by semicolons, 512 characters in all.
func (s *Server) checkNetworkMasks(masks string) error {
	if masks == "" {
		return nil
	}
	if s.length(masks) > 512 {
		return badLength("LoginNetworkMasks", 0, 512)
	}
	list := strings.Split(masks, ";")
	if len(list) > 40 {
		return badFormat("LoginNetworkMasks", "at most 40 masks")
	}
	for _, mask := range list {
		_, notNet := netip.ParsePrefix(mask)
		_, notAddr := netip.ParseAddr(mask)
		if notNet != nil && notAddr != nil {
			return badFormat("LoginNetworkMasks", "addresses and networks joined by ;")
		}
	}
	return nil
}

// shownMasks is how an answer writes the masks.
func (s *Server) shownMasks(masks string) string {
	if !s.Unsure.MasksAsNetworks || masks == "" {
		return masks
	}
	list := strings.Split(masks, ";")
	for i, mask := range list {
		if addr, err := netip.ParseAddr(mask); err == nil {
			list[i] = netip.PrefixFrom(addr, addr.BitLen()).String()
		}
	}
	slices.Sort(list)
	return strings.Join(list, ";")
}

func (s *Server) securityPreferenceReply(r request, p securityPreference) reply {
	login := reply{
		"EnableSaveMFATicket":       p.EnableSaveMFATicket,
		"AllowUserToChangePassword": p.AllowUserToChangePassword,
		"LoginSessionDuration":      p.LoginSessionDuration,
		"LoginNetworkMasks":         s.shownMasks(p.LoginNetworkMasks),
	}
	keys := reply{"AllowUserToManageAccessKeys": p.AllowUserToManageAccessKeys}
	preference := reply{
		"LoginProfilePreference": login,
		"AccessKeyPreference":    keys,
		"MFAPreference":          reply{"AllowUserToManageMFADevices": p.AllowUserToManageMFADevices},
	}
	if r.version == imsVersion {
		if !s.Unsure.NoServiceCredentialSetting {
			keys["AllowUserToManageServiceCredentials"] = p.AllowUserToManageServiceCredentials
		}
		login["AllowUserToLoginWithPasskey"] = p.AllowUserToLoginWithPasskey
		login["MFAOperationForLogin"] = p.MFAOperationForLogin
		login["OperationForRiskLogin"] = p.OperationForRiskLogin
		preference["PersonalInfoPreference"] = reply{"AllowUserToManagePersonalDingTalk": p.AllowUserToManagePersonalDingTalk}
		preference["VerificationPreference"] = reply{"VerificationTypes": p.VerificationTypes}
		preference["MaxIdleDays"] = reply{
			"MaxIdleDaysForUsers":      p.MaxIdleDaysForUsers,
			"MaxIdleDaysForAccessKeys": p.MaxIdleDaysForAccessKeys,
		}
	}
	return reply{"SecurityPreference": preference}
}
