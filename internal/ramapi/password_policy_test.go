package ramapi

import (
	"net/http"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/password"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestTheRulesForPasswordsAreAskedForOnce(t *testing.T) {
	s := &ramserver.Server{}
	_, err := newTestClient(t, s).SetPasswordPolicy(t.Context(), PasswordPolicy{
		MinimumPasswordLength: new(int64(12)), RequireNumbers: new(true), RequireSymbols: new(true), RequireLowercaseCharacters: new(true),
		RequireUppercaseCharacters: new(true), MinimumPasswordDifferentCharacter: new(int64(5)), PasswordNotContainUserName: new(true),
	})
	must(t, err)
	c, before := newTestClient(t, s), len(actions(s))
	want := password.Policy{MinLength: 12, Lower: true, Upper: true, Digit: true, Symbol: true, DifferentAtLeast: 5, WithoutUserName: true}
	for range 3 {
		rules, known, err := c.PasswordRules(t.Context(), PasswordPolicy{})
		if must(t, err); rules != want || !known {
			t.Errorf("got %+v, %t", rules, known)
		}
	}
	want.MinLength, want.Symbol = 9, false
	rules, _, err := c.PasswordRules(t.Context(), PasswordPolicy{MinimumPasswordLength: new(int64(9)), RequireSymbols: new(false)})
	if must(t, err); rules != want {
		t.Errorf("with what is planned: %+v", rules)
	}
	atMost(t, s, before+1)
}

func TestRulesThatMayNotBeReadAreThoseOfEveryAccount(t *testing.T) {
	s := &ramserver.Server{Intercept: failing("GetPasswordPolicy", 9, ramserver.Fault{Status: http.StatusForbidden, Code: "NoPermission"})}
	c := newTestClient(t, s)
	for range 3 {
		rules, known, err := c.PasswordRules(t.Context(), PasswordPolicy{MinimumPasswordLength: new(int64(9))})
		if must(t, err); rules != (password.Policy{}) || known {
			t.Errorf("got %+v, %t", rules, known)
		}
	}
	atMost(t, s, 1)
	s.Intercept = failing("GetPasswordPolicy", 9, ramserver.Fault{Status: http.StatusBadRequest, Code: "InvalidParameter"})
	if _, _, err := newTestClient(t, s).PasswordRules(t.Context(), PasswordPolicy{}); err == nil {
		t.Error("an answer that says nothing of permissions is no error")
	}
}
