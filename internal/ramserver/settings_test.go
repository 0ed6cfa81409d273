package ramserver

import (
	"slices"
	"testing"
)

func TestRAMAndIMSChangeTheSamePasswordPolicy(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ims("SetPasswordPolicy", "HardExpire=true", "MinimumPasswordDifferentCharacter=3", "InterceptRiskPasswordOnApi=true")
	c.ram("SetPasswordPolicy", "MaxLoginAttemps=7", "MinimumPasswordLength=9")
	ram, ims := c.ram("GetPasswordPolicy"), c.ims("GetPasswordPolicy")
	for path, want := range map[string]any{
		"MaxLoginAttemps": 7.0, "MinimumPasswordLength": 9.0, "HardExpire": true, "MinimumPasswordDifferentCharacter": 3.0,
		"InterceptRiskPasswordOnApi": true, "HardExpiry": nil,
	} {
		if got := ims.at("PasswordPolicy." + path); got != want {
			t.Errorf("IMS has %s %v, not %v", path, got, want)
		}
	}
	if policy, _ := ram.at("PasswordPolicy").(map[string]any); len(policy) != 9 || policy["HardExpiry"] != true || policy["MaxLoginAttemps"] != 7.0 {
		t.Errorf("RAM has %v", policy)
	}
	play(
		t, &s,
		step{"SetPasswordPolicy", "InterceptRiskPasswordOnApi=true", "400 InvalidParameter.Unknown"},
		step{"ims SetPasswordPolicy", "HardExpiry=true", "400 InvalidParameter.Unknown"},
		step{"ims SetPasswordPolicy", "InterceptRiskPasswordOnApi=1", "400 InvalidParameter.InterceptRiskPasswordOnApi.Format"},
	)
}

func TestAnOlderServiceLacksTheNewerSettings(t *testing.T) {
	for _, older := range []bool{false, true} {
		s := Server{Unsure: Unsure{NoRiskPasswordSetting: older, NoServiceCredentialSetting: older}}
		want := "200"
		if older {
			want = "400 InvalidParameter.Unknown"
		}
		play(
			t, &s,
			step{"ims SetPasswordPolicy", "InterceptRiskPasswordOnApi=true", want},
			step{"ims SetSecurityPreference", "AllowUserToManageServiceCredentials=true", want},
			step{"SetSecurityPreference", "AllowUserToManageServiceCredentials=true", "400 InvalidParameter.Unknown"},
		)
		c := rootClient(t, &s)
		risk := c.ims("GetPasswordPolicy").at("PasswordPolicy.InterceptRiskPasswordOnApi")
		keys := c.ims("GetSecurityPreference").at("SecurityPreference.AccessKeyPreference.AllowUserToManageServiceCredentials")
		if older && (risk != nil || keys != nil) || !older && (risk != true || keys != true) {
			t.Errorf("older %v: %v and %v", older, risk, keys)
		}
	}
}

func TestSecurityPreferenceKeepsOrResetsWhatIsAbsent(t *testing.T) {
	for _, resets := range []bool{false, true} {
		s := Server{Unsure: Unsure{SecurityPreferenceResets: resets}}
		c := rootClient(t, &s)
		c.ims("SetSecurityPreference", "MFAOperationForLogin=adaptive", `VerificationTypes=["email"]`, "MaxIdleDaysForUsers=90", "OperationForRiskLogin=enforceVerify")
		c.ims("SetSecurityPreference", "EnableSaveMFATicket=true")
		b := c.ims("GetSecurityPreference")
		want := []any{"adaptive", 90.0, "enforceVerify", 1}
		if resets {
			want = []any{"independent", 730.0, "autonomous", 0}
		}
		got := []any{
			b.at("SecurityPreference.LoginProfilePreference.MFAOperationForLogin"), b.at("SecurityPreference.MaxIdleDays.MaxIdleDaysForUsers"),
			b.at("SecurityPreference.LoginProfilePreference.OperationForRiskLogin"), len(b.list("SecurityPreference.VerificationPreference.VerificationTypes")),
		}
		if !slices.Equal(got, want) {
			t.Errorf("resets %v: %v, not %v", resets, got, want)
		}
	}
}

func TestMasksAreShownAsTheyWereSetOrAsNetworks(t *testing.T) {
	for want, asNetworks := range map[string]bool{"198.51.100.7;10.0.0.0/8;2001:db8::1": false, "10.0.0.0/8;198.51.100.7/32;2001:db8::1/128": true} {
		s := Server{Unsure: Unsure{MasksAsNetworks: asNetworks}}
		b := rootClient(t, &s).ims("SetSecurityPreference", "LoginNetworkMasks=198.51.100.7;10.0.0.0/8;2001:db8::1")
		if got := b.text("SecurityPreference.LoginProfilePreference.LoginNetworkMasks"); got != want {
			t.Errorf("as networks %v: %s", asNetworks, got)
		}
	}
}

func TestVerificationTypesAreAList(t *testing.T) {
	play(
		t, &Server{},
		step{"ims SetSecurityPreference", "VerificationTypes=null", "400 InvalidParameter.VerificationTypes.Format"},
		step{"ims SetSecurityPreference", "VerificationTypes=[]", "200"},
	)
}
