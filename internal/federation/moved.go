package federation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
)

var (
	_ resource.ResourceWithMoveState = (*samlProviderResource)(nil)
	_ resource.ResourceWithMoveState = (*oidcProviderResource)(nil)
)

func (r *samlProviderResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ram_saml_provider", func(from base.Official) (base.Moved, error) {
		name := from.Text("saml_provider_name", "id")
		document := metadataFrom(from.Text("encodedsaml_metadata_document").ValueString())
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "saml_metadata_document": document.XML, "encoded_saml_metadata_document": document.Encoded, "description": from.Text("description"), "arn": from.Text("arn"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"saml_provider_name": name})
	})}
}

func (r *oidcProviderResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{base.MovedFrom("alicloud_ims_oidc_provider", func(from base.Official) (base.Moved, error) {
		name := from.Text("oidc_provider_name", "id")
		return base.Moved{
			State: map[string]attr.Value{
				"name": name, "issuer_url": from.Text("issuer_url"), "client_ids": from.Texts("client_ids"), "fingerprints": from.Texts("fingerprints"),
				"description": from.Text("description"), "issuance_limit_time": from.Int64("issuance_limit_time"), "arn": from.Text("arn"), "create_date": from.Text("create_time"),
			},
			Identity: map[string]attr.Value{"name": name},
		}, base.Need(map[string]types.String{"oidc_provider_name": name})
	})}
}
