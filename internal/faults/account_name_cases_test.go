package faults

const (
	aliasAcme  = `resource "ram_account_alias" "this" { account_alias = "acme" }`
	domainAcme = `
		resource "ram_default_domain" "this" {
		  default_domain_name = "acme.onaliyun.com"
		  depends_on          = [ram_account_alias.this]
		}`
	domainTeam = `resource "ram_default_domain" "this" { default_domain_name = "our_team.onaliyun.com" }`
)

var accountNameCases = []scenario{
	{
		after:   aliasAcme,
		strikes: []strike{{action: "SetAccountAlias"}},
	},
	{
		before:  []string{aliasAcme},
		after:   `resource "ram_account_alias" "this" { account_alias = "corp" }`,
		strikes: []strike{{action: "SetAccountAlias", note: "another"}},
	},
	{
		before:  []string{aliasAcme},
		strikes: []strike{{action: "SetDefaultDomain", note: "of an account without an alias"}},
	},
	{
		before:  []string{aliasAcme + domainAcme},
		strikes: []strike{{action: "SetDefaultDomain", note: "with the alias"}},
	},
	{
		outside: aliasAcme,
		before: []string{`
			resource "ram_account_alias" "this" {
			  account_alias = "acme"
			  on_destroy    = "reset"
			}`},
		strikes: []strike{{action: "ClearAccountAlias"}},
	},
	{
		after:   domainTeam,
		strikes: []strike{{action: "SetDefaultDomain"}},
	},
	{
		before:  []string{domainTeam},
		after:   `resource "ram_default_domain" "this" { default_domain_name = "corp.onaliyun.com" }`,
		strikes: []strike{{action: "SetDefaultDomain", note: "another"}},
	},
	{
		before:  []string{domainTeam},
		strikes: []strike{{action: "SetDefaultDomain", note: "back to what it was"}},
	},
}
