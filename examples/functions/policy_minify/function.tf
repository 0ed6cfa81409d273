resource "ram_policy" "reader" {
  name = "reader"
  policy_document = provider::ram::policy_minify(<<-JSON
    {
      "Version": "1",
      "Statement": [
        { "Effect": "Allow", "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:reports/*"] }
      ]
    }
  JSON
  )
}
