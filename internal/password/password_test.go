package password

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestPolicy_namesTheRulesThatAPasswordBreaks(t *testing.T) {
	strict := Policy{MinLength: 12, Lower: true, Upper: true, Digit: true, Symbol: true, DifferentAtLeast: 5, WithoutUserName: true}
	for name, test := range map[string]struct {
		policy   Policy
		password string
		want     []string
	}{
		"good":                          {strict, "Correct-horse-9", nil},
		"short for RAM":                 {Policy{}, "seven77", []string{"at least 8 characters"}},
		"short for a policy below RAM":  {Policy{MinLength: 3}, "seven77", []string{"at least 8 characters"}},
		"short for the policy":          {strict, "Abcdefg-123", []string{"at least 12 characters"}},
		"as long as can be":             {Policy{}, strings.Repeat("x", 32), nil},
		"too long":                      {Policy{}, strings.Repeat("x", 33), []string{"at most 32 characters"}},
		"counted in characters":         {Policy{MinLength: 9}, "пароль78", []string{"at least 9 characters"}},
		"no lower-case letter":          {strict, "CORRECT-HORSE-9", []string{"a lower-case letter"}},
		"no upper-case letter":          {strict, "correct-horse-9", []string{"an upper-case letter"}},
		"no digit":                      {strict, "Correct-horse-x", []string{"a digit"}},
		"no symbol":                     {strict, "CorrectHorse99", []string{"a symbol"}},
		"letters beyond ASCII may help": {strict, "ÄÖÜäöü789012", nil},
		"few different characters":      {strict, "Aa1-Aa1-Aa1-", []string{"at least 5 different characters"}},
		"the user's name in it":         {strict, "Not-aLiCe-999", []string{"without the user's name"}},
		"everything":                    {strict, "aaaa", []string{"at least 12 characters", "an upper-case letter", "a digit", "a symbol", "at least 5 different characters"}},
	} {
		if got := test.policy.Broken(test.password, "alice"); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestPolicy_aUserWithoutANameIsInNoPassword(t *testing.T) {
	if broken := (Policy{WithoutUserName: true}).Broken("whatever", ""); broken != nil {
		t.Errorf("got %q", broken)
	}
}

// randomPolicy gives one of all that an account can have.
func randomPolicy(r *rand.Rand) Policy {
	flag := func() bool { return r.IntN(2) == 0 }
	return Policy{
		MinLength: r.IntN(MaxLength + 1), Lower: flag(), Upper: flag(), Digit: flag(), Symbol: flag(),
		DifferentAtLeast: r.IntN(maxDifferent + 1), WithoutUserName: flag(),
	}
}

func TestPolicy_whatIsGeneratedFulfilsEveryPolicy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"", "a", "7", "-", "alice", "anna.maria-lopez_garcia"}
	for range 3000 {
		p, length, name := randomPolicy(r), r.IntN(45), names[r.IntN(len(names))]
		got, err := p.Generate(length, name)
		if possible := length >= max(p.MinLength, MinLength) && length <= MaxLength; !possible {
			if err == nil || got != "" {
				t.Fatalf("%+v has a password of %d characters", p, length)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%+v with %d characters: %v", p, length, err)
		}
		// Nothing is known of a stricter policy but its length.
		strictest := Policy{MinLength: p.MinLength, Lower: true, Upper: true, Digit: true, Symbol: true, DifferentAtLeast: maxDifferent, WithoutUserName: true}
		if broken := slices.Concat(p.Broken(got, name), strictest.Broken(got, name)); len(broken) > 0 || len(got) != length {
			t.Fatalf("%+v with %d characters: %q lacks %q", p, length, got, broken)
		}
	}
}

func TestPolicy_everyCharacterIsGeneratedAboutAsOften(t *testing.T) {
	counts, total := map[rune]int{}, 0
	for range 4000 {
		text, err := Policy{}.Generate(MaxLength, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range text {
			counts[c]++
			total++
		}
	}
	// About 1,600 of each, give or take 40; rules about kinds move that by less than a tenth.
	mean := total / len(alphabet)
	for _, c := range alphabet {
		if n := counts[c]; n < mean*3/4 || n > mean*5/4 {
			t.Errorf("%q comes %d times, the mean is %d", c, n, mean)
		}
	}
}

func TestPolicy_noTwoGeneratedPasswordsAreTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text, err := Policy{}.Generate(MinLength, "")
		if err != nil || seen[text] {
			t.Fatalf("%q again, or %v", text, err)
		}
		seen[text] = true
	}
}

func TestPolicy_lengthIsTheLeastThatIsAllowed(t *testing.T) {
	for _, test := range []struct{ least, wanted, want int }{{0, 20, 20}, {8, 20, 20}, {24, 20, 24}, {0, 5, 8}} {
		if got := (Policy{MinLength: test.least}).Length(test.wanted); got != test.want {
			t.Errorf("at least %d: %d became %d", test.least, test.wanted, got)
		}
	}
}
