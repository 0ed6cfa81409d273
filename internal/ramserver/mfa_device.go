package ramserver

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" // TOTP is HMAC-SHA1 by definition
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"time"
)

type mfaDevice struct {
	SerialNumber     string    `json:"SerialNumber"`
	Base32StringSeed string    `json:"Base32StringSeed"`
	UserID           string    `json:"UserId"` // empty while unbound
	ActivateDate     time.Time `json:"ActivateDate"`
	LastStep         int64     `json:"LastStep"` // of 30 seconds, of the last code that was accepted
}

func serialNumber(d *mfaDevice) string { return d.SerialNumber }

// deviceOf returns the device bound to a user, or nil.
func (s *Server) deviceOf(u *user) *mfaDevice {
	return s.state.index.deviceOf[u.UserID]
}

func (s *Server) bind(d *mfaDevice, u *user) {
	d.UserID, d.ActivateDate = u.UserID, s.now()
	s.state.index.deviceOf[u.UserID] = d
}

func (s *Server) unbind(d *mfaDevice) {
	delete(s.state.index.deviceOf, d.UserID)
	d.UserID, d.ActivateDate = "", time.Time{}
}

// createVirtualMFADevice is the only action that ever answers the seed. The picture that comes with it is blank, not
// a QR code.
func (s *Server) createVirtualMFADevice(r request) (reply, error) {
	rule := deviceNames
	if r.version == imsVersion {
		rule = deviceNamesIMS
	}
	name, err := s.name(r, "VirtualMFADeviceName", rule)
	if err != nil {
		return nil, err
	}
	d := &mfaDevice{SerialNumber: s.arn("mfa/" + name), Base32StringSeed: s.newSeed(name)}
	if s.state.MFADevices[d.SerialNumber] != nil {
		return nil, alreadyExists("VirtualMFADevice", "The device already exists: %s.", name)
	}
	if limit := s.quotas().MFADevices; len(s.state.MFADevices) >= limit {
		return nil, limitExceeded("VirtualMFADevice", limit)
	}
	s.state.MFADevices[d.SerialNumber] = d
	return reply{"VirtualMFADevice": reply{
		"SerialNumber":     d.SerialNumber,
		"Base32StringSeed": d.Base32StringSeed,
		"QRCodePNG":        blankPNG(),
	}}, nil
}

// newSeed returns 20 random bytes in base32.
func (s *Server) newSeed(device string) string {
	return base32.StdEncoding.EncodeToString(randomBytes(s.random("MFA device", device), 20))
}

func blankPNG() string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))) // a bytes.Buffer takes everything
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// namedDevice returns the device that a request names by its serial number.
func (s *Server) namedDevice(r request) (*mfaDevice, error) {
	serial, err := s.required(r, "SerialNumber")
	if err != nil {
		return nil, err
	}
	d := s.state.MFADevices[serial]
	if d == nil {
		return nil, notExist("VirtualMFADevice", "The device does not exist: %s.", serial)
	}
	return d, nil
}

// listVirtualMFADevices answers all devices in RAM, and pages of up to 100 in IMS.
func (s *Server) listVirtualMFADevices(r request) (reply, error) {
	devices := sorted(s, s.state.MFADevices, serialNumber)
	marker := ""
	if r.version == imsVersion {
		var err error
		if devices, marker, err = page(s, r, devices, serialNumber, 100, 100); err != nil {
			return nil, err
		}
	}
	views := each(devices, func(d *mfaDevice) reply { return s.deviceView(r, d) })
	if r.version == ramVersion {
		return reply{"VirtualMFADevices": reply{"VirtualMFADevice": views}}, nil
	}
	return listReply("VirtualMFADevices", "VirtualMFADevice", views, marker), nil
}

func (s *Server) deviceView(r request, d *mfaDevice) reply {
	view := reply{"SerialNumber": d.SerialNumber}
	if d.UserID == "" {
		if s.Unsure.UnboundDeviceHasEmptyUser {
			view["ActivateDate"], view["User"] = "", reply{}
		}
		return view
	}
	u := s.state.Users[d.UserID]
	owner := reply{"UserId": u.UserID, "DisplayName": u.DisplayName}
	if r.version == imsVersion {
		owner["UserPrincipalName"] = s.userPrincipalName(u)
	} else {
		owner["UserName"] = u.UserName
	}
	view["ActivateDate"], view["User"] = timestamp(d.ActivateDate), owner
	return view
}

var authenticationCode = regexp.MustCompile(`^\d{6}$`)

// bindMFADevice wants two consecutive codes of the device.
func (s *Server) bindMFADevice(r request) (reply, error) {
	var codes [2]string
	for i, param := range []string{"AuthenticationCode1", "AuthenticationCode2"} {
		code, err := s.required(r, param)
		if err != nil {
			return nil, err
		}
		if !authenticationCode.MatchString(code) {
			return nil, badFormat("AuthenticationCode", "6 digits")
		}
		codes[i] = code
	}
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	d, err := s.namedDevice(r)
	switch {
	case err != nil:
		return nil, err
	case s.deviceOf(u) != nil:
		return nil, alreadyExists("User.MFADevice", "The user %s has an MFA device.", u.UserName)
	case d.UserID != "":
		return nil, alreadyExists("VirtualMFADevice.User", "The device is bound: %s.", d.SerialNumber)
	}
	first, shown := d.shows(codes, s.now())
	if !shown || s.Unsure.CodesOnlyOnce && first <= d.LastStep {
		return nil, forbidden("CheckAuthenticationCodeFail", "The codes are not two consecutive ones of the device.")
	}
	d.LastStep = first + 1
	s.bind(d, u)
	return nil, nil
}

// shows reports whether the device shows the two codes one after the other around now, and the step of the first.
func (d *mfaDevice) shows(codes [2]string, now time.Time) (first int64, shown bool) {
	step := now.Unix() / 30
	for first = step - 3; first <= step+2; first++ {
		if d.code(first) == codes[0] && d.code(first+1) == codes[1] {
			return first, true
		}
	}
	return 0, false
}

// code is the TOTP value (RFC 6238) of a step of 30 seconds.
func (d *mfaDevice) code(step int64) string {
	seed, _ := base32.StdEncoding.DecodeString(d.Base32StringSeed) // made by newSeed, or checked by Load
	mac := hmac.New(sha1.New, seed)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", value%1_000_000)
}

// boundDevice returns the device of the user that a request names.
func (s *Server) boundDevice(r request) (*mfaDevice, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	d := s.deviceOf(u)
	if d == nil {
		return nil, notExist("User.MFADevice", "The user %s has no MFA device.", u.UserName)
	}
	return d, nil
}

// unbindMFADevice leaves the device behind, to be bound again or deleted.
func (s *Server) unbindMFADevice(r request) (reply, error) {
	d, err := s.boundDevice(r)
	if err != nil {
		return nil, err
	}
	s.unbind(d)
	return reply{"MFADevice": reply{"SerialNumber": d.SerialNumber}}, nil
}

// disableVirtualMFA unbinds and deletes in one step.
func (s *Server) disableVirtualMFA(r request) (reply, error) {
	d, err := s.boundDevice(r)
	if err != nil {
		return nil, err
	}
	s.unbind(d)
	delete(s.state.MFADevices, d.SerialNumber)
	return nil, nil
}

func (s *Server) deleteVirtualMFADevice(r request) (reply, error) {
	d, err := s.namedDevice(r)
	if err != nil {
		return nil, err
	}
	if d.UserID != "" {
		return nil, deleteConflict("VirtualMFADevice.User", "The device is bound: %s.", d.SerialNumber)
	}
	delete(s.state.MFADevices, d.SerialNumber)
	return nil, nil
}

func (s *Server) getUserMFAInfo(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	d := s.deviceOf(u)
	view := reply{}
	if d != nil {
		view["SerialNumber"], view["Type"] = d.SerialNumber, "VMFA"
	}
	if r.version == imsVersion {
		return reply{"MFADevice": view, "IsMFAEnable": d != nil}, nil
	}
	if d == nil && !s.Unsure.NoMFAInfoIsEmpty {
		return nil, notExist("User.MFADevice", "The user %s has no MFA device.", u.UserName)
	}
	return reply{"MFADevice": view}, nil
}
