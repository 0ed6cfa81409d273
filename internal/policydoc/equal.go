package policydoc

import "reflect"

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
	for _, s := range statements {
		if statement, ok := s.(map[string]any); ok {
			formSets(statement)
		}
	}
	return root, true
}

// formSets turns the lists of a statement whose order has no meaning into sets.
func formSets(statement map[string]any) {
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if value, ok := statement[name]; ok {
			statement[name] = set(value)
		}
	}
	setValues(statement["Principal"])
	operators, _ := statement["Condition"].(map[string]any)
	for _, keys := range operators {
		setValues(keys)
	}
}

// setValues turns the values of an object into sets.
func setValues(object any) {
	members, _ := object.(map[string]any)
	for name, value := range members {
		members[name] = set(value)
	}
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
