package ramserver

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

type user struct {
	UserID        string            `json:"UserId"`
	UserName      string            `json:"UserName"`
	DisplayName   string            `json:"DisplayName"`
	MobilePhone   string            `json:"MobilePhone"`
	Email         string            `json:"Email"`
	Comments      string            `json:"Comments"`
	ProvisionType string            `json:"ProvisionType"` // Manual, SCIM or CloudSSO
	Tags          map[string]string `json:"Tags"`
	CreateDate    time.Time         `json:"CreateDate"`
	UpdateDate    time.Time         `json:"UpdateDate"`
	LastLoginDate time.Time         `json:"LastLoginDate"`
	LoginProfile  *loginProfile     `json:"LoginProfile"`
	Policies      []attachment      `json:"Policies"`

	newborn
}

// manual is how users come about here. Others, of SCIM or CloudSSO, can be loaded.
const manual = "Manual"

func userName(u *user) string { return u.UserName }

// userNamed returns the user of that name, visible or not, or nil.
func (s *Server) userNamed(name string) *user {
	return s.state.index.users[s.nameKey(name)]
}

// namedUser returns the user that a request names: by UserName in RAM, by UserPrincipalName in IMS.
func (s *Server) namedUser(r request) (*user, error) {
	if r.version == imsVersion {
		return s.userNamedBy(r, "UserPrincipalName")
	}
	return s.userNamedBy(r, "UserName")
}

// userNamedBy returns the user whose name, in IMS principal name, is in the parameter.
func (s *Server) userNamedBy(r request, param string) (*user, error) {
	var name string
	var err error
	if r.version == imsVersion {
		name, err = s.principalName(r, param)
	} else {
		name, err = s.name(r, param, userNames)
	}
	if err != nil {
		return nil, err
	}
	u := s.userNamed(name)
	if u == nil || !u.visible() {
		return nil, noUser(name)
	}
	return u, nil
}

func noUser(name string) error {
	return notExist("User", "The user does not exist: %s.", name)
}

// principalName returns the user part of a parameter that is a user principal name. A name of another domain is well
// formed and belongs to no user: what it returns then is the whole name, which no user can have.
func (s *Server) principalName(r request, param string) (string, error) {
	upn, err := s.required(r, param)
	if err != nil {
		return "", err
	}
	if n := s.length(upn); n < 1 || n > 128 {
		return "", badLength(param, 1, 128)
	}
	name, domain, ok := strings.Cut(upn, "@")
	if !ok {
		return "", badFormat(param, "<user>@<domain>")
	}
	if err := s.checkName(param, name, userNames); err != nil {
		return "", err
	}
	if !strings.EqualFold(domain, s.defaultDomain()) {
		return upn, nil
	}
	return name, nil
}

func (s *Server) userPrincipalName(u *user) string { return s.principalNameOf(u.UserName) }

func (s *Server) principalNameOf(userName string) string { return userName + "@" + s.defaultDomain() }

// newUserName returns the name that a request wants to give, checked for rules and for owners other than except.
func (s *Server) newUserName(r request, ramParam, imsParam string, except *user) (string, error) {
	param, name := ramParam, ""
	var err error
	if r.version == imsVersion {
		param = imsParam
		if name, err = s.principalName(r, param); err == nil && strings.Contains(name, "@") {
			err = badFormat(param, "in the domain "+s.defaultDomain())
		}
	} else {
		name, err = s.name(r, param, userNames)
	}
	if err != nil {
		return "", err
	}
	if u := s.userNamed(name); u != nil && u != except {
		return "", alreadyExists("User", "The user already exists: %s.", name)
	}
	if s.Unsure.RecycledNamesTaken && s.isRecycledName(name) {
		return "", alreadyExists("User", "The user already exists: %s.", name)
	}
	return name, nil
}

func (s *Server) createUser(r request) (reply, error) {
	name, err := s.newUserName(r, "UserName", "UserPrincipalName", nil)
	if err != nil {
		return nil, err
	}
	u := &user{UserName: name, ProvisionType: manual, Tags: map[string]string{}}
	if r.version == imsVersion && r.Get("DisplayName") == "" {
		return nil, s.missing("DisplayName")
	}
	if s.Unsure.DisplayNameDefaults {
		u.DisplayName = name
	}
	if err := s.setPersonalData(u, r, ""); err != nil {
		return nil, err
	}
	if err := s.setTags(u.Tags, userTags, numberedTags(r)); err != nil {
		return nil, err
	}
	if limit := s.quotas().Users; len(s.state.Users) >= limit {
		return nil, limitExceeded("User", limit)
	}
	u.UserID, u.newborn = s.newUserID(name), s.newborn()
	u.CreateDate = s.now()
	u.UpdateDate = u.CreateDate
	s.addUser(u)
	return s.userReply(r, u, "UpdateDate", "LastLoginDate"), nil
}

func (s *Server) getUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return s.userReply(r, u), nil
}

// getUserIMS finds a user by exactly one of three parameters.
func (s *Server) getUserIMS(r request) (reply, error) {
	u, err := s.userByAny(r, "UserPrincipalName", "UserId", "UserAccessKeyId")
	if err != nil {
		return nil, err
	}
	view := s.imsUser(u)
	view["UserName"] = u.UserName
	return reply{"User": view}, nil
}

// userByAny returns the user that exactly one of the parameters names.
func (s *Server) userByAny(r request, params ...string) (*user, error) {
	params = slices.DeleteFunc(params, func(p string) bool { return !r.Has(p) })
	if len(params) == 0 {
		return nil, s.missing("UserPrincipalName")
	}
	if len(params) > 1 {
		return nil, badFormat(params[1], "left out where "+params[0]+" is given")
	}
	id := r.Get(params[0])
	switch params[0] {
	case "UserPrincipalName":
		return s.namedUser(r)
	case "UserAccessKeyId":
		key := s.state.AccessKeys[id]
		if key == nil || key.UserID == "" {
			return nil, notExist("User.AccessKey", "The access key does not exist: %s.", id)
		}
		id = key.UserID
	}
	u := s.state.Users[id]
	if u == nil || !u.visible() {
		return nil, noUser(id)
	}
	return u, nil
}

func (s *Server) listUsers(r request) (reply, error) {
	users, marker, err := page(s, r, s.state.index.listed, userName, 100, 1000)
	if err != nil {
		return nil, err
	}
	return listReply("Users", "User", each(users, func(u *user) reply {
		view := ramUser(u)
		delete(view, "LastLoginDate")
		return view
	}), marker), nil
}

// listUsersIMS lists users by state and tags. Nothing ever freezes a user here, so all are active.
func (s *Server) listUsersIMS(r request) (reply, error) {
	users := slices.Clone(s.state.index.listed)
	switch r.Get("Status") {
	case "", "active", "active,freeze", "freeze,active":
	case "freeze":
		users = nil
	default:
		return nil, badFormat("Status", "active, freeze or both")
	}
	wanted := numberedTags(r)
	users = slices.DeleteFunc(users, func(u *user) bool { return !hasTags(u.Tags, wanted) })
	users, marker, err := page(s, r, users, userName, 1000, 1000)
	if err != nil {
		return nil, err
	}
	return listReply("Users", "User", each(users, func(u *user) reply {
		view := s.imsUser(u)
		view["Status"] = "active"
		return view
	}), marker), nil
}

func (s *Server) updateUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return s.changeUser(r, u)
}

func (s *Server) updateUserIMS(r request) (reply, error) {
	u, err := s.userByAny(r, "UserPrincipalName", "UserId")
	if err != nil {
		return nil, err
	}
	return s.changeUser(r, u)
}

// changeUser renames in place: what belongs to the user hangs on its id.
func (s *Server) changeUser(r request, u *user) (reply, error) {
	changed := *u
	if r.Has("NewUserName") || r.Has("NewUserPrincipalName") {
		name, err := s.newUserName(r, "NewUserName", "NewUserPrincipalName", u)
		if err != nil {
			return nil, err
		}
		changed.UserName = name
	}
	if err := s.setPersonalData(&changed, r, "New"); err != nil {
		return nil, err
	}
	changed.UpdateDate = s.now()
	s.setUser(u, changed)
	return s.userReply(r, u, "LastLoginDate"), nil
}

// setPersonalData sets what a request says about a person, in parameters with a prefix ("" or "New"). An empty text
// clears, an absent one keeps.
func (s *Server) setPersonalData(u *user, r request, prefix string) error {
	for _, f := range []struct {
		param string
		field *string
		check func(param, value string) error
	}{
		{prefix + "DisplayName", &u.DisplayName, s.displayNameCheck(r)},
		{prefix + "Comments", &u.Comments, s.checkComments},
		{prefix + "MobilePhone", &u.MobilePhone, checkMobilePhone},
		{prefix + "Email", &u.Email, checkEmail},
	} {
		if !r.Has(f.param) {
			continue
		}
		value := r.Get(f.param)
		if value != "" {
			if err := f.check(f.param, value); err != nil {
				return err
			}
		}
		if s.Unsure.PersonalDataIgnored && (f.field == &u.Email || f.field == &u.MobilePhone) {
			continue
		}
		*f.field = value
	}
	return nil
}

func (s *Server) displayNameCheck(r request) func(param, value string) error {
	maximum := 128
	if r.version == imsVersion && s.Unsure.ShortDisplayNames {
		maximum = 24
	}
	return func(param, value string) error {
		if s.length(value) > maximum {
			return badLength(param, 1, maximum)
		}
		bad := unicode.IsControl
		if s.Unsure.NarrowDisplayNames {
			bad = func(c rune) bool {
				return !nameRule{others: ".@-"}.allows(string(c)) && (c < '\u4e00' || c > '\u9fa5')
			}
		}
		if strings.ContainsFunc(value, bad) {
			return badChars(param)
		}
		return nil
	}
}

func (s *Server) checkComments(param, value string) error {
	if s.length(value) > 128 {
		return badLength(param, 1, 128)
	}
	return nil
}

var mobilePhone = regexp.MustCompile(`^\d{1,4}-\d{4,20}$`)

func checkMobilePhone(param, value string) error {
	if !mobilePhone.MatchString(value) {
		return badFormat(param, "<country code>-<number>")
	}
	return nil
}

func checkEmail(param, value string) error {
	if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
		return badFormat(param, "an e-mail address")
	}
	return nil
}

// userReply shows one user in the form of the API that was called. RAM leaves some fields out of some answers.
func (s *Server) userReply(r request, u *user, ramOmits ...string) reply {
	if r.version == imsVersion {
		return reply{"User": s.imsUser(u)}
	}
	view := ramUser(u)
	for _, field := range ramOmits {
		delete(view, field)
	}
	return reply{"User": view}
}

func ramUser(u *user) reply {
	return reply{
		"UserId":        u.UserID,
		"UserName":      u.UserName,
		"DisplayName":   u.DisplayName,
		"MobilePhone":   u.MobilePhone,
		"Email":         u.Email,
		"Comments":      u.Comments,
		"CreateDate":    timestamp(u.CreateDate),
		"UpdateDate":    timestamp(u.UpdateDate),
		"LastLoginDate": timestamp(u.LastLoginDate),
	}
}

func (s *Server) imsUser(u *user) reply {
	return reply{
		"UserId":            u.UserID,
		"UserPrincipalName": s.userPrincipalName(u),
		"DisplayName":       u.DisplayName,
		"MobilePhone":       u.MobilePhone,
		"Email":             u.Email,
		"Comments":          u.Comments,
		"ProvisionType":     u.ProvisionType,
		"Tags":              tagList(u.Tags),
		"CreateDate":        timestamp(u.CreateDate),
		"UpdateDate":        timestamp(u.UpdateDate),
		"LastLoginDate":     timestamp(u.LastLoginDate),
	}
}

func (s *Server) deleteUser(r request) (reply, error) {
	u, err := s.namedUser(r)
	if err != nil {
		return nil, err
	}
	return nil, s.removeUser(u)
}

func (s *Server) deleteUserIMS(r request) (reply, error) {
	u, err := s.userByAny(r, "UserPrincipalName", "UserId")
	if err != nil {
		return nil, err
	}
	return nil, s.removeUser(u)
}

// removeUser refuses a user who still has something. What Unsure.DeleteUserTakesAll lets go, goes along: keys and
// password into the recycle bin with the user.
func (s *Server) removeUser(u *user) error {
	takesAll := s.Unsure.DeleteUserTakesAll
	keys, device := s.accessKeys(u.UserID), s.deviceOf(u)
	switch {
	case len(s.groupsOf(u)) > 0:
		return deleteConflict("User.Group", "The user %s is in groups.", u.UserName)
	case len(u.Policies) > 0:
		return deleteConflict("User.Policy", "The user %s has policies.", u.UserName)
	case len(keys) > 0 && !takesAll:
		return deleteConflict("User.AccessKey", "The user %s has access keys.", u.UserName)
	case u.LoginProfile != nil && !takesAll:
		return deleteConflict("User.LoginProfile", "The user %s has a login profile.", u.UserName)
	case device != nil && !takesAll:
		return deleteConflict("User.MFADevice", "The user %s has an MFA device.", u.UserName)
	}
	if err := s.checkRoomForUser(); err != nil {
		return err
	}
	if err := s.leaveResourceGroups("User", u.UserID); err != nil {
		return err
	}
	for _, key := range keys {
		s.dropAccessKey(key)
		s.recycleKey(key)
	}
	if device != nil {
		s.unbind(device)
	}
	s.dropUser(u)
	s.recycleUser(u)
	return nil
}
