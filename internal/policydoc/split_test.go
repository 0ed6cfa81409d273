package policydoc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func mustRead(t *testing.T, text string) Policy {
	t.Helper()
	p, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// allows gives each action and resource that a policy of Allow statements names.
func allows(policies ...Policy) []string {
	var all []string
	for _, p := range policies {
		for _, s := range p.statements {
			actions, _ := listOf(s["Action"]).([]any)
			resources, _ := listOf(s["Resource"]).([]any)
			for _, a := range actions {
				for _, r := range resources {
					all = append(all, fmt.Sprint(s["Effect"], " ", a, " ", r))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

func bigPolicy(t *testing.T, statements int) Policy {
	var all []string
	for i := range statements {
		all = append(all, fmt.Sprintf(`{"Effect":"Allow","Action":["oss:Get%d","oss:List%d"],"Resource":["acs:oss:*:*:b%d","acs:oss:*:*:b%d/*"]}`, i, i, i, i))
	}
	return mustRead(t, `{"Version":"1","Statement":[`+strings.Join(all, ",")+`]}`)
}

func TestSplit_partsFitAndMeanTheSame(t *testing.T) {
	p := bigPolicy(t, 40)
	parts, err := p.Split(600)
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) < 7 || len(parts) > 12 {
		t.Errorf("%d parts", len(parts))
	}
	for _, part := range parts {
		if n := len(part.Minified()); n > 600 {
			t.Errorf("a part has %d characters", n)
		}
		if !strings.HasPrefix(part.Minified(), `{"Version":"1","Statement":[`) {
			t.Errorf("not a document: %s", part.Minified())
		}
	}
	if got, want := allows(parts...), allows(p); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSplit_aStatementMoreMovesNoOther(t *testing.T) {
	before, err := bigPolicy(t, 20).Split(600)
	if err != nil {
		t.Fatal(err)
	}
	after, err := bigPolicy(t, 21).Split(600)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, part := range before {
		if after[i].Minified() != part.Minified() {
			changed++
		}
	}
	if changed+len(after)-len(before) != 1 {
		t.Errorf("%d parts changed, and there are %d more", changed, len(after)-len(before))
	}
}

func TestSplit_aLongStatementIsDividedWhereThatMeansTheSame(t *testing.T) {
	var actions []string
	for i := range 50 {
		actions = append(actions, fmt.Sprintf(`"ecs:Action%02d"`, i))
	}
	list := strings.Join(actions, ",")
	p := mustRead(t, `{"Version":"1","Statement":[{"Effect":"Deny","Action":[`+list+`],"Resource":["a","b"],"Condition":{"Bool":{"acs:MFAPresent":"false"}}}]}`)
	parts, err := p.Split(400)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := allows(parts...), allows(p); len(parts) < 2 || !slices.Equal(got, want) {
		t.Errorf("%d parts allow %v, want %v", len(parts), got, want)
	}
	for _, part := range parts {
		if !strings.Contains(part.Minified(), "acs:MFAPresent") {
			t.Errorf("the condition is gone: %s", part.Minified())
		}
	}
	for _, c := range []struct{ text, want string }{
		{`{"Version":"1","Statement":[{"Effect":"Allow","NotAction":[` + list + `],"Resource":"*"}]}`, "statement 1 has"},
		{`{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}`, "a trust policy cannot be split"},
	} {
		if _, err := mustRead(t, c.text).Split(400); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
