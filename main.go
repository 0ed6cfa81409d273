// Command terraform-provider-ram serves the provider to Terraform and OpenTofu
// or, as `terraform-provider-ram sandbox`, a local RAM to try it against.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	ramprovider "github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/sandbox"
)

// version is set by the release build.
var version = "dev"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "sandbox" {
		os.Exit(sandbox.Main(os.Args[2:]))
	}
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	flag.Parse()
	err := providerserver.Serve(context.Background(), func() provider.Provider { return ramprovider.New(version) },
		providerserver.ServeOpts{
			Address:         "registry.terraform.io/ram-provider/ram",
			Debug:           *debug,
			ProtocolVersion: 6,
		})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
