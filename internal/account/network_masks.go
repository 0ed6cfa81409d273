package account

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// networkMask accepts an address or a network.
type networkMask struct{}

func (networkMask) Description(context.Context) string {
	return "must be an IP address or a network such as 192.0.2.0/24"
}

func (m networkMask) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m networkMask) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, ok := parseNetwork(req.ConfigValue.ValueString()); !ok {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid network", fmt.Sprintf("%q %s.", req.ConfigValue.ValueString(), m.Description(ctx)))
	}
}

// maskCharacters is how many characters all masks may have, with a semicolon
// between any two.
const maskCharacters = 512

// masksFit accepts a set of masks that are not too long together.
type masksFit struct{}

func (masksFit) Description(context.Context) string {
	return fmt.Sprintf("must have at most %d characters, with one between any two networks", maskCharacters)
}

func (m masksFit) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// ValidateSet counts what is known.
func (m masksFit) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if n := len(strings.Join(*textsOf[[]string](req.ConfigValue), ";")); n > maskCharacters {
		resp.Diagnostics.AddAttributeError(req.Path, "Too many networks", fmt.Sprintf("The networks have %d characters; the setting %s.", n, m.Description(ctx)))
	}
}

// keepNetworks keeps the prior text of networks that are the same: 192.0.2.1 is
// 192.0.2.1/32.
type keepNetworks struct{}

func (keepNetworks) Description(context.Context) string {
	return "networks that are the same keep their prior text"
}

func (k keepNetworks) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (keepNetworks) PlanModifySet(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if sameNetworks(req.StateValue, resp.PlanValue) {
		resp.PlanValue = req.StateValue
	}
}

// sameNetworks reports whether two sets of masks, both of them there and known,
// let the same addresses in.
func sameNetworks(a, b types.Set) bool {
	left, leftOK := networksOf(a)
	right, rightOK := networksOf(b)
	return leftOK && rightOK && slices.Equal(left, right)
}

func networksOf(masks types.Set) ([]netip.Prefix, bool) {
	texts := *textsOf[[]string](masks)
	if masks.IsNull() || masks.IsUnknown() || len(texts) < len(masks.Elements()) {
		return nil, false
	}
	var all []netip.Prefix
	for _, text := range texts {
		network, ok := parseNetwork(text)
		if !ok {
			return nil, false
		}
		all = append(all, network)
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	return slices.Compact(all), true
}

func parseNetwork(text string) (netip.Prefix, bool) {
	if network, err := netip.ParsePrefix(text); err == nil {
		return network.Masked(), true
	}
	address, err := netip.ParseAddr(text)
	return netip.PrefixFrom(address, address.BitLen()), err == nil && address.Zone() == ""
}
