package ramapi

import (
	"crypto/hmac"
	"crypto/sha1" // the codes of RAM's devices are HMAC-SHA1
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A code of an MFA device is of one step of 30 seconds, counted from 1970.
const stepSeconds = 30

func stepAt(t time.Time) int64 { return t.Unix() / stepSeconds }

func stepBegins(step int64) time.Time { return time.Unix(step*stepSeconds, 0) }

// parseSeed gives the key in a seed. The error does not show it.
func parseSeed(seed string) ([]byte, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(seed, "="))
	if err != nil || len(key) == 0 {
		return nil, errors.New("the seed of the MFA device is not base32")
	}
	return key, nil
}

// totp gives the six digits that a device with the key shows during a step
// (RFC 6238).
func totp(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", value%1_000_000)
}
