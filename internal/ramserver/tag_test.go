package ramserver

import "testing"

func TestTagCodes(t *testing.T) {
	play(
		t, &Server{},
		step{"CreateRole", "RoleName=r&" + trustDoc, "200"},
		step{"TagResources", `ResourceType=role&ResourceNames=["r"]`, "400 MissingTag"},
		step{"TagResources", `ResourceType=user&ResourceNames=["r"]&Tag=[{"Key":"k"}]`, "400 InvalidParameter.ResourceType.Format"},
		step{"TagResources", `ResourceType=role&ResourceNames=r&Tag=[{"Key":"k"}]`, "400 InvalidParameter.ResourceNames.Format"},
		step{"TagResources", `ResourceType=role&ResourceNames=["q"]&Tag=[{"Key":"k"}]`, "404 EntityNotExist.Role"},
		step{"TagResources", `ResourceType=role&ResourceNames=["r"]&Tag=[{"Key":""}]`, "400 InvalidParameter.Tag.Key.Length"},
		step{"TagResources", `ResourceType=role&ResourceNames=["r"]&Tag=[{"Key":"aliyun"}]`, "400 InvalidParameter.Tag.Key.Format"},
		step{"TagResources", `ResourceType=role&ResourceNames=["r"]&Tag=[{"Key":"k","Value":"acs:x"}]`, "400 InvalidParameter.Tag.Value.Format"},
		step{"TagResources", `ResourceType=role&ResourceNames=["r"]&Tag=[{"Key":"k","Value":"v"}]`, "200"},
		step{"UntagResources", `ResourceType=role&ResourceNames=["r"]&TagKeys=["z"]`, "200"},
		step{"TagResources", `ResourceType=role&ResourceNames=[]&Tag=[{"Key":"k"}]`, "400 MissingResourceNames"},
		step{"ListTagResources", `ResourceType=role&PageSize=101`, "400 InvalidParameter.PageSize"},
	)
}

func TestTagsOfRolesAndPoliciesAreSetListedAndRemoved(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	c.ram("CreatePolicy", "PolicyName=p", "PolicyDocument="+identityDocument, `Tag=[{"Key":"a","Value":"1"}]`)
	c.ram("TagResources", "ResourceType=policy", `ResourceNames=["p"]`, `Tag=[{"Key":"a","Value":"2"},{"Key":"b","Value":"3"}]`)
	b := c.ram("ListTagResources", "ResourceType=policy", "PageSize=1")
	if b.text("TagResources.0.TagKey") != "a" || b.text("TagResources.0.TagValue") != "2" || len(b.list("TagResources")) != 1 {
		t.Errorf("first page: %v", b)
	}
	if b = c.ram("ListTagResources", "ResourceType=policy", "NextToken="+b.text("NextToken")); b.text("TagResources.0.TagKey") != "b" {
		t.Errorf("second page: %v", b)
	}
	c.ram("UntagResources", "ResourceType=policy", `ResourceNames=["p"]`, `TagKeys=["a"]`, "All=true")
	if b = c.ram("ListTagResources", "ResourceType=policy"); len(b.list("TagResources")) != 1 {
		t.Errorf("All counts without keys only: %v", b)
	}
	c.ram("UntagResources", "ResourceType=policy", `ResourceNames=["p"]`, "All=true")
	if b = c.ram("ListTagResources", "ResourceType=policy"); len(b.list("TagResources")) != 0 {
		t.Errorf("tags left: %v", b)
	}
}

func TestTagsOfUsersAreSetListedAndRemoved(t *testing.T) {
	var s Server
	c := rootClient(t, &s)
	id := c.ram("CreateUser", "UserName=alice").text("User.UserId")
	upn := "alice@" + c.ims("GetDefaultDomain").text("DefaultDomainName")
	c.ims("TagResources", "ResourceType=user", "ResourceId.1="+id, "Tag.1.Key=a", "Tag.1.Value=1", "Tag.2.Key=b", "Tag.2.Value=")
	c.ims("TagResources", "ResourceType=user", "ResourcePrincipalName.1="+upn, "Tag.1.Key=a", "Tag.1.Value=2")
	b := c.ims("ListTagResources", "ResourceType=user", "PageSize=1")
	if b.text("TagResources.TagResource.0.TagValue") != "2" || b.text("TagResources.TagResource.0.ResourceId") != id {
		t.Errorf("first page: %v", b)
	}
	if b = c.ims("ListTagResources", "ResourceType=user", "ResourceId.1="+id, "NextToken="+b.text("NextToken")); b.text("TagResources.TagResource.0.TagKey") != "b" {
		t.Errorf("second page: %v", b)
	}
	c.ims("UntagResources", "ResourceType=user", "ResourceId.1="+id, "TagKey.1=a", "All=true")
	if b = c.ims("GetUser", "UserId="+id); len(b.list("User.Tags.Tag")) != 1 {
		t.Errorf("All counts without keys only: %v", b)
	}
	c.ims("UntagResources", "ResourceType=user", "ResourceId.1="+id, "All=true")
	if b = c.ims("GetUser", "UserId="+id); len(b.list("User.Tags.Tag")) != 0 {
		t.Errorf("tags left: %v", b)
	}
	c.refused(404, "EntityNotExist.User", imsVersion, "TagResources", "ResourceType=user", "ResourceId.1=999", "Tag.1.Key=a")
	c.refused(404, "EntityNotExist.User", imsVersion, "TagResources", "ResourceType=user", "ResourcePrincipalName.1=alice@other.onaliyun.com", "Tag.1.Key=a")
	c.refused(400, "InvalidParameter.ResourceType.Format", imsVersion, "TagResources", "ResourceType=role", "ResourceId.1="+id, "Tag.1.Key=a")
	c.refused(400, "MissingResourceId", imsVersion, "TagResources", "ResourceType=user", "Tag.1.Key=a")
	c.refused(400, "InvalidParameter.Tag.Key.Format", imsVersion, "TagResources", "ResourceType=user", "ResourceId.1="+id, "Tag.1.Key=aliyun1")
}

func TestIndexesOfArraysCountFromOneWithoutAGap(t *testing.T) {
	play(
		t, &Server{},
		step{"ims ListUsers", "Tag.1.Key=a&Tag.1.Value=b&Tag.2.Key=c", "200"},
		step{"ims ListUsers", "Tag.0.Key=a", "400 InvalidParameter.Unknown"},
		step{"ims ListUsers", "Tag.01.Key=a", "400 InvalidParameter.Unknown"},
		step{"ims ListUsers", "Tag.2.Key=a", "400 InvalidParameter.Tag.2.Key.Format"},
		step{"ims ListUsers", "Tag.1.Value=a", "400 InvalidParameter.Tag.1.Value.Format"},
		step{"ims ListTagResources", "ResourceType=user&ResourceId.2=1", "400 InvalidParameter.ResourceId.2.Format"},
	)
}
