resource "aws_db_parameter_group" "this" {
  # With the major version in its name, for while it is raised there are both.
  name        = "${var.name}-postgres${local.major}"
  family      = "postgres${local.major}"
  description = "Parameters of the database ${var.name}"

  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
  # RDS's own default since 15, of which it says pending-reboot whatever it is sent: every plan would differ
  # (https://github.com/hashicorp/terraform-provider-aws/issues/39252). Before 15 it is a static parameter. A new instance begins with it.
  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "max_connections"
    value        = var.max_connections
    apply_method = "pending-reboot"
  }

  # Who changed the schema, and when.
  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  # Every wait for a lock that lasts longer than deadlock_timeout, a second.
  parameter {
    name  = "log_lock_waits"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}
