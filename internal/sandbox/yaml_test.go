package sandbox

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestYAMLIsReadAsTheJSONThatSaysTheSame(t *testing.T) {
	for yaml, want := range map[string]string{
		"":                           `{}`,
		"# nothing yet\n":            `{}`,
		"b: 1\na: [x, {y: z}]":       `{"b":1,"a":["x",{"y":"z"}]}`,
		"a: yes":                     `{"a":"yes"}`,
		"a: True":                    `{"a":true}`,
		"a: '1'\nb: ~\nc:":           `{"a":"1","b":null,"c":null}`,
		"a: 007\nb: 0x1F\nc: 1_000":  `{"a":"007","b":"0x1F","c":"1_000"}`,
		"a: 1.50\nb: .5":             `{"a":1.50,"b":".5"}`,
		"a: 2026-01-01":              `{"a":"2026-01-01"}`,
		"a: |\n  <b>\n  </b>\n":      `{"a":"\u003cb\u003e\n\u003c/b\u003e\n"}`,
		"a: &x [1]\nb: *x":           `{"a":[1],"b":[1]}`,
		"1: a":                       `{"1":"a"}`,
		"\t{\"a\":\n\t\"b\"}":        `{"a":"b"}`,
		"a: 1\na: 2":                 `{"a":1,"a":2}`, // for the account to refuse
		"- a":                        `["a"]`,
		"account_id: 12345678901234": `{"account_id":12345678901234}`,
	} {
		got, err := jsonOfYAML([]byte(yaml))
		if err != nil || string(got) != want {
			t.Errorf("%q is %s (%v), want %s", yaml, got, err, want)
		}
	}
}

func TestYAMLThatCannotBeReadIsRefused(t *testing.T) {
	bomb := "a0: &a0 [" + strings.Repeat("x,", 100) + "]\n"
	for i := range 9 {
		from, to := string(rune('0'+i)), string(rune('1'+i))
		bomb += "a" + to + ": &a" + to + " [" + strings.Repeat("*a"+from+",", 100) + "]\n"
	}
	for yaml, complaint := range map[string]string{
		"a: [1":               "L1",
		"a: 1\n---\nb: 2":     "something follows",
		"a: 1\n[b]: 2":        "line 2: the name of a field",
		"a: 1\n<<: {b: 1}":    "line 2: the name of a field",
		bomb:                  "too large",
		"a: &a [1, *a]":       "too large",
		"a: b\n  c: d":        "L2",
		"a: \x80":             "UTF-8",
		"a: 1\n--- [b\n":      "something follows",
		"a: *b":               "b",
		"users:\n\t- name: a": "L2",
	} {
		if got, err := jsonOfYAML([]byte(yaml)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%.40q: %.80s, %v; want something about %s", yaml, got, err, complaint)
		}
	}
}

func TestJSONIsTheSameAfterBeingYAML(t *testing.T) {
	for _, value := range []string{
		`{}`, `[]`, `{"a":{},"b":[],"c":[{"d":1,"e":true},[2]]}`, `{"n":[1,-2,1.50,1e3,null,false]}`,
		`{"b":"1","a":"true"}`, `{"a":["yes","null","~","","007","0x1F","2026-01-01","1_000","-","- a","a: b","a #b","{}","*a","&a","!a","<<","=","\u0000"]}`,
		`{"a":"<md>\n  <x/>\n</md>\n"}`, `{"a":"\n  a\n"}`, `{"a":"a\n\n"}`, `{"a":"a\r\nb"}`, `{"a":"\ta"}`, `{"a":"é\u2028\u2029\u0085中😀"}`, `{"<<":"a","a b":"c"}`,
	} {
		yaml, err := yamlOfJSON([]byte(value))
		if err != nil {
			t.Errorf("%s: %v", value, err)
			continue
		}
		got, err := jsonOfYAML(yaml)
		if err != nil || canonical(t, got) != canonical(t, []byte(value)) {
			t.Errorf("%s is %s (%v) as\n%s", value, got, err, yaml)
		}
	}
}

func canonical(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
