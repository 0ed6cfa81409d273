package bench

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type kind uint8

const (
	user kind = iota
	loginProfile
	accessKey
	group
	membership
	policy
	attachment
	role
)

// item is one resource of a configuration, small enough to keep for every one.
type item struct {
	kind   kind
	second bool // of the two memberships or attachments that one of the people has
	index  int  // of the person, group, policy or role
}

// resource is a resource as a configuration writes it, with what the provider adds.
type resource struct {
	typeName string
	// written, and computed by the provider: the state has both. What is in neither is null.
	written, computed map[string]any
	// writeOnly is in the configuration alone.
	writeOnly map[string]any
	// private is the private state.
	private map[string]any
}

// resource gives the resource in the state that follows from the saved account, so that nothing is left to change.
func (it item) resource() resource {
	i := it.index
	nth := 0
	if it.second {
		nth = 1
	}
	switch it.kind {
	case user:
		return resource{
			typeName: "ram_user",
			written:  map[string]any{"name": userName(i), "display_name": displayName(i), "comments": "bench", "tags": tags},
			computed: map[string]any{
				"tags_all": tags,
				"user_id":  userID(i), "arn": "acs:ram::" + accountID + ":user/" + userName(i),
				"user_principal_name": userName(i) + "@" + domain, "create_date": createDate,
			},
			private: map[string]any{"ignored_fields": map[string]any{}},
		}
	case loginProfile:
		return resource{
			typeName:  "ram_login_profile",
			written:   map[string]any{"user_name": userName(i), "password_wo_version": 1},
			writeOnly: map[string]any{"password_wo": "never sent 1A"},
			computed: map[string]any{
				"mfa_bind_required": true, "status": "Active", "user_id": userID(i),
				"password_status": "NotInitial", "effective_mfa_bind_required": true,
			},
			private: map[string]any{"create_date": createDate},
		}
	case accessKey:
		return resource{
			typeName: "ram_access_key",
			written:  map[string]any{"user_name": userName(i)},
			computed: map[string]any{
				"status": "Active", "user_id": userID(i), "access_key_id": keyID(i), "access_key_secret": keySecret(i), "create_date": createDate,
			},
		}
	case group:
		return resource{
			typeName: "ram_group",
			written:  map[string]any{"name": groupName(i), "comments": "bench"},
			computed: map[string]any{"group_id": groupID(i), "create_date": createDate},
		}
	case membership:
		g := groupsOf(i)[nth]
		return resource{
			typeName: "ram_group_membership",
			written:  map[string]any{"group_name": groupName(g), "user_names": []string{userName(i)}},
			computed: map[string]any{"group_id": groupID(g)},
		}
	case policy:
		return resource{
			typeName: "ram_policy",
			written:  map[string]any{"name": policyName(i), "policy_document": policyDocument, "description": "bench", "tags": tags},
			computed: map[string]any{"default_version": "v1", "create_date": createDate, "tags_all": tags},
		}
	case attachment:
		return resource{
			typeName: "ram_policy_attachment",
			written:  map[string]any{"policy_name": policyName(policiesOf(i)[nth]), "policy_type": "Custom", "user_name": userName(i)},
			computed: map[string]any{"principal_id": userID(i)},
		}
	default:
		return resource{
			typeName: "ram_role",
			written:  map[string]any{"name": roleName(i), "assume_role_policy_document": trustPolicy, "description": "bench", "tags": tags},
			computed: map[string]any{
				"tags_all":             tags,
				"max_session_duration": 3600, "role_id": roleID(i), "arn": "acs:ram::" + accountID + ":role/" + roleName(i), "create_date": createDate,
			},
		}
	}
}

// encoded is a resource as Terraform sends it.
type encoded struct {
	typeName      string
	state, config tfprotov6.DynamicValue
	private       []byte
}

// encode writes the resource down as Terraform would, for a resource type of that schema.
func (r resource) encode(schema tftypes.Object) (encoded, error) {
	e := encoded{typeName: r.typeName}
	var err error
	if e.state, err = dynamicValue(schema, r.written, r.computed); err != nil {
		return e, fmt.Errorf("encoding the state of a %s: %w", r.typeName, err)
	}
	if e.config, err = dynamicValue(schema, r.written, r.writeOnly); err != nil {
		return e, fmt.Errorf("encoding the configuration of a %s: %w", r.typeName, err)
	}
	if r.private == nil {
		return e, nil
	}
	private := map[string][]byte{}
	for key, value := range r.private {
		if private[key], err = json.Marshal(value); err != nil {
			return e, err
		}
	}
	e.private, err = json.Marshal(private)
	return e, err
}

// dynamicValue gives an object with these attributes; all others are null.
func dynamicValue(schema tftypes.Object, parts ...map[string]any) (tfprotov6.DynamicValue, error) {
	values := make(map[string]tftypes.Value, len(schema.AttributeTypes))
	for name, attribute := range schema.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	for _, part := range parts {
		for name, value := range part {
			attribute, found := schema.AttributeTypes[name]
			if !found {
				return tfprotov6.DynamicValue{}, fmt.Errorf("the schema has no attribute %s", name)
			}
			switch value := value.(type) {
			case int:
				values[name] = tftypes.NewValue(attribute, new(big.Float).SetInt64(int64(value)))
			case []string:
				var elements []tftypes.Value
				for _, text := range value {
					elements = append(elements, tftypes.NewValue(tftypes.String, text))
				}
				values[name] = tftypes.NewValue(attribute, elements)
			case map[string]string:
				elements := map[string]tftypes.Value{}
				for key, text := range value {
					elements[key] = tftypes.NewValue(tftypes.String, text)
				}
				values[name] = tftypes.NewValue(attribute, elements)
			default:
				values[name] = tftypes.NewValue(attribute, value)
			}
		}
	}
	return tfprotov6.NewDynamicValue(schema, tftypes.NewValue(schema, values))
}
