package user

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

// ownedListModel picks by their users the things that users have.
type ownedListModel struct {
	UserName  types.String `tfsdk:"user_name"`
	NameRegex types.String `tfsdk:"name_regex"`
}

func ownedListAttributes(things string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_name": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Name of a user: only the " + things + " of this one. Those of every user when it is left out.",
			Validators:          []validator.String{base.UserName},
		},
		"name_regex": base.ListNameRegexAttribute("users"),
	}
}

// users yields the names of the users whose things are asked for.
func (m *ownedListModel) users(ctx context.Context, client *ramapi.Client) iter.Seq2[string, error] {
	matches := base.MatchesName(m.NameRegex)
	return func(yield func(string, error) bool) {
		if !m.UserName.IsNull() {
			if name := m.UserName.ValueString(); matches(name) {
				yield(name, nil)
			}
			return
		}
		for u, err := range client.Users(ctx) {
			if err == nil && !matches(u.Name) {
				continue
			}
			if !yield(u.Name, err) || err != nil {
				return
			}
		}
	}
}

// key is an access key as it is listed.
type key struct{ userName, id string }

func (k key) found() base.Found {
	return base.Found{DisplayName: k.userName + ":" + k.id, Identity: base.Identity{"user_name": k.userName, "access_key_id": k.id}}
}

// keys yields the access keys of the users that are asked for, by one call for
// each user. At most as many users as the limit says have keys that are needed.
func (m *ownedListModel) keys(ctx context.Context, client *ramapi.Client, limit int64) iter.Seq2[key, error] {
	ofUsers := base.Asking(ctx, limit, m.users(ctx, client), func(ctx context.Context, userName string) ([]key, bool, error) {
		listed, err := client.ReadAccessKeys(ctx, userName)
		if ramapi.IsNotFound(err) {
			return nil, false, nil
		}
		var keys []key
		for _, k := range listed {
			keys = append(keys, key{userName, k.ID})
		}
		return keys, len(keys) > 0, err
	})
	return func(yield func(key, error) bool) {
		for keys, err := range ofUsers {
			if err != nil {
				yield(key{}, err)
				return
			}
			for _, k := range keys {
				if !yield(k, nil) {
					return
				}
			}
		}
	}
}
