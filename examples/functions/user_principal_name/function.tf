output "logon_name" {
  value = provider::ram::user_principal_name("alice", "1234567890123456") # alice@1234567890123456.onaliyun.com
}
