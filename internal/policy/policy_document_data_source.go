package policy

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

var (
	_ datasource.DataSourceWithConfigure      = (*documentDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*documentDataSource)(nil)
)

// documentDataSource asks nobody: a document follows from what is written.
type documentDataSource struct{ base.DataSource }

// NewDocumentDataSource gives the data source ram_policy_document.
func NewDocumentDataSource() datasource.DataSource { return &documentDataSource{} }

type documentModel struct {
	Version                 types.String `tfsdk:"version"`
	SourcePolicyDocuments   types.List   `tfsdk:"source_policy_documents"`
	OverridePolicyDocuments types.List   `tfsdk:"override_policy_documents"`
	JSON                    types.String `tfsdk:"json"`
	MinifiedJSON            types.String `tfsdk:"minified_json"`
	JSONWithSids            types.String `tfsdk:"json_with_sids"`
	Size                    types.Int64  `tfsdk:"size"`
	Statement               types.List   `tfsdk:"statement"`
}

type statementModel struct {
	Sid       types.String `tfsdk:"sid"`
	Effect    types.String `tfsdk:"effect"`
	Action    types.Set    `tfsdk:"action"`
	NotAction types.Set    `tfsdk:"not_action"`
	Resource  types.Set    `tfsdk:"resource"`
	Principal types.List   `tfsdk:"principal"`
	Condition types.List   `tfsdk:"condition"`
}

type principalModel struct {
	Type        types.String `tfsdk:"type"`
	Identifiers types.Set    `tfsdk:"identifiers"`
}

type conditionModel struct {
	Operator types.String `tfsdk:"operator"`
	Variable types.String `tfsdk:"variable"`
	Values   types.Set    `tfsdk:"values"`
}

func (d *documentDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "ram_policy_document"
}

func (d *documentDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Builds a policy document from blocks and from other documents: an identity policy for `ram_policy`, or, where its statements have a " +
			"`principal`, a trust policy for `ram_role`. What is wrong with a statement is said while planning, at the argument, and so is " +
			"that an identity policy allows every action on every resource (see `advisories` of the provider). It makes no call.",
		Attributes: map[string]schema.Attribute{
			"version": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Version of the policy language. RAM knows only `1`, which is meant when it is left out.",
				Validators:          []validator.String{stringvalidator.OneOf("1")},
			},
			"source_policy_documents": documentsAttribute("Documents as JSON whose statements come first, in the order of the documents. " +
				"Statements that mean the same become one. A `statement` block with the `Sid` of one of them replaces it, in its place. " +
				"Different statements with the same `Sid` are refused."),
			"override_policy_documents": documentsAttribute("Documents as JSON whose statements come last, in the order of the documents. " +
				"Each replaces the statement with the same `Sid`, in its place, and is added where there is none."),
			"json": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Document as JSON for people: indented, with elements in one order and single values as lists, so that differences are small. " +
					"It has no `Sid`.",
			},
			"minified_json": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The same document in as few characters as its meaning allows: no white space, and single values without brackets. " +
					"Use it where a document comes near RAM's limit; changing from one to the other plans nothing.",
			},
			"json_with_sids": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "`json` with the `Sid` of each statement that has one, for `source_policy_documents` and `override_policy_documents` of another " +
					"`ram_policy_document`. It is not for RAM, which does not document `Sid` and may refuse it.",
			},
			"size": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Number of characters of `minified_json`. An identity policy has up to 6,144; RAM does not publish the limit of trust policies.",
			},
		},
		Blocks: map[string]schema.Block{
			"statement": schema.ListNestedBlock{
				MarkdownDescription: "Statement of the document.",
				NestedObject: schema.NestedBlockObject{
					Attributes: map[string]schema.Attribute{
						"sid": schema.StringAttribute{
							Optional: true,
							MarkdownDescription: "Name by which documents that are merged know the statement; case counts. RAM does not document it, so it is in `json_with_sids` only. " +
								"Without it nothing replaces the statement.",
							Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
						},
						"effect": schema.StringAttribute{
							Optional:            true,
							MarkdownDescription: "`Allow` or `Deny`; `Allow` when left out. A denial wins over every permission.",
							Validators:          []validator.String{stringvalidator.OneOf("Allow", "Deny")},
						},
						"action": textsAttribute(false, "Actions, such as `ecs:Describe*`, or `*`. A trust policy has `sts:AssumeRole`. "+
							"Each statement has either `action` or `not_action`."),
						"not_action": textsAttribute(false, "Actions that the statement is not about: it is about all others."),
						"resource": textsAttribute(false, "Resources as ARNs, such as `acs:oss:*:*:logs/*`, or `*`. "+
							"An identity policy has it in each statement, a trust policy in none."),
					},
					Blocks: map[string]schema.Block{
						"principal": schema.ListNestedBlock{
							MarkdownDescription: "Who may assume the role. It makes the document a trust policy, in which each statement has one; " +
								"blocks of one type count as one.",
							NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
								"type": schema.StringAttribute{
									Required: true,
									MarkdownDescription: "`RAM` for accounts, users and roles, `Service` for services of Alibaba Cloud, " +
										"`Federated` for identity providers.",
									Validators: []validator.String{stringvalidator.OneOf("RAM", "Service", "Federated")},
								},
								"identifiers": textsAttribute(true, "ARNs, such as `acs:ram::1234567890123456:root`; of services their names, such as `ecs.aliyuncs.com`."),
							}},
						},
						"condition": schema.ListNestedBlock{
							MarkdownDescription: "When the statement holds: all conditions must be met. Blocks with the same operator and variable count as one, with the values of all.",
							NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
								"operator": schema.StringAttribute{
									Required:            true,
									MarkdownDescription: "How to compare, such as `StringEquals`, `IpAddress` or `Bool`.",
									Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
								},
								"variable": schema.StringAttribute{
									Required:            true,
									MarkdownDescription: "What to compare, such as `acs:SourceIp` or `acs:MFAPresent`.",
									Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
								},
								"values": textsAttribute(true, "Values to compare with, of which one must fit."),
							}},
						},
					},
				},
			},
		},
	}
}

func documentsAttribute(description string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: description + " Null elements are passed over.",
	}
}

// textsAttribute has texts whose order means nothing to RAM.
func textsAttribute(required bool, description string) schema.SetAttribute {
	return schema.SetAttribute{
		Required: required, Optional: !required, ElementType: types.StringType,
		MarkdownDescription: description,
		Validators: []validator.Set{
			setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(),
			setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
		},
	}
}

// ValidateConfig says what is wrong with statements and documents as far as they
// are known. Terraform asks it again before it reads, when all are.
func (d *documentDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config documentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	checkDocuments(path.Root("source_policy_documents"), config.SourcePolicyDocuments, &resp.Diagnostics)
	checkDocuments(path.Root("override_policy_documents"), config.OverridePolicyDocuments, &resp.Diagnostics)
	checkStatements(ctx, decoded[statementModel](ctx, config.Statement, &resp.Diagnostics), &resp.Diagnostics)
}

func (d *documentDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config documentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	sources := readDocuments(path.Root("source_policy_documents"), config.SourcePolicyDocuments, &resp.Diagnostics)
	overrides := readDocuments(path.Root("override_policy_documents"), config.OverridePolicyDocuments, &resp.Diagnostics)
	var own []policydoc.Statement
	for _, m := range decoded[statementModel](ctx, config.Statement, &resp.Diagnostics) {
		own = append(own, m.statement(ctx, &resp.Diagnostics))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var policies []policydoc.Policy
	for _, d := range sources {
		policies = append(policies, d.policy)
	}
	merged, err := policydoc.Merge(policies...)
	if err != nil {
		addDocumentError(&resp.Diagnostics, path.Root("source_policy_documents"), err)
		return
	}
	merged = merged.Override(policydoc.Build(own...))
	for _, d := range overrides {
		merged = merged.Override(d.policy)
	}
	if _, err := merged.Kind(); err != nil {
		resp.Diagnostics.AddError("Unable to merge the policy documents", "In the document that they make, "+err.Error()+".")
		return
	}
	if merged.AllowsEverything() {
		adviseOfEverything(&d.DataSource, &resp.Diagnostics, whereEverything(own, slices.Concat(sources, overrides)))
	}
	forRAM := merged.WithoutSids()
	config.JSON = types.StringValue(forRAM.Indented())
	config.MinifiedJSON = types.StringValue(forRAM.Minified())
	config.JSONWithSids = types.StringValue(merged.Indented())
	config.Size = types.Int64Value(int64(utf8.RuneCountInString(forRAM.Minified())))
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// whereEverything gives the argument that allows everything.
func whereEverything(own []policydoc.Statement, documents []document) path.Path {
	if i := slices.IndexFunc(own, policydoc.Statement.AllowsEverything); i >= 0 {
		return path.Root("statement").AtListIndex(i).AtName("action")
	}
	if i := slices.IndexFunc(documents, func(d document) bool { return d.policy.AllowsEverything() }); i >= 0 {
		return documents[i].at
	}
	return path.Empty()
}

// document is a document as it is written in a list.
type document struct {
	at     path.Path
	policy policydoc.Policy
}

// checkDocuments adds what RAM refuses in the documents that are known. What it
// may refuse is said where the outcome is used; so is that it is too long.
func checkDocuments(at path.Path, documents types.List, diags *diag.Diagnostics) {
	for _, d := range readDocuments(at, documents, diags) {
		kind, err := d.policy.Kind()
		if err != nil {
			addDocumentError(diags, d.at, err)
			continue
		}
		for _, f := range policydoc.Check(kind, d.policy.Minified()) {
			if f.Severity == policydoc.Error && f.Element != "" {
				base.AddFinding(diags, d.at, f)
			}
		}
	}
}

// readDocuments gives the documents that are known.
func readDocuments(at path.Path, documents types.List, diags *diag.Diagnostics) []document {
	var read []document
	for i, element := range documents.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsNull() || text.IsUnknown() {
			continue
		}
		d := document{at: at.AtListIndex(i)}
		var err error
		if d.policy, err = policydoc.Read(text.ValueString()); err != nil {
			addDocumentError(diags, d.at, err)
			continue
		}
		read = append(read, d)
	}
	return read
}

func addDocumentError(diags *diag.Diagnostics, at path.Path, err error) {
	base.AddFinding(diags, at, policydoc.Finding{Severity: policydoc.Error, Message: err.Error()})
}

// elementAttributes are where each element of a statement is written.
var elementAttributes = map[string]string{
	"Effect": "effect", "Action": "action", "NotAction": "not_action", "Resource": "resource", "Principal": "principal", "Condition": "condition",
}

// checkStatements adds what is wrong with the statements, or may be, as far as
// they are known.
func checkStatements(ctx context.Context, statements []statementModel, diags *diag.Diagnostics) {
	sids := map[string]bool{}
	kinds := map[policydoc.Kind]bool{}
	for i, m := range statements {
		at := path.Root("statement").AtListIndex(i)
		s := m.statement(ctx, diags)
		if s.Sid != "" && sids[s.Sid] {
			diags.AddAttributeError(at.AtName("sid"), "Invalid policy document", fmt.Sprintf("Another statement has the sid %q; give each one of its own.", s.Sid))
		}
		sids[s.Sid] = true
		if m.Principal.IsUnknown() {
			continue // nor is it known of which kind of policy it is
		}
		kind := policydoc.Identity
		if len(s.Principals) > 0 {
			kind = policydoc.Trust
		}
		if kinds[kind] = true; len(kinds) > 1 {
			diags.AddAttributeError(at.AtName("principal"), "Invalid policy document", fmt.Sprintf("Statement %d and one before it differ in that only one has a principal. "+
				"The trust policy of a role has one in each statement, a policy that is attached in none.", i+1))
			continue
		}
		for _, f := range policydoc.CheckStatement(kind, i+1, s) {
			base.AddFinding(diags, at.AtName(elementAttributes[f.Element]), f)
		}
	}
}

// statement is the statement as it is to be built. What is not known yet, while
// Terraform validates, has a stand-in that nothing is wrong with.
func (m statementModel) statement(ctx context.Context, diags *diag.Diagnostics) policydoc.Statement {
	s := policydoc.Statement{
		Sid:        m.Sid.ValueString(),
		Effect:     "Allow",
		Actions:    texts(m.Action, "sts:AssumeRole"),
		NotActions: texts(m.NotAction, "sts:AssumeRole"),
		Resources:  texts(m.Resource, "*"),
	}
	if !m.Effect.IsNull() {
		s.Effect = textOr(m.Effect, "Allow")
	}
	for _, p := range decoded[principalModel](ctx, m.Principal, diags) {
		s.Principals = append(s.Principals, policydoc.Principals{Type: textOr(p.Type, "RAM"), Identifiers: texts(p.Identifiers, "acs:")})
	}
	for _, c := range decoded[conditionModel](ctx, m.Condition, diags) {
		s.Conditions = append(s.Conditions, policydoc.Condition{
			Operator: textOr(c.Operator, "StringEquals"), Variable: textOr(c.Variable, "acs:unknown"), Values: texts(c.Values, "true"),
		})
	}
	return s
}

// decoded gives the blocks of a list, none where they are not known yet.
func decoded[T any](ctx context.Context, blocks types.List, diags *diag.Diagnostics) []T {
	var all []T
	if !blocks.IsUnknown() {
		diags.Append(blocks.ElementsAs(ctx, &all, false)...)
	}
	return all
}

// texts gives the elements of a set, with the stand-in for those that are not known.
func texts(set types.Set, standIn string) []string {
	if set.IsUnknown() {
		return []string{standIn}
	}
	var all []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			all = append(all, textOr(text, standIn))
		}
	}
	return all
}

func textOr(text types.String, standIn string) string {
	if text.IsUnknown() {
		return standIn
	}
	return text.ValueString()
}
