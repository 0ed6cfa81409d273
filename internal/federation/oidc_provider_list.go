package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ list.ListResourceWithConfigure = (*oidcProviderResource)(nil)

// NewOIDCProviderListResource gives the list resource ram_oidc_provider.
func NewOIDCProviderListResource() list.ListResource { return &oidcProviderResource{} }

func (r *oidcProviderResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The OIDC providers of the account, or those whose names fit.",
		Attributes:          map[string]schema.Attribute{"name_regex": base.ListNameRegexAttribute("OIDC providers")},
	}
}

func (r *oidcProviderResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config providerListModel
	if !base.ListConfig(ctx, req, stream, &config) {
		return
	}
	matches := base.MatchesName(config.NameRegex)
	base.List(ctx, req, stream, r, "the OIDC providers", base.Finding(r.Client.OIDCProviders(ctx),
		func(p ramapi.OIDCProvider) bool { return matches(p.Name) },
		func(p ramapi.OIDCProvider) base.Found { return base.Named(p.Name) }))
}
