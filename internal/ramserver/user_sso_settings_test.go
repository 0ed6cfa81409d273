package ramserver

import "testing"

func TestUserSSOSettingsCodes(t *testing.T) {
	document := "&MetadataDocument=" + metadata("office")
	play(
		t, &Server{},
		step{"ims SetUserSsoSettings", "SsoEnabled=true", "400 MissingMetadataDocument"},
		step{"ims SetUserSsoSettings", "SsoEnabled=yes", "400 InvalidParameter.SsoEnabled.Format"},
		step{"ims SetUserSsoSettings", "MetadataDocument=eA==", "400 InvalidParameter.MetadataDocument.Format"},
		step{"ims SetUserSsoSettings", "AuxiliaryDomain=example", "400 InvalidParameter.AuxiliaryDomain.Format"},
		step{"ims SetUserSsoSettings", "AuthnSignAlgo=sha1", "400 InvalidParameter.AuthnSignAlgo.Format"},
		step{"ims SetUserSsoSettings", "SsoEnabled=true" + document, "200"},
		step{"ims SetUserSsoSettings", "MetadataDocument=", "400 MissingMetadataDocument"},
		step{"ims SetUserSsoSettings", "SsoEnabled=false&MetadataDocument=", "200"},
	)
	play(
		t, &Server{Unsure: Unsure{UserSSOTextsStay: true}},
		step{"ims SetUserSsoSettings", "SsoEnabled=true" + document, "200"},
		step{"ims SetUserSsoSettings", "SsoEnabled=false&MetadataDocument=", "400 MissingMetadataDocument"},
	)
}

func TestSetUserSSOSettingsKeepsOrResetsWhatIsAbsent(t *testing.T) {
	type settings struct {
		enabled, withDomain bool
		domain, algo        string
		document            bool
	}
	for unsure, want := range map[Unsure]settings{
		{}:                    {true, false, "example.com", "rsa-sha256", true},
		{UserSSOResets: true}: {false, true, "", "rsa-sha1", false},
		{UserSSOResets: true, UserSSOTextsStay: true}: {false, true, "example.com", "rsa-sha1", true},
	} {
		s := Server{Unsure: unsure}
		c := rootClient(t, &s)
		fresh := c.ims("GetUserSsoSettings")
		if fresh.at("UserSsoSettings.SsoEnabled") != false || fresh.at("UserSsoSettings.SsoLoginWithDomain") != true ||
			fresh.text("UserSsoSettings.AuthnSignAlgo") != "rsa-sha1" || fresh.text("UserSsoSettings.MetadataDocument") != "" {
			t.Errorf("a fresh account has %v", fresh)
		}
		c.ims("SetUserSsoSettings", "SsoEnabled=true", "MetadataDocument="+unescaped(metadata("office")), "AuxiliaryDomain=example.com",
			"SsoLoginWithDomain=false", "AuthnSignAlgo=rsa-sha256")
		c.ims("SetUserSsoSettings")
		b := c.ims("GetUserSsoSettings")
		got := settings{
			b.at("UserSsoSettings.SsoEnabled") == true, b.at("UserSsoSettings.SsoLoginWithDomain") == true,
			b.text("UserSsoSettings.AuxiliaryDomain"), b.text("UserSsoSettings.AuthnSignAlgo"), b.text("UserSsoSettings.MetadataDocument") != "",
		}
		if got != want {
			t.Errorf("%+v: got %+v, want %+v", unsure, got, want)
		}
	}
}
