// Package password checks passwords against a password policy, and generates
// ones that fulfil it. It knows nothing of Terraform and RAM's API, and says
// nothing about a password but which rules it breaks.
package password

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What RAM accepts, whatever a policy says.
const (
	MinLength = 8
	MaxLength = 32
)

// maxDifferent is the most different characters that a policy can want.
const maxDifferent = 8

// Policy is what passwords have to be like. The zero Policy has RAM's fixed
// limits alone.
type Policy struct {
	MinLength        int // RAM's own is the least
	Lower            bool
	Upper            bool
	Digit            bool
	Symbol           bool
	DifferentAtLeast int  // different characters
	WithoutUserName  bool // in capitals or not
}

// Broken gives what the policy wants of a user's password and this one does not
// have, such as "at least 12 characters"; nothing for a good one. RAM's
// documentation does not say what letters beyond ASCII count as, so they count
// as whatever helps.
func (p Policy) Broken(password, userName string) []string {
	different := map[rune]bool{}
	for _, c := range password {
		different[c] = true
	}
	length := utf8.RuneCountInString(password)
	var broken []string
	for _, rule := range []struct {
		holds bool
		wants string
	}{
		{length >= p.minLength(), fmt.Sprintf("at least %d characters", p.minLength())},
		{length <= MaxLength, fmt.Sprintf("at most %d characters", MaxLength)},
		{!p.Lower || strings.ContainsFunc(password, unicode.IsLower), "a lower-case letter"},
		{!p.Upper || strings.ContainsFunc(password, unicode.IsUpper), "an upper-case letter"},
		{!p.Digit || strings.ContainsFunc(password, unicode.IsDigit), "a digit"},
		{!p.Symbol || strings.ContainsFunc(password, isSymbol), "a symbol"},
		{len(different) >= p.DifferentAtLeast, fmt.Sprintf("at least %d different characters", p.DifferentAtLeast)},
		{!p.WithoutUserName || !containsName(password, userName), "without the user's name"},
	} {
		if !rule.holds {
			broken = append(broken, rule.wants)
		}
	}
	return broken
}

func (p Policy) minLength() int { return max(p.MinLength, MinLength) }

// isSymbol takes everything for a symbol that is no letter or digit of ASCII.
func isSymbol(c rune) bool {
	return c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c)
}

func containsName(password, userName string) bool {
	return userName != "" && strings.Contains(strings.ToLower(password), strings.ToLower(userName))
}

// CheckLength gives an error where no password of that length fulfils the policy.
func (p Policy) CheckLength(length int) error {
	switch {
	case length < p.minLength():
		return fmt.Errorf("a password of %d characters is too short: the password policy wants at least %d", length, p.minLength())
	case length > MaxLength:
		return fmt.Errorf("a password of %d characters is too long: RAM accepts up to %d", length, MaxLength)
	}
	return nil
}

// Length gives the least length from wanted on that the policy allows.
func (p Policy) Length(wanted int) int { return max(wanted, p.minLength()) }

// alphabet is what generated passwords are made of. Its symbols are those that
// everybody calls so: a dot, a hyphen or an underscore may also be in a name.
const alphabet = "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "0123456789" + "!@#$%^&*()+=[]{}|"

// Generate gives a new password of that many characters for the user. It has
// every kind of character, enough different ones and no name of the user even
// where the policy does not ask for it, so that a policy which cannot be read,
// or becomes stricter before the password is set, is met as well.
func (p Policy) Generate(length int, userName string) (string, error) {
	if err := p.CheckLength(length); err != nil {
		return "", err
	}
	strict := Policy{
		MinLength: p.MinLength,
		Lower:     true, Upper: true, Digit: true, Symbol: true,
		DifferentAtLeast: max(p.DifferentAtLeast, maxDifferent),
		WithoutUserName:  true,
	}
	// Every password that fulfils the rules is equally likely: others are thrown away whole.
	for {
		if candidate := random(length); len(strict.Broken(candidate, userName)) == 0 {
			return candidate, nil
		}
	}
}

func random(length int) string {
	text := make([]byte, length)
	for i := range text {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		text[i] = alphabet[n.Int64()]
	}
	return string(text)
}
