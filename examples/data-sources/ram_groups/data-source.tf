# The groups whose names begin with team-.
data "ram_groups" "teams" {
  name_regex = "^team-"
}

output "teams" {
  value = { for g in data.ram_groups.teams.groups : g.name => g.comments }
}
