package base

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Official is the state of a resource of the official provider, as JSON gives it.
type Official map[string]any

// Moved is what becomes of it: the attributes of a resource of ours, which a
// refresh completes, its identity, and what private state it begins with.
type Moved struct {
	State    map[string]attr.Value
	Identity map[string]attr.Value
	Private  map[string]any
}

// MovedFrom moves the state of a resource type of the official provider, which is
// called aliyun/alicloud in every registry. It is asked for nothing but the
// state: while Terraform moves there is no client. An error is about a state that
// lacks what ours is known by.
func MovedFrom(sourceType string, move func(Official) (Moved, error)) resource.StateMover {
	return resource.StateMover{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if req.SourceTypeName != sourceType || req.SourceSchemaVersion != 0 || !isOfficial(req.SourceProviderAddress) || req.SourceRawState == nil {
			return // somebody else's
		}
		var from Official
		err := json.Unmarshal(req.SourceRawState.JSON, &from)
		var to Moved
		if err == nil {
			to, err = move(from)
		}
		if err != nil {
			resp.Diagnostics.AddError("Unable to move "+sourceType, sentence(err.Error())+" Remove it from the state with a removed block, and import what it stood for.")
			return
		}
		for _, name := range slices.Sorted(maps.Keys(to.State)) {
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), to.State[name])...)
		}
		if resp.TargetIdentity != nil {
			for _, name := range slices.Sorted(maps.Keys(to.Identity)) {
				resp.Diagnostics.Append(resp.TargetIdentity.SetAttribute(ctx, path.Root(name), to.Identity[name])...)
			}
		}
		for key, value := range to.Private {
			resp.Diagnostics.Append(SavePrivate(ctx, resp.TargetPrivate, key, value)...)
		}
	}}
}

// isOfficial reports whether the address, HOST/NAMESPACE/TYPE, is the official
// provider's, or the one it had before namespaces.
func isOfficial(address string) bool {
	_, name, _ := strings.Cut(address, "/")
	return name == "aliyun/alicloud" || name == "hashicorp/alicloud"
}

// Text gives the first of the attributes that is not empty, null where all are.
func (o Official) Text(names ...string) types.String {
	for _, name := range names {
		if text, _ := o[name].(string); text != "" {
			return types.StringValue(text)
		}
	}
	return types.StringNull()
}

// Document gives the first of the attributes that is not empty, as a policy document.
func (o Official) Document(names ...string) PolicyDocument {
	return PolicyDocument{o.Text(names...)}
}

// True gives true where the attribute is, and null otherwise: the official
// provider's states do not tell false from left out.
func (o Official) True(name string) types.Bool {
	if value, _ := o[name].(bool); value {
		return types.BoolValue(true)
	}
	return types.BoolNull()
}

// Bool gives a yes or no, null where there is neither.
func (o Official) Bool(name string) types.Bool {
	if value, found := o[name].(bool); found {
		return types.BoolValue(value)
	}
	return types.BoolNull()
}

// Int64 gives a whole number, null where there is none.
func (o Official) Int64(name string) types.Int64 {
	if value, found := o[name].(float64); found {
		return types.Int64Value(int64(value))
	}
	return types.Int64Null()
}

// Texts gives a set of texts, null where it is empty.
func (o Official) Texts(name string) types.Set {
	list, _ := o[name].([]any)
	return SetOfTexts(list)
}

// SetOfTexts makes a set of what is a text in the list, null where there is none.
func SetOfTexts(list []any) types.Set {
	var elements []attr.Value
	for _, e := range list {
		if text, isText := e.(string); isText && text != "" {
			elements = append(elements, types.StringValue(text))
		}
	}
	if len(elements) == 0 {
		return types.SetNull(types.StringType)
	}
	return types.SetValueMust(types.StringType, elements)
}

// Tags gives a map of texts, null where it is empty.
func (o Official) Tags() types.Map {
	tags, _ := o["tags"].(map[string]any)
	elements := map[string]attr.Value{}
	for key, e := range tags {
		if text, isText := e.(string); isText {
			elements[key] = types.StringValue(text)
		}
	}
	if len(elements) == 0 {
		return types.MapNull(types.StringType)
	}
	return types.MapValueMust(types.StringType, elements)
}

// Need gives an error unless all of the values are there: what a resource is
// known by. The names are those of the official provider.
func Need(values map[string]types.String) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name].IsNull() {
			return fmt.Errorf("its state has no %s", name)
		}
	}
	return nil
}

var allDigits = regexp.MustCompile(`^[0-9]+$`)

// ID gives the id of a resource where it is a number, as those of users and
// accounts are, and null where it is a name.
func (o Official) ID() types.String {
	if id := o.Text("id"); allDigits.MatchString(id.ValueString()) {
		return id
	}
	return types.StringNull()
}
