package base

import "strings"

// Traps ends the description of a resource with what people stumble over. The
// resource's page has it at its end (templates/resources.md.tmpl).
func Traps(traps ...string) string {
	return "\n\n## Traps\n\n- " + strings.Join(traps, "\n- ")
}
