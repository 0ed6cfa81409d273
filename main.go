// Command terraform-provider-ram serves the provider to Terraform and OpenTofu;
// as `terraform-provider-ram sandbox` it serves a local RAM to try it against,
// and as `terraform-provider-ram adopt` it writes the configuration of an account
// that exists.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/ram-provider/terraform-provider-ram/internal/adopt"
	ramprovider "github.com/ram-provider/terraform-provider-ram/internal/provider"
	"github.com/ram-provider/terraform-provider-ram/internal/sandbox"
)

// version is set by the release build.
var version = "dev"

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "sandbox":
			os.Exit(sandbox.Main(os.Args[2:]))
		case "adopt":
			os.Exit(adopt.Main(ramprovider.New(version), os.Args[2:]))
		}
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
