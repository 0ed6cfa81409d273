package ramapi

import (
	"context"
	"iter"
	"strings"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// SAMLProvider is an identity provider whose people take on roles by SAML.
type SAMLProvider struct {
	Name            string
	ARN             string
	Description     string
	EncodedMetadata string // base64 without white space; empty where it comes from a list
	AuthnSignAlgo   string // rsa-sha1 or rsa-sha256; empty where it comes from a list
	CreateDate      string
	UpdateDate      string

	shows fields // whether the answer had a description
}

// SAMLProviderUpdate changes a SAML provider. Of the description nil keeps what
// is there, and a pointer to an empty text clears it. Metadata and algorithm are
// always sent: an update must have a description or metadata, and RAM's
// documentation does not say what leaving the algorithm out means.
type SAMLProviderUpdate struct {
	Description     *string
	EncodedMetadata string
	AuthnSignAlgo   string
}

// SAMLProvider gives the SAML provider of that name. The error is IsNotFound
// where there is none.
func (c *Client) SAMLProvider(ctx context.Context, name string) (SAMLProvider, error) {
	return c.samlProviders.get(ctx, name, 0)
}

// newSAMLProviderTable has no list: RAM's has no metadata.
func (c *Client) newSAMLProviderTable() *table[SAMLProvider] {
	return &table[SAMLProvider]{
		action: "GetSAMLProvider",
		writes: &c.writes,
		about:  func(name string) watched { return watched{attributesOf(KindSAMLProvider, name)} },
		single: c.fetchSAMLProvider,
	}
}

func (c *Client) fetchSAMLProvider(ctx context.Context, name string) (SAMLProvider, error) {
	op := call{action: "GetSAMLProvider", needs: []entity{samlProvider(name)}}
	return do(ctx, c, op, func(ctx context.Context) (SAMLProvider, error) {
		out, err := c.ims().GetSAMLProviderWithContext(ctx, &ims.GetSAMLProviderRequest{SAMLProviderName: tea.String(name)}, c.runtime)
		if err != nil {
			return SAMLProvider{}, err
		}
		return converted(out.Body.SAMLProvider, func(p *ims.GetSAMLProviderResponseBodySAMLProvider) SAMLProvider {
			found := samlProviderFromAPI(p, p.AuthnSignAlgo)
			found.EncodedMetadata = withoutSpace(tea.StringValue(p.EncodedSAMLMetadataDocument))
			return found
		})
	})
}

// SAMLProviders yields every SAML provider of the account, without metadata and
// algorithm, fetching pages of 100 as they are needed.
func (c *Client) SAMLProviders(ctx context.Context) iter.Seq2[SAMLProvider, error] {
	return pages(func(marker *string) ([]SAMLProvider, *string, error) {
		out, err := do(ctx, c, call{action: "ListSAMLProviders"}, func(ctx context.Context) (*ims.ListSAMLProvidersResponse, error) {
			return c.ims().ListSAMLProvidersWithContext(ctx, &ims.ListSAMLProvidersRequest{Marker: marker, MaxItems: tea.Int32(100)}, c.runtime)
		})
		if err != nil {
			return nil, nil, err
		}
		found := listed(out.Body.SAMLProviders, (*ims.ListSAMLProvidersResponseBodySAMLProviders).GetSAMLProvider)
		return convertAll(found, func(p *ims.ListSAMLProvidersResponseBodySAMLProvidersSAMLProvider) SAMLProvider {
			return samlProviderFromAPI(p, nil)
		}), out.Body.Marker, nil
	})
}

// AllSAMLProviders gives every SAML provider of the account, as SAMLProviders does, by name.
func (c *Client) AllSAMLProviders(ctx context.Context) ([]SAMLProvider, error) {
	return settled(ctx, c.freshNames(KindSAMLProvider), collected(c.SAMLProviders(ctx)), func(p SAMLProvider) string { return p.Name })
}

// CreateSAMLProvider makes the SAML provider; an empty algorithm leaves it to
// the service. ARN and dates of the argument are ignored.
func (c *Client) CreateSAMLProvider(ctx context.Context, p SAMLProvider) (SAMLProvider, error) {
	create := func() (SAMLProvider, error) { return c.createSAMLProvider(ctx, p) }
	things := []entity{attributesOf(KindSAMLProvider, p.Name)}
	created, err := writing(&c.writes, things, create, func(created SAMLProvider, at uint64) {
		c.keepSAMLProvider(created, p.Description == "", at)
	})
	if err == nil {
		c.ledger.made(samlProvider(p.Name))
	}
	return created, err
}

// keepSAMLProvider keeps the answer to a write if it is whole: it has an
// algorithm, and a description unless there is none.
func (c *Client) keepSAMLProvider(p SAMLProvider, undescribed bool, at uint64) {
	if p.AuthnSignAlgo != "" && (undescribed || p.shows != 0) {
		c.samlProviders.put(p.Name, p, at)
	}
}

func (c *Client) createSAMLProvider(ctx context.Context, p SAMLProvider) (SAMLProvider, error) {
	return createOnce(ctx, c, call{action: "CreateSAMLProvider"},
		func(ctx context.Context) (SAMLProvider, error) {
			out, err := c.ims().CreateSAMLProviderWithContext(ctx, &ims.CreateSAMLProviderRequest{
				SAMLProviderName:            tea.String(p.Name),
				EncodedSAMLMetadataDocument: tea.String(p.EncodedMetadata),
				Description:                 optional(p.Description),
				AuthnSignAlgo:               optional(p.AuthnSignAlgo),
			}, c.runtime)
			if err != nil {
				return SAMLProvider{}, err
			}
			return converted(out.Body.SAMLProvider, func(made *ims.CreateSAMLProviderResponseBodySAMLProvider) SAMLProvider {
				return samlProviderFromAPI(made, made.AuthnSignAlgo).with(p.EncodedMetadata)
			})
		},
		func(ctx context.Context, began time.Time) (SAMLProvider, bool, error) {
			found, err := c.fetchSAMLProvider(ctx, p.Name)
			same := found.EncodedMetadata == p.EncodedMetadata && found.Description == p.Description &&
				(p.AuthnSignAlgo == "" || found.AuthnSignAlgo == p.AuthnSignAlgo)
			return found, same && c.madeSince(found.CreateDate, began), err
		})
}

// UpdateSAMLProvider changes the SAML provider and gives it as it is afterwards.
func (c *Client) UpdateSAMLProvider(ctx context.Context, name string, change SAMLProviderUpdate) (SAMLProvider, error) {
	update := func() (SAMLProvider, error) { return c.updateSAMLProvider(ctx, name, change) }
	return writing(&c.writes, []entity{attributesOf(KindSAMLProvider, name)}, update, func(updated SAMLProvider, at uint64) {
		c.keepSAMLProvider(updated, false, at)
	})
}

func (c *Client) updateSAMLProvider(ctx context.Context, name string, change SAMLProviderUpdate) (SAMLProvider, error) {
	op := call{action: "UpdateSAMLProvider", access: write, needs: []entity{samlProvider(name)}}
	return clearing(change.Description, func(description *string) (SAMLProvider, string, error) {
		p, err := do(ctx, c, op, func(ctx context.Context) (SAMLProvider, error) {
			out, err := c.ims().UpdateSAMLProviderWithContext(ctx, &ims.UpdateSAMLProviderRequest{
				SAMLProviderName:               tea.String(name),
				NewDescription:                 description,
				NewEncodedSAMLMetadataDocument: tea.String(change.EncodedMetadata),
				AuthnSignAlgo:                  optional(change.AuthnSignAlgo),
			}, c.runtime)
			if err != nil {
				return SAMLProvider{}, err
			}
			return converted(out.Body.SAMLProvider, func(p *ims.UpdateSAMLProviderResponseBodySAMLProvider) SAMLProvider {
				return samlProviderFromAPI(p, p.AuthnSignAlgo).with(change.EncodedMetadata)
			})
		})
		return p, p.Description, err
	})
}

// DeleteSAMLProvider deletes the SAML provider. Roles that trust it stay, and
// nobody comes to them from it any more.
func (c *Client) DeleteSAMLProvider(ctx context.Context, name string) error {
	op := call{action: "DeleteSAMLProvider", ends: true}
	err := change(ctx, c, op, []entity{attributesOf(KindSAMLProvider, name)}, func(ctx context.Context) error {
		_, err := c.ims().DeleteSAMLProviderWithContext(ctx, &ims.DeleteSAMLProviderRequest{SAMLProviderName: tea.String(name)}, c.runtime)
		return err
	}, func(at uint64) { c.samlProviders.putGone(name, notFound(KindSAMLProvider, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(samlProvider(name))
	}
	return err
}

// sdkSAMLProvider is what the SDK's several SAML provider types have in common.
type sdkSAMLProvider interface {
	GetSAMLProviderName() *string
	GetArn() *string
	GetDescription() *string
	GetCreateDate() *string
	GetUpdateDate() *string
}

func samlProviderFromAPI[T sdkSAMLProvider](p T, authnSignAlgo *string) SAMLProvider {
	return SAMLProvider{
		Name:          tea.StringValue(p.GetSAMLProviderName()),
		ARN:           tea.StringValue(p.GetArn()),
		Description:   clearedText(p.GetDescription()),
		AuthnSignAlgo: tea.StringValue(authnSignAlgo),
		CreateDate:    tea.StringValue(p.GetCreateDate()),
		UpdateDate:    tea.StringValue(p.GetUpdateDate()),
		shows:         shown(p.GetDescription()),
	}
}

// with adds the metadata, which the answer to a write does not repeat.
func (p SAMLProvider) with(encodedMetadata string) SAMLProvider {
	p.EncodedMetadata = encodedMetadata
	return p
}

// withoutSpace takes white space out of base64, which RAM may give in lines.
func withoutSpace(text string) string { return strings.Join(strings.Fields(text), "") }

func samlProvider(name string) entity { return entity{string(KindSAMLProvider), name} }
