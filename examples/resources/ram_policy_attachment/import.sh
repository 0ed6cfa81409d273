# By type/policy/kind/principal, where the kind is user, group or role:
terraform import ram_policy_attachment.auditors_read_everything System/ReadOnlyAccess/group/auditors

# Within a resource group, its ID follows:
terraform import ram_policy_attachment.report_mailer_in_staging System/AliyunOSSFullAccess/user/report-mailer/rg-acfmdefault0001
