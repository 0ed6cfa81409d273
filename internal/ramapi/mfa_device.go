package ramapi

import (
	"context"

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
// one, which RAM otherwise keeps and counts.
func (c *Client) RemoveMFADevice(ctx context.Context, userName, serialNumber string) error {
	_, err := do(ctx, c, call{action: "UnbindMFADevice", access: write}, func(ctx context.Context) (*ram.UnbindMFADeviceResponse, error) {
		return c.ram().UnbindMFADeviceWithContext(ctx, &ram.UnbindMFADeviceRequest{UserName: tea.String(userName)}, c.runtime)
	})
	if err != nil && !IsNotFound(err) {
		return err
	}
	c.ledger.relieved(user(userName))
	_, err = do(ctx, c, call{action: "DeleteVirtualMFADevice", access: write}, func(ctx context.Context) (*ram.DeleteVirtualMFADeviceResponse, error) {
		return c.ram().DeleteVirtualMFADeviceWithContext(ctx, &ram.DeleteVirtualMFADeviceRequest{SerialNumber: tea.String(serialNumber)}, c.runtime)
	})
	if IsNotFound(err) {
		return nil
	}
	return err
}
