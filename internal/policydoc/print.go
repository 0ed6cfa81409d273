package policydoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// printOrder is the order of elements in print. Others follow by name.
var printOrder = []string{"Version", "Statement", "Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition"}

// Indented prints the policy for people. Its elements have one order, and the
// values of actions, resources, principals and conditions are lists, even of
// one, so that a change shows as the line that it is.
func (p Policy) Indented() string {
	var out bytes.Buffer
	// What print gives is JSON.
	_ = json.Indent(&out, p.print(listOf), "", "  ")
	return out.String()
}

// Minified prints the policy in as few characters as its meaning allows.
func (p Policy) Minified() string { return string(p.print(shortest)) }

// print prints the policy without white space, its sets in the form given.
func (p Policy) print(form func(any) any) []byte {
	statements := make([]any, 0, len(p.statements))
	for _, s := range p.statements {
		statements = append(statements, formSets(s, form))
	}
	root := maps.Clone(p.rest)
	root["Statement"] = statements
	var out bytes.Buffer
	printValue(&out, root)
	return out.Bytes()
}

// listOf gives a set as a list, each value once in the order written.
func listOf(value any) any {
	items, ok := scalars(value)
	if !ok {
		return value
	}
	list := make([]any, 0, len(items))
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// shortest gives a set of one as its value, which means the same.
func shortest(value any) any {
	list := listOf(value)
	if items, ok := scalars(list); ok && len(items) == 1 {
		return items[0]
	}
	return list
}

func printValue(out *bytes.Buffer, value any) {
	switch value := value.(type) {
	case map[string]any:
		names := slices.SortedFunc(maps.Keys(value), func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
		printAll(out, '{', '}', names, func(name string) {
			printScalar(out, name)
			out.WriteByte(':')
			printValue(out, value[name])
		})
	case []any:
		printAll(out, '[', ']', value, func(item any) { printValue(out, item) })
	default:
		printScalar(out, value)
	}
}

func rank(name string) int {
	if i := slices.Index(printOrder, name); i >= 0 {
		return i
	}
	return len(printOrder)
}

func printAll[T any](out *bytes.Buffer, opening, closing byte, items []T, one func(T)) {
	out.WriteByte(opening)
	for i, item := range items {
		if i > 0 {
			out.WriteByte(',')
		}
		one(item)
	}
	out.WriteByte(closing)
}

// printScalar prints a value of one that parse gives, which cannot fail.
func printScalar(out *bytes.Buffer, value any) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // \u003c is six characters of the 6,144 that RAM allows
	_ = encoder.Encode(value)
	out.Truncate(out.Len() - 1) // the line break
}
