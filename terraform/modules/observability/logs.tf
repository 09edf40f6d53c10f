resource "aws_cloudwatch_log_group" "service" {
  name              = "/${var.name}/service"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key
}

# What the collector writes here, CloudWatch makes metrics of.
resource "aws_cloudwatch_log_group" "metrics" {
  name              = "/${var.name}/metrics"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key
}

locals {
  runbooks = "${path.module}/../../../docs/runbooks"

  # The blocks of code in no language, which a test of the service holds against what it logs (api/tests/telemetry/runbooks.rs).
  queries = merge([for page in fileset(local.runbooks, "*.md") : {
    for number, query in [
      for position, piece in split("```", file("${local.runbooks}/${page}")) : trimspace(piece) if position % 2 == 1 && startswith(piece, "\n")
    ] : "${trimsuffix(page, ".md")}/${number + 1}" => { page = page, text = query }
  }]...)
}

# The runbooks' queries, ready in the console of Logs Insights: the n-th of each page.
resource "aws_cloudwatch_query_definition" "runbook" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = [aws_cloudwatch_log_group.service.name]
  query_string    = "# ${var.runbooks}/${each.value.page}\n${each.value.text}"
}
