package adopt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const settings = `terraform {
  required_providers {
    ram = {
      source = "ram-provider/ram"
    }
  }
}
`

// render gives the files of a configuration that imports the things, by their names.
func render(things []*thing) (map[string][]byte, error) {
	label(things)
	refs := newReferences(things)
	files := map[string]*hclwrite.File{}
	for _, t := range things {
		name := t.typeName + ".tf"
		if files[name] == nil {
			files[name] = hclwrite.NewEmptyFile()
		} else {
			files[name].Body().AppendNewline()
		}
		if err := refs.append(files[name].Body(), t); err != nil {
			return nil, err
		}
	}
	texts := map[string][]byte{"terraform.tf": []byte(settings)}
	for name, file := range files {
		texts[name] = hclwrite.Format(file.Bytes())
	}
	return texts, nil
}

// reference is an attribute of a resource of the configuration.
type reference struct{ typeName, label, attribute string }

func (r reference) tokens() hclwrite.Tokens {
	return hclwrite.TokensForTraversal(hcl.Traversal{
		hcl.TraverseRoot{Name: r.typeName}, hcl.TraverseAttr{Name: r.label}, hcl.TraverseAttr{Name: r.attribute},
	})
}

// references finds the attribute that has a value.
type references struct {
	byName map[string]reference // by type, attribute and value, with spaces between them
	byARN  map[string]reference
}

func newReferences(things []*thing) references {
	refs := references{byName: map[string]reference{}, byARN: map[string]reference{}}
	for _, t := range things {
		for _, attribute := range []string{"name", "access_key_id"} {
			if value := text(t.state, attribute); value != "" && (attribute == "name") != (t.typeName == "ram_access_key") {
				refs.byName[t.typeName+" "+value] = reference{t.typeName, t.label, attribute}
			}
		}
		if arn := text(t.state, "arn"); arn != "" {
			refs.byARN[arn] = reference{t.typeName, t.label, "arn"}
		}
	}
	return refs
}

// named says which types of resources the value of an argument names one of.
var named = map[string][]string{
	"user_name":     {"ram_user"},
	"user_names":    {"ram_user"},
	"group_name":    {"ram_group"},
	"role_name":     {"ram_role", "ram_service_linked_role"},
	"policy_name":   {"ram_policy"},
	"access_key_id": {"ram_access_key"},
}

// find gives what the value of an argument of a thing refers to.
func (refs references) find(t *thing, argument, value string) (reference, bool) {
	if argument == "policy_name" && text(t.state, "policy_type") != "Custom" {
		return reference{}, false
	}
	for _, typeName := range named[argument] {
		if r, found := refs.byName[typeName+" "+value]; found && typeName != t.typeName {
			return r, true
		}
	}
	return reference{}, false
}

// findARN gives what an ARN in a policy document of a thing refers to. Roles may trust each other, which Terraform would
// call a cycle, so a trust policy names other roles as they are.
func (refs references) findARN(t *thing, value string) (reference, bool) {
	r, found := refs.byARN[value]
	return r, found && r.typeName != t.typeName
}

// otherForms are arguments that say in another form what one beside them says, of which a configuration takes one.
var otherForms = map[string]string{
	"encoded_saml_metadata_document": "saml_metadata_document",
	"encoded_metadata_document":      "metadata_document",
}

// isSaid reports whether another argument of the thing says what this one does.
func (t *thing) isSaid(argument string) bool { return text(t.config, otherForms[argument]) != "" }

// append writes the import block and the resource block of a thing.
func (refs references) append(body *hclwrite.Body, t *thing) error {
	id, err := t.importID()
	if err != nil {
		return err
	}
	block := body.AppendNewBlock("import", nil).Body()
	block.SetAttributeTraversal("to", hcl.Traversal{hcl.TraverseRoot{Name: t.typeName}, hcl.TraverseAttr{Name: t.label}})
	block.SetAttributeValue("id", cty.StringVal(id))
	body.AppendNewline()
	block = body.AppendNewBlock("resource", []string{t.typeName, t.label}).Body()
	for _, attribute := range arguments(t.schema) {
		value, found := t.config[attribute.Name]
		if !found || value.IsNull() || attribute.Sensitive || attribute.Name == notAdopted || t.isSaid(attribute.Name) {
			continue
		}
		tokens, err := refs.value(t, attribute.Name, value)
		if err != nil {
			return fmt.Errorf("%s.%s: %s: %w", t.typeName, t.label, attribute.Name, err)
		}
		block.SetAttributeRaw(attribute.Name, tokens)
	}
	return refs.appendBlocks(block, t)
}

// appendBlocks writes the nested blocks of a thing, of which each is an object.
func (refs references) appendBlocks(body *hclwrite.Body, t *thing) error {
	for _, nested := range t.schema.BlockTypes {
		value, found := t.config[nested.TypeName]
		if !found || value.IsNull() {
			continue
		}
		objects := []tftypes.Value{value}
		if !value.Type().Is(tftypes.Object{}) {
			if err := value.As(&objects); err != nil {
				return err
			}
			slices.SortFunc(objects, func(a, b tftypes.Value) int { return strings.Compare(a.String(), b.String()) })
		}
		for _, object := range objects {
			fields := map[string]tftypes.Value{}
			if err := object.As(&fields); err != nil {
				return err
			}
			body.AppendNewline()
			block := body.AppendNewBlock(nested.TypeName, nil).Body()
			for _, attribute := range arguments(nested.Block) {
				field, found := fields[attribute.Name]
				if !found || field.IsNull() || attribute.Sensitive {
					continue
				}
				tokens, err := refs.value(t, attribute.Name, field)
				if err != nil {
					return err
				}
				block.SetAttributeRaw(attribute.Name, tokens)
			}
		}
	}
	return nil
}

// notAdopted is left to whoever freezes a user: frozen = false in the configuration would undo that.
const notAdopted = "frozen"

// arguments gives what can be set of a resource, what names it first, and what its block requires before the rest.
func arguments(schema *tfprotov6.SchemaBlock) []*tfprotov6.SchemaAttribute {
	rank := func(a *tfprotov6.SchemaAttribute) int {
		switch {
		case a.Name == "name" || slices.Contains(principalNames, a.Name):
			return 0
		case a.Required:
			return 1
		}
		return 2
	}
	all := slices.DeleteFunc(slices.Clone(schema.Attributes), func(a *tfprotov6.SchemaAttribute) bool { return !a.Required && !a.Optional })
	slices.SortFunc(all, func(a, b *tfprotov6.SchemaAttribute) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a.Name, b.Name))
	})
	return all
}

// value gives the expression for the value of an argument.
func (refs references) value(t *thing, argument string, value tftypes.Value) (hclwrite.Tokens, error) {
	switch valueType := value.Type(); {
	case value.IsNull():
		return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType)), nil
	case valueType.Is(tftypes.String):
		var s string
		if err := value.As(&s); err != nil {
			return nil, err
		}
		if r, found := refs.find(t, argument, s); found {
			return r.tokens(), nil
		}
		if document, isDocument := parseDocument(argument, s); isDocument {
			return hclwrite.TokensForFunctionCall("jsonencode", refs.json(t, document)), nil
		}
		return hclwrite.TokensForValue(cty.StringVal(s)), nil
	case valueType.Is(tftypes.Bool):
		var b bool
		err := value.As(&b)
		return hclwrite.TokensForValue(cty.BoolVal(b)), err
	case valueType.Is(tftypes.Number):
		var n big.Float
		err := value.As(&n)
		return hclwrite.TokensForValue(cty.NumberVal(&n)), err
	case valueType.Is(tftypes.List{}), valueType.Is(tftypes.Set{}):
		return refs.sequence(t, argument, value)
	default:
		return refs.object(t, value)
	}
}

// sequence gives the expression for a list, or for a set in the order of its elements' texts.
func (refs references) sequence(t *thing, argument string, value tftypes.Value) (hclwrite.Tokens, error) {
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	if value.Type().Is(tftypes.Set{}) {
		slices.SortFunc(elements, func(a, b tftypes.Value) int { return strings.Compare(a.String(), b.String()) })
	}
	var all []hclwrite.Tokens
	for _, e := range elements {
		tokens, err := refs.value(t, argument, e)
		if err != nil {
			return nil, err
		}
		all = append(all, tokens)
	}
	return hclwrite.TokensForTuple(all), nil
}

// object gives the expression for a map or an object, without what is null in it.
func (refs references) object(t *thing, value tftypes.Value) (hclwrite.Tokens, error) {
	values := map[string]tftypes.Value{}
	if err := value.As(&values); err != nil {
		return nil, err
	}
	var all []hclwrite.ObjectAttrTokens
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if values[key].IsNull() {
			continue
		}
		tokens, err := refs.value(t, "", values[key])
		if err != nil {
			return nil, err
		}
		all = append(all, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: tokens})
	}
	return hclwrite.TokensForObject(all), nil
}

// json gives the expression for a part of a JSON document.
func (refs references) json(t *thing, part any) hclwrite.Tokens {
	switch part := part.(type) {
	case string:
		if r, found := refs.findARN(t, part); found {
			return r.tokens()
		}
		return hclwrite.TokensForValue(cty.StringVal(part))
	case bool:
		return hclwrite.TokensForValue(cty.BoolVal(part))
	case float64:
		return hclwrite.TokensForValue(cty.NumberFloatVal(part))
	case []any:
		var all []hclwrite.Tokens
		for _, e := range part {
			all = append(all, refs.json(t, e))
		}
		return hclwrite.TokensForTuple(all)
	case map[string]any:
		var all []hclwrite.ObjectAttrTokens
		for _, key := range documentOrder(part) {
			all = append(all, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: refs.json(t, part[key])})
		}
		return hclwrite.TokensForObject(all)
	}
	return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType))
}

// documentOrder gives the keys of an object of a policy document in the order in which people write them.
func documentOrder(object map[string]any) []string {
	usual := []string{"Version", "Statement", "Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
	rank := func(key string) int {
		if i := slices.Index(usual, key); i >= 0 {
			return i
		}
		return len(usual)
	}
	return slices.SortedFunc(maps.Keys(object), func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
}

// parseDocument gives the policy document that an argument is. One that would not come back from jsonencode as it was,
// as one that repeats a key or writes 1.0 would not, is a text like any other.
func parseDocument(argument, text string) (map[string]any, bool) {
	var document map[string]any
	if !strings.HasSuffix(argument, "policy_document") || json.Unmarshal([]byte(text), &document) != nil {
		return nil, false
	}
	encoded, err := json.Marshal(document)
	return document, err == nil && policydoc.Equal(text, string(encoded))
}

// keyTokens gives a key of an object, in quotes where it is no identifier, or begins what is no object.
func keyTokens(key string) hclwrite.Tokens {
	if key != "for" && hclsyntax.ValidIdentifier(key) {
		return hclwrite.TokensForIdentifier(key)
	}
	return hclwrite.TokensForValue(cty.StringVal(key))
}
