package ramserver_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	ims "github.com/alibabacloud-go/ims-20190815/v4/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// must returns the value of a call that cannot be done without.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestTheGoSDKWorks(t *testing.T) {
	var s ramserver.Server
	srv := httptest.NewServer(&s)
	t.Cleanup(srv.Close)
	id, secret := s.RootAccessKey()
	config := func(id, secret, token string) *openapi.Config {
		return &openapi.Config{
			AccessKeyId: &id, AccessKeySecret: &secret, SecurityToken: &token,
			Endpoint: new(strings.TrimPrefix(srv.URL, "http://")), Protocol: new("http"),
		}
	}
	ramClient := must[*ram.Client](t)(ram.NewClient(config(id, secret, "")))
	imsClient := must[*ims.Client](t)(ims.NewClient(config(id, secret, "")))
	stsClient := must[*sts.Client](t)(sts.NewClient(config(id, secret, "")))

	const comments = "a b*c~d/中+e&f=g"
	must[*ram.CreateUserResponse](t)(ramClient.CreateUser(&ram.CreateUserRequest{UserName: new("alice"), Comments: new(comments)}))
	user := must[*ram.GetUserResponse](t)(ramClient.GetUser(&ram.GetUserRequest{UserName: new("alice")})).Body.User
	if tea.StringValue(user.Comments) != comments {
		t.Errorf("comments: %q", tea.StringValue(user.Comments))
	}
	_, err := ramClient.GetUser(&ram.GetUserRequest{UserName: new("bob")})
	if e, ok := err.(*tea.SDKError); !ok || tea.StringValue(e.Code) != "EntityNotExist.User" || tea.IntValue(e.StatusCode) != 404 {
		t.Errorf("the error of the SDK is %v", err)
	}

	carol := must[*ims.CreateUserResponse](t)(imsClient.CreateUser(&ims.CreateUserRequest{
		UserPrincipalName: new("carol@1234567890123456.onaliyun.com"), DisplayName: new("Carol"),
		Tag: []*ims.CreateUserRequestTag{{Key: new("team"), Value: new("red")}},
	})).Body.User
	if len(carol.Tags.Tag) != 1 || tea.StringValue(carol.Tags.Tag[0].TagValue) != "red" {
		t.Errorf("tags: %v", carol.Tags)
	}

	trust := `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}`
	role := must[*ram.CreateRoleResponse](t)(ramClient.CreateRole(&ram.CreateRoleRequest{
		RoleName: new("auditor"), AssumeRolePolicyDocument: &trust, MaxSessionDuration: new(int64(7200)),
	})).Body.Role
	session := must[*sts.AssumeRoleResponse](t)(stsClient.AssumeRole(&sts.AssumeRoleRequest{
		RoleArn: role.Arn, RoleSessionName: new("test"), DurationSeconds: new(int64(7200)),
	})).Body.Credentials
	assumed := must[*sts.Client](t)(sts.NewClient(config(*session.AccessKeyId, *session.AccessKeySecret, *session.SecurityToken)))
	who := must[*sts.GetCallerIdentityResponse](t)(assumed.GetCallerIdentity()).Body
	if tea.StringValue(who.IdentityType) != "AssumedRoleUser" || tea.StringValue(who.RoleId) != tea.StringValue(role.RoleId) {
		t.Errorf("caller: %v", who)
	}
}
