package policydoc

import "slices"

// Statement is a statement of a policy to build. What is empty is left out.
type Statement struct {
	Sid        string // for merging; RAM does not document it
	Effect     string
	Actions    []string
	NotActions []string
	Resources  []string
	Principals []Principals
	Conditions []Condition
}

// Principals are those of one type who may assume a role.
type Principals struct {
	Type        string // RAM, Service or Federated
	Identifiers []string
}

// Condition holds where the variable compares with one of the values.
type Condition struct {
	Operator string // such as StringEquals
	Variable string // such as acs:SourceIp
	Values   []string
}

// Build makes a policy of statements. Principals of the same type, and
// conditions of the same operator and variable, are one with the values of all.
func Build(statements ...Statement) Policy {
	p := Policy{rest: map[string]any{"Version": "1"}}
	for _, s := range statements {
		p.statements = append(p.statements, s.build())
	}
	p.statements = distinct(p.statements)
	return p
}

// CheckStatement is Check for one statement that is to be built. The findings
// call it by its number, counted from 1.
func CheckStatement(kind Kind, number int, s Statement) []Finding {
	s.Sid = "" // RAM never sees it
	c := checker{kind: kind, statement: number}
	c.checkStatement(s.build())
	return c.findings
}

func (s Statement) build() map[string]any {
	built := map[string]any{}
	for name, text := range map[string]string{"Sid": s.Sid, "Effect": s.Effect} {
		if text != "" {
			built[name] = text
		}
	}
	for name, texts := range map[string][]string{"Action": s.Actions, "NotAction": s.NotActions, "Resource": s.Resources} {
		addTexts(built, name, texts)
	}
	for _, p := range s.Principals {
		addTexts(object(built, "Principal"), p.Type, p.Identifiers)
	}
	for _, c := range s.Conditions {
		addTexts(object(object(built, "Condition"), c.Operator), c.Variable, c.Values)
	}
	return built
}

// object returns the member of that name, an object, and makes it where there is
// none.
func object(of map[string]any, name string) map[string]any {
	member, ok := of[name].(map[string]any)
	if !ok {
		member = map[string]any{}
		of[name] = member
	}
	return member
}

// addTexts adds those texts to a list that are not in it.
func addTexts(to map[string]any, name string, texts []string) {
	list, _ := to[name].([]any)
	for _, text := range texts {
		if !slices.Contains(list, any(text)) {
			list = append(list, text)
		}
	}
	if len(list) > 0 {
		to[name] = list
	}
}
