package faults

const (
	office = `
		resource "ram_saml_provider" "office" {
		  name                   = "office"
		  saml_metadata_document = "<EntityDescriptor entityID=\"https://office.example.com\"/>"
		  authn_sign_algo        = "rsa-sha256"
		}`
	school = `
		resource "ram_saml_provider" "office" {
		  name                   = "office"
		  saml_metadata_document = "<EntityDescriptor entityID=\"https://school.example.com\"/>"
		  authn_sign_algo        = "rsa-sha256"
		}`

	ciHead = `
		resource "ram_oidc_provider" "ci" {
		  name       = "ci"
		  issuer_url = "https://ci.example.com"
		  `
	ci       = ciHead + "fingerprints = [\"aa\"]\nclient_ids = [\"app\"]\n}\n"
	ciBuilds = ciHead + "fingerprints = [\"aa\"]\nclient_ids = [\"app\"]\ndescription = \"builds\"\n}\n"
	ciOthers = ciHead + "fingerprints = [\"bb\"]\nclient_ids = [\"web\"]\n}\n"
	ciMore   = ciHead + "fingerprints = [\"aa\", \"bb\"]\nclient_ids = [\"app\", \"web\"]\n}\n"

	singleSignOn = `
		resource "ram_user_sso_settings" "this" {
		  sso_enabled       = true
		  metadata_document = "<EntityDescriptor entityID=\"https://office.example.com\"/>"
		}`
	otherSignOn = `
		resource "ram_user_sso_settings" "this" {
		  sso_enabled       = false
		  metadata_document = "<EntityDescriptor entityID=\"https://school.example.com\"/>"
		  auxiliary_domain  = "example.com"
		}`
)

var federationCases = []scenario{
	{after: office, strikes: []strike{{action: "CreateSAMLProvider"}}},
	{before: []string{office}, after: school, strikes: []strike{{action: "UpdateSAMLProvider"}}},
	{before: []string{office}, strikes: []strike{{action: "DeleteSAMLProvider"}}},
	{after: ci, strikes: []strike{{action: "CreateOIDCProvider"}}},
	{before: []string{ci}, after: ciBuilds, strikes: []strike{{action: "UpdateOIDCProvider"}}},
	{before: []string{ci}, after: ciMore, strikes: []strike{{action: "AddClientIdToOIDCProvider"}, {action: "AddFingerprintToOIDCProvider"}}},
	{before: []string{ciMore}, after: ci, strikes: []strike{{action: "RemoveClientIdFromOIDCProvider"}, {action: "RemoveFingerprintFromOIDCProvider"}}},
	{before: []string{ci}, after: ciOthers, strikes: []strike{{action: "AddFingerprintToOIDCProvider", note: "for another"}, {action: "RemoveFingerprintFromOIDCProvider", note: "for another"}}},
	{before: []string{ci}, strikes: []strike{{action: "DeleteOIDCProvider"}}},
	{after: singleSignOn, strikes: []strike{{action: "SetUserSsoSettings"}}},
	{before: []string{singleSignOn}, after: otherSignOn, strikes: []strike{{action: "SetUserSsoSettings", note: "changed"}}},
	{before: []string{singleSignOn}, strikes: []strike{{action: "SetUserSsoSettings", note: "given back"}}},
}
