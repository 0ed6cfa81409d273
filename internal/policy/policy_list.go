package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*policyResource)(nil)

// NewListResource gives the list resource ram_policy.
func NewListResource() list.ListResource { return &policyResource{} }

type policyListModel struct {
	NameRegex types.String      `tfsdk:"name_regex"`
	Keyword   types.String      `tfsdk:"keyword"`
	Tags      map[string]string `tfsdk:"tags"`
}

func (r *policyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The custom policies of the account, or those that fit everything that is given. System policies are nobody's to manage, and not among them.",
		Attributes: map[string]schema.Attribute{
			"name_regex": base.ListNameRegexAttribute("policies"),
			"keyword": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Text that the name or the description of the policies must have in it, in whatever case. Any when it is left out.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"tags": base.ListTagsFilterAttribute("policies"),
		},
	}
}

func (r *policyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config policyListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the RAM policies", base.Finding(r.Client.Policies(ctx, ramapi.PolicyTypeCustom),
		func(p ramapi.Policy) bool {
			return matches(p.Name) && base.HasTags(p.Tags, config.Tags) && hasKeyword(config.Keyword, p.Name, p.Description)
		},
		func(p ramapi.Policy) base.Found { return base.Named(p.Name) }))
}
