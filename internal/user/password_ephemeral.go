package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/ram-provider/terraform-provider-ram/internal/base"
	"github.com/ram-provider/terraform-provider-ram/internal/password"
	"github.com/ram-provider/terraform-provider-ram/internal/ramapi"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*passwordEphemeral)(nil)

type passwordEphemeral struct{ base.EphemeralResource }

// NewPasswordEphemeral gives the ephemeral resource ram_password.
func NewPasswordEphemeral() ephemeral.EphemeralResource { return &passwordEphemeral{} }

type passwordModel struct {
	Length   types.Int64  `tfsdk:"length"`
	UserName types.String `tfsdk:"user_name"`
	Password types.String `tfsdk:"password"`
}

func (e *passwordEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "ram_password"
}

func (e *passwordEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A random password that fulfils the account's password policy, for `password_wo` of `ram_login_profile` and a place where the person finds it.\n\n" +
			"It is another one in each plan and each apply, and kept neither in the state nor in a plan: within one apply everything that uses it gets the same. " +
			"It has letters of both cases, digits and symbols, whatever the policy asks.",
		Attributes: map[string]schema.Attribute{
			"length": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: lengthDescription,
				Validators:          []validator.Int64{int64validator.Between(password.MinLength, password.MaxLength)},
			},
			"user_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the user whose password it is to be: it is then not part of the password, which a policy may forbid.",
				Validators:          []validator.String{base.UserName},
			},
			"password": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The password. It is kept neither in the state nor in a plan.",
			},
		},
	}
}

func (e *passwordEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m passwordModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	rules, _, err := e.Client.PasswordRules(ctx, ramapi.PasswordPolicy{})
	if err != nil {
		base.AddErrorf(&resp.Diagnostics, err, "Unable to read the account's password policy")
		return
	}
	generated, err := rules.Generate(passwordLength(m.Length, rules), m.UserName.ValueString())
	if err != nil {
		base.AddAttributeErrorf(&resp.Diagnostics, path.Root("length"), err, "Unable to generate a password")
		return
	}
	m.Password = types.StringValue(generated)
	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}

// usualLength is that of a generated password which nobody has given one.
const usualLength = 20

const lengthDescription = "How many characters the password has, 8 to 32 and no fewer than the account's password policy wants. " +
	"20 when left out, or more where the policy wants more."

// passwordLength gives the length of a password to generate.
func passwordLength(configured types.Int64, rules password.Policy) int {
	if configured.IsNull() {
		return rules.Length(usualLength)
	}
	return int(configured.ValueInt64())
}
