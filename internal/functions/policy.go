package functions

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/policydoc"
)

const aboutMeaning = "The values of actions, resources, principals and conditions are sets, a single value equals a list of it, and white space and the order of names do not count; " +
	"the order of statements does."

var policyEquivalent = &pure{
	name: "policy_equivalent",
	definition: function.Definition{
		Summary:             "Whether two policy documents mean the same",
		MarkdownDescription: "Whether two policy documents mean the same to RAM, as this provider compares them. " + aboutMeaning,
		Parameters:          []function.Parameter{text("a", "One document, as JSON."), text("b", "The other document, as JSON.")},
		Return:              function.BoolReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var documents [2]string
		if resp.Error = req.Arguments.Get(ctx, &documents[0], &documents[1]); resp.Error != nil {
			return
		}
		for i, document := range documents {
			if _, err := policydoc.Read(document); err != nil {
				refuse(resp, int64(i), err)
			}
		}
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, policydoc.Equal(documents[0], documents[1]))
		}
	},
}

var policyMinify = &pure{
	name: "policy_minify",
	definition: function.Definition{
		Summary: "Shortens a policy document",
		MarkdownDescription: fmt.Sprintf("The document in as few characters as its meaning allows: without white space, Sids and repetitions, and a list of one as its value. RAM takes documents of up to %d characters. ", policydoc.MaxCharacters) +
			aboutMeaning,
		Parameters: []function.Parameter{text("document", "The document, as JSON.")},
		Return:     function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var document string
		if resp.Error = req.Arguments.Get(ctx, &document); resp.Error != nil {
			return
		}
		policy, err := policydoc.Read(document)
		if err != nil {
			refuse(resp, 0, err)
			return
		}
		resp.Error = resp.Result.Set(ctx, policy.WithoutSids().Minified())
	},
}

var policyMerge = &pure{
	name: "policy_merge",
	definition: function.Definition{
		Summary: "Makes one policy document of several",
		MarkdownDescription: "One document with the statements of all, in their order, minified. Statements that mean the same become one. Statements of different meaning with the same Sid are an error; " +
			"the Sids themselves are left out. The data source `ram_policy_document` can also override statements.",
		VariadicParameter: text("documents", "The documents, as JSON, at least one. Of a list: `policy_merge(local.documents...)`."),
		Return:            function.StringReturn{},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var documents []string
		if resp.Error = req.Arguments.Get(ctx, &documents); resp.Error != nil {
			return
		}
		if len(documents) == 0 {
			resp.Error = function.NewFuncError("Give at least one document to merge.")
			return
		}
		var policies []policydoc.Policy
		for i, document := range documents {
			policy, err := policydoc.Read(document)
			if err != nil {
				refuse(resp, int64(i), err)
			}
			policies = append(policies, policy)
		}
		if resp.Error != nil {
			return
		}
		merged, err := policydoc.Merge(policies...)
		if err == nil {
			_, err = merged.Kind()
		}
		if err != nil {
			resp.Error = function.NewFuncError(err.Error())
			return
		}
		resp.Error = resp.Result.Set(ctx, merged.WithoutSids().Minified())
	},
}

var policySplit = &pure{
	name: "policy_split",
	definition: function.Definition{
		Summary: "Splits a policy document into documents within the size limit",
		MarkdownDescription: fmt.Sprintf("Documents, minified, which together mean the same and of which none has more than %d characters, the most that RAM takes. ", policydoc.MaxCharacters) +
			"Each statement goes whole to the first document that has room for it, so that a statement which is added at the end moves no other; one that is too long by itself is divided by its actions or its resources. " +
			"A user, group or role can have a limited number of policies: see the quotas of the data source `ram_account`.",
		Parameters:        []function.Parameter{text("document", "The document, as JSON: an identity policy, for a role has only one trust policy.")},
		VariadicParameter: function.Int64Parameter{Name: "max_characters", MarkdownDescription: fmt.Sprintf("The most characters that a document may have, at most one number; %d when it is left out.", policydoc.MaxCharacters)},
		Return:            function.ListReturn{ElementType: types.StringType},
	},
	run: func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var document string
		var limits []int64
		if resp.Error = req.Arguments.Get(ctx, &document, &limits); resp.Error != nil {
			return
		}
		limit := policydoc.MaxCharacters
		switch {
		case len(limits) > 1:
			refuse(resp, 2, errors.New("give one number of characters"))
			return
		case len(limits) == 1 && limits[0] < 100:
			refuse(resp, 1, fmt.Errorf("no policy has room in %d characters", limits[0]))
			return
		case len(limits) == 1:
			limit = int(limits[0])
		}
		policy, err := policydoc.Read(document)
		var parts []policydoc.Policy
		if err == nil {
			parts, err = policy.WithoutSids().Split(limit)
		}
		if err != nil {
			refuse(resp, 0, err)
			return
		}
		texts := make([]string, 0, len(parts))
		for _, part := range parts {
			texts = append(texts, part.Minified())
		}
		resp.Error = resp.Result.Set(ctx, texts)
	},
}
