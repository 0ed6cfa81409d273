package federation_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
)

func TestAccFederation_isImportedByIdentity(t *testing.T) {
	t.Parallel()
	for address, config := range map[string]func(name string) string{
		"ram_saml_provider.office": func(name string) string { return samlConfig(name, asXML(document("office"))) },
		"ram_oidc_provider.ci":     func(name string) string { return oidcConfig(name, prints[:1]) },
		ssoAddress:                 func(string) string { return ssoConfig() },
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			acc := acctest.NewLocal(t)
			config := config(acc.Name("it"))
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
				ProtoV6ProviderFactories: acc.Factories(),
				Steps: []resource.TestStep{
					{Config: config},
					{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: config},
				},
			})
		})
	}
}
