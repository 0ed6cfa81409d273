package policydoc

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Policy is a policy document taken apart, to be merged with others and printed.
// Its statements keep what RAM does not document, such as a Sid: that is what
// Merge and Override tell them by.
type Policy struct {
	rest       map[string]any // what the document has beside its statements
	statements []map[string]any
}

// Read takes a policy document apart. Check says what else is wrong with it: the
// error is about what cannot be merged and printed for certain.
func Read(text string) (Policy, error) {
	doc, err := parse(text)
	if err != nil {
		return Policy{}, fmt.Errorf("the document is not valid JSON: %s", describeError(text, err))
	}
	root, ok := doc.root.(map[string]any)
	switch {
	case !ok:
		return Policy{}, fmt.Errorf(`the document is %s; RAM wants an object: {"Version": "1", "Statement": [...]}`, describe(doc.root))
	case len(doc.repeated) > 0:
		return Policy{}, fmt.Errorf("%s is given twice in the same object; keep one", doc.repeated[0].key)
	case doc.garbled:
		return Policy{}, errors.New("the document holds a character that is not valid Unicode")
	}
	value := root["Statement"]
	list, ok := value.([]any)
	if _, single := value.(map[string]any); single {
		list, ok = []any{value}, true
	}
	if !ok {
		return Policy{}, errors.New(`the document has no list of statements: {"Version": "1", "Statement": [...]}`)
	}
	p := Policy{rest: maps.Clone(root)}
	delete(p.rest, "Statement")
	for i, item := range list {
		statement, ok := item.(map[string]any)
		if !ok {
			return Policy{}, fmt.Errorf("statement %d is %s; RAM wants an object with Effect and Action", i+1, describe(item))
		}
		p.statements = append(p.statements, statement)
	}
	return p, nil
}

// Kind says what the policy is for: statements with a Principal belong to a trust
// policy. The error is that of a policy with statements of both kinds.
func (p Policy) Kind() (Kind, error) {
	hasPrincipal := func(s map[string]any) bool { return s["Principal"] != nil }
	with := slices.IndexFunc(p.statements, hasPrincipal)
	without := slices.IndexFunc(p.statements, func(s map[string]any) bool { return !hasPrincipal(s) })
	switch {
	case with < 0:
		return Identity, nil
	case without < 0:
		return Trust, nil
	}
	return Trust, fmt.Errorf("statement %d has a Principal, as in the trust policy of a role, and statement %d has none: keep them in documents of their own", with+1, without+1)
}

// Merge gives a policy with the statements of all, in their order. Statements
// that are equal in meaning become one; where only their Sid is, that is an
// error. Of what else the documents have, the last one's is kept.
func Merge(policies ...Policy) (Policy, error) {
	merged := Policy{rest: map[string]any{"Version": "1"}}
	sids := map[string]int{} // number of the document that has the Sid first
	for i, p := range policies {
		for _, s := range p.statements {
			sid := sidOf(s)
			first, taken := sids[sid]
			if taken && !slices.ContainsFunc(merged.statements, func(m map[string]any) bool { return sameStatement(m, s) }) {
				return Policy{}, fmt.Errorf("the Sid %q stands for different statements, in documents %d and %d: give them Sids of their own, or override one by the other", sid, first, i+1)
			}
			if sid != "" && !taken {
				sids[sid] = i + 1
			}
			merged.statements = append(merged.statements, s)
		}
		maps.Copy(merged.rest, p.rest)
	}
	merged.statements = distinct(merged.statements)
	return merged, nil
}

// Override gives the policy with the statements of the other: each replaces the
// one with the same Sid, in its place, and comes last where there is none.
func (p Policy) Override(by Policy) Policy {
	merged := Policy{rest: maps.Clone(p.rest), statements: slices.Clone(p.statements)}
	for _, s := range by.statements {
		sid := sidOf(s)
		i := slices.IndexFunc(merged.statements, func(m map[string]any) bool { return sid != "" && sidOf(m) == sid })
		if i < 0 {
			merged.statements = append(merged.statements, s)
			continue
		}
		merged.statements[i] = s
	}
	maps.Copy(merged.rest, by.rest)
	merged.statements = distinct(merged.statements)
	return merged
}

// WithoutSids gives the policy as RAM documents it: no statement has a Sid.
func (p Policy) WithoutSids() Policy {
	stripped := make([]map[string]any, 0, len(p.statements))
	for _, s := range p.statements {
		stripped = append(stripped, withoutSid(s))
	}
	return Policy{rest: p.rest, statements: distinct(stripped)}
}

func withoutSid(statement map[string]any) map[string]any {
	stripped := maps.Clone(statement)
	delete(stripped, "Sid")
	return stripped
}

func sidOf(statement map[string]any) string {
	sid, _ := statement["Sid"].(string)
	return sid
}

// distinct leaves out statements that mean the same as one before.
func distinct(statements []map[string]any) []map[string]any {
	var kept []map[string]any
	for _, s := range statements {
		if !slices.ContainsFunc(kept, func(k map[string]any) bool { return sameStatement(k, s) }) {
			kept = append(kept, s)
		}
	}
	return kept
}

// sameStatement reports whether two statements mean the same, as Equal has it.
func sameStatement(a, b map[string]any) bool {
	return reflect.DeepEqual(formSets(a, set), formSets(b, set))
}
