package ramapi

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	"github.com/alibabacloud-go/tea/tea"
)

// OIDCProvider is an identity provider whose programs and people take on roles
// by OpenID Connect. The lists are sorted: RAM gives them in no certain order.
type OIDCProvider struct {
	Name              string
	ARN               string
	IssuerURL         string
	ClientIDs         []string
	Fingerprints      []string
	Description       string
	IssuanceLimitTime int64 // hours
	CreateDate        string
	UpdateDate        string

	shows fields // whether the answer had a description
}

// OIDCProviderUpdate changes an OIDC provider. Of the description nil keeps what
// is there, and a pointer to an empty text clears it. ClientIDs are those that
// the provider has: by RAM's documentation they replace the list, and leaving
// them out keeps it; sending them makes both the same.
type OIDCProviderUpdate struct {
	Description       *string
	ClientIDs         []string
	IssuanceLimitTime int64
}

// OIDCProvider gives the OIDC provider of that name. The error is IsNotFound
// where there is none.
func (c *Client) OIDCProvider(ctx context.Context, name string) (OIDCProvider, error) {
	return c.oidcProviders.get(ctx, name, 0)
}

func (c *Client) newOIDCProviderTable() *table[OIDCProvider] {
	return &table[OIDCProvider]{
		action: "GetOIDCProvider",
		writes: &c.writes,
		about:  func(name string) watched { return watched{attributesOf(KindOIDCProvider, name)} },
		single: c.fetchOIDCProvider,
		list:   &listing[OIDCProvider]{page: c.oidcProviderPage, nameOf: func(p OIDCProvider) string { return p.Name }, start: 3},
	}
}

func (c *Client) fetchOIDCProvider(ctx context.Context, name string) (OIDCProvider, error) {
	op := call{action: "GetOIDCProvider", needs: []entity{oidcProvider(name)}}
	return do(ctx, c, op, func(ctx context.Context) (OIDCProvider, error) {
		out, err := c.ims().GetOIDCProviderWithContext(ctx, &ims.GetOIDCProviderRequest{OIDCProviderName: tea.String(name)}, c.runtime)
		if err != nil {
			return OIDCProvider{}, err
		}
		return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
	})
}

// OIDCProviders yields every OIDC provider of the account, fetching pages of 100
// as they are needed.
func (c *Client) OIDCProviders(ctx context.Context) iter.Seq2[OIDCProvider, error] {
	return c.oidcProviders.all(ctx)
}

func (c *Client) oidcProviderPage(ctx context.Context, marker *string) ([]OIDCProvider, *string, error) {
	out, err := do(ctx, c, call{action: "ListOIDCProviders"}, func(ctx context.Context) (*ims.ListOIDCProvidersResponse, error) {
		return c.ims().ListOIDCProvidersWithContext(ctx, &ims.ListOIDCProvidersRequest{Marker: marker, MaxItems: tea.Int32(100)}, c.runtime)
	})
	if err != nil {
		return nil, nil, err
	}
	found := listed(out.Body.OIDCProviders, (*ims.ListOIDCProvidersResponseBodyOIDCProviders).GetOIDCProvider)
	return convertAll(found, oidcProviderFromAPI), out.Body.Marker, nil
}

// AllOIDCProviders gives every OIDC provider of the account, as OIDCProviders does, by name.
func (c *Client) AllOIDCProviders(ctx context.Context) ([]OIDCProvider, error) {
	return settled(ctx, c.freshNames(KindOIDCProvider), collected(c.OIDCProviders(ctx)), func(p OIDCProvider) string { return p.Name })
}

// CreateOIDCProvider makes the OIDC provider; an IssuanceLimitTime of 0 leaves
// it to the service. ARN and dates of the argument are ignored.
func (c *Client) CreateOIDCProvider(ctx context.Context, p OIDCProvider) (OIDCProvider, error) {
	create := func() (OIDCProvider, error) { return c.createOIDCProvider(ctx, p) }
	things := []entity{attributesOf(KindOIDCProvider, p.Name)}
	created, err := writing(&c.writes, things, create, func(created OIDCProvider, at uint64) {
		c.keepOIDCProvider(created, p.Description == "", at)
	})
	if err == nil {
		c.ledger.made(oidcProvider(p.Name))
	}
	return created, err
}

// keepOIDCProvider keeps the answer to a write if it is whole: it has
// fingerprints, and a description unless there is none.
func (c *Client) keepOIDCProvider(p OIDCProvider, undescribed bool, at uint64) {
	if len(p.Fingerprints) > 0 && (undescribed || p.shows != 0) {
		c.oidcProviders.put(p.Name, p, at)
	}
}

func (c *Client) createOIDCProvider(ctx context.Context, p OIDCProvider) (OIDCProvider, error) {
	return createOnce(ctx, c, call{action: "CreateOIDCProvider"},
		func(ctx context.Context) (OIDCProvider, error) {
			out, err := c.ims().CreateOIDCProviderWithContext(ctx, &ims.CreateOIDCProviderRequest{
				OIDCProviderName:  tea.String(p.Name),
				IssuerUrl:         tea.String(p.IssuerURL),
				ClientIds:         optional(strings.Join(p.ClientIDs, ",")),
				Fingerprints:      tea.String(strings.Join(p.Fingerprints, ",")),
				Description:       optional(p.Description),
				IssuanceLimitTime: optionalNumber(p.IssuanceLimitTime),
			}, c.runtime)
			if err != nil {
				return OIDCProvider{}, err
			}
			return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
		},
		func(ctx context.Context, began time.Time) (OIDCProvider, bool, error) {
			found, err := c.fetchOIDCProvider(ctx, p.Name)
			same := found.IssuerURL == p.IssuerURL && sameItems(found.ClientIDs, p.ClientIDs) && sameItems(found.Fingerprints, p.Fingerprints) &&
				found.Description == p.Description && (p.IssuanceLimitTime == 0 || found.IssuanceLimitTime == p.IssuanceLimitTime)
			return found, same && c.madeSince(found.CreateDate, began), err
		})
}

// UpdateOIDCProvider changes the OIDC provider and gives it as it is afterwards.
func (c *Client) UpdateOIDCProvider(ctx context.Context, name string, change OIDCProviderUpdate) (OIDCProvider, error) {
	update := func() (OIDCProvider, error) { return c.updateOIDCProvider(ctx, name, change) }
	return writing(&c.writes, []entity{attributesOf(KindOIDCProvider, name)}, update, func(updated OIDCProvider, at uint64) {
		c.keepOIDCProvider(updated, false, at)
	})
}

func (c *Client) updateOIDCProvider(ctx context.Context, name string, change OIDCProviderUpdate) (OIDCProvider, error) {
	op := call{action: "UpdateOIDCProvider", access: write, needs: []entity{oidcProvider(name)}}
	return clearing(change.Description, func(description *string) (OIDCProvider, string, error) {
		p, err := do(ctx, c, op, func(ctx context.Context) (OIDCProvider, error) {
			out, err := c.ims().UpdateOIDCProviderWithContext(ctx, &ims.UpdateOIDCProviderRequest{
				OIDCProviderName:  tea.String(name),
				NewDescription:    description,
				ClientIds:         optional(strings.Join(change.ClientIDs, ",")),
				IssuanceLimitTime: optionalNumber(change.IssuanceLimitTime),
			}, c.runtime)
			if err != nil {
				return OIDCProvider{}, err
			}
			return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
		})
		return p, p.Description, err
	})
}

// AddOIDCClientID has the OIDC provider accept tokens for one more client. It is
// content where the provider does so already.
func (c *Client) AddOIDCClientID(ctx context.Context, name, clientID string) error {
	return c.changeOIDCList(ctx, name, oidcListChange{action: "AddClientIdToOIDCProvider", item: clientID}, func(ctx context.Context) (OIDCProvider, error) {
		request := &ims.AddClientIdToOIDCProviderRequest{OIDCProviderName: tea.String(name), ClientId: tea.String(clientID)}
		out, err := c.ims().AddClientIdToOIDCProviderWithContext(ctx, request, c.runtime)
		if err != nil {
			return OIDCProvider{}, err
		}
		return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
	})
}

// RemoveOIDCClientID has the OIDC provider refuse tokens for a client. It is
// content where the provider does so already.
func (c *Client) RemoveOIDCClientID(ctx context.Context, name, clientID string) error {
	return c.changeOIDCList(ctx, name, oidcListChange{action: "RemoveClientIdFromOIDCProvider", item: clientID, ends: true}, func(ctx context.Context) (OIDCProvider, error) {
		request := &ims.RemoveClientIdFromOIDCProviderRequest{OIDCProviderName: tea.String(name), ClientId: tea.String(clientID)}
		out, err := c.ims().RemoveClientIdFromOIDCProviderWithContext(ctx, request, c.runtime)
		if err != nil {
			return OIDCProvider{}, err
		}
		return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
	})
}

// AddOIDCFingerprint has the OIDC provider trust one more certificate. It is
// content where the provider does so already.
func (c *Client) AddOIDCFingerprint(ctx context.Context, name, fingerprint string) error {
	return c.changeOIDCList(ctx, name, oidcListChange{action: "AddFingerprintToOIDCProvider", item: fingerprint}, func(ctx context.Context) (OIDCProvider, error) {
		request := &ims.AddFingerprintToOIDCProviderRequest{OIDCProviderName: tea.String(name), Fingerprint: tea.String(fingerprint)}
		out, err := c.ims().AddFingerprintToOIDCProviderWithContext(ctx, request, c.runtime)
		if err != nil {
			return OIDCProvider{}, err
		}
		return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
	})
}

// RemoveOIDCFingerprint has the OIDC provider no longer trust a certificate. It
// is content where the provider does so already; RAM refuses to remove the last one.
func (c *Client) RemoveOIDCFingerprint(ctx context.Context, name, fingerprint string) error {
	return c.changeOIDCList(ctx, name, oidcListChange{action: "RemoveFingerprintFromOIDCProvider", item: fingerprint, ends: true}, func(ctx context.Context) (OIDCProvider, error) {
		request := &ims.RemoveFingerprintFromOIDCProviderRequest{OIDCProviderName: tea.String(name), Fingerprint: tea.String(fingerprint)}
		out, err := c.ims().RemoveFingerprintFromOIDCProviderWithContext(ctx, request, c.runtime)
		if err != nil {
			return OIDCProvider{}, err
		}
		return converted(out.Body.OIDCProvider, oidcProviderFromAPI)
	})
}

// oidcListChange adds one item to a list of an OIDC provider, or removes it.
type oidcListChange struct {
	action, item string
	ends         bool // it removes the item
}

// changeOIDCList makes the change. RAM does not document how it refuses an item
// that is there already, or one to be removed that is not; both are as wanted.
// Where it does so otherwise than by the codes of its other lists, after an
// answer was lost, the provider itself tells.
func (c *Client) changeOIDCList(ctx context.Context, name string, change oidcListChange, send func(context.Context) (OIDCProvider, error)) error {
	op := call{action: change.action, access: write, needs: []entity{oidcProvider(name)}}
	_, err := writing(&c.writes, []entity{attributesOf(KindOIDCProvider, name)}, func() (OIDCProvider, error) {
		p, err := do(ctx, c, op, send)
		switch {
		case isMissing(err, string(KindOIDCProvider)):
			return p, err
		case change.ends && IsNotFound(err), !change.ends && IsAlreadyExists(err):
			return OIDCProvider{}, nil
		case isAfterLost(err):
			if found, lookErr := c.fetchOIDCProvider(ctx, name); lookErr == nil && found.has(change.item) != change.ends {
				return found, nil
			}
		}
		return p, err
	}, func(p OIDCProvider, at uint64) { c.keepOIDCProvider(p, false, at) })
	return err
}

// has reports whether the provider has the client id or the fingerprint.
func (p OIDCProvider) has(item string) bool {
	return slices.Contains(p.ClientIDs, item) || slices.ContainsFunc(p.Fingerprints, func(f string) bool { return strings.EqualFold(f, item) })
}

// DeleteOIDCProvider deletes the OIDC provider. Roles that trust it stay, and
// nobody comes to them from it any more.
func (c *Client) DeleteOIDCProvider(ctx context.Context, name string) error {
	op := call{action: "DeleteOIDCProvider", ends: true}
	err := change(ctx, c, op, []entity{attributesOf(KindOIDCProvider, name)}, func(ctx context.Context) error {
		_, err := c.ims().DeleteOIDCProviderWithContext(ctx, &ims.DeleteOIDCProviderRequest{OIDCProviderName: tea.String(name)}, c.runtime)
		return err
	}, func(at uint64) { c.oidcProviders.putGone(name, notFound(KindOIDCProvider, name), at) })
	if err == nil || IsNotFound(err) {
		c.ledger.dropped(oidcProvider(name))
	}
	return err
}

// sdkOIDCProvider is what the SDK's several OIDC provider types have in common.
type sdkOIDCProvider interface {
	GetOIDCProviderName() *string
	GetArn() *string
	GetIssuerUrl() *string
	GetClientIds() *string
	GetFingerprints() *string
	GetDescription() *string
	GetIssuanceLimitTime() *int64
	GetCreateDate() *string
	GetUpdateDate() *string
}

func oidcProviderFromAPI[T sdkOIDCProvider](p T) OIDCProvider {
	return OIDCProvider{
		Name:              tea.StringValue(p.GetOIDCProviderName()),
		ARN:               tea.StringValue(p.GetArn()),
		IssuerURL:         tea.StringValue(p.GetIssuerUrl()),
		ClientIDs:         commaList(tea.StringValue(p.GetClientIds())),
		Fingerprints:      commaList(tea.StringValue(p.GetFingerprints())),
		Description:       clearedText(p.GetDescription()),
		IssuanceLimitTime: tea.Int64Value(p.GetIssuanceLimitTime()),
		CreateDate:        tea.StringValue(p.GetCreateDate()),
		UpdateDate:        tea.StringValue(p.GetUpdateDate()),
		shows:             shown(p.GetDescription()),
	}
}

// commaList gives the items of a text with commas, sorted.
func commaList(text string) []string {
	items := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(items)
	return items
}

// sameItems reports whether two lists hold the same, whatever the order and the
// case: RAM may write fingerprints in its own.
func sameItems(a, b []string) bool {
	lower := func(items []string) []string { return commaList(strings.ToLower(strings.Join(items, ","))) }
	return slices.Equal(lower(a), lower(b))
}

func oidcProvider(name string) entity { return entity{string(KindOIDCProvider), name} }
