output "stack" {
  description = "All that a release and an operator ask for: see modules/stack."
  value       = module.stack
}
