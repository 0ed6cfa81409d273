package main

// feature is something that Terraform and OpenTofu have had since different versions, or do not have.
type feature struct {
	name            string
	terraform, tofu string // since when; empty for not yet
	instead         string // what an older version has for it; empty where there is nothing
	plural          string
	used            func(offer) []string // what there is of it here
}

// features are those that the provider's own protocol does not bring with it. A feature without anything in its stead
// decides what the provider needs.
var features = []feature{
	{"Functions", "1.8", "1.7", "", "functions", func(o offer) []string { return o.functions }},
	{"`moved` blocks from the official provider", "1.8", "1.12.5", "`removed` and `import` blocks", "resources", func(o offer) []string { return o.moved }},
	{"Ephemeral resources", "1.10", "1.11", "", "ephemeral resources", func(o offer) []string { return o.ephemerals }},
	{"Write-only arguments", "1.11", "1.11", "", "arguments", func(o offer) []string { return o.writeOnly }},
	{"Import by identity", "1.12", "1.12", "`import` by id", "resources", func(o offer) []string { return o.identities }},
	{"`terraform query`", "1.14", "", "`terraform-provider-ram adopt`, plural data sources", "list resources", func(o offer) []string { return o.lists }},
	{"Actions", "1.14", "", "`frozen` of `ram_user`", "actions", func(o offer) []string { return o.actions }},
}
