package policydoc_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const readECS = `{"Version":"1","Statement":[{"Effect":"Allow","Action":["ecs:Describe*","ecs:List*"],"Resource":"*"}]}`

// statement returns a policy of one statement with these members.
func statement(members string) string {
	return `{"Version":"1","Statement":[{` + members + `}]}`
}

var equalTests = []struct {
	name string
	a, b string
	want bool
}{
	{
		"white space and the order of keys do not count", readECS,
		"{\n  \"Statement\": [{\"Resource\": \"*\", \"Action\": [\"ecs:Describe*\", \"ecs:List*\"], \"Effect\": \"Allow\"}],\n  \"Version\": \"1\"\n}\n", true,
	},
	{"escapes do not count", statement(`"Action":"ecs:<a>"`), statement(`"Action":"\u0065cs:\u003ca\u003e"`), true},
	{"the order of actions does not count", statement(`"Action":["a:B","c:D"]`), statement(`"Action":["c:D","a:B"]`), true},
	{"a repeated action does not count", statement(`"Action":["a:B","c:D","a:B"]`), statement(`"Action":["c:D","a:B","c:D"]`), true},
	{"one action equals a list of it", statement(`"Action":"a:B"`), statement(`"Action":["a:B"]`), true},
	{"one excluded action equals a list of it", statement(`"NotAction":"a:B"`), statement(`"NotAction":["a:B"]`), true},
	{"one resource equals a list of it", statement(`"Resource":"*"`), statement(`"Resource":["*"]`), true},
	{"one excluded resource equals a list of it", statement(`"NotResource":"*"`), statement(`"NotResource":["*"]`), true},
	{"one principal equals a list of it", statement(`"Principal":{"Service":"ecs.aliyuncs.com"}`), statement(`"Principal":{"Service":["ecs.aliyuncs.com"]}`), true},
	{"the order of principals does not count", statement(`"Principal":{"RAM":["x","y"]}`), statement(`"Principal":{"RAM":["y","x"]}`), true},
	{"one condition value equals a list of it", statement(`"Condition":{"Bool":{"a:B":"true"}}`), statement(`"Condition":{"Bool":{"a:B":["true"]}}`), true},
	{"the order of condition values does not count", statement(`"Condition":{"IpAddress":{"a:B":["1","2"]}}`), statement(`"Condition":{"IpAddress":{"a:B":["2","1"]}}`), true},

	{"another action differs", statement(`"Action":"a:B"`), statement(`"Action":"a:C"`), false},
	{"one action more differs", statement(`"Action":["a:B"]`), statement(`"Action":["a:B","c:D"]`), false},
	{"another effect differs", statement(`"Effect":"Allow"`), statement(`"Effect":"Deny"`), false},
	{"the case of an action counts", statement(`"Action":"ecs:List"`), statement(`"Action":"ecs:list"`), false},
	{"the case of a key counts", statement(`"Action":"a:B"`), statement(`"action":"a:B"`), false},
	{"no list differs from an empty list", statement(``), statement(`"Action":[]`), false},
	{"no condition differs from null", statement(``), statement(`"Condition":null`), false},
	{"no condition differs from an empty one", statement(``), statement(`"Condition":{}`), false},
	{"the order of statements counts", `{"Statement":[{"Effect":"Allow"},{"Effect":"Deny"}]}`, `{"Statement":[{"Effect":"Deny"},{"Effect":"Allow"}]}`, false},
	{"one statement differs from a list of it", `{"Statement":{"Effect":"Allow"}}`, `{"Statement":[{"Effect":"Allow"}]}`, false},
	{"the version is not a list", `{"Version":"1"}`, `{"Version":["1"]}`, false},
	{"the text true differs from true", statement(`"Condition":{"Bool":{"a:B":"true"}}`), statement(`"Condition":{"Bool":{"a:B":true}}`), false},
	{"a text differs from the number in it", statement(`"Condition":{"NumericEquals":{"a:B":"1"}}`), statement(`"Condition":{"NumericEquals":{"a:B":1}}`), false},
	{"numbers keep every digit", statement(`"Condition":{"NumericEquals":{"a:B":9007199254740993}}`), statement(`"Condition":{"NumericEquals":{"a:B":9007199254740992}}`), false},
	{"the order of a list that is no set counts", statement(`"Sid":["x","y"]`), statement(`"Sid":["y","x"]`), false},
	{"the order of a list of lists counts", statement(`"Action":[["x"],["y"]]`), statement(`"Action":[["y"],["x"]]`), false},

	{"identical text that is not JSON is equal", `{"Version":`, `{"Version":`, true},
	{"text that is not JSON differs from other text", `{"Version":`, `{"Version": `, false},
	{"a list differs from the same list with white space", `[]`, `[ ]`, false},
	{"a document with text after it differs", readECS, readECS + "{}", false},
	{"a repeated key is equal only to itself", statement(`"Effect":"Deny","Effect":"Allow"`), statement(`"Effect":"Allow"`), false},
	{"a key repeated deep inside is equal only to itself", statement(`"Condition":{"Bool":{"a:B":"true","a:B":"true"}}`), statement(`"Condition":{"Bool":{"a:B":"true"}}`), false},
	{"invalid UTF-8 is equal only to itself", statement("\"Action\":\"\xff\""), statement("\"Action\":\"\xfe\""), false},
	{"half a surrogate pair is equal only to itself", statement(`"Action":"\ud800"`), statement(`"Action":"\ud801"`), false},
	{"a key that is half a surrogate pair is equal only to itself", statement(`"\ud800":1`), statement(`"\ud801":1`), false},
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, tt := range equalTests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := policydoc.Equal(tt.a, tt.b); got != tt.want {
				t.Errorf("Equal(\n%s\n%s\n) = %t, want %t", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

func TestEqual_isAnEquivalence(t *testing.T) {
	t.Parallel()
	var texts []string
	for _, tt := range equalTests {
		texts = append(texts, tt.a, tt.b)
	}
	equal := func(i, j int) bool { return policydoc.Equal(texts[i], texts[j]) }
	for i := range texts {
		if !equal(i, i) {
			t.Errorf("not equal to itself: %s", texts[i])
		}
		for j := range texts {
			if equal(i, j) != equal(j, i) {
				t.Errorf("equal one way only:\n%s\n%s", texts[i], texts[j])
			}
			if !equal(i, j) {
				continue
			}
			for k := range texts {
				if equal(j, k) != equal(i, k) {
					t.Errorf("only one of two equal documents equals a third:\n%s\n%s\n%s", texts[i], texts[j], texts[k])
				}
			}
		}
	}
}

func TestEqual_deeplyNestedTextEndsQuickly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		depth int
		want  bool
	}{
		{"within the limit of the JSON decoder", 5_000, true},
		{"beyond the limit of the JSON decoder", 5_000_000, false},
	} {
		deep := `{"Statement":` + strings.Repeat("[", tt.depth) + strings.Repeat("]", tt.depth) + `}`
		if got := policydoc.Equal(deep, " "+deep); got != tt.want {
			t.Errorf("%s: Equal = %t, want %t", tt.name, got, tt.want)
		}
	}
}

func FuzzEqual(f *testing.F) {
	for _, tt := range equalTests {
		f.Add(tt.a, tt.b)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !policydoc.Equal(a, a) {
			t.Errorf("not equal to itself: %q", a)
		}
		if policydoc.Equal(a, b) != policydoc.Equal(b, a) {
			t.Errorf("equal one way only: %q, %q", a, b)
		}
		// Equal reads every text for certain that it finds equal to another.
		if padded := " " + a; policydoc.Equal(a, padded) {
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(a), "", "\t"); err != nil {
				t.Fatalf("equal to %q, but not JSON: %v", padded, err)
			}
			if !policydoc.Equal(a, indented.String()) {
				t.Errorf("%q differs from its indented form", a)
			}
		}
	})
}
