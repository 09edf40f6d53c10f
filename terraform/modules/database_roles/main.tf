module "function" {
  source = "../function"

  name         = "${var.name}-database-roles"
  description  = "Sets up the roles of the database"
  package      = var.package
  architecture = var.architecture
  # It goes on until then while the database starts or its secret is rotated.
  timeout = 120

  environment = {
    DATABASE_HOST = var.database.address
    DATABASE_PORT = var.database.port
    DATABASE_NAME = var.database.name
    MASTER_SECRET = var.database.master_secret_arn
  }

  policy = data.aws_iam_policy_document.program.json
  vpc    = var.vpc
  egress = [{ port = var.database.port, security_group = var.database.security_group_id }]

  key                = var.data_key
  logs_key           = var.logs_key
  log_retention_days = var.log_retention_days

  permissions_boundary = var.permissions_boundary
}

# Not one of the database's own rules: the invocation below has to wait for it.
resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = var.database.security_group_id
  description                  = "The function that sets up the roles"
  ip_protocol                  = "tcp"
  from_port                    = var.database.port
  to_port                      = var.database.port
  referenced_security_group_id = module.function.security_group_id
}

resource "aws_lambda_invocation" "roles" {
  function_name = module.function.name
  # Another input is another invocation.
  input = jsonencode({ roles = var.roles })

  triggers = {
    database = var.database.resource_id
    program  = var.package.hash
  }

  depends_on = [module.function, aws_vpc_security_group_ingress_rule.database]
}
