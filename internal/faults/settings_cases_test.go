package faults

const (
	longPasswords = `
		resource "ram_password_policy" "this" {
		  minimum_password_length = 16
		  require_numbers         = true
		}`
	longerPasswords = `
		resource "ram_password_policy" "this" {
		  minimum_password_length = 20
		  max_login_attempts      = 5
		}`
	fromTheOffice = `
		resource "ram_security_preference" "this" {
		  login_network_masks     = ["192.0.2.0/24"]
		  mfa_operation_for_login = "mandatory"
		}`
	fromAnywhere = `
		resource "ram_security_preference" "this" {
		  login_network_masks    = []
		  login_session_duration = 12
		}`
)

var settingsCases = []scenario{
	{
		after:   longPasswords + fromTheOffice,
		strikes: []strike{{action: "SetPasswordPolicy", note: "taken over"}, {action: "SetSecurityPreference", note: "taken over"}},
	},
	{
		before:  []string{longPasswords + fromTheOffice},
		after:   longerPasswords + fromAnywhere,
		strikes: []strike{{action: "SetPasswordPolicy", note: "changed"}, {action: "SetSecurityPreference", note: "changed"}},
	},
	{
		before:  []string{longPasswords + fromTheOffice, longerPasswords + fromAnywhere},
		strikes: []strike{{action: "SetPasswordPolicy", note: "given back"}, {action: "SetSecurityPreference", note: "given back"}},
	},
}
