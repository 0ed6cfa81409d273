// Package seal encrypts a secret for those who are to have it, so that whoever
// else reads it, in a state for instance, learns nothing.
package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// Recipient is whom a secret is encrypted for.
type Recipient struct {
	// Fingerprint names the keys that can decrypt: of a PGP key the fingerprint
	// of its primary key, in lower-case hexadecimal digits; of age the
	// recipients, sorted, with commas between them.
	Fingerprint string

	encode  func(io.Writer) io.WriteCloser
	encrypt func(io.Writer) (io.WriteCloser, error)
}

// Seal gives the secret encrypted: for a PGP key as the base64 of a binary
// message, for age as an armored file.
func (r *Recipient) Seal(secret string) (string, error) {
	var text strings.Builder
	encoded := r.encode(&text)
	plain, err := r.encrypt(encoded)
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(plain, secret); err != nil {
		return "", err
	}
	if err := errors.Join(plain.Close(), encoded.Close()); err != nil {
		return "", err
	}
	return text.String(), nil
}

// PGP gives the recipient with a public PGP key, armored or as the base64 of
// its binary form. A key that cannot be encrypted to at that time is an error
// that says why.
func PGP(key string, at time.Time) (*Recipient, error) {
	entity, err := readPGP(key)
	if err != nil {
		return nil, err
	}
	if entity.PrivateKey != nil {
		return nil, errors.New("this is a private key; give the public one, as gpg --export makes it")
	}
	if _, ok := entity.EncryptionKey(at); !ok {
		return nil, whyNot(entity, at)
	}
	r := &Recipient{
		Fingerprint: hex.EncodeToString(entity.PrimaryKey.Fingerprint),
		encode:      func(w io.Writer) io.WriteCloser { return base64.NewEncoder(base64.StdEncoding, w) },
		encrypt: func(w io.Writer) (io.WriteCloser, error) {
			config := &packet.Config{Time: func() time.Time { return at }}
			return openpgp.Encrypt(w, []*openpgp.Entity{entity}, nil, nil, config)
		},
	}
	return r, r.try()
}

func readPGP(key string) (*openpgp.Entity, error) {
	var entities openpgp.EntityList
	var err error
	switch key = strings.TrimSpace(key); {
	case strings.HasPrefix(key, "keybase:"):
		return nil, errors.New("keys are not fetched from Keybase; give the key itself")
	case strings.HasPrefix(key, "-----BEGIN "):
		entities, err = openpgp.ReadArmoredKeyRing(strings.NewReader(key))
	default:
		var binary []byte
		if binary, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(key), "")); err != nil {
			return nil, errors.New("it is neither an armored PGP key nor the base64 of one")
		}
		entities, err = openpgp.ReadKeyRing(bytes.NewReader(binary))
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("it is not a PGP key: %w", err)
	case len(entities) != 1:
		return nil, fmt.Errorf("it holds %d PGP keys; give one", len(entities))
	}
	return entities[0], nil
}

// whyNot says why nothing can be encrypted to a key.
func whyNot(entity *openpgp.Entity, at time.Time) error {
	name := hex.EncodeToString(entity.PrimaryKey.Fingerprint)
	if entity.Revoked(at) {
		return fmt.Errorf("the PGP key %s is revoked", name)
	}
	if id := entity.PrimaryIdentity(); id != nil && id.SelfSignature != nil && entity.PrimaryKey.KeyExpired(id.SelfSignature, at) {
		return fmt.Errorf("the PGP key %s has expired", name)
	}
	for _, sub := range entity.Subkeys {
		if sub.Sig != nil && sub.Sig.FlagEncryptCommunications && sub.PublicKey.KeyExpired(sub.Sig, at) {
			return fmt.Errorf("the subkey of the PGP key %s that is for encryption has expired", name)
		}
	}
	return fmt.Errorf("the PGP key %s has no valid subkey that is for encryption", name)
}

// Age gives the recipients of that many age public keys, such as age1…; each of
// them can decrypt.
func Age(keys []string) (*Recipient, error) {
	if len(keys) == 0 {
		return nil, errors.New("there is no recipient")
	}
	var recipients []age.Recipient
	for _, key := range keys {
		if strings.HasPrefix(strings.ToUpper(key), "AGE-SECRET-KEY-") {
			return nil, errors.New("one is a secret key; give its public key, as age-keygen -y shows it")
		}
		parsed, err := age.ParseRecipients(strings.NewReader(key))
		if err != nil || len(parsed) != 1 {
			return nil, fmt.Errorf("%q is not an age public key, which begins with age1", key)
		}
		recipients = append(recipients, parsed...)
	}
	r := &Recipient{
		Fingerprint: strings.Join(slices.Sorted(slices.Values(keys)), ","),
		encode:      func(w io.Writer) io.WriteCloser { return armor.NewWriter(w) },
		encrypt:     func(w io.Writer) (io.WriteCloser, error) { return age.Encrypt(w, recipients...) },
	}
	return r, r.try()
}

// try finds out what only an encryption does, before there is a secret that
// could be lost by it.
func (r *Recipient) try() error {
	_, err := r.Seal("")
	return err
}
