package acctest

import (
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// Where TF_ACC is not set, a test that has made something is skipped by its first step.
func TestATestThatIsSkippedOwesNothing(t *testing.T) {
	t.Run("skipped", func(t *testing.T) {
		acc := NewLocal(t)
		if _, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: acc.Name("alice")}); err != nil {
			t.Fatal(err)
		}
		t.Skip("as a first step does")
	})
}
