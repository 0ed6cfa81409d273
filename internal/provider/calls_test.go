package provider_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// The counts of accounts in which everything is managed are tested in
// internal/bench, without Terraform.
func TestAccCalls_fiveUsersOfFiftyThousandCostFewCalls(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		users := map[string]any{}
		for i := range 50_000 {
			users[fmt.Sprintf("%018d", i+1)] = map[string]any{"UserName": fmt.Sprintf("u%05d", i)}
		}
		saved, err := json.Marshal(map[string]any{"Format": 1, "Users": users})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Load(saved); err != nil {
			t.Fatal(err)
		}
		s.Quotas.Users = 60_000
	})
	config := fmt.Sprintf(`
		resource "ram_user" "five" {
		  count = 5
		  name  = "%s-${count.index}"
		}
	`, acc.Name("person"))
	before := 0
	acc.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { before = len(acc.Server.Calls()) },
			Config:    config, PlanOnly: true,
		},
		resource.TestStep{
			PreConfig: func() {
				calls, refreshes := acc.Server.Calls()[before:], 0
				for _, call := range calls {
					if call.Action == "GetCallerIdentity" { // each refresh asks once
						refreshes++
					}
				}
				if refreshes == 0 || len(calls) > 10*refreshes {
					t.Errorf("%d refreshes of five users made %d calls", refreshes, len(calls))
				}
			},
			Config: config, PlanOnly: true,
		},
	)
}
