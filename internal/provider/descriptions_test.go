package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/provider"
)

// A page begins with what the resource does and whether anybody else may manage
// the same thing beside it, and ends with what people stumble over.
func TestEveryResourceSaysWhetherItIsExclusiveAndItsTraps(t *testing.T) {
	says := regexp.MustCompile(`exclusive|leaves? .*alone|left alone|manages the \w+ alone|There is one (of it )?(per|for each) account|Every account has one`)
	for _, constructor := range provider.New("test").Resources(t.Context()) {
		var resp resource.SchemaResponse
		var name resource.MetadataResponse
		constructor().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "ram"}, &name)
		constructor().Schema(t.Context(), resource.SchemaRequest{}, &resp)
		intro, _, hasTraps := strings.Cut(resp.Schema.MarkdownDescription, base.Traps())
		if !hasTraps {
			t.Errorf("the description of %s has no traps", name.TypeName)
		}
		if !says.MatchString(intro) {
			t.Errorf("the description of %s does not say whether it is exclusive", name.TypeName)
		}
	}
}
