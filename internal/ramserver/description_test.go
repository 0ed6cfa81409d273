package ramserver

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestTheExampleOfADescriptionHasEveryFieldAndSoHasTheDescriptionOfItsAccount(t *testing.T) {
	text, err := os.ReadFile("../../examples/sandbox/account.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var example any
	if err := yaml.Load(text, &example); err != nil {
		t.Fatal(err)
	}
	if missing := missingFields(example); len(missing) > 0 {
		t.Errorf("the example has no %v", missing)
	}

	s := &Server{}
	if err := s.Seed(mustMarshal(example)); err != nil {
		t.Fatal(err)
	}
	var described any
	if err := json.Unmarshal([]byte(describe(t, s)), &described); err != nil {
		t.Fatal(err)
	}
	// A password is not known, and a type is left out where the name says enough.
	if missing := missingFields(described); !slices.Equal(missing, []string{"describedAttachment.type", "describedLoginProfile.password"}) {
		t.Errorf("the description of its account has no %v", missing)
	}
}

// missingFields are the fields of descriptions that one of them does not have anywhere.
func missingFields(described any) []string {
	found := map[string]bool{}
	lookFor(reflect.TypeFor[description](), []any{described}, found)
	maps.DeleteFunc(found, func(_ string, found bool) bool { return found })
	return slices.Sorted(maps.Keys(found))
}

// lookFor notes of each field of a type, and of what is in it, whether one of some values has it.
func lookFor(typ reflect.Type, values []any, found map[string]bool) {
	switch typ.Kind() {
	case reflect.Pointer:
		lookFor(typ.Elem(), values, found)
	case reflect.Slice:
		var items []any
		for _, v := range values {
			list, _ := v.([]any)
			items = append(items, list...)
		}
		lookFor(typ.Elem(), items, found)
	case reflect.Struct:
		for i, name := range fieldNames(typ) {
			var inner []any
			for _, v := range values {
				if fields, ok := v.(map[string]any); ok && fields[name] != nil {
					inner = append(inner, fields[name])
				}
			}
			field := typ.Name() + "." + name
			found[field] = found[field] || len(inner) > 0
			lookFor(typ.Field(i).Type, inner, found)
		}
	}
}

func TestAFieldThatTheExampleLacksIsNoticed(t *testing.T) {
	type inner struct {
		B string `json:"b"`
		C string `json:"c"`
	}
	found := map[string]bool{}
	lookFor(reflect.TypeFor[[]*inner](), []any{[]any{map[string]any{"b": "x"}}}, found)
	if !maps.Equal(found, map[string]bool{"inner.b": true, "inner.c": false}) {
		t.Errorf("found: %v", found)
	}
}
