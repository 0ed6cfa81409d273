package ramserver

import (
	"testing"
	"time"
)

func TestLoginProfileCodes(t *testing.T) {
	play(
		t, &Server{},
		step{"CreateLoginProfile", "UserName=alice&Password=longenough", "404 EntityNotExist.User"},
		step{"CreateUser", "UserName=alice", "200"},
		step{"GetLoginProfile", "UserName=alice", "404 EntityNotExist.User.LoginProfile"},
		step{"UpdateLoginProfile", "UserName=alice", "404 EntityNotExist.User.LoginProfile"},
		step{"DeleteLoginProfile", "UserName=alice", "404 EntityNotExist.User.LoginProfile"},
		step{"CreateLoginProfile", "UserName=alice", "400 MissingPassword"},
		step{"CreateLoginProfile", "UserName=alice&Password=short", "400 InvalidParameter.Password.TooWeak"},
		step{"CreateLoginProfile", "UserName=alice&Password=longenough&MFABindRequired=yes", "400 InvalidParameter.MFABindRequired.Format"},
		step{"CreateLoginProfile", "UserName=alice&Password=longenough&Status=Active", "400 InvalidParameter.Unknown"},
		step{"CreateLoginProfile", "UserName=alice&Password=longenough", "200"},
		step{"CreateLoginProfile", "UserName=alice&Password=longenough", "409 EntityAlreadyExists.User.LoginProfile"},
		step{"UpdateLoginProfile", "UserName=alice&Password=short", "400 InvalidParameter.Password.TooWeak"},
		step{"ims UpdateLoginProfile", "UserPrincipalName=alice@1234567890123456.onaliyun.com&Status=Off", "400 InvalidParameter.Status.Format"},
		step{"ims UpdateLoginProfile", "UserPrincipalName=alice@1234567890123456.onaliyun.com&Status=Inactive", "200"},
		step{"DeleteLoginProfile", "UserName=alice", "200"},
		step{"ims GetLoginProfile", "UserPrincipalName=alice@1234567890123456.onaliyun.com", "404 EntityNotExist.User.LoginProfile"},
	)
}

func TestLoginProfileShowsRAMAndIMSFields(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	b := c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough", "PasswordResetRequired=true")
	if b.at("LoginProfile.PasswordResetRequired") != true || b.at("LoginProfile.MFABindRequired") != false ||
		b.text("LoginProfile.UserName") != "alice" || b.at("LoginProfile.Status") != nil {
		t.Errorf("RAM profile: %v", b)
	}
	c.ram("UpdateLoginProfile", "UserName=alice", "MFABindRequired=true")
	b = c.ims("GetLoginProfile", "UserPrincipalName=alice@1234567890123456.onaliyun.com")
	if b.at("LoginProfile.PasswordResetRequired") != true || b.at("LoginProfile.MFABindRequired") != true ||
		b.text("LoginProfile.Status") != "Active" || b.text("LoginProfile.PasswordStatus") != "InitialValid" {
		t.Errorf("IMS profile: %v", b)
	}
}

func TestUpdateLoginProfileMayResetAbsentSwitches(t *testing.T) {
	s := Server{Unsure: Unsure{LoginProfileBoolsReset: true}}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough", "PasswordResetRequired=true")
	c.ram("UpdateLoginProfile", "UserName=alice", "MFABindRequired=true")
	if b := c.ram("GetLoginProfile", "UserName=alice"); b.at("LoginProfile.PasswordResetRequired") != false {
		t.Errorf("PasswordResetRequired was kept: %v", b)
	}
}

func TestTheAccountCanRequireMFAOfEverybody(t *testing.T) {
	for name, s := range map[string]*Server{"by Unsure": {Unsure: Unsure{MFAForced: true}}, "by preference": {}} {
		c := rootClient(t, s)
		if name == "by preference" {
			c.ims("SetSecurityPreference", "MFAOperationForLogin=mandatory")
		}
		c.ram("CreateUser", "UserName=alice")
		b := c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough", "MFABindRequired=false")
		if b.at("LoginProfile.MFABindRequired") != true {
			t.Errorf("%s: %v", name, b)
		}
	}
}

func TestInitialPasswordsExpire(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	s := Server{Now: func() time.Time { return now }}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateLoginProfile", "UserName=alice", "Password=longenough")
	now = now.Add(15 * 24 * time.Hour)
	b := c.ims("GetLoginProfile", "UserPrincipalName=alice@1234567890123456.onaliyun.com")
	if got := b.text("LoginProfile.PasswordStatus"); got != "InitialExpired" {
		t.Errorf("PasswordStatus after 15 days is %q", got)
	}
}

func TestPasswordPolicyIsEnforced(t *testing.T) {
	tests := map[string]struct{ policy, weak, strong string }{
		"length":     {"MinimumPasswordLength=10", "ninechars", "tencharsss"},
		"lower case": {"RequireLowercaseCharacters=true", "ABCDEFGH", "ABCDEFGh"},
		"upper case": {"RequireUppercaseCharacters=true", "abcdefgh", "abcdefgH"},
		"number":     {"RequireNumbers=true", "abcdefgh", "abcdefg1"},
		"symbol":     {"RequireSymbols=true", "abcdefg1", "abcdefg!"},
		"different":  {"MinimumPasswordDifferentCharacter=3", "abababab", "abababac"},
		"user name":  {"PasswordNotContainUserName=true", "xxALICExx", "xxxxxxxxx"},
	}
	for name, tt := range tests {
		var s Server
		c := rootClient(t, &s)
		c.ims("SetPasswordPolicy", tt.policy)
		c.ram("CreateUser", "UserName=alice")
		status, b := c.do(ramVersion, "CreateLoginProfile", "UserName=alice", "Password="+tt.weak)
		if status != 400 || b.text("Code") != "InvalidParameter.Password.TooWeak" {
			t.Errorf("%s: %q was answered %d %v", name, tt.weak, status, b)
		}
		c.ram("CreateLoginProfile", "UserName=alice", "Password="+tt.strong)
	}
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.refused(400, "InvalidParameter.Password.TooWeak", ramVersion, "CreateLoginProfile", "UserName=alice",
		"Password=thirty-three-characters-are-too-l")
}

func TestUsersChangeTheirOwnPassword(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	b := c.ram("CreateAccessKey", "UserName=alice")
	alice := testClient{t, &s, b.text("AccessKey.AccessKeyId"), b.text("AccessKey.AccessKeySecret"), ""}
	change := func(oldPassword, newPassword string) (string, string) {
		return "OldPassword=" + oldPassword, "NewPassword=" + newPassword
	}
	o, n := change("password1", "password2")
	c.refused(400, "NotSupport.Account", ramVersion, "ChangePassword", o, n)
	alice.refused(404, "EntityNotExist.User.LoginProfile", ramVersion, "ChangePassword", o, n)
	c.ram("CreateLoginProfile", "UserName=alice", "Password=password1", "PasswordResetRequired=true")
	c.ram("SetPasswordPolicy", "PasswordReusePrevention=2")

	o, n = change("password0", "password2")
	alice.refused(400, "InvalidParameter.OldPassword.Incorrect", ramVersion, "ChangePassword", o, n)
	o, n = change("password1", "short")
	alice.refused(400, "InvalidParameter.NewPassword.TooWeak", ramVersion, "ChangePassword", o, n)
	o, n = change("password1", "password1")
	alice.refused(400, "InvalidParameter.NewPassword.ReusePrevention", ramVersion, "ChangePassword", o, n)
	o, n = change("password1", "password2")
	alice.ram("ChangePassword", o, n)
	if !s.CheckPassword("alice", "password2") || s.CheckPassword("alice", "password1") || s.CheckPassword("bob", "password2") {
		t.Error("the password is not the new one")
	}
	if b := c.ram("GetLoginProfile", "UserName=alice"); b.at("LoginProfile.PasswordResetRequired") != false {
		t.Errorf("a changed password must not be reset again: %v", b)
	}
	o, n = change("password2", "password1")
	alice.refused(400, "InvalidParameter.NewPassword.ReusePrevention", ramVersion, "ChangePassword", o, n)
	c.ram("SetSecurityPreference", "AllowUserToChangePassword=false")
	o, n = change("password2", "password3")
	alice.refused(403, "NoPermission", ramVersion, "ChangePassword", o, n)
}

func TestPasswordPolicyKeepsOrResetsWhatIsAbsent(t *testing.T) {
	for _, resets := range []bool{false, true} {
		s := Server{Unsure: Unsure{PasswordPolicyResets: resets}}
		c := rootClient(t, &s)
		c.refused(400, "InvalidParameter.MinimumPasswordLength.Range", ramVersion, "SetPasswordPolicy", "MinimumPasswordLength=7")
		c.ram("SetPasswordPolicy", "MinimumPasswordLength=12", "HardExpiry=true")
		c.ram("SetPasswordPolicy", "RequireNumbers=true")
		b := c.ims("GetPasswordPolicy")
		want := 12.0
		if resets {
			want = 8
		}
		if b.at("PasswordPolicy.MinimumPasswordLength") != want || b.at("PasswordPolicy.HardExpire") == resets {
			t.Errorf("resets %v: %v", resets, b)
		}
	}
}

func TestSecurityPreferenceForgetsMasksAndSessionLength(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ims("SetSecurityPreference", "LoginNetworkMasks=10.0.0.0/8;192.0.2.1", "LoginSessionDuration=8", "EnableSaveMFATicket=true",
		"MaxIdleDaysForUsers=90", `VerificationTypes=["sms"]`)
	b := c.ram("SetSecurityPreference", "AllowUserToManageAccessKeys=true")
	if p := "SecurityPreference.LoginProfilePreference."; b.at(p+"LoginNetworkMasks") != "" ||
		b.at(p+"LoginSessionDuration") != 6.0 || b.at(p+"EnableSaveMFATicket") != true {
		t.Errorf("preference: %v", b)
	}
	play(
		t, &s,
		step{"SetSecurityPreference", "LoginSessionDuration=25", "400 InvalidParameter.LoginSessionDuration.Range"},
		step{"SetSecurityPreference", "LoginNetworkMasks=10.0.0.0/33", "400 InvalidParameter.LoginNetworkMasks.Format"},
		step{"ims SetSecurityPreference", "MFAOperationForLogin=never", "400 InvalidParameter.MFAOperationForLogin.Format"},
		step{"ims SetSecurityPreference", "MaxIdleDaysForUsers=91", "400 InvalidParameter.MaxIdleDaysForUsers.Format"},
		step{"ims SetSecurityPreference", "VerificationTypes=[\"pigeon\"]", "400 InvalidParameter.VerificationTypes.Format"},
	)
}
