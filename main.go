// Command terraform-provider-ram serves the provider to Terraform and OpenTofu;
// as `terraform-provider-ram sandbox` it serves a local RAM to try it against,
// and as `terraform-provider-ram adopt` it writes the configuration of an account
// that exists.
package main

import (
	"context"
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

const usage = `Terraform and OpenTofu start this program by themselves, for configurations that use the provider ram-provider/ram.

Usage: terraform-provider-ram COMMAND

  sandbox    serves a RAM account that exists on this machine only, and runs a command against it
  adopt      writes the configuration of an account that exists, with import blocks
  version    prints the version
  -debug     serves the provider for a debugger such as delve

sandbox -h and adopt -h tell more.
`

func main() {
	os.Exit(run(os.Args[1:]))
}

// run returns the exit code.
func run(args []string) int {
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "sandbox":
		return sandbox.Main(args[1:])
	case "adopt":
		return adopt.Main(ramprovider.New(version), args[1:])
	case "version":
		fmt.Println(version)
		return 0
	case "help", "-h", "-help", "--help":
		fmt.Print(usage)
		return 0
	case "-debug", "--debug":
		return serve(true)
	}
	if command != "" || os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		fmt.Fprint(os.Stderr, usage)
		return 2
	}
	return serve(false)
}

// serve serves the provider until Terraform has had enough of it.
func serve(debug bool) int {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return ramprovider.New(version) },
		providerserver.ServeOpts{
			Address:         "registry.terraform.io/ram-provider/ram",
			Debug:           debug,
			ProtocolVersion: 6,
		})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
