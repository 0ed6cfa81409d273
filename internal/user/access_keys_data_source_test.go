package user_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

const keysAddress = "data.ram_access_keys.keys"

// keysOf is the data source with these arguments.
func keysOf(arguments string) string {
	return "data \"ram_access_keys\" \"keys\" {\n" + arguments + "\n}"
}

// keyList checks the keys of the data source.
func keyList(checks ...knownvalue.Check) []statecheck.StateCheck {
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(keysAddress, tfjsonpath.New("access_keys"), knownvalue.ListExact(checks))}
}

func unusedKey(userName, id, status string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"user_name":         knownvalue.StringExact(userName),
		"access_key_id":     knownvalue.StringExact(id),
		"status":            knownvalue.StringExact(status),
		"create_date":       knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)),
		"last_used_date":    knownvalue.Null(),
		"last_used_service": knownvalue.Null(),
	})
}

func TestAccAccessKeys_ofAUserAreNoneOneOrTwo(t *testing.T) {
	t.Parallel()
	acc := acctest.New(t)
	name := acc.Name("bot")
	createUser(t, acc, name)
	newKey := func() string {
		key, err := acc.Client().CreateAccessKey(t.Context(), name)
		must(t, err)
		return key.ID
	}
	of := func(more string) string { return keysOf(fmt.Sprintf("user_name = %q\n%s", name, more)) }
	acc.Run(t, resource.TestStep{Config: of(""), ConfigStateChecks: keyList()})
	first := newKey()
	acc.Run(t, resource.TestStep{Config: of(""), ConfigStateChecks: keyList(unusedKey(name, first, "Active"))})
	must(t, acc.Client().SetAccessKeyStatus(t.Context(), name, first, "Inactive"))
	second := newKey()
	acc.Run(t,
		resource.TestStep{
			Config:            of(""),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(keysAddress, tfjsonpath.New("access_keys"), knownvalue.ListSizeExact(2))},
		},
		resource.TestStep{Config: of(`status = "Active"`), ConfigStateChecks: keyList(unusedKey(name, second, "Active"))},
		resource.TestStep{Config: of(`status = "Inactive"`), ConfigStateChecks: keyList(unusedKey(name, first, "Inactive"))},
	)
}

func TestAccAccessKeys_tellWhenAndForWhatTheyWereUsed(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) {
		must(t, s.Load([]byte(`{
			"Format": 1,
			"Users": {"200000000000000001": {"UserName": "bot"}},
			"AccessKeys": {
				"LTAIyoung": {"UserId": "200000000000000001", "CreateDate": "2026-03-02T00:00:00Z"},
				"LTAIzold":  {"UserId": "200000000000000001", "CreateDate": "2026-03-01T00:00:00Z", "LastUsedDate": "2026-03-03T00:00:00Z", "LastUsedService": "Ecs"}
			}
		}`)))
	})
	acc.Run(t, resource.TestStep{
		Config: keysOf(`user_name = "bot"`),
		ConfigStateChecks: keyList(
			knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"access_key_id": knownvalue.StringExact("LTAIzold"), "create_date": knownvalue.StringExact("2026-03-01T00:00:00Z"),
				"last_used_date": knownvalue.StringExact("2026-03-03T00:00:00Z"), "last_used_service": knownvalue.StringExact("Ecs"),
			}),
			unusedKey("bot", "LTAIyoung", "Active"),
		),
	})
}

func TestAccAccessKeys_ofEverybodyAreThereHoweverManyUsersThatAre(t *testing.T) {
	t.Parallel()
	users, keys := map[string]any{}, map[string]any{}
	for n := range 1010 { // a page has 1,000
		id := fmt.Sprint(200000000000000000 + n)
		users[id] = map[string]any{"UserName": fmt.Sprintf("bot%04d", n)}
		if n%100 == 9 {
			keys[fmt.Sprintf("LTAI%04d", n)] = map[string]any{"UserId": id, "CreateDate": "2026-03-01T00:00:00Z"}
		}
	}
	saved, err := json.Marshal(map[string]any{"Format": 1, "Users": users, "AccessKeys": keys})
	must(t, err)
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { must(t, s.Load(saved)) })
	var want []knownvalue.Check
	for n := 9; n < 1010; n += 100 {
		want = append(want, unusedKey(fmt.Sprintf("bot%04d", n), fmt.Sprintf("LTAI%04d", n), "Active"))
	}
	acc.Run(t, resource.TestStep{Config: keysOf(""), ConfigStateChecks: keyList(want...)})
}

func TestAccAccessKeys_ofWhomIsDeletedMeanwhileAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, gone := range []ramserver.Call{
		{Action: "ListAccessKeys", Params: url.Values{"UserName": {"leaver"}}, Code: "EntityNotExist.User"},
		{Action: "GetAccessKeyLastUsed", Params: url.Values{"UserAccessKeyId": {"LTAIgone"}}, Code: "EntityNotExist.User.AccessKey"},
	} {
		acc := acctest.NewLocal(t, func(s *ramserver.Server) {
			must(t, s.Load([]byte(`{
				"Format": 1,
				"Users": {"1": {"UserName": "bot"}, "2": {"UserName": "leaver"}},
				"AccessKeys": {
					"LTAIgone": {"UserId": "2", "CreateDate": "2026-03-01T00:00:00Z"},
					"LTAIkept": {"UserId": "2", "CreateDate": "2026-03-02T00:00:00Z"},
					"LTAIbot":  {"UserId": "1", "CreateDate": "2026-03-03T00:00:00Z"}
				}
			}`)))
			s.Intercept = func(c ramserver.Call) *ramserver.Fault {
				for param, values := range gone.Params {
					if c.Action == gone.Action && c.Params.Get(param) == values[0] {
						return &ramserver.Fault{Status: http.StatusNotFound, Code: gone.Code, Message: "gone"}
					}
				}
				return nil
			}
		})
		want := []knownvalue.Check{unusedKey("bot", "LTAIbot", "Active")}
		if gone.Action == "GetAccessKeyLastUsed" {
			want = append(want, unusedKey("leaver", "LTAIkept", "Active"))
		}
		acc.Run(t, resource.TestStep{Config: keysOf(""), ConfigStateChecks: keyList(want...)})
	}
}

func TestAccAccessKeys_thatCannotBeReadAreAnError(t *testing.T) {
	t.Parallel()
	acctest.New(t).Run(t, resource.TestStep{
		Config:      keysOf(`user_name = "tfacc-nobody"`),
		ExpectError: regexp.MustCompile(`(?s)Unable to read the access keys of RAM user "tfacc-nobody".+EntityNotExist.User`),
	})
	for _, action := range []string{"ListUsers", "ListAccessKeys", "GetAccessKeyLastUsed"} {
		var refused refusing
		refused.on.Store(true)
		acc := acctest.NewLocal(t, refused.setUp(action, "NoPermission"), func(s *ramserver.Server) {
			must(t, s.Load([]byte(`{"Format": 1, "Users": {"1": {"UserName": "a"}, "2": {"UserName": "b"}}, "AccessKeys": {"LTAI": {"UserId": "2"}}}`)))
		})
		acc.Run(t, resource.TestStep{
			Config:      keysOf(""),
			ExpectError: regexp.MustCompile(`(?s)Unable to read the access keys of all RAM users.+Action: ` + action + `, code: NoPermission`),
		})
		refused.on.Store(false)
	}
}

func TestAccAccessKeys_wrongArgumentsAreRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t)
	for arguments, message := range map[string]string{
		`user_name = "bot@example.com"`: `has the\s+character '@'`,
		`status = "active"`:             `"Active" "Inactive"`,
	} {
		acc.Run(t, resource.TestStep{Config: keysOf(arguments), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
}
