package policydoc

import (
	"maps"
	"reflect"
)

// Equal reports whether two policy documents mean the same to RAM, which keeps
// and returns a document as it was sent:
//
//   - White space and the order of keys do not count.
//   - The values of Action, NotAction, Resource and NotResource, of each kind of
//     Principal and of each condition key are sets: order and repetition do not
//     count, and a single value equals a list of that value.
//
// Everything else counts, in doubt too. Names keep their case. A condition value
// "true" differs from true, and 1 from 1.0. The order of statements counts,
// although RAM's verdict does not depend on it: RAM's messages go by position,
// and moving a statement is an edit that its author expects to find again.
//
// Texts that cannot be read for certain are equal only when identical: those
// that are not a JSON object, repeat a key, or hold U+FFFD or invalid Unicode.
func Equal(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := canonical(a)
	if !ok {
		return false
	}
	y, ok := canonical(b)
	return ok && reflect.DeepEqual(x, y)
}

// canonical returns a document with its sets as maps. It reports false for a
// text that cannot be read for certain.
func canonical(text string) (map[string]any, bool) {
	doc, err := parse(text)
	if err != nil || len(doc.repeated) > 0 || doc.garbled {
		return nil, false
	}
	root, ok := doc.root.(map[string]any)
	if !ok {
		return nil, false
	}
	statements, _ := root["Statement"].([]any)
	for i, s := range statements {
		if statement, ok := s.(map[string]any); ok {
			statements[i] = formSets(statement, set)
		}
	}
	return root, true
}

// formSets returns a statement with the values whose order has no meaning in
// another form.
func formSets(statement map[string]any, form func(any) any) map[string]any {
	formed := maps.Clone(statement)
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if value, ok := statement[name]; ok {
			formed[name] = form(value)
		}
	}
	if principal, ok := statement["Principal"]; ok {
		formed["Principal"] = formMembers(principal, form)
	}
	if condition, ok := statement["Condition"]; ok {
		formed["Condition"] = formMembers(condition, func(keys any) any { return formMembers(keys, form) })
	}
	return formed
}

// formMembers returns an object with its values in another form, and anything
// else as it is.
func formMembers(object any, form func(any) any) any {
	members, ok := object.(map[string]any)
	if !ok {
		return object
	}
	formed := make(map[string]any, len(members))
	for name, value := range members {
		formed[name] = form(value)
	}
	return formed
}

// set returns a single value, or a list of such, as a set, and anything else as
// it is.
func set(value any) any {
	items, ok := scalars(value)
	if !ok {
		return value
	}
	members := make(map[any]bool, len(items))
	for _, item := range items {
		members[item] = true
	}
	return members
}
