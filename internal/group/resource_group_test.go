package group_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

func TestAccGroup_withPoliciesInResourceGroupsSaysSoOrLosesThem(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.ResourceGroupsBlockDeletion = true })
	name := acc.Name("ops")
	config := func(force string) string {
		return fmt.Sprintf("resource \"ram_group\" \"ops\" {\nname = %q\n%s\n}", name, force)
	}
	acc.Run(t,
		resource.TestStep{Config: config("")},
		resource.TestStep{
			PreConfig: func() {
				if err := acc.Client().Attach(t.Context(), ramapi.Attachment{
					PolicyName: "ReadOnlyAccess", PolicyType: ramapi.PolicyTypeSystem,
					To: ramapi.Principal{Kind: ramapi.KindGroup, Name: name}, ResourceGroupID: ramserver.DefaultResourceGroupID,
				}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(""), Destroy: true,
			ExpectError: regexp.MustCompile(`1 resource-group\s+attachment\s+\(ReadOnlyAccess\s+in\s+` + ramserver.DefaultResourceGroupID),
		},
		resource.TestStep{Config: config("force_destroy = true")},
		resource.TestStep{Config: config("force_destroy = true"), Destroy: true},
	)
}
