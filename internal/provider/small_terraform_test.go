package provider_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// smallTerraform is as much of Terraform as it takes to see what a mistake looks
// like, within this process: it validates, plans and applies a configuration and
// prints the diagnostics as Terraform does. Blocks are worked on as they are
// written, one after the other, and an apply ends with its first error.
type smallTerraform struct {
	t      *testing.T
	getenv func(string) string
	state  []kept // as they were created
	// testing has one provider do everything, configured once, as Terraform 1.14
	// has it for all runs of a file of tests.
	testing, configured bool

	// Of one run.
	config     string
	blocks     []*hclsyntax.Block
	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	values     map[string]map[string]cty.Value // of resources, by type and name, as far as they are known
	dataValues map[string]map[string]cty.Value
	shown      []said
	failed     bool
}

// kept is what the state has of a resource.
type kept struct {
	typeName, name string
	value          cty.Value
	private        []byte
}

func (k kept) address() string { return k.typeName + "." + k.name }

// change is what a plan does with a resource: it deletes what was there before,
// or turns it into what the block says.
type change struct {
	block   *hclsyntax.Block
	before  kept
	deletes bool
	private []byte // of a planned deletion
}

// unwritten stands for the block of what the configuration does not have, or
// does not have yet: Terraform then shows no place.
var unwritten = &hclsyntax.Block{Type: "unwritten"}

// apply runs `terraform apply`. It gives what that shows, and how far it came.
func (tf *smallTerraform) apply(config string) (shown, phase string) {
	tf.t.Helper()
	return tf.run(config, "apply")
}

// run is apply as far as a phase: validate, plan or apply.
func (tf *smallTerraform) run(config, last string) (shown, phase string) {
	tf.t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(config), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		tf.t.Fatal(diags)
	}
	tf.config, tf.blocks, tf.shown, tf.failed = config, file.Body.(*hclsyntax.Body).Blocks, nil, false
	tf.serve()
	var changes []change
	for _, walk := range []struct {
		phase string
		do    func()
	}{
		{"validate", tf.validate}, {"plan", func() { changes = tf.plan() }}, {"apply", func() { tf.carryOut(changes) }},
	} {
		already := len(tf.shown)
		phase = walk.phase
		walk.do()
		// As Terraform sorts them: warnings first, then by their place.
		slices.SortStableFunc(tf.shown[already:], func(a, b said) int {
			return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(a.line, b.line))
		})
		if tf.failed || phase == last {
			break
		}
	}
	var texts []string
	for _, s := range tf.shown {
		texts = append(texts, s.text)
	}
	return strings.Join(texts, "\n"), phase
}

// said is a diagnostic as it is printed.
type said struct {
	severity tfprotov6.DiagnosticSeverity
	line     int // 0 without a place
	text     string
}

// serve starts a provider, as Terraform does for each walk.
func (tf *smallTerraform) serve() {
	tf.t.Helper()
	tf.values, tf.dataValues = map[string]map[string]cty.Value{}, map[string]map[string]cty.Value{}
	if tf.testing && tf.configured {
		return
	}
	var err error
	tf.server = providerserver.NewProtocol6(provider.NewWithEnv("test", tf.getenv))()
	tf.schemas, err = tf.server.GetProviderSchema(tf.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	tf.must(err)
}

func (tf *smallTerraform) validate() {
	for _, block := range tf.resources() {
		tf.know(block, cty.DynamicVal)
	}
	ctx := tf.t.Context()
	block := tf.providerBlock()
	validated, err := tf.server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: tf.decode(block.Body, tf.schemas.Provider)})
	tf.must(err)
	tf.show(block, validated.Diagnostics)
	for _, block := range tf.resources() {
		config := tf.decode(block.Body, tf.schemaOf(block))
		if block.Type == "data" {
			resp, err := tf.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: block.Labels[0], Config: config})
			tf.must(err)
			tf.show(block, resp.Diagnostics)
			continue
		}
		resp, err := tf.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
			TypeName: block.Labels[0], Config: config,
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		tf.must(err)
		tf.show(block, resp.Diagnostics)
	}
}

func (tf *smallTerraform) configure() {
	tf.t.Helper()
	if tf.serve(); tf.testing && tf.configured {
		return
	}
	tf.configured = true
	block := tf.providerBlock()
	resp, err := tf.server.ConfigureProvider(tf.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: tf.decode(block.Body, tf.schemas.Provider)})
	tf.must(err)
	tf.show(block, resp.Diagnostics)
}

func (tf *smallTerraform) plan() []change {
	tf.t.Helper()
	if tf.configure(); tf.failed {
		return nil
	}
	ctx := tf.t.Context()
	var creations, deletions []change
	for _, block := range tf.resources() {
		if block.Type == "data" {
			tf.readData(block)
			continue
		}
		typeName := block.Labels[0]
		schema := tf.schemaOf(block)
		before, there := tf.refreshed(block)
		if tf.failed {
			return nil
		}
		config := tf.value(block.Body, schema)
		plan := func(prior kept) *tfprotov6.PlanResourceChangeResponse {
			resp, err := tf.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
				TypeName: typeName, PriorState: tf.wire(prior.value, schema), PriorPrivate: prior.private,
				Config: tf.wire(config, schema), ProposedNewState: tf.wire(proposed(schema, prior.value, config), schema),
			})
			tf.must(err)
			return resp
		}
		resp := plan(before)
		if there && len(resp.RequiresReplace) > 0 {
			tf.show(block, resp.Diagnostics)
			deletions = append(deletions, change{block: block, before: before, deletes: true})
			before = kept{typeName: typeName, name: block.Labels[1], value: cty.NullVal(before.value.Type())}
			resp = plan(before)
		}
		tf.show(block, resp.Diagnostics)
		planned := cty.DynamicVal
		if resp.PlannedState != nil {
			planned = tf.open(resp.PlannedState, schema)
		}
		tf.know(block, planned)
		if !planned.RawEquals(before.value) {
			creations = append(creations, change{block: block, before: before})
		}
	}
	for _, k := range slices.Backward(tf.state) {
		if !slices.ContainsFunc(tf.resources(), func(b *hclsyntax.Block) bool { return isOf(b, k) }) {
			deletions = append(deletions, tf.planDeletion(tf.read(unwritten, k)))
		}
	}
	return append(deletions, creations...)
}

func (tf *smallTerraform) planDeletion(k kept) change {
	tf.t.Helper()
	schema := tf.schemas.ResourceSchemas[k.typeName]
	nothing := cty.NullVal(k.value.Type())
	resp, err := tf.server.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: k.typeName, PriorState: tf.wire(k.value, schema), PriorPrivate: k.private,
		Config: tf.wire(nothing, schema), ProposedNewState: tf.wire(nothing, schema),
	})
	tf.must(err)
	tf.show(unwritten, resp.Diagnostics)
	return change{block: unwritten, before: k, private: resp.PlannedPrivate, deletes: true}
}

// refreshed gives what there is of a resource: imported where an import block
// says so, or read anew.
func (tf *smallTerraform) refreshed(block *hclsyntax.Block) (kept, bool) {
	tf.t.Helper()
	ctx, schema := tf.t.Context(), tf.schemaOf(block)
	k, imports := kept{typeName: block.Labels[0], name: block.Labels[1], value: cty.NullVal(typeOf(tf.t, schema))}, false
	if i := slices.IndexFunc(tf.state, func(k kept) bool { return isOf(block, k) }); i >= 0 {
		k = tf.state[i]
	} else if id := tf.importID(block); id != "" {
		imports = true
		imported, err := tf.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: k.typeName, ID: id})
		tf.must(err)
		tf.show(unwritten, imported.Diagnostics)
		if tf.failed {
			return k, false
		}
		k.value, k.private = tf.open(imported.ImportedResources[0].State, schema), imported.ImportedResources[0].Private
	}
	if k.value.IsNull() {
		return k, false
	}
	k = tf.read(block, k)
	if tf.failed {
		return k, false
	}
	if k.value.IsNull() && imports {
		tf.show(unwritten, []*tfprotov6.Diagnostic{{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot import non-existent remote object",
			Detail: fmt.Sprintf("While attempting to import an existing object to %q, the provider detected that no object exists with the given id. "+
				"Only pre-existing objects can be imported; check that the id is correct and that it is associated with the provider's configured region or endpoint, "+
				"or use \"terraform apply\" to create a new remote object for this resource.", k.address()),
		}})
	}
	return k, !k.value.IsNull()
}

// read gives what has become of a resource.
func (tf *smallTerraform) read(block *hclsyntax.Block, k kept) kept {
	tf.t.Helper()
	schema := tf.schemas.ResourceSchemas[k.typeName]
	resp, err := tf.server.ReadResource(tf.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: k.typeName, CurrentState: tf.wire(k.value, schema), Private: k.private})
	tf.must(err)
	tf.show(block, resp.Diagnostics)
	if !tf.failed {
		k.value, k.private = tf.open(resp.NewState, schema), resp.Private
	}
	return k
}

func (tf *smallTerraform) readData(block *hclsyntax.Block) {
	tf.t.Helper()
	schema := tf.schemaOf(block)
	resp, err := tf.server.ReadDataSource(tf.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: block.Labels[0], Config: tf.decode(block.Body, schema)})
	tf.must(err)
	tf.show(block, resp.Diagnostics)
	value := cty.DynamicVal
	if resp.State != nil && !tf.failed {
		value = tf.open(resp.State, schema)
	}
	tf.know(block, value)
}

// carryOut applies the changes. Terraform configures the provider once more for that.
func (tf *smallTerraform) carryOut(changes []change) {
	tf.t.Helper()
	known, data := tf.values, tf.dataValues
	tf.configure()
	tf.values, tf.dataValues = known, data
	for _, c := range changes {
		if tf.failed {
			return
		}
		schema := tf.schemas.ResourceSchemas[c.before.typeName]
		nothing := cty.NullVal(typeOf(tf.t, schema))
		if c.deletes {
			tf.show(c.block, tf.change(c.before, nothing, nothing, c.private).Diagnostics)
			if !tf.failed {
				tf.state = slices.DeleteFunc(tf.state, func(k kept) bool { return k.address() == c.before.address() })
			}
			continue
		}
		config := tf.value(c.block.Body, schema)
		planned, err := tf.server.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: c.before.typeName, PriorState: tf.wire(c.before.value, schema), PriorPrivate: c.before.private,
			Config: tf.wire(config, schema), ProposedNewState: tf.wire(proposed(schema, c.before.value, config), schema),
		})
		tf.must(err)
		tf.show(c.block, planned.Diagnostics)
		if tf.failed {
			return
		}
		resp := tf.change(c.before, config, tf.open(planned.PlannedState, schema), planned.PlannedPrivate)
		tf.show(c.block, resp.Diagnostics)
		after := kept{c.before.typeName, c.before.name, tf.open(resp.NewState, schema), resp.Private}
		tf.state = slices.DeleteFunc(tf.state, func(k kept) bool { return k.address() == after.address() })
		if !after.value.IsNull() {
			tf.state = append(tf.state, after)
		}
		tf.know(c.block, after.value)
	}
}

func (tf *smallTerraform) change(before kept, config, planned cty.Value, private []byte) *tfprotov6.ApplyResourceChangeResponse {
	tf.t.Helper()
	schema := tf.schemas.ResourceSchemas[before.typeName]
	resp, err := tf.server.ApplyResourceChange(tf.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: before.typeName, PriorState: tf.wire(before.value, schema), Config: tf.wire(config, schema),
		PlannedState: tf.wire(planned, schema), PlannedPrivate: private,
	})
	tf.must(err)
	return resp
}

// proposed merges the configuration into what there is, as Terraform does.
func proposed(schema *tfprotov6.Schema, prior, config cty.Value) cty.Value {
	if config.IsNull() {
		return config
	}
	values := config.AsValueMap()
	for _, a := range schema.Block.Attributes {
		switch {
		case a.WriteOnly:
			values[a.Name] = cty.NullVal(config.Type().AttributeType(a.Name))
		case a.Computed && values[a.Name].IsNull() && !prior.IsNull():
			values[a.Name] = prior.GetAttr(a.Name)
		}
	}
	return cty.ObjectVal(values)
}

// resources gives the blocks of resources and data sources.
func (tf *smallTerraform) resources() []*hclsyntax.Block {
	return slices.DeleteFunc(slices.Clone(tf.blocks), func(b *hclsyntax.Block) bool { return b.Type != "resource" && b.Type != "data" })
}

func isOf(block *hclsyntax.Block, k kept) bool {
	return block.Type == "resource" && block.Labels[0] == k.typeName && block.Labels[1] == k.name
}

// providerBlock gives the block of the provider, an unwritten one where there is
// none. Then the provider is not to have anything to say.
func (tf *smallTerraform) providerBlock() *hclsyntax.Block {
	for _, block := range tf.blocks {
		if block.Type == "provider" {
			return block
		}
	}
	return &hclsyntax.Block{Type: "provider", Body: &hclsyntax.Body{}}
}

// importID gives the id that an import block has for the resource, empty for none.
func (tf *smallTerraform) importID(resource *hclsyntax.Block) string {
	for _, block := range tf.blocks {
		if block.Type != "import" {
			continue
		}
		to, _ := hcl.AbsTraversalForExpr(block.Body.Attributes["to"].Expr)
		if to.RootName() == resource.Labels[0] && to[1].(hcl.TraverseAttr).Name == resource.Labels[1] {
			id, _ := block.Body.Attributes["id"].Expr.Value(nil)
			return id.AsString()
		}
	}
	return ""
}

func (tf *smallTerraform) schemaOf(block *hclsyntax.Block) *tfprotov6.Schema {
	tf.t.Helper()
	schema := tf.schemas.ResourceSchemas[block.Labels[0]]
	if block.Type == "data" {
		schema = tf.schemas.DataSourceSchemas[block.Labels[0]]
	}
	if schema == nil {
		tf.t.Fatalf("there is no %s %s", block.Type, block.Labels[0])
	}
	return schema
}

// know notes the value that others refer to.
func (tf *smallTerraform) know(block *hclsyntax.Block, value cty.Value) {
	values := tf.values
	if block.Type == "data" {
		values = tf.dataValues
	}
	if values[block.Labels[0]] == nil {
		values[block.Labels[0]] = map[string]cty.Value{}
	}
	values[block.Labels[0]][block.Labels[1]] = value
}

// value gives the configuration in a block.
func (tf *smallTerraform) value(body *hclsyntax.Body, schema *tfprotov6.Schema) cty.Value {
	tf.t.Helper()
	variables := map[string]cty.Value{}
	for typeName, values := range tf.values {
		variables[typeName] = cty.ObjectVal(values)
	}
	data := map[string]cty.Value{}
	for typeName, values := range tf.dataValues {
		data[typeName] = cty.ObjectVal(values)
	}
	variables["data"] = cty.ObjectVal(data)
	value, diags := hcldec.Decode(body, specOf(tf.t, schema.Block), &hcl.EvalContext{
		Variables: variables, Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc, "range": stdlib.RangeFunc},
	})
	if diags.HasErrors() {
		tf.t.Fatalf("%v in\n%s", diags, tf.config)
	}
	return value
}

func (tf *smallTerraform) decode(body *hclsyntax.Body, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	tf.t.Helper()
	return tf.wire(tf.value(body, schema), schema)
}

func (tf *smallTerraform) wire(v cty.Value, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	tf.t.Helper()
	packed, err := msgpack.Marshal(v, typeOf(tf.t, schema))
	tf.must(err)
	return &tfprotov6.DynamicValue{MsgPack: packed}
}

func (tf *smallTerraform) open(v *tfprotov6.DynamicValue, schema *tfprotov6.Schema) cty.Value {
	tf.t.Helper()
	value, err := msgpack.Unmarshal(v.MsgPack, typeOf(tf.t, schema))
	tf.must(err)
	return value
}

func (tf *smallTerraform) must(err error) {
	tf.t.Helper()
	if err != nil {
		tf.t.Fatal(err)
	}
}

func typeOf(t *testing.T, schema *tfprotov6.Schema) cty.Type {
	t.Helper()
	return ctyType(t, schema.ValueType())
}

func ctyType(t *testing.T, of tftypes.Type) cty.Type {
	t.Helper()
	text, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ctyjson.UnmarshalType(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// specOf says how to read a block of the schema.
func specOf(t *testing.T, block *tfprotov6.SchemaBlock) hcldec.Spec {
	t.Helper()
	spec := hcldec.ObjectSpec{}
	for _, a := range block.Attributes {
		of := ctyType(t, a.ValueType())
		if a.NestedType != nil {
			of = withOptional(of, a.NestedType)
		}
		spec[a.Name] = &hcldec.AttrSpec{Name: a.Name, Type: of, Required: a.Required}
	}
	for _, b := range block.BlockTypes {
		nested := specOf(t, b.Block)
		switch b.Nesting {
		case tfprotov6.SchemaNestedBlockNestingModeList:
			spec[b.TypeName] = &hcldec.BlockListSpec{TypeName: b.TypeName, Nested: nested}
		case tfprotov6.SchemaNestedBlockNestingModeSet:
			spec[b.TypeName] = &hcldec.BlockSetSpec{TypeName: b.TypeName, Nested: nested}
		default:
			spec[b.TypeName] = &hcldec.BlockSpec{TypeName: b.TypeName, Nested: nested}
		}
	}
	return spec
}

// withOptional lets the attributes of nested objects be left out.
func withOptional(of cty.Type, nested *tfprotov6.SchemaObject) cty.Type {
	object, wrap := of, func(o cty.Type) cty.Type { return o }
	switch {
	case of.IsListType():
		object, wrap = of.ElementType(), cty.List
	case of.IsSetType():
		object, wrap = of.ElementType(), cty.Set
	case of.IsMapType():
		object, wrap = of.ElementType(), cty.Map
	}
	types, optional := maps.Clone(object.AttributeTypes()), []string{}
	for _, a := range nested.Attributes {
		if a.NestedType != nil {
			types[a.Name] = withOptional(types[a.Name], a.NestedType)
		}
		if !a.Required {
			optional = append(optional, a.Name)
		}
	}
	return wrap(cty.ObjectWithOptionalAttrs(types, optional))
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// show prints diagnostics as Terraform does where it writes to no terminal.
func (tf *smallTerraform) show(block *hclsyntax.Block, diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		tf.failed = tf.failed || isError(d)
		if s := tf.render(block, d); !slices.Contains(tf.shown, s) {
			tf.shown = append(tf.shown, s)
		}
	}
}

func (tf *smallTerraform) render(block *hclsyntax.Block, d *tfprotov6.Diagnostic) said {
	severity, line := "Warning", 0
	if isError(d) {
		severity = "Error"
	}
	text := severity + ": " + d.Summary + "\n\n"
	if block != unwritten {
		at := placeOf(block.Body, d.Attribute)
		line = at.Start.Line
		text += tf.place(block, at) + "\n"
	}
	for paragraph := range strings.SplitSeq(d.Detail, "\n") {
		if !strings.HasPrefix(paragraph, " ") {
			paragraph = wrap(paragraph, 77)
		}
		text += paragraph + "\n"
	}
	return said{d.Severity, line, text}
}

// place shows the lines of the configuration that a diagnostic is about.
func (tf *smallTerraform) place(block *hclsyntax.Block, at hcl.Range) string {
	address := ""
	switch block.Type {
	case "provider":
		address = `provider["registry.terraform.io/ram-provider/ram"]`
	case "data":
		address = "data." + strings.Join(block.Labels, ".")
	default:
		address = strings.Join(block.Labels, ".")
	}
	text := fmt.Sprintf("  with %s,\n  on main.tf line %d, in %s", address, at.Start.Line, block.Type)
	for _, l := range block.Labels {
		text += fmt.Sprintf(" %q", l)
	}
	text += ":\n"
	for i, line := range strings.Split(tf.config, "\n") {
		if n := i + 1; n >= at.Start.Line && n <= at.End.Line {
			text += fmt.Sprintf("%4d: %s\n", n, line)
		}
	}
	return text
}

// placeOf gives where a body has the attribute, or where it would have it.
func placeOf(body *hclsyntax.Body, at *tftypes.AttributePath) hcl.Range {
	if at == nil {
		return body.MissingItemRange()
	}
	var named []*hclsyntax.Block // those that the last step could be about
	for _, step := range at.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if attribute := body.Attributes[string(step)]; attribute != nil {
				return attribute.Expr.Range()
			}
			named = slices.DeleteFunc(slices.Clone([]*hclsyntax.Block(body.Blocks)), func(b *hclsyntax.Block) bool { return b.Type != string(step) })
			if len(named) == 1 {
				body = named[0].Body
			}
		case tftypes.ElementKeyInt:
			if int(step) < len(named) {
				body = named[step].Body
			}
		}
	}
	return body.MissingItemRange()
}

// wrap breaks a line between words.
func wrap(line string, width int) string {
	text, column := "", 0
	for i, word := range strings.Split(line, " ") {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+length > width:
			text, column = text+"\n", 0
		default:
			text, column = text+" ", column+1
		}
		text, column = text+word, column+length
	}
	return text
}
