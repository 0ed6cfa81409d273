package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var _ list.ListResourceWithConfigure = (*passwordPolicyResource)(nil)

// NewPasswordPolicyListResource gives the list resource ram_password_policy.
func NewPasswordPolicyListResource() list.ListResource { return &passwordPolicyResource{} }

func (r *passwordPolicyResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = base.SingletonListSchema("The password policy of the account, which every account has.")
}

func (r *passwordPolicyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	r.ListSingleton(ctx, req, stream, r, "the password policy of the account", nil)
}
