package ramapi

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

// PolicyVersion is one of up to five versions of a custom policy's document.
type PolicyVersion struct {
	ID         string // v1, v2, …
	IsDefault  bool
	Document   string // may be empty in a list
	CreateDate string
}

// SetPolicyDocument makes a new version of a custom policy the default one and
// gives it. Where the policy has five versions already, RAM's limit, the oldest
// that is not the default is removed.
func (c *Client) SetPolicyDocument(ctx context.Context, name, document string) (PolicyVersion, error) {
	set := func() (PolicyVersion, error) {
		version, err := c.createPolicyVersion(ctx, name, document)
		if !hasCodePrefix(err, "LimitExceeded.Policy.Version") {
			return version, err
		}
		if err := c.deleteOldestPolicyVersion(ctx, name); err != nil {
			return PolicyVersion{}, err
		}
		return c.createPolicyVersion(ctx, name, document)
	}
	return changePolicy(c, name, set, func(p *Policy, v PolicyVersion) {
		p.Document, p.DefaultVersion, p.defaultVersionDate = document, v.ID, v.CreateDate
	})
}

func (c *Client) createPolicyVersion(ctx context.Context, name, document string) (PolicyVersion, error) {
	op := call{action: "CreatePolicyVersion", another: true, needs: []entity{policy(name)}}
	return createOnce(ctx, c, op,
		func(ctx context.Context) (PolicyVersion, error) {
			out, err := c.ram().CreatePolicyVersionWithContext(ctx, &ram.CreatePolicyVersionRequest{
				PolicyName: tea.String(name), PolicyDocument: tea.String(document), SetAsDefault: tea.Bool(true),
			}, c.runtime)
			if err != nil {
				return PolicyVersion{}, err
			}
			return converted(out.Body.PolicyVersion, policyVersionFromAPI)
		},
		func(ctx context.Context, began time.Time) (PolicyVersion, bool, error) {
			p, err := c.fetchPolicy(ctx, name, PolicyTypeCustom)
			if err == nil && (!policydoc.Equal(p.Document, document) || !c.madeSince(p.defaultVersionDate, began)) {
				err = &Error{Action: "GetPolicy", Code: "EntityNotExist.Policy.Version", Message: "no such version", HTTPStatus: http.StatusNotFound}
			}
			return PolicyVersion{ID: p.DefaultVersion, IsDefault: true, Document: p.Document, CreateDate: p.defaultVersionDate}, true, err
		})
}

func (c *Client) deleteOldestPolicyVersion(ctx context.Context, name string) error {
	versions, err := c.PolicyVersions(ctx, name)
	if err != nil {
		return err
	}
	versions = slices.DeleteFunc(versions, func(v PolicyVersion) bool { return v.IsDefault })
	if len(versions) == 0 {
		return nil
	}
	oldest := versions[0]
	_, err = do(ctx, c, call{action: "DeletePolicyVersion", access: write}, func(ctx context.Context) (*ram.DeletePolicyVersionResponse, error) {
		return c.ram().DeletePolicyVersionWithContext(ctx, &ram.DeletePolicyVersionRequest{
			PolicyName: tea.String(name), VersionId: tea.String(oldest.ID),
		}, c.runtime)
	})
	if IsNotFound(err) {
		return nil
	}
	return err
}

// PolicyVersions gives the versions of a custom policy, the oldest first.
func (c *Client) PolicyVersions(ctx context.Context, name string) ([]PolicyVersion, error) {
	return c.PolicyVersionsOf(ctx, name, PolicyTypeCustom)
}

// PolicyVersionsOf gives the versions of a policy of that type, the oldest first.
func (c *Client) PolicyVersionsOf(ctx context.Context, name, policyType string) ([]PolicyVersion, error) {
	op := call{action: "ListPolicyVersions", needs: []entity{policy(name)}}
	return do(ctx, c, op, func(ctx context.Context) ([]PolicyVersion, error) {
		out, err := c.ram().ListPolicyVersionsWithContext(ctx, &ram.ListPolicyVersionsRequest{
			PolicyName: tea.String(name), PolicyType: tea.String(policyType),
		}, c.runtime)
		if err != nil {
			return nil, err
		}
		versions := convertAll(listed(out.Body.PolicyVersions, (*ram.ListPolicyVersionsResponseBodyPolicyVersions).GetPolicyVersion), policyVersionFromAPI)
		slices.SortFunc(versions, func(a, b PolicyVersion) int {
			// RAM may use the number of a deleted version again, so the date counts first.
			return cmp.Or(cmp.Compare(a.CreateDate, b.CreateDate), cmp.Compare(a.number(), b.number()))
		})
		return versions, nil
	})
}

// number is the count in the version's id, 0 where it has another form.
func (v PolicyVersion) number() int {
	n, _ := strconv.Atoi(strings.TrimPrefix(v.ID, "v"))
	return n
}

// sdkPolicyVersion is what the SDK's several version types have in common.
type sdkPolicyVersion interface {
	GetVersionId() *string
	GetIsDefaultVersion() *bool
	GetPolicyDocument() *string
	GetCreateDate() *string
}

func policyVersionFromAPI[T sdkPolicyVersion](v T) PolicyVersion {
	return PolicyVersion{
		ID:         tea.StringValue(v.GetVersionId()),
		IsDefault:  tea.BoolValue(v.GetIsDefaultVersion()),
		Document:   tea.StringValue(v.GetPolicyDocument()),
		CreateDate: tea.StringValue(v.GetCreateDate()),
	}
}
