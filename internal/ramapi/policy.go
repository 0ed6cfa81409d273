package ramapi

import (
	"context"
	"iter"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// Types of policies, in RAM's spelling.
const (
	PolicyTypeSystem = "System" // made and changed by Alibaba Cloud
	PolicyTypeCustom = "Custom" // the account's own
)

// Policy is a policy with the document of its default version.
type Policy struct {
	Name           string
	Type           string
	Description    string
	Document       string
	DefaultVersion string // v1, v2, …
	CreateDate     string

	defaultVersionDate string
}

// Policy gives the policy of that name and type. The error is IsNotFound where
// there is none.
func (c *Client) Policy(ctx context.Context, name, policyType string) (Policy, error) {
	op := call{action: "GetPolicy", needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Policy, error) {
		out, err := c.ram().GetPolicyWithContext(ctx, &ram.GetPolicyRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType),
		}, c.runtime)
		if err != nil {
			return Policy{}, err
		}
		p, err := converted(out.Body.Policy, policyFromAPI)
		if err != nil {
			return Policy{}, err
		}
		version, err := converted(out.Body.DefaultPolicyVersion, policyVersionFromAPI)
		p.Document, p.DefaultVersion, p.defaultVersionDate = version.Document, version.ID, version.CreateDate
		return p, err
	})
}

// CreatePolicy makes a custom policy. Type, DefaultVersion and CreateDate of
// the argument are ignored.
func (c *Client) CreatePolicy(ctx context.Context, p Policy) (Policy, error) {
	created, err := createOnce(ctx, c, call{action: "CreatePolicy"},
		func(ctx context.Context) (Policy, error) {
			out, err := c.ram().CreatePolicyWithContext(ctx, &ram.CreatePolicyRequest{
				PolicyName: tea.String(p.Name), PolicyDocument: tea.String(p.Document), Description: optional(p.Description),
			}, c.runtime)
			if err != nil {
				return Policy{}, err
			}
			created, err := converted(out.Body.Policy, policyFromAPI)
			created.Document = p.Document
			return created, err
		},
		func(ctx context.Context, began time.Time) (Policy, bool, error) {
			found, err := c.Policy(ctx, p.Name, PolicyTypeCustom)
			same := found.Document == p.Document && found.Description == p.Description
			return found, same && c.madeSince(found.CreateDate, began), err
		})
	if err == nil {
		c.ledger.wrote(policy(p.Name), "")
	}
	return created, err
}

// SetPolicyDescription changes a custom policy's description; an empty text
// clears it.
func (c *Client) SetPolicyDescription(ctx context.Context, name, description string) error {
	op := call{action: "UpdatePolicyDescription", access: write, needs: []entity{policy(name)}}
	_, err := clearing(&description, func(text *string) (Policy, string, error) {
		p, err := do(ctx, c, op, func(ctx context.Context) (Policy, error) {
			out, err := c.ram().UpdatePolicyDescriptionWithContext(ctx, &ram.UpdatePolicyDescriptionRequest{
				PolicyName: tea.String(name), NewDescription: text,
			}, c.runtime)
			if err != nil {
				return Policy{}, err
			}
			return converted(out.Body.Policy, policyFromAPI)
		})
		return p, p.Description, err
	})
	return err
}

// DeletePolicy deletes a custom policy with all its versions. The error is
// IsDeleteConflict while it is attached to something.
func (c *Client) DeletePolicy(ctx context.Context, name string) error {
	op := call{action: "DeletePolicy", access: write, frees: policy(name)}
	_, err := do(ctx, c, op, func(ctx context.Context) (*ram.DeletePolicyResponse, error) {
		return c.ram().DeletePolicyWithContext(ctx, &ram.DeletePolicyRequest{
			PolicyName: tea.String(name), CascadingDelete: tea.Bool(true),
		}, c.runtime)
	})
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(policy(name))
	}
	return err
}

// CustomPolicies yields every custom policy of the account without its
// document, fetching pages of 1,000 as they are needed.
func (c *Client) CustomPolicies(ctx context.Context) iter.Seq2[Policy, error] {
	return pages(func(marker *string) ([]Policy, *string, error) {
		out, err := do(ctx, c, call{action: "ListPolicies"}, func(ctx context.Context) (*ram.ListPoliciesResponse, error) {
			return c.ram().ListPoliciesWithContext(ctx, &ram.ListPoliciesRequest{
				PolicyType: tea.String(PolicyTypeCustom), Marker: marker, MaxItems: tea.Int32(1000),
			}, c.runtime)
		})
		if err != nil {
			return nil, nil, err
		}
		return convertAll(listed(out.Body.Policies, (*ram.ListPoliciesResponseBodyPolicies).GetPolicy), policyFromAPI), out.Body.Marker, nil
	})
}

// sdkPolicy is what the SDK's several policy types have in common.
type sdkPolicy interface {
	GetPolicyName() *string
	GetPolicyType() *string
	GetDescription() *string
	GetDefaultVersion() *string
	GetCreateDate() *string
}

func policyFromAPI[T sdkPolicy](p T) Policy {
	return Policy{
		Name:           tea.StringValue(p.GetPolicyName()),
		Type:           tea.StringValue(p.GetPolicyType()),
		Description:    clearedText(p.GetDescription()),
		DefaultVersion: tea.StringValue(p.GetDefaultVersion()),
		CreateDate:     tea.StringValue(p.GetCreateDate()),
	}
}

func policy(name string) entity { return entity{string(KindPolicy), name} }
