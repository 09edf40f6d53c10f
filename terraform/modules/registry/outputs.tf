output "repository_url" {
  description = "Where images are pushed to and pulled from, without a tag or digest."
  value       = aws_ecr_repository.this.repository_url
}

output "repository_arn" {
  description = "ARN of the repository, for the policies of those who push and pull."
  value       = aws_ecr_repository.this.arn
}
