package adopt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// thing is one resource to import.
type thing struct {
	typeName string
	label    string // of the resource block, set by label
	identity map[string]tftypes.Value
	state    map[string]tftypes.Value
	config   map[string]tftypes.Value // the arguments that the state stands for
	schema   *tfprotov6.SchemaBlock
}

// singletonTypes are of what an account has one of.
var singletonTypes = []string{"ram_account_alias", "ram_default_domain", "ram_password_policy", "ram_security_preference", "ram_user_sso_settings"}

func isSingletonType(typeName string) bool { return slices.Contains(singletonTypes, typeName) }

func (t *thing) isSingleton() bool { return isSingletonType(t.typeName) }

// text gives an attribute that is a text, empty for none.
func text(of map[string]tftypes.Value, name string) string {
	var s string
	if v, found := of[name]; found && v.IsKnown() && !v.IsNull() && v.Type().Is(tftypes.String) {
		_ = v.As(&s) // its type has been looked at
	}
	return s
}

// principalNames are the attributes that say to whom a thing belongs.
var principalNames = []string{"user_name", "group_name", "role_name"}

// subject gives the name that a thing is known by: its own, or that of the user, group or role that it belongs to.
func (t *thing) subject() string {
	for _, attribute := range append([]string{"name"}, principalNames...) {
		if name := text(t.state, attribute); name != "" {
			return name
		}
	}
	return text(t.state, "policy_name")
}

// importID gives what `terraform import` takes for the thing.
func (t *thing) importID() (string, error) {
	id := func(name string) string { return text(t.identity, name) }
	switch t.typeName {
	case "ram_access_key", "ram_access_key_policy":
		return id("user_name") + ":" + id("access_key_id"), nil
	case "ram_group_membership":
		return id("group_name"), nil
	case "ram_policy_attachment":
		for _, attribute := range principalNames {
			if name := id(attribute); name != "" {
				parts := []string{id("policy_type"), id("policy_name"), strings.TrimSuffix(attribute, "_name"), name}
				if group := id("resource_group_id"); group != "" {
					parts = append(parts, group)
				}
				return strings.Join(parts, "/"), nil
			}
		}
	}
	var all []string
	for name := range t.identity {
		if value := id(name); value != "" {
			all = append(all, value)
		}
	}
	if len(all) != 1 {
		return "", fmt.Errorf("it is not known how to import a %s", t.typeName)
	}
	return all[0], nil
}

// wantedLabel gives the label that a thing has unless another one of its type has it already.
func (t *thing) wantedLabel() string {
	label := t.subject()
	switch {
	case t.isSingleton():
		return "this"
	case t.typeName == "ram_policy_attachment":
		label += "_" + text(t.state, "policy_name")
		if group := text(t.state, "resource_group_id"); group != "" {
			label += "_" + group
		}
	}
	label = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, label)
	if first := []rune(label + "_")[0]; !unicode.IsLetter(first) && first != '_' {
		label = "_" + label
	}
	return label
}

// label gives each thing its label, no two of a type the same, and sorts them by type, in the order of the first of
// each, and label.
func label(things []*thing) {
	rank := map[string]int{}
	for _, t := range things {
		if _, found := rank[t.typeName]; !found {
			rank[t.typeName] = len(rank)
		}
	}
	slices.SortStableFunc(things, func(a, b *thing) int {
		return cmp.Or(rank[a.typeName]-rank[b.typeName], cmp.Compare(a.wantedLabel(), b.wantedLabel()), cmp.Compare(a.order(), b.order()))
	})
	taken := map[string]bool{}
	for _, t := range things {
		t.label = t.wantedLabel()
		for n := 2; taken[t.typeName+"."+t.label]; n++ {
			t.label = fmt.Sprintf("%s_%d", t.wantedLabel(), n)
		}
		taken[t.typeName+"."+t.label] = true
	}
}

// order tells things of the same label apart, the oldest first.
func (t *thing) order() string {
	id, _ := t.importID()
	return text(t.state, "create_date") + " " + id
}
