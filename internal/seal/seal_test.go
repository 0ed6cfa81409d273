package seal

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/ProtonMail/go-crypto/openpgp"
	pgparmor "github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

const secret = "kW9x-secret"

var now = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

func newPGP(t *testing.T, config packet.Config) *openpgp.Entity {
	t.Helper()
	config.Time = func() time.Time { return now.Add(-time.Hour) }
	entity, err := openpgp.NewEntity("Alice", "", "alice@example.com", &config)
	if err != nil {
		t.Fatal(err)
	}
	return entity
}

func binaryOf(t *testing.T, entity *openpgp.Entity) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := entity.Serialize(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func armored(t *testing.T, entity *openpgp.Entity) string {
	t.Helper()
	var out strings.Builder
	w, err := pgparmor.Encode(&out, openpgp.PublicKeyType, nil)
	if err == nil {
		_, err = w.Write(binaryOf(t, entity))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPGP_whatIsSealedIsReadWithThePrivateKeyOnly(t *testing.T) {
	entity := newPGP(t, packet.Config{})
	for name, key := range map[string]string{
		"armored": armored(t, entity),
		"base64":  base64.StdEncoding.EncodeToString(binaryOf(t, entity)),
	} {
		r, err := PGP(key, now)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sealed, err := r.Seal(secret)
		if err != nil {
			t.Fatal(err)
		}
		binary, err := base64.StdEncoding.DecodeString(sealed)
		if err != nil {
			t.Fatalf("not base64: %v", err)
		}
		if bytes.Contains(binary, []byte(secret)) {
			t.Error("the secret can be read")
		}
		message, err := openpgp.ReadMessage(bytes.NewReader(binary), openpgp.EntityList{entity}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(message.UnverifiedBody); err != nil || string(plain) != secret {
			t.Errorf("got %q, %v", plain, err)
		}
		if want := strings.ToLower(r.Fingerprint); len(want) != 40 || want != r.Fingerprint {
			t.Errorf("fingerprint %q", r.Fingerprint)
		}
	}
}

func TestPGP_refusesWhatCannotBeEncryptedTo(t *testing.T) {
	good, expired, revoked, signOnly := newPGP(t, packet.Config{}), newPGP(t, packet.Config{KeyLifetimeSecs: 60}), newPGP(t, packet.Config{}), newPGP(t, packet.Config{})
	if err := revoked.RevokeKey(packet.KeyCompromised, "", &packet.Config{Time: func() time.Time { return now.Add(-time.Minute) }}); err != nil {
		t.Fatal(err)
	}
	signOnly.Subkeys = nil
	var private strings.Builder
	w, _ := pgparmor.Encode(&private, openpgp.PrivateKeyType, nil)
	_ = good.SerializePrivate(w, nil)
	_ = w.Close()
	for _, c := range []struct{ key, want string }{
		{armored(t, expired), "has expired"},
		{armored(t, revoked), "is revoked"},
		{armored(t, signOnly), "no valid subkey that is for encryption"},
		{private.String(), "a private key"},
		{armored(t, good)[:200], "not a PGP key"},
		{"keybase:alice", "Keybase"},
		{"not a key", "neither an armored PGP key nor the base64"},
		{base64.StdEncoding.EncodeToString(append(binaryOf(t, good), binaryOf(t, expired)...)), "holds 2 PGP keys"},
	} {
		if _, err := PGP(c.key, now); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestAge_eachRecipientReadsWhatIsSealed(t *testing.T) {
	one, two := newAge(t), newAge(t)
	r, err := Age([]string{one.Recipient().String(), two.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := r.Seal(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []age.Identity{one, two} {
		plain, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), id)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(plain); err != nil || string(text) != secret {
			t.Errorf("got %q, %v", text, err)
		}
	}
	if _, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), newAge(t)); err == nil {
		t.Error("somebody else can decrypt")
	}
	if !strings.Contains(r.Fingerprint, one.Recipient().String()) {
		t.Errorf("fingerprint %q", r.Fingerprint)
	}
}

func newAge(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAge_refusesWhatIsNoPublicKey(t *testing.T) {
	id := newAge(t)
	for _, c := range []struct {
		keys []string
		want string
	}{
		{nil, "no recipient"},
		{[]string{id.String()}, "a secret key"},
		{[]string{id.Recipient().String() + "x"}, "is not an age public key"},
		{[]string{"# a comment"}, "is not an age public key"},
	} {
		_, err := Age(c.keys)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.keys, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), id.String()) {
			t.Error("the error shows a secret key")
		}
	}
}
