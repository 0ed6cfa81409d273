package ramapi

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// lastCall gives the parameters of the last call of the action.
func lastCall(t *testing.T, s *ramserver.Server, action string) url.Values {
	t.Helper()
	for _, c := range slices.Backward(s.Calls()) {
		if c.Action == action {
			return c.Params
		}
	}
	t.Fatalf("no call of %s", action)
	return nil
}

// names gives the names of parameters that are not those of every call.
func names(params url.Values) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(params)), func(name string) bool {
		return slices.Contains([]string{"Action", "Format", "Timestamp", "Version"}, name)
	})
}

func TestAChangeOfSettingsSendsEverythingThatTheServiceTells(t *testing.T) {
	for _, older := range []bool{false, true} {
		s := &ramserver.Server{Unsure: ramserver.Unsure{NoRiskPasswordSetting: older, NoServiceCredentialSetting: older}}
		c := newTestClient(t, s)
		_, err := c.SetPasswordPolicy(t.Context(), PasswordPolicy{MaxPasswordAge: new(int64(30))})
		must(t, err)
		_, err = c.SetSecurityPreference(t.Context(), SecurityPreference{LoginSessionDuration: new(int64(8))})
		must(t, err)
		password := []string{
			"HardExpire", "InitialPasswordAge", "InterceptRiskPasswordOnApi", "MaxLoginAttemps", "MaxPasswordAge", "MinimumPasswordDifferentCharacter", "MinimumPasswordLength",
			"PasswordNotContainUserName", "PasswordReusePrevention", "RequireLowercaseCharacters", "RequireNumbers", "RequireSymbols", "RequireUppercaseCharacters",
		}
		security := []string{
			"AllowUserToChangePassword", "AllowUserToLoginWithPasskey", "AllowUserToManageAccessKeys", "AllowUserToManageMFADevices", "AllowUserToManagePersonalDingTalk",
			"AllowUserToManageServiceCredentials", "EnableSaveMFATicket", "LoginNetworkMasks", "LoginSessionDuration", "MFAOperationForLogin", "MaxIdleDaysForAccessKeys",
			"MaxIdleDaysForUsers", "OperationForRiskLogin", "VerificationTypes",
		}
		if older {
			unknown := func(name string) bool {
				return name == "InterceptRiskPasswordOnApi" || name == "AllowUserToManageServiceCredentials"
			}
			password, security = slices.DeleteFunc(password, unknown), slices.DeleteFunc(security, unknown)
		}
		if got := names(lastCall(t, s, "SetPasswordPolicy")); !slices.Equal(got, password) {
			t.Errorf("older %v: the password policy was sent as %v", older, got)
		}
		if got := names(lastCall(t, s, "SetSecurityPreference")); !slices.Equal(got, security) {
			t.Errorf("older %v: the security preference was sent as %v", older, got)
		}
	}
}

func TestSettingsThatWereFoundAreGivenBack(t *testing.T) {
	s := &ramserver.Server{Unsure: ramserver.Unsure{PasswordPolicyResets: true, SecurityPreferenceResets: true}}
	c := newTestClient(t, s)
	odd := SecurityPreference{
		LoginNetworkMasks: &NetworkMasks{"198.51.100.7", "10.0.0.0/8"}, VerificationTypes: &[]string{"sms"}, MFAOperationForLogin: new("adaptive"),
		OperationForRiskLogin: new("enforceVerify"), LoginSessionDuration: new(int64(20)),
	}
	_, err := c.SetSecurityPreference(t.Context(), odd)
	must(t, err)
	found, err := newTestClient(t, s).SecurityPreference(t.Context())
	must(t, err)
	if !reflect.DeepEqual(toldBy(odd, found), odd) {
		t.Errorf("set %+v, found %+v", odd, found)
	}
	must(t, c.ResetSecurityPreference(t.Context()))
	now, err := newTestClient(t, s).SecurityPreference(t.Context())
	must(t, err)
	if len(*now.LoginNetworkMasks) != 0 || *now.LoginSessionDuration != 6 || *now.OperationForRiskLogin != "enforceVerify" || len(*now.VerificationTypes) != 1 {
		t.Errorf("reset to %v, %v, %v, %v", *now.LoginNetworkMasks, *now.LoginSessionDuration, *now.OperationForRiskLogin, *now.VerificationTypes)
	}
	_, err = c.SetSecurityPreference(t.Context(), found)
	must(t, err)
	again, err := newTestClient(t, s).SecurityPreference(t.Context())
	must(t, err)
	if !reflect.DeepEqual(again, found) {
		t.Errorf("found %+v, given back %+v", found, again)
	}
}

func TestConcurrentChangesOfSettingsDoNotUndoEachOther(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	var wg sync.WaitGroup
	for _, change := range []PasswordPolicy{
		{MinimumPasswordLength: new(int64(12))},
		{RequireNumbers: new(true)},
		{RequireSymbols: new(true)},
		{MaxPasswordAge: new(int64(90))},
		{MaxLoginAttempts: new(int64(5))},
		{PasswordReusePrevention: new(int64(3))},
		{HardExpire: new(true)},
		{InitialPasswordAge: new(int64(3))},
	} {
		wg.Go(func() {
			if _, err := c.SetPasswordPolicy(t.Context(), change); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	p, err := newTestClient(t, s).PasswordPolicy(t.Context())
	must(t, err)
	if *p.MinimumPasswordLength != 12 || !*p.RequireNumbers || !*p.RequireSymbols || *p.MaxPasswordAge != 90 ||
		*p.MaxLoginAttempts != 5 || *p.PasswordReusePrevention != 3 || !*p.HardExpire || *p.InitialPasswordAge != 3 {
		t.Errorf("what is left is %+v", p)
	}
}

func TestSettingsAreReadOnceAndAfterAChangeOnlyIfItsAnswerWasNotWhole(t *testing.T) {
	for _, whole := range []bool{true, false} {
		s := &ramserver.Server{}
		if !whole {
			s.Intercept = failing("SetPasswordPolicy", 1, ramserver.Fault{
				After: true, Status: http.StatusOK, ContentType: "application/json", Body: `{"RequestId":"R","PasswordPolicy":{"MinimumPasswordLength":16}}`,
			})
		}
		c := newTestClient(t, s)
		for range 3 {
			_, err := c.PasswordPolicy(t.Context())
			must(t, err)
		}
		p, err := c.SetPasswordPolicy(t.Context(), PasswordPolicy{MinimumPasswordLength: new(int64(16)), RequireNumbers: new(true)})
		must(t, err)
		if *p.MinimumPasswordLength != 16 || !*p.RequireNumbers || *p.InitialPasswordAge != 14 {
			t.Errorf("set %+v", p)
		}
		p, err = c.PasswordPolicy(t.Context())
		if must(t, err); *p.MinimumPasswordLength != 16 || !*p.RequireNumbers {
			t.Errorf("read %+v", p)
		}
		want := 1
		if !whole {
			want = 2
		}
		if n := count(s, "GetPasswordPolicy"); n != want {
			t.Errorf("whole %v: %d reads, not %d", whole, n, want)
		}
	}
}

func TestALostChangeOfSettingsIsLookedFor(t *testing.T) {
	for _, done := range []bool{true, false} {
		s := &ramserver.Server{Intercept: failing("SetPasswordPolicy", 1, ramserver.Fault{After: done, Status: http.StatusInternalServerError})}
		c := newTestClient(t, s, func(config *Config) { config.MaxRetries = new(0) })
		p, err := c.SetPasswordPolicy(t.Context(), PasswordPolicy{MinimumPasswordLength: new(int64(16))})
		if done && (err != nil || *p.MinimumPasswordLength != 16) {
			t.Errorf("what is done failed: %+v, %v", p, err)
		}
		if !done && !IsLost(err) {
			t.Errorf("what is not done succeeded: %+v, %v", p, err)
		}
	}
}

func TestALoginProfileIsReadAgainAfterAChangeOfTheSecurityPreference(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	_, err := c.CreateUser(t.Context(), User{Name: "alice"})
	must(t, err)
	_, err = c.CreateLoginProfile(t.Context(), "alice", LoginProfileInput{Password: "An-1nitial-Passw0rd!"})
	must(t, err)
	_, err = c.SetSecurityPreference(t.Context(), SecurityPreference{MFAOperationForLogin: new("mandatory")})
	must(t, err)
	p, err := c.LoginProfile(t.Context(), "alice")
	if must(t, err); !p.MFABindRequired {
		t.Error("MFA is required of everybody, and the login profile does not say so")
	}
}

func TestAnAnswerWithoutSettingsIsNoAnswer(t *testing.T) {
	s := &ramserver.Server{Intercept: failing("GetPasswordPolicy", 1, ramserver.Fault{Status: http.StatusOK, ContentType: "application/json", Body: `{"RequestId":"R"}`})}
	c := newTestClient(t, s, func(config *Config) { config.MaxRetries = new(0) })
	if _, err := c.SetPasswordPolicy(t.Context(), PasswordPolicy{}); err == nil || !strings.Contains(err.Error(), "not complete") || count(s, "SetPasswordPolicy") > 0 {
		t.Errorf("got %v, and %v", err, actions(s))
	}
}

func TestAChangeOfSettingsThatWaitsGivesUpWithItsContext(t *testing.T) {
	s := &ramserver.Server{}
	c := newTestClient(t, s)
	unlock, err := c.passwordPolicy.writers.lock(t.Context(), "PasswordPolicy")
	must(t, err)
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.SetPasswordPolicy(ctx, PasswordPolicy{}); !errors.Is(err, context.Canceled) || len(s.Calls()) > 0 {
		t.Errorf("got %v, and %v", err, actions(s))
	}
}
