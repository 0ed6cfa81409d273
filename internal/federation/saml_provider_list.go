package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*samlProviderResource)(nil)

// NewSAMLProviderListResource gives the list resource ram_saml_provider.
func NewSAMLProviderListResource() list.ListResource { return &samlProviderResource{} }

// providerListModel picks identity providers of either kind.
type providerListModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
}

func (r *samlProviderResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The SAML providers of the account, or those whose names fit.",
		Attributes:          map[string]schema.Attribute{"name_regex": base.ListNameRegexAttribute("SAML providers")},
	}
}

func (r *samlProviderResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config providerListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the SAML providers", base.Finding(r.Client.SAMLProviders(ctx),
		func(p ramapi.SAMLProvider) bool { return matches(p.Name) },
		func(p ramapi.SAMLProvider) base.Found { return base.Named(p.Name) }))
}
