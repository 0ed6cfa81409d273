package policydoc

import (
	"reflect"
	"slices"
	"strings"
)

// Trusted are those whom the trust policy of a role lets assume it.
type Trusted struct {
	grants  map[Trustee]terms // by key
	denials []any             // statements that deny, in canonical form
}

// wildcards are what patterns have.
const wildcards = "*?"

// Trustee is somebody whom a trust policy names.
type Trustee struct {
	Kind string // RAM, Service or Federated
	ID   string // an ARN, or the name of a service
}

// terms are the conditions under which somebody is trusted, those of each
// statement that says so. One of them is enough.
type terms struct {
	trustee      Trustee // as it is spelled
	alternatives []map[string]any
}

// TrustedBy gives whom a trust policy trusts, which a text that is not one does
// not. It takes what the grammar leaves open in the wider sense: elements in
// another case count, and a Principal that is a text is one of RAM.
func TrustedBy(text string) Trusted {
	t := Trusted{grants: map[Trustee]terms{}}
	doc, err := parse(text)
	if err != nil {
		return t
	}
	for _, statement := range statementsOf(doc.root) {
		switch effect, _ := statement["Effect"].(string); {
		case strings.EqualFold(effect, "Deny"):
			t.denials = append(t.denials, formSets(withoutSid(statement), set))
		case strings.EqualFold(effect, "Allow") && permitsAssuming(statement):
			t.add(statement)
		}
	}
	return t
}

func (t *Trusted) add(statement map[string]any) {
	conditions := clauses(statement["Condition"])
	principal, ok := statement["Principal"].(map[string]any)
	if !ok {
		principal = map[string]any{"RAM": statement["Principal"]}
	}
	for _, kind := range sortedKeys(principal) {
		for _, id := range textsOf(principal[kind]) {
			named := Trustee{kind, id}
			if standard, ok := standardName(kind, principalKinds); ok {
				named.Kind = standard
			}
			held, found := t.grants[named.key()]
			if !found {
				held.trustee = named
			}
			held.alternatives = append(held.alternatives, conditions)
			t.grants[named.key()] = held
		}
	}
}

// Anyone gives those among the trustees that stand for everybody, in whichever
// account, in order.
func (t Trusted) Anyone() []Trustee {
	var all []Trustee
	for _, held := range t.grants {
		if held.trustee.IsAnyone() {
			all = append(all, held.trustee)
		}
	}
	slices.SortFunc(all, byText)
	return all
}

// accounts are those that the policy trusts, or somebody in them.
func (t Trusted) accounts() map[string]bool {
	all := map[string]bool{}
	for _, held := range t.grants {
		all[held.trustee.Account()] = true
	}
	return all
}

// IsAnyone reports whether the trustee stands for everybody, in whichever account.
func (t Trustee) IsAnyone() bool {
	return strings.ContainsAny(t.Account(), wildcards)
}

// IsWholeAccount reports whether the trustee stands for everybody in one account.
func (t Trustee) IsWholeAccount() bool {
	account := t.Account()
	of := t.ID[strings.LastIndex(t.ID, ":")+1:] // in the account
	return t.Kind == "RAM" && account != "" && !t.IsAnyone() && (of == account || of == "root" || strings.ContainsAny(of, wildcards))
}

// Account gives the account of the trustee, with a wildcard for everybody, and
// empty for a service.
func (t Trustee) Account() string {
	parts := strings.SplitN(t.ID, ":", 5)
	switch {
	case t.Kind == "Service":
		return ""
	case len(parts) == 5:
		return parts[3]
	case strings.ContainsAny(t.ID, wildcards) || strings.Trim(t.ID, "0123456789") == "":
		return t.ID // a wildcard that swallows the account, or the account alone
	}
	return ""
}

// String names the trustee with its kind, where that does not show.
func (t Trustee) String() string {
	if strings.HasPrefix(t.ID, "acs:") {
		return t.ID
	}
	return t.Kind + " " + t.ID
}

func byText(a, b Trustee) int { return strings.Compare(a.String(), b.String()) }

// key tells trustees apart. RAM writes role ARNs in either case.
func (t Trustee) key() Trustee {
	if t.Kind == "Service" || strings.Contains(t.ID, ":role/") {
		t.ID = strings.ToLower(t.ID)
	}
	return t
}

// TrustChange is what a change of a trust policy means for whom it trusts.
type TrustChange struct {
	Added, Removed []Trustee

	Loosened  []Trustee // trusted before too, and now also where a condition kept them out
	Tightened []Trustee // trusted before too, and no longer under each condition
	Undenied  bool      // a statement that denied is gone, or another one

	// Foreign are accounts that were not trusted in any way, in order.
	Foreign []string
}

// ChangeTo compares the policy with the one that takes its place. The role's own
// account is never a foreign one.
func (t Trusted) ChangeTo(after Trusted, own string) TrustChange {
	var c TrustChange
	for key, held := range t.grants {
		now, found := after.grants[key]
		switch {
		case !found:
			c.Removed = append(c.Removed, held.trustee)
		case !covers(held.alternatives, now.alternatives):
			c.Loosened = append(c.Loosened, now.trustee)
		case !covers(now.alternatives, held.alternatives):
			c.Tightened = append(c.Tightened, now.trustee)
		}
	}
	for key, now := range after.grants {
		if _, found := t.grants[key]; !found {
			c.Added = append(c.Added, now.trustee)
		}
	}
	for _, denial := range t.denials {
		c.Undenied = c.Undenied || !slices.ContainsFunc(after.denials, func(d any) bool { return reflect.DeepEqual(d, denial) })
	}
	if before := t.accounts(); len(t.Anyone()) == 0 {
		for account := range after.accounts() {
			if account != "" && account != own && !before[account] && !strings.ContainsAny(account, wildcards) {
				c.Foreign = append(c.Foreign, account)
			}
		}
	}
	for _, list := range [][]Trustee{c.Added, c.Removed, c.Loosened, c.Tightened} {
		slices.SortFunc(list, byText)
	}
	slices.Sort(c.Foreign)
	return c
}

// IsEmpty reports whether the change lets nobody in and keeps nobody out.
func (c TrustChange) IsEmpty() bool {
	return len(c.Added)+len(c.Removed)+len(c.Loosened)+len(c.Tightened) == 0 && !c.Undenied
}

// covers reports whether each of the narrower alternatives lets in nobody whom
// one of the wider ones does not.
func covers(wider, narrower []map[string]any) bool {
	return !slices.ContainsFunc(narrower, func(n map[string]any) bool {
		return !slices.ContainsFunc(wider, func(w map[string]any) bool { return implies(n, w) })
	})
}

// implies reports whether all conditions of w hold wherever those of n do, as
// far as their texts tell.
func implies(n, w map[string]any) bool {
	for clause, wanted := range w {
		given, found := n[clause]
		if !found {
			return false
		}
		few, many := given, wanted
		if strings.Contains(strings.ToLower(clause), "not") { // NotIpAddress, StringNotEquals: each value keeps somebody out
			few, many = wanted, given
		}
		if !subset(few, many) {
			return false
		}
	}
	return true
}

func subset(few, many any) bool {
	f, fok := few.(map[any]bool)
	m, mok := many.(map[any]bool)
	if !fok || !mok {
		return reflect.DeepEqual(few, many)
	}
	for value := range f {
		if !m[value] {
			return false
		}
	}
	return true
}

// clauses gives the values of a condition by operator and key, as sets.
func clauses(condition any) map[string]any {
	all := map[string]any{}
	operators, ok := condition.(map[string]any)
	if !ok {
		if condition != nil {
			all[""] = condition
		}
		return all
	}
	for operator, keys := range operators {
		members, ok := keys.(map[string]any)
		if !ok {
			all[operator] = keys
			continue
		}
		for key, values := range members {
			all[operator+" "+key] = set(values)
		}
	}
	return all
}

// permitsAssuming reports whether one of the actions is to assume the role.
func permitsAssuming(statement map[string]any) bool {
	isAssuming := func(pattern string) bool {
		return matches(strings.ToLower(pattern), "sts:assumerole")
	}
	if not, found := statement["NotAction"]; found {
		return !slices.ContainsFunc(textsOf(not), isAssuming)
	}
	return slices.ContainsFunc(textsOf(statement["Action"]), isAssuming)
}

// matches reports whether a text has the form of a pattern with * and ?.
func matches(pattern, text string) bool {
	star, resume := -1, 0 // the last *, and where the text goes on that it has not swallowed
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
