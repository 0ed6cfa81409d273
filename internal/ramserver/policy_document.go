package ramserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// policyKind is what an identity policy and a trust policy differ in.
type policyKind struct {
	elements  []string // what the grammar names
	required  string   // but for Effect and Action
	misplaced string   // what belongs in the other kind only
}

var (
	identityPolicy = policyKind{
		elements: []string{"Effect", "Action", "NotAction", "Resource", "Condition"}, required: "Resource", misplaced: "Principal",
	}
	trustPolicy = policyKind{
		elements: []string{"Effect", "Action", "NotAction", "Principal", "Condition"}, required: "Principal", misplaced: "Resource",
	}
)

// object is a JSON object. Its keys are read in any case if foldCase is set (Unsure.LowerCasePolicyAccepted).
type object struct {
	fields   map[string]any
	foldCase bool
}

func (o object) get(name string) (any, bool) {
	if v, ok := o.fields[name]; ok || !o.foldCase {
		return v, ok
	}
	for key, v := range o.fields {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	return nil, false
}

func (o object) has(name string) bool {
	_, ok := o.get(name)
	return ok
}

func malformed(format string, args ...any) error {
	return badRequest("MalformedPolicyDocument", "The policy document is malformed: "+format+".", args...)
}

// checkIdentityPolicy refuses what RAM refuses in a policy of users, groups and roles.
func (s *Server) checkIdentityPolicy(document string) error {
	_, err := s.policyStatements(document, identityPolicy)
	return err
}

// checkTrustPolicy refuses what RAM refuses in the policy that says who may assume a role.
func (s *Server) checkTrustPolicy(document string) error {
	statements, err := s.policyStatements(document, trustPolicy)
	if err != nil || s.Unsure.TrustPrincipalsUnchecked {
		return err
	}
	for _, st := range statements {
		for _, arn := range append(s.principals(st, "RAM"), s.principals(st, "Federated")...) {
			if !s.principalExists(arn) {
				return malformed("the principal %s does not exist", arn)
			}
		}
	}
	return nil
}

// policyStatements takes a document apart and checks it. A document that fits the grammar in types, with Version "1",
// an Effect of Allow or Deny and an Action or NotAction in each statement is accepted; the rest is up to Unsure.
func (s *Server) policyStatements(document string, kind policyKind) ([]object, error) {
	var fields map[string]any
	if err := json.Unmarshal([]byte(document), &fields); err != nil || fields == nil {
		return nil, malformed("it is not a JSON object")
	}
	root := object{fields, s.Unsure.LowerCasePolicyAccepted}
	if v, _ := root.get("Version"); v != "1" {
		return nil, malformed(`Version must be "1"`)
	}
	if s.Unsure.UnknownElementRefused {
		if err := root.only("Version", "Statement"); err != nil {
			return nil, err
		}
	}
	v, _ := root.get("Statement")
	list, ok := v.([]any)
	if !ok || len(list) == 0 && s.Unsure.EmptyStatementRefused {
		return nil, malformed("Statement must be a list of statements")
	}
	statements := make([]object, 0, len(list))
	for i, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, malformed("statement %d is not an object", i+1)
		}
		st := object{fields, root.foldCase}
		if err := s.checkStatement(st, kind); err != nil {
			return nil, err
		}
		statements = append(statements, st)
	}
	return statements, nil
}

// only refuses keys other than the names.
func (o object) only(names ...string) error {
	for key := range o.fields {
		if !slices.ContainsFunc(names, func(n string) bool { return n == key || o.foldCase && strings.EqualFold(n, key) }) {
			return malformed("the element %s is not known", key)
		}
	}
	return nil
}

func (s *Server) checkStatement(st object, kind policyKind) error {
	effect, _ := st.get("Effect")
	if text, _ := effect.(string); st.effect(text) == "" {
		return malformed("Effect must be Allow or Deny")
	}
	for _, name := range []string{"Action", "NotAction", "Resource"} {
		if v, ok := st.get(name); ok && texts(v) == nil {
			return malformed("%s must be a string or a list of strings", name)
		}
	}
	if v, ok := st.get("Principal"); ok {
		if _, isObject := v.(map[string]any); !isObject {
			return malformed("Principal must be an object")
		}
	}
	misplaced, missing := st.has(kind.misplaced), !st.has(kind.required)
	switch {
	case !st.has("Action") && !st.has("NotAction"):
		return malformed("a statement needs Action or NotAction")
	case st.has("Action") && st.has("NotAction") && s.Unsure.ActionAndNotActionRefused:
		return malformed("a statement has Action and NotAction")
	case misplaced && s.Unsure.MisplacedElementRefused:
		return malformed("%s does not belong in this kind of policy", kind.misplaced)
	case missing && s.Unsure.MissingElementRefused:
		return malformed("%s is missing", kind.required)
	}
	if s.Unsure.UnknownElementRefused {
		if err := st.only(append(slices.Clone(kind.elements), kind.misplaced)...); err != nil {
			return err
		}
	}
	if s.Unsure.ActionAndResourceChecked {
		if err := st.checkActionsAndResources(); err != nil {
			return err
		}
	}
	return s.checkCondition(st)
}

// effect returns Allow or Deny, or an empty string for anything else.
func (o object) effect(text string) string {
	for _, e := range []string{"Allow", "Deny"} {
		if text == e || o.foldCase && strings.EqualFold(text, e) {
			return e
		}
	}
	return ""
}

// texts returns a string or a list of strings as a list, nil for anything else.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			text, ok := item.(string)
			if !ok {
				return nil
			}
			list = append(list, text)
		}
		return list
	}
	return nil
}

func (o object) texts(name string) []string {
	v, _ := o.get(name)
	return texts(v)
}

func (o object) checkActionsAndResources() error {
	for _, a := range append(o.texts("Action"), o.texts("NotAction")...) {
		if code, name, ok := strings.Cut(a, ":"); a != "*" && (!ok || code == "" || name == "") {
			return malformed("the action %s has not the form code:name", a)
		}
	}
	for _, arn := range o.texts("Resource") {
		if arn != "*" && !strings.HasPrefix(arn, "acs:") {
			return malformed("the resource %s does not start with acs", arn)
		}
	}
	return nil
}

var conditionOperators = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "IpAddress", "NotIpAddress",
}

// checkCondition checks the form { operator: { key: value or list } }.
func (s *Server) checkCondition(st object) error {
	v, ok := st.get("Condition")
	if !ok {
		return nil
	}
	operators, ok := v.(map[string]any)
	if !ok {
		return malformed("Condition must be an object")
	}
	for operator, keys := range operators {
		if _, ok := keys.(map[string]any); !ok {
			return malformed("the condition %s must be an object", operator)
		}
		if s.Unsure.UnknownOperatorRefused && !slices.Contains(conditionOperators, operator) {
			return malformed("the condition operator %s is not known", operator)
		}
	}
	return nil
}

// principals returns the trusted entities of one type (RAM, Service or Federated) that a statement names.
func (s *Server) principals(st object, kind string) []string {
	v, _ := st.get("Principal")
	fields, _ := v.(map[string]any)
	return object{fields, st.foldCase}.texts(kind)
}

// principalExists reports whether an ARN names something that exists. Of what lies outside the account the server
// cannot know.
func (s *Server) principalExists(arn string) bool {
	relative, ok := strings.CutPrefix(arn, s.arn(""))
	if !ok {
		return true
	}
	kind, name, _ := strings.Cut(relative, "/")
	switch kind {
	case "user":
		u := s.userNamed(name)
		return u != nil && u.visible()
	case "role":
		r := s.roleNamed(name)
		return r != nil && r.visible()
	case "saml-provider":
		p := s.state.SAMLProviders[name]
		return p != nil && p.visible()
	case "oidc-provider":
		p := s.state.OIDCProviders[name]
		return p != nil && p.visible()
	}
	return true
}

// trustRequest is what a trust policy is asked about.
type trustRequest struct {
	kind       string              // of the principal: RAM or Federated
	arns       []string            // that stand for the principal
	conditions map[string][]string // values of the condition keys that are known
	action     string              // empty: sts:AssumeRole
}

// trusts reports whether a trust policy lets somebody assume its role.
func (s *Server) trusts(document string, q trustRequest) (bool, error) {
	effect, err := s.trustEffect(document, q)
	return effect == "Allow", err
}

// trustEffect is what a trust policy says about somebody: Allow, Deny, or nothing. Deny wins. A statement with a
// condition that the server cannot judge allows nothing; it denies all the same.
func (s *Server) trustEffect(document string, q trustRequest) (string, error) {
	statements, err := s.policyStatements(document, trustPolicy)
	if err != nil {
		return "", fmt.Errorf("reading a stored trust policy: %w", err)
	}
	allowed := ""
	for _, st := range statements {
		matches := slices.ContainsFunc(s.principals(st, q.kind), func(arn string) bool {
			return slices.ContainsFunc(q.arns, func(own string) bool { return strings.EqualFold(own, arn) })
		})
		if !matches || !st.covers(cmp.Or(q.action, "sts:AssumeRole")) {
			continue
		}
		met, known := st.conditionsMet(q.conditions)
		effect, _ := st.get("Effect")
		text, _ := effect.(string)
		if st.effect(text) == "Deny" && (met || !known) {
			return "Deny", nil
		}
		if st.effect(text) == "Allow" && met && known {
			allowed = "Allow"
		}
	}
	return allowed, nil
}

// covers reports whether the statement is about an action of STS.
func (o object) covers(action string) bool {
	return slices.ContainsFunc(o.texts("Action"), func(a string) bool {
		return a == "*" || strings.EqualFold(a, "sts:*") || strings.EqualFold(a, action)
	})
}

// conditionsMet compares the conditions of a statement with known values. Known is false where a condition uses an
// operator other than StringEquals and StringLike, or a key that has no value here.
func (o object) conditionsMet(values map[string][]string) (met, known bool) {
	v, _ := o.get("Condition")
	operators, _ := v.(map[string]any)
	met, known = true, true
	for operator, keys := range operators {
		fields, _ := keys.(map[string]any)
		for key, wanted := range fields {
			have, ok := values[key]
			if !ok || operator != "StringEquals" && operator != "StringLike" {
				known = false
				continue
			}
			met = met && slices.ContainsFunc(texts(wanted), func(pattern string) bool {
				return slices.ContainsFunc(have, func(value string) bool {
					return value == pattern || operator == "StringLike" && like(pattern, value)
				})
			})
		}
	}
	return met, known
}

// like matches a pattern in which * stands for any text and ? for one character.
func like(pattern, text string) bool {
	pattern = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	matched, err := regexp.MatchString("(?s)^"+pattern+"$", text)
	return err == nil && matched
}
