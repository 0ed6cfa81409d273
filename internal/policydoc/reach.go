package policydoc

import (
	"slices"
	"strings"
)

// AllowsEverything reports whether a statement of the policy allows each action
// on each resource. It does so too where it has a condition, or where another
// statement denies part of it: what RAM will know tomorrow is still allowed. All
// actions but some, as NotAction has them, are not all.
func AllowsEverything(text string) bool {
	doc, err := parse(text)
	return err == nil && slices.ContainsFunc(statementsOf(doc.root), allowsEverything)
}

// AllowsEverything is that of the policy's text.
func (p Policy) AllowsEverything() bool {
	return slices.ContainsFunc(p.statements, func(s map[string]any) bool {
		return allowsEverything(standardNames(s, statementElements))
	})
}

// AllowsEverything is that of a policy of the statement alone.
func (s Statement) AllowsEverything() bool { return allowsEverything(s.build()) }

func allowsEverything(statement map[string]any) bool {
	effect, _ := statement["Effect"].(string)
	return strings.EqualFold(effect, "Allow") && statement["Principal"] == nil &&
		slices.ContainsFunc(textsOf(statement["Action"]), isEverything) && slices.ContainsFunc(textsOf(statement["Resource"]), isEverything)
}

// isEverything reports whether a pattern, of actions or of ARNs, leaves nothing
// out: *, *:* or acs:*:*:*:*.
func isEverything(pattern string) bool {
	pattern = strings.TrimPrefix(pattern, "acs:")
	return pattern != "" && strings.Trim(pattern, "*:") == "" && strings.HasSuffix(pattern, "*")
}

// statementsOf gives the statements of a document, by the standard names of
// their elements, in whichever case they are written.
func statementsOf(root any) []map[string]any {
	document, _ := root.(map[string]any)
	list, ok := standardNames(document, documentElements)["Statement"].([]any)
	if !ok {
		list = []any{standardNames(document, documentElements)["Statement"]}
	}
	var all []map[string]any
	for _, item := range list {
		if statement, ok := item.(map[string]any); ok {
			all = append(all, standardNames(statement, statementElements))
		}
	}
	return all
}

// standardNames gives the members of an object by their standard names.
func standardNames(object map[string]any, known []string) map[string]any {
	named := make(map[string]any, len(object))
	for _, name := range sortedKeys(object) {
		standard, ok := standardName(name, known)
		if !ok {
			standard = name
		}
		if _, taken := named[standard]; !taken || name == standard {
			named[standard] = object[name]
		}
	}
	return named
}

// textsOf gives the texts of a value that is one or a list of them.
func textsOf(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
