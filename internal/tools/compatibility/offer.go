package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"go.yaml.in/yaml/v4"

	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// offer is what the provider has, by name.
type offer struct {
	resources, functions, moved, ephemerals, writeOnly, identities, lists, actions []string

	versions map[string]int64 // of the schemas of resources
}

// ask asks the provider what it has.
func ask(ctx context.Context) (offer, error) {
	p := provider.New("dev")
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return offer{}, err
	}
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return offer{}, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return offer{}, err
	}
	for _, d := range append(schemas.Diagnostics, identities.Diagnostics...) {
		return offer{}, fmt.Errorf("%s: %s", d.Summary, d.Detail)
	}
	o := offer{
		resources:  slices.Sorted(maps.Keys(schemas.ResourceSchemas)),
		functions:  slices.Sorted(maps.Keys(schemas.Functions)),
		ephemerals: slices.Sorted(maps.Keys(schemas.EphemeralResourceSchemas)),
		identities: slices.Sorted(maps.Keys(identities.IdentitySchemas)),
		lists:      slices.Sorted(maps.Keys(schemas.ListResourceSchemas)),
		actions:    slices.Sorted(maps.Keys(schemas.ActionSchemas)),
		versions:   map[string]int64{},
	}
	for _, name := range o.resources {
		schema := schemas.ResourceSchemas[name]
		o.versions[name] = schema.Version
		o.writeOnly = append(o.writeOnly, writeOnly(name, schema.Block)...)
	}
	for _, newResource := range p.Resources(ctx) {
		r := newResource()
		if _, canMove := r.(resource.ResourceWithMoveState); canMove {
			var meta resource.MetadataResponse
			r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "ram"}, &meta)
			o.moved = append(o.moved, meta.TypeName)
		}
	}
	return o, nil
}

// writeOnly gives the write-only arguments of a block and those in it.
func writeOnly(path string, block *tfprotov6.SchemaBlock) []string {
	names := writeOnlyOf(path, block.Attributes)
	for _, b := range block.BlockTypes {
		names = append(names, writeOnly(path+"."+b.TypeName, b.Block)...)
	}
	return names
}

// writeOnlyOf is writeOnly for attributes and those in them.
func writeOnlyOf(path string, attributes []*tfprotov6.SchemaAttribute) (names []string) {
	for _, a := range attributes {
		name := path + "." + a.Name
		if a.WriteOnly {
			names = append(names, name)
		}
		if a.NestedType != nil {
			names = append(names, writeOnlyOf(name, a.NestedType.Attributes)...)
		}
	}
	return names
}

// minimum gives the versions that have everything in whose stead there is nothing.
func minimum() (terraform, tofu string) {
	for _, f := range features {
		if f.instead == "" {
			terraform = slices.MaxFunc([]string{terraform, f.terraform}, compare)
			tofu = slices.MaxFunc([]string{tofu, f.tofu}, compare)
		}
	}
	return terraform, tofu
}

// compare compares two versions.
func compare(a, b string) int {
	return slices.Compare(numbers(a), numbers(b))
}

func numbers(version string) (all []int) {
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part)
		all = append(all, n)
	}
	return all
}

// readTested reads off a workflow the versions that each of its jobs with a matrix of them uses.
func readTested(name string) (map[string][]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var w struct {
		Jobs map[string]struct {
			Strategy struct {
				Matrix struct{ Version []string }
			}
		}
	}
	if err := yaml.Load(text, &w); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	tested := map[string][]string{}
	for job, j := range w.Jobs {
		if versions := j.Strategy.Matrix.Version; len(versions) > 0 {
			tested[job] = versions
		}
	}
	if len(tested["terraform"]) == 0 || len(tested["opentofu"]) == 0 {
		return nil, fmt.Errorf("%s: the jobs terraform and opentofu have no versions", name)
	}
	return tested, nil
}
