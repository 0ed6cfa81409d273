package ramserver

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"
)

// drawn counts how often something was drawn for the same thing. It has a mutex of its own, because a request has an
// id before the account is asked.
type drawn struct {
	mu    sync.Mutex
	times map[string]int
}

// random returns what an id or a secret of one kind, for the thing of that name, is made from. With Server.IDSeed it
// depends on nothing but these and on how often it was asked for before. What goes on beside it has no part in it, so
// that calls that come in another order get the same ids.
func (s *Server) random(kind, name string) io.Reader {
	if s.IDSeed == 0 {
		return rand.Reader
	}
	thing := kind + " " + name
	s.drawn.mu.Lock()
	defer s.drawn.mu.Unlock()
	if s.drawn.times == nil {
		s.drawn.times = map[string]int{}
	}
	s.drawn.times[thing]++
	return s.repeatable(fmt.Sprintf("%s %d", thing, s.drawn.times[thing]))
}

func (s *Server) repeatable(what string) io.Reader {
	return mathrand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d %s", s.IDSeed, what)))
}

// randomBytes reads n bytes. Neither source of random fails.
func randomBytes(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic(err)
	}
	return b
}

// randomText returns n letters and digits as base32 has them.
func randomText(random io.Reader, n int) string {
	const base32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	b := randomBytes(random, n)
	for i, c := range b {
		b[i] = base32Digits[c%32]
	}
	return string(b)
}

// randomDigits returns n digits that begin with another than 0.
func randomDigits(random io.Reader, n int) string {
	least := uint64(1)
	for range n - 1 {
		least *= 10
	}
	return fmt.Sprint(least + binary.BigEndian.Uint64(randomBytes(random, 8))%(9*least))
}

// randomUUID returns a UUID in upper case.
func randomUUID(random io.Reader) string {
	b := randomBytes(random, 16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := strings.ToUpper(hex.EncodeToString(b))
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// unused draws an id until it is one that nothing has. Repeatable ones begin anew when a saved account is loaded.
func unused(draw func() string, taken func(id string) bool) string {
	for {
		if id := draw(); !taken(id) {
			return id
		}
	}
}

func has[T any](objects map[string]*T) func(id string) bool {
	return func(id string) bool { return objects[id] != nil }
}

func (s *Server) newUserID(name string) string {
	return unused(func() string { return randomDigits(s.random("user", name), 18) }, func(id string) bool {
		return s.state.Users[id] != nil || s.state.RecycledUsers[id] != nil
	})
}

func (s *Server) newRoleID(name string) string {
	return unused(func() string { return randomDigits(s.random("role", name), 18) }, has(s.state.Roles))
}

func (s *Server) newGroupID(name string) string {
	return unused(func() string { return "g-" + strings.ToLower(randomText(s.random("group", name), 16)) }, has(s.state.Groups))
}

func (s *Server) newResourceGroupID(name string) string {
	return unused(func() string { return "rg-" + strings.ToLower(randomText(s.random("resource group", name), 15)) }, has(s.state.ResourceGroups))
}

// newAccessKeyID returns the id of a new key of a user, or of the account root for an empty id.
func (s *Server) newAccessKeyID(userID string) string {
	return unused(func() string { return "LTAI" + randomText(s.random("access key", userID), 20) }, func(id string) bool {
		return s.state.AccessKeys[id] != nil || s.state.RecycledKeys[id] != nil
	})
}

// newSecret returns the 30 characters of an access key secret.
func (s *Server) newSecret(keyID string) string {
	return randomText(s.random("secret", keyID), 30)
}

// stsPrefix is what the ids of the keys of sessions begin with.
const stsPrefix = "STS."

func (s *Server) newSessionKeyID(role *role, session string) string {
	return unused(func() string { return stsPrefix + randomText(s.random("session", role.RoleID+"/"+session), 25) }, has(s.state.Sessions))
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
