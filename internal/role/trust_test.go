package role_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccRole_trustsWhatTheSameRunMakes(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t, func(s *ramserver.Server) { s.Unsure.LateVisibility = true })
	config := func(name string) string {
		return fmt.Sprintf(`
		resource "ram_user" "ann" { name = %[1]q }
		resource "ram_saml_provider" "office" {
		  name                   = %[1]q
		  saml_metadata_document = "<EntityDescriptor/>"
		}
		resource "ram_oidc_provider" "ci" {
		  name         = %[1]q
		  issuer_url   = "https://%[1]s.example.com"
		  fingerprints = ["902ef2deeb3c5b13ea4c3d5193629309e231ae55"]
		}
		resource "ram_role" "base" {
		  name                        = "%[1]s.base"
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {
		    RAM = ram_user.ann.arn
		  } }] })
		}
		resource "ram_role" "builder" {
		  name                        = %[2]q
		  assume_role_policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {
		    RAM       = [ram_role.base.arn]
		    Federated = [ram_saml_provider.office.arn, ram_oidc_provider.ci.arn]
		  } }] })
		}`, name, acc.Name("builder"))
	}
	acc.Run(t,
		resource.TestStep{Config: config(acc.Name("one"))},
		resource.TestStep{Config: config(acc.Name("two"))}, // the role is updated
	)
}
