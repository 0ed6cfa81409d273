package base

import (
	"sync"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// plannedPasswordPolicy is what this configuration makes of the account's
// password policy.
type plannedPasswordPolicy struct {
	mu       sync.Mutex
	settings ramapi.PasswordPolicy
}

// PlanPasswordPolicy notes which settings the account's password policy is going
// to have, for the passwords that are planned after it.
func (r *Resource) PlanPasswordPolicy(settings ramapi.PasswordPolicy) {
	planned := Shared[plannedPasswordPolicy](r)
	planned.mu.Lock()
	defer planned.mu.Unlock()
	planned.settings = settings
}

// PlannedPasswordPolicy gives the settings that PlanPasswordPolicy noted. A
// resource whose password needs them depends on the one that sets them, or
// Terraform might apply it first, and so is planned after it.
func (r *Resource) PlannedPasswordPolicy() ramapi.PasswordPolicy {
	planned := Shared[plannedPasswordPolicy](r)
	planned.mu.Lock()
	defer planned.mu.Unlock()
	return planned.settings
}
