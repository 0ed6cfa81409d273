package bench

import (
	"encoding/json"
	"fmt"
	"maps"
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
	mfaDevice
	keyPolicy
	attachmentInArea
	samlProvider
	oidcProvider
	membersOfGroup
	policiesOfRole
	singleton
)

// singletons are what the account has one of, as it is where nobody has set anything. An alias would contradict the
// default domain.
var singletons = []resource{
	{typeName: "ram_default_domain", written: map[string]any{"default_domain_name": domain}},
	{typeName: "ram_password_policy", computed: map[string]any{
		"minimum_password_length": 8, "require_lowercase_characters": false, "require_uppercase_characters": false, "require_numbers": false,
		"require_symbols": false, "minimum_password_different_character": 0, "password_not_contain_user_name": false, "max_password_age": 0,
		"hard_expire": false, "password_reuse_prevention": 0, "max_login_attempts": 0, "initial_password_age": 14, "intercept_risk_password_on_api": false,
	}},
	{typeName: "ram_security_preference", computed: map[string]any{
		"enable_save_mfa_ticket": false, "allow_user_to_change_password": true, "allow_user_to_manage_access_keys": false,
		"allow_user_to_manage_mfa_devices": true, "allow_user_to_login_with_passkey": true, "allow_user_to_manage_personal_ding_talk": true,
		"allow_user_to_manage_service_credentials": false, "mfa_operation_for_login": "independent", "login_session_duration": 6,
		"login_network_masks": []string{}, "verification_types": []string{}, "max_idle_days_for_users": 730, "max_idle_days_for_access_keys": 730,
	}},
	{typeName: "ram_user_sso_settings", computed: map[string]any{
		"sso_enabled": false, "auxiliary_domain": "", "sso_login_with_domain": true, "authn_sign_algo": "rsa-sha1",
		"metadata_document": metadata, "encoded_metadata_document": encodedMetadata(),
	}},
}

// item is one resource of a configuration, small enough to keep for every one.
type item struct {
	kind   kind
	second bool // of the two memberships or attachments that one of the people has
	index  int  // of the person, group, policy, role, provider or singleton
	people int  // in the account, where that matters
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
				"user_principal_name": userName(i) + "@" + domain, "create_date": createDate, "frozen": false, "provision_type": "Manual",
			},
			private: map[string]any{"ignored_fields": map[string]any{}},
		}
	case loginProfile:
		return resource{
			typeName:  "ram_login_profile",
			written:   map[string]any{"user_name": userName(i), "password_wo_version": 1},
			writeOnly: map[string]any{"password_wo": "never sent 1A"},
			computed: map[string]any{
				"mfa_bind_required": true, "status": "Active", "effective_status": "Active", "user_id": userID(i),
				"password_status": "NotInitial", "effective_mfa_bind_required": true,
			},
			private: map[string]any{"create_date": createDate},
		}
	case accessKey:
		return resource{
			typeName: "ram_access_key",
			written:  map[string]any{"user_name": userName(i)},
			computed: map[string]any{
				"status": "Active", "effective_status": "Active", "user_id": userID(i), "access_key_id": keyID(i), "access_key_secret": keySecret(i), "create_date": createDate,
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
	case mfaDevice:
		return resource{
			typeName: "ram_virtual_mfa_device",
			written:  map[string]any{"name": userName(i), "user_name": userName(i)},
			computed: map[string]any{"user_id": userID(i), "serial_number": mfaSerial(i), "activate_date": createDate},
		}
	case keyPolicy:
		statement := map[string]any{"type": "ClassicWhiteList", "ip_list": []string{"192.0.2.0/24"}}
		return resource{
			typeName: "ram_access_key_policy",
			written:  map[string]any{"user_name": userName(i), "access_key_id": keyID(i), "statement": []map[string]any{statement}},
			computed: map[string]any{"user_id": userID(i), "status": "Active"},
		}
	case attachmentInArea:
		return resource{
			typeName: "ram_policy_attachment",
			written:  map[string]any{"policy_name": policyName(0), "policy_type": "Custom", "user_name": userName(i), "resource_group_id": resourceArea},
			computed: map[string]any{"principal_id": userID(i)},
		}
	case samlProvider:
		return resource{
			typeName: "ram_saml_provider",
			written:  map[string]any{"name": samlName(i), "saml_metadata_document": metadata},
			computed: map[string]any{
				"encoded_saml_metadata_document": encodedMetadata(), "authn_sign_algo": "rsa-sha1",
				"arn": "acs:ram::" + accountID + ":saml-provider/" + samlName(i), "create_date": createDate,
			},
		}
	case oidcProvider:
		return resource{
			typeName: "ram_oidc_provider",
			written:  map[string]any{"name": oidcName(i), "issuer_url": oidcIssuer, "client_ids": []string{"bench"}, "fingerprints": []string{fingerprint}},
			computed: map[string]any{
				"issuance_limit_time": 12, "arn": "acs:ram::" + accountID + ":oidc-provider/" + oidcName(i), "create_date": createDate,
			},
		}
	case membersOfGroup:
		members := []string{}
		for p := range it.people {
			if g := groupsOf(p); g[0] == i || g[1] == i {
				members = append(members, userName(p))
			}
		}
		return resource{
			typeName: "ram_group_memberships_exclusive",
			written:  map[string]any{"group_name": groupName(i), "user_names": members},
			computed: map[string]any{"group_id": groupID(i), "removes": []string{}},
		}
	case policiesOfRole:
		return resource{
			typeName: "ram_policy_attachments_exclusive",
			written:  map[string]any{"role_name": roleName(i), "policies": []map[string]any{{"policy_name": policyName(i), "policy_type": "Custom"}}},
			computed: map[string]any{"principal_id": roleID(i), "removes": []string{}},
		}
	case singleton:
		one := singletons[i]
		one.computed = maps.Clone(one.computed)
		if one.computed == nil {
			one.computed = map[string]any{}
		}
		one.computed["account_id"] = accountID
		return one
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
			values[name] = tfValue(attribute, value)
		}
	}
	return tfprotov6.NewDynamicValue(schema, tftypes.NewValue(schema, values))
}

// tfValue gives a value as Terraform has it; what an object does not name is null.
func tfValue(as tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case int:
		return tftypes.NewValue(as, new(big.Float).SetInt64(int64(value)))
	case []string:
		elements := []tftypes.Value{}
		for _, text := range value {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		return tftypes.NewValue(as, elements)
	case map[string]string:
		elements := map[string]tftypes.Value{}
		for key, text := range value {
			elements[key] = tftypes.NewValue(tftypes.String, text)
		}
		return tftypes.NewValue(as, elements)
	case []map[string]any:
		element := as.(tftypes.Set).ElementType.(tftypes.Object)
		objects := []tftypes.Value{}
		for _, object := range value {
			fields := map[string]tftypes.Value{}
			for name, field := range element.AttributeTypes {
				fields[name] = tfValue(field, object[name])
			}
			objects = append(objects, tftypes.NewValue(element, fields))
		}
		return tftypes.NewValue(as, objects)
	default:
		return tftypes.NewValue(as, value)
	}
}
