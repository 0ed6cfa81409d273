package functions

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type arnParts struct {
	Service      string  `tfsdk:"service"`
	Region       string  `tfsdk:"region"`
	AccountID    string  `tfsdk:"account_id"`
	Resource     string  `tfsdk:"resource"`
	ResourceType string  `tfsdk:"resource_type"`
	ResourceName *string `tfsdk:"resource_name"`
}

var arnParse = &pure{
	name: "arn_parse",
	definition: function.Definition{
		Summary: "Takes an ARN apart",
		MarkdownDescription: "Takes the ARN of anything on Alibaba Cloud apart, `acs:<service>:<region>:<account>:<resource>`. " +
			"What the ARN leaves empty is an empty text. `resource` is all of the last part; where it is `<type>/<name>`, as in `user/alice`, `resource_type` and `resource_name` are its two " +
			"halves, otherwise `resource_type` is all of it and `resource_name` is null. RAM may give the name of a role in lower case in its ARN.",
		Parameters: []function.Parameter{text("arn", "The ARN, such as `acs:ram::1234567890123456:user/alice`.")},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"service": types.StringType, "region": types.StringType, "account_id": types.StringType,
			"resource": types.StringType, "resource_type": types.StringType, "resource_name": types.StringType,
		}},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var arn string
		if resp.Error = req.Arguments.Get(ctx, &arn); resp.Error != nil {
			return
		}
		parts := strings.SplitN(arn, ":", 5)
		if len(parts) != 5 || parts[0] != "acs" || parts[1] == "" || parts[4] == "" {
			refuse(resp, 0, fmt.Errorf("%q is not an ARN, which is like acs:ram::1234567890123456:user/alice", arn))
			return
		}
		result := arnParts{Service: parts[1], Region: parts[2], AccountID: parts[3], Resource: parts[4], ResourceType: parts[4]}
		if kind, name, found := strings.Cut(parts[4], "/"); found {
			result.ResourceType, result.ResourceName = kind, &name
		}
		resp.Error = resp.Result.Set(ctx, result)
	},
}

var arnBuild = &pure{
	name: "arn_build",
	definition: function.Definition{
		Summary:             "Puts an ARN together",
		MarkdownDescription: "Puts an ARN together, `acs:<service>:<region>:<account>:<resource>`. Parts that the service does not use are given as `\"\"`; in policies each may be `*`.",
		Parameters: []function.Parameter{
			text("service", "Code of the service, such as `ram` or `oss`."),
			text("region", "ID of the region, such as `cn-hangzhou`; `\"\"` for RAM, which has none."),
			text("account_id", "ID of the account."),
			text("resource", "The resource, such as `user/alice`."),
		},
		Return: function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var parts [4]string
		if resp.Error = req.Arguments.Get(ctx, &parts[0], &parts[1], &parts[2], &parts[3]); resp.Error != nil {
			return
		}
		for i, part := range parts[:3] {
			if strings.Contains(part, ":") {
				refuse(resp, int64(i), fmt.Errorf("%q has a colon, which separates the parts of an ARN", part))
			}
		}
		if parts[0] == "" {
			refuse(resp, 0, errors.New("an ARN names a service"))
		}
		if parts[3] == "" {
			refuse(resp, 3, errors.New("an ARN names a resource"))
		}
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, "acs:"+strings.Join(parts[:], ":"))
		}
	},
}

var (
	userNames  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	accountIDs = regexp.MustCompile(`^[0-9]{1,20}$`)
	domains    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
)

var userPrincipalName = &pure{
	name: "user_principal_name",
	definition: function.Definition{
		Summary: "Name that a user logs on with",
		MarkdownDescription: "The name that a RAM user logs on with, `<user>@<domain>`. Of the account's id or its alias it makes the default domain, `<account>.onaliyun.com`; a domain of your own is taken as it is. " +
			"Of a user of the configuration, `ram_user.alice.user_principal_name` says what it really is.",
		Parameters: []function.Parameter{
			text("user_name", "Name of the user, such as `alice`."),
			text("domain", "ID of the account, its alias, or a whole domain, such as `example.com`."),
		},
		Return: function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var name, domain string
		if resp.Error = req.Arguments.Get(ctx, &name, &domain); resp.Error != nil {
			return
		}
		if !userNames.MatchString(name) {
			refuse(resp, 0, fmt.Errorf("%q is not the name of a RAM user: 1 to 64 letters, digits, '.', '-' and '_'", name))
		}
		if !domains.MatchString(domain) {
			refuse(resp, 1, fmt.Errorf("%q is not the id of an account, an alias or a domain", domain))
		}
		if resp.Error != nil {
			return
		}
		if !strings.Contains(domain, ".") {
			domain += ".onaliyun.com"
		}
		resp.Error = resp.Result.Set(ctx, name+"@"+domain)
	},
}
