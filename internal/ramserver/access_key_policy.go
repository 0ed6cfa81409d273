package ramserver

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
)

// networkPolicy says from where an access key may be used.
type networkPolicy struct {
	Version    int                `json:"Version"`
	Status     string             `json:"Status"`
	Statements []networkStatement `json:"Statements"`
}

type networkStatement struct {
	Type   string   `json:"Type"`
	Value  string   `json:"Value,omitempty"`
	IPList []string `json:"IPList"`
}

func (p *networkPolicy) clone() *networkPolicy {
	if p = clonePointer(p); p != nil {
		p.Statements = slices.Clone(p.Statements)
		for i, st := range p.Statements {
			p.Statements[i].IPList = slices.Clone(st.IPList)
		}
	}
	return p
}

// The types of statements, and the value that stands for every VPC.
const (
	classicWhiteList = "ClassicWhiteList"
	vpcWhiteList     = "VPCWhiteList"
	allowAllVPC      = "AllowAllVPC"
)

const keyPolicyVersion = 1

// getAccessKeyPolicy answers a document without anything in it where none was ever set.
func (s *Server) getAccessKeyPolicy(r request) (reply, error) {
	key, err := s.namedKey(r)
	if err != nil {
		return nil, err
	}
	if key.NetworkPolicy == nil && s.Unsure.NoKeyPolicyIsMissing {
		return nil, notExist("AccessKeyPolicy", "The access key has no network policy: %s.", key.AccessKeyID)
	}
	return keyPolicyReply(key)
}

// setAccessKeyPolicy replaces the whole policy. No action removes one.
func (s *Server) setAccessKeyPolicy(r request) (reply, error) {
	text, err := s.required(r, "AccessKeyPolicy")
	if err != nil {
		return nil, err
	}
	key, err := s.namedKey(r)
	if err != nil {
		return nil, err
	}
	p, err := s.parseNetworkPolicy(text)
	if err != nil {
		return nil, err
	}
	key.NetworkPolicy = p
	return keyPolicyReply(key)
}

func keyPolicyReply(key *accessKey) (reply, error) {
	text := []byte("{}")
	if key.NetworkPolicy != nil {
		var err error
		if text, err = json.Marshal(key.NetworkPolicy); err != nil {
			return nil, err
		}
	}
	return reply{"AccessKeyId": key.AccessKeyID, "AccessKeyPolicy": string(text)}, nil
}

// parseNetworkPolicy reads a policy, whose version may be left out.
func (s *Server) parseNetworkPolicy(text string) (*networkPolicy, error) {
	p := networkPolicy{Version: keyPolicyVersion}
	if err := decodeStrictly([]byte(text), &p); err != nil {
		return nil, badKeyPolicy("a document with Status and Statements")
	}
	q, addresses := s.quotas(), 0
	for i := range p.Statements {
		st := &p.Statements[i]
		if err := s.checkNetworkStatement(st); err != nil {
			return nil, err
		}
		addresses += len(st.IPList)
	}
	switch {
	case p.Version != keyPolicyVersion:
		return nil, badKeyPolicy("of version 1")
	case p.Status != active && p.Status != inactive:
		return nil, badKeyPolicy("one whose Status is Active or Inactive")
	case p.Statements == nil:
		return nil, badKeyPolicy("one whose Statements are a list")
	case len(p.Statements) > q.KeyPolicyRules:
		return nil, limitExceeded("AccessKeyPolicy.Statement", q.KeyPolicyRules)
	case addresses > q.KeyPolicyAddresses:
		return nil, limitExceeded("AccessKeyPolicy.IP", q.KeyPolicyAddresses)
	}
	return &p, nil
}

func badKeyPolicy(expected string) error { return badFormat("AccessKeyPolicy", expected) }

var vpcID = regexp.MustCompile(`^vpc-[a-z0-9]+$`)

func (s *Server) checkNetworkStatement(st *networkStatement) error {
	switch st.Type {
	case classicWhiteList:
		if st.Value != "" {
			return badKeyPolicy("one whose ClassicWhiteList has no Value")
		}
	case vpcWhiteList:
		if st.Value != allowAllVPC && !vpcID.MatchString(st.Value) {
			return badKeyPolicy("one whose VPCWhiteList has the Value AllowAllVPC or the ID of a VPC")
		}
	default:
		return badKeyPolicy("one whose statements are of Type ClassicWhiteList or VPCWhiteList")
	}
	if len(st.IPList) == 0 {
		return badKeyPolicy("one whose statements have an IPList")
	}
	for i, address := range st.IPList {
		network, err := netip.ParsePrefix(address)
		if err != nil {
			single, err := netip.ParseAddr(address)
			if err != nil || single.Zone() != "" {
				return badKeyPolicy("one whose IPList has addresses and networks")
			}
			network = netip.PrefixFrom(single, single.BitLen())
		}
		if s.Unsure.KeyAddressesNormalised {
			st.IPList[i] = network.Masked().String()
		}
	}
	return nil
}
