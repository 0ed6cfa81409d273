package ramapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"

	"github.com/alibabacloud-go/tea/tea"
)

// AccessKeyPolicy says from where an access key may be used. The order of its
// statements and of their addresses has no meaning.
type AccessKeyPolicy struct {
	Status     string             `json:"Status"` // Active or Inactive
	Statements []NetworkStatement `json:"Statements"`
}

// NetworkStatement allows calls from networks: over the internet, or from VPCs.
type NetworkStatement struct {
	Type   string   `json:"Type"`            // ClassicWhiteList or VPCWhiteList
	Value  string   `json:"Value,omitempty"` // of a VPCWhiteList: the VPC's id, or AllowAllVPC
	IPList []string `json:"IPList"`
}

// accessKeyPolicyDocument is the policy on the wire.
type accessKeyPolicyDocument struct {
	Version int `json:"Version"`
	AccessKeyPolicy
}

// noAccessKeyPolicy is what stands for none: RAM has no way to remove a policy,
// and takes no empty document.
var noAccessKeyPolicy = AccessKeyPolicy{Status: "Inactive", Statements: []NetworkStatement{}}

func (p AccessKeyPolicy) isNone() bool { return p.Status != "Active" && len(p.Statements) == 0 }

// accessKeyPolicyAnswer is the answer of both actions. The SDK of this version
// has neither.
type accessKeyPolicyAnswer struct {
	Body *struct {
		AccessKeyPolicy *string `json:"AccessKeyPolicy"`
	} `json:"body"`
}

// AccessKeyPolicy gives the network policy of one of the user's keys, with its
// addresses in the form that CanonicalNetwork gives. The error is IsNotFound
// where the user or the key is missing, or the key has no policy.
func (c *Client) AccessKeyPolicy(ctx context.Context, userName, keyID string) (AccessKeyPolicy, error) {
	return c.accessKeyPolicies.get(ctx, keyOf(userName, keyID), 0)
}

// newAccessKeyPolicyTable has no list: IMS has none.
func (c *Client) newAccessKeyPolicyTable() *table[AccessKeyPolicy] {
	return &table[AccessKeyPolicy]{
		action: "GetAccessKeyPolicy",
		writes: &c.writes,
		about: func(key string) watched {
			userName, id := parseKeyOf(key)
			return watched{attributesOf(KindAccessKeyPolicy, id), attributesOf(KindAccessKey, id), holderOf(KindUser, userName)}
		},
		single: c.fetchAccessKeyPolicy,
	}
}

func (c *Client) fetchAccessKeyPolicy(ctx context.Context, key string) (AccessKeyPolicy, error) {
	userName, id := parseKeyOf(key)
	return byPrincipalName(ctx, c, userName, func(upn string) (AccessKeyPolicy, error) {
		return c.sendGetAccessKeyPolicy(ctx, userName, upn, id)
	})
}

func (c *Client) sendGetAccessKeyPolicy(ctx context.Context, userName, upn, id string) (AccessKeyPolicy, error) {
	op := call{action: "GetAccessKeyPolicy", needs: []entity{user(userName), accessKey(id), accessKeyPolicy(id)}, upn: upn}
	return do(ctx, c, op, func(ctx context.Context) (AccessKeyPolicy, error) {
		out, err := callRPC[accessKeyPolicyAnswer](ctx, c, &c.ims().Client, imsVersion, op.action, "AK", map[string]any{
			"UserPrincipalName": upn, "UserAccessKeyId": id,
		})
		if err != nil {
			return AccessKeyPolicy{}, err
		}
		if out.Body == nil || out.Body.AccessKeyPolicy == nil {
			return AccessKeyPolicy{}, errIncomplete
		}
		return accessKeyPolicyFromAPI(id, tea.StringValue(out.Body.AccessKeyPolicy))
	})
}

// accessKeyPolicyFromAPI reads a policy. One that was never set is {}, and one
// that was taken away is inactive and empty.
func accessKeyPolicyFromAPI(keyID, text string) (AccessKeyPolicy, error) {
	var document accessKeyPolicyDocument
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return AccessKeyPolicy{}, errors.New("the network policy in the answer cannot be read")
	}
	if document.isNone() {
		return AccessKeyPolicy{}, notFound(KindAccessKeyPolicy, keyID)
	}
	return document.canonical(), nil
}

// canonical gives the policy with everything in one spelling and once.
func (p AccessKeyPolicy) canonical() AccessKeyPolicy {
	out := AccessKeyPolicy{Status: p.Status}
	for _, s := range p.Statements {
		var networks []string
		for _, text := range s.IPList {
			if network, err := CanonicalNetwork(text); err == nil {
				text = network
			}
			networks = append(networks, text)
		}
		slices.Sort(networks)
		out.Statements = append(out.Statements, NetworkStatement{s.Type, s.Value, slices.Compact(networks)})
	}
	slices.SortFunc(out.Statements, compareStatements)
	out.Statements = slices.CompactFunc(out.Statements, func(a, b NetworkStatement) bool { return compareStatements(a, b) == 0 })
	return out
}

func compareStatements(a, b NetworkStatement) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Value, b.Value), slices.Compare(a.IPList, b.IPList))
}

// CanonicalNetwork gives the one spelling of an IP address or a network in CIDR
// form: 203.0.113.0/24 for 203.0.113.7/24, and 203.0.113.7 for 203.0.113.7/32.
func CanonicalNetwork(text string) (string, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return "", errors.New("this is neither an IP address nor a network in CIDR form")
		}
		return address.String(), nil
	}
	if network.IsSingleIP() {
		return network.Addr().String(), nil
	}
	return network.Masked().String(), nil
}

// CreateAccessKeyPolicy gives one of the user's keys a network policy. The error
// is IsAlreadyExists where it has one.
func (c *Client) CreateAccessKeyPolicy(ctx context.Context, userName, keyID string, policy AccessKeyPolicy) error {
	// Nobody else has had the time to give a key of this run a policy.
	if !c.ledger.hasMade(accessKey(keyID)) {
		_, err := c.AccessKeyPolicy(ctx, userName, keyID)
		if err == nil {
			return &Error{Action: "SetAccessKeyPolicy", Code: "EntityAlreadyExists.AccessKeyPolicy", Message: "the access key has a network policy"}
		}
		if !isMissing(err, string(KindAccessKeyPolicy)) {
			return err
		}
	}
	return c.SetAccessKeyPolicy(ctx, userName, keyID, policy)
}

// SetAccessKeyPolicy gives one of the user's keys a network policy, whether or
// not it has one.
func (c *Client) SetAccessKeyPolicy(ctx context.Context, userName, keyID string, policy AccessKeyPolicy) error {
	err := c.sendAccessKeyPolicy(ctx, userName, keyID, policy, func(at uint64) {
		c.accessKeyPolicies.put(keyOf(userName, keyID), policy.canonical(), at)
	})
	if err == nil {
		c.ledger.wrote(accessKeyPolicy(keyID))
	}
	return err
}

// ResetAccessKeyPolicy takes the network policy away from one of the user's
// keys, which can then be used from everywhere.
func (c *Client) ResetAccessKeyPolicy(ctx context.Context, userName, keyID string) error {
	err := c.sendAccessKeyPolicy(ctx, userName, keyID, noAccessKeyPolicy, func(at uint64) {
		c.accessKeyPolicies.putGone(keyOf(userName, keyID), notFound(KindAccessKeyPolicy, keyID), at)
	})
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(accessKeyPolicy(keyID))
	}
	return err
}

func (c *Client) sendAccessKeyPolicy(ctx context.Context, userName, keyID string, policy AccessKeyPolicy, learn func(at uint64)) error {
	text, err := json.Marshal(accessKeyPolicyDocument{Version: 1, AccessKeyPolicy: policy})
	if err != nil {
		return err
	}
	_, err = byPrincipalName(ctx, c, userName, func(upn string) (struct{}, error) {
		op := call{action: "SetAccessKeyPolicy", needs: []entity{user(userName), accessKey(keyID)}, upn: upn}
		return struct{}{}, change(ctx, c, op, []entity{attributesOf(KindAccessKeyPolicy, keyID)}, func(ctx context.Context) error {
			_, err := callRPC[accessKeyPolicyAnswer](ctx, c, &c.ims().Client, imsVersion, op.action, "AK", map[string]any{
				"UserPrincipalName": upn, "UserAccessKeyId": keyID, "AccessKeyPolicy": string(text),
			})
			return err
		}, learn)
	})
	return err
}

func accessKeyPolicy(keyID string) entity { return entity{string(KindAccessKeyPolicy), keyID} }
