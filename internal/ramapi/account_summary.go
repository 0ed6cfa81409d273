package ramapi

import "context"

// AccountSummary holds the quotas of the account and what it has of them, by
// the names that IMS gives them, such as Users and UsersQuota. What a site or a
// version of the service does not count is not in it.
type AccountSummary map[string]int64

// AccountSummary asks IMS for the quotas of the account and their use.
func (c *Client) AccountSummary(ctx context.Context) (AccountSummary, error) {
	return do(ctx, c, call{action: "GetAccountSummary"}, func(ctx context.Context) (AccountSummary, error) {
		// The SDK's own type lacks the counters that are newer than it.
		type answer struct {
			Body *struct {
				SummaryMap *AccountSummary `json:"SummaryMap"`
			} `json:"body"`
		}
		out, err := callRPC[answer](ctx, c, &c.ims().Client, imsVersion, "GetAccountSummary", "AK", nil)
		if err != nil {
			return nil, err
		}
		return converted(out.Body.SummaryMap, func(all *AccountSummary) AccountSummary { return *all })
	})
}
