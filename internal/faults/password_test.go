package faults

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The passwords that configurations set.
var passwords = []string{"First-passw0rd!", "Sec0nd-password!"}

// currentPassword says which password a login has, by the hashes that the RAM
// server keeps: salt, colon, hash; the current one first.
func currentPassword(hashes []string) string {
	if len(hashes) == 0 {
		return "without a password"
	}
	salt, hash, _ := strings.Cut(hashes[0], ":")
	for i, p := range passwords {
		derived, err := pbkdf2.Key(sha256.New, p, []byte(salt), 1000, sha256.Size)
		if err == nil && hex.EncodeToString(derived) == hash {
			return []string{"the first password", "the second password"}[i]
		}
	}
	return "an unknown password"
}
