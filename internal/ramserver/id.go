package ramserver

import (
	"crypto/rand"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// newNumericID returns the 18 digits of a user or role id.
func newNumericID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(9e17))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return n.Add(n, big.NewInt(1e17)).String()
}

func newGroupID() string {
	return "g-" + strings.ToLower(rand.Text()[:16])
}

func newAccessKeyID() string {
	return "LTAI" + rand.Text()[:20]
}

// newSecret returns the 30 characters of an access key secret.
func newSecret() string {
	return (rand.Text() + rand.Text())[:30]
}

// newRequestID returns a UUID in upper case.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := strings.ToUpper(hex.EncodeToString(b[:]))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// timestamp prints a time as RAM does; a time that never was is empty.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// newborn is part of what RAM may not show for a moment after it was created (Unsure.LateVisibility).
type newborn struct{ visibleAt time.Time }

const visibilityLag = 300 * time.Millisecond

// newborn starts the moment. Its clock is the real one: with Server.Now stopped, nothing would ever appear.
func (s *Server) newborn() newborn {
	if !s.Unsure.LateVisibility {
		return newborn{}
	}
	return newborn{time.Now().Add(visibilityLag)}
}

func (n newborn) visible() bool {
	return !time.Now().Before(n.visibleAt)
}
