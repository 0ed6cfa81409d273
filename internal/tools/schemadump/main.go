// Command schemadump prints the provider's schemas in the form of
// `terraform providers schema -json`, without Terraform: the documentation
// also covers identities, list resources and actions, which no Terraform
// before 1.14 prints.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "schemadump:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server, err := providerserver.NewProtocol6WithError(provider.New("dev"))()
	if err != nil {
		return fmt.Errorf("serving the provider: %w", err)
	}
	d, err := newDump(ctx, server)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(d)
}
