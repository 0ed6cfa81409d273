package ramserver

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

const (
	// passwordsKept is how many passwords PasswordReusePrevention can look back at.
	passwordsKept = 24
	// hashRounds is low: the hash keeps a password from being read in a saved account, not from being guessed.
	hashRounds = 1000
)

func (p *loginProfile) setPassword(password, salt string, now time.Time) {
	kept := p.Passwords[:min(len(p.Passwords), passwordsKept-1)]
	p.Passwords = slices.Concat([]string{salt + ":" + hashPassword(salt, password)}, kept)
	p.PasswordSetDate = now
}

func (s *Server) newSalt(u *user) string {
	return randomText(s.random("salt", u.UserID), 26)
}

func (p *loginProfile) hasPassword(password string) bool {
	return p.usedBefore(password, 1)
}

// usedBefore reports whether a password is among the last n.
func (p *loginProfile) usedBefore(password string, n int) bool {
	last := p.Passwords[:min(len(p.Passwords), n)]
	return slices.ContainsFunc(last, func(kept string) bool {
		salt, hash, _ := strings.Cut(kept, ":")
		return subtle.ConstantTimeCompare([]byte(hash), []byte(hashPassword(salt, password))) == 1
	})
}

func hashPassword(salt, password string) string {
	hash, err := pbkdf2.Key(sha256.New, password, []byte(salt), hashRounds, sha256.Size)
	if err != nil {
		panic(err) // the parameters are constants
	}
	return hex.EncodeToString(hash)
}
