package account

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// setting describes one of the account's settings, once for the resource that
// manages it and the data source that shows it.
type setting interface {
	argument() resource.Attribute
	result() datasource.Attribute
}

const leftOut = " When left out, the account keeps what it has."

// number is a setting that is a number.
type number struct {
	description string
	accepts     validator.Int64
}

func (n number) argument() resource.Attribute {
	return resource.Int64Attribute{
		Optional: true, Computed: true,
		MarkdownDescription: n.description + leftOut,
		Validators:          []validator.Int64{n.accepts},
		PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
}

func (n number) result() datasource.Attribute {
	return datasource.Int64Attribute{Computed: true, MarkdownDescription: n.description}
}

// flag is a setting that is true or false, by its description.
type flag string

func (f flag) argument() resource.Attribute {
	return resource.BoolAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: string(f) + leftOut,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

func (f flag) result() datasource.Attribute {
	return datasource.BoolAttribute{Computed: true, MarkdownDescription: string(f)}
}

// choice is a setting that is one of some words.
type choice struct {
	description string
	words       []string
}

func (c choice) argument() resource.Attribute {
	return resource.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: c.description + leftOut,
		Validators:          []validator.String{stringvalidator.OneOf(c.words...)},
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func (c choice) result() datasource.Attribute {
	return datasource.StringAttribute{Computed: true, MarkdownDescription: c.description}
}

// set is a setting that is a set of texts.
type set struct {
	description string
	each        validator.String
	accepts     []validator.Set
	plans       []planmodifier.Set
}

func (s set) argument() resource.Attribute {
	return resource.SetAttribute{
		Optional: true, Computed: true, ElementType: types.StringType,
		MarkdownDescription: s.description + leftOut,
		Validators:          append([]validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(s.each)}, s.accepts...),
		PlanModifiers:       append([]planmodifier.Set{setplanmodifier.UseStateForUnknown()}, s.plans...),
	}
}

func (s set) result() datasource.Attribute {
	return datasource.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: s.description}
}

// arguments gives the attributes of a resource of the settings and some others.
func arguments(settings map[string]setting, others map[string]resource.Attribute) map[string]resource.Attribute {
	for name, s := range settings {
		others[name] = s.argument()
	}
	return others
}

// results gives the attributes of a data source of the settings.
func results(settings map[string]setting) map[string]datasource.Attribute {
	all := map[string]datasource.Attribute{
		"account_id": datasource.StringAttribute{Computed: true, MarkdownDescription: "ID of the account, 16 digits."},
	}
	for name, s := range settings {
		all[name] = s.result()
	}
	return all
}

// link ties an attribute to the setting of the service that it stands for.
type link interface {
	show()      // takes what the service tells into the attribute
	complete()  // the same, where the attribute is unknown
	configure() // takes what the attribute has into the setting
}

// linked is a link. The setting is nil where the service does not tell it.
type linked[A attr.Value, S any] struct {
	attribute   *A
	setting     **S
	toAttribute func(*S) A // null for nil
	toSetting   func(A) *S
}

// show leaves the attribute alone where the service does not tell its setting,
// as an older one may not.
func (l linked[A, S]) show() {
	if *l.setting != nil || !l.isKnown() {
		*l.attribute = l.toAttribute(*l.setting)
	}
}

func (l linked[A, S]) complete() {
	if (*l.attribute).IsUnknown() {
		l.show()
	}
}

func (l linked[A, S]) configure() {
	if l.isKnown() {
		*l.setting = l.toSetting(*l.attribute)
	}
}

func (l linked[A, S]) isKnown() bool { return !(*l.attribute).IsNull() && !(*l.attribute).IsUnknown() }

func linkNumber(attribute *types.Int64, setting **int64) link {
	return linked[types.Int64, int64]{attribute, setting, types.Int64PointerValue, types.Int64.ValueInt64Pointer}
}

func linkFlag(attribute *types.Bool, setting **bool) link {
	return linked[types.Bool, bool]{attribute, setting, types.BoolPointerValue, types.Bool.ValueBoolPointer}
}

func linkChoice(attribute *types.String, setting **string) link {
	return linked[types.String, string]{attribute, setting, types.StringPointerValue, types.String.ValueStringPointer}
}

func linkSet[S ~[]string](attribute *types.Set, setting **S) link {
	return linked[types.Set, S]{attribute, setting, setOf[S], textsOf[S]}
}

// setOf gives the set of the texts, null for nil.
func setOf[S ~[]string](texts *S) types.Set {
	if texts == nil {
		return types.SetNull(types.StringType)
	}
	elements := []attr.Value{}
	for _, text := range slices.Compact(slices.Sorted(slices.Values(*texts))) {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// textsOf gives the known texts of a set of them, sorted.
func textsOf[S ~[]string](set types.Set) *S {
	texts := S{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			texts = append(texts, text.ValueString())
		}
	}
	slices.Sort(texts)
	return &texts
}
