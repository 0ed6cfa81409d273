package ramserver

import "regexp"

// userSSOSettings say whether and how the account's users log on through an identity provider of the company.
type userSSOSettings struct {
	SSOEnabled         bool   `json:"SsoEnabled"`
	MetadataDocument   string `json:"MetadataDocument"` // base64
	AuxiliaryDomain    string `json:"AuxiliaryDomain"`
	SSOLoginWithDomain bool   `json:"SsoLoginWithDomain"`
	AuthnSignAlgo      string `json:"AuthnSignAlgo"`
}

func defaultUserSSOSettings() userSSOSettings {
	return userSSOSettings{SSOLoginWithDomain: true, AuthnSignAlgo: rsaSHA1}
}

func (s *Server) userSSOSettings() userSSOSettings {
	if s.state.UserSSOSettings == nil {
		return defaultUserSSOSettings()
	}
	return *s.state.UserSSOSettings
}

func (s *Server) getUserSSOSettings(request) (reply, error) {
	return s.userSSOSettingsReply(s.userSSOSettings()), nil
}

func (s *Server) setUserSSOSettings(r request) (reply, error) {
	before := s.userSSOSettings()
	settings := before
	if s.Unsure.UserSSOResets {
		settings = defaultUserSSOSettings()
	}
	if s.Unsure.UserSSOTextsStay {
		settings.MetadataDocument, settings.AuxiliaryDomain = before.MetadataDocument, before.AuxiliaryDomain
	}
	for param, field := range map[string]*bool{"SsoEnabled": &settings.SSOEnabled, "SsoLoginWithDomain": &settings.SSOLoginWithDomain} {
		if err := r.boolean(field, param); err != nil {
			return nil, err
		}
	}
	if err := r.choice(&settings.AuthnSignAlgo, "AuthnSignAlgo", rsaSHA1, rsaSHA256); err != nil {
		return nil, err
	}
	for _, text := range []struct {
		param string
		field *string
		check func(param, text string) error
	}{
		{"MetadataDocument", &settings.MetadataDocument, checkMetadata},
		{"AuxiliaryDomain", &settings.AuxiliaryDomain, checkDomain},
	} {
		if err := s.setOrClear(text.field, r, text.param, text.check); err != nil {
			return nil, err
		}
	}
	if settings.SSOEnabled && settings.MetadataDocument == "" {
		return nil, s.missing("MetadataDocument")
	}
	s.state.UserSSOSettings = &settings
	return s.userSSOSettingsReply(settings), nil
}

// setOrClear sets a text from the parameter, if that is given, or empties it if that can be done.
func (s *Server) setOrClear(field *string, r request, param string, check func(param, text string) error) error {
	text := r.Get(param)
	switch {
	case !r.Has(param):
		return nil
	case text == "" && s.Unsure.UserSSOTextsStay:
		return s.missing(param)
	case text != "":
		if err := check(param, text); err != nil {
			return err
		}
	}
	*field = text
	return nil
}

var domainName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$`)

func checkDomain(param, text string) error {
	if !domainName.MatchString(text) {
		return badFormat(param, "a domain name")
	}
	return nil
}

func (s *Server) userSSOSettingsReply(settings userSSOSettings) reply {
	return reply{"UserSsoSettings": reply{
		"SsoEnabled":         settings.SSOEnabled,
		"MetadataDocument":   s.metadataView(settings.MetadataDocument),
		"AuxiliaryDomain":    settings.AuxiliaryDomain,
		"SsoLoginWithDomain": settings.SSOLoginWithDomain,
		"AuthnSignAlgo":      settings.AuthnSignAlgo,
	}}
}
