package policydoc

import (
	"errors"
	"fmt"
	"maps"
)

// MaxCharacters is the length of the longest identity policy that RAM takes.
const MaxCharacters = maxCharacters

// Split gives policies which together mean the same, none of them longer than
// limit bytes when minified. Each statement goes, whole and in its turn, to the
// first one that has room for it, so that a statement that is added at the end
// moves no other. One that is too long by itself is divided by its actions or its
// resources; the error is about one that cannot be, and about a trust policy, of
// which a role has one.
func (p Policy) Split(limit int) ([]Policy, error) {
	if kind, err := p.Kind(); err != nil || kind == Trust {
		return nil, errors.New("a trust policy cannot be split: a role has one")
	}
	var parts []Policy
	for i, s := range p.statements {
		pieces, err := p.pieces(s, limit)
		if err != nil {
			return nil, fmt.Errorf("statement %d %w", i+1, err)
		}
		for _, piece := range pieces {
			parts = p.place(parts, piece, limit)
		}
	}
	return parts, nil
}

// place adds a statement to the first of the parts that has room, or to a new one.
func (p Policy) place(parts []Policy, statement map[string]any, limit int) []Policy {
	for i, part := range parts {
		if grown := part.and(statement); len(grown.Minified()) <= limit {
			parts[i] = grown
			return parts
		}
	}
	return append(parts, p.of(statement))
}

// pieces gives a statement, divided as often as it must be to fit.
func (p Policy) pieces(statement map[string]any, limit int) ([]map[string]any, error) {
	size := len(p.of(statement).Minified())
	if size <= limit {
		return []map[string]any{statement}, nil
	}
	// Half of the actions on all resources, and the other half too, is what all of
	// them are. That does not hold for NotAction.
	name, list := "", []any(nil)
	for _, candidate := range []string{"Action", "Resource"} {
		if items, ok := listOf(statement[candidate]).([]any); ok && len(items) > max(1, len(list)) {
			name, list = candidate, items
		}
	}
	if name == "" {
		return nil, fmt.Errorf("has %d characters by itself, and cannot be divided; %d are allowed", size, limit)
	}
	var all []map[string]any
	for _, half := range [][]any{list[:len(list)/2], list[len(list)/2:]} {
		part := maps.Clone(statement)
		part[name] = half
		pieces, err := p.pieces(part, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, pieces...)
	}
	return all, nil
}

// of gives a policy like this one with the one statement.
func (p Policy) of(statement map[string]any) Policy {
	return Policy{rest: p.rest, statements: []map[string]any{statement}}
}

// and gives the policy with one more statement.
func (p Policy) and(statement map[string]any) Policy {
	return Policy{rest: p.rest, statements: append(p.statements[:len(p.statements):len(p.statements)], statement)}
}
