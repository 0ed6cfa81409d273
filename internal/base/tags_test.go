package base

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A plan without a refresh has the state of before the tag was to be ignored.
func TestTagThatIsIgnoredFromNowOnIsNotRemoved(t *testing.T) {
	t.Parallel()
	r := Resource{provider: &Provider{Tags: TagSettings{IgnorePrefixes: []string{"auto:"}}}}
	tags := func(keys ...string) types.Map {
		all := map[string]attr.Value{}
		for _, key := range keys {
			all[key] = types.StringValue("x")
		}
		return types.MapValueMust(types.StringType, all)
	}
	change := r.TagChange(tags("auto:owner", "team"), tags("env"))
	if !slices.Equal(change.Remove, []string{"team"}) || len(change.Set) != 1 {
		t.Errorf("the change is %+v", change)
	}
}
