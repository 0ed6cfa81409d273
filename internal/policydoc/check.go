package policydoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what a policy document is for.
type Kind int

const (
	// Identity is a policy that is attached to users, groups or roles.
	Identity Kind = iota
	// Trust is the policy of a role that says who may assume it.
	Trust
)

// Severity says how sure it is that RAM refuses a document.
type Severity int

const (
	// Error marks what RAM refuses, mostly with MalformedPolicyDocument.
	Error Severity = iota
	// Warning marks what RAM does not document, so that it may be refused or
	// have no effect.
	Warning
)

// Finding is one thing that is wrong with a policy document, or may be.
type Finding struct {
	Severity  Severity
	Statement int    // counted from 1; 0 for the document as a whole
	Element   string // standard name, such as Action; empty for the document as a whole
	Message   string // what is wrong and what to write instead; names the statement too
}

// maxCharacters is the length of the longest identity policy. Trust policies
// have a limit of their own, which RAM does not publish.
const maxCharacters = 6144

var (
	documentElements  = []string{"Version", "Statement"}
	statementElements = []string{"Effect", "Action", "NotAction", "Resource", "Principal", "Condition"}
	trustActions      = []string{"sts:AssumeRole", "sts:SetSourceIdentity"}
	principalKinds    = []string{"RAM", "Service", "Federated"}
	operators         = []string{
		"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
		"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
		"Bool", "IpAddress", "NotIpAddress",
	}
)

// Check holds a policy document against the grammar that RAM documents. Findings
// come in the order of the statements, those about the whole document first; a
// document without fault has none.
func Check(kind Kind, text string) []Finding {
	c := checker{kind: kind}
	doc, err := parse(text)
	if err != nil {
		c.errorf("", "the document is not valid JSON: %s", describeError(text, err))
		return c.findings
	}
	root, ok := doc.root.(map[string]any)
	if !ok {
		c.errorf("", `the document is %s; RAM wants an object: {"Version": "1", "Statement": [...]}`, describe(doc.root))
		return c.findings
	}
	c.checkSize(text)
	policy := c.elements(root, documentElements)
	c.checkVersion(policy)
	c.checkStatements(policy)
	c.checkRepeated(doc.repeated)
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(a.Statement, b.Statement) })
	return c.findings
}

// checker collects findings about one document.
type checker struct {
	kind      Kind
	statement int // the statement being checked, from 1; 0 outside them
	findings  []Finding
}

func (c *checker) errorf(element, format string, args ...any) {
	c.add(Error, element, fmt.Sprintf(format, args...))
}

func (c *checker) warnf(element, format string, args ...any) {
	c.add(Warning, element, fmt.Sprintf(format, args...))
}

func (c *checker) add(severity Severity, element, message string) {
	if c.statement > 0 {
		message = fmt.Sprintf("statement %d: %s", c.statement, message)
	}
	c.findings = append(c.findings, Finding{severity, c.statement, element, message})
}

// checkSize refuses what is too long by any way of counting and warns of what is
// too long by some: RAM's documentation speaks of characters in one place and of
// bytes in another, and does not say whether white space counts.
func (c *checker) checkSize(text string) {
	if c.kind != Identity || len(text) <= maxCharacters {
		return
	}
	if n := Length(text); n > maxCharacters {
		c.errorf("", "the document has %d characters, white space not counted; RAM allows %d: split it into several policies",
			n, maxCharacters)
		return
	}
	c.warnf("", "the document has %d bytes; RAM allows %d characters and may count white space, or bytes: "+
		"take white space out or split the document", len(text), maxCharacters)
}

// Length is the number of a document's characters without white space between
// them: the least that RAM can count. A text that is not JSON counts as it is.
func Length(text string) int {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		return utf8.RuneCountInString(text)
	}
	return utf8.RuneCount(compact.Bytes())
}

// elements returns the members of an object by their standard names. It warns of
// names that RAM does not document, of names in another case, and of null, which
// it takes for absence.
func (c *checker) elements(object map[string]any, known []string) map[string]any {
	elements := make(map[string]any, len(object))
	for _, name := range sortedKeys(object) {
		value := object[name]
		standard, ok := standardName(name, known)
		switch {
		case !ok:
			c.warnf(name, "%s is not among the elements that RAM documents (%s); use one of those or leave it out",
				name, strings.Join(known, ", "))
			elements[name] = value
		case value == nil:
			c.warnf(standard, "%s is null, which RAM does not document; give it a value or leave it out", name)
		case name == standard:
			elements[name] = value
		default:
			c.warnf(standard, "RAM may not know %s in this spelling; write %s", name, standard)
			if _, taken := elements[standard]; !taken {
				elements[standard] = value
			}
		}
	}
	return elements
}

func (c *checker) checkVersion(policy map[string]any) {
	version, ok := policy["Version"]
	switch {
	case !ok:
		c.errorf("Version", `Version is missing; write "Version": "1"`)
	case version == "2012-10-17" || version == "2008-10-17":
		c.errorf("Version", `Version is %s, which is a version of AWS policies; RAM knows only the string "1"`, describe(version))
	case version != "1":
		c.errorf("Version", `Version is %s; RAM knows only the string "1"`, describe(version))
	}
}

func (c *checker) checkStatements(policy map[string]any) {
	value, ok := policy["Statement"]
	if !ok {
		c.errorf("Statement", "Statement is missing; add a list of statements")
		return
	}
	var statements []any
	switch value := value.(type) {
	case []any:
		statements = value
	case map[string]any:
		c.warnf("Statement", "Statement is an object; RAM documents only a list: put it in brackets, [{...}]")
		statements = []any{value}
	default:
		c.errorf("Statement", "Statement is %s; RAM wants a list of statements", describe(value))
		return
	}
	if len(statements) == 0 {
		c.warnf("Statement", "Statement is an empty list; add a statement")
	}
	for i, statement := range statements {
		c.statement = i + 1
		c.checkStatement(statement)
	}
}

func (c *checker) checkRepeated(repeated []repetition) {
	for _, r := range repeated {
		c.statement = r.statement
		c.warnf(r.element, "%s is given twice in the same object, and RAM may go by either; keep one", r.key)
	}
}

func (c *checker) checkStatement(value any) {
	object, ok := value.(map[string]any)
	if !ok {
		c.errorf("Statement", "it is %s; RAM wants an object with Effect and Action", describe(value))
		return
	}
	statement := c.elements(object, statementElements)
	c.checkEffect(statement)
	c.checkActions(statement)
	c.checkResource(statement)
	c.checkPrincipal(statement)
	if condition, ok := statement["Condition"]; ok {
		c.checkCondition(condition)
	}
}

func (c *checker) checkEffect(statement map[string]any) {
	effect, ok := statement["Effect"]
	if !ok {
		c.errorf("Effect", `Effect is missing; write "Allow" or "Deny"`)
		return
	}
	text, _ := effect.(string)
	standard, ok := standardName(text, []string{"Allow", "Deny"})
	switch {
	case !ok:
		c.errorf("Effect", `Effect is %s; RAM knows only "Allow" and "Deny"`, describe(effect))
	case text != standard:
		c.warnf("Effect", "RAM may not know the Effect %q in this spelling; write %q", text, standard)
	}
}

func (c *checker) checkActions(statement map[string]any) {
	action, hasAction := statement["Action"]
	notAction, hasNotAction := statement["NotAction"]
	switch {
	case hasAction && hasNotAction:
		c.errorf("Action", "both Action and NotAction are given; keep one of them")
	case hasAction:
		c.checkActionNames("Action", action)
	case hasNotAction:
		c.checkActionNames("NotAction", notAction)
	default:
		c.errorf("Action", "neither Action nor NotAction is given; add one of them")
	}
}

func (c *checker) checkActionNames(element string, value any) {
	for _, action := range c.texts(element, element, value) {
		switch {
		case action != "*" && !isQualified(action):
			c.warnf(element, `%s %q does not look like an action; write "*" or service:Name, such as "ecs:Describe*"`, element, action)
		case c.kind == Trust && !slices.ContainsFunc(trustActions, func(a string) bool { return strings.EqualFold(a, action) }):
			c.warnf(element, `%s %q is not documented for trust policies; write "sts:AssumeRole", whoever the principal is`, element, action)
		}
	}
}

func (c *checker) checkResource(statement map[string]any) {
	resource, ok := statement["Resource"]
	_, notResource := statement["NotResource"]
	switch {
	case c.kind == Trust && ok:
		c.warnf("Resource", "RAM documents no Resource in a trust policy; leave it out")
	case c.kind == Identity && ok:
		c.checkARNs(resource)
	case c.kind == Identity && !notResource:
		c.warnf("Resource", `Resource is missing; write "*" or the ARNs that the statement is about`)
	}
}

func (c *checker) checkARNs(resource any) {
	for _, arn := range c.texts("Resource", "Resource", resource) {
		if arn != "*" && !strings.HasPrefix(arn, "acs:") {
			c.warnf("Resource", `Resource %q is not an ARN of Alibaba Cloud; write "*" or acs:service:region:account:id`, arn)
		}
	}
}

func (c *checker) checkPrincipal(statement map[string]any) {
	principal, ok := statement["Principal"]
	if c.kind == Identity {
		if ok {
			c.warnf("Principal", "RAM documents Principal only in the trust policy of a role, which is the assume_role_policy_document of a ram_role; leave it out")
		}
		return
	}
	if !ok {
		c.warnf("Principal", `Principal is missing; say who may assume the role, such as {"Service": ["ecs.aliyuncs.com"]}`)
		return
	}
	members, ok := principal.(map[string]any)
	if !ok || len(members) == 0 {
		c.warnf("Principal", `Principal is %s; write an object such as {"Service": ["ecs.aliyuncs.com"]}`, describe(principal))
		return
	}
	for _, kind := range sortedKeys(members) {
		c.checkPrincipals(kind, members[kind])
	}
}

func (c *checker) checkPrincipals(kind string, value any) {
	if !slices.Contains(principalKinds, kind) {
		c.warnf("Principal", "Principal %s is not a kind that RAM documents; write one of %s", kind, strings.Join(principalKinds, ", "))
		return
	}
	for _, text := range c.texts("Principal", "Principal "+kind, value) {
		if kind != "Service" && !strings.HasPrefix(text, "acs:") {
			c.warnf("Principal", `Principal %s %q is not an ARN of Alibaba Cloud; write one such as "acs:ram::<account>:root"`, kind, text)
		}
	}
}

func (c *checker) checkCondition(condition any) {
	members, ok := condition.(map[string]any)
	if !ok {
		c.warnf("Condition", `Condition is %s; write an object such as {"Bool": {"acs:MFAPresent": "true"}}`, describe(condition))
		return
	}
	for _, operator := range sortedKeys(members) {
		c.checkOperator(operator)
		keys, ok := members[operator].(map[string]any)
		if !ok {
			c.warnf("Condition", `%s is %s; write an object such as {"acs:SourceIp": "..."}`, operator, describe(members[operator]))
			continue
		}
		for _, key := range sortedKeys(keys) {
			c.checkConditionKey(operator, key, keys[key])
		}
	}
}

func (c *checker) checkOperator(operator string) {
	if slices.Contains(operators, operator) {
		return
	}
	// AWS has variants of its operators that RAM does not document.
	plain := strings.TrimPrefix(strings.TrimPrefix(operator, "ForAnyValue:"), "ForAllValues:")
	if standard, ok := standardName(strings.TrimSuffix(plain, "IfExists"), operators); ok {
		c.warnf("Condition", "%s is not an operator that RAM documents; the nearest is %s", operator, standard)
		return
	}
	c.warnf("Condition", "%s is not an operator that RAM documents; it has String, Numeric and Date operators, Bool, IpAddress and NotIpAddress",
		operator)
}

func (c *checker) checkConditionKey(operator, key string, value any) {
	if !isQualified(key) {
		c.warnf("Condition", `%s key %q does not look like a condition key; write service:Name, such as "acs:SourceIp"`, operator, key)
	}
	items, ok := scalars(value)
	switch {
	case !ok || len(items) == 0:
		c.warnf("Condition", "%s %s is %s; write a value or a list of values", operator, key, describe(value))
	case operator == "Bool" && len(items) > 1:
		c.warnf("Condition", "Bool %s has %d values; RAM documents only one", key, len(items))
	}
}

// texts returns the strings of a value that is a string or a list of strings; the
// findings about it call it name.
func (c *checker) texts(element, name string, value any) []string {
	items, ok := value.([]any)
	if !ok {
		items = []any{value}
	}
	if len(items) == 0 {
		c.warnf(element, "%s is an empty list; give it a value", name)
	}
	var texts []string
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			c.errorf(element, "%s holds %s; RAM wants a string or a list of strings", name, describe(item))
			continue
		}
		texts = append(texts, text)
	}
	return texts
}

// standardName finds a name among the known ones without regard to case.
func standardName(name string, known []string) (string, bool) {
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
	if i < 0 {
		return "", false
	}
	return known[i], true
}

// isQualified reports whether a name has the shape service:Name.
func isQualified(name string) bool {
	service, rest, _ := strings.Cut(name, ":")
	return service != "" && rest != "" && !strings.ContainsFunc(name, unicode.IsSpace)
}

// describe puts a JSON value into words that fit after "is".
func describe(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", value)
	case []any:
		if len(value) == 0 {
			return "an empty list"
		}
		return "a list"
	case map[string]any:
		if len(value) == 0 {
			return "an empty object"
		}
		return "an object"
	default:
		return fmt.Sprint(value)
	}
}

// describeError says where the text stops being JSON, and why.
func describeError(text string, err error) string {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return err.Error()
	}
	// Offset counts the bytes read, the offending one included.
	before := text[:min(max(int(syntax.Offset)-1, 0), len(text))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d: %v", line, column, err)
}

func sortedKeys(object map[string]any) []string {
	return slices.Sorted(maps.Keys(object))
}
