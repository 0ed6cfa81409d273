package ramapi

import (
	"context"
	"strings"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// VirtualMFADevice is a virtual MFA device. Its seed, as text and as a picture,
// is known only in the answer to its creation.
type VirtualMFADevice struct {
	SerialNumber string // acs:ram::<account>:mfa/<name>
	Seed         string // base32
	QRCodePNG    string // base64

	// Who it is bound to, and since when; empty while it is bound to nobody.
	UserID       string
	UserName     string
	ActivateDate string
}

// Name gives the device's name, the last part of its serial number.
func (d VirtualMFADevice) Name() string {
	_, name, _ := strings.Cut(d.SerialNumber, ":mfa/")
	return name
}

// MFADeviceSerialNumber gives the serial number that the device of that name has.
func (c *Client) MFADeviceSerialNumber(ctx context.Context, name string) (string, error) {
	caller, err := c.CallerIdentity(ctx)
	if err != nil {
		return "", err
	}
	return "acs:ram::" + caller.AccountID + ":mfa/" + name, nil
}

// VirtualMFADevice gives the device with the serial number. The error is
// IsNotFound where there is none.
func (c *Client) VirtualMFADevice(ctx context.Context, serialNumber string) (VirtualMFADevice, error) {
	return c.mfaDevices.get(ctx, serialNumber, 0)
}

// VirtualMFADevices gives every virtual device of the account, as the service
// lists them now, all in one answer.
func (c *Client) VirtualMFADevices(ctx context.Context) ([]VirtualMFADevice, error) {
	return do(ctx, c, call{action: "ListVirtualMFADevices"}, c.listMFADevices)
}

// ReadMFADevices is VirtualMFADevices from what is known while this process has
// changed nothing, and answers VirtualMFADevice from then on.
func (c *Client) ReadMFADevices(ctx context.Context) ([]VirtualMFADevice, error) {
	return c.allMFADevices.current(ctx, "")
}

// newMFADeviceTable answers from the list of all devices: RAM has no call for one.
func (c *Client) newMFADeviceTable() *table[VirtualMFADevice] {
	t := &table[VirtualMFADevice]{action: "ListVirtualMFADevices", writes: &c.writes}
	t.about = func(serialNumber string) watched { return watched{mfaDevice(serialNumber).written()} }
	t.single = func(ctx context.Context, serialNumber string) (VirtualMFADevice, error) {
		all, err := c.allMFADevices.ask(ctx, "", t.about(serialNumber))
		if err != nil {
			return VirtualMFADevice{}, err
		}
		d, err := mfaDeviceAmong(all, serialNumber)
		if err == nil || !c.ledger.isFresh(mfaDevice(serialNumber), c.ServerTime()) {
			return d, err
		}
		return c.fetchMFADevice(ctx, serialNumber)
	}
	return t
}

// newAllMFADevicesTable keeps the list of all devices, under an empty name. It
// is asked about single devices, by newMFADeviceTable.
func (c *Client) newAllMFADevicesTable() *table[[]VirtualMFADevice] {
	return &table[[]VirtualMFADevice]{
		action: "ListVirtualMFADevices",
		writes: &c.writes,
		about:  anything,
		single: func(ctx context.Context, _ string) ([]VirtualMFADevice, error) { return c.VirtualMFADevices(ctx) },
	}
}

// fetchMFADevice asks for a device that is so new that a list may not show it yet.
func (c *Client) fetchMFADevice(ctx context.Context, serialNumber string) (VirtualMFADevice, error) {
	op := call{action: "ListVirtualMFADevices", needs: []entity{mfaDevice(serialNumber)}}
	return do(ctx, c, op, func(ctx context.Context) (VirtualMFADevice, error) {
		all, err := c.listMFADevices(ctx)
		if err != nil {
			return VirtualMFADevice{}, err
		}
		return mfaDeviceAmong(all, serialNumber)
	})
}

func (c *Client) listMFADevices(ctx context.Context) ([]VirtualMFADevice, error) {
	out, err := callRPC[ram.ListVirtualMFADevicesResponse](ctx, c, &c.ram().Client, ramVersion, "ListVirtualMFADevices", "AK", nil)
	if err != nil {
		return nil, err
	}
	devices := listed(out.Body.VirtualMFADevices, (*ram.ListVirtualMFADevicesResponseBodyVirtualMFADevices).GetVirtualMFADevice)
	return convertAll(devices, mfaDeviceFromAPI), nil
}

func mfaDeviceAmong(all []VirtualMFADevice, serialNumber string) (VirtualMFADevice, error) {
	for _, d := range all {
		if d.SerialNumber == serialNumber {
			return d, nil
		}
	}
	return VirtualMFADevice{}, notFound(KindMFADevice, serialNumber)
}

// CreateVirtualMFADevice makes a device, which is bound to nobody. The error is
// IsAlreadyExists where there is one of that name.
//
// When the answer is lost the seed is lost for good. Since there was no device
// of that name before, the one that is there now is then deleted and made anew;
// where that fails the error names it.
func (c *Client) CreateVirtualMFADevice(ctx context.Context, name string) (VirtualMFADevice, error) {
	serialNumber, err := c.MFADeviceSerialNumber(ctx, name)
	if err != nil {
		return VirtualMFADevice{}, err
	}
	_, err = c.VirtualMFADevice(ctx, serialNumber)
	if err == nil {
		err = &Error{Action: "CreateVirtualMFADevice", Code: "EntityAlreadyExists.VirtualMFADevice", Message: "there is an MFA device of this name"}
	}
	if !IsNotFound(err) {
		return VirtualMFADevice{}, err
	}
	create := func() (VirtualMFADevice, error) { return c.createMFADevice(ctx, name, serialNumber) }
	d, err := writing(&c.writes, []entity{mfaDevice(serialNumber).written()}, create, func(d VirtualMFADevice, at uint64) {
		c.mfaDevices.put(serialNumber, VirtualMFADevice{SerialNumber: serialNumber}, at)
	})
	if err == nil {
		c.ledger.made(mfaDevice(serialNumber))
	}
	return d, err
}

// createMFADevice makes the device until its seed is known.
func (c *Client) createMFADevice(ctx context.Context, name, serialNumber string) (VirtualMFADevice, error) {
	lost := false // an attempt without an answer may have made the device
	for attempt := 0; ; attempt++ {
		d, err := c.sendCreateMFADevice(ctx, name)
		if err == nil {
			return d, nil
		}
		remove := lost && IsAlreadyExists(err)
		lost = lost || IsLost(err)
		if !lost {
			return d, err
		}
		if remove {
			if deleteErr := ignoreNotFound(c.DeleteVirtualMFADevice(ctx, serialNumber)); deleteErr != nil {
				return d, secretLost(err, "an attempt whose answer was lost has made "+serialNumber+", whose seed nobody knows, and it could not be deleted: "+deleteErr.Error())
			}
			lost = false
			continue
		}
		if !IsLost(err) || attempt >= c.maxRetries || pause(ctx, attempt) != nil {
			return d, secretLost(err, "an attempt whose answer was lost may have made "+serialNumber+", whose seed nobody knows; delete that device, if it is there, before you apply again")
		}
	}
}

func (c *Client) sendCreateMFADevice(ctx context.Context, name string) (VirtualMFADevice, error) {
	op := call{action: "CreateVirtualMFADevice", access: create}
	return do(ctx, c, op, func(ctx context.Context) (VirtualMFADevice, error) {
		out, err := c.ram().CreateVirtualMFADeviceWithContext(ctx, &ram.CreateVirtualMFADeviceRequest{VirtualMFADeviceName: tea.String(name)}, c.runtime)
		if err != nil {
			return VirtualMFADevice{}, err
		}
		d, err := converted(out.Body.VirtualMFADevice, newMFADeviceFromAPI)
		if err == nil && (d.SerialNumber == "" || d.Seed == "") {
			err = errIncomplete
		}
		return d, err
	})
}

// BindMFADevice binds the device to the user, with codes that it computes from
// the seed, and gives the device as it is afterwards. Its ActivateDate is empty
// where the service does not show it yet.
func (c *Client) BindMFADevice(ctx context.Context, serialNumber, seed string, to Principal) (VirtualMFADevice, error) {
	key, err := parseSeed(seed)
	if err != nil {
		return VirtualMFADevice{}, err
	}
	bind := func() (VirtualMFADevice, error) {
		bound := VirtualMFADevice{SerialNumber: serialNumber, UserID: to.ID, UserName: to.Name}
		if err := c.bindMFADevice(ctx, serialNumber, key, to); err != nil {
			return bound, err
		}
		if all, err := c.VirtualMFADevices(ctx); err == nil {
			if d, err := mfaDeviceAmong(all, serialNumber); err == nil && d.UserID == to.ID {
				bound.ActivateDate = d.ActivateDate
			}
		}
		return bound, nil
	}
	return writing(&c.writes, []entity{mfaDevice(serialNumber).written()}, bind, func(d VirtualMFADevice, at uint64) {
		c.mfaDevices.put(serialNumber, d, at)
	})
}

// bindMFADevice sends the code of the step before and the one of now, as a
// person would who has typed both. Where they are refused it waits for two that
// were not sent before: the service may take no code twice, and the device may
// have been bound a moment ago.
func (c *Client) bindMFADevice(ctx context.Context, serialNumber string, key []byte, to Principal) error {
	codes := make([]string, 2) // of the attempt under way, for the call to hide
	op := call{action: "BindMFADevice", access: write, needs: []entity{user(to.Name), mfaDevice(serialNumber)}, secrets: codes}
	var step int64
	send := func(ctx context.Context) (*ram.BindMFADeviceResponse, error) {
		step = stepAt(c.ServerTime())
		codes[0], codes[1] = totp(key, step-1), totp(key, step)
		return c.ram().BindMFADeviceWithContext(ctx, &ram.BindMFADeviceRequest{
			SerialNumber: tea.String(serialNumber), UserName: tea.String(to.Name),
			AuthenticationCode1: tea.String(codes[0]), AuthenticationCode2: tea.String(codes[1]),
		}, c.runtime)
	}
	for earliest := int64(0); ; earliest = step + 2 {
		if err := c.awaitStep(ctx, earliest); err != nil {
			return notAsked(op.action, err)
		}
		_, err := do(ctx, c, op, send)
		switch {
		case err == nil:
			return nil
		case (IsAlreadyExists(err) || isAfterLost(err)) && c.hasMFADevice(ctx, to.Name, serialNumber):
			return nil
		case !hasCodePrefix(err, "CheckAuthenticationCodeFail") || earliest > 0:
			return err
		}
	}
}

// late is how long before the end of a step no code is sent any more: it would
// arrive as that of the step before.
const late = 2 * time.Second

// awaitStep waits for a step of codes by the service's clock, the earliest or a
// later one that does not end at once.
func (c *Client) awaitStep(ctx context.Context, earliest int64) error {
	now := c.ServerTime()
	begins := stepBegins(max(earliest, stepAt(now.Add(late))))
	return sleepUntil(ctx, time.Now().Add(begins.Sub(now)))
}

// hasMFADevice reports whether the device is bound to the user, waiting for the
// service to show it.
func (c *Client) hasMFADevice(ctx context.Context, userName, serialNumber string) bool {
	for deadline := time.Now().Add(settlesIn); ; {
		bound, err := c.MFADevice(ctx, userName)
		if err != nil || bound != "" || !time.Now().Before(deadline) || pause(ctx, 2) != nil {
			return err == nil && bound == serialNumber
		}
	}
}

// MFADevice gives the serial number of the device that is bound to the user,
// empty where there is none.
func (c *Client) MFADevice(ctx context.Context, userName string) (serialNumber string, err error) {
	serialNumber, err = do(ctx, c, call{action: "GetUserMFAInfo", needs: []entity{user(userName)}}, func(ctx context.Context) (string, error) {
		out, err := c.ram().GetUserMFAInfoWithContext(ctx, &ram.GetUserMFAInfoRequest{UserName: tea.String(userName)}, c.runtime)
		if err != nil || out.Body.MFADevice == nil {
			return "", err
		}
		return tea.StringValue(out.Body.MFADevice.SerialNumber), nil
	})
	if IsNotFound(err) && !isMissing(err, string(KindUser)) {
		return "", nil
	}
	return serialNumber, err
}

// OtherMFADevice gives the serial number of a device that is bound to the user
// and is not this one, empty where there is none. It waits for the service to
// notice that this process has unbound one.
func (c *Client) OtherMFADevice(ctx context.Context, userName, serialNumber string) (string, error) {
	// Nobody else has had the time to give a user of this run a device.
	if c.ledger.hasMade(user(userName)) {
		return "", nil
	}
	for attempt := 0; ; attempt++ {
		other, err := c.MFADevice(ctx, userName)
		if other == serialNumber {
			other = ""
		}
		if err != nil || other == "" || !c.ledger.wasRelieved(user(userName)) || pause(ctx, min(attempt, 3)) != nil {
			return other, err
		}
	}
}

// UnbindMFADevice takes the device, which is bound to the user, away from it.
// RAM keeps a virtual one.
func (c *Client) UnbindMFADevice(ctx context.Context, userName, serialNumber string) error {
	return c.takeMFADevice(ctx, "UnbindMFADevice", userName, serialNumber, func(ctx context.Context) error {
		_, err := c.ram().UnbindMFADeviceWithContext(ctx, &ram.UnbindMFADeviceRequest{UserName: tea.String(userName)}, c.runtime)
		return err
	}, func(at uint64) { c.mfaDevices.put(serialNumber, VirtualMFADevice{SerialNumber: serialNumber}, at) })
}

// RemoveMFADevice unbinds the user's device and deletes it if it is a virtual
// one, which RAM otherwise keeps and counts. That is one call, so that a run
// which is killed leaves no device that nobody has. What is gone already is fine.
func (c *Client) RemoveMFADevice(ctx context.Context, userName, serialNumber string) error {
	if !strings.Contains(serialNumber, ":mfa/") {
		return ignoreNotFound(c.UnbindMFADevice(ctx, userName, serialNumber))
	}
	_, err := byPrincipalName(ctx, c, userName, func(upn string) (struct{}, error) {
		return struct{}{}, c.takeMFADevice(ctx, "DisableVirtualMFA", userName, serialNumber, func(ctx context.Context) error {
			_, err := c.ims().DisableVirtualMFAWithContext(ctx, &ims.DisableVirtualMFARequest{UserPrincipalName: tea.String(upn)}, c.runtime)
			return err
		}, func(at uint64) { c.mfaDevices.putGone(serialNumber, notFound(KindMFADevice, serialNumber), at) })
	})
	return ignoreNotFound(err)
}

// takeMFADevice makes a call that takes the device away from the user.
func (c *Client) takeMFADevice(ctx context.Context, action, userName, serialNumber string, send func(context.Context) error, learn func(at uint64)) error {
	err := change(ctx, c, call{action: action, ends: true}, []entity{mfaDevice(serialNumber).written()}, send, learn)
	if err == nil || IsNotFound(err) {
		c.ledger.relieved(user(userName), mfaDevice(serialNumber))
	}
	return err
}

// DeleteVirtualMFADevice deletes the device. The error is IsDeleteConflict while
// it is bound to a user.
func (c *Client) DeleteVirtualMFADevice(ctx context.Context, serialNumber string) error {
	device := mfaDevice(serialNumber)
	op := call{action: "DeleteVirtualMFADevice", ends: true, frees: device}
	err := change(ctx, c, op, []entity{device.written()}, func(ctx context.Context) error {
		_, err := c.ram().DeleteVirtualMFADeviceWithContext(ctx, &ram.DeleteVirtualMFADeviceRequest{SerialNumber: tea.String(serialNumber)}, c.runtime)
		return err
	}, func(at uint64) { c.mfaDevices.putGone(serialNumber, notFound(KindMFADevice, serialNumber), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(device)
	}
	return err
}

func newMFADeviceFromAPI(d *ram.CreateVirtualMFADeviceResponseBodyVirtualMFADevice) VirtualMFADevice {
	return VirtualMFADevice{
		SerialNumber: tea.StringValue(d.SerialNumber),
		Seed:         tea.StringValue(d.Base32StringSeed),
		QRCodePNG:    tea.StringValue(d.QRCodePNG),
	}
}

// mfaDeviceFromAPI takes a device whose user is absent or empty for one that is
// bound to nobody.
func mfaDeviceFromAPI(d *ram.ListVirtualMFADevicesResponseBodyVirtualMFADevicesVirtualMFADevice) VirtualMFADevice {
	out := VirtualMFADevice{SerialNumber: tea.StringValue(d.SerialNumber)}
	if d.User != nil && tea.StringValue(d.User.UserId) != "" {
		out.UserID = tea.StringValue(d.User.UserId)
		out.UserName = tea.StringValue(d.User.UserName)
		out.ActivateDate = tea.StringValue(d.ActivateDate)
	}
	return out
}

func mfaDevice(serialNumber string) entity { return entity{string(KindMFADevice), serialNumber} }
