package ramapi

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
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
	Tags           map[string]string // from a list only; see PolicyTags

	// What changes by itself; an answer to a write has neither.
	UpdateDate      string
	AttachmentCount int

	defaultVersionDate string
}

// Policy gives the policy of that name and type. The error is IsNotFound where
// there is none.
func (c *Client) Policy(ctx context.Context, name, policyType string) (Policy, error) {
	return c.policies.get(ctx, policyKey(name, policyType), 0)
}

// CurrentPolicy gives the policy of that name and type with its tags and with what
// changes by itself. The error is IsNotFound where there is none.
func (c *Client) CurrentPolicy(ctx context.Context, name, policyType string) (Policy, error) {
	p, err := c.Policy(ctx, name, policyType)
	if err == nil && c.writes.now() > 0 { // such as an attachment, of which the policy is not told
		var read Policy
		read, err = c.fetchPolicy(ctx, name, policyType)
		p.UpdateDate, p.AttachmentCount = read.UpdateDate, read.AttachmentCount
	}
	if err == nil && policyType == PolicyTypeCustom {
		p.Tags, err = c.PolicyTags(ctx, p.Name)
	}
	return p, err
}

// policyKey is what a policy is known by.
func policyKey(name, policyType string) string { return policyType + "/" + name }

// newPolicyTable has no list: RAM's has no documents.
func (c *Client) newPolicyTable() *table[Policy] {
	return &table[Policy]{
		action: "GetPolicy",
		writes: &c.writes,
		about: func(key string) watched {
			policyType, name, _ := strings.Cut(key, "/")
			if policyType != PolicyTypeCustom {
				return watched{} // nobody here can change it
			}
			return watched{attributesOf(KindPolicy, name), holderOf(KindPolicy, name)}
		},
		single: func(ctx context.Context, key string) (Policy, error) {
			policyType, name, _ := strings.Cut(key, "/")
			return c.fetchPolicy(ctx, name, policyType)
		},
	}
}

func (c *Client) fetchPolicy(ctx context.Context, name, policyType string) (Policy, error) {
	op := call{action: "GetPolicy", needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Policy, error) {
		out, err := c.ram().GetPolicyWithContext(ctx, &ram.GetPolicyRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType),
		}, c.runtime)
		if err != nil {
			return Policy{}, err
		}
		p, err := converted(out.Body.Policy, wholePolicyFromAPI)
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
	create := func() (Policy, error) { return c.createPolicy(ctx, p) }
	things := allOf(KindPolicy, p.Name)
	created, err := writing(&c.writes, things, create, func(created Policy, at uint64) {
		created.Description = p.Description
		if created.DefaultVersion != "" && created.CreateDate != "" {
			c.policies.put(policyKey(p.Name, PolicyTypeCustom), created, at)
		}
		c.policyTags.put(p.Name, tagged{p.Name, p.Tags}, at)
	})
	if err == nil {
		c.ledger.made(policy(p.Name))
	}
	return created, err
}

func (c *Client) createPolicy(ctx context.Context, p Policy) (Policy, error) {
	request := &ram.CreatePolicyRequest{
		PolicyName: tea.String(p.Name), PolicyDocument: tea.String(p.Document), Description: optional(p.Description),
	}
	for _, key := range slices.Sorted(maps.Keys(p.Tags)) {
		request.Tag = append(request.Tag, &ram.CreatePolicyRequestTag{Key: tea.String(key), Value: tea.String(p.Tags[key])})
	}
	return createOnce(ctx, c, call{action: "CreatePolicy"},
		func(ctx context.Context) (Policy, error) {
			out, err := c.ram().CreatePolicyWithContext(ctx, request, c.runtime)
			if err != nil {
				return Policy{}, err
			}
			created, err := converted(out.Body.Policy, policyFromAPI)
			created.Document = p.Document
			return created, err
		},
		func(ctx context.Context, began time.Time) (Policy, bool, error) {
			found, err := c.fetchPolicy(ctx, p.Name, PolicyTypeCustom)
			same := policydoc.Equal(found.Document, p.Document) && found.Description == p.Description
			return found, same && c.madeSince(found.CreateDate, began), err
		})
}

// changePolicy runs a write of a custom policy's attributes; apply makes what
// was known before it what is known after it.
func changePolicy[T any](c *Client, name string, write func() (T, error), apply func(*Policy, T)) (T, error) {
	key := policyKey(name, PolicyTypeCustom)
	before, known := c.policies.known(key, c.policies.about(key))
	return writing(&c.writes, []entity{attributesOf(KindPolicy, name)}, write, func(out T, at uint64) {
		if known {
			apply(&before, out)
			c.policies.put(key, before, at)
		}
	})
}

// SetPolicyDescription changes a custom policy's description; an empty text
// clears it.
func (c *Client) SetPolicyDescription(ctx context.Context, name, description string) error {
	update := func() (Policy, error) {
		return clearing(&description, func(text *string) (Policy, string, error) {
			p, err := c.updatePolicyDescription(ctx, name, text)
			return p, p.Description, err
		})
	}
	_, err := changePolicy(c, name, update, func(p *Policy, _ Policy) { p.Description = description })
	return err
}

func (c *Client) updatePolicyDescription(ctx context.Context, name string, description *string) (Policy, error) {
	op := call{action: "UpdatePolicyDescription", access: write, needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) (Policy, error) {
		out, err := c.ram().UpdatePolicyDescriptionWithContext(ctx, &ram.UpdatePolicyDescriptionRequest{
			PolicyName: tea.String(name), NewDescription: description,
		}, c.runtime)
		if err != nil {
			return Policy{}, err
		}
		return converted(out.Body.Policy, policyFromAPI)
	})
}

// DeletePolicy deletes a custom policy with all its versions. The error is
// IsDeleteConflict while it is attached to something.
func (c *Client) DeletePolicy(ctx context.Context, name string) error {
	op := call{action: "DeletePolicy", ends: true, frees: policy(name)}
	things := allOf(KindPolicy, name)
	err := change(ctx, c, op, things, func(ctx context.Context) error {
		_, err := c.ram().DeletePolicyWithContext(ctx, &ram.DeletePolicyRequest{
			PolicyName: tea.String(name), CascadingDelete: tea.Bool(true),
		}, c.runtime)
		return err
	}, func(at uint64) { c.policies.putGone(policyKey(name, PolicyTypeCustom), notFound(KindPolicy, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(policy(name))
	}
	return err
}

// Policies yields every policy of the type, or of both types where it is empty,
// with its tags but without its document, fetching pages of 1,000 as they are
// needed.
func (c *Client) Policies(ctx context.Context, policyType string) iter.Seq2[Policy, error] {
	return pages(func(marker *string) ([]Policy, *string, error) {
		at := c.writes.now()
		policies, next, err := c.policyPage(ctx, policyType, marker)
		c.policyTags.putListed(tagsOfPolicies(policies), at)
		return policies, next, err
	})
}

// AllPolicies gives every policy of the type, as Policies does, by name.
func (c *Client) AllPolicies(ctx context.Context, policyType string) ([]Policy, error) {
	var fresh []string
	if policyType != PolicyTypeSystem {
		fresh = c.freshNames(KindPolicy)
	}
	return settled(ctx, fresh, collected(c.Policies(ctx, policyType)), func(p Policy) string { return p.Name })
}

func (c *Client) policyPage(ctx context.Context, policyType string, marker *string) ([]Policy, *string, error) {
	out, err := do(ctx, c, call{action: "ListPolicies"}, func(ctx context.Context) (*ram.ListPoliciesResponse, error) {
		return c.ram().ListPoliciesWithContext(ctx, &ram.ListPoliciesRequest{
			PolicyType: optional(policyType), Marker: marker, MaxItems: tea.Int32(1000),
		}, c.runtime)
	})
	if err != nil {
		return nil, nil, err
	}
	policies := listed(out.Body.Policies, (*ram.ListPoliciesResponseBodyPolicies).GetPolicy)
	return convertAll(policies, func(p *ram.ListPoliciesResponseBodyPoliciesPolicy) Policy {
		found := wholePolicyFromAPI(p)
		found.Tags = tagMap(listed(p.Tags, (*ram.ListPoliciesResponseBodyPoliciesPolicyTags).GetTag))
		return found
	}), out.Body.Marker, nil
}

func (c *Client) newPolicyTags() *tagTable {
	return c.newTagTable(KindPolicy, func(ctx context.Context, marker *string) ([]tagged, *string, error) {
		policies, next, err := c.policyPage(ctx, PolicyTypeCustom, marker)
		return tagsOfPolicies(policies), next, err
	})
}

// tagsOfPolicies gives the tags of the custom ones: system policies have none.
func tagsOfPolicies(policies []Policy) []tagged {
	var custom []tagged
	for _, p := range policies {
		if p.Type == PolicyTypeCustom {
			custom = append(custom, tagged{p.Name, p.Tags})
		}
	}
	return custom
}

// sdkPolicy is what the SDK's several policy types have in common.
type sdkPolicy interface {
	GetPolicyName() *string
	GetPolicyType() *string
	GetDescription() *string
	GetDefaultVersion() *string
	GetCreateDate() *string
}

// wholePolicy is a policy as only reads have it.
type wholePolicy interface {
	sdkPolicy
	GetUpdateDate() *string
	GetAttachmentCount() *int32
}

func wholePolicyFromAPI[T wholePolicy](p T) Policy {
	found := policyFromAPI(p)
	found.UpdateDate, found.AttachmentCount = tea.StringValue(p.GetUpdateDate()), int(tea.Int32Value(p.GetAttachmentCount()))
	return found
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
