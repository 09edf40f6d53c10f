output "repository_url" {
  description = "Where images are pushed to, without tag or digest."
  value       = module.registry.repository_url
}

output "packages_bucket" {
  description = "Name of the bucket that functions' packages are uploaded to, as functions/NAME/HASH.zip, with `--if-none-match '*'`."
  value       = module.packages.id
}

output "build_role_arn" {
  description = "Role of the job that builds, on the main branch."
  value       = module.build_role.arn
}

output "name_servers" {
  description = "What to set where the domain was bought, or null if the zone is not ours."
  value       = local.zones == 1 ? aws_route53_zone.domain[0].name_servers : null
}

output "ds_record" {
  description = "With `dnssec`: the DS record to set where the domain was bought, once this is applied; null otherwise."
  value       = var.dnssec ? aws_route53_key_signing_key.domain[0].ds_record : null
}
