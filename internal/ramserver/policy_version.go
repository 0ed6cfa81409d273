package ramserver

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

type policyVersion struct {
	VersionID      string    `json:"VersionId"`
	PolicyDocument string    `json:"PolicyDocument"`
	CreateDate     time.Time `json:"CreateDate"`
}

// version returns a version of the policy, or nil.
func (p *policy) version(id string) *policyVersion {
	i := slices.IndexFunc(p.Versions, func(v policyVersion) bool { return v.VersionID == id })
	if i < 0 {
		return nil
	}
	return &p.Versions[i]
}

// addVersion appends a version with the next number, or with the lowest one free.
func (p *policy) addVersion(document string, now time.Time, reuseNumbers bool) *policyVersion {
	p.VersionsMade++
	number := p.VersionsMade
	if reuseNumbers {
		for number = 1; p.version(versionID(number)) != nil; number++ {
		}
	}
	p.Versions = append(p.Versions, policyVersion{VersionID: versionID(number), PolicyDocument: document, CreateDate: now})
	return &p.Versions[len(p.Versions)-1]
}

func versionID(number int) string {
	return "v" + strconv.Itoa(number)
}

func (p *policy) deleteVersion(id string) {
	p.Versions = slices.DeleteFunc(p.Versions, func(v policyVersion) bool { return v.VersionID == id })
}

var versionIDs = regexp.MustCompile(`^v[1-9]\d*$`)

// namedVersion returns the version of a policy that a request names.
func (s *Server) namedVersion(r request, p *policy) (*policyVersion, error) {
	id := r.Get("VersionId")
	if v := p.version(id); v != nil {
		return v, nil
	}
	return nil, notExist("Policy.Version", "The policy %s has no version %s.", p.PolicyName, id)
}

// checkVersionID comes before the search for the policy, as every check of a parameter does.
func (s *Server) checkVersionID(r request) error {
	id, err := s.required(r, "VersionId")
	if err != nil {
		return err
	}
	if !versionIDs.MatchString(id) {
		return badFormat("VersionId", "v and a number")
	}
	return nil
}

// createPolicyVersion refuses one version too many, unless told to make room by deleting the oldest non-default one.
func (s *Server) createPolicyVersion(r request) (reply, error) {
	document, err := s.newPolicyDocument(r)
	if err != nil {
		return nil, err
	}
	setAsDefault, rotate := false, "None"
	if err := r.boolean(&setAsDefault, "SetAsDefault"); err != nil {
		return nil, err
	}
	if err := r.choice(&rotate, "RotateStrategy", "None", "DeleteOldestNonDefaultVersionWhenLimitExceeded"); err != nil {
		return nil, err
	}
	p, err := s.namedCustomPolicy(r)
	if err != nil {
		return nil, err
	}
	if limit := s.quotas().VersionsPerPolicy; len(p.Versions) >= limit {
		oldest := slices.IndexFunc(p.Versions, func(v policyVersion) bool { return v.VersionID != p.DefaultVersion })
		if rotate == "None" || oldest < 0 {
			return nil, limitExceeded("Policy.Version", limit)
		}
		p.deleteVersion(p.Versions[oldest].VersionID)
	}
	v := p.addVersion(document, s.now(), s.Unsure.VersionNumbersReused)
	if setAsDefault {
		p.DefaultVersion = v.VersionID
	}
	p.UpdateDate = s.now()
	return reply{"PolicyVersion": p.versionView(v)}, nil
}

func (s *Server) getPolicyVersion(r request) (reply, error) {
	if err := s.checkVersionID(r); err != nil {
		return nil, err
	}
	p, err := s.namedPolicy(r)
	if err != nil {
		return nil, err
	}
	v, err := s.namedVersion(r, p)
	if err != nil {
		return nil, err
	}
	return reply{"PolicyVersion": p.versionView(v)}, nil
}

func (s *Server) listPolicyVersions(r request) (reply, error) {
	p, err := s.namedPolicy(r)
	if err != nil {
		return nil, err
	}
	versions := slices.Clone(p.Versions)
	if s.Unsure.ListsReversed {
		slices.Reverse(versions)
	}
	return reply{"PolicyVersions": reply{"PolicyVersion": each(versions, func(v policyVersion) reply {
		view := p.versionView(&v)
		if s.Unsure.VersionListWithoutDocuments {
			delete(view, "PolicyDocument")
		}
		return view
	})}}, nil
}

func (s *Server) setDefaultPolicyVersion(r request) (reply, error) {
	if err := s.checkVersionID(r); err != nil {
		return nil, err
	}
	p, err := s.namedCustomPolicy(r)
	if err != nil {
		return nil, err
	}
	v, err := s.namedVersion(r, p)
	if err != nil {
		return nil, err
	}
	if v.VersionID == p.DefaultVersion && s.Unsure.SetDefaultAgainRefused {
		return nil, alreadyExists("Policy.Version", "The version %s is the default one.", v.VersionID)
	}
	p.DefaultVersion, p.UpdateDate = v.VersionID, s.now()
	return nil, nil
}

func (s *Server) deletePolicyVersion(r request) (reply, error) {
	if err := s.checkVersionID(r); err != nil {
		return nil, err
	}
	p, err := s.namedCustomPolicy(r)
	if err != nil {
		return nil, err
	}
	v, err := s.namedVersion(r, p)
	if err != nil {
		return nil, err
	}
	if v.VersionID == p.DefaultVersion {
		return nil, deleteConflict("Policy.Version.Default", "The version %s is the default one.", v.VersionID)
	}
	p.deleteVersion(v.VersionID)
	return nil, nil
}

func (p *policy) versionView(v *policyVersion) reply {
	return reply{
		"VersionId":        v.VersionID,
		"IsDefaultVersion": v.VersionID == p.DefaultVersion,
		"PolicyDocument":   v.PolicyDocument,
		"CreateDate":       timestamp(v.CreateDate),
	}
}
