package ramserver

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"testing"
	"time"
)

// totp is RFC 6238, written apart from the server's.
func totp(seed string, at time.Time) string {
	key, _ := base32.StdEncoding.DecodeString(seed)
	counter := at.Unix() / 30
	var message [8]byte
	for i := range 8 {
		message[7-i] = byte(counter >> (8 * i))
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(message[:])
	h := mac.Sum(nil)
	o := h[19] % 16
	v := (int(h[o])%128)<<24 | int(h[o+1])<<16 | int(h[o+2])<<8 | int(h[o+3])
	return fmt.Sprintf("%06d", v%1000000)
}

// bindDevice makes a virtual MFA device of the user's name and binds it.
func bindDevice(t *testing.T, s *Server, c *testClient, userName string) (serial string) {
	t.Helper()
	b := c.ram("CreateVirtualMFADevice", "VirtualMFADeviceName="+userName)
	serial, seed := b.text("VirtualMFADevice.SerialNumber"), b.text("VirtualMFADevice.Base32StringSeed")
	c.ram("BindMFADevice", "SerialNumber="+serial, "UserName="+userName,
		"AuthenticationCode1="+totp(seed, s.now().Add(-30*time.Second)), "AuthenticationCode2="+totp(seed, s.now()))
	return serial
}

func TestMFADeviceCodes(t *testing.T) {
	s := Server{Quotas: Quotas{MFADevices: 2}}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.ram("CreateUser", "UserName=bob")
	const phone, token = "acs:ram::1234567890123456:mfa/phone", "acs:ram::1234567890123456:mfa/alice"
	play(
		t, &s,
		step{"CreateVirtualMFADevice", "VirtualMFADeviceName=a_b", "400 InvalidParameter.VirtualMFADeviceName.InvalidChars"},
		step{"CreateVirtualMFADevice", "VirtualMFADeviceName=phone", "200"},
		step{"CreateVirtualMFADevice", "VirtualMFADeviceName=phone", "409 EntityAlreadyExists.VirtualMFADevice"},
		step{"BindMFADevice", "SerialNumber=" + phone + "&UserName=alice&AuthenticationCode1=12345&AuthenticationCode2=123456", "400 InvalidParameter.AuthenticationCode.Format"},
		step{"BindMFADevice", "SerialNumber=x&UserName=alice&AuthenticationCode1=123456&AuthenticationCode2=123456", "404 EntityNotExist.VirtualMFADevice"},
		step{"BindMFADevice", "SerialNumber=" + phone + "&UserName=carol&AuthenticationCode1=123456&AuthenticationCode2=123456", "404 EntityNotExist.User"},
		step{"GetUserMFAInfo", "UserName=alice", "404 EntityNotExist.User.MFADevice"},
		step{"UnbindMFADevice", "UserName=alice", "404 EntityNotExist.User.MFADevice"},
	)
	bindDevice(t, &s, c, "alice")
	play(
		t, &s,
		step{"CreateVirtualMFADevice", "VirtualMFADeviceName=third", "409 LimitExceeded.VirtualMFADevice"},
		step{"BindMFADevice", "SerialNumber=" + phone + "&UserName=bob&AuthenticationCode1=123456&AuthenticationCode2=123456", "403 CheckAuthenticationCodeFail"},
		step{"BindMFADevice", "SerialNumber=" + phone + "&UserName=alice&AuthenticationCode1=123456&AuthenticationCode2=123456", "409 EntityAlreadyExists.User.MFADevice"},
		step{"BindMFADevice", "SerialNumber=" + token + "&UserName=bob&AuthenticationCode1=123456&AuthenticationCode2=123456", "409 EntityAlreadyExists.VirtualMFADevice.User"},
		step{"GetUserMFAInfo", "UserName=alice", "200"},
		step{"DeleteVirtualMFADevice", "SerialNumber=" + token, "409 DeleteConflict.VirtualMFADevice.User"},
		step{"UnbindMFADevice", "UserName=alice", "200"},
		step{"DeleteVirtualMFADevice", "SerialNumber=" + token, "200"},
		step{"DeleteVirtualMFADevice", "SerialNumber=" + token, "404 EntityNotExist.VirtualMFADevice"},
	)
}

func TestBindingTakesTwoCodesInARow(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	b := c.ram("CreateVirtualMFADevice", "VirtualMFADeviceName=d")
	seed := b.text("VirtualMFADevice.Base32StringSeed")
	bind := func(first, second time.Duration) []string {
		return []string{
			"UserName=alice", "SerialNumber=" + b.text("VirtualMFADevice.SerialNumber"),
			"AuthenticationCode1=" + totp(seed, s.now().Add(first)), "AuthenticationCode2=" + totp(seed, s.now().Add(second)),
		}
	}
	c.refused(403, "CheckAuthenticationCodeFail", ramVersion, "BindMFADevice", bind(0, 0)...)
	c.refused(403, "CheckAuthenticationCodeFail", ramVersion, "BindMFADevice", bind(0, -30*time.Second)...)
	c.refused(403, "CheckAuthenticationCodeFail", ramVersion, "BindMFADevice", bind(-time.Hour, 30*time.Second-time.Hour)...)
	c.ram("BindMFADevice", bind(-30*time.Second, 0)...)
}

func TestBindingMayWantCodesThatAreNew(t *testing.T) {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	s := Server{Now: func() time.Time { return now }, Unsure: Unsure{CodesOnlyOnce: true}}
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	b := c.ram("CreateVirtualMFADevice", "VirtualMFADeviceName=d")
	seed := b.text("VirtualMFADevice.Base32StringSeed")
	bind := func(first time.Duration) []string {
		return []string{
			"UserName=alice", "SerialNumber=" + b.text("VirtualMFADevice.SerialNumber"),
			"AuthenticationCode1=" + totp(seed, now.Add(first)), "AuthenticationCode2=" + totp(seed, now.Add(first+30*time.Second)),
		}
	}
	c.ram("BindMFADevice", bind(-30*time.Second)...)
	c.ram("UnbindMFADevice", "UserName=alice")
	c.refused(403, "CheckAuthenticationCodeFail", ramVersion, "BindMFADevice", bind(-30*time.Second)...)
	c.refused(403, "CheckAuthenticationCodeFail", ramVersion, "BindMFADevice", bind(0)...)
	now = now.Add(time.Minute)
	c.ram("BindMFADevice", bind(-30*time.Second)...)
}

func TestIMSHasTheSameDevices(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	c.refused(400, "InvalidParameter.VirtualMFADeviceName.InvalidChars", imsVersion, "CreateVirtualMFADevice", "VirtualMFADeviceName=a.b")
	b := c.ims("CreateVirtualMFADevice", "VirtualMFADeviceName=phone")
	serial, seed := b.text("VirtualMFADevice.SerialNumber"), b.text("VirtualMFADevice.Base32StringSeed")
	c.ims("BindMFADevice", aliceUPN, "SerialNumber="+serial,
		"AuthenticationCode1="+totp(seed, s.now().Add(-30*time.Second)), "AuthenticationCode2="+totp(seed, s.now()))
	if got := c.ram("GetUserMFAInfo", "UserName=alice").text("MFADevice.SerialNumber"); got != serial {
		t.Errorf("alice's device is %q", got)
	}
	c.ims("UnbindMFADevice", aliceUPN)
	c.ims("DeleteVirtualMFADevice", "SerialNumber="+serial)
}

func TestCallsHoldNoCodes(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	bindDevice(t, &s, c, "alice")
	for _, call := range s.Calls() {
		if call.Params.Has("AuthenticationCode1") || call.Params.Has("AuthenticationCode2") {
			t.Errorf("%s is noted with its codes", call.Action)
		}
	}
}

func TestDisableVirtualMFAUnbindsAndDeletes(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreateUser", "UserName=alice")
	serial := bindDevice(t, &s, c, "alice")
	const upn = "UserPrincipalName=alice@1234567890123456.onaliyun.com"
	if b := c.ims("GetUserMFAInfo", upn); b.at("IsMFAEnable") != true || b.text("MFADevice.SerialNumber") != serial {
		t.Errorf("MFA info: %v", b)
	}
	c.ims("DisableVirtualMFA", upn)
	if b := c.ims("ListVirtualMFADevices"); len(b.list("VirtualMFADevices.VirtualMFADevice")) != 0 {
		t.Errorf("devices left: %v", b)
	}
	c.refused(404, "EntityNotExist.User.MFADevice", imsVersion, "DisableVirtualMFA", upn)
}
