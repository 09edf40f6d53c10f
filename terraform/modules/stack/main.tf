data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name = "${var.project}-${var.environment}"
  host = "${var.settings.host}.${var.domain}"

  database_roles = { for role in ["owner", "migrator", "app"] : role => "${var.project}_${role}" }

  container_port = 8080
  test_port      = 8443

  rollout = yamldecode(file("${path.module}/../../../codedeploy/rollout.yaml"))
}
