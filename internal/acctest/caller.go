package acctest

import (
	"testing"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// WorkAsUser has the provider work as a RAM user who may do everything, and not
// as the account itself, about which it has advice to give. It is for the private
// server.
func (a *Account) WorkAsUser(t *testing.T) {
	t.Helper()
	const name = "operator"
	client := a.Client()
	if _, err := client.CreateUser(t.Context(), ramapi.User{Name: name, DisplayName: name}); err != nil {
		t.Fatal(err)
	}
	if err := client.AttachPolicy(t.Context(), "AdministratorAccess", ramapi.PolicyTypeSystem, ramapi.Principal{Kind: ramapi.KindUser, Name: name}); err != nil {
		t.Fatal(err)
	}
	key, err := client.CreateAccessKey(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	a.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", key.ID)
	a.SetEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", key.Secret)
}
