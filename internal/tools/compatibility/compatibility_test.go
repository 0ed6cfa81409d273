package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

var repository = filepath.Join("..", "..", "..")

func TestOffer_hasSomethingOfEachFeature(t *testing.T) {
	o, err := ask(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if len(f.used(o)) == 0 {
			t.Errorf("nothing here is one of %s: delete the feature", f.name)
		}
	}
	if !slices.Contains(o.writeOnly, "ram_login_profile.password_wo") || !slices.Contains(o.moved, "ram_user") {
		t.Errorf("not found: %v, %v", o.writeOnly, o.moved)
	}
	// A kind of thing that the provider offers and no feature knows would be missing in the table.
	named := 0
	for _, f := range features {
		named += len(f.used(o))
	}
	all := reflect.ValueOf(o)
	want := 0
	for i := range all.NumField() {
		if name := all.Type().Field(i).Name; name != "resources" && name != "versions" {
			want += all.Field(i).Len()
		}
	}
	if named != want {
		t.Errorf("the features know %d of %d things", named, want)
	}
}

func TestWriteOnly_isFoundAtEveryDepth(t *testing.T) {
	secret := []*tfprotov6.SchemaAttribute{{Name: "secret", WriteOnly: true}, {Name: "name"}}
	block := &tfprotov6.SchemaBlock{
		Attributes: append(secret, &tfprotov6.SchemaAttribute{Name: "nested", NestedType: &tfprotov6.SchemaObject{Attributes: secret}}),
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "block", Block: &tfprotov6.SchemaBlock{Attributes: secret}}},
	}
	if got, want := writeOnly("ram_x", block), []string{"ram_x.secret", "ram_x.nested.secret", "ram_x.block.secret"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestVersions_thatAreTestedBeginWithWhatIsNeeded(t *testing.T) {
	tested, err := readTested(filepath.Join(repository, workflow))
	if err != nil {
		t.Fatal(err)
	}
	terraform, tofu := minimum()
	for program, needed := range map[string]string{"terraform": terraform, "opentofu": tofu} {
		versions := tested[program]
		if !slices.IsSortedFunc(versions, compare) || versions[0] != needed {
			t.Errorf("%s is tested with %v, but %s is needed", program, versions, needed)
		}
	}
	for _, f := range features {
		if minor := strings.Join(strings.SplitN(f.terraform, ".", 3)[:2], "."); compare(minor, terraform) >= 0 && !slices.Contains(tested["terraform"], minor) {
			t.Errorf("%s came with Terraform %s, which nothing is tested with", f.name, f.terraform)
		}
	}
}

func TestPages_sayWhatIsNeeded(t *testing.T) {
	terraform, tofu := minimum()
	for page, want := range map[string]string{
		"README.md":     fmt.Sprintf("Terraform %s and later and OpenTofu %s and later", terraform, tofu),
		"docs/index.md": fmt.Sprintf("It needs Terraform %s or later, or OpenTofu %s or later.", terraform, tofu),
	} {
		text, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), want) {
			t.Errorf("%s does not say %q", page, want)
		}
	}
}
