package base

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// TagSettings is what the provider block says about tags: those that every
// resource gets which can have tags, and those that are left alone.
type TagSettings struct {
	Default        map[string]string
	IgnoreKeys     []string
	IgnorePrefixes []string
}

// Ignores reports whether a tag is somebody else's, neither shown nor touched.
func (s TagSettings) Ignores(key string) bool {
	return slices.Contains(s.IgnoreKeys, key) ||
		slices.ContainsFunc(s.IgnorePrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// TagRule says which tags the service takes.
type TagRule struct {
	maxValue int
	reserved bool // what the service refuses as reserved is known, and refused while planning
}

// Rules of RAM's for tags. For roles and policies its documentation does not say
// what is reserved; the service decides.
var (
	UserTags = TagRule{maxValue: 128, reserved: true}
	RoleTags = TagRule{maxValue: 256} // of roles and of policies
)

// maxTags is how many tags a user, a role or a policy can have.
const maxTags = 20

// TagsAttribute is the argument tags.
func TagsAttribute(rule TagRule) schema.Attribute {
	reserved := ""
	if rule.reserved {
		reserved = " Keys cannot begin with `acs:` or `aliyun`, values not with `acs:`, and neither may contain `http://` or `https://`."
	}
	return schema.MapAttribute{
		ElementType: types.StringType, Optional: true,
		MarkdownDescription: fmt.Sprintf("Tags, up to 20 with those of the provider's `default_tags`, over which these win: keys of 1 to 128 characters that do not begin with `ram-provider:`, values of up to %d.%s No others when left out.",
			rule.maxValue, reserved),
	}
}

// TagsAllAttribute is the computed tags_all.
func TagsAllAttribute() schema.Attribute {
	return schema.MapAttribute{
		ElementType: types.StringType, Computed: true,
		MarkdownDescription: "All tags there are: `tags`, and the provider's `default_tags`. Without those that `ignore_tags` of the provider names.",
	}
}

// PlanTags plans tags_all from tags and the provider's default tags, and refuses
// at the attribute tags what the service would.
func (r *Resource) PlanTags(ctx context.Context, rule TagRule, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.provider == nil || req.Plan.Raw.IsNull() {
		return
	}
	var tags, planned types.Map
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("tags"), &tags)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("tags_all"), &planned)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all := types.MapUnknown(types.StringType)
	if !tags.IsUnknown() {
		merged := map[string]attr.Value{}
		for key, value := range r.provider.Tags.Default {
			merged[key] = types.StringValue(value)
		}
		maps.Copy(merged, tags.Elements())
		r.checkTags(rule, tags, merged, resp)
		all = types.MapValueMust(types.StringType, merged)
	}
	if !all.Equal(planned) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("tags_all"), all)...)
	}
}

func (r *Resource) checkTags(rule TagRule, tags types.Map, merged map[string]attr.Value, resp *resource.ModifyPlanResponse) {
	at := path.Root("tags")
	if len(merged) > maxTags {
		resp.Diagnostics.AddAttributeError(at, "Too many tags",
			fmt.Sprintf("With the provider's default_tags there are %d; RAM takes %d.", len(merged), maxTags))
	}
	for _, key := range slices.Sorted(maps.Keys(merged)) {
		_, own := tags.Elements()[key]
		if problem := rule.problem(key, merged[key]); problem != "" {
			from := ""
			if !own {
				from = " of the provider's default_tags"
			}
			resp.Diagnostics.AddAttributeError(at, "Invalid tag", fmt.Sprintf("The tag %q%s %s.", key, from, problem))
		}
		if own && r.provider.Tags.Ignores(key) {
			resp.Diagnostics.AddAttributeError(at, "Ignored tag",
				fmt.Sprintf("The tag %q is among the ignore_tags of the provider, so it is neither read nor set. Take it out of one of the two.", key))
		}
	}
}

// problem says what the service has against a tag, empty for nothing.
func (rule TagRule) problem(key string, value attr.Value) string {
	text, _ := value.(types.String)
	switch {
	case text.IsNull():
		return "has the value null; leave it out, or give it a text, which may be empty"
	case ramapi.IsReservedTag(key):
		return "has a key of this provider's own: with ram-provider: begin those that record a freeze"
	case utf8.RuneCountInString(key) < 1 || utf8.RuneCountInString(key) > 128:
		return fmt.Sprintf("has a key of %d characters; RAM takes 1 to 128", utf8.RuneCountInString(key))
	case utf8.RuneCountInString(text.ValueString()) > rule.maxValue:
		return fmt.Sprintf("has a value of %d characters; RAM takes up to %d here", utf8.RuneCountInString(text.ValueString()), rule.maxValue)
	case rule.reserved && (strings.HasPrefix(key, "aliyun") || reservedText(key)):
		return "has a reserved key: it may not begin with acs: or aliyun, nor contain http:// or https://"
	case rule.reserved && reservedText(text.ValueString()):
		return "has a reserved value: it may not begin with acs:, nor contain http:// or https://"
	}
	return ""
}

func reservedText(text string) bool {
	return strings.HasPrefix(text, "acs:") || strings.Contains(text, "http://") || strings.Contains(text, "https://")
}

// ReadTags gives tags and tags_all from what the service has and from tags in
// the state. A default tag is among tags only where it was written there, or has
// another value than the default.
func (r *Resource) ReadTags(service map[string]string, prior types.Map) (tags, all types.Map) {
	own, every := map[string]attr.Value{}, map[string]attr.Value{}
	for key, value := range service {
		if r.provider.Tags.Ignores(key) {
			continue
		}
		every[key] = types.StringValue(value)
		fallback, isDefault := r.provider.Tags.Default[key]
		if _, written := prior.Elements()[key]; written || !isDefault || fallback != value {
			own[key] = types.StringValue(value)
		}
	}
	tags, all = types.MapValueMust(types.StringType, own), types.MapValueMust(types.StringType, every)
	if len(own) == 0 && prior.IsNull() {
		tags = types.MapNull(types.StringType)
	}
	return tags, all
}

// TagChange gives the change from tags_all of the state to tags_all of the plan.
// Both are known then; a null one has no tags. A tag that is ignored only now
// may still be in a state that was not refreshed.
func (r *Resource) TagChange(state, plan types.Map) ramapi.TagChange {
	from := TagMap(state)
	maps.DeleteFunc(from, func(key, _ string) bool { return r.provider.Tags.Ignores(key) })
	return ramapi.NewTagChange(from, TagMap(plan))
}

// TagMap gives tags, all of them known, as texts.
func TagMap(tags types.Map) map[string]string {
	all := map[string]string{}
	for key, value := range tags.Elements() {
		text, _ := value.(types.String)
		all[key] = text.ValueString()
	}
	return all
}
