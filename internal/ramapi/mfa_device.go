package ramapi

import (
	"context"
	"strings"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

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

// RemoveMFADevice unbinds the user's device and deletes it if it is a virtual
// one, which RAM otherwise keeps and counts. That is one call, so that a run
// which is killed leaves no device that nobody has.
func (c *Client) RemoveMFADevice(ctx context.Context, userName, serialNumber string) error {
	var err error
	if strings.Contains(serialNumber, ":mfa/") {
		err = c.disableVirtualMFA(ctx, userName)
	} else {
		_, err = do(ctx, c, call{action: "UnbindMFADevice", access: write}, func(ctx context.Context) (*ram.UnbindMFADeviceResponse, error) {
			return c.ram().UnbindMFADeviceWithContext(ctx, &ram.UnbindMFADeviceRequest{UserName: tea.String(userName)}, c.runtime)
		})
	}
	if err == nil || IsNotFound(err) {
		c.ledger.relieved(user(userName))
	}
	return ignoreNotFound(err)
}

func (c *Client) disableVirtualMFA(ctx context.Context, userName string) error {
	upn, err := c.UserPrincipalName(ctx, userName)
	if err != nil {
		return err
	}
	_, err = do(ctx, c, call{action: "DisableVirtualMFA", access: write}, func(ctx context.Context) (*ims.DisableVirtualMFAResponse, error) {
		return c.ims().DisableVirtualMFAWithContext(ctx, &ims.DisableVirtualMFARequest{UserPrincipalName: tea.String(upn)}, c.runtime)
	})
	return err
}
