package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*userSSOSettingsResource)(nil)

// NewUserSSOSettingsListResource gives the list resource ram_user_sso_settings.
func NewUserSSOSettingsListResource() list.ListResource { return &userSSOSettingsResource{} }

func (r *userSSOSettingsResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = base.SingletonListSchema("How users of the account log on through an identity provider. Every account has these settings; they are disabled in most.")
}

func (r *userSSOSettingsResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	r.ListSingleton(ctx, req, stream, r, "the account's settings of single sign-on", nil)
}
