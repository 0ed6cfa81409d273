package user_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/ram-provider/terraform-provider-ram/internal/acctest"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
	"github.com/ram-provider/terraform-provider-ram/internal/ramserver"
)

// says matches a text however Terraform breaks its lines.
func says(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `\s+`))
}

// keepsInBin sets up an account whose deletions go to the recycle bin, where they count.
func keepsInBin(s *ramserver.Server) {
	s.Unsure.DeletedForGood = false
	s.Unsure.RecycledNamesTaken, s.Unsure.RecycledKeysCount = true, true
}

// recycled makes a user and deletes it, and gives its id.
func recycled(t *testing.T, acc *acctest.Account, name string) string {
	t.Helper()
	u, err := acc.Client().CreateUser(t.Context(), ramapi.User{Name: name})
	must(t, err)
	must(t, acc.Client().DeleteUser(t.Context(), name))
	return u.ID
}

func TestAccUser_whoseNameIsInTheRecycleBinIsRefusedWithAWayToGetItBack(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, keepsInBin)
	name := acc.Name("alice")
	id := recycled(t, acc, name)
	deleted, err := acc.Client().RecycledUsers(t.Context(), name)
	must(t, err)
	config := fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name)
	for _, text := range []string{
		fmt.Sprintf("The name belongs to a deleted user, ID %s, who is in the recycle bin until %s.", id, deleted[0].DeleteDate),
		"\n  aliyun ims RestoreUserFromRecycleBin --UserId " + id + " --endpoint ims.aliyuncs.com\n",
		"\n  terraform import ram_user.NAME " + name + "\n",
		"\n  aliyun ims DeleteUserInRecycleBin --UserId " + id + " --endpoint ims.aliyuncs.com\n",
		"Action: CreateUser, code: EntityAlreadyExists.User",
	} {
		expected := says(text)
		if strings.HasPrefix(text, "\n") { // a line to be copied
			expected = regexp.MustCompile(regexp.QuoteMeta(text))
		}
		acc.Run(t, resource.TestStep{Config: config, ExpectError: expected})
	}
}

func TestAccUser_renamedToANameInTheRecycleBinIsRefusedWithAWayToGetItBack(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, keepsInBin)
	name, other := acc.Name("alice"), acc.Name("alicia")
	id := recycled(t, acc, other)
	config := func(name string) string { return fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name) }
	acc.Run(t,
		resource.TestStep{Config: config(name)},
		resource.TestStep{Config: config(other), ExpectError: says("The name belongs to a deleted user, ID " + id)},
	)
}

func TestAccUser_whoExistsIsToBeImportedThoughAnotherOneOfTheNameIsInTheRecycleBin(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.DeletedForGood, s.Unsure.RecycledNamesTaken = false, false })
	name := acc.Name("alice")
	recycled(t, acc, name)
	createUser(t, acc, name)
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name),
		ExpectError: says("The user already exists: " + name + ". To manage it here, run: terraform import ram_user.NAME " + name),
	})
}

func TestAccUser_isRefusedInTheServicesWordsWhereTheRecycleBinCannotBeLookedInto(t *testing.T) {
	t.Parallel()
	for _, fault := range []ramserver.Fault{
		{Status: http.StatusForbidden, Code: "NoPermission", Message: "You may not do this."},
		{Status: http.StatusNotFound, Code: "InvalidAction.NotFound", Message: "Specified api is not found."},
	} {
		acc := acctest.NewLocal(t, keepsInBin, func(s *ramserver.Server) {
			s.Intercept = func(c ramserver.Call) *ramserver.Fault {
				if c.Action == "ListUsersInRecycleBin" {
					return &fault
				}
				return nil
			}
		})
		name := acc.Name("alice")
		recycled(t, acc, name)
		acc.Run(t, resource.TestStep{
			Config:      fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, name),
			ExpectError: says("The user already exists: " + name + "."),
		})
		if n := acc.CallsOf("ListUsersInRecycleBin"); n != 1 {
			t.Errorf("the bin was asked for %d times", n)
		}
	}
}

// refusing refuses an action as long as it is told to.
type refusing struct{ on atomic.Bool }

func (r *refusing) setUp(action, code string) func(*ramserver.Server) {
	return func(s *ramserver.Server) {
		keepsInBin(s)
		s.Unsure.RecycledKeysCount, s.Unsure.FullBinRefuses = false, false
		s.Intercept = func(c ramserver.Call) *ramserver.Fault {
			if c.Action == action && r.on.Load() {
				return &ramserver.Fault{Status: http.StatusConflict, Code: code, Message: "There is no room."}
			}
			return nil
		}
	}
}

func TestAccUser_isNotDeletedWhileTheRecycleBinIsFullAndSaysWhy(t *testing.T) {
	t.Parallel()
	var full refusing
	acc := acctest.NewLocal(t, full.setUp("DeleteUser", "LimitExceeded.Somewhere"))
	acc.Run(t,
		resource.TestStep{Config: fmt.Sprintf(`resource "ram_user" "alice" { name = %q }`, acc.Name("alice"))},
		resource.TestStep{
			PreConfig: func() { full.on.Store(true) },
			Config:    `output "nothing" { value = 1 }`, ExpectError: says("Delete some of them for good in the RAM console under Users > Recycle Bin"),
		},
		resource.TestStep{
			PreConfig: func() { full.on.Store(false) },
			Config:    `output "nothing" { value = 1 }`,
		},
	)
}

// recycledKeys makes keys of the user and deletes them, and gives the id of the one that is to go first.
func recycledKeys(t *testing.T, acc *acctest.Account, userName string, n int) string {
	t.Helper()
	for range n {
		key, err := acc.Client().CreateAccessKey(t.Context(), userName)
		must(t, err)
		must(t, acc.Client().DeleteAccessKey(t.Context(), userName, key.ID))
	}
	keys, err := acc.Client().RecycledKeys(t.Context(), userID(t, acc, userName))
	must(t, err)
	return keys[0].ID
}

func userID(t *testing.T, acc *acctest.Account, name string) string {
	t.Helper()
	u, err := acc.Client().User(t.Context(), name, "")
	must(t, err)
	return u.ID
}

func TestAccAccessKey_forWhichKeysInTheRecycleBinLeaveNoRoomIsRefusedWithTheirNames(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, keepsInBin)
	name := acc.Name("bot")
	createUser(t, acc, name)
	id := userID(t, acc, name)
	first := recycledKeys(t, acc, name, 1)
	_, err := acc.Client().CreateAccessKey(t.Context(), name)
	must(t, err)
	config := fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name)
	for _, text := range []string{
		"This one has 1, but deleted ones may count as long as they are in its recycle bin. It has " + first + " (until 2",
		fmt.Sprintf("aliyun ims DeleteAccessKeyInRecycleBin --UserId %s --UserAccessKeyId %s --endpoint ims.aliyuncs.com", id, first),
		fmt.Sprintf("aliyun ims RestoreAccessKeyFromRecycleBin --UserId %s --UserAccessKeyId %s --endpoint ims.aliyuncs.com", id, first),
		"Action: CreateAccessKey, code: LimitExceeded.User.AccessKey",
	} {
		acc.Run(t, resource.TestStep{Config: config, ExpectError: says(text)})
	}
}

func TestAccAccessKey_forWhichTwoOthersLeaveNoRoomDoesNotBlameTheRecycleBin(t *testing.T) {
	t.Parallel()
	acc := acctest.NewLocal(t, func(s *ramserver.Server) { s.Unsure.DeletedForGood, s.Unsure.RecycledKeysCount = false, false })
	name := acc.Name("bot")
	createUser(t, acc, name)
	recycledKeys(t, acc, name, 1)
	for range 2 {
		_, err := acc.Client().CreateAccessKey(t.Context(), name)
		must(t, err)
	}
	acc.Run(t, resource.TestStep{
		Config:      fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name),
		ExpectError: says("Nothing was sent. Take some away, or have the quota raised, and apply again."),
	})
}

func TestAccAccessKey_isNotDeletedWhileTheRecycleBinIsFullAndSaysWhatIsInIt(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"LimitExceeded.Somewhere", "DeleteConflict.Somehow"} {
		var full refusing
		acc := acctest.NewLocal(t, full.setUp("DeleteAccessKey", code))
		name := acc.Name("bot")
		createUser(t, acc, name)
		id := userID(t, acc, name)
		first := recycledKeys(t, acc, name, 3)
		steps := []resource.TestStep{{Config: fmt.Sprintf(`resource "ram_access_key" "key" { user_name = %q }`, name)}}
		for _, text := range []string{
			"The user's recycle bin holds at most three deleted access keys and may have no room for another. It has " + first + " (until 2",
			fmt.Sprintf("aliyun ims DeleteAccessKeyInRecycleBin --UserId %s --UserAccessKeyId %s --endpoint ims.aliyuncs.com", id, first),
		} {
			steps = append(steps, resource.TestStep{
				PreConfig: func() { full.on.Store(true) },
				Config:    `output "nothing" { value = 1 }`, ExpectError: says(text),
			})
		}
		acc.Run(t, append(steps, resource.TestStep{
			PreConfig: func() { full.on.Store(false) },
			Config:    `output "nothing" { value = 1 }`,
		})...)
	}
}

func TestAccUser_destroyedByForceSaysWhatIsInTheRecycleBinOfItsKeys(t *testing.T) {
	t.Parallel()
	var full refusing
	acc := acctest.NewLocal(t, full.setUp("DeleteAccessKey", "LimitExceeded.Somewhere"))
	name := acc.Name("bot")
	acc.Run(t,
		resource.TestStep{Config: fmt.Sprintf("resource \"ram_user\" \"bot\" {\n name = %q\n force_destroy = true\n}", name)},
		resource.TestStep{
			PreConfig: func() {
				recycledKeys(t, acc, name, 1)
				_, err := acc.Client().CreateAccessKey(t.Context(), name)
				must(t, err)
				full.on.Store(true)
			},
			Config: `output "nothing" { value = 1 }`, ExpectError: says("The user's recycle bin holds at most three deleted access keys"),
		},
		resource.TestStep{
			PreConfig: func() { full.on.Store(false) },
			Config:    `output "nothing" { value = 1 }`,
		},
	)
}
